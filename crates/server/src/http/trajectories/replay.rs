//! The replay: a history step by step, in the order of happening, with what each fact changed and why.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::http::header::CONTENT_LANGUAGE;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use jiff::Timestamp;
use omklap_domain::agreements::AgreementSets;
use omklap_domain::day::Day;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::replay::{Step, replay};
use omklap_domain::trajectory::{Fact, FactType, History};
use omklap_domain::visibility::{Category, Shown, View};
use omklap_store::{Ledger, RecordedEvent};
use serde::Serialize;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::Named;
use super::as_of::seen;
use super::replay_change::ChangeBody;
use super::replay_view::{Visible, visible};
use crate::http::Services;
use crate::http::problem::{Kind, Problem};
use crate::http::request::caller::Caller;
use crate::http::request::language::Language;
use crate::http::request::page::{Page, PageParameters};
use crate::http::request::query::{Asked, Parameters, Query};
use crate::http::view::disclosure::{Disclosure, shows};
use crate::http::view::erased_texts;
use crate::http::view::redact;
use crate::http::view::shown_fact::ShownFact;

/// Which steps.
#[derive(Clone, Debug)]
pub struct Wanted {
    known_at: Option<Timestamp>,
    from: Option<Day>,
    to: Option<Day>,
    page: Page<usize>,
}

/// Which steps.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read into days and an instant; this is their documentation")]
struct WantedParameters {
    /// As it was known at this instant; without it, as it is known now.
    #[param(rename = "knownAt", value_type = Option<String>, format = DateTime, nullable = false)]
    known_at: Option<String>,
    /// Only what happened on this day or later.
    #[param(value_type = Option<String>, format = Date, nullable = false)]
    from: Option<String>,
    /// Only what happened on this day or earlier.
    #[param(value_type = Option<String>, format = Date, nullable = false)]
    to: Option<String>,
}

/// A page of the replay, in the order of happening.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReplayPage)]
#[serde(rename_all = "camelCase")]
struct PageBody {
    /// The number of facts recorded, as far as they were known.
    #[schema(minimum = 1)]
    version: u64,
    /// The steps of which the caller may see something.
    items: Vec<StepBody>,
    /// The numbers of the facts, on whatever page, of which the caller may know no more than that they are there: they stand
    /// in no step, for the place of a step tells when it was.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    #[schema(required = false, value_type = Vec<u64>)]
    withheld: BTreeSet<u64>,
    /// What to give as `cursor` for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    next: Option<String>,
}

/// One step: a fact, who told it, and what it changed. Dutch: *stap*.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReplayStep)]
#[serde(rename_all = "camelCase")]
struct StepBody {
    /// The number of the fact.
    #[schema(minimum = 1)]
    sequence: u64,
    /// The day on which it happened.
    #[schema(value_type = String, format = Date)]
    occurred_on: Day,
    /// Its own id. This, what is told of its recording, and the fact itself are absent where the caller may see what it
    /// changed and no more.
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
    /// The person who told it, by a pseudonym that only the own organisation can resolve; it is told to that organisation and
    /// to an auditor.
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
    /// The correction by which it is struck through; a fact without it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    struck: Option<CorrectionBody>,
    /// The correction that put it as it stands here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    corrected: Option<CorrectionBody>,
    /// What happened, without what is withheld and without the texts that were erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<ShownFact>, nullable = false)]
    fact: Option<Value>,
    /// The fields of the fact that the caller may not see, as JSON pointers into it; absent where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    withheld: Vec<String>,
    /// Where texts stood that were erased, as JSON pointers into the fact.
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
    /// Why, where the caller may see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    reason: Option<String>,
}

