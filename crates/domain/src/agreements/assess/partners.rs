//! Which organisations act for the parties, and what ends when another one takes a party's place
//! (`docs/DOMAIN.md` §3.8, [ADR 31](../../../../../docs/adr/0031-what-belongs-to-a-party-ends-with-it.md)).

use std::collections::{BTreeMap, BTreeSet};

use super::due::{Due, due_dates};
use super::open::{Open, Owner, PlacedFact};
use super::walk::{Starting, Walk};
use super::{Assessed, Closing, Start};
use crate::agreements::field::Scalar;
use crate::agreements::obligation::Obligation;
use crate::agreements::pattern::FactTypes;
use crate::day::Day;
use crate::ids::{ObligationId, OfferId, OrganisationId};
use crate::trajectory::fact::{Fact, FactType, LeaseTerms, Party};
use crate::trajectory::phase::Phase;

/// The organisations that act for the parties at some point of the walk.
#[derive(Default)]
pub(super) struct Acting<'f> {
    care_provider: Option<&'f OrganisationId>,
    municipality: Option<&'f OrganisationId>,
    /// The corporation in whose dwelling the client lives.
    landlord: Option<&'f OrganisationId>,
    /// The corporation whose accepted offer awaits its lease.
    accepted: Option<&'f OrganisationId>,
    assigned: Option<&'f OrganisationId>,
    offers: BTreeMap<OfferId, &'f OrganisationId>,
}

impl<'f> Acting<'f> {
    /// Applies a fact, and returns the organisations that it replaces.
    pub(super) fn step(&mut self, fact: &'f Fact) -> Vec<Owner<'f>> {
        let before = [
            (Party::CareProvider, self.care_provider),
            (Party::HousingCorporation, self.landlord),
            (Party::Municipality, self.municipality),
        ];
        self.apply(fact);
        let after = [self.care_provider, self.landlord, self.municipality];
        let replaced = |((party, before), after): ((Party, Option<&'f OrganisationId>), _)| {
            before.filter(|before| after != Some(*before)).map(|before| (party, before))
        };
        before.into_iter().zip(after).filter_map(replaced).collect()
    }

    fn apply(&mut self, fact: &'f Fact) {
        match fact {
            Fact::IntakeRegistered(intake) => {
                (self.care_provider, self.municipality) =
                    (Some(&intake.care_provider), Some(&intake.municipality));
            }
            Fact::RunningCaseTakenOver(case) => {
                (self.care_provider, self.municipality) =
                    (Some(&case.care_provider), Some(&case.municipality));
                self.assigned = case.corporation.as_ref();
                self.landlord = case.lease.as_ref().map(|lease| &lease.terms.corporation);
            }
            Fact::TrajectoryTransferred(transfer) => {
                self.care_provider = transfer.care_provider.as_ref().or(self.care_provider);
                self.municipality = transfer.municipality.as_ref().or(self.municipality);
            }
            Fact::RegionTransferAccepted(accepted) => {
                (self.care_provider, self.municipality) =
                    (Some(&accepted.to.care_provider), Some(&accepted.to.municipality));
                self.assigned = None;
            }
            Fact::CorporationAssigned(assigned) => self.assigned = Some(&assigned.corporation),
            Fact::AssignmentReturned(_) => self.assigned = None,
            Fact::DwellingOffered(offer) => {
                self.offers.insert(offer.offer_id, &offer.corporation);
            }
            Fact::OfferAccepted(accepted) => {
                self.accepted = self.offers.get(&accepted.offer_id).copied();
            }
            Fact::OfferWithdrawn(_) => self.accepted = None,
            Fact::HousedUnderIntermediaryLease(housed) => self.housed(&housed.terms),
            Fact::HousedUnderThreePartyLease(housed) => self.housed(&housed.terms),
            Fact::HousedUnderTemporaryLease(housed) => self.housed(&housed.terms),
            Fact::HousedUnderOwnLease(housed) => self.housed(&housed.terms),
            _ => {}
        }
    }

    fn housed(&mut self, terms: &'f LeaseTerms) {
        (self.landlord, self.accepted) = (Some(&terms.corporation), None);
    }

    /// The organisation to which a fact belongs, if it belongs to one.
    pub(super) fn owner(&self, fact: &'f Fact) -> Option<Owner<'f>> {
        let party = fact.belongs_to()?;
        let named = match fact {
            Fact::ContactPersonAssigned(contact) => contact.organisation.as_ref(),
            _ => None,
        };
        let acts = match party {
            Party::CareProvider => self.care_provider,
            Party::Municipality => self.municipality,
            Party::HousingCorporation => self.accepted.or(self.landlord).or(self.assigned),
            Party::Client | Party::MatchingPoint => None,
        };
        named.or(acts).map(|organisation| (party, organisation))
    }

    /// The corporation that an instance is about which this fact starts. None before the client has a
    /// landlord, and if it is about the search for a home.
    fn corporation_of(&self, start: Option<FactType>) -> Option<&'f OrganisationId> {
        let Some(kind) = start else { return self.landlord };
        if kind.concerns_the_lease_being_made() && self.accepted.is_some() {
            return self.accepted;
        }
        let in_the_search = kind == FactType::HousingRequested || !kind.row().phases.contains(&Phase::Housed);
        let moves_in = kind.concerns_the_lease();
        self.landlord.filter(|_| moves_in || !in_the_search)
    }

    /// Whether a fact counts for an instance that is about this corporation: the organisation to
    /// which it belongs acts for its party.
    pub(super) fn counts(&self, placed: PlacedFact<'_>, corporation: Option<&OrganisationId>) -> bool {
        let Some((party, organisation)) = placed.owner else { return true };
        let acts = match party {
            Party::CareProvider => self.care_provider,
            Party::Municipality => self.municipality,
            Party::HousingCorporation => corporation,
            Party::Client | Party::MatchingPoint => None,
        };
        acts.is_none_or(|acts| acts == organisation)
    }
}

/// The corporation that an instance is about.
pub(super) fn corporation<'f>(walk: &Walk<'_, 'f>, starting: &Starting<'_>) -> Option<&'f OrganisationId> {
    walk.acting.corporation_of(starting.fact.map(Fact::fact_type))
}

