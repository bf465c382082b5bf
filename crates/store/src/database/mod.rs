//! Connections to the database: migrations as its owner, everything else in the role that may only
//! add.

pub mod failure;
pub mod key_fingerprints;
pub mod login;
pub mod restorations;
#[cfg(feature = "scratch")]
pub mod scratch;

use std::time::Duration;

use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{Connection, Executor, PgConnection};

/// A connection that was idle for longer than this may have died unnoticed, and is pinged before
/// use. Others are not: a ping is a round trip on every report.
const RESTED_LONG: Duration = Duration::from_secs(1);

/// How long a request waits for a connection before it gets 503.
const PATIENCE: Duration = Duration::from_secs(5);

/// Set on every connection: it may add and read, and waits no longer than a caller would, not even
/// for a lock that an operator forgot. A statement that is cut off has written nothing.
const SETTLE_IN: &str = "SET ROLE omklap_app; SET statement_timeout = '20s'";

/// What `sqlx::migrate!` would find. That macro needs a feature that makes every build compile all
/// of sqlx twice.
fn migrations() -> Migrator {
    let migrations = [
        (1, "roles", include_str!("../../../../migrations/0001_roles.sql")),
        (2, "events", include_str!("../../../../migrations/0002_events.sql")),
        (3, "trajectories", include_str!("../../../../migrations/0003_trajectories.sql")),
        (4, "vault", include_str!("../../../../migrations/0004_vault.sql")),
        (5, "idempotency_keys", include_str!("../../../../migrations/0005_idempotency_keys.sql")),
        (6, "obligations", include_str!("../../../../migrations/0006_obligations.sql")),
        (7, "nuisance_cases", include_str!("../../../../migrations/0007_nuisance_cases.sql")),
        (8, "follow_ups", include_str!("../../../../migrations/0008_follow_ups.sql")),
        (9, "contributions", include_str!("../../../../migrations/0009_contributions.sql")),
        (10, "organisations", include_str!("../../../../migrations/0010_organisations.sql")),
        (11, "access_log", include_str!("../../../../migrations/0011_access_log.sql")),
        (12, "ledger_tiles", include_str!("../../../../migrations/0012_ledger_tiles.sql")),
        (13, "checkpoints", include_str!("../../../../migrations/0013_checkpoints.sql")),
        (14, "subscriptions", include_str!("../../../../migrations/0014_subscriptions.sql")),
        (15, "agreement_sets", include_str!("../../../../migrations/0015_agreement_sets.sql")),
        (16, "key_fingerprints", include_str!("../../../../migrations/0016_key_fingerprints.sql")),
        (17, "restorations", include_str!("../../../../migrations/0017_restorations.sql")),
        (18, "erasure", include_str!("../../../../migrations/0018_erasure.sql")),
        (19, "destruction", include_str!("../../../../migrations/0019_destruction.sql")),
        (20, "leases_named", include_str!("../../../../migrations/0020_leases_named.sql")),
        (23, "undated_obligations", include_str!("../../../../migrations/0023_undated_obligations.sql")),
        (25, "own_references", include_str!("../../../../migrations/0025_own_references.sql")),
        (26, "streams", include_str!("../../../../migrations/0026_streams.sql")),
        (27, "vacant_units", include_str!("../../../../migrations/0027_vacant_units.sql")),
        (28, "access_log_retention", include_str!("../../../../migrations/0028_access_log_retention.sql")),
        (29, "access_log_batches", include_str!("../../../../migrations/0029_access_log_batches.sql")),
        (30, "cosignatures", include_str!("../../../../migrations/0030_cosignatures.sql")),
        (
            31,
            "contributions_by_region",
            include_str!("../../../../migrations/0031_contributions_by_region.sql"),
        ),
        (32, "beside_the_partners", include_str!("../../../../migrations/0032_beside_the_partners.sql")),
        (33, "seekers", include_str!("../../../../migrations/0033_seekers.sql")),
        (34, "access_log_numbers", include_str!("../../../../migrations/0034_access_log_numbers.sql")),
        (35, "holds", include_str!("../../../../migrations/0035_holds.sql")),
        (36, "happened", include_str!("../../../../migrations/0036_happened.sql")),
        (37, "deliveries_of_streams", include_str!("../../../../migrations/0037_deliveries_of_streams.sql")),
        (38, "heads", include_str!("../../../../migrations/0038_heads.sql")),
        (39, "the_match", include_str!("../../../../migrations/0039_the_match.sql")),
        (40, "one_home_in_any_case", include_str!("../../../../migrations/0040_one_home_in_any_case.sql")),
    ];
    let numbered = migrations.into_iter().map(|(number, exists_afterwards, sql)| {
        Migration::new(number, exists_afterwards.into(), MigrationType::Simple, sql.into(), false)
    });
    Migrator { migrations: numbered.collect(), ..Migrator::DEFAULT }
}

/// What a [migration](migrate) did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Migrated {
    /// The migrations that ran now: number and name.
    pub ran: Vec<(i64, String)>,
    /// The number of the last migration of this program.
    pub version: i64,
}

