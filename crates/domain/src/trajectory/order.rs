//! The order of happening: `(occurredOn, sequence)`, with corrected facts replaced or gone.

use std::ops::Deref;

use super::fact::{EventCorrected, Fact};
use crate::day::Day;

/// A fact that counts: its own place in the recording, and where its present wording stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Happened {
    pub occurred_on: Day,
    pub sequence: u64,
    /// The number of the fact, or of the correction that replaced it.
    pub worded_in: u64,
}

/// The facts that count, in the order of happening.
#[derive(Clone, Debug, Default)]
pub(super) struct Order(Vec<Happened>);

impl Order {
    /// Puts the fact that gets the next number where it happened. A replacement takes the number, and so among facts
    /// of its day the place, of the fact it corrects.
    pub fn place(&mut self, fact: &Fact, newest: u64) {
        match fact {
            Fact::EventCorrected(correction) => {
                self.0.retain(|happened| happened.sequence != correction.corrects);
                if let Some(replacement) = correction.replacement.as_deref() {
                    self.insert(replacement.occurred_on(), correction.corrects, newest);
                }
            }
            _ => self.insert(fact.occurred_on(), newest, newest),
        }
    }

    fn insert(&mut self, occurred_on: Day, sequence: u64, worded_in: u64) {
        let place = (occurred_on, sequence);
        let at = self.0.partition_point(|other| (other.occurred_on, other.sequence) < place);
        self.0.insert(at, Happened { occurred_on, sequence, worded_in });
    }
}

impl Deref for Order {
    type Target = [Happened];
    fn deref(&self) -> &[Happened] {
        &self.0
    }
}

/// The wording that counts: a replacement, where the fact is a correction that brings one, else the fact itself.
pub(super) fn wording(fact: &Fact) -> &Fact {
    match fact {
        Fact::EventCorrected(EventCorrected { replacement: Some(replacement), .. }) => replacement,
        _ => fact,
    }
}
