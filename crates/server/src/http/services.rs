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
use crate::witnesses::Witnesses;

/// Everything that the handlers share: the ledger, the signer, sign-in, the settings they read.
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
    /// Who else sees and signs the log.
    pub transparency: Transparency,
    /// The page for people.
    pub page: PageSettings,
    /// The time limits of requests.
    pub patience: Patience,
}

/// Who beside this ledger sees and signs its log.
#[derive(Clone, Debug, Default)]
pub struct Transparency {
    /// Whether everybody may read the tiles.
    pub public_log: bool,
    /// The witnesses that cosign checkpoints.
    pub witnesses: Arc<Witnesses>,
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
