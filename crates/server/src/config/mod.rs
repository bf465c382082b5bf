//! What an operator can set, and where each setting came from.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

use figment::error::Kind;
use figment::providers::{Env, Format, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};
use omklap_domain::agreements::AgreementSets;
use omklap_domain::retention::Terms;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::auth::IssuerSettings;
use crate::auth::certificate_authorities::{Authorities, NoAuthorities};
use crate::http::middleware::cors::NoOrigin;
use crate::webhooks;
use agreement_sets::NoSets;

pub mod agreement_sets;
mod database_url;
mod described;
mod listen;
pub mod logging;
mod metrics_listen;

pub use database_url::DatabaseUrl;
pub use described::describe;
pub use listen::Listen;
pub use metrics_listen::MetricsListen;

/// The file that is read from the working directory when no other is named.
const FILE: &str = "omklap.toml";
/// For how many years the access log is kept at least, whatever an operator would like (migration 0011).
const ACCESS_LOG_YEARS: u16 = 5;
/// What the names of our variables begin with.
const PREFIX: &str = "OMKLAP_";
/// The variable that other tools know, too.
const DATABASE_URL: &str = "DATABASE_URL";

/// The settings: the built-in ones, overruled by one TOML file, overruled by `OMKLAP_*` variables.
///
/// Paths are relative to the working directory.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The address the server listens on.
    pub listen: SocketAddr,
    /// The address of `GET /metrics`, or `off`; 127.0.0.1:9464 if not set, unless another program has it.
    #[serde(default)]
    pub metrics_listen: Option<MetricsListen>,
    /// The directory of everything the server keeps outside a database of others.
    pub data: PathBuf,
    /// The PostgreSQL to use (also read from `DATABASE_URL`), by the login of the running program; without it a private one is
    /// started.
    #[serde(default)]
    pub database_url: Option<DatabaseUrl>,
    /// The same by the login that owns the tables, for migrating, erasing and destroying; `database_url` if not set.
    #[serde(default)]
    pub database_owner_url: Option<DatabaseUrl>,
    /// How long a database that starts, recovers or is out of reach is waited for when omklap starts, in seconds; 0: not at all.
    pub database_wait: u64,
    /// The directory of the programs for the private PostgreSQL; without it they are looked for.
    #[serde(default)]
    pub postgres_bin: Option<PathBuf>,
    /// The key that wraps the data keys of the trajectories; `operator.key` in `data` if not set.
    pub operator_key_file: PathBuf,
    /// The keys that sign the checkpoints of the ledger; `ledger.key` in `data` if not set.
    pub ledger_key_file: PathBuf,
    /// The name under which they are signed, where the key is still to be made: a host and path of the operator's own.
    pub ledger_origin: String,
    /// Where the checkpoints are kept outside the database, a line each; `checkpoints.ndjson` in `data` if not set.
    pub checkpoints_file: PathBuf,
    /// A checkpoint is signed as soon as so many events are new.
    pub checkpoint_events: u32,
    /// A checkpoint is signed as soon as an event is new and the last one is so many seconds old.
    pub checkpoint_seconds: u32,
    /// The folder of the agreement sets that this ledger knows beside those that come with omklap, `*.toml` each.
    #[serde(default)]
    pub agreements: Option<PathBuf>,
    /// What is logged: a filter such as `info` or `warn,omklap=debug`.
    pub log: String,
    /// How it is logged.
    pub log_format: LogFormat,
    /// Connections to the database at the most.
    pub pool_size: u32,
    /// Who publishes the events of webhooks: a URN of the organisation and the system (NL GOV profile for `CloudEvents`).
    pub event_source: String,
    /// Where partners reach this server, without a slash at the end.
    pub public_url: String,
    /// Hosts that webhooks may go to though they are not public, by their name in the URL.
    pub webhook_hosts: Vec<String>,
    /// How long a receiver of webhooks may take to answer, in seconds.
    pub webhook_timeout: u64,
    /// Requests that one program may send in a second.
    pub requests_per_second: NonZeroU32,
    /// Steps of work that one program may ask for in a second: one is a fact held against the rules, or a quarter of an event read.
    pub work_per_second: NonZeroU32,
    /// The issuers whose tokens are taken, by a name of our own; without any, the built-in one on loopback.
    #[serde(default)]
    pub issuers: BTreeMap<String, IssuerSettings>,
    /// The origins whose pages may ask in a browser, as browsers write them; none, as long as nobody names one.
    pub allowed_origins: Vec<String>,
    /// The certificate chain to serve HTTPS with, as a PEM file.
    #[serde(default)]
    pub tls_certificate_file: Option<PathBuf>,
    /// Its private key, as a PEM file.
    #[serde(default)]
    pub tls_key_file: Option<PathBuf>,
    /// The certificates of authorities that issuers and receivers of webhooks may be certified by, beside the public ones: a PEM
    /// file.
    #[serde(default)]
    pub authorities_file: Option<PathBuf>,
    /// Whether a proxy in front of this server ends TLS, so that it may speak plain HTTP on any address.
    #[serde(default)]
    pub behind_proxy: bool,
    /// For how many years a case is kept after a provision ended (Wmo 2015 art. 5.3.4: 15).
    pub retention_provision_years: u16,
    /// For how many days an application that was withdrawn before anything was decided is kept (42: six weeks).
    pub retention_application_days: u16,
    /// For how many years the access log is kept: five at least.
    pub access_log_years: u16,
    /// For how many days a repeat of a report is known as one.
    pub idempotency_days: u16,
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum LogFormat {
    /// For people.
    Pretty,
    /// One JSON object a line, for machines.
    Json,
}

