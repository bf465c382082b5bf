//! What the partners of the simulated regions report that is about no client, in the proportions of a
//! country: for ten clients eleven vacancies, a complex for eight vacancies, a round for twenty clients
//! and a plan for 240, as long as the years of the simulation have months and years for them.

use omklap_domain::day::Day;
use omklap_domain::organisation::OrganisationKind;
use omklap_domain::visibility::Role;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use uuid::Uuid;

use super::elsewhere::SECOND_PROVIDERS;
use super::living::PROVIDERS_EVERYWHERE;
use super::regional::RegionalReport;
use super::regions::{REGIONS, Region};
use super::simulated_until;

/// The numbers that are drawn for these reports: the streams of trajectories begin at zero.
const STREAM_OF_REGIONS: u64 = 1 << 63;
/// How many months the simulation covers.
const MONTHS: u64 = 84;
/// How many days.
const DAYS: i32 = 2_555;
/// How many years.
const YEARS: u64 = 7;
/// For how many days a vacancy is open, if nothing comes between.
const OPEN_FOR: i32 = 45;

/// The reports of the partners of so many simulated trajectories, in order. The same seed and number
/// give the same reports.
pub fn simulated_regional_reports(seed: u64, trajectories: u64) -> impl Iterator<Item = RegionalReport> {
    REGIONS.iter().zip(STREAM_OF_REGIONS..).flat_map(move |(region, stream)| {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        dice.set_stream(stream);
        let clients = trajectories * u64::from(region.share) / 100;
        let (vacancies, rounds, plans) =
            (clients * 11 / 10, (clients / 20).min(MONTHS), (clients / 240).min(YEARS));
        let complexes: Vec<_> =
            (0..vacancies / 8).map(|nth| Complex::drawn(region, nth, &mut dice)).collect();
        let described: Vec<_> = complexes.iter().map(Complex::report).collect();
        let vacancies = (0..vacancies).map(move |nth| vacancy(region, seed, nth, &complexes, &mut dice));
        let plans = (0..plans).map(move |ago| plan(region, ago, clients));
        let rounds = (0..rounds).map(move |ago| round(region, ago));
        described.into_iter().chain(vacancies).chain(plans).chain(rounds)
    })
}

/// The partners of the simulated regions, each with its kind and its region. A partner may work in several.
pub fn simulated_partners() -> impl Iterator<Item = (&'static str, OrganisationKind, &'static str)> {
    REGIONS.iter().flat_map(|region| {
        let corporations =
            region.corporations.iter().map(|name| (*name, OrganisationKind::HousingCorporation));
        let providers = region.providers.iter().chain(PROVIDERS_EVERYWHERE).chain(SECOND_PROVIDERS);
        let providers = providers.map(|name| (*name, OrganisationKind::CareProvider));
        let places =
            region.municipalities.iter().map(|place| (place.organisation, OrganisationKind::Municipality));
        corporations.chain(providers).chain(places).map(|(name, kind)| (name, kind, region.id))
    })
}

/// A complex of a corporation.
struct Complex {
    region: &'static Region,
    corporation: &'static str,
    municipality: &'static str,
    code: String,
    homes: u16,
}

impl Complex {
    fn drawn(region: &'static Region, nth: u64, dice: &mut impl Rng) -> Self {
        Self {
            region,
            corporation: one_of(region.corporations, dice),
            municipality: one_of(region.municipalities, dice).code,
            code: format!("SIM-{nth}"),
            homes: dice.random_range(8..=120),
        }
    }

    fn report(&self) -> RegionalReport {
        let Self { region, corporation, municipality, code, homes } = self;
        let described = json!({
            "type": "complex-described", "occurredOn": first_day(), "complex": code, "corporation": corporation,
            "region": region.id, "municipality": municipality, "homes": homes
        });
        report(corporation, Role::HousingCorporation, "/v1/complexes", &described)
    }
}

