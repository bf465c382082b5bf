-- A database that is restored into another PostgreSQL numbers its transactions from the start again, and the lines of the
-- access log that it brings along have higher numbers than the next ones. So each restoration says after which number its own
-- transactions are counted, and a line has the number of its transaction after that (docs/adr/0052). Numbers never go back.

-- The last number that was given out: that of the last batch, or of a line since (a batch is at most ten minutes off).
CREATE FUNCTION last_access_log_number() RETURNS bigint
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    WITH last_batch AS (
        SELECT substring(payload ->> 'until' FROM '^\d{1,18}$')::bigint AS until, recorded_at FROM events
        WHERE aggregate_type = 'access-log' AND aggregate_id = 'batches' ORDER BY sequence DESC LIMIT 1
    )
    SELECT greatest((SELECT until FROM last_batch), max(written_in::text::bigint), 0) FROM access_log
    WHERE at >= coalesce((SELECT recorded_at FROM last_batch) - interval '20 minutes', '-infinity')
          AND at < now() + interval '20 minutes'
$$;

-- The bound leaves room for the transactions of centuries, whatever the program is made to write here.
ALTER TABLE restorations ADD COLUMN numbers_after bigint NOT NULL DEFAULT 0
    CHECK (numbers_after BETWEEN 0 AND 1000000000000000000);
ALTER TABLE restorations ALTER COLUMN numbers_after SET DEFAULT last_access_log_number();

-- The number in the access log of a transaction of this PostgreSQL.
CREATE FUNCTION access_log_number(transaction xid8) RETURNS xid8
    LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (transaction::text::bigint + (SELECT coalesce(max(numbers_after), 0) FROM public.restorations))::text::xid8;
END
$$;

REVOKE EXECUTE ON FUNCTION last_access_log_number(), access_log_number(xid8) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION last_access_log_number() TO omklap_app;
GRANT EXECUTE ON FUNCTION access_log_number(xid8) TO omklap_app, omklap_keeper;
GRANT SELECT (numbers_after) ON restorations TO omklap_keeper;

-- Which organisation was registered, in a line that says that one was.
ALTER TABLE access_log ADD COLUMN registration text;

ALTER TABLE access_log ALTER COLUMN written_in SET DEFAULT access_log_number(pg_current_xact_id());

-- The program gives a line and a restoration; their numbers come from the database. A number of its own choice could leave no
-- room for the numbers of a restored copy.
REVOKE INSERT ON access_log FROM omklap_app, omklap_keeper;
GRANT INSERT (at, started_at, access_id, action, outcome, trajectories, categories, actor, organisation, role, purpose, client,
              trace_id, span_id, parent_span_id, registration)
    ON access_log TO omklap_app, omklap_keeper;
REVOKE INSERT ON restorations FROM omklap_app;
GRANT INSERT (reason, seen) ON restorations TO omklap_app;
