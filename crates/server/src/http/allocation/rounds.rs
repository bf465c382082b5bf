//! The monthly rounds of a region.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse, get, post};
use jiff::Timestamp;
use omklap_domain::allocation::{
    Round, RoundAnswered, RoundCalled, RoundFact, RoundHeld, RoundStatus, Stream, StreamId, round_id,
};
use omklap_domain::day::Day;
use omklap_domain::ids::{DocumentReference, OrganisationId, RegionId};
use omklap_domain::visibility::Viewer;
use omklap_store::allocation::ListedStreams;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::agenda::AgendaBody;
use super::report::{How, Location, RecordedBody, begin_stream, begin_stream_named, report_on_stream};
use super::{StreamAsOf, StreamEventBody};
use crate::http::figures::Regional;
use crate::http::problem::{Kind, Problem};
use crate::http::request::caller::Caller;
use crate::http::request::facts::StreamFacts;
use crate::http::request::page::{PageParams, PageParamsDoc, cursor, linked};
use crate::http::request::preconditions::{IdempotencyKey, IfMatch};
use crate::http::request::query::{Parameters, Params, Query};
use crate::http::services::Services;
use crate::http::trajectories::AsOfParams;
use crate::http::trajectories::report::Trial;
use crate::http::view::disclosed::Disclosed;

/// The facts in the body of a report on a round.
type RoundFacts = StreamFacts<Round>;

/// How many rounds of a region are listed at most: a hundred years of months.
const MOST_ROUNDS: u32 = 1_200;

/// The round in a path.
#[derive(Clone, Debug, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct RoundPath {
    /// The region.
    #[param(inline, example = "amsterdam")]
    region: RegionId,
    /// The day on which it is held.
    #[param(value_type = String, format = Date, example = "2026-03-26")]
    date: Day,
}

/// The query parameters of the list.
#[derive(Clone, Debug)]
pub struct RoundListParams(PageParams<Day>);

/// A round as it is on a day. Dutch: *ronde*.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Round)]
#[serde(rename_all = "camelCase")]
struct RoundBody {
    /// The region.
    region: RegionId,
    /// The day on which it is held.
    #[schema(value_type = String, format = Date)]
    held_on: Day,
    /// How far it is.
    status: RoundStatus,
    /// The day on which it was called.
    #[schema(value_type = String, format = Date)]
    called_on: Day,
    /// The last day for providers to answer.
    #[schema(value_type = String, format = Date)]
    answer_by: Day,
    /// The last answer of each provider that answered.
    answers: Vec<AnswerBody>,
    /// The document with the minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    minutes: Option<DocumentReference>,
}

/// The answer of a provider.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RoundAnswer)]
#[serde(rename_all = "camelCase")]
struct AnswerBody {
    /// The provider.
    provider: OrganisationId,
    /// The day of the answer.
    #[schema(value_type = String, format = Date)]
    answered_on: Day,
    /// Whether it has nobody.
    nobody: bool,
}

/// A round with its agenda and what was reported of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RoundWithFacts)]
#[serde(rename_all = "camelCase")]
struct ReadBody {
    /// The round on the day of the request.
    round: RoundBody,
    /// What there is to discuss, as the caller may see it; absent once the round is over, and for another
    /// day or instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    agenda: Option<AgendaBody>,
    /// How many facts were recorded.
    #[schema(minimum = 1)]
    version: u64,
    /// Every fact, in the order of recording. The number of a fact is for its correction.
    #[schema(inline)]
    events: Vec<StreamEventBody<RoundFact>>,
}

/// A page of rounds, the last one first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RoundPage)]
struct PageBody {
    /// The rounds.
    items: Vec<RoundBody>,
    /// What to give as `cursor` for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    next: Option<String>,
}

/// Call a round
///
/// The matching point says on which day the partners of the region meet, and by when every provider says
/// whether it has anybody who can take the step. What follows is reported with
/// `POST /v1/regions/{region}/rounds/{date}/events`.
#[utoipa::path(
    operation_id = "callRound", tag = "allocation", security(("signIn" = ["trajectories:report"])), params(Regional, Caller, IdempotencyKey, Trial),
    request_body(content = inline(RoundFacts), description = "The call, or a list of facts that begins with one."),
    responses(
        (status = 200, description = "It would be admitted; nothing was recorded (`dryRun`).", body = RecordedBody),
        (status = 201, description = "Recorded.", body = RecordedBody,
            headers(("Location", description = "The round."), ("ETag", description = "Its version, for `If-Match`."))),
    )
)]
#[post("/regions/{region}/rounds")]
pub async fn begin(
    services: Data<Services>,
    Regional { region }: Regional,
    caller: Caller,
    key: IdempotencyKey,
    Params(trial): Params<Trial>,
    facts: RoundFacts,
) -> Result<HttpResponse, Problem> {
    let Some(RoundFact::RoundCalled(RoundCalled { held_on, .. })) = facts.facts.first() else {
        let how = How { location: Location::UnderItsId("rounds"), key, trial };
        return begin_stream(&services, &caller, how, facts).await;
    };
    let path = RoundPath { region, date: *held_on };
    begin_stream_named(&services, path.id(), &caller, path.how(key, trial), facts).await
}

