//! The verdicts that an obligation of the Amsterdam set can never have, checked against all demo
//! cases and many random lives. A story for each obligation shows that every other verdict is
//! possible.

use omklap_domain::agreements::{Assessed, Verdict, assess};

use crate::golden::demo_cases;
use crate::proofs::walk::walks;
use crate::vocabulary::*;

use Verdict::{KeptLate, NotApplicable, Overdue};

/// The verdicts that an obligation never has, and why.
const NEVER: [(&str, &[Verdict], &str); 6] = [
    ("1.1", &[KeptLate, Overdue], "it has no deadline"),
    ("1.3", &[KeptLate, Overdue], "it has no deadline"),
    ("1.5", &[Overdue], "what starts it keeps it, if late"),
    (
        "3.1",
        &[KeptLate, Overdue],
        "the lease that ends its time keeps it, or it does not apply under that lease",
    ),
    ("7.2", &[KeptLate, Overdue], "a flip is refused if the client was not shown the rent"),
    ("10.2", &[KeptLate, Overdue], "the ledger itself keeps it at once"),
];

fn never(one: &Assessed<'_>) -> &'static [Verdict] {
    let id = one.obligation.id.as_str();
    NEVER.iter().find(|(never, ..)| *never == id).map_or(&[], |(_, verdicts, _)| verdicts)
}

#[test]
fn no_obligation_has_an_impossible_verdict() {
    let lives = walks().take(200).map(|life| life.history);
    for history in demo_cases().into_iter().map(|(_, history)| history).chain(lives) {
        let facts = history.happened().map(|(_, fact)| fact.occurred_on());
        let days: Vec<Day> = facts.flat_map(|day| [day, day.plus_days(1), day.plus_months(120)]).collect();
        let assessed = assess(&history, &SETS);
        for one in assessed.iter().filter(|one| one.set.id.as_str().starts_with("amsterdam-")) {
            for verdict in days.iter().map(|day| one.status_on(*day).verdict()) {
                assert!(!never(one).contains(&verdict), "{} is {verdict}", one.obligation.id);
                let applies_under_every_lease = one.obligation.contract_models.is_empty();
                assert!(verdict != NotApplicable || !applies_under_every_lease, "{}", one.obligation.id);
            }
        }
    }
}
