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
use omklap_domain::visibility::{Category, Shown, Sight, View, Viewer};
use omklap_store::{Ledger, RecordedEvent};
use serde::Serialize;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::Named;
use super::replay_change::ChangeBody;
use super::standing::seen;
use crate::erased;
use crate::http::Services;
use crate::http::access::{self, Disclosure};
use crate::http::caller::Caller;
use crate::http::language::Language;
use crate::http::page::Page;
use crate::http::problem::{Kind, Problem};
use crate::http::query::{Asked, Parameters, Query};
use crate::http::shown_fact::ShownFact;
use crate::http::sight::tells_who;

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
#[expect(dead_code, reason = "read into days, an instant and a page; this is their documentation")]
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
    /// How many at the most.
    #[param(required = false, minimum = 1, maximum = 500, default = 100)]
    limit: u32,
    /// The `next` of the page before.
    #[param(nullable = false)]
    cursor: Option<String>,
}

/// A page of the replay, in the order of happening.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReplayPage)]
#[serde(rename_all = "camelCase")]
struct PageBody {
    /// The number of facts recorded, as far as they were known.
    #[schema(minimum = 1)]
    version: u64,
    /// The steps.
    items: Vec<StepBody>,
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
    /// Its own id.
    event_id: Uuid,
    /// What kind of fact; absent where the caller may know no more than that there is one.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    fact_type: Option<FactType>,
    /// The day on which it happened.
    #[schema(value_type = String, format = Date)]
    occurred_on: Day,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Timestamp,
    /// The person who told it, by a pseudonym that only the own organisation can resolve. It is told to that organisation and to
    /// an auditor.
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
    /// What happened, as far as the caller may see it.
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
    /// What it changed, and why.
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
    operation_id = "replayTrajectory", tag = "audit", security(("signIn" = ["trajectories:read"])), params(Named, Caller, WantedParameters),
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
    let (history, language) = (stream.history(), Language::of(request.headers()));
    let steps: Vec<(usize, Step<'_>)> = wanted.chosen(replay(&history, services.ledger.sets()));
    let reasons = reasons(&services.ledger, id, &history, &view).await?;
    let more = steps.len() > wanted.page.limit as usize;
    let steps = steps.into_iter().take(wanted.page.limit as usize);
    let mut page: Vec<Telling<'_>> =
        steps.map(|(index, step)| Telling::of(index, step, &history, &view)).collect();
    let next = page.last().filter(|_| more).map(|last| wanted.page.next(&last.index));
    // A text that is withheld is not even opened, where its fact is.
    let opened = page.iter_mut().filter(|told| told.shown != Shown::Withheld);
    services.ledger.open_texts(opened.map(|told| (id, &mut told.fact))).await?;
    let seen = page.iter().filter(|told| told.shown != Shown::Withheld).map(|told| &told.fact);
    let categories = access::categories_of(seen).into_iter().chain([Category::Course]);
    let categories: BTreeSet<_> = categories.filter(|category| view.sees(*category) != Sight::None).collect();
    let withheld = page.iter().any(|told| told.shown != Shown::Whole);
    let disclosed = Disclosure::of(id, categories).in_part(withheld);
    let known = Known {
        events: &stream.events,
        viewer: &caller.viewer,
        view: &view,
        sets: services.ledger.sets(),
        reasons,
        language,
    };
    let items = page.into_iter().map(|told| known.tell(told)).collect::<Result<_, _>>()?;
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CONTENT_LANGUAGE, language.tag()));
    if let Some(next) = &next {
        answer.insert_header(next.header());
    }
    let page = PageBody { version: history.version(), items, next: next.map(|next| next.cursor) };
    Ok(access::shows(answer.json(page), [disclosed]))
}

impl Wanted {
    /// The steps of this page with their places in the whole, and one more where there is a next page.
    fn chosen<'f>(&self, steps: Vec<Step<'f>>) -> Vec<(usize, Step<'f>)> {
        let wanted = |step: &Step<'_>| {
            let on = step.fact.occurred_on();
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

/// A step on its way out.
struct Telling<'h> {
    /// Its place in the whole.
    index: usize,
    step: Step<'h>,
    /// The fact, with its texts once they are opened.
    fact: Fact,
    shown: Shown,
}

impl<'h> Telling<'h> {
    fn of(index: usize, step: Step<'h>, history: &History, view: &View) -> Self {
        let shown = view.show_among(history.recorded(), step.fact);
        Self { index, fact: step.fact.clone(), step, shown }
    }
}

/// What the steps of a page are told with.
struct Known<'a> {
    events: &'a [RecordedEvent],
    viewer: &'a Viewer,
    view: &'a View,
    sets: &'a AgreementSets,
    /// Why facts were corrected, by the numbers of the corrections, where the caller may see it.
    reasons: BTreeMap<u64, String>,
    language: Language,
}

impl Known<'_> {
    fn tell(&self, Telling { step, fact, shown, .. }: Telling<'_>) -> Result<StepBody, Problem> {
        let event = self.event(step.sequence).ok_or(Kind::NothingThen)?;
        let fact_type = (shown != Shown::Withheld).then(|| fact.fact_type());
        let mut told = serde_json::to_value(&fact).expect("a fact is JSON");
        shown.strip(&mut told);
        let erased = erased::take_out(&mut told);
        let said = |key: &str| event.metadata.get(key).cloned();
        let tells_who = tells_who(self.viewer, event.metadata.get("organisation"));
        let changes =
            step.changes.iter().map(|change| ChangeBody::of(change, step.sequence, self.sets, self.language));
        Ok(StepBody {
            sequence: step.sequence,
            event_id: event.event_id,
            fact_type,
            occurred_on: fact.occurred_on(),
            recorded_at: event.recorded_at,
            actor: said("actor").filter(|_| tells_who),
            organisation: said("organisation"),
            role: said("role"),
            struck: step.struck_by.and_then(|by| self.correction(by)),
            corrected: step.worded_in.and_then(|by| self.correction(by)),
            fact: fact_type.map(|_| told),
            withheld: if let Shown::InPart { withheld } = shown { withheld } else { Vec::new() },
            erased,
            changes: changes.filter(|change| change.is_seen(self.view)).collect(),
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
