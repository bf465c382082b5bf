//! The dwelling of a vacancy.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::neighbourhood::NeighbourhoodCode;
use super::refusal::Refusal;
use super::stream::BrokenRule;
use crate::day::Day;
use crate::ids::{ComplexId, DocumentReference, MunicipalityCode, UnitId};
use crate::trajectory::fact::{Access, Amount, Cents, ContractModel};

/// The dwelling of a vacancy. What a corporation does not know or say is left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VacantHome {
    /// The dwelling, by the corporation's own code.
    pub unit: UnitId,
    /// Its complex, which the corporation has described.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub complex: Option<ComplexId>,
    /// The municipality where it is.
    pub municipality: MunicipalityCode,
    /// The neighbourhood where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub neighbourhood: Option<NeighbourhoodCode>,
    /// The first day on which a lease can begin.
    pub available_from: Day,
    /// Whether that day is certain.
    pub certain: bool,
    /// The rent a month by which the housing benefit is computed (*rekenhuur*), in euro cents.
    #[schema(value_type = Amount)]
    pub rent_cents: Cents,
    /// What kind of dwelling it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<HomeKind>,
    /// How many rooms it has.
    #[schema(minimum = 1, maximum = 20)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rooms: Option<u8>,
    /// On which floor it is; 0 is the ground floor.
    #[schema(minimum = -3, maximum = 100)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub floor: Option<i8>,
    /// Whether a lift leads to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lift: Option<bool>,
    /// How accessible it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access: Option<Access>,
    /// Whether the place is quiet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quiet: Option<bool>,
    /// Whether pets are allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pets_allowed: Option<bool>,
    /// For how many persons it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub persons: Option<PersonsRange>,
    /// The leases under which the corporation lets it.
    #[schema(value_type = BTreeSet<ContractModel>, min_items = 1, max_items = 4)]
    pub contract_models: Vec<ContractModel>,
    /// Whether there is a nuisance file on the stairwell. If so, the dwelling is not offered (S0).
    pub nuisance_on_file: bool,
    /// Within how many days a client answers an offer of it.
    #[schema(minimum = 1, maximum = 60)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub respond_within_days: Option<u8>,
    /// The corporation's own reference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<DocumentReference>,
}

/// For how many persons a dwelling is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PersonsRange {
    /// At least.
    #[schema(minimum = 1, maximum = 20)]
    pub min: u8,
    /// At most.
    #[schema(minimum = 1, maximum = 20)]
    pub max: u8,
}

/// What kind of dwelling it is. Dutch: *woningtype*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum HomeKind {
    /// *Appartement*.
    Apartment,
    /// *Eengezinswoning*.
    House,
    /// *Studio*.
    Studio,
    /// A unit in a cluster with a guide near: *geclusterd wonen*.
    ClusteredUnit,
    /// A room in a shared home: *onzelfstandig*.
    Room,
}

impl VacantHome {
    pub(super) fn faults(&self) -> impl Iterator<Item = BrokenRule> {
        let elsewhere = self.neighbourhood.as_ref().is_some_and(|code| !code.is_in(&self.municipality));
        let turned_round = self.persons.is_some_and(|persons| persons.min > persons.max);
        [
            elsewhere.then_some(BrokenRule {
                field: "/home/neighbourhood".into(),
                ..Refusal::NeighbourhoodElsewhere.into()
            }),
            turned_round.then_some(Refusal::PersonsTurnedRound.into()),
        ]
        .into_iter()
        .flatten()
    }

    /// Whether it is the same for somebody who does not see which dwelling it is: all but `unit`, `floor`
    /// and `reference`.
    #[must_use]
    pub fn looks_like(&self, other: &Self) -> bool {
        let Self { unit, floor, reference, .. } = other.clone();
        Self { unit, floor, reference, ..self.clone() } == *other
    }
}
