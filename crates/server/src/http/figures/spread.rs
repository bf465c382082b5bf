//! Where the clients of a region live on a day.

use std::collections::BTreeMap;

use actix_web::get;
use actix_web::web::{Data, Json};
use jiff::Timestamp;
use omklap_domain::allocation::{Complex, ComplexDescribed, NeighbourhoodCode};
use omklap_domain::day::Day;
use omklap_domain::figures::{
    ComplexKey, Contribution, NamedComplexes, NamedNeighbourhoods, Residents, SeekersCounted, counted_seekers,
};
use omklap_domain::ids::{ComplexId, MunicipalityCode, OrganisationId, RegionId};
use omklap_domain::visibility::Viewer;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::outflow::announces;
use super::params::{Choice, ended_year};
use super::{Regional, set_of};
use crate::clock;
use crate::http::problem::{Complaint, Fault, Problem};
use crate::http::request::caller::Caller;
use crate::http::request::query::{Parameters, Params, Query};
use crate::http::seekers::StuckCountBody;
use crate::http::services::Services;

/// Where the clients of a region live on a day, and what holds up those who seek a home. A count is null
/// if it would reveal something about single people; a place with too few people is not named.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Residents)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct ResidentsBody {
    /// The region.
    region: RegionId,
    /// The day.
    #[schema(value_type = String, format = Date)]
    on: Day,
    /// Counts above zero and below this are not shown.
    suppressed_below: u32,
    /// Those who live in a home of which the place is known.
    residents: Option<u32>,
    /// The municipalities with enough of them.
    municipalities: Vec<MunicipalityBody>,
    /// Those in all other municipalities together.
    other_municipalities: Option<u32>,
    /// Those who live in a home of which the place is not known: a case that was taken over while it ran.
    of_unknown_place: Option<u32>,
    /// Those who seek a home and whose case is stuck, by what holds it up. Every count is null to a
    /// provider, which could uncover one by reporting itself, and to a client.
    stuck: Vec<StuckCountBody>,
}

/// The clients who live in one municipality.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ResidentsOfMunicipality)]
#[serde(rename_all = "camelCase")]
struct MunicipalityBody {
    /// The municipality.
    municipality: MunicipalityCode,
    /// How many.
    residents: u32,
    /// Its neighbourhoods with enough of them.
    neighbourhoods: Vec<NeighbourhoodBody>,
    /// Those in all its other neighbourhoods together.
    other_neighbourhoods: Option<u32>,
}

/// The clients who live in one neighbourhood.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ResidentsOfNeighbourhood)]
#[serde(rename_all = "camelCase")]
struct NeighbourhoodBody {
    /// The neighbourhood; absent for the homes of which it is not known, because no complex was named
    /// or the complex was not described.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    neighbourhood: Option<NeighbourhoodCode>,
    /// How many.
    residents: u32,
    /// Its complexes with enough of them.
    complexes: Vec<ComplexBody>,
    /// Those in all its other complexes together.
    other_complexes: Option<u32>,
}

/// The clients who live in one complex.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ResidentsOfComplex)]
#[serde(rename_all = "camelCase")]
struct ComplexBody {
    /// The corporation; absent, with the complex, for homes in none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    corporation: Option<OrganisationId>,
    /// The complex.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    complex: Option<ComplexId>,
    /// How many homes it has, if it was described.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    homes: Option<u16>,
    /// How many.
    residents: u32,
}

/// The complexes as they were described.
type Described = BTreeMap<ComplexKey, ComplexDescribed>;

/// The day for which it is asked.
#[derive(Clone, Copy, Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SpreadParams {
    /// Where they lived on this day, which must not be in the future. Without it: today. Callers without
    /// access to every case of the region can only ask for the last day of a calendar year that has
    /// ended, as it was known then; without it, the last such day.
    #[param(value_type = Option<String>, format = Date, nullable = false)]
    on: Option<Day>,
}

/// Read where clients live
///
/// How many clients live in each municipality, neighbourhood and complex of the region on a day, of how many
/// homes, and how many cases are stuck by each bottleneck. Counted are clients who live under a lease of the partners, and after the
/// flip those whom the partners follow up. Small counts are withheld as in the figures.
#[utoipa::path(
    operation_id = "readSpread", tag = "allocation", security(("signIn" = ["figures:read"])), params(Regional, Caller, SpreadParams),
    responses((status = 200, description = "The counts.", body = ResidentsBody))
)]
#[get("/regions/{region}/spread")]
pub async fn spread(
    services: Data<Services>,
    Regional { region }: Regional,
    caller: Caller,
    Params(params): Params<SpreadParams>,
) -> Result<Json<ResidentsBody>, Problem> {
    let choice = Choice::of(&caller.viewer, &region);
    let asked = params.asked(services.clock.today(), choice)?;
    Ok(Json(ResidentsBody::read(&services, &caller.viewer, region, asked).await?))
}

