//! The ledger on PostgreSQL. Every SQL statement of omklap stands in this crate.

mod batch;
pub mod check;
pub mod contributions;
pub mod database;
pub mod deadlines;
pub mod derived;
pub mod difference;
pub mod error;
pub mod feed;
pub mod figures;
pub mod follow_ups;
pub mod hash_chain;
pub mod ledger;
pub mod nuisance_cases;
pub mod obligations;
pub mod organisations;
pub mod rebuild;
pub mod recorded;
pub mod report;
pub mod scan;
#[cfg(feature = "scratch")]
pub mod scratch;
pub mod standings;
mod stored;
pub mod subscriptions;
pub mod summary;
mod texts;
pub mod tree;
mod unit_of_work;
pub mod upcasters;
pub mod vault;
pub mod worklist;

pub use database::{connect, migrate};
pub use derived::Derived;
pub use error::StoreError;
pub use feed::{Feed, FeedEvent, Told};
pub use follow_ups::FollowUpRow;
pub use ledger::{Ledger, Stream};
pub use nuisance_cases::NuisanceCaseRow;
pub use obligations::ObligationRow;
pub use organisations::Organisations;
pub use recorded::{Metadata, RecordedEvent};
pub use report::{Once, RecordError, Recorded, Report, Seen, Target};
pub use summary::{Filter, Summary};
pub use tree::Tree;
pub use vault::{DataKey, OperatorKey};
