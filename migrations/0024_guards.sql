-- The running program signs in by a login of its own, which is a member of omklap_app and of nothing else: what it may not do,
-- nobody who runs statements of his own in it may do either (docs/OPERATING.md says how the login is made).

-- It cannot bring the tables up to date, but sees whether they are.
GRANT SELECT ON _sqlx_migrations TO omklap_app, omklap_keeper;

-- Databases that an older PostgreSQL made let everybody make tables and functions, under which a name could mean another thing.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;

-- The deadlines told of a case, in every collation.
CREATE INDEX events_of_deadlines ON events (left(aggregate_id, 36)) WHERE aggregate_type = 'deadline';

-- What a certificate destroys is what it lists, event by event: what was told of a deadline meanwhile is not gone unnamed, and no
-- certificate that counts nothing, or writes the id in another way, takes away texts and leaves the history.
CREATE OR REPLACE FUNCTION destroy_with_the_certificate() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    trajectory uuid := NEW.aggregate_id::uuid;
    facts      bigint;
    gone       bigint[];
    certified  bigint[];
BEGIN
    DELETE FROM vault WHERE trajectory_id = trajectory;
    DELETE FROM keys.data_keys WHERE trajectory_id = trajectory;
    DELETE FROM idempotency_keys WHERE trajectory_id = trajectory;
    DELETE FROM obligations WHERE trajectory_id = trajectory;
    DELETE FROM nuisance_cases WHERE trajectory_id = trajectory;
    DELETE FROM follow_ups WHERE trajectory_id = trajectory;
    DELETE FROM contributions WHERE trajectory_id = trajectory;
    DELETE FROM trajectories WHERE trajectory_id = trajectory;
    WITH destroyed AS (
        DELETE FROM events WHERE aggregate_type = 'trajectory' AND aggregate_id = NEW.aggregate_id
                                 OR aggregate_type = 'deadline' AND left(aggregate_id, 36) = NEW.aggregate_id
        RETURNING aggregate_type, position
    )
    SELECT count(*) FILTER (WHERE aggregate_type = 'trajectory'), array_agg(position ORDER BY position)
        INTO facts, gone FROM destroyed;
    SELECT array_agg(position ORDER BY position) INTO certified
        FROM json_to_recordset(NEW.payload -> 'events') AS listed (position bigint);
    IF facts = 0 OR facts IS DISTINCT FROM (NEW.payload ->> 'version')::bigint OR gone IS DISTINCT FROM certified THEN
        RAISE 'the case has moved on since its certificate was made' USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN NULL;
END
$$;
