//! The language of the command line: `--lang`, or else that of the environment.

use std::ffi::OsString;
use std::sync::OnceLock;

use crate::http::labels;
use crate::http::request::language::Language;

/// The languages of the command line.
const KNOWN: [Language; 2] = [Language::Dutch, Language::English];

/// The variables that name the language of programs, the strongest first (POSIX).
const VARIABLES: [&str; 3] = ["LC_ALL", "LC_MESSAGES", "LANG"];

static SPOKEN: OnceLock<Language> = OnceLock::new();

/// Sets the language of this run: the one that was named, or that of the environment.
pub(super) fn speak(named: Option<Language>) {
    SPOKEN.get_or_init(|| named.unwrap_or_else(of_environment));
}

/// The language that arguments name, before they are read: what is wrong with them is said in it.
pub(super) fn named_in(arguments: impl Iterator<Item = OsString>) -> Option<Language> {
    let mut arguments = arguments.map(|one| one.to_string_lossy().into_owned()).skip_while(|one| {
        let is_it = one == "--lang" || one.starts_with("--lang=");
        !is_it
    });
    let first = arguments.next()?;
    let tag = first.strip_prefix("--lang=").map_or_else(|| arguments.next(), |tag| Some(tag.to_owned()))?;
    named(&tag).ok()
}

/// The language of this run.
pub(super) fn spoken() -> Language {
    SPOKEN.get().copied().unwrap_or_default()
}

/// The text in the language of this run.
pub(super) fn of_two<T>(english: T, dutch: T) -> T {
    spoken().of_two(english, dutch)
}

/// A number of things, in the language of this run: `1 fact`, `2 facts`.
pub(super) fn counted(count: usize, english: [&str; 2], dutch: [&str; 2]) -> String {
    let [one, several] = of_two(english, dutch);
    format!("{count} {}", if count == 1 { one } else { several })
}

/// What a code of a list is called in the language of this run; the code itself in English, as the
/// API writes it.
pub(super) fn called(list: &str, code: &str) -> String {
    match spoken() {
        Language::English => code.to_owned(),
        Language::Dutch => labels::in_dutch(list, code),
    }
}

/// The language with this tag.
pub(super) fn named(text: &str) -> Result<Language, String> {
    KNOWN
        .into_iter()
        .find(|language| language.tag() == text)
        .ok_or_else(|| super::words::none_of(text, KNOWN.map(Language::tag)))
}

#[expect(clippy::disallowed_methods, reason = "the language of a terminal is no setting of the ledger")]
fn of_environment() -> Language {
    let mut set =
        VARIABLES.iter().filter_map(|name| std::env::var(name).ok()).filter(|value| !value.is_empty());
    set.next().map(|locale| of_locale(&locale)).unwrap_or_default()
}

/// `nl`, `nl_NL.UTF-8` and `nl_BE` are Dutch; everything else is English.
fn of_locale(locale: &str) -> Language {
    match locale.split(['_', '.', '@']).next() {
        Some("nl") => Language::Dutch,
        _ => Language::English,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_known_before_the_arguments_are_read() {
        let named = |line: &str| named_in(line.split(' ').map(OsString::from));
        assert_eq!(named("omklap partner list --actor Jan --lang nl"), Some(Language::Dutch));
        assert_eq!(named("omklap --lang=en partner list"), Some(Language::English));
        for none in ["omklap partner list", "omklap --lang", "omklap --lang=fr"] {
            assert_eq!(named(none), None, "{none}");
        }
    }

    #[test]
    fn a_dutch_locale_is_answered_in_dutch_and_every_other_in_english() {
        for dutch in ["nl", "nl_NL.UTF-8", "nl_BE@euro"] {
            assert_eq!(of_locale(dutch), Language::Dutch, "{dutch}");
        }
        for other in ["C", "C.UTF-8", "POSIX", "en_GB", "de_DE.UTF-8", "nld", ""] {
            assert_eq!(of_locale(other), Language::English, "{other}");
        }
    }
}
