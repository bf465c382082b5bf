//! Whether homes are offered evenly: the offers of a year by who the clients are
//! ([ADR 54](../../../../docs/adr/0054-the-match-reads-rows-and-is-counted.md)).
//!
//! Only what an offer keeps can be counted: how many were eligible on the list of that offer, and the place
//! of the client who got it. Who else was on a list is not kept, so how often somebody was eligible and got
//! nothing is not counted here.

use std::collections::BTreeMap;

use super::suppress::leaves_open;
use super::{Contribution, Period, PublishedCount, UNKNOWN, suppress};
use crate::agreements::calendar::days_between;
use crate::day::Day;
use crate::ids::{MunicipalityCode, OfferId};
use crate::trajectory::fact::{
    DwellingOffered, Fact, Household, OutflowProfileSet, Profile, RefusalGround, WithdrawalGround,
};

/// An offer, with what counts for fairness.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferGiven {
    id: OfferId,
    /// The day.
    pub on: Day,
    /// The client, by the profile of that day; none if none was set.
    pub client: Option<ClientKind>,
    /// The days since the client became ready.
    pub days: Option<u32>,
    /// The place in the list of candidates, if the offer kept a weighing.
    pub place: Option<u32>,
    /// What became of it, if it led to no home.
    pub lost: Option<Lost>,
}

/// Who a client is, as far as it is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientKind {
    /// The kind of home that fits.
    pub profile: Profile,
    /// Who moves in.
    pub household: Household,
    /// Where the client comes from.
    pub origin: MunicipalityCode,
}

/// Why an offer led to no home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// The client refused, or did not answer in time.
    Refused(RefusalGround),
    /// The corporation withdrew it.
    Withdrawn(WithdrawalGround),
}

/// By what clients are divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Division {
    /// By the kind of home that fits.
    Profile,
    /// By who moves in.
    Household,
    /// By where they come from.
    Origin,
}

/// The offers that one trajectory got.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OffersGiven {
    /// Each, in their order.
    pub offers: Vec<OfferGiven>,
    client: Option<ClientKind>,
    ready_on: Option<Day>,
}

/// The offers of a period to one kind of clients, as counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Counted {
    offers: u32,
    not_first: u32,
    refused: u32,
    withdrawn: u32,
    places: Vec<u32>,
    days: Vec<u32>,
}

/// The offers to one kind of clients, with suppression applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedOffers {
    /// Offers.
    pub offers: PublishedCount,
    /// Of these, those that kept a place other than the first.
    pub not_first: PublishedCount,
    /// Those that the client refused or did not answer.
    pub refused: PublishedCount,
    /// Those that the corporation withdrew.
    pub withdrawn: PublishedCount,
    /// The median of the places, if enough offers kept one.
    pub median_place: Option<u32>,
    /// The median of the days from readiness to the offer, if enough are known.
    pub median_days: Option<u32>,
}

/// The offers of a period, with suppression applied. The offers of clients without a profile are those under
/// [`UNKNOWN`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublishedFairness {
    /// By each division, the kinds that may be named.
    pub divisions: BTreeMap<Division, BTreeMap<String, PublishedOffers>>,
    /// Refusals by their ground; none is named if one of them could be computed.
    pub refusals: BTreeMap<String, u32>,
    /// Withdrawals by their ground, in the same way.
    pub withdrawals: BTreeMap<String, u32>,
}

impl Division {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Profile, Self::Household, Self::Origin];

    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Profile => "profile",
            Self::Household => "household",
            Self::Origin => "origin",
        }
    }

    fn of(self, client: Option<&ClientKind>) -> String {
        let Some(client) = client else { return UNKNOWN.to_owned() };
        match self {
            Self::Profile => code(&client.profile),
            Self::Household => code(&client.household),
            Self::Origin => client.origin.to_string(),
        }
    }
}

impl OffersGiven {
    pub(super) fn apply(&mut self, fact: &Fact) {
        match fact {
            Fact::OutflowProfileSet(set) => self.client = Some(ClientKind::of(set)),
            Fact::ReadinessConfirmed(ready) => self.ready_on = Some(ready.occurred_on),
            Fact::ReadinessRevoked(_) => self.ready_on = None,
            Fact::DwellingOffered(offer) => self.offered(offer),
            Fact::OfferRefused(refused) => self.lost(refused.offer_id, Lost::Refused(refused.ground)),
            Fact::OfferWithdrawn(withdrawn) => {
                self.lost(withdrawn.offer_id, Lost::Withdrawn(withdrawn.ground));
            }
            _ => {}
        }
    }

    fn offered(&mut self, offer: &DwellingOffered) {
        let on = offer.occurred_on;
        self.offers.push(OfferGiven {
            id: offer.offer_id,
            on,
            client: self.client.clone(),
            days: self.ready_on.and_then(|since| u32::try_from(days_between(since, on)).ok()),
            place: offer.weighing.as_ref().map(|weighing| weighing.place),
            lost: None,
        });
    }

