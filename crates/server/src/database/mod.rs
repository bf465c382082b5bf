//! The database a command works on: the operator's, or a private one.

mod location;
pub mod waiting;

pub use location::DatabaseLocation;

use std::time::Duration;

use omklap_store::database::{Migrated, login};
use omklap_store::{Login, TablesVersion};
use sqlx::PgPool;
use sqlx::migrate::MigrateError;
use sqlx::postgres::PgConnectOptions;
use thiserror::Error;
use tokio::task::{JoinError, spawn_blocking};
use tracing::info;

use crate::config::{Config, DatabaseUrl};
use crate::private_postgres::{PrivatePostgres, StartFailed};
use waiting::Waiting;

/// An open database; a private one stops with [`close`](Self::close) or when this is dropped.
pub struct Database {
    /// The connections.
    pub pool: PgPool,
    /// What their login may do, regardless of the role it takes on.
    pub login: Login,
    /// What was migrated when it was opened; none if this login may not migrate.
    pub migrated: Option<Migrated>,
    /// The login for work that the running program has no rights for.
    owner: Box<DatabaseUrl>,
    private: Option<PrivatePostgres>,
}

/// Why there is no database to work on.
#[derive(Debug, Error)]
pub enum DatabaseError {
    /// The private one did not start.
    #[error(transparent)]
    Private(#[from] StartFailed),
    /// Its tables cannot be brought up to date; the most frequent reason is that it takes no
    /// connection.
    #[error("cannot migrate {url}: {source}")]
    Migrate {
        /// The address of the database.
        url: DatabaseUrl,
        /// The cause.
        source: MigrateError,
    },
    /// Its tables have another version, and this login may not migrate them.
    #[error(
        "the tables of {0} are not those of this omklap, and this login may not change that: run `omklap migrate` with \
         database_owner_url (OMKLAP_DATABASE_OWNER_URL), the login that owns them"
    )]
    NotMigrated(DatabaseUrl),
    /// A later omklap migrated its tables.
    #[error("the tables of {0} are those of a newer omklap than this one: start the newer one")]
    Newer(DatabaseUrl),
    /// It takes no connection.
    #[error("cannot connect to {url}: {source}")]
    Connect {
        /// The address of the database.
        url: DatabaseUrl,
        /// The cause.
        source: sqlx::Error,
    },
    /// This login may not even add and read.
    #[error("the login of {0} has no rights on the ledger: its owner must run GRANT omklap_app TO it")]
    Stranger(DatabaseUrl),
    /// This login may not erase and destroy.
    #[error(
        "the login of {0} may not erase and destroy: set database_owner_url (OMKLAP_DATABASE_OWNER_URL), the login that owns \
         the tables"
    )]
    NoKeeper(DatabaseUrl),
    /// It did not answer within the configured wait (`database_wait`).
    #[error("the database did not answer within {} seconds", .0.as_secs())]
    Late(Duration),
    /// Starting the private one panicked.
    #[error("starting the private PostgreSQL: {0}")]
    Thread(#[from] JoinError),
}

impl Database {
    /// How the owner of a private database connects from a shell; none if the database is the
    /// operator's.
    #[must_use]
    pub fn in_a_shell(&self) -> Option<[String; 2]> {
        self.private.as_ref().map(PrivatePostgres::in_a_shell)
    }
}

impl DatabaseError {
    fn connect(url: &DatabaseUrl) -> impl FnOnce(sqlx::Error) -> Self + use<> {
        let url = url.clone();
        move |source| Self::Connect { url, source }
    }
}

