-- The ledger: one row for each fact that was admitted, in the words in which it was admitted.
--
-- The first seven columns are the table of postgres-es 0.5, name for name and type for type; the others have defaults.
-- So the stock library can read and write this table, and nobody needs our program to read the history.
CREATE TABLE events (
    aggregate_type text   NOT NULL,
    aggregate_id   text   NOT NULL,
    sequence       bigint NOT NULL CHECK (sequence >= 0),
    event_type     text   NOT NULL,
    event_version  text   NOT NULL,
    -- json, not jsonb: the exact canonical bytes that were hashed stay as they were, and reading is twice as fast.
    payload        json   NOT NULL,
    metadata       json   NOT NULL,
    -- The cursor of every reader of the whole ledger. The order below depends on CACHE 1: with a larger cache a session
    -- draws positions below the sequence's last value. The maximum keeps a position within the 48 bits of its lock key
    -- (281 million million events).
    position       bigint NOT NULL GENERATED ALWAYS AS IDENTITY (CACHE 1 MAXVALUE 281474976710655),
    event_id       uuid   NOT NULL DEFAULT gen_random_uuid(),
    -- Set by the program, which never lets it decrease within a stream: the hash covers it.
    recorded_at    timestamptz NOT NULL DEFAULT now(),
    -- Null in a row that another program wrote. The ledger neither shows nor signs such a row (see mac.rs).
    previous_hash  bytea CHECK (octet_length(previous_hash) = 32),
    hash           bytea CHECK (octet_length(hash) = 32),
    -- HMAC of the hash, under a key that the database never holds: made when the event is admitted.
    mac            bytea CHECK (octet_length(mac) = 32),
    -- This key also detects races: of two reports on one version of a stream, one violates it.
    PRIMARY KEY (aggregate_type, aggregate_id, sequence)
);

CREATE UNIQUE INDEX events_in_order_of_position ON events (position);

-- A deadline is a stream of its own. Its id begins with its trajectory's id, by which it is found here.
CREATE INDEX deadlines_of_a_trajectory ON events (left(aggregate_id, 36), position) WHERE aggregate_type = 'deadline';

-- Figures as they were known then need the trajectories that belonged to the region then. Those that belonged to another
-- are known by their opening, if it was corrected: rare, and found without reading every event.
CREATE INDEX openings_corrected ON events (aggregate_id)
    WHERE aggregate_type = 'trajectory' AND event_type = 'event-corrected' AND payload->'replacement'->>'region' IS NOT NULL;

-- The order that readers see
-- --------------------------
-- A position is drawn when an event is written but is visible only after the commit, so a reader that asks for
-- "position > n" would skip the event of a writer that drew early and commits late. So every writer announces, before it
-- draws, below which position it will not draw, and a reader stops at the lowest announcement that is still open. Writers
-- never wait, neither for each other nor for readers, and a transaction that writes no event affects nobody.
--
-- An announcement is a shared advisory lock of the transaction. Its key is the sequence's last value at that moment, with
-- our own mark ('om', 28525) in the top 16 bits, so that it collides with no other lock in this database.

CREATE FUNCTION announce_event_writer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Once per transaction is enough: the first lock has the lowest key, and ten thousand statements would fill the lock
    -- table. The setting ends with the transaction, and is rolled back to a savepoint together with the lock.
    IF current_setting('omklap.event_writer', true) IS DISTINCT FROM pg_current_xact_id()::text THEN
        -- A sequence that was never called also has the last value 1.
        PERFORM pg_advisory_xact_lock_shared((28525::bigint << 48) | CASE WHEN is_called THEN last_value ELSE 0 END),
                set_config('omklap.event_writer', pg_current_xact_id()::text, true)
            FROM events_position_seq;
    END IF;
    RETURN NULL;
END
$$;

-- A statement-level BEFORE trigger runs before the first row's position is drawn.
CREATE TRIGGER announce_event_writer BEFORE INSERT ON events
    FOR EACH STATEMENT EXECUTE FUNCTION announce_event_writer();

-- The position up to which no event can appear any more. The two reads are in this order, each with a snapshot of its own
-- (so: VOLATILE, and read committed):
--   1. the last position drawn. A writer that draws later draws above it.
--   2. the writers at work. One that is not seen here has either ended, and its events are visible to the next read, or
--      has not drawn yet, and draws above 1. One that is seen draws above its key.
CREATE FUNCTION settled_position() RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    last_drawn        bigint;
    lowest_still_open bigint;
BEGIN
    SELECT CASE WHEN is_called THEN last_value ELSE 0 END INTO last_drawn FROM events_position_seq;

    -- A bigint lock shows as two halves (classid, objid) with objsubid 1; the two-integer form has objsubid 2. A writer
    -- that still waits for its lock (not granted) has not drawn.
    SELECT min(((classid::bigint & 65535) << 32) | objid::bigint) INTO lowest_still_open
        FROM pg_locks
        WHERE locktype = 'advisory' AND objsubid = 1 AND mode = 'ShareLock' AND granted
            AND classid::bigint >> 16 = 28525
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database());

    -- least() ignores a null: no writer is at work.
    RETURN least(last_drawn, lowest_still_open);
END
$$;

-- The events after a position, in order, up to the settled position.
CREATE FUNCTION events_in_order(after_position bigint, at_most bigint) RETURNS SETOF events LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    settled bigint;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE 'events_in_order needs a new snapshot for each of its reads'
            USING ERRCODE = 'invalid_transaction_state', HINT = 'Read it at isolation level read committed.';
    END IF;
    IF pg_is_in_recovery() THEN
        RAISE 'events_in_order cannot be read on a standby' USING ERRCODE = 'invalid_transaction_state',
            HINT = 'The locks of the writers are not copied to a standby. Read it on the primary.';
    END IF;

    settled := settled_position();
    RETURN QUERY SELECT * FROM events
        WHERE position > after_position AND position <= settled
        ORDER BY position LIMIT at_most;
END
$$;

-- An event that was recorded is there when its transaction commits, whatever other triggers did since: otherwise nothing is
-- committed, and the report is an error.
CREATE FUNCTION event_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM events WHERE aggregate_type = NEW.aggregate_type AND aggregate_id = NEW.aggregate_id
                                            AND sequence = NEW.sequence AND hash IS NOT DISTINCT FROM NEW.hash) THEN
        RAISE 'event % of % % was not kept', NEW.sequence, NEW.aggregate_type, NEW.aggregate_id USING ERRCODE = 'OMK01';
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER event_is_kept AFTER INSERT ON events DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION event_is_kept();

GRANT SELECT, INSERT ON events TO omklap_app;
GRANT SELECT, INSERT, DELETE ON events TO omklap_keeper;
GRANT SELECT ON SEQUENCE events_position_seq TO omklap_app, omklap_keeper;
