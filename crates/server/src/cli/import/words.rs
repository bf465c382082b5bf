//! What an import says about a history, in English or Dutch.

use std::fmt::Write as _;

use crate::cli::language::{called, of_two, spoken};
use crate::cli::remote::{Complaint, Problem};
use crate::http::request::language::Language;

use super::compare::{Changed, Recorded};

/// Why a history was left as it is, with the line of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reason {
    /// The line; none if it is about the history as a whole.
    pub(super) line: Option<usize>,
    pub(super) fault: Fault,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// A byte that is no UTF-8, from 1 in its line.
    NotUtf8 { byte: usize, is: u8 },
    /// UTF-16, recognised by a byte order mark or a zero.
    Utf16 { byte: usize },
    /// No JSON.
    NoJson { byte: usize, cut_off: bool },
    /// A reference that is no case number.
    Reference,
    /// A line with a reference and something else.
    ReferenceWithMore,
    /// A reference without facts.
    NoFacts,
    /// Other histories have the same reference; they begin at these lines.
    SameReference(Vec<usize>),
    /// Other histories begin with the same fact.
    SameOpening(Vec<usize>),
    /// It has no reference, and others in the file have one.
    NoReference,
    /// It has a reference, and is in the ledger from an import in which it had none.
    KnownByItsOpening,
    /// The ledger has something else.
    Changed { recorded: Recorded, fields: Vec<String> },
    /// The ledger has more.
    Vanished(Recorded),
    /// The reference is on a trajectory to which the caller has no access.
    OutOfSight,
    /// Others kept reporting meanwhile.
    Crowded,
    /// The server's problem as a whole.
    Problem(String),
    /// One place of it.
    Rule { pointer: String, code: String, detail: String },
    /// The later fact that could not have happened.
    Breaks(String),
}

impl Reason {
    /// About a line.
    pub(super) fn at(line: usize, fault: Fault) -> Self {
        Self { line: Some(line), fault }
    }

    /// A fact that the ledger has otherwise.
    pub(super) fn changed(line: usize, changed: Changed) -> Self {
        Self::at(line, Fault::Changed { recorded: changed.recorded, fields: changed.fields })
    }

    /// Everything that a problem says about facts, the one at an index at this line.
    pub(super) fn of_problem(problem: &Problem, line: impl Fn(usize) -> usize) -> Vec<Self> {
        let whole = Self { line: None, fault: Fault::Problem(problem.summary()) };
        let place = |error: &Complaint| {
            let (line, pointer) = match error.in_list() {
                Some((index, field)) => (Some(line(index)), field),
                None => (None, error.pointer()),
            };
            let (code, detail) = (error.code.clone(), error.detail.clone());
            Self { line, fault: Fault::Rule { pointer: pointer.to_owned(), code, detail } }
        };
        let breaks =
            problem.breaks.as_ref().map(|step| Self { line: None, fault: Fault::Breaks(step.to_string()) });
        std::iter::once(whole).chain(problem.errors.iter().map(place)).chain(breaks).collect()
    }

    /// As a line of text.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        if let Some(line) = self.line {
            let _ = write!(text, "{} {line}: ", of_two("line", "regel"));
        }
        text + &self.fault.text()
    }
}

impl Fault {
    /// What it says in the language of this run.
    pub(super) fn text(&self) -> String {
        match spoken() {
            Language::English => self.in_english(),
            Language::Dutch => self.in_dutch(),
        }
    }

    fn in_english(&self) -> String {
        match self {
            Self::NotUtf8 { byte, is } => format!(
                "byte {byte} is not UTF-8{}; write the file as UTF-8",
                latin(*is).map(|letter| format!(" (in Latin-1 it is {letter})")).unwrap_or_default()
            ),
            Self::Utf16 { byte } => format!("byte {byte}: this looks like UTF-16; write the file as UTF-8"),
            Self::NoJson { byte, cut_off: true } => format!("not JSON: it is cut off at byte {byte}"),
            Self::NoJson { byte, cut_off: false } => format!("not JSON, at byte {byte}"),
            Self::Reference => {
                "a reference is a text of 1 to 64 printable ASCII characters, without a space at either end"
                    .to_owned()
            }
            Self::ReferenceWithMore => {
                "a line with a reference has nothing else; the facts follow on lines of their own".to_owned()
            }
            Self::NoFacts => "a reference without facts".to_owned(),
            Self::NoReference => "a history without a reference, in a file whose other histories have one; give it a line with its reference".to_owned(),
            Self::KnownByItsOpening => "this history is in the ledger already, from a file in which it had no reference; give this trajectory its reference first (PUT /v1/trajectories/{id}/reference), and import again".to_owned(),
            Self::SameReference(others) => {
                format!(
                    "the histories at {} have the same reference; give each person one of its own",
                    lines(others)
                )
            }
            Self::SameOpening(others) => format!(
                "the histories at {} begin with the same fact, so nothing tells these people apart; give each a line with a reference",
                lines(others)
            ),
            Self::Changed { recorded, fields } => format!(
                "the ledger has this as {} with another {}; correct one of the two",
                recorded.text(),
                fields.join(", ")
            ),
            Self::Vanished(recorded) => format!(
                "the ledger has {}, which is not in the file; retract it or put it back",
                recorded.text()
            ),
            Self::OutOfSight => {
                "its reference is on a trajectory to which this program has no access any more".to_owned()
            }
            Self::Crowded => "others keep reporting on this trajectory; run the import again".to_owned(),
            Self::Problem(text) | Self::Breaks(text) => text.clone(),
            Self::Rule { pointer, code, detail } => {
                [pointer, code]
                    .into_iter()
                    .filter(|part| !part.is_empty())
                    .cloned()
                    .collect::<Vec<_>>()
                    .join(" ")
                    + ": "
                    + detail
            }
        }
    }

