//! What any fact can be refused for.

macro_rules! general_refusals {
    ([$next:ident $($rest:ident)*] $($before:tt)*) => {
        $next! { [$($rest)*] $($before)*
            /// The table of phases does not admit it (`docs/DOMAIN.md` §3.2).
            NotAdmittedInPhase "not-admitted-in-phase" "/type"
                "This cannot be reported in the current phase." "Dit kan in de huidige fase niet worden gemeld.";
            /// `occurredOn` is after today.
            OccurredInTheFuture "occurred-in-the-future" "/occurredOn"
                "The date is in the future." "Het is nog niet gebeurd: de datum ligt in de toekomst.";
            /// `occurredOn` is before the intake.
            OccurredBeforeIntake "occurred-before-intake" "/occurredOn"
                "The date is before the intake." "De datum ligt vóór de intake.";
            /// A date inside the fact is later than the day on which it happened.
            DateAfterTheFact "date-after-the-fact" ""
                "A date in the fact is later than the day on which the fact happened." "Een datum in het feit ligt na de dag waarop het gebeurde.";
            /// A date inside the fact must not be earlier than the day on which it happened.
            DateBeforeTheFact "date-before-the-fact" ""
                "A date that must be in the future is earlier than the day on which the fact happened." "Een datum die nog moest komen, ligt vóór de dag waarop het gebeurde.";
            /// No such set or version.
            AgreementSetUnknown "agreement-set-unknown" "/agreementSet"
                "There is no agreement set with this name and version." "Er is geen afsprakenset met deze naam en versie.";
        }
    };
}
pub(super) use general_refusals;
