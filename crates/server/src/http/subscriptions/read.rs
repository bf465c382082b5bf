//! The subscriptions of the caller's organisation in its role.

use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::SubscriptionPath;
use super::body::SubscriptionBody;
use crate::auth::scope::Scope;
use crate::http::problem::Problem;
use crate::http::request::caller::Caller;
use crate::http::request::page::{PageParams, PageParamsDoc, cursor, linked};
use crate::http::request::query::{Parameters, Params, Query};
use crate::http::services::Services;

/// Which page.
#[derive(Clone, Debug)]
pub struct SubscriptionListParams(PageParams<Uuid>);

/// A page of subscriptions, in the order of creation.
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
/// Those that the caller's organisation created in the caller's role.
#[utoipa::path(
    operation_id = "listSubscriptions", tag = "subscriptions", security(("signIn" = ["trajectories:read"])), params(Caller, PageParamsDoc),
    responses((status = 200, description = "A page.", body = PageBody,
        headers(("Link", description = "The next page (`rel=\"next\"`); absent on the last one.")))),
)]
#[get("/subscriptions")]
pub async fn list(
    services: Data<Services>,
    caller: Caller,
    Params(SubscriptionListParams(page)): Params<SubscriptionListParams>,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::TrajectoriesRead)?;
    let mut found = services.ledger.subscriptions_of(&caller.viewer, page.after, page.limit + 1).await?;
    let next = page.cut(&mut found, |last| last.id);
    let mut items = Vec::new();
    for subscription in found {
        items.push(SubscriptionBody::of(&services, subscription).await?);
    }
    let mut answer = linked(next.as_ref());
    Ok(answer.json(PageBody { items, next: cursor(next.as_ref()) }))
}

/// Read a subscription
///
/// Its position, what waits, and the notices for its owner.
#[utoipa::path(
    operation_id = "readSubscription", tag = "subscriptions", security(("signIn" = ["trajectories:read"])), params(SubscriptionPath, Caller),
    responses((status = 200, description = "The subscription.", body = SubscriptionBody,
        headers(("ETag", description = "Its version, for `If-Match`: it counts the changes by its owner.")))),
)]
#[get("/subscriptions/{subscriptionId}")]
pub async fn read(
    services: Data<Services>,
    named: SubscriptionPath,
    caller: Caller,
) -> Result<HttpResponse, Problem> {
    let subscription = super::own(&services, &caller, named).await?;
    let tag = super::tag(&subscription);
    Ok(HttpResponse::Ok().insert_header(tag).json(SubscriptionBody::of(&services, subscription).await?))
}

impl Parameters for SubscriptionListParams {
    fn read(query: &mut Query) -> Self {
        Self(PageParams::read(query))
    }
}
