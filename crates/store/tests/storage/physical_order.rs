//! No result depends on where PostgreSQL happens to store a row, on the plan it picks, or on its
//! version.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::story::*;
use omklap_domain::agreements::AgreementSets;
use omklap_domain::day::Day;
use omklap_domain::ids::{RegionId, TrajectoryId};
use omklap_domain::retention::Terms;
use omklap_domain::visibility::{Role, Viewer};
use omklap_store::read_models::seekers_listed::SeekerFilter;
use omklap_store::read_models::worklist::{Whose, WorklistFilter};
use omklap_store::subscriptions::{
    Attempt, DeliveryHealth, HeldBack, Message, NewSubscription, Notice, Progress, State,
};
use omklap_store::{Feed, Filter, Ledger, Metadata, OperatorKey, Organisations, Subject, Tree, connect};
use sqlx::{Executor, PgConnection, PgPool};
use uuid::Uuid;

const REGIONS: [&str; 3] = ["noord-limburg", "amsterdam", "rotterdam"];

/// Plan types that are switched off: what is left returns rows in their physical order.
const PLANS: [[&str; 3]; 4] = [
    ["jit", "geqo", "enable_memoize"],
    ["enable_indexscan", "enable_indexonlyscan", "enable_bitmapscan"],
    ["enable_nestloop", "enable_mergejoin", "enable_incremental_sort"],
    ["enable_hashjoin", "enable_hashagg", "enable_material"],
];

#[tokio::test]
async fn lists_and_counts_do_not_depend_on_the_physical_order_of_rows() {
    let story = Story::begins().await;
    fill(&story).await;
    let before = answers(&story, story.database.pool()).await;
    let empty: Vec<_> = before.iter().filter(|(_, answer)| answer.len() < 20).collect();
    assert!(empty.is_empty(), "nothing is listed: {empty:?}");
    for plan in PLANS {
        shuffle(&mut story.database.as_owner().await).await;
        let options = story.database.as_program().options(plan.map(|setting| (setting, "off")));
        let pool = connect(&options, 8).await.expect("reachable");
        let after = answers(&story, &pool).await;
        for (question, answer) in &before {
            assert_eq!(&after[question], answer, "{question} without {plan:?}");
        }
    }
}

#[tokio::test]
async fn contributions_come_in_the_order_of_their_ids() {
    let story = Story::begins().await;
    let mut all = Vec::new();
    for _ in 0..40 {
        all.push(story.opened().await);
    }
    all.sort();
    let region: RegionId = code("noord-limburg");
    let today = code("2026-03-02");
    for _ in 0..3 {
        shuffle(&mut story.database.as_owner().await).await;
        let added = story.ledger.contributions(&region, today).await.expect("readable");
        assert_eq!(added.iter().map(|(id, _)| *id).collect::<Vec<_>>(), all);
    }
}

/// Checks the source, because there may be no version of PostgreSQL yet that shows the difference.
#[test]
fn every_aggregate_that_has_an_order_and_every_limit_names_its_order() {
    let mut checked = 0;
    for path in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let source = std::fs::read_to_string(&path).expect("readable");
        for aggregate in ["string_agg(", "array_agg(", "json_agg(", "jsonb_agg(", "object_agg("] {
            for (at, _) in source.match_indices(aggregate) {
                let arguments = arguments(&source[at + aggregate.len()..]);
                assert!(arguments.contains("ORDER BY"), "{}: {aggregate}{arguments})", path.display());
                checked += 1;
            }
        }
        for (at, _) in source.match_indices(" LIMIT ") {
            let before = &source[..at];
            let statement = before.rfind("query").map_or(before, |from| &before[from..]);
            let is_ordered = statement.contains("ORDER BY");
            assert!(is_ordered, "{}: …{} LIMIT", path.display(), &before[at.saturating_sub(60)..]);
            checked += 1;
        }
    }
    assert!(checked > 15, "only {checked} places were checked");
}

