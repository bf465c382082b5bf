//! The built-in issuer over HTTP: its discovery document, its key and its tokens. It is served on
//! loopback only, and only if no other issuer is trusted.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use actix_web::web::{Data, Form, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use serde::Deserialize;
use serde_json::json;

use super::problem::{Kind, Problem};
use super::services::Services;
use crate::auth::scope::Scope;
use crate::auth::{DevelopmentIssuer, TokenRequest};

/// The parameters of `grant_type=client_credentials` (RFC 6749 §4.4), and the claims that a real
/// issuer would know by itself.
#[derive(Deserialize)]
struct Request {
    grant_type: String,
    client_id: String,
    scope: Option<String>,
    actor: Option<String>,
    role: Option<String>,
    purpose: Option<String>,
    trajectory: Option<String>,
}

/// The address of the server.
#[derive(Clone, Copy)]
pub(super) struct Address(pub(super) SocketAddr);

pub(super) fn routes(app: &mut ServiceConfig) {
    app.service(discovery).service(jwks).service(token);
}

/// The discovery document
#[get("/development/.well-known/openid-configuration")]
async fn discovery(address: Data<Address>) -> HttpResponse {
    let here = format!("http://{}/development", address.0);
    HttpResponse::Ok().json(json!({
        "issuer": DevelopmentIssuer::URL,
        "jwks_uri": format!("{here}/jwks"),
        "token_endpoint": format!("{here}/token"),
        "token_endpoint_auth_methods_supported": ["none"],
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "subject_types_supported": ["public"],
        "scopes_supported": Scope::ALL,
    }))
}

/// Its key
#[get("/development/jwks")]
async fn jwks(services: Data<Services>) -> Result<HttpResponse, Problem> {
    let issuer = services.sign_in.development().ok_or(Kind::NoSuchPath)?;
    Ok(HttpResponse::Ok().json(issuer.jwks()))
}

/// A token for every caller
#[post("/development/token")]
async fn token(services: Data<Services>, Form(form): Form<Request>) -> Result<HttpResponse, Problem> {
    let issuer = services.sign_in.development().ok_or(Kind::NoSuchPath)?;
    let error = |code| Ok(HttpResponse::BadRequest().json(json!({"error": code})));
    if form.grant_type != "client_credentials" {
        return error("unsupported_grant_type");
    }
    let Some(scopes) = scopes(form.scope.as_deref()) else { return error("invalid_scope") };
    let granted: Vec<_> = scopes.iter().map(|scope| scope.as_str()).collect();
    let granted = granted.join(" ");
    let Request { client_id: client, actor, role, purpose, trajectory, .. } = form;
    let requested = TokenRequest { client, scopes, actor, role, purpose, trajectory };
    let token = issuer.token(&requested, services.clock.now());
    let (kind, life) = ("Bearer", DevelopmentIssuer::LIFE);
    Ok(HttpResponse::Ok()
        .json(json!({"access_token": token, "token_type": kind, "expires_in": life, "scope": granted})))
}

/// The requested scopes; by default those of a partner's daily work.
fn scopes(requested: Option<&str>) -> Option<BTreeSet<Scope>> {
    match requested {
        None => Some([Scope::TrajectoriesRead, Scope::TrajectoriesReport, Scope::FiguresRead].into()),
        Some(names) => names.split(' ').map(Scope::named).collect(),
    }
}
