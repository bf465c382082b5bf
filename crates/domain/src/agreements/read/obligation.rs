//! Reads one obligation, and checks it by itself.

use toml::de::DeValue;

use super::deadline::deadline;
use super::level::{self, has_the_dates};
use super::pattern::{exists, facts_listed, field, patterns};
use super::reach;
use super::table::{Table, both_languages, each, items};
use crate::agreements::field::FieldPath;
use crate::agreements::obligation::{Actor, Deadline, KeptBy, Obligation, Responsible, SIGNALS, UndoneBy};
use crate::agreements::pattern::{FactTypes, Pattern};
use crate::nuisance::{Level, course};
use crate::trajectory::FactType;
use crate::trajectory::fact::{ContractModel, Party};

/// Reads one obligation; `models` are the contract models of its set.
pub(super) fn obligation(table: Table<'_>, models: &[ContractModel]) -> Option<Obligation> {
    let faults = table.faults();
    let faults_before = faults.count();
    let level: Option<Level> = table.optional("level");
    let starts_with = match level.filter(|_| table.value("starts-with").is_none()) {
        Some(level) => course::brings_to(level),
        None => patterns(table.list("starts-with"), faults),
    };
    let started_by = facts_of(&starts_with);
    let id = table.required("id");
    let text = both_languages(&table, "text");
    let responsible = responsible(&table, started_by);
    let protects = table.value("protects").map(|_| table.each("protects"));
    let never_set_aside = table.optional("never-set-aside").unwrap_or(false);
    let dated_by = level.map_or(started_by, has_the_dates);
    let deadline = table.value("deadline").map(|value| deadline(value, dated_by, faults));
    let kept_by = kept_by(&table);
    let counts_since = table.value("counts-since").map(|value| facts_listed(value, faults));
    let ends_with = patterns(table.list("ends-with"), faults);
    let undone_by = table.value("undone-by").map(|_| undone_by(&table, kept_by.as_ref()));
    let same = table.value("same").map(|value| field(started_by, value, faults));
    let recurs = table.optional("recurs").unwrap_or(false);
    let one_at_a_time = table.optional("one-at-a-time").unwrap_or(false);
    let paused_by = table.value("paused-by").map(|_| table.each("paused-by"));
    let contract_models = table.value("contract-models").map(|_| table.each("contract-models"));
    let source = table.required_each("source");
    let obligation = Obligation {
        id: id?,
        text: text?,
        responsible: responsible?,
        protects: given(protects)?.unwrap_or_else(|| vec![Party::Client]),
        never_set_aside,
        level,
        starts_with,
        deadline: given(deadline)?,
        kept_by: kept_by?,
        counts_since: counts_since.unwrap_or_default(),
        ends_with,
        undone_by: given(undone_by)?,
        same: given(same)?,
        recurs,
        one_at_a_time,
        paused_by: given(paused_by)?.unwrap_or_default(),
        contract_models: given(contract_models)?.unwrap_or_default(),
        source: source?,
    };
    // If the obligation was misread, it is not checked further.
    if faults.count() == faults_before {
        judge(&obligation, &table, models);
    }
    table.done();
    Some(obligation)
}

/// Reports what is wrong with an obligation that was read without faults.
fn judge(obligation: &Obligation, table: &Table<'_>, models: &[ContractModel]) {
    starts(obligation, table, models);
    can_be_kept(obligation, table);
    has_the_same(obligation, table);
    goes_together(obligation, table);
    can_be_undone(obligation, table);
    level::judge(obligation, table);
    is_about_one_signal(obligation, table);
}

/// The value of a key that may be absent, but not wrong.
#[expect(clippy::option_option, reason = "an absent value is allowed, a wrong one is not")]
fn given<T>(read: Option<Option<T>>) -> Option<Option<T>> {
    match read {
        None => Some(None),
        Some(None) => None,
        Some(some) => Some(some),
    }
}

pub(super) fn facts_of<'p>(patterns: impl IntoIterator<Item = &'p Pattern>) -> FactTypes {
    patterns.into_iter().fold(FactTypes::default(), |all, pattern| all.or(pattern.facts))
}

/// A list of parties, or the field of the starting fact that names the party.
fn responsible(table: &Table<'_>, started_by: FactTypes) -> Option<Responsible> {
    let Some(value) = table.value("responsible") else {
        table.missing("responsible");
        return None;
    };
    if matches!(value.get_ref(), DeValue::String(_)) {
        return field(started_by, value, table.faults()).map(Responsible::NamedIn);
    }
    let parties: Vec<Actor> = each(value, table.faults())?;
    if parties.is_empty() {
        table.faults().at(&value.span(), "name at least one responsible party");
    }
    Some(Responsible::Parties(parties))
}

