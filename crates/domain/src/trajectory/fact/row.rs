//! The row of a kind of fact: the phases in which it is admitted, the phase that it leads to, the roles
//! that report it, the category of each of its fields, and what a case needs before it can be
//! reported. Each kind has its row beside its struct.

use super::need::Need;
use crate::category::Fields;
use crate::role::Role::{
    self, CareProvider, Client, Guide, HousingCorporation, MatchingPoint, NuisanceDesk, NuisanceOfficer,
    WmoConsultant,
};
use crate::trajectory::phase::Phase::{
    self, Contracting, Ended, FollowUp, Housed, Matching, Offered, Preparing, Ready,
};
use crate::trajectory::phase::{Leads, Leads::Nowhere};

/// What is the same for every fact of one kind. It is the single source of the refusals, of `admits` in
/// every response, of what each role sees, of the documents and of the exhaustive tests.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The phases in which it may be reported.
    pub phases: &'static [Phase],
    /// The phase that it leads to.
    pub leads: Leads,
    /// The roles that may report it. Our decision, after `docs/DOMAIN.md` §2 and §5: the partner that
    /// acts reports it. An auditor, and a municipality that sees figures only, report nothing.
    pub reporters: &'static [Role],
    /// The category of every field, that of `occurredOn` first. It is also the category of the fact
    /// itself: a viewer who may not see when it happened does not see what it is. A test checks this
    /// against the published schema: a field without a category, or with two, fails it.
    pub fields: &'static [Fields],
    /// What a case must have before it can be reported, besides its phase. `admits` names only kinds
    /// whose needs the case meets; the rules refuse each report for itself.
    pub needs: &'static [Need],
}

impl Row {
    /// A kind of fact that does not change the phase.
    pub(super) const fn stays(
        phases: &'static [Phase],
        reporters: &'static [Role],
        fields: &'static [Fields],
    ) -> Self {
        Self::leads(phases, Nowhere, reporters, fields)
    }

    /// A kind of fact that leads to another phase.
    pub(super) const fn leads(
        phases: &'static [Phase],
        leads: Leads,
        reporters: &'static [Role],
        fields: &'static [Fields],
    ) -> Self {
        Self { phases, leads, reporters, fields, needs: &[] }
    }

    /// The same row, for a kind that a case can report only if it has all of these.
    pub(super) const fn needing(self, needs: &'static [Need]) -> Self {
        Self { needs, ..self }
    }
}

pub(super) const BEFORE_HOUSING: &[Phase] = &[Preparing, Ready, Matching, Offered, Contracting];
/// A client who lives in a dwelling is also in these phases while another dwelling is sought.
pub(super) const WITH_A_LEASE: &[Phase] = &[Matching, Offered, Contracting, Housed, FollowUp];
pub(super) const BEFORE_THE_FLIP: &[Phase] = &[Matching, Offered, Contracting, Housed];
pub(super) const RUNNING: &[Phase] = &[Preparing, Ready, Matching, Offered, Contracting, Housed, FollowUp];
pub(super) const EVER_AFTER: &[Phase] =
    &[Preparing, Ready, Matching, Offered, Contracting, Housed, FollowUp, Ended];
pub(super) const EVER_HOUSED: &[Phase] = &[Matching, Offered, Contracting, Housed, FollowUp, Ended];

pub(super) const PROVIDER: &[Role] = &[Guide, CareProvider];
pub(super) const CORPORATION: &[Role] = &[HousingCorporation];
pub(super) const COORDINATOR: &[Role] = &[MatchingPoint];
pub(super) const LANDLORDS: &[Role] = &[Guide, CareProvider, HousingCorporation];
pub(super) const NUISANCE: &[Role] =
    &[Guide, CareProvider, NuisanceDesk, HousingCorporation, NuisanceOfficer];
pub(super) const CLIENTS_SIDE: &[Role] = &[Client, Guide, CareProvider];
pub(super) const THE_THREE: &[Role] = &[Client, Guide, CareProvider, HousingCorporation];
pub(super) const EVERY_PARTY: &[Role] = &[
    Client,
    Guide,
    CareProvider,
    NuisanceDesk,
    HousingCorporation,
    NuisanceOfficer,
    MatchingPoint,
    WmoConsultant,
];
pub(super) const MUNICIPAL: &[Role] = &[WmoConsultant, Guide, CareProvider];
/// Of a fact about the record itself: the operator of the ledger records it, no partner does.
pub(super) const OPERATOR: &[Role] = &[];
