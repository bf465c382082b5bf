//! A history in a file beside what the ledger has recorded of it (ADR 32).

use std::collections::{BTreeSet, HashMap};

use omklap_domain::trajectory::FactType;
use serde_json::Value;

use crate::cli::remote::{Entry, Me};

/// What a history in a file has that the ledger has not, and the other way round.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Comparison {
    /// The facts that the ledger does not have, by their index.
    pub(super) new: Vec<usize>,
    /// The facts that the ledger has otherwise.
    pub(super) changed: Vec<Changed>,
    /// The facts that this program reported before and that are not in the file.
    pub(super) vanished: Vec<Recorded>,
    /// The facts that cannot be compared, because the caller may not see what the ledger has.
    pub(super) unseen: Vec<usize>,
}

/// A fact that is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Recorded {
    /// Its number in the trajectory.
    pub(super) sequence: usize,
    /// Its kind and its day.
    pub(super) kind: String,
    pub(super) day: String,
}

/// A fact that is recorded otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Changed {
    /// Its index in the file.
    pub(super) index: usize,
    pub(super) recorded: Recorded,
    /// The fields that differ.
    pub(super) fields: Vec<String>,
}

impl Comparison {
    /// Whether the file and the ledger say different things about the past.
    pub(super) fn is_contradiction(&self) -> bool {
        !self.changed.is_empty() || !self.vanished.is_empty()
    }

    /// Compares the facts of a history, as the ledger writes them, with a timeline.
    pub(super) fn of(facts: &[Value], timeline: &[Entry], me: &Me) -> Self {
        let mut timeline = Timeline::of(timeline);
        let left: Vec<usize> = (0..facts.len()).filter(|index| !timeline.take(&facts[*index])).collect();
        let mut compared = Self::default();
        let anything_unseen = timeline.entries.iter().any(|entry| entry.fact.is_none());
        for index in left {
            if let Some(recorded) = timeline.take_like(&facts[index], me) {
                compared.changed.push(Changed::of(index, &facts[index], recorded));
            } else if anything_unseen && !may_report(me, &facts[index]) {
                compared.unseen.push(index);
            } else {
                compared.new.push(index);
            }
        }
        compared.vanished = timeline.left_of(me).map(Recorded::of).collect();
        compared
    }
}

/// A timeline, and what of it was found in the file.
struct Timeline<'t> {
    entries: &'t [Entry],
    found: Vec<bool>,
    /// The entries that are seen whole, by what they say: as recorded, and as corrected.
    by_text: HashMap<String, Vec<usize>>,
    /// The facts that are hidden in part or as a whole.
    in_part: Vec<usize>,
}

impl<'t> Timeline<'t> {
    fn of(entries: &'t [Entry]) -> Self {
        let (mut by_text, mut in_part) = (HashMap::<String, Vec<usize>>::new(), Vec::new());
        for (index, entry) in entries.iter().enumerate() {
            let Some(fact) = &entry.fact else { continue };
            let as_corrected = entry.replaced_by().and_then(|by| replacement(entries, by));
            for text in std::iter::once(fact).chain(as_corrected).map(canonical) {
                by_text.entry(text).or_default().push(index);
            }
            if entry.hidden().next().is_some() {
                in_part.push(index);
            }
        }
        // The first recorded is the first found.
        for same in by_text.values_mut() {
            same.reverse();
        }
        Self { entries, found: vec![false; entries.len()], by_text, in_part }
    }

    /// Whether this fact is recorded more often than it was found so far.
    fn take(&mut self, fact: &Value) -> bool {
        let text = canonical(fact);
        while let Some(index) = self.by_text.get_mut(&text).and_then(Vec::pop) {
            if !std::mem::replace(&mut self.found[index], true) {
                return true;
            }
        }
        let in_part = self.in_part.iter().copied();
        let seen = in_part.filter(|index| !self.found[*index]).find(|index| {
            let entry = &self.entries[*index];
            entry.fact.as_ref().is_some_and(|recorded| without(fact, entry) == without(recorded, entry))
        });
        if let Some(index) = seen {
            self.found[index] = true;
        }
        seen.is_some()
    }

