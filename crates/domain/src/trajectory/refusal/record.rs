//! Agreements set aside, transfers, corrections, and the record itself.

macro_rules! record_refusals {
    ([$next:ident $($rest:ident)*] $($before:tt)*) => {
        $next! { [$($rest)*] $($before)*
            /// A transfer must name a new partner.
            TransferToNobody "transfer-to-nobody" ""
                "A transfer must name the new care provider, the new municipality, or both." "Een overdracht noemt de nieuwe zorgaanbieder, de nieuwe gemeente, of allebei.";
            /// A move to another region changes the region.
            NotAnotherRegion "not-another-region" "/to/region"
                "The case is already in this region." "Het traject is al in deze regio.";
            /// Only a proposed move to another region can be accepted or refused.
            NoTransferProposed "no-transfer-proposed" "/type"
                "No transfer to another region waits for an answer." "Er wacht geen overdracht naar een andere regio op antwoord.";
            /// The receiver accepts what was proposed, and nothing else.
            TransferNotAsProposed "transfer-not-as-proposed" "/to"
                "Only the transfer that was proposed last can be accepted, on its own terms." "Alleen de overdracht die het laatst is voorgesteld kan worden aanvaard, zoals zij is voorgesteld.";
            /// A second provider is another one than the provider that guides, and joins once.
            AlreadyAProvider "already-a-provider" "/secondProvider"
                "This provider already guides or helps the client." "Deze aanbieder begeleidt of helpt de cliënt al.";
            /// Only a second provider can stop.
            NotASecondProvider "not-a-second-provider" "/secondProvider"
                "This provider does not help as a second provider." "Deze aanbieder helpt niet als tweede aanbieder.";
            /// What the ledger enforces, or the set excepts, cannot be set aside.
            NeverSetAside "never-set-aside" "/obligation"
                "This obligation cannot be set aside: the ledger enforces it." "Van deze verplichting wordt niet afgeweken: het register dwingt haar af.";
            /// Only an obligation of an agreement set can be set aside.
            ObligationUnknown "obligation-unknown" "/obligation"
                "No agreement set that the case is or was bound to has this obligation." "Geen afsprakenset waaraan het traject is of was gebonden heeft deze verplichting.";
            /// Only an obligation of the agreement set can be listed as kept.
            KeptObligationUnknown "kept-obligation-unknown" "/alreadyKept"
                "The agreement set does not have an obligation that is listed as kept." "De afsprakenset heeft een verplichting niet die al nagekomen zou zijn.";
            /// A region must be named by an agreement set.
            RegionNotServed "region-not-served" "/region"
                "No agreement set of this ledger names this region." "Geen afsprakenset van dit register noemt deze regio.";

            /// There is no fact with that number to correct.
            CorrectedFactUnknown "corrected-fact-unknown" "/corrects"
                "This trajectory has no fact with that number." "Dit traject heeft geen feit met dat nummer.";
            /// To change a correction, correct the original fact again.
            CorrectionOfACorrection "correction-of-a-correction" "/corrects"
                "A correction cannot be corrected: correct the original fact again." "Een correctie wordt zelf niet gecorrigeerd: corrigeer het feit nog een keer.";
            /// A fact must be replaced by a fact.
            ReplacementIsACorrection "replacement-is-a-correction" "/replacement"
                "A fact must be replaced by a fact, not by a correction." "Een feit wordt vervangen door een feit, niet door een correctie.";
            /// A correction cannot undo what an operator of the ledger did with the record.
            FactAboutTheRecord "fact-about-the-record" "/corrects"
                "Facts about the record itself cannot be corrected." "Wat met het dossier zelf is gedaan, wordt niet gecorrigeerd.";
            /// (AVG art. 18)
            AlreadyRestricted "already-restricted" "/type"
                "Processing is already restricted." "De verwerking is al beperkt.";
            /// (AVG art. 18)
            NotRestricted "not-restricted" "/type"
                "Processing is not restricted." "De verwerking is niet beperkt.";
            /// (AVG art. 17, third paragraph, e)
            LegalHoldStands "legal-hold-stands" "/type"
                "The record is under a legal hold." "Op het dossier rust een bewaarplicht.";
            /// A hold that was not placed cannot be lifted.
            NoLegalHold "no-legal-hold" "/type"
                "The record is not under a legal hold." "Op het dossier rust geen bewaarplicht.";
            /// A late fact or a correction must leave an admissible history.
            LaterStepWouldBreak "later-step-would-break" ""
                "With this fact in its place, a later step would break a rule." "Als dit zo was, had een latere stap niet kunnen gebeuren.";
            /// The rules for this fact depend on facts that the reporter has no access to. Trying other days would
            /// disclose their dates (`docs/DOMAIN.md` §8.1).
            PastDayNotTried "past-day-not-tried" "/occurredOn"
                "In your role this can only be reported on the day it happens: on other days it depends on data that you have no access to. The care provider can report it late."
                "In uw rol kan dit alleen worden gemeld op de dag waarop het gebeurt: op andere dagen hangt het af van gegevens waar u geen toegang toe hebt. De zorgaanbieder kan het later melden.";
            /// Which rules are broken depends on facts that the reporter has no access to.
            ReasonWithheld "reason-withheld" ""
                "This cannot be recorded, for a reason that depends on data that you have no access to. The care provider can tell you more."
                "Dit kan niet worden vastgelegd, om een reden die afhangt van gegevens waar u geen toegang toe hebt. De zorgaanbieder kan u meer vertellen.";
            /// A trajectory opens once.
            NotYetOpened "not-yet-opened" "/type"
                "A trajectory must start with an intake or with a running case taken over." "Een traject begint met een intake of een overgenomen lopende zaak.";
        }
    };
}
pub(super) use record_refusals;
