-- The running program signs in by a login of its own, which is a member of omklap_app and of nothing else: what it may not do,
-- nobody who runs statements of his own in it may do either (docs/OPERATING.md says how the login is made).

-- It cannot bring the tables up to date, but sees whether they are.
GRANT SELECT ON _sqlx_migrations TO omklap_app, omklap_keeper;

-- Databases that an older PostgreSQL made let everybody make tables and functions, under which a name could mean another thing.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