// The words of these tests.

/// Fills every list of a ledger: demo cases and others, deadlines, subscriptions, checkpoints.
pub async fn fill(story: &Story) {
    for facts in demo_cases() {
        story.record_case(&facts).await;
    }
    for _ in 0..5 {
        let id = story.opened().await;
        story.goes_on(id, [privacy_explained(), case_discussed("a")]).await;
    }
    let mut leads =
        omklap_store::deadlines::Leadership::candidate(story.database.pool()).await.expect("reachable");
    assert!(leads.take().await.expect("reachable"));
    let (today, now) = (code("2027-01-01"), code("2027-01-01T09:00:00Z"));
    leads.record_due(&story.ledger, today, now).await.expect("recorded");
    organisations(story.database.pool()).await;
    subscription(story).await;
    story.database.signer().sign(omklap_store::tree::Pace::AT_ONCE, now).await.expect("signed");
}

async fn organisations(pool: &PgPool) {
    for name in ["zonnehof", "antares", "de-vaart", "mosa"] {
        let add = format!(
            "INSERT INTO organisations VALUES ('{name}', 'care-provider', '{name}', '{{noord-limburg}}', '{{}}', 1, NULL);
             INSERT INTO clients VALUES ('{name}-z', '{name}', 'x', '{{care-provider}}', NULL, NULL),
                                        ('{name}-a', '{name}', 'x', '{{care-provider}}', NULL, NULL)"
        );
        pool.execute(add.as_str()).await.expect("the program may");
    }
}

/// Subscriptions with rows in each of their lists, several at the same instant.
async fn subscription(story: &Story) {
    let Story { ledger, .. } = story;
    let viewer = Viewer {
        role: Role::CareProvider,
        organisation: code("de-vaart"),
        regions: [code(REGIONS[0])].into(),
        trajectory: None,
    };
    let now = code("2027-01-01T09:00:00Z");
    for number in 1..4 {
        let (client, url) = (code("de-vaart-a"), "https://hooks.example.org/in".to_owned());
        let (id, viewer) = (Uuid::from_u128(number), viewer.clone());
        let (types, metadata) = (Vec::new(), Metadata::new());
        let new = NewSubscription { id, client, viewer, url, types, position: 0, created_at: now, metadata };
        let (of, _) = ledger.subscribe(new, None).await.expect("made");
        let ids = (10..14).map(|id| Subject::from(TrajectoryId(Uuid::from_u128(id))));
        let held = |subject| HeldBack {
            subject,
            position: 3,
            attempts: 1,
            first_failed_at: now,
            next_attempt_at: now,
        };
        let message = |subject| Message { id: Uuid::from_u128(2), subject: Some(subject), position: Some(5) };
        let attempt = |(nth, subject)| Attempt {
            message: message(subject),
            attempt: nth,
            attempted_at: now,
            took_ms: 1,
            outcome: "delivered",
            status: None,
        };
        let notice = |notice: &str| Notice { noticed_at: now, notice: notice.to_owned(), message: None };
        let progress = Progress {
            held: &ids.clone().map(held).collect::<Vec<_>>(),
            attempts: &(1..).zip(ids).map(attempt).collect::<Vec<_>>(),
            notices: &["c", "a", "b"].map(notice),
            ..Progress {
                of: &of,
                state: State::Active,
                position: 5,
                health: DeliveryHealth::default(),
                held: &[],
                released: &[],
                attempts: &[],
                notices: &[],
            }
        };
        assert!(ledger.keep_progress(&progress).await.expect("kept"));
    }
}

