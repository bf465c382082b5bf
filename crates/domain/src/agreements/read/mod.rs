//! Reads a set from its file, and reports everything that is wrong with it at once, with line and
//! column.

mod deadline;
mod fields;
mod level;
mod obligation;
mod pattern;
mod reach;
mod settings;
mod table;

use std::collections::BTreeSet;

use toml::Spanned;
use toml::de::DeTable;

pub use table::SetFault;
use table::{Faults, Table, both_languages, named_once};

use super::calendar::last_day;
use super::obligation::{Deadline, Obligation};
use super::set::{Agreement, AgreementSet};
use crate::ids::{MunicipalityCode, ObligationId, RegionId};
use crate::trajectory::FactType;
use crate::trajectory::fact::{ContractModel, Fact, FollowUpCheckMissed, MissedReason};

/// The numbers of the agreements in a set (S0).
const AGREEMENTS: std::ops::RangeInclusive<u8> = 1..=10;

/// Every kind of lease.
const EVERY_MODEL: [ContractModel; 4] =
    [ContractModel::Intermediary, ContractModel::ThreeParty, ContractModel::Temporary, ContractModel::Own];

/// Reads a set.
///
/// # Errors
/// Everything that is wrong, in the order of the file.
pub fn read(text: &str) -> Result<AgreementSet, Vec<SetFault>> {
    let faults = Faults::of(text);
    let (document, broken) = DeTable::parse_recoverable(text);
    for error in &broken {
        faults.at(&error.span().unwrap_or_default(), error.message());
    }
    let start = 0..0;
    // If the parser had to guess, its result is not checked further.
    let set = if broken.is_empty() { set(Table::new(document.get_ref(), start, &faults)) } else { None };
    let found = faults.into_list();
    match set {
        Some(set) if found.is_empty() => Ok(set),
        _ => Err(found),
    }
}

/// The text of a set's file.
///
/// # Errors
/// If the file is not UTF-8: the place of the first byte that is not.
pub fn decoded(file: Vec<u8>) -> Result<String, Vec<SetFault>> {
    String::from_utf8(file).map_err(|error| {
        let end = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(&error.as_bytes()[..end]);
        let faults = Faults::of(&text);
        faults.at(&(end..end), "this is not UTF-8; a set file must be UTF-8");
        faults.into_list()
    })
}

/// A fault at the place where a set's file names a region.
#[must_use]
pub fn fault_at_region(text: &str, region: &RegionId, message: String) -> Vec<SetFault> {
    let faults = Faults::of(text);
    let (document, _) = DeTable::parse_recoverable(text);
    let table = Table::new(document.get_ref(), 0..0, &faults);
    let named =
        table.list("regions").into_iter().find(|name| name.get_ref().as_str() == Some(region.as_str()));
    faults.at(&named.map_or_else(|| table.place_of("regions"), Spanned::span), message);
    faults.into_list()
}

fn set(table: Table<'_>) -> Option<AgreementSet> {
    let id = table.required("id");
    let version = table.required("version");
    if version == Some(0) {
        table.faults().at(&table.place_of("version"), "versions count from 1");
    }
    let title = both_languages(&table, "title");
    let regions: Option<Vec<RegionId>> = table.required_each("regions");
    named_once(&table, "regions", regions.as_deref());
    let earlier_regions: Option<Vec<RegionId>> = table.each("earlier-regions");
    named_once(&table, "earlier-regions", earlier_regions.as_deref());
    let municipalities: Option<Vec<MunicipalityCode>> = table.each("municipalities");
    named_once(&table, "municipalities", municipalities.as_deref());
    let contract_models: Option<Vec<ContractModel>> = table.required_each("contract-models");
    named_once(&table, "contract-models", contract_models.as_deref());
    if table.list_is_empty("contract-models") {
        table.faults().at(&table.place_of("contract-models"), "name at least one contract model");
    }
    let matching = table.table("matching").and_then(settings::matching);
    let flip = table.table("flip").and_then(settings::flip);
    let nuisance = table.table("nuisance").and_then(settings::nuisance);
    let termination = table.table("termination").and_then(settings::termination);
    let follow_up = table.table("follow-up").and_then(settings::follow_up);
    let figures = table.table("figures").and_then(settings::figures);
    let deadlines = table.table("deadlines").and_then(settings::deadlines);
    let departures = table.table("departures").and_then(settings::departures);
    let has_a_fund = table.value("guarantee-fund").is_some();
    let guarantee_fund =
        has_a_fund.then(|| table.table("guarantee-fund").and_then(settings::guarantee_fund)).flatten();
    let transfers = table.table("transfers").and_then(settings::transfers);
    let calendar = table.table("calendar").and_then(settings::calendar);
    // If the set names no leases, that is the only fault, not one for each obligation as well.
    let models = contract_models.as_deref().filter(|models| !models.is_empty());
    let faults_before = table.faults().count();
    let agreements = agreements(&table, models.unwrap_or(&EVERY_MODEL));
    // An obligation that was misread is in the list, but it may be incomplete.
    if let Some(figures) = figures.as_ref().filter(|_| table.faults().count() == faults_before) {
        has_its_clock(&figures.home_in_time, &agreements, &table);
    }
    if let Some(flip) = flip.as_ref().filter(|_| table.faults().count() == faults_before) {
        has_its_open_matters(&flip.open_matters, &agreements, &table);
    }
    let set = AgreementSet {
        id: id?,
        version: version?,
        title: title?,
        regions: regions?,
        earlier_regions: earlier_regions.unwrap_or_default(),
        municipalities: municipalities.unwrap_or_default(),
        contract_models: contract_models?,
        matching: matching?,
        flip: flip?,
        nuisance: nuisance?,
        termination: termination?,
        follow_up: follow_up?,
        figures: figures?,
        deadlines: deadlines?,
        departures: departures?,
        guarantee_fund,
        transfers: transfers?,
        calendar: calendar?,
        agreements,
    };
    serves_its_targets(&set, &table);
    has_its_checks(&set, &table);
    has_its_fund(&set, &table);
    lets_a_client_decline(&set, &table);
    table.done();
    Some(set)
}

