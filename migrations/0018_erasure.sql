-- The fact that texts were erased, and erasing them, are one: no such fact is recorded without it, and no text is erased
-- without the fact. The trigger runs with the rights of the role that writes the fact, so the running program, which may not
-- delete, cannot write it.
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
    -- Nobody can find out by trying what a request said. Its key stays taken, so that a repeat is not recorded again.
    UPDATE idempotency_keys SET request_hash = sha256(convert_to(gen_random_uuid()::text, 'UTF8'))
        WHERE trajectory_id = trajectory;
    RETURN NULL;
END
$$;

CREATE TRIGGER erase_with_the_fact AFTER INSERT ON events FOR EACH ROW
    WHEN (NEW.aggregate_type = 'trajectory' AND NEW.event_type = 'personal-data-erased')
    EXECUTE FUNCTION erase_with_the_fact();
