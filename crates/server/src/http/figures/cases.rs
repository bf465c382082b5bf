//! The trajectories behind one figure.

use std::collections::{BTreeMap, BTreeSet};
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, get};
use omklap_domain::figures::{Figures, Share};
use omklap_domain::ids::{RegionId, TrajectoryId};
use omklap_domain::visibility::Category;
use omklap_store::Filter;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::params::{Choice, FiguresParams};
use super::{Regional, added, set_of};
use crate::http::problem::{Kind, Problem};
use crate::http::request::caller::Caller;
use crate::http::request::page::{PageParams, PageParamsDoc, cursor};
use crate::http::request::query::{Parameters, Params, Query};
use crate::http::services::Services;
use crate::http::view::disclosed::Disclosed;
use crate::http::view::disclosure::Disclosure;
use crate::http::view::redact;

/// The period, and the page.
#[derive(Clone, Debug)]
pub struct FigureCasesParams {
    span: FiguresParams,
    page: PageParams<TrajectoryId>,
}

/// A page of the trajectories behind a figure, in the order of their ids.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CasesBehindFigure)]
struct CasesBody {
    /// The trajectories.
    items: Vec<CaseBody>,
    /// What to give as `cursor` for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    next: Option<String>,
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
    /// How many are unknown.
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

/// The figures that count trajectories (`docs/DOMAIN.md` §6).
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
/// Those to which the caller has access and whose course the caller may see, over any days.
#[utoipa::path(
    operation_id = "readFigureCases", tag = "figures", security(("signIn" = ["figures:read"])),
    params(Regional, Behind, Caller, FiguresParams, PageParamsDoc),
    responses((status = 200, description = "A page.", body = CasesBody,
        headers(("Link", description = "The next page (`rel=\"next\"`); absent on the last one."))))
)]
#[get("/regions/{region}/figures/{figure}/cases")]
pub async fn cases(
    services: Data<Services>,
    Regional { region }: Regional,
    Behind { figure }: Behind,
    caller: Caller,
    Params(FigureCasesParams { span, page }): Params<FigureCasesParams>,
) -> Result<Disclosed<CasesBody>, Problem> {
    set_of(&services, &region)?;
    let share = figure.share();
    let period = span.period(services.clock.today(), Choice::Free)?;
    // At that time it may have been in another region.
    let now_of = span.is_now().then(|| region.clone());
    let visible = visible(&services, now_of, &caller, page.after).await?;
    let added = added(&services, &region, period.reported_on(), span.known_at).await?;
    let seen = added.iter().filter(|(id, _)| visible.contains(id));
    let mut items: Vec<_> = seen
        .filter_map(|(id, contribution)| CaseBody::of(*id, share(&Figures::over([contribution], period))))
        .take(page.limit as usize + 1)
        .collect();
    let next = page.cut(&mut items, |last| last.trajectory_id);
    let disclosure = Disclosure::of_each(items.iter().map(|case| case.trajectory_id), [Category::Course]);
    let body = CasesBody { items, next: cursor(next.as_ref()) };
    Ok(Disclosed::whole(body, [disclosure]).linked(next.as_ref()))
}

/// An example of the response.
#[must_use]
pub fn example(trajectory: TrajectoryId) -> impl Serialize {
    let share = Share { counted: 1, ..Share::default() };
    CasesBody { items: CaseBody::of(trajectory, &share).into_iter().collect(), next: None }
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

impl Parameters for FigureCasesParams {
    fn read(query: &mut Query) -> Self {
        Self { span: FiguresParams::read(query), page: PageParams::read(query) }
    }
}

/// The trajectories that the caller may see the course of, of one region or of all, after the last
/// one of the page before.
async fn visible(
    services: &Services,
    region: Option<RegionId>,
    caller: &Caller,
    after: Option<TrajectoryId>,
) -> Result<BTreeSet<TrajectoryId>, Problem> {
    if !redact::sees_course(caller.viewer.role) {
        return Ok(BTreeSet::new());
    }
    let filter = Filter { viewer: Some(caller.viewer.clone()), region, ..Filter::default() };
    let listed = services.ledger.list(&filter, after, u32::MAX).await?;
    Ok(listed.into_iter().map(|row| row.trajectory).collect())
}

impl CaseBody {
    fn of(trajectory_id: TrajectoryId, share: &Share) -> Option<Self> {
        let Share { counted, others, unknown, deceased } = share.clone();
        let adds = share.of() + deceased > 0;
        adds.then_some(Self { trajectory_id, counted, others, unknown, deceased })
    }
}
