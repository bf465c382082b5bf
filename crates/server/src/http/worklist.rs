//! The worklist: what is due or overdue, by whom.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU8;

use actix_web::web::Data;
use actix_web::{HttpRequest, get};
use omklap_domain::agreements::AgreementSets;
use omklap_domain::day::Day;
use omklap_domain::ids::{RegionId, TrajectoryId};
use omklap_domain::trajectory::Phase;
use omklap_domain::trajectory::fact::Party;
use omklap_domain::visibility::{Category, Role};
use omklap_store::read_models::worklist::{Counts, Item, Position, Whose, WorklistFilter};
use serde::de::IntoDeserializer;
use serde::de::value::{Error as NoWord, StrDeserializer};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::problem::{Complaint, Fault, Problem};
use super::request::caller::Caller;
use super::request::language::Language;
use super::request::page::{PageParams, PageParamsDoc, cursor};
use super::request::query::{Parameters, Params, Query};
use super::services::Services;
use super::trajectories::list::phase;
use super::view::disclosed::Disclosed;
use super::view::disclosure::Disclosure;
use super::view::due_obligation::DueBody;
use super::view::redact;

/// The values of `party`, as a complaint lists them.
const PARTIES: &str = "client, care-provider, housing-corporation, municipality, matching-point";

/// The query parameters of the worklist.
#[derive(Clone, Debug)]
pub struct WorklistParams {
    due_before: Option<Day>,
    agreement: Option<u8>,
    party: Option<Party>,
    region: Option<RegionId>,
    phase: Option<Phase>,
    overdue: bool,
    undated: bool,
    page: PageParams<Position>,
    first: bool,
}

/// The filters; an absent filter matches everything.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read into a filter; this is their documentation")]
struct WorklistParamsDoc {
    /// Due before this day.
    #[param(rename = "dueBefore", value_type = Option<String>, format = Date, nullable = false)]
    due_before: Option<String>,
    /// Only obligations of the agreement with this number.
    #[param(nullable = false, minimum = 1, maximum = 255)]
    agreement: Option<u8>,
    /// Obligations of this party. By default, a partner sees its own obligations, and the matching
    /// point and an auditor see those of all parties.
    #[param(inline, nullable = false)]
    party: Option<Party>,
    /// In this region. Required for the matching point and an auditor.
    #[param(inline, nullable = false)]
    region: Option<RegionId>,
    /// Of trajectories in this phase.
    #[param(inline, nullable = false)]
    phase: Option<Phase>,
    /// Only overdue obligations.
    #[param(required = false, default = false)]
    overdue: bool,
    /// Also the obligations without a due date, after the others: those that have no date, such as
    /// one that must be kept before a fact that has not happened, and those whose deadline is
    /// paused. None of them with `dueBefore` or `overdue`.
    #[param(required = false, default = false)]
    undated: bool,
}

/// A page of a worklist, by date.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WorklistPage)]
struct PageBody {
    /// The due obligations.
    items: Vec<ItemBody>,
    /// How much there is on all pages together; on the first page only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    counts: Option<CountsBody>,
    /// What to give as `cursor` for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    next: Option<String>,
}

/// The number of obligations.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WorklistCounts)]
struct CountsBody {
    /// All matching obligations.
    total: u64,
    /// The overdue ones among them.
    overdue: u64,
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
    /// The obligation.
    #[serde(flatten)]
    due: DueBody,
}

/// Read the worklist
///
/// The obligations with a due date that the caller may see, in the trajectories of the caller's
/// organisation in the caller's role: overdue ones first, in the order of (`dueOn`, trajectory,
/// obligation). With `undated`, those without a due date follow.
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
    let filter = params.filter(&caller, today)?;
    let page = &params.page;
    let mut found = services.ledger.worklist(&filter, page.after.as_ref(), page.limit + 1).await?;
    let counts =
        if params.first { Some(services.ledger.worklist_counts(&filter, today).await?) } else { None };
    let next = page.cut(&mut found, Item::position);
    let sees_course = redact::sees_course(caller.viewer.role);
    let sets = services.ledger.sets();
    let disclosures = disclosures(&found, sees_course, sets);
    let items = found.into_iter().map(|item| ItemBody::of(item, sees_course, today, sets, language));
    let items = items.collect();
    let body = PageBody { items, counts: counts.map(CountsBody::from), next: cursor(next.as_ref()) };
    Ok(Disclosed::whole(body, disclosures).in_language(language).linked(next.as_ref()))
}

/// What a page discloses: of each trajectory its course, if the caller sees that, and the
/// categories of its obligations. Trajectories with the same categories share a line of the access
/// log.
fn disclosures(found: &[Item], sees_course: bool, sets: &AgreementSets) -> Vec<Disclosure> {
    let mut disclosed: BTreeMap<TrajectoryId, BTreeSet<Category>> = BTreeMap::new();
    for Item { row, .. } in found {
        let of_this = disclosed
            .entry(row.trajectory_id)
            .or_insert_with(|| sees_course.then_some(Category::Course).into_iter().collect());
        of_this.extend(redact::categories_of_obligations([row], sets));
    }
    let mut alike: BTreeMap<BTreeSet<Category>, Vec<TrajectoryId>> = BTreeMap::new();
    for (trajectory, categories) in disclosed {
        alike.entry(categories).or_default().push(trajectory);
    }
    alike
        .into_iter()
        .map(|(categories, trajectories)| Disclosure::of_each(trajectories, categories))
        .collect()
}