/// Why there is no configuration to work with.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file named on the command line is not there.
    #[error("there is no configuration file {}", .0.display())]
    NoSuchFile(PathBuf),
    /// A setting that does not exist, or one with a value it cannot have.
    #[error("{0}")]
    Wrong(String),
    /// An issuer whose keys nobody should trust.
    #[error("issuers.{0}: {1}")]
    Issuer(String, String),
    /// The built-in issuer gives a token to whoever asks.
    #[error(
        "listen = \"{0}\": others could reach the server, and the built-in development issuer gives a token to whoever asks; \
         name the issuer whose tokens are taken under [issuers], or listen on 127.0.0.1 or [::1]"
    )]
    DevelopmentInPublic(SocketAddr),
    /// Tokens would go over the wire for everybody to read.
    #[error(
        "listen = \"{0}\": others could read along; set tls_certificate_file and tls_key_file, or --behind-proxy where a \
         proxy before this server ends TLS"
    )]
    Plain(SocketAddr),
    /// An origin that no browser would send.
    #[error("allowed_origins: {0}")]
    Origin(#[from] NoOrigin),
    /// Lines of the access log would go before they may.
    #[error("access_log_years = {0}: the access log is kept for five years at least")]
    AccessLogTooShort(u16),
    /// Whose tables they are is told, and not who signs in.
    #[error(
        "database_owner_url is set and database_url is not: the running program signs in by a login of its own"
    )]
    OwnerAlone,
    /// One half of what TLS needs.
    #[error("tls_certificate_file and tls_key_file belong together; one of them is not set")]
    HalfOfTls,
}

impl Config {
    /// The settings in force: the file is the one named, or `omklap.toml` where there is one.
    ///
    /// # Errors
    /// When the named file is missing, a setting is unknown, or a value is not of its kind or cannot be.
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

    /// The agreement sets to judge by.
    ///
    /// # Errors
    /// As [`agreement_sets::load`].
    pub fn agreement_sets(&self) -> Result<AgreementSets, NoSets> {
        agreement_sets::load(self.agreements.as_deref())
    }

    /// Who is believed beside the public certificate authorities.
    ///
    /// # Errors
    /// As [`Authorities::in_file`].
    pub fn authorities(&self) -> Result<Authorities, NoAuthorities> {
        self.authorities_file.as_deref().map_or_else(|| Ok(Authorities::default()), Authorities::in_file)
    }

    /// What the operator decided about messages.
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

    /// How long a database is waited for when omklap starts.
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

    /// Where the key of the built-in issuer is.
    #[must_use]
    pub fn development_key_file(&self) -> PathBuf {
        self.data.join("development-issuer.key")
    }
}

/// The directories in which the shell would look for programs.
#[must_use]
pub fn search_path() -> Vec<PathBuf> {
    std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default()
}

