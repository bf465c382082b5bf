//! Reading JSON strictly: what two readers could understand differently, or no field can hold, is
//! refused with its place (RFC 7493, and more).

use std::cell::RefCell;
use std::fmt::{self, Write};

use omklap_domain::text::{LONGEST_TEXT, citizen_service_number, is_visible};
use omklap_domain::trajectory::work::Work;
use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::http::problem::{Complaint, Fault, Place};

/// How deep values may be nested. A fact needs five levels.
const DEEPEST: usize = 32;

/// Up to here a number of the kind that JSON readers use is exact: 2 to the power of 53.
const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;

/// The number of bytes whose reading counts as one step of work.
const BYTES_A_STEP: u64 = 32;

/// The number of bytes of a text that count as one step when they are searched for citizen service
/// numbers, which takes longer.
const SEARCHED_BYTES_A_STEP: u64 = 16;

/// How many complaints are kept: a large body can be wrong everywhere.
pub const MOST_COMPLAINTS: usize = 1_000;

/// How many facts a report may hold.
pub const MOST_FACTS: usize = 10_000;

/// The maximum number of items of a list and of fields of an object. Every published schema has a
/// lower limit, except for a body that is a list of facts. Reading stops at the limit.
const MOST_INSIDE: usize = 1_000;

/// The maximum length of a pointer in a complaint, in bytes. The names in a body are the caller's
/// and may have any length: with whole names in every complaint, a small body would cause a
/// response of gigabytes.
const LONGEST_PLACE: usize = 512;

/// The value, and everything in it that is not allowed. Without a value, the body is not JSON or is
/// nested too deep.
#[derive(Debug, PartialEq)]
pub struct Read {
    /// The value, if all of it could be read.
    pub value: Option<Value>,
    /// What is not allowed in it.
    pub complaints: Vec<Complaint>,
}

/// Reads a body. Reading stops at the next text when the work is given up; nobody reads the result
/// then.
#[must_use]
pub fn read(body: &[u8], work: &Work) -> Read {
    work.add(1 + body.len() as u64 / BYTES_A_STEP);
    let reader = Reader { work: work.clone(), ..Reader::default() };
    let mut json = serde_json::Deserializer::from_slice(body);
    let value = Nesting { reader: &reader, depth: 0 }
        .deserialize(&mut json)
        .and_then(|value| json.end().map(|()| value));
    if let Err(error) = &value {
        reader.broke_off(error);
    }
    Read { value: value.ok(), complaints: reader.complaints.into_inner() }
}

/// The position of the reader, and what it found.
#[derive(Default)]
struct Reader {
    work: Work,
    path: RefCell<String>,
    complaints: RefCell<Vec<Complaint>>,
}

impl Reader {
    fn complain(&self, fault: Fault) {
        self.push(Complaint::body(self.place(), fault));
    }

    fn push(&self, complaint: Complaint) {
        let mut complaints = self.complaints.borrow_mut();
        if complaints.len() < MOST_COMPLAINTS {
            complaints.push(complaint);
        }
    }

    /// The place that is being read.
    fn place(&self) -> String {
        let path = self.path.borrow();
        path[..path.floor_char_boundary(LONGEST_PLACE)].to_owned()
    }

    /// What stopped the reading, at the place that was being read.
    fn broke_off(&self, error: &serde_json::Error) {
        let text = error.to_string();
        let too_many = text.strip_prefix(TOO_MANY).and_then(|most| most.split_whitespace().next());
        let fault = if text.starts_with(TOO_DEEP) {
            Fault::TooDeep
        } else if too_many.is_some() {
            Fault::TooMany
        } else if text.contains("surrogate") || text.contains("unexpected end of hex escape") {
            Fault::LoneSurrogate
        } else if text.contains("number out of range") {
            Fault::NotAWholeNumber
        } else {
            Fault::NotJson
        };
        let at = format!("{}:{}", error.line(), error.column());
        let complaint = Complaint::body(self.place(), fault);
        self.complaints.borrow_mut().push(match (fault, too_many) {
            (Fault::NotJson, _) => complaint.limit(at),
            (_, Some(most)) => complaint.limit(most),
            _ => complaint,
        });
    }

