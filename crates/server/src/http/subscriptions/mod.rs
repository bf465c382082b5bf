//! Webhook subscriptions: one file for each operation.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{ETAG, HeaderName};
use actix_web::{FromRequest, HttpRequest};
use omklap_store::subscriptions::Subscription;
use serde_json::Value;
use utoipa::IntoParams;
use uuid::Uuid;

use super::problem::{Kind, Problem};
use super::request::caller::Caller;
use super::services::Services;
use crate::auth::scope::Scope;

pub mod body;
pub mod change;
pub mod create;
pub mod deliveries;
pub mod read;
pub mod replay;
mod request_bodies;

/// The subscription that a path names.
#[derive(Clone, Copy, Debug, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct SubscriptionPath {
    /// The subscription.
    #[param(rename = "subscriptionId", value_type = Uuid, format = Uuid)]
    pub subscription: Uuid,
}

impl FromRequest for SubscriptionPath {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    /// Only the usual form of a UUID names a subscription.
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let name = request.match_info().get("subscriptionId").filter(|name| name.len() == 36);
        let subscription = name.and_then(|name| name.parse().ok());
        ready(subscription.map(|subscription| Self { subscription }).ok_or(Kind::NoSuchSubscription.into()))
    }
}

/// The subscription, if it belongs to the caller's organisation and role.
async fn own(services: &Services, caller: &Caller, named: SubscriptionPath) -> Result<Subscription, Problem> {
    caller.may(Scope::TrajectoriesRead)?;
    let found = services.ledger.subscription(named.subscription).await?;
    let own = found.filter(|found| found.is_of(&caller.viewer));
    own.ok_or_else(|| Kind::NoSuchSubscription.into())
}

/// The version of a subscription, for `If-Match`: it counts the changes by its owner, and not how far
/// it is.
fn tag(subscription: &Subscription) -> (HeaderName, String) {
    (ETAG, format!("\"{}\"", subscription.revision))
}

/// An example of the response of an operation.
#[must_use]
pub fn example(operation: &str) -> Option<Value> {
    let shown = match operation {
        "createSubscription" => body::CreatedBody::example(),
        "listSubscriptions" => serde_json::json!({ "items": [body::SubscriptionBody::example()] }),
        "readSubscription" | "changeSubscription" | "pauseSubscription" | "resumeSubscription"
        | "replaySubscription" => body::SubscriptionBody::example(),
        "rotateSecret" => change::SecretBody::example(),
        "listDeliveries" => serde_json::json!({ "items": [deliveries::AttemptBody::example()] }),
        "testSubscription" | "replayMessage" => deliveries::AttemptBody::example(),
        _ => return None,
    };
    Some(shown)
}
