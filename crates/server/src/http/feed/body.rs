//! An event in the feed.

use jiff::Timestamp;
use omklap_domain::day::Day;
use omklap_domain::ids::{ObligationId, OfferId, TrajectoryId};
use omklap_domain::trajectory::fact::{AgreementSetVersion, Party};
use omklap_store::deadlines::Deadline;
use omklap_store::deadlines::lapsed::LapsedOffer;
use omklap_store::{EventContent, FeedEvent};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::event_type::EventType;
use crate::http::trajectories::timeline::EntryBody;

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

/// An event of a trajectory.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FeedEvent)]
#[serde(rename_all = "camelCase")]
pub struct EventBody {
    /// The cursor after this event.
    #[schema(example = json!(super::cursor::EXAMPLE))]
    pub cursor: String,
    /// Its own id. Use it to recognise an event that is received twice.
    pub event_id: Uuid,
    /// Whose event it is.
    pub trajectory_id: TrajectoryId,
    /// The kind: of fact, or `obligation-due-soon`,
    /// `obligation-overdue`, `offer-lapsed`; `fact-withheld` if the
    /// caller sees only that there is one; `trajectory-withdrawn` for the last event of a
    /// trajectory that the caller lost access to; `trajectory-destroyed` if its term has passed and
    /// it was deleted.
    #[serde(rename = "type")]
    #[schema(value_type = EventType, example = "offer-refused")]
    pub kind: &'static str,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Timestamp,
    /// The trajectory's version with this fact. A deadline and a destruction have none.
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
    /// The thin item of an event, under this kind.
    #[must_use]
    pub fn thin(event: &FeedEvent, kind: &'static str, cursor: String) -> Self {
        let version = match &event.event {
            EventContent::Fact(fact) => Some(fact.sequence),
            EventContent::Deadline(_) | EventContent::Lapsed(_) | EventContent::Destroyed(_) => None,
        };
        Self {
            cursor,
            event_id: event.event_id(),
            trajectory_id: event.trajectory,
            kind,
            recorded_at: event.recorded_at(),
            version,
            previous_version: version.map(|version| version - 1),
            entry: None,
            deadline: None,
            lapsed: None,
            detail_withheld: false,
        }
    }
}