/// Report on a round
///
/// The answer of a provider, that it was held, or the correction of a fact by its reporter.
#[utoipa::path(
    operation_id = "reportRoundFacts", tag = "allocation", security(("signIn" = ["trajectories:report"])), params(RoundPath, Caller, IfMatch, IdempotencyKey, Trial),
    request_body(content = inline(RoundFacts), description = "One fact, or a list of facts."),
    responses(
        (status = 200, description = "It would be admitted; nothing was recorded (`dryRun`).", body = RecordedBody),
        (status = 201, description = "Recorded.", body = RecordedBody,
            headers(("Location", description = "The round."), ("ETag", description = "Its version, for `If-Match`."))),
    )
)]
#[post("/regions/{region}/rounds/{date}/events")]
pub async fn report(
    services: Data<Services>,
    path: RoundPath,
    caller: Caller,
    IfMatch { seen }: IfMatch,
    key: IdempotencyKey,
    Params(trial): Params<Trial>,
    facts: RoundFacts,
) -> Result<HttpResponse, Problem> {
    report_on_stream(&services, (path.id(), seen), &caller, path.how(key, trial), facts).await
}

/// Read a round
///
/// On the day `validOn`, as it was known at the instant `knownAt`. Until it is over, with its agenda: which
/// providers have not answered, new requests since the last round, earlier transfers, cases that are stuck,
/// homes without a candidate and clients for whom no home fits. A provider sees its own clients, a
/// corporation those that are assigned to it, a matching point and an auditor those of their region, and a
/// municipality counts.
#[utoipa::path(
    operation_id = "readRound", tag = "allocation", security(("signIn" = ["trajectories:read"])), params(RoundPath, Caller, AsOfParams),
    responses((status = 200, description = "The round.", body = ReadBody,
        headers(("ETag", description = "Its version, for `If-Match`; absent for another day or instant."))))
)]
#[get("/regions/{region}/rounds/{date}")]
pub async fn read(
    services: Data<Services>,
    path: RoundPath,
    caller: Caller,
    Params(as_of): Params<AsOfParams>,
) -> Result<Disclosed<ReadBody>, Problem> {
    let StreamAsOf { stream, state, version, etag } =
        StreamAsOf::<Round>::read(&services, &caller, path.id(), as_of).await?;
    // A region without agreements has no order of candidates, and so no agenda.
    let has_set = services.ledger.sets().of_region(&path.region).is_some();
    let has_agenda = has_set && as_of.is_now() && !state.is_over(services.clock.today());
    let (agenda, disclosures) = if has_agenda {
        let since = last_held(&services, &caller.viewer, &path).await?;
        let (agenda, disclosures) = AgendaBody::read(&services, &caller, &path.region, &state, since).await?;
        (Some(agenda), disclosures)
    } else {
        (None, Vec::new())
    };
    let body = ReadBody {
        round: RoundBody::of(state).ok_or(Kind::NothingThen)?,
        agenda,
        version,
        events: StreamEventBody::list(&stream),
    };
    Ok(Disclosed::whole(body, disclosures).tagged(etag))
}

/// List the rounds of a region
///
/// Those that the caller may read, the last one first.
#[utoipa::path(
    operation_id = "listRounds", tag = "allocation", security(("signIn" = ["trajectories:read"])), params(Regional, Caller, PageParamsDoc),
    responses((status = 200, description = "A page.", body = PageBody,
        headers(("Link", description = "The next page (`rel=\"next\"`); absent on the last one.")))),
)]
#[get("/regions/{region}/rounds")]
pub async fn list(
    services: Data<Services>,
    Regional { region }: Regional,
    caller: Caller,
    Params(RoundListParams(page)): Params<RoundListParams>,
) -> Result<HttpResponse, Problem> {
    let rounds = rounds_of(&services, &caller.viewer, &region).await?;
    let mut items: Vec<RoundBody> = rounds.into_iter().filter_map(RoundBody::of).collect();
    items.sort_by_key(|round| std::cmp::Reverse(round.held_on));
    items.retain(|round| page.after.is_none_or(|after| round.held_on < after));
    let next = page.cut(&mut items, |last| last.held_on);
    let mut answer = linked(next.as_ref());
    Ok(answer.json(PageBody { items, next: cursor(next.as_ref()) }))
}

