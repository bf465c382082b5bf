//! The replay: a history step by step, in the order of happening, with what each fact changed and
//! why.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::get;
use actix_web::web::Data;
use jiff::Timestamp;
use omklap_domain::day::Day;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::replay::replay;
use omklap_domain::trajectory::{Fact, History};
use omklap_domain::visibility::{Category, Shown, View};
use omklap_store::Ledger;
use serde::Serialize;
use utoipa::IntoParams;

use super::TrajectoryPath;
use super::as_of::{CaseAsOf, KnownAt};
use super::replay_body::{PageBody, StepBodies};
use super::replay_view::{Visible, visible};
use crate::http::problem::Problem;
use crate::http::request::caller::Caller;
use crate::http::request::page::{PageParams, PageParamsDoc, cursor};
use crate::http::request::query::{Parameters, Query};
use crate::http::services::Services;
use crate::http::view::disclosed::Disclosed;
use crate::http::view::disclosure::Disclosure;

/// The query parameters of the replay.
#[derive(Clone, Debug)]
pub struct ReplayParams {
    known_at: Option<Timestamp>,
    from: Option<Day>,
    to: Option<Day>,
    page: PageParams<usize>,
}

/// The query parameters of the replay.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read into days and an instant; this is their documentation")]
struct ReplayParamsDoc {
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

/// Replay a trajectory
///
/// The history step by step in the order of happening: each fact, who reported it and when, and
/// what it changed in the phase, the obligations, the nuisance cases and the follow-up, each with
/// the rule and the numbers of the facts that it rests on. Corrected facts keep their place, struck
/// through.
#[utoipa::path(
    operation_id = "replayTrajectory", tag = "audit", security(("signIn" = ["trajectories:read"])), params(TrajectoryPath, Caller, ReplayParamsDoc, PageParamsDoc),
    responses((status = 200, description = "A page.", body = PageBody,
        headers(("Content-Language", description = "`nl` or `en`, by `Accept-Language`."),
                ("Link", description = "The next page (`rel=\"next\"`); absent on the last one."))))
)]
#[get("/trajectories/{trajectoryId}/replay")]
pub async fn replay_steps(
    services: Data<Services>,
    case: CaseAsOf<ReplayParams>,
) -> Result<Disclosed<PageBody>, Problem> {
    let (id, view, sets) = (case.trajectory, &case.view, services.ledger.sets());
    let history = &case.history;
    let (steps, withheld) = visible(replay(history, sets), history, view, sets);
    let mut steps = case.params.page_of(steps);
    let next = case.params.page.cut(&mut steps, |(last, _)| *last);
    let categories: BTreeSet<Category> =
        steps.iter().flat_map(|(_, step)| &step.categories).copied().collect();
    let in_part = !withheld.is_empty() || steps.iter().any(|(_, step)| step.shown != Shown::Whole);
    let reasons = reasons(&services.ledger, id, history, view).await?;
    // The texts of a withheld fact are not even decrypted.
    let mut facts: Vec<Fact> = steps.iter().map(|(_, step)| step.step.fact.clone()).collect();
    let seen = facts.iter_mut().zip(&steps).filter(|(_, (_, step))| step.shown != Shown::Withheld);
    services.ledger.open_texts(seen.map(|(fact, _)| (id, fact))).await?;
    let step_bodies = StepBodies { case: &case, sets, reasons };
    let items = facts.iter().zip(&steps).map(|(fact, (_, step))| step_bodies.of(fact, step));
    let items = items.collect::<Result<_, _>>()?;
    let body =
        PageBody { version: history.version(), items, withheld_facts: withheld, next: cursor(next.as_ref()) };
    let disclosure = Disclosure::of(id, categories).in_part(in_part);
    Ok(Disclosed::whole(body, [disclosure]).in_language(case.language).linked(next.as_ref()))
}

impl ReplayParams {
    /// The steps of this page with their index in the whole replay, and one more if there is a next
    /// page.
    fn page_of<'f>(&self, steps: Vec<Visible<'f>>) -> Vec<(usize, Visible<'f>)> {
        let is_requested = |step: &Visible<'_>| {
            let on = step.step.fact.occurred_on();
            self.from.is_none_or(|from| from <= on) && self.to.is_none_or(|to| on <= to)
        };
        let steps = steps.into_iter().enumerate().filter(|(_, step)| is_requested(step));
        let after = self.page.after;
        steps
            .filter(|(index, _)| after.is_none_or(|after| *index > after))
            .take(self.page.limit as usize + 1)
            .collect()
    }
}

/// The reasons of corrections that the caller may see, by the number of the correction.
async fn reasons(
    ledger: &Ledger,
    id: TrajectoryId,
    history: &History,
    view: &View,
) -> Result<BTreeMap<u64, String>, Problem> {
    let corrections =
        (1..).zip(history.recorded()).filter(|(_, fact)| matches!(fact, Fact::EventCorrected(_)));
    let seen = corrections.filter(|(_, fact)| match view.show_among(history.recorded(), fact) {
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

impl KnownAt for ReplayParams {
    fn known_at(&self) -> Option<Timestamp> {
        self.known_at
    }
}

impl Parameters for ReplayParams {
    fn read(query: &mut Query) -> Self {
        Self {
            known_at: query.take_instant("knownAt"),
            from: query.take_day("from"),
            to: query.take_day("to"),
            page: PageParams::read(query),
        }
    }
}

/// An example of the response.
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
