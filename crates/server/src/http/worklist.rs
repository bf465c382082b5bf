//! The worklist: what is due or overdue, by whom.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU8;

use actix_web::http::header::CONTENT_LANGUAGE;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
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

use super::Services;
use super::problem::{Complaint, Fault, Problem};
use super::request::caller::Caller;
use super::request::language::Language;
use super::request::page::{Page, PageParameters};
use super::request::query::{Asked, Parameters, Query};
use super::trajectories::list::phase;
use super::view::due_obligation::DueBody;
use super::view::redact;
use crate::http::view::disclosure::{Disclosure, shows};

/// Who can owe something, as the list of values is told.
const PARTIES: &str = "client, care-provider, housing-corporation, municipality, matching-point";

/// What is looked for, and which page of it.
#[derive(Clone, Debug)]
pub struct Looked {
    due_before: Option<Day>,
    agreement: Option<u8>,
    party: Option<Party>,
    region: Option<RegionId>,
    phase: Option<Phase>,
    overdue: bool,
    page: Page<Position>,
    first: bool,
}

/// What is looked for; what is left out does not matter.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read into a filter; this is their documentation")]
struct LookedParameters {
    /// Due before this day.
    #[param(rename = "dueBefore", value_type = Option<String>, format = Date, nullable = false)]
    due_before: Option<String>,
    /// Asked by the agreement of this number.
    #[param(nullable = false, minimum = 1, maximum = 255)]
    agreement: Option<u8>,
    /// Owed by this party. Left out, a partner sees what it owes itself, and the matching point and an auditor what
    /// everybody owes.
    #[param(inline, nullable = false)]
    party: Option<Party>,
    /// In this region. The matching point and an auditor have to say which.
    #[param(inline, nullable = false)]
    region: Option<RegionId>,
    /// Of trajectories in this phase.
    #[param(inline, nullable = false)]
    phase: Option<Phase>,
    /// Only what is past its day.
    #[param(required = false, default = false)]
    overdue: bool,
}

/// A page of a worklist, by date.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WorklistPage)]
struct PageBody {
    /// What is to be done.
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

/// How much there is to do.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WorklistCounts)]
struct CountsBody {
    /// Everything that was looked for.
    total: u64,
    /// What of that is past its day.
    overdue: u64,
}

/// Something that is to be done in a trajectory.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WorklistItem)]
#[serde(rename_all = "camelCase")]
struct ItemBody {
    /// The trajectory.
    trajectory_id: TrajectoryId,
    /// Where it stands; absent for who does not see that.
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
    /// What is owed.
    #[serde(flatten)]
    due: DueBody,
}

/// Read the worklist
///
/// What is owed, has a date and may be seen by the caller, in the trajectories of the caller's organisation in the caller's
/// role: what is overdue first, in the order of (`dueOn`, trajectory, obligation).
#[utoipa::path(
    operation_id = "readWorklist", tag = "worklist", security(("signIn" = ["trajectories:read"])), params(Caller, LookedParameters, PageParameters),
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
    Asked(looked): Asked<Looked>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let (today, language) = (services.clock.today(), Language::of(request.headers()));
    let wanted = looked.by(&caller, today)?;
    let page = &looked.page;
    // One more than asked: whether it is there says whether there is a next page.
    let mut found = services.ledger.worklist(&wanted, page.after.as_ref(), page.limit + 1).await?;
    let counts =
        if looked.first { Some(services.ledger.worklist_counts(&wanted, today).await?) } else { None };
    let more = found.len() > page.limit as usize;
    found.truncate(page.limit as usize);
    let last = found.last().filter(|_| more).and_then(Item::position);
    let next = last.map(|last| page.next(&last));
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CONTENT_LANGUAGE, language.tag()));
    if let Some(next) = &next {
        answer.insert_header(next.header());
    }
    let sees_course = redact::sees_course(caller.viewer.role);
    let body = |item| ItemBody::of(item, sees_course, today, services.ledger.sets(), language);
    let shown = disclosures(&found, sees_course, services.ledger.sets());
    let items = found.into_iter().map(body).collect();
    let (counts, next) = (counts.map(CountsBody::from), next.map(|next| next.cursor));
    Ok(shows(answer.json(PageBody { items, counts, next }), shown))
}

/// What a page shows of whom: the course of each trajectory to who sees that, and the kinds of data of which its obligations tell.
fn disclosures(found: &[Item], sees_course: bool, sets: &AgreementSets) -> Vec<Disclosure> {
    let mut told: BTreeMap<TrajectoryId, BTreeSet<Category>> = BTreeMap::new();
    for Item { row, .. } in found {
        let of_this = told
            .entry(row.trajectory_id)
            .or_insert_with(|| sees_course.then_some(Category::Course).into_iter().collect());
        of_this.extend(redact::told_by_owed([row], sets));
    }
    let mut alike: BTreeMap<BTreeSet<Category>, Vec<TrajectoryId>> = BTreeMap::new();
    for (trajectory, categories) in told {
        alike.entry(categories).or_default().push(trajectory);
    }
    alike
        .into_iter()
        .map(|(categories, trajectories)| Disclosure::of_each(trajectories, categories))
        .collect()
}

/// What a reader is answered with, to show.
#[must_use]
pub fn example(items: Vec<Item>, today: Day, sets: &AgreementSets) -> impl Serialize {
    let counts = Some(CountsBody { total: items.len() as u64, overdue: 0 });
    let items =
        items.into_iter().map(|item| ItemBody::of(item, true, today, sets, Language::English)).collect();
    PageBody { items, counts, next: None }
}

impl Looked {
    /// What is looked for by this caller.
    fn by(&self, caller: &Caller, today: Day) -> Result<WorklistFilter, Problem> {
        let viewer = &caller.viewer;
        let own = viewer.organisation.clone();
        let (whose, owes) = match viewer.role {
            Role::Guide | Role::CareProvider | Role::NuisanceDesk => {
                (Whose::CareProvider(own), Some(Party::CareProvider))
            }
            Role::HousingCorporation | Role::NuisanceOfficer => {
                (Whose::Corporation(own), Some(Party::HousingCorporation))
            }
            // A filter on what is not seen finds nothing.
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
            party: self.party.or(owes),
            due_before: [self.due_before, overdue].into_iter().flatten().min(),
            agreement: self.agreement,
            region: self.region.clone(),
            phase: self.phase,
        })
    }
}

impl Parameters for Looked {
    fn read(query: &mut Query) -> Self {
        let due_before = query.take_day("dueBefore");
        let number = |text: &str| text.parse::<NonZeroU8>().ok().map(NonZeroU8::get);
        let agreement = query.take_as("agreement", Fault::NotAsAgreed, number);
        let page = Page::read(query);
        Self {
            due_before,
            agreement,
            party: party(query),
            region: query.take("region", Fault::NotAsAgreed),
            phase: phase(query),
            overdue: query.take("overdue", Fault::WrongType).unwrap_or(false),
            first: page.after.is_none(),
            page,
        }
    }
}

/// By which role a worklist is narrowed. The client and the provider see every obligation.
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
        Self { total: counts.total, overdue: counts.overdue }
    }
}
