//! Checks a case file from its first byte to its seal, in the order in which a tamperer would have
//! to work.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::event::{self, Event};
use crate::note::{self, PublicKey, Signed};
use crate::sealed_file::{self, list};
use crate::text::Commitments;
use crate::{Hash, Wrong, head, heading, phase};

/// The format that this program reads.
const FORMAT: &str = "omklap-case-file/1";

/// The contents of a case file in which nothing is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The id of the case.
    pub trajectory: String,
    /// How many events it had when it was exported.
    pub events: usize,
    /// Whether the ledger states that the case had no other event at this checkpoint. Files from
    /// before 2026-11-29 do not say.
    pub is_complete: bool,
    /// How many of them the file has only as a hash, because the holder may not see all of them.
    pub withheld: usize,
    /// How many of these are shown in part beside their hash. That part rests on the seal alone.
    pub in_part: usize,
    /// How many private texts the file has, each as it was recorded.
    pub texts: usize,
    /// How many of these belong to events that the holder sees in part. Only the seal covers them.
    pub texts_on_seal: usize,
    /// How many were erased before the export, as the file states under its seal.
    pub texts_erased: usize,
    /// How many are not for the holder.
    pub texts_withheld: usize,
    /// The phase of the case.
    pub phase: String,
    /// How many leaves the signed tree has.
    pub tree_size: u64,
    /// Its root, in base64 as a checkpoint has it.
    pub root: String,
    /// The key that signed it: name and id.
    pub signed_by: String,
    /// When it was exported, as the file states under its seal.
    pub exported_at: String,
    /// For whom: the organisation and the role, as the file states under its seal.
    pub exported_for: [String; 2],
}

/// Checks a case file. Without `keys`, the keys in the file itself are used. That only shows that
/// the file agrees with itself: a forger could have put in another key.
///
/// # Errors
/// The first thing that is wrong, with its place.
pub fn verify(file: &[u8], keys: &[PublicKey]) -> Result<Verdict, Wrong> {
    let case = sealed_file::read(FORMAT, file)?;
    let text = |field: &str| sealed_file::text(&case, field);
    let brought = sealed_file::keys(&case)?;
    let keys = if keys.is_empty() { &brought } else { keys };

    let Signed { text: head, signer, .. } = note::read(text("checkpoint")?, keys, "checkpoint")?;
    let checkpoint = note::checkpoint(head, signer.name(), "checkpoint")?;
    let trajectory = text("trajectoryId")?;
    let listed = list(&case, "events")?;
    let mut events: Vec<Event> = Vec::with_capacity(listed.len());
    let mut hashes: Vec<Hash> = Vec::with_capacity(listed.len());
    for (number, value) in (1..).zip(listed) {
        let previous = hashes.last().copied().unwrap_or_default();
        let (event, hash) = event::check(value, ("trajectory", trajectory), number, &previous, &checkpoint)?;
        if events.last().is_some_and(|before| before.position >= event.position) {
            return Err(Wrong::at(
                format!("event {number}"),
                "its position is not after that of the event before it",
            ));
        }
        events.push(event);
        hashes.push(hash);
    }
    if case["version"].as_u64() != Some(events.len() as u64) || events.is_empty() {
        return Err(Wrong::at(
            "version",
            format!("the case has {} events, but the file has {}", case["version"], events.len()),
        ));
    }
    let is_complete = head::check(&case, &hashes, &checkpoint)?;
    let Texts { proven, on_seal, erased, withheld } = texts(&case, &events)?;
    let phase = phase(&events, text("phase")?)?;
    heading::check(&case, &events)?;
    sealed_file::check(FORMAT, file, &case, keys)?;
    Ok(Verdict {
        trajectory: trajectory.to_owned(),
        events: events.len(),
        is_complete,
        withheld: events.iter().filter(|event| event.fact.is_none()).count(),
        in_part: events.iter().filter(|event| event.fact.is_none() && event.seen.is_some()).count(),
        texts: proven,
        texts_on_seal: on_seal,
        texts_erased: erased,
        texts_withheld: withheld,
        phase,
        tree_size: checkpoint.tree_size,
        root: checkpoint.root_in_words(),
        signed_by: signer.label(),
        exported_at: text("exportedAt")?.to_owned(),
        exported_for: ["organisation", "role"]
            .map(|field| case["exportedFor"][field].as_str().unwrap_or("not stated").to_owned()),
    })
}

/// The numbers of texts.
struct Texts {
    proven: usize,
    on_seal: usize,
    erased: usize,
    withheld: usize,
}

fn texts(case: &Value, events: &[Event]) -> Result<Texts, Wrong> {
    let mut commitments = Commitments::default();
    for event in events {
        event.seen.iter().for_each(|seen| commitments.of(seen, false));
        event.fact.iter().for_each(|fact| commitments.of(fact, true));
    }
    let (mut seen, mut proven) = (BTreeSet::new(), 0);
    for text in list(case, "texts")? {
        let (id, is_proven) = commitments.check(text)?;
        proven += usize::from(is_proven);
        if !seen.insert(id) {
            return Err(Wrong::at(format!("text {id}"), "it is listed twice"));
        }
    }
    let on_seal = seen.len() - proven;
    // Files from before 2026-11-22 do not list them.
    let erased = case.get("erased").map_or(Ok(&[][..]), |_| list(case, "erased").map(Vec::as_slice))?;
    let by_a_fact = events.iter().any(|event| match (&event.fact, &event.seen) {
        (Some(fact), _) | (None, Some(fact)) => fact["type"] == "personal-data-erased",
        // It may be the one.
        (None, None) => true,
    });
    if !erased.is_empty() && !by_a_fact {
        return Err(Wrong::at("erased", "texts are missing, but no event records that they were erased"));
    }
    for id in erased {
        let id = id.as_str().filter(|id| commitments.has(id));
        let id = id.ok_or_else(|| Wrong::at("erased", "it names a text that no event of this file has"))?;
        if !seen.insert(id) {
            return Err(Wrong::at(format!("text {id}"), "it is listed as erased, but it is in the file"));
        }
    }
    Ok(Texts { proven, on_seal, erased: erased.len(), withheld: commitments.count() - seen.len() })
}

fn phase(events: &[Event], stated: &str) -> Result<String, Wrong> {
    let replayed = phase::after(events).map_err(|number| {
        Wrong::at(format!("event {number}"), "it is not possible in the phase before it")
    })?;
    if replayed == stated {
        Ok(replayed)
    } else {
        Err(Wrong::at("phase", format!("the events lead to {replayed}, but the file says {stated}")))
    }
}