/// The complexes of a region as they were described on a day, as it was known at an instant.
async fn described(
    services: &Services,
    region: &RegionId,
    on: Day,
    known_at: Option<Timestamp>,
) -> Result<Described, Problem> {
    let streams = services.ledger.streams_of_region::<Complex>(region).await?;
    let then = streams.into_iter().map(|stream| match known_at {
        Some(instant) => stream.known_at(instant),
        None => stream,
    });
    let described = then.filter_map(|stream| stream.history().state_on(on).described);
    Ok(described.map(|one| ((one.corporation.clone(), one.complex.clone()), one)).collect())
}

/// An example of the response.
#[must_use]
pub fn example(contribution: &Contribution, on: Day) -> impl Serialize + use<> {
    ResidentsBody::of(contribution.region.clone(), on, 5, &[contribution], &Described::new())
}

impl ResidentsBody {
    /// Where clients live on a day, as it was known at an instant, as this viewer may read it.
    pub(in crate::http) async fn read(
        services: &Services,
        viewer: &Viewer,
        region: RegionId,
        (on, known_at): (Day, Option<Timestamp>),
    ) -> Result<Self, Problem> {
        let threshold = set_of(services, &region)?.figures.suppress_below;
        let added = services.ledger.contributions_then(&region, on, known_at).await?;
        let counted: Vec<&Contribution> = added.iter().map(|(_, one)| one).collect();
        let complexes = described(services, &region, on, known_at).await?;
        let body = Self::of(region, on, threshold, &counted, &complexes);
        Ok(if announces(viewer.role) { body.without_stuck() } else { body })
    }

    fn of(
        region: RegionId,
        on: Day,
        suppressed_below: u32,
        counted: &[&Contribution],
        complexes: &Described,
    ) -> Self {
        let residents = Residents::of(counted.iter().copied(), complexes);
        let SeekersCounted { stuck, .. } = counted_seekers(counted.iter().copied(), suppressed_below);
        let (known, municipalities) = residents.published(suppressed_below);
        let of_each =
            |(municipality, (many, parts))| MunicipalityBody::of(municipality, many, parts, complexes);
        Self {
            region,
            on,
            suppressed_below,
            residents: known.count(),
            other_municipalities: municipalities.others.count(),
            municipalities: municipalities.shown.into_iter().map(of_each).collect(),
            of_unknown_place: residents.of_unknown_place(suppressed_below).count(),
            stuck: stuck.into_iter().map(StuckCountBody::from).collect(),
        }
    }

    fn without_stuck(self) -> Self {
        Self { stuck: self.stuck.into_iter().map(StuckCountBody::withheld).collect(), ..self }
    }
}

impl MunicipalityBody {
    fn of(
        municipality: MunicipalityCode,
        residents: u32,
        parts: NamedNeighbourhoods,
        complexes: &Described,
    ) -> Self {
        let of_each =
            |(neighbourhood, (many, parts))| NeighbourhoodBody::of(neighbourhood, many, parts, complexes);
        Self {
            municipality,
            residents,
            other_neighbourhoods: parts.others.count(),
            neighbourhoods: parts.shown.into_iter().map(of_each).collect(),
        }
    }
}

impl NeighbourhoodBody {
    fn of(
        neighbourhood: Option<NeighbourhoodCode>,
        residents: u32,
        parts: NamedComplexes,
        complexes: &Described,
    ) -> Self {
        let complex = |(key, (residents, ())): (Option<ComplexKey>, _)| {
            let homes = key.as_ref().and_then(|key| complexes.get(key)).map(|described| described.homes);
            let (corporation, complex) = key.unzip();
            ComplexBody { corporation, complex, homes, residents }
        };
        Self {
            neighbourhood,
            residents,
            other_complexes: parts.others.count(),
            complexes: parts.shown.into_iter().map(complex).collect(),
        }
    }
}

impl SpreadParams {
    /// The day, and the instant at which it was known.
    fn asked(self, today: Day, choice: Choice) -> Result<(Day, Option<Timestamp>), Problem> {
        if choice == Choice::WholeYears {
            let on = ended_year(self.on, today).ok_or(Complaint::parameter("on", Fault::WholeYearsOnly))?;
            return Ok((on, Some(clock::ended(on))));
        }
        match self.on {
            Some(on) if on > today => Err(Complaint::parameter("on", Fault::StillToCome).into()),
            on => Ok((on.unwrap_or(today), None)),
        }
    }
}

impl Parameters for SpreadParams {
    fn read(query: &mut Query) -> Self {
        Self { on: query.take_day("on") }
    }
}
