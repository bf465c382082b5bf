//! Why a server refused a request, and how a terminal shows that.

use std::fmt;

use reqwest::Url;
use serde::Deserialize;
use thiserror::Error;

/// Why the server refused.
#[derive(Debug, Error)]
pub(in crate::cli) enum Refusal {
    /// There is no server.
    #[error("no server listens on {0}: start one with `omklap serve`, or name one with --server")]
    Elsewhere(Url),
    /// The connection broke, again and again.
    #[error("the connection broke: {0:?}")]
    CutOff(reqwest::Error),
    /// It trusts other issuers.
    #[error("{0} has no development issuer: give a token of its issuer with --token or OMKLAP_TOKEN")]
    NoDevelopmentIssuer(Url),
    /// Its response is not that of an omklap server.
    #[error("cannot read the response of {0}: {1}")]
    Unexpected(Url, String),
    /// It withheld part of a history.
    #[error(
        "this client in this role may not see all of these facts: {}; name one that may with --client and --role",
        .0.iter().map(u64::to_string).collect::<Vec<_>>().join(", ")
    )]
    Withheld(Vec<u64>),
    /// The server gave a reason.
    #[error("{0}")]
    Problem(Box<Problem>),
}

/// A problem as RFC 9457 writes it, as far as it is shown.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::cli) struct Problem {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    pub(in crate::cli) status: u16,
    /// The trajectory that has the case number already.
    pub(in crate::cli) trajectory_id: Option<String>,
    title: String,
    #[serde(default)]
    detail: String,
    /// Each place that is wrong.
    #[serde(default)]
    pub(in crate::cli) errors: Vec<Complaint>,
    /// The later fact that a late one or a correction would make impossible.
    pub(in crate::cli) breaks: Option<Breaks>,
}

/// One place that is wrong, and the rule.
#[derive(Debug, Deserialize)]
pub(in crate::cli) struct Complaint {
    pub(in crate::cli) code: String,
    pub(in crate::cli) detail: String,
    pointer: Option<String>,
}

/// The later fact that could not have happened.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::cli) struct Breaks {
    /// Its number in the trajectory, from 1.
    pub(in crate::cli) sequence: usize,
    #[serde(rename = "type")]
    fact_type: String,
    occurred_on: String,
    errors: Vec<Complaint>,
}

impl Problem {
    /// Whether it is of the kind with this code.
    pub(in crate::cli) fn is(&self, code: &str) -> bool {
        self.kind.strip_prefix("/problems/") == Some(code)
    }

    /// A summary in one line. It includes the detail only if no places are listed.
    pub(in crate::cli) fn summary(&self) -> String {
        match self.errors.as_slice() {
            [] => format!("{}: {}", self.title, self.detail),
            _ => self.title.clone(),
        }
    }
}

impl Complaint {
    /// Where it is wrong in the body: a JSON pointer.
    pub(in crate::cli) fn pointer(&self) -> &str {
        self.pointer.as_deref().unwrap_or_default()
    }

    /// For a body that is a list: the item, and the place in it.
    pub(in crate::cli) fn in_list(&self) -> Option<(usize, &str)> {
        let pointer = self.pointer.as_deref()?.strip_prefix('/')?;
        let (index, field) = pointer.split_at(pointer.find('/').unwrap_or(pointer.len()));
        Some((index.parse().ok()?, field))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.summary())?;
        for error in &self.errors {
            write!(f, "\n  {error}")?;
        }
        if let Some(broken) = &self.breaks {
            write!(f, "\n  {broken}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pointer = self.pointer.as_deref().unwrap_or_default();
        write!(f, "{pointer} {}: {}", self.code, self.detail)
    }
}

impl fmt::Display for Breaks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sequence, fact_type, occurred_on, errors } = self;
        write!(f, "fact {sequence} ({fact_type} of {occurred_on}) could then not have happened")?;
        for error in errors {
            write!(f, "\n    {error}")?;
        }
        Ok(())
    }
}
