//! An answer of the ledger.

use std::collections::BTreeSet;

use reqwest::header::HeaderMap;
use serde_json::Value;

/// A complete answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// HTTP headers.
    pub headers: HeaderMap,
    /// Body as text.
    pub text: String,
    /// Body as JSON; null if it is not JSON.
    pub body: Value,
}

impl Answer {
    pub(crate) fn of(response: reqwest::blocking::Response) -> reqwest::Result<Self> {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text()?;
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Ok(Self { status, headers, text, body })
    }

    /// Asserts the status and returns the answer.
    #[track_caller]
    #[expect(
        clippy::must_use_candidate,
        clippy::return_self_not_must_use,
        reason = "used as an assertion, with or without the result"
    )]
    pub fn with_status(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    /// The value of a header, if the answer has it.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The code of the problem as a whole: the last part of its type.
    #[must_use]
    pub fn problem(&self) -> &str {
        let kind = self.body["type"].as_str().unwrap_or_default();
        kind.strip_prefix("/problems/").unwrap_or(kind)
    }

    /// The codes of the errors in a problem.
    #[must_use]
    pub fn codes(&self) -> BTreeSet<&str> {
        self.errors().into_iter().map(|(code, _)| code).collect()
    }

    /// The errors in a problem: each code with its place, which is a JSON pointer, a header or a
    /// query parameter.
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

    /// The path of the next page, from the `Link` header.
    #[must_use]
    pub fn next(&self) -> Option<String> {
        let link = self.header("link")?;
        let (path, relation) = link.strip_prefix('<')?.split_once('>')?;
        relation.contains("rel=\"next\"").then(|| path.to_owned())
    }
}
