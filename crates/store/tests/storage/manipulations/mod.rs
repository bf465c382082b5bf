//! What a superuser of the database without keys can do, each on a copy of one ledger, and who finds
//! it and where. `docs/SECURITY.md` has the counts.

mod access_log;
mod around;
mod events;
mod mended;
mod registry;
mod schema;
mod swaps_and_cuts;
mod tree_and_rows;

use std::collections::BTreeSet;
use std::sync::Arc;

pub use access_log::{every_transaction_has_ended, line};

use crate::story::*;
use events::{EVENTS, FORGERIES};
use omklap_domain::ids::TrajectoryId;
use omklap_domain::visibility::{Role, Viewer};
use omklap_store::consistency::finding::Finding;
use omklap_store::consistency::scan::Which;
use omklap_store::database::scratch::ScratchDatabase;
use omklap_store::tree::{CheckpointsFile, LedgerFinding, Pace};
use omklap_store::{CheckpointSigner, OperatorKey, Tree};
use omklap_verifier::{PublicKey, verify};
use schema::SCHEMA;
use sqlx::Executor;
use tree_and_rows::{HEADS, TREE_AND_ROWS};

const NOW: &str = "2026-03-02T09:05:00Z";

/// SQL, and what the check, a read, the feed, the next report, signing or a case file say of it.
type Manipulation = (&'static str, &'static [&'static str]);

#[tokio::test]
async fn a_change_of_recorded_events_is_found_by_the_check_and_by_the_answer_itself() {
    all_found(EVENTS).await;
}

#[tokio::test]
async fn a_forged_fact_with_right_hashes_is_neither_shown_nor_signed() {
    all_found(FORGERIES).await;
}

#[tokio::test]
async fn a_change_of_the_tree_or_of_derived_rows_is_found() {
    all_found(TREE_AND_ROWS).await;
}

#[tokio::test]
async fn a_change_of_how_far_the_cases_are_is_found() {
    all_found(HEADS).await;
}

#[tokio::test]
async fn a_change_of_the_schema_is_found_and_a_report_that_it_swallows_is_an_error() {
    all_found(SCHEMA).await;
}

#[tokio::test]
async fn an_unchanged_copy_has_no_findings() {
    all_found(&[("SELECT", &[])]).await;
}

/// Writes the list of what the migrations make if `OMKLAP_BLESS` is set.
#[tokio::test]
async fn the_list_of_the_schema_is_what_the_migrations_make() {
    let database = ScratchDatabase::create().await;
    let mut program = database.pool().acquire().await.expect("connected");
    let made = omklap_store::tree::schema(&mut program).await.expect("catalogues are open");
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/tree/schema.txt");
    if std::env::var_os("OMKLAP_BLESS").is_some() {
        std::fs::write(file, &made).expect("written");
    }
    let kept = std::fs::read_to_string(file).expect("there");
    assert_eq!(kept, made, "if the migrations are right, run this test with OMKLAP_BLESS=1");
}

// The words of these tests.

/// Computes every hash again, as who can run SQL can.
const REHASH: &str = r#"
    DO $$ DECLARE new record; before bytea; BEGIN
        FOR new IN SELECT * FROM events ORDER BY aggregate_type, aggregate_id, sequence LOOP
            before := CASE WHEN new.sequence = 1 THEN decode(repeat('00', 32), 'hex')
                      ELSE (SELECT hash FROM events WHERE aggregate_type = new.aggregate_type
                            AND aggregate_id = new.aggregate_id AND sequence = new.sequence - 1) END;
            UPDATE events SET previous_hash = before, hash = sha256(before || (
                SELECT string_agg(int8send(octet_length(convert_to(field, 'UTF8'))) || convert_to(field, 'UTF8'), '' ORDER BY nth)
                FROM unnest(ARRAY[new.aggregate_type, new.aggregate_id, new.sequence::text, new.event_id::text, new.event_type,
                                  new.event_version, to_char(new.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                                  new.payload::text, new.metadata::text]) WITH ORDINALITY AS one (field, nth)))
            WHERE position = new.position;
        END LOOP;
    END $$;"#;

fn in_full(sql: &str) -> String {
    let function = |body: &str| {
        format!("CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN {body} END $f$;")
    };
    // A forger switches the triggers off for the session: they would notice that the hash changes.
    let session = if sql.contains("{REHASH}") { "SET session_replication_role = replica;" } else { "" };
    format!("{session} {sql}")
        .replace("{REHASH}", REHASH)
        .replace("{TILES}", "ALTER TABLE ledger_tiles DISABLE TRIGGER USER;")
        .replace("{DROP}", &function("RETURN NULL;"))
        .replace("{CHANGE}", &function("NEW.event_id := gen_random_uuid(); RETURN NEW;"))
        .replace(
            "{REMOVE}",
            &function("DELETE FROM events WHERE position = NEW.position; RETURN NULL;")
                .replace("plpgsql", "plpgsql SECURITY DEFINER"),
        )
}

/// Each manipulation is found in each of these ways; none is missed, and all that are missed are
/// named at once.
async fn all_found(manipulations: &[Manipulation]) {
    found_in(signed_but_for_one().await, manipulations).await;
}

async fn found_in(
    (story, mut signer, id): (Story, CheckpointSigner, TrajectoryId),
    manipulations: &[Manipulation],
) {
    let mut missed = Vec::new();
    for (sql, expected) in manipulations {
        let copy = story.database.copy().await;
        let mut owner = copy.as_owner().await;
        owner.execute(in_full(sql).as_str()).await.expect(sql);
        drop(owner);
        copy.pool().close().await;
        let copy = copy.reconnected().await;
        signer.tree = Tree::new(copy.pool().clone(), OperatorKey::of_tests().mac_key());
        signer.checkpoints_file = CheckpointsFile::at(&copy.checkpoints());
        let seen = observed(&copy, &signer, id).await;
        let fits = |part: &&&str| seen.iter().any(|one| one.contains(**part));
        let lacks: Vec<_> = expected.iter().filter(|part| !fits(part)).collect();
        if !lacks.is_empty() || expected.is_empty() != seen.is_empty() {
            missed.push(format!("{sql}\n  lacks {lacks:?}\n  has {seen:#?}"));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

/// What everybody who looks at this database says is wrong.
async fn observed(copy: &ScratchDatabase, signer: &CheckpointSigner, id: TrajectoryId) -> Vec<String> {
    let ledger = Arc::new(ledger_on(copy.pool().clone()));
    let mut seen = Vec::new();
    let walked = |_, found: Vec<LedgerFinding>| seen.extend(found.iter().map(|one| format!("check: {one}")));
    let failed = signer
        .tree
        .check(&signer.keys, &signer.checkpoints_file, walked)
        .await
        .err()
        .map(|error| error.to_string());
    seen.extend(failed.map(|error| format!("check: {error}")));
    let now = signer.findings_at(code(NOW)).await.unwrap_or_default();
    seen.extend(now.iter().map(|one| format!("check: {one}")));
    let rows = |_, wrong: Vec<(TrajectoryId, Vec<Finding>)>| {
        seen.extend(wrong.iter().flat_map(|(_, found)| found).map(|one| format!("rows: {one}")));
    };
    let failed = ledger.check(Which::After(None), rows).await.err().map(|error| error.to_string());
    seen.extend(failed.map(|error| format!("rows: {error}")));
    ledger.check_registry(|one| seen.push(format!("registry: {one}"))).await.expect("readable");
    ledger.check_reporters(|one| seen.push(format!("reporter: {one}"))).await.expect("readable");
    let log = ledger.check_access_log(code(NOW), |one| seen.push(format!("access: {one}")));
    log.await.expect("readable");
    let streams = ledger.check_streams(|stream, one| seen.push(format!("streams: {stream}: {one}")));
    streams.await.expect("readable");
    ledger.check_own_references(|_, one| seen.push(format!("own: {one}"))).await.expect("readable");
    let answers = [
        ("read", ledger.load(id).await.err().map(|error| error.to_string())),
        ("list", ledger.histories(&[id]).await.err().map(|error| error.to_string())),
        ("feed", ledger.feed().events_after(0, 100).await.err().map(|error| error.to_string())),
        ("log", ledger.log_access(&[reports(id, []).access]).await.err().map(|error| error.to_string())),
        ("report", ledger.record(reports(id, [case_discussed("later")])).await.err().map(in_words)),
        ("sign", signer.sign(Pace::AT_ONCE, code(NOW)).await.err().map(|error| error.to_string())),
        ("file", file(&ledger, signer, id).await.err()),
    ];
    seen.extend(answers.into_iter().filter_map(|(who, said)| Some(format!("{who}: {}", said?))));
    seen
}

fn in_words(error: omklap_store::RecordError) -> String {
    match error {
        omklap_store::RecordError::Store(error) => error.to_string(),
        other => other.to_string(),
    }
}

/// The case file of an auditor, as the verifier finds it.
async fn file(
    ledger: &omklap_store::Ledger,
    signer: &CheckpointSigner,
    id: TrajectoryId,
) -> Result<(), String> {
    let viewer = Viewer {
        role: Role::Auditor,
        organisation: code("rekenkamer"),
        regions: BTreeSet::from([code("noord-limburg")]),
        trajectory: None,
    };
    let file = ledger.case_file(signer, &viewer, id, code(NOW)).await.map_err(|error| error.to_string())?;
    let keys: Vec<PublicKey> = signer.keys.public().iter().map(|key| key.parse().expect("a key")).collect();
    verify(file.text.as_bytes(), &keys).map(drop).map_err(|wrong| wrong.to_string())
}

/// Two cases with six signed events, and one that is not signed yet.
async fn signed_but_for_one() -> (Story, CheckpointSigner, TrajectoryId) {
    let story = Story::begins().await;
    let signer = story.database.signer();
    let sign = || async { signer.sign(Pace::AT_ONCE, code("2026-03-02T09:01:00Z")).await.expect("signed") };
    let first = story.opened().await;
    story.goes_on(first, [privacy_explained(), outflow_announced()]).await;
    let second = story.opened().await;
    sign().await;
    story.goes_on(second, [case_discussed("wacht op woning")]).await;
    story.goes_on(first, [case_discussed("wacht op inkomen")]).await;
    sign().await;
    story.goes_on(first, [other_agreements()]).await;
    (story, signer, first)
}
