//! From a history to its holds.
//!
//! An offer holds the home from its day up to the last day to answer; once it is accepted, until it
//! is withdrawn or a lease begins. A lease holds it until the client lives elsewhere, the landlord
//! reports its end, or the case ends: afterwards the ledger knows nothing of the home (decision). A
//! last day that was agreed ends it as well. The day on which a hold ends is the next one's.

use super::{HeldBy, Hold};
use crate::agreements::AgreementSets;
use crate::day::Day;
use crate::ids::{ComplexId, LeaseId, OrganisationId, UnitId, VacancyId};
use crate::trajectory::History;
use crate::trajectory::fact::{AgreementSetVersion, DwellingOffered, Fact, LeaseTerms};
use crate::trajectory::phase::{Leads, Phase};

pub(super) fn walk(history: &History, sets: &AgreementSets) -> Vec<Hold> {
    let mut walk = Walk { sets, at_once: 1, offer: None, lease: None, temporary: None, ended: Vec::new() };
    for (sequence, fact) in history.happened() {
        walk.lease_follows(sequence, fact);
        walk.offer_follows(sequence, fact);
    }
    let Walk { offer, lease, temporary, ended, .. } = walk;
    ended.into_iter().chain([offer, lease, temporary].into_iter().flatten()).collect()
}

/// What is held on the way through a history.
struct Walk<'s> {
    sets: &'s AgreementSets,
    /// How many offers at once the agreements in force allow.
    at_once: u8,
    offer: Option<Hold>,
    lease: Option<Hold>,
    /// The temporary home during a renovation.
    temporary: Option<Hold>,
    ended: Vec<Hold>,
}

/// The home of a lease, and the fact that names it.
struct Home<'f> {
    sequence: u64,
    corporation: &'f OrganisationId,
    unit: &'f UnitId,
    complex: Option<&'f ComplexId>,
    vacancy: Option<VacancyId>,
    lease: LeaseId,
}

impl Home<'_> {
    fn held(&self, since: Day, until: Option<Day>) -> Hold {
        Hold {
            opened_by: self.sequence,
            corporation: self.corporation.clone(),
            unit: self.unit.clone(),
            complex: self.complex.cloned(),
            vacancy: self.vacancy,
            what: HeldBy::Lease,
            id: self.lease.0,
            since,
            until,
            at_once: 1,
            respond_by: None,
            let_in: None,
        }
    }
}

