//! Replays what the ledger decided: whether each fact is admitted by the rules on the history before
//! it, and whether each deadline that was recorded follows from the facts of that time (ADR 41).
//!
//! Hashes and MACs show that an event is the one that was written by somebody with the operator's
//! key. This shows that it could have been admitted at all.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use omklap_domain::day::Day;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::admit::Rules;
use omklap_domain::trajectory::refused::Refused;
use omklap_domain::trajectory::{Fact, History};
use sqlx::Row;
use sqlx::postgres::PgRow;

use super::finding::Finding;
use super::scan::Whole;
use crate::deadlines::Deadline;
use crate::deadlines::lapsed::LapsedOffer;
use crate::error::StoreError;
use crate::events::event;
use crate::ledger::Ledger;
use crate::read_models::Derived;

/// Rules that became stricter after events were recorded: the code of the refusal, and the instant
/// from which this ledger applied it. A fact from before is not judged by it. Nothing is released,
/// so there is none.
const STRICTER_SINCE: &[(&str, &str)] = &[];

/// How long a deadline may be in the making: what was reported in the meantime is in the order
/// before it, and was not known to it.
const IN_THE_MAKING: SignedDuration = SignedDuration::from_mins(10);

/// The first fact that the rules would refuse: what follows it follows from it.
pub(super) fn refused(
    ledger: &Ledger,
    rows: &[PgRow],
    facts: &[Fact],
) -> Result<Option<Finding>, StoreError> {
    let mut history = History::default();
    for ((sequence, row), fact) in (1..).zip(rows).zip(facts) {
        let recorded_at = event::recorded_at(row)?;
        // An older version of its type was admitted by the rules of that version.
        let is_of_now = row.try_get::<&str, _>("event_version")? == fact.version();
        let rules = Rules { sets: &ledger.sets, today: day_of(recorded_at) };
        if is_of_now && let Err(refused) = history.check(fact, rules) {
            let codes = broken(&refused, recorded_at, STRICTER_SINCE);
            if !codes.is_empty() {
                return Ok(Some(Finding::WouldBeRefused { sequence, codes: codes.join(", ") }));
            }
        }
        history.record(fact.clone());
    }
    Ok(None)
}

/// The rules that a fact broke and that applied when it was recorded.
fn broken(refused: &Refused, recorded_at: Timestamp, since: &[(&str, &str)]) -> Vec<&'static str> {
    let later = refused.breaks.iter().flat_map(|step| &step.refusals);
    let applied = |code: &&str| {
        let from = since.iter().find(|(stricter, _)| stricter == code);
        from.and_then(|(_, from)| from.parse::<Timestamp>().ok()).is_none_or(|from| from <= recorded_at)
    };
    refused.refusals.iter().chain(later).map(|refusal| refusal.code()).filter(applied).collect()
}

/// The deadlines of a case that do not follow from its facts.
pub(super) fn unfounded_deadlines(
    ledger: &Ledger,
    id: TrajectoryId,
    whole: &Whole,
    facts: &[Fact],
) -> Result<Vec<Finding>, StoreError> {
    let mut findings = Vec::new();
    for row in &whole.deadlines {
        let known = known_to(row, &whole.events)?;
        let recorded_on = day_of(event::recorded_at(row)?);
        let payload = event::stored_text(row, "payload")?;
        let says: Option<Deadline> = serde_json::from_str(payload).ok();
        let lapsed: Option<LapsedOffer> = serde_json::from_str(payload).ok();
        let follows = known.rev().any(|version| {
            let history = History::from(facts[..version].to_vec());
            let derived = Derived::of(id, &history, &ledger.sets);
            let is_due = |says: &Deadline| says.follows_from(&derived, &ledger.sets, recorded_on);
            let is_over = |offer: &LapsedOffer| offer.follows_from(&derived, recorded_on);
            says.as_ref().is_some_and(is_due) || lapsed.as_ref().is_some_and(is_over)
        });
        if !follows {
            let (deadline, sequence) =
                (row.try_get("aggregate_id")?, row.try_get::<i64, _>("sequence")?.unsigned_abs());
            findings.push(Finding::DeadlineUnfounded { deadline, sequence });
        }
    }
    Ok(findings)
}

/// The versions of the case that a deadline can have been derived from.
fn known_to(deadline: &PgRow, events: &[PgRow]) -> Result<std::ops::RangeInclusive<usize>, StoreError> {
    let (position, made_at): (i64, _) = (deadline.try_get("position")?, event::recorded_at(deadline)?);
    let (mut surely, mut at_most) = (0, 0);
    for (version, row) in (1..).zip(events) {
        if row.try_get::<i64, _>("position")? < position {
            at_most = version;
            if event::recorded_at(row)? + IN_THE_MAKING < made_at {
                surely = version;
            }
        }
    }
    Ok(surely..=at_most)
}

/// The day in Europe/Amsterdam. An instant that no calendar of ours has is before every fact.
pub(crate) fn day_of(instant: Timestamp) -> Day {
    let zone = TimeZone::get("Europe/Amsterdam").expect("the tz database is bundled");
    Day::try_from(instant.to_zoned(zone).date()).unwrap_or_else(|_| Day::new(1900, 1, 1).expect("it exists"))
}

#[cfg(test)]
mod tests {
    use omklap_domain::agreements::AgreementSets;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_rule_does_not_judge_what_was_recorded_before_it_applied() {
        let sets = AgreementSets::shipped();
        let today = "2026-03-02".parse().expect("a day");
        let fact = json!({
            "type": "case-discussed", "occurredOn": "2026-03-01", "bottleneck": "income", "outcome": "wacht"
        });
        let fact: Fact = serde_json::from_value(fact).expect("a fact");
        let refused =
            History::default().check(&fact, Rules { sets: &sets, today }).expect_err("nothing is open");
        let code = refused.refusals[0].code();
        let at = |at: &str| at.parse::<Timestamp>().expect("an instant");
        let since = [(code, "2026-03-02T00:00:00Z")];
        assert!(broken(&refused, at("2026-03-02T09:00:00Z"), &since).contains(&code));
        assert!(!broken(&refused, at("2026-03-01T09:00:00Z"), &since).contains(&code));
        assert!(broken(&refused, at("2026-03-01T09:00:00Z"), STRICTER_SINCE).contains(&code));
    }

    #[test]
    fn a_day_begins_at_midnight_in_amsterdam() {
        let day = |at: &str| day_of(at.parse().expect("an instant")).to_string();
        assert_eq!(day("2026-03-01T22:59:00Z"), "2026-03-01");
        assert_eq!(day("2026-03-01T23:01:00Z"), "2026-03-02");
        assert_eq!(day("2026-07-01T22:01:00Z"), "2026-07-02");
    }
}
