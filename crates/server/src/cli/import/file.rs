//! The file of an import: histories of one fact a line, each opened by a line with its reference or
//! parted from the one before by a blank line.

use std::collections::HashMap;
use std::ops::Range;

use omklap_domain::trajectory::Fact;
use omklap_store::OwnReference;
use serde_json::Value;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::words::{Fault, Reason};

/// Spreadsheets and Windows programs write this mark at the beginning of a file.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A file that was read whole, so that what its histories have in common is known before the first
/// one is reported.
#[derive(Debug)]
pub(super) struct SourceFile {
    bytes: Vec<u8>,
    pub(super) histories: Vec<HistoryInFile>,
}

/// A history in a file.
#[derive(Debug, Default)]
pub(super) struct HistoryInFile {
    /// Its first and its last line in the file, from 1; a line with its reference is the first.
    pub(super) first_line: usize,
    pub(super) last_line: usize,
    /// The line of its reference, and the reference.
    reference: Option<(usize, OwnReference)>,
    /// The first fact in canonical form, as a digest.
    opening: Option<[u8; 32]>,
    facts: Vec<Line>,
    /// Why it cannot be reported as it is in this file.
    pub(super) faults: Vec<Reason>,
}

/// A line with a fact.
#[derive(Debug)]
struct Line {
    number: usize,
    bytes: Range<usize>,
}

/// What a line is.
enum Meaning {
    Blank,
    Reference(OwnReference),
    Fact,
    Faulty(Fault),
}

impl SourceFile {
    /// Reads all histories.
    ///
    /// # Errors
    /// If the whole file is in another encoding.
    pub(super) fn read(bytes: Vec<u8>) -> Result<Self, Reason> {
        if matches!(bytes.as_slice(), [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0, _, ..] | [_, 0, ..]) {
            return Err(Reason::at(1, Fault::Utf16 { byte: 1 }));
        }
        let mut histories = Histories::default();
        let mut from = 0;
        for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
            let mark = if line.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
            histories.add(index + 1, &line[mark..], from + mark);
            from += line.len() + 1;
        }
        let mut histories = histories.all();
        for history in &mut histories {
            let first = history.facts.first().map(|line| &bytes[line.bytes.clone()]);
            history.opening = first.map(|fact| Sha256::digest(canonical(fact)).into());
        }
        name_what_cannot_be_distinguished(&mut histories);
        name_what_lost_its_reference(&mut histories);
        Ok(Self { bytes, histories })
    }

    /// The facts of a history as a JSON list of the very bytes in the file: those with these indexes.
    pub(super) fn list(&self, history: &HistoryInFile, indexes: impl IntoIterator<Item = usize>) -> String {
        let text = |index: usize| String::from_utf8_lossy(&self.bytes[history.facts[index].bytes.clone()]);
        let facts: Vec<_> = indexes.into_iter().map(text).collect();
        format!("[{}]", facts.join(","))
    }

    /// The facts of a history as the ledger writes them.
    pub(super) fn facts(&self, history: &HistoryInFile) -> Vec<Value> {
        history.facts.iter().map(|line| normal(&self.bytes[line.bytes.clone()])).collect()
    }
}

impl HistoryInFile {
    /// How many facts it has.
    pub(super) fn len(&self) -> usize {
        self.facts.len()
    }

    /// The line of a fact, by its index.
    pub(super) fn line(&self, index: usize) -> usize {
        self.facts.get(index).map_or(self.last_line, |line| line.number)
    }

    /// The line of its reference, or its first one.
    pub(super) fn line_of_reference(&self) -> usize {
        self.reference.as_ref().map_or(self.first_line, |(line, _)| *line)
    }

    /// Whether the file gives it a reference.
    pub(super) fn has_reference(&self) -> bool {
        self.reference.is_some()
    }

    /// Its reference. Without one in the file, its opening fact makes one.
    pub(super) fn reference(&self) -> String {
        match &self.reference {
            Some((_, reference)) => reference.as_str().to_owned(),
            None => self.reference_of_its_opening(),
        }
    }

    /// The reference that its opening fact makes (ADR 32): in letters only, so that no part of it looks
    /// like a citizen service number.
    pub(super) fn reference_of_its_opening(&self) -> String {
        let letter = |half: u8| char::from(b'a' + half);
        let digest = self.opening.unwrap_or_default();
        let letters = digest[..16].iter().flat_map(|byte| [letter(byte >> 4), letter(byte & 15)]);
        "opening-".chars().chain(letters).collect()
    }

    fn is_empty(&self) -> bool {
        self.facts.is_empty() && self.faults.is_empty()
    }

