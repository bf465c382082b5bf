//! The ledger on PostgreSQL. Every SQL statement of omklap stands in this crate.

pub mod database;
pub mod error;
pub mod feed;
pub mod hash_chain;
pub mod recorded;
#[cfg(feature = "scratch")]
pub mod scratch;
pub mod upcasters;
pub mod vault;

pub use database::{connect, migrate};
pub use error::StoreError;
pub use feed::{Feed, FeedEvent};
pub use recorded::{Metadata, RecordedEvent};
pub use vault::{DataKey, OperatorKey};
