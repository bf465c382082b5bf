//! The mirror: the vacancies for a client, computed when they are read (ADR 44).

use std::collections::{BTreeMap, BTreeSet};

use actix_web::get;
use actix_web::web::Data;
use jiff::Timestamp;
use omklap_domain::agreements::AgreementSet;
use omklap_domain::allocation::weigh::{Check, Counts, Eligibility, QuotaCount, RESTS_ON, Weighing, weigh};
use omklap_domain::allocation::{Vacancy, VacancyOpened};
use omklap_domain::day::Day;
use omklap_domain::ids::{OrganisationId, RegionId, TrajectoryId, VacancyId};
use omklap_domain::visibility::{AccessLevel, Category, Role, View};
use omklap_store::allocation::{ListedStreams, QuotaOfYear, RecordedStream};
use serde::Serialize;
use utoipa::ToSchema;

use super::candidates::{example_weighing, set_of};
use super::vacancies::{VacancyBody, with_tenants};
use crate::http::problem::{Kind, Problem};
use crate::http::request::caller::Caller;
use crate::http::services::Services;
use crate::http::trajectories::{AsOfParams, CaseAsOf, TrajectoryPath};
use crate::http::view::disclosed::Disclosed;
use crate::http::view::disclosure::Disclosure;

/// How many vacancies of a region are looked at at most.
const MOST_VACANCIES: u32 = 5_000;

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
    /// The same vacancies by corporation, in the order of their codes, each with what is left of its quota. For
    /// the matching point; absent if no home is sought. It advises none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    by_corporation: Option<Vec<HomesOfCorporationBody>>,
}

/// The vacancies of one corporation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = VacanciesOfCorporation)]
#[serde(rename_all = "camelCase")]
struct HomesOfCorporationBody {
    /// The corporation.
    corporation: OrganisationId,
    /// Its quota of the year; absent if the plan has none for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    quota_so_far: Option<QuotaBody>,
    /// Its vacancies, by the day from which they are available.
    vacancy_ids: Vec<VacancyId>,
}

/// The quota of a corporation for the year.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = QuotaOfCorporation)]
#[serde(rename_all = "camelCase")]
struct QuotaBody {
    #[serde(flatten)]
    so_far: QuotaCount,
    /// How many homes are left.
    left: u32,
}

/// The vacancies of a mirror by corporation.
fn of_corporations(items: &[MirroredBody], quotas: &QuotaOfYear) -> Vec<HomesOfCorporationBody> {
    let mut vacancies: BTreeMap<OrganisationId, Vec<VacancyId>> = BTreeMap::new();
    for MirroredBody { vacancy, .. } in items {
        vacancies.entry(vacancy.corporation.clone()).or_default().push(vacancy.vacancy_id);
    }
    let of_one = |(corporation, vacancy_ids)| {
        let quota = quotas.of_corporation(&corporation);
        let quota_so_far = quota.map(|so_far| QuotaBody { so_far, left: so_far.left() });
        HomesOfCorporationBody { corporation, quota_so_far, vacancy_ids }
    };
    vacancies.into_iter().map(of_one).collect()
}

/// One vacancy, compared with the client.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = VacancyForClient)]
#[serde(rename_all = "camelCase")]
struct MirroredBody {
    /// The vacancy.
    vacancy: VacancyBody,
    /// Whether the client may get the dwelling, by the hard checks.
    eligibility: Eligibility,
    /// Every check, for and against.
    checks: Vec<Check>,
}

/// List the vacancies for a client
///
/// The open vacancies of the client's region that the caller may read, compared with the client check by
/// check. The matching point gets them by corporation as well, with what is left of each quota.
#[utoipa::path(
    operation_id = "listVacanciesForClient", tag = "allocation", security(("signIn" = ["trajectories:read"])), params(TrajectoryPath, Caller, AsOfParams),
    responses((status = 200, description = "The vacancies.", body = MirrorBody))
)]
#[get("/trajectories/{trajectoryId}/vacancies")]
pub async fn for_client(services: Data<Services>, case: CaseAsOf) -> Result<Disclosed<MirrorBody>, Problem> {
    let (history, on) = (&case.history, case.on_day(services.clock.today())?);
    let trajectory = case.trajectory;
    let shown = Disclosure::of(trajectory, seen_of(&case.view));
    let mut body = MirrorBody { trajectory_id: trajectory, on, items: Vec::new(), by_corporation: None };
    let region = history.state_on(on).partners.map(|partners| partners.region).ok_or(Kind::NothingThen)?;
    let set = set_of(&services, &region)?;
    if let Some(seeker) = case.view.weighed(trajectory, history, Some(on)) {
        let open = open_on(&services, &case.caller, &region, (on, case.params.known_at)).await?;
        let viewer = &case.caller.viewer;
        let opened = open.iter().filter_map(|vacancy| vacancy.opened.as_ref());
        let lived_in = services.ledger.lived_in(viewer, opened, on, case.params.known_at).await?;
        let quotas = services.ledger.quota_of_year(&region, on, case.params.known_at).await?;
        let compared = open.into_iter().filter_map(|vacancy| {
            let opened = vacancy.opened.as_ref()?;
            let quota = quotas.of_vacancy(viewer, opened);
            let counts = Counts { quota, ..lived_in.counts(viewer, opened) };
            let weighing = weigh(opened, &seeker, counts, set, on);
            MirroredBody::of(vacancy, weighing, viewer.role)
        });
        body.items = compared.collect();
        if viewer.role == Role::MatchingPoint {
            body.by_corporation = Some(of_corporations(&body.items, &quotas));
        }
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
    let was: Vec<Vacancy> = streams.into_iter().map(|stream| then(stream).history().state_on(on)).collect();
    let was = with_tenants(services, was, on, known_at).await?.into_iter();
    let mut open: Vec<_> = was.filter(Vacancy::is_open).collect();
    open.sort_by_key(|vacancy: &Vacancy| {
        vacancy.opened.as_ref().map(|opened| (opened.home.available_from, opened.vacancy_id))
    });
    Ok(open)
}

/// The categories of a case on which its weighing rests, as far as this view shows them.
fn seen_of(view: &View) -> BTreeSet<Category> {
    RESTS_ON.into_iter().filter(|category| view.sees(*category) == AccessLevel::All).collect()
}

impl MirroredBody {
    fn of(vacancy: Vacancy, weighing: Weighing, role: Role) -> Option<Self> {
        let eligibility = weighing.eligibility();
        Some(Self { vacancy: VacancyBody::of(vacancy, role)?, eligibility, checks: weighing.checks })
    }
}

/// An example of the vacancies for a client.
pub(super) fn example(opened: &VacancyOpened, set: &AgreementSet) -> impl Serialize + use<> {
    let on = opened.occurred_on;
    let (trajectory_id, weighing) = example_weighing(opened, set, on);
    let vacancy = Vacancy { opened: Some(opened.clone()), ..Vacancy::default() };
    let items = MirroredBody::of(vacancy, weighing, Role::MatchingPoint).into_iter().collect();
    let quota_so_far = Some(QuotaBody { so_far: QuotaCount { homes_let: 3, homes: 4 }, left: 1 });
    let corporation = opened.corporation.clone();
    let of_one = HomesOfCorporationBody { corporation, quota_so_far, vacancy_ids: vec![opened.vacancy_id] };
    MirrorBody { trajectory_id, on, items, by_corporation: Some(vec![of_one]) }
}
