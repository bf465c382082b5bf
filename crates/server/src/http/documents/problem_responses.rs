//! The problems that each operation may respond with.

use std::collections::BTreeMap;

use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, Parameter};
use utoipa::openapi::{ContentBuilder, Header, Ref, RefOr, Response, ResponseBuilder};

use utoipa::{PartialSchema, ToSchema};

use crate::http::problem::{Kind, ProblemBody};
use crate::http::request::language::Language;

/// What every operation may answer.
const ALWAYS: [Kind; 12] = [
    Kind::Malformed,
    Kind::SignInRequired,
    Kind::InvalidToken,
    Kind::InsufficientScope,
    Kind::ClientNotAdmitted,
    Kind::RoleNotAdmitted,
    Kind::TooManyRequests,
    Kind::Internal,
    Kind::RecordAltered,
    Kind::Unavailable,
    Kind::RestoredCopy,
    Kind::IssuerUnreachable,
];
/// What an operation with a body may answer as well.
const WITH_A_BODY: [Kind; 3] = [Kind::TooSlow, Kind::TooLarge, Kind::NotJson];
/// What a report may be answered with as well.
const TO_A_REPORT: [Kind; 3] = [Kind::NotAdmitted, Kind::KeyReused, Kind::Crowded];

/// The paths of streams beside the trajectory.
const STREAMS: [&str; 4] = ["/complexes", "/guarantee-fund-years", "/plans", "/vacancies"];
/// The parts of a path that name such a stream.
const STREAM_IDS: [&str; 4] = ["{complexId}", "{fundYearId}", "{vacancyId}", "/plans/"];

/// The kinds of problem of an operation, by its parameters, its body and its path.
pub(super) fn kinds_of(operation: &Operation, path: &str) -> Vec<Kind> {
    let mut kinds = ALWAYS.to_vec();
    if operation.request_body.is_some() {
        kinds.extend(WITH_A_BODY);
    }
    if operation.operation_id.as_deref() == Some("createSubscription") {
        kinds.extend([Kind::KeyReused, Kind::TooManySubscriptions]);
    } else if has_parameter(operation, "Idempotency-Key") && !path.contains("{subscriptionId}") {
        kinds.extend(TO_A_REPORT);
    }
    if path.contains("{subscriptionId}") {
        kinds.push(Kind::NoSuchSubscription);
    }
    if path.contains("{messageId}") {
        kinds.push(Kind::NoSuchMessage);
    }
    if path.contains("{organisationId}") {
        kinds.push(Kind::NoSuchOrganisation);
    }
    if has_parameter(operation, "If-None-Match") {
        kinds.extend([Kind::OrganisationChanged, Kind::VersionRequired, Kind::ClientTaken]);
    } else if has_parameter(operation, "If-Match") {
        let is_report = !path.contains("{subscriptionId}");
        kinds.extend(if is_report {
            [Kind::Stale, Kind::NotTheLedgerSeen]
        } else {
            [Kind::SubscriptionChanged; 2]
        });
        kinds.push(Kind::VersionRequired);
    }
    if STREAM_IDS.iter().any(|id| path.contains(id)) {
        kinds.push(Kind::NoSuchStream);
    }
    let is_of_a_stream = STREAMS.iter().any(|of| path.starts_with(of)) || path.contains("/plans/");
    if is_of_a_stream && operation.request_body.is_some() {
        kinds.extend([Kind::NotYours, Kind::StreamFull]);
        if STREAMS.contains(&path) {
            kinds.push(Kind::AlreadyThere);
        }
    }
    if path.contains("{trajectoryId}") {
        kinds.push(Kind::NoSuchTrajectory);
    }
    if has_parameter(operation, "Omklap-Reference")
        || path.ends_with("/reference") && operation.request_body.is_some()
    {
        kinds.push(Kind::ReferenceTaken);
    }
    if path.contains("{sequence}") {
        kinds.push(Kind::NoSuchEvent);
    }
    if path.contains("/receipts/") {
        kinds.push(Kind::ReceiptUnknown);
    }
    if path.contains("{region}") {
        kinds.push(Kind::NoSuchRegion);
    } else if has_parameter(operation, "knownAt") {
        kinds.push(Kind::NothingThen);
    }
    if path.contains("/ledger/") {
        kinds.push(Kind::NotSigned);
    }
    if path.ends_with("/case-file") {
        kinds.push(Kind::Crowded);
    }
    if has_parameter(operation, "cursor") {
        kinds.push(Kind::NoSuchPage);
    }
    kinds
}

fn has_parameter(operation: &Operation, name: &str) -> bool {
    let is_named =
        |parameter: &RefOr<Parameter>| matches!(parameter, RefOr::T(parameter) if parameter.name == name);
    operation.parameters.iter().flatten().any(is_named)
}

/// One response for each status, with the title of every kind of problem that has it.
pub(super) fn problems(kinds: &[Kind]) -> BTreeMap<String, RefOr<Response>> {
    let mut titles: BTreeMap<u16, Vec<&str>> = BTreeMap::new();
    for kind in kinds {
        titles.entry(kind.status().as_u16()).or_default().push(kind.title(Language::English));
    }
    let response = |(status, titles): (u16, Vec<&str>)| (status.to_string(), problem(status, &titles).into());
    titles.into_iter().map(response).collect()
}

fn problem(status: u16, titles: &[&str]) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(ProblemBody::name()))).build();
    let response = ResponseBuilder::new()
        .description(format!("{}.", titles.join(". ")))
        .content("application/problem+json", content)
        .header("Content-Language", header("`nl` or `en`, by `Accept-Language`."));
    if status == 401 {
        response.header("WWW-Authenticate", header("How to sign in, and why the token was not taken."))
    } else if matches!(status, 429 | 503) {
        response.header("Retry-After", header("In how many seconds to come back."))
    } else {
        response
    }
    .build()
}

/// A header with this description.
pub(super) fn header(description: &str) -> Header {
    HeaderBuilder::new().schema(Some(String::schema())).description(Some(description)).build()
}
