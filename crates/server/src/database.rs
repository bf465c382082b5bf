//! The database a command works on: the operator's, or a private one.

use sqlx::PgPool;
use sqlx::migrate::MigrateError;
use thiserror::Error;
use tokio::task::{JoinError, spawn_blocking};
use tracing::info;

use crate::config::{Config, DatabaseUrl};
use crate::private_postgres::{PrivatePostgres, StartFailed};

/// An open database; a private one stops with [`close`](Self::close) or when this is dropped.
pub struct Database {
    /// The connections.
    pub pool: PgPool,
    private: Option<PrivatePostgres>,
}

/// Why there is no database to work on.
#[derive(Debug, Error)]
pub enum DatabaseError {
    /// The private one did not start.
    #[error(transparent)]
    Private(#[from] StartFailed),
    /// Its tables cannot be brought up to date; the most frequent reason is that it takes no connection.
    #[error("cannot migrate {url}: {source}")]
    Migrate {
        /// Where.
        url: DatabaseUrl,
        /// Why not.
        source: MigrateError,
    },
    /// It takes no connection.
    #[error("cannot connect to {url}: {source}")]
    Connect {
        /// Where.
        url: DatabaseUrl,
        /// Why not.
        source: sqlx::Error,
    },
    /// Starting the private one panicked.
    #[error("starting the private PostgreSQL: {0}")]
    Thread(#[from] JoinError),
}

impl Database {
    /// Connects to the configured database, after starting the private one where none is configured, and
    /// brings its tables up to date.
    ///
    /// # Errors
    /// When PostgreSQL does not start, cannot be migrated, or takes no connection.
    pub async fn open(config: &Config) -> Result<Self, DatabaseError> {
        let (url, private) = if let Some(url) = &config.database_url {
            (url.clone(), None)
        } else {
            let config = config.clone();
            let private = spawn_blocking(move || PrivatePostgres::start(&config)).await??;
            (private.url().clone(), Some(private))
        };
        let options = url.connect_options();
        if let Err(source) = omklap_store::migrate(options).await {
            return Err(DatabaseError::Migrate { url, source });
        }
        let pool = omklap_store::connect(options, config.pool_size).await;
        let pool = pool.map_err(|source| DatabaseError::Connect { url: url.clone(), source })?;
        info!(database = %url, "connected");
        Ok(Self { pool, private })
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
