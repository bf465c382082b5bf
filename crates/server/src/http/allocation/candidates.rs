//! The candidates for a vacancy, and the mirror: the vacancies for a client. Both are computed when they
//! are read (ADR 44).

use std::collections::BTreeSet;

use actix_web::get;
use actix_web::web::Data;
use jiff::Timestamp;
use omklap_domain::agreements::AgreementSet;
use omklap_domain::allocation::weigh::{
    Check, Counts, OrderKey, RESTS_ON, Seeker, Weighing, digest, ranked, weigh,
};
use omklap_domain::allocation::{Vacancy, VacancyOpened, VacancyStatus};
use omklap_domain::day::Day;
use omklap_domain::ids::{RegionId, TrajectoryId, VacancyId};
use omklap_domain::trajectory::{History, Phase};
use omklap_domain::visibility::{AccessLevel, Category, Role, View, view};
use omklap_store::Filter;
use omklap_store::allocation::{ListedStreams, RecordedStream};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::StreamAsOf;
use super::vacancies::{VacancyBody, VacancyPath};
use crate::http::problem::{Complaint, Fault, Kind, Problem};
use crate::http::request::caller::Caller;
use crate::http::request::query::{Parameters, Params, Query};
use crate::http::services::Services;
use crate::http::trajectories::{AsOfParams, CaseAsOf, TrajectoryPath};
use crate::http::view::disclosed::Disclosed;
use crate::http::view::disclosure::Disclosure;

/// How many vacancies of a region are looked at at most.
const MOST_VACANCIES: u32 = 5_000;

/// How many cases are looked at at most.
const MOST_CASES: u32 = 100_000;

/// The phases in which a home may be sought.
const SEEKING: [Phase; 3] = [Phase::Preparing, Phase::Ready, Phase::Matching];

/// The query parameters of the candidates.
#[derive(Clone, Copy, Debug)]
pub struct CandidateParams {
    as_of: AsOfParams,
    with_not_eligible: bool,
}

/// Which candidates to list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read into a choice; this is its documentation")]
struct CandidateParamsDoc {
    /// `not-eligible` lists those as well for whom a hard check says no, with the reasons.
    #[param(inline, nullable = false)]
    include: Option<Included>,
}

/// Who is listed besides those who are eligible.
#[derive(ToSchema)]
#[schema(rename_all = "kebab-case")]
#[expect(dead_code, reason = "read into a choice; this is its documentation")]
enum Included {
    /// Those for whom a hard check says no.
    NotEligible,
}

/// The candidates for a vacancy, in the order of the agreement set. Nothing is decided here, and there is
/// no score: the order is one published rule, and who takes another than the first says why. Dutch:
/// *kandidaten*.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Candidates)]
#[serde(rename_all = "camelCase")]
struct CandidatesBody {
    /// The vacancy.
    vacancy_id: VacancyId,
    /// The day for which it was computed.
    #[schema(value_type = String, format = Date)]
    on: Day,
    /// The rule of the order, the first part first.
    order: Vec<OrderKey>,
    /// SHA-256 of the whole list as this caller may see it, in hexadecimal, whether or not it is asked
    /// with `include`. The list for the same `validOn` and `knownAt` has the same digest at any time.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    digest: String,
    /// The candidates.
    items: Vec<CandidateBody>,
}

/// A client who may get the dwelling.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Candidate)]
#[serde(rename_all = "camelCase")]
struct CandidateBody {
    /// The place in the whole list, from 1.
    #[schema(minimum = 1)]
    place: usize,
    /// The case.
    trajectory_id: TrajectoryId,
    /// Whether no hard check says no. What is unknown has to be asked.
    eligible: bool,
    /// Every check, for and against.
    checks: Vec<Check>,
}

/// The open vacancies of the region for one client, with what fits and what does not. Not in an order
/// that advises: by the day from which they are available.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = VacanciesForClient)]
#[serde(rename_all = "camelCase")]
pub struct MirrorBody {
    /// The case.
    trajectory_id: TrajectoryId,
    /// The day for which it was computed.
    #[schema(value_type = String, format = Date)]
    on: Day,
    /// The vacancies. None if no home is sought.
    items: Vec<MirroredBody>,
}

/// One vacancy, compared with the client.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = VacancyForClient)]
#[serde(rename_all = "camelCase")]
struct MirroredBody {
    /// The vacancy.
    vacancy: VacancyBody,
    /// Whether no hard check says no.
    eligible: bool,
    /// Every check, for and against.
    checks: Vec<Check>,
}

