//! The sources of the settings: the built-in values, one TOML file, and variables.

use std::path::{Path, PathBuf};

use figment::error::Kind;
use figment::providers::{Env, Format, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};
use omklap_domain::likeness::most_like;

use super::ConfigError;
use crate::webhooks;

/// The file that is read from the working directory if no other is named.
const FILE: &str = "omklap.toml";
/// The prefix of our variables.
const PREFIX: &str = "OMKLAP_";
/// The variable that other tools use as well.
const DATABASE_URL: &str = "DATABASE_URL";

/// What the command line has already read: the file, the server to call with its token, and what a connector
/// connects.
const OF_THE_COMMAND_LINE: &[&str] = &[
    "config",
    "server",
    "token",
    "token_file",
    "vera_allocation",
    "vera_agreements",
    "vera_token_file",
    "vera_folder",
    "vera_seconds",
];

/// The settings in force, each with its source.
pub(super) fn sources(file: Option<&Path>) -> Result<Figment, ConfigError> {
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
        .merge(Env::prefixed(PREFIX).ignore(OF_THE_COMMAND_LINE).split("__"));
    let data: PathBuf = set.extract_inner("data").map_err(|error| explained(&error))?;
    Ok(set.join(BuiltIn::within(&data)))
}

/// An empty variable counts as not set: compose files set variables to nothing.
fn is_empty(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|value| value.is_empty())
}

/// The error with the place of each faulty setting.
pub(super) fn explained(error: &figment::Error) -> ConfigError {
    let lines = error.clone().into_iter().map(|error| {
        let key = error.path.join(".");
        let place = |key: &str| error.metadata.as_ref().map(|from| place(from, key)).unwrap_or_default();
        match &error.kind {
            Kind::UnknownField(name, known) => {
                let like = most_like(name, known.iter().copied());
                let like = like.map(|like| format!("; did you mean `{like}`?")).unwrap_or_default();
                let (from, known) = (place(name), known.join(", "));
                format!("`{name}` (in {from}) is not a setting; the settings are: {known}{like}")
            }
            wrong if key.is_empty() => format!("{}: {wrong}", place("")),
            wrong => format!("`{key}` (in {}): {wrong}", place(&key)),
        }
    });
    ConfigError::Wrong(lines.collect::<Vec<_>>().join("\n"))
}

/// The source of a setting, as an operator can search for it: the file, or the variable.
pub(super) fn place(from: &Metadata, key: &str) -> String {
    match &from.source {
        Some(file) => file.to_string(),
        None if from.name.contains(PREFIX) => format!("{PREFIX}{}", key.to_uppercase()),
        None => DATABASE_URL.to_owned(),
    }
}

/// The built-in settings.
pub(super) struct BuiltIn(Dict);

impl BuiltIn {
    pub(super) const NAME: &str = "built in";

    pub(super) fn fixed() -> Self {
        let messages = webhooks::Settings::default();
        Self(Dict::from([
            ("listen".into(), "127.0.0.1:8080".into()),
            ("data".into(), "./data".into()),
            // At `info`, sqlx logs PostgreSQL's notices, such as that a table already exists.
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
            ("witnesses".into(), Value::from(Vec::<String>::new())),
            ("public_log".into(), false.into()),
            ("requests_per_second".into(), 1_000_u32.into()),
            ("work_per_second".into(), 2_000_000_u32.into()),
            ("retention_provision_years".into(), 15_u32.into()),
            ("retention_application_days".into(), 42_u32.into()),
            ("access_log_years".into(), 5_u32.into()),
            ("idempotency_days".into(), 30_u32.into()),
        ]))
    }

    pub(super) fn within(data: &Path) -> Self {
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
