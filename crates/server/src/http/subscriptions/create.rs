//! Making a subscription.

use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use omklap_domain::visibility::Role;
use omklap_store::Once;
use omklap_store::subscriptions::{NewSubscription, NotSubscribed};

use super::body::{CreatedBody, SubscriptionBody};
use super::request_bodies::SubscriptionRequest;
use crate::auth::scope::Scope;
use crate::http::feed;
use crate::http::problem::{Complaint, Fault, Kind, Problem};
use crate::http::request::caller::Caller;
use crate::http::request::preconditions::IdempotencyKey;
use crate::http::services::Services;
use crate::webhooks::allowed_hosts::NotAllowed;
use crate::webhooks::signature;

/// Subscribe
///
/// From now on, or from a cursor on, every event to which the caller has access is sent to this
/// address: as `CloudEvents` after the NL GOV profile, signed as Standard Webhooks says. Its
/// content depends on what the caller's role and organisation may see at that moment. It belongs to
/// that role of that organisation, which may have a hundred. A client follows the feed instead.
#[utoipa::path(
    operation_id = "createSubscription", tag = "subscriptions", security(("signIn" = ["trajectories:read"])), params(Caller, IdempotencyKey),
    request_body(content = SubscriptionRequest, description = "The address, and the kinds of events."),
    responses((status = 201, description = "Created. The secret is shown only once.", body = CreatedBody,
        headers(("Location", description = "The subscription."), ("ETag", description = "Its version, for `If-Match`.")))),
)]
#[post("/subscriptions")]
pub async fn create(
    services: Data<Services>,
    caller: Caller,
    IdempotencyKey { key }: IdempotencyKey,
    requested: SubscriptionRequest,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::TrajectoriesRead)?;
    if caller.viewer.role == Role::Client {
        return Err(not_a_partner());
    }
    services.messaging.sender.allowed().address(&requested.url).map_err(not_there)?;
    let position = match &requested.after {
        Some(cursor) => feed::place(&services, &caller.viewer.organisation, cursor, after()).await?.position,
        None => services.messaging.feed.settled().await?,
    };
    // The keys of one role are not those of another: a repeat shows the secret.
    let client = format!("{}/{}", caller.viewer.organisation, caller.viewer.role.as_str());
    let once = key.map(|key| Once { client, key, request_hash: requested.request_hash });
    let metadata = caller.metadata();
    let new = NewSubscription {
        id: services.clock.new_id(),
        client: caller.client,
        viewer: caller.viewer,
        url: requested.url,
        types: requested.types,
        position,
        created_at: services.clock.now(),
        metadata,
    };
    let (subscription, secret) = services.ledger.subscribe(new, once.as_ref()).await.map_err(why_not)?;
    let (location, tag) = (format!("/v1/subscriptions/{}", subscription.id), super::tag(&subscription));
    let subscription = SubscriptionBody::of(&services, subscription).await?;
    let created = CreatedBody { subscription, secret: signature::shown(&secret) };
    Ok(HttpResponse::Created().insert_header((LOCATION, location)).insert_header(tag).json(created))
}

/// A client (the person) has no server to receive messages.
fn not_a_partner() -> Problem {
    let partners = Role::ALL.into_iter().filter(|role| *role != Role::Client).map(Role::as_str);
    let partners = partners.collect::<Vec<_>>().join(", ");
    let complaint = Complaint::header("Authorization", Fault::NotOneOf).limit(partners);
    Problem { errors: vec![complaint], ..Kind::RoleNotAdmitted.into() }
}

fn why_not(error: NotSubscribed) -> Problem {
    match error {
        NotSubscribed::KeyReused => Kind::KeyReused.into(),
        NotSubscribed::TooMany => Kind::TooManySubscriptions.into(),
        NotSubscribed::Store(error) => error.into(),
    }
}

/// The place of a cursor in a body.
pub(super) fn after() -> Complaint {
    Complaint::body("/after", Fault::NotACursor)
}

pub(super) fn not_there(why: NotAllowed) -> Problem {
    let fault = match why {
        NotAllowed::NotAnAddress => Fault::NotAnAddress,
        NotAllowed::NotEncrypted => Fault::NotEncrypted,
        NotAllowed::NotPublic => Fault::HostNotPublic,
    };
    Complaint::body("/url", fault).into()
}
