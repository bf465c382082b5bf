//! Dutch or English: Dutch first, and the other by a link that is remembered in a cookie.

use actix_web::HttpRequest;

/// The cookie with the chosen language.
pub const COOKIE: &str = "omklap-language";

/// The language of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// *Nederlands*.
    Dutch,
    /// English.
    English,
}

impl Language {
    /// The language that was chosen; otherwise Dutch.
    pub fn of(request: &HttpRequest) -> Self {
        let chosen = request.cookie(COOKIE).and_then(|cookie| Self::named(cookie.value()));
        chosen.unwrap_or(Self::Dutch)
    }

    /// The language with this tag.
    pub fn named(tag: &str) -> Option<Self> {
        match tag {
            "nl" => Some(Self::Dutch),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    /// The tag of BCP 47.
    pub fn tag(self) -> &'static str {
        self.of_two("nl", "en")
    }

    /// The text in this language.
    pub fn of_two<T>(self, dutch: T, english: T) -> T {
        match self {
            Self::Dutch => dutch,
            Self::English => english,
        }
    }
}
