//! From the request to the keys: offers made, refused, withdrawn and accepted.

use omklap_domain::ids::OfferId;
use omklap_domain::trajectory::fact::{
    Bottleneck, CaseDiscussed, Considerations, CorporationAssigned, DwellingOffered, HousingRequested,
    MissingItem, OfferAccepted, OfferRefused, OfferWithdrawn, Outcome, Party, ReadinessRevoked,
    RefusalGround, RequestReturned, SecondOfferGranted, WithdrawalGround,
};

use super::moving_in;
use super::preparation::{become_ready, contact_person, end};
use super::profile::set_profile;
use super::teller::{Over, Teller, Told, written};
use super::words;

const WITHDRAWN_BECAUSE: &[WithdrawalGround] = &[
    WithdrawalGround::DwellingNotAvailable,
    WithdrawalGround::NuisanceCameToLight,
    WithdrawalGround::OfferedByMistake,
];

const REFUSED_BECAUSE: &[RefusalGround] = &[
    RefusalGround::TooFarFromNetwork,
    RefusalGround::DwellingDoesNotFit,
    RefusalGround::NeighbourhoodDoesNotFit,
    RefusalGround::RentTooHigh,
    RefusalGround::Other,
];

/// How one offer went.
enum Answer {
    Accepted,
    /// The client used the offer up.
    Refused,
    /// The corporation took it back.
    Withdrawn,
}

/// Everything from the request to the day of the keys; or the end, where it comes to nothing.
pub(super) fn find_a_home(teller: &mut Teller<'_>) -> Told {
    request(teller)?;
    loop {
        wait_for_a_dwelling(teller)?;
        let offer = offer(teller)?;
        match answer(teller, offer)? {
            Answer::Accepted => return moving_in::get_the_keys(teller),
            Answer::Withdrawn => {}
            Answer::Refused => another_offer(teller)?,
        }
        if teller.state().tenancy.lease.is_none() && teller.trouble(0.08) {
            not_ready_after_all(teller)?;
        }
    }
}

fn request(teller: &mut Teller<'_>) -> Told {
    teller.pass(3..25)?;
    nominate(teller)?;
    if teller.chance(0.1) {
        teller.pass(2..10)?;
        let missing = vec![teller.one_of(&[
            MissingItem::Income,
            MissingItem::Debts,
            MissingItem::IdentityDocument,
            MissingItem::GuidancePlan,
        ])];
        let notes = teller.perhaps(words::REQUEST_INCOMPLETE);
        teller.say(RequestReturned { occurred_on: teller.today, missing, notes })?;
        teller.pass(4..20)?;
        nominate(teller)?;
    }
    teller.pass(2..15)?;
    let corporation = written(teller.one_of(teller.region.corporations));
    teller.say(CorporationAssigned { occurred_on: teller.today, corporation })?;
    contact_person(teller, Party::HousingCorporation)
}

fn nominate(teller: &mut Teller<'_>) -> Told {
    let application = Some(teller.code("aanmelding:"));
    teller.say(HousingRequested { occurred_on: teller.today, application })
}

/// In four of five cases a home is offered within three months (`domain.md` §6).
fn wait_for_a_dwelling(teller: &mut Teller<'_>) -> Told {
    if teller.chance(0.8) {
        return teller.pass(15..80);
    }
    teller.pass(60..95)?;
    discuss(teller, Bottleneck::DwellingSupply)?;
    teller.pass(15..120)
}

/// The case is brought to the case table.
pub(super) fn discuss(teller: &mut Teller<'_>, bottleneck: Bottleneck) -> Told {
    let outcome = teller.words(words::CASE_TABLE);
    teller.note(CaseDiscussed { occurred_on: teller.today, bottleneck, outcome })
}

