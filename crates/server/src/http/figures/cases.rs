//! The trajectories behind one figure, for whoever may see them.

use std::collections::{BTreeMap, BTreeSet};
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse, get};
use omklap_domain::figures::{Figures, Share};
use omklap_domain::ids::{RegionId, TrajectoryId};
use omklap_domain::visibility::{Category, Role};
use omklap_store::Filter;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::{Regional, Span, added, set_of};
use crate::http::Services;
use crate::http::access::{self, Disclosure};
use crate::http::caller::Caller;
use crate::http::problem::{Kind, Problem};
use crate::http::query::Asked;

/// The trajectories behind a figure, in the order of their ids.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CasesBehindFigure)]
struct CasesBody {
    /// The trajectories.
    items: Vec<CaseBody>,
}

/// What one trajectory adds to a figure.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseBehindFigure)]
#[serde(rename_all = "camelCase")]
struct CaseBody {
    /// The trajectory.
    trajectory_id: TrajectoryId,
    /// How often it is counted.
    counted: u32,
    /// How often it is one of the others, by what became of it.
    others: BTreeMap<&'static str, u32>,
    /// How often nobody knows.
    unknown: u32,
    /// Whether it is apart because the client died.
    deceased: u32,
}

/// The figure that a path names.
#[derive(Clone, Copy, Debug, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct Behind {
    /// Which of the figures.
    #[param(inline, example = "flip-rate")]
    figure: FigureName,
}

/// The figures that count trajectories (`domain.md` §6).
#[derive(Clone, Copy, Debug, ToSchema)]
#[schema(rename_all = "kebab-case")]
enum FigureName {
    /// Flipped, of the intermediary leases that ended or are old.
    FlipRate,
    /// Still well a year after the flip.
    #[schema(rename = "retention-1")]
    Retention1,
    /// Still well two years after the flip.
    #[schema(rename = "retention-2")]
    Retention2,
    /// Still well three years after the flip.
    #[schema(rename = "retention-3")]
    Retention3,
    /// Follow-up ended well, of those housed.
    EndToEnd,
    /// A home within three months, or as the set says.
    HomeInTime,
}

/// Read the cases behind a figure
///
/// Those of the caller's own organisation; the matching point sees those of all.
#[utoipa::path(
    operation_id = "readFigureCases", tag = "figures", security(("signIn" = ["figures:read"])),
    params(Regional, Behind, Caller, Span),
    responses((status = 200, description = "The trajectories.", body = CasesBody))
)]
#[get("/regions/{region}/figures/{figure}/cases")]
pub async fn cases(
    services: Data<Services>,
    Regional { region }: Regional,
    Behind { figure }: Behind,
    caller: Caller,
    Asked(span): Asked<Span>,
) -> Result<HttpResponse, Problem> {
    set_of(&services, &region)?;
    let share = figure.share();
    let (on, period) = span.period(services.clock.today())?;
    let visible = visible(&services, &region, &caller).await?;
    let added = added(&services, &region, on, span).await?;
    let seen = added.iter().filter(|(id, _)| visible.as_ref().is_none_or(|visible| visible.contains(id)));
    let items: Vec<_> = seen
        .filter_map(|(id, contribution)| CaseBody::of(*id, share(&Figures::over([contribution], period))))
        .collect();
    let shown = Disclosure::of_each(items.iter().map(|case| case.trajectory_id), [Category::Course]);
    Ok(access::shows(HttpResponse::Ok().json(CasesBody { items }), [shown]))
}

/// What a reader is answered with, to show.
#[must_use]
pub fn example(trajectory: TrajectoryId) -> impl Serialize {
    let share = Share { counted: 1, ..Share::default() };
    CasesBody { items: CaseBody::of(trajectory, &share).into_iter().collect() }
}

impl FigureName {
    const ALL: [(&'static str, Self); 6] = [
        ("flip-rate", Self::FlipRate),
        ("retention-1", Self::Retention1),
        ("retention-2", Self::Retention2),
        ("retention-3", Self::Retention3),
        ("end-to-end", Self::EndToEnd),
        ("home-in-time", Self::HomeInTime),
    ];

    fn share(self) -> fn(&Figures) -> &Share {
        match self {
            Self::FlipRate => |figures| &figures.flip_rate,
            Self::Retention1 => |figures| &figures.retention[0],
            Self::Retention2 => |figures| &figures.retention[1],
            Self::Retention3 => |figures| &figures.retention[2],
            Self::EndToEnd => |figures| &figures.end_to_end,
            Self::HomeInTime => |figures| &figures.home_in_time,
        }
    }
}

impl FromRequest for Behind {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let named = request.match_info().get("figure").unwrap_or_default();
        let known = FigureName::ALL.into_iter().find(|(name, _)| *name == named);
        ready(known.map(|(_, figure)| Self { figure }).ok_or(Kind::NoSuchPath.into()))
    }
}

/// The trajectories of the region that the caller works on; none stands for all.
async fn visible(
    services: &Services,
    region: &RegionId,
    caller: &Caller,
) -> Result<Option<BTreeSet<TrajectoryId>>, Problem> {
    let (own, region) = (Some(caller.viewer.organisation.clone()), Some(region.clone()));
    let filter = match caller.viewer.role {
        Role::Guide | Role::CareProvider | Role::NuisanceDesk => {
            Filter { care_provider: own, region, ..Filter::default() }
        }
        Role::HousingCorporation | Role::NuisanceOfficer => {
            Filter { corporation: own, region, ..Filter::default() }
        }
        Role::Municipality | Role::WmoConsultant => Filter { municipality: own, region, ..Filter::default() },
        Role::MatchingPoint | Role::Auditor | Role::Client => return Ok(None),
    };
    let listed = services.ledger.list(&filter, None, u32::MAX).await?;
    Ok(Some(listed.into_iter().map(|row| row.trajectory).collect()))
}

impl CaseBody {
    fn of(trajectory_id: TrajectoryId, share: &Share) -> Option<Self> {
        let Share { counted, others, unknown, deceased } = share.clone();
        let adds = share.of() + deceased > 0;
        adds.then_some(Self { trajectory_id, counted, others, unknown, deceased })
    }
}
