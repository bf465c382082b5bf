//! Which of several servers delivers.

use sqlx::postgres::{PgConnection, PgPool};

use crate::error::StoreError;

/// Being the one of several servers that delivers, for as long as this lives.
#[derive(Debug)]
pub struct DeliveryLead {
    // Not of the pool: the lock goes when this connection does.
    connection: PgConnection,
}

impl DeliveryLead {
    /// Takes the lead, unless somebody has it.
    ///
    /// # Errors
    /// Where the database is out of reach.
    pub async fn take(pool: &PgPool) -> Result<Option<Self>, StoreError> {
        let mut connection = pool.acquire().await?.detach();
        let lock = sqlx::query_scalar("SELECT pg_try_advisory_lock(28525, 3)");
        let taken: bool = lock.fetch_one(&mut connection).await?;
        Ok(taken.then_some(Self { connection }))
    }

    /// Sees that the lead is still had: it is as long as the connection lives.
    ///
    /// # Errors
    /// Where it is not.
    pub async fn is_still_had(&mut self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&mut self.connection).await?;
        Ok(())
    }
}