    /// The recorded fact of the caller's organisation that this one seems to be, with other words:
    /// one of the same kind and day, or one of the same kind that this program reported.
    fn take_like(&mut self, fact: &Value, me: &Me) -> Option<&'t Entry> {
        let alike = |same_day: bool| {
            let candidates = (0..self.entries.len()).filter(|index| !self.found[*index]);
            candidates.into_iter().find(|index| {
                let entry = &self.entries[*index];
                let recorded = entry.fact.as_ref().filter(|_| me.reported(entry) && !entry.is_retracted());
                recorded.is_some_and(|recorded| {
                    let (kind, day) = ("type", "occurredOn");
                    let own = entry.actor.as_deref() == Some(&me.actor);
                    recorded[kind] == fact[kind] && if same_day { recorded[day] == fact[day] } else { own }
                })
            })
        };
        let index = alike(true).or_else(|| alike(false))?;
        self.found[index] = true;
        Some(&self.entries[index])
    }

    /// What this program reported and was not found: corrections and what they retract are made in
    /// the ledger, so no file has them.
    fn left_of(&self, me: &Me) -> impl Iterator<Item = &'t Entry> {
        let left = self.entries.iter().zip(&self.found).filter(|(_, found)| !**found).map(|(entry, _)| entry);
        left.filter(|entry| me.reported(entry) && entry.actor.as_deref() == Some(&me.actor))
            .filter(|entry| !entry.is_retracted())
            .filter(|entry| entry.fact.as_ref().is_some_and(|fact| fact["type"] != "event-corrected"))
    }
}

impl Recorded {
    fn of(entry: &Entry) -> Self {
        let text = |field: &str| {
            let value = entry.fact.as_ref().and_then(|fact| fact[field].as_str());
            value.unwrap_or_default().to_owned()
        };
        Self { sequence: entry.sequence, kind: text("type"), day: text("occurredOn") }
    }
}

impl Changed {
    fn of(index: usize, fact: &Value, entry: &Entry) -> Self {
        let recorded = entry.fact.as_ref().map(|recorded| without(recorded, entry)).unwrap_or_default();
        let fact = without(fact, entry);
        let names =
            [&fact, &recorded].into_iter().filter_map(Value::as_object).flat_map(|fields| fields.keys());
        let differing: BTreeSet<_> = names.filter(|name| fact.get(name) != recorded.get(name)).collect();
        let fields = differing.into_iter().map(ToString::to_string).collect();
        Self { index, recorded: Recorded::of(entry), fields }
    }
}

/// What a correction puts in the place of a fact.
fn replacement(entries: &[Entry], by: usize) -> Option<&Value> {
    let correction = entries.iter().find(|entry| entry.sequence == by)?;
    correction.fact.as_ref()?.get("replacement")
}

/// A fact without what is hidden of an entry.
fn without(fact: &Value, entry: &Entry) -> Value {
    let mut fact = fact.clone();
    for pointer in entry.hidden() {
        let Some((parent, name)) = pointer.rsplit_once('/') else { continue };
        if let Some(fields) = fact.pointer_mut(parent).and_then(Value::as_object_mut) {
            fields.remove(name);
        }
    }
    fact
}

/// Whether the caller's role reports facts of this kind by itself. What it reports it also sees, so
/// such a fact is not among those that are withheld from it.
fn may_report(me: &Me, fact: &Value) -> bool {
    let kind = fact["type"].as_str();
    let kind = kind.and_then(|kind| FactType::ALL.iter().find(|known| known.as_str() == kind));
    match (kind, me.role) {
        (Some(kind), Some(role)) => kind.row().reporters.contains(&role),
        _ => true,
    }
}

