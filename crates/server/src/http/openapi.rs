//! The OpenAPI document, made from the handlers and the types they answer with.

use actix_web::App;
use omklap_domain::trajectory::fact::published;
use utoipa::OpenApi as _;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, Parameter};
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{PartialSchema, ToSchema};
use utoipa_actix_web::AppExt;

use super::problem::{Kind, ProblemBody};

/// Information that stands in no handler.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "omklap",
        description = "The shared case ledger for housing with guidance: every partner reports what happened, everybody \
                       sees where the trajectory stands.\n\nA **fact** that is admitted is recorded for good; one that \
                       breaks a rule is refused with every rule it breaks. A late fact or a correction is admitted when \
                       the history with it in its place could have happened.",
        contact(name = "omklap", url = "https://github.com/omklap/omklap", email = "omklap@example.org"),
        license(name = "EUPL-1.2", identifier = "EUPL-1.2"),
    ),
    servers((url = "/v1", description = "This server.")),
    tags((name = "trajectories", description = "One client's way from sheltered housing to a home of one's own.")),
    components(schemas(ProblemBody)),
)]
struct Frame;

/// What every operation may answer.
const ALWAYS: [Kind; 3] = [Kind::Malformed, Kind::Internal, Kind::Unavailable];
/// What an operation with a body may answer as well.
const WITH_A_BODY: [Kind; 4] = [Kind::TooSlow, Kind::NotAdmitted, Kind::TooLarge, Kind::NotJson];
/// What an operation on a trajectory may answer as well.
const ON_A_TRAJECTORY: [Kind; 1] = [Kind::NoSuchTrajectory];
/// What an operation that rests on a version may answer as well.
const ON_A_VERSION: [Kind; 2] = [Kind::Stale, Kind::VersionRequired];

/// The document.
#[must_use]
pub fn document() -> OpenApi {
    let (_, mut document) =
        App::new().into_utoipa_app().openapi(Frame::openapi()).configure(super::documented).split_for_parts();
    super::VERSION.clone_into(&mut document.info.version);
    if let Some(components) = &mut document.components {
        // Also those of the facts, whose optional fields are absent, never null, and whose dates stand in their place.
        components.schemas.extend(published());
    }
    for (path, item) in &mut document.paths.paths {
        for operation in [&mut item.get, &mut item.post].into_iter().flatten() {
            complete(operation, path);
        }
    }
    document
}

/// The document as it is committed and served.
///
/// # Panics
/// Never: an OpenAPI document is JSON.
#[must_use]
pub fn printed() -> String {
    let mut text = document().to_pretty_json().expect("an OpenAPI document is JSON");
    text.push('\n');
    text
}

/// Adds what all operations have in common: the version header, and the problems.
fn complete(operation: &mut Operation, path: &str) {
    let parameters = operation.parameters.as_deref().unwrap_or_default();
    let mut kinds = ALWAYS.to_vec();
    if operation.request_body.is_some() {
        kinds.extend(WITH_A_BODY);
    }
    if path.contains("{trajectoryId}") {
        kinds.extend(ON_A_TRAJECTORY);
    }
    if parameters.iter().any(|parameter| is_named(parameter, "If-Match")) {
        kinds.extend(ON_A_VERSION);
    }
    for kind in kinds {
        operation.responses.responses.insert(kind.status().as_str().to_owned(), problem(kind).into());
    }
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response {
            let version = HeaderBuilder::new()
                .schema(Some(String::schema()))
                .description(Some("The version of the API."));
            response.headers.insert("API-Version".to_owned(), version.build().into());
        }
    }
}

fn is_named(parameter: &RefOr<Parameter>, name: &str) -> bool {
    matches!(parameter, RefOr::T(parameter) if parameter.name == name)
}

fn problem(kind: Kind) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(ProblemBody::name())));
    let description = kind.title(super::language::Language::English);
    ResponseBuilder::new()
        .description(description)
        .content("application/problem+json", content.build())
        .build()
}
