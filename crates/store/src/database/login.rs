//! The logins of the database: the owner of its tables, the keeper of the record, and the running
//! program.
//!
//! Decision: ADR 21.

use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, Executor, PgConnection};

/// The lock while a login is made: of several programs that start at once, one makes it.
const MAKING: &str = "SELECT pg_advisory_xact_lock(28525, 4)";

/// What a login may do with the ledger at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Login {
    /// Everything: it owns the tables, or may take the role that does.
    Owner,
    /// Add, read, erase and destroy.
    Keeper,
    /// Add and read, and nothing else whatever statements it runs.
    Program,
    /// Nothing: it is not a member of `omklap_app`.
    Stranger,
}

impl Login {
    /// What this login may do. If there are no tables yet, a login that may create them will own
    /// them.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn of(database: &PgConnectOptions) -> sqlx::Result<Self> {
        let mut connection = PgConnection::connect_with(database).await?;
        let (owns, keeps, adds): (bool, bool, bool) = sqlx::query_as(
            "SELECT coalesce((SELECT pg_has_role(relowner, 'MEMBER') FROM pg_class WHERE oid = to_regclass('events')),
                             has_schema_privilege(current_schema(), 'CREATE'), false),
                    EXISTS (SELECT FROM pg_roles WHERE rolname = 'omklap_keeper' AND pg_has_role(oid, 'MEMBER')),
                    EXISTS (SELECT FROM pg_roles WHERE rolname = 'omklap_app' AND pg_has_role(oid, 'MEMBER'))",
        )
        .fetch_one(&mut connection)
        .await?;
        connection.close().await?;
        Ok(match (owns, keeps, adds) {
            (true, ..) => Self::Owner,
            (_, true, _) => Self::Keeper,
            (_, _, true) => Self::Program,
            _ => Self::Stranger,
        })
    }
}

/// Makes the login of the running program, with this name and password, which may add and read and
/// no more. Needs the owner of the tables, on a PostgreSQL of our own: elsewhere an operator makes
/// the login.
///
/// # Errors
/// If the database is out of reach or was never [migrated](crate::migrate), or this user may not
/// make logins.
pub async fn let_the_program_in(database: &PgConnectOptions, name: &str, password: &str) -> sqlx::Result<()> {
    let mut connection = PgConnection::connect_with(database).await?;
    let mut making = connection.begin().await?;
    making.execute(MAKING).await?;
    let statements: Vec<String> = sqlx::query_scalar(
        "SELECT statement FROM (
             SELECT 1, format('CREATE ROLE %I', $1) WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)
             UNION ALL SELECT 2, format('ALTER ROLE %I LOGIN PASSWORD %L', $1, $2)
             UNION ALL SELECT 3, format('GRANT omklap_app TO %I', $1)
         ) AS making (nth, statement) ORDER BY nth",
    )
    .bind(name)
    .bind(password)
    .fetch_all(&mut *making)
    .await?;
    for statement in statements {
        making.execute(statement.as_str()).await?;
    }
    making.commit().await?;
    connection.close().await
}
