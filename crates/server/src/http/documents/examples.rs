//! Examples, made by the types and the rules themselves: they cannot be out of date.

use jiff::Timestamp;
use omklap_domain::agreements::{AgreementSets, assess};
use omklap_domain::day::Day;
use omklap_domain::figures::Contribution;
use omklap_domain::ids::{AgreementSetId, OrganisationId, RegionId, TrajectoryId};
use omklap_domain::trajectory::fact::{
    AgreementSetVersion, HousingRequested, IntakeRegistered, Origin, OutflowAnnounced,
};
use omklap_domain::trajectory::{Fact, FactType, History, Rules};
use omklap_store::read_models::trajectories::derive;
use omklap_store::read_models::worklist::Item;
use omklap_store::{Derived, EventContent, FeedEvent, Recorded, RecordedEvent};
use serde::Serialize;
use serde_json::{Value, json as written};
use utoipa::openapi::path::Operation;
use utoipa::openapi::{Content, RefOr, Response};
use uuid::Uuid;

use super::fact_examples;
use crate::http::problem::{Problem, ProblemBody, Shape};
use crate::http::request::language::Language;
use crate::http::trajectories::{agreements, follow_up, list, nuisance_cases, report, standing, timeline};
use crate::http::{
    agreement_sets, allocation, feed, figures, labels, seekers, subscriptions, trajectories, transparency,
    worklist,
};

/// Adds examples of the request body and the response.
pub(in crate::http) fn add(operation: &mut Operation) {
    let (sets, today, case) =
        (AgreementSets::shipped(), day(2026, 4, 2), history(vec![intake(), announced()]));
    let (reported, answered) = match operation.operation_id.as_deref() {
        Some("openTrajectory" | "importTrajectory") => {
            (Some(intake()), json(report::example(&recorded(vec![intake()]), today, &sets)))
        }
        Some("reportFacts") => {
            (Some(announced()), json(report::example(&recorded(vec![intake(), announced()]), today, &sets)))
        }
        Some("readTrajectory") => (None, json(standing::example(TRAJECTORY, &case, today, &sets))),
        Some("readAgreements") => (None, json(agreements::example(TRAJECTORY, &case, today, &sets))),
        Some("readNuisanceCases") => (None, json(nuisance_cases::example(TRAJECTORY, &case, today, &sets))),
        Some("readFigures") => (None, json(example_figures(&case, &sets, today))),
        Some("readFiguresByYear") => {
            (None, json(serde_json::json!({ "items": [example_figures(&case, &sets, today)] })))
        }
        Some("readExpectedOutflow") => {
            let region = case.state().partners.as_ref().map(|partners| partners.region.clone());
            (None, json(region.map(|region| figures::outflow::example(region, today))))
        }
        Some("readGuaranteeFund") => {
            let deposit = allocation::fund_years::example_deposit();
            let set = sets.of_region(&deposit.region);
            (None, json(set.map(|set| figures::guarantee_fund::example(set, &deposit))))
        }
        Some("readFactsheet") => {
            let contribution = Contribution::of(&case, &assess(&case, &sets), today, &sets);
            let sheet = contribution.map(|one| {
                serde_json::json!({
                    "region": one.region, "year": 2025, "yearFigures": json(example_figures(&case, &sets, today)),
                    "yearEndSpread": json(figures::spread::example(&one, today)),
                })
            });
            (None, json(sheet))
        }
        Some("readSpread") => {
            let contribution = Contribution::of(&case, &assess(&case, &sets), today, &sets);
            (None, json(contribution.map(|one| figures::spread::example(&one, today))))
        }
        Some("readFigureCases") => (None, json(figures::cases::example(TRAJECTORY))),
        Some("readFeed") => (None, json(feed::example(&first_event()))),
        Some("readWorklist") => (None, json(worklist::example(to_do(&case, &sets), today, &sets))),
        Some("listSeekers") => {
            let rows = Derived::of(TRAJECTORY, &case, &sets).seekers;
            (None, json(seekers::example(rows.first().map_or(&[], std::slice::from_ref), today)))
        }
        Some("readFollowUp") => (None, json(follow_up::example(TRAJECTORY, &case, today, &sets))),
        Some("readEvent") => (None, json(timeline::example_entry(&event()))),
        Some("listAgreementSets") => (None, json(agreement_sets::example(&sets))),
        Some("listLabels") => (None, json(labels::example())),
        Some("readTimeline") => (None, json(timeline::example(&event()))),
        Some("readCheckpoint") => (None, json(transparency::CHECKPOINT)),
        Some("readLedgerKeys") => (None, json(transparency::example_keys())),
        Some("proveInclusion") => (None, json(transparency::example_inclusion())),
        Some("proveConsistency") => (None, json(transparency::example_consistency())),
        Some("replayTrajectory") => (None, json(trajectories::replay::example())),
        Some("redeemReceipt") => (None, json(trajectories::receipt::example(TRAJECTORY))),
        Some("exportCaseFile") => (None, json(trajectories::case_file::example())),
        Some(operation) if allocation::example_of(operation, at()).is_some() => {
            (None, json(allocation::example_of(operation, at())))
        }
        Some(operation) if subscriptions::example(operation).is_some() => {
            (None, json(subscriptions::example(operation)))
        }
        Some("listTrajectories") => {
            (None, json(derive(TRAJECTORY, &history(vec![intake()]), at()).map(list::example)))
        }
        // Its schema has examples of its own.
        _ => return,
    };
    let is_report = reported.is_some();
    if let (Some(RefOr::T(body)), Some(reported)) = (&mut operation.request_body, reported) {
        let opens = reported.fact_type() == FactType::IntakeRegistered;
        let examples = fact_examples::named(|kind| opens_a_trajectory(kind) == opens);
        for content in body.content.values_mut() {
            if let RefOr::T(content) = content {
                content.examples.clone_from(&examples);
            }
        }
    }
    for (status, response) in &mut operation.responses.responses {
        match (status.as_str(), response) {
            ("201", response) => show_answer(response, &answered),
            ("200", response) if operation.request_body.is_none() => show_answer(response, &answered),
            ("409", response) if is_report => show_answer(response, &json(refused())),
            _ => {}
        }
    }
}