/// Brings the database's tables up to this program's version, and returns what that took. Safe to
/// call by several at once: each migration then runs in one of them.
///
/// # Errors
/// If the database is out of reach, or a migration fails or was changed after it ran.
pub async fn migrate(database: &PgConnectOptions) -> Result<Migrated, MigrateError> {
    let mut connection = PgConnection::connect_with(database).await?;
    let (ours, before) = (migrations(), versions(&mut connection).await?);
    ours.run_direct(&mut connection).await?;
    connection.close().await?;
    let new = ours.iter().filter(|migration| !before.contains(&migration.version));
    let ran = new.map(|migration| (migration.version, migration.description.to_string())).collect();
    Ok(Migrated { ran, version: ours.iter().map(|migration| migration.version).max().unwrap_or_default() })
}

/// The migrations that a database has, none if it is new.
async fn versions(connection: &mut PgConnection) -> sqlx::Result<Vec<i64>> {
    let known = sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NOT NULL");
    if !known.fetch_one(&mut *connection).await? {
        return Ok(Vec::new());
    }
    let ran = sqlx::query_scalar("SELECT version FROM _sqlx_migrations WHERE success");
    ran.fetch_all(connection).await
}

/// How the tables of a database compare with this program's migrations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TablesVersion {
    /// They are this program's.
    Current,
    /// A later program migrated them: all migrations of this one ran, and others after them.
    Newer,
    /// A migration of this program did not run, was changed after it ran, or this login cannot see
    /// which ones did.
    Other,
}

/// The version of the tables, for every login.
///
/// # Errors
/// If the database is out of reach.
pub async fn tables_version(database: &PgConnectOptions) -> sqlx::Result<TablesVersion> {
    let mut connection = PgConnection::connect_with(database).await?;
    let ran = "SELECT version, checksum FROM _sqlx_migrations WHERE success ORDER BY version";
    let ran = sqlx::query_as::<_, (i64, Vec<u8>)>(ran).fetch_all(&mut connection).await;
    connection.close().await?;
    match ran {
        Ok(ran) => Ok(TablesVersion::after(&ran)),
        // It was never migrated, or by a program whose roles could not read this.
        Err(sqlx::Error::Database(refusal))
            if matches!(refusal.code().as_deref(), Some("42P01" | "42501")) =>
        {
            Ok(TablesVersion::Other)
        }
        Err(error) => Err(error),
    }
}

impl TablesVersion {
    /// After these migrations ran: number and checksum, in order.
    fn after(ran: &[(i64, Vec<u8>)]) -> Self {
        let ours = migrations();
        let count = ours.iter().count();
        let ran_of_ours = ran.iter().take(count).map(|(version, checksum)| (*version, checksum.as_slice()));
        if !ours.iter().map(|migration| (migration.version, &*migration.checksum)).eq(ran_of_ours) {
            return Self::Other;
        }
        if ran.len() == count { Self::Current } else { Self::Newer }
    }
}

/// Connections that may add to the ledger and read it, and no more. If the login owns the tables,
/// somebody who can run statements of his own can drop that role again (see
/// [`Login`](crate::database::login::Login)).
///
/// # Errors
/// If the database is out of reach, or was never [migrated](migrate).
pub async fn connect(database: &PgConnectOptions, at_most: u32) -> sqlx::Result<PgPool> {
    connect_as(database, at_most, SETTLE_IN).await
}

/// Connections that may also erase texts, with the fact that says so, and destroy cases, with their
/// certificate: for an operator's commands, never for a server.
///
/// # Errors
/// As [`connect`], and if this user is not allowed to.
pub async fn connect_as_keeper(database: &PgConnectOptions) -> sqlx::Result<PgPool> {
    connect_as(database, 2, "SET ROLE omklap_keeper").await
}

/// Rewrites the tables of keys, whose files hold deleted rows until then. The vault is left out:
/// deleted rows in its files were sealed with a key that exists nowhere any more, and the vault is
/// large and would be locked meanwhile. Needs the owner of the tables.
///
/// # Errors
/// If the database is out of reach, or another user owns the tables.
pub async fn rewrite_keys(database: &PgConnectOptions) -> sqlx::Result<()> {
    let mut connection = PgConnection::connect_with(database).await?;
    for table in ["keys.data_keys", "idempotency_keys"] {
        connection.execute(format!("VACUUM (FULL) {table}").as_str()).await?;
    }
    connection.close().await
}

async fn connect_as(
    database: &PgConnectOptions,
    at_most: u32,
    settle_in: &'static str,
) -> sqlx::Result<PgPool> {
    PgPoolOptions::new()
        .max_connections(at_most)
        .acquire_timeout(PATIENCE)
        .test_before_acquire(false)
        .before_acquire(|connection, rested| {
            Box::pin(async move {
                if rested.idle_for > RESTED_LONG {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .after_connect(move |connection, _| {
            Box::pin(async move {
                connection.execute(settle_in).await?;
                Ok(())
            })
        })
        .connect_with(database.clone())
        .await
}

/// A number that changes with every migration.
#[cfg(feature = "scratch")]
pub(crate) fn version() -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    migrations().iter().for_each(|migration| migration.checksum.hash(&mut hasher));
    hasher.finish()
}
