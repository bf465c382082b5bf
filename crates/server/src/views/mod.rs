//! What each viewer may see of each trajectory, kept while the feed and the webhooks need it.

pub mod cache;
pub(crate) mod feed_watch;
pub mod log_disclosures;
pub mod streams;
