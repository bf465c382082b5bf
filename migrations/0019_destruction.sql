-- A case is destroyed by its certificate: an event of an aggregate of its own, so that it is in the ledger's order, in its tree
-- and under its signatures when the events that it names are gone. Their leaves stay in the tree. The triggers run with the
-- rights of the role that writes the certificate.

-- What a certificate destroys is what it lists, event by event: a deadline recorded meanwhile is not removed unnamed, and no
-- certificate that counts nothing, or writes the id in another way, deletes texts and leaves the history.
CREATE FUNCTION destroy_with_the_certificate() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE TRIGGER destroy_with_the_certificate AFTER INSERT ON events FOR EACH ROW
    WHEN (NEW.aggregate_type = 'destruction') EXECUTE FUNCTION destroy_with_the_certificate();

-- Delivery attempts about the case go with it; for thirty days they would show when something happened in it. What is held
-- back for a subscription stays until its receiver has been sent that the case is gone.
CREATE FUNCTION forget_deliveries_with_the_certificate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM delivery_attempts WHERE trajectory_id = NEW.aggregate_id::uuid;
    RETURN NULL;
END
$$;

CREATE TRIGGER forget_deliveries_with_the_certificate AFTER INSERT ON events FOR EACH ROW
    WHEN (NEW.aggregate_type = 'destruction') EXECUTE FUNCTION forget_deliveries_with_the_certificate();
