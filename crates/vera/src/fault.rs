//! What is wrong with a message.

use serde::Serialize;

macro_rules! fault_codes {
    ($($(#[$doc:meta])* $name:ident $code:literal $text:literal;)*) => {
        /// What can be wrong with one place of a message. A code never changes and is never reused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum FaultCode {
            $($(#[$doc])* $name,)*
        }

        impl FaultCode {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable code.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// What is wrong, in Dutch, without a full stop.
            #[must_use]
            pub fn text(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

fault_codes! {
    /// omklap needs it. VERA itself has no required field.
    Required "verplicht" "Dit is nodig";
    /// A text instead of a number, and the like.
    WrongType "verkeerd-type" "De waarde heeft een ander type nodig";
    /// Not of the agreed form.
    WrongForm "verkeerde-vorm" "De waarde is niet geschreven zoals afgesproken";
    /// No date.
    NotADate "geen-datum" "Dit is geen datum van de vorm JJJJ-MM-DD";
    /// No amount of euros in whole cents, or outside of what can be stored.
    NotAnAmount "geen-bedrag" "Dit is geen bedrag in euro's met hoogstens twee decimalen";
    /// A list beyond its maximum.
    TooMany "te-veel" "Dit zijn er te veel; hoogstens";
    /// Both casings of a name, with different values.
    Contradiction "tegenstrijdig" "Dit veld staat er twee keer, met verschillende waarden";
    /// Something else than another field of the message, or than what the ledger has.
    Conflict "spreekt-iets-tegen" "Dit komt niet overeen met";
    /// In no list that is known here.
    UnknownCode "onbekende-code" "Deze code staat niet in de lijst";
    /// Ended before the day of the message.
    EndedCode "vervallen-code" "Deze code is vervallen; zij stond in de lijst";
    /// Not yet valid.
    FutureCode "nog-niet-geldige-code" "Deze code is nog niet geldig; zij staat in de lijst";
    /// A code of one list in the field of another.
    CodeOfAnotherList "code-van-andere-lijst" "Deze code hoort bij een andere lijst; hier hoort een code van";
    /// A detail whose parent is another code than the one beside it.
    CodeOfAnotherParent "code-onder-andere-code" "Deze detailcode hoort bij een andere code; zij hoort bij";
    /// A citizen service number.
    CitizenServiceNumber "bsn" "Dit is, of bevat misschien, een burgerservicenummer (BSN); dat wordt nooit aangenomen";
    /// An income or the like.
    Income "inkomen" "Dit is een inkomen of vermogen; dat wordt nooit aangenomen";
    /// A group that reveals care or crime.
    SpecialGroup "bijzondere-doelgroep" "Deze doelgroep zegt iets over zorg of een strafrechtelijk verleden; dat wordt nooit aangenomen";
    /// A publication under another model.
    NotForTheFlip "niet-voor-omklap" "Alleen publicaties met model DIS en detailmodel OMK komen in dit register";
    /// What it says cannot be mapped to a fact.
    NothingFollows "geen-feit" "Hieruit volgt geen feit";
    /// An offer that is not weighed or agreed yet.
    MissingFromOffer "concept" "Zonder dit is de aanbieding een concept en geen feit";
}

/// One place of a message that is wrong. It never repeats the value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// Where: a JSON pointer (RFC 6901) in the body, or the name of a header.
    pub pointer: String,
    /// What.
    pub code: FaultCode,
    /// What would be right, in Dutch: a limit, the name of a list.
    pub expected: Option<String>,
}

impl Fault {
    /// A fault at a place.
    #[must_use]
    pub fn at(pointer: impl Into<String>, code: FaultCode) -> Self {
        Self { pointer: pointer.into(), code, expected: None }
    }

    /// The same, with what would be right.
    #[must_use]
    pub fn expecting(self, expected: impl Into<String>) -> Self {
        Self { expected: Some(expected.into()), ..self }
    }
}

/// The answer of VERA to a message with faults. Source: VERA `Foutbericht`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Foutbericht {
    /// The stable code of the whole.
    pub code: String,
    /// What is wrong, and every fault, one a line.
    pub omschrijving: String,
}

impl Foutbericht {
    /// The answer with this code and these lines.
    #[must_use]
    pub fn new(code: &str, lines: impl IntoIterator<Item = String>) -> Self {
        let lines: Vec<String> = lines.into_iter().collect();
        Self { code: code.to_owned(), omschrijving: lines.join("\n") }
    }
}
