//! The OpenAPI document, made from the handlers and the types they answer with.

use actix_web::App;
use omklap_domain::allocation;
use omklap_domain::trajectory::fact::published;
use omklap_domain::visibility::Role;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::OpenApi as _;
use utoipa::PartialSchema;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::security::{Http, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Header, OpenApi, RefOr, Required, ResponseBuilder};
use utoipa_actix_web::AppExt;

use super::for_clients;
use super::problem_responses::{header, kinds_of, problems};
use crate::auth::scope::Scope;
use crate::http::feed::event_type::EventType;
use crate::http::middleware::conditional::is_cacheable;
use crate::http::operation::Access;
use crate::http::problem::ProblemBody;
use crate::http::request::caller::ROLE;
use crate::http::request::entity_tags::EntityTags;

/// The parts of the document that belong to no handler.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "omklap",
        description = "The shared case ledger for housing with guidance: every partner reports what happened, everybody \
                       sees the state of the trajectory.\n\nA **fact** that is admitted is recorded for good; one that \
                       breaks a rule is refused with every rule it breaks. A late fact or a correction is admitted when \
                       the history with it in its place could have happened.",
        contact(name = "omklap", url = "https://omklap.example.org", email = "omklap@example.org"),
        license(name = "EUPL-1.2", identifier = "EUPL-1.2"),
    ),
    servers((url = "/v1", description = "This server.")),
    tags(
        (name = "trajectories", description = "One client's way from sheltered housing to a home of one's own."),
        (name = "allocation", description = "Homes and those who seek one: complexes, dwellings that are for the outflow, plans, who is ready, where clients live. What is put into a guarantee fund."),
        (name = "feed", description = "Every new event, in one order."),
        (name = "subscriptions", description = "Webhooks."),
        (name = "worklist", description = "Due obligations."),
        (name = "figures", description = "The figures of a region."),
        (name = "audit", description = "What anybody can check without trusting this server."),
        (name = "organisations", description = "The partners and the programs that act for them."),
    ),
    components(schemas(ProblemBody, EventType)),
)]
struct Frame;

/// The document.
#[must_use]
pub fn document() -> OpenApi {
    let mut document = as_handled();
    crate::http::VERSION.clone_into(&mut document.info.version);
    if let Some(components) = &mut document.components {
        components.add_security_scheme("signIn", SecurityScheme::Http(bearer()));
        // The schemas of facts as they are published: optional fields are absent, never null, and
        // dates are inline.
        components.schemas.extend(published());
        components.schemas.extend(allocation::published());
    }
    for (path, item) in &mut document.paths.paths {
        if let Some(read) = &mut item.get {
            complete(read, path);
            if is_cacheable(&format!("/v1{path}")) {
                revalidated(read);
            }
        }
        let writes = [&mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        writes.into_iter().flatten().for_each(|write| complete(write, path));
    }
    document
}

/// What a token has to grant for this operation: one scope, or none at all.
#[must_use]
pub(in crate::http) fn access(operation: &Operation) -> Option<Access> {
    let security = serde_json::to_value(operation.security.as_ref()?).ok()?;
    match security.pointer("/0/signIn")?.as_array()?.as_slice() {
        [] => Some(Access::SignedIn),
        [scope, ..] => Scope::named(scope.as_str()?).map(Access::Granted),
    }
}

/// Whether this operation has query parameters.
#[must_use]
pub fn has_query(operation: &Operation) -> bool {
    let is_query = |parameter: &RefOr<Parameter>| matches!(parameter, RefOr::T(parameter) if parameter.parameter_in == ParameterIn::Query);
    operation.parameters.iter().flatten().any(is_query)
}

/// The document as it is committed and served.
///
/// # Panics
/// Never: an OpenAPI document is JSON.
#[must_use]
pub fn printed() -> String {
    let document = serde_json::to_value(document()).expect("an OpenAPI document is JSON");
    in_order(for_clients::published(document))
}

/// The parts of the document in the order in which people read them.
#[derive(Serialize)]
struct InOrder {
    openapi: Option<Value>,
    info: Option<Value>,
    servers: Option<Value>,
    paths: Option<Value>,
    components: Option<Value>,
    #[serde(flatten)]
    others: Map<String, Value>,
}

impl InOrder {
    fn of(document: Value) -> Self {
        let Value::Object(mut parts) = document else { unreachable!("a document is an object") };
        let [openapi, info, servers, paths, components] =
            ["openapi", "info", "servers", "paths", "components"].map(|name| parts.remove(name));
        Self { openapi, info, servers, paths, components, others: parts }
    }
}

/// A document as it is committed and served.
///
/// # Panics
/// Never: a document is JSON.
pub(in crate::http) fn in_order(document: Value) -> String {
    let mut text = serde_json::to_string_pretty(&InOrder::of(document)).expect("it is JSON");
    text.push('\n');
    text
}

/// What the handlers say of themselves.
fn as_handled() -> OpenApi {
    App::new()
        .into_utoipa_app()
        .openapi(Frame::openapi())
        .configure(crate::http::routes::documented)
        .split_for_parts()
        .1
}

/// Adds what all operations have in common: the version header, the problems, and examples.
fn complete(operation: &mut Operation, path: &str) {
    // The macro adds a bare `Path` parameter a second time, without its description.
    let mut seen = Vec::new();
    if let Some(parameters) = &mut operation.parameters {
        parameters.retain_mut(|parameter| {
            let RefOr::T(parameter) = parameter else { return true };
            if parameter.name == "If-Match" {
                parameter.schema = Some(EntityTags::schema_for_a_write().into());
            }
            let is_new = !seen.contains(&parameter.name);
            seen.push(parameter.name.clone());
            is_new
        });
    }
    if is_by_a_role(operation) {
        operation.parameters.get_or_insert_default().push(RefOr::T(role_header()));
    }
    operation.responses.responses.extend(problems(&kinds_of(operation, path)));
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response {
            response.headers.insert("API-Version".to_owned(), api_version().into());
        }
    }
    crate::http::documents::examples::add(operation);
}

