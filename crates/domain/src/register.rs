//! The register of partners, against which a report is checked. Every organisation that a fact
//! names must be registered and active. It must be of the kind that its field requires, and work in
//! the region that the fact is about.
//!
//! Only new reports are checked. An organisation that was a partner when a fact was recorded may no
//! longer be one when the history is checked again
//! ([ADR 24](../../../docs/adr/0024-sight-rests-on-the-word-of-others.md)).

use std::collections::{BTreeMap, BTreeSet};

use crate::agreements::AgreementSets;
use crate::allocation::{self, NamedThing, Stream, StreamFact};
use crate::ids::{OrganisationId, RegionId};
use crate::likeness::most_like;
use crate::organisation::OrganisationKind;
use crate::trajectory::fact::{AgreementSetVersion, Attendee, Fact, LeaseTerms, Party, RegionTerms};

/// The partners that are registered, by their codes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Register(BTreeMap<OrganisationId, Entry>);

/// One partner in the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What kind of partner it is.
    pub kind: OrganisationKind,
    /// The regions in which it works.
    pub regions: BTreeSet<RegionId>,
    /// Whether it is no longer a partner. An imported history may name it, a report may not.
    pub former: bool,
}

/// A field of a reported fact that names something which the register does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misnamed {
    /// The index of the fact in the list, from 0.
    pub index: usize,
    /// The field, as a JSON pointer into the fact.
    pub field: String,
    /// What is wrong with it.
    pub fault: Misnaming,
}

/// Why a fact may not name this organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misnaming {
    /// No organisation has this code. If another one has a similar code, that code.
    NotRegistered(Option<OrganisationId>),
    /// The organisation is no longer a partner.
    Former,
    /// The organisation is of none of these kinds.
    OtherKind(Vec<OrganisationKind>),
    /// The organisation does not work in the region.
    OtherRegion,
    /// The agreements of the region list its municipalities, and not this one.
    MunicipalityOfOtherRegion,
    /// The agreement set is for other regions.
    SetOfOtherRegion,
    /// Another trajectory has this lease with another provider. The ledger finds this, not the
    /// register.
    LeaseOfAnotherProvider,
    /// The ledger has no trajectory with this id, or it is the trajectory itself.
    NoSuchTrajectory,
}

/// An organisation that a fact names, and the field.
struct Named<'f> {
    field: &'static str,
    organisation: &'f OrganisationId,
    /// The kind that the field requires.
    kind: OrganisationKind,
}

impl FromIterator<(OrganisationId, Entry)> for Register {
    fn from_iter<T: IntoIterator<Item = (OrganisationId, Entry)>>(entries: T) -> Self {
        Self(entries.into_iter().collect())
    }
}

impl Register {
    /// Every wrong name in these facts, for a trajectory in this region (`None` before it is
    /// opened). An imported history may name former partners.
    #[must_use]
    pub fn misnamed(
        &self,
        facts: &[Fact],
        region: Option<&RegionId>,
        sets: &AgreementSets,
        imported: bool,
    ) -> Vec<Misnamed> {
        let opened_in = facts.first().and_then(|fact| opening(fact)).map(|(region, _)| region);
        let region = region.or(opened_in);
        let mut misnamed = Vec::new();
        for (index, fact) in facts.iter().enumerate() {
            let (at, fact) = match fact {
                Fact::EventCorrected(correction) => match correction.replacement.as_deref() {
                    Some(replacement) => ("/replacement", replacement),
                    None => continue,
                },
                _ => ("", fact),
            };
            let mut wrong =
                |field: &str, fault| misnamed.push(Misnamed { index, field: format!("{at}{field}"), fault });
            let terms = transfer_terms(fact);
            let region = terms.map(|to| &to.region).or(region);
            for Named { field, organisation, kind } in named(fact) {
                if let Some(fault) = self.misnaming(organisation, &[kind], region, imported) {
                    wrong(field, fault);
                }
            }
            if let Some(set) = bound_to(fact)
                && let (Some(set), Some(region)) = (sets.get(set), region)
                && !set.is_of(region)
            {
                let field = if terms.is_some() { "/to/agreementSet" } else { "/agreementSet" };
                wrong(field, Misnaming::SetOfOtherRegion);
            }
        }
        misnamed
    }

