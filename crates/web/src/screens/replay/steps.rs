//! The steps of a replay, as the API answers them.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use omklap_domain::trajectory::Phase;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::api::Failure;
use crate::signed_in::SignedIn;

/// How many steps a page of the API has.
const PAGE: &str = "500";
/// How many pages are read at the most: more steps than that are no help to a reader.
const MOST_PAGES: usize = 4;

/// A page of the replay, or several as one.
#[derive(Debug, Default, Deserialize)]
pub struct Steps {
    /// The steps, in the order of happening.
    pub items: Vec<Step>,
    /// The numbers of the facts that are not for this person.
    #[serde(default, rename = "withheldFacts")]
    pub withheld: BTreeSet<u64>,
    /// Where the next page begins; absent on the last one.
    next: Option<String>,
}

/// One step: a fact and what it changed.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// The number of the fact.
    pub sequence: u64,
    /// The day on which it happened.
    pub occurred_on: Date,
    /// What kind of fact; absent if only its changes are for this person.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// When it was recorded.
    pub recorded_at: Option<Timestamp>,
    /// The organisation that reported it.
    pub organisation: Option<String>,
    /// The correction that struck it through.
    pub struck: Option<Correction>,
    /// The correction that gave it its present wording.
    pub corrected: Option<Correction>,
    /// What it changed.
    #[serde(default)]
    pub changes: Vec<Change>,
}

/// A correction of a fact.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Correction {
    /// Its number.
    pub by: u64,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// Why, if that is for this person.
    pub reason: Option<String>,
}

/// Something that a fact changed.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// What changed.
    pub what: What,
    /// The obligation or the rule.
    pub rule: String,
    /// What it is about.
    pub subject: Option<String>,
    /// What it was.
    pub from: Option<String>,
    /// What it became.
    pub to: Option<String>,
    /// By when an obligation is due.
    pub due_on: Option<Date>,
    /// The facts that it rests on.
    #[serde(default)]
    pub evidence: Vec<u64>,
    /// The API's own sentence; an obligation's text is its beginning.
    text: String,
}

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// The phase.
    Phase,
    /// An obligation was opened.
    ObligationOpened,
    /// An obligation was kept, set aside or lapsed.
    ObligationSettled,
    /// A nuisance case came to another level.
    NuisanceLevel,
    /// A nuisance case became quiet, closed, or open again.
    NuisanceStand,
    /// Something of the follow-up.
    FollowUp,
}

impl Change {
    /// An obligation's number and text: the sentence up to its verdict.
    pub fn obligation(&self) -> &str {
        self.text.rsplit_once(": ").map_or(self.text.as_str(), |(obligation, _)| obligation)
    }

    /// The fact with which the obligation started.
    pub fn start(&self) -> Option<u64> {
        self.evidence.first().copied()
    }

    /// A phase by its code.
    pub fn phase(code: Option<&String>) -> Option<Phase> {
        serde_json::from_value(Value::String(code?.clone())).ok()
    }
}

impl Steps {
    /// Reads the replay as it was known at an instant, or as it is known now.
    ///
    /// # Errors
    /// If the API refuses or does not answer.
    pub async fn read(of: &SignedIn, id: Uuid, known_at: Option<Timestamp>) -> Result<Self, Failure> {
        let (path, known_at) = (format!("v1/trajectories/{id}/replay"), known_at.map(|at| at.to_string()));
        let mut whole = Self::default();
        for _ in 0..MOST_PAGES {
            let next = whole.next.take();
            let mut query = vec![("limit", PAGE)];
            query.extend(known_at.as_deref().map(|at| ("knownAt", at)));
            query.extend(next.as_deref().map(|cursor| ("cursor", cursor)));
            let page: Self = of.pages.api.read(&of.person, of.language, &path, &query).await?;
            whole.items.extend(page.items);
            (whole.withheld, whole.next) = (page.withheld, page.next);
            if whole.next.is_none() {
                break;
            }
        }
        Ok(whole)
    }

    /// Whether there are more steps than were read.
    pub fn is_cut(&self) -> bool {
        self.next.is_some()
    }

    /// The days on which something happened, and today: the stops of the first clock.
    pub fn days(&self, today: Date) -> Vec<Date> {
        let days = self.items.iter().map(|step| step.occurred_on).chain([today]);
        days.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The instants at which something was recorded: the stops of the second clock.
    pub fn instants(&self) -> Vec<Timestamp> {
        let corrections = self.items.iter().flat_map(|step| [&step.struck, &step.corrected]);
        let corrected = corrections.flatten().map(|correction| correction.recorded_at);
        let recorded = self.items.iter().filter_map(|step| step.recorded_at);
        recorded.chain(corrected).collect::<BTreeSet<_>>().into_iter().collect()
    }
}
