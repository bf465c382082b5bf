//! The forms that values of a request have, in words: one table of pattern and texts.

use crate::http::request::language::Language;

macro_rules! forms {
    ($($(#[$doc:meta])* $name:ident $pattern:literal $en:literal $nl:literal;)*) => {
        /// The form of a value, in words: a pattern alone helps nobody who does not read patterns.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Form {
            $($(#[$doc])* $name,)*
        }

        impl Form {
            /// Every form.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The pattern, as the published document writes it.
            #[must_use]
            pub fn pattern(self) -> &'static str {
                match self { $(Self::$name => $pattern,)* }
            }

            /// The form in words, without a full stop.
            #[must_use]
            pub fn text(self, language: Language) -> &'static str {
                match self { $(Self::$name => language.of_two($en, $nl),)* }
            }
        }
    };
}

forms! {
    /// A code of an organisation, a region, a set, a desk.
    Code "^[a-z0-9][a-z0-9-]{0,63}$"
        "1 to 64 lower-case letters, digits and hyphens, not a hyphen first"
        "1 tot 64 kleine letters, cijfers en streepjes, geen streepje vooraan";
    /// A purpose and the like.
    Word "^[a-z][a-z0-9-]{0,63}$"
        "1 to 64 lower-case letters, digits and hyphens, a letter first"
        "1 tot 64 kleine letters, cijfers en streepjes, een letter vooraan";
    /// A name that a partner's system gives something.
    ShortName "^[0-9A-Za-z][0-9A-Za-z._:/-]{0,15}$"
        "1 to 16 letters, digits and . _ : / -, a letter or digit first"
        "1 tot 16 letters, cijfers en . _ : / -, een letter of cijfer vooraan";
    /// The same, longer.
    Name "^[0-9A-Za-z][0-9A-Za-z._:/-]{0,63}$"
        "1 to 64 letters, digits and . _ : / -, a letter or digit first"
        "1 tot 64 letters, cijfers en . _ : / -, een letter of cijfer vooraan";
    /// The same, longer still.
    LongName "^[0-9A-Za-z][0-9A-Za-z._:/-]{0,127}$"
        "1 to 128 letters, digits and . _ : / -, a letter or digit first"
        "1 tot 128 letters, cijfers en . _ : / -, een letter of cijfer vooraan";
    /// An organisation's own case number.
    CaseNumber "^[!-~]([ -~]{0,62}[!-~])?$"
        "1 to 64 printable ASCII characters, without a space at either end"
        "1 tot 64 afdrukbare ASCII-tekens, zonder spatie aan het begin of het eind";
    /// An idempotency key.
    Key "^[!-~]{1,128}$"
        "1 to 128 visible ASCII characters without a space, such as a UUID"
        "1 tot 128 zichtbare ASCII-tekens zonder spatie, zoals een UUID";
    /// A cursor.
    Cursor "^[ -~]{0,2680}$"
        "printable ASCII characters, 2680 at most"
        "afdrukbare ASCII-tekens, hoogstens 2680";
    /// A header.
    Ascii "^[ -~]*$"
        "printable ASCII characters"
        "afdrukbare ASCII-tekens";
    /// A text.
    Text r"^[^\x00]*$"
        "a text without the character U+0000"
        "een tekst zonder het teken U+0000";
    /// A list of tags.
    EntityTags "^(\\*|(W/)?\"[!#-~]{0,128}\"(, (W/)?\"[!#-~]{0,128}\"){0,19})$"
        "the `ETag` that was last read, with its quotes, such as \"12-9c1d4e5f60718293\", or *"
        "de `ETag` die het laatst is gelezen, met de aanhalingstekens, zoals \"12-9c1d4e5f60718293\", of *";
    /// Any version.
    Asterisk r"^\*$"
        "*"
        "*";
    /// A hash.
    Hash "^[0-9a-f]{64}$"
        "a SHA-256 of 64 hexadecimal digits in lower case"
        "een SHA-256 van 64 hexadecimale cijfers in kleine letters";
    /// Half of a trace id, and the like.
    SixteenDigits "^[0-9a-f]{16}$"
        "16 hexadecimal digits in lower case"
        "16 hexadecimale cijfers in kleine letters";
    /// A trace id.
    ThirtyTwoDigits "^[0-9a-f]{32}$"
        "32 hexadecimal digits in lower case"
        "32 hexadecimale cijfers in kleine letters";
    /// A secret of a subscription, by Standard Webhooks.
    Secret "^whsec_[A-Za-z0-9+/]{32,88}={0,2}$"
        "`whsec_` and 24 to 64 bytes in base64"
        "`whsec_` en 24 tot 64 bytes in base64";
    /// How long a request may wait.
    Seconds "^([0-9]|[1-5][0-9]|60)s$"
        "whole seconds from 0s to 60s, such as 30s"
        "hele seconden van 0s tot 60s, zoals 30s";
    /// An id.
    Uuid "^[0-9A-Fa-f-]{36}$" "a UUID, with its hyphens" "een UUID, met de streepjes";
    /// How much of an event the feed shows.
    Detail "^(thin|full)$" "thin or full" "thin of full";
    /// A municipality, by Statistics Netherlands.
    MunicipalityCode "^[0-9]{4}$"
        "the four digits of a municipality (CBS), such as 0363"
        "de vier cijfers van een gemeente (CBS), zoals 0363";
    /// Several municipalities.
    MunicipalityCodes "^[0-9]{4}(,[0-9]{4}){0,49}$"
        "the four digits of a municipality (CBS), or several with commas between them, such as 0983,0957"
        "de vier cijfers van een gemeente (CBS), of meer daarvan met komma's ertussen, zoals 0983,0957";
    /// A neighbourhood, by Statistics Netherlands.
    Neighbourhood "^(WK[0-9]{6}|BU[0-9]{8})$"
        "the code of a wijk or buurt (CBS), such as WK036300 or BU03630001"
        "de code van een wijk of buurt (CBS), zoals WK036300 of BU03630001";
    /// A year.
    Year "^(19|20|21)[0-9]{2}$"
        "a year from 1900 to 2199, such as 2026"
        "een jaar van 1900 tot 2199, zoals 2026";
    /// An agreement of the ten.
    Agreement "^([1-9]|10)$"
        "the number of an agreement, from 1 to 10"
        "het nummer van een afspraak, van 1 tot 10";
    /// A place in the ledger, a leaf, a tree size.
    Count "^[0-9]{1,19}$"
        "a whole number of at most 19 digits; a tree size and a position begin at 1"
        "een geheel getal van hoogstens 19 cijfers; een boomgrootte en een positie beginnen bij 1";
}

impl Form {
    /// The form with this pattern.
    #[must_use]
    pub fn of_pattern(pattern: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|form| form.pattern() == pattern)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::http::documents::openapi::document;
    use crate::http::request::compiled_schema::is_reported_elsewhere;

    #[test]
    fn every_pattern_of_the_published_document_is_a_form_in_words() {
        let document = serde_json::to_value(document()).expect("it is JSON");
        let mut patterns = Vec::new();
        collect(&document, &mut patterns);
        assert!(patterns.len() > 50, "{} patterns", patterns.len());
        for pattern in patterns.into_iter().filter(|pattern| !is_reported_elsewhere(pattern)) {
            assert!(Form::of_pattern(pattern).is_some(), "{pattern}");
        }
    }

    fn collect<'v>(value: &'v Value, patterns: &mut Vec<&'v str>) {
        match value {
            Value::Object(fields) => {
                patterns.extend(fields.get("pattern").and_then(Value::as_str));
                fields.values().for_each(|field| collect(field, patterns));
            }
            Value::Array(items) => items.iter().for_each(|item| collect(item, patterns)),
            _ => {}
        }
    }
}
