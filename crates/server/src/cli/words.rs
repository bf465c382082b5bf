//! Arguments that several commands share: who runs the command, in which language, and values of
//! the ledger.

use std::fmt::Display;
use std::str::FromStr;

use clap::Args;
use omklap_domain::ids::UserId;
use omklap_domain::likeness::most_like;
use omklap_domain::text::{Finding, Verdict, citizen_service_number, citizen_service_number_in_code};
use serde::de::value::StrDeserializer;
use serde::de::{DeserializeOwned, IntoDeserializer};
use thiserror::Error;

use super::language::{self, of_two};
use super::output::out;
use crate::auth::Purpose;
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
pub(super) fn kept<T: FromStr<Err: Display>>(text: &str) -> Result<T, String> {
    read(text, citizen_service_number(text).map(|finding| finding.verdict))
}

/// A code that the ledger stores: the same.
pub(super) fn kept_code<T: FromStr<Err: Display>>(text: &str) -> Result<T, String> {
    let certain = |_: Finding| Verdict::Certain;
    read(text, citizen_service_number_in_code(text).map(certain))
}

/// The pseudonym of a person, as the `sub` of a token: events keep it in the clear, and an event cannot be
/// erased. A name with a space or an e-mail address is none.
fn actor(text: &str) -> Result<String, String> {
    kept_code::<UserId>(text).map(|actor| actor.to_string())
}

/// The purpose of requests, as the `purpose` of a token: a code, because events keep it in the clear.
pub(super) fn purpose(text: &str) -> Result<String, String> {
    let text: String = kept_code(text)?;
    let is_code = Purpose::read(&text).is_some();
    is_code.then_some(text).ok_or_else(|| {
        of_two(
            "must be a code: at most 64 lowercase letters, digits and dashes, first a letter",
            "moet een code zijn: hoogstens 64 kleine letters, cijfers en streepjes, eerst een letter",
        )
        .to_owned()
    })
}

fn read<T: FromStr<Err: Display>>(text: &str, found: Option<Verdict>) -> Result<T, String> {
    match found {
        Some(Verdict::Certain) => {
            Err("it contains a citizen service number (BSN), and such a number is never stored".to_owned())
        }
        Some(Verdict::Possible) => Err(
            "its digits could be a citizen service number (BSN), and such a number is never stored; if they are something \
             else, put the word for it before them, such as `zaaknummer`"
                .to_owned(),
        ),
        None => text.parse().map_err(|error: T::Err| error.to_string()),
    }
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
