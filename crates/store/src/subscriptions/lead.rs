//! The lead: of several servers, one delivers.

use std::io;
use std::time::Duration;

use sqlx::Executor;
use sqlx::postgres::{PgConnection, PgPool};
use tokio::time::timeout;

use crate::error::StoreError;

/// A server that is frozen, or has lost its network, keeps its connection and with it the lock.
/// PostgreSQL ends a connection that is idle for this long; a server that runs uses it twice a
/// second.
const UNLESS_SILENT: &str = "SET idle_session_timeout = '5s'; SET tcp_keepalives_idle = 2; SET tcp_keepalives_interval = 1; \
                             SET tcp_keepalives_count = 3";

/// How long PostgreSQL may take to answer before the lead counts as lost.
const PATIENCE: Duration = Duration::from_secs(5);

/// A server that may deliver. Of several, the one with the lead does, for as long as this value
/// lives.
#[derive(Debug)]
pub struct DeliveryLead {
    // Not from the pool: the lock ends with this connection.
    connection: PgConnection,
}

impl DeliveryLead {
    /// Becomes a candidate for the lead.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn candidate(pool: &PgPool) -> Result<Self, StoreError> {
        let mut connection = pool.acquire().await?.detach();
        connection.execute(UNLESS_SILENT).await?;
        Ok(Self { connection })
    }

    /// Takes the lead, unless another server has it.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn take(&mut self) -> Result<bool, StoreError> {
        let lock = sqlx::query_scalar("SELECT pg_try_advisory_lock(28525, 3)");
        let taken = timeout(PATIENCE, lock.fetch_one(&mut self.connection)).await;
        Ok(taken.map_err(|_| sqlx::Error::Io(io::ErrorKind::TimedOut.into()))??)
    }

    /// Checks that the lead is not lost: it lasts as long as the connection.
    ///
    /// # Errors
    /// If it is lost.
    pub async fn is_still_had(&mut self) -> Result<(), StoreError> {
        let asked = timeout(PATIENCE, self.connection.execute("SELECT 1")).await;
        asked.map_err(|_| sqlx::Error::Io(io::ErrorKind::TimedOut.into()))??;
        Ok(())
    }
}