impl Walk<'_> {
    fn offer_follows(&mut self, sequence: u64, fact: &Fact) {
        match fact {
            Fact::IntakeRegistered(intake) => self.bound_to(&intake.agreement_set),
            Fact::RunningCaseTakenOver(case) => self.bound_to(&case.agreement_set),
            Fact::AgreementSetChanged(changed) => self.bound_to(&changed.agreement_set),
            Fact::DwellingOffered(offer) => {
                self.end_offer(offer.occurred_on);
                self.offer = Some(self.offered(sequence, offer));
            }
            Fact::OfferAccepted(_) => {
                if let Some(offer) = &mut self.offer {
                    (offer.until, offer.respond_by) = (None, None);
                }
            }
            _ if leaves_the_offer(fact) => self.end_offer(fact.occurred_on()),
            _ => {}
        }
    }

    fn bound_to(&mut self, set: &AgreementSetVersion) {
        self.at_once = self.sets.get(set).map_or(1, |set| set.matching.offers_at_once);
    }

    fn offered(&self, sequence: u64, offer: &DwellingOffered) -> Hold {
        Hold {
            opened_by: sequence,
            corporation: offer.corporation.clone(),
            unit: offer.unit.clone(),
            complex: offer.complex.clone(),
            vacancy: offer.vacancy,
            what: HeldBy::Offer,
            id: offer.offer_id.0,
            since: offer.occurred_on,
            until: offer.respond_by.map(the_day_after),
            at_once: self.at_once,
            respond_by: offer.respond_by,
            let_in: Some(offer.municipality.clone()),
        }
    }

    fn lease_follows(&mut self, sequence: u64, fact: &Fact) {
        match fact {
            Fact::RunningCaseTakenOver(case) => {
                if let Some(lease) = &case.lease {
                    self.move_in(sequence, &lease.terms, lease.started_on, None);
                }
            }
            Fact::HousedUnderIntermediaryLease(housed) => {
                self.move_in(sequence, &housed.terms, housed.occurred_on, None);
            }
            Fact::HousedUnderThreePartyLease(housed) => {
                self.move_in(sequence, &housed.terms, housed.occurred_on, None);
            }
            Fact::HousedUnderOwnLease(housed) => {
                self.move_in(sequence, &housed.terms, housed.occurred_on, None);
            }
            Fact::HousedUnderTemporaryLease(housed) => {
                self.move_in(sequence, &housed.terms, housed.occurred_on, Some(housed.ends_on));
            }
            Fact::LeaseExtended(extended) => self.lease_lasts_until(extended.ends_on),
            Fact::LeaseEndAgreed(agreed) => self.lease_lasts_until(agreed.ends_on),
            Fact::ContractFlipped(flip) => {
                self.replace_lease(sequence, flip.own_lease_starts_on, |home| {
                    Home { lease: flip.lease_id, ..home }.held(flip.own_lease_starts_on, None)
                });
            }
            Fact::DwellingRedivided(redivided) => {
                // A last day that is over says nothing of a dwelling in which the client lives on.
                let agreed = self.lease.as_ref().and_then(|lease| lease.until);
                let until = agreed.filter(|until| *until > redivided.occurred_on);
                self.replace_lease(sequence, redivided.occurred_on, |home| {
                    Home { unit: &redivided.unit, ..home }.held(redivided.occurred_on, until)
                });
            }
            Fact::RenovationStarted(started) => {
                let temporary = self.lease.as_ref().map(|lease| {
                    let home = home_of(lease, sequence);
                    let home = Home { unit: &started.temporary_unit, complex: None, vacancy: None, ..home };
                    home.held(started.occurred_on, None)
                });
                self.end_temporary(started.occurred_on);
                self.temporary = temporary;
            }
            Fact::RenovationEnded(ended) => self.end_temporary(ended.occurred_on),
            _ if leaves_the_home(fact) => self.leave(fact.occurred_on()),
            _ => {}
        }
    }

    fn move_in(&mut self, sequence: u64, terms: &LeaseTerms, on: Day, last_day: Option<Day>) {
        self.leave(on);
        let LeaseTerms { corporation, unit, lease_id: lease, .. } = terms;
        // The offer that the lease follows ends after this.
        let offer = self.offer.as_ref();
        let complex = offer.and_then(|offer| offer.complex.as_ref());
        let vacancy = offer.and_then(|offer| offer.vacancy);
        let home = Home { sequence, corporation, unit, complex, vacancy, lease: *lease };
        let let_in = offer.and_then(|offer| offer.let_in.clone());
        self.lease = Some(Hold { let_in, ..home.held(on, last_day.map(the_day_after)) });
    }

    fn lease_lasts_until(&mut self, last_day: Day) {
        if let Some(lease) = &mut self.lease {
            lease.until = Some(the_day_after(last_day));
        }
    }

    /// Another lease, or another dwelling, takes the place of the one that runs.
    fn replace_lease(&mut self, sequence: u64, on: Day, next: impl FnOnce(Home<'_>) -> Hold) {
        let Some(before) = self.lease.take() else { return };
        self.lease = Some(next(home_of(&before, sequence)));
        self.ended.extend(ended(before, on));
    }

    fn leave(&mut self, on: Day) {
        self.ended.extend(self.lease.take().and_then(|lease| ended(lease, on)));
        self.end_temporary(on);
    }

    fn end_temporary(&mut self, on: Day) {
        self.ended.extend(self.temporary.take().and_then(|home| ended(home, on)));
    }

    fn end_offer(&mut self, on: Day) {
        let open = self.offer.take().map(|offer| Hold { respond_by: None, ..offer });
        self.ended.extend(open.and_then(|offer| ended(offer, on)));
    }
}

fn home_of(lease: &Hold, sequence: u64) -> Home<'_> {
    let Hold { corporation, unit, complex, vacancy, id, .. } = lease;
    Home { sequence, corporation, unit, complex: complex.as_ref(), vacancy: *vacancy, lease: LeaseId(*id) }
}

/// A hold that ends on this day, if it held the home for a day at all.
fn ended(hold: Hold, on: Day) -> Option<Hold> {
    let until = hold.until.map_or(on, |until| until.min(on));
    (hold.since < until).then_some(Hold { until: Some(until), ..hold })
}

fn the_day_after(day: Day) -> Day {
    day.plus_days(1)
}

pub(super) fn may_change(fact: &Fact) -> bool {
    let in_itself = matches!(
        fact,
        Fact::RunningCaseTakenOver(_)
            | Fact::DwellingOffered(_)
            | Fact::OfferAccepted(_)
            | Fact::LeaseExtended(_)
            | Fact::LeaseEndAgreed(_)
            | Fact::ContractFlipped(_)
            | Fact::DwellingRedivided(_)
            | Fact::RenovationStarted(_)
            | Fact::RenovationEnded(_)
            | Fact::EventCorrected(_)
    );
    in_itself || leaves_the_offer(fact) || leaves_the_home(fact)
}

/// Whether an open offer ends with this fact: it leads to a phase in which none is open.
fn leaves_the_offer(fact: &Fact) -> bool {
    match fact.fact_type().row().leads {
        Leads::Nowhere | Leads::AsStated => false,
        Leads::BackFromMatching => true,
        Leads::To(phase) => !matches!(phase, Phase::Offered | Phase::Contracting),
    }
}

/// Whether the home is free after this fact, as far as the ledger knows: the case or the tenancy
/// ended.
fn leaves_the_home(fact: &Fact) -> bool {
    let ends_the_case = matches!(fact.fact_type().row().leads, Leads::To(Phase::Ended));
    ends_the_case || matches!(fact, Fact::TenancyEnded(_) | Fact::ReturnedToShelter(_))
}
