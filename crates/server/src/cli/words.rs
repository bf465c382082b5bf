//! Arguments that several commands share: who runs the command, in which language, and values of
//! the ledger.

use std::fmt::Display;
use std::str::FromStr;

use clap::Args;
use omklap_domain::ids::{Miswritten, TrajectoryId, UserId};
use omklap_domain::likeness::most_like;
use omklap_domain::text::{Verdict, citizen_service_number, citizen_service_number_in_code};
use serde::de::value::StrDeserializer;
use serde::de::{DeserializeOwned, IntoDeserializer};
use thiserror::Error;

use super::language::{self, of_two, spoken};
use super::output::out;
use crate::auth::Purpose;
use crate::http::problem::Form;
use crate::http::request::language::Language;

/// Who runs the command
#[derive(Clone, Debug, Args)]
pub(super) struct Who {
    /// The person who runs this command, by a pseudonym of the operator's
    #[arg(long, default_value = "operator", value_name = "ID", value_parser = actor)]
    pub(super) actor: String,
}

/// The language of a page
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct InLanguage {
    /// nl or en
    #[arg(long, default_value = "nl", value_parser = language::named)]
    pub(super) language: Language,
}

/// A text that the ledger stores: without a citizen service number, like those that come in over
/// HTTP.
pub(super) fn kept_text(text: &str) -> Result<String, String> {
    without_number(citizen_service_number(text).map(|finding| finding.verdict))?;
    Ok(text.to_owned())
}

/// A reference that the ledger stores: the same.
pub(super) fn kept<T: FromStr<Err = Miswritten>>(text: &str) -> Result<T, String> {
    kept_text(text)?.parse().map_err(|error| in_words(&error))
}

/// A code that the ledger stores: the same, and digits like those of a number are never something else.
pub(super) fn kept_code<T: FromStr<Err = Miswritten>>(text: &str) -> Result<T, String> {
    without_number(citizen_service_number_in_code(text).map(|_| Verdict::Certain))?;
    text.parse().map_err(|error| in_words(&error))
}

/// The pseudonym of a person, as the `sub` of a token: events keep it in the clear, and an event cannot be
/// erased. A name with a space or an e-mail address is none.
pub(super) fn actor(text: &str) -> Result<String, String> {
    kept_code::<UserId>(text).map(|actor| actor.to_string())
}

/// The purpose of requests, as the `purpose` of a token: a code, because events keep it in the clear.
pub(super) fn purpose(text: &str) -> Result<String, String> {
    without_number(citizen_service_number_in_code(text).map(|_| Verdict::Certain))?;
    let is_code = Purpose::read(text).is_some();
    is_code.then(|| text.to_owned()).ok_or_else(|| form(Form::Word))
}

fn without_number(found: Option<Verdict>) -> Result<(), String> {
    Err(match found {
        None => return Ok(()),
        Some(Verdict::Certain) => of_two(
            "it contains a citizen service number (BSN), and such a number is never stored",
            "er staat een burgerservicenummer (BSN) in, en zo'n nummer wordt nooit vastgelegd",
        ),
        Some(Verdict::Possible) => of_two(
            "its digits could be a citizen service number (BSN), and such a number is never stored; if they are something \
             else, put the word for it before them, such as `zaaknummer`",
            "de cijfers kunnen een burgerservicenummer (BSN) zijn, en zo'n nummer wordt nooit vastgelegd; zet er, als het \
             iets anders is, het woord ervoor, zoals `zaaknummer`",
        ),
    }
    .to_owned())
}

/// What form a code has, as the API says it.
fn in_words(error: &Miswritten) -> String {
    let known = Form::ALL.iter().find(|form| form.pattern() == error.pattern());
    known.map_or_else(|| error.to_string(), |known| form(*known))
}

fn form(form: Form) -> String {
    let text = form.text(spoken());
    of_two(format!("it must be: {text}"), format!("het moet zijn: {text}"))
}

/// The message about an unknown name: the name, the one that was probably meant, and the known
/// ones.
pub(super) fn none_of<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> String {
    let known: Vec<_> = known.into_iter().collect();
    let list = known.join(", ");
    match (most_like(name, known.iter().copied()), known.is_empty()) {
        (Some(like), _) => of_two(
            format!("there is no {name}; did you mean {like}? There are: {list}"),
            format!("{name} bestaat niet; bedoelde u {like}? Er zijn: {list}"),
        ),
        (None, false) => of_two(
            format!("there is no {name}; there are: {list}"),
            format!("{name} bestaat niet; er zijn: {list}"),
        ),
        (None, true) => of_two(format!("there is no {name}"), format!("{name} bestaat niet")),
    }
}

/// That the ledger has no trajectory with this id.
pub(super) fn none_such(trajectory: TrajectoryId) -> String {
    of_two(
        format!("there is no such trajectory: {trajectory}"),
        format!("dit traject bestaat niet: {trajectory}"),
    )
}

/// One of the words of a closed list, as it is written in the ledger.
pub(super) fn word<T: DeserializeOwned>(text: &str) -> Result<T, NoSuchWord> {
    let text: StrDeserializer<'_, NoSuchWord> = text.into_deserializer();
    T::deserialize(text)
}

/// A word that is not in its list.
#[derive(Debug, Error)]
#[error("{0}")]
pub(super) struct NoSuchWord(String);

impl serde::de::Error for NoSuchWord {
    fn custom<T: Display>(message: T) -> Self {
        Self(message.to_string())
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self(none_of(variant, expected.iter().copied()))
    }
}

/// Prints a line of the answer.
pub(super) fn say(line: &str) {
    out!("{line}");
}

#[cfg(test)]
mod tests {
    use omklap_domain::ids::{ClientId, DocumentReference, OrganisationId, RegionId};

    use super::*;

    #[test]
    fn a_code_that_is_miswritten_is_told_its_form_as_by_the_api() {
        let miswritten = [
            "".parse::<UserId>().err(),
            "".parse::<OrganisationId>().err(),
            "".parse::<RegionId>().err(),
            "".parse::<ClientId>().err(),
            "".parse::<DocumentReference>().err(),
        ];
        for error in miswritten.into_iter().map(|error| error.expect("it is empty")) {
            let text = in_words(&error);
            assert!(text.starts_with("it must be: 1 to "), "{text}");
        }
    }
}
