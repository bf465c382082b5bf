//! Draws a random fact: usually one that is admissible, and sometimes one that is not.

use omklap_domain::trajectory::Trajectory;
use omklap_domain::trajectory::state::{Lease, Offer};
use uuid::Uuid;

use super::named::{name_lease, name_nuisance_case, name_region, name_talk};
use crate::vocabulary::*;

/// A number that picks use up. A smaller number picks earlier choices, so that examples shrink
/// well.
pub struct Dice(pub u64);

impl Dice {
    /// A number below `choices`.
    pub fn pick(&mut self, choices: u64) -> u64 {
        let picked = self.0 % choices;
        self.0 /= choices;
        picked
    }

    pub fn one_of<T: Clone>(&mut self, choices: &[T]) -> T {
        let count = u64::try_from(choices.len()).expect("few choices");
        choices[usize::try_from(self.pick(count)).expect("below the number of choices")].clone()
    }

    fn seldom(&mut self) -> bool {
        self.pick(8) == 7
    }

    /// One of a few ids, so that the same ids occur again.
    fn id(&mut self) -> Uuid {
        Uuid::from_u128(u128::from(self.pick(4)) + 1)
    }

    fn level(&mut self) -> Level {
        self.one_of(&Level::ALL)
    }
}

/// A random fact of this kind.
pub fn drawn(kind: FactType, on: Day, history: &History, dice: &mut Dice) -> Fact {
    let state = history.state();
    let mut fact = fact_of(kind, on);
    opening(&mut fact, dice);
    matching(&mut fact, state, dice);
    living(&mut fact, state, dice);
    nuisance(&mut fact, state, dice);
    flip(&mut fact, state, dice);
    always(&mut fact, history, dice);
    fact
}

fn opening(fact: &mut Fact, dice: &mut Dice) {
    let sets = ["amsterdam-2018", "noord-limburg", "almere", "amsterdam-2020"];
    match fact {
        Fact::IntakeRegistered(intake) => intake.agreement_set = bound_to(dice.one_of(&sets)),
        Fact::AgreementSetChanged(changed) => changed.agreement_set = bound_to(dice.one_of(&sets)),
        Fact::RunningCaseTakenOver(case) => {
            let on = case.occurred_on;
            *case = match dice.pick(5) {
                0 => taken_over_housed(on),
                1 => taken_over_flipped(on),
                2 => taken_over_as(Phase::Matching, on),
                3 => taken_over_as(Phase::Ready, on),
                _ => taken_over(on),
            };
            if dice.pick(2) == 1 {
                let (case_id, level) = (NuisanceCaseId(dice.id()), dice.level());
                case.open_nuisance_cases = vec![RunningNuisanceCase { case_id, level, reported_on: on }];
            }
        }
        Fact::ConsentGiven(consent) => {
            consent.scope = dice.one_of(&[ConsentScope::Health, ConsentScope::Finances]);
        }
        Fact::ConsentWithdrawn(consent) => {
            consent.scope = dice.one_of(&[ConsentScope::Health, ConsentScope::Finances]);
        }
        _ => {}
    }
}

fn matching(fact: &mut Fact, state: &Trajectory, dice: &mut Dice) {
    let open = state.offers.open.as_ref();
    let answered = open.map_or(OFFER, |offer| offer.id);
    match fact {
        Fact::DwellingOffered(offer) => {
            offer.offer_id = OfferId(dice.id());
            offer.nuisance_on_file = dice.seldom();
            offer.unit = code(dice.one_of(&["VHE-1", "VHE-2", "VHE-3"]));
            offer.respond_by = offer.respond_by.filter(|_| dice.pick(2) == 0);
        }
        Fact::OfferAccepted(accepted) => accepted.offer_id = answered,
        Fact::OfferRefused(refused) => {
            refused.offer_id = answered;
            refused.ground = dice.one_of(&[RefusalGround::RentTooHigh, RefusalGround::NotAnsweredInTime]);
        }
        Fact::FittingTestDone(tested) => tested.offer_id = answered,
        Fact::OfferWithdrawn(withdrawn) => withdrawn.offer_id = answered,
        Fact::HousedUnderIntermediaryLease(housed) => sign(&mut housed.terms, open, state, dice),
        Fact::HousedUnderThreePartyLease(housed) => {
            let set = state.agreement_set.as_ref().and_then(|set| SETS.get(set));
            housed.guarantee_fund = set.is_some_and(|set| set.guarantee_fund.is_some());
            sign(&mut housed.terms, open, state, dice);
        }
        Fact::HousedUnderTemporaryLease(housed) => sign(&mut housed.terms, open, state, dice),
        Fact::HousedUnderOwnLease(housed) => sign(&mut housed.terms, open, state, dice),
        Fact::FlipConditionsSet(conditions) => conditions.acknowledged_by_client = !dice.seldom(),
        _ => {}
    }
}

