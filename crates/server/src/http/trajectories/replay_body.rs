//! The bodies of the replay.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use omklap_domain::agreements::AgreementSets;
use omklap_domain::day::Day;
use omklap_domain::replay::Step;
use omklap_domain::trajectory::{Fact, FactType};
use omklap_domain::visibility::Shown;
use omklap_store::RecordedEvent;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::as_of::CaseAsOf;
use super::replay_change::ChangeBody;
use super::replay_view::Visible;
use crate::http::problem::{Kind, Problem};
use crate::http::view::redact::sees_person;
use crate::http::view::shown_fact::{FactInPart, ShownFact};

/// A page of the replay, in the order of happening.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReplayPage)]
#[serde(rename_all = "camelCase")]
pub struct PageBody {
    /// The number of facts recorded, as far as they were known.
    #[schema(minimum = 1)]
    pub(super) version: u64,
    /// The steps that the caller may see, at least in part.
    pub(super) items: Vec<StepBody>,
    /// The numbers of the withheld facts, of all pages. They have no step, because the place of a
    /// step would reveal when it happened.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    #[schema(required = false, value_type = Vec<u64>)]
    pub(super) withheld_facts: BTreeSet<u64>,
    /// What to give as `cursor` for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) next: Option<String>,
}

/// One step: a fact, who reported it, and what it changed. Dutch: *stap*.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReplayStep)]
#[serde(rename_all = "camelCase")]
pub(super) struct StepBody {
    /// The number of the fact.
    #[schema(minimum = 1)]
    sequence: u64,
    /// The day on which it happened.
    #[schema(value_type = String, format = Date)]
    occurred_on: Day,
    /// Its own id. This, the details of its recording, and the fact itself are absent if the caller
    /// may only see what it changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    event_id: Option<Uuid>,
    /// What kind of fact.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    fact_type: Option<FactType>,
    /// When it was recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime, nullable = false)]
    recorded_at: Option<Timestamp>,
    /// The person who reported it, by a pseudonym that only the person's organisation can resolve.
    /// It is shown only to that organisation and to an auditor.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    actor: Option<String>,
    /// The organisation for which the person acted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    organisation: Option<String>,
    /// In which role.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    role: Option<String>,
    /// The correction that struck it through; absent if the fact still holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    struck: Option<CorrectionBody>,
    /// The correction that gave it its present wording.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    corrected: Option<CorrectionBody>,
    /// What happened; absent if something of it is withheld or erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Fact>, nullable = false)]
    fact: Option<Value>,
    /// What is left of a fact if a part of it is withheld or erased; absent if `fact` is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<FactInPart>, nullable = false)]
    fact_in_part: Option<Value>,
    /// The fields of the fact that the caller may not see, as JSON pointers into it; absent if
    /// there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    withheld: Vec<String>,
    /// The places of erased texts, as JSON pointers into the fact.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    erased: Vec<String>,
    /// What it changed, and why, as far as the caller may see it.
    changes: Vec<ChangeBody>,
}

/// A correction of a fact. Dutch: *correctie*.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReplayCorrection)]
#[serde(rename_all = "camelCase")]
struct CorrectionBody {
    /// The number of the correction.
    #[schema(minimum = 1)]
    by: u64,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Timestamp,
    /// The reason, if the caller may see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    reason: Option<String>,
}

/// Makes the bodies of the steps of a page.
pub(super) struct StepBodies<'a, P> {
    pub case: &'a CaseAsOf<P>,
    pub sets: &'a AgreementSets,
    /// The reasons of corrections, by the number of the correction.
    pub reasons: BTreeMap<u64, String>,
}

impl<P> StepBodies<'_, P> {
    /// The body of a step. The texts of the fact are decrypted.
    pub fn of(&self, fact: &Fact, Visible { step, shown, .. }: &Visible<'_>) -> Result<StepBody, Problem> {
        let event = self.event(step.sequence).ok_or(Kind::NothingThen)?;
        let changes = step
            .changes
            .iter()
            .map(|change| ChangeBody::of(change, step.sequence, self.sets, self.case.language));
        let bare = StepBody::bare(step, changes.collect());
        if *shown == Shown::Withheld {
            return Ok(bare);
        }
        let ShownFact { whole, in_part, withheld, erased } = ShownFact::of(fact, shown);
        let known = event.metadata.read().map_err(Problem::internal)?;
        let metadata = |key: &str| known.get(key).cloned();
        let organisation = metadata("organisation");
        let sees_person = sees_person(&self.case.caller.viewer, organisation.as_ref());
        Ok(StepBody {
            event_id: Some(event.event_id),
            fact_type: Some(fact.fact_type()),
            recorded_at: Some(event.recorded_at),
            actor: metadata("actor").filter(|_| sees_person),
            organisation,
            role: metadata("role"),
            struck: step.struck_by.and_then(|by| self.correction(by)),
            corrected: step.worded_in.and_then(|by| self.correction(by)),
            fact: whole,
            fact_in_part: in_part,
            withheld,
            erased,
            ..bare
        })
    }

    fn event(&self, sequence: u64) -> Option<&RecordedEvent> {
        self.case.stream.events.get(usize::try_from(sequence.checked_sub(1)?).ok()?)
    }

    fn correction(&self, by: u64) -> Option<CorrectionBody> {
        let event = self.event(by)?;
        Some(CorrectionBody { by, recorded_at: event.recorded_at, reason: self.reasons.get(&by).cloned() })
    }
}

impl StepBody {
    /// A step whose fact is withheld: only what it changed is shown.
    fn bare(step: &Step<'_>, changes: Vec<ChangeBody>) -> Self {
        Self {
            sequence: step.sequence,
            occurred_on: step.fact.occurred_on(),
            event_id: None,
            fact_type: None,
            recorded_at: None,
            actor: None,
            organisation: None,
            role: None,
            struck: None,
            corrected: None,
            fact: None,
            fact_in_part: None,
            withheld: Vec::new(),
            erased: Vec::new(),
            changes,
        }
    }
}
