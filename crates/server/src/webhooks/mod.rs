//! Webhooks, and what they share with the feed.

use std::sync::Arc;

use omklap_store::{Feed, Ledger};

use crate::auth::certificate_authorities::Authorities;

pub mod allowed_hosts;
pub(crate) mod attempt_outcome;
pub mod cloud_event;
pub(crate) mod deliver;
pub mod http_client;
pub(crate) mod page_cache;
pub mod retry;
pub(crate) mod settle;
pub mod signature;
pub mod supervisor;
pub(crate) mod worker;

pub use crate::views::cache::ViewCache;
pub use crate::views::feed_watch::FeedWatch;
pub use attempt_outcome::{AttemptOutcome, AttemptResult};
pub use http_client::Sender;

/// Counts delivery attempts, by outcome.
pub(crate) const WEBHOOK_ATTEMPTS: &str = "omklap_webhook_attempts_total";
/// How long it takes until an event is accepted.
pub(crate) const WEBHOOK_LAG: &str = "omklap_webhook_lag_seconds";

/// What the feed and the webhooks work with. Clones share it.
#[derive(Clone)]
pub struct Messaging {
    /// The ledger in its order.
    pub feed: Feed,
    /// Wakes those who wait for new events.
    pub feed_watch: FeedWatch,
    /// The views of all viewers.
    pub views: Arc<ViewCache>,
    /// The HTTP client of webhooks.
    pub sender: Arc<Sender>,
    /// The settings.
    pub settings: Arc<Settings>,
}

/// The settings of webhooks.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Who publishes the events: `source` of each `CloudEvent`, by the NL GOV profile a URN of the
    /// organisation and the system.
    pub event_source: String,
    /// The address at which partners reach this server, without a slash at the end; messages link
    /// to their data with it.
    pub public_url: String,
    /// Hosts that webhooks may be sent to although they are not public, by their name in the URL;
    /// these may be reached by `http` too.
    pub webhook_hosts: Vec<String>,
    /// How long a receiver may take to answer, in seconds.
    pub webhook_timeout: u64,
    /// The certificate authorities for receivers, in addition to the public ones.
    pub authorities: Authorities,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            event_source: "urn:nld:oin:00000000000000000000:systeem:omklap".to_owned(),
            public_url: "http://127.0.0.1:8080".to_owned(),
            webhook_hosts: Vec::new(),
            webhook_timeout: 15,
            authorities: Authorities::default(),
        }
    }
}

impl Settings {
    /// The settings that partners receive in every message and that still have their example value.
    #[must_use]
    pub fn left_as_examples(&self) -> Vec<&'static str> {
        let example = Self::default();
        let settings = [
            ("event_source", self.event_source == example.event_source),
            ("public_url", self.public_url == example.public_url),
        ];
        settings.into_iter().filter(|(_, is_left)| *is_left).map(|(setting, _)| setting).collect()
    }
}

impl Messaging {
    /// Follows the ledger in this database.
    ///
    /// # Panics
    /// If the system gives no random numbers for TLS.
    #[must_use]
    pub fn new(ledger: Arc<Ledger>, settings: Settings) -> Self {
        let (feed, views) = (ledger.feed(), Arc::new(ViewCache::of(ledger)));
        let settings = Arc::new(settings);
        let sender = Sender::of(&settings);
        Self { feed_watch: FeedWatch::of(feed.clone()), feed, views, sender: Arc::new(sender), settings }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_that_partners_receive_is_no_example_once_it_is_set() {
        assert_eq!(Settings::default().left_as_examples(), ["event_source", "public_url"]);
        let public_url = "https://omklap.example.org".to_owned();
        let set = Settings { public_url, ..Settings::default() };
        assert_eq!(set.left_as_examples(), ["event_source"]);
    }
}