fn sign(terms: &mut LeaseTerms, open: Option<&Offer>, state: &Trajectory, dice: &mut Dice) {
    terms.lease_id = LeaseId(dice.id());
    if let Some(offer) = open {
        terms.unit = offer.unit.clone();
    }
    if let Some(partners) = &state.partners {
        terms.care_provider = partners.care_provider.clone();
    }
}

fn living(fact: &mut Fact, state: &Trajectory, dice: &mut Dice) {
    let id = dice.id();
    name_lease(fact, state);
    let request = state.return_request.as_ref().map_or(REQUEST, |request| request.id);
    match fact {
        Fact::SignalReported(signal) => signal.signal_id = SignalId(id),
        Fact::SignalAnswered(answer) => answer.signal_id = SignalId(id),
        Fact::GuidanceScaled(scaled) => scaled.signal_id = (dice.pick(2) == 1).then_some(SignalId(id)),
        Fact::LeaseEndAgreed(agreed) => agreed.signed_by.push(Party::HousingCorporation),
        Fact::DamageReported(damage) => damage.damage_id = DamageId(id),
        Fact::DamageSettled(settled) => {
            settled.damage_id = state.damages.keys().next_back().copied().unwrap_or(settled.damage_id);
        }
        Fact::GuaranteeFundClaimed(claim) => {
            claim.claim_id = ClaimId(id);
            claim.damage_id = state.damages.keys().next_back().copied();
            if claim.damage_id.is_none() {
                claim.ground = ClaimGround::Arrears;
                claim.rents_due_on = state.rents_missed.keys().copied().collect();
            }
        }
        Fact::GuaranteeFundSettled(settled) => {
            let claimed = state.claims.keys().next_back().copied();
            settled.claim_id = claimed.unwrap_or(ClaimId(id));
        }
        Fact::FollowUpCheckHeld(check) => check.month = dice.one_of(&[3, 6, 12]),
        Fact::FollowUpCheckMissed(check) => check.month = dice.one_of(&[3, 6, 12]),
        Fact::ReturnRequested(request) => request.request_id = ReturnRequestId(id),
        Fact::LightWmoTestDone(test) => {
            test.request_id = request;
            test.granted = !dice.seldom();
        }
        // Most lives keep their request, so that some lead to a return.
        Fact::ReturnRequestWithdrawn(withdrawn) if dice.pick(3) == 0 => withdrawn.request_id = request,
        Fact::ReturnRequestWithdrawn(withdrawn) => withdrawn.request_id = ReturnRequestId(id),
        Fact::ReturnedToShelter(back) => back.request_id = request,
        _ => {}
    }
}

