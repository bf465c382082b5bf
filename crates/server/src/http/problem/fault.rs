//! What can be wrong with one place of a request: one table of code and texts.

use crate::http::language::Language;

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident $code:literal $en:literal $nl:literal;)*) => {
        /// What is wrong with one place of a request. The rules about the case itself are
        /// [refusals](omklap_domain::trajectory::Refusal).
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Fault {
            $($(#[$doc])* $name,)*
        }

        impl Fault {
            /// Every fault.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable code: the last part of the problem type.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// What is wrong, without a full stop.
            #[must_use]
            pub fn text(self, language: Language) -> &'static str {
                match self { $(Self::$name => language.of_two($en, $nl),)* }
            }
        }
    };
}

faults! {
    /// Not JSON at all.
    NotJson "not-json" "This is not JSON (RFC 8259)" "Dit is geen JSON (RFC 8259)";
    /// A name twice in one object.
    DuplicateKey "duplicate-key" "This name stands twice in the object" "Deze naam staat twee keer in het object";
    /// U+0000 in a text or a name.
    ForbiddenCharacter "forbidden-character" "The character U+0000 is not allowed" "Het teken U+0000 is niet toegestaan";
    /// Half of a surrogate pair.
    LoneSurrogate "lone-surrogate" "Half of a surrogate pair is no character" "Een half surrogaatpaar is geen teken";
    /// A depth bomb.
    TooDeep "too-deep" "The values are nested too deep" "De waarden zijn te diep genest";
    /// A fraction, or a number that no field can hold.
    NotAWholeNumber "not-a-whole-number" "Numbers are whole, and within 64 bits" "Getallen zijn geheel, en binnen 64 bits";
    /// A BSN is stored nowhere.
    CitizenServiceNumber "citizen-service-number"
        "The text holds a citizen service number (BSN), which is stored nowhere"
        "De tekst bevat een burgerservicenummer (BSN); dat wordt nergens opgeslagen";
    /// Absent, and has to be there.
    Required "required" "This is required" "Dit is vereist";
    /// There, and unknown.
    UnknownField "unknown-field" "There is no such field" "Dit veld bestaat niet";
    /// No kind of fact.
    UnknownType "unknown-type" "There is no such kind of fact" "Dit soort feit bestaat niet";
    /// A text where a number should be, and the like.
    WrongType "wrong-type" "The value is of another type than asked for" "De waarde is van een ander type dan gevraagd";
    /// No calendar date.
    NotADate "not-a-date" "This is no date of the form YYYY-MM-DD between 1900 and 2199" "Dit is geen datum van de vorm JJJJ-MM-DD tussen 1900 en 2199";
    /// No instant.
    NotAnInstant "not-an-instant" "This is no instant of the form 2026-03-01T12:00:00Z" "Dit is geen tijdstip van de vorm 2026-03-01T12:00:00Z";
    /// A period that is turned round.
    EndsBeforeItBegins "ends-before-it-begins" "The period ends before it begins" "De periode eindigt voordat zij begint";
    /// No UUID.
    NotAUuid "not-a-uuid" "This is no UUID" "Dit is geen UUID";
    /// A text beyond its maximum.
    TooLong "too-long" "The text is too long; characters at most" "De tekst is te lang; tekens hoogstens";
    /// A text below its minimum.
    TooShort "too-short" "The text is too short; characters at least" "De tekst is te kort; tekens minstens";
    /// A list beyond its maximum.
    TooMany "too-many" "These are too many; at most" "Dit zijn er te veel; hoogstens";
    /// A list below its minimum.
    TooFew "too-few" "These are too few; at least" "Dit zijn er te weinig; minstens";
    /// The same twice in a list.
    Repeated "repeated" "The same value stands in the list twice" "Dezelfde waarde staat twee keer in de lijst";
    /// A number below its minimum.
    TooLow "too-low" "The number is too low; at least" "Het getal is te laag; minstens";
    /// A number beyond its maximum.
    TooHigh "too-high" "The number is too high; at most" "Het getal is te hoog; hoogstens";
    /// Not a value of the list.
    NotOneOf "not-one-of" "This is none of the values" "Dit is geen van de waarden";
    /// Not of the pattern.
    NotAsAgreed "not-as-agreed" "The value is not written as agreed" "De waarde is niet geschreven zoals afgesproken";
    /// A query parameter that does not exist.
    UnknownParameter "unknown-parameter" "There is no such query parameter" "Deze queryparameter bestaat niet";
    /// A query parameter or header that stands twice.
    GivenTwice "given-twice" "This is given more than once" "Dit is meer dan eens opgegeven";
    /// No cursor of the feed.
    NotACursor "not-a-cursor" "This is no cursor that the feed handed out" "Dit is geen cursor die de feed heeft uitgegeven";
    /// A cursor that was handed to somebody else.
    CursorOfAnother "cursor-of-another" "This cursor was handed to another organisation" "Deze cursor is aan een andere organisatie uitgegeven";
    /// A cursor beyond the end of the ledger.
    CursorFromTheFuture "cursor-from-the-future"
        "The ledger has not come so far: it was put back to an earlier state, or the cursor is of another ledger"
        "Zo ver is het register niet: het is teruggezet naar een eerdere stand, of de cursor is van een ander register";
    /// No address of the web.
    NotAnAddress "not-a-web-address" "This is no address of the web, or it has a user or a fragment" "Dit is geen webadres, of het heeft een gebruiker of een fragment";
    /// An address that is not encrypted.
    NotEncrypted "not-https" "The address is not https" "Het adres is geen https";
    /// An address within a private network.
    HostNotPublic "host-not-public" "The host is not public, and the operator has not allowed it" "De host is niet openbaar, en de beheerder heeft hem niet toegestaan";
    /// What the types refuse beyond their schema.
    Unreadable "unreadable" "The fact cannot be read" "Het feit is niet te lezen";
}
