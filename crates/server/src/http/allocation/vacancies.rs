//! Vacancies.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse, get, post};
use jiff::Timestamp;
use omklap_domain::allocation::{
    HomeKind, PersonsRange, StreamId, Vacancy, VacancyFact, VacancyOpened, VacancyStatus, VacantHome,
};
use omklap_domain::day::Day;
use omklap_domain::ids::{OrganisationId, RegionId, VacancyId};
use omklap_domain::trajectory::fact::{Access, ContractModel};
use omklap_domain::visibility::Role;
use omklap_store::allocation::ListedStreams;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::report::{How, Location, RecordedBody, begin_stream, report_on_stream};
use super::vacant_home::VacantHomeBody;
use super::{StreamAsOf, StreamEventBody, stream_in, tagged};
use crate::http::problem::{Complaint, Fault, Form, Kind, Problem};
use crate::http::request::caller::Caller;
use crate::http::request::facts::StreamFacts;
use crate::http::request::page::{PageParams, PageParamsDoc, cursor, linked};
use crate::http::request::preconditions::{IdempotencyKey, IfMatch};
use crate::http::request::query::{Parameters, Params, Query};
use crate::http::services::Services;
use crate::http::trajectories::AsOfParams;
use crate::http::trajectories::report::Trial;

/// The facts in the body of a report on a vacancy.
type VacancyFacts = StreamFacts<Vacancy>;

/// The vacancy in a path.
#[derive(Clone, Copy, Debug, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct VacancyPath {
    /// The vacancy.
    #[param(rename = "vacancyId", value_type = Uuid, format = Uuid)]
    pub(super) vacancy: StreamId,
}

/// A vacancy as it is on a day. Dutch: *leegkomende woning*.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Vacancy)]
#[serde(rename_all = "camelCase")]
pub struct VacancyBody {
    /// Its id.
    pub(super) vacancy_id: VacancyId,
    /// The corporation.
    pub(super) corporation: OrganisationId,
    /// The region whose partners may let it to their clients.
    region: RegionId,
    /// How far it is.
    status: VacancyStatus,
    /// The dwelling.
    home: VacantHomeBody,
    /// The fields that the caller may not see, as JSON pointers; absent if there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    withheld: Option<Vec<&'static str>>,
}

/// One vacancy with what was reported of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = VacancyWithFacts)]
#[serde(rename_all = "camelCase")]
struct ReadBody {
    /// The vacancy on the day of the request.
    vacancy: VacancyBody,
    /// How many facts were recorded; for a care provider, of those that changed what it sees.
    #[schema(minimum = 1)]
    version: u64,
    /// Every fact, in the order of recording; absent for a care provider, which does not see which
    /// dwelling it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, inline)]
    events: Option<Vec<StreamEventBody<VacancyFact>>>,
}

/// A page of vacancies in the order of their ids.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = VacancyPage)]
struct PageBody {
    /// The vacancies.
    items: Vec<VacancyBody>,
    /// What to give as `cursor` for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    next: Option<String>,
}

/// The query parameters of the list.
#[derive(Clone, Debug)]
pub struct VacancyListParams {
    corporation: Option<OrganisationId>,
    region: Option<RegionId>,
    status: Option<VacancyStatus>,
    page: PageParams<StreamId>,
}

/// The filters; an absent filter matches everything.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read into a filter; this is their documentation")]
struct VacancyListParamsDoc {
    /// Of this corporation.
    #[param(inline, nullable = false)]
    corporation: Option<OrganisationId>,
    /// In this region.
    #[param(inline, nullable = false)]
    region: Option<RegionId>,
    /// As far as this.
    #[param(inline, nullable = false)]
    status: Option<VacancyStatus>,
}

/// Open a vacancy
///
/// A corporation reports a dwelling that it has or will have for the outflow. What happens to it is
/// reported with `POST /v1/vacancies/{vacancyId}/events`.
#[utoipa::path(
    operation_id = "openVacancy", tag = "allocation", security(("signIn" = ["trajectories:report"])), params(Caller, IdempotencyKey, Trial),
    request_body(content = inline(VacancyFacts), description = "The opening, or a list of facts that begins with one."),
    responses(
        (status = 200, description = "It would be admitted; nothing was recorded (`dryRun`).", body = RecordedBody),
        (status = 201, description = "Recorded.", body = RecordedBody,
            headers(("Location", description = "The vacancy."), ("ETag", description = "Its version, for `If-Match`."))),
    )
)]
#[post("/vacancies")]
pub async fn open(
    services: Data<Services>,
    caller: Caller,
    key: IdempotencyKey,
    Params(trial): Params<Trial>,
    facts: VacancyFacts,
) -> Result<HttpResponse, Problem> {
    begin_stream(&services, &caller, how(key, trial), facts).await
}

