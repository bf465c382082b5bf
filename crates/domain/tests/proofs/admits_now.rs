//! What a case admits now, held against the rules in both directions: of each kind that it admits
//! some report is admitted, and of every other kind every example is refused.

use std::collections::BTreeMap;

use omklap_domain::trajectory::Trajectory;
use omklap_domain::trajectory::situation::Situation;
use omklap_domain::trajectory::state::{Lease, Loss};
use uuid::Uuid;

use super::drawn::{Dice, drawn};
use super::lives;
use super::named::{name_lease, name_nuisance_case, name_region, name_talk};
use super::walk::walks;
use crate::vocabulary::*;

#[test]
fn a_case_admits_the_kinds_of_which_some_report_is_admitted_and_no_others() {
    let others = [
        ready().then(housing_requested),
        preparing().then(readiness_confirmed),
        offered().then(offer_refused),
        housed_under_own_lease(),
        flipped(),
    ];
    let lives = Phase::ALL.into_iter().flat_map(lives::with_more).chain(others);
    let stories = lives.map(|life| (life.history, life.next));
    let drawn = walks().take(80).map(|walk| {
        let last = walk.history.happened().last().map(|(_, fact)| fact.occurred_on());
        (walk.history, last.expect("an intake").plus_days(1))
    });
    let mut compared = Compared::new();
    let until_today = |(_, on): &(History, Day)| *on <= rules().today;
    for (history, on) in stories.chain(drawn).filter(until_today) {
        compare(&history, on, &mut compared);
    }
    let needing = FactType::ALL.iter().filter(|kind| !kind.row().needs.is_empty());
    let untried: Vec<_> = needing
        .flat_map(|kind| [(*kind, true), (*kind, false)])
        // Every set that ships with omklap has this lease.
        .filter(|case| *case != (FactType::HousedUnderIntermediaryLease, false))
        .filter(|case| !compared.contains_key(case))
        .collect();
    assert!(untried.is_empty(), "the lives have no case of {untried:?}");
}

/// How often each kind was compared: where some report was admitted, and where none was.
type Compared = BTreeMap<(FactType, bool), u32>;

/// Each kind that the phase admits lacks nothing exactly if some report of it is admitted.
fn compare(history: &History, on: Day, compared: &mut Compared) {
    let Some(situation) = Situation::of(history.state(), on, &SETS) else { return };
    let kinds = history.state().phase.admits().into_iter();
    for kind in kinds.filter(|kind| *kind != FactType::EventCorrected) {
        let lacks: Vec<_> = situation.lacks(kind, |_| true).collect();
        let admitted = attempts(kind, on, history)
            .into_iter()
            .find(|fact| history.clone().report(fact.clone(), rules()).is_ok());
        let happened: Vec<_> = history.happened().map(|(_, fact)| fact.fact_type().as_str()).collect();
        assert_eq!(
            lacks.is_empty(),
            admitted.is_some(),
            "{kind} lacks {lacks:?}: {admitted:?} after {happened:?}"
        );
        *compared.entry((kind, admitted.is_some())).or_default() += 1;
    }
}

#[test]
fn a_housed_case_without_nuisance_admits_nothing_about_a_nuisance_case() {
    let story = housed();
    let situation = Situation::of(story.history.state(), story.next, &SETS).expect("it is open");
    let now = |kind: FactType| situation.lacks(kind, |_| true).next().is_none();
    let phase = story.phase().admits();
    let (named, others): (Vec<_>, Vec<_>) = phase.iter().copied().partition(|kind| now(*kind));
    for kind in [FactType::NuisanceReported, FactType::RentMissed, FactType::FlipTalkHeld] {
        assert!(named.contains(&kind), "{kind}");
    }
    for kind in
        [FactType::Escalated, FactType::ArrearsCleared, FactType::ReturnedHome, FactType::ContractFlipped]
    {
        assert!(others.contains(&kind), "{kind}");
    }
    for kind in &others {
        let attempts = attempts(*kind, story.next, &story.history);
        assert!(
            attempts.into_iter().all(|fact| story.history.clone().report(fact, rules()).is_err()),
            "{kind}"
        );
    }
}

/// Reports of a kind that try every way in which it might fit the case, and some drawn ones.
fn attempts(kind: FactType, on: Day, history: &History) -> Vec<Fact> {
    let fitting = [None, Some(AcuteGround::Fire)].into_iter().flat_map(|acute| {
        cases(history.state()).into_iter().flat_map(move |case| {
            Level::ALL.map(|level| {
                let mut fact = fact_of(kind, on);
                of_matching(&mut fact, history);
                of_living(&mut fact, history);
                of_signals(&mut fact, history.state(), case);
                of_nuisance(&mut fact, history, (case, level, acute));
                of_the_flip(&mut fact, history);
                fact
            })
        })
    });
    let random = (0..12_u64).map(|seed| {
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (kind as u64) << 7);
        drawn(kind, on, history, &mut dice)
    });
    let mut all: Vec<Fact> = fitting.chain(random).collect();
    all.dedup();
    all
}

