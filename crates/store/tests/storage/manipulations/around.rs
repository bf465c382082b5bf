//! What a superuser of the database without keys can do beside the events: to the tables that nothing is
//! derived from, to partitions, and to what later statements run in.

use omklap_domain::ids::TrajectoryId;
use omklap_store::CheckpointSigner;
use omklap_store::own_references::ReferenceOf;

use super::registry::with_a_registry;
use super::{Manipulation, found_in};
use crate::story::*;
use crate::streams::described;

/// Rows of tables beside the events and the read models, and partitions.
const BESIDE: &[Manipulation] = &[
    ("UPDATE streams SET organisation = 'antares'", &["streams: complex", "its row is not what follows"]),
    ("UPDATE streams SET region = 'amsterdam'", &["streams: complex", "its row is not what follows"]),
    ("DELETE FROM streams", &["streams: complex", "its row is not what follows"]),
    (
        "INSERT INTO streams SELECT kind, gen_random_uuid(), version, organisation, region, status FROM streams",
        &["streams: complex", "there is a row for it, and no event"],
    ),
    (
        "INSERT INTO streams (kind, stream_id, version) VALUES ('vacancy', gen_random_uuid(), 1)",
        &["streams: vacancy", "there is a row for it, and no event"],
    ),
    (
        "INSERT INTO streams (kind, stream_id, version) VALUES ('x', gen_random_uuid(), 1)",
        &["streams: x", "there is a row for it, and no event"],
    ),
    ("UPDATE own_references SET mark = sha256('x')", &["own: own-references: that of de-vaart"]),
    ("UPDATE own_references SET sealed = sha256('x')", &["own: own-references: that of de-vaart"]),
    ("UPDATE own_references SET trajectory_id = gen_random_uuid()", &["own: own-references: that of de-vaart"]),
    ("UPDATE own_references SET organisation = 'antares'", &["own: own-references: that of antares"]),
    (
        "INSERT INTO contributions SELECT (jsonb_populate_record(one, '{\"trajectory_id\": \"00000000-0000-0000-0000-000000000009\"}')).* FROM contributions AS one",
        &["rows: contributions"],
    ),
    (
        "INSERT INTO vault SELECT (jsonb_populate_record(one, jsonb_build_object('text_id', gen_random_uuid()))).* FROM vault AS one",
        &["rows: the vault holds a private text that no event refers to"],
    ),
    (
        "UPDATE access_log SET registration = 'antares' WHERE registration = 'de-vaart'",
        &["access: access log: batch 1 of", "a line was changed"],
    ),
    ("UPDATE access_log SET registration = 'x' WHERE action = 'read'", &["a line was changed"]),
    ("UPDATE access_log SET span_id = '0123456789abcdef' WHERE action = 'read'", &["a line was changed"]),
    ("UPDATE access_log SET parent_span_id = '0123456789abcdef' WHERE action = 'read'", &["a line was changed"]),
    (
        "ALTER TABLE access_log DETACH PARTITION access_log_other",
        &["schema: child access_log_other of public.access_log is missing", "there are 0, lines are missing"],
    ),
    (
        "CREATE TABLE access_log_2020_01 (LIKE access_log INCLUDING ALL);
         INSERT INTO access_log_2020_01 SELECT (jsonb_populate_record(one, '{\"at\": \"2020-01-02T09:00:00Z\"}')).* FROM access_log AS one WHERE action = 'read';
         ALTER TABLE access_log ATTACH PARTITION access_log_2020_01 FOR VALUES FROM ('2020-01-01') TO ('2020-02-01')",
        &["access: access log: 1 lines of 2020-01-02T09:00:00Z are in no batch"],
    ),
    (
        "CREATE TABLE access_log_2020_01 (LIKE access_log INCLUDING ALL);
         ALTER TABLE access_log ATTACH PARTITION access_log_2020_01 FOR VALUES FROM ('2020-01-01Z') TO ('2020-03-01Z')",
        &["schema: child access_log_month of public.access_log is not what the migrations make"],
    ),
    (
        "ALTER TABLE access_log DETACH PARTITION access_log_other;
         ALTER TABLE access_log ATTACH PARTITION access_log_other FOR VALUES FROM (MINVALUE) TO ('2026-04-01Z')",
        &["schema: child access_log_other of public.access_log is not what the migrations make"],
    ),
    (
        "ALTER TABLE access_log ENABLE ROW LEVEL SECURITY; CREATE POLICY a ON access_log USING (action <> 'read')",
        &["schema: policy a on public.access_log", "there are 5, lines are missing"],
    ),
    (
        "SELECT setval('events_position_seq', 2)",
        &[
            "schema: sequence public.events_position_seq is behind the last event",
            "report: others keep reporting on this trajectory",
        ],
    ),
];