impl Database {
    /// Connects to the configured database, after starting the private one if none is configured,
    /// and migrates its tables, if there is a login that may. It waits for a database that starts
    /// or recovers (`database_wait`).
    ///
    /// # Errors
    /// When PostgreSQL does not start, cannot be migrated, is not migrated, has the tables of a newer
    /// omklap, or takes no connection.
    pub async fn open(config: &Config) -> Result<Self, DatabaseError> {
        let waiting =
            Waiting { at_most: config.database_wait(), as_error: |error| error, late: DatabaseError::Late };
        if let Some(url) = &config.database_url {
            let owner = config.database_owner_url.as_ref().unwrap_or(url);
            let connect = async || {
                let migrated = brought_up_to_date(owner).await?;
                Ok(Self { migrated, ..Self::connect(url, owner, config.pool_size).await? })
            };
            return waiting.for_database(connect).await;
        }
        let settings = config.clone();
        let private = spawn_blocking(move || PrivatePostgres::start(&settings)).await??;
        let (owner, program) = (private.url().clone(), private.program_url().clone());
        let (name, password) = program.login();
        let connect = async || {
            let migrated = brought_up_to_date(&owner).await?;
            let let_in = login::let_the_program_in(owner.connect_options(), name, password).await;
            let_in.map_err(DatabaseError::connect(&owner))?;
            Ok(Self { migrated, ..Self::connect(&program, &owner, config.pool_size).await? })
        };
        let connected = waiting.for_database(connect).await?;
        Ok(Self { private: Some(private), ..connected })
    }

    async fn connect(url: &DatabaseUrl, owner: &DatabaseUrl, pool_size: u32) -> Result<Self, DatabaseError> {
        let login = Login::of(url.connect_options()).await.map_err(DatabaseError::connect(url))?;
        if login == Login::Stranger {
            return Err(DatabaseError::Stranger(url.clone()));
        }
        let pool = omklap_store::connect(url.connect_options(), pool_size).await;
        let pool = pool.map_err(DatabaseError::connect(url))?;
        info!(database = %url, "connected");
        Ok(Self { pool, login, migrated: None, owner: Box::new(owner.clone()), private: None })
    }

    /// Connections that may also erase and destroy.
    ///
    /// # Errors
    /// If it takes no connection, or the login lacks the rights.
    pub async fn as_keeper(&self) -> Result<PgPool, DatabaseError> {
        match Login::of(self.as_owner()).await.map_err(DatabaseError::connect(&self.owner))? {
            Login::Owner | Login::Keeper => {}
            Login::Program | Login::Stranger => return Err(DatabaseError::NoKeeper((*self.owner).clone())),
        }
        omklap_store::connect_as_keeper(self.as_owner()).await.map_err(DatabaseError::connect(&self.owner))
    }

    /// Which database it is, in words for an operator.
    #[must_use]
    pub fn place(&self) -> DatabaseLocation {
        match &self.private {
            Some(private) => DatabaseLocation::Private(private.home().to_owned()),
            None => DatabaseLocation::Configured(self.owner.clone()),
        }
    }

    /// The connection options of its owner, as far as they are configured.
    #[must_use]
    pub fn as_owner(&self) -> &PgConnectOptions {
        self.owner.connect_options()
    }

    /// Lets running statements end, disconnects, and stops a private PostgreSQL.
    pub async fn close(self) {
        self.pool.close().await;
        if let Some(private) = self.private {
            if private.is_ours() {
                info!("stopping the private PostgreSQL");
            }
            // A panic in there has been reported; there is nothing left to do about it here.
            spawn_blocking(move || private.stop()).await.ok();
        }
    }
}

/// Migrates the tables with this login, or checks that they are up to date if the login may not
/// migrate.
async fn brought_up_to_date(owner: &DatabaseUrl) -> Result<Option<Migrated>, DatabaseError> {
    let options = owner.connect_options();
    let login = Login::of(options).await.map_err(DatabaseError::connect(owner))?;
    let version = omklap_store::tables_version(options).await.map_err(DatabaseError::connect(owner))?;
    match (version, login) {
        (TablesVersion::Newer, _) => Err(DatabaseError::Newer(owner.clone())),
        (_, Login::Owner) => {
            let migrated = omklap_store::migrate(options).await;
            migrated.map(Some).map_err(|source| DatabaseError::Migrate { url: owner.clone(), source })
        }
        (TablesVersion::Current, _) => Ok(None),
        (TablesVersion::Other, _) => Err(DatabaseError::NotMigrated(owner.clone())),
    }
}
