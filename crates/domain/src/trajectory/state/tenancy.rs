//! The home and its lease, as far as later rules need them.

use imbl::{OrdMap, OrdSet};

use super::{Flip, Offer, Offers, Trajectory};
use crate::day::Day;
use crate::ids::{LeaseId, NuisanceCaseId, OrganisationId, UnitId};
use crate::trajectory::fact::{Cents, ContractModel, DwellingOffered, LeaseTerms, Party, TerminationGround};

/// Where a client lives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own about the home, and none follows from another"
)]
pub struct Tenancy {
    /// The lease that runs.
    pub lease: Option<Lease>,
    /// When the client first moved in.
    pub housed_on: Option<Day>,
    /// The id of every lease.
    pub leases: OrdSet<LeaseId>,
    /// The id of every lease with the corporation that lets the dwelling now, or did last.
    pub of_the_landlord: OrdSet<LeaseId>,
    /// Whether living agreements are signed for this dwelling.
    pub living_agreements_signed: bool,
    /// Whether there are arrears.
    pub in_arrears: bool,
    /// Whether a plan covers the arrears: none was agreed since the latest rent that was missed.
    pub arrears_planned: bool,
    /// The days on which the landlord warned the client about this lease, by ground.
    pub warnings: OrdMap<WarnedAbout, OrdSet<Day>>,
    /// The end of the lease, if the landlord gave notice.
    pub termination: Option<Termination>,
    /// The last day of the lease, if client and landlord agreed that it ends.
    pub end_agreed_on: Option<Day>,
    /// Whether the client stays elsewhere temporarily, and how.
    pub away: Option<Away>,
    /// Whether the client left the dwelling for good and no other dwelling followed in this
    /// trajectory.
    pub left: bool,
}

/// The ground of a warning. Only warnings on one ground count together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WarnedAbout {
    /// Arrears.
    Arrears,
    /// A nuisance case.
    Case(NuisanceCaseId),
    /// Another reason.
    Other,
}

impl WarnedAbout {
    /// The ground that a fact gives. `None` if ground and case do not fit.
    #[must_use]
    pub fn of(ground: TerminationGround, case: Option<NuisanceCaseId>) -> Option<Self> {
        match (ground, case) {
            (TerminationGround::Arrears, None) => Some(Self::Arrears),
            (TerminationGround::Nuisance, Some(case)) => Some(Self::Case(case)),
            (TerminationGround::Other, None) => Some(Self::Other),
            _ => None,
        }
    }
}

/// The end of a lease by its landlord.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Termination {
    /// The nuisance case that led to it, if any.
    pub case: Option<NuisanceCaseId>,
    /// When the notice ends.
    pub notice_until: Day,
    /// Whether a court ordered the eviction.
    pub eviction_ordered: bool,
}

/// How a client is away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Away {
    /// Placed elsewhere as part of the guidance.
    Placed,
    /// Absent for another reason.
    Absent,
    /// In a temporary home, because the home is renovated.
    Renovation,
}

/// The lease under which the client lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The lease.
    pub id: LeaseId,
    /// The contract model before the flip. `None` once the contract has flipped.
    pub model: Option<ContractModel>,
    /// The provider that rents the dwelling or co-signs the lease, until the contract flips.
    pub care_provider: OrganisationId,
    /// The corporation that owns the dwelling.
    pub corporation: OrganisationId,
    /// The dwelling.
    pub unit: UnitId,
    /// The rent a month.
    pub rent: Cents,
    /// When it started.
    pub started_on: Day,
    /// When a temporary lease ends.
    pub ends_on: Option<Day>,
    /// Whether the lease says that the guarantee fund does not back it.
    pub without_fund: bool,
}

impl Tenancy {
    /// The lease without a last day under which the client lives in the dwelling of this offer.
    #[must_use]
    pub fn lives_without_end_in(&self, offer: &DwellingOffered) -> Option<&Lease> {
        let lasts = self.end_agreed_on.is_none() && !self.left;
        let lease = self.lease.as_ref().filter(|lease| lasts && lease.ends_on.is_none());
        lease.filter(|lease| lease.corporation == offer.corporation && lease.unit == offer.unit)
    }
}

impl Lease {
    /// Whether the lease is the client's own since the first day.
    #[must_use]
    pub fn was_always_own(&self) -> bool {
        self.model == Some(ContractModel::Own)
    }

    /// The party that the client rents from: the provider under an intermediary lease, otherwise
    /// the corporation.
    #[must_use]
    pub fn landlord(&self) -> Party {
        if self.model == Some(ContractModel::Intermediary) {
            Party::CareProvider
        } else {
            Party::HousingCorporation
        }
    }
}

impl Trajectory {
    /// A client moves into a dwelling, the first or another one. Agreements about another dwelling
    /// end. Agreements about this one, made before the keys were handed over, remain.
    pub(super) fn move_in(
        &mut self,
        terms: &LeaseTerms,
        model: Option<ContractModel>,
        started_on: Day,
        ends_on: Option<Day>,
    ) {
        let (id, corporation, unit) = (terms.lease_id, terms.corporation.clone(), terms.unit.clone());
        let care_provider = terms.care_provider.clone();
        let rent = terms.rent_cents;
        let without_fund = false;
        let lease =
            Lease { id, model, care_provider, corporation, unit, rent, started_on, ends_on, without_fund };
        self.is_nominated = false;
        self.departures = OrdMap::default();
        let before_the_keys = self.offers.open.take();
        let mut leases = std::mem::take(&mut self.tenancy.leases);
        leases.insert(id);
        let stays = self.tenancy.lease.as_ref().is_some_and(|before| before.corporation == terms.corporation);
        let mut of_the_landlord = std::mem::take(&mut self.tenancy.of_the_landlord);
        of_the_landlord = if stays { of_the_landlord } else { OrdSet::new() };
        of_the_landlord.insert(id);
        let agreed = |what: fn(&Offer) -> bool| before_the_keys.as_ref().is_some_and(what);
        self.tenancy = Tenancy {
            lease: Some(lease),
            housed_on: self.tenancy.housed_on.or(Some(started_on)),
            leases,
            of_the_landlord,
            in_arrears: self.tenancy.in_arrears,
            arrears_planned: self.tenancy.arrears_planned,
            living_agreements_signed: agreed(|offer| offer.living_agreements_signed),
            ..Tenancy::default()
        };
        self.flip = Flip {
            talks: std::mem::take(&mut self.flip.talks),
            conditions_set: agreed(|offer| offer.flip_conditions_set),
            conditions: before_the_keys.map(|offer| offer.flip_conditions).unwrap_or_default(),
            ..Flip::default()
        };
        self.offers = Offers { made: std::mem::take(&mut self.offers.made), ..Offers::default() };
    }

    /// What belonged to the lease and its landlord ends with the lease.
    pub(super) fn old_lease_ends(&mut self) {
        self.tenancy.warnings = OrdMap::default();
        self.tenancy.termination = None;
        self.tenancy.end_agreed_on = None;
    }
}
