//! Pausing, resuming and ending a subscription, and giving it another secret.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, delete, patch, post};
use omklap_store::subscriptions::State;
use serde::Serialize;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::SubscriptionPath;
use super::body::SubscriptionBody;
use super::create::not_there;
use super::request_bodies::SubscriptionPatch;
use crate::http::problem::{Complaint, Form, Kind, Problem};
use crate::http::request::caller::Caller;
use crate::http::request::entity_tags::EntityTags;
use crate::http::request::headers::one;
use crate::http::request::preconditions::IdempotencyKey;
use crate::http::services::Services;
use crate::webhooks::signature;

/// Another secret.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SubscriptionSecret)]
#[serde(rename_all = "camelCase")]
pub struct SecretBody {
    /// The new secret. For a day, messages are also signed with the earlier one. It is shown only
    /// once.
    #[schema(
        pattern = "^whsec_[A-Za-z0-9+/]{32,88}={0,2}$",
        example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    )]
    secret: String,
}

impl SecretBody {
    /// To show.
    #[must_use]
    pub fn example() -> Value {
        serde_json::json!({ "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" })
    }
}

/// The version of the subscription that the caller has seen.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "read into a revision; this is its documentation")]
struct Precondition {
    /// The `ETag` as it was last read, or `*` for any version.
    #[param(rename = "If-Match", example = "*")]
    if_match: String,
}

/// Change a subscription
///
/// Its address, the kinds of events, or both: a JSON merge patch (RFC 7396). Its position, its state
/// and its secret stay as they are; messages that wait go to the new address.
#[utoipa::path(
    operation_id = "changeSubscription", tag = "subscriptions", security(("signIn" = ["trajectories:read"])),
    params(SubscriptionPath, Caller, Precondition),
    request_body(content((SubscriptionPatch = "application/merge-patch+json"), (SubscriptionPatch = "application/json")), description = "What to change."),
    responses((status = 200, description = "Changed.", body = SubscriptionBody,
        headers(("ETag", description = "Its version, for `If-Match`.")))),
)]
#[patch("/subscriptions/{subscriptionId}")]
pub async fn change(
    services: Data<Services>,
    named: SubscriptionPath,
    caller: Caller,
    patch: SubscriptionPatch,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let seen = one(request.headers(), "If-Match")?.ok_or(Kind::VersionRequired)?;
    let seen = EntityTags::read(seen).ok_or(Complaint::header("If-Match", Form::EntityTags))?;
    let own = super::own(&services, &caller, named).await?;
    if let Some(url) = &patch.url {
        services.messaging.sender.allowed().address(url).map_err(not_there)?;
    }
    let is_seen = seen == EntityTags::Any || seen.versions().any(|seen| seen == own.revision.to_string());
    let url = patch.url.unwrap_or_else(|| own.url.clone());
    let types = patch.types.unwrap_or_else(|| own.types.clone());
    let (by, now) = (caller.metadata(), services.clock.now());
    if !is_seen || !services.ledger.change_subscription(&own, (&url, &types), &by, now).await? {
        let now = super::own(&services, &caller, named).await?;
        return Err(Problem {
            version: u64::try_from(now.revision).ok(),
            ..Kind::SubscriptionChanged.into()
        });
    }
    let changed = super::own(&services, &caller, named).await?;
    let tag = super::tag(&changed);
    Ok(HttpResponse::Ok().insert_header(tag).json(SubscriptionBody::of(&services, changed).await?))
}

/// Pause a subscription
///
/// Nothing is sent until it is resumed; what happens meanwhile waits.
#[utoipa::path(
    operation_id = "pauseSubscription", tag = "subscriptions", security(("signIn" = ["trajectories:read"])), params(SubscriptionPath, Caller),
    responses((status = 200, description = "Paused.", body = SubscriptionBody)),
)]
#[post("/subscriptions/{subscriptionId}/pause")]
pub async fn pause(
    services: Data<Services>,
    named: SubscriptionPath,
    caller: Caller,
) -> Result<HttpResponse, Problem> {
    set(&services, named, &caller, State::Paused).await
}

/// Resume a subscription
///
/// A paused or disabled subscription continues from its position. Waiting messages are tried at
/// once.
#[utoipa::path(
    operation_id = "resumeSubscription", tag = "subscriptions", security(("signIn" = ["trajectories:read"])), params(SubscriptionPath, Caller),
    responses((status = 200, description = "Resumed.", body = SubscriptionBody)),
)]
#[post("/subscriptions/{subscriptionId}/resume")]
pub async fn resume(
    services: Data<Services>,
    named: SubscriptionPath,
    caller: Caller,
) -> Result<HttpResponse, Problem> {
    set(&services, named, &caller, State::Active).await
}

/// Rotate the secret
///
/// Messages carry a signature of both secrets for a day, so that a receiver can change over without
/// missing any. Rotating again within that day drops the older of the two; a repeat under the same
/// key does not.
#[utoipa::path(
    operation_id = "rotateSecret", tag = "subscriptions", security(("signIn" = ["trajectories:read"])), params(SubscriptionPath, Caller, IdempotencyKey),
    responses((status = 200, description = "The secret that signs from now on.", body = SecretBody)),
)]
#[post("/subscriptions/{subscriptionId}/secrets")]
pub async fn rotate(
    services: Data<Services>,
    named: SubscriptionPath,
    caller: Caller,
    IdempotencyKey { key }: IdempotencyKey,
) -> Result<HttpResponse, Problem> {
    let own = super::own(&services, &caller, named).await?;
    let (by, now) = (caller.metadata(), services.clock.now());
    let secret = services.ledger.rotate_secret(own.id, key.as_deref(), &by, now).await?;
    let secret = secret.ok_or(Kind::NoSuchSubscription)?;
    Ok(HttpResponse::Ok().json(SecretBody { secret: signature::shown(&secret) }))
}

/// End a subscription
///
/// Deletes it, with everything that is stored about it.
#[utoipa::path(
    operation_id = "deleteSubscription", tag = "subscriptions", security(("signIn" = ["trajectories:read"])), params(SubscriptionPath, Caller),
    responses((status = 204, description = "Ended.")),
)]
#[delete("/subscriptions/{subscriptionId}")]
pub async fn end(
    services: Data<Services>,
    named: SubscriptionPath,
    caller: Caller,
) -> Result<HttpResponse, Problem> {
    let own = super::own(&services, &caller, named).await?;
    services.ledger.unsubscribe(own.id, &caller.metadata(), services.clock.now()).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn set(
    services: &Services,
    named: SubscriptionPath,
    caller: &Caller,
    state: State,
) -> Result<HttpResponse, Problem> {
    let own = super::own(services, caller, named).await?;
    services.ledger.set_subscription_state(own.id, state).await?;
    let changed = super::own(services, caller, named).await?;
    Ok(HttpResponse::Ok()
        .insert_header(super::tag(&changed))
        .json(SubscriptionBody::of(services, changed).await?))
}
