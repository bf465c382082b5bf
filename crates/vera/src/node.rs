//! Reading a message: a liberal walk over its JSON that collects every fault.

use std::cell::RefCell;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use omklap_domain::day::Day;
use omklap_domain::trajectory::fact::Cents;
use serde_json::{Map, Value};

use crate::codes::{Code, CodeList};
use crate::fault::{Fault, FaultCode};
use crate::forbidden;

/// The field in which a sender says what VERA has no field for.
const EXTRA: &str = "extra-attributen";

/// A message that was received, and the day on which its codes must be valid.
#[derive(Debug)]
pub struct Message<'m> {
    body: &'m Value,
    on: Day,
    faults: RefCell<Vec<Fault>>,
}

impl<'m> Message<'m> {
    /// A message of this day. What is forbidden in it is a fault already.
    #[must_use]
    pub fn new(body: &'m Value, on: Day) -> Self {
        let mut faults = forbidden::in_message(body);
        if !body.is_object() {
            faults.push(Fault::at("", FaultCode::WrongType).expecting("een object"));
        }
        Self { body, on, faults: RefCell::new(faults) }
    }

    pub(crate) fn root(&self) -> Node<'_> {
        Node { message: self, value: self.body, pointer: String::new() }
    }

    /// The day of the message.
    pub(crate) fn on(&self) -> Day {
        self.on
    }

    pub(crate) fn complain(&self, fault: Fault) {
        self.faults.borrow_mut().push(fault);
    }

    /// What was read, if nothing is wrong.
    pub(crate) fn finish<T>(self, read: Option<T>) -> Result<T, Vec<Fault>> {
        let mut faults = self.faults.into_inner();
        faults.sort();
        faults.dedup();
        only_what_is_missing(&mut faults);
        match read {
            Some(read) if faults.is_empty() => Ok(read),
            _ => Err(faults),
        }
    }

    /// What the sender says in an extra attribute, under this name.
    pub(crate) fn extra(&self, name: &'static str) -> Option<Node<'_>> {
        let attributes = self.root().get(EXTRA)?.items(usize::MAX);
        let named = |node: &Node<'_>| node.get("naam").and_then(|naam| naam.text()) == Some(name);
        attributes.into_iter().find(named)?.get("waarde")
    }

    /// The same, if omklap needs it.
    pub(crate) fn needed_extra(&self, name: &'static str) -> Option<Node<'_>> {
        let found = self.extra(name);
        if found.is_none() {
            self.complain(Fault::at(format!("/{EXTRA}"), FaultCode::Required).expecting(name));
        }
        found
    }
}

/// One value of a message, and where it is.
#[derive(Clone, Debug)]
pub(crate) struct Node<'m> {
    message: &'m Message<'m>,
    value: &'m Value,
    pub(crate) pointer: String,
}

impl<'m> Node<'m> {
    fn below(&self, step: &str, value: &'m Value) -> Self {
        let step = step.replace('~', "~0").replace('/', "~1");
        Self { message: self.message, value, pointer: format!("{}/{step}", self.pointer) }
    }

    pub(crate) fn fault(&self, code: FaultCode) -> Fault {
        Fault::at(self.pointer.clone(), code)
    }

    pub(crate) fn complain(&self, code: FaultCode, expected: &str) {
        self.message.complain(self.fault(code).expecting(expected));
    }

    /// Keeps the value, or the fault.
    fn kept<T>(&self, read: Option<T>, code: FaultCode, expected: &str) -> Option<T> {
        if read.is_none() {
            self.complain(code, expected);
        }
        read
    }

