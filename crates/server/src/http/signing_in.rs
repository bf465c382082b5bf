//! Who asks is found out before anything else: no path under `/v1` is reached without, but the API's own description. What a
//! token has to grant is read from that description, so that what is published is what holds.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderMap, HeaderName};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage};
use tracing_actix_web::RequestId;
use uuid::Uuid;

use super::Services;
use super::caller::{Administrator, Caller};
use super::headers::one;
use super::openapi;
use super::problem::{Kind, Problem};
use super::scope::Scope;
use crate::sign_in::{Allowance, Grant, NotSignedIn};

/// Lets in whoever has a good token, and remembers who it is.
///
/// # Errors
/// What a handler failed with.
pub(super) async fn sign_in(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if is_for_everybody(request.match_pattern().as_deref()) {
        return next.call(request).await.map(ServiceResponse::map_into_boxed_body);
    }
    let (allowance, recognised) = recognise(&request).await;
    let mut answer = match recognised {
        Ok(()) => next.call(request).await?.map_into_boxed_body(),
        Err(problem) => request.error_response(problem),
    };
    if let Some(allowance) = allowance {
        tell(answer.headers_mut(), allowance);
    }
    Ok(answer)
}

/// What is not there is not there for anybody.
fn is_for_everybody(route: Option<&str>) -> bool {
    route.is_none_or(|route| {
        !route.starts_with("/v1/")
            || matches!(route, "/v1/openapi.json" | "/v1/asyncapi.json")
            || route.starts_with("/v1/docs")
    })
}

/// What a token has to grant, by route and method.
static NEEDED: LazyLock<HashMap<String, HashMap<&str, Scope>>> = LazyLock::new(|| {
    let mut needed: HashMap<_, HashMap<_, _>> = HashMap::new();
    for (path, item) in &openapi::document().paths.paths {
        let operations =
            [("GET", &item.get), ("POST", &item.post), ("PUT", &item.put), ("DELETE", &item.delete)];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                let scope =
                    openapi::scope(operation).expect("every operation says its scope, as a test shows");
                needed.entry(format!("/v1{path}")).or_default().insert(method, scope);
            }
        }
    }
    needed
});

fn needed(request: &ServiceRequest) -> Option<Scope> {
    NEEDED.get(&request.match_pattern()?)?.get(request.method().as_str()).copied()
}

/// How much a program may still ask (the IETF's draft of `RateLimit` header fields). A window is a second.
fn tell(headers: &mut HeaderMap, Allowance { limit, remaining, wait }: Allowance) {
    let policy = format!("\"client\";q={limit};w=1");
    let left = format!("\"client\";r={remaining};t={}", wait.unwrap_or(1));
    for (name, value) in [("ratelimit-policy", policy), ("ratelimit", left)] {
        let value = value.parse().expect("numbers and names can stand in a header");
        headers.insert(HeaderName::from_static(name), value);
    }
}

/// Who asks is counted as soon as the token is known to be good, and before the database is asked anything.
async fn recognise(request: &ServiceRequest) -> (Option<Allowance>, Result<(), Problem>) {
    let grant = match granted(request).await {
        Ok(grant) => grant,
        Err(problem) => return (None, Err(problem)),
    };
    let allowance =
        request.app_data::<Data<Services>>().and_then(|services| services.sign_in.count(&grant.client));
    if let Some(Allowance { wait: Some(seconds), .. }) = allowance {
        let problem = Problem { retry_after: Some(seconds), ..Kind::TooManyRequests.into() };
        return (allowance, Err(problem));
    }
    (allowance, admitted(request, &grant).await)
}

async fn granted(request: &ServiceRequest) -> Result<Arc<Grant>, Problem> {
    let services = request.app_data::<Data<Services>>().ok_or_else(|| Problem::internal("no services"))?;
    Ok(services.sign_in.recognise(bearer(request.headers())?).await?)
}

async fn admitted(request: &ServiceRequest, grant: &Grant) -> Result<(), Problem> {
    let services = request.app_data::<Data<Services>>().ok_or_else(|| Problem::internal("no services"))?;
    if let Some(needed) = needed(request)
        && !grant.scopes.contains(&needed)
    {
        return Err(Problem::insufficient_scope(needed));
    }
    let registered = services.sign_in.client(grant).await?;
    let request_id = request.extensions().get().map_or(Uuid::nil(), |id: &RequestId| **id);
    if let Some(registered) = registered {
        match Caller::speaking(grant, &registered, request.headers(), request_id) {
            Ok(caller) => drop(request.extensions_mut().insert(caller)),
            // An administrator may have a role, and needs none.
            Err(_) if grant.scopes.contains(&Scope::Admin) => {}
            Err(problem) => return Err(problem),
        }
    }
    let administrator = Administrator { client: grant.client.clone() };
    request.extensions_mut().insert(administrator);
    Ok(())
}

/// The token (RFC 6750 §2.1). It is taken from nowhere else: a URL is kept in too many places.
fn bearer(headers: &HeaderMap) -> Result<&str, Problem> {
    let value = one(headers, "Authorization")?.ok_or(Kind::SignInRequired)?;
    let (scheme, token) = value.split_once(' ').ok_or(Kind::SignInRequired)?;
    if scheme.eq_ignore_ascii_case("bearer") { Ok(token.trim()) } else { Err(Kind::SignInRequired.into()) }
}

impl From<NotSignedIn> for Problem {
    fn from(refused: NotSignedIn) -> Self {
        match refused {
            NotSignedIn::Invalid(faults) => Self::invalid_token(faults),
            NotSignedIn::IssuerUnreachable => Kind::IssuerUnreachable.into(),
            NotSignedIn::ClientNotAdmitted => Kind::ClientNotAdmitted.into(),
            NotSignedIn::Store(error) => error.into(),
        }
    }
}
