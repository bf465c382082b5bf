//! What can never become of an obligation of the Amsterdam set, held against all demo cases and many lives by lot. That
//! everything else can is told by a story each.

use omklap_domain::agreements::{Assessed, Verdict, assess};

use crate::golden::demo_cases;
use crate::proofs::walk::walks;
use crate::telling::*;

use Verdict::{KeptLate, NotApplicable, Overdue};

/// What never becomes of an obligation, and why.
const NEVER: [(&str, &[Verdict], &str); 7] = [
    ("1.1", &[KeptLate, Overdue], "it has no deadline"),
    ("1.3", &[KeptLate, Overdue], "it has no deadline"),
    ("1.5", &[Overdue], "what starts it keeps it, if late"),
    (
        "3.1",
        &[KeptLate, Overdue],
        "the lease that ends its time keeps it, or it does not apply under that lease",
    ),
    ("7.2", &[KeptLate, Overdue], "a flip that nobody was shown the rent of is refused"),
    ("9.1", &[KeptLate, Overdue], "a flip without aftercare is refused"),
    ("10.2", &[KeptLate, Overdue], "the ledger itself keeps it at once"),
];

fn never(one: &Assessed<'_>) -> &'static [Verdict] {
    let id = one.obligation.id.as_str();
    NEVER.iter().find(|(never, ..)| *never == id).map_or(&[], |(_, verdicts, _)| verdicts)
}

#[test]
fn what_cannot_become_of_an_obligation_becomes_of_none() {
    let lives = walks().take(200).map(|life| life.history);
    for history in demo_cases().into_iter().map(|(_, history)| history).chain(lives) {
        let facts = history.happened().map(|(_, fact)| fact.occurred_on());
        let days: Vec<Day> = facts.flat_map(|day| [day, day.plus_days(1), day.plus_months(120)]).collect();
        let assessed = assess(&history, &SETS);
        for one in assessed.iter().filter(|one| one.set.id.as_str().starts_with("amsterdam-")) {
            for verdict in days.iter().map(|day| one.status_on(*day).verdict()) {
                assert!(!never(one).contains(&verdict), "{} is {verdict}", one.obligation.id);
                let asked_under_every_lease = one.obligation.contract_models.is_empty();
                assert!(verdict != NotApplicable || !asked_under_every_lease, "{}", one.obligation.id);
            }
        }
    }
}
