//! Reading a set from its file: everything that is wrong with it is named at once, with line and column.

mod deadline;
mod fields;
mod obligation;
mod pattern;
mod reach;
mod settings;
mod table;

use std::collections::BTreeMap;
use std::ops::Range;

use toml::de::DeTable;

pub use table::SetFault;
use table::{Faults, Table};

use super::obligation::{Deadline, Obligation};
use super::set::{Agreement, AgreementSet, BothLanguages};
use crate::ids::ObligationId;
use crate::trajectory::fact::ContractModel;

/// How many agreements a set has (S0).
const AGREEMENTS: std::ops::RangeInclusive<u8> = 1..=10;

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
    // What the parser had to guess is not worth judging.
    let set = if broken.is_empty() { set(Table::new(document.get_ref(), start, &faults)) } else { None };
    let found = faults.into_list();
    match set {
        Some(set) if found.is_empty() => Ok(set),
        _ => Err(found),
    }
}

fn set(table: Table<'_>) -> Option<AgreementSet> {
    let id = table.required("id");
    let version = table.required("version");
    if version == Some(0) {
        table.faults().at(&table.place_of("version"), "versions count from 1");
    }
    let title = both_languages(&table, "title");
    let regions = table.required("regions");
    let contract_models: Option<Vec<ContractModel>> = table.required("contract-models");
    let matching = table.table("matching").and_then(settings::matching);
    let flip = table.table("flip").and_then(settings::flip);
    let nuisance = table.table("nuisance").and_then(settings::nuisance);
    let follow_up = table.table("follow-up").and_then(settings::follow_up);
    let figures = table.table("figures").and_then(settings::figures);
    let deadlines = table.table("deadlines").and_then(settings::deadlines);
    let calendar = table.table("calendar").and_then(settings::calendar);
    let agreements = agreements(&table, contract_models.as_deref().unwrap_or_default());
    let set = AgreementSet {
        id: id?,
        version: version?,
        title: title?,
        regions: regions?,
        contract_models: contract_models?,
        matching: matching?,
        flip: flip?,
        nuisance: nuisance?,
        follow_up: follow_up?,
        figures: figures?,
        deadlines: deadlines?,
        calendar: calendar?,
        agreements,
    };
    has_its_clock(&set, &table);
    serves_its_targets(&set, &table);
    table.done();
    Some(set)
}

/// A text in Dutch and in English, at a key.
fn both_languages(table: &Table<'_>, key: &'static str) -> Option<BothLanguages> {
    let text = table.table(key)?;
    let (nl, en) = (text.required("nl"), text.required("en"));
    text.done();
    Some(BothLanguages { nl: nl?, en: en? })
}

fn agreements(table: &Table<'_>, models: &[ContractModel]) -> Vec<Agreement> {
    let faults = table.faults();
    let mut ids: BTreeMap<ObligationId, Range<usize>> = BTreeMap::new();
    let mut numbers = Vec::new();
    let mut agreements = Vec::new();
    for table in table.tables("agreements") {
        let number = table.required("number");
        let place = table.place_of("number");
        let title = both_languages(&table, "title");
        let mut obligations: Vec<Obligation> = Vec::new();
        for table in table.list("obligations").into_iter().filter_map(|value| Table::of(value, faults)) {
            let place = table.place_of("id");
            let Some(obligation) = obligation::obligation(table, models) else { continue };
            if ids.insert(obligation.id.clone(), place.clone()).is_some() {
                faults.at(&place, format!("there is another obligation {}", obligation.id));
            }
            obligations.push(obligation);
        }
        table.done();
        if let Some(number) = number {
            if numbers.contains(&number) {
                faults.at(&place, format!("there is another agreement {number}"));
            }
            numbers.push(number);
            agreements.extend(title.map(|title| Agreement { number, title, obligations }));
        }
    }
    for number in AGREEMENTS.filter(|number| !numbers.contains(number)) {
        faults.at(&table.place_of("agreements"), format!("agreement {number} is missing"));
    }
    for number in numbers.iter().filter(|number| !AGREEMENTS.contains(number)) {
        faults
            .at(&table.place_of("agreements"), format!("there are ten agreements; {number} is none of them"));
    }
    agreements
}

/// Whether the figures' clock is an obligation of the set that is counted in time.
fn has_its_clock(set: &AgreementSet, table: &Table<'_>) {
    let id = &set.figures.home_in_time;
    let place = table.value("figures").and_then(|figures| Table::of(figures, table.faults()));
    let place = place.map_or_else(|| table.place.clone(), |figures| figures.place_of("home-in-time"));
    match set.obligation(id) {
        None => table.faults().at(&place, format!("the set has no obligation {id}")),
        Some(clock)
            if !matches!(
                clock.deadline,
                Some(Deadline::Months(_) | Deadline::Weeks(_) | Deadline::Days(_))
            ) =>
        {
            table.faults().at(
                &place,
                format!("obligation {id} is no clock: it has no deadline in months, weeks or days"),
            );
        }
        Some(_) => {}
    }
}

/// Whether every region with a yearly target is one that the set serves.
fn serves_its_targets(set: &AgreementSet, table: &Table<'_>) {
    for region in set.figures.homes_a_year.keys().filter(|region| !set.regions.contains(region)) {
        let place = table.place_of("regions");
        table.faults().at(&place, format!("`homes-a-year` names {region}, which is not among the regions"));
    }
}
