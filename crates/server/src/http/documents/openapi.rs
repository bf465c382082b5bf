//! The OpenAPI document, made from the handlers and the types they answer with.

use std::collections::BTreeMap;

use actix_web::App;
use omklap_domain::trajectory::fact::published;
use utoipa::OpenApi as _;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, Parameter};
use utoipa::openapi::security::{Http, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, Header, OpenApi, Ref, RefOr, Response, ResponseBuilder, Schema};
use utoipa::{PartialSchema, ToSchema};
use utoipa_actix_web::AppExt;

use crate::auth::scope::Scope;
use crate::http::problem::{Kind, ProblemBody};
use crate::http::request::language::Language;

/// What stands in no handler.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "omklap",
        description = "The shared case ledger for housing with guidance: every partner reports what happened, everybody \
                       sees where the trajectory stands.\n\nA **fact** that is admitted is recorded for good; one that \
                       breaks a rule is refused with every rule it breaks. A late fact or a correction is admitted when \
                       the history with it in its place could have happened.",
        contact(name = "omklap", url = "https://omklap.example.org", email = "omklap@example.org"),
        license(name = "EUPL-1.2", identifier = "EUPL-1.2"),
    ),
    servers((url = "/v1", description = "This server.")),
    tags(
        (name = "trajectories", description = "One client's way from sheltered housing to a home of one's own."),
        (name = "feed", description = "Everything new, in one order."),
        (name = "subscriptions", description = "What is told by webhook."),
        (name = "worklist", description = "What is due, by whom."),
        (name = "figures", description = "How it goes in a region."),
        (name = "audit", description = "What anybody can check without trusting this server."),
        (name = "organisations", description = "The partners and the programs that speak for them."),
    ),
    components(schemas(ProblemBody)),
)]
struct Frame;

/// What every operation may answer.
const ALWAYS: [Kind; 11] = [
    Kind::Malformed,
    Kind::SignInRequired,
    Kind::InvalidToken,
    Kind::InsufficientScope,
    Kind::ClientNotAdmitted,
    Kind::RoleNotAdmitted,
    Kind::TooManyRequests,
    Kind::Internal,
    Kind::Unavailable,
    Kind::RestoredCopy,
    Kind::IssuerUnreachable,
];
/// What an operation with a body may answer as well.
const WITH_A_BODY: [Kind; 3] = [Kind::TooSlow, Kind::TooLarge, Kind::NotJson];
/// What a report may be answered with as well.
const TO_A_REPORT: [Kind; 3] = [Kind::NotAdmitted, Kind::KeyReused, Kind::Crowded];

/// The document.
#[must_use]
pub fn document() -> OpenApi {
    let mut document = as_handled();
    crate::http::VERSION.clone_into(&mut document.info.version);
    if let Some(components) = &mut document.components {
        components.add_security_scheme("signIn", SecurityScheme::Http(bearer()));
        // The facts once more, as they are published: optional fields are absent, never null, and dates stand in place.
        components.schemas.extend(published());
        components.schemas.entry("Fact".to_owned()).and_modify(without_discriminator);
    }
    for (path, item) in &mut document.paths.paths {
        for operation in
            [&mut item.get, &mut item.post, &mut item.put, &mut item.delete].into_iter().flatten()
        {
            complete(operation, path);
        }
    }
    document
}