    /// Checks a text: its length before its contents. One that no field can hold is not searched.
    fn text<E: de::Error>(&self, text: &str) -> Result<(), E> {
        if self.work.is_given_up() {
            return Err(E::custom("given up"));
        }
        let too_long =
            text.len() > LONGEST_TEXT * LARGEST_CHARACTER || text.chars().nth(LONGEST_TEXT).is_some();
        if too_long {
            self.push(Complaint::body(self.place(), Fault::TooLong).limit(LONGEST_TEXT));
            return Ok(());
        }
        self.work.add(1 + text.len() as u64 / SEARCHED_BYTES_A_STEP);
        if text.contains('\0') {
            self.complain(Fault::ForbiddenCharacter);
        } else if !text.is_empty() && !is_visible(text) {
            // The schema of each field says whether its text may be empty.
            self.complain(Fault::NothingVisible);
        }
        if let Some(finding) = citizen_service_number(text) {
            self.push(Complaint::found(Place::Body(self.place()), &finding));
        }
        Ok(())
    }

    /// Does something one step further down the path. After an error the path stays at the place of
    /// the error.
    fn below<T, E>(&self, step: impl fmt::Display, read: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let length = self.path.borrow().len();
        write!(self.path.borrow_mut(), "/{step}").expect("writing to a string cannot fail");
        let value = read()?;
        self.path.borrow_mut().truncate(length);
        Ok(value)
    }
}

const TOO_DEEP: &str = "too deep";
const TOO_MANY: &str = "too many; at most ";

/// The maximum length of a character in UTF-8, in bytes.
const LARGEST_CHARACTER: usize = 4;

/// One value to read, and its depth.
#[derive(Clone, Copy)]
struct Nesting<'r> {
    reader: &'r Reader,
    depth: usize,
}

impl Nesting<'_> {
    fn deeper<E: de::Error>(self) -> Result<Self, E> {
        if self.depth == DEEPEST {
            Err(E::custom(TOO_DEEP))
        } else {
            Ok(Self { depth: self.depth + 1, ..self })
        }
    }

    /// Whether one more fits into this list or object, which already holds this many.
    fn fits_one_more<E: de::Error>(self, held: usize) -> Result<(), E> {
        let most = if self.depth == 0 { MOST_FACTS } else { MOST_INSIDE };
        if held < most { Ok(()) } else { Err(E::custom(format!("{TOO_MANY}{most}"))) }
    }
}

impl<'de> DeserializeSeed<'de> for Nesting<'_> {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Nesting<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    /// `3.0` and `3e0` are 3, as JSON Schema has it. A fraction, or a number beyond what every
    /// reader of JSON can hold, is not allowed in any field.
    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        #[expect(clippy::cast_possible_truncation, reason = "it is whole and small enough")]
        if value.fract() == 0.0 && value.abs() <= LARGEST_EXACT {
            return Ok((value as i64).into());
        }
        self.reader.complain(Fault::NotAWholeNumber);
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
        self.reader.text(text)?;
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let item = self.deeper()?;
        let mut list = Vec::new();
        loop {
            let full = self.fits_one_more::<A::Error>(list.len());
            if let Err(too_many) = full {
                // Checks for one more without storing it.
                return match items.next_element::<IgnoredAny>()? {
                    None => Ok(Value::Array(list)),
                    Some(_) => Err(too_many),
                };
            }
            match self.reader.below(list.len(), || items.next_element_seed(item))? {
                Some(value) => list.push(value),
                None => return Ok(Value::Array(list)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let field = self.deeper()?;
        let mut object = Map::new();
        while let Some(name) = fields.next_key::<String>()? {
            self.fits_one_more(object.len())?;
            let value = self.reader.below(escaped(&name), || {
                if object.contains_key(&name) {
                    self.reader.complain(Fault::DuplicateKey);
                }
                self.reader.text(&name)?;
                fields.next_value_seed(field)
            })?;
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

/// A name as a step of a JSON pointer (RFC 6901).
#[must_use]
pub fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests;
