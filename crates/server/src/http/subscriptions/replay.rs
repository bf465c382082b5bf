//! Sending by hand: a test, one message again, or everything from a place on.

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use omklap_store::subscriptions::{Attempt, Message, Subscription};
use uuid::Uuid;

use super::SubscriptionPath;
use super::body::SubscriptionBody;
use super::create::after;
use super::deliveries::AttemptBody;
use super::request_bodies::ReplayRequest;
use crate::http::feed;
use crate::http::problem::{Kind, Problem};
use crate::http::request::caller::Caller;
use crate::http::services::Services;
use crate::views::log_disclosures::FeedDisclosures;
use crate::webhooks::cloud_event::CloudEvent;

/// Send a test
///
/// Sends a message of the type `nl.omklap.test.v1` at once, regardless of the state of the
/// subscription, and returns the outcome.
#[utoipa::path(
    operation_id = "testSubscription", tag = "subscriptions", security(("signIn" = ["trajectories:read"])), params(SubscriptionPath, Caller),
    responses((status = 200, description = "The outcome.", body = AttemptBody)),
)]
#[post("/subscriptions/{subscriptionId}/tests")]
pub async fn test(
    services: Data<Services>,
    named: SubscriptionPath,
    caller: Caller,
) -> Result<HttpResponse, Problem> {
    let own = super::own(&services, &caller, named).await?;
    let id = services.clock.new_id();
    let event = CloudEvent::test(id, services.clock.now(), &services.messaging.settings);
    send(&services, &own, &event, Message { id, subject: None, position: None }).await
}

/// Send a message again
///
/// Sends a message that was tried in the last thirty days again, with the same id, and returns the
/// outcome. The position of the subscription does not change.
#[utoipa::path(
    operation_id = "replayMessage", tag = "subscriptions", security(("signIn" = ["trajectories:read"])),
    params(SubscriptionPath, ("messageId" = Uuid, Path, description = "The message: the event's id."), Caller),
    responses((status = 200, description = "The outcome.", body = AttemptBody)),
)]
#[post("/subscriptions/{subscriptionId}/messages/{messageId}/replays")]
pub async fn again(
    services: Data<Services>,
    named: SubscriptionPath,
    path: Path<(String, String)>,
    caller: Caller,
) -> Result<HttpResponse, Problem> {
    let own = super::own(&services, &caller, named).await?;
    let message: Uuid = path.1.parse().map_err(|_| Kind::NoSuchMessage)?;
    let tried = services.ledger.attempts(own.id, Some(message), None, 1).await?;
    let Some(Message { subject: Some(subject), position: Some(position), .. }) =
        tried.first().map(|tried| tried.message)
    else {
        return Err(Kind::NoSuchMessage.into());
    };
    let events = services.messaging.feed.events_of(subject, position - 1, position, 1).await?;
    let seen = services.messaging.views.seen(&own.viewer, &events).await?;
    let event = events.first().ok_or(Kind::NoSuchMessage)?;
    let item = seen.item(event).ok_or(Kind::NoSuchMessage)?;
    let mut disclosures = FeedDisclosures::default();
    disclosures.add_event(event, item.kind, services.ledger.sets());
    disclosures.log(&services.ledger, &services.clock, &own).await?;
    let message = Message { id: event.event_id(), subject: Some(subject), position: Some(position) };
    send(&services, &own, &CloudEvent::of(event, &item, &services.messaging.settings), message).await
}

/// Replay from a cursor
///
/// Everything after it is sent again, in order and with the same ids.
#[utoipa::path(
    operation_id = "replaySubscription", tag = "subscriptions", security(("signIn" = ["trajectories:read"])), params(SubscriptionPath, Caller),
    request_body(content = ReplayRequest, description = "The cursor to replay from."),
    responses((status = 200, description = "It continues from there.", body = SubscriptionBody)),
)]
#[post("/subscriptions/{subscriptionId}/replays")]
pub async fn replay(
    services: Data<Services>,
    named: SubscriptionPath,
    caller: Caller,
    since: ReplayRequest,
) -> Result<HttpResponse, Problem> {
    let own = super::own(&services, &caller, named).await?;
    let place = feed::place(&services, &own.viewer.organisation, &since.after, after()).await?;
    services.ledger.replay_subscription(own.id, place.position).await?;
    let own = super::own(&services, &caller, named).await?;
    Ok(HttpResponse::Ok().json(SubscriptionBody::of(&services, own).await?))
}

/// Sends at once, and stores the attempt.
async fn send(
    services: &Services,
    to: &Subscription,
    event: &CloudEvent,
    message: Message,
) -> Result<HttpResponse, Problem> {
    let now = services.clock.now();
    let secrets = services.ledger.signing_secrets(to.id).await?.ok_or(Kind::NoSuchSubscription)?;
    let sent = services.messaging.sender.send(&to.url, &secrets.signing_at(now), event, now).await;
    let tried = Attempt {
        message,
        attempt: 0,
        attempted_at: now,
        took_ms: sent.took_ms,
        outcome: sent.outcome.as_str(),
        status: sent.status,
    };
    services.ledger.keep_attempt(to.id, &tried).await?;
    Ok(HttpResponse::Ok().json(AttemptBody::from(tried)))
}
