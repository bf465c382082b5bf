//! Who is ready for a home, who comes when, and who is stuck: one list for a region.
//!
//! Decision: ADR 45.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::get;
use actix_web::web::Data;
use omklap_domain::day::Day;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::visibility::Category;
use omklap_store::SeekerRow;
use omklap_store::read_models::seekers_listed::SeekerCounts;
use serde::Serialize;
use utoipa::ToSchema;

pub(super) use self::body::SeekerBody;
pub(super) use self::counts::{CountsBody, StuckCountBody};
use self::params::{SeekerListParams, SeekerListParamsDoc};
use super::figures::{Regional, set_of};
use super::problem::Problem;
use super::request::caller::Caller;
use super::request::page::{PageParamsDoc, cursor};
use super::request::query::Params;
use super::services::Services;
use super::view::disclosed::Disclosed;
use super::view::disclosure::Disclosure;
use super::view::listed::ListedCases;

mod body;
mod counts;
mod params;

/// The categories that a seeker can have data of.
pub(in crate::http) const SHOWN: [Category; 5] =
    [Category::Identity, Category::Course, Category::TableTalk, Category::DwellingProfile, Category::Profile];

/// A page of the clients who seek a home in a region.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SeekerPage)]
struct PageBody {
    /// The clients: those who are ready, the longest first; then those who are expected, the soonest
    /// first; then those whose case is stuck and of whom no day is known.
    items: Vec<SeekerBody>,
    /// Trajectories of this page that are not in `items`, because their record in the database is
    /// not what was recorded; absent if there are none. The operator is warned.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    altered: Option<Vec<TrajectoryId>>,
    /// How many there are on all pages together; on the first page only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    counts: Option<CountsBody>,
    /// What to give as `cursor` for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    next: Option<String>,
}

/// List the clients who seek a home
///
/// Who is ready, who comes when, and who is stuck in a region: every client without keys of whom the
/// caller sees a day, or what holds the case up. A provider lists its own clients, a corporation those
/// that are assigned to it, a matching point and an auditor those of their region. Municipalities get
/// counts only. A filter on a field that the caller may not see finds nothing.
#[utoipa::path(
    operation_id = "listSeekers", tag = "allocation", security(("signIn" = ["trajectories:read"])), params(Regional, Caller, SeekerListParamsDoc, PageParamsDoc),
    responses((status = 200, description = "A page.", body = PageBody,
        headers(("Link", description = "The next page (`rel=\"next\"`); absent on the last one.")))),
)]
#[get("/regions/{region}/seekers")]
pub async fn seekers(
    services: Data<Services>,
    Regional { region }: Regional,
    caller: Caller,
    Params(params): Params<SeekerListParams>,
) -> Result<Disclosed<PageBody>, Problem> {
    let (set, today) = (set_of(&services, &region)?, services.clock.today());
    let (filter, page) = (params.filter(&caller.viewer, &region), &params.page);
    let mut found = services.ledger.seekers(&filter, page.after.as_ref(), page.limit + 1).await?;
    let counts =
        if params.first { Some(CountsBody::read(&services, &filter, set, today).await?) } else { None };
    let next = page.cut(&mut found, SeekerRow::position);
    let ids = found.iter().map(|row| row.trajectory_id);
    let cases = ListedCases::of(&services, &caller.viewer, ids).await?;
    found.retain(|row| cases.is_sound(row.trajectory_id));
    let disclosures = disclosures(&found, &cases);
    let items = found.iter().map(|row| SeekerBody::of(row, today, &cases)).collect();
    let body = PageBody { items, altered: cases.altered(), counts, next: cursor(next.as_ref()) };
    Ok(Disclosed::whole(body, disclosures).linked(next.as_ref()))
}

/// What a page discloses of each trajectory: every category that the caller sees and that a seeker can
/// have data of. That there is none says something as well.
fn disclosures(found: &[SeekerRow], cases: &ListedCases) -> Vec<Disclosure> {
    let shown = |row: &SeekerRow| -> BTreeSet<Category> {
        SHOWN.into_iter().filter(|category| cases.shows(row.trajectory_id, *category)).collect()
    };
    Disclosure::of_alike(found.iter().map(|row| (row.trajectory_id, shown(row))).collect::<BTreeMap<_, _>>())
}

/// An example of the response.
#[must_use]
pub fn example(rows: &[SeekerRow], today: Day) -> impl Serialize + use<> {
    let item = |row| SeekerBody::of_row(row, today).named("Sam de Boer", "ZV-2026-0041");
    let expected = rows.iter().filter(|row| row.rank == 1).map(|row| (first_of_month(row.day), 1)).collect();
    let counts = CountsBody::of(today, SeekerCounts { expected, ..SeekerCounts::default() });
    PageBody { items: rows.iter().map(item).collect(), altered: None, counts: Some(counts), next: None }
}

fn first_of_month(day: Day) -> Day {
    day.plus_days(1 - i32::from(day.date().day()))
}