/// The ids of the nuisance cases, and of one that does not exist.
fn cases(state: &Trajectory) -> Vec<NuisanceCaseId> {
    state.nuisance.keys().copied().chain([NuisanceCaseId(Uuid::from_u128(404))]).collect()
}

/// An id that nothing in the history has.
fn fresh(history: &History) -> Uuid {
    Uuid::from_u128(0xF5E5_0000 + u128::from(history.version()))
}

fn of_matching(fact: &mut Fact, history: &History) {
    let state = history.state();
    let open = state.offers.open.as_ref();
    let offer_id = open.map_or(OFFER, |offer| offer.id);
    match fact {
        Fact::ConsentWithdrawn(consent) => {
            consent.scope = state.consents.iter().next().copied().unwrap_or(consent.scope);
        }
        Fact::DwellingOffered(offer) => {
            offer.offer_id = OfferId(fresh(history));
            offer.corporation = state.corporation.clone().unwrap_or_else(|| offer.corporation.clone());
            offer.respond_by = None;
        }
        Fact::OfferAccepted(accepted) => accepted.offer_id = offer_id,
        Fact::OfferRefused(refused) => refused.offer_id = offer_id,
        Fact::FittingTestDone(tested) => tested.offer_id = offer_id,
        Fact::OfferWithdrawn(withdrawn) => withdrawn.offer_id = offer_id,
        Fact::HousedUnderIntermediaryLease(housed) => sign(&mut housed.terms, history),
        Fact::HousedUnderThreePartyLease(housed) => {
            housed.guarantee_fund = false;
            sign(&mut housed.terms, history);
        }
        Fact::HousedUnderTemporaryLease(housed) => sign(&mut housed.terms, history),
        Fact::HousedUnderOwnLease(housed) => sign(&mut housed.terms, history),
        _ => {}
    }
}

/// Lets a claim rest on a loss that the fund covers, if there is one.
fn rest_on_a_loss(claim: &mut GuaranteeFundClaimed, state: &Trajectory) {
    let set = state.agreement_set.as_ref().and_then(|set| SETS.get(set));
    let fund = set.and_then(|set| set.guarantee_fund.as_ref());
    let to_claim = |loss: &Loss| loss.is_open() && fund.is_some_and(|fund| fund.covers(loss));
    claim.amount_cents = Cents::try_from(1_i64).expect("a cent");
    claim.damage_id = state.damages.iter().find(|(_, loss)| to_claim(loss)).map(|(id, _)| *id);
    if claim.damage_id.is_none() {
        claim.ground = ClaimGround::Arrears;
        let rent = state.rents_missed.iter().find(|(_, loss)| to_claim(loss));
        claim.rents_due_on = rent.map(|(due_on, _)| *due_on).into_iter().collect();
    }
}

fn sign(terms: &mut LeaseTerms, history: &History) {
    let state = history.state();
    terms.lease_id = LeaseId(fresh(history));
    if let (Some(offer), Some(partners)) = (&state.offers.open, &state.partners) {
        terms.unit = offer.unit.clone();
        terms.corporation = offer.corporation.clone();
        terms.rent_cents = offer.rent;
        terms.care_provider = partners.care_provider.clone();
    }
}

fn of_living(fact: &mut Fact, history: &History) {
    let state = history.state();
    name_lease(fact, state);
    let request = state.return_request.as_ref().map_or(REQUEST, |request| request.id);
    match fact {
        Fact::LeaseExtended(extended) => {
            if let Some(lease) = &state.tenancy.lease {
                extended.ends_on = lease.ends_on.unwrap_or(extended.ends_on).plus_months(6);
            }
        }
        Fact::LeaseEndAgreed(agreed) => agreed.signed_by = THE_THREE.to_vec(),
        Fact::RegionTransferProposed(_) | Fact::RegionTransferAccepted(_) => name_region(fact, state),
        Fact::FirstRentRepaid(repaid) => {
            repaid.amount_cents = Cents::try_from(state.advanced_cents.max(1)).expect("an amount");
        }
        Fact::SecondProviderJoined(joined) if !state.second_providers.is_empty() => {
            joined.second_provider = code("wijkteam-oost");
        }
        Fact::DamageReported(damage) => damage.damage_id = DamageId(fresh(history)),
        Fact::DamageSettled(settled) => {
            let open = state.damages.iter().find(|(_, damage)| damage.is_open());
            settled.damage_id = open.map_or(settled.damage_id, |(id, _)| *id);
        }
        Fact::GuaranteeFundClaimed(claim) => {
            claim.claim_id = ClaimId(fresh(history));
            rest_on_a_loss(claim, state);
        }
        Fact::GuaranteeFundSettled(settled) => {
            let open = state.claims.iter().find_map(|(id, claim)| claim.open.map(|claimed| (*id, claimed)));
            (settled.claim_id, settled.awarded_cents) =
                open.unwrap_or((settled.claim_id, settled.awarded_cents));
        }
        Fact::FollowUpCheckHeld(check) => check.month = month_of_a_check(state, check.occurred_on),
        Fact::FollowUpCheckMissed(check) => {
            check.month = (1..=36).find(|month| !state.checks_held.contains(month)).expect("a month");
        }
        Fact::ReturnRequestWithdrawn(withdrawn) => withdrawn.request_id = request,
        Fact::ReturnRequested(requested) => requested.request_id = ReturnRequestId(fresh(history)),
        Fact::LightWmoTestDone(test) => test.request_id = request,
        Fact::ReturnedToShelter(back) => back.request_id = request,
        Fact::FollowUpEnded(end) => end.outcome = Outcome::Deceased,
        Fact::TrajectoryEnded(end) => end.outcome = Outcome::Withdrew,
        _ => {}
    }
}

