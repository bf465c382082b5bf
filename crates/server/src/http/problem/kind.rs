//! The kinds of problems: one table of code, status and texts.

use actix_web::http::StatusCode;

use crate::http::request::language::Language;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident $code:literal $status:ident
        $title_en:literal $title_nl:literal $detail_en:literal $detail_nl:literal;)*) => {
        /// What is wrong with a request as a whole.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Kind {
            $($(#[$doc])* $name,)*
        }

        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable code: the last part of the problem type.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The status of the response.
            #[must_use]
            pub fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)* }
            }

            /// What it is called.
            #[must_use]
            pub fn title(self, language: Language) -> &'static str {
                match self { $(Self::$name => language.of_two($title_en, $title_nl),)* }
            }

            /// What it means and what to do.
            #[must_use]
            pub fn detail(self, language: Language) -> &'static str {
                match self { $(Self::$name => language.of_two($detail_en, $detail_nl),)* }
            }
        }
    };
}

kinds! {
    /// Something in it is not written as the OpenAPI document says.
    Malformed "malformed" BAD_REQUEST
        "The request does not match the API description" "Het verzoek is niet geschreven zoals afgesproken"
        "`errors` names each place that is wrong, and the rule." "`errors` noemt elke plek die fout is, en de regel.";
    /// No token came.
    SignInRequired "sign-in-required" UNAUTHORIZED
        "Sign in" "Meld u aan"
        "Send `Authorization: Bearer …` with a token of an issuer that this ledger trusts; docs/API.md says how to get one."
        "Stuur `Authorization: Bearer …` mee met een token van een uitgever die dit register vertrouwt; docs/API.md zegt hoe u er een krijgt.";
    /// The token is not accepted.
    InvalidToken "invalid-token" UNAUTHORIZED
        "The token is not accepted" "Het token wordt niet aangenomen"
        "`errors` names every reason." "`errors` noemt elke reden.";
    /// The token is valid, but its client is unknown or disabled.
    ClientNotAdmitted "client-not-admitted" FORBIDDEN
        "The program is not admitted" "Het programma is niet toegelaten"
        "The token is valid, but its client is not registered for an organisation here, or no longer."
        "Het token is goed, maar de client ervan is hier niet of niet meer geregistreerd voor een organisatie.";
    /// The client may not act in the role, or the operation does not accept the role.
    RoleNotAdmitted "role-not-admitted" FORBIDDEN
        "The program may not act in this role" "Het programma mag niet in deze rol spreken"
        "Token and registration must both grant the role; `errors` lists the roles that qualify. The header `Omklap-Role` picks one of several, or else the claim `role`; a single role need not be named."
        "Token en registratie moeten de rol allebei geven; `errors` noemt de rollen die kunnen. De header `Omklap-Role` kiest er een, en anders de claim `role`; een enkele rol hoeft niet te worden genoemd.";
    /// The token does not grant it.
    InsufficientScope "insufficient-scope" FORBIDDEN
        "The token does not grant this" "Het token geeft hier geen recht op"
        "`errors` and `WWW-Authenticate` name the scope that is needed." "`errors` en `WWW-Authenticate` noemen de scope die nodig is.";
    /// More requests than one program may send.
    TooManyRequests "too-many-requests" TOO_MANY_REQUESTS
        "The program sends requests too fast" "Het programma vraagt te snel"
        "`RateLimit` shows what is left, `Retry-After` the seconds to wait. Nothing was recorded."
        "`RateLimit` zegt wat er over is, `Retry-After` over hoeveel seconden het weer kan. Er is niets vastgelegd.";
    /// More work than one program may request.
    WorkSpent "work-spent" TOO_MANY_REQUESTS
        "The program requests too much work" "Het programma vraagt te veel werk"
        "Earlier requests took more work than one program may request. `Retry-After` shows the seconds to wait; shorter lists and narrower queries take less. Nothing was recorded."
        "Wat eerder is gevraagd kostte meer werk dan één programma mag vragen. `Retry-After` zegt over hoeveel seconden het weer kan; kortere lijsten en engere vragen kosten minder. Er is niets vastgelegd.";
    /// More work than one report may be.
    TooMuchWork "too-much-work" PAYLOAD_TOO_LARGE
        "The report takes too much work" "De melding kost te veel werk"
        "Each late fact is checked against everything that happened after it. `errors` names the fact at which the check stopped. Report the facts in the order in which they happened, or in smaller lists. Nothing was recorded."
        "Elk laat feit wordt getoetst aan alles wat erna gebeurde. `errors` noemt het feit waar de controle stopte. Meld de feiten in de volgorde waarin zij gebeurden, of in kortere lijsten. Er is niets vastgelegd.";
    /// No more facts fit.
    TrajectoryFull "trajectory-full" CONFLICT
        "The trajectory is full" "Het traject is vol"
        "A trajectory holds at most 25,000 facts, because every read loads all of them. Nothing was recorded."
        "Een traject bevat hoogstens 25.000 feiten, want wie het leest, leest ze alle. Er is niets vastgelegd.";
    /// The keys of an issuer were never seen.
    IssuerUnreachable "issuer-unreachable" SERVICE_UNAVAILABLE
        "The issuer of the token cannot be reached" "De uitgever van het token is niet bereikbaar"
        "The token cannot be verified yet. Nothing was recorded. Try again in a moment."
        "Het token kan nog niet worden gecontroleerd. Er is niets vastgelegd. Probeer het zo opnieuw.";
    /// The organisation is unknown.
    NoSuchOrganisation "no-such-organisation" NOT_FOUND
        "There is no such organisation" "Deze organisatie bestaat niet"
        "No organisation has this code." "Geen organisatie heeft deze code.";
    /// The organisation has another version, or already exists.
    OrganisationChanged "organisation-changed" PRECONDITION_FAILED
        "The organisation has changed" "De organisatie is niet zoals zij is gezien"
        "It was changed since it was read, or it already exists; `version` is the current version. Nothing was written."
        "Iemand heeft haar gewijzigd sinds zij is gelezen, of zij is er al; `version` is de huidige versie. Er is niets geschreven.";
    /// The subscription has another version.
    SubscriptionChanged "subscription-changed" PRECONDITION_FAILED
        "The subscription has changed" "Het abonnement is niet zoals het is gezien"
        "Its owner changed it since it was read; `version` is the current version. Read it again. Nothing was changed."
        "De eigenaar heeft het gewijzigd sinds het is gelezen; `version` is de huidige versie. Lees het opnieuw. Er is niets gewijzigd.";
    /// A client's name belongs to another organisation.
    ClientTaken "client-taken" CONFLICT
        "A client belongs to another organisation or issuer" "Een client hoort bij een andere organisatie of uitgever"
        "A client's name always belongs to its first organisation and issuer; `errors` lists the names. Nothing was written."
        "De naam van een client blijft bij zijn organisatie en uitgever; `errors` zegt welke. Er is niets geschreven.";
    /// The caller may not report a fact.
    NotYours "not-yours-to-report" FORBIDDEN
        "You may not report this" "Dit is niet aan u om te melden"
        "`errors` names each such fact, and why it is another's to report. Nothing was recorded."
        "`errors` noemt elk zo'n feit, en waarom een ander het meldt. Er is niets vastgelegd.";
    /// The rules do not admit a fact.
    NotAdmitted "not-admitted" CONFLICT
        "The report is not admitted" "De melding is niet toegelaten"
        "`errors` names every rule that is broken; `admits`, if it is there, lists what may be reported instead. Nothing was recorded."
        "`errors` noemt elke regel die is overtreden; `admits`, als het er staat, noemt wat wel kan worden gemeld. Er is niets vastgelegd.";
    /// No stream has the id, or the caller may not read it.
    NoSuchStream "no-such-stream" NOT_FOUND
        "There is nothing under this name" "Er is niets onder deze naam"
        "No complex, vacancy, plan, guarantee fund or round has this name, or it is not yours to read."
        "Geen complex, leegkomende woning, plan, garantiefonds of ronde heeft deze naam, of u hebt er geen inzage in.";
    /// A stream begins once.
    AlreadyThere "already-there" CONFLICT
        "This is in the ledger already" "Dit staat al in het register"
        "Report what changed with `POST …/events`. Nothing was recorded." "Meld wat veranderde met `POST …/events`. Er is niets vastgelegd.";
    /// No more facts fit in the stream.
    StreamFull "stream-full" CONFLICT
        "No more facts fit" "Er passen geen feiten meer bij"
        "At most 1,000 facts are recorded about one complex, vacancy or plan. Nothing was recorded."
        "Over één complex, leegkomende woning of plan worden hoogstens 1.000 feiten vastgelegd. Er is niets vastgelegd.";
    /// The id belongs to no trajectory.
    NoSuchTrajectory "no-such-trajectory" NOT_FOUND
        "There is no such trajectory" "Dit traject bestaat niet"
        "No trajectory has this id." "Geen traject heeft dit nummer.";
    /// The trajectory has no fact with this number.
    NoSuchEvent "no-such-event" NOT_FOUND
        "There is no such fact" "Dit feit bestaat niet"
        "The trajectory has no fact with this number, or had none at the instant `knownAt`."
        "Het traject heeft geen feit met dit nummer, of had het niet op het moment `knownAt`.";
    /// The case has no event with this hash.
    ReceiptUnknown "receipt-unknown" NOT_FOUND
        "The case has no event with this hash" "Het traject heeft geen feit met deze hash"
        "Take the hash from the last line of the receipt. If the receipt is one of this ledger, its promise was broken: keep it, and report it to the auditor."
        "Neem de hash van de laatste regel van het ontvangstbewijs. Is het ontvangstbewijs van dit register, dan is de belofte gebroken: bewaar het, en meld het de auditor.";
    /// The trajectory had not been opened on that day, or nothing was known of it at that instant.
    NothingThen "nothing-then" NOT_FOUND
        "There was no trajectory then" "Toen was er geen traject"
        "On the day `validOn` it had not been opened, or at the instant `knownAt` nothing of it had been recorded."
        "Op de dag `validOn` was het nog niet geopend, of op het moment `knownAt` was er nog niets van vastgelegd.";
    /// No agreement set names the region.
    NoSuchRegion "no-such-region" NOT_FOUND
        "There is no such region" "Deze regio bestaat niet"
        "No agreement set of this ledger names this region." "Geen afsprakenset van dit register noemt deze regio.";
    /// The id belongs to no subscription of the organisation in this role.
    NoSuchSubscription "no-such-subscription" NOT_FOUND
        "There is no such subscription" "Dit abonnement bestaat niet"
        "No subscription of the organisation in this role has this id." "Geen abonnement van de organisatie in deze rol heeft dit nummer.";
    /// No message with this id was tried, or the caller lost access to its event.
    NoSuchMessage "no-such-message" NOT_FOUND
        "There is no such message" "Dit bericht bestaat niet"
        "No message with this id was tried in the last thirty days, or you no longer have access to its trajectory."
        "Geen bericht met dit nummer is de laatste dertig dagen geprobeerd, of het traject mag niet meer worden gekend.";
    /// The organisation has as many subscriptions as it may.
    TooManySubscriptions "too-many-subscriptions" CONFLICT
        "The organisation has too many subscriptions" "De organisatie heeft te veel abonnementen"
        "An organisation may have at most a hundred in one role. End one that is no longer needed, or let one receive several kinds of events."
        "Een organisatie heeft er hoogstens honderd in een rol. Beëindig er een die niet meer nodig is, of laat één abonnement meer soorten gebeurtenissen ontvangen.";
    /// No checkpoint covers it.
    NotSigned "not-signed" NOT_FOUND
        "No signed checkpoint covers this yet" "Hiervan is niets ondertekend"
        "No checkpoint of this tree size was signed, or a tree of that size does not contain this event. New events are signed within minutes."
        "Er is geen boom van deze grootte ondertekend, of de boom van die grootte heeft deze gebeurtenis niet. Nieuwe gebeurtenissen worden binnen enkele minuten ondertekend.";
    /// The cursor belongs to no list, or to another one.
    NoSuchPage "no-such-page" NOT_FOUND
        "There is no such page" "Deze pagina bestaat niet"
        "A `cursor` is the `next` of the page before, and belongs to the same path with the same filters."
        "Een `cursor` is de `next` van de pagina ervoor, en hoort bij hetzelfde pad met dezelfde filters.";
    /// Nothing is found at this path.
    NoSuchPath "no-such-path" NOT_FOUND
        "There is nothing here" "Hier is niets"
        "No such path; see /v1/openapi.json. A path has no trailing slash."
        "Dit pad bestaat niet; zie /v1/openapi.json. Een pad eindigt niet op een schuine streep.";
    /// The path exists, but not with this method.
    MethodNotAllowed "method-not-allowed" METHOD_NOT_ALLOWED
        "This method is not allowed here" "Deze methode kan hier niet"
        "`Allow` names the methods that are." "`Allow` noemt de methoden die wel kunnen.";
    /// The body came too slowly.
    TooSlow "too-slow" REQUEST_TIMEOUT
        "The body took too long" "De inhoud bleef te lang uit"
        "The whole body must arrive within 30 seconds. Nothing was recorded."
        "De hele inhoud moet binnen 30 seconden aankomen. Er is niets vastgelegd.";
    /// The body is too large.
    TooLarge "too-large" PAYLOAD_TOO_LARGE
        "The body is too large" "De inhoud is te groot"
        "A report is 8 MiB at most, any other body 256 KiB. Nothing was recorded." "Een melding is hoogstens 8 MiB, elke andere inhoud 256 KiB. Er is niets vastgelegd.";
    /// The body is of another media type.
    NotJson "not-json-content" UNSUPPORTED_MEDIA_TYPE
        "The body is not JSON" "De inhoud is geen JSON"
        "A report is sent as `Content-Type: application/json`, without a content coding."
        "Een melding wordt verstuurd als `Content-Type: application/json`, zonder inhoudscodering.";
    /// `If-Match` is missing.
    VersionRequired "version-required" PRECONDITION_REQUIRED
        "The version that you last read is required" "De versie die is gezien is vereist"
        "Send `If-Match` with the `ETag` of what you change as it was last read, or `*` to do it whatever its version."
        "Stuur `If-Match` mee met de `ETag` van wat u wijzigt zoals het laatst is gelezen, of `*` om het te doen ongeacht de versie.";
    /// `If-Match` names an earlier version.
    Stale "stale" PRECONDITION_FAILED
        "This has changed since it was read" "Dit is veranderd sinds het is gelezen"
        "A fact was recorded in the meantime; `version` is the current version. Read it again. Nothing was recorded."
        "Er is intussen iets gemeld; `version` is de huidige versie. Lees het opnieuw. Er is niets vastgelegd.";
    /// A fact names an organisation or an agreement set that cannot be named there.
    WrongNames "wrong-names" CONFLICT
        "A name in the report is wrong" "Een naam in de melding klopt niet"
        "`errors` names each organisation, agreement set, lease or trajectory that cannot be named there. Nothing was recorded."
        "`errors` noemt elke organisatie, elke afsprakenset, elk contract of traject dat daar niet genoemd kan worden. Er is niets vastgelegd.";
    /// `If-None-Match: *` is missing.
    AbsenceRequired "absence-required" PRECONDITION_REQUIRED
        "A trajectory is opened under an id once" "Een traject wordt onder een nummer eenmaal geopend"
        "Send `If-None-Match: *`: the request then changes nothing if the trajectory exists already."
        "Stuur `If-None-Match: *` mee: het verzoek verandert dan niets als het traject al bestaat.";
    /// There is a trajectory with this id.
    AlreadyOpened "already-opened" PRECONDITION_FAILED
        "The trajectory exists already" "Het traject bestaat al"
        "A trajectory with this id was opened before. Nothing was recorded."
        "Een traject met dit nummer is eerder geopend. Er is niets vastgelegd.";
    /// `If-Match` names a version that this ledger never made.
    NotTheLedgerSeen "not-the-ledger-seen" PRECONDITION_FAILED
        "This ledger never had that version" "Het register is niet dat wat is gezien"
        "No tag in `If-Match` is one of this ledger: it was restored to an earlier state since, or the tag is weak (`W/`) or was changed on its way. Read it again and send its `ETag` as it is. Nothing was recorded."
        "Geen tag in `If-Match` is van dit register: het is sindsdien teruggezet naar een eerdere stand, of de tag is zwak (`W/`) of onderweg veranderd. Lees opnieuw en stuur de `ETag` ongewijzigd mee. Er is niets vastgelegd.";
    /// The organisation has this case number on another trajectory.
    ReferenceTaken "reference-taken" CONFLICT
        "Your organisation has this case number on another trajectory" "Uw organisatie heeft dit zaaknummer al bij een ander traject"
        "`trajectoryId` is that trajectory; without it, you no longer have access to it. Report on it instead, or give another number. Nothing was recorded."
        "`trajectoryId` is dat traject; zonder dat veld hebt u er geen toegang meer toe. Meld daar, of geef een ander nummer. Er is niets vastgelegd.";
    /// The key was used with another request.
    KeyReused "idempotency-key-reused" CONFLICT
        "This idempotency key belongs to another request" "Deze idempotentiesleutel hoort bij een ander verzoek"
        "The same program sent this `Idempotency-Key` with another request before. Nothing was recorded."
        "Hetzelfde programma heeft deze `Idempotency-Key` eerder met een ander verzoek verstuurd. Er is niets vastgelegd.";
    /// Other reports kept being recorded first.
    Crowded "crowded" SERVICE_UNAVAILABLE
        "Others keep reporting on the same" "Anderen melden steeds op hetzelfde"
        "Nothing was recorded. Try again in a moment." "Er is niets vastgelegd. Probeer het zo opnieuw.";
    /// The database cannot be reached, or the answer took too long.
    Unavailable "unavailable" SERVICE_UNAVAILABLE
        "The ledger could not answer in time" "Het register kon niet op tijd antwoorden"
        "Try again in a moment. Whether a report was recorded is not known: repeat it with the same `Idempotency-Key`, and the response shows it."
        "Probeer het zo opnieuw. Of een melding is vastgelegd is niet bekend: herhaal haar met dezelfde `Idempotency-Key`, dan zegt het antwoord het.";
    /// The ledger was restored from a backup and is not confirmed yet.
    RestoredCopy "restored-copy" SERVICE_UNAVAILABLE
        "This is a restored copy of the ledger" "Dit is een teruggezette kopie van het register"
        "It answers reads of single trajectories and lists, but records, signs and sends nothing until its operator confirms that it is the real ledger. Nothing was recorded. Keep what you report and send it again later, with the same `Idempotency-Key`."
        "Zij beantwoordt het lezen van trajecten en lijsten, en neemt, ondertekent en verstuurt niets tot de beheerder bevestigt dat zij het echte register is. Er is niets vastgelegd. Bewaar wat u meldt en stuur het later opnieuw, met dezelfde `Idempotency-Key`.";
    /// What the database holds is not what was recorded.
    RecordAltered "record-altered" INTERNAL_SERVER_ERROR
        "The stored record is not what was recorded" "Wat hier is opgeslagen is niet wat er is vastgelegd"
        "The database holds something else than what was recorded or signed. It is not shown, and nothing is recorded on top of it, until the operator has looked. The operator finds what differs under the id in `instance`."
        "In de database staat iets anders dan wat is vastgelegd of ondertekend. Het wordt niet getoond en er wordt niets bij vastgelegd tot de beheerder heeft gekeken. De beheerder vindt wat er verschilt onder het nummer in `instance`.";
    /// Something that should not happen.
    Internal "internal" INTERNAL_SERVER_ERROR
        "Something went wrong here" "Er ging hier iets mis"
        "The request is not the cause. The operator finds what happened under the id in `instance`."
        "Het ligt niet aan het verzoek. De beheerder vindt wat er gebeurde onder het nummer in `instance`.";
    /// The HTTP itself was wrong.
    BadRequest "bad-request" BAD_REQUEST
        "The request cannot be read" "Het verzoek is niet te lezen"
        "The request is not HTTP that this server can read." "Het verzoek is geen HTTP zoals deze server het leest.";
}
