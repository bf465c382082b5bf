//! The document of the façade, made from its handlers.

use std::sync::LazyLock;

use actix_web::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, ContentType};
use actix_web::{App, HttpResponse, get};
use utoipa::OpenApi as _;
use utoipa::openapi::security::SecurityScheme;
use utoipa::openapi::{Content, OpenApi, Ref, ResponseBuilder};
use utoipa_actix_web::AppExt;

use super::documented;
use super::schemas::Foutbericht;
use crate::http::documents::openapi::{bearer, in_order};

/// The parts of the document that belong to no handler.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "omklap, in VERA",
        description = "What the ledger reads and writes of VERA 4.3, the data standard of Dutch housing corporations. \
                       omklap takes the place of the *woonruimteverdeelsysteem* for publications with model DIS and \
                       detail model OMK.\n\nA message is read liberally: unknown fields are ignored. Every fault is \
                       named at once, in a `Foutbericht`. `docs/VERA.md` has the mapping and its reasons.",
        contact(name = "omklap", url = "https://omklap.example.org", email = "omklap@example.org"),
        license(name = "EUPL-1.2", identifier = "EUPL-1.2"),
    ),
    servers((url = "/vera/v4", description = "This server.")),
    tags(
        (name = "woonruimteverdeling", description = "Publications, candidates, offers, allocations and priorities."),
        (name = "overeenkomsten", description = "Leases and notices."),
        (name = "relaties", description = "The people and organisations of a match."),
    ),
    components(schemas(Foutbericht)),
)]
struct Frame;

static DOCUMENT: LazyLock<String> = LazyLock::new(printed);

/// What the ledger reads and writes of VERA, as OpenAPI 3.1
#[get("/openapi.json")]
pub(super) async fn serve() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(ContentType::json())
        .insert_header((ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .body(DOCUMENT.as_str())
}

/// The document.
#[must_use]
pub fn document() -> OpenApi {
    let app = App::new().into_utoipa_app().openapi(Frame::openapi()).configure(documented);
    let mut document = app.split_for_parts().1;
    crate::http::VERSION.clone_into(&mut document.info.version);
    if let Some(components) = &mut document.components {
        components.add_security_scheme("signIn", SecurityScheme::Http(bearer()));
    }
    for item in document.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            let content = Content::new(Some(Ref::from_schema_name("Foutbericht")));
            let wrong = ResponseBuilder::new()
                .description("What is wrong: every fault at once.")
                .content("application/json", content);
            operation.responses.responses.insert("default".to_owned(), wrong.build().into());
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
    in_order(serde_json::to_value(document()).expect("an OpenAPI document is JSON"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::documents::openapi;

    #[test]
    fn every_operation_of_vera_says_what_a_token_has_to_grant() {
        for (path, item) in document().paths.paths {
            for operation in [item.get, item.post, item.put, item.patch].iter().flatten() {
                assert!(openapi::access(operation).is_some(), "{path}");
            }
        }
    }

    #[test]
    fn the_committed_document_of_vera_is_this_one() {
        let committed = std::fs::read_to_string("../../api-spec/vera.json").unwrap_or_default();
        assert!(committed == printed(), "run: omklap openapi --vera > api-spec/vera.json");
    }
}