    fn in_dutch(&self) -> String {
        match self {
            Self::NotUtf8 { byte, is } => format!(
                "byte {byte} is geen UTF-8{}; schrijf het bestand in UTF-8",
                latin(*is).map(|letter| format!(" (in Latin-1 is het {letter})")).unwrap_or_default()
            ),
            Self::Utf16 { byte } => format!("byte {byte}: dit lijkt UTF-16; schrijf het bestand in UTF-8"),
            Self::NoJson { byte, cut_off: true } => format!("geen JSON: de regel breekt af bij byte {byte}"),
            Self::NoJson { byte, cut_off: false } => format!("geen JSON, bij byte {byte}"),
            Self::Reference => {
                "een kenmerk is een tekst van 1 tot 64 ASCII-tekens, zonder spatie aan het begin of het eind"
                    .to_owned()
            }
            Self::ReferenceWithMore => {
                "op een regel met een kenmerk staat niets anders; de feiten volgen elk op een eigen regel"
                    .to_owned()
            }
            Self::NoFacts => "een kenmerk zonder feiten".to_owned(),
            Self::NoReference => "een dossier zonder kenmerk, terwijl andere in dit bestand er een hebben; geef het een regel met zijn kenmerk".to_owned(),
            Self::KnownByItsOpening => "dit dossier staat al in het register, uit een bestand waarin het geen kenmerk had; geef dit traject eerst zijn kenmerk (PUT /v1/trajectories/{id}/reference) en voer de import nog eens uit".to_owned(),
            Self::SameReference(others) => {
                format!(
                    "de dossiers op {} hebben hetzelfde kenmerk; geef ieder een eigen kenmerk",
                    lines(others)
                )
            }
            Self::SameOpening(others) => format!(
                "de dossiers op {} beginnen met hetzelfde feit, dus niets onderscheidt deze mensen; geef ieder een regel met een kenmerk",
                lines(others)
            ),
            Self::Changed { recorded, fields } => {
                let fields: Vec<_> = fields.iter().map(|field| called("Field", field)).collect();
                let (recorded, fields) = (recorded.text(), fields.join(", "));
                format!(
                    "in het register staat dit als {recorded}; anders is: {fields}. Corrigeer een van de twee"
                )
            }
            Self::Vanished(recorded) => format!(
                "in het register staat {}, en dat ontbreekt in het bestand; trek het in of zet het terug",
                recorded.text()
            ),
            Self::OutOfSight => {
                "het kenmerk hoort bij een dossier dat dit programma niet meer mag inzien".to_owned()
            }
            Self::Crowded => "anderen blijven op dit dossier melden; voer de import nog eens uit".to_owned(),
            Self::Problem(text) | Self::Breaks(text) => text.clone(),
            Self::Rule { pointer, detail, .. } => {
                let field =
                    pointer.rsplit('/').find(|part| part.parse::<usize>().is_err() && !part.is_empty());
                let field = field.map(|field| called("Field", field) + ": ");
                let place = if pointer.is_empty() { String::new() } else { format!("{pointer}: ") };
                place + &field.unwrap_or_default() + detail
            }
        }
    }

    /// A stable code, for programs.
    pub(super) fn code(&self) -> &str {
        match self {
            Self::NotUtf8 { .. } => "not-utf-8",
            Self::Utf16 { .. } => "utf-16",
            Self::NoJson { .. } => "not-json",
            Self::Reference => "reference-miswritten",
            Self::ReferenceWithMore => "reference-with-more",
            Self::NoFacts => "reference-without-facts",
            Self::NoReference => "no-reference",
            Self::KnownByItsOpening => "known-by-its-opening",
            Self::SameReference(_) => "same-reference",
            Self::SameOpening(_) => "same-opening",
            Self::Changed { .. } => "recorded-otherwise",
            Self::Vanished(_) => "not-in-the-file",
            Self::OutOfSight => "out-of-sight",
            Self::Crowded => "crowded",
            Self::Problem(_) => "refused",
            Self::Rule { code, .. } => code,
            Self::Breaks(_) => "breaks-what-follows",
        }
    }
}

impl Recorded {
    /// A recorded fact by its number, kind and day.
    fn text(&self) -> String {
        let (number, kind, day) = (self.sequence, called("FactType", &self.kind), &self.day);
        match spoken() {
            Language::English => format!("fact {number} ({kind} of {day})"),
            Language::Dutch => format!("feit {number} ({kind} van {day})"),
        }
    }
}

/// Lines by their numbers: `line 3`, `lines 3 and 9`.
pub(super) fn lines(numbers: &[usize]) -> String {
    let text: Vec<_> = numbers.iter().map(usize::to_string).collect();
    match text.as_slice() {
        [] => String::new(),
        [one] => format!("{} {one}", of_two("line", "regel")),
        [first @ .., last] => {
            format!("{} {} {} {last}", of_two("lines", "regels"), first.join(", "), of_two("and", "en"))
        }
    }
}

/// A letter beyond ASCII that this byte is in Latin-1.
fn latin(byte: u8) -> Option<char> {
    Some(char::from(byte)).filter(|letter| letter.is_alphabetic())
}