/// Whether a fact of this kind is the first of a trajectory.
fn opens_a_trajectory(kind: FactType) -> bool {
    matches!(kind, FactType::IntakeRegistered | FactType::RunningCaseTakenOver)
}

fn show_answer(response: &mut RefOr<Response>, example: &Value) {
    if let RefOr::T(response) = response {
        // The same answer as CSV is described by its first line in docs/API.md.
        let as_json = response.content.iter_mut().filter(|(kind, _)| *kind != "text/csv");
        as_json.for_each(|(_, content)| show(content, example));
    }
}

fn show(content: &mut RefOr<Content>, example: &Value) {
    if let RefOr::T(content) = content {
        content.example = Some(example.clone());
    }
}

const TRAJECTORY: TrajectoryId = TrajectoryId(Uuid::from_u128(0x0199_a3b4_c5d6_7e8f_9012_3456_789a_bcde));
const EVENT: Uuid = Uuid::from_u128(0x0199_a3b4_c5d6_7f01_a234_5678_9abc_def0);

/// A resident of Amsterdam starts the way out of a group home.
fn intake() -> Fact {
    let set = "amsterdam-2018".parse::<AgreementSetId>().expect("a code");
    IntakeRegistered {
        occurred_on: day(2026, 3, 2),
        client_name: "Rachel".into(),
        client_contact: None,
        origin: Origin::GroupHome,
        care_started_on: Some(day(2018, 5, 1)),
        care_provider: organisation("de-vaart"),
        municipality: organisation("gemeente-amsterdam"),
        region: "amsterdam".parse::<RegionId>().expect("a code"),
        agreement_set: AgreementSetVersion { id: set, version: 1 },
        previous_trajectory: None,
        referred_by: None,
    }
    .into()
}