/// A vacancy from its opening to what became of it.
fn vacancy(
    region: &'static Region,
    seed: u64,
    nth: u64,
    complexes: &[Complex],
    dice: &mut impl Rng,
) -> RegionalReport {
    let within = complexes.choose(dice).filter(|_| dice.random_bool(0.6));
    let corporation = within.map_or_else(|| one_of(region.corporations, dice), |complex| complex.corporation);
    let municipality =
        within.map_or_else(|| one_of(region.municipalities, dice).code, |complex| complex.municipality);
    let opened_on = first_day().plus_days(dice.random_range(0..DAYS));
    let mut home = json!({
        "unit": format!("SIM-{}-{nth}", region.id), "municipality": municipality,
        "availableFrom": opened_on.plus_days(dice.random_range(10..80)), "certain": dice.random_bool(0.8),
        "rentCents": dice.random_range(380..=880) * 100,
        "kind": one_of(&["apartment", "apartment", "apartment", "studio", "studio", "house", "clustered-unit", "room"], dice),
        "rooms": dice.random_range(1..=4), "floor": dice.random_range(0..=6),
        "access": one_of(&["any-floor", "any-floor", "ground-floor-or-lift", "wheelchair"], dice),
        "persons": {"min": 1, "max": dice.random_range(1..=4)},
        "contractModels": [one_of(region.models, dice)], "nuisanceOnFile": dice.random_bool(0.03)
    });
    if let Some(complex) = within {
        home["complex"] = json!(complex.code);
    }
    let id = vacancy_id(seed, region, nth);
    let opened = json!({
        "type": "vacancy-opened", "occurredOn": opened_on, "vacancyId": id, "corporation": corporation,
        "region": region.id, "home": home
    });
    let mut facts = vec![opened];
    let ended_on = opened_on.plus_days(dice.random_range(5..=OPEN_FOR));
    if ended_on <= simulated_until() {
        facts.push(match dice.random_range(0..100) {
            0..84 => json!({"type": "vacancy-let", "occurredOn": ended_on, "to": "outflow"}),
            84..93 => json!({"type": "vacancy-let", "occurredOn": ended_on, "to": "elsewhere"}),
            _ => json!({"type": "vacancy-withdrawn", "occurredOn": ended_on, "ground": "not-to-be-let"}),
        });
    }
    RegionalReport {
        facts: Value::Array(facts),
        ..report(corporation, Role::HousingCorporation, "/v1/vacancies", &Value::Null)
    }
}

/// The plan of a year: as many clients as there are, divided over the months, and homes over the corporations.
fn plan(region: &Region, ago: u64, clients: u64) -> RegionalReport {
    let year = simulated_until().date().year() - i16::try_from(ago).expect("few");
    let agreed_on = Day::new(year - 1, 11, 20).expect("it exists");
    let a_month = (clients / MONTHS).max(1);
    let expected: Vec<_> =
        (1..=12).map(|month| json!({"month": month, "profile": "p1", "clients": a_month})).collect();
    let corporations = u64::try_from(region.corporations.len()).expect("few");
    let part = |name: &&str| json!({"corporation": name, "homes": (a_month * 12).div_ceil(corporations)});
    let of = |kind: &str| json!({"type": kind, "occurredOn": agreed_on, "region": region.id, "year": year, "document": format!("dms:{kind}-{year}")});
    let (mut forecast, mut quota) = (of("forecast-agreed"), of("quota-agreed"));
    forecast["expected"] = json!(expected);
    quota["homes"] = region.corporations.iter().map(part).collect();
    let facts = json!([forecast, quota]);
    RegionalReport { facts, ..report("matching-point", Role::MatchingPoint, "/v1/plans", &Value::Null) }
}

/// The round of a month: called, answered by every provider, and held.
fn round(region: &Region, ago: u64) -> RegionalReport {
    let ago = i32::try_from(ago).expect("few");
    let held_on = simulated_until().plus_days(-10 - 30 * ago);
    let called = json!({
        "type": "round-called", "occurredOn": held_on.plus_days(-24), "region": region.id, "heldOn": held_on,
        "answerBy": held_on.plus_days(-7)
    });
    let path = format!("/v1/regions/{}/rounds", region.id);
    let events = format!("{path}/{held_on}/events");
    let answered = region.providers.iter().zip(0i32..).map(|(provider, nth)| {
        let nobody = (ago + nth) % 4 == 0;
        let answer = json!({
            "type": "round-answered", "occurredOn": held_on.plus_days(-9), "provider": provider, "nobody": nobody
        });
        report(provider, Role::CareProvider, &events, &answer)
    });
    let held =
        json!({"type": "round-held", "occurredOn": held_on, "minutes": format!("dms:round-{held_on}")});
    let facts = json!([called, held]);
    RegionalReport {
        facts,
        then: answered.collect(),
        ..report("matching-point", Role::MatchingPoint, &path, &Value::Null)
    }
}

fn report(by: &str, role: Role, path: &str, fact: &Value) -> RegionalReport {
    RegionalReport { by: by.to_owned(), role, path: path.to_owned(), facts: json!([fact]), then: Vec::new() }
}

fn first_day() -> Day {
    simulated_until().plus_days(-DAYS)
}

/// The id of a vacancy in every ledger.
fn vacancy_id(seed: u64, region: &Region, nth: u64) -> Uuid {
    let region = REGIONS.iter().take_while(|other| other.id != region.id).count();
    let high = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ u64::try_from(region).expect("few");
    uuid::Builder::from_custom_bytes(Uuid::from_u64_pair(high, nth).into_bytes()).into_uuid()
}

fn one_of<T: Copy>(all: &[T], dice: &mut impl Rng) -> T {
    *all.choose(dice).expect("a region has some")
}
