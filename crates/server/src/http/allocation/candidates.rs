//! The candidates for a vacancy, computed when they are read (ADR 44).

use actix_web::get;
use actix_web::web::Data;
use jiff::Timestamp;
use omklap_domain::agreements::AgreementSet;
use omklap_domain::allocation::weigh::{
    CandidateList, Check, Counts, Eligibility, OffersSoFar, OrderKey, RESTS_ON, Seeker, Weighing, weigh,
};
use omklap_domain::allocation::{StreamId, Vacancy, VacancyOpened};
use omklap_domain::day::Day;
use omklap_domain::ids::{ListDigest, RegionId, TrajectoryId, VacancyId};
use omklap_domain::trajectory::fact::OfferWeighing;
use omklap_domain::visibility::{AccessLevel, Category, Role};
use omklap_store::allocation::ListAsOf;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::StreamAsOf;
use super::vacancies::{VacancyPath, with_tenants};
use crate::http::problem::{Complaint, Fault, Kind, Problem};
use crate::http::request::caller::Caller;
use crate::http::request::query::{Parameters, Params, Query};
use crate::http::services::Services;
use crate::http::trajectories::AsOfParams;
use crate::http::view::disclosed::Disclosed;
use crate::http::view::disclosure::Disclosure;

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
    /// The instant as of which the cases and the vacancy were known.
    #[schema(value_type = String, format = DateTime)]
    known_at: Timestamp,
    /// The rule of the order, the first part first.
    order: Vec<OrderKey>,
    /// SHA-256 of the whole list as this caller may see it, in hexadecimal, whether or not it is asked
    /// with `include`. The list for the same `validOn` and `knownAt` has the same digest at any time, as long
    /// as the caller may see the same.
    digest: ListDigest,
    /// How many candidates of the whole list are eligible.
    eligible: u32,
    /// Whether the dwelling is on offer to as many clients as the set allows at once. Then no candidate has a
    /// `weighing`: another offer would be refused. For the corporation and the matching point.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    on_offer: Option<bool>,
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
    /// Whether the client may get the dwelling, by the hard checks.
    eligibility: Eligibility,
    /// Every check, for and against.
    checks: Vec<Check>,
    /// What an offer to this client keeps: send it on as it is, with the id of the vacancy. For the
    /// corporation, which makes the offers; absent while the dwelling is on offer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    weighing: Option<OfferWeighing>,
}

/// List the candidates for a vacancy
///
/// Every client of the region who looks for a home and whose case the caller may read, compared with the
/// dwelling check by check. A corporation gets those that are assigned to it, by their pseudonyms; the
/// matching point those of its region. A home that is let or withdrawn has no candidates. Computed when it
/// is read, for the day `validOn` as it was known at `knownAt`.
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
    let read = CandidatesRead::of(&services, &caller, vacancy, as_of).await?;
    let body = CandidatesBody::of(&read, caller.viewer.role, with_not_eligible);
    let shown = discloses(&caller, body.items.iter().map(|item| item.trajectory_id));
    Ok(Disclosed::whole(body, [shown]))
}

/// The candidates for a vacancy, as one caller may see them.
#[derive(Debug)]
pub(in crate::http) struct CandidatesRead<'s> {
    /// The vacancy on that day.
    pub opened: VacancyOpened,
    /// The agreement set of its region.
    set: &'s AgreementSet,
    /// The list.
    pub list: CandidateList,
    /// Whether no other client can be offered the dwelling on that day, because it is on offer.
    on_offer: bool,
}

impl<'s> CandidatesRead<'s> {
    /// Computes them. A home that was not open on that day has none.
    ///
    /// # Errors
    /// If there is no such vacancy that the caller may read, or was none then.
    pub(in crate::http) async fn of(
        services: &'s Services,
        caller: &Caller,
        vacancy: StreamId,
        as_of: AsOfParams,
    ) -> Result<Self, Problem> {
        let found = StreamAsOf::<Vacancy>::read(services, caller, vacancy, as_of).await?;
        let valid_on = as_of.valid_on.unwrap_or(services.clock.today());
        let as_of = ListAsOf { valid_on, known_at: as_of.known_at, now: services.clock.now() };
        let shown = with_tenants(services, vec![found.state], valid_on, as_of.known_at).await?;
        let vacancy = shown.into_iter().next().ok_or(Kind::NothingThen)?;
        let is_open = vacancy.is_open();
        let opened = vacancy.opened.ok_or(Kind::NothingThen)?;
        let set = set_of(services, &opened.region)?;
        let list = if is_open {
            services.ledger.candidates(&caller.viewer, &opened, set, as_of).await?
        } else {
            CandidateList::of(Vec::new(), valid_on, as_of.known_at.unwrap_or(as_of.now))
        };
        let on_offer = services.ledger.is_on_offer(&opened, set, valid_on).await?;
        Ok(Self { opened, set, list, on_offer })
    }
}

/// What a list of candidates discloses of each of these cases.
pub(in crate::http) fn discloses(
    caller: &Caller,
    shown: impl IntoIterator<Item = TrajectoryId>,
) -> Disclosure {
    let of_role = |category: &Category| category.seen_by(caller.viewer.role) != AccessLevel::None;
    Disclosure::of_each(shown, RESTS_ON.into_iter().filter(of_role))
}

pub(super) fn set_of<'s>(services: &'s Services, region: &RegionId) -> Result<&'s AgreementSet, Problem> {
    services.ledger.sets().of_region(region).ok_or(Kind::NoSuchRegion.into())
}

impl CandidatesBody {
    fn of(read: &CandidatesRead<'_>, role: Role, with_not_eligible: bool) -> Self {
        let CandidatesRead { opened, set, list, on_offer } = read;
        let makes_offers = role == Role::HousingCorporation && !on_offer;
        let shown = (1..).zip(&list.places).filter_map(|(place, (id, weighing))| {
            let eligibility = weighing.eligibility();
            (with_not_eligible || eligibility != Eligibility::NotEligible).then(|| CandidateBody {
                place,
                trajectory_id: *id,
                eligibility,
                checks: weighing.checks.clone(),
                weighing: list.weighing_of(*id).filter(|_| makes_offers),
            })
        });
        Self {
            vacancy_id: opened.vacancy_id,
            on: list.valid_on,
            known_at: list.known_at,
            order: set.matching.order.clone(),
            digest: list.digest.clone(),
            eligible: list.eligible(),
            on_offer: matches!(role, Role::HousingCorporation | Role::MatchingPoint).then_some(*on_offer),
            items: shown.collect(),
        }
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
    let known_at = "2026-03-02T09:00:00Z".parse().expect("an instant");
    let list = CandidateList::of(vec![example_weighing(opened, set, on)], on, known_at);
    let read = CandidatesRead { opened: opened.clone(), set, list, on_offer: false };
    CandidatesBody::of(&read, Role::HousingCorporation, false)
}

pub(super) fn example_weighing(
    opened: &VacancyOpened,
    set: &AgreementSet,
    on: Day,
) -> (TrajectoryId, Weighing) {
    let trajectory = TrajectoryId(uuid::Uuid::from_u128(0x0199_a3b4_c5d6_7e8f_9012_3456_789a_bcde));
    let seeker = Seeker {
        trajectory,
        ready_on: Some(on),
        expected_on: None,
        requested_on: Some(on),
        profile: None,
        reach_at_night: None,
        assigned_to: Some(opened.corporation.clone()),
        offers: OffersSoFar::default(),
        refused: Vec::new(),
        tests: Vec::new(),
    };
    (trajectory, weigh(opened, &seeker, Counts::default(), set, on))
}
