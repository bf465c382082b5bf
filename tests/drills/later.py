"""A migration of a later version, under servers that know nothing of it."""

from programs import wait

# It only adds, as every migration must that servers of an earlier version are to survive (docs/CLUSTER.md).
LATER = (
    "CREATE TABLE of_a_later_version (id uuid PRIMARY KEY, events bigint NOT NULL DEFAULT 0)",
    "ALTER TABLE events ADD COLUMN of_a_later_version text",
    "ALTER TABLE trajectories ADD COLUMN of_a_later_version text NOT NULL DEFAULT ''",
    "ALTER TABLE access_log ADD COLUMN of_a_later_version text",
    "CREATE INDEX CONCURRENTLY trajectories_of_a_later_version ON trajectories (of_a_later_version)",
    "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) "
    "VALUES (9999, 'of a later version', true, '\\x00', 0)",
)
TAKEN_BACK = (
    "DROP TABLE of_a_later_version",
    "ALTER TABLE events DROP COLUMN of_a_later_version",
    "ALTER TABLE trajectories DROP COLUMN of_a_later_version",
    "ALTER TABLE access_log DROP COLUMN of_a_later_version",
    "DELETE FROM _sqlx_migrations WHERE version = 9999",
)


def migrated_ahead(under_test):
    """A later version migrates: it adds a table, columns and an index. The servers that run go on, and sign."""
    for statements in (LATER, TAKEN_BACK):
        done = under_test.sql(*statements)
        if done.returncode != 0:
            raise AssertionError(f"the migration of a later version: {done.stderr}")
        for _ in range(2):
            signed = under_test.signed_outside()
            wait("a checkpoint on these tables", lambda signed=signed: under_test.signed_outside() > signed, 90)
