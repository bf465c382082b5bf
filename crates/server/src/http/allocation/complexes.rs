//! Complexes.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse, get, post};
use jiff::Timestamp;
use omklap_domain::allocation::{
    Complex, ComplexDescribed, ComplexFact, NeighbourhoodCode, StreamFact, StreamId,
};
use omklap_domain::day::Day;
use omklap_domain::ids::{ComplexId, MunicipalityCode, OrganisationId, RegionId};
use omklap_store::allocation::ListedStreams;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::report::{How, Location, RecordedBody, begin_stream, report_on_stream};
use super::{StreamAsOf, StreamEventBody, stream_in, tagged};
use crate::http::problem::{Form, Kind, Problem};
use crate::http::request::caller::Caller;
use crate::http::request::facts::StreamFacts;
use crate::http::request::page::{PageParams, PageParamsDoc, cursor, linked};
use crate::http::request::preconditions::{IdempotencyKey, IfMatch};
use crate::http::request::query::{Parameters, Params, Query};
use crate::http::services::Services;
use crate::http::trajectories::AsOfParams;
use crate::http::trajectories::report::Trial;

/// The facts in the body of a report on a complex.
type ComplexFacts = StreamFacts<Complex>;

/// The complex in a path.
#[derive(Clone, Copy, Debug, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ComplexPath {
    /// The complex.
    #[param(rename = "complexId", value_type = Uuid, format = Uuid)]
    complex: StreamId,
}

/// A complex as it is on a day. Dutch: *complex*.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Complex)]
#[serde(rename_all = "camelCase")]
struct ComplexBody {
    /// Its id in this ledger, which follows from the corporation and its code.
    #[schema(value_type = Uuid)]
    complex_id: StreamId,
    /// The corporation's own code.
    complex: ComplexId,
    /// The corporation.
    corporation: OrganisationId,
    /// The region.
    region: RegionId,
    /// The municipality where it is.
    municipality: MunicipalityCode,
    /// The neighbourhood where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    neighbourhood: Option<NeighbourhoodCode>,
    /// How many homes it has.
    #[schema(minimum = 1)]
    homes: u16,
    /// The day from which this is so.
    #[schema(value_type = String, format = Date)]
    described_on: Day,
}

/// One complex with what was reported of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ComplexWithFacts)]
#[serde(rename_all = "camelCase")]
struct ReadBody {
    /// The complex on the day of the request.
    complex: ComplexBody,
    /// How many facts were recorded.
    #[schema(minimum = 1)]
    version: u64,
    /// Every fact, in the order of recording. The number of a fact is for its correction.
    #[schema(inline)]
    events: Vec<StreamEventBody<ComplexFact>>,
}

/// A page of complexes in the order of their ids.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ComplexPage)]
struct PageBody {
    /// The complexes.
    items: Vec<ComplexBody>,
    /// What to give as `cursor` for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    next: Option<String>,
}

/// The query parameters of the list.
#[derive(Clone, Debug)]
pub struct ComplexListParams {
    corporation: Option<OrganisationId>,
    region: Option<RegionId>,
    page: PageParams<StreamId>,
}

/// The filters; an absent filter matches everything.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read into a filter; this is their documentation")]
struct ComplexListParamsDoc {
    /// Of this corporation.
    #[param(inline, nullable = false)]
    corporation: Option<OrganisationId>,
    /// In this region.
    #[param(inline, nullable = false)]
    region: Option<RegionId>,
}

/// Describe a complex
///
/// How many homes it has, and where. Its id follows from the corporation and the corporation's own
/// code. A change is reported with `POST /v1/complexes/{complexId}/events`.
#[utoipa::path(
    operation_id = "describeComplex", tag = "allocation", security(("signIn" = ["trajectories:report"])), params(Caller, IdempotencyKey, Trial),
    request_body(content = inline(ComplexFacts), description = "Its description, or a list of facts that begins with one."),
    responses(
        (status = 200, description = "It would be admitted; nothing was recorded (`dryRun`).", body = RecordedBody),
        (status = 201, description = "Recorded.", body = RecordedBody,
            headers(("Location", description = "The complex."), ("ETag", description = "Its version, for `If-Match`."))),
    )
)]
#[post("/complexes")]
pub async fn begin(
    services: Data<Services>,
    caller: Caller,
    key: IdempotencyKey,
    Params(trial): Params<Trial>,
    facts: ComplexFacts,
) -> Result<HttpResponse, Problem> {
    begin_stream(&services, &caller, how(key, trial), facts).await
}

/// Report on a complex
///
/// A new description, from its day on, or the correction of a fact.
#[utoipa::path(
    operation_id = "reportComplexFacts", tag = "allocation", security(("signIn" = ["trajectories:report"])), params(ComplexPath, Caller, IfMatch, IdempotencyKey, Trial),
    request_body(content = inline(ComplexFacts), description = "One fact, or a list of facts."),
    responses(
        (status = 200, description = "It would be admitted; nothing was recorded (`dryRun`).", body = RecordedBody),
        (status = 201, description = "Recorded.", body = RecordedBody,
            headers(("Location", description = "The complex."), ("ETag", description = "Its version, for `If-Match`."))),
    )
)]
#[post("/complexes/{complexId}/events")]
pub async fn report(
    services: Data<Services>,
    ComplexPath { complex }: ComplexPath,
    caller: Caller,
    IfMatch { seen }: IfMatch,
    key: IdempotencyKey,
    Params(trial): Params<Trial>,
    facts: ComplexFacts,
) -> Result<HttpResponse, Problem> {
    report_on_stream(&services, (complex, seen), &caller, how(key, trial), facts).await
}

