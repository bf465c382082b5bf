//! The nuisance cases of a trajectory as the protocol sees them.

use actix_web::get;
use actix_web::web::Data;
use omklap_domain::agreements::assess::{Closing, assess_until};
use omklap_domain::agreements::{AgreementSets, Assessed};
use omklap_domain::day::Day;
use omklap_domain::ids::{NuisanceCaseId, TrajectoryId};
use omklap_domain::nuisance::Level;
use omklap_domain::nuisance::protocol::{AtLevel, CaseState, CaseStory, NextAction, nuisance_cases_until_in};
use omklap_domain::trajectory::fact::{NuisanceKind, Party};
use omklap_domain::trajectory::{FactType, History};
use omklap_domain::visibility::{Category, Fields, shown_categories_of};
use serde::Serialize;
use utoipa::ToSchema;

use super::TrajectoryPath;
use super::as_of::{AsOfParams, CaseAsOf};
use super::standing_body::NuisanceStatusBody;
use crate::http::problem::Problem;
use crate::http::request::caller::Caller;
use crate::http::request::language::Language;
use crate::http::services::Services;
use crate::http::view::disclosed::Disclosed;
use crate::http::view::kept_by::KeptByBody;

/// The nuisance cases of a trajectory on a day.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NuisanceStanding)]
#[serde(rename_all = "camelCase")]
struct CasesBody {
    /// The trajectory.
    trajectory_id: TrajectoryId,
    /// The number of facts recorded, as far as they were known.
    #[schema(minimum = 1)]
    version: u64,
    /// The day.
    #[schema(value_type = String, format = Date)]
    on: Day,
    /// The cases, in the order of reporting.
    #[schema(required = false)]
    cases: Vec<CaseBody>,
    /// The fields that the caller may not see, as JSON pointers; absent if there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    withheld: Option<Vec<String>>,
}

/// The categories of the fields: most of a case is its course.
const FIELDS: &[Fields] = &[(Category::Nuisance, "cases/*/kind"), (Category::NuisanceCourse, "cases")];

/// One nuisance case, what must happen next, and its course. Dutch: *overlastzaak*.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NuisanceCaseStanding)]
#[serde(rename_all = "camelCase")]
struct CaseBody {
    /// The case.
    case_id: NuisanceCaseId,
    /// What kind of nuisance; unknown for a case that was taken over.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    kind: Option<NuisanceKind>,
    /// When it was reported.
    #[schema(value_type = String, format = Date)]
    reported_on: Day,
    /// A closed case that this one follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    earlier_case: Option<NuisanceCaseId>,
    /// Whether it is open, quiet or over.
    status: NuisanceStatusBody,
    /// How it ended, if it is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    ending: Option<EndingBody>,
    /// The last day of the quiet period.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date, nullable = false)]
    quiet_until: Option<Day>,
    /// The level it has, or had last.
    level: Level,
    /// Whom the client rented from when it came to this level.
    landlord: Party,
    /// What must happen now, the most pressing first.
    next: Vec<ActionBody>,
    /// The levels it had, in the order of happening.
    levels: Vec<LevelBody>,
    /// The dates of the written warnings.
    #[schema(value_type = Vec<String>, format = Date)]
    warned_on: Vec<Day>,
    /// Every fact about it.
    facts: Vec<FactBody>,
}

/// How a nuisance case ended.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NuisanceEnding)]
#[serde(rename_all = "kebab-case")]
enum EndingBody {
    /// Closed after the quiet period.
    Closed,
    /// The report was unfounded.
    Unfounded,
    /// Handed over.
    HandedOver,
    /// The trajectory ended.
    CaseEnded,
}

/// What must happen in a case.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NuisanceAction)]
#[serde(rename_all = "camelCase")]
struct ActionBody {
    /// The obligation of the set that requires it.
    #[schema(example = "6.4")]
    obligation: String,
    /// What, in the caller's language.
    action: String,
    /// By whom.
    by: Vec<Party>,
    /// Until when: the due date of the obligation.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date, nullable = false)]
    until: Option<Day>,
    /// Whether that day has passed.
    overdue: bool,
    /// The facts that are still needed to keep it.
    kept_by: KeptByBody,
}

/// A period during which a case was at one level.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NuisanceAtLevel)]
#[serde(rename_all = "camelCase")]
struct LevelBody {
    /// The level.
    level: Level,
    /// Its name, in the caller's language.
    name: String,
    /// Since when.
    #[schema(value_type = String, format = Date)]
    from: Day,
    /// When it left this level.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date, nullable = false)]
    until: Option<Day>,
    /// The number of the fact that brought it there.
    sequence: u64,
    /// What had to happen at this level.
    steps: Vec<StepBody>,
}

/// Something that has to happen at a level.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NuisanceStep)]
#[serde(rename_all = "camelCase")]
struct StepBody {
    /// The obligation of the set that requires it.
    #[schema(example = "6.4")]
    obligation: String,
    /// What, in the caller's language.
    action: String,
    /// By whom.
    by: Vec<Party>,
    /// Until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date, nullable = false)]
    until: Option<Day>,
    /// When it was done; absent if it fell away or was set aside.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date, nullable = false)]
    done_on: Option<Day>,
    /// The number of the fact that did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    done_by: Option<u64>,
}

/// A fact about a case.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NuisanceFact)]
#[serde(rename_all = "camelCase")]
struct FactBody {
    /// Its number in the trajectory.
    sequence: u64,
    /// The day it happened.
    #[schema(value_type = String, format = Date)]
    occurred_on: Day,
    /// What kind of fact.
    #[serde(rename = "type")]
    kind: FactType,
}

