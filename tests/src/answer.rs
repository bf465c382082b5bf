//! What the ledger answers.

use std::collections::BTreeSet;

use reqwest::header::HeaderMap;
use serde_json::Value;

/// An answer, whole.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub text: String,
    /// Its body, where it is JSON.
    pub body: Value,
}

impl Answer {
    pub(crate) fn of(response: reqwest::blocking::Response) -> reqwest::Result<Self> {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text()?;
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Ok(Self { status, headers, text, body })
    }

    /// This status, and no other.
    #[track_caller]
    #[expect(
        clippy::must_use_candidate,
        clippy::return_self_not_must_use,
        reason = "an assertion, with or without more"
    )]
    pub fn with_status(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    /// A header, where it is there.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// What a problem is about as a whole: the last part of its type.
    #[must_use]
    pub fn problem(&self) -> &str {
        let kind = self.body["type"].as_str().unwrap_or_default();
        kind.strip_prefix("/problems/").unwrap_or(kind)
    }

    /// The rules that a problem names.
    #[must_use]
    pub fn codes(&self) -> BTreeSet<&str> {
        self.errors().into_iter().map(|(code, _)| code).collect()
    }

    /// The rules that a problem names, each with its place: a JSON pointer, a header or a query parameter.
    #[must_use]
    pub fn errors(&self) -> Vec<(&str, &str)> {
        let place = |error: &'_ Value| {
            ["pointer", "header", "parameter"].into_iter().find(|kind| error.get(kind).is_some())
        };
        let errors = self.body["errors"].as_array().into_iter().flatten();
        errors
            .map(|error| {
                let place = place(error).map_or("", |kind| error[kind].as_str().unwrap_or_default());
                (error["code"].as_str().unwrap_or_default(), place)
            })
            .collect()
    }

    /// The path of the next page.
    #[must_use]
    pub fn next(&self) -> Option<String> {
        let link = self.header("link")?;
        let (path, relation) = link.strip_prefix('<')?.split_once('>')?;
        relation.contains("rel=\"next\"").then(|| path.to_owned())
    }
}
