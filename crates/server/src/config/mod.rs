//! The settings of an operator.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

use omklap_domain::agreements::AgreementSets;
use omklap_domain::retention::Terms;
use serde::{Deserialize, Serialize};

use crate::auth::IssuerSettings;
use crate::auth::certificate_authorities::{Authorities, NoAuthorities};
use crate::webhooks;
use agreement_sets::NoSets;
use page_program::PageProgram;
use sources::{explained, sources};

pub mod agreement_sets;
mod database_url;
mod described;
mod error;
mod listen;
pub mod logging;
mod metrics_listen;
pub mod page_program;
mod sources;

pub use database_url::DatabaseUrl;
pub use described::{describe, in_force};
pub use error::ConfigError;
pub use listen::Listen;
pub use metrics_listen::MetricsListen;

/// The minimum number of years that the access log is kept (migration 0011).
const ACCESS_LOG_YEARS: u16 = 5;

/// The settings. A TOML file overrides the built-in values, and `OMKLAP_*` variables override the
/// file.
///
/// Paths are relative to the working directory.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The address the server listens on.
    pub listen: SocketAddr,
    /// The address of `GET /metrics`, or `off`; 127.0.0.1:9464 if not set, unless another program
    /// has it.
    #[serde(default)]
    pub metrics_listen: Option<MetricsListen>,
    /// The directory of everything that the server stores outside the database.
    pub data: PathBuf,
    /// The PostgreSQL to use (also read from `DATABASE_URL`), with the login of the running
    /// program. Without it a private one is started.
    #[serde(default)]
    pub database_url: Option<DatabaseUrl>,
    /// The same with the login that owns the tables, for migrating, erasing and destroying;
    /// `database_url` if not set.
    #[serde(default)]
    pub database_owner_url: Option<DatabaseUrl>,
    /// How long omklap waits at its start for a database that cannot be reached yet, in seconds; 0:
    /// not at all.
    pub database_wait: u64,
    /// The directory of PostgreSQL's programs, for the private one; without it they are searched
    /// for.
    #[serde(default)]
    pub postgres_bin: Option<PathBuf>,
    /// The key that wraps the data keys of the trajectories; `operator.key` in `data` if not set.
    pub operator_key_file: PathBuf,
    /// The keys that sign the checkpoints of the ledger; `ledger.key` in `data` if not set.
    pub ledger_key_file: PathBuf,
    /// The name of a new ledger key: a host and path of the operator's own.
    pub ledger_origin: String,
    /// The file with the checkpoints, a line each; `checkpoints.ndjson` in `data` if not set.
    pub checkpoints_file: PathBuf,
    /// A checkpoint is signed after this many new events.
    pub checkpoint_events: u32,
    /// A checkpoint is signed when there is a new event and the last checkpoint is this many
    /// seconds old.
    pub checkpoint_seconds: u32,
    /// The folder of agreement sets (`*.toml`) in addition to those that come with omklap.
    #[serde(default)]
    pub agreements: Option<PathBuf>,
    /// The log filter, such as `info` or `warn,omklap=debug`.
    pub log: String,
    /// The format of log lines.
    pub log_format: LogFormat,
    /// The maximum number of database connections.
    pub pool_size: u32,
    /// The source of webhook events: a URN of the organisation and the system (NL GOV profile for
    /// `CloudEvents`).
    pub event_source: String,
    /// The public address of this server, without a slash at the end.
    pub public_url: String,
    /// Hosts that webhooks may be sent to although they are not public, by their name in the URL.
    pub webhook_hosts: Vec<String>,
    /// How long a receiver of webhooks may take to respond, in seconds.
    pub webhook_timeout: u64,
    /// The maximum number of requests of one client in a second.
    pub requests_per_second: NonZeroU32,
    /// The maximum work of one client in a second, in steps. Checking a fact against the rules is
    /// one step; reading an event is a quarter.
    pub work_per_second: NonZeroU32,
    /// The trusted issuers, by a name of our own; without any, the built-in one on loopback.
    #[serde(default)]
    pub issuers: BTreeMap<String, IssuerSettings>,
    /// The page programs of organisations, by a name of our own: with them their people sign in on the
    /// page. Without any, only a development server has the page.
    #[serde(default)]
    pub page_programs: BTreeMap<String, PageProgram>,
    /// CSS that sets the design tokens of the page: the theme of a municipality.
    #[serde(default)]
    pub page_theme_file: Option<PathBuf>,
    /// The web origins whose pages may call the API, as browsers write them. By default there are
    /// none.
    pub allowed_origins: Vec<String>,
    /// The certificate chain to serve HTTPS with, as a PEM file.
    #[serde(default)]
    pub tls_certificate_file: Option<PathBuf>,
    /// Its private key, as a PEM file.
    #[serde(default)]
    pub tls_key_file: Option<PathBuf>,
    /// Certificate authorities that issuers and receivers of webhooks may use in addition to the
    /// public ones: a PEM file.
    #[serde(default)]
    pub authorities_file: Option<PathBuf>,
    /// Whether a proxy in front of this server ends TLS, so that it may speak plain HTTP on any
    /// address.
    #[serde(default)]
    pub behind_proxy: bool,
    /// How many years a case is kept after a provision ended (Wmo 2015 art. 5.3.4: 15).
    pub retention_provision_years: u16,
    /// How many days an application is kept that was withdrawn before any decision (42: six weeks).
    pub retention_application_days: u16,
    /// How many years the access log is kept: at least five.
    pub access_log_years: u16,
    /// How many days a repeated report is recognised.
    pub idempotency_days: u16,
}

