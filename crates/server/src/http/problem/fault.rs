//! What can be wrong with one place of a request: one table of code and texts by the kind
//! of problem.

use omklap_vera::FaultCode;

use super::Kind;
use crate::http::request::language::Language;

macro_rules! faults {
    ($($kind:ident { $($(#[$doc:meta])* $name:ident $code:literal $en:literal $nl:literal;)* })*) => {
        /// What is wrong with one place of a request. The rules about the case itself are
        /// [refusals](omklap_domain::trajectory::Refusal).
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Fault {
            $($($(#[$doc])* $name,)*)*
        }

        impl Fault {
            /// Every fault.
            pub const ALL: &'static [Self] = &[$($(Self::$name,)*)*];

            /// The stable code: the last part of the problem type.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $($(Self::$name => $code,)*)* }
            }

            /// What is wrong, without a full stop.
            #[must_use]
            pub fn text(self, language: Language) -> &'static str {
                match self { $($(Self::$name => language.of_two($en, $nl),)*)* }
            }

            /// The problem of which it is one place, in most requests.
            #[must_use]
            pub fn kind(self) -> Kind {
                match self { $($(Self::$name => Kind::$kind,)*)* }
            }
        }
    };
}

faults! {
    Malformed {
        /// Not JSON at all.
        NotJson "not-json" "This is not JSON (RFC 8259)" "Dit is geen JSON (RFC 8259)";
        /// A name twice in one object.
        DuplicateKey "duplicate-key" "This name occurs twice in the object" "Deze naam staat twee keer in het object";
        /// U+0000 in a text or a name.
        ForbiddenCharacter "forbidden-character" "The character U+0000 is not allowed" "Het teken U+0000 is niet toegestaan";
        /// Spaces, or characters without width.
        NothingVisible "nothing-visible" "This text has no visible character" "Deze tekst heeft geen zichtbaar teken";
        /// Half of a surrogate pair.
        LoneSurrogate "lone-surrogate" "Half of a surrogate pair is not a character" "Een half surrogaatpaar is geen teken";
        /// A depth bomb.
        TooDeep "too-deep" "The values are nested too deep" "De waarden zijn te diep genest";
        /// A fraction, or a number that no field can hold.
        NotAWholeNumber "not-a-whole-number" "Numbers are whole, and within 64 bits" "Getallen zijn geheel, en binnen 64 bits";
        /// A BSN is stored nowhere.
        CitizenServiceNumber "citizen-service-number"
            "The text contains a citizen service number (BSN), which is never stored; it is at the characters"
            "De tekst bevat een burgerservicenummer (BSN); dat wordt nergens opgeslagen; het staat op de tekens";
        /// Digits that could be a BSN, with nothing beside them that says what they are.
        PossibleCitizenServiceNumber "possible-citizen-service-number"
            "These digits could be a citizen service number (BSN), because they pass its check. If they are something else, put the word \
             for it before them, such as `zaaknummer`; if not, leave them out. They are at the characters"
            "Deze cijfers kunnen een burgerservicenummer (BSN) zijn, want ze doorstaan de elfproef. Zijn ze iets anders, zet er dan het \
             woord daarvoor voor, zoals `zaaknummer`; zo niet, laat ze weg. Ze staan op de tekens";
        /// Absent, and has to be there.
        Required "required" "This is required" "Dit is vereist";
        /// There, and unknown.
        UnknownField "unknown-field" "There is no such field" "Dit veld bestaat niet";
        /// No kind of fact.
        UnknownType "unknown-type" "There is no such kind of fact" "Dit soort feit bestaat niet";
        /// A text instead of a number, and the like.
        WrongType "wrong-type" "The value must have another type" "De waarde moet een ander type hebben";
        /// No calendar date.
        NotADate "not-a-date" "This is not a date of the form YYYY-MM-DD between 1900 and 2199" "Dit is geen datum van de vorm JJJJ-MM-DD tussen 1900 en 2199";
        /// No instant.
        NotAnInstant "not-an-instant" "This is not an instant of the form 2026-03-01T12:00:00Z" "Dit is geen tijdstip van de vorm 2026-03-01T12:00:00Z";
        /// A period that is turned round.
        EndsBeforeItBegins "ends-before-it-begins" "The period ends before it begins" "De periode eindigt voordat zij begint";
        /// A day that has not come.
        StillToCome "still-to-come" "This day is still to come" "Deze dag moet nog komen";
        /// Periods whose difference would reveal what happened on a single day.
        WholeYearsOnly "whole-years-only"
            "Without access to every case of the region, the period is one calendar year that has ended, as it was known at its end"
            "Wie niet elk traject van de regio ziet, vraagt over één kalenderjaar dat voorbij is, zoals het aan het eind ervan stond en bekend was";
        /// No UUID.
        NotAUuid "not-a-uuid" "This is not a UUID" "Dit is geen UUID";
        /// A text beyond its maximum.
        TooLong "too-long" "The text is too long; characters at most" "De tekst is te lang; tekens hoogstens";
        /// A text below its minimum.
        TooShort "too-short" "The text is too short; characters at least" "De tekst is te kort; tekens minstens";
        /// A list beyond its maximum.
        TooMany "too-many" "There are too many; at most" "Dit zijn er te veel; hoogstens";
        /// A list below its minimum.
        TooFew "too-few" "There are too few; at least" "Dit zijn er te weinig; minstens";
        /// The same twice in a list.
        Repeated "repeated" "The same value occurs twice in the list" "Dezelfde waarde staat twee keer in de lijst";
        /// A number below its minimum.
        TooLow "too-low" "The number is too low; at least" "Het getal is te laag; minstens";
        /// A number beyond its maximum.
        TooHigh "too-high" "The number is too high; at most" "Het getal is te hoog; hoogstens";
        /// Not a value of the list.
        NotOneOf "not-one-of" "This is none of the values" "Dit is geen van de waarden";
        /// Not of the pattern.
        NotAsAgreed "not-as-agreed" "The value does not have the agreed form" "De waarde is niet geschreven zoals afgesproken";
        /// A query parameter that does not exist.
        UnknownParameter "unknown-parameter" "There is no such query parameter" "Deze queryparameter bestaat niet";
        /// A query parameter or header that occurs twice.
        GivenTwice "given-twice" "This is given more than once" "Dit is meer dan eens opgegeven";
        /// Two parameters that exclude each other.
        NotTogether "not-together" "This cannot be combined with" "Dit wordt niet samen opgegeven met";
        /// No cursor of the feed.
        NotACursor "not-a-cursor" "This is not a cursor of the feed" "Dit is geen cursor die de feed heeft uitgegeven";
        /// A cursor of another organisation.
        CursorOfAnother "cursor-of-another" "This cursor was issued to another organisation" "Deze cursor is aan een andere organisatie uitgegeven";
        /// A cursor of an event that this ledger never recorded.
        CursorOfAnotherLedger "cursor-of-another-ledger"
            "The ledger is not the one that you followed: it was restored to an earlier state, and what you read since is not in it. Begin again without a cursor"
            "Het register is niet dat wat u volgde: het is teruggezet naar een eerdere stand, en wat u sindsdien las staat er niet in. Begin opnieuw zonder cursor";
        /// A list used to find what changed.
        FollowTheFeed "follow-the-feed"
            "A list cannot say what changed since an instant, because what is recorded can be committed late. Follow GET /v1/feed, which misses nothing"
            "Een lijst kan niet zeggen wat er sinds een tijdstip is veranderd, want wat wordt vastgelegd kan later zichtbaar worden. Volg GET /v1/feed, die niets mist";
        /// No address of the web.
        NotAnAddress "not-a-web-address" "This is not a web address, or it contains a user or a fragment" "Dit is geen webadres, of het heeft een gebruiker of een fragment";
        /// An address that is not encrypted.
        NotEncrypted "not-https" "The address is not https" "Het adres is geen https";
        /// An address within a private network.
        HostNotPublic "host-not-public" "The host is not public, and the operator has not allowed it" "De host is niet openbaar, en de beheerder heeft hem niet toegestaan";
        /// A region that works by no agreement set.
        UnknownRegion "unknown-region" "No agreement set covers this region" "Van deze regio is geen afsprakenset";
        /// What the types refuse beyond their schema.
        Unreadable "unreadable" "The fact cannot be read" "Het feit is niet te lezen";
    }
    NotYours {
        /// A fact that other roles report.
        NotTheirs "not-theirs" "This is reported by" "Dit wordt gemeld door";
        /// A fact that speaks for another partner, or corrects another partner's fact.
        SpeaksForAnother "speaks-for-another" "You report for your own organisation and party only; this is another's"
            "Ieder meldt voor de eigen organisatie en partij; dit is die van een ander";
        /// A case in a region that the reporting organisation does not serve.
        RegionOfOthers "region-of-others"
            "Your organisation is not registered for this region: name one that it serves, or ask the operator to register it"
            "Uw organisatie is niet geregistreerd voor deze regio: noem een regio waarin zij werkt, of vraag de beheerder haar te registreren";
        /// A fact about a lease to which the reporting corporation is no party.
        NotPartyToTheLease "not-party-to-the-lease"
            "Only the parties to a lease report about it, and your organisation was not a party to one on that day"
            "Alleen de partijen bij een huurcontract melden daarover, en uw organisatie was op die dag geen partij bij een contract";
        /// A fact about an offer that the reporting corporation did not make.
        NotPartyToTheOffer "not-party-to-the-offer"
            "Of the corporations, only the one that made an offer reports about it; your organisation did not make this one"
            "Van de corporaties meldt alleen degene die een aanbieding deed daarover; uw organisatie deed deze niet";
    }
    WrongNames {
        /// No partner has this code.
        NotRegistered "not-registered" "No organisation is registered under this code" "Onder deze code is geen organisatie geregistreerd";
        /// A former partner.
        FormerPartner "former-partner" "This organisation is no longer a partner" "Deze organisatie is geen partner meer";
        /// A corporation instead of a municipality, and the like.
        OrganisationOfAnotherKind "organisation-of-another-kind" "This organisation is not of the kind that is required here"
            "Deze organisatie is niet van de soort die hier gevraagd wordt";
        /// A partner of other regions.
        OrganisationOfAnotherRegion "organisation-of-another-region" "This organisation does not work in the region that this is about"
            "Deze organisatie werkt niet in de regio waar dit over gaat";
        /// A municipality of other regions.
        MunicipalityOfAnotherRegion "municipality-of-another-region"
            "The agreements of the region do not list this municipality"
            "De afspraken van de regio noemen deze gemeente niet";
        /// An agreement set of other regions.
        SetOfAnotherRegion "set-of-another-region" "The region of the trajectory does not work by this agreement set"
            "De regio van het traject werkt niet volgens deze afsprakenset";
        /// One lease with two providers.
        LeaseOfAnotherProvider "lease-with-another-provider"
            "Another trajectory has this lease with another care provider; a lease belongs to one"
            "Een ander traject heeft dit contract met een andere zorgaanbieder; een contract hoort bij één";
        /// An earlier trajectory of nobody.
        NoSuchTrajectory "no-trajectory-with-this-id"
            "The ledger has no other trajectory with this id" "Het register heeft geen ander traject met dit nummer";
    }
    TooMuchWork {
        /// A fact that was not checked any more.
        NotWeighed "not-weighed" "Checking the report took too much work before it reached this fact"
            "Het wegen van de melding kostte te veel werk voordat het bij dit feit kwam";
    }
    InsufficientScope {
        /// The issuer gave the token without it.
        ScopeNotGranted "scope-not-granted" "The token was issued without this scope" "Het token is uitgegeven zonder deze scope";
    }
    InvalidToken {
        /// Longer than any token needs to be.
        TokenTooLong "token-too-long" "The token is longer than 8 KiB" "Het token is langer dan 8 KiB";
        /// No JWT, or one with a header that is unknown and critical; `alg: none` is one.
        TokenUnreadable "token-unreadable" "The token is not a readable signed JWT" "Het token is geen leesbare ondertekende JWT";
        /// HMAC, RS256 and the like.
        AlgorithmNotAllowed "algorithm-not-allowed"
            "The token must be signed with PS256, ES256 or EdDSA" "Een token is ondertekend met PS256, ES256 of EdDSA";
        /// An ID token and the like.
        NotAnAccessToken "not-an-access-token" "The header `typ` is missing or not `at+jwt`" "De header `typ` ontbreekt of is niet `at+jwt`";
        /// Not one that is trusted.
        WrongIssuer "wrong-issuer" "The issuer is not trusted" "De uitgever is niet een die wordt vertrouwd";
        /// The issuer does not have it.
        UnknownKey "unknown-key" "The issuer has no such key" "De uitgever heeft deze sleutel niet";
        /// Tampered with.
        SignatureInvalid "signature-invalid" "The signature is wrong" "De handtekening klopt niet";
        /// No `aud`, or one of another type.
        AudienceMiswritten "audience-miswritten"
            "The claim `aud` is missing, or is neither a text nor a list of texts"
            "De claim `aud` ontbreekt, of is geen tekst en geen lijst van teksten";
        /// No `exp`, or one of another type.
        ExpiryMiswritten "expiry-miswritten"
            "The claim `exp` is missing, or is not a number of seconds since 1970"
            "De claim `exp` ontbreekt, of is geen aantal seconden sinds 1970";
        /// An `nbf` of another type.
        NotBeforeMiswritten "not-before-miswritten"
            "The claim `nbf` is not a number of seconds since 1970" "De claim `nbf` is geen aantal seconden sinds 1970";
        /// A `scope` of another type.
        ScopeMiswritten "scope-miswritten"
            "The claim `scope` is not one text with a space between its names (RFC 9068 §2.2.3)"
            "De claim `scope` is niet één tekst met een spatie tussen de namen (RFC 9068 §2.2.3)";
        /// `roles` of another type.
        RolesMiswritten "roles-miswritten" "The claim `roles` is not a list of texts" "De claim `roles` is geen lijst van teksten";
        /// For another service.
        WrongAudience "wrong-audience" "The token is for another audience" "Het token is voor een andere ontvanger";
        /// It is past its `exp`.
        TokenExpired "token-expired" "The token has expired" "Het token is verlopen";
        /// No `iat`.
        TokenWithoutInstant "token-without-instant"
            "The claim `iat`, when the token was issued, is missing or is not a number of seconds since 1970"
            "De claim `iat`, wanneer het token is uitgegeven, ontbreekt of is geen aantal seconden sinds 1970";
        /// `nbf` or `iat` is in the future.
        TokenNotYetValid "token-not-yet-valid" "The token is not valid yet" "Het token is nog niet geldig";
        /// More than a day.
        TokenLivesTooLong "token-lives-too-long" "The token is valid for more than a day" "Het token is langer dan een dag geldig";
        /// No `client_id`, or none that can be kept.
        ClientMiswritten "client-miswritten"
            "The claim `client_id` is missing or malformed" "De claim `client_id` ontbreekt of is niet geschreven zoals afgesproken";
        /// No `sub`, or one that is no pseudonym.
        SubjectMiswritten "subject-miswritten"
            "The claim `sub` is missing or not a valid pseudonym; a citizen service number (BSN) is not allowed"
            "De claim `sub` ontbreekt of is geen pseudoniem zoals afgesproken; een burgerservicenummer (BSN) is dat niet";
        /// No role of ours.
        RoleMiswritten "role-miswritten" "The claim `role` does not name a role" "De claim `role` noemt geen rol";
        /// No code.
        PurposeMiswritten "purpose-miswritten"
            "The claim `purpose` is not a valid code; a citizen service number (BSN) is not allowed"
            "De claim `purpose` is geen code; een burgerservicenummer (BSN) is dat niet";
        /// Neither the token nor the client has one.
        PurposeMissing "purpose-missing"
            "Neither the token (`purpose`) nor the client's registration names a purpose"
            "Noch het token (`purpose`) noch de registratie van de client zegt voor welk doel";
        /// No UUID.
        TrajectoryMiswritten "trajectory-miswritten" "The claim `trajectory` is not a UUID" "De claim `trajectory` is geen UUID";
        /// A client (the person) without a trajectory.
        TrajectoryMissing "trajectory-missing"
            "In the role `client`, the claim `trajectory` must name the client's own trajectory"
            "In de rol `client` noemt de claim `trajectory` het eigen traject";
    }
}

impl Fault {
    /// What a fault in the form of a request is called in a `Foutbericht`, whose words are Dutch. A fault that
    /// the mapping of VERA finds too has the mapping's own code; one of a rule has the code of the rule.
    #[must_use]
    pub fn in_vera(self) -> &'static str {
        match self {
            Self::NotJson => "geen-json",
            Self::DuplicateKey => FaultCode::Contradiction.as_str(),
            Self::ForbiddenCharacter => "verboden-teken",
            Self::NothingVisible => "niets-zichtbaar",
            Self::LoneSurrogate => "half-teken",
            Self::TooDeep => "te-diep",
            Self::NotAWholeNumber => "geen-geheel-getal",
            Self::CitizenServiceNumber | Self::PossibleCitizenServiceNumber => {
                FaultCode::CitizenServiceNumber.as_str()
            }
            Self::Required => FaultCode::Required.as_str(),
            Self::UnknownField => "onbekend-veld",
            Self::UnknownType => "onbekend-soort-feit",
            Self::WrongType => FaultCode::WrongType.as_str(),
            Self::NotADate => FaultCode::NotADate.as_str(),
            Self::NotAnInstant => "geen-tijdstip",
            Self::EndsBeforeItBegins => "eindigt-voor-begin",
            Self::StillToCome => "moet-nog-komen",
            Self::WholeYearsOnly => "alleen-hele-jaren",
            Self::NotAUuid => "geen-uuid",
            Self::TooLong => "te-lang",
            Self::TooShort => "te-kort",
            Self::TooMany => FaultCode::TooMany.as_str(),
            Self::TooFew => "te-weinig",
            Self::Repeated => "dubbel",
            Self::TooLow => "te-laag",
            Self::TooHigh => "te-hoog",
            Self::NotOneOf => "geen-van-de-waarden",
            Self::NotAsAgreed => FaultCode::WrongForm.as_str(),
            Self::UnknownParameter => "onbekende-parameter",
            Self::GivenTwice => "meer-dan-eens",
            Self::NotTogether => "niet-samen",
            Self::NotACursor => "geen-cursor",
            Self::CursorOfAnother => "cursor-van-een-ander",
            Self::CursorOfAnotherLedger => "cursor-van-ander-register",
            Self::FollowTheFeed => "volg-de-feed",
            Self::NotAnAddress => "geen-webadres",
            Self::NotEncrypted => "geen-https",
            Self::HostNotPublic => "host-niet-openbaar",
            Self::UnknownRegion => "onbekende-regio",
            Self::Unreadable => "onleesbaar",
            of_a_rule => of_a_rule.code(),
        }
    }

    /// Whether an answer goes on with what the rule knows, such as the most that is allowed.
    #[must_use]
    pub fn ends_with_a_limit(self) -> bool {
        matches!(
            self,
            Self::CitizenServiceNumber
                | Self::PossibleCitizenServiceNumber
                | Self::TooLong
                | Self::TooShort
                | Self::TooMany
                | Self::TooFew
                | Self::TooLow
                | Self::TooHigh
                | Self::NotTogether
                | Self::NotTheirs
        )
    }
}