fn nuisance(fact: &mut Fact, state: &Trajectory, dice: &mut Dice) {
    let known: Vec<_> = state.nuisance.keys().copied().collect();
    let id = if known.is_empty() || dice.seldom() { NuisanceCaseId(dice.id()) } else { dice.one_of(&known) };
    let from = state.nuisance.get(&id).map_or(Level::REPORTED, |case| case.level);
    let landlord = state.tenancy.lease.as_ref().map_or(Party::CareProvider, Lease::landlord);
    let ending = state.tenancy.termination.map(|ending| ending.case);
    name_nuisance_case(fact, id);
    match fact {
        Fact::NuisanceReported(report) => {
            report.case_id = NuisanceCaseId(dice.id());
            report.earlier_case = dice.seldom().then_some(id);
        }
        Fact::TemporaryPlacementStarted(placement) => {
            placement.nuisance_case = (dice.pick(2) == 1).then_some(id);
        }
        Fact::Escalated(up) => {
            up.to_level = if dice.seldom() { dice.level() } else { from.next().unwrap_or(from) };
            up.acute = dice.seldom().then_some(AcuteGround::Threat);
        }
        Fact::WarningIssued(warning) => {
            let about = dice.one_of(&[TerminationGround::Nuisance, TerminationGround::Arrears]);
            (warning.ground, warning.case_id) = (about, (about == TerminationGround::Nuisance).then_some(id));
            warning.by = landlord;
        }
        Fact::Deescalated(down) => down.to_level = dice.level(),
        Fact::LeaseTerminationStarted(termination) => {
            let about = dice.one_of(&[TerminationGround::Nuisance, TerminationGround::Other]);
            (termination.ground, termination.case_id) =
                (about, (about == TerminationGround::Nuisance).then_some(id));
            termination.acute = (dice.pick(2) == 1).then_some(AcuteGround::Fire);
        }
        Fact::EvictionOrdered(ordered) => ordered.case_id = ending.unwrap_or(Some(id)),
        Fact::EvictionPrevented(prevented) => prevented.case_id = ending.unwrap_or(Some(id)),
        _ => {}
    }
}

fn flip(fact: &mut Fact, state: &Trajectory, dice: &mut Dice) {
    let talk = state.flip.talk.filter(|_| !dice.seldom()).unwrap_or(TALK);
    name_talk(fact, talk);
    match fact {
        Fact::FlipTalkHeld(talk) => talk.talk_id = FlipTalkId(dice.id()),
        Fact::FlipPositionGiven(given) => {
            let agrees = |party: &&Party| state.flip.positions.get(party) == Some(&Position::Agree);
            let silent = THE_THREE.iter().find(|party| !agrees(party)).copied();
            given.party = silent.unwrap_or_else(|| dice.one_of(&THE_THREE));
            given.position = if dice.seldom() { Position::Disagree } else { Position::Agree };
            given.reason = (given.position != Position::Agree).then(|| "not like this".into());
        }
        Fact::ContractFlipped(flip) => {
            flip.rent_cents = state.flip.disclosed_rent.unwrap_or(flip.rent_cents);
        }
        _ => {}
    }
}

fn always(fact: &mut Fact, history: &History, dice: &mut Dice) {
    use Outcome::{Deceased, Evicted, FollowUpCompleted, NotReady, PlacementEnded, Withdrew};
    match fact {
        Fact::DepartureAgreed(departure) => {
            departure.obligation = code(dice.one_of(&["4.5", "4.2", "6.3", "9.2"]));
        }
        Fact::RegionTransferProposed(_) | Fact::RegionTransferAccepted(_) => {
            name_region(fact, history.state());
        }
        Fact::TrajectoryTransferred(transfer) => {
            transfer.care_provider = Some(code(dice.one_of(&["het-anker", "de-vaart"])));
        }
        Fact::TrajectoryEnded(end) => {
            end.outcome = dice.one_of(&[Withdrew, PlacementEnded, Evicted, Deceased, NotReady]);
        }
        Fact::FollowUpEnded(end) => end.outcome = dice.one_of(&[FollowUpCompleted, Evicted, Deceased]),
        Fact::EventCorrected(correction) => {
            correction.corrects = dice.pick(history.version() + 1);
            if dice.pick(2) == 1 {
                let kind = dice.one_of(FactType::ALL);
                correction.replacement = Some(Box::new(fact_of(kind, correction.occurred_on)));
            }
        }
        _ => {}
    }
}
