//! Dutch or English, as the caller prefers.

use actix_web::http::header::{ACCEPT_LANGUAGE, HeaderMap};

/// A language of texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// The default.
    #[default]
    English,
    /// *Nederlands*.
    Dutch,
}

impl Language {
    /// What `Accept-Language` prefers; the first named of two that are preferred alike.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        let accepted = headers.get_all(ACCEPT_LANGUAGE).filter_map(|value| value.to_str().ok());
        let mut best = (Self::default(), 0.0);
        for (language, quality) in accepted.flat_map(|value| value.split(',')).filter_map(with_quality) {
            if quality > best.1 {
                best = (language, quality);
            }
        }
        best.0
    }

    /// As `Content-Language` writes it.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Dutch => "nl",
        }
    }

    /// The text in this language.
    #[must_use]
    pub fn of_two<T>(self, english: T, dutch: T) -> T {
        match self {
            Self::English => english,
            Self::Dutch => dutch,
        }
    }
}

/// One range of the header: `nl`, `nl-BE;q=0.8`, `*`. Unknown languages are skipped.
fn with_quality(range: &str) -> Option<(Language, f32)> {
    let (tag, quality) = range.split_once(';').map_or((range, "q=1"), |(tag, quality)| (tag, quality.trim()));
    let language = match tag.trim().split('-').next()?.to_ascii_lowercase().as_str() {
        "nl" => Language::Dutch,
        "en" | "*" => Language::English,
        _ => return None,
    };
    let quality = quality.strip_prefix("q=").and_then(|quality| quality.parse().ok()).unwrap_or(0.0);
    Some((language, quality))
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn chosen_by(header: &'static str) -> Language {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(header));
        Language::of(&headers)
    }

    #[test]
    fn the_language_with_the_highest_weight_is_spoken() {
        assert_eq!(chosen_by("nl"), Language::Dutch);
        assert_eq!(chosen_by("en;q=0.4, nl-NL;q=0.9"), Language::Dutch);
        assert_eq!(chosen_by("nl;q=0.4, en-GB"), Language::English);
        assert_eq!(chosen_by("de, nl;q=0.2"), Language::Dutch);
    }

    #[test]
    fn a_reader_of_neither_language_gets_english() {
        assert_eq!(Language::of(&HeaderMap::new()), Language::English);
        for header in ["de", "nl;q=0", "nl;q=much", ""] {
            assert_eq!(chosen_by(header), Language::English, "{header}");
        }
    }
}