    fn begins_at(&mut self, line: usize) {
        if self.first_line == 0 {
            self.first_line = line;
        }
        self.last_line = line;
    }
}

/// Histories while they are read.
#[derive(Default)]
struct Histories {
    done: Vec<HistoryInFile>,
    current: HistoryInFile,
}

impl Histories {
    fn add(&mut self, number: usize, line: &[u8], from: usize) {
        match meaning(line) {
            Meaning::Blank if self.current.is_empty() => {}
            Meaning::Blank => self.end(),
            Meaning::Reference(reference) => {
                self.end();
                self.current.begins_at(number);
                self.current.reference = Some((number, reference));
            }
            Meaning::Fact => {
                self.current.begins_at(number);
                self.current.facts.push(Line { number, bytes: from..from + line.len() });
            }
            Meaning::Faulty(fault) => {
                if matches!(fault, Fault::Reference | Fault::ReferenceWithMore) {
                    self.end();
                }
                self.current.begins_at(number);
                self.current.faults.push(Reason::at(number, fault));
            }
        }
    }

    /// Ends the current history, if one has begun.
    fn end(&mut self) {
        let mut ended = std::mem::take(&mut self.current);
        if ended.first_line == 0 {
            return;
        }
        if ended.is_empty() {
            ended.faults.push(Reason::at(ended.first_line, Fault::NoFacts));
        }
        self.done.push(ended);
    }

    fn all(mut self) -> Vec<HistoryInFile> {
        self.end();
        self.done
    }
}

fn meaning(line: &[u8]) -> Meaning {
    let text = match std::str::from_utf8(line) {
        Ok(text) => text,
        Err(error) => {
            let byte = error.valid_up_to();
            return Meaning::Faulty(Fault::NotUtf8 { byte: byte + 1, is: line[byte] });
        }
    };
    if let Some(byte) = text.find('\0') {
        return Meaning::Faulty(Fault::Utf16 { byte: byte + 1 });
    }
    if text.trim().is_empty() {
        return Meaning::Blank;
    }
    if let Err(error) = serde_json::from_str::<&RawValue>(text) {
        return Meaning::Faulty(Fault::NoJson { byte: error.column(), cut_off: error.is_eof() });
    }
    // A fact has a type, so an object without one and with a reference opens a history. Only short
    // lines are looked at, because every line of a large file comes by here.
    if text.len() > 1_000 || !text.contains("\"reference\"") {
        return Meaning::Fact;
    }
    match serde_json::from_str(text) {
        Ok(Value::Object(fields)) if fields.contains_key("reference") && !fields.contains_key("type") => {
            let reference = fields["reference"].as_str().and_then(|text| text.parse().ok());
            match reference {
                _ if fields.len() > 1 => Meaning::Faulty(Fault::ReferenceWithMore),
                Some(reference) => Meaning::Reference(reference),
                None => Meaning::Faulty(Fault::Reference),
            }
        }
        _ => Meaning::Fact,
    }
}

/// A fact as the ledger writes it, or the JSON as it is if it is no fact that this program knows.
fn normal(fact: &[u8]) -> Value {
    let read: Value = serde_json::from_slice(fact).unwrap_or_default();
    let fact = serde_json::from_value::<Fact>(read.clone()).ok();
    fact.and_then(|fact| serde_json::to_value(fact).ok()).unwrap_or(read)
}

/// The canonical form of a fact: the same whatever the order of its keys.
fn canonical(fact: &[u8]) -> String {
    serde_json_canonicalizer::to_string(&normal(fact)).unwrap_or_default()
}

/// Two histories with one reference, or without a reference and with the same opening fact, may be
/// one person or two: none of them is reported.
fn name_what_cannot_be_distinguished(histories: &mut [HistoryInFile]) {
    let mut by_reference: HashMap<String, Vec<usize>> = HashMap::new();
    let mut by_opening: HashMap<[u8; 32], Vec<usize>> = HashMap::new();
    for (index, history) in histories.iter().enumerate() {
        if let Some((_, reference)) = &history.reference {
            by_reference.entry(reference.as_str().to_owned()).or_default().push(index);
        }
        if let Some(opening) = history.opening {
            by_opening.entry(opening).or_default().push(index);
        }
    }
    for same in by_reference.into_values().filter(|same| same.len() > 1) {
        refuse(histories, &same, |_| true, Fault::SameReference);
    }
    for same in by_opening.into_values().filter(|same| same.len() > 1) {
        refuse(histories, &same, |history| !history.has_reference(), Fault::SameOpening);
    }
}