/// List the candidates for a vacancy
///
/// Every client of the region who looks for a home and whose case the caller may read, compared with the
/// dwelling check by check. A corporation gets those that are assigned to it, by their pseudonyms; the
/// matching point those of its region. Computed when it is read, for the day `validOn` as it was known
/// at `knownAt`.
#[utoipa::path(
    operation_id = "listCandidates", tag = "allocation", security(("signIn" = ["trajectories:read"])), params(VacancyPath, Caller, CandidateParamsDoc, AsOfParams),
    responses((status = 200, description = "The candidates.", body = CandidatesBody))
)]
#[get("/vacancies/{vacancyId}/candidates")]
pub async fn candidates(
    services: Data<Services>,
    VacancyPath { vacancy }: VacancyPath,
    caller: Caller,
    Params(CandidateParams { as_of, with_not_eligible }): Params<CandidateParams>,
) -> Result<Disclosed<CandidatesBody>, Problem> {
    let found = StreamAsOf::<Vacancy>::read(&services, &caller, vacancy, as_of).await?;
    let opened = found.state.opened.ok_or(Kind::NothingThen)?;
    let set = set_of(&services, &opened.region)?;
    let on = as_of.valid_on.unwrap_or(services.clock.today());
    let seekers = seekers(&services, &caller, &opened.region, (set, on, as_of.known_at)).await?;
    let weighed = seekers.into_iter().map(|seeker| {
        let weighing = weigh(&opened, &seeker, Counts::default(), set, on);
        (seeker.trajectory, weighing)
    });
    let list = ranked(weighed.collect());
    let digest = hex::encode(digest(list.iter().map(|(id, weighing)| (*id, weighing))));
    let placed = (1..).zip(list).filter(|(_, (_, weighing))| with_not_eligible || weighing.is_eligible());
    let items: Vec<_> =
        placed.map(|(place, (id, weighing))| CandidateBody::of(place, id, weighing)).collect();
    let of_role = |category: &Category| category.seen_by(caller.viewer.role) != AccessLevel::None;
    let categories = RESTS_ON.into_iter().filter(of_role);
    let shown = Disclosure::of_each(items.iter().map(|item| item.trajectory_id), categories);
    let order = set.matching.order.clone();
    let body = CandidatesBody { vacancy_id: opened.vacancy_id, on, order, digest, items };
    Ok(Disclosed::whole(body, [shown]))
}

/// The clients of a region who look for a home on a day, each as the caller may see the case now.
async fn seekers(
    services: &Services,
    caller: &Caller,
    region: &RegionId,
    (set, on, known_at): (&AgreementSet, Day, Option<Timestamp>),
) -> Result<Vec<Seeker>, Problem> {
    // A case that sought a home on an earlier day may be in any phase now.
    let is_now = known_at.is_none() && on >= services.clock.today();
    let phases = if is_now { SEEKING.to_vec() } else { Vec::new() };
    let (viewer, region) = (Some(caller.viewer.clone()), Some(region.clone()));
    let filter = Filter { viewer, region, phases, ..Filter::default() };
    let cases = services.ledger.list(&filter, None, MOST_CASES).await?;
    let ids: Vec<TrajectoryId> = cases.into_iter().map(|row| row.trajectory).collect();
    let now = services.ledger.histories(&ids).await?;
    let then = match known_at {
        Some(instant) => services.ledger.histories_known_at(&ids, instant).await?,
        None => now.clone(),
    };
    let seen = |(id, history): (&TrajectoryId, &History)| {
        let view = view(&caller.viewer, *id, now.get(id)?);
        Seeker::of(*id, history, set, on)?.seen_by(&view)
    };
    Ok(then.iter().filter_map(seen).collect())
}

/// List the vacancies for a client
///
/// The open vacancies of the client's region that the caller may read, compared with the client check by
/// check.
#[utoipa::path(
    operation_id = "listVacanciesForClient", tag = "allocation", security(("signIn" = ["trajectories:read"])), params(TrajectoryPath, Caller, AsOfParams),
    responses((status = 200, description = "The vacancies.", body = MirrorBody))
)]
#[get("/trajectories/{trajectoryId}/vacancies")]
pub async fn for_client(services: Data<Services>, case: CaseAsOf) -> Result<Disclosed<MirrorBody>, Problem> {
    let (history, on) = case.on_day(services.clock.today())?;
    let trajectory = case.trajectory;
    let shown = Disclosure::of(trajectory, seen_of(&case.view));
    let mut body = MirrorBody { trajectory_id: trajectory, on, items: Vec::new() };
    let region = history.state_on(on).partners.map(|partners| partners.region).ok_or(Kind::NothingThen)?;
    let set = set_of(&services, &region)?;
    let seeker = Seeker::of(trajectory, &history, set, on).and_then(|seeker| seeker.seen_by(&case.view));
    if let Some(seeker) = seeker {
        let open = open_on(&services, &case.caller, &region, (on, case.params.known_at)).await?;
        let role = case.caller.viewer.role;
        let compared = open.into_iter().filter_map(|vacancy| {
            let weighing = weigh(vacancy.opened.as_ref()?, &seeker, Counts::default(), set, on);
            MirroredBody::of(vacancy, weighing, role)
        });
        body.items = compared.collect();
    }
    Ok(Disclosed::whole(body, [shown]))
}