/// Report on a vacancy
///
/// That it changed, was withdrawn or was let, or the correction of a fact.
#[utoipa::path(
    operation_id = "reportVacancyFacts", tag = "allocation", security(("signIn" = ["trajectories:report"])), params(VacancyPath, Caller, IfMatch, IdempotencyKey, Trial),
    request_body(content = inline(VacancyFacts), description = "One fact, or a list of facts."),
    responses(
        (status = 200, description = "It would be admitted; nothing was recorded (`dryRun`).", body = RecordedBody),
        (status = 201, description = "Recorded.", body = RecordedBody,
            headers(("Location", description = "The vacancy."), ("ETag", description = "Its version, for `If-Match`."))),
    )
)]
#[post("/vacancies/{vacancyId}/events")]
pub async fn report(
    services: Data<Services>,
    VacancyPath { vacancy }: VacancyPath,
    caller: Caller,
    IfMatch { seen }: IfMatch,
    key: IdempotencyKey,
    Params(trial): Params<Trial>,
    facts: VacancyFacts,
) -> Result<HttpResponse, Problem> {
    report_on_stream(&services, (vacancy, seen), &caller, how(key, trial), facts).await
}

/// Read a vacancy
///
/// On the day `validOn`, as it was known at the instant `knownAt`. A corporation reads its own, the
/// matching point those of its region. A care provider reads those of its regions without the unit, its
/// floor and the corporation's reference. A vacancy is let as soon as a client moved in whose offer named
/// it, also if the corporation does not report that.
#[utoipa::path(
    operation_id = "readVacancy", tag = "allocation", security(("signIn" = ["trajectories:read"])), params(VacancyPath, Caller, AsOfParams),
    responses((status = 200, description = "The vacancy.", body = ReadBody,
        headers(("ETag", description = "Its version, for `If-Match`; absent for another day or instant."))))
)]
#[get("/vacancies/{vacancyId}")]
pub async fn read(
    services: Data<Services>,
    VacancyPath { vacancy }: VacancyPath,
    caller: Caller,
    Params(as_of): Params<AsOfParams>,
) -> Result<HttpResponse, Problem> {
    let StreamAsOf { stream, state, version, etag } =
        StreamAsOf::read(&services, &caller, vacancy, as_of).await?;
    let on = as_of.valid_on.unwrap_or(services.clock.today());
    let shown = with_tenants(&services, vec![state], on, as_of.known_at).await?;
    let state = shown.into_iter().next().ok_or(Kind::NothingThen)?;
    let body = ReadBody {
        vacancy: VacancyBody::of(state, caller.viewer.role).ok_or(Kind::NothingThen)?,
        version,
        events: sees_the_unit(caller.viewer.role).then(|| StreamEventBody::list(&stream)),
    };
    Ok(tagged(etag, body))
}

/// List vacancies
///
/// Those that the caller may read, in the order of their ids.
#[utoipa::path(
    operation_id = "listVacancies", tag = "allocation", security(("signIn" = ["trajectories:read"])), params(Caller, VacancyListParamsDoc, PageParamsDoc),
    responses((status = 200, description = "A page.", body = PageBody,
        headers(("Link", description = "The next page (`rel=\"next\"`); absent on the last one.")))),
)]
#[get("/vacancies")]
pub async fn list(
    services: Data<Services>,
    caller: Caller,
    Params(VacancyListParams { corporation, region, status, page }): Params<VacancyListParams>,
) -> Result<HttpResponse, Problem> {
    let listed = ListedStreams {
        viewer: &caller.viewer,
        organisation: corporation.as_ref().map(OrganisationId::as_str),
        region: region.as_ref().map(RegionId::as_str),
        status: status.map(VacancyStatus::as_str),
        after: page.after,
        limit: page.limit + 1,
    };
    let mut found = services.ledger.list_streams::<Vacancy>(&listed).await?;
    let next = page.cut(&mut found, |last| last.id);
    let role = caller.viewer.role;
    let states = found.into_iter().map(|stream| stream.history().state()).collect();
    let shown = with_tenants(&services, states, services.clock.today(), None).await?;
    let items = shown.into_iter().filter_map(|state| VacancyBody::of(state, role));
    let mut answer = linked(next.as_ref());
    Ok(answer.json(PageBody { items: items.collect(), next: cursor(next.as_ref()) }))
}