    /// Every wrong name in these facts of a stream beside the trajectory, after what the stream has led
    /// to so far.
    #[must_use]
    pub fn misnamed_in_stream<S: Stream>(
        &self,
        state: &S,
        facts: &[S::Fact],
        sets: &AgreementSets,
    ) -> Vec<Misnamed> {
        let worded = |fact| match S::Fact::correction(fact) {
            None => Some(("", fact)),
            Some(correction) => correction.replacement.map(|replacement| ("/replacement", replacement)),
        };
        let worded = facts.iter().enumerate().filter_map(|(index, fact)| Some((index, worded(fact)?)));
        let begun = facts.first().and_then(|first| state.reporters(first).region);
        let wrong = |(index, (at, fact))| {
            let region = state.reporters(fact).region.or(begun);
            let named = S::names(fact).into_iter();
            named.filter_map(move |allocation::Named { field, what }| {
                let fault = self.misnamed_thing(what, region, sets)?;
                Some(Misnamed { index, field: format!("{at}{field}"), fault })
            })
        };
        worded.flat_map(wrong).collect()
    }

    fn misnamed_thing(
        &self,
        what: NamedThing<'_>,
        region: Option<&RegionId>,
        sets: &AgreementSets,
    ) -> Option<Misnaming> {
        match what {
            NamedThing::Partner(organisation, kinds) => self.misnaming(organisation, kinds, region, false),
            NamedThing::Municipality(code) => {
                let listed = &sets.of_region(region?)?.municipalities;
                let is_one = listed.is_empty() || listed.contains(code);
                (!is_one).then_some(Misnaming::MunicipalityOfOtherRegion)
            }
        }
    }

    /// The partners of this kind that work in this region, in the order of their codes.
    pub fn partners(
        &self,
        kind: OrganisationKind,
        region: &RegionId,
    ) -> impl Iterator<Item = &OrganisationId> {
        let is_one =
            move |entry: &Entry| entry.kind == kind && !entry.former && entry.regions.contains(region);
        self.0.iter().filter(move |(_, entry)| is_one(entry)).map(|(id, _)| id)
    }

    fn misnaming(
        &self,
        organisation: &OrganisationId,
        kinds: &[OrganisationKind],
        region: Option<&RegionId>,
        imported: bool,
    ) -> Option<Misnaming> {
        let Some(entry) = self.0.get(organisation) else {
            return Some(Misnaming::NotRegistered(self.like(organisation, kinds)));
        };
        if entry.former && !imported {
            Some(Misnaming::Former)
        } else if !kinds.contains(&entry.kind) {
            Some(Misnaming::OtherKind(kinds.to_vec()))
        } else if region.is_some_and(|region| !entry.regions.contains(region)) {
            Some(Misnaming::OtherRegion)
        } else {
            None
        }
    }

    /// The active organisation of one of these kinds whose code is most like this one.
    fn like(&self, organisation: &OrganisationId, kinds: &[OrganisationKind]) -> Option<OrganisationId> {
        let fitting = self.0.iter().filter(|(_, entry)| kinds.contains(&entry.kind) && !entry.former);
        most_like(organisation.as_str(), fitting.map(|(code, _)| code.as_str()))?.parse().ok()
    }
}

/// The region and the agreement set of a fact that opens a trajectory.
fn opening(fact: &Fact) -> Option<(&RegionId, &AgreementSetVersion)> {
    match fact {
        Fact::IntakeRegistered(intake) => Some((&intake.region, &intake.agreement_set)),
        Fact::RunningCaseTakenOver(case) => Some((&case.region, &case.agreement_set)),
        _ => None,
    }
}

/// The terms of a move to another region that a fact proposes or accepts.
fn transfer_terms(fact: &Fact) -> Option<&RegionTerms> {
    match fact {
        Fact::RegionTransferProposed(proposed) => Some(&proposed.to),
        Fact::RegionTransferAccepted(accepted) => Some(&accepted.to),
        _ => None,
    }
}

/// The agreement set to which a fact binds the trajectory.
fn bound_to(fact: &Fact) -> Option<&AgreementSetVersion> {
    match fact {
        Fact::AgreementSetChanged(changed) => Some(&changed.agreement_set),
        _ if transfer_terms(fact).is_some() => transfer_terms(fact).map(|to| &to.agreement_set),
        _ => opening(fact).map(|(_, set)| set),
    }
}

/// Every organisation that a fact or the replacement of a correction names, with the kind that it
/// must be.
pub fn partners_in(fact: &Fact) -> impl Iterator<Item = (&OrganisationId, OrganisationKind)> {
    let fact = match fact {
        Fact::EventCorrected(correction) => correction.replacement.as_deref(),
        _ => Some(fact),
    };
    fact.into_iter().flat_map(named).map(|named| (named.organisation, named.kind))
}