/// An example of the response.
#[must_use]
pub fn example(items: Vec<Item>, today: Day, sets: &AgreementSets) -> impl Serialize {
    let counts = Some(CountsBody { total: items.len() as u64, overdue: 0, undated: 0 });
    let items =
        items.into_iter().map(|item| ItemBody::of(item, true, today, sets, Language::English)).collect();
    PageBody { items, counts, next: None }
}

impl WorklistParams {
    /// The query for this caller: the obligations of the caller's organisation in the caller's
    /// role.
    fn filter(&self, caller: &Caller, today: Day) -> Result<WorklistFilter, Problem> {
        let viewer = &caller.viewer;
        let own = viewer.organisation.clone();
        let (whose, responsible) = match viewer.role {
            Role::Guide | Role::CareProvider | Role::NuisanceDesk => {
                (Whose::CareProvider(own), Some(Party::CareProvider))
            }
            Role::HousingCorporation | Role::NuisanceOfficer => {
                (Whose::Corporation(own), Some(Party::HousingCorporation))
            }
            // A filter on a field that the caller does not see finds nothing.
            Role::WmoConsultant if self.phase.is_some() => (Whose::Nobody, None),
            Role::WmoConsultant => (Whose::Municipality(own), Some(Party::Municipality)),
            Role::Municipality => (Whose::Nobody, None),
            Role::Client => {
                (viewer.trajectory.map_or(Whose::Nobody, |one| Whose::Trajectory(one, own)), None)
            }
            Role::MatchingPoint | Role::Auditor => {
                let region = self.region.clone().ok_or(Complaint::parameter("region", Fault::Required))?;
                (if viewer.regions.contains(&region) { Whose::Region(region) } else { Whose::Nobody }, None)
            }
        };
        let overdue = self.overdue.then_some(today);
        Ok(WorklistFilter {
            whose,
            seen_by: seen_by(viewer.role),
            party: self.party.or(responsible),
            due_before: [self.due_before, overdue].into_iter().flatten().min(),
            undated: self.undated && self.due_before.is_none() && !self.overdue,
            agreement: self.agreement,
            region: self.region.clone(),
            phase: self.phase,
        })
    }
}

impl Parameters for WorklistParams {
    fn read(query: &mut Query) -> Self {
        let due_before = query.take_day("dueBefore");
        let number = |text: &str| text.parse::<NonZeroU8>().ok().map(NonZeroU8::get);
        let agreement = query.take_as("agreement", Fault::NotAsAgreed, number);
        let page = PageParams::read(query);
        Self {
            due_before,
            agreement,
            party: party(query),
            region: query.take("region", Fault::NotAsAgreed),
            phase: phase(query),
            overdue: query.take("overdue", Fault::WrongType).unwrap_or(false),
            undated: query.take("undated", Fault::WrongType).unwrap_or(false),
            first: page.after.is_none(),
            page,
        }
    }
}

/// The role whose visibility narrows the worklist. The client and the provider see every
/// obligation.
fn seen_by(role: Role) -> Option<Role> {
    match role {
        Role::Client | Role::Guide | Role::CareProvider | Role::NuisanceDesk => None,
        Role::HousingCorporation | Role::NuisanceOfficer => Some(Role::HousingCorporation),
        Role::MatchingPoint | Role::Municipality | Role::WmoConsultant | Role::Auditor => Some(role),
    }
}

fn party(query: &mut Query) -> Option<Party> {
    let text = query.take::<String>("party", Fault::NotOneOf)?;
    let word: StrDeserializer<'_, NoWord> = text.as_str().into_deserializer();
    let party = Party::deserialize(word).ok();
    if party.is_none() {
        query.complain(Complaint::parameter("party", Fault::NotOneOf).limit(PARTIES));
    }
    party
}

impl ItemBody {
    fn of(
        Item { row, phase }: Item,
        sees_course: bool,
        today: Day,
        sets: &AgreementSets,
        language: Language,
    ) -> Self {
        Self {
            trajectory_id: row.trajectory_id,
            phase: sees_course.then_some(phase),
            region: row.partners.region.clone(),
            care_provider: row.partners.care_provider.clone().filter(|_| sees_course),
            corporation: row.partners.corporation.clone().filter(|_| sees_course),
            municipality: row.partners.municipality.clone(),
            due: DueBody::of(row, today, sets, language),
        }
    }
}

impl From<Counts> for CountsBody {
    fn from(counts: Counts) -> Self {
        Self { total: counts.total, overdue: counts.overdue, undated: counts.undated }
    }
}