fn agreements(table: &Table<'_>, models: &[ContractModel]) -> Vec<Agreement> {
    let mut ids: BTreeSet<ObligationId> = BTreeSet::new();
    let mut numbers = Vec::new();
    let mut agreements = Vec::new();
    for table in table.tables("agreements") {
        let number: Option<u8> = table.required("number");
        let place = table.place_of("number");
        let title = both_languages(&table, "title");
        let obligations = obligations(&table, number, models, &mut ids);
        if let Some(number) = number {
            if numbers.contains(&number) {
                table.faults().at(&place, format!("agreement {number} is defined twice"));
            }
            numbers.push(number);
            agreements.extend(title.map(|title| Agreement { number, title, obligations }));
        }
        table.done();
    }
    // If there is no list, that is the only fault.
    if !numbers.is_empty() {
        are_ten(&numbers, table);
    }
    agreements
}

fn are_ten(numbers: &[u8], table: &Table<'_>) {
    let place = table.place_of("agreements");
    for number in AGREEMENTS.filter(|number| !numbers.contains(number)) {
        table.faults().at(&place, format!("agreement {number} is missing"));
    }
    for number in numbers.iter().filter(|number| !AGREEMENTS.contains(number)) {
        table
            .faults()
            .at(&place, format!("the agreements are numbered 1 to 10; {number} is not one of them"));
    }
}

/// The obligations of one agreement. `ids` are those of the agreements before it.
fn obligations(
    table: &Table<'_>,
    agreement: Option<u8>,
    models: &[ContractModel],
    ids: &mut BTreeSet<ObligationId>,
) -> Vec<Obligation> {
    let faults = table.faults();
    let tables = table.tables("obligations");
    if table.list_is_empty("obligations") {
        faults.at(&table.place_of("obligations"), "an agreement needs at least one obligation");
    }
    let mut obligations = Vec::new();
    for table in tables {
        if let Some(id) = table.optional::<ObligationId>("id") {
            let place = table.place_of("id");
            let theirs = id.as_str().split_once('.').and_then(|(number, _)| number.parse::<u8>().ok());
            if let (Some(theirs), Some(agreement)) = (theirs, agreement)
                && theirs != agreement
            {
                faults.at(&place, format!("obligation {id} is listed under agreement {agreement}"));
            }
            if !ids.insert(id.clone()) {
                faults.at(&place, format!("obligation {id} is defined twice"));
            }
        }
        obligations.extend(obligation::obligation(table, models));
    }
    obligations
}

/// Reports a fault unless the clock of the figures is an obligation of the set with a deadline in
/// time.
fn has_its_clock(id: &ObligationId, agreements: &[Agreement], table: &Table<'_>) {
    let place = table.value("figures").and_then(|figures| Table::of(figures, table.faults()));
    let place = place.map_or_else(|| table.place.clone(), |figures| figures.place_of("home-in-time"));
    let mut obligations = agreements.iter().flat_map(|agreement| &agreement.obligations);
    match obligations.find(|obligation| obligation.id == *id) {
        None => table.faults().at(&place, format!("the set has no obligation {id}")),
        Some(clock)
            if !matches!(
                clock.deadline,
                Some(Deadline::Months(_) | Deadline::Weeks(_) | Deadline::Days(_))
            ) =>
        {
            table.faults().at(
                &place,
                format!("obligation {id} cannot be the clock: it has no deadline in months, weeks or days"),
            );
        }
        Some(_) => {}
    }
}