    fn object(&self) -> Option<&'m Map<String, Value>> {
        self.value.as_object()
    }

    /// The same place, as if nothing were there.
    pub(crate) fn nothing(&self) -> Self {
        Self { value: &Value::Null, ..self.clone() }
    }

    pub(crate) fn is_text(&self) -> bool {
        self.value.is_string()
    }

    /// A field, in either casing; null is absent.
    pub(crate) fn get(&self, name: &str) -> Option<Node<'m>> {
        let fields = self.object()?;
        let mut found = fields
            .iter()
            .filter(|(field, value)| field.eq_ignore_ascii_case(name) && !value.is_null())
            .map(|(field, value)| self.below(field, value));
        let first = found.next()?;
        if let Some(twin) = found.find(|twin| twin.value != first.value) {
            self.message.complain(twin.fault(FaultCode::Contradiction));
        }
        Some(first)
    }

    /// A field that omklap needs.
    pub(crate) fn need(&self, name: &str) -> Option<Node<'m>> {
        let found = self.get(name);
        if found.is_none() {
            self.message.complain(Fault::at(format!("{}/{name}", self.pointer), FaultCode::Required));
        }
        found
    }

    pub(crate) fn text(&self) -> Option<&'m str> {
        self.kept(self.value.as_str(), FaultCode::WrongType, "een tekst")
    }

    pub(crate) fn flag(&self) -> Option<bool> {
        let flag = self.value.as_bool().or(match self.value.as_str() {
            Some("ja" | "true") => Some(true),
            Some("nee" | "false") => Some(false),
            _ => None,
        });
        self.kept(flag, FaultCode::WrongType, "ja of nee")
    }

    /// A whole number that fits.
    pub(crate) fn number<T: TryFrom<i64> + FromStr>(&self, expected: &str) -> Option<T> {
        let number = match self.value {
            Value::String(digits) => digits.parse().ok(),
            other => other.as_i64().and_then(|number| number.try_into().ok()),
        };
        self.kept(number, FaultCode::WrongForm, expected)
    }

    /// A code of a partner.
    pub(crate) fn parsed<T: FromStr>(&self, expected: &str) -> Option<T> {
        self.kept(self.text()?.parse().ok(), FaultCode::WrongForm, expected)
    }

    /// A day, or the day in the Netherlands at an instant: `2026-04-30T22:00:00Z` is the first of May.
    pub(crate) fn day(&self) -> Option<Day> {
        let text = self.text()?;
        let day = text.parse().ok().or_else(|| day_of_instant(text));
        self.kept(day, FaultCode::NotADate, "2026-06-01, en niet 01-06-2026")
    }

    /// An amount in euros.
    pub(crate) fn euros(&self) -> Option<Cents> {
        let cents = self.value.as_f64().map(|euros| euros * 100.0);
        let whole = cents.filter(|cents| (cents - cents.round()).abs() < 1e-4 && cents.abs() < 1e12);
        #[expect(clippy::cast_possible_truncation, reason = "it is whole and small enough")]
        let amount = whole.and_then(|cents| Cents::try_from(cents.round() as i64).ok());
        self.kept(amount, FaultCode::NotAnAmount, "650.55")
    }

    /// The items of a list. One that is too long is one fault, and read no further.
    pub(crate) fn items(&self, most: usize) -> Vec<Node<'m>> {
        match self.value.as_array() {
            None => {
                self.complain(FaultCode::WrongType, "een lijst");
                Vec::new()
            }
            Some(items) if items.len() > most => {
                self.complain(FaultCode::TooMany, &most.to_string());
                Vec::new()
            }
            Some(items) => {
                items.iter().enumerate().map(|(at, item)| self.below(&at.to_string(), item)).collect()
            }
        }
    }

    /// The only item of a list that must have one.
    pub(crate) fn only_item(&self) -> Option<Node<'m>> {
        if self.value.as_array().is_some_and(Vec::is_empty) {
            self.message.complain(Fault::at(format!("{}/0", self.pointer), FaultCode::Required));
        }
        self.items(1).pop()
    }

    /// A code of a list: an object with `code`, or the code alone.
    pub(crate) fn code(&self, list: CodeList) -> Option<&'static Code> {
        let node = if self.is_text() { self.clone() } else { self.need("code")? };
        let of_another = |kind: &str| !kind.eq_ignore_ascii_case(list.as_str());
        let kind = self.get("soort").and_then(|kind| kind.get("code")).and_then(|kind| kind.text());
        let found = if kind.is_some_and(of_another) {
            Err(FaultCode::CodeOfAnotherList)
        } else {
            Code::find(list, node.text()?, self.message.on())
        };
        found.map_err(|code| self.message.complain(node.fault(code).expecting(list.as_str()))).ok()
    }

    /// A detail code, which must come under the code beside it.
    pub(crate) fn detail(&self, list: CodeList, parent: Option<&Code>) -> Option<&'static Code> {
        let code = self.code(list)?;
        if parent.is_some_and(|parent| !code.is_under(parent)) {
            self.message.complain(code.misplaced(self.pointer.clone()));
            return None;
        }
        Some(code)
    }

    /// The sender's own key: `idExtern`, or `code`, or `id`.
    pub(crate) fn own_key(&self) -> Option<Node<'m>> {
        self.get("idExtern").or_else(|| self.get("code")).or_else(|| self.get("id"))
    }
}

/// What is there but cannot be read is one fault, and not missing as well.
fn only_what_is_missing(faults: &mut Vec<Fault>) {
    let place = |fault: &Fault| fault.pointer.to_ascii_lowercase();
    let wrong: Vec<String> =
        faults.iter().filter(|fault| fault.code != FaultCode::Required).map(place).collect();
    faults.retain(|fault| fault.code != FaultCode::Required || !wrong.contains(&place(fault)));
}

fn day_of_instant(text: &str) -> Option<Day> {
    // jiff reads more forms than VERA allows, such as an instant with the name of a time zone.
    let shaped = text.len() <= 35 && text.as_bytes().get(10) == Some(&b'T') && !text.contains('[');
    let instant: Timestamp = text.parse().ok().filter(|_| shaped)?;
    let netherlands = TimeZone::get("Europe/Amsterdam").ok()?;
    let date: Date = instant.to_zoned(netherlands).date();
    date.try_into().ok()
}