/// A list of facts, each of which keeps it by itself, `{ all = […], any = […] }`, or `"enforced"`.
fn kept_by(table: &Table<'_>) -> Option<KeptBy> {
    let faults = table.faults();
    let Some(value) = table.value("kept-by") else {
        table.missing("kept-by");
        return None;
    };
    match value.get_ref() {
        DeValue::String(word) if word == "enforced" => Some(KeptBy { enforced: true, ..KeptBy::default() }),
        DeValue::Array(_) => {
            Some(KeptBy { any: patterns(items(value, faults), faults), ..KeptBy::default() })
        }
        DeValue::Table(_) => {
            let kept = Table::of(value, faults)?;
            let (all, any) = (patterns(kept.list("all"), faults), patterns(kept.list("any"), faults));
            kept.done();
            Some(KeptBy { all, any, enforced: false })
        }
        _ => {
            faults.at(
                &value.span(),
                "kept by a list of facts, by `{ all = […], any = […] }`, or by the word \"enforced\"",
            );
            None
        }
    }
}

/// `{ facts = […], same = … }`: what undoes the keeping, and the field that both have in common.
fn undone_by(table: &Table<'_>, kept_by: Option<&KeptBy>) -> Option<UndoneBy> {
    let faults = table.faults();
    let undone = table.value("undone-by").and_then(|value| Table::of(value, faults))?;
    let facts = undone.value("facts").map(|value| facts_listed(value, faults));
    if facts.is_none() {
        undone.missing("facts");
    }
    let keeps = kept_by.map(|kept| facts_of(kept.patterns())).unwrap_or_default();
    let same = undone.value("same").and_then(|value| field(facts?.or(keeps), value, faults));
    if undone.value("same").is_none() {
        undone.missing("same");
    }
    undone.done();
    Some(UndoneBy { facts: facts?, same: same? })
}

/// Reports a fault unless what keeps it can be undone, and a clock can run on afterwards.
fn can_be_undone(obligation: &Obligation, table: &Table<'_>) {
    let Some(undone) = &obligation.undone_by else { return };
    let place = table.place_of("undone-by");
    let kept = reach::after(facts_of(obligation.kept_by.patterns()));
    for kind in undone.facts.iter().filter(|kind| !kept.contains(*kind)) {
        table.faults().at(&place, format!("no `{kind}` can come after what keeps it"));
    }
    if undone.facts.is_empty() {
        table.faults().at(&place, "name at least one fact, or leave this out");
    }
    let runs_on = matches!(
        obligation.deadline,
        Some(Deadline::Days(_) | Deadline::WorkingDays(_) | Deadline::Weeks(_) | Deadline::Months(_))
    );
    let is_plain = !obligation.recurs && obligation.paused_by.is_empty() && !obligation.is_about_signals();
    if !runs_on || !is_plain {
        let fault = "only a deadline in days, weeks or months that neither recurs nor is paused can run on";
        table.faults().at(&place, fault);
    }
}

/// Reports a fault if nothing can start it.
fn starts(obligation: &Obligation, table: &Table<'_>, models: &[ContractModel]) {
    let under = |model: ContractModel| models.contains(&model) && obligation.applies_under(model);
    let place = table.place_of("starts-with");
    let started_by = facts_of(&obligation.starts_with);
    if started_by.is_empty() {
        table.faults().at(&place, "nothing starts it, so it never applies");
    } else if !started_by.iter().any(|kind| reach::happens_under(kind).is_none_or(under)) {
        table.faults().at(&place, "it never starts: no client of this set lives under such a lease");
    }
    for kind in reach::ENDS.into_iter().filter(|kind| started_by.contains(*kind)) {
        table.faults().at(&place, format!("`{kind}` ends the case, so it cannot start an obligation"));
    }
    if table.list_is_empty("contract-models") {
        let place = table.place_of("contract-models");
        table.faults().at(&place, "it applies under no lease; leave this out if it applies under all");
    }
    if let Some(model) = obligation.contract_models.iter().find(|model| !models.contains(model)) {
        let place = table.place_of("contract-models");
        table.faults().at(&place, format!("the set does not have the contract model {model:?}"));
    }
}

