//! Every delivery attempt.

use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use jiff::Timestamp;
use omklap_domain::ids::TrajectoryId;
use omklap_store::Subject;
use omklap_store::subscriptions::{Attempt, ListedAttempt};
use serde::Serialize;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::SubscriptionPath;
use crate::http::feed::body::StreamBody;
use crate::http::problem::{Fault, Problem};
use crate::http::request::caller::Caller;
use crate::http::request::page::{PageParams, PageParamsDoc, cursor, linked};
use crate::http::request::query::{Parameters, Params, Query};
use crate::http::services::Services;

/// The filter and the page.
#[derive(Clone, Debug)]
pub struct DeliveryListParams {
    message: Option<Uuid>,
    page: PageParams<i64>,
}

/// The filter and the page.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read into an id; this is its documentation")]
struct DeliveryListParamsDoc {
    /// Of this message.
    #[param(rename = "messageId", nullable = false)]
    message_id: Option<Uuid>,
}

/// A page of attempts, the latest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeliveryPage)]
struct PageBody {
    /// The attempts.
    items: Vec<AttemptBody>,
    /// What to give as `cursor` for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    next: Option<String>,
}

/// One attempt to deliver one message to the address of a subscription.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeliveryAttempt)]
#[serde(rename_all = "camelCase")]
pub struct AttemptBody {
    /// The message: the event's id, and `webhook-id`.
    message_id: Uuid,
    /// The trajectory of the event; absent for a test, and if the owner no longer has access to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    trajectory_id: Option<TrajectoryId>,
    /// The stream beside the trajectory of the event, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    stream: Option<StreamBody>,
    /// The number of the attempt for this message; 0 for one sent by hand.
    #[schema(minimum = 0)]
    attempt: u32,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    attempted_at: Timestamp,
    /// How long it took, in milliseconds.
    #[schema(minimum = 0)]
    took_ms: u32,
    /// The outcome: `delivered`, `refused`, `gone`, `asked-to-wait`, `redirected`, `timed-out`,
    /// `certificate-refused`, `target-not-allowed` or `unreachable`.
    #[schema(example = "delivered")]
    outcome: String,
    /// The status of the receiver's response, if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 100, maximum = 999)]
    status: Option<u16>,
}

/// List deliveries
///
/// Every attempt of the last thirty days, accepted or not, the latest first.
#[utoipa::path(
    operation_id = "listDeliveries", tag = "subscriptions", security(("signIn" = ["trajectories:read"])), params(SubscriptionPath, Caller, DeliveryListParamsDoc, PageParamsDoc),
    responses((status = 200, description = "A page.", body = PageBody,
        headers(("Link", description = "The next page (`rel=\"next\"`); absent on the last one.")))),
)]
#[get("/subscriptions/{subscriptionId}/deliveries")]
pub async fn deliveries(
    services: Data<Services>,
    named: SubscriptionPath,
    caller: Caller,
    Params(DeliveryListParams { message, page }): Params<DeliveryListParams>,
) -> Result<HttpResponse, Problem> {
    let own = super::own(&services, &caller, named).await?;
    let mut found = services.ledger.attempts(own.id, message, page.after, page.limit + 1).await?;
    let next = page.cut(&mut found, |last| last.id);
    let mut answer = linked(next.as_ref());
    let trajectories = found.iter().filter_map(|tried| tried.message.trajectory()).collect();
    let seen = services.messaging.views.seen_of(&caller.viewer, trajectories).await?;
    let streams = found.iter().filter_map(|tried| tried.message.stream()).collect();
    let streams = services.messaging.views.seen_streams(&caller.viewer, streams).await?;
    let path = |stream| streams.get(&stream).and_then(|seen| seen.path.clone());
    let shown = |mut tried: ListedAttempt| {
        tried.message.subject = tried.message.subject.filter(|subject| match subject {
            Subject::Trajectory(id) => seen.view(*id).is_some(),
            Subject::Stream(kind, id) => path((*kind, *id)).is_some(),
        });
        let stream = tried.message.stream().map(|stream| StreamBody::of(stream, path(stream)));
        AttemptBody { stream, ..AttemptBody::from(tried) }
    };
    let items = found.into_iter().map(shown).collect();
    Ok(answer.json(PageBody { items, next: cursor(next.as_ref()) }))
}

impl AttemptBody {
    /// To show.
    #[must_use]
    pub fn example() -> Value {
        serde_json::json!({
            "messageId": "0199a3b4-c5d6-7f01-a234-56789abcdef0",
            "trajectoryId": "0199a3b4-c5d6-7e8f-9012-3456789abcde",
            "attempt": 1,
            "attemptedAt": "2026-04-01T09:00:00Z",
            "tookMs": 42,
            "outcome": "delivered",
            "status": 204,
        })
    }
}

impl Parameters for DeliveryListParams {
    fn read(query: &mut Query) -> Self {
        Self { message: query.take("messageId", Fault::NotAUuid), page: PageParams::read(query) }
    }
}

impl From<ListedAttempt> for AttemptBody {
    fn from(tried: ListedAttempt) -> Self {
        Self {
            message_id: tried.message.id,
            trajectory_id: tried.message.trajectory(),
            stream: tried.message.stream().map(|stream| StreamBody::of(stream, None)),
            attempt: tried.attempt,
            attempted_at: tried.attempted_at,
            took_ms: tried.took_ms,
            outcome: tried.outcome,
            status: tried.status,
        }
    }
}

impl From<Attempt> for AttemptBody {
    fn from(tried: Attempt) -> Self {
        Self {
            message_id: tried.message.id,
            trajectory_id: tried.message.trajectory(),
            stream: tried.message.stream().map(|stream| StreamBody::of(stream, None)),
            attempt: tried.attempt,
            attempted_at: tried.attempted_at,
            took_ms: tried.took_ms,
            outcome: tried.outcome.to_owned(),
            status: tried.status,
        }
    }
}