/// Read a complex
///
/// On the day `validOn`, as it was known at the instant `knownAt`, with every fact that was known then.
#[utoipa::path(
    operation_id = "readComplex", tag = "allocation", security(("signIn" = ["trajectories:read"])), params(ComplexPath, Caller, AsOfParams),
    responses((status = 200, description = "The complex.", body = ReadBody,
        headers(("ETag", description = "Its version, for `If-Match`; absent for another day or instant."))))
)]
#[get("/complexes/{complexId}")]
pub async fn read(
    services: Data<Services>,
    ComplexPath { complex }: ComplexPath,
    caller: Caller,
    Params(as_of): Params<AsOfParams>,
) -> Result<HttpResponse, Problem> {
    let StreamAsOf { stream, state, version, etag } =
        StreamAsOf::read(&services, &caller, complex, as_of).await?;
    let body = ReadBody {
        complex: ComplexBody::of(complex, state).ok_or(Kind::NothingThen)?,
        version,
        events: StreamEventBody::list(&stream),
    };
    Ok(tagged(etag, body))
}

/// List complexes
///
/// A corporation lists its own; the other partners list those of their regions.
#[utoipa::path(
    operation_id = "listComplexes", tag = "allocation", security(("signIn" = ["trajectories:read"])), params(Caller, ComplexListParamsDoc, PageParamsDoc),
    responses((status = 200, description = "A page.", body = PageBody,
        headers(("Link", description = "The next page (`rel=\"next\"`); absent on the last one.")))),
)]
#[get("/complexes")]
pub async fn list(
    services: Data<Services>,
    caller: Caller,
    Params(ComplexListParams { corporation, region, page }): Params<ComplexListParams>,
) -> Result<HttpResponse, Problem> {
    let listed = ListedStreams {
        viewer: &caller.viewer,
        organisation: corporation.as_ref().map(OrganisationId::as_str),
        region: region.as_ref().map(RegionId::as_str),
        status: None,
        after: page.after,
        limit: page.limit + 1,
    };
    let mut found = services.ledger.list_streams::<Complex>(&listed).await?;
    let next = page.cut(&mut found, |last| last.id);
    let items = found.into_iter().filter_map(|stream| ComplexBody::of(stream.id, stream.history().state()));
    let mut answer = linked(next.as_ref());
    Ok(answer.json(PageBody { items: items.collect(), next: cursor(next.as_ref()) }))
}

fn how(key: IdempotencyKey, trial: Trial) -> How {
    How { location: Location::UnderItsId("complexes"), key, trial }
}

impl ComplexBody {
    fn of(complex_id: StreamId, state: Complex) -> Option<Self> {
        let ComplexDescribed {
            occurred_on,
            complex,
            corporation,
            region,
            municipality,
            neighbourhood,
            homes,
        } = state.described?;
        Some(Self {
            complex_id,
            complex,
            corporation,
            region,
            municipality,
            neighbourhood,
            homes,
            described_on: occurred_on,
        })
    }
}

impl Parameters for ComplexListParams {
    fn read(query: &mut Query) -> Self {
        Self {
            corporation: query.take("corporation", Form::Code),
            region: query.take("region", Form::Code),
            page: PageParams::read(query),
        }
    }
}

impl FromRequest for ComplexPath {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    /// Only the usual form of a UUID names a complex.
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(stream_in(request, "complexId").map(|complex| Self { complex }))
    }
}

/// A complex, to show: its first fact.
pub(super) fn example_fact() -> ComplexFact {
    let code = "written as agreed";
    ComplexDescribed {
        occurred_on: Day::new(2026, 3, 2).expect("it exists"),
        complex: "C-118".parse().expect(code),
        corporation: "woonstichting-noord".parse().expect(code),
        region: "amsterdam".parse().expect(code),
        municipality: "0363".parse().expect(code),
        neighbourhood: "BU03630001".parse().ok(),
        homes: 24,
    }
    .into()
}

/// An example of the response about one complex.
pub(super) fn example(at: Timestamp) -> impl Serialize {
    let (complex, fact) = (example_body(), example_fact());
    ReadBody { complex, version: 1, events: vec![StreamEventBody::first(fact, at)] }
}

/// An example of a page.
pub(super) fn example_page() -> impl Serialize {
    PageBody { items: vec![example_body()], next: None }
}

fn example_body() -> ComplexBody {
    let fact = example_fact();
    let id = fact.stream().expect("a description names its complex");
    let ComplexFact::ComplexDescribed(described) = fact else { unreachable!("it is a description") };
    ComplexBody::of(id, Complex { described: Some(described) }).expect("it is described")
}
