//! The trajectories behind one figure, for whoever may see them.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};
use omklap_domain::figures::{Figures, Share};
use omklap_domain::ids::{RegionId, TrajectoryId};
use omklap_store::Filter;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Regional, Span, added, set_of};
use crate::http::Services;
use crate::http::caller::{Caller, Role};
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

/// Read the cases behind a figure
///
/// Those of the caller's own organisation; the matching point sees those of all.
#[utoipa::path(
    operation_id = "readFigureCases", tag = "figures",
    params(Regional, ("figure" = String, Path, description = "Which of the figures.", example = "flip-rate"), Caller, Span),
    responses((status = 200, description = "The trajectories.", body = CasesBody))
)]
#[get("/regions/{region}/figures/{figure}/cases")]
pub async fn cases(
    services: Data<Services>,
    Regional { region }: Regional,
    path: Path<(String, String)>,
    caller: Caller,
    Asked(span): Asked<Span>,
) -> Result<HttpResponse, Problem> {
    set_of(&services, &region)?;
    let share = share(&path.1).ok_or(Kind::NoSuchPath)?;
    let (on, period) = span.period(services.clock.today())?;
    let visible = visible(&services, &region, &caller).await?;
    let added = added(&services, &region, on, span).await?;
    let seen = added.iter().filter(|(id, _)| visible.as_ref().is_none_or(|visible| visible.contains(id)));
    let items = seen
        .filter_map(|(id, contribution)| CaseBody::of(*id, share(&Figures::over([contribution], period))));
    Ok(HttpResponse::Ok().json(CasesBody { items: items.collect() }))
}

/// What a reader is answered with, to show.
#[must_use]
pub fn example(trajectory: TrajectoryId) -> impl Serialize {
    let share = Share { counted: 1, ..Share::default() };
    CasesBody { items: CaseBody::of(trajectory, &share).into_iter().collect() }
}

/// The figure of this name.
fn share(name: &str) -> Option<fn(&Figures) -> &Share> {
    Some(match name {
        "flip-rate" => |figures| &figures.flip_rate,
        "retention-1" => |figures| &figures.retention[0],
        "retention-2" => |figures| &figures.retention[1],
        "retention-3" => |figures| &figures.retention[2],
        "end-to-end" => |figures| &figures.end_to_end,
        "home-in-time" => |figures| &figures.home_in_time,
        _ => return None,
    })
}

/// The trajectories of the region that the caller works on; none stands for all.
async fn visible(
    services: &Services,
    region: &RegionId,
    caller: &Caller,
) -> Result<Option<BTreeSet<TrajectoryId>>, Problem> {
    let (own, region) = (Some(caller.organisation.clone()), Some(region.clone()));
    let filter = match caller.role {
        Role::CareProvider => Filter { care_provider: own, region, ..Filter::default() },
        Role::HousingCorporation => Filter { corporation: own, region, ..Filter::default() },
        Role::Municipality => Filter { municipality: own, region, ..Filter::default() },
        Role::MatchingPoint | Role::Auditor => return Ok(None),
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
