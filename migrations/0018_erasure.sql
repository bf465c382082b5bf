-- The fact that texts were erased, and erasing them, are one: the keeper's command does both in one transaction, and counts
-- what is left before it commits (crates/store/src/vault/erase.rs). The fact alone destroys nothing, so a forged one does
-- not either. The running program, which may not delete texts, may not write it.
CREATE FUNCTION only_the_keeper_erases() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT has_table_privilege('vault', 'DELETE') THEN
        RAISE 'permission denied: % may not erase texts', current_user USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER only_the_keeper_erases BEFORE INSERT ON events FOR EACH ROW
    WHEN (NEW.aggregate_type = 'trajectory' AND NEW.event_type = 'personal-data-erased')
    EXECUTE FUNCTION only_the_keeper_erases();
