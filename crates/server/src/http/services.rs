//! The services that the handlers work with.

use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::web::Data;
use omklap_store::{CheckpointSigner, Ledger};
use sqlx::PgPool;

use super::middleware::cors::Origins;
use super::page::PageSettings;
use crate::auth::SignIn;
use crate::clock::Clock;
use crate::jobs::restored_copy::CopyState;
use crate::webhooks::Messaging;

/// What the handlers work with.
#[derive(Clone)]
pub struct Services {
    /// The ledger.
    pub ledger: Arc<Ledger>,
    /// The signer of checkpoints and exports.
    pub signer: Arc<CheckpointSigner>,
    /// The ledger's database connections, for the metrics.
    pub pool: PgPool,
    /// Authentication.
    pub sign_in: Arc<SignIn>,
    /// The time.
    pub clock: Clock,
    /// Webhooks and the feed.
    pub messaging: Messaging,
    /// The web origins whose pages may call the API.
    pub origins: Origins,
    /// Whether the ledger is a restored copy.
    pub copy: CopyState,
    /// The page for people.
    pub page: PageSettings,
    /// The time limits of requests.
    pub patience: Patience,
}

/// How long the server waits. Not a setting: only tests shorten it.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For a whole body.
    pub body: Duration,
    /// For a whole response. It is longer than anything slow in it: a slow body, a database
    /// statement, a minute of waiting for events.
    pub answer: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { body: Duration::from_secs(30), answer: Duration::from_secs(90) }
    }
}

impl Patience {
    /// That of the server that received this request.
    pub(in crate::http) fn of(request: &HttpRequest) -> Self {
        request.app_data::<Data<Services>>().map_or_else(Self::default, |services| services.patience)
    }
}
