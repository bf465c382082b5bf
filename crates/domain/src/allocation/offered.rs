//! An offer that names a vacancy: what the rest of the ledger must have for it. It is looked at once, when
//! the offer is reported; what changes later makes no recorded offer wrong.
//!
//! Decision: ADR 48.

use jiff::tz::TimeZone;

use super::vacancy::{Vacancy, VacancyStatus};
use crate::agreements::AgreementSet;
use crate::day::Day;
use crate::trajectory::Refusal;
use crate::trajectory::fact::{DwellingOffered, Fact, OfferWeighing};

/// The offer that a report makes or corrects, if it names a vacancy.
#[must_use]
pub fn offer_of_a_vacancy(fact: &Fact) -> Option<&DwellingOffered> {
    match fact {
        Fact::DwellingOffered(offer) => Some(offer).filter(|offer| offer.vacancy.is_some()),
        Fact::EventCorrected(correction) => correction.replacement.as_deref().and_then(offer_of_a_vacancy),
        _ => None,
    }
}

/// The offer that a report makes or corrects, if it keeps no weighing: a correction moves an offer to another
/// home as well as it corrects a rent.
#[must_use]
pub fn offer_without_weighing(fact: &Fact) -> Option<&DwellingOffered> {
    match fact {
        Fact::DwellingOffered(offer) => Some(offer).filter(|offer| offer.weighing.is_none()),
        Fact::EventCorrected(correction) => {
            correction.replacement.as_deref().and_then(offer_without_weighing)
        }
        _ => None,
    }
}

/// Whether an offer without a weighing passes by the list of candidates of this vacancy, as it was on the
/// day of the offer: the home was vacant, and the agreement set orders who may get it.
#[must_use]
pub fn passes_by_the_list(offer: &DwellingOffered, vacancy: &Vacancy, set: &AgreementSet) -> bool {
    let is_of_it = vacancy
        .opened
        .as_ref()
        .is_some_and(|opened| opened.corporation == offer.corporation && opened.home.unit == offer.unit);
    set.matching.offers_need_weighing && is_of_it && vacancy.is_open()
}

/// For how many days before the offer a list of candidates holds (decision): long enough for a round and its
/// offers, too short to look for a day on which another client was the first.
const LIST_HOLDS: i32 = 14;

fn is_recent(kept: &OfferWeighing, offer: &DwellingOffered) -> bool {
    let first = offer.occurred_on.plus_days(-LIST_HOLDS);
    let known_on = Day::try_from(kept.known_at.to_zoned(TimeZone::UTC).date());
    kept.valid_on >= first && known_on.is_ok_and(|known_on| known_on >= first)
}

/// The rules that an offer breaks in the rest of the ledger: the vacancy that it names, as it was on the
/// day of the offer, if there is one; and the weighing that the list of candidates gives for the client at
/// the day and instant which the offer names, if it gives one.
#[must_use]
pub fn unfounded(
    offer: &DwellingOffered,
    vacancy: Option<&Vacancy>,
    listed: Option<&OfferWeighing>,
) -> Vec<Refusal> {
    let of_theirs = vacancy.filter(|vacancy| {
        vacancy.opened.as_ref().is_some_and(|opened| opened.corporation == offer.corporation)
    });
    let Some(vacancy) = of_theirs else { return vec![Refusal::VacancyUnknown] };
    let home = vacancy.opened.as_ref().map(|opened| &opened.home);
    let is_same =
        |same: fn(&super::VacantHome, &DwellingOffered) -> bool| home.is_some_and(|home| same(home, offer));
    let weighing = offer.weighing.as_ref();
    let of_the_list = weighing.is_none_or(|kept| Some(kept) == listed && is_recent(kept, offer));
    let broken = [
        (vacancy.status == VacancyStatus::Open, Refusal::VacancyClosed),
        (is_same(|home, offer| home.unit == offer.unit), Refusal::UnitNotOfVacancy),
        (is_same(|home, offer| home.complex == offer.complex), Refusal::ComplexNotOfVacancy),
        (is_same(|home, offer| home.municipality == offer.municipality), Refusal::MunicipalityNotOfVacancy),
        (is_same(|home, offer| home.rent_cents == offer.rent_cents), Refusal::RentNotOfVacancy),
        (is_same(|home, _| !home.nuisance_on_file), Refusal::NuisanceOnFile),
        (of_the_list, Refusal::WeighingNotOfTheList),
    ];
    broken.into_iter().filter_map(|(holds, refusal)| (!holds).then_some(refusal)).collect()
}