    fn lost(&mut self, id: OfferId, lost: Lost) {
        if let Some(offer) = self.offers.iter_mut().rev().find(|offer| offer.id == id) {
            offer.lost = Some(lost);
        }
    }
}

impl ClientKind {
    fn of(set: &OutflowProfileSet) -> Self {
        Self { profile: set.profile, household: set.household, origin: set.municipality_of_origin.clone() }
    }
}

impl Counted {
    fn add(&mut self, offer: &OfferGiven) {
        self.offers += 1;
        self.not_first += u32::from(offer.place.is_some_and(|place| place > 1));
        self.refused += u32::from(matches!(offer.lost, Some(Lost::Refused(_))));
        self.withdrawn += u32::from(matches!(offer.lost, Some(Lost::Withdrawn(_))));
        self.places.extend(offer.place);
        self.days.extend(offer.days);
    }
}

impl PublishedFairness {
    /// The offers of a period, with this threshold.
    #[must_use]
    pub fn over<'c>(
        contributions: impl IntoIterator<Item = &'c Contribution>,
        period: Period,
        threshold: u32,
    ) -> Self {
        let given = contributions.into_iter().flat_map(|one| &one.offers_given.offers);
        let offers: Vec<&OfferGiven> = given.filter(|offer| period.holds(offer.on)).collect();
        let divided = Division::ALL.map(|by| {
            let mut kinds: BTreeMap<String, Counted> = BTreeMap::new();
            for offer in &offers {
                kinds.entry(by.of(offer.client.as_ref())).or_default().add(offer);
            }
            kinds
        });
        let refused = |lost: &Lost| if let Lost::Refused(ground) = lost { Some(code(ground)) } else { None };
        let withdrawn =
            |lost: &Lost| if let Lost::Withdrawn(ground) = lost { Some(code(ground)) } else { None };
        Self {
            divisions: Division::ALL.into_iter().zip(published(divided, threshold)).collect(),
            refusals: by_ground(&offers, refused, threshold),
            withdrawals: by_ground(&offers, withdrawn, threshold),
        }
    }
}

/// One number of each kind in each division.
type Column = [Vec<u32>; Division::ALL.len()];

fn published(
    divided: [BTreeMap<String, Counted>; Division::ALL.len()],
    threshold: u32,
) -> Vec<BTreeMap<String, PublishedOffers>> {
    let column = |of: fn(&Counted) -> u32| divided.each_ref().map(|kinds| kinds.values().map(of).collect());
    let offers: Column = column(|one| one.offers);
    let named = shown_offers(&offers, threshold);
    let part = |of: fn(&Counted) -> u32| shown_parts(&column(of), &offers, &named, threshold);
    let parts = [part(|one| one.not_first), part(|one| one.refused), part(|one| one.withdrawn)];
    let kinds = divided.into_iter().enumerate().map(|(division, kinds)| {
        let of_one = kinds.into_iter().enumerate().filter(|(at, _)| named[division][*at]);
        let of_one = of_one.map(|(at, (kind, counted))| {
            let shown = |part: usize, count: u32| {
                if parts[part][division][at] {
                    PublishedCount::Count(count)
                } else {
                    PublishedCount::Suppressed
                }
            };
            let offers = PublishedOffers {
                offers: PublishedCount::Count(counted.offers),
                not_first: shown(0, counted.not_first),
                refused: shown(1, counted.refused),
                withdrawn: shown(2, counted.withdrawn),
                median_place: median(counted.places, threshold),
                median_days: median(counted.days, threshold),
            };
            (kind, offers)
        });
        of_one.collect()
    });
    kinds.collect()
}

/// Which kinds may be named with their offers. If one division must hide the whole, the others must not show
/// parts that add up to it: then none is named.
fn shown_offers(offers: &Column, threshold: u32) -> [Vec<bool>; Division::ALL.len()] {
    let suppressed = offers.each_ref().map(|counts| suppress(counts, threshold));
    let hides = suppressed.iter().any(|(_, whole)| *whole == PublishedCount::Suppressed);
    suppressed.map(|(parts, _)| parts.iter().map(|part| !hides && part.count().is_some()).collect())
}

