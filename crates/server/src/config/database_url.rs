//! The address of a database, which may carry a password.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sqlx::postgres::PgConnectOptions;
use url::Url;

/// A `postgres://` URL that never shows its password: not in a log, an error or `omklap config`.
#[derive(Clone)]
pub struct DatabaseUrl {
    url: Url,
    options: PgConnectOptions,
}

impl DatabaseUrl {
    /// The URL whole, password included. For connecting and for handing on to a child process only.
    #[must_use]
    pub fn with_password(&self) -> &str {
        self.url.as_str()
    }

    /// The login and its password.
    #[must_use]
    pub fn login(&self) -> (&str, &str) {
        (self.url.username(), self.url.password().unwrap_or_default())
    }

    /// What sqlx connects with.
    #[must_use]
    pub fn connect_options(&self) -> &PgConnectOptions {
        &self.options
    }
}

impl FromStr for DatabaseUrl {
    type Err = &'static str;

    /// # Errors
    /// If it is not such a URL. The message does not repeat it, because it may hold a password.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url =
            Url::parse(text).map_err(|_| "is not a URL like postgres://user:password@host:5432/database")?;
        if !matches!(url.scheme(), "postgres" | "postgresql") {
            return Err("does not begin with postgres://");
        }
        let options = text.parse().map_err(|_| "has a part that PostgreSQL does not know")?;
        Ok(Self { url, options })
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = self.url.clone();
        if shown.password().is_some() && shown.set_password(Some("***")).is_err() {
            return f.write_str("(hidden)");
        }
        if shown.query_pairs().any(|(key, _)| key == "password") {
            let kept: Vec<_> = self.url.query_pairs().filter(|(key, _)| key != "password").collect();
            shown.query_pairs_mut().clear().extend_pairs(kept).append_pair("password", "***");
        }
        shown.fmt(f)
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

impl Serialize for DatabaseUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DatabaseUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_url_is_shown_without_its_password() {
        let shown = |text: &str| text.parse::<DatabaseUrl>().expect("a URL").to_string();
        assert_eq!(shown("postgres://ada:secret@db/omklap"), "postgres://ada:***@db/omklap");
        assert_eq!(
            shown("postgres://db/omklap?user=ada&password=secret"),
            "postgres://db/omklap?user=ada&password=***"
        );
        assert_eq!(shown("postgresql://db:5433/omklap"), "postgresql://db:5433/omklap");
    }

    #[test]
    fn a_url_that_is_refused_is_not_repeated() {
        for text in ["secret", "mysql://ada:secret@db/omklap", "postgres://ada:secret@db:x/omklap"] {
            assert!(!text.parse::<DatabaseUrl>().expect_err("refused").contains("secret"));
        }
    }
}
