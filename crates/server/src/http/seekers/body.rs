//! The answer of the list of seekers.

use omklap_domain::agreements::calendar::days_between;
use omklap_domain::day::Day;
use omklap_domain::ids::{MunicipalityCode, OfferId, OrganisationId, TrajectoryId};
use omklap_domain::seekers::{Certainty, Needs, OpenOffer, Seeker, Stuck};
use omklap_domain::trajectory::Phase;
use omklap_domain::trajectory::fact::{Access, Bottleneck, Cents, Household, Profile};
use omklap_store::SeekerRow;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::view::listed::ListedCases;

/// One client who seeks a home.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Seeker)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct SeekerBody {
    /// The trajectory.
    trajectory_id: TrajectoryId,
    /// The client's name; absent if the caller may not see it, or if it was erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Sam de Boer")]
    client_name: Option<String>,
    /// The case number of the caller's own organisation, if it gave one; nobody else sees it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "ZV-2026-0041")]
    reference: Option<String>,
    /// The phase.
    phase: Phase,
    /// Since when the client is ready; of a client who lives in one home and seeks another, since
    /// when it was requested.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date, nullable = false)]
    ready_on: Option<Day>,
    /// When the client is expected to be ready. It may be past.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date, nullable = false)]
    expected_on: Option<Day>,
    /// What that day rests on; absent if no day is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    certainty: Option<Certainty>,
    /// For how many days the client has been ready.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 0)]
    days_waiting: Option<u32>,
    /// The provider that guides.
    care_provider: OrganisationId,
    /// The municipality that directs.
    municipality: OrganisationId,
    /// The corporation, once assigned.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    corporation: Option<OrganisationId>,
    /// The offer that is open or accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    offer: Option<OfferBody>,
    /// How many offers count as the client's by the agreements.
    offers_used: u8,
    /// What holds the case up: named at the case table and not removed since.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    stuck: Option<StuckBody>,
    /// What the client needs, by the last profile; absent if the caller may not see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    needs: Option<NeedsBody>,
}

/// An offer that is open or accepted.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OpenOffer)]
#[serde(rename_all = "camelCase")]
struct OfferBody {
    /// The offer.
    offer_id: OfferId,
    /// The last day to answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date, nullable = false)]
    respond_by: Option<Day>,
    /// Whether the client accepted it.
    accepted: bool,
}

/// What holds a case up.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StuckCase)]
#[serde(rename_all = "camelCase")]
struct StuckBody {
    /// The bottleneck.
    bottleneck: Bottleneck,
    /// The day of the talk that named it last.
    #[schema(value_type = String, format = Date)]
    since: Day,
}

/// What a client needs of a home. The areas are in the profile itself.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HousingNeeds)]
#[serde(rename_all = "camelCase")]
struct NeedsBody {
    /// The kind of home that fits.
    profile: Profile,
    /// Who moves in.
    household: Household,
    /// Where the client comes from.
    municipality_of_origin: MunicipalityCode,
    /// The access that is needed.
    access: Access,
    /// Whether the place must be quiet.
    quiet_needed: bool,
    /// Whether pets come along.
    pets: bool,
    /// The highest rent a month, in euro cents.
    rent_limit_cents: Cents,
}

impl SeekerBody {
    /// The seeker of a row, today, with what the caller sees of the trajectory itself.
    pub(in crate::http) fn of(row: &SeekerRow, today: Day, cases: &ListedCases) -> Self {
        Self {
            client_name: cases.name(row.trajectory_id),
            reference: cases.reference(row.trajectory_id),
            ..Self::of_row(row, today)
        }
    }

    /// The seeker of a row.
    pub(in crate::http) fn of_row(row: &SeekerRow, today: Day) -> Self {
        let Seeker { phase, certainty, day, corporation, offer, offers_used, stuck, needs } = row.seeker();
        let ready_on = (certainty == Some(Certainty::Sure)).then_some(day);
        let expected_on = matches!(certainty, Some(Certainty::Announced | Certainty::Estimated));
        Self {
            trajectory_id: row.trajectory_id,
            client_name: None,
            reference: None,
            phase,
            ready_on,
            expected_on: expected_on.then_some(day),
            certainty,
            days_waiting: ready_on.map(|ready_on| u32::try_from(days_between(ready_on, today)).unwrap_or(0)),
            care_provider: row.care_provider.clone(),
            municipality: row.municipality.clone(),
            corporation,
            offer: offer.map(OfferBody::from),
            offers_used,
            stuck: stuck.map(|Stuck { on, since }| StuckBody { bottleneck: on, since }),
            needs: needs.map(NeedsBody::from),
        }
    }

    /// As an example, with a name and an own case number.
    pub(in crate::http) fn named(self, name: &str, reference: &str) -> Self {
        Self { client_name: Some(name.to_owned()), reference: Some(reference.to_owned()), ..self }
    }
}

impl From<OpenOffer> for OfferBody {
    fn from(OpenOffer { id, respond_by, accepted }: OpenOffer) -> Self {
        Self { offer_id: id, respond_by, accepted }
    }
}

impl From<Needs> for NeedsBody {
    fn from(needs: Needs) -> Self {
        Self {
            profile: needs.profile,
            household: needs.household,
            municipality_of_origin: needs.origin,
            access: needs.access,
            quiet_needed: needs.quiet,
            pets: needs.pets,
            rent_limit_cents: needs.rent_limit,
        }
    }
}
