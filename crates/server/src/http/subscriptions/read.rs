//! The subscriptions of the caller's organisation in its role.

use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Named;
use super::body::SubscriptionBody;
use crate::auth::scope::Scope;
use crate::http::Services;
use crate::http::problem::Problem;
use crate::http::request::caller::Caller;
use crate::http::request::page::{Page, PageParameters};
use crate::http::request::query::{Asked, Parameters, Query};

/// Which page.
#[derive(Clone, Debug)]
pub struct Wanted(Page<Uuid>);

/// A page of subscriptions, in the order in which they were made.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SubscriptionPage)]
struct PageBody {
    /// The subscriptions.
    items: Vec<SubscriptionBody>,
    /// What to give as `cursor` for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    next: Option<String>,
}

/// List subscriptions
///
/// Those that the caller's organisation made in the caller's role.
#[utoipa::path(
    operation_id = "listSubscriptions", tag = "subscriptions", security(("signIn" = ["trajectories:read"])), params(Caller, PageParameters),
    responses((status = 200, description = "A page.", body = PageBody,
        headers(("Link", description = "The next page (`rel=\"next\"`); absent on the last one.")))),
)]
#[get("/subscriptions")]
pub async fn list(
    services: Data<Services>,
    caller: Caller,
    Asked(Wanted(page)): Asked<Wanted>,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::TrajectoriesRead)?;
    let mut found = services.ledger.subscriptions_of(&caller.viewer, page.after, page.limit + 1).await?;
    let more = found.len() > page.limit as usize;
    found.truncate(page.limit as usize);
    let next = found.last().filter(|_| more).map(|last| page.next(&last.id));
    let mut items = Vec::new();
    for subscription in found {
        items.push(SubscriptionBody::of(&services, subscription).await?);
    }
    let mut answer = HttpResponse::Ok();
    if let Some(next) = &next {
        answer.insert_header(next.header());
    }
    Ok(answer.json(PageBody { items, next: next.map(|next| next.cursor) }))
}

/// Read a subscription
///
/// How far it has come, what waits, and what its owner has to know.
#[utoipa::path(
    operation_id = "readSubscription", tag = "subscriptions", security(("signIn" = ["trajectories:read"])), params(Named, Caller),
    responses((status = 200, description = "The subscription.", body = SubscriptionBody)),
)]
#[get("/subscriptions/{subscriptionId}")]
pub async fn read(services: Data<Services>, named: Named, caller: Caller) -> Result<HttpResponse, Problem> {
    let subscription = super::own(&services, &caller, named).await?;
    Ok(HttpResponse::Ok().json(SubscriptionBody::of(&services, subscription).await?))
}

impl Parameters for Wanted {
    fn read(query: &mut Query) -> Self {
        Self(Page::read(query))
    }
}