/// What a token has to grant for this operation.
#[must_use]
pub fn scope(operation: &Operation) -> Option<Scope> {
    let security = serde_json::to_value(operation.security.as_ref()?).ok()?;
    Scope::named(security.pointer("/0/signIn/0")?.as_str()?)
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

/// What the handlers say of themselves.
fn as_handled() -> OpenApi {
    App::new()
        .into_utoipa_app()
        .openapi(Frame::openapi())
        .configure(crate::http::api::documented)
        .split_for_parts()
        .1
}

/// Each kind of fact has its one value of `type`, which tells them apart as well. The linter of the NL API Design Rules
/// takes the name `flip-postponed` in a discriminator for a POST.
fn without_discriminator(fact: &mut RefOr<Schema>) {
    if let RefOr::T(Schema::OneOf(facts)) = fact {
        facts.discriminator = None;
    }
}

/// Adds what all operations have in common: the version header, the problems, and examples.
fn complete(operation: &mut Operation, path: &str) {
    // What a handler takes as a bare `Path` is told once more by the macro, without its description.
    let mut told = Vec::new();
    if let Some(parameters) = &mut operation.parameters {
        parameters.retain(|parameter| {
            let RefOr::T(parameter) = parameter else { return true };
            let is_new = !told.contains(&parameter.name);
            told.push(parameter.name.clone());
            is_new
        });
    }
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
        kinds.extend([Kind::Stale, Kind::VersionRequired]);
    }
    if path.contains("{trajectoryId}") {
        kinds.push(Kind::NoSuchTrajectory);
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
    operation.responses.responses.extend(problems(&kinds));
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response {
            response.headers.insert("API-Version".to_owned(), header("The version of the API.").into());
        }
    }
    crate::http::documents::examples::add(operation);
}

fn has_parameter(operation: &Operation, name: &str) -> bool {
    let is_named =
        |parameter: &RefOr<Parameter>| matches!(parameter, RefOr::T(parameter) if parameter.name == name);
    operation.parameters.iter().flatten().any(is_named)
}

/// One response for each status, which says every kind of problem that it stands for.
fn problems(kinds: &[Kind]) -> BTreeMap<String, RefOr<Response>> {
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

fn bearer() -> Http {
    HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some(
            "An access token (RFC 9068) of an issuer that this ledger trusts. It says which program asks (`client_id`), \
             for whom (`sub`), in which role and for which purpose (`role`, `purpose`), and what was granted (`scope`): each \
             operation names the scope it needs.",
        ))
        .build()
}

fn header(description: &str) -> Header {
    HeaderBuilder::new().schema(Some(String::schema())).description(Some(description)).build()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::http::documents::schema_of::schemas_of;
    use crate::http::organisations::OrganisationBody;

    fn as_json<T: serde::Serialize>(value: T) -> Value {
        serde_json::to_value(value).expect("JSON")
    }

    #[test]
    fn no_answer_has_the_name_of_something_else_in_a_fact() {
        let (handled, facts) = (as_json(as_handled()), published());
        let schemas = handled["components"]["schemas"].as_object().expect("schemas");
        for (name, schema) in
            schemas.iter().filter_map(|(name, schema)| Some((name, (schema, facts.get(name)?))))
        {
            assert_eq!(
                schema.0["description"],
                as_json(schema.1)["description"],
                "two things are called {name}"
            );
        }
    }

    #[test]
    fn every_operation_says_what_a_token_has_to_grant() {
        for (path, item) in document().paths.paths {
            for operation in [item.get, item.post, item.put, item.patch, item.delete].iter().flatten() {
                assert!(scope(operation).is_some(), "{path}: security((\"signIn\" = [\"…\"]))");
            }
        }
    }

    #[test]
    fn everything_that_is_referred_to_is_there() {
        fn references<'d>(value: &'d Value, found: &mut Vec<&'d str>) {
            match value {
                Value::Object(fields) => {
                    found.extend(fields.get("$ref").and_then(Value::as_str));
                    fields.values().for_each(|value| references(value, found));
                }
                Value::Array(items) => items.iter().for_each(|value| references(value, found)),
                _ => {}
            }
        }
        let (document, mut found) = (as_json(document()), Vec::new());
        references(&document, &mut found);
        assert!(found.len() > 100);
        for reference in found {
            assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
        }
    }

    #[test]
    fn a_body_is_validated_by_the_schema_that_is_published() {
        let document = as_json(document());
        let own = schemas_of::<OrganisationBody>();
        assert!(own.len() > 1);
        for (name, schema) in own {
            assert_eq!(document["components"]["schemas"][&name], schema, "{name}");
        }
    }

    #[test]
    fn the_committed_document_is_this_one() {
        let committed = include_str!("../../../../../api-spec/openapi.json");
        assert!(committed == printed(), "run: omklap openapi > api-spec/openapi.json");
    }
}
