//! An event as partners receive it: a `CloudEvent` 1.0 after the NL GOV profile, in structured
//! mode.
//!
//! It is thin: it says that an event of a kind happened in a trajectory or a stream beside it, and the
//! address where callers with access can read it. No attribute holds personal data; a trajectory id is a random
//! pseudonym.

use jiff::Timestamp;
use omklap_domain::allocation::StreamId;
use omklap_domain::ids::TrajectoryId;
use omklap_store::{EventContent, FeedEvent, Subject};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Settings;
use crate::http::feed::event_type::StreamKindName;
use crate::http::request::page;
use crate::views::cache::{FeedItem, WITHDRAWN};

/// The media type of a message.
pub const CONTENT_TYPE: &str = "application/cloudevents+json; charset=utf-8";

/// A message to a partner: a `CloudEvent` 1.0 after the NL GOV profile 1.1.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CloudEvent)]
pub struct CloudEvent {
    /// `1.0`.
    #[schema(value_type = String, example = "1.0")]
    specversion: &'static str,
    /// The event's own id, and `webhook-id`: the same each time that it is sent.
    id: Uuid,
    /// Who publishes: a URN of the organisation and the system.
    #[schema(example = "urn:nld:oin:00000000000000000000:systeem:omklap")]
    source: String,
    /// What happened: `nl.omklap.`, the kind of event, and the version of this form.
    #[serde(rename = "type")]
    #[schema(example = "nl.omklap.offer-refused.v1")]
    kind: String,
    /// The trajectory, or the stream beside it; absent in a test.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    subject: Option<Uuid>,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    time: Timestamp,
    /// `application/json`.
    #[schema(value_type = String, example = "application/json")]
    datacontenttype: &'static str,
    /// The address where callers with access can read the event; absent in a test, and if the
    /// trajectory or stream was withdrawn or destroyed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    dataref: Option<String>,
    /// The place in the order of the ledger: of two events the later one has the greater text;
    /// absent in a test.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, pattern = "^[0-9]{15}$")]
    sequence: Option<String>,
    /// What is needed to see whether something was missed.
    data: Data,
}

/// What is needed to see whether something was missed.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = CloudEventData)]
#[serde(rename_all = "camelCase")]
struct Data {
    /// The trajectory that it is about; absent in a test, and if it is about a stream beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    trajectory_id: Option<TrajectoryId>,
    /// The stream beside the trajectory that it is about; absent if it is about a trajectory.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<Uuid>)]
    stream_id: Option<StreamId>,
    /// What that stream is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<StreamKindName>)]
    stream_kind: Option<&'static str>,
    /// The version of the trajectory or stream with this fact. A deadline and a destruction have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1)]
    version: Option<u64>,
    /// The version before it. A receiver that holds another version missed an event, or did not
    /// subscribe to its kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 0)]
    previous_version: Option<u64>,
}

impl CloudEvent {
    /// The message about an event, as its receiver gets it.
    #[must_use]
    pub fn of(event: &FeedEvent, item: &FeedItem, settings: &Settings) -> Self {
        let FeedItem { kind, version, path } = item;
        let at = match event.subject {
            Subject::Trajectory(id) => at(id, event, kind),
            Subject::Stream(..) => path.as_ref().map(ToString::to_string),
        };
        let (trajectory_id, stream) = (event.subject.trajectory(), event.subject.stream());
        Self {
            subject: Some(event.subject.id()),
            dataref: at.map(|at| format!("{}{at}", settings.public_url)),
            sequence: Some(format!("{:015}", event.position)),
            data: Data {
                trajectory_id,
                stream_id: stream.map(|(_, id)| id),
                stream_kind: stream.map(|(kind, _)| kind.as_str()),
                version: *version,
                previous_version: version.map(|version| version - 1),
            },
            ..Self::bare(event.event_id(), kind, event.recorded_at(), settings)
        }
    }

    /// A test message.
    #[must_use]
    pub fn test(id: Uuid, now: Timestamp, settings: &Settings) -> Self {
        Self::bare(id, "test", now, settings)
    }

    fn bare(id: Uuid, kind: &str, time: Timestamp, settings: &Settings) -> Self {
        Self {
            specversion: "1.0",
            id,
            source: settings.event_source.clone(),
            kind: kind_of(kind),
            subject: None,
            time,
            datacontenttype: "application/json",
            dataref: None,
            sequence: None,
            data: Data::default(),
        }
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// The bytes that are sent and signed.
    ///
    /// # Panics
    /// Never: it is texts and numbers, which JSON can say.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("texts and numbers")
    }
}

/// Where an event of a trajectory is read.
fn at(trajectory: TrajectoryId, event: &FeedEvent, kind: &str) -> Option<String> {
    let path = format!("/v1/trajectories/{trajectory}");
    let fact = |sequence: u64| page::one_after(&format!("{path}/events"), &(sequence - 1));
    match &event.event {
        // After a withdrawal the receiver can read nothing.
        EventContent::Fact(_) if kind == WITHDRAWN => None,
        EventContent::Fact(recorded) => Some(fact(recorded.sequence)),
        EventContent::Lapsed(lapsed) => Some(fact(lapsed.offer.started_by)),
        EventContent::Deadline(_) => Some(format!("{path}/agreements")),
        EventContent::Destroyed(_) | EventContent::OfStream(_) => None,
    }
}

/// The `type` of messages of this kind.
#[must_use]
pub fn kind_of(kind: &str) -> String {
    format!("nl.omklap.{kind}.v1")
}