fn sources(file: Option<&Path>) -> Result<Figment, ConfigError> {
    if let Some(missing) = file.filter(|file| !file.is_file()) {
        return Err(ConfigError::NoSuchFile(missing.to_owned()));
    }
    let file = file.or(Some(Path::new(FILE)).filter(|file| file.is_file()));
    let mut set = Figment::from(BuiltIn::fixed());
    if let Some(file) = file {
        set = set.merge(Toml::file_exact(file));
    }
    let set = set
        .merge(Env::raw().only(&[DATABASE_URL]).filter(|_| !is_empty(DATABASE_URL)))
        // `OMKLAP_CONFIG` names the file, `OMKLAP_SERVER` and `OMKLAP_TOKEN` whom to talk to and how; the command line has dealt with them.
        .merge(Env::prefixed(PREFIX).ignore(&["config", "server", "token"]).split("__"));
    let data: PathBuf = set.extract_inner("data").map_err(|error| explained(&error))?;
    Ok(set.join(BuiltIn::within(&data)))
}

/// A variable that is set to nothing, as a compose file does, is a variable that is not set.
fn is_empty(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|value| value.is_empty())
}

fn explained(error: &figment::Error) -> ConfigError {
    let lines = error.clone().into_iter().map(|error| {
        let key = error.path.join(".");
        let place = |key: &str| error.metadata.as_ref().map(|from| place(from, key)).unwrap_or_default();
        match &error.kind {
            Kind::UnknownField(name, known) => {
                format!(
                    "`{name}` (in {}) is not a setting; the settings are: {}",
                    place(name),
                    known.join(", ")
                )
            }
            wrong if key.is_empty() => format!("{}: {wrong}", place("")),
            wrong => format!("`{key}` (in {}): {wrong}", place(&key)),
        }
    });
    ConfigError::Wrong(lines.collect::<Vec<_>>().join("\n"))
}

/// Where a setting was made, in words an operator can search for: the file, or the variable.
fn place(from: &Metadata, key: &str) -> String {
    match &from.source {
        Some(file) => file.to_string(),
        None if from.name.contains(PREFIX) => format!("{PREFIX}{}", key.to_uppercase()),
        None => DATABASE_URL.to_owned(),
    }
}

/// The settings that hold when nobody sets them.
struct BuiltIn(Dict);

impl BuiltIn {
    const NAME: &str = "built in";

    fn fixed() -> Self {
        let messages = webhooks::Settings::default();
        Self(Dict::from([
            ("listen".into(), "127.0.0.1:8080".into()),
            ("data".into(), "./data".into()),
            // sqlx tells at `info` what PostgreSQL remarks, such as that a table exists already.
            ("log".into(), "info,sqlx=warn".into()),
            ("log_format".into(), "pretty".into()),
            ("database_wait".into(), 120_u32.into()),
            ("pool_size".into(), 16_u32.into()),
            ("event_source".into(), messages.event_source.into()),
            ("public_url".into(), messages.public_url.into()),
            ("webhook_hosts".into(), messages.webhook_hosts.into()),
            ("allowed_origins".into(), Value::from(Vec::<String>::new())),
            ("webhook_timeout".into(), messages.webhook_timeout.into()),
            ("ledger_origin".into(), "omklap.example.org/ledger".into()),
            ("checkpoint_events".into(), 1_000_u32.into()),
            ("checkpoint_seconds".into(), 60_u32.into()),
            ("requests_per_second".into(), 1_000_u32.into()),
            ("work_per_second".into(), 2_000_000_u32.into()),
            ("retention_provision_years".into(), 15_u32.into()),
            ("retention_application_days".into(), 42_u32.into()),
            ("access_log_years".into(), 5_u32.into()),
            ("idempotency_days".into(), 30_u32.into()),
        ]))
    }

    fn within(data: &Path) -> Self {
        let file = |name: &str| data.join(name).to_string_lossy().into_owned().into();
        Self(Dict::from([
            ("operator_key_file".into(), file("operator.key")),
            ("ledger_key_file".into(), file("ledger.key")),
            ("checkpoints_file".into(), file("checkpoints.ndjson")),
        ]))
    }
}

impl Provider for BuiltIn {
    fn metadata(&self) -> Metadata {
        Metadata::named(Self::NAME)
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Ok(Map::from([(Profile::Default, self.0.clone())]))
    }
}
