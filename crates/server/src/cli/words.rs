//! Words that several commands share: who gives the command, in which language, and the words of the ledger.

use clap::Args;
use serde::de::value::{Error, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer};

use crate::http::language::Language;

/// Who gives the command
#[derive(Clone, Debug, Args)]
pub(super) struct Who {
    /// The person who gives this command, by a pseudonym of the operator's
    #[arg(long, default_value = "operator", value_name = "ID")]
    pub(super) actor: String,
}

/// In which language a page is written
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct InLanguage {
    /// nl or en
    #[arg(long, default_value = "nl", value_parser = language)]
    pub(super) language: Language,
}

fn language(text: &str) -> Result<Language, String> {
    let known = [Language::Dutch, Language::English].into_iter().find(|language| language.tag() == text);
    known.ok_or_else(|| "there are nl and en".to_owned())
}

/// One of the words of a closed list, as it is written in the ledger.
pub(super) fn word<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    let text: StrDeserializer<'_, Error> = text.into_deserializer();
    T::deserialize(text)
}

/// Prints a line of the answer.
#[expect(clippy::disallowed_macros, reason = "a command prints what it did on standard output")]
pub(super) fn say(line: &str) {
    println!("{line}");
}
