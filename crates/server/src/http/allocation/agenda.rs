//! The agenda of a round, as one caller may see it.

use std::collections::BTreeSet;

use omklap_domain::agreements::AgreementSet;
use omklap_domain::agreements::calendar::days_between;
use omklap_domain::allocation::agenda::{AgendaPoint, AtTheRound, points, requested_on};
use omklap_domain::allocation::weigh::{Counts, RESTS_ON, Seeker, weigh};
use omklap_domain::allocation::{Round, Vacancy};
use omklap_domain::day::Day;
use omklap_domain::ids::{OrganisationId, RegionId, TrajectoryId};
use omklap_domain::organisation::OrganisationKind;
use omklap_domain::trajectory::History;
use omklap_domain::visibility::{AccessLevel, Category, view};
use omklap_store::SeekerRow;
use omklap_store::read_models::seekers_listed::SeekerFilter;
use serde::Serialize;
use utoipa::ToSchema;

use super::mirror::open_on;
use super::vacancies::VacancyBody;
use crate::http::figures::set_of;
use crate::http::problem::Problem;
use crate::http::request::caller::Caller;
use crate::http::seekers::{CountsBody, SHOWN, SeekerBody};
use crate::http::services::Services;
use crate::http::view::disclosure::Disclosure;
use crate::http::view::listed::ListedCases;

/// How many clients are looked at for an agenda at most; the list of seekers has all of them.
const MOST_CLIENTS: u32 = 1_000;

/// What there is to discuss at a round, today.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Agenda)]
#[serde(rename_all = "camelCase")]
pub(super) struct AgendaBody {
    /// The day of the round before this one that was held; absent if there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date, nullable = false)]
    since: Option<Day>,
    /// The providers of the region that have not answered.
    unanswered: Vec<OrganisationId>,
    /// The clients that the caller may list and for whom there is a point, in the order of the seekers.
    clients: Vec<AgendaClientBody>,
    /// True if there are more clients than were looked at; otherwise absent.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    more: bool,
    /// Trajectories that are left out, because their record in the database is not what was recorded;
    /// absent if there are none. The operator is warned.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    altered: Option<Vec<TrajectoryId>>,
    /// The open vacancies that the caller may read and that fit none of these clients.
    homes_without_candidate: Vec<VacancyBody>,
    /// How many clients seek a home, as in the list of seekers.
    counts: CountsBody,
}

/// A client on the agenda.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgendaClient)]
#[serde(rename_all = "camelCase")]
struct AgendaClientBody {
    /// Why.
    points: BTreeSet<AgendaPoint>,
    /// For how many days the case has been stuck.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 0)]
    days_stuck: Option<u32>,
    /// The client as in the list of seekers.
    client: SeekerBody,
}

/// A client as the caller sees the case: the row, and what is weighed.
struct Client {
    row: SeekerRow,
    requested_on: Option<Day>,
    seeker: Option<Seeker>,
}

impl AgendaBody {
    /// The agenda of a round in this region, and what it discloses of each case.
    pub(super) async fn read(
        services: &Services,
        caller: &Caller,
        region: &RegionId,
        round: &Round,
        since: Option<Day>,
    ) -> Result<(Self, Vec<Disclosure>), Problem> {
        let (set, today) = (set_of(services, region)?, services.clock.today());
        let filter = SeekerFilter::all(caller.viewer.clone(), region.clone());
        let mut rows = services.ledger.seekers(&filter, None, MOST_CLIENTS + 1).await?;
        let more = rows.len() > MOST_CLIENTS as usize;
        rows.truncate(MOST_CLIENTS as usize);
        let cases =
            ListedCases::of(services, &caller.viewer, rows.iter().map(|row| row.trajectory_id)).await?;
        rows.retain(|row| cases.is_sound(row.trajectory_id));
        let clients = seen(services, caller, rows, today).await?;
        let open = open_on(services, caller, region, (today, None)).await?;
        let matched = Matched::of(&open, &clients, (set, today));
        let on_the_agenda = clients.iter().filter_map(|client| {
            let fits = matched.clients.contains(&client.row.trajectory_id);
            AgendaClientBody::of(client, fits, (since, today), &cases)
        });
        let role = caller.viewer.role;
        let without = open.into_iter().zip(&matched.homes).filter(|(_, fits)| !**fits);
        let body = Self {
            since,
            unanswered: unanswered(services, region, round).await?,
            clients: on_the_agenda.collect(),
            more,
            altered: cases.altered(),
            homes_without_candidate: without.filter_map(|(home, _)| VacancyBody::of(home, role)).collect(),
            counts: CountsBody::read(services, &filter, set, today).await?,
        };
        Ok((body, disclosures(&clients, &cases)))
    }

