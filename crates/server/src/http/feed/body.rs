//! An event in the feed.

use std::sync::Arc;

use jiff::Timestamp;
use omklap_domain::allocation::StreamId;
use omklap_domain::day::Day;
use omklap_domain::ids::{ObligationId, OfferId, TrajectoryId};
use omklap_domain::trajectory::fact::{AgreementSetVersion, Party};
use omklap_store::FeedEvent;
use omklap_store::deadlines::Deadline;
use omklap_store::deadlines::lapsed::LapsedOffer;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::event_type::{EventType, StreamFactOfFeed, StreamKindName};
use crate::http::allocation::vacancies::VacancyBody;
use crate::http::trajectories::timeline::EntryBody;
use crate::views::cache::FeedItem;
use crate::views::streams::StreamKey;

/// A page of the feed, in the order of the ledger.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FeedPage)]
#[serde(rename_all = "camelCase")]
pub struct PageBody {
    /// The events to which the caller has access, of the requested kinds.
    pub items: Vec<EventBody>,
    /// What to give as `after` next time, even if there are no items: it also skips events that the
    /// caller has no access to.
    #[schema(example = json!(super::cursor::EXAMPLE))]
    pub next: String,
    /// Whether there is more at once.
    pub more: bool,
}

/// An event of a trajectory, or of a stream beside it: a complex, a vacancy, a plan, a year of a guarantee fund
/// or a round.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FeedEvent)]
#[serde(rename_all = "camelCase")]
pub struct EventBody {
    /// The cursor after this event.
    #[schema(example = json!(super::cursor::EXAMPLE))]
    pub cursor: String,
    /// Its own id. Use it to recognise an event that is received twice.
    pub event_id: Uuid,
    /// The trajectory that it is about; absent if it is about a stream beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub trajectory_id: Option<TrajectoryId>,
    /// The stream beside the trajectory that it is about; absent if it is about a trajectory.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub stream: Option<StreamBody>,
    /// The kind: of fact, or `obligation-due-soon`,
    /// `obligation-overdue`, `offer-lapsed`; `fact-withheld` if the
    /// caller sees only that there is one; `trajectory-withdrawn` for the last event of a
    /// trajectory that the caller lost access to, `stream-withdrawn` for that of a stream beside it;
    /// `trajectory-destroyed` if its term has passed and it was deleted.
    #[serde(rename = "type")]
    #[schema(value_type = EventType, example = "offer-refused")]
    pub kind: &'static str,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Timestamp,
    /// The version of the trajectory or stream with this fact. A deadline and a destruction have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1)]
    pub version: Option<u64>,
    /// The version before it. A receiver that holds another version missed an event, or did not
    /// subscribe to its kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 0)]
    pub previous_version: Option<u64>,
    /// With `detail=full`, a fact that the caller sees at least in part, as the timeline shows it
    /// now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub entry: Option<Box<EntryBody>>,
    /// With `detail=full`, the obligation of a deadline that the caller may see.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub deadline: Option<Box<DeadlineBody>>,
    /// With `detail=full`, a fact of a stream beside the trajectory whose facts the caller sees.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<StreamFactOfFeed>)]
    pub fact: Option<Value>,
    /// With `detail=full`, the vacancy as the caller reads it now, if the caller does not see its facts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub vacancy: Option<Box<VacancyBody>>,
    /// With `detail=full`, the offer that lapsed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub lapsed: Option<Box<LapsedBody>>,
    /// With `detail=full`, true if the caller sees no more of the event than this; otherwise
    /// absent.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub detail_withheld: bool,
}

/// A stream beside the trajectory.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = FeedStream)]
pub struct StreamBody {
    /// What it is.
    #[schema(value_type = StreamKindName)]
    kind: &'static str,
    /// Its id.
    #[schema(value_type = Uuid)]
    id: StreamId,
    /// Where it is read; absent if the caller lost access to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<String>, example = "/v1/vacancies/7ac00001-0000-4000-8000-000000000001")]
    path: Option<Arc<str>>,
}

impl StreamBody {
    /// The stream, and where it is read.
    #[must_use]
    pub fn of((kind, id): StreamKey, path: Option<Arc<str>>) -> Self {
        Self { kind: kind.as_str(), id, path }
    }
}

/// The obligation of a deadline that came near or passed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FeedDeadline)]
#[serde(rename_all = "camelCase")]
pub struct DeadlineBody {
    /// The number of the agreement.
    #[schema(minimum = 1, maximum = 255)]
    agreement: u8,
    /// The obligation's id in the set.
    #[schema(value_type = String, example = "4.2")]
    obligation: ObligationId,
    /// The set.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = AgreementSetVersion)]
    agreement_set: Option<AgreementSetVersion>,
    /// By when it is due.
    #[schema(value_type = String, format = Date)]
    due_on: Day,
    /// The responsible parties.
    responsible: Vec<Party>,
    /// The number of the fact that started it.
    #[schema(minimum = 1)]
    started_by: u64,
}

impl From<Deadline> for DeadlineBody {
    fn from(deadline: Deadline) -> Self {
        let Deadline { agreement, obligation, agreement_set, due_on, responsible, started_by, .. } = deadline;
        let agreement_set = AgreementSetVersion::named(&agreement_set);
        Self { agreement, obligation, agreement_set, due_on, responsible, started_by }
    }
}

/// An offer that nobody answered in time.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FeedLapsedOffer)]
#[serde(rename_all = "camelCase")]
pub struct LapsedBody {
    /// The offer.
    offer_id: OfferId,
    /// The last day to answer it.
    #[schema(value_type = String, format = Date)]
    respond_by: Day,
    /// The number of the fact that made it.
    #[schema(minimum = 1)]
    started_by: u64,
}

impl From<LapsedOffer> for LapsedBody {
    fn from(LapsedOffer { offer_id, respond_by, started_by, .. }: LapsedOffer) -> Self {
        Self { offer_id, respond_by, started_by }
    }
}

impl EventBody {
    /// The thin item of an event, as the caller gets it.
    #[must_use]
    pub fn thin(event: &FeedEvent, FeedItem { kind, version, path }: FeedItem, cursor: String) -> Self {
        Self {
            cursor,
            event_id: event.event_id(),
            trajectory_id: event.subject.trajectory(),
            stream: event.subject.stream().map(|stream| StreamBody::of(stream, path)),
            kind,
            recorded_at: event.recorded_at(),
            version,
            previous_version: version.map(|version| version - 1),
            entry: None,
            deadline: None,
            fact: None,
            vacancy: None,
            lapsed: None,
            detail_withheld: false,
        }
    }
}