/// The result of every list and every count, over these connections.
pub async fn answers(story: &Story, pool: &PgPool) -> BTreeMap<String, String> {
    let ledger = Ledger::new(pool.clone(), OperatorKey::of_tests(), Arc::new(AgreementSets::shipped()));
    let (feed, tree) = (
        Feed::new(pool.clone(), OperatorKey::of_tests().mac_key()),
        Tree::new(pool.clone(), OperatorKey::of_tests().mac_key()),
    );
    let ids = story.ledger.trajectories(None, 1_000).await.expect("readable");
    let mut all = BTreeMap::new();
    let mut keep = |question: &str, answer: String| {
        all.entry(question.to_owned()).or_insert_with(String::new).push_str(&answer);
    };
    for region in REGIONS {
        let (region, day): (RegionId, Day) = (code(region), code("2027-01-01"));
        keep("contributions", shown(ledger.contributions(&region, day).await));
        keep("contributions then", shown(ledger.contributions_then(&region, code("2026-06-01"), None).await));
        let viewer = Viewer {
            role: Role::MatchingPoint,
            organisation: code("transferpunt"),
            regions: [region.clone()].into(),
            trajectory: None,
        };
        let seekers = SeekerFilter::all(viewer, region.clone());
        keep("seekers", shown(ledger.seekers(&seekers, None, 1_000).await));
        let filter = WorklistFilter { whose: Whose::Regions(vec![region]), ..WorklistFilter::default() };
        keep("worklist", shown(ledger.worklist(&filter, None, 1_000).await));
    }
    keep("list", shown(ledger.list(&Filter::default(), None, 1_000).await));
    keep("trajectories", shown(ledger.trajectories(None, 1_000).await));
    keep("feed", shown(feed.whole_events_after(0, 100_000).await));
    keep("checkpoints", shown(tree.checkpoints_after(0, 10).await));
    keep(
        "ended",
        shown(
            ledger.ended(None, Terms { provision_years: 15, application_days: 42 }, code("2027-01-01")).await,
        ),
    );
    keep("organisations", shown(Organisations::new(pool.clone()).list(None, 100).await));
    keep("subscriptions", shown(ledger.active_subscriptions().await));
    for number in 1..4 {
        let id = Uuid::from_u128(number);
        keep("held back", shown(ledger.held_back(id).await));
        keep("notices", shown(ledger.notices(id).await));
        keep("attempts", shown(ledger.attempts(id, None, None, 100).await));
    }
    for id in ids {
        keep("held", shown(ledger.held(id).await));
        keep("rows", shown(ledger.derived_rows(id).await));
        keep("load", shown(ledger.load(id).await));
        keep("events of one", shown(feed.events_of(id.into(), 0, i64::MAX, 1_000).await));
        keep("accesses", shown(ledger.accesses(id, None, None, 1_000).await));
    }
    all
}

fn shown<T: Debug, E: Debug>(answer: Result<T, E>) -> String {
    format!("{:?}", answer.expect("readable"))
}

/// Writes the rows of every table again in random order, as a backup, an update or a vacuum may do.
async fn shuffle(owner: &mut PgConnection) {
    owner.execute("SET session_replication_role = replica").await.expect("a superuser");
    let tables = "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
                  WHERE schemaname IN ('public', 'keys') AND tablename NOT IN ('_sqlx_migrations', 'access_log')";
    let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(&mut *owner).await.expect("catalogues");
    assert!(tables.len() > 15, "{tables:?}");
    for table in tables {
        let columns = columns_given(owner, &table).await;
        let again = format!(
            "CREATE TEMP TABLE shuffled AS SELECT {columns} FROM {table}; DELETE FROM {table};
             INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE SELECT * FROM shuffled ORDER BY random(); DROP TABLE shuffled"
        );
        owner.execute(again.as_str()).await.expect(&table);
    }
    owner.execute("ANALYZE").await.expect("its owner may");
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("readable").path());
    entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}

/// The text between this parenthesis and the one that closes it.
fn arguments(after: &str) -> &str {
    let mut depth = 1;
    let end = after.find(|letter| {
        depth += i32::from(letter == '(') - i32::from(letter == ')');
        depth == 0
    });
    &after[..end.unwrap_or(after.len())]
}