/// Replay a trajectory
///
/// The history step by step in the order of happening: each fact, who told it and when, and what it changed in the phase, the
/// obligations, the nuisance cases and the follow-up, each with the rule and the numbers of the facts that it rests on.
/// Corrected facts stand where they stood, struck through.
#[utoipa::path(
    operation_id = "replayTrajectory", tag = "audit", security(("signIn" = ["trajectories:read"])), params(Named, Caller, WantedParameters, PageParameters),
    responses((status = 200, description = "A page.", body = PageBody,
        headers(("Content-Language", description = "`nl` or `en`, by `Accept-Language`."),
                ("Link", description = "The next page (`rel=\"next\"`); absent on the last one."))))
)]
#[get("/trajectories/{trajectoryId}/replay")]
pub async fn replay_steps(
    services: Data<Services>,
    named: Named,
    caller: Caller,
    Asked(wanted): Asked<Wanted>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let id = named.trajectory;
    let (stream, view) = seen(&services, &caller, id, wanted.known_at).await?;
    let (history, sets) = (stream.history(), services.ledger.sets());
    let language = Language::of(request.headers());
    let (steps, withheld) = visible(replay(&history, sets), &history, &view, sets);
    let steps = wanted.chosen(steps);
    let more = steps.len() > wanted.page.limit as usize;
    let steps = &steps[..steps.len().min(wanted.page.limit as usize)];
    let categories: BTreeSet<Category> = steps.iter().flat_map(|(_, step)| &step.tells).copied().collect();
    let in_part = !withheld.is_empty() || steps.iter().any(|(_, step)| step.shown != Shown::Whole);
    let reasons = reasons(&services.ledger, id, &history, &view).await?;
    // A text that is withheld is not even opened, where its fact is.
    let mut facts: Vec<Fact> = steps.iter().map(|(_, step)| step.step.fact.clone()).collect();
    let seen = facts.iter_mut().zip(steps).filter(|(_, (_, step))| step.shown != Shown::Withheld);
    services.ledger.open_texts(seen.map(|(fact, _)| (id, fact))).await?;
    let telling = Telling { events: &stream.events, caller: &caller, sets, reasons, language };
    let items = facts.iter().zip(steps).map(|(fact, (_, step))| telling.step(fact, step));
    let items = items.collect::<Result<_, _>>()?;
    let next = steps.last().filter(|_| more).map(|(last, _)| wanted.page.next(last));
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CONTENT_LANGUAGE, language.tag()));
    if let Some(next) = &next {
        answer.insert_header(next.header());
    }
    let body = PageBody { version: history.version(), items, withheld, next: next.map(|next| next.cursor) };
    Ok(shows(answer.json(body), [Disclosure::of(id, categories).in_part(in_part)]))
}

impl Wanted {
    /// The steps of this page with their places in the whole, and one more where there is a next page.
    fn chosen<'f>(&self, steps: Vec<Visible<'f>>) -> Vec<(usize, Visible<'f>)> {
        let wanted = |step: &Visible<'_>| {
            let on = step.step.fact.occurred_on();
            self.from.is_none_or(|from| from <= on) && self.to.is_none_or(|to| on <= to)
        };
        let steps = steps.into_iter().enumerate().filter(|(_, step)| wanted(step));
        let after = self.page.after;
        steps
            .filter(|(index, _)| after.is_none_or(|after| *index > after))
            .take(self.page.limit as usize + 1)
            .collect()
    }
}

/// What the steps of a page are told with.
struct Telling<'a> {
    events: &'a [RecordedEvent],
    caller: &'a Caller,
    sets: &'a AgreementSets,
    /// Why facts were corrected, by the numbers of the corrections, where the caller may see it.
    reasons: BTreeMap<u64, String>,
    language: Language,
}