/// For which of the named kinds a part of their offers may be shown, beside the others: neither may be a small
/// count. Every division has the same sum, so a reader who sees it in one of them must not be able to
/// compute what another hides. If that cannot be prevented, the part is shown nowhere.
fn shown_parts(
    parts: &Column,
    offers: &Column,
    named: &[Vec<bool>; Division::ALL.len()],
    threshold: u32,
) -> [Vec<bool>; Division::ALL.len()] {
    let mut shown = named.clone();
    for division in 0..parts.len() {
        let others: Vec<u32> =
            offers[division].iter().zip(&parts[division]).map(|(whole, part)| whole - part).collect();
        let is_small = |count: u32| count > 0 && count < threshold;
        for at in 0..others.len() {
            shown[division][at] &= !is_small(parts[division][at]) && !is_small(others[at]);
        }
        let stays_open = |shown: &[bool]| {
            let hidden = |counts: &[u32]| -> Vec<u32> {
                counts
                    .iter()
                    .zip(shown)
                    .filter(|(count, shown)| !**shown && **count > 0)
                    .map(|(it, _)| *it)
                    .collect()
            };
            let open = |hidden: Vec<u32>| hidden.is_empty() || leaves_open(&hidden, threshold);
            open(hidden(&parts[division])) && open(hidden(&others))
        };
        while !stays_open(&shown[division]) {
            match shown[division].iter().rposition(|shown| *shown) {
                Some(last) => shown[division][last] = false,
                None => return parts.each_ref().map(|counts| vec![false; counts.len()]),
            }
        }
    }
    shown
}

/// The grounds, all or none: a ground that is not named would be the rest.
fn by_ground(
    offers: &[&OfferGiven],
    ground: impl Fn(&Lost) -> Option<String>,
    threshold: u32,
) -> BTreeMap<String, u32> {
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for ground in offers.iter().filter_map(|offer| ground(offer.lost.as_ref()?)) {
        *counts.entry(ground).or_default() += 1;
    }
    let (parts, whole) = suppress(&counts.values().copied().collect::<Vec<_>>(), threshold);
    if whole == PublishedCount::Suppressed {
        return BTreeMap::new();
    }
    counts.into_iter().zip(parts).filter_map(|((ground, _), part)| Some((ground, part.count()?))).collect()
}

fn median(mut numbers: Vec<u32>, threshold: u32) -> Option<u32> {
    numbers.sort_unstable();
    let enough = u32::try_from(numbers.len()).is_ok_and(|many| many >= threshold);
    numbers.get(numbers.len().div_ceil(2).saturating_sub(1)).copied().filter(|_| enough)
}

fn code(word: &impl serde::Serialize) -> String {
    let written = serde_json::to_value(word).ok();
    written.and_then(|code| code.as_str().map(str::to_owned)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(counts: &[(u32, u32)]) -> BTreeMap<String, Counted> {
        let kind = |(at, (offers, refused)): (usize, &(u32, u32))| {
            let counted = Counted { offers: *offers, refused: *refused, ..Counted::default() };
            (format!("k{at}"), counted)
        };
        counts.iter().enumerate().map(kind).collect()
    }

    fn shown(counts: [&[(u32, u32)]; 3]) -> Vec<Vec<(Option<u32>, Option<u32>)>> {
        let published = published(counts.map(kinds), 5);
        published
            .iter()
            .map(|kinds| kinds.values().map(|one| (one.offers.count(), one.refused.count())).collect())
            .collect()
    }

    #[test]
    fn kinds_with_enough_offers_are_named_with_what_became_of_them() {
        let all = shown([&[(20, 6), (30, 10)], &[(50, 16)], &[(25, 8), (25, 8)]]);
        assert_eq!(all[0], [(Some(20), Some(6)), (Some(30), Some(10))]);
        assert_eq!(all[1], [(Some(50), Some(16))]);
    }

    #[test]
    fn a_small_part_of_one_kind_hides_that_of_another_too_because_the_sum_is_known() {
        let all = shown([&[(20, 2), (30, 14)], &[(50, 16)], &[(25, 8), (25, 8)]]);
        assert_eq!(all[0], [(Some(20), None), (Some(30), None)]);
        assert_eq!(all[2], [(Some(25), Some(8)), (Some(25), Some(8))]);
    }

    #[test]
    fn a_part_that_cannot_be_hidden_in_one_division_is_shown_in_none() {
        let all = shown([&[(50, 2)], &[(50, 2)], &[(25, 0), (25, 2)]]);
        assert!(
            all.iter().flatten().all(|(offers, refused)| offers.is_some() && refused.is_none()),
            "{all:?}"
        );
    }

    #[test]
    fn all_others_are_as_telling_as_the_part() {
        let all = shown([&[(20, 19), (30, 10)], &[(50, 29)], &[(50, 29)]]);
        assert_eq!(all[0][0].1, None, "one of twenty did not refuse");
    }

    #[test]
    fn if_one_division_must_hide_the_whole_no_kind_is_named() {
        let all = shown([&[(49, 10), (1, 0)], &[(50, 10)], &[(50, 10)]]);
        let hides = suppress(&[49, 1], 5).1 == PublishedCount::Suppressed;
        assert_eq!(all.iter().all(Vec::is_empty), hides);
    }

    #[test]
    fn a_median_of_few_is_not_shown() {
        assert_eq!((median(vec![1, 2, 3, 4], 5), median(vec![5, 1, 2, 3, 4], 5)), (None, Some(3)));
    }
}
