//! What a superuser of the database without keys can do, each on a copy of one ledger, and who finds
//! it and where. `docs/SECURITY.md` says what each of them stands for.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::story::*;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::visibility::{Role, Viewer};
use omklap_store::consistency::finding::Finding;
use omklap_store::consistency::scan::Which;
use omklap_store::database::scratch::ScratchDatabase;
use omklap_store::tree::{LedgerFinding, Outside, Pace};
use omklap_store::{Notary, OperatorKey, Tree};
use omklap_verifier::{PublicKey, verify};
use sqlx::Executor;

const NOW: &str = "2026-03-02T09:05:00Z";

/// SQL, and what the check, a read, the feed, the next report, signing or a case file say of it.
pub type Manipulation = (&'static str, &'static [&'static str]);

/// Changes of recorded events. Positions 1, 2, 3, 6 and 7 are the first case, 4 and 5 the second; 7
/// is not signed yet.
const EVENTS: &[Manipulation] = &[
    (
        "UPDATE events SET payload = replace(payload::text, 'de-vaart', 'de-haven')::json WHERE position = 1",
        &[
            "check: trajectory",
            "read: event 1",
            "feed: event 1",
            "list: event 1",
            "report: event 1",
            "file: event 1",
        ],
    ),
    (
        "UPDATE events SET payload = replace(payload::text, '2026-02-03', '2026-02-02')::json WHERE position = 2",
        &["check: trajectory", "read: event 2", "feed: event 2", "report: event 2", "file: event 2"],
    ),
    (
        "UPDATE events SET payload = replace(payload::text, ':', ' : ')::json WHERE position = 3",
        &["check: trajectory", "read: event 3", "file: event 3"],
    ),
    (
        "UPDATE events SET metadata = replace(metadata::text, 'u-7f3a', 'u-7f3b')::json WHERE position = 2",
        &["check: trajectory", "read: event 2", "report: event 2", "file: event 2"],
    ),
    (
        "UPDATE events SET recorded_at = recorded_at - interval '1 day' WHERE position = 7",
        &["check: trajectory", "read: event 5", "sign: event 5", "file: event 5"],
    ),
    (
        "UPDATE events SET event_id = gen_random_uuid() WHERE position = 3",
        &["check: trajectory", "read: event 3", "feed: event 3"],
    ),
    (
        "UPDATE events SET event_type = 'neighbours-met' WHERE position = 2",
        &["check: trajectory", "read: event 2", "feed: event 2"],
    ),
    ("UPDATE events SET event_version = '0.9' WHERE position = 2", &["check: trajectory", "read: event 2"]),
    (
        "UPDATE events SET hash = sha256('x') WHERE position = 2",
        &["check: trajectory", "read: event 2", "report: event 2"],
    ),
    (
        "UPDATE events SET hash = sha256('x') WHERE position = 7",
        &["check: trajectory", "read: event 5", "sign: event 5"],
    ),
    (
        "UPDATE events SET hash = NULL, previous_hash = NULL, mac = NULL WHERE position = 7",
        &["check: trajectory", "read: event 5", "sign: event 5"],
    ),
    (
        "UPDATE events SET mac = NULL WHERE position = 2",
        &["event 2 was not admitted", "read: event 2", "feed: event 2"],
    ),
    (
        "UPDATE events SET mac = sha256(hash) WHERE position = 2",
        &["event 2 was not admitted", "read: event 2"],
    ),
    (
        "UPDATE events SET mac = (SELECT mac FROM events WHERE position = 3) WHERE position = 2",
        &["event 2 was not admitted", "read: event 2"],
    ),
    (
        "UPDATE events SET previous_hash = sha256('x') WHERE position = 3",
        &["check: trajectory", "read: event 3", "report: event 3"],
    ),
    ("UPDATE events SET position = DEFAULT WHERE position = 2", &["check: leaf 1"]),
    ("UPDATE events SET position = DEFAULT WHERE position = 6", &["check: leaf 5"]),
    (
        "UPDATE events SET sequence = 9 WHERE position = 7",
        &["check: trajectory", "read: event 9", "sign: event 9"],
    ),
    (
        "UPDATE events SET payload = (SELECT other.payload FROM events AS other WHERE other.position = 5 - events.position) WHERE position IN (2, 3)",
        &["check: trajectory", "read: event 2"],
    ),
    (
        "UPDATE events SET payload = '{}' WHERE position = 2",
        &["cannot be read", "read: event 2", "feed: event 2"],
    ),
    (
        "UPDATE events SET aggregate_type = 'trajectorx' WHERE position = 7",
        &["check: trajectorx", "feed: event 5", "sign: event 5"],
    ),
    (
        "DELETE FROM events WHERE position = 2",
        &["check: leaf 1", "read: event 3", "report: event 3", "file: event 3"],
    ),
    ("DELETE FROM events WHERE position = 1", &["check: leaf 0", "read: event 2"]),
    ("DELETE FROM events WHERE position = 6", &["check: leaf 5", "read: event 5", "sign: event 5"]),
    ("DELETE FROM events WHERE position = 5", &["check: leaf 4"]),
    ("DELETE FROM events WHERE position IN (4, 5)", &["check: leaf 3", "check: leaf 4"]),
    ("TRUNCATE events", &["check: leaf 0"]),
    // The last, unsigned one: nothing of it is left in the events, but its row in the list says more.
    ("DELETE FROM events WHERE position = 7", &["rows: trajectories"]),
];

/// Facts that nobody reported, with hashes that are right: who can run SQL can compute SHA-256.
const FORGERIES: &[Manipulation] = &[
    (
        "UPDATE events SET payload = replace(payload::text, 'de-vaart', 'de-haven')::json WHERE position = 1; {REHASH}",
        &["check: leaf 0", "event 1 was not admitted", "read: event 1 ", "feed: event 1 ", "report: event 1 ", "file: event 1 "],
    ),
    (
        "UPDATE events SET payload = replace(payload::text, '2026-02-04', '2026-02-05')::json WHERE position = 7; {REHASH}",
        &["event 5 was not admitted", "read: event 5", "sign: event 5", "file: event 5"],
    ),
    (
        "UPDATE events SET metadata = replace(metadata::text, 'u-7f3a', 'u-9999')::json WHERE position = 7; {REHASH}",
        &["event 5 was not admitted", "read: event 5", "sign: event 5"],
    ),
    (
        "UPDATE events SET recorded_at = recorded_at + interval '1 day' WHERE position = 7; {REHASH}",
        &["event 5 was not admitted", "read: event 5"],
    ),
    (
        "INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, recorded_at)
         SELECT aggregate_type, aggregate_id, 6, event_type, event_version, payload, metadata, recorded_at FROM events WHERE position = 2; {REHASH}",
        &["event 6 was not admitted", "read: event 6", "feed: event 6", "sign: event 6", "report: event 6", "file: event 6"],
    ),
    (
        "INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, recorded_at, mac)
         SELECT aggregate_type, aggregate_id, 6, event_type, event_version, payload, metadata, recorded_at, mac FROM events WHERE position = 7; {REHASH}",
        &["event 6 was not admitted", "read: event 6", "sign: event 6"],
    ),
    (
        "INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
         SELECT aggregate_type, gen_random_uuid(), 1, event_type, event_version, payload, metadata FROM events WHERE position = 1; {REHASH}",
        &["event 1 was not admitted", "feed: event 1", "sign: event 1", "rows: trajectories"],
    ),
    (
        "INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
         SELECT aggregate_type, aggregate_id, 6, event_type, event_version, payload, metadata FROM events WHERE position = 2",
        &["event 6 was not admitted", "read: event 6", "feed: event 6", "sign: event 6", "report: event 6"],
    ),
    (
        "INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, recorded_at, previous_hash, hash, mac, event_id)
         SELECT aggregate_type, gen_random_uuid(), 1, event_type, event_version, payload, metadata, recorded_at, previous_hash, hash, mac, event_id FROM events WHERE position = 1",
        &["check: trajectory", "feed: event 1", "sign: event 1"],
    ),
    (
        "INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
         SELECT 'deadline', aggregate_id || '/1.4/1.1/2026-05-01', 1, 'obligation-due-soon', '1.0', '{}', '{}' FROM events WHERE position = 1; {REHASH}",
        &["check: deadline", "feed: event 1", "sign: event 1"],
    ),
    (
        "ALTER TABLE events DISABLE TRIGGER USER;
         INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
         SELECT 'destruction', aggregate_id, 1, 'trajectory-destroyed', '1.0', '{}', '{}' FROM events WHERE position = 1; {REHASH}
         DELETE FROM events WHERE position IN (1, 2, 3, 6, 7); ALTER TABLE events ENABLE TRIGGER USER",
        &["not one that this ledger sealed", "check: leaf 0", "feed: event 1", "sign: event 1"],
    ),
    (
        "ALTER TABLE events DISABLE TRIGGER USER;
         INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
         SELECT aggregate_type, aggregate_id, 6, 'personal-data-erased', '1.0', '{\"type\":\"personal-data-erased\",\"occurredOn\":\"2026-03-02\"}', '{}' FROM events WHERE position = 1; {REHASH}
         ALTER TABLE events ENABLE TRIGGER USER",
        &["event 6 was not admitted", "read: event 6", "sign: event 6"],
    ),
];

/// The tree, its checkpoints, and what is derived.
const TREE_AND_ROWS: &[Manipulation] = &[
    (
        "{TILES} UPDATE ledger_tiles SET hashes = set_byte(hashes, 40, get_byte(hashes, 40) # 1)",
        &["check: leaf 1", "sign: the tree", "file: the tree"],
    ),
    ("{TILES} UPDATE ledger_tiles SET positions[2] = 99", &["check: ", "file: "]),
    ("DELETE FROM ledger_tiles", &["check: a tree of 6 leaves was signed", "sign: the tree"]),
    ("DELETE FROM checkpoints", &["no such checkpoint of 6 leaves", "sign: the tree"]),
    ("DELETE FROM checkpoints WHERE tree_size = 6", &["no such checkpoint of 6 leaves", "sign: the tree"]),
    (
        "UPDATE checkpoints SET note = replace(note, '6', '7') WHERE tree_size = 6",
        &["check: the checkpoint of 6 leaves", "sign: the tree"],
    ),
    ("UPDATE checkpoints SET tree_size = 5 WHERE tree_size = 6", &["signed another tree"]),
    (
        "UPDATE checkpoints SET signed_at = signed_at + interval '1 hour' WHERE tree_size = 6",
        &["check: line 2"],
    ),
    (
        "INSERT INTO checkpoints SELECT 1000, note, now() FROM checkpoints WHERE tree_size = 6",
        &["check: a tree of 1000 leaves", "sign: the tree"],
    ),
    (
        "INSERT INTO checkpoints VALUES (1000, 'x', now())",
        &["check: the checkpoint of 1000 leaves", "sign: the tree", "file: the tree"],
    ),
    ("DELETE FROM vault", &["rows: a private text of event 1 is missing", "file: a private text of event 5"]),
    (
        "UPDATE vault SET sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1)",
        &["rows: a private text of event 1", "file: a private text"],
    ),
    (
        "DELETE FROM keys.data_keys",
        &["rows: a private text of event 1 is missing", "file: a private text of event 5"],
    ),
    ("UPDATE trajectories SET phase = 'ended'", &["rows: trajectories"]),
    ("UPDATE trajectories SET version = version + 1", &["rows: trajectories"]),
    ("DELETE FROM trajectories", &["rows: trajectories"]),
    ("UPDATE obligations SET due_on = due_on + 1", &["rows: obligations"]),
    ("DELETE FROM obligations", &["rows: obligations"]),
];

/// What makes a later report or read another than it seems.
const SCHEMA: &[Manipulation] = &[
    (
        "{DROP} CREATE TRIGGER a BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION f()",
        &["schema: trigger a on public.events", "report: the database did not keep"],
    ),
    (
        "{CHANGE} CREATE TRIGGER a BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION f()",
        &["schema: trigger a on public.events", "report: the database did not keep"],
    ),
    (
        "{REMOVE} CREATE TRIGGER a AFTER INSERT ON events FOR EACH ROW EXECUTE FUNCTION f()",
        &["schema: trigger a on public.events", "report: the database did not keep"],
    ),
    (
        "{REMOVE} CREATE CONSTRAINT TRIGGER a AFTER INSERT ON events DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION f()",
        &["schema: trigger a on public.events", "report: the database did not keep"],
    ),
    (
        "{DROP} CREATE TRIGGER a BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION f(); ALTER TABLE events ENABLE ALWAYS TRIGGER a",
        &["schema: trigger a on public.events", "report: the database did not keep"],
    ),
    (
        "{DROP} CREATE TRIGGER a BEFORE INSERT ON vault FOR EACH ROW EXECUTE FUNCTION f()",
        &["schema: trigger a on public.vault", "report: the database did not keep"],
    ),
    (
        "{DROP} CREATE TRIGGER a BEFORE INSERT ON access_log FOR EACH ROW EXECUTE FUNCTION f()",
        &[
            "schema: trigger a on public.access_log",
            "report: the database did not keep",
            "log: the database did not keep",
        ],
    ),
    (
        "CREATE RULE a AS ON INSERT TO events DO INSTEAD NOTHING",
        &["schema: rule a on public.events", "report: "],
    ),
    (
        "CREATE RULE a AS ON INSERT TO access_log DO INSTEAD NOTHING",
        &["schema: rule a on public.access_log", "report: ", "log: "],
    ),
    ("CREATE RULE a AS ON UPDATE TO vault DO INSTEAD NOTHING", &["schema: rule a on public.vault"]),
    (
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET session_replication_role = replica', current_database()); END $$",
        &["schema: setting session_replication_role", "report: the database did not keep"],
    ),
    (
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = other, public', current_database()); END $$",
        &["schema: setting search_path"],
    ),
    ("ALTER TABLE events DISABLE TRIGGER event_is_kept", &["schema: trigger event_is_kept on public.events"]),
    ("ALTER TABLE events DISABLE TRIGGER USER", &["schema: trigger announce_event_writer on public.events"]),
    (
        "DROP TRIGGER announce_event_writer ON events",
        &["schema: trigger announce_event_writer on public.events is missing"],
    ),
    (
        "DROP TRIGGER destroy_with_the_certificate ON events",
        &["destroy_with_the_certificate on public.events is missing"],
    ),
    (
        "ALTER TABLE ledger_tiles DISABLE TRIGGER tiles_only_grow",
        &["schema: trigger tiles_only_grow on public.ledger_tiles"],
    ),
    (
        "CREATE OR REPLACE FUNCTION tiles_only_grow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        &["schema: function public.tiles_only_grow()"],
    ),
    (
        "CREATE OR REPLACE FUNCTION event_is_kept() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        &["schema: function public.event_is_kept()"],
    ),
    (
        "CREATE OR REPLACE FUNCTION announce_event_writer() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        &["schema: function public.announce_event_writer()"],
    ),
    (
        "CREATE OR REPLACE FUNCTION destroy_with_the_certificate() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        &["schema: function public.destroy_with_the_certificate()"],
    ),
    (
        "CREATE OR REPLACE FUNCTION events_in_order(after_position bigint, at_most bigint) RETURNS SETOF events LANGUAGE sql VOLATILE AS 'SELECT * FROM events WHERE false'",
        &["schema: function public.events_in_order("],
    ),
    (
        "CREATE OR REPLACE FUNCTION settled_position() RETURNS bigint LANGUAGE sql VOLATILE AS 'SELECT 0::bigint'",
        &["schema: function public.settled_position()"],
    ),
    ("ALTER FUNCTION settled_position() SECURITY DEFINER", &["schema: function public.settled_position()"]),
    (
        "ALTER TABLE events ENABLE ROW LEVEL SECURITY; CREATE POLICY a ON events USING (position <> 2 OR current_query() LIKE '%position > %')",
        &["schema: policy a on public.events", "schema: table public.events", "read: event 3"],
    ),
    (
        "ALTER TABLE vault ENABLE ROW LEVEL SECURITY; CREATE POLICY a ON vault USING (true)",
        &["schema: policy a on public.vault"],
    ),
    ("ALTER TABLE checkpoints FORCE ROW LEVEL SECURITY", &["schema: table public.checkpoints"]),
    ("GRANT UPDATE ON events TO omklap_app", &["schema: table public.events"]),
    ("GRANT UPDATE (payload) ON events TO omklap_app", &["schema: column public.events.payload"]),
    ("GRANT DELETE ON checkpoints TO PUBLIC", &["schema: table public.checkpoints"]),
    (
        "REVOKE SELECT ON checkpoints FROM omklap_app; GRANT SELECT ON checkpoints TO omklap_app WITH GRANT OPTION",
        &["schema: table public.checkpoints"],
    ),
    (
        "GRANT EXECUTE ON FUNCTION access_log_drop_months_before(date) TO omklap_app",
        &["schema: function public.access_log_drop_months_before("],
    ),
    ("GRANT CREATE ON SCHEMA public TO omklap_app", &["schema: schema public"]),
    (
        "ALTER TABLE events DROP CONSTRAINT events_pkey",
        &["schema: constraint events_pkey on public.events is missing"],
    ),
    (
        "DROP INDEX events_in_order_of_position",
        &["schema: index events_in_order_of_position on public.events is missing"],
    ),
    (
        "ALTER TABLE vault DROP CONSTRAINT vault_trajectory_id_fkey",
        &["schema: constraint vault_trajectory_id_fkey on public.vault is missing"],
    ),
    (
        "ALTER TABLE vault DISABLE TRIGGER ALL",
        &["schema: constraint vault_trajectory_id_fkey on public.vault"],
    ),
    (
        "ALTER TABLE events DROP CONSTRAINT events_hash_check",
        &["schema: constraint events_hash_check on public.events is missing"],
    ),
    ("ALTER TABLE events ALTER COLUMN metadata TYPE jsonb", &["schema: column public.events.metadata"]),
    ("ALTER TABLE events ALTER COLUMN mac SET DEFAULT sha256('x')", &["schema: column public.events.mac"]),
    ("ALTER TABLE idempotency_keys SET UNLOGGED", &["schema: table public.idempotency_keys"]),
    ("ALTER TABLE events REPLICA IDENTITY FULL", &["schema: table public.events"]),
    ("CREATE TABLE more () INHERITS (events)", &["schema: child more of public.events"]),
    ("CREATE PUBLICATION out FOR ALL TABLES", &["schema: publication out"]),
    (
        "CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f()",
        &["schema: event trigger e"],
    ),
    ("ALTER SEQUENCE events_position_seq CACHE 100", &["schema: sequence public.events_position_seq"]),
];

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
pub async fn all_found(manipulations: &[Manipulation]) {
    let (story, mut notary, id) = signed_but_for_one().await;
    let mut missed = Vec::new();
    for (sql, expected) in manipulations {
        let copy = story.database.copy().await;
        let mut owner = copy.as_owner().await;
        owner.execute(in_full(sql).as_str()).await.expect(sql);
        drop(owner);
        copy.pool().close().await;
        let copy = copy.reconnected().await;
        notary.tree = Tree::new(copy.pool().clone(), OperatorKey::of_tests().mac_key());
        notary.outside = Outside::at(&copy.checkpoints());
        let seen = observed(&copy, &notary, id).await;
        let fits = |part: &&&str| seen.iter().any(|one| one.contains(**part));
        let lacks: Vec<_> = expected.iter().filter(|part| !fits(part)).collect();
        if !lacks.is_empty() || expected.is_empty() != seen.is_empty() {
            missed.push(format!("{sql}\n  lacks {lacks:?}\n  has {seen:#?}"));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

/// What everybody who looks at this database says is wrong.
async fn observed(copy: &ScratchDatabase, notary: &Notary, id: TrajectoryId) -> Vec<String> {
    let ledger = Arc::new(ledger_on(copy.pool().clone()));
    let mut seen = Vec::new();
    let walked = |_, found: Vec<LedgerFinding>| seen.extend(found.iter().map(|one| format!("check: {one}")));
    let failed =
        notary.tree.check(&notary.keys, &notary.outside, walked).await.err().map(|error| error.to_string());
    seen.extend(failed.map(|error| format!("check: {error}")));
    let now = notary.findings_at(code(NOW)).await.unwrap_or_default();
    seen.extend(now.iter().map(|one| format!("check: {one}")));
    let rows = |_, wrong: Vec<(TrajectoryId, Vec<Finding>)>| {
        seen.extend(wrong.iter().flat_map(|(_, found)| found).map(|one| format!("rows: {one}")));
    };
    let failed = ledger.check(Which::After(None), rows).await.err().map(|error| error.to_string());
    seen.extend(failed.map(|error| format!("rows: {error}")));
    let answers = [
        ("read", ledger.load(id).await.err().map(|error| error.to_string())),
        ("list", ledger.histories(&[id]).await.err().map(|error| error.to_string())),
        ("feed", ledger.feed().events_after(0, 100).await.err().map(|error| error.to_string())),
        ("log", ledger.log_access(&[reports(id, []).access]).await.err().map(|error| error.to_string())),
        ("report", ledger.record(reports(id, [case_discussed("later")])).await.err().map(in_words)),
        ("sign", notary.sign(Pace::AT_ONCE, code(NOW)).await.err().map(|error| error.to_string())),
        ("file", file(&ledger, notary, id).await.err()),
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
async fn file(ledger: &omklap_store::Ledger, notary: &Notary, id: TrajectoryId) -> Result<(), String> {
    let viewer = Viewer {
        role: Role::Auditor,
        organisation: code("rekenkamer"),
        regions: BTreeSet::from([code("noord-limburg")]),
        trajectory: None,
    };
    let file = ledger.case_file(notary, &viewer, id, code(NOW)).await.map_err(|error| error.to_string())?;
    let keys: Vec<PublicKey> = notary.keys.public().iter().map(|key| key.parse().expect("a key")).collect();
    verify(file.text.as_bytes(), &keys).map(drop).map_err(|wrong| wrong.to_string())
}

/// Two cases with six signed events, and one that is not signed yet.
async fn signed_but_for_one() -> (Story, Notary, TrajectoryId) {
    let story = Story::begins().await;
    let notary = story.database.notary();
    let sign = || async { notary.sign(Pace::AT_ONCE, code("2026-03-02T09:01:00Z")).await.expect("signed") };
    let first = story.opened().await;
    story.goes_on(first, [privacy_explained(), outflow_announced()]).await;
    let second = story.opened().await;
    sign().await;
    story.goes_on(second, [case_discussed("wacht op woning")]).await;
    story.goes_on(first, [case_discussed("wacht op inkomen")]).await;
    sign().await;
    story.goes_on(first, [other_agreements()]).await;
    (story, notary, first)
}
