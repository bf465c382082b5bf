//! The match on a ledger with 60,000 trajectories, of which 3,000 seek a home in one region: the candidates of
//! a vacancy, the first page of the seekers and the quota of a year, each beside the same question in plain
//! SQL; and a report that opens a hold beside one that opens none.

use std::time::{Duration, Instant};

use omklap_domain::allocation::VacancyOpened;
use omklap_domain::ids::{OfferId, RegionId};
use omklap_domain::trajectory::Fact;
use omklap_domain::visibility::{Role, Viewer};
use omklap_store::allocation::ListAsOf;
use omklap_store::database::scratch::ScratchDatabase;
use omklap_store::read_models::seekers_listed::SeekerFilter;
use omklap_store::{Ledger, OperatorKey, Seen, Target};
use serde_json::{Value, json};
use sqlx::Executor;
use uuid::Uuid;

use crate::results::{Figure, result, section};
use crate::timing::{median, spread};
use crate::{case, omklap};

/// How many trajectories are open.
const OPEN: u32 = 60_000;
/// How many of them seek a home in the region.
const SEEKERS: u32 = 3_000;
/// How often each question is asked.
const ASKED: usize = 100;
/// How many reports of each kind are made, in turns.
const REPORTED: u64 = 300;

/// The order of candidates in plain SQL, over the columns of the read model: less than a weighing says, and the
/// same rows.
const ORDERED: &str = "
    SELECT trajectory_id, weighed,
           rent_limit_cents >= 62000 AND access = 'any-floor' AND household IN ('single', 'couple') AS fits
    FROM seekers JOIN trajectories USING (trajectory_id)
    WHERE seekers.region = 'noord-limburg' AND audience = 'matching-point' AND weighed IS NOT NULL
          AND NOT is_restricted
    ORDER BY fits DESC, quiet DESC, day, sha256(uuid_send(trajectory_id))";
const FIRST_PAGE: &str = "
    SELECT * FROM seekers WHERE region = 'noord-limburg' AND audience = 'matching-point'
    ORDER BY rank, day, trajectory_id LIMIT 101";
const LET_THIS_YEAR: &str = "
    SELECT holds.corporation, let_in, count(*) FROM holds JOIN trajectories USING (trajectory_id)
    WHERE what = 'lease' AND let_in IS NOT NULL AND since BETWEEN '2026-01-01' AND '2026-11-01'
          AND trajectories.region = 'noord-limburg' GROUP BY 1, 2";

/// Fills the read models alone, and measures.
pub async fn measure() {
    let database = ScratchDatabase::create().await;
    let ledger = omklap::ledger(&database, OperatorKey::of_tests());
    fill(&database).await;
    let (viewer, region) = (matching_point(), region());
    let (opened, now) = (home(), "2026-11-01T09:00:00Z".parse().expect("an instant"));
    let set = ledger.sets().of_region(&region).expect("a set that ships");
    let as_of = ListAsOf { valid_on: case::today(), known_at: None, now };
    let filter = SeekerFilter::all(viewer.clone(), region.clone());
    let plain = async |query: &'static str| {
        sqlx::query(query).fetch_all(database.pool()).await.expect("readable").len()
    };
    let candidates =
        async || ledger.candidates(&viewer, &opened, set, as_of).await.expect("readable").places.len();
    let page = async || ledger.seekers(&filter, None, 101).await.expect("readable").len();
    let quota = async || {
        let quota = ledger.quota_of_year(&region, case::today(), None).await.expect("readable");
        usize::from(quota.of_vacancy(&viewer, &opened).is_none()) + 1
    };
    section(&format!("the match: {SEEKERS} of {OPEN} open trajectories seek a home in the region"));
    result("candidates of a vacancy", &spread(asked(candidates).await));
    result("the same rows, ordered in plain SQL", &spread(asked(async || plain(ORDERED).await).await));
    result("the first page of the seekers", &spread(asked(page).await));
    result("the same page in plain SQL", &spread(asked(async || plain(FIRST_PAGE).await).await));
    result("the quota of the year and what was let", &spread(asked(quota).await));
    result("the same lets in plain SQL", &spread(asked(async || plain(LET_THIS_YEAR).await).await));
    holds().await;
}