/// In a file that gives its histories references, one without has lost its own: it would be opened for
/// somebody who is in the ledger under that reference.
fn name_what_lost_its_reference(histories: &mut [HistoryInFile]) {
    if histories.iter().any(HistoryInFile::has_reference) {
        let lost = |history: &&mut HistoryInFile| !history.has_reference() && history.faults.is_empty();
        for history in histories.iter_mut().filter(lost) {
            history.faults.push(Reason::at(history.first_line, Fault::NoReference));
        }
    }
}

/// Refuses those among these histories, each with the lines of the others.
fn refuse(
    histories: &mut [HistoryInFile],
    same: &[usize],
    which: impl Fn(&HistoryInFile) -> bool,
    fault: impl Fn(Vec<usize>) -> Fault,
) {
    let lines: Vec<usize> = same.iter().map(|index| histories[*index].first_line).collect();
    for index in same.iter().filter(|index| which(&histories[**index])).copied().collect::<Vec<_>>() {
        let own = histories[index].first_line;
        let others = lines.iter().copied().filter(|line| *line != own).collect();
        histories[index].faults.push(Reason::at(own, fault(others)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> SourceFile {
        SourceFile::read(text.as_bytes().to_vec()).expect("UTF-8")
    }

    /// Each history as its first line, its last line and its facts.
    fn shape(text: &str) -> Vec<(usize, usize, String)> {
        let file = read(text);
        let one = |history: &HistoryInFile| {
            (history.first_line, history.last_line, file.list(history, 0..history.len()))
        };
        file.histories.iter().map(one).collect()
    }

    fn faults(text: &str) -> Vec<Vec<String>> {
        let codes = |history: &HistoryInFile| history.faults.iter().map(Reason::text).collect();
        read(text).histories.iter().map(codes).collect()
    }

    #[test]
    fn blank_lines_and_references_part_histories() {
        let one = |first, last, facts: &str| (first, last, facts.to_owned());
        assert_eq!(shape("\n{}\n[1]\n\n  \n3"), [one(2, 3, "[{},[1]]"), one(6, 6, "[3]")]);
        let text = "{\"reference\": \"a\"}\r\n\r\n1\r\n{\"reference\": \"b\"}\n2\n\n\n3\n";
        assert_eq!(shape(text), [one(1, 3, "[1\r]"), one(4, 5, "[2]"), one(8, 8, "[3]")]);
        let references: Vec<_> = read(text).histories.iter().map(HistoryInFile::has_reference).collect();
        assert_eq!(references, [true, true, false]);
    }

    #[test]
    fn a_fact_with_a_field_called_reference_is_no_reference() {
        let text = "{\"reference\": \"a\"}\n{\"type\": \"t\", \"reference\": \"b\"}";
        assert_eq!(shape(text), [(1, 2, "[{\"type\": \"t\", \"reference\": \"b\"}]".to_owned())]);
    }

    #[test]
    fn a_broken_line_is_one_of_its_own_history() {
        let text = "{\"reference\": \"a\"}\n1\n{\n\n{\"reference\": \"b\"}\n2";
        assert_eq!(faults(text), [vec!["line 3: not JSON: it is cut off at byte 1".to_owned()], vec![]]);
    }

    #[test]
    fn every_line_of_any_bytes_belongs_to_one_history_or_is_blank() {
        use proptest::prelude::*;
        proptest!(|(lines in prop::collection::vec(prop::sample::select(vec![
            "", " ", "{}", "1", "{", "\u{feff}{}", "{\"reference\": \"a\"}", "{\"reference\": \"\"}", "{\"reference\": \"b\", \"c\": 1}",
        ]), 0..20))| {
            let file = read(&lines.join("\n"));
            let blank = |line: &&&str| !line.trim().is_empty();
            let mut covered = 0;
            for history in &file.histories {
                prop_assert!(history.first_line > covered && history.last_line >= history.first_line);
                covered = history.last_line;
                prop_assert!(!history.is_empty() || !history.faults.is_empty());
            }
            let last = lines.iter().rposition(|line| blank(&line)).map_or(0, |index| index + 1);
            prop_assert_eq!(covered, last);
        });
    }

    #[test]
    fn a_reference_that_an_opening_makes_is_one_and_holds_no_digit() {
        let made = read("{\"type\": \"x\", \"a\": 1}").histories[0].reference();
        assert_eq!(
            made,
            read("{\"a\": 1, \"type\": \"x\"}\n2").histories[0].reference(),
            "keys in another order"
        );
        assert_ne!(made, read("{\"type\": \"x\", \"a\": 2}").histories[0].reference());
        assert!(
            made.parse::<OwnReference>().is_ok() && !made.contains(|letter: char| letter.is_ascii_digit()),
            "{made}"
        );
    }
}