/// Reports a fault unless the set has the obligation that nothing is open at the flip.
fn has_its_open_matters(id: &ObligationId, agreements: &[Agreement], table: &Table<'_>) {
    let flip = table.value("flip").and_then(|flip| Table::of(flip, table.faults()));
    let place = flip.map_or_else(|| table.place.clone(), |flip| flip.place_of("open-matters"));
    let mut obligations = agreements.iter().flat_map(|agreement| &agreement.obligations);
    if !obligations.any(|obligation| obligation.id == *id) {
        table.faults().at(&place, format!("the set has no obligation {id}"));
    }
}

/// Reports a fault if an obligation is about follow-up checks but there are none.
fn has_its_checks(set: &AgreementSet, table: &Table<'_>) {
    let about_checks = |obligation: &&Obligation| obligation.deadline == Some(Deadline::FollowUpChecks);
    if set.follow_up.checks_after_months.is_empty()
        && let Some(never) = set.obligations().map(|(_, obligation)| obligation).find(about_checks)
    {
        let follow_up = table.value("follow-up").and_then(|value| Table::of(value, table.faults()));
        let place =
            follow_up.map_or_else(|| table.place.clone(), |table| table.place_of("checks-after-months"));
        table.faults().at(&place, format!("there are no checks, so obligation {} is never due", never.id));
    }
}

/// Reports a fault for every lease that the guarantee fund backs and the set does not have, and for every
/// obligation to settle a claim that is not the keeper's.
fn has_its_fund(set: &AgreementSet, table: &Table<'_>) {
    let fund = set.guarantee_fund.as_ref();
    let place = table.value("guarantee-fund").and_then(|fund| Table::of(fund, table.faults()));
    let place_of = |key| place.as_ref().map_or_else(|| table.place.clone(), |fund| fund.place_of(key));
    for model in fund.iter().flat_map(|fund| &fund.contract_models) {
        if !set.contract_models.contains(model) {
            let fault = format!("the fund backs {model:?}, which is not among the set's leases");
            table.faults().at(&place_of("contract-models"), fault);
        }
    }
    for (_, obligation) in set.obligations() {
        let mut keeps = obligation.kept_by.patterns().flat_map(|pattern| pattern.facts.iter());
        if !keeps.any(|kind| kind == FactType::GuaranteeFundSettled) {
            continue;
        }
        match fund {
            None => {
                let fault = format!("obligation {} settles a claim, and there is no fund", obligation.id);
                table.faults().at(&table.place_of("agreements"), fault);
            }
            Some(fund) if obligation.responsible.parties(fund.keeper) != [fund.keeper] => {
                let fault = format!("obligation {} must be that of the fund's keeper", obligation.id);
                table.faults().at(&place_of("keeper"), fault);
            }
            Some(_) => {}
        }
    }
}

/// Reports a fault for every obligation about follow-up checks that stays open if the client
/// declines a check: nobody could keep it any more.
fn lets_a_client_decline(set: &AgreementSet, table: &Table<'_>) {
    let declined = FollowUpCheckMissed { occurred_on: last_day(), month: 1, reason: MissedReason::Declined };
    let declined = Fact::from(declined);
    for (agreement, obligation) in set.obligations() {
        let about_checks = obligation.deadline == Some(Deadline::FollowUpChecks);
        let mut closes = obligation.ends_with.iter().chain(obligation.kept_by.patterns());
        if about_checks && !closes.any(|pattern| pattern.matches(&declined)) {
            let message = format!(
                "obligation {} of agreement {} stays open if the client declines a check; let it end with `follow-up-check-missed` whose `reason` is `declined`",
                obligation.id, agreement.number
            );
            table.faults().at(&table.place_of("agreements"), message);
        }
    }
}

/// Reports a fault for every region that has a yearly target but is not one of the set's regions.
fn serves_its_targets(set: &AgreementSet, table: &Table<'_>) {
    for region in set.figures.homes_a_year.keys().filter(|region| !set.regions.contains(region)) {
        let place = table.place_of("regions");
        table.faults().at(&place, format!("`homes-a-year` names {region}, which is not among the regions"));
    }
}