fn api_version() -> Header {
    header("The version of the API.")
}

/// Adds `If-None-Match`, the answer 304 and the tag of the answer 200.
fn revalidated(operation: &mut Operation) {
    let condition = ParameterBuilder::new()
        .name("If-None-Match")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "The `ETag` of an answer that the caller has, or several: 304 if it is still the same.",
        ))
        .schema(Some(EntityTags::schema_for_a_read()));
    operation.parameters.get_or_insert_default().push(RefOr::T(condition.build()));
    let unchanged = ResponseBuilder::new()
        .description("The caller has this answer already.")
        .header("ETag", header("The tag of the answer."))
        .header("API-Version", api_version());
    operation.responses.responses.insert("304".to_owned(), unchanged.build().into());
    if let Some(RefOr::T(answer)) = operation.responses.responses.get_mut("200") {
        let tag = header("The tag of this answer, for `If-None-Match`.");
        answer.headers.entry("ETag".to_owned()).or_insert(tag.into());
    }
}

/// Whether the role of the caller matters to this operation.
fn is_by_a_role(operation: &Operation) -> bool {
    let correlates = |parameter: &RefOr<Parameter>| matches!(parameter, RefOr::T(parameter) if parameter.name == "X-Correlation-Id");
    operation.operation_id.as_deref() == Some("readMe")
        || operation.parameters.iter().flatten().any(correlates)
}

/// The header that picks a role.
fn role_header() -> Parameter {
    ParameterBuilder::new()
        .name(ROLE)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "The role in which to act, if token and registration grant several; without it, the claim `role`, or \
             else the only role.",
        ))
        .schema(Some(Role::schema()))
        .build()
}

pub(in crate::http) fn bearer() -> Http {
    HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some(
            "An access token (RFC 9068) of an issuer that this ledger trusts. It names the program (`client_id`), \
             the person (`sub`), the role and the purpose (`role`, `purpose`), and what was granted (`scope`): each \
             operation names the scope it needs.",
        ))
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::documents::assert_references_resolve;
    use crate::http::documents::schema_of::schemas_of;
    use crate::http::organisations::OrganisationBody;

    fn as_json<T: serde::Serialize>(value: T) -> Value {
        serde_json::to_value(value).expect("JSON")
    }

    #[test]
    fn no_field_of_a_response_shares_a_name_with_a_different_field_of_a_fact() {
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
                assert!(access(operation).is_some(), "{path}: security((\"signIn\" = [\"…\"]))");
            }
        }
    }

    #[test]
    fn everything_that_is_referred_to_is_there() {
        assert_references_resolve(&as_json(document()));
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