fn offer(teller: &mut Teller<'_>) -> Result<OfferId, Over> {
    let offer_id = OfferId(teller.id());
    let at = teller.one_of(teller.region.municipalities);
    let considerations = Considerations {
        wishes: teller.words(words::WISHES),
        profile: teller.words(words::PROFILE_WEIGHED),
        dwelling: teller.words(words::DWELLINGS),
        neighbourhood: teller.words(words::STAIRWELLS),
        network: teller.words(words::NETWORK),
        day_activity: teller.words(words::DAY_ACTIVITY),
    };
    let corporation = teller.state().corporation.clone().expect("it was assigned with the request");
    let offered = DwellingOffered {
        occurred_on: teller.today,
        offer_id,
        corporation,
        unit: teller.code("VHE-"),
        complex: teller.chance(0.5).then(|| teller.code("C-")),
        municipality: written(at.code),
        rent_cents: teller.cents(48_000..70_000),
        nuisance_on_file: false,
        considerations,
        agreed_by: vec![Party::CareProvider, Party::HousingCorporation],
        respond_by: Some(teller.today.plus_weeks(2)),
    };
    teller.say(offered)?;
    Ok(offer_id)
}

fn answer(teller: &mut Teller<'_>, offer_id: OfferId) -> Result<Answer, Over> {
    teller.pass(2..9)?;
    match teller.days(0..100) {
        0..7 => {
            let ground = teller.one_of(WITHDRAWN_BECAUSE);
            withdraw(teller, offer_id, ground)
        }
        7..16 => {
            let ground = teller.one_of(REFUSED_BECAUSE);
            refuse(teller, offer_id, ground)
        }
        16..18 => {
            teller.pass(13..20)?;
            refuse(teller, offer_id, RefusalGround::NotAnsweredInTime)
        }
        _ => accept(teller, offer_id),
    }
}

/// Accepted; now and then the dwelling is lost before there is a lease.
fn accept(teller: &mut Teller<'_>, offer_id: OfferId) -> Result<Answer, Over> {
    let viewed_on = Some(teller.today.plus_days(-1));
    teller.say(OfferAccepted { occurred_on: teller.today, offer_id, viewed_on })?;
    if teller.chance(0.98) {
        return Ok(Answer::Accepted);
    }
    teller.pass(3..12)?;
    withdraw(teller, offer_id, WithdrawalGround::DwellingNotAvailable)
}

fn withdraw(teller: &mut Teller<'_>, offer_id: OfferId, ground: WithdrawalGround) -> Result<Answer, Over> {
    let explanation = teller.perhaps(words::OFFER_WITHDRAWN);
    teller.say(OfferWithdrawn { occurred_on: teller.today, offer_id, ground, explanation })?;
    Ok(Answer::Withdrawn)
}

fn refuse(teller: &mut Teller<'_>, offer_id: OfferId, ground: RefusalGround) -> Result<Answer, Over> {
    let explanation = teller.perhaps(words::OFFER_REFUSED);
    teller.say(OfferRefused { occurred_on: teller.today, offer_id, ground, explanation })?;
    Ok(Answer::Refused)
}

/// After the one offer the partners decide: one more, or it ends here. Who has a home stays there.
fn another_offer(teller: &mut Teller<'_>) -> Told {
    teller.pass(4..20)?;
    discuss(teller, Bottleneck::Mismatch)?;
    if teller.state().tenancy.lease.is_none() && teller.chance(0.2) {
        return end(teller, Outcome::OfferRefused);
    }
    let reason = teller.words(words::SECOND_OFFER);
    teller.say(SecondOfferGranted { occurred_on: teller.today, reason })
}

/// The corporation found a home and the client is not ready for it (S2 Hoeksche Waard).
fn not_ready_after_all(teller: &mut Teller<'_>) -> Told {
    let reason = teller.words(words::NOT_READY);
    teller.say(ReadinessRevoked { occurred_on: teller.today, reason })?;
    teller.pass(60..200)?;
    set_profile(teller)?;
    teller.pass(10..60)?;
    become_ready(teller)?;
    request(teller)
}
