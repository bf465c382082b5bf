//! Which of several servers delivers.

use std::io;
use std::time::Duration;

use sqlx::Executor;
use sqlx::postgres::{PgConnection, PgPool};
use tokio::time::timeout;

use crate::error::StoreError;

/// A server that is frozen, or whose network is gone, keeps its connection and with it the lock: PostgreSQL ends it after so
/// long without a word. Whoever leads, or would, speaks twice a second.
const UNLESS_SILENT: &str = "SET idle_session_timeout = '5s'; SET tcp_keepalives_idle = 2; SET tcp_keepalives_interval = 1; \
                             SET tcp_keepalives_count = 3";

/// How long PostgreSQL may take to answer before the lead is taken to be lost.
const PATIENCE: Duration = Duration::from_secs(5);

/// One of several servers that would deliver. The one that has the lead does, for as long as this lives.
#[derive(Debug)]
pub struct DeliveryLead {
    // Not of the pool: the lock goes when this connection does.
    connection: PgConnection,
}

impl DeliveryLead {
    /// Stands for the lead.
    ///
    /// # Errors
    /// Where the database is out of reach.
    pub async fn stand(pool: &PgPool) -> Result<Self, StoreError> {
        let mut connection = pool.acquire().await?.detach();
        connection.execute(UNLESS_SILENT).await?;
        Ok(Self { connection })
    }

    /// Takes the lead, unless somebody has it.
    ///
    /// # Errors
    /// Where the database is out of reach.
    pub async fn take(&mut self) -> Result<bool, StoreError> {
        let lock = sqlx::query_scalar("SELECT pg_try_advisory_lock(28525, 3)");
        let taken = timeout(PATIENCE, lock.fetch_one(&mut self.connection)).await;
        Ok(taken.map_err(|_| sqlx::Error::Io(io::ErrorKind::TimedOut.into()))??)
    }

    /// Sees that the lead is still had: it is as long as the connection lives.
    ///
    /// # Errors
    /// Where it is not.
    pub async fn is_still_had(&mut self) -> Result<(), StoreError> {
        let asked = timeout(PATIENCE, self.connection.execute("SELECT 1")).await;
        asked.map_err(|_| sqlx::Error::Io(io::ErrorKind::TimedOut.into()))??;
        Ok(())
    }
}