/// What later statements run in.
const AROUND: &[Manipulation] = &[
    (
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.phase := ''ended''; RETURN NEW; END';
         CREATE TRIGGER a BEFORE INSERT OR UPDATE ON trajectories FOR EACH ROW EXECUTE FUNCTION f()",
        &["schema: trigger a on public.trajectories"],
    ),
    (
        "{DROP} CREATE TRIGGER a BEFORE INSERT ON access_log_other FOR EACH ROW EXECUTE FUNCTION f()",
        &["schema: trigger a on public.access_log_other", "log: the database did not keep"],
    ),
    (
        "{DROP} CREATE TRIGGER a BEFORE UPDATE ON subscriptions FOR EACH ROW EXECUTE FUNCTION f()",
        &["schema: trigger a on public.subscriptions"],
    ),
    (
        "{DROP} CREATE TRIGGER a BEFORE INSERT ON idempotency_keys FOR EACH ROW EXECUTE FUNCTION f()",
        &["schema: trigger a on public.idempotency_keys"],
    ),
    ("CREATE RULE a AS ON UPDATE TO clients DO INSTEAD NOTHING", &["schema: rule a on public.clients"]),
    ("CREATE RULE a AS ON DELETE TO held_back DO INSTEAD NOTHING", &["schema: rule a on public.held_back"]),
    (
        "ALTER TABLE organisations ENABLE ROW LEVEL SECURITY; CREATE POLICY a ON organisations USING (true)",
        &["schema: policy a on public.organisations"],
    ),
    (
        "ALTER TABLE events ADD COLUMN twice bigint GENERATED ALWAYS AS (sequence * 2) STORED",
        &["schema: column public.events.twice was added"],
    ),
    ("ALTER TABLE trajectories ALTER COLUMN phase SET DEFAULT 'ended'", &["schema: column public.trajectories.phase"]),
    ("ALTER TABLE restorations ALTER COLUMN numbers_after SET DEFAULT 0", &["schema: column public.restorations"]),
    ("ALTER TABLE held_back DROP COLUMN attempts", &["schema: column public.held_back.attempts is missing"]),
    (
        "DO $$ BEGIN EXECUTE format('ALTER ROLE omklap_program_of_tests IN DATABASE %I SET search_path = other, public', current_database()); END $$",
        &["schema: setting search_path"],
    ),
    (
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database()); END $$",
        &["schema: setting synchronous_commit"],
    ),
    (
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$",
        &["schema: setting default_transaction_read_only", "report: ", "log: "],
    ),
    (
        "CREATE OR REPLACE FUNCTION access_log_number(transaction xid8) RETURNS xid8 LANGUAGE plpgsql STABLE AS 'BEGIN RETURN ''7''::xid8; END'",
        &["schema: function public.access_log_number("],
    ),
    (
        "UPDATE pg_proc SET prosrc = 'BEGIN RETURN NEW; END' WHERE proname = 'event_is_kept'",
        &["schema: function public.event_is_kept()"],
    ),
    (
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'events_in_order_of_position'::regclass",
        &["schema: index events_in_order_of_position"],
    ),
    (
        "ALTER TABLE obligations RENAME TO of_old; CREATE VIEW obligations AS SELECT * FROM of_old WHERE false;
         GRANT SELECT, INSERT, UPDATE, DELETE ON obligations TO omklap_app",
        &["schema: table public.obligations is not what", "rows: obligations"],
    ),
    (
        "ALTER TABLE contributions ADD CONSTRAINT a CHECK (false) NOT VALID",
        &["schema: constraint a on public.contributions"],
    ),
    ("DROP EXTENSION btree_gist CASCADE", &["schema: constraint", "on public.holds is missing"]),
    ("ALTER TABLE organisations OWNER TO omklap_app", &["schema: table public.organisations"]),
    ("ALTER DEFAULT PRIVILEGES GRANT UPDATE ON TABLES TO omklap_app", &["schema: default privileges of every schema r"]),
    (
        "DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO omklap_app', current_database()); END $$",
        &["schema: database"],
    ),
    ("GRANT UPDATE ON delivery_attempts TO omklap_app", &["schema: table public.delivery_attempts"]),
    ("ALTER SEQUENCE restorations_number_seq MAXVALUE 5", &["schema: sequence public.restorations_number_seq"]),
    (
        "CREATE FUNCTION settled_position(a integer DEFAULT 0) RETURNS bigint LANGUAGE sql AS 'SELECT 0::bigint'",
        &["feed: the database refused a statement"],
    ),
];

#[tokio::test]
async fn a_change_of_what_is_beside_the_events_is_found() {
    found_in(with_a_complex().await, BESIDE).await;
}

#[tokio::test]
async fn a_change_of_what_statements_run_in_is_found() {
    found_in(with_a_registry().await, AROUND).await;
}

#[tokio::test]
async fn an_unchanged_complex_and_own_reference_have_no_findings() {
    found_in(with_a_complex().await, &[("SELECT", &[])]).await;
}

/// A registry, a complex, and a case to which an organisation gave its own number.
async fn with_a_complex() -> (Story, CheckpointSigner, TrajectoryId) {
    let (story, signer, id) = with_a_registry().await;
    story.begins_complex(described()).await.expect("admitted");
    let own = ReferenceOf { organisation: code("de-vaart"), reference: code("ZV-2026/0041") };
    story.ledger.refer(id, &own, code("2026-03-02T09:04:00Z")).await.expect("written");
    (story, signer, id)
}