/// Read the nuisance cases
///
/// Each case by the protocol of the region, on the day `validOn` (today by default), as it was
/// known at the instant `knownAt`: its level, who acts next and by when, and its course. What must
/// happen are the obligations of agreement 6 about the case, with the same dates as in the worklist.
#[utoipa::path(
    operation_id = "readNuisanceCases", tag = "trajectories", security(("signIn" = ["trajectories:read"])), params(TrajectoryPath, Caller, AsOfParams),
    responses((status = 200, description = "The cases; none if there was no nuisance.", body = CasesBody,
        headers(("Content-Language", description = "`nl` or `en`, by `Accept-Language`."))))
)]
#[get("/trajectories/{trajectoryId}/nuisance-cases")]
pub async fn nuisance_cases(
    services: Data<Services>,
    case: CaseAsOf,
) -> Result<Disclosed<CasesBody>, Problem> {
    let (history, on) = (&case.history, case.on_day(services.clock.today())?);
    let (language, sets) = (case.language, services.ledger.sets());
    let seen = case.view.obligations(history, on, sets);
    let body = CasesBody::of(case.trajectory, (history, &seen), on, sets, language);
    let categories =
        seen.iter().filter(|one| body.shows(one)).flat_map(|one| shown_categories_of(one.obligation));
    let categories = categories.collect();
    Ok(case.disclose(body, FIELDS).and(&categories).in_language(language))
}

/// An example of the response.
#[must_use]
pub fn example(trajectory: TrajectoryId, history: &History, on: Day, sets: &AgreementSets) -> impl Serialize {
    let assessed = assess_until(history, on, sets);
    CasesBody::of(trajectory, (history, &assessed), on, sets, Language::English)
}

impl CasesBody {
    fn of(
        trajectory_id: TrajectoryId,
        (history, assessed): (&History, &[Assessed<'_>]),
        on: Day,
        sets: &AgreementSets,
        language: Language,
    ) -> Self {
        let cases = nuisance_cases_until_in(history, on, assessed, sets);
        let cases = cases.iter().filter_map(|case| CaseBody::of(case, on, language)).collect();
        Self { trajectory_id, version: history.version(), on, cases, withheld: None }
    }

    /// Whether a case shows this obligation.
    fn shows(&self, assessed: &Assessed<'_>) -> bool {
        let sequence = assessed.start.map(|start| start.sequence);
        let is_about = |case: &&CaseBody| assessed.reference.as_ref() == Some(&case.case_id.to_string());
        let levels = self.cases.iter().filter(is_about).flat_map(|case| &case.levels);
        levels.into_iter().any(|level| sequence == Some(level.sequence))
    }
}

impl CaseBody {
    fn of(case: &CaseStory<'_>, on: Day, language: Language) -> Option<Self> {
        let (state, level) = (case.state_on(on)?, case.level_on(on)?);
        let facts = case.facts.iter();
        let (status, ending) = match state {
            CaseState::Open => (NuisanceStatusBody::Open, None),
            CaseState::Quiet { .. } => (NuisanceStatusBody::Resolved, None),
            CaseState::Closed => (NuisanceStatusBody::Over, Some(EndingBody::Closed)),
            CaseState::Unfounded => (NuisanceStatusBody::Over, Some(EndingBody::Unfounded)),
            CaseState::HandedOver => (NuisanceStatusBody::Over, Some(EndingBody::HandedOver)),
            CaseState::CaseEnded => (NuisanceStatusBody::Over, Some(EndingBody::CaseEnded)),
        };
        Some(Self {
            case_id: case.id,
            kind: case.kind,
            reported_on: case.reported_on,
            earlier_case: case.earlier_case,
            status,
            ending,
            quiet_until: if let CaseState::Quiet { until } = state { Some(until) } else { None },
            level: level.settings.level,
            landlord: level.landlord,
            next: case.next_actions_on(on).iter().map(|action| ActionBody::of(action, language)).collect(),
            levels: case.levels.iter().map(|at| LevelBody::of(at, language)).collect(),
            warned_on: case.warned_on.clone(),
            facts: facts
                .map(|fact| FactBody { sequence: fact.sequence, occurred_on: fact.on, kind: fact.kind })
                .collect(),
        })
    }
}

impl ActionBody {
    fn of(action: &NextAction<'_>, language: Language) -> Self {
        Self {
            obligation: action.obligation.id.to_string(),
            action: language.of_two(&action.obligation.text.en, &action.obligation.text.nl).clone(),
            by: action.by.to_vec(),
            until: action.until,
            overdue: action.overdue,
            kept_by: KeptByBody::of(action.obligation, action.happened),
        }
    }
}

impl LevelBody {
    fn of(at: &AtLevel<'_>, language: Language) -> Self {
        Self {
            level: at.settings.level,
            name: language.of_two(&at.settings.name.en, &at.settings.name.nl).clone(),
            from: at.from,
            until: at.until,
            sequence: at.sequence,
            steps: at.steps.iter().map(|step| StepBody::of(step, language)).collect(),
        }
    }
}

impl StepBody {
    fn of(step: &Assessed<'_>, language: Language) -> Self {
        let done = step.closed.as_ref().filter(|closed| closed.how == Closing::Kept);
        Self {
            obligation: step.obligation.id.to_string(),
            action: language.of_two(&step.obligation.text.en, &step.obligation.text.nl).clone(),
            by: step.responsible.clone(),
            until: step.due(),
            done_on: done.map(|closed| closed.on),
            done_by: done.and_then(|closed| closed.evidence.last().copied()),
        }
    }
}