fn canonical(fact: &Value) -> String {
    serde_json_canonicalizer::to_string(fact).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use omklap_domain::visibility::Role;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_recorded_is_found_in_any_order_and_as_often_as_it_is_there() {
        let timeline = [seen(1, &fact("a", 1)), seen(2, &fact("b", 2)), by_others(3, &fact("c", 3))];
        assert_eq!(compared(&[fact("b", 2), fact("a", 1)], &timeline), Comparison::default());
        assert_eq!(compared(&[fact("a", 1), fact("a", 1), fact("b", 2)], &timeline).changed.len(), 0);
        assert_eq!(compared(&[fact("a", 1), fact("a", 1), fact("b", 2)], &timeline).new, [1]);
    }

    #[test]
    fn a_fact_with_other_words_is_changed_and_one_that_is_gone_has_vanished() {
        let timeline = [seen(1, &fact("a", 1)), seen(2, &fact("b", 2))];
        let changed = compared(&[fact("a", 1), with_note(fact("b", 5))], &timeline);
        assert_eq!((changed.new.len(), changed.vanished.len()), (0, 0));
        assert_eq!(
            (changed.changed[0].recorded.sequence, &changed.changed[0].fields[..]),
            (2, &["notes".to_owned(), "occurredOn".to_owned()][..])
        );
        let vanished = compared(&[fact("a", 1), fact("c", 3)], &timeline);
        assert_eq!((&vanished.new[..], vanished.vanished[0].sequence), (&[1][..], 2));
    }

    #[test]
    fn what_another_person_of_the_organisation_reported_does_not_vanish_but_may_be_changed() {
        let mut theirs = seen(2, &fact("b", 2));
        theirs.actor = Some("u-9".to_owned());
        let timeline = [seen(1, &fact("a", 1)), theirs];
        assert_eq!(compared(&[fact("a", 1)], &timeline), Comparison::default());
        assert_eq!(compared(&[fact("a", 1), fact("b", 3)], &timeline).new, [1], "another day");
        assert_eq!(compared(&[fact("a", 1), with_note(fact("b", 2))], &timeline).changed.len(), 1);
    }

    #[test]
    fn a_corrected_fact_is_found_as_it_was_and_as_it_is() {
        let correction = json!({"type": "event-corrected", "corrects": 1, "replacement": fact("a", 4)});
        let mut timeline = [seen(1, &fact("a", 1)), seen(2, &correction)];
        timeline[0] = from(
            json!({"sequence": 1, "actor": "p", "organisation": "o", "fact": fact("a", 1), "mark": {"status": "replaced", "by": 2}}),
        );
        for known in [fact("a", 1), fact("a", 4)] {
            assert_eq!(compared(&[known], &timeline), Comparison::default());
        }
        let retracted = from(
            json!({"sequence": 1, "actor": "p", "organisation": "o", "fact": fact("a", 1), "mark": {"status": "retracted", "by": 2}}),
        );
        assert_eq!(compared(&[], std::slice::from_ref(&retracted)), Comparison::default());
        assert_eq!(
            compared(&[fact("a", 1)], std::slice::from_ref(&retracted)),
            Comparison::default(),
            "it is not reported again"
        );
    }

    #[test]
    fn what_the_caller_does_not_see_is_left_out_of_the_comparison() {
        let in_part = from(
            json!({"sequence": 1, "actor": "p", "organisation": "o", "factInPart": fact("a", 1), "withheld": ["/notes"], "erased": ["/reason"]}),
        );
        assert_eq!(compared(&[with_note(fact("a", 1))], &[in_part]), Comparison::default());
        let hidden = from(json!({"sequence": 2, "type": "fact-withheld"}));
        let timeline = [seen(1, &fact("a", 1)), hidden];
        let offer = json!({"type": "dwelling-offered", "occurredOn": "2026-03-02"});
        let signal = json!({"type": "privacy-explained", "occurredOn": "2026-03-02"});
        let compared = compared(&[fact("a", 1), offer, signal], &timeline);
        assert_eq!(
            (&compared.unseen[..], &compared.new[..]),
            (&[1][..], &[2][..]),
            "a guide reports no offers"
        );
    }

    // The words of these tests.

    fn compared(facts: &[Value], timeline: &[Entry]) -> Comparison {
        Comparison::of(facts, timeline, &Me::of_tests("o", "p", Role::Guide))
    }

    fn fact(kind: &str, day: u8) -> Value {
        json!({"type": kind, "occurredOn": format!("2026-03-{day:02}")})
    }

    fn with_note(mut fact: Value) -> Value {
        fact["notes"] = json!("other words");
        fact
    }

    fn seen(sequence: usize, fact: &Value) -> Entry {
        from(
            json!({"sequence": sequence, "actor": "p", "organisation": "o", "fact": fact, "mark": {"status": "standing"}}),
        )
    }

    fn by_others(sequence: usize, fact: &Value) -> Entry {
        from(
            json!({"sequence": sequence, "organisation": "another", "fact": fact, "mark": {"status": "standing"}}),
        )
    }

    fn from(entry: Value) -> Entry {
        serde_json::from_value(entry).expect("an entry")
    }
}
