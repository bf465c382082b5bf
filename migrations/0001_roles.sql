-- The roles that programs take on after connecting (docs/OPERATING.md says how their logins are made):
--
--   omklap_app     the running program: may add to the ledger and read it. No code of ours, and nobody who breaks into
--                  it, can change or remove an event.
--   omklap_keeper  the operator's commands that erase texts and destroy cases.
--
-- A role belongs to the whole cluster: another of its databases may have created it before, or may be creating it now.
DO $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['omklap_app', 'omklap_keeper'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
                EXECUTE format('CREATE ROLE %I NOLOGIN', role);
            END IF;
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN
                NULL;
            WHEN insufficient_privilege THEN
                RAISE 'the role % does not exist and % may not create it', role, current_user
                    USING HINT = format('Let an administrator run: CREATE ROLE %I NOLOGIN; GRANT %I TO %I;', role, role, current_user);
        END;
        BEGIN
            IF NOT pg_has_role(current_user, role, 'MEMBER') THEN
                EXECUTE format('GRANT %I TO %I', role, current_user);
            END IF;
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN
                NULL;
        END;
    END LOOP;
END
$$;

-- Databases made by an older PostgreSQL let everybody create tables and functions, which could hide ours.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;

-- The program cannot migrate the tables, but it can see whether they are up to date.
GRANT SELECT ON _sqlx_migrations TO omklap_app, omklap_keeper;