async fn asked(question: impl AsyncFn() -> usize) -> Vec<Duration> {
    let mut took = Vec::new();
    for _ in 0..ASKED {
        let started = Instant::now();
        assert!(question().await > 0, "there is an answer");
        took.push(started.elapsed());
    }
    took
}

/// A report that opens a hold beside one on the same history that opens none, and the row of the hold alone in
/// plain SQL.
async fn holds() {
    let database = ScratchDatabase::create().await;
    let ledger = omklap::ledger(&database, OperatorKey::of_tests());
    let facts = nominated();
    let [mut offers, mut talks, mut rows] = [const { Vec::new() }; 3];
    for number in 0..REPORTED {
        for opens_a_hold in [true, false] {
            let id = case::trajectory(usize::from(opens_a_hold), usize::try_from(number).expect("few"));
            let opening = omklap::report(Target::New(id), facts.clone());
            ledger.record(opening).await.expect("admissible");
            let fact = if opens_a_hold { offer(id.0) } else { returned() };
            let target = Target::Existing { id, seen: Seen::Any };
            let took = report(&ledger, target, fact).await;
            if opens_a_hold { offers.push(took) } else { talks.push(took) }
        }
        let started = Instant::now();
        let row =
            "INSERT INTO holds (trajectory_id, opened_by, version, corporation, unit, what, what_id, since,
                                      at_once, guarded)
                   VALUES ($1, 1, 1, 'plain', $1::text, 'offer', $1, '2026-11-01', 1, true)";
        let id = Uuid::from_u128(u128::from(number) + 1);
        sqlx::query(row).bind(id).execute(database.pool()).await.expect("written");
        rows.push(started.elapsed());
    }
    let (with, without) = (median(offers.clone()), median(talks.clone()));
    let times = Figure::times_the_cost(with.as_secs_f64() / without.as_secs_f64());
    section("a report that opens a hold");
    result("a report that opens a hold", &spread(offers));
    result("a report that opens none", &spread(talks));
    result("a row of a hold alone, in plain SQL", &spread(rows));
    result("a report that opens a hold, compared with one that opens none", &[times]);
}

async fn report(ledger: &Ledger, target: Target, fact: Fact) -> Duration {
    let report = omklap::report(target, vec![fact]);
    let started = Instant::now();
    ledger.record(report).await.expect("recorded");
    started.elapsed()
}

async fn fill(database: &ScratchDatabase) {
    let mut owner = database.as_owner().await;
    let trajectories = format!(
        "INSERT INTO trajectories (trajectory_id, version, updated_at, phase, agreement_set, region, municipality,
                                   care_provider, corporation, nominated_to)
         SELECT lpad(to_hex(n), 32, '0')::uuid, 9, timestamptz '2026-10-01', CASE WHEN n <= {SEEKERS} THEN 'matching' ELSE 'housed' END,
                'noord-limburg@1', CASE WHEN n <= {SEEKERS} OR n % 10 = 0 THEN 'noord-limburg' ELSE 'amsterdam' END, 'venlo',
                'provider-' || n % 300, 'antares', CASE WHEN n <= {SEEKERS} THEN 'antares' END
         FROM generate_series(1, {OPEN}) AS n"
    );
    let seekers = format!(
        "INSERT INTO seekers (trajectory_id, audience, version, region, organisation, phase, care_provider, municipality,
                              corporation, rank, day, certainty, offers_used, profile, household, origin, access, quiet,
                              pets, rent_limit_cents, weighed)
         SELECT lpad(to_hex(n), 32, '0')::uuid, audience, 9, 'noord-limburg', NULL, 'matching', 'provider-' || n % 300,
                'venlo', 'antares', 0, date '2026-01-01' + n % 300, 'sure', 0, 'p' || 1 + n % 5, 'single', '0983',
                'any-floor', n % 3 = 0, false, 55000 + n % 200 * 100,
                json_build_object(
                    'trajectory', lpad(to_hex(n), 32, '0')::uuid, 'readyOn', date '2026-01-01' + n % 300,
                    'requestedOn', date '2026-01-05' + n % 300, 'assignedTo', 'antares', 'reachAtNight', false,
                    'offers', json_build_object('used', 0, 'unanswered', 0, 'granted', 0),
                    'profile', json_build_object(
                        'profile', 'p' || 1 + n % 5, 'household', 'single', 'municipalityOfOrigin', '0983',
                        'preferredAreas', json_build_array('0983'), 'excludedAreas', json_build_array(),
                        'rentLimitCents', 55000 + n % 200 * 100, 'access', 'any-floor', 'quietNeeded', n % 3 = 0,
                        'pets', false))::text
         FROM generate_series(1, {SEEKERS}) AS n, unnest(ARRAY['matching-point', 'auditor']) AS audience"
    );
    let holds = format!(
        "INSERT INTO holds (trajectory_id, opened_by, version, corporation, unit, what, what_id, since, at_once, guarded, let_in)
         SELECT lpad(to_hex(n), 32, '0')::uuid, 7, 9, 'antares', 'VHE-' || n, 'lease', lpad(to_hex(n), 32, '0')::uuid,
                date '2020-01-01' + n % 2400, 1, true, '0983'
         FROM generate_series({SEEKERS} + 1, {OPEN}) AS n"
    );
    for statement in [trajectories, seekers, holds] {
        owner.execute(statement.as_str()).await.expect("the owner may");
    }
    owner.execute("VACUUM ANALYZE").await.expect("tidy, as a running database is");
}

