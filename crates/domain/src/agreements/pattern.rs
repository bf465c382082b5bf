//! The facts that an obligation refers to: a kind of fact, and conditions on its fields.

use serde::{Serialize, Serializer};

use super::field::{FieldPath, Scalar};
use crate::trajectory::fact::{Fact, FactType};

/// A set of kinds of facts, one bit each. Every fact is compared with every open obligation, so a
/// comparison must be cheap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FactTypes(u128);

/// The name in the set files for moving in under any lease.
pub const HOUSED: &str = "housed";

const LEASES: [FactType; 4] = [
    FactType::HousedUnderIntermediaryLease,
    FactType::HousedUnderThreePartyLease,
    FactType::HousedUnderTemporaryLease,
    FactType::HousedUnderOwnLease,
];

impl FactTypes {
    /// The set of these kinds.
    #[must_use]
    pub fn of(kinds: &[FactType]) -> Self {
        Self(kinds.iter().fold(0, |bits, kind| bits | 1 << (*kind as u32)))
    }

    /// The kinds that a set file refers to by this name: a kind of fact, or `housed`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        if name == HOUSED {
            return Some(Self::of(&LEASES));
        }
        FactType::named(name).map(|kind| Self::of(&[kind]))
    }

    /// Whether this kind is one of them.
    #[must_use]
    pub fn contains(self, kind: FactType) -> bool {
        self.0 & (1 << (kind as u32)) != 0
    }

    /// The union of both sets.
    #[must_use]
    pub fn or(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Whether both sets have a kind in common.
    #[must_use]
    pub fn meets(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }

    /// Whether every kind of this set is also in the other.
    #[must_use]
    pub fn are_among(self, others: Self) -> bool {
        self.0 & !others.0 == 0
    }

    /// The set of all kinds.
    #[must_use]
    pub fn every() -> Self {
        Self(u128::MAX >> (128 - FactType::ALL.len()))
    }

    /// The kinds of this set that are not in the other.
    #[must_use]
    pub fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }

    /// Whether the set is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0 == 0
    }

    /// Each kind.
    pub fn iter(self) -> impl Iterator<Item = FactType> {
        FactType::ALL.iter().copied().filter(move |kind| self.contains(*kind))
    }
}

impl Serialize for FactTypes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

/// A kind of fact, with conditions on its fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Pattern {
    /// The kinds of fact.
    pub facts: FactTypes,
    /// The conditions on its fields, all of which must hold.
    #[serde(rename = "where", skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
}

/// A condition on one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Condition {
    /// The field.
    pub field: FieldPath,
    /// The values that it may have. If empty, the field only has to be present.
    pub one_of: Vec<Scalar>,
}

impl Pattern {
    /// Whether the pattern matches a fact.
    #[must_use]
    pub fn matches(&self, fact: &Fact) -> bool {
        self.facts.contains(fact.fact_type()) && self.conditions.iter().all(|condition| condition.holds(fact))
    }
}

impl Condition {
    fn holds(&self, fact: &Fact) -> bool {
        self.field.read(fact).is_some_and(|value| self.one_of.is_empty() || self.one_of.contains(&value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_set_of_all_kinds_without_some_is_the_others() {
        let (some, others) = FactType::ALL.split_at(7);
        assert_eq!(FactTypes::every(), FactTypes::of(FactType::ALL));
        assert_eq!(FactTypes::every().without(FactTypes::of(some)), FactTypes::of(others));
        assert!(FactTypes::every().without(FactTypes::every()).is_empty());
    }
}
