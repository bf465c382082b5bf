//! Facts of the intake, and of a running case that is taken over.

macro_rules! intake_refusals {
    ([$next:ident $($rest:ident)*] $($before:tt)*) => {
        $next! { [$($rest)*] $($before)*
            /// A case is taken over only in a phase that a running case can have.
            PhaseCannotBeTakenOver "phase-cannot-be-taken-over" "/phase"
                "A running case can only be taken over as preparing, ready, matching, housed or follow-up." "Een lopende zaak wordt overgenomen als preparing, ready, matching, housed of follow-up.";
            /// A case taken over after the move has a lease and a corporation.
            LeaseMissing "lease-missing" "/lease"
                "A case that is taken over after the move must name its corporation and its lease." "Een zaak die na de verhuizing wordt overgenomen, noemt de corporatie en het huurcontract.";
            /// A case taken over in follow-up names the flip.
            FlipDateMissing "flip-date-missing" "/flippedOn"
                "A case that is taken over after the flip must give the date of the flip." "Een zaak die na de omklap wordt overgenomen, vermeldt wanneer het contract is omgeklapt.";

            /// Consent that was not given cannot be withdrawn.
            ConsentNotGiven "consent-not-given" "/scope"
                "No consent for this was given that could be withdrawn." "Hiervoor is geen toestemming gegeven die kan worden ingetrokken.";
        }
    };
}
pub(super) use intake_refusals;