/// The vacancies as they are shown: let, if a client moved in by this day.
pub(in crate::http) async fn with_tenants(
    services: &Services,
    vacancies: Vec<Vacancy>,
    on: Day,
    known_at: Option<Timestamp>,
) -> Result<Vec<Vacancy>, Problem> {
    let id = |vacancy: &Vacancy| vacancy.opened.as_ref().map(|opened| opened.vacancy_id);
    let let_out = services.ledger.let_to_clients(vacancies.iter().filter_map(id), on, known_at).await?;
    let has_tenant = |vacancy: &Vacancy| id(vacancy).is_some_and(|id| let_out.contains(&id));
    let shown = vacancies.into_iter().map(|vacancy| {
        let has_tenant = has_tenant(&vacancy);
        vacancy.with_tenant(has_tenant)
    });
    Ok(shown.collect())
}

fn how(key: IdempotencyKey, trial: Trial) -> How {
    How { location: Location::UnderItsId("vacancies"), key, trial }
}

/// What a care provider does not see of a vacancy: which dwelling it is.
const WITHHELD: [&str; 3] = ["/home/unit", "/home/floor", "/home/reference"];

/// Whether a role sees which dwelling it is: a care provider learns that from the offer.
fn sees_the_unit(role: Role) -> bool {
    !matches!(role, Role::CareProvider | Role::Guide)
}

impl VacancyBody {
    /// A vacancy as a role sees it.
    #[must_use]
    pub fn of(state: Vacancy, role: Role) -> Option<Self> {
        let VacancyOpened { vacancy_id, corporation, region, home, .. } = state.opened?;
        let sees_all = sees_the_unit(role);
        let home = VacantHomeBody::of(home, sees_all);
        let withheld = (!sees_all).then(|| WITHHELD.to_vec());
        Some(Self { vacancy_id, corporation, region, status: state.status, home, withheld })
    }

    /// Its id as a stream.
    #[must_use]
    pub fn id(&self) -> StreamId {
        StreamId(self.vacancy_id.0)
    }
}

impl Parameters for VacancyListParams {
    fn read(query: &mut Query) -> Self {
        let named = query.take::<String>("status", Fault::NotOneOf);
        let status = named.as_deref().and_then(|named| named.parse().ok());
        if named.is_some() && status.is_none() {
            let known = VacancyStatus::ALL.map(VacancyStatus::as_str).join(", ");
            query.complain(Complaint::parameter("status", Fault::NotOneOf).limit(known));
        }
        Self {
            corporation: query.take("corporation", Form::Code),
            region: query.take("region", Form::Code),
            status,
            page: PageParams::read(query),
        }
    }
}

impl FromRequest for VacancyPath {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    /// Only the usual form of a UUID names a vacancy.
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(stream_in(request, "vacancyId").map(|vacancy| Self { vacancy }))
    }
}

/// A vacancy, to show: its first fact.
pub(super) fn example_fact() -> VacancyFact {
    let code = "written as agreed";
    let day = |month, day| Day::new(2026, month, day).expect("it exists");
    VacancyOpened {
        occurred_on: day(3, 2),
        vacancy_id: VacancyId(uuid::Uuid::from_u128(0x7ac0_0001_0000_4000_8000_0000_0000_0001)),
        corporation: "woonstichting-noord".parse().expect(code),
        region: "amsterdam".parse().expect(code),
        home: VacantHome {
            unit: "VHE-00412".parse().expect(code),
            complex: "C-118".parse().ok(),
            municipality: "0363".parse().expect(code),
            neighbourhood: "BU03630001".parse().ok(),
            available_from: day(5, 1),
            certain: true,
            rent_cents: 65_000.try_into().expect("an amount"),
            kind: Some(HomeKind::Apartment),
            rooms: Some(2),
            floor: Some(1),
            lift: Some(true),
            access: Some(Access::GroundFloorOrLift),
            quiet: Some(true),
            pets_allowed: None,
            persons: Some(PersonsRange { min: 1, max: 2 }),
            contract_models: vec![ContractModel::Intermediary],
            nuisance_on_file: false,
            respond_within_days: Some(7),
            reference: None,
        },
    }
    .into()
}

/// An example of the response about one vacancy.
pub(super) fn example(at: Timestamp) -> impl Serialize {
    let events = Some(vec![StreamEventBody::first(example_fact(), at)]);
    ReadBody { vacancy: example_body(), version: 1, events }
}

/// An example of a page.
pub(super) fn example_page() -> impl Serialize {
    PageBody { items: vec![example_body()], next: None }
}

fn example_body() -> VacancyBody {
    let VacancyFact::VacancyOpened(opened) = example_fact() else { unreachable!("it is an opening") };
    let state = Vacancy { opened: Some(opened), ..Vacancy::default() };
    VacancyBody::of(state, Role::HousingCorporation).expect("it is open")
}
