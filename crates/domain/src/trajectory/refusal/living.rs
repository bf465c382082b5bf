//! Signals, times away, damage and the guarantee fund.

macro_rules! living_refusals {
    ([$next:ident $($rest:ident)*] $($before:tt)*) => {
        $next! { [$($rest)*] $($before)*
            /// The id of a signal is used once.
            SignalIdTaken "signal-id-taken" "/signalId"
                "This signal id was used before." "Dit signaalnummer is al gebruikt.";
            /// The fact names a signal that was not reported.
            SignalUnknown "signal-unknown" "/signalId"
                "No such signal was reported." "Dit signaal is niet gemeld.";
            /// A signal is answered once.
            SignalAlreadyAnswered "signal-already-answered" "/signalId"
                "This signal has already been answered." "Dit signaal is al beantwoord.";
            /// A client who is away cannot leave again.
            AlreadyAway "already-away" ""
                "The client is already away." "De cliënt is al weg.";
            /// A client who is not away cannot come back.
            NotAway "not-away" ""
                "The client is not away." "De cliënt is niet weg.";

            /// Without arrears there is nothing to arrange.
            NoArrears "no-arrears" ""
                "There are no arrears." "Er is geen huurachterstand.";
            /// The id of a damage is used once.
            DamageIdTaken "damage-id-taken" "/damageId"
                "This damage id was used before." "Dit schadenummer is al gebruikt.";
            /// The claim names a damage that was not reported.
            DamageUnknown "damage-unknown" "/damageId"
                "No such damage was reported." "Deze schade is niet gemeld.";
            /// The id of a claim is used once.
            ClaimIdTaken "claim-id-taken" "/claimId"
                "This claim id was used before." "Dit claimnummer is al gebruikt.";
            /// The fact names a claim that is not open.
            ClaimNotOpen "claim-not-open" "/claimId"
                "No such claim is open." "Deze claim staat niet open.";
            /// The fund does not pay more than was claimed.
            AwardAboveClaim "award-above-claim" "/awardedCents"
                "The fund cannot award more than was claimed." "Het fonds kent niet meer toe dan is gevraagd.";
            /// (S2 Venray)
            RepaidAboveAdvance "repaid-above-advance" "/amountCents"
                "The municipality did not advance this much of the first rent, or it was paid back before." "De gemeente heeft niet zoveel van de eerste huur voorgeschoten, of het is al terugbetaald.";
        }
    };
}
pub(super) use living_refusals;
