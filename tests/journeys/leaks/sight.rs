//! What a role sees of a fact, by the table of these tests.

use std::collections::BTreeMap;

use omklap_domain::trajectory::fact::Party;
use omklap_domain::trajectory::{Fact, FactType, History};
use omklap_domain::visibility::Role;
use omklap_tests::Team;
use serde_json::{Value, json};

use super::fields::{category_of, fields_of};

/// The fields of a fact that a role does not see; none if the fact itself is hidden.
pub fn hidden(
    whole: &Value,
    recorded: &[Value],
    role: Role,
    sight: &BTreeMap<&str, &str>,
) -> Option<Vec<&'static str>> {
    let kind = kind_of(whole);
    if kind == FactType::EventCorrected {
        return hidden_of_correction(whole, recorded, role, sight);
    }
    if is_asked(whole, role) {
        return Some(Vec::new());
    }
    let sees = |category: &str| match sight[category] {
        "o" => is_shared(whole, role),
        "t" => was_at_the_table(whole, recorded, role),
        "u" => is_open(whole, recorded),
        "-" => false,
        _ => true,
    };
    let kept = is_of_health(whole, recorded, role);
    // Of the preparation, partners see that income and debts are arranged. Other steps are profile
    // data.
    let of_money = ["income-arranged", "debts-in-view"].map(Value::from).contains(&whole["step"]);
    let category = match kind {
        _ if kept => "guidance",
        FactType::PreparationStepCompleted if !of_money => "profile",
        _ => category_of(kind),
    };
    if !sees(category) || (category == "guidance" && sight[category] != "x") {
        return None;
    }
    let elsewhere = is_home_of_another(whole, recorded, role);
    if elsewhere
        && matches!(
            kind,
            FactType::FirstRentHelpRequested | FactType::FirstRentCovered | FactType::FirstRentRepaid
        )
    {
        return None;
    }
    // The fields of such a step are data of the profile as well.
    let of = |category: &'static str| {
        let of_the_profile = kind == FactType::PreparationStepCompleted && !of_money;
        if of_the_profile && category == "debts-arranged" { "profile" } else { category }
    };
    let is_hidden =
        |category: &'static str| !sees(of(category)) || elsewhere && ABOUT_A_HOME.contains(&category);
    Some(fields_of(kind).filter(|(_, category)| is_hidden(category)).map(|(field, _)| field).collect())
}

/// Whether the organisation that acts in this role was at the case table.
fn was_at_the_table(discussed: &Value, recorded: &[Value], role: Role) -> bool {
    let mut team = Team::default();
    for fact in recorded {
        team.update_from(fact);
    }
    let own = match role.party() {
        Some(Party::HousingCorporation) => &team.corporation,
        Some(Party::Municipality) => &team.municipality,
        _ => return false,
    };
    let attendees = discussed["attendees"].as_array();
    attendees.into_iter().flatten().any(|attendee| attendee["organisation"] == json!(own))
}

/// The categories of another corporation's home that a corporation does not see.
pub const ABOUT_A_HOME: [&str; 2] = ["dwelling", "rent"];

/// Whether a fact is about an offer or lease of another corporation. The corporation in this role
/// is the one that was named last (docs/DOMAIN.md §8.1).
pub fn is_home_of_another(whole: &Value, recorded: &[Value], role: Role) -> bool {
    if role.party() != Some(Party::HousingCorporation) {
        return false;
    }
    let mut team = Team::default();
    for fact in recorded {
        team.update_from(fact);
    }
    let lets = |fact: &Value| {
        let places = ["/corporation", "/terms/corporation", "/lease/terms/corporation"];
        places.iter().rev().find_map(|place| fact.pointer(place)?.as_str().map(str::to_owned))
    };
    let is_of = |kinds: &[FactType], fact: &Value| kinds.contains(&kind_of(fact));
    let by = match kind_of(whole) {
        FactType::AssignmentReturned
        | FactType::DwellingOffered
        | FactType::HousedUnderIntermediaryLease
        | FactType::HousedUnderThreePartyLease
        | FactType::HousedUnderTemporaryLease
        | FactType::HousedUnderOwnLease => lets(whole),
        FactType::RunningCaseTakenOver if whole.get("lease").is_some() => lets(whole),
        FactType::OfferWithdrawn | FactType::FittingTestDone => {
            let made = |fact: &&Value| {
                is_of(&[FactType::DwellingOffered], fact) && fact["offerId"] == whole["offerId"]
            };
            recorded.iter().find(made).and_then(lets)
        }
        FactType::FirstRentHelpRequested | FactType::FirstRentCovered | FactType::FirstRentRepaid => {
            let before = recorded.iter().take_while(|fact| *fact != whole);
            before.filter_map(lets).last()
        }
        // No stage has a flip and another home.
        _ => None,
    };
    by.is_some_and(|by| by != team.corporation)
}

