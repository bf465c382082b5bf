//! What an answer shows about whom, as its handler says: the access log's middleware writes it down before the answer leaves
//! (ADR 17).

use std::collections::BTreeSet;

use actix_web::{HttpRequest, HttpResponse};
use jiff::Timestamp;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::Fact;
use omklap_domain::visibility::Category;
use omklap_store::access_log::{AccessOutcome, Accessor, Action, Line};

use crate::http::middleware::trace;
use crate::http::request::caller::Caller;

/// What an answer shows of some trajectories, all alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Disclosure {
    action: Action,
    trajectories: Vec<TrajectoryId>,
    categories: Vec<Category>,
    outcome: AccessOutcome,
}

/// What a handler says of its answer.
#[derive(Clone, Debug)]
pub(in crate::http) enum Account {
    Shows(Vec<Disclosure>),
    /// It was written with what was recorded.
    Logged,
}

impl Disclosure {
    /// These kinds of data of one trajectory.
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

    /// These kinds of data of each trajectory of a list.
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

    /// Whether it is about no trajectory at all.
    #[must_use]
    pub(in crate::http) fn is_empty(&self) -> bool {
        self.trajectories.is_empty()
    }

    /// By something else than reading.
    #[must_use]
    pub fn by(self, action: Action) -> Self {
        Self { action, ..self }
    }

    /// Where `withheld`, not all that was asked for.
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

/// Of which kinds of data these facts are.
#[must_use]
pub fn categories_of<'f>(facts: impl IntoIterator<Item = &'f Fact>) -> BTreeSet<Category> {
    facts.into_iter().flat_map(|fact| fact.fact_type().fields()).map(|(category, _)| *category).collect()
}

/// An answer, and what it shows of whom.
#[must_use]
pub fn shows(answer: HttpResponse, disclosures: impl IntoIterator<Item = Disclosure>) -> HttpResponse {
    accounted(answer, Account::Shows(disclosures.into_iter().collect()))
}

/// An answer whose line was written together with what it tells of.
#[must_use]
pub fn logged(answer: HttpResponse) -> HttpResponse {
    accounted(answer, Account::Logged)
}

fn accounted(mut answer: HttpResponse, account: Account) -> HttpResponse {
    answer.extensions_mut().insert(account);
    answer
}

/// Who asks, as the access log writes it.
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
