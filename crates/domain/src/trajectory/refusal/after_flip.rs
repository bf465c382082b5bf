//! The follow-up, and a return to sheltered housing.

macro_rules! after_flip_refusals {
    ([$next:ident $($rest:ident)*] $($before:tt)*) => {
        $next! { [$($rest)*] $($before)*
            /// A check is held once.
            FollowUpCheckAlreadyHeld "follow-up-check-already-held" "/month"
                "This check has already been held." "Deze check is al gedaan.";
            /// The set says how long before its month a check may be held.
            CheckTooEarly "check-too-early" "/month"
                "It is too early for the check of this month." "Voor de check van deze maand is het te vroeg.";
            /// One contact is one check.
            CheckOfALaterMonth "check-of-a-later-month" "/month"
                "On this day the check is that of a later month." "Op deze dag is het de check van een latere maand.";
            /// The set says how long the follow-up takes.
            FollowUpNotOver "follow-up-not-over" "/outcome"
                "The follow-up is not over yet." "De nazorgperiode is nog niet voorbij.";
            /// Some outcomes do not fit the phase.
            OutcomeDoesNotFit "outcome-does-not-fit" "/outcome"
                "This outcome does not fit the current phase." "Deze uitkomst past niet bij de huidige fase.";
            /// A client who was never housed cannot return.
            NeverHoused "never-housed" ""
                "The client was never housed." "De cliënt heeft nooit een woning gehad.";
            /// The id of a request is used once, and one request is open at a time.
            ReturnAlreadyRequested "return-already-requested" "/requestId"
                "A request to return is already open, or the id was used before." "Er staat al een terugkeerverzoek open, of het nummer is al gebruikt.";
            /// The fact names another request than the open one.
            ReturnNotRequested "return-not-requested" "/requestId"
                "No such request to return is open." "Dit terugkeerverzoek staat niet open.";
            /// (S2 Assen)
            ReturnNotGranted "return-not-granted" ""
                "A return requires a light Wmo test that granted it." "Terugkeer volgt op een lichte Wmo-toets die dat toestaat.";
            /// A client who has died does not return.
            ClientDeceased "client-deceased" ""
                "The client has died." "De cliënt is overleden.";
        }
    };
}
pub(super) use after_flip_refusals;
