//! Manipulations of the schema.

use super::Manipulation;

/// What makes a later report or read another than it seems.
pub const SCHEMA: &[Manipulation] = &[
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
        "CREATE OR REPLACE FUNCTION events_in_order(after_position bigint, at_most bigint, passed_over text[] DEFAULT NULL) RETURNS SETOF events LANGUAGE sql VOLATILE AS 'SELECT * FROM events WHERE false'",
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
