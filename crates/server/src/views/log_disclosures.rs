//! Of what somebody is told, for the access log.

use std::collections::{BTreeMap, BTreeSet};

use omklap_domain::agreements::AgreementSets;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::visibility::{Category, told_by};
use omklap_store::access_log::{AccessOutcome, Accessor, Action, Line, Trace};
use omklap_store::subscriptions::Subscription;
use omklap_store::{EventContent, FeedEvent, Ledger, StoreError};

use super::cache::WITHHELD;
use crate::clock::Clock;

/// Of which kinds of data somebody is told, trajectory by trajectory, and whether something is withheld.
#[derive(Debug, Default)]
pub struct ToldOf(BTreeMap<TrajectoryId, (BTreeSet<Category>, bool)>);

impl ToldOf {
    /// Tells these kinds of data of a trajectory, or not all of what was asked for. That something happened is the course.
    pub fn tell(
        &mut self,
        trajectory: TrajectoryId,
        categories: impl IntoIterator<Item = Category>,
        withheld: bool,
    ) {
        let told = self.0.entry(trajectory).or_default();
        told.0.insert(Category::Course);
        told.0.extend(categories);
        told.1 |= withheld;
    }

    /// Tells what a message of this kind does: what it names by the kind of a fact, or by an obligation.
    pub fn name(&mut self, event: &FeedEvent, kind: &str, sets: &AgreementSets) {
        let categories = match &event.event {
            EventContent::Fact(fact) if kind == event.kind() => [fact.fact_type.category()].into(),
            EventContent::Deadline(told) => {
                let obligation = sets.obligation(&told.deadline.agreement_set, &told.deadline.obligation);
                obligation.map(told_by).unwrap_or_default()
            }
            EventContent::Fact(_) | EventContent::Destroyed(_) => BTreeSet::new(),
        };
        self.tell(event.trajectory, categories, kind == WITHHELD);
    }

    /// Writes in the access log what the receiver of a subscription is about to be told.
    ///
    /// # Errors
    /// Where the database is out of reach.
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

    /// The trajectories of which the same is told, together.
    #[must_use]
    pub fn alike(self) -> BTreeMap<(BTreeSet<Category>, bool), Vec<TrajectoryId>> {
        let mut alike: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (trajectory, told) in self.0 {
            alike.entry(told).or_default().push(trajectory);
        }
        alike
    }
}
