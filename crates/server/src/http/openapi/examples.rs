//! Examples of reports, made from the types themselves: they cannot be out of date.

use omklap_domain::day::Day;
use omklap_domain::ids::{AgreementSetId, OrganisationId, RegionId};
use omklap_domain::trajectory::Fact;
use omklap_domain::trajectory::fact::{AgreementSetVersion, IntakeRegistered, Origin, OutflowAnnounced};
use serde_json::Value;
use utoipa::openapi::RefOr;
use utoipa::openapi::path::Operation;

/// Shows what a body looks like.
pub(super) fn add(operation: &mut Operation) {
    let example = match operation.operation_id.as_deref() {
        Some("openTrajectory") => intake(),
        Some("reportFacts") => announcement(),
        _ => return,
    };
    let example: Value = serde_json::to_value(example).expect("a fact is JSON");
    let Some(RefOr::T(body)) = &mut operation.request_body else { return };
    for content in body.content.values_mut() {
        if let RefOr::T(content) = content {
            content.example = Some(example.clone());
        }
    }
}

/// A resident of Amsterdam starts the way out of a group home.
fn intake() -> Fact {
    IntakeRegistered {
        occurred_on: day(2026, 3, 2),
        client_name: "Rachel".into(),
        client_contact: None,
        origin: Origin::GroupHome,
        care_started_on: Some(day(2018, 5, 1)),
        care_provider: organisation("de-vaart"),
        municipality: organisation("gemeente-amsterdam"),
        region: "amsterdam".parse::<RegionId>().expect("a code"),
        agreement_set: AgreementSetVersion {
            id: "amsterdam-2018".parse::<AgreementSetId>().expect("a code"),
            version: 1,
        },
        previous_trajectory: None,
    }
    .into()
}

/// Half a year ahead, as corporations ask.
fn announcement() -> Fact {
    OutflowAnnounced { occurred_on: day(2026, 4, 1), expected_on: day(2026, 10, 1) }.into()
}

fn day(year: i16, month: i8, day: i8) -> Day {
    Day::new(year, month, day).expect("a date of the calendar")
}

fn organisation(code: &str) -> OrganisationId {
    code.parse().expect("a code")
}