/// Each signal in turn takes the place of the case.
fn of_signals(fact: &mut Fact, state: &Trajectory, case: NuisanceCaseId) {
    let open = state.signals.iter().find(|(_, signal)| !signal.answered).map(|(id, _)| *id);
    match fact {
        Fact::SignalReported(signal) => signal.signal_id = SignalId(Uuid::from_u128(case.0.as_u128() ^ 0x51)),
        Fact::SignalAnswered(answer) => answer.signal_id = open.unwrap_or(SIGNAL),
        Fact::GuidanceScaled(scaled) => scaled.signal_id = None,
        _ => {}
    }
}

fn of_nuisance(
    fact: &mut Fact,
    history: &History,
    (id, level, acute): (NuisanceCaseId, Level, Option<AcuteGround>),
) {
    let tenancy = &history.state().tenancy;
    let on = fact.occurred_on();
    name_nuisance_case(fact, id);
    match fact {
        Fact::NuisanceReported(report) => report.case_id = NuisanceCaseId(fresh(history)),
        Fact::TemporaryPlacementStarted(placement) => placement.nuisance_case = None,
        Fact::Escalated(up) => {
            (up.to_level, up.acute, up.client_heard_on) = (level, acute, Some(on));
        }
        Fact::WarningIssued(warning) => {
            (warning.ground, warning.case_id) = (TerminationGround::Other, None);
            warning.explanation = Some("a room is let to others".into());
            warning.by = tenancy.lease.as_ref().map_or(Party::CareProvider, Lease::landlord);
        }
        Fact::Deescalated(down) => {
            (down.to_level, down.reviewed_on) = (level, on);
        }
        Fact::LeaseTerminationStarted(termination) => {
            (termination.ground, termination.case_id) = (TerminationGround::Other, None);
            (termination.acute, termination.notice_until) = (acute, on.plus_months(6));
        }
        Fact::EvictionOrdered(ordered) => {
            ordered.case_id = tenancy.termination.map_or(Some(id), |ending| ending.case);
        }
        Fact::EvictionPrevented(prevented) => {
            prevented.case_id = tenancy.termination.map_or(Some(id), |ending| ending.case);
        }
        _ => {}
    }
}

fn of_the_flip(fact: &mut Fact, history: &History) {
    let state = history.state();
    name_talk(fact, state.flip.talk.unwrap_or(TALK));
    match fact {
        Fact::FlipTalkHeld(held) => held.talk_id = FlipTalkId(fresh(history)),
        Fact::FlipConditionReviewed(reviewed) => {
            reviewed.kind = state.flip.conditions.iter().next().copied().unwrap_or(reviewed.kind);
        }
        Fact::FlipPositionGiven(given) => {
            given.position = Position::NotYet;
            given.reason = Some("not like this".into());
        }
        Fact::ContractFlipped(flip) => {
            let lease = state.tenancy.lease.as_ref();
            let sublet = lease.is_some_and(|lease| lease.model == Some(ContractModel::Intermediary));
            flip.rent_cents = state.flip.disclosed_rent.unwrap_or(flip.rent_cents);
            flip.sublease_ends_on = sublet.then_some(flip.occurred_on);
        }
        _ => {}
    }
}

/// A month whose check may be held on this day, if there is one.
fn month_of_a_check(state: &Trajectory, on: Day) -> u8 {
    let set = state.agreement_set.as_ref().and_then(|set| SETS.get(set));
    let fits = |month: &u8| {
        !state.checks_held.contains(month)
            && set
                .zip(state.flip.flipped_on)
                .is_some_and(|(set, flipped_on)| set.follow_up.is_around(flipped_on, *month, on))
    };
    (1..=120).find(fits).unwrap_or(1)
}