/// A correction is shown like the corrected fact and the replacement. Its reason is shown to a role
/// that sees both whole, and to an auditor.
fn hidden_of_correction(
    correction: &Value,
    recorded: &[Value],
    role: Role,
    sight: &BTreeMap<&str, &str>,
) -> Option<Vec<&'static str>> {
    let corrected = usize::try_from(correction["corrects"].as_u64().expect("a number")).expect("small") - 1;
    let corrected = hidden(&recorded[corrected], recorded, role, sight)?;
    let replacement = correction.get("replacement").map(|fact| hidden(fact, recorded, role, sight));
    let mut hidden = match replacement {
        Some(None) => vec!["replacement", "reason"],
        // A part of it: the correction is shown in part, also with its reason.
        Some(Some(parts)) if !parts.is_empty() => vec!["replacement/*", "reason"],
        _ if !corrected.is_empty() => vec!["reason"],
        _ => Vec::new(),
    };
    hidden.retain(|field| *field != "reason" || role != Role::Auditor);
    Some(hidden)
}

/// A signal that was about health in any wording, and its answer, are guidance data, except for the
/// party that is asked to answer it (docs/DOMAIN.md §8.1).
fn is_of_health(whole: &Value, recorded: &[Value], role: Role) -> bool {
    let is_signal =
        |fact: &&Value| fact["type"] == "signal-reported" && fact["signalId"] == whole["signalId"];
    let wordings: Vec<&Value> =
        recorded.iter().flat_map(|fact| [fact, &fact["replacement"]]).filter(is_signal).collect();
    let says = match kind_of(whole) {
        FactType::SignalReported => whole,
        FactType::SignalAnswered => wordings.last().expect("what is answered was reported"),
        _ => return false,
    };
    let asked = serde_json::to_value(role.party()).expect("a party") == says["asked"];
    let of_health = |fact: &&&Value| ["health", "loneliness"].map(Value::from).contains(&fact["kind"]);
    !asked && wordings.iter().chain([&says]).any(|fact| of_health(&fact))
}

/// The party that is asked to answer a signal sees it whole.
pub fn is_asked(fact: &Value, role: Role) -> bool {
    kind_of(fact) == FactType::SignalReported
        && serde_json::to_value(role.party()).expect("a party") == fact["asked"]
}

/// Whether the nuisance case of a fact is open now and was never over: no recorded fact and no
/// replacement ends it.
fn is_open(whole: &Value, recorded: &[Value]) -> bool {
    let facts = recorded.iter().map(|fact| serde_json::from_value(fact.clone()).expect("a fact"));
    let history = History::from(facts.collect::<Vec<Fact>>());
    let mut cases = history.state().nuisance.iter();
    let ends =
        ["nuisance-resolved", "nuisance-case-closed", "nuisance-found-unfounded", "nuisance-handed-over"];
    let replaced = recorded.iter().map(|fact| &fact["replacement"]);
    let mut all = recorded.iter().chain(replaced).filter(|fact| fact["caseId"] == whole["caseId"]);
    let was_over = all.any(|fact| ends.iter().any(|kind| fact["type"] == *kind));
    !was_over && cases.any(|(id, case)| whole["caseId"] == *id.to_string() && case.is_open())
}

pub fn kind_of(fact: &Value) -> FactType {
    serde_json::from_value(fact["type"].clone()).expect("a kind")
}

/// The roles that had access because of a consent, and so see its withdrawal.
fn rested_on(scope: &str) -> &'static [Role] {
    match scope {
        "outflow-profile" => {
            &[Role::HousingCorporation, Role::NuisanceOfficer, Role::MatchingPoint, Role::WmoConsultant]
        }
        "finances" => &[Role::HousingCorporation, Role::NuisanceOfficer, Role::MatchingPoint],
        "guidance-goals" => &[Role::HousingCorporation, Role::NuisanceOfficer],
        _ => &[],
    }
}

fn is_shared(fact: &Value, role: Role) -> bool {
    if fact["type"] == "consent-withdrawn" {
        return rested_on(fact["scope"].as_str().expect("a scope")).contains(&role);
    }
    let party = serde_json::to_value(role.party()).expect("a party");
    let lists = ["sharedWith", "recipients", "agreedBy", "asks"].map(|field| fact[field].as_array());
    lists.into_iter().flatten().any(|parties| parties.contains(&party))
}