/// Half a year ahead, as corporations ask.
fn announced() -> Fact {
    OutflowAnnounced { occurred_on: day(2026, 4, 1), expected_on: day(2026, 10, 1) }.into()
}

/// A client is nominated before anybody said that the client is ready.
fn refused() -> ProblemBody {
    let too_early = HousingRequested { occurred_on: day(2026, 4, 2), application: None };
    let (sets, today) = (AgreementSets::shipped(), day(2026, 4, 2));
    let refused = history(vec![intake()]).check(&too_early.into(), Rules { sets: &sets, today });
    let refused = refused.expect_err("a nomination follows readiness");
    ProblemBody::of(&Problem::refused(refused, Shape::One), Language::English, EVENT)
}

fn recorded(facts: Vec<Fact>) -> Recorded {
    let first_sequence = facts.len() as u64;
    let history = history(facts);
    Recorded {
        trajectory: TRAJECTORY,
        first_sequence,
        event_ids: vec![EVENT],
        positions: vec![1],
        hashes: vec![HASH],
        recorded_at: at(),
        became_due: Derived::of(TRAJECTORY, &history, &AgreementSets::shipped()).obligations,
        history,
        moved_on: None,
    }
}

/// The figures of a region with one trajectory.
fn example_figures(case: &History, sets: &AgreementSets, today: Day) -> Option<impl Serialize + use<>> {
    let contribution = Contribution::of(case, &assess(case, sets), today, sets)?;
    let set = sets.get(case.state().agreement_set.as_ref()?)?;
    Some(json(figures::example(&contribution, set, today)))
}

/// What the partners have to do in a history.
fn to_do(case: &History, sets: &AgreementSets) -> Vec<Item> {
    let mut rows = Derived::of(TRAJECTORY, case, sets).obligations;
    rows.retain(|row| row.is_open() && row.due_on.is_some());
    rows.into_iter().map(|row| Item { row, phase: case.state().phase }).collect()
}

fn event() -> RecordedEvent {
    let known = written!({
        "actor": "u-7f3a", "organisation": "de-vaart", "role": "care-provider", "purpose": "case-work",
        "agreementSet": "amsterdam-2018@1",
    });
    RecordedEvent {
        sequence: 1,
        event_id: EVENT,
        recorded_at: at(),
        metadata: known.to_string().as_str().into(),
        fact: intake(),
        hash: HASH,
        position: 1,
    }
}

/// A hash, to show.
const HASH: [u8; 32] = [
    0x9c, 0x1d, 0x4e, 0x5f, 0x60, 0x71, 0x82, 0x93, 0xa4, 0xb5, 0xc6, 0xd7, 0xe8, 0xf9, 0x0a, 0x1b, 0x2c,
    0x3d, 0x4e, 0x5f, 0x60, 0x71, 0x82, 0x93, 0xa4, 0xb5, 0xc6, 0xd7, 0xe8, 0xf9, 0x0a, 0x1b,
];

/// The first event of a ledger.
fn first_event() -> FeedEvent {
    FeedEvent { position: 1, subject: TRAJECTORY.into(), event: EventContent::Fact(event().into()) }
}

fn history(facts: Vec<Fact>) -> History {
    History::from(facts)
}

fn at() -> Timestamp {
    Timestamp::from_microsecond(1_775_037_600_125_000).expect("an instant")
}

fn day(year: i16, month: i8, day: i8) -> Day {
    Day::new(year, month, day).expect("a date of the calendar")
}

fn organisation(code: &str) -> OrganisationId {
    code.parse().expect("a code")
}

fn json(value: impl Serialize) -> Value {
    serde_json::to_value(value).expect("it is what is sent as JSON")
}
