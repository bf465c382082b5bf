//! The cqrs-es adapter: a trajectory's history is the aggregate, an admitted fact is the event.

use std::sync::Arc;

use cqrs_es::event_sink::EventSink;
use cqrs_es::{Aggregate, DomainEvent};

use super::admit::Rules;
use super::fact::Fact;
use super::history::History;
use super::refused::Refused;
use crate::agreements::AgreementSets;
use crate::day::Day;

/// Facts that are reported together, admitted whole or not at all, and the day on which they are.
#[derive(Clone, Debug)]
pub struct Reported {
    /// The facts, in the order in which they are recorded.
    pub facts: Vec<Fact>,
    /// Today, in Europe/Amsterdam.
    pub today: Day,
}

impl Aggregate for History {
    const TYPE: &'static str = "trajectory";
    type Command = Reported;
    type Event = Fact;
    type Error = Refused;
    type Services = Arc<AgreementSets>;

    async fn handle(
        &mut self,
        reported: Reported,
        sets: &Arc<AgreementSets>,
        sink: &EventSink<Self>,
    ) -> Result<(), Refused> {
        let rules = Rules { sets, today: reported.today };
        // A refusal after the first fact leaves this history half told; the framework drops it and commits nothing.
        for (index, fact) in reported.facts.into_iter().enumerate() {
            self.weigh(&fact, rules).map_err(|refused| Refused { index, ..*refused })?;
            sink.write(fact, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, fact: Fact) {
        self.record(fact);
    }
}

impl DomainEvent for Fact {
    fn event_type(&self) -> String {
        self.fact_type().as_str().to_owned()
    }

    fn event_version(&self) -> String {
        self.version().to_owned()
    }
}
