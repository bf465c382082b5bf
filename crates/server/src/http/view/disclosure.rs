//! What a response discloses about which trajectories. Each handler declares it, and the access
//! log's middleware writes it before the response is sent (ADR 17).

use std::collections::{BTreeMap, BTreeSet};

use actix_web::{HttpRequest, HttpResponse};
use jiff::Timestamp;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::Fact;
use omklap_domain::visibility::Category;
use omklap_store::access_log::{AccessOutcome, Accessor, Action, Line};

use crate::http::middleware::trace;
use crate::http::request::caller::Caller;

/// The categories that a response discloses, the same for each of these trajectories.
#[derive(Clone, Debug, PartialEq)]
pub struct Disclosure {
    action: Action,
    trajectories: Vec<TrajectoryId>,
    categories: BTreeSet<Category>,
    outcome: AccessOutcome,
}

/// What a handler declares about its response.
#[derive(Clone, Debug)]
pub(in crate::http) enum Account {
    Shows(Vec<Disclosure>),
    /// The line was written together with the recorded facts.
    Logged,
}

impl Disclosure {
    /// These categories of one trajectory.
    #[must_use]
    pub fn of(trajectory: TrajectoryId, categories: impl IntoIterator<Item = Category>) -> Self {
        let categories = categories.into_iter().collect();
        Self {
            action: Action::Read,
            trajectories: vec![trajectory],
            categories,
            outcome: AccessOutcome::Given,
        }
    }

    /// These categories of each trajectory of a list.
    #[must_use]
    pub fn of_each(
        trajectories: impl IntoIterator<Item = TrajectoryId>,
        categories: impl IntoIterator<Item = Category>,
    ) -> Self {
        let mut trajectories: Vec<_> = trajectories.into_iter().collect();
        trajectories.sort_unstable();
        trajectories.dedup();
        let categories = categories.into_iter().collect();
        Self { action: Action::List, trajectories, categories, outcome: AccessOutcome::Given }
    }

    /// The categories of each trajectory of a list. Trajectories with the same categories share a line
    /// of the access log.
    #[must_use]
    pub fn of_alike(disclosed: BTreeMap<TrajectoryId, BTreeSet<Category>>) -> Vec<Self> {
        let mut alike: BTreeMap<BTreeSet<Category>, Vec<TrajectoryId>> = BTreeMap::new();
        for (trajectory, categories) in disclosed {
            alike.entry(categories).or_default().push(trajectory);
        }
        alike.into_iter().map(|(categories, trajectories)| Self::of_each(trajectories, categories)).collect()
    }

    /// Whether it is about no trajectory.
    #[must_use]
    pub(in crate::http) fn is_empty(&self) -> bool {
        self.trajectories.is_empty()
    }

    /// Adds categories whose data the answer shows.
    #[must_use]
    pub fn and(mut self, categories: impl IntoIterator<Item = Category>) -> Self {
        self.categories.extend(categories);
        self
    }

    /// By this action instead of reading.
    #[must_use]
    pub fn by(self, action: Action) -> Self {
        Self { action, ..self }
    }

    /// If `withheld`, part of the data was withheld.
    #[must_use]
    pub fn in_part(self, withheld: bool) -> Self {
        Self { outcome: if withheld { AccessOutcome::GivenInPart } else { self.outcome }, ..self }
    }

    /// The line of the access log.
    pub(in crate::http) fn line(self, by: Accessor, at: Timestamp, started_at: Timestamp) -> Line {
        let Self { action, trajectories, categories, outcome } = self;
        Line::new(by, action, at, trajectories)
            .of(categories.into_iter().map(Category::as_str))
            .with(outcome)
            .since(started_at)
    }
}

/// The categories of the fields of these facts.
#[must_use]
pub fn categories_of<'f>(facts: impl IntoIterator<Item = &'f Fact>) -> BTreeSet<Category> {
    facts.into_iter().flat_map(|fact| fact.fact_type().row().fields).map(|(category, _)| *category).collect()
}

/// A response with its disclosures.
#[must_use]
pub fn shows(answer: HttpResponse, disclosures: impl IntoIterator<Item = Disclosure>) -> HttpResponse {
    accounted(answer, Account::Shows(disclosures.into_iter().collect()))
}

/// A response whose access log line was written together with the recorded facts.
#[must_use]
pub fn logged(answer: HttpResponse) -> HttpResponse {
    accounted(answer, Account::Logged)
}

fn accounted(mut answer: HttpResponse, account: Account) -> HttpResponse {
    answer.extensions_mut().insert(account);
    answer
}

/// The caller, as the access log writes it.
#[must_use]
pub fn accessor(caller: &Caller, request: &HttpRequest) -> Accessor {
    Accessor {
        actor: caller.actor.to_string(),
        organisation: caller.viewer.organisation.to_string(),
        role: caller.viewer.role.as_str().to_owned(),
        purpose: caller.purpose.as_str().to_owned(),
        client: caller.client.to_string(),
        trace: trace::of(request),
    }
}
