//! Authenticates the caller before any handler runs. Which token an operation needs is read from
//! the OpenAPI document by [`route_table`](mod@crate::http::route_table), so that what is published is what
//! is enforced.

use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderMap, HeaderName};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage, HttpRequest};
use tracing_actix_web::RequestId;
use uuid::Uuid;

use crate::auth::scope::Scope;
use crate::auth::{Allowance, Grant, NotSignedIn, TokenFault};
use crate::http::operation::{Access, Operation};
use crate::http::problem::{Kind, Problem};
use crate::http::request::caller::{Administrator, Caller, ROLE};
use crate::http::request::headers::one;
use crate::http::services::Services;
use omklap_domain::ids::ClientId;
use omklap_store::organisations::Registered;

/// After a response that took longer than this, the caller's registration is read again.
const WAITED: Duration = Duration::from_secs(1);

/// The token with which a request came in, and when.
#[derive(Clone, Debug)]
pub(in crate::http) struct SignedIn {
    /// What the token grants.
    pub(in crate::http) grant: Arc<Grant>,
    /// The registration of its program; an administrator needs none.
    pub(in crate::http) registered: Option<Arc<Registered>>,
    since: Instant,
}

impl SignedIn {
    /// The program whose token it is.
    pub(in crate::http) fn client(&self) -> &ClientId {
        &self.grant.client
    }
}

/// Lets a request through if its token grants the operation, and stores the caller.
///
/// # Errors
/// What a handler failed with.
pub(in crate::http) async fn sign_in(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(operation) = Operation::of(request.request()) else {
        return Ok(request.error_response(Problem::from(Kind::NoSuchPath)));
    };
    match operation.access {
        Some(Access::Everybody) => return next.call(request).await.map(ServiceResponse::map_into_boxed_body),
        None if operation.is_public() => return Ok(request.error_response(operation.method_not_allowed())),
        Some(Access::SignedIn | Access::Granted(_)) | None => {}
    }
    let (allowance, recognised) = recognise(&request, operation).await;
    let mut answer = match recognised {
        Ok(()) => next.call(request).await?.map_into_boxed_body(),
        Err(problem) => request.error_response(problem),
    };
    if let Some(allowance) = allowance {
        add_rate_limit(answer.headers_mut(), allowance);
    }
    Ok(answer)
}

/// Withholds a response from a caller who lost the right to it meanwhile: whose token has expired,
/// who was disabled, or whose registered roles or regions have changed.
///
/// # Errors
/// What a handler failed with.
pub(in crate::http) async fn recheck(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let answer = next.call(request).await?.map_into_boxed_body();
    let signed_in = answer.request().extensions().get::<SignedIn>().cloned();
    let Some(signed_in) = signed_in else { return Ok(answer) };
    match still_admitted(answer.request(), &signed_in).await {
        Ok(()) => Ok(answer),
        Err(problem) => {
            let refused = actix_web::HttpResponse::from_error(problem);
            Ok(answer.into_response(refused))
        }
    }
}

async fn still_admitted(
    request: &HttpRequest,
    SignedIn { grant, since, .. }: &SignedIn,
) -> Result<(), Problem> {
    let services = request.app_data::<Data<Services>>().ok_or_else(|| Problem::internal("no services"))?;
    if !grant.holds_at(services.clock.now().as_second()) {
        return Err(NotSignedIn::from(TokenFault::Expired).into());
    }
    // An administrator may have changed its own registration, and must still get the response to
    // that.
    if Operation::of(request).is_some_and(|operation| operation.access == Some(Access::Granted(Scope::Admin)))
    {
        return Ok(());
    }
    if since.elapsed() >= WAITED {
        services.sign_in.forget_client(&grant.client);
    }
    let registered = services.sign_in.client(grant).await?;
    let caller = request.extensions().get::<Caller>().cloned();
    match (caller, registered) {
        (None, _) => Ok(()),
        (Some(_), None) => Err(Kind::ClientNotAdmitted.into()),
        (Some(caller), Some(registered)) => {
            let now = Caller::speaking(grant, &registered, request.headers(), caller.correlation_id)?;
            // The response was made for other regions than the caller may see now; the next request
            // uses the new ones.
            if now.viewer == caller.viewer { Ok(()) } else { Err(Kind::Unavailable.into()) }
        }
    }
}

/// How many requests a program may still send (the IETF's draft of `RateLimit` header fields). A
/// window is a second.
fn add_rate_limit(headers: &mut HeaderMap, Allowance { limit, remaining, wait }: Allowance) {
    let policy = format!("\"client\";q={limit};w=1");
    let left = format!("\"client\";r={remaining};t={}", wait.unwrap_or(1));
    for (name, value) in [("ratelimit-policy", policy), ("ratelimit", left)] {
        let value = value.parse().expect("numbers and names are valid in a header");
        headers.insert(HeaderName::from_static(name), value);
    }
}

/// The request is counted as soon as the token is known to be valid, before the first query to the
/// database.
async fn recognise(
    request: &ServiceRequest,
    operation: Operation,
) -> (Option<Allowance>, Result<(), Problem>) {
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
    (allowance, admitted(request, operation, grant).await)
}

async fn granted(request: &ServiceRequest) -> Result<Arc<Grant>, Problem> {
    let services = request.app_data::<Data<Services>>().ok_or_else(|| Problem::internal("no services"))?;
    Ok(services.sign_in.recognise(bearer(request.headers())?).await?)
}

async fn admitted(request: &ServiceRequest, operation: Operation, grant: Arc<Grant>) -> Result<(), Problem> {
    let services = request.app_data::<Data<Services>>().ok_or_else(|| Problem::internal("no services"))?;
    match operation.access {
        Some(Access::Granted(needed)) if !grant.scopes.contains(&needed) => {
            return Err(Problem::insufficient_scope(needed));
        }
        Some(Access::Granted(_) | Access::SignedIn) => {}
        Some(Access::Everybody) | None => return Err(operation.method_not_allowed()),
    }
    let registered = services.sign_in.client(&grant).await?;
    let request_id = request.extensions().get().map_or(Uuid::nil(), |id: &RequestId| **id);
    if let Some(registered) = &registered {
        match Caller::speaking(&grant, registered, request.headers(), request_id) {
            Ok(caller) => drop(request.extensions_mut().insert(caller)),
            // An administrator may have a role, and needs none.
            Err(_) if grant.scopes.contains(&Scope::Admin) => {}
            // A person with several roles reads here which ones there are to choose from.
            Err(problem) if operation.access == Some(Access::SignedIn) && chooses_none(&problem, request) => {
            }
            Err(problem) => return Err(problem),
        }
    }
    if grant.scopes.contains(&Scope::Admin) {
        request.extensions_mut().insert(Administrator::of(&grant, registered.as_deref()));
    }
    request.extensions_mut().insert(SignedIn { grant, registered, since: Instant::now() });
    Ok(())
}

/// Whether a caller was refused only because it has several roles and chose none.
fn chooses_none(problem: &Problem, request: &ServiceRequest) -> bool {
    problem.kind == Kind::RoleNotAdmitted && !request.headers().contains_key(ROLE)
}

/// The token (RFC 6750 §2.1). It is read from nowhere else, because URLs are stored in too many
/// places.
fn bearer(headers: &HeaderMap) -> Result<&str, Problem> {
    let value = one(headers, "Authorization")?.ok_or(Kind::SignInRequired)?;
    let (scheme, token) = value.split_once(' ').ok_or(Kind::SignInRequired)?;
    if scheme.eq_ignore_ascii_case("bearer") { Ok(token.trim()) } else { Err(Kind::SignInRequired.into()) }
}
