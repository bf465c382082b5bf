//! Calls that bring whole histories: opening a trajectory under an own case number, reading what the
//! ledger has of it, and reporting what is new.

use omklap_domain::visibility::Role;
use reqwest::header::ETAG;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::{LedgerClient, Refusal};
use crate::cli::language::called;

/// A history to open, as a JSON list of facts.
#[derive(Clone, Debug)]
pub(in crate::cli) struct Opening {
    /// The organisation's own case number.
    pub(in crate::cli) reference: String,
    /// A JSON list of facts.
    pub(in crate::cli) facts: String,
    /// An idempotency key of this attempt, so that a repeat after a broken connection has the same
    /// answer.
    pub(in crate::cli) key: String,
    /// Only return what would happen.
    pub(in crate::cli) dry_run: bool,
}

/// The version of a trajectory that was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Seen {
    /// The number of facts.
    pub(in crate::cli) version: usize,
    /// What `If-Match` takes.
    tag: String,
}

/// The caller, as the server knows it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::cli) struct Me {
    /// The person who uses the program; the program itself if no person uses it.
    pub(in crate::cli) actor: String,
    organisation: Option<OwnOrganisation>,
    /// The role, if the request picks one.
    pub(in crate::cli) role: Option<Role>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct OwnOrganisation {
    organisation_id: String,
}

/// An entry of a timeline, as far as the caller sees it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::cli) struct Entry {
    /// Its number in the trajectory.
    pub(in crate::cli) sequence: usize,
    /// The person who reported it, if the caller's organisation did.
    pub(in crate::cli) actor: Option<String>,
    /// The organisation that reported it.
    pub(in crate::cli) organisation: Option<String>,
    /// What happened, whole or in part; none if the caller may not see it.
    #[serde(alias = "factInPart")]
    pub(in crate::cli) fact: Option<Value>,
    /// Of a fact that is seen in part: what is left out.
    #[serde(default)]
    withheld: Vec<String>,
    /// The places of erased texts.
    #[serde(default)]
    erased: Vec<String>,
    mark: Option<Mark>,
}

#[derive(Clone, Debug, Deserialize)]
struct Mark {
    status: String,
    by: Option<usize>,
}

#[derive(Deserialize)]
struct TimelinePage {
    items: Vec<Entry>,
}

/// The trajectory that was opened.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Opened {
    trajectory_id: String,
}

/// The version of a trajectory.
#[derive(Debug, Deserialize)]
struct State {
    version: usize,
}

impl LedgerClient {
    /// The caller.
    pub(in crate::cli) async fn me(&self) -> Result<Me, Refusal> {
        self.get(self.address("/v1/me")).await?.read()
    }

    /// Opens a trajectory with a whole history under an own case number, and returns its id. If the
    /// organisation has the number already, the problem names the trajectory.
    pub(in crate::cli) async fn open(&self, opening: Opening) -> Result<String, Refusal> {
        let dry_run = if opening.dry_run { "?dryRun=true" } else { "" };
        let request = self
            .post(&format!("/v1/trajectories{dry_run}"))
            .header("Omklap-Reference", opening.reference)
            .header("Idempotency-Key", opening.key)
            .body(opening.facts);
        Ok(self.send(request).await?.read::<Opened>()?.trajectory_id)
    }

    /// The timeline of a trajectory, page after page.
    pub(in crate::cli) async fn timeline(&self, trajectory: &str) -> Result<Vec<Entry>, Refusal> {
        let mut entries = Vec::new();
        let mut next = Some(self.address(&format!("/v1/trajectories/{trajectory}/events?limit=500")));
        while let Some(url) = next {
            let answer = self.get(url).await?;
            next = answer.next_page();
            entries.extend(answer.read::<TimelinePage>()?.items);
        }
        Ok(entries)
    }

    /// The version of a trajectory.
    pub(in crate::cli) async fn seen(&self, trajectory: &str) -> Result<Seen, Refusal> {
        let answer = self.get(self.address(&format!("/v1/trajectories/{trajectory}"))).await?;
        let tag = answer.headers.get(ETAG).and_then(|tag| tag.to_str().ok()).unwrap_or_default().to_owned();
        Ok(Seen { version: answer.read::<State>()?.version, tag })
    }

    /// Reports a JSON list of facts on the version of a trajectory that was seen.
    pub(in crate::cli) async fn extend(
        &self,
        trajectory: &str,
        seen: &Seen,
        key: &str,
        facts: String,
        dry_run: bool,
    ) -> Result<(), Refusal> {
        let dry_run = if dry_run { "?dryRun=true" } else { "" };
        let request = self
            .post(&format!("/v1/trajectories/{trajectory}/events{dry_run}"))
            .header("If-Match", &seen.tag)
            .header("Idempotency-Key", key)
            .body(facts);
        self.send(request).await?.read::<IgnoredAny>().map(drop)
    }
}

impl Me {
    /// Whether the caller's organisation reported an entry.
    pub(in crate::cli) fn reported(&self, entry: &Entry) -> bool {
        let own = self.organisation.as_ref().map(|own| own.organisation_id.as_str());
        own.is_some() && own == entry.organisation.as_deref()
    }

    /// Its organisation and, after a comma, its role.
    pub(in crate::cli) fn in_words(&self) -> (&str, String) {
        let own = self.organisation.as_ref().map(|own| own.organisation_id.as_str());
        let role = self.role.map(|role| format!(", {}", called("Role", role.as_str())));
        (own.unwrap_or(&self.actor), role.unwrap_or_default())
    }

    /// A caller of this organisation, for tests.
    #[cfg(test)]
    pub(in crate::cli) fn of_tests(organisation: &str, actor: &str, role: Role) -> Self {
        let organisation = Some(OwnOrganisation { organisation_id: organisation.to_owned() });
        Self { actor: actor.to_owned(), organisation, role: Some(role) }
    }
}

impl Entry {
    /// What the caller does not see of it, and what was erased: JSON pointers into the fact.
    pub(in crate::cli) fn hidden(&self) -> impl Iterator<Item = &str> {
        self.withheld.iter().chain(&self.erased).map(String::as_str)
    }

    /// Whether a correction says that it never happened.
    pub(in crate::cli) fn is_retracted(&self) -> bool {
        self.mark.as_ref().is_some_and(|mark| mark.status == "retracted")
    }

    /// The number of the correction that replaces it.
    pub(in crate::cli) fn replaced_by(&self) -> Option<usize> {
        self.mark.as_ref().filter(|mark| mark.status == "replaced")?.by
    }
}
