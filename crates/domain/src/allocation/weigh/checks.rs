//! The checks of a weighing: one row each, and the function that makes it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::CheckResult::{Met, NotMet, Unknown};
use super::{Asked, Check, CheckResult, Counts, HomeNeeds, RefusedHome};
use crate::trajectory::fact::{Access, ContractModel, FittingResult, Household, Profile};
use crate::trajectory::warning::reach;

use super::super::vacant_home::HomeKind;

/// How much a check counts. Dutch: *gewicht*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CheckSort {
    /// If it is not met, the client cannot get this home.
    Hard,
    /// A wish: shown, and not counted.
    Soft,
    /// A warning: shown, and not counted.
    Notice,
}

/// What a check found.
struct Found {
    result: CheckResult,
    needs: Option<String>,
    offers: Option<String>,
}

macro_rules! checks {
    ($($(#[$doc:meta])* $name:ident $code:literal $sort:ident $judge:expr;)*) => {
        /// A check of a weighing.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "kebab-case")]
        pub enum CheckCode {
            $($(#[$doc])* $name,)*
        }

        impl CheckCode {
            /// Every check, in the order of a weighing.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable code.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// How much it counts.
            #[must_use]
            pub fn sort(self) -> CheckSort {
                match self { $(Self::$name => CheckSort::$sort,)* }
            }

            fn judge(self, asked: &Asked<'_>) -> Found {
                match self { $(Self::$name => $judge(asked),)* }
            }
        }
    };
}

checks! {
    /// Readiness lies before the day from which the home is available.
    Ready "ready" Hard ready;
    /// The home is accessible enough.
    Access "access" Hard access;
    /// The rent is within the client's limit.
    Rent "rent" Hard rent;
    /// The client did not exclude the area.
    AreaExcluded "area-excluded" Hard area_excluded;
    /// It is for as many persons as move in.
    Persons "persons" Hard persons;
    /// It is let under a lease of the agreement set.
    Contract "contract" Hard contract;
    /// The client may get another offer.
    OffersLeft "offers-left" Hard offers_left;
    /// There is no nuisance file on the stairwell (S0).
    NuisanceOnFile "nuisance-on-file" Hard nuisance_on_file;
    /// The client did not refuse this home before.
    RefusedBefore "refused-before" Hard refused_before;
    /// The client did not refuse another home in this complex before.
    ComplexRefusedBefore "complex-refused-before" Notice complex_refused_before;
    /// The corporation of the home is the one that was assigned.
    AssignedHere "assigned-here" Notice assigned_here;
    /// The home is where the client comes from.
    Origin "origin" Soft origin;
    /// The home is in a municipality that the client prefers.
    PreferredArea "preferred-area" Soft preferred_area;
    /// It is quiet, if the client needs that.
    Quiet "quiet" Soft quiet;
    /// Pets are allowed, if the client has any.
    Pets "pets" Soft pets;
    /// The kind of home suits the profile.
    Kind "kind" Soft kind;
    /// A guide can be near at night, if the client needs that.
    GuideAtNight "guide-at-night" Soft guide_at_night;
    /// Not many clients live in the complex (S2 Haarlem, Hoeksche Waard).
    Concentration "concentration" Notice concentration;
    /// A home is left of the quota of the year (S2 Noord-Limburg, Rivierenland).
    Quota "quota" Notice quota;
    /// By an earlier fitting test, the rent fits what the client may rent.
    Fitting "fitting" Notice fitting;
}

pub(super) fn all(asked: &Asked<'_>) -> Vec<Check> {
    let check = |code: &CheckCode| {
        let Found { result, needs, offers } = code.judge(asked);
        Check { code: *code, sort: code.sort(), result, needs, offers }
    };
    CheckCode::ALL.iter().map(check).collect()
}

impl From<CheckResult> for Found {
    fn from(result: CheckResult) -> Self {
        Self { result, needs: None, offers: None }
    }
}

impl Found {
    fn needs(self, needs: &impl ToString) -> Self {
        Self { needs: Some(needs.to_string()), ..self }
    }

    fn offers(self, offers: Option<&(impl ToString + ?Sized)>) -> Self {
        Self { offers: offers.map(ToString::to_string), ..self }
    }
}

/// Whether something is so; unknown if nobody says.
fn if_known(known: Option<bool>) -> CheckResult {
    match known {
        Some(true) => Met,
        Some(false) => NotMet,
        None => Unknown,
    }
}

/// A check on the profile; unknown without one.
fn of_profile(asked: &Asked<'_>, judge: impl FnOnce(&HomeNeeds) -> Found) -> Found {
    asked.seeker.profile.as_ref().map_or(Unknown.into(), judge)
}

fn ready(asked: &Asked<'_>) -> Found {
    let from = asked.vacancy.home.available_from.max(asked.on);
    let (result, day) = match (asked.seeker.ready_on, asked.seeker.expected_on) {
        (Some(since), _) => (if_known(Some(since <= from)), Some(since)),
        (None, Some(expected)) if expected <= from => (Unknown, Some(expected)),
        (None, expected) => (NotMet, expected),
    };
    let found = Found::from(result).offers(Some(&from));
    match day {
        Some(day) => found.needs(&day),
        None => found,
    }
}

fn access(asked: &Asked<'_>) -> Found {
    of_profile(asked, |profile| {
        let here = asked.vacancy.home.access;
        let fits = match (profile.access, here) {
            (Access::AnyFloor, _) => Some(true),
            (needed, here) => here.map(|here| reach(here) >= reach(needed)),
        };
        Found::from(if_known(fits)).needs(&access_code(profile.access)).offers(here.map(access_code))
    })
}

fn access_code(access: Access) -> &'static str {
    match access {
        Access::AnyFloor => "any-floor",
        Access::GroundFloorOrLift => "ground-floor-or-lift",
        Access::Wheelchair => "wheelchair",
    }
}

fn rent(asked: &Asked<'_>) -> Found {
    of_profile(asked, |profile| {
        let (limit, rent) = (i64::from(profile.rent_limit_cents), i64::from(asked.vacancy.home.rent_cents));
        Found::from(if_known(Some(rent <= limit))).needs(&limit).offers(Some(&rent))
    })
}

/// A part of a municipality is excluded in words, so a person has to look.
fn area_excluded(asked: &Asked<'_>) -> Found {
    of_profile(asked, |profile| {
        let municipality = &asked.vacancy.home.municipality;
        let mut here = profile.excluded_areas.iter().filter(|area| area.municipality == *municipality);
        let result = match here.clone().find(|area| !area.partly) {
            Some(_) => NotMet,
            None if here.next().is_some() => Unknown,
            None => Met,
        };
        Found::from(result).offers(Some(municipality))
    })
}

/// One or two persons are a single or a couple. How many more children or others are is not in the
/// profile.
fn persons(asked: &Asked<'_>) -> Found {
    of_profile(asked, |profile| {
        let (least, most) = match profile.household {
            Household::Single => (1, Some(1)),
            Household::Couple => (2, Some(2)),
            Household::WithChildren | Household::Shared => (2, None),
        };
        let range = asked.vacancy.home.persons;
        let fits = range.and_then(|range| match most {
            _ if range.max < least => Some(false),
            Some(most) => Some(most >= range.min),
            None => None,
        });
        let offers = range.map(|range| format!("{}-{}", range.min, range.max));
        Found::from(if_known(fits)).needs(&least).offers(offers.as_ref())
    })
}

fn contract(asked: &Asked<'_>) -> Found {
    let models = &asked.vacancy.home.contract_models;
    let fits = models.iter().any(|model| asked.set.contract_models.contains(model));
    let listed = |models: &[ContractModel]| {
        models.iter().map(|model| contract_code(*model)).collect::<Vec<_>>().join(", ")
    };
    Found::from(if_known(Some(fits))).needs(&listed(&asked.set.contract_models)).offers(Some(&listed(models)))
}

fn contract_code(model: ContractModel) -> &'static str {
    match model {
        ContractModel::Intermediary => "intermediary",
        ContractModel::ThreeParty => "three-party",
        ContractModel::Temporary => "temporary",
        ContractModel::Own => "own",
    }
}

fn offers_left(asked: &Asked<'_>) -> Found {
    if_known(Some(asked.seeker.has_offers_left(asked.set))).into()
}

fn nuisance_on_file(asked: &Asked<'_>) -> Found {
    if_known(Some(!asked.vacancy.home.nuisance_on_file)).into()
}

fn refused_before(asked: &Asked<'_>) -> Found {
    refused(asked, |home| home.unit.as_ref().map(|unit| *unit == asked.vacancy.home.unit))
}

fn complex_refused_before(asked: &Asked<'_>) -> Found {
    let Some(complex) = &asked.vacancy.home.complex else { return Met.into() };
    refused(asked, |home| match (&home.unit, &home.complex) {
        (_, Some(of)) => Some(of == complex),
        (Some(_), None) => Some(false),
        (None, None) => None,
    })
}

/// Whether a home of this corporation was refused of which this is so; unknown if the viewer does not see
/// which home it was.
fn refused(asked: &Asked<'_>, is_so: impl Fn(&RefusedHome) -> Option<bool>) -> Found {
    let of_theirs = asked.seeker.refused.iter().filter(|home| home.corporation == asked.vacancy.corporation);
    let found = of_theirs.map(is_so).fold(Met, |found, is_so| match (found, is_so) {
        (_, Some(true)) | (NotMet, _) => NotMet,
        (_, None) => Unknown,
        (found, Some(false)) => found,
    });
    found.into()
}

fn assigned_here(asked: &Asked<'_>) -> Found {
    let assigned = asked.seeker.assigned_to.as_ref();
    if_known(assigned.map(|assigned| *assigned == asked.vacancy.corporation)).into()
}

fn origin(asked: &Asked<'_>) -> Found {
    of_profile(asked, |profile| {
        let here = &asked.vacancy.home.municipality;
        let fits = profile.municipality_of_origin == *here;
        Found::from(if_known(Some(fits))).needs(&profile.municipality_of_origin).offers(Some(here))
    })
}

fn preferred_area(asked: &Asked<'_>) -> Found {
    of_profile(asked, |profile| {
        let here = &asked.vacancy.home.municipality;
        let areas = &profile.preferred_areas;
        let fits = areas.is_empty() || areas.contains(here);
        Found::from(if_known(Some(fits))).offers(Some(here))
    })
}

fn quiet(asked: &Asked<'_>) -> Found {
    of_profile(asked, |profile| wished(profile.quiet_needed, asked.vacancy.home.quiet))
}

fn pets(asked: &Asked<'_>) -> Found {
    of_profile(asked, |profile| wished(profile.pets, asked.vacancy.home.pets_allowed))
}

/// Something that not every client needs.
fn wished(needed: bool, offered: Option<bool>) -> Found {
    let result = if needed { if_known(offered) } else { Met };
    Found::from(result).needs(&needed).offers(offered.as_ref())
}

/// Profile `p3` asks for a unit in a cluster, `p4` for a shared or training unit, the others for a home
/// that is not shared (`docs/DOMAIN.md` §7).
fn kind(asked: &Asked<'_>) -> Found {
    of_profile(asked, |profile| {
        let fits = |kind| match profile.profile {
            Profile::P3 => kind == HomeKind::ClusteredUnit,
            Profile::P4 => matches!(kind, HomeKind::Room | HomeKind::ClusteredUnit | HomeKind::Studio),
            _ => kind != HomeKind::Room,
        };
        if_known(asked.vacancy.home.kind.map(fits)).into()
    })
}

/// A guide is near in a cluster. Of other homes the vacancy does not say.
fn guide_at_night(asked: &Asked<'_>) -> Found {
    let near = asked.vacancy.home.kind == Some(HomeKind::ClusteredUnit);
    let needed = asked.seeker.reach_at_night;
    needed.map_or(Unknown.into(), |needed| wished(needed, near.then_some(true)))
}

/// A warning with its numbers, never a filter: the set says above which share it is made.
fn concentration(asked: &Asked<'_>) -> Found {
    let above = asked.set.matching.concentration_above_percent;
    let Counts { living_in_complex: Some(living), homes_in_complex: Some(homes), .. } = asked.counts else {
        return Unknown.into();
    };
    let with_this_one = u64::from(living + 1) * 100;
    let result = if_known(Some(with_this_one <= u64::from(homes) * u64::from(above)));
    Found::from(result).needs(&format!("{above}%")).offers(Some(&format!("{living}/{homes}")))
}

/// How many homes were let of how many. A quota that is reached forbids nothing.
fn quota(asked: &Asked<'_>) -> Found {
    let Some(quota) = asked.counts.quota else { return Unknown.into() };
    Found::from(if_known(Some(quota.left() > 0)))
        .offers(Some(&format!("{}/{}", quota.homes_let, quota.homes)))
}

/// What fits at one rent fits at a lower one, and what does not fit at one rent does not at a higher one
/// (Woningwet art. 46 and 48: what is allowed ends at a rent). The latest test that says something of this
/// rent counts.
fn fitting(asked: &Asked<'_>) -> Found {
    let rent = i64::from(asked.vacancy.home.rent_cents);
    let latest = asked.seeker.tests.iter().rev().find_map(|test| {
        let tested = i64::from(test.rent_cents);
        match test.result {
            FittingResult::Fits | FittingResult::NotApplicable if rent <= tested => Some((Met, tested)),
            FittingResult::DoesNotFit if rent >= tested => Some((NotMet, tested)),
            _ => None,
        }
    });
    let Some((result, tested)) = latest else { return Found::from(Unknown).offers(Some(&rent)) };
    Found::from(result).needs(&tested).offers(Some(&rent))
}
