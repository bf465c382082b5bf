//! What the events of the feed disclose, for the access log.

use std::collections::{BTreeMap, BTreeSet};

use omklap_domain::agreements::AgreementSets;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::visibility::{Category, shown_categories_of};
use omklap_store::access_log::{AccessOutcome, Accessor, Action, Line, Trace};
use omklap_store::subscriptions::Subscription;
use omklap_store::{EventContent, FeedEvent, Ledger, StoreError};

use super::cache::WITHHELD;
use crate::clock::Clock;

/// The categories that are disclosed of each trajectory, and whether something is withheld.
#[derive(Debug, Default)]
pub struct FeedDisclosures(BTreeMap<TrajectoryId, (BTreeSet<Category>, bool)>);

impl FeedDisclosures {
    /// Adds these categories of a trajectory. That something happened always discloses the course.
    pub fn add(
        &mut self,
        trajectory: TrajectoryId,
        categories: impl IntoIterator<Item = Category>,
        withheld: bool,
    ) {
        let (disclosed, in_part) = self.0.entry(trajectory).or_default();
        disclosed.insert(Category::Course);
        disclosed.extend(categories);
        *in_part |= withheld;
    }

    /// Adds what a thin event of this kind discloses by the kind of its fact, or by its obligation.
    /// A stream beside the trajectory holds nothing about a person.
    pub fn add_event(&mut self, event: &FeedEvent, kind: &str, sets: &AgreementSets) {
        let Some(trajectory) = event.subject.trajectory() else { return };
        let categories = match &event.event {
            EventContent::Fact(fact) if kind == event.kind() => [fact.fact_type.category()].into(),
            EventContent::Deadline(reported) => {
                let obligation =
                    sets.obligation(&reported.deadline.agreement_set, &reported.deadline.obligation);
                obligation.map(shown_categories_of).unwrap_or_default()
            }
            EventContent::Fact(_)
            | EventContent::Lapsed(_)
            | EventContent::Destroyed(_)
            | EventContent::OfStream(_) => BTreeSet::new(),
        };
        self.add(trajectory, categories, kind == WITHHELD);
    }

    /// Writes to the access log what the receiver of a subscription is about to be sent.
    ///
    /// # Errors
    /// If the database cannot be reached.
    pub async fn log(self, ledger: &Ledger, clock: &Clock, to: &Subscription) -> Result<(), StoreError> {
        if self.0.is_empty() {
            return Ok(());
        }
        let by = Accessor {
            actor: to.id.to_string(),
            organisation: to.viewer.organisation.to_string(),
            role: to.viewer.role.as_str().to_owned(),
            purpose: "webhook".to_owned(),
            client: to.client.to_string(),
            trace: Trace::begun_by(clock.new_id()),
        };
        let lines = self.alike().into_iter().map(|((categories, in_part), trajectories)| {
            let outcome = if in_part { AccessOutcome::GivenInPart } else { AccessOutcome::Given };
            let line = Line::new(by.clone(), Action::Follow, clock.now(), trajectories);
            line.of(categories.into_iter().map(Category::as_str)).with(outcome)
        });
        ledger.log_access(&lines.collect::<Vec<_>>()).await
    }

    /// The trajectories by what is disclosed of them.
    #[must_use]
    pub fn alike(self) -> BTreeMap<(BTreeSet<Category>, bool), Vec<TrajectoryId>> {
        let mut alike: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (trajectory, disclosed) in self.0 {
            alike.entry(disclosed).or_default().push(trajectory);
        }
        alike
    }
}
