//! Query parameters with several values, separated by commas.

use std::str::FromStr;

use omklap_domain::labels::lists;
use serde::de::value::{Error as NoCode, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer};

use super::query::Query;
use crate::http::problem::{Complaint, Fault, Form};

/// How many values a parameter without a list of codes may have.
pub const MOST_VALUES: usize = 50;

/// The codes that a parameter names, each once. `known` are all that there are.
pub fn codes<T: DeserializeOwned + PartialEq>(
    query: &mut Query,
    name: &'static str,
    known: &[&str],
) -> Vec<T> {
    let read = |text: &str| {
        let word: StrDeserializer<'_, NoCode> = text.into_deserializer();
        T::deserialize(word).ok()
    };
    let no_code = Complaint::parameter(name, Fault::NotOneOf).limit(known.join(", "));
    values(query, name, read, no_code)
}

/// The codes of a [table of labels](omklap_domain::labels) that a parameter names, each once.
pub fn labelled<T: DeserializeOwned + PartialEq>(
    query: &mut Query,
    name: &'static str,
    table: &str,
) -> Vec<T> {
    let known: Vec<&str> = lists()[table].iter().map(|label| label.code.as_str()).collect();
    codes(query, name, &known)
}

/// The values that a parameter names, each once: at most [`MOST_VALUES`].
pub fn several<T: FromStr + PartialEq>(query: &mut Query, name: &'static str, form: Form) -> Vec<T> {
    let miswritten = Complaint::parameter(name, form);
    let mut all = values(query, name, |text| text.parse().ok(), miswritten);
    if all.len() > MOST_VALUES {
        query.complain(Complaint::parameter(name, Fault::TooMany).limit(MOST_VALUES));
        all.clear();
    }
    all
}

fn values<T: PartialEq>(
    query: &mut Query,
    name: &'static str,
    read: impl Fn(&str) -> Option<T>,
    miswritten: Complaint,
) -> Vec<T> {
    let Some(text) = query.take::<String>(name, Fault::NotOneOf) else { return Vec::new() };
    let values: Option<Vec<T>> = text.split(',').map(read).collect();
    let fault = match values {
        None => miswritten,
        Some(values) if (1..values.len()).any(|at| values[..at].contains(&values[at])) => {
            Complaint::parameter(name, Fault::Repeated)
        }
        Some(values) => return values,
    };
    query.complain(fault);
    Vec::new()
}
