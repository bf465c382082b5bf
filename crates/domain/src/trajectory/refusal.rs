//! Why a fact is refused: one name per rule, with a code that never changes.

mod table;

use std::fmt;

use table::refusals;

refusals! {
    /// The table of phases does not have it (`domain.md` §3.2).
    NotAdmittedInPhase "not-admitted-in-phase" "/type"
        "This cannot be reported in the present phase." "Dit kan in de huidige fase niet worden gemeld.";
    /// `occurredOn` lies after today.
    OccurredInTheFuture "occurred-in-the-future" "/occurredOn"
        "It has not happened yet: the date lies in the future." "Het is nog niet gebeurd: de datum ligt in de toekomst.";
    /// `occurredOn` lies before the intake.
    OccurredBeforeIntake "occurred-before-intake" "/occurredOn"
        "The date lies before the intake." "De datum ligt vóór de intake.";
    /// A date inside the fact lies after the day on which it happened.
    DateAfterTheFact "date-after-the-fact" ""
        "A date in the fact lies after the day on which it happened." "Een datum in het feit ligt na de dag waarop het gebeurde.";
    /// A date inside the fact should lie after the day on which it happened.
    DateBeforeTheFact "date-before-the-fact" ""
        "A date that was still to come lies before the day on which it happened." "Een datum die nog moest komen, ligt vóór de dag waarop het gebeurde.";
    /// No such set or version.
    AgreementSetUnknown "agreement-set-unknown" "/agreementSet"
        "There is no agreement set with this name and version." "Er is geen afsprakenset met deze naam en versie.";

    /// A case is taken over in a phase that one can be found in.
    PhaseCannotBeTakenOver "phase-cannot-be-taken-over" "/phase"
        "A running case is taken over as preparing, ready, matching, housed or follow-up." "Een lopende zaak wordt overgenomen als preparing, ready, matching, housed of follow-up.";
    /// A case taken over after the move has a lease and a corporation.
    LeaseMissing "lease-missing" "/lease"
        "A case that is taken over after the move names its corporation and its lease." "Een zaak die na de verhuizing wordt overgenomen, noemt de corporatie en het huurcontract.";
    /// A case taken over in follow-up names the flip.
    FlipDateMissing "flip-date-missing" "/flippedOn"
        "A case that is taken over after the flip says when the contract flipped." "Een zaak die na de omklap wordt overgenomen, vermeldt wanneer het contract is omgeklapt.";

    /// Consent that was not given cannot be withdrawn.
    ConsentNotGiven "consent-not-given" "/scope"
        "There is no consent for this to withdraw." "Hiervoor is geen toestemming gegeven die kan worden ingetrokken.";

    /// (S2)
    NoOutflowProfile "no-outflow-profile" ""
        "No outflow profile was set." "Er is geen uitstroomprofiel vastgesteld.";
    /// (S2)
    ReadinessNotConfirmed "readiness-not-confirmed" ""
        "Readiness was not confirmed." "De cliënt is niet woonklaar verklaard.";
    /// Who lives in a dwelling is past readiness.
    LivesInADwelling "lives-in-a-dwelling" ""
        "The client lives in a dwelling already." "De cliënt woont al in een woning.";
    /// (S4)
    CorporationNotAssigned "corporation-not-assigned" "/corporation"
        "This corporation was not assigned to the case." "Deze corporatie is niet aan de zaak toegewezen.";
    /// (S0)
    NuisanceOnFile "nuisance-on-file" "/nuisanceOnFile"
        "A dwelling with a nuisance file is not offered." "Een woning met een overlastdossier wordt niet aangeboden.";
    /// (P)
    OfferNotAgreedByBoth "offer-not-agreed-by-both" "/agreedBy"
        "Provider and corporation both agree to an offer." "Zorgaanbieder en corporatie stemmen allebei in met een aanbieding.";
    /// (P)
    OfferAlreadyMade "offer-already-made" ""
        "The client had the offer there is; another one must be granted first." "De cliënt heeft de aanbieding al gehad; een volgende moet eerst worden toegekend.";
    /// Offers are told apart by their id.
    OfferIdTaken "offer-id-taken" "/offerId"
        "This offer id was used before." "Dit aanbiedingsnummer is al gebruikt.";
    /// The fact names another offer than the open one.
    OfferNotOpen "offer-not-open" "/offerId"
        "This is not the offer that is open." "Dit is niet de aanbieding die openstaat.";
    /// The answer came too late.
    OfferExpired "offer-expired" "/occurredOn"
        "The offer had to be answered earlier." "De aanbieding had eerder moeten worden beantwoord.";
    /// The client still has time to answer.
    OfferStillRuns "offer-still-runs" "/ground"
        "The client still has time to answer." "De cliënt heeft nog tijd om te antwoorden.";

    /// (S0)
    LeaseDoesNotMatchOffer "lease-does-not-match-offer" "/terms"
        "Corporation and dwelling of the lease are those of the accepted offer." "Corporatie en woning van het huurcontract zijn die van de geaccepteerde aanbieding.";
    /// (S0)
    LeaseOfAnotherProvider "lease-of-another-provider" "/terms/careProvider"
        "The lease names the care provider of this trajectory." "Het huurcontract noemt de zorgaanbieder van dit traject.";
    /// The region's set says which leases it knows.
    ContractModelNotAgreed "contract-model-not-agreed" "/type"
        "The agreement set does not know this kind of lease." "De afsprakenset kent deze contractvorm niet.";
    /// A living client has a lease.
    NoLease "no-lease" ""
        "The client does not live under a lease." "De cliënt woont niet onder een huurcontract.";
    /// The fact names another lease than the one that runs.
    LeaseNotRunning "lease-not-running" "/leaseId"
        "This is not the lease that runs." "Dit is niet het lopende huurcontract.";
    /// Only a temporary lease is extended.
    LeaseNotTemporary "lease-not-temporary" "/leaseId"
        "Only a temporary lease is extended." "Alleen een tijdelijk contract wordt verlengd.";
    /// (S0)
    SignatureOfTheThreeMissing "signature-of-the-three-missing" "/signedBy"
        "Client, care provider and corporation all three sign." "Cliënt, zorgaanbieder en corporatie tekenen alle drie.";
    /// (S0)
    OneOfTheThreeAbsent "one-of-the-three-absent" "/attendedBy"
        "Client, care provider and corporation are all three there." "Cliënt, zorgaanbieder en corporatie zijn er alle drie bij.";

    /// Signals are told apart by their id.
    SignalIdTaken "signal-id-taken" "/signalId"
        "This signal id was used before." "Dit signaalnummer is al gebruikt.";
    /// The fact names a signal that was not reported.
    SignalUnknown "signal-unknown" "/signalId"
        "No such signal was reported." "Dit signaal is niet gemeld.";
    /// A signal is answered once.
    SignalAlreadyAnswered "signal-already-answered" "/signalId"
        "This signal was answered before." "Dit signaal is al beantwoord.";
    /// One cannot leave twice.
    AlreadyAway "already-away" ""
        "The client is away already." "De cliënt is al weg.";
    /// One cannot come back from nowhere.
    NotAway "not-away" ""
        "The client is not away." "De cliënt is niet weg.";

    /// Without arrears there is nothing to arrange.
    NoArrears "no-arrears" ""
        "There are no arrears." "Er is geen huurachterstand.";
    /// Damages are told apart by their id.
    DamageIdTaken "damage-id-taken" "/damageId"
        "This damage id was used before." "Dit schadenummer is al gebruikt.";
    /// The claim names a damage that was not reported.
    DamageUnknown "damage-unknown" "/damageId"
        "No such damage was reported." "Deze schade is niet gemeld.";
    /// Claims are told apart by their id.
    ClaimIdTaken "claim-id-taken" "/claimId"
        "This claim id was used before." "Dit claimnummer is al gebruikt.";
    /// The fact names a claim that is not open.
    ClaimNotOpen "claim-not-open" "/claimId"
        "No such claim is open." "Deze claim staat niet open.";
    /// The fund does not pay more than was asked.
    AwardAboveClaim "award-above-claim" "/awardedCents"
        "The fund does not award more than was claimed." "Het fonds kent niet meer toe dan is gevraagd.";

    /// Cases are told apart by their id.
    NuisanceCaseIdTaken "nuisance-case-id-taken" "/caseId"
        "This case id was used before." "Dit zaaknummer is al gebruikt.";
    /// The fact names a case that was not opened.
    NuisanceCaseUnknown "nuisance-case-unknown" "/caseId"
        "No such nuisance case was opened." "Deze overlastzaak is niet geopend.";
    /// The case is not being worked on.
    NuisanceCaseNotOpen "nuisance-case-not-open" "/caseId"
        "This nuisance case is not open." "Deze overlastzaak is niet open.";
    /// Only a resolved case is reopened or closed.
    NuisanceCaseNotResolved "nuisance-case-not-resolved" "/caseId"
        "This nuisance case is not resolved." "Deze overlastzaak is niet verholpen.";
    /// A new case follows one that is over.
    EarlierCaseNotOver "earlier-case-not-over" "/earlierCase"
        "The earlier case is unknown or not over." "De eerdere zaak is onbekend of niet afgesloten.";
    /// (P)
    ApproachNotAgreedByTheThree "approach-not-agreed-by-the-three" "/agreedBy"
        "The approach is agreed with client and corporation." "De aanpak is afgesproken met cliënt en corporatie.";
    /// First the approach, then the next step.
    ApproachNotAgreed "approach-not-agreed" ""
        "No approach was agreed yet." "Er is nog geen aanpak afgesproken.";
    /// A report is unfounded before there is an approach, not after.
    ApproachAlreadyAgreed "approach-already-agreed" ""
        "The case is past level 0: it is resolved, not unfounded." "De zaak is niveau 0 voorbij: die is verholpen, niet ongegrond.";
    /// Scaling up goes up.
    LevelDoesNotRise "level-does-not-rise" "/toLevel"
        "The level is not higher than it was." "Het niveau is niet hoger dan het was.";
    /// One level at a time.
    LevelSkipped "level-skipped" "/toLevel"
        "Levels rise one at a time, unless there is danger; then to a level that the agreement set names." "Niveaus stijgen één voor één, tenzij er gevaar is; dan naar een niveau dat de afsprakenset noemt.";
    /// The client is heard first.
    ClientNotHeard "client-not-heard" "/clientHeardOn"
        "The client is heard first." "De cliënt wordt eerst gehoord.";
    /// The hearing is about the case.
    HeardBeforeTheReport "heard-before-the-report" "/clientHeardOn"
        "The client is heard about this case, so not before it was reported." "De cliënt wordt over deze zaak gehoord, dus niet voordat zij is gemeld.";
    /// The review is of the level that is left.
    ReviewedBeforeTheLevel "reviewed-before-the-level" "/reviewedOn"
        "The review is of this level, so not before the case came to it." "Het overleg gaat over dit niveau, dus niet voordat de zaak daar kwam.";
    /// Scaling down goes down, to level 1 at least.
    LevelDoesNotFall "level-does-not-fall" "/toLevel"
        "The level is not lower than it was, or below 1." "Het niveau is niet lager dan het was, of ligt onder 1.";
    /// A lease that is being ended is saved by preventing the eviction, or not.
    LeaseIsBeingEnded "lease-is-being-ended" ""
        "The lease is being ended: report that eviction was prevented, or the end." "De huur wordt beëindigd: meld dat huisuitzetting is voorkomen, of het einde.";
    /// A warning, and an end of the lease where there is danger, follow scaling up.
    NotScaledUp "not-scaled-up" "/caseId"
        "This comes after the case was scaled up to level 2." "Dit kan pas na opschaling naar niveau 2.";
    /// A last chance follows a warning.
    NotWarned "not-warned" "/caseId"
        "A last chance comes after a warning." "Een laatste kans komt na een waarschuwing.";
    /// The provider warns before the flip, the corporation after it.
    NotTheLandlord "not-the-landlord" "/by"
        "The landlord warns: the one that the client rents from." "De verhuurder waarschuwt: degene van wie de cliënt huurt.";
    /// It must stay quiet first.
    QuietPeriodNotOver "quiet-period-not-over" "/occurredOn"
        "The quiet period is not over." "De rustperiode is niet voorbij.";

    /// (P, D)
    NotEnoughWarnings "not-enough-warnings" ""
        "A lease is ended after as many dated warnings as the agreement set asks, or where there is danger." "De huur wordt beëindigd na zoveel gedateerde waarschuwingen als de afsprakenset vraagt, of bij gevaar.";
    /// (P, D)
    NoLastChance "no-last-chance" "/caseId"
        "A lease is ended for nuisance after a last chance, or where there is danger." "De huur wordt wegens overlast pas beëindigd na een laatste kans, of bij gevaar.";
    /// (P, D)
    NoSignedAgreements "no-signed-agreements" ""
        "There are no signed living agreements on file." "Er zijn geen getekende woonafspraken.";
    /// A lease is ended once.
    TerminationAlreadyStarted "termination-already-started" ""
        "The lease is being ended already." "De huur wordt al beëindigd.";
    /// Nothing to prevent or to end with.
    NoTerminationStarted "no-termination-started" ""
        "No end of this lease was started." "Er is geen beëindiging van deze huur gestart.";

    /// Talks are told apart by their id.
    FlipTalkIdTaken "flip-talk-id-taken" "/talkId"
        "This talk id was used before." "Dit gespreksnummer is al gebruikt.";
    /// (S0)
    NoFlipTalkHeld "no-flip-talk-held" ""
        "No flip talk was held, or the flip was postponed or cancelled after it." "Er is geen omklapgesprek gevoerd, of de omklap is daarna uitgesteld of geannuleerd.";
    /// A position belongs to the latest talk.
    NotTheLatestTalk "not-the-latest-talk" "/talkId"
        "This is not the latest flip talk." "Dit is niet het laatste omklapgesprek.";
    /// The three decide.
    PartyHasNoPosition "party-has-no-position" "/party"
        "Only client, care provider and corporation take a position." "Alleen cliënt, zorgaanbieder en corporatie geven een standpunt.";
    /// Who does not agree says why.
    ReasonMissing "reason-missing" "/reason"
        "Who does not agree says why." "Wie niet akkoord is, zegt waarom.";
    /// (S0)
    FlipConditionsNotSet "flip-conditions-not-set" ""
        "No flip conditions were set at the start." "Er zijn bij de start geen omklapvoorwaarden vastgelegd.";
    /// (S0)
    FlipNotAgreedByAllThree "flip-not-agreed-by-all-three" ""
        "Not all three positions on the latest talk agree." "Niet alle drie de partijen zijn akkoord op grond van het laatste gesprek.";
    /// (S2 Den Haag)
    NewRentNotDisclosed "new-rent-not-disclosed" ""
        "The client has not seen the new rent." "De cliënt heeft de nieuwe huur niet gezien.";
    /// (D)
    NuisanceCaseOpen "nuisance-case-open" ""
        "A nuisance case is open at a level that stops the flip." "Er is een overlastzaak open op een niveau dat de omklap tegenhoudt.";
    /// (S1)
    AftercareNotAgreed "aftercare-not-agreed" ""
        "No aftercare was agreed." "Er is geen waakvlam afgesproken.";
    /// (D)
    FlipNotApproved "flip-not-approved" ""
        "The corporation has not approved the flip." "De corporatie heeft de omklap niet goedgekeurd.";
    /// (D)
    LeasesDoNotMeet "leases-do-not-meet" ""
        "On the flip date the old leases end and the own lease starts." "Op de omklapdatum eindigen de oude contracten en begint het eigen contract.";

    /// A check is held once.
    FollowUpCheckAlreadyHeld "follow-up-check-already-held" "/month"
        "This check was held before." "Deze check is al gedaan.";
    /// The set says how long a tenant is followed.
    FollowUpNotOver "follow-up-not-over" "/outcome"
        "The follow-up is not over yet." "De nazorgperiode is nog niet voorbij.";
    /// Some ends do not fit the phase.
    OutcomeDoesNotFit "outcome-does-not-fit" "/outcome"
        "This outcome does not fit the present phase." "Deze uitkomst past niet bij de huidige fase.";
    /// Who never left cannot return.
    NeverHoused "never-housed" ""
        "The client was never housed." "De cliënt heeft nooit een woning gehad.";
    /// Requests are told apart by their id, and one is open at a time.
    ReturnAlreadyRequested "return-already-requested" "/requestId"
        "A request to return is open already, or the id was used before." "Er staat al een terugkeerverzoek open, of het nummer is al gebruikt.";
    /// The fact names another request than the open one.
    ReturnNotRequested "return-not-requested" "/requestId"
        "No such request to return is open." "Dit terugkeerverzoek staat niet open.";
    /// (S2 Assen)
    ReturnNotGranted "return-not-granted" ""
        "A return follows a light Wmo test that granted it." "Terugkeer volgt op een lichte Wmo-toets die dat toestaat.";
    /// Who has died does not return.
    ClientDeceased "client-deceased" ""
        "The client has died." "De cliënt is overleden.";

    /// A transfer goes to somebody.
    TransferToNobody "transfer-to-nobody" ""
        "A transfer names the new care provider, the new municipality, or both." "Een overdracht noemt de nieuwe zorgaanbieder, de nieuwe gemeente, of allebei.";
    /// (S1)
    TwoPartiesNeeded "two-parties-needed" "/agreedBy"
        "Two different parties at least agree." "Minstens twee verschillende partijen moeten akkoord zijn.";

    /// What nobody owes cannot be set aside.
    ObligationUnknown "obligation-unknown" "/obligation"
        "No agreement set that the case is or was bound to has this obligation." "Geen afsprakenset waaraan het traject is of was gebonden heeft deze verplichting.";
    /// What nobody owes was not kept.
    KeptObligationUnknown "kept-obligation-unknown" "/alreadyKept"
        "The agreement set does not have an obligation that is said to be kept." "De afsprakenset heeft een verplichting niet die al nagekomen zou zijn.";
    /// A region works by an agreement set.
    RegionNotServed "region-not-served" "/region"
        "No agreement set of this ledger names this region." "Geen afsprakenset van dit register noemt deze regio.";

    /// There is no such fact to correct.
    CorrectedFactUnknown "corrected-fact-unknown" "/corrects"
        "This trajectory has no fact with that number." "Dit traject heeft geen feit met dat nummer.";
    /// A correction is corrected by correcting the fact again.
    CorrectionOfACorrection "correction-of-a-correction" "/corrects"
        "A correction is not corrected itself: correct the fact once more." "Een correctie wordt zelf niet gecorrigeerd: corrigeer het feit nog een keer.";
    /// A fact is replaced by a fact.
    ReplacementIsACorrection "replacement-is-a-correction" "/replacement"
        "A fact is replaced by a fact, not by a correction." "Een feit wordt vervangen door een feit, niet door een correctie.";
    /// What whoever runs the ledger did with the record is not undone by saying that it was otherwise.
    FactAboutTheRecord "fact-about-the-record" "/corrects"
        "What was done with the record itself is not corrected." "Wat met het dossier zelf is gedaan, wordt niet gecorrigeerd.";
    /// (AVG art. 18)
    AlreadyRestricted "already-restricted" "/type"
        "Processing is restricted already." "De verwerking is al beperkt.";
    /// (AVG art. 18)
    NotRestricted "not-restricted" "/type"
        "Processing is not restricted." "De verwerking is niet beperkt.";
    /// (AVG art. 17, third paragraph, e)
    LegalHoldStands "legal-hold-stands" "/type"
        "The record is under a legal hold." "Op het dossier rust een bewaarplicht.";
    /// A hold that was not placed cannot be lifted.
    NoLegalHold "no-legal-hold" "/type"
        "The record is not under a legal hold." "Op het dossier rust geen bewaarplicht.";
    /// A late fact or a correction must leave a history that can have happened.
    LaterStepWouldBreak "later-step-would-break" ""
        "With this in its place a later step could not have happened." "Als dit zo was, had een latere stap niet kunnen gebeuren.";
    /// The rules for it depend on facts that the reporter has no access to, so that trying days would date them
    /// (`docs/DOMAIN.md` §8.1).
    PastDayNotTried "past-day-not-tried" "/occurredOn"
        "In your role this can only be reported on the day it happens: on other days it depends on data that you have no access to. The care provider can report it late."
        "In uw rol kan dit alleen worden gemeld op de dag waarop het gebeurt: op andere dagen hangt het af van gegevens waar u geen toegang toe hebt. De zorgaanbieder kan het later melden.";
    /// It depends on facts that the reporter has no access to which rules are broken.
    ReasonWithheld "reason-withheld" ""
        "This cannot be recorded, for a reason that depends on data that you have no access to. The care provider can tell you more."
        "Dit kan niet worden vastgelegd, om een reden die afhangt van gegevens waar u geen toegang toe hebt. De zorgaanbieder kan u meer vertellen.";
    /// A trajectory opens once.
    NotYetOpened "not-yet-opened" "/type"
        "A trajectory starts with an intake or a running case taken over." "Een traject begint met een intake of een overgenomen lopende zaak.";
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.in_english())
    }
}
