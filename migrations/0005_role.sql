-- The role that the running program takes on after connecting. It may add to the ledger and read it; no code of ours, and
-- nobody who breaks into it, can change or remove an event.

-- A role belongs to the whole cluster: another database of it may have made this one before, or may be making it now.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'omklap_app') THEN
        CREATE ROLE omklap_app NOLOGIN;
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN
        NULL;
    WHEN insufficient_privilege THEN
        RAISE 'the role omklap_app does not exist and % may not create it', current_user
            USING HINT = format('Let an administrator run: CREATE ROLE omklap_app NOLOGIN; GRANT omklap_app TO %I;', current_user);
END
$$;

DO $$
BEGIN
    IF NOT pg_has_role(current_user, 'omklap_app', 'MEMBER') THEN
        EXECUTE format('GRANT omklap_app TO %I', current_user);
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN
        NULL;
END
$$;

GRANT SELECT, INSERT ON events TO omklap_app;
GRANT SELECT ON SEQUENCE events_position_seq TO omklap_app;
GRANT SELECT, INSERT, UPDATE ON trajectories TO omklap_app;
GRANT SELECT, INSERT ON data_keys, vault, idempotency_keys TO omklap_app;
