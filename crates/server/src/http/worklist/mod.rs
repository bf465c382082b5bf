//! The worklist: what is due or overdue, by whom.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::web::Data;
use actix_web::{HttpRequest, get};
use omklap_domain::agreements::AgreementSets;
use omklap_domain::day::Day;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::Phase;
use omklap_domain::visibility::{Category, Role};
use omklap_store::read_models::worklist::{Counts, Item};
use serde::Serialize;
use utoipa::ToSchema;

use self::homes::{HomeBody, VacancyBody};
use self::params::{WorklistParams, WorklistParamsDoc};
use super::problem::Problem;
use super::request::caller::Caller;
use super::request::language::Language;
use super::request::page::{PageParamsDoc, cursor};
use super::request::query::Params;
use super::services::Services;
use super::view::disclosed::Disclosed;
use super::view::disclosure::Disclosure;
use super::view::due_obligation::DueBody;
use super::view::listed::ListedCases;
use super::view::redact;

mod homes;
mod params;

/// A page of a worklist, by date.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WorklistPage)]
struct PageBody {
    /// The due obligations.
    items: Vec<ItemBody>,
    /// Homes of the caller's cases that another case holds as well, whatever the filters: one of the
    /// records is to be corrected, or an offer is to be withdrawn. On the first page only; absent if
    /// there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    homes: Vec<HomeBody>,
    /// Vacancies of one home that are open at the same time: one of them is to be withdrawn or corrected. For the
    /// corporation and the matching point, on the first page only; absent if there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    vacancies: Vec<VacancyBody>,
    /// Trajectories of this page whose obligations are not in `items`, because their record in the
    /// database is not what was recorded; absent if there are none. The operator is warned, and
    /// `counts` still counts their obligations.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    altered: Option<Vec<TrajectoryId>>,
    /// How much there is on all pages together; on the first page only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    counts: Option<CountsBody>,
    /// What to give as `cursor` for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    next: Option<String>,
}

/// The number of obligations: `overdue`, `thisWeek`, `later` and `undated` add up to `total`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WorklistCounts)]
#[serde(rename_all = "camelCase")]
struct CountsBody {
    /// All matching obligations.
    total: u64,
    /// The overdue ones among them.
    overdue: u64,
    /// The ones that are due today or in the seven days after it.
    this_week: u64,
    /// The ones that are due after that.
    later: u64,
    /// The ones without a due date among them.
    undated: u64,
}

/// A due obligation of a trajectory.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WorklistItem)]
#[serde(rename_all = "camelCase")]
struct ItemBody {
    /// The trajectory.
    trajectory_id: TrajectoryId,
    /// Its phase; absent if the caller does not see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    phase: Option<Phase>,
    /// The region of partners.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "amsterdam")]
    region: Option<String>,
    /// The provider that guides.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "de-vaart")]
    care_provider: Option<String>,
    /// The corporation, once assigned.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "woonstichting-noord")]
    corporation: Option<String>,
    /// The municipality that directs.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "gemeente-amsterdam")]
    municipality: Option<String>,
    /// The client's name; absent if the caller may not see it, or if it was erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Sam de Boer")]
    client_name: Option<String>,
    /// The case number of the caller's own organisation, if it gave one; nobody else sees it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "ZV-2026-0041")]
    own_reference: Option<String>,
    /// Whether the caller's own party is responsible for it.
    mine: bool,
    /// The obligation.
    #[serde(flatten)]
    due: DueBody,
}

/// What an item depends on besides its row.
#[derive(Clone, Copy)]
struct ReadBy<'a> {
    /// The caller's role.
    role: Role,
    today: Day,
    sets: &'a AgreementSets,
    language: Language,
}

