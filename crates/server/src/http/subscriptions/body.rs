//! A subscription as JSON.

use jiff::Timestamp;
use omklap_domain::visibility::Role;
use omklap_store::subscriptions::{Notice, State, Subscription};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::feed::cursor::{self, Cursor};
use crate::http::feed::event_type::EventType;
use crate::http::problem::Problem;
use crate::http::services::Services;

/// A webhook subscription, as its owner reads it; without its secrets.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Subscription)]
#[serde(rename_all = "camelCase")]
pub struct SubscriptionBody {
    /// Its id.
    subscription_id: Uuid,
    /// The address to which it is delivered.
    #[schema(example = "https://hooks.example.org/omklap")]
    url: String,
    /// Kinds of events; an empty list is all.
    #[schema(value_type = Vec<EventType>, example = json!(["offer-refused", "obligation-overdue"]))]
    types: Vec<String>,
    /// The role whose access it has: that of its creator.
    #[schema(inline)]
    #[serde(serialize_with = "named")]
    #[schema(value_type = String, example = "care-provider")]
    role: Role,
    /// Whether it is delivered.
    state: StateBody,
    /// Up to here every event was delivered, or its trajectory is held back.
    #[schema(example = json!(cursor::EXAMPLE))]
    cursor: String,
    /// How many trajectories wait because one of their events was not accepted.
    #[schema(minimum = 0)]
    held_back: usize,
    /// Since when nothing was accepted; absent if something was accepted since.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = DateTime, required = false, nullable = false)]
    failing_since: Option<Timestamp>,
    /// When the receiver is tried again; absent if it does not rest.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = DateTime, required = false, nullable = false)]
    rests_until: Option<Timestamp>,
    /// Notices for its owner, the latest first.
    notices: Vec<NoticeBody>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

/// Whether a subscription is delivered.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SubscriptionState)]
#[serde(rename_all = "kebab-case")]
enum StateBody {
    /// It is.
    Active,
    /// Its owner paused it; events wait meanwhile.
    Paused,
    /// The receiver could not be reached for too long, or responded that it is gone for good (410).
    /// New events wait until the subscription is resumed.
    Disabled,
}

/// A notice for the owner of a subscription.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SubscriptionNotice)]
#[serde(rename_all = "camelCase")]
struct NoticeBody {
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    noticed_at: Timestamp,
    /// `disabled-gone`: the receiver responded with 410. `disabled-failing-for-five-days`: it
    /// accepted nothing for that long. `message-given-up`: this message was refused for three days
    /// while others were accepted; its trajectory went on.
    #[schema(example = "disabled-gone")]
    notice: String,
    /// The message that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    message_id: Option<Uuid>,
}

/// A new subscription, with its secret.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CreatedSubscription)]
#[serde(rename_all = "camelCase")]
pub struct CreatedBody {
    /// The subscription.
    #[serde(flatten)]
    pub subscription: SubscriptionBody,
    /// The secret that signs its messages (Standard Webhooks). It is shown only once, and stored
    /// encrypted.
    #[schema(
        pattern = "^whsec_[A-Za-z0-9+/]{32,88}={0,2}$",
        example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    )]
    pub secret: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a field over by reference")]
fn named<S: serde::Serializer>(role: &Role, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(role.as_str())
}

impl SubscriptionBody {
    /// The current state of a subscription.
    ///
    /// # Errors
    /// If the database cannot be reached.
    pub async fn of(services: &Services, subscription: Subscription) -> Result<Self, Problem> {
        let held_back = services.ledger.held_back(subscription.id).await?.len();
        let notices = services.ledger.notices(subscription.id).await?;
        let place = services.messaging.feed.place(subscription.position).await?;
        Ok(Self {
            subscription_id: subscription.id,
            url: subscription.url,
            types: subscription.types,
            role: subscription.viewer.role,
            state: subscription.state.into(),
            cursor: Cursor::of(&services.ledger, place, &subscription.viewer.organisation).to_string(),
            held_back,
            failing_since: subscription.health.failing_since,
            rests_until: subscription.health.rests_until,
            notices: notices.into_iter().map(NoticeBody::from).collect(),
            created_at: subscription.created_at,
        })
    }

    /// To show.
    #[must_use]
    pub fn example() -> Value {
        serde_json::json!({
            "subscriptionId": "0199f0a4-7d1e-7cc0-9d4c-1b6f5f0e2a11",
            "url": "https://hooks.example.org/omklap",
            "types": ["offer-refused", "obligation-overdue"],
            "role": "care-provider",
            "state": "active",
            "cursor": cursor::EXAMPLE,
            "heldBack": 0,
            "notices": [],
            "createdAt": "2026-04-01T09:00:00Z",
        })
    }
}

impl CreatedBody {
    /// To show.
    #[must_use]
    pub fn example() -> Value {
        let mut shown = SubscriptionBody::example();
        shown["secret"] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into();
        shown
    }
}

impl From<State> for StateBody {
    fn from(state: State) -> Self {
        match state {
            State::Active => Self::Active,
            State::Paused => Self::Paused,
            State::Disabled => Self::Disabled,
        }
    }
}

impl From<Notice> for NoticeBody {
    fn from(notice: Notice) -> Self {
        Self { noticed_at: notice.noticed_at, notice: notice.notice, message_id: notice.message }
    }
}