/// The rounds of a region that this viewer reads.
async fn rounds_of(services: &Services, viewer: &Viewer, region: &RegionId) -> Result<Vec<Round>, Problem> {
    let listed = ListedStreams {
        viewer,
        organisation: None,
        region: Some(region.as_str()),
        status: None,
        after: None,
        limit: MOST_ROUNDS,
    };
    let streams = services.ledger.list_streams::<Round>(&listed).await?;
    Ok(streams.iter().map(|stream| stream.history().state()).collect())
}

/// The day of the last round before this one that was held.
async fn last_held(services: &Services, viewer: &Viewer, path: &RoundPath) -> Result<Option<Day>, Problem> {
    let rounds = rounds_of(services, viewer, &path.region).await?;
    let held = rounds.into_iter().filter_map(|round| round.held).map(|held| held.occurred_on);
    Ok(held.filter(|day| *day < path.date).max())
}

impl RoundPath {
    fn id(&self) -> StreamId {
        round_id(&self.region, self.date)
    }

    /// A round is read under its region and day, not under its id.
    fn how(&self, key: IdempotencyKey, trial: Trial) -> How {
        let Self { region, date } = self;
        How { location: Location::At(format!("/v1/regions/{region}/rounds/{date}")), key, trial }
    }
}

impl RoundBody {
    /// The round in this state; none while nothing happened.
    fn of(state: Round) -> Option<Self> {
        let status = state.status();
        let RoundCalled { occurred_on, region, held_on, answer_by } = state.called?;
        let answers = state.answers.into_values().map(AnswerBody::from).collect();
        let minutes = state.held.and_then(|held| held.minutes);
        Some(Self { region, held_on, status, called_on: occurred_on, answer_by, answers, minutes })
    }
}

impl From<RoundAnswered> for AnswerBody {
    fn from(RoundAnswered { occurred_on, provider, nobody }: RoundAnswered) -> Self {
        Self { provider, answered_on: occurred_on, nobody }
    }
}

impl Parameters for RoundListParams {
    fn read(query: &mut Query) -> Self {
        Self(PageParams::read(query))
    }
}

impl FromRequest for RoundPath {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    /// A text that is no code of a region, or no day, names no round.
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let part = |name| request.match_info().get(name);
        let path = part("region").and_then(|name| name.parse().ok());
        let path = path.zip(part("date").and_then(|day| day.parse().ok()));
        ready(path.map(|(region, date)| Self { region, date }).ok_or(Kind::NoSuchStream.into()))
    }
}

/// A fact of a round, to show.
///
/// # Panics
/// Never: its codes are written as agreed.
#[must_use]
pub fn example_fact() -> RoundFact {
    let day = |month, day| Day::new(2026, month, day).expect("it exists");
    let region = "amsterdam".parse().expect("written as agreed");
    RoundCalled { occurred_on: day(3, 2), region, held_on: day(3, 26), answer_by: day(3, 19) }.into()
}

/// An example of the response about one round.
///
/// # Panics
/// Never: the example says which round it is.
#[must_use]
pub fn example(at: Timestamp) -> impl Serialize {
    let events = vec![StreamEventBody::first(example_fact(), at)];
    ReadBody { round: example_round(), agenda: Some(AgendaBody::example()), version: 1, events }
}

/// An example of a page.
#[must_use]
pub fn example_page() -> impl Serialize {
    PageBody { items: vec![example_round()], next: None }
}

fn example_round() -> RoundBody {
    let (code, day) = ("written as agreed", Day::new(2026, 3, 9).expect("it exists"));
    let provider = "de-vaart".parse().expect(code);
    let mut round = Round::default();
    round.evolve(&example_fact());
    round.evolve(&RoundFact::RoundAnswered(RoundAnswered { occurred_on: day, provider, nobody: true }));
    let held =
        RoundHeld { occurred_on: Day::new(2026, 3, 26).expect("it exists"), minutes: "dms:m".parse().ok() };
    round.evolve(&RoundFact::RoundHeld(held));
    RoundBody::of(round).expect("it was called")
}
