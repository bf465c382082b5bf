//! Events as they are stored: one row each, chained by hash, upcast when read, in one feed.

pub mod event;
pub mod feed;
pub mod hash_chain;
pub mod histories;
pub mod upcasters;
