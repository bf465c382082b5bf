-- The ledger: one row for each fact that was admitted, in the words in which it was admitted.
--
-- The first seven columns are the table of postgres-es 0.5, name for name and type for type; the others have defaults.
-- So the stock library reads and writes this table, and nobody needs our program to read the history.
CREATE TABLE events (
    aggregate_type text   NOT NULL,
    aggregate_id   text   NOT NULL,
    sequence       bigint NOT NULL CHECK (sequence >= 0),
    event_type     text   NOT NULL,
    event_version  text   NOT NULL,
    -- json, not jsonb: the exact canonical bytes that were hashed stay as they were, and reading is twice as fast.
    payload        json   NOT NULL,
    metadata       json   NOT NULL,
    -- The one cursor of everybody who follows the whole ledger. CACHE 1 is what the order below rests on: with a larger
    -- cache a session hands out positions below the sequence's last value. The maximum keeps a position within the 48
    -- bits that its lock key has room for (281 million million events).
    position       bigint NOT NULL GENERATED ALWAYS AS IDENTITY (CACHE 1 MAXVALUE 281474976710655),
    event_id       uuid   NOT NULL DEFAULT gen_random_uuid(),
    -- Given by the program, which never lets it step back inside a stream, for the hash covers it.
    recorded_at    timestamptz NOT NULL DEFAULT now(),
    -- Null in a row that the stock library wrote; the next event of ours covers it (see hash_chain.rs).
    previous_hash  bytea CHECK (octet_length(previous_hash) = 32),
    hash           bytea CHECK (octet_length(hash) = 32),
    -- This key is also the race detector: of two reports on one version of a stream, one breaks it.
    PRIMARY KEY (aggregate_type, aggregate_id, sequence)
);

CREATE UNIQUE INDEX events_in_order_of_position ON events (position);

-- Order for the outside
-- ---------------------
-- Positions are drawn while writing but seen after committing, so a reader that asks for "position > n" skips the event of
-- a writer that drew early and commits late. So every writer says, before it draws, below which position it will not
-- draw, and a reader stops at the lowest of what is still being said. Writers never wait, neither for each other nor for
-- readers, and a transaction that writes no event matters to nobody.
--
-- What is said is a shared advisory lock of the transaction. Its key is the sequence's last value at that moment under
-- a mark of our own ('om', 28525) in the top 16 bits, so that it meets no lock that others take in this database.

CREATE FUNCTION announce_event_writer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Once in a transaction is enough, as its first lock has the lowest key, and ten thousand statements would fill the
    -- lock table. The setting ends with the transaction, and is rolled back to a savepoint together with the lock.
    IF current_setting('omklap.event_writer', true) IS DISTINCT FROM pg_current_xact_id()::text THEN
        -- A sequence that was never called has the last value 1 too.
        PERFORM pg_advisory_xact_lock_shared((28525::bigint << 48) | CASE WHEN is_called THEN last_value ELSE 0 END),
                set_config('omklap.event_writer', pg_current_xact_id()::text, true)
            FROM events_position_seq;
    END IF;
    RETURN NULL;
END
$$;

-- A statement's "before" trigger runs before the first row's position is drawn.
CREATE TRIGGER announce_event_writer BEFORE INSERT ON events
    FOR EACH STATEMENT EXECUTE FUNCTION announce_event_writer();

-- The events after a position, in order, as far as nothing can appear among them any more.
--
-- The three reads stand in this order, each with a snapshot of its own (so: volatile, and read committed):
--   1. the last position drawn, hi. A writer that draws later draws above it.
--   2. the writers at work. One that is not seen here has either ended, and 3 sees what it committed, or has not drawn
--      yet, and draws above hi. One that is seen draws above its key.
--   3. the events up to the lower of the two.
CREATE FUNCTION events_in_order(after_position bigint, at_most bigint) RETURNS SETOF events LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    last_drawn        bigint;
    lowest_still_open bigint;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE 'events_in_order needs a new snapshot for each of its reads'
            USING ERRCODE = 'invalid_transaction_state', HINT = 'Read it at isolation level read committed.';
    END IF;
    IF pg_is_in_recovery() THEN
        RAISE 'events_in_order cannot be read on a standby' USING ERRCODE = 'invalid_transaction_state',
            HINT = 'The locks of the writers are not copied to a standby. Read it on the primary.';
    END IF;

    SELECT CASE WHEN is_called THEN last_value ELSE 0 END INTO last_drawn FROM events_position_seq;

    -- A bigint lock shows as two halves (classid, objid) with objsubid 1; the two-integer form has objsubid 2. A writer
    -- that still waits for its lock (not granted) has not drawn.
    SELECT min(((classid::bigint & 65535) << 32) | objid::bigint) INTO lowest_still_open
        FROM pg_locks
        WHERE locktype = 'advisory' AND objsubid = 1 AND mode = 'ShareLock' AND granted
            AND classid::bigint >> 16 = 28525
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database());

    -- least() passes over a null: no writer is at work.
    RETURN QUERY SELECT * FROM events
        WHERE position > after_position AND position <= least(last_drawn, lowest_still_open)
        ORDER BY position LIMIT at_most;
END
$$;