impl Telling<'_> {
    /// A step, with the fact as it is once its texts are opened.
    fn step(&self, fact: &Fact, Visible { step, shown, .. }: &Visible<'_>) -> Result<StepBody, Problem> {
        let event = self.event(step.sequence).ok_or(Kind::NothingThen)?;
        let changes =
            step.changes.iter().map(|change| ChangeBody::of(change, step.sequence, self.sets, self.language));
        let bare = StepBody::bare(step, changes.collect());
        let withheld = match shown {
            Shown::Withheld => return Ok(bare),
            Shown::InPart { withheld } => withheld.clone(),
            Shown::Whole => Vec::new(),
        };
        let mut told = serde_json::to_value(fact).expect("a fact is JSON");
        shown.strip(&mut told);
        let erased = erased_texts::take_out(&mut told);
        let said = |key: &str| event.metadata.get(key).cloned();
        let organisation = said("organisation");
        let tells_who = redact::tells_who(&self.caller.viewer, organisation.as_ref());
        Ok(StepBody {
            event_id: Some(event.event_id),
            fact_type: Some(fact.fact_type()),
            recorded_at: Some(event.recorded_at),
            actor: said("actor").filter(|_| tells_who),
            organisation,
            role: said("role"),
            struck: step.struck_by.and_then(|by| self.correction(by)),
            corrected: step.worded_in.and_then(|by| self.correction(by)),
            fact: Some(told),
            withheld,
            erased,
            ..bare
        })
    }

    fn event(&self, sequence: u64) -> Option<&RecordedEvent> {
        self.events.get(usize::try_from(sequence.checked_sub(1)?).ok()?)
    }

    fn correction(&self, by: u64) -> Option<CorrectionBody> {
        let event = self.event(by)?;
        Some(CorrectionBody { by, recorded_at: event.recorded_at, reason: self.reasons.get(&by).cloned() })
    }
}

impl StepBody {
    /// Of a step of which no more is seen than what it changed.
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
            withheld: Vec::new(),
            erased: Vec::new(),
            changes,
        }
    }
}

/// Why facts were corrected, as far as the caller may see it.
async fn reasons(
    ledger: &Ledger,
    id: TrajectoryId,
    history: &History,
    view: &View,
) -> Result<BTreeMap<u64, String>, Problem> {
    let told = (1..).zip(history.recorded()).filter(|(_, fact)| matches!(fact, Fact::EventCorrected(_)));
    let seen = told.filter(|(_, fact)| match view.show_among(history.recorded(), fact) {
        Shown::Whole => true,
        Shown::InPart { withheld } => !withheld.iter().any(|field| field == "/reason"),
        Shown::Withheld => false,
    });
    let mut corrections: Vec<(u64, Fact)> = seen.map(|(by, fact)| (by, fact.clone())).collect();
    ledger.open_texts(corrections.iter_mut().map(|(_, fact)| (id, fact))).await?;
    let reason = |(by, fact): (u64, Fact)| {
        let written = serde_json::to_value(&fact).ok()?;
        Some((by, written["reason"].as_str()?.to_owned()))
    };
    Ok(corrections.into_iter().filter_map(reason).collect())
}

impl Parameters for Wanted {
    fn read(query: &mut Query) -> Self {
        Self {
            known_at: query.take_instant("knownAt"),
            from: query.take_day("from"),
            to: query.take_day("to"),
            page: Page::read(query),
        }
    }
}

/// What a reader is answered with, to show.
#[must_use]
pub fn example() -> impl Serialize {
    serde_json::json!({"version": 1, "items": [{
        "sequence": 1, "eventId": "0199a3b4-c5d6-7f01-a234-56789abcdef0", "type": "privacy-explained",
        "occurredOn": "2026-03-02", "recordedAt": "2026-03-02T09:00:00Z", "organisation": "de-vaart", "role": "care-provider",
        "fact": {"type": "privacy-explained", "occurredOn": "2026-03-02", "sharedWith": ["housing-corporation"]},
        "changes": [{"what": "obligation-settled", "rule": "10.1", "agreementSet": "amsterdam-2018@1", "to": "kept",
                     "evidence": [1], "text": "10.1 The client knows what is shared with whom: kept"}]
    }]})
}
