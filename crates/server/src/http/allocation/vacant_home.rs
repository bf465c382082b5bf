//! The dwelling of a vacancy, as a caller may see it.

use omklap_domain::allocation::{HomeKind, NeighbourhoodCode, PersonsRange, VacantHome};
use omklap_domain::day::Day;
use omklap_domain::ids::{ComplexId, DocumentReference, MunicipalityCode, UnitId};
use omklap_domain::trajectory::fact::{Access, Cents, ContractModel};
use serde::Serialize;
use utoipa::ToSchema;

/// The dwelling of a vacancy. What the corporation did not say is absent.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = VacantHomeShown)]
#[serde(rename_all = "camelCase")]
pub(super) struct VacantHomeBody {
    /// The dwelling, by the corporation's own code; absent for a care provider, as `floor` and
    /// `reference`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    unit: Option<UnitId>,
    /// Its complex.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    complex: Option<ComplexId>,
    /// The municipality where it is.
    municipality: MunicipalityCode,
    /// The neighbourhood where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    neighbourhood: Option<NeighbourhoodCode>,
    /// The first day on which a lease can begin.
    #[schema(value_type = String, format = Date)]
    available_from: Day,
    /// Whether that day is certain.
    certain: bool,
    /// The rent a month by which the housing benefit is computed (*rekenhuur*), in euro cents.
    rent_cents: Cents,
    /// What kind of dwelling it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    kind: Option<HomeKind>,
    /// How many rooms it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    rooms: Option<u8>,
    /// On which floor it is; 0 is the ground floor.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    floor: Option<i8>,
    /// Whether a lift leads to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    lift: Option<bool>,
    /// How accessible it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    access: Option<Access>,
    /// Whether the place is quiet.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    quiet: Option<bool>,
    /// Whether pets are allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pets_allowed: Option<bool>,
    /// For how many persons it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    persons: Option<PersonsRange>,
    /// The leases under which the corporation lets it.
    contract_models: Vec<ContractModel>,
    /// Whether there is a nuisance file on the stairwell.
    nuisance_on_file: bool,
    /// Within how many days a client answers an offer of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    respond_within_days: Option<u8>,
    /// The corporation's own reference.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    reference: Option<DocumentReference>,
}

impl VacantHomeBody {
    /// The dwelling, with or without what says which one it is.
    pub(super) fn of(home: VacantHome, with_the_unit: bool) -> Self {
        Self {
            unit: Some(home.unit).filter(|_| with_the_unit),
            complex: home.complex,
            municipality: home.municipality,
            neighbourhood: home.neighbourhood,
            available_from: home.available_from,
            certain: home.certain,
            rent_cents: home.rent_cents,
            kind: home.kind,
            rooms: home.rooms,
            floor: home.floor.filter(|_| with_the_unit),
            lift: home.lift,
            access: home.access,
            quiet: home.quiet,
            pets_allowed: home.pets_allowed,
            persons: home.persons,
            contract_models: home.contract_models,
            nuisance_on_file: home.nuisance_on_file,
            respond_within_days: home.respond_within_days,
            reference: home.reference.filter(|_| with_the_unit),
        }
    }
}