/// Reports a fault if what keeps it cannot happen once it has started.
fn can_be_kept(obligation: &Obligation, table: &Table<'_>) {
    let place = table.place_of("kept-by");
    let kept_by = &obligation.kept_by;
    if !kept_by.enforced && kept_by.patterns().next().is_none() {
        return table.faults().at(&place, "nothing keeps it, so it is always broken");
    }
    let start = facts_of(&obligation.starts_with);
    let since = obligation.counts_since;
    let counted = reach::after(start).or(since).or(reach::after(since));
    let possible = |pattern: &Pattern| pattern.facts.meets(counted);
    let mut impossible = kept_by.all.iter().filter(|pattern| !possible(pattern)).collect::<Vec<_>>();
    if !kept_by.any.is_empty() && !kept_by.any.iter().any(possible) {
        impossible.extend(&kept_by.any);
    }
    for kind in impossible.into_iter().flat_map(|pattern| pattern.facts.iter()) {
        table.faults().at(&place, format!("it can never be kept: no `{kind}` can come after its start"));
    }
    if let Some(Deadline::Before(limit)) = &obligation.deadline
        && !limit.meets(reach::after(start))
    {
        let names = limit.iter().map(|kind| format!("`{kind}`")).collect::<Vec<_>>().join(" or ");
        table.faults().at(&table.place_of("deadline"), format!("no {names} can come after its start"));
    }
}

/// Reports a fault for a fact that lacks the field by which facts must refer to the same thing.
fn has_the_same(obligation: &Obligation, table: &Table<'_>) {
    let check = |field: &FieldPath, key: &'static str, patterns: Vec<&Pattern>| {
        if let Some(value) = table.value(key) {
            let _ = patterns.iter().all(|pattern| exists(pattern.facts, field, value, table.faults()));
        }
    };
    let kept_by = || obligation.kept_by.patterns().collect();
    if let Some(field) = &obligation.same {
        check(field, "kept-by", kept_by());
        check(field, "ends-with", obligation.ends_with.iter().collect());
    }
    if obligation.deadline == Some(Deadline::FollowUpChecks) {
        check(&FieldPath::named("month"), "kept-by", kept_by());
    }
}

/// Whether each instance is about one signal, if it is about signals at all: its outcome must not
/// depend on signals that some viewers do not see.
fn is_about_one_signal(obligation: &Obligation, table: &Table<'_>) {
    let signals = FactTypes::of(&SIGNALS);
    if obligation.is_about_signals() && obligation.same != Some(FieldPath::named("signalId")) {
        let place = table.place_of("starts-with");
        table.faults().at(&place, "signals are hidden one by one; it needs `same = \"signalId\"`");
    }
    if obligation.counts_since.meets(signals) {
        let place = table.place_of("counts-since");
        table.faults().at(&place, "signals are hidden one by one; nothing is counted since one");
    }
    if matches!(&obligation.deadline, Some(Deadline::Before(facts)) if facts.meets(signals)) {
        let place = table.place_of("deadline");
        table.faults().at(&place, "signals are hidden one by one; no deadline is before one");
    }
}

/// Facts without which the rules admit no nomination or no flip.
const DEMANDED: [FactType; 3] =
    [FactType::ReadinessConfirmed, FactType::RentAtFlipDisclosed, FactType::AftercareAgreed];

/// Reports a fault if its settings contradict each other.
fn goes_together(obligation: &Obligation, table: &Table<'_>) {
    let again = facts_of(obligation.kept_by.patterns());
    if obligation.recurs && !again.meets(facts_of(&obligation.starts_with)) {
        let place = table.place_of("recurs");
        table.faults().at(&place, "it recurs, but nothing that keeps it starts it again");
    }
    if obligation.recurs && obligation.deadline == Some(Deadline::FollowUpChecks) {
        let place = table.place_of("recurs");
        table.faults().at(&place, "follow-up checks already repeat; they cannot recur");
    }
    if obligation.kept_by.enforced && obligation.deadline != Some(Deadline::SameDay) {
        let place = table.place_of("kept-by");
        table
            .faults()
            .at(&place, "an enforced obligation is kept at once: its deadline must be \"same-day\"");
    }
    let demanded = facts_of(obligation.kept_by.patterns()).iter().find(|kind| DEMANDED.contains(kind));
    if let Some(kind) = demanded.filter(|_| obligation.can_be_set_aside()) {
        let message = format!(
            "the ledger admits no further step without `{kind}`, so this cannot be set aside: write `never-set-aside = true`"
        );
        table.faults().at(&table.place_of("id"), message);
    }
    if table.list_is_empty("protects") {
        table.faults().at(
            &table.place_of("protects"),
            "name at least one party, or leave this out: it protects the client",
        );
    }
    if !obligation.paused_by.is_empty() && !obligation.deadline.as_ref().is_some_and(counts_time) {
        table.faults().at(&table.place_of("paused-by"), "it has no deadline that can be paused");
    }
    if obligation.kept_by.all.len() > Obligation::MOST_TO_KEEP {
        let most = Obligation::MOST_TO_KEEP;
        table.faults().at(&table.place_of("kept-by"), format!("at most {most} facts"));
    }
    if obligation.source.is_empty() {
        table.faults().at(&table.place_of("source"), "name a source, or the word \"decision\"");
    }
}

fn counts_time(deadline: &Deadline) -> bool {
    !matches!(deadline, Deadline::SameDay | Deadline::Before(_))
}
