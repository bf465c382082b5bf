//! Which cases count in figures for callers who do not see every case (ADR 20).

use crate::trajectory::History;
use crate::trajectory::fact::{Fact, Party};
use crate::visibility::Role;

/// Whether a party other than the care provider has reported in a case. A provider can open cases
/// alone, with any dates, and a client signs in through the provider. If such cases counted, a
/// provider that opens four of them would turn a hidden count into one that shows how many cases it
/// hid.
#[must_use]
pub fn is_confirmed(history: &History) -> bool {
    history.happened().any(|(_, fact)| is_of_another(fact))
}

/// Whether neither a care provider nor a client can report this fact.
fn is_of_another(fact: &Fact) -> bool {
    let of_others = |party: Party| !matches!(party, Party::CareProvider | Party::Client);
    match fact {
        Fact::ContactPersonAssigned(contact) => of_others(contact.party),
        Fact::CorporationAssigned(assigned) => of_others(assigned.assigner()),
        Fact::FlipPositionGiven(given) => of_others(given.party),
        Fact::WarningIssued(warning) => of_others(warning.by),
        _ => {
            let own = [Role::Guide, Role::CareProvider, Role::NuisanceDesk, Role::Client];
            let reporters = fact.fact_type().row().reporters;
            !reporters.is_empty() && !reporters.iter().any(|role| own.contains(role))
        }
    }
}
