-- Looking after the record: erasing the texts of one trajectory, and destroying a case when its term has passed. The running
-- program cannot do either; whoever runs the ledger does it by a command, which takes on a role of its own.

-- The keys decide what can be read, in every backup too. In a schema of their own they are backed up apart, and for a
-- shorter time (docs/OPERATING.md).
CREATE SCHEMA keys;
ALTER TABLE data_keys SET SCHEMA keys;
GRANT USAGE ON SCHEMA keys TO omklap_app;

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'omklap_keeper') THEN
        CREATE ROLE omklap_keeper NOLOGIN;
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN
        NULL;
    WHEN insufficient_privilege THEN
        RAISE 'the role omklap_keeper does not exist and % may not create it', current_user
            USING HINT = format('Let an administrator run: CREATE ROLE omklap_keeper NOLOGIN; GRANT omklap_keeper TO %I;', current_user);
END
$$;

DO $$
BEGIN
    IF NOT pg_has_role(current_user, 'omklap_keeper', 'MEMBER') THEN
        EXECUTE format('GRANT omklap_keeper TO %I', current_user);
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN
        NULL;
END
$$;

GRANT USAGE ON SCHEMA keys TO omklap_keeper;
GRANT SELECT ON SEQUENCE events_position_seq TO omklap_keeper;
GRANT SELECT, INSERT ON access_log TO omklap_keeper;
GRANT SELECT, INSERT, DELETE ON events, vault, keys.data_keys TO omklap_keeper;
GRANT SELECT, INSERT, UPDATE, DELETE
    ON idempotency_keys, trajectories, obligations, nuisance_cases, follow_ups, contributions TO omklap_keeper;
GRANT EXECUTE ON FUNCTION access_log_drop_months_before(date) TO omklap_keeper;

-- Keys of repeats are forgotten after a while by the program itself. What is kept is a keyed hash of key and request; the rows
-- of before, with hashes that could be guessed, go.
DELETE FROM idempotency_keys;
COMMENT ON COLUMN idempotency_keys.key IS 'HMAC-SHA-256 of the key that the client chose, in hexadecimal';
COMMENT ON COLUMN idempotency_keys.request_hash IS 'HMAC-SHA-256 of the request; random once texts of the trajectory are erased';
GRANT DELETE ON idempotency_keys TO omklap_app;

-- The fact that texts were erased, and erasing them, are one: there is no such fact without it, and no text goes without
-- the fact. It runs with the rights of whoever writes the fact, so the program, which may not delete, cannot write it.
CREATE FUNCTION erase_with_the_fact() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    trajectory uuid  := NEW.aggregate_id::uuid;
    facts      jsonb := NEW.payload::jsonb -> 'facts';
BEGIN
    IF facts IS NULL THEN
        DELETE FROM vault WHERE trajectory_id = trajectory;
        DELETE FROM keys.data_keys WHERE trajectory_id = trajectory;
    ELSE
        DELETE FROM vault WHERE trajectory_id = trajectory AND text_id IN (
            SELECT (jsonb_path_query(payload::jsonb, '$.** ? (exists (@.commitment)).id') #>> '{}')::uuid FROM events
            WHERE aggregate_type = 'trajectory' AND aggregate_id = NEW.aggregate_id
                  AND sequence IN (SELECT number::bigint FROM jsonb_array_elements_text(facts) AS number));
    END IF;
    -- Nobody can find out any more by trying what a request said. Its key stays taken, so that a repeat is not recorded again.
    UPDATE idempotency_keys SET request_hash = sha256(convert_to(gen_random_uuid()::text, 'UTF8'))
        WHERE trajectory_id = trajectory;
    RETURN NULL;
END
$$;

CREATE TRIGGER erase_with_the_fact AFTER INSERT ON events FOR EACH ROW
    WHEN (NEW.aggregate_type = 'trajectory' AND NEW.event_type = 'personal-data-erased')
    EXECUTE FUNCTION erase_with_the_fact();

-- A case is destroyed by its certificate: an event of an aggregate of its own, so that it stands in the ledger's order, in
-- its tree and under its signatures, when the events that it tells of are gone. Theirs are the leaves that stay in the tree.
-- It runs with the rights of whoever writes it, too.
CREATE FUNCTION destroy_with_the_certificate() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    trajectory uuid := NEW.aggregate_id::uuid;
    there      bigint;
BEGIN
    SELECT count(*) INTO there FROM events WHERE aggregate_type = 'trajectory' AND aggregate_id = NEW.aggregate_id;
    IF there <> (NEW.payload ->> 'version')::bigint THEN
        RAISE 'the case has moved on since its certificate was made' USING ERRCODE = 'serialization_failure';
    END IF;
    DELETE FROM vault WHERE trajectory_id = trajectory;
    DELETE FROM keys.data_keys WHERE trajectory_id = trajectory;
    DELETE FROM idempotency_keys WHERE trajectory_id = trajectory;
    DELETE FROM obligations WHERE trajectory_id = trajectory;
    DELETE FROM nuisance_cases WHERE trajectory_id = trajectory;
    DELETE FROM follow_ups WHERE trajectory_id = trajectory;
    DELETE FROM contributions WHERE trajectory_id = trajectory;
    DELETE FROM trajectories WHERE trajectory_id = trajectory;
    DELETE FROM events WHERE aggregate_type = 'deadline' AND aggregate_id LIKE NEW.aggregate_id || '/%';
    DELETE FROM events WHERE aggregate_type = 'trajectory' AND aggregate_id = NEW.aggregate_id;
    RETURN NULL;
END
$$;

CREATE TRIGGER destroy_with_the_certificate AFTER INSERT ON events FOR EACH ROW
    WHEN (NEW.aggregate_type = 'destruction') EXECUTE FUNCTION destroy_with_the_certificate();