/// The vacancies of a region that the caller may read and that were open on a day, by the day from which they are available.
pub(super) async fn open_on(
    services: &Services,
    caller: &Caller,
    region: &RegionId,
    (on, known_at): (Day, Option<Timestamp>),
) -> Result<Vec<Vacancy>, Problem> {
    let listed = ListedStreams {
        viewer: &caller.viewer,
        organisation: None,
        region: Some(region.as_str()),
        status: None,
        after: None,
        limit: MOST_VACANCIES,
    };
    let streams = services.ledger.list_streams::<Vacancy>(&listed).await?;
    let then = |stream: RecordedStream<Vacancy>| match known_at {
        Some(instant) => stream.known_at(instant),
        None => stream,
    };
    let was = streams.into_iter().map(|stream| then(stream).history().state_on(on));
    let is_open = |vacancy: &Vacancy| vacancy.opened.is_some() && vacancy.status == VacancyStatus::Open;
    let mut open: Vec<_> = was.filter(is_open).collect();
    open.sort_by_key(|vacancy: &Vacancy| {
        vacancy.opened.as_ref().map(|opened| (opened.home.available_from, opened.vacancy_id))
    });
    Ok(open)
}

/// The categories of a case on which its weighing rests, as far as this view shows them.
fn seen_of(view: &View) -> BTreeSet<Category> {
    RESTS_ON.into_iter().filter(|category| view.sees(*category) == AccessLevel::All).collect()
}

fn set_of<'s>(services: &'s Services, region: &RegionId) -> Result<&'s AgreementSet, Problem> {
    services.ledger.sets().of_region(region).ok_or(Kind::NoSuchRegion.into())
}

impl CandidateBody {
    fn of(place: usize, trajectory_id: TrajectoryId, weighing: Weighing) -> Self {
        let eligible = weighing.is_eligible();
        Self { place, trajectory_id, eligible, checks: weighing.checks }
    }
}

impl MirroredBody {
    fn of(vacancy: Vacancy, weighing: Weighing, role: Role) -> Option<Self> {
        let eligible = weighing.is_eligible();
        Some(Self { vacancy: VacancyBody::of(vacancy, role)?, eligible, checks: weighing.checks })
    }
}

impl Parameters for CandidateParams {
    fn read(query: &mut Query) -> Self {
        let include = query.take::<String>("include", Fault::NotOneOf);
        let with_not_eligible = include.as_deref() == Some(NOT_ELIGIBLE);
        if include.is_some() && !with_not_eligible {
            query.complain(Complaint::parameter("include", Fault::NotOneOf).limit(NOT_ELIGIBLE));
        }
        Self { as_of: AsOfParams::read(query), with_not_eligible }
    }
}

/// The value of `include`.
const NOT_ELIGIBLE: &str = "not-eligible";

/// An example of the candidates.
pub(super) fn example(opened: &VacancyOpened, set: &AgreementSet) -> impl Serialize + use<> {
    let on = opened.occurred_on;
    let (trajectory, weighing) = example_weighing(opened, set, on);
    let digest = hex::encode(digest([(trajectory, &weighing)]));
    let items = vec![CandidateBody::of(1, trajectory, weighing)];
    let order = set.matching.order.clone();
    CandidatesBody { vacancy_id: opened.vacancy_id, on, order, digest, items }
}

/// An example of the vacancies for a client.
pub(super) fn example_mirror(opened: &VacancyOpened, set: &AgreementSet) -> impl Serialize + use<> {
    let on = opened.occurred_on;
    let (trajectory_id, weighing) = example_weighing(opened, set, on);
    let vacancy = Vacancy { opened: Some(opened.clone()), status: VacancyStatus::Open };
    let items = MirroredBody::of(vacancy, weighing, Role::CareProvider).into_iter().collect();
    MirrorBody { trajectory_id, on, items }
}

fn example_weighing(opened: &VacancyOpened, set: &AgreementSet, on: Day) -> (TrajectoryId, Weighing) {
    let trajectory = TrajectoryId(uuid::Uuid::from_u128(0x0199_a3b4_c5d6_7e8f_9012_3456_789a_bcde));
    let seeker = Seeker {
        trajectory,
        ready_on: Some(on),
        expected_on: None,
        requested_on: Some(on),
        profile: None,
        reach_at_night: None,
        assigned_to: Some(opened.corporation.clone()),
        has_offers_left: true,
        refused: Vec::new(),
    };
    (trajectory, weigh(opened, &seeker, Counts::default(), set, on))
}
