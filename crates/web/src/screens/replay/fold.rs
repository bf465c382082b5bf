//! The state on a day, folded from the changes of the steps up to it. It equals what the API answers
//! about that day: a browser test compares them. `replay.js` does the same fold.

use std::collections::BTreeMap;

use jiff::civil::Date;
use omklap_domain::trajectory::Phase;

use super::steps::{Change, Step, What};

/// What is the case on a day.
#[derive(Debug, Default)]
pub struct Standing<'s> {
    /// The phase.
    pub phase: Option<Phase>,
    /// Each start of an obligation.
    pub obligations: Vec<Obligation<'s>>,
    /// The nuisance cases, each with its level or what became of it.
    pub nuisance: BTreeMap<&'s str, &'s Change>,
    /// Until when there is follow-up.
    pub follow_up_until: Option<Date>,
}

/// One start of an obligation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obligation<'s> {
    /// By when it is due.
    pub due_on: Option<Date>,
    /// Its number and text.
    pub text: &'s str,
    /// The number alone.
    pub rule: &'s str,
    /// The fact with which it started.
    pub start: Option<u64>,
    /// How it was settled.
    pub settled: Option<&'s str>,
}

impl<'s> Standing<'s> {
    /// The state at the end of a day.
    pub fn on(day: Date, steps: &'s [Step]) -> Self {
        let mut standing = Self::default();
        let happened = steps.iter().filter(|step| step.struck.is_none() && step.occurred_on <= day);
        happened.flat_map(|step| &step.changes).for_each(|change| standing.apply(change));
        standing
    }

    fn apply(&mut self, change: &'s Change) {
        match change.what {
            What::Phase => self.phase = Change::phase(change.to.as_ref()),
            What::ObligationOpened => self.obligations.push(Obligation {
                due_on: change.due_on,
                text: change.obligation(),
                rule: &change.rule,
                start: change.start(),
                settled: None,
            }),
            What::ObligationSettled => self.settle(change),
            What::NuisanceLevel | What::NuisanceStand => {
                self.nuisance.insert(change.subject.as_deref().unwrap_or_default(), change);
            }
            What::FollowUp if change.to.as_deref() == Some("began") => self.follow_up_until = change.due_on,
            What::FollowUp => {}
        }
    }

    /// One fact can start an obligation several times, each with its own due date.
    fn settle(&mut self, change: &'s Change) {
        let of_it = |one: &&mut Obligation<'_>| {
            one.rule == change.rule && one.start == change.start() && one.settled == change.from.as_deref()
        };
        let mut such: Vec<&mut Obligation<'s>> = self.obligations.iter_mut().filter(of_it).collect();
        let at = such.iter().position(|one| one.due_on == change.due_on).unwrap_or(0);
        if let Some(one) = such.get_mut(at) {
            one.settled = change.to.as_deref();
            one.due_on = change.due_on;
        }
    }

    /// The open obligations, those that are due first on top.
    pub fn open(&self) -> Vec<&Obligation<'s>> {
        let mut open: Vec<_> = self.obligations.iter().filter(|one| one.settled.is_none()).collect();
        open.sort_by_key(|one| (one.due_on.is_none(), one.due_on));
        open
    }

    /// How many obligations have this status on a day.
    pub fn count(&self, status: &str, day: Date) -> usize {
        self.obligations.iter().filter(|one| one.status(day) == status).count()
    }
}

impl Obligation<'_> {
    /// Its status on a day, as the API names it.
    pub fn status(&self, day: Date) -> &str {
        let is_late = self.due_on.is_some_and(|due| due < day);
        self.settled.unwrap_or(if is_late { "overdue" } else { "due" })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::steps::Steps;
    use super::*;

    /// One obligation that one fact starts twice; the second instance is kept.
    fn replayed() -> Steps {
        let change = |what: &str, to: Option<&str>, due: &str| json!({"what": what, "rule": "9.2", "to": to, "dueOn": due, "evidence": [1], "text": "9.2 Stay in touch: due"});
        let opened = |due| change("obligation-opened", None, due);
        let kept = change("obligation-settled", Some("kept"), "2026-07-01");
        serde_json::from_value(json!({"items": [
            {"sequence": 1, "occurredOn": "2026-01-01", "changes": [opened("2026-04-01"), opened("2026-07-01")]},
            {"sequence": 2, "occurredOn": "2026-05-01", "changes": [kept]},
        ]}))
        .expect("a replay")
    }

    fn statuses(day: Date) -> Vec<String> {
        let steps = replayed();
        let standing = Standing::on(day, &steps.items);
        let of = standing.obligations.iter().map(|one| format!("{} {}", one.text, one.status(day)));
        of.collect()
    }

    #[test]
    fn an_obligation_is_late_the_day_after_it_was_due() {
        assert_eq!(statuses(Date::constant(2026, 4, 1)), ["9.2 Stay in touch due", "9.2 Stay in touch due"]);
        assert_eq!(
            statuses(Date::constant(2026, 4, 2)),
            ["9.2 Stay in touch overdue", "9.2 Stay in touch due"]
        );
    }

    #[test]
    fn what_is_settled_is_the_start_with_that_due_date() {
        assert_eq!(
            statuses(Date::constant(2026, 5, 1)),
            ["9.2 Stay in touch overdue", "9.2 Stay in touch kept"]
        );
    }

    #[test]
    fn before_the_first_step_there_is_nothing() {
        assert!(statuses(Date::constant(2025, 12, 31)).is_empty());
    }
}
