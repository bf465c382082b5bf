//! The tenancy of a client, as JSON.

use omklap_domain::day::Day;
use omklap_domain::ids::{LeaseId, UnitId};
use omklap_domain::trajectory::fact::{ContractModel, Party};
use omklap_domain::trajectory::state::{Away, Lease, Tenancy};
use serde::Serialize;
use utoipa::ToSchema;

/// The home of a client. Dutch: *huur*.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TenancyInForce)]
#[serde(rename_all = "camelCase")]
pub(super) struct TenancyBody {
    /// The lease.
    #[schema(required = false)]
    lease_id: LeaseId,
    /// In whose name.
    #[schema(required = false)]
    contract_model: ContractModelBody,
    /// The dwelling.
    #[schema(required = false)]
    unit: UnitId,
    /// When the lease started.
    #[schema(value_type = String, format = Date, required = false)]
    started_on: Day,
    /// When a temporary lease ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date, nullable = false)]
    ends_on: Option<Day>,
    /// From whom the client rents.
    #[schema(required = false)]
    landlord: Party,
    /// Whether living agreements are signed for this dwelling.
    #[schema(required = false)]
    living_agreements_signed: bool,
    /// Whether rent is open.
    #[schema(required = false)]
    in_arrears: bool,
    /// Whether the landlord is ending the lease.
    #[schema(required = false)]
    being_ended: bool,
    /// The kind of a temporary stay elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    away: Option<AwayBody>,
}

/// In whose name a client rents. Dutch: *contractvorm*.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LeaseInForce)]
#[serde(rename_all = "kebab-case")]
enum ContractModelBody {
    /// *Intermediaire verhuur*.
    Intermediary,
    /// *Driepartijenovereenkomst*.
    ThreeParty,
    /// *Tijdelijk contract*.
    Temporary,
    /// *Contract op eigen naam*.
    Own,
}

/// How a client is away.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Away)]
#[serde(rename_all = "kebab-case")]
enum AwayBody {
    /// Placed elsewhere as part of the guidance.
    Placed,
    /// Absent for another reason.
    Absent,
    /// In a temporary home, because the home is renovated.
    Renovation,
}

impl TenancyBody {
    pub(super) fn of(lease: &Lease, tenancy: &Tenancy) -> Self {
        Self {
            lease_id: lease.id,
            contract_model: match lease.model {
                Some(ContractModel::Intermediary) => ContractModelBody::Intermediary,
                Some(ContractModel::ThreeParty) => ContractModelBody::ThreeParty,
                Some(ContractModel::Temporary) => ContractModelBody::Temporary,
                Some(ContractModel::Own) | None => ContractModelBody::Own,
            },
            unit: lease.unit.clone(),
            started_on: lease.started_on,
            ends_on: lease.ends_on,
            landlord: lease.landlord(),
            living_agreements_signed: tenancy.living_agreements_signed,
            in_arrears: tenancy.in_arrears,
            being_ended: tenancy.termination.is_some(),
            away: tenancy.away.map(|away| match away {
                Away::Placed => AwayBody::Placed,
                Away::Absent => AwayBody::Absent,
                Away::Renovation => AwayBody::Renovation,
            }),
        }
    }
}
