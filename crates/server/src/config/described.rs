//! The settings in force, for people.

use std::fmt::Write as _;
use std::path::Path;

use figment::value::Value;

use super::sources::{BuiltIn, explained, place, sources};
use super::{Config, ConfigError};

/// The settings in force as JSON, without their sources. Secrets are hidden.
///
/// # Errors
/// As [`Config::load`].
pub fn in_force(file: Option<&Path>) -> Result<serde_json::Value, ConfigError> {
    let config: Config = sources(file)?.extract().map_err(|error| explained(&error))?;
    serde_json::to_value(&config).map_err(|error| ConfigError::Wrong(error.to_string()))
}

/// The settings in force as a TOML file, each with its source. Secrets are hidden.
///
/// # Errors
/// As [`Config::load`].
pub fn describe(file: Option<&Path>) -> Result<String, ConfigError> {
    let sources = sources(file)?;
    let config: Config = sources.extract().map_err(|error| explained(&error))?;
    let settings = Value::serialize(&config).map_err(|error| explained(&error))?;
    let mut text = String::new();
    let (tables, plain): (Vec<_>, Vec<_>) = settings
        .into_dict()
        .unwrap_or_default()
        .into_iter()
        .partition(|(_, value)| matches!(value, Value::Dict(..)));
    for (key, value) in plain {
        let shown = match value {
            Value::String(_, text) => format!("{key} = {text:?}"),
            Value::Num(_, number) => format!("{key} = {}", number.to_u128().unwrap_or_default()),
            Value::Array(_, names) => {
                let names: Vec<_> =
                    names.iter().filter_map(Value::as_str).map(|name| format!("{name:?}")).collect();
                format!("{key} = [{}]", names.join(", "))
            }
            Value::Bool(_, is) => format!("{key} = {is}"),
            _ => format!("# {key} is not set"),
        };
        let set = sources.find_metadata(&key).filter(|from| from.name != BuiltIn::NAME);
        let origin = set.map(|from| format!("# {}", place(from, &key))).unwrap_or_default();
        writeln!(text, "{}", format!("{shown:<50} {origin}").trim_end()).expect("a String takes everything");
    }
    debug_assert!(
        tables.iter().all(|(key, _)| ["issuers", "page_programs"].contains(&key.as_str())),
        "every table is printed"
    );
    for (name, issuer) in &config.issuers {
        text.push('\n');
        text.push_str(&issuer.describe(name));
    }
    for (name, program) in &config.page_programs {
        text.push('\n');
        text.push_str(&program.describe(name));
    }
    Ok(text)
}
