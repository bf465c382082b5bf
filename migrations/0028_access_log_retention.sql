-- The months of the access log that ended before this day, as 2021-03: those with a partition, and those of which lines are in
-- the partition of all others. A line that says it is from before there was a log is of no month: it is a finding of the check.
CREATE FUNCTION access_log_months_before(day date) RETURNS SETOF text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT replace(substr(child.relname, 12), '_', '-') FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid
    WHERE inhparent = 'access_log'::regclass AND child.relname ~ '^access_log_\d{4}_\d{2}$'
          AND to_date(substr(child.relname, 12), 'YYYY_MM') + interval '1 month' <= day
    UNION
    SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM') FROM access_log_other
    WHERE at > '1970-01-01Z' AND at < date_trunc('month', day::timestamp) AT TIME ZONE 'UTC'
    ORDER BY 1
$$;

-- Destroys these months, but never a line younger than five years: an intruder in the program cannot remove the traces. Returns
-- the months, so that each gets its certificate.
CREATE OR REPLACE FUNCTION access_log_drop_months_before(day date) RETURNS SETOF text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    month text;
BEGIN
    IF day > current_date - interval '5 years' THEN
        RAISE 'the access log is kept for five years at least' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM pg_advisory_xact_lock(28525, 11);
    LOCK TABLE access_log_other IN SHARE ROW EXCLUSIVE MODE;
    FOREACH month IN ARRAY ARRAY(SELECT access_log_months_before(day)) LOOP
        EXECUTE format('DROP TABLE IF EXISTS %I', 'access_log_' || replace(month, '-', '_'));
        RETURN NEXT month;
    END LOOP;
    DELETE FROM access_log_other
    WHERE at > '1970-01-01Z' AND at < date_trunc('month', day::timestamp) AT TIME ZONE 'UTC';
END
$$;

REVOKE EXECUTE ON FUNCTION access_log_months_before(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access_log_months_before(date) TO omklap_keeper;