fn region() -> RegionId {
    "noord-limburg".parse().expect("a code")
}

fn matching_point() -> Viewer {
    let organisation = "transferpunt".parse().expect("a code");
    Viewer { role: Role::MatchingPoint, organisation, regions: [region()].into(), trajectory: None }
}

fn home() -> VacancyOpened {
    let home = json!({
        "unit": "VHE-1", "municipality": "0983", "availableFrom": "2026-12-01", "certain": true, "rentCents": 62_000,
        "access": "any-floor", "quiet": true, "persons": {"min": 1, "max": 2}, "contractModels": ["three-party"],
        "nuisanceOnFile": false
    });
    let opened = json!({
        "occurredOn": "2026-10-01", "vacancyId": Uuid::from_u128(7), "corporation": "antares",
        "region": region(), "home": home
    });
    serde_json::from_value(opened).expect("a vacancy")
}

/// The facts of the benchmark's case up to the assignment of a corporation.
fn nominated() -> Vec<Fact> {
    let facts = case::before();
    let assigned = facts.iter().position(|fact| matches!(fact, Fact::CorporationAssigned(_)));
    facts.into_iter().take(assigned.expect("a corporation is assigned") + 1).collect()
}

/// The corporation of that case, and the day of the report.
fn assigned() -> (Value, &'static str) {
    let corporation = nominated().into_iter().rev().find_map(|fact| match fact {
        Fact::CorporationAssigned(assigned) => Some(json!(assigned.corporation)),
        _ => None,
    });
    (corporation.expect("it is assigned"), "2026-10-01")
}

fn offer(id: Uuid) -> Fact {
    let (corporation, on) = assigned();
    let parts = ["wishes", "profile", "dwelling", "neighbourhood", "network", "dayActivity"];
    let considerations: Value = parts.map(|part| (part.to_owned(), json!("past"))).into_iter().collect();
    let fact = json!({
        "type": "dwelling-offered", "occurredOn": on, "offerId": OfferId(id), "corporation": corporation,
        "unit": format!("VHE-{id}"), "municipality": "0983", "rentCents": 62_000, "nuisanceOnFile": false,
        "considerations": considerations, "agreedBy": ["care-provider", "housing-corporation"]
    });
    serde_json::from_value(fact).expect("a fact")
}

/// The corporation hands the assignment back: one private text. An offer has six, which cost it more beside
/// the hold.
fn returned() -> Fact {
    let (corporation, on) = assigned();
    let fact = json!({
        "type": "assignment-returned", "occurredOn": on, "corporation": corporation,
        "ground": "no-fitting-dwelling", "explanation": "Voorlopig niets met een lift."
    });
    serde_json::from_value(fact).expect("a fact")
}