/// Ends what belongs to the organisations that a fact replaces, and starts for the new ones what they
/// must do again or still.
pub(super) fn replace<'f>(walk: &mut Walk<'_, 'f>, replaced: &[Owner<'f>], placed: PlacedFact<'f>) {
    for owner in replaced {
        match owner.0 {
            Party::HousingCorporation => left_behind(walk, owner.1, placed),
            party => {
                let theirs = belonging_to(walk, *owner, placed.on);
                let kept = kept_by_it(walk, &theirs);
                walk.forget_accords_of(party);
                let late = passed_on(walk, party, &theirs, placed);
                late.into_iter().chain(kept).for_each(|again| start_again(walk, again, placed));
            }
        }
    }
}

/// The numbers of the facts that belong to an organisation on a day. Plans of the guidance before the
/// flip, and aftercare that is over, belong to nobody any more.
fn belonging_to(walk: &mut Walk<'_, '_>, owner: Owner<'_>, on: Day) -> BTreeSet<u64> {
    walk.steps += (walk.history.len() + walk.closed.len() + walk.instances.len()) as u64;
    let flipped_at = walk.history.iter().rposition(|placed| placed.kind == FactType::ContractFlipped);
    let goes_on = |at: usize, fact: &Fact| match fact {
        Fact::GuidancePlanAgreed(_) | Fact::RelapsePlanAgreed(_) => flipped_at.is_none_or(|flip| flip < at),
        Fact::AftercareAgreed(aftercare) => aftercare.until.is_none_or(|until| until >= on),
        _ => true,
    };
    let theirs = walk.history.iter().enumerate();
    let theirs = theirs.filter(|(at, placed)| placed.owner == Some(owner) && goes_on(*at, placed.fact));
    theirs.map(|(_, placed)| placed.sequence).collect()
}

/// The client moved to a home of another corporation: what was open about the home of the former one
/// ends. The move starts what applies to the new home.
fn left_behind(walk: &mut Walk<'_, '_>, corporation: &OrganisationId, placed: PlacedFact<'_>) {
    let is_its_own = |open: &&mut Open<'_>| {
        open.corporation.as_ref() == Some(corporation)
            && open.assessed.responsible.contains(&Party::HousingCorporation)
    };
    walk.each_open()
        .filter(is_its_own)
        .for_each(|open| open.close(Closing::OtherParty, placed.on, vec![placed.sequence]));
}

/// An instance that starts again for another organisation.
struct Again<'s> {
    before: Assessed<'s>,
    reference: Option<Scalar>,
    /// Whether it was late: the new organisation gets the days of the set to make up for it.
    was_late: bool,
}

