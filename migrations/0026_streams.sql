-- Streams beside the trajectory: complexes, vacancies, plans. Their events are in `events` (0002) under an aggregate type of their
-- own; they hold no personal data (docs/adr/0037). This table says of each stream what a list needs to find it: derived from its
-- events and written in their own statement, as the read models of a trajectory are (0006).
CREATE TABLE streams (
    -- complex, …: the aggregate type of its events.
    kind         text   NOT NULL,
    stream_id    uuid   NOT NULL,
    -- The number of events from which the row was derived.
    version      bigint NOT NULL,
    -- Whose it is, in which region, and what can be asked for in a list. Null if all of its facts were retracted; an organisation
    -- also if it belongs to none.
    organisation text,
    region       text,
    status       text,
    PRIMARY KEY (kind, stream_id)
);

CREATE INDEX streams_of_an_organisation ON streams (kind, organisation, stream_id);
CREATE INDEX streams_of_a_region ON streams (kind, region, stream_id);

GRANT SELECT, INSERT, UPDATE ON streams TO omklap_app, omklap_keeper;

-- A reader of cases passes over the other streams: it names their kinds. It reads a kind that nobody knows, and fails.
-- Otherwise as in 0002.
DROP FUNCTION events_in_order(bigint, bigint);
CREATE FUNCTION events_in_order(after_position bigint, at_most bigint, passed_over text[] DEFAULT NULL) RETURNS SETOF events
    LANGUAGE plpgsql VOLATILE AS $$
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
        WHERE position > after_position AND position <= settled AND (passed_over IS NULL OR aggregate_type <> ALL (passed_over))
        ORDER BY position LIMIT at_most;
END
$$;