    /// An example.
    pub(super) fn example() -> Self {
        let today = Day::new(2026, 3, 9).expect("it exists");
        Self {
            since: Day::new(2026, 2, 26).ok(),
            unanswered: vec!["het-anker".parse().expect("written as agreed")],
            clients: Vec::new(),
            more: false,
            altered: None,
            homes_without_candidate: Vec::new(),
            counts: CountsBody::of(today, omklap_store::read_models::seekers_listed::SeekerCounts::default()),
        }
    }
}

/// The providers of the region that have not answered.
async fn unanswered(
    services: &Services,
    region: &RegionId,
    round: &Round,
) -> Result<Vec<OrganisationId>, Problem> {
    let register = services.sign_in.register().await?;
    let providers = register.partners(OrganisationKind::CareProvider, region);
    Ok(providers.filter(|provider| !round.answers.contains_key(provider)).cloned().collect())
}

/// The clients of these rows as the caller sees their cases.
async fn seen(
    services: &Services,
    caller: &Caller,
    rows: Vec<SeekerRow>,
    today: Day,
) -> Result<Vec<Client>, Problem> {
    let ids: Vec<TrajectoryId> = rows.iter().map(|row| row.trajectory_id).collect();
    let histories = services.ledger.histories(&ids).await?;
    let client = |row: SeekerRow| {
        let id = row.trajectory_id;
        let history: &History = histories.get(&id)?;
        let view = view(&caller.viewer, id, history);
        let sees_course = view.sees(Category::Course) == AccessLevel::All;
        let seeker = view.weighed(id, history, Some(today));
        let requested_on = requested_on(history).filter(|_| sees_course);
        Some(Client { row, requested_on, seeker })
    };
    Ok(rows.into_iter().filter_map(client).collect())
}

/// Which homes have a candidate, in their order, and which clients a home.
struct Matched {
    homes: Vec<bool>,
    clients: BTreeSet<TrajectoryId>,
}

impl Matched {
    /// Each open home beside each client who looks for one.
    fn of(open: &[Vacancy], clients: &[Client], (set, today): (&AgreementSet, Day)) -> Self {
        let mut matched = Self { homes: Vec::new(), clients: BTreeSet::new() };
        for opened in open.iter().map(|vacancy| vacancy.opened.as_ref()) {
            let seekers = clients.iter().filter_map(|client| client.seeker.as_ref());
            let fitting = seekers.filter(|seeker| {
                opened.is_some_and(|home| weigh(home, seeker, Counts::default(), set, today).may_be_offered())
            });
            let fitting: Vec<TrajectoryId> = fitting.map(|seeker| seeker.trajectory).collect();
            matched.homes.push(!fitting.is_empty());
            matched.clients.extend(fitting);
        }
        matched
    }
}

/// What the agenda discloses of each client: also that there is no point, for one who is not on it.
fn disclosures(clients: &[Client], cases: &ListedCases) -> Vec<Disclosure> {
    let rests_on = SHOWN.into_iter().chain(RESTS_ON);
    let shown = |client: &Client| -> (TrajectoryId, BTreeSet<Category>) {
        let id = client.row.trajectory_id;
        (id, rests_on.clone().filter(|category| cases.shows(id, *category)).collect())
    };
    Disclosure::of_alike(clients.iter().map(shown).collect())
}

impl AgendaClientBody {
    /// The client with the points; none if there are none.
    fn of(
        client: &Client,
        fits: bool,
        (since, today): (Option<Day>, Day),
        cases: &ListedCases,
    ) -> Option<Self> {
        let seeker = client.row.seeker();
        let points = points(&seeker, AtTheRound { requested_on: client.requested_on, fits }, since);
        let days = |since| u32::try_from(days_between(since, today)).unwrap_or(0);
        (!points.is_empty()).then(|| Self {
            points,
            days_stuck: seeker.stuck.map(|stuck| days(stuck.since)),
            client: SeekerBody::of(&client.row, today, cases),
        })
    }
}
