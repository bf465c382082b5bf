//! Who agreed to set an obligation aside.

use crate::agreements::obligation::Obligation;
use crate::day::Day;
use crate::trajectory::fact::Party;

/// One party, or several, that agreed to set an obligation aside: one fact.
#[derive(Clone, Debug)]
pub(super) struct Agreed {
    pub(super) on: Day,
    pub(super) sequence: u64,
    pub(super) parties: Vec<Party>,
}

/// Who has agreed so far to set one instance aside, or the next one that starts.
#[derive(Clone, Debug, Default)]
pub(super) struct Accord(Vec<Agreed>);

impl Accord {
    /// Adds a fact. Facts that are too old for it are another proposal.
    pub(super) fn add(&mut self, agreed: &Agreed, within_days: u16) {
        let first = agreed.on.plus_days(-i32::from(within_days));
        self.0.retain(|earlier| earlier.on >= first);
        self.0.push(agreed.clone());
    }

    /// The numbers of the facts, if every party that owes the obligation or that it protects has
    /// agreed for itself.
    pub(super) fn of_all(&self, obligation: &Obligation, responsible: &[Party]) -> Option<Vec<u64>> {
        let has_agreed = |party: &Party| self.0.iter().any(|agreed| agreed.parties.contains(party));
        let all = !self.0.is_empty() && responsible.iter().chain(&obligation.protects).all(has_agreed);
        (all && obligation.can_be_set_aside()).then(|| self.0.iter().map(|agreed| agreed.sequence).collect())
    }
}
