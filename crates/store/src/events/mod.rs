//! Events as they are stored: one row each, chained by hash, upcast when read, in one feed.

pub(crate) mod agreements_in_force;
pub(crate) mod append;
pub mod event;
pub mod feed;
pub mod hash_chain;
pub mod histories;
pub mod mac;
pub mod metadata;
pub mod stream;
pub mod stream_fact;
pub mod subject;
pub(crate) mod time_ordered_id;
pub mod upcasters;
