-- Who saw or changed which data of whom, and why: one line for each kind of access by a request to some trajectories, in the
-- terms of NEN 7513 and of the Dutch Logboek dataverwerkingen (docs/adr/0017 maps the columns to both). A line is written
-- before the answer leaves. It holds pseudonyms and codes and nothing else, so that it may be kept for years after the texts
-- are erased.
CREATE TABLE access_log (
    -- When it was done, and when its request began.
    at             timestamptz NOT NULL,
    started_at     timestamptz NOT NULL,
    access_id      uuid        NOT NULL,
    -- read, list, report, …
    action         text        NOT NULL,
    -- given, given-in-part or refused.
    outcome        text        NOT NULL,
    -- Whose data, by the trajectory's pseudonym. A page of a list is one line that names all that it showed.
    trajectories   uuid[]      NOT NULL,
    -- Which kinds of data (docs/DOMAIN.md §8).
    categories     text[]      NOT NULL,
    -- The person, by a pseudonym that only their own organisation can resolve; for whom, in which role and for which purpose.
    actor          text        NOT NULL,
    organisation   text        NOT NULL,
    role           text        NOT NULL,
    purpose        text        NOT NULL,
    -- The program that asked.
    client         text        NOT NULL,
    -- W3C trace context: the trace, this request in it, and the caller's own span if it sent one.
    trace_id       uuid        NOT NULL,
    span_id        text        NOT NULL CHECK (span_id ~ '^[0-9a-f]{16}$'),
    parent_span_id text        CHECK (parent_span_id ~ '^[0-9a-f]{16}$'),
    PRIMARY KEY (at, access_id)
) PARTITION BY RANGE (at);

-- For the overview of one client. GIN collects new entries in a list and sorts them in together, so that a line costs little.
CREATE INDEX access_log_by_trajectory ON access_log USING gin (trajectories);

-- Lines of a month that has no partition yet: no line is lost for lack of one.
CREATE TABLE access_log_other PARTITION OF access_log DEFAULT;

-- Creates the partitions of the months from this day on, and moves the lines that wait for them. It runs as its owner, as the
-- program may not create tables.
CREATE FUNCTION access_log_months(first date, ahead integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    begins timestamptz;
    ends   timestamptz;
    name   text;
BEGIN
    PERFORM pg_advisory_xact_lock(28525, 11);
    FOR month IN 0..least(ahead, 120) LOOP
        begins := (date_trunc('month', first) + make_interval(months => month)) AT TIME ZONE 'UTC';
        ends := (date_trunc('month', first) + make_interval(months => month + 1)) AT TIME ZONE 'UTC';
        name := 'access_log_' || to_char(begins AT TIME ZONE 'UTC', 'YYYY_MM');
        CONTINUE WHEN to_regclass(name) IS NOT NULL;
        LOCK TABLE access_log_other IN ACCESS EXCLUSIVE MODE;
        EXECUTE format('CREATE TABLE %I (LIKE access_log INCLUDING ALL)', name);
        EXECUTE format('WITH moved AS (DELETE FROM access_log_other WHERE at >= %L AND at < %L RETURNING *)
                        INSERT INTO %I SELECT * FROM moved', begins, ends, name);
        EXECUTE format('ALTER TABLE access_log ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name, begins, ends);
    END LOOP;
END
$$;

-- Drops the months that ended before this day, but never a line younger than five years: an intruder in the program cannot
-- remove the traces. Returns the months that were dropped.
CREATE FUNCTION access_log_drop_months_before(day date) RETURNS SETOF text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    month text;
BEGIN
    IF day > current_date - interval '5 years' THEN
        RAISE 'the access log is kept for five years at least' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM pg_advisory_xact_lock(28525, 11);
    FOR month IN
        SELECT child.relname FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid
        WHERE inhparent = 'access_log'::regclass AND child.relname ~ '^access_log_\d{4}_\d{2}$'
              AND to_date(substr(child.relname, 12), 'YYYY_MM') + interval '1 month' <= day
    LOOP
        EXECUTE format('DROP TABLE %I', month);
        RETURN NEXT month;
    END LOOP;
    DELETE FROM access_log_other WHERE at < day;
END
$$;

REVOKE EXECUTE ON FUNCTION access_log_months(date, integer), access_log_drop_months_before(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access_log_months(date, integer) TO omklap_app;
GRANT EXECUTE ON FUNCTION access_log_drop_months_before(date) TO omklap_keeper;
GRANT SELECT, INSERT ON access_log TO omklap_app, omklap_keeper;

SELECT access_log_months(current_date, 12);