/// Read the worklist
///
/// The obligations with a due date that the caller may see, in the trajectories of the caller's
/// organisation in the caller's role, or of the caller's regions: overdue ones first, in the order
/// of (`dueOn`, trajectory, obligation). With `undated`, those without a due date follow. A filter on
/// a field that the caller may not see finds nothing.
#[utoipa::path(
    operation_id = "readWorklist", tag = "worklist", security(("signIn" = ["trajectories:read"])), params(Caller, WorklistParamsDoc, PageParamsDoc),
    responses((status = 200, description = "A page.", body = PageBody,
        headers(
            ("Link", description = "The next page (`rel=\"next\"`); absent on the last one."),
            ("Content-Language", description = "`nl` or `en`, by `Accept-Language`."),
        ))),
)]
#[get("/worklist")]
pub async fn worklist(
    services: Data<Services>,
    caller: Caller,
    Params(params): Params<WorklistParams>,
    request: HttpRequest,
) -> Result<Disclosed<PageBody>, Problem> {
    let (today, language) = (services.clock.today(), Language::of(request.headers()));
    let filter = params.filter(&caller, today);
    let page = &params.page;
    let mut found = services.ledger.worklist(&filter, page.after.as_ref(), page.limit + 1).await?;
    let counts =
        if params.first { Some(services.ledger.worklist_counts(&filter, today).await?) } else { None };
    let homes = if params.first {
        services.ledger.homes_held_twice(&caller.viewer, today).await?
    } else {
        Vec::new()
    };
    let vacancies =
        if params.first { services.ledger.homes_vacant_twice(&caller.viewer).await? } else { Vec::new() };
    let vacancies = vacancies.into_iter().map(VacancyBody::from).collect();
    let next = page.cut(&mut found, Item::position);
    let held = homes.iter().map(|home| home.row.trajectory_id);
    let ids = found.iter().map(|item| item.row.trajectory_id).chain(held);
    let cases = ListedCases::of(&services, &caller.viewer, ids).await?;
    found.retain(|item| cases.is_sound(item.row.trajectory_id));
    let sets = services.ledger.sets();
    let read_by = ReadBy { role: caller.viewer.role, today, sets, language };
    let homes = HomeBody::list(homes, &caller.viewer, &cases);
    let mut disclosures = disclosures(&found, read_by, &cases);
    disclosures.extend(HomeBody::disclosures(&homes));
    let items = found.into_iter().map(|item| ItemBody::of(item, read_by).with(&cases)).collect();
    let counts = counts.map(CountsBody::from);
    let next_page = cursor(next.as_ref());
    let body = PageBody { items, homes, vacancies, altered: cases.altered(), counts, next: next_page };
    Ok(Disclosed::whole(body, disclosures).in_language(language).linked(next.as_ref()))
}

/// What a page discloses: of each trajectory its course and who the client is, if the caller sees
/// those, and the categories of its obligations.
fn disclosures(found: &[Item], read_by: ReadBy<'_>, cases: &ListedCases) -> Vec<Disclosure> {
    let course = redact::sees_course(read_by.role).then_some(Category::Course);
    let mut disclosed: BTreeMap<TrajectoryId, BTreeSet<Category>> = BTreeMap::new();
    for Item { row, .. } in found {
        let of_this = disclosed.entry(row.trajectory_id).or_insert_with(|| {
            let identity = cases.listed(row.trajectory_id).shows_identity.then_some(Category::Identity);
            course.into_iter().chain(identity).collect()
        });
        of_this.extend(redact::categories_of_obligations([row], read_by.sets));
    }
    Disclosure::of_alike(disclosed)
}

/// An example of the response.
#[must_use]
pub fn example(items: Vec<Item>, today: Day, sets: &AgreementSets) -> impl Serialize {
    let total = items.len() as u64;
    let counts = Some(CountsBody { total, overdue: 0, this_week: 0, later: total, undated: 0 });
    let read_by = ReadBy { role: Role::CareProvider, today, sets, language: Language::English };
    let item = |item| ItemBody {
        client_name: Some("Sam de Boer".to_owned()),
        own_reference: Some("ZV-2026-0041".to_owned()),
        ..ItemBody::of(item, read_by)
    };
    PageBody {
        items: items.into_iter().map(item).collect(),
        homes: Vec::new(),
        vacancies: Vec::new(),
        altered: None,
        counts,
        next: None,
    }
}

impl ItemBody {
    fn of(Item { row, phase }: Item, ReadBy { role, today, sets, language }: ReadBy<'_>) -> Self {
        let sees_course = redact::sees_course(role);
        Self {
            trajectory_id: row.trajectory_id,
            phase: sees_course.then_some(phase),
            region: row.partners.region.clone(),
            care_provider: row.partners.care_provider.clone().filter(|_| sees_course),
            corporation: row.partners.corporation.clone().filter(|_| sees_course),
            municipality: row.partners.municipality.clone(),
            client_name: None,
            own_reference: None,
            mine: role.party().is_some_and(|own| row.owed_by.contains(&own)),
            due: DueBody::of(row, today, sets, language),
        }
    }

    /// With what the caller sees of the trajectory itself.
    fn with(self, cases: &ListedCases) -> Self {
        let trajectory = self.trajectory_id;
        Self { client_name: cases.name(trajectory), own_reference: cases.reference(trajectory), ..self }
    }
}

impl From<Counts> for CountsBody {
    fn from(Counts { total, overdue, this_week, later, undated }: Counts) -> Self {
        Self { total, overdue, this_week, later, undated }
    }
}
