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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use figment::Figment;

    use super::*;

    const PAGE: &str = include_str!("../../../../docs/OPERATING.md");

    /// Every setting with its built-in value, as a table for operators writes it.
    fn built_in() -> BTreeMap<String, String> {
        let figment = Figment::from(BuiltIn::fixed()).join(BuiltIn::within(Path::new("./data")));
        let config: Config = figment.extract().expect("the built-in settings are complete");
        let settings = Value::serialize(&config).expect("settings are values").into_dict().expect("a table");
        let written = |value: Value| match value {
            Value::String(_, text) => format!("`{text:?}`"),
            Value::Num(_, number) => format!("`{}`", number.to_u128().unwrap_or_default()),
            Value::Array(..) => "`[]`".to_owned(),
            Value::Bool(_, is) => format!("`{is}`"),
            Value::Dict(..) => "none".to_owned(),
            _ => "not set".to_owned(),
        };
        settings.into_iter().map(|(name, value)| (name, written(value))).collect()
    }

    #[test]
    fn the_page_for_operators_lists_every_setting_with_its_default() {
        let chapter = PAGE.split("\n## ").find(|chapter| chapter.starts_with("All settings"));
        let rows = chapter.expect("the chapter").lines().filter(|line| line.starts_with("| `"));
        let cells =
            rows.map(|row| row.split(" | ").map(|cell| cell.trim_matches(['|', ' '])).collect::<Vec<_>>());
        let documented: BTreeMap<_, _> = cells
            .map(|cells| {
                assert!(cells.len() == 3 && !cells[2].is_empty(), "{cells:?}");
                (cells[0].trim_matches('`').to_owned(), cells[1].to_owned())
            })
            .collect();
        assert_eq!(documented, built_in(), "correct the table in docs/OPERATING.md");
    }
}