/// The format of log lines.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum LogFormat {
    /// For people.
    Pretty,
    /// One JSON object a line, for machines.
    Json,
}

impl Config {
    /// The settings in force. The file is the one named, or `omklap.toml` if it exists.
    ///
    /// # Errors
    /// If the named file is missing, a setting is unknown, or a value is invalid.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        let config: Self = sources(file)?.extract().map_err(|error| explained(&error))?;
        if config.access_log_years < ACCESS_LOG_YEARS {
            return Err(ConfigError::AccessLogTooShort(config.access_log_years));
        }
        if config.database_owner_url.is_some() && config.database_url.is_none() {
            return Err(ConfigError::OwnerAlone);
        }
        Ok(config)
    }

    /// The agreement sets of this ledger.
    ///
    /// # Errors
    /// As [`agreement_sets::load`].
    pub fn agreement_sets(&self) -> Result<AgreementSets, NoSets> {
        agreement_sets::load(self.agreements.as_deref())
    }

    /// The certificate authorities in addition to the public ones.
    ///
    /// # Errors
    /// As [`Authorities::in_file`].
    pub fn authorities(&self) -> Result<Authorities, NoAuthorities> {
        self.authorities_file.as_deref().map_or_else(|| Ok(Authorities::default()), Authorities::in_file)
    }

    /// The settings of webhooks.
    ///
    /// # Errors
    /// As [`Self::authorities`].
    pub fn messaging(&self) -> Result<webhooks::Settings, NoAuthorities> {
        Ok(webhooks::Settings {
            event_source: self.event_source.clone(),
            public_url: self.public_url.trim_end_matches('/').to_owned(),
            webhook_hosts: self.webhook_hosts.clone(),
            webhook_timeout: self.webhook_timeout,
            authorities: self.authorities()?,
        })
    }

    /// How long omklap waits for the database at its start.
    #[must_use]
    pub fn database_wait(&self) -> Duration {
        Duration::from_secs(self.database_wait)
    }

    /// How long cases are kept.
    #[must_use]
    pub fn retention_terms(&self) -> Terms {
        Terms {
            provision_years: self.retention_provision_years,
            application_days: self.retention_application_days,
        }
    }

    /// The file with the key of the built-in issuer.
    #[must_use]
    pub fn development_key_file(&self) -> PathBuf {
        self.data.join("development-issuer.key")
    }
}

/// The directories where the shell looks for programs.
#[must_use]
pub fn search_path() -> Vec<PathBuf> {
    std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default()
}
