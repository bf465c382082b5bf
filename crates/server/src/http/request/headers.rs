//! Reading a request header that may occur once.

use actix_web::http::header::HeaderMap;
use omklap_domain::text::{LONGEST_TEXT, citizen_service_number};

use crate::http::problem::{Breach, Complaint, Fault, Form, Place};

/// The header's value, if it is there.
///
/// # Errors
/// If it is there twice, or holds more than visible ASCII.
pub fn one<'h>(headers: &'h HeaderMap, name: &'static str) -> Result<Option<&'h str>, Complaint> {
    let mut values = headers.get_all(name);
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(Complaint::header(name, Fault::GivenTwice));
    }
    value.to_str().map(Some).map_err(|_| Complaint::header(name, Form::Ascii))
}

/// The header's value in this form, as `T`, if it is there. It may be kept, so it holds no citizen service
/// number.
///
/// # Errors
/// If it is there twice, holds such a number, or is no `T`.
pub fn parsed<T>(
    headers: &HeaderMap,
    name: &'static str,
    breach: impl Into<Breach>,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, Complaint> {
    let Some(text) = one(headers, name)? else { return Ok(None) };
    if text.len() > LONGEST_TEXT {
        return Err(Complaint::header(name, Fault::TooLong).limit(LONGEST_TEXT));
    }
    // Its form first, so that an overlong value is not searched.
    let value = read(text).ok_or_else(|| Complaint::header(name, breach))?;
    if let Some(finding) = citizen_service_number(text) {
        return Err(Complaint::found(Place::Header(name), &finding));
    }
    Ok(Some(value))
}