/// Every organisation that a fact names. A test checks this against the published schema, so that
/// no field is left out.
fn named<'f>(fact: &'f Fact) -> Vec<Named<'f>> {
    use OrganisationKind::{CareProvider, HousingCorporation, Municipality};
    let one = |field, organisation, kind| Some(Named { field, organisation, kind });
    let of_region = |to: &'f RegionTerms| {
        vec![
            one("/to/careProvider", &to.care_provider, CareProvider),
            one("/to/municipality", &to.municipality, Municipality),
        ]
    };
    let of_terms = |terms| lease_terms("/terms/careProvider", "/terms/corporation", terms);
    let named: Vec<Option<Named<'_>>> = match fact {
        Fact::IntakeRegistered(intake) => vec![
            one("/careProvider", &intake.care_provider, CareProvider),
            one("/municipality", &intake.municipality, Municipality),
            intake.referred_by.as_ref().and_then(|named| one("/referredBy", named, HousingCorporation)),
        ],
        Fact::RunningCaseTakenOver(case) => {
            let corporation = case.corporation.as_ref();
            let lease = case.lease.as_ref().map(|lease| {
                lease_terms("/lease/terms/careProvider", "/lease/terms/corporation", &lease.terms)
            });
            let mut named = vec![
                one("/careProvider", &case.care_provider, CareProvider),
                one("/municipality", &case.municipality, Municipality),
                corporation.and_then(|corporation| one("/corporation", corporation, HousingCorporation)),
            ];
            named.extend(lease.into_iter().flatten());
            named
        }
        Fact::ContactPersonAssigned(contact) => {
            let organisation = contact.organisation.as_ref().zip(kind_of(contact.party));
            vec![organisation.and_then(|(organisation, kind)| one("/organisation", organisation, kind))]
        }
        Fact::CaseDiscussed(discussed) => {
            let at_the_table = |attendee: &'f Attendee| {
                let organisation = attendee.organisation.as_ref().zip(kind_of(attendee.party));
                organisation.and_then(|(organisation, kind)| one("/attendees", organisation, kind))
            };
            discussed.attendees.iter().map(at_the_table).collect()
        }
        Fact::CorporationAssigned(assigned) => {
            vec![one("/corporation", &assigned.corporation, HousingCorporation)]
        }
        Fact::AssignmentReturned(returned) => {
            vec![one("/corporation", &returned.corporation, HousingCorporation)]
        }
        Fact::DwellingOffered(offer) => vec![one("/corporation", &offer.corporation, HousingCorporation)],
        Fact::HousedUnderIntermediaryLease(housed) => of_terms(&housed.terms),
        Fact::HousedUnderThreePartyLease(housed) => of_terms(&housed.terms),
        Fact::HousedUnderTemporaryLease(housed) => of_terms(&housed.terms),
        Fact::HousedUnderOwnLease(housed) => of_terms(&housed.terms),
        Fact::HeadLeaseTakenOver(taken_over) => {
            vec![one("/careProvider", &taken_over.care_provider, CareProvider)]
        }
        Fact::RegionTransferProposed(proposed) => of_region(&proposed.to),
        Fact::RegionTransferAccepted(accepted) => of_region(&accepted.to),
        Fact::SecondProviderJoined(joined) => {
            vec![one("/secondProvider", &joined.second_provider, CareProvider)]
        }
        Fact::SecondProviderLeft(left) => vec![one("/secondProvider", &left.second_provider, CareProvider)],
        Fact::TrajectoryTransferred(transfer) => vec![
            transfer.care_provider.as_ref().and_then(|to| one("/careProvider", to, CareProvider)),
            transfer.municipality.as_ref().and_then(|to| one("/municipality", to, Municipality)),
        ],
        _ => Vec::new(),
    };
    named.into_iter().flatten().collect()
}

fn lease_terms<'f>(
    care_provider: &'static str,
    corporation: &'static str,
    terms: &'f LeaseTerms,
) -> Vec<Option<Named<'f>>> {
    let provider = Named {
        field: care_provider,
        organisation: &terms.care_provider,
        kind: OrganisationKind::CareProvider,
    };
    let landlord = Named {
        field: corporation,
        organisation: &terms.corporation,
        kind: OrganisationKind::HousingCorporation,
    };
    vec![Some(provider), Some(landlord)]
}

/// The kind of the organisations that can be this party. A client is not an organisation.
fn kind_of(party: Party) -> Option<OrganisationKind> {
    match party {
        Party::Client => None,
        Party::CareProvider => Some(OrganisationKind::CareProvider),
        Party::HousingCorporation => Some(OrganisationKind::HousingCorporation),
        Party::Municipality => Some(OrganisationKind::Municipality),
        Party::MatchingPoint => Some(OrganisationKind::MatchingPoint),
    }
}