/// The open instances of a party that another organisation takes over. One that is not late passes on
/// with its date, without what belonged to the organisation before. One that is late ends, and is
/// returned.
fn passed_on<'s>(
    walk: &mut Walk<'s, '_>,
    party: Party,
    theirs: &BTreeSet<u64>,
    placed: PlacedFact<'_>,
) -> Vec<Again<'s>> {
    let mut late = Vec::new();
    for open in walk.each_open() {
        let is_late = open.assessed.late_since(placed.on).is_some();
        if open.assessed.responsible.contains(&party) && is_late {
            let (before, reference) = (open.assessed.clone(), open.reference.clone());
            late.push(Again { before, reference, was_late: true });
            open.close(Closing::OtherParty, placed.on, vec![placed.sequence]);
        } else {
            open.take_back(theirs);
        }
    }
    late
}

/// The instances, the last of each obligation and reference, that were kept by what belonged to an
/// organisation, unless they would have ended since.
fn kept_by_it<'s>(walk: &Walk<'s, '_>, theirs: &BTreeSet<u64>) -> Vec<Again<'s>> {
    let mut last: BTreeMap<(&ObligationId, Option<&str>), &Open<'s>> = BTreeMap::new();
    let closed = walk.closed.iter().map(|closed| &*closed.open);
    for instance in closed.chain(walk.instances.values().map(|instance| &*instance.open)) {
        let assessed = &instance.assessed;
        let newest = last.entry((&assessed.obligation.id, assessed.reference.as_deref())).or_insert(instance);
        if newest.ordinal < instance.ordinal {
            *newest = instance;
        }
    }
    let is_kept_by_them = |instance: &&Open<'s>| {
        instance.assessed.closed.as_ref().is_some_and(|closed| {
            let theirs = closed.evidence.iter().any(|sequence| theirs.contains(sequence));
            theirs && closed.how == Closing::Kept && closed.undone.is_none() && !is_over(walk, instance)
        })
    };
    let again = |instance: &Open<'s>| Again {
        before: instance.assessed.clone(),
        reference: instance.reference.clone(),
        was_late: false,
    };
    last.into_values().filter(is_kept_by_them).map(again).collect()
}

/// Whether something that ends the obligation happened after it was kept.
fn is_over(walk: &Walk<'_, '_>, instance: &Open<'_>) -> bool {
    let evidence = instance.assessed.evidence();
    let since = walk.history.iter().rev().take_while(|placed| !evidence.contains(&placed.sequence));
    let ends = &instance.assessed.obligation.ends_with;
    since.into_iter().any(|placed| ends.iter().any(|pattern| pattern.matches(placed.fact)))
}

/// Whether nothing keeps it but the facts that start it, such as what the lease must have in it.
fn is_kept_by_its_start(obligation: &Obligation) -> bool {
    let starts = obligation.starts_with.iter().fold(FactTypes::default(), |all, one| all.or(one.facts));
    !obligation.recurs && obligation.kept_by.patterns().all(|pattern| pattern.facts.are_among(starts))
}

/// Starts an obligation again for a party for which another organisation acts now: under the set in
/// force, if that has it.
fn start_again<'s, 'f>(walk: &mut Walk<'s, 'f>, again: Again<'s>, placed: PlacedFact<'f>) {
    let Again { before, reference, was_late } = again;
    let in_force = walk.set.and_then(|set| {
        let (agreement, obligation) = set.obligations().find(|(_, one)| one.id == before.obligation.id)?;
        Some((set, agreement, obligation))
    });
    let (set, agreement, obligation) = in_force.unwrap_or((before.set, before.agreement, before.obligation));
    let own = due_dates(obligation.deadline.as_ref(), placed.on, None, set).into_iter().next();
    let made_up = placed.on.plus_days(i32::from(set.transfers.catch_up_days));
    let due = match (before.due, own) {
        // What was to be kept before another fact, and was not, cannot be made up for.
        (Due::Before { .. }, _) if was_late => return,
        _ if was_late && is_kept_by_its_start(obligation) => return,
        (_, Some((None, Due::By(own)))) if was_late => Due::By(own.min(made_up)),
        _ if was_late => Due::By(made_up),
        (_, own) => own.map_or(Due::Whenever, |(_, due)| due),
    };
    let start = Start { sequence: placed.sequence, on: placed.on, counted_from: placed.on };
    let responsible = before.responsible.clone();
    let starting = Starting { start, fact: Some(placed.fact), reference: reference.clone(), responsible };
    let (paused, closed, start) = (Vec::new(), None, Some(start));
    let assessed = Assessed { set, agreement, obligation, start, due, paused, closed, ..before };
    walk.open(Open::new(assessed, reference), &starting);
}
