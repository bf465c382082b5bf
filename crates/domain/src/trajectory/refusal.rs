//! Why a fact is refused: one name per rule, with a code that never changes.

mod table;

use std::fmt;

use table::refusals;

refusals! {
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

    /// (S2)
    NoOutflowProfile "no-outflow-profile" ""
        "No outflow profile was set." "Er is geen uitstroomprofiel vastgesteld.";
    /// A client with profile `p0` needs time or other care, not a home.
    ProfileFitsNoHome "profile-fits-no-home" ""
        "With profile p0 a client is not nominated: no home fits yet." "Met profiel p0 wordt een cliënt niet voorgedragen: er past nog geen woning.";
    /// The profile decides where the client will live.
    ProfileNotAgreedByClient "profile-not-agreed-by-client" ""
        "A client is not nominated with a profile that the client did not agree to." "Een cliënt wordt niet voorgedragen met een profiel waarmee de cliënt niet instemde.";
    /// (S2)
    ReadinessNotConfirmed "readiness-not-confirmed" ""
        "Readiness was not confirmed." "De cliënt is niet woonklaar verklaard.";
    /// A client who lives in a dwelling is past readiness.
    LivesInADwelling "lives-in-a-dwelling" ""
        "The client already lives in a dwelling." "De cliënt woont al in een woning.";
    /// (S4)
    CorporationNotAssigned "corporation-not-assigned" "/corporation"
        "This corporation was not assigned to the case." "Deze corporatie is niet aan de zaak toegewezen.";
    /// (S0, S4)
    AssignerNotAgreed "assigner-not-agreed" "/assignedBy"
        "By this agreement set, another party assigns the corporation." "Volgens deze afsprakenset wijst een andere partij de corporatie toe.";
    /// (S0)
    NuisanceOnFile "nuisance-on-file" "/nuisanceOnFile"
        "A dwelling with a nuisance file cannot be offered." "Een woning met een overlastdossier wordt niet aangeboden.";
    /// (P)
    OfferNotAgreedByBoth "offer-not-agreed-by-both" "/agreedBy"
        "Care provider and corporation must both agree to an offer." "Zorgaanbieder en corporatie stemmen allebei in met een aanbieding.";
    /// (P)
    OfferAlreadyMade "offer-already-made" ""
        "The client has already had the offer; another one must be granted first." "De cliënt heeft de aanbieding al gehad; een volgende moet eerst worden toegekend.";
    /// The id of an offer is used once.
    OfferIdTaken "offer-id-taken" "/offerId"
        "This offer id was used before." "Dit aanbiedingsnummer is al gebruikt.";
    /// The fact names another offer than the open one.
    OfferNotOpen "offer-not-open" "/offerId"
        "This is not the offer that is open." "Dit is niet de aanbieding die openstaat.";
    /// The answer came too late.
    OfferExpired "offer-expired" "/occurredOn"
        "The time to answer this offer has passed." "De aanbieding had eerder moeten worden beantwoord.";
    /// The client still has time to answer.
    OfferStillRuns "offer-still-runs" "/ground"
        "The client still has time to answer." "De cliënt heeft nog tijd om te antwoorden.";

    /// (S0)
    LeaseDoesNotMatchOffer "lease-does-not-match-offer" "/terms"
        "The lease must name the corporation and the dwelling of the accepted offer." "Corporatie en woning van het huurcontract zijn die van de geaccepteerde aanbieding.";
    /// The id of a lease is used once.
    LeaseIdTaken "lease-id-taken" "/terms/leaseId"
        "This lease id was used before." "Dit contractnummer is al gebruikt.";
    /// Before the move the client caused no nuisance there.
    BeforeMovingIn "before-moving-in" ""
        "The date is before the client moved in." "De datum ligt vóór de dag waarop de cliënt er kwam wonen.";
    /// (S0, D)
    RentNotAsOffered "rent-not-as-offered" "/terms/rentCents"
        "The rent of the lease must be the rent of the accepted offer." "De huur in het contract is de huur van de geaccepteerde aanbieding.";
    /// (S0)
    LeaseOfAnotherProvider "lease-of-another-provider" "/terms/careProvider"
        "The lease must name the care provider of this trajectory." "Het huurcontract noemt de zorgaanbieder van dit traject.";
    /// The region's set names the contract models that it allows.
    ContractModelNotAgreed "contract-model-not-agreed" "/type"
        "The agreement set does not allow this kind of lease." "De afsprakenset kent deze contractvorm niet.";
    /// The client must have a lease.
    NoLease "no-lease" ""
        "The client does not live under a lease." "De cliënt woont niet onder een huurcontract.";
    /// The fact names another lease than the current one.
    LeaseNotRunning "lease-not-running" "/leaseId"
        "This is not the current lease." "Dit is niet het lopende huurcontract.";
    /// Only under an intermediary lease is there a head lease.
    NoHeadLease "no-head-lease" ""
        "There is a head lease only under an intermediary lease." "Alleen bij intermediaire verhuur is er een hoofdhuurcontract.";
    /// The head tenant is the provider that guides (S0).
    NotTheProviderThatGuides "not-the-provider-that-guides" "/careProvider"
        "The head lease must be taken over by the care provider of this trajectory." "De hoofdhuur wordt overgenomen door de zorgaanbieder van dit traject.";
    /// A head lease is taken over from another provider.
    AlreadyHeadTenant "already-head-tenant" "/careProvider"
        "This care provider is already the head tenant." "Deze zorgaanbieder is al de hoofdhuurder.";
    /// Only a temporary lease is extended.
    LeaseNotTemporary "lease-not-temporary" "/leaseId"
        "Only a temporary lease can be extended." "Alleen een tijdelijk contract wordt verlengd.";
    /// (S0)
    SignatureOfTheThreeMissing "signature-of-the-three-missing" "/signedBy"
        "Client, care provider and corporation must all sign." "Cliënt, zorgaanbieder en corporatie tekenen alle drie.";
    /// (S0)
    OneOfTheThreeAbsent "one-of-the-three-absent" "/attendedBy"
        "Client, care provider and corporation must all attend." "Cliënt, zorgaanbieder en corporatie zijn er alle drie bij.";

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
    /// Only some regions have a fund (S4).
    NoGuaranteeFund "no-guarantee-fund" ""
        "By this agreement set there is no guarantee fund." "Volgens deze afsprakenset is er geen garantiefonds.";
    /// The ground says whether a damage or missed rents are named (D).
    ClaimRestsOnNothing "claim-rests-on-nothing" "/ground"
        "A claim names the damage that it rests on, or, if it is about arrears, the days on which the missed rents were due, each once." "Een beroep noemt de schade waarop het rust of, bij achterstand, de dagen waarop de gemiste huren betaald hadden moeten zijn, elk één keer.";
    /// The claim names a rent that was not missed, or that was paid since (D).
    RentNotMissed "rent-not-missed" "/rentsDueOn"
        "No unpaid rent was due on a day that the claim names." "Op een dag die het beroep noemt, was geen huur verschuldigd die nu nog openstaat.";
    /// The damage or rent did not arise under a lease that the fund backs (S4, D).
    LeaseNotCovered "lease-not-covered" ""
        "The guarantee fund does not back the lease under which this happened." "Het garantiefonds staat niet borg voor het huurcontract waaronder dit gebeurde.";
    /// A damage or a missed rent is claimed once (D).
    AlreadyClaimed "already-claimed" ""
        "This damage, or one of these rents, was claimed before." "Voor deze schade, of voor een van deze huren, is al een beroep op het fonds gedaan.";
    /// A claim is at most what it rests on (D).
    ClaimAboveLoss "claim-above-loss" "/amountCents"
        "The claim is more than the damage or the missed rents that it rests on." "Het beroep is hoger dan de schade of de gemiste huren waarop het rust.";
    /// A dwelling is cleared after the client left it (D).
    DwellingNotLeft "dwelling-not-left" "/ground"
        "The client still lives in the dwelling; it was not cleared." "De cliënt woont nog in de woning; die is niet ontruimd.";
    /// Who pays settles, not who claims (D).
    NotTheKeeper "not-the-keeper" "/settledBy"
        "By this agreement set, another party keeps the guarantee fund." "Volgens deze afsprakenset beheert een andere partij het garantiefonds.";

    /// The id of a case is used once.
    NuisanceCaseIdTaken "nuisance-case-id-taken" "/caseId"
        "This case id was used before." "Dit zaaknummer is al gebruikt.";
    /// The fact names a case that was not opened.
    NuisanceCaseUnknown "nuisance-case-unknown" "/caseId"
        "No such nuisance case was opened." "Deze overlastzaak is niet geopend.";
    /// The case is resolved or over.
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
        "Client, care provider and corporation must all agree to the approach." "De aanpak is afgesproken met cliënt en corporatie.";
    /// The approach comes before the next step.
    ApproachNotAgreed "approach-not-agreed" ""
        "No approach has been agreed yet." "Er is nog geen aanpak afgesproken.";
    /// A report is found unfounded only before there is an approach.
    ApproachAlreadyAgreed "approach-already-agreed" ""
        "The case is past level 0: it is resolved, not unfounded." "De zaak is niveau 0 voorbij: die is verholpen, niet ongegrond.";
    /// Scaling up must raise the level.
    LevelDoesNotRise "level-does-not-rise" "/toLevel"
        "The level must be higher than it was." "Het niveau is niet hoger dan het was.";
    /// One level at a time.
    LevelSkipped "level-skipped" "/toLevel"
        "Levels rise one at a time. If there is danger, the case may go to a level that the agreement set names." "Niveaus stijgen één voor één, tenzij er gevaar is; dan naar een niveau dat de afsprakenset noemt.";
    /// The client is heard first.
    ClientNotHeard "client-not-heard" "/clientHeardOn"
        "The client must be heard first." "De cliënt wordt eerst gehoord.";
    /// The hearing must be about the case.
    HeardBeforeTheReport "heard-before-the-report" "/clientHeardOn"
        "The hearing must be about this case, so it cannot be before the case was reported." "De cliënt wordt over deze zaak gehoord, dus niet voordat zij is gemeld.";
    /// The review must be about the level that the case leaves.
    ReviewedBeforeTheLevel "reviewed-before-the-level" "/reviewedOn"
        "The review must be about the current level, so it cannot be before the case reached it." "Het overleg gaat over dit niveau, dus niet voordat de zaak daar kwam.";
    /// Scaling down must lower the level, to 1 at least.
    LevelDoesNotFall "level-does-not-fall" "/toLevel"
        "The level must be lower than it was, and at least 1." "Het niveau is niet lager dan het was, of ligt onder 1.";
    /// If a lease is being ended, the case can only continue with a prevented eviction or with the end.
    LeaseIsBeingEnded "lease-is-being-ended" ""
        "The lease is being ended: report that eviction was prevented, or the end." "De huur wordt beëindigd: meld dat huisuitzetting is voorkomen, of het einde.";
    /// A warning follows scaling up, and so does the end of the lease in case of danger.
    NotScaledUp "not-scaled-up" "/caseId"
        "The case must be scaled up to level 2 first." "Dit kan pas na opschaling naar niveau 2.";
    /// A last chance follows a warning.
    NotWarned "not-warned" "/caseId"
        "A last chance must follow a warning." "Een laatste kans komt na een waarschuwing.";
    /// A warning or a notice about nuisance names the case, and no other does (D).
    GroundDoesNotFit "ground-does-not-fit" "/ground"
        "A warning or notice about nuisance must name its case; one on another ground names none." "Een waarschuwing of opzegging wegens overlast noemt de zaak; een andere noemt er geen.";
    /// A warning on another ground says which (D).
    ExplanationMissing "explanation-missing" "/explanation"
        "A warning on another ground must explain it." "Een waarschuwing op een andere grond legt die uit.";
    /// The provider warns before the flip, the corporation after it.
    NotTheLandlord "not-the-landlord" "/by"
        "Only the landlord can warn: the party that the client rents from." "De verhuurder waarschuwt: degene van wie de cliënt huurt.";
    /// The quiet period must pass first.
    QuietPeriodNotOver "quiet-period-not-over" "/occurredOn"
        "The quiet period is not over." "De rustperiode is niet voorbij.";

    /// (P, D)
    NotEnoughWarnings "not-enough-warnings" ""
        "A lease can only be ended after as many warnings as the agreement set requires, far enough apart, on the same ground and under this lease and landlord; or if there is danger." "De huur wordt beëindigd na zoveel waarschuwingen als de afsprakenset vraagt, ver genoeg uit elkaar, op dezelfde grond en van deze verhuurder onder dit contract; of bij gevaar.";
    /// (P, D)
    NoLastChance "no-last-chance" "/caseId"
        "A lease can only be ended for nuisance after a last chance, or if there is danger." "De huur wordt wegens overlast pas beëindigd na een laatste kans, of bij gevaar.";
    /// (P, D)
    NoSignedAgreements "no-signed-agreements" ""
        "There are no signed living agreements on file." "Er zijn geen getekende woonafspraken.";
    /// A lease is ended once.
    TerminationAlreadyStarted "termination-already-started" ""
        "The lease is already being ended." "De huur wordt al beëindigd.";
    /// Without a termination there is no eviction to prevent, and no outcome `evicted`.
    NoTerminationStarted "no-termination-started" ""
        "No termination of this lease was started." "Er is geen beëindiging van deze huur gestart.";

    /// (S2 Venray)
    RepaidAboveAdvance "repaid-above-advance" "/amountCents"
        "The municipality did not advance this much of the first rent, or it was paid back before." "De gemeente heeft niet zoveel van de eerste huur voorgeschoten, of het is al terugbetaald.";

    /// (P, D)
    NoticeTooShort "notice-too-short" "/noticeUntil"
        "The term of notice is shorter than the agreement set allows." "De opzegtermijn is korter dan de afsprakenset toestaat.";
    /// (D)
    NoticeNotOver "notice-not-over" "/occurredOn"
        "The term of notice is not over." "De opzegtermijn is nog niet voorbij.";
    /// (P, D)
    NoEvictionOrder "no-eviction-order" ""
        "No court has ordered the eviction." "Er is geen ontruimingsvonnis.";
    /// A lease ends by agreement if the client and the landlord agree (D).
    ClientOrLandlordDidNotSign "client-or-landlord-did-not-sign" "/signedBy"
        "Client and landlord must both sign: the party that the client rents from." "Cliënt en verhuurder tekenen allebei.";
    /// The placement of a client with a lease ends with the client, or after a notice (D).
    LeaseEndNotAgreed "lease-end-not-agreed" ""
        "The client lives under a lease. Client and landlord must have agreed that it ends by this day; otherwise the rules of an eviction apply." "De cliënt heeft een huurcontract. Cliënt en verhuurder zijn het eens dat het op deze dag is geëindigd; anders gelden de regels voor huisuitzetting.";

    /// A lease that is the client's own from the first day does not flip (D).
    LeaseIsOwn "lease-is-own" ""
        "The lease is in the client's own name already." "Het contract staat al op naam van de cliënt.";
    /// The id of a flip talk is used once.
    FlipTalkIdTaken "flip-talk-id-taken" "/talkId"
        "This talk id was used before." "Dit gespreksnummer is al gebruikt.";
    /// (S0)
    NoFlipTalkHeld "no-flip-talk-held" ""
        "No flip talk was held, or the flip was postponed or cancelled after it." "Er is geen omklapgesprek gevoerd, of de omklap is daarna uitgesteld of geannuleerd.";
    /// A position belongs to the latest talk.
    NotTheLatestTalk "not-the-latest-talk" "/talkId"
        "This is not the latest flip talk." "Dit is niet het laatste omklapgesprek.";
    /// Only client, care provider and corporation decide on the flip.
    PartyHasNoPosition "party-has-no-position" "/party"
        "Only client, care provider and corporation take a position." "Alleen cliënt, zorgaanbieder en corporatie geven een standpunt.";
    /// A party that does not agree must give a reason.
    ReasonMissing "reason-missing" "/reason"
        "A party that does not agree must give a reason." "Wie niet akkoord is, zegt waarom.";
    /// (S0)
    FlipConditionsNotSet "flip-conditions-not-set" ""
        "No flip conditions were set at the start." "Er zijn bij de start geen omklapvoorwaarden vastgelegd.";
    /// Progress is about one of the conditions that were set (S0).
    NoSuchFlipCondition "no-such-flip-condition" "/kind"
        "No flip condition of this kind was set." "Er is geen omklapvoorwaarde van deze soort vastgelegd.";
    /// (S0)
    FlipNotAgreedByAllThree "flip-not-agreed-by-all-three" ""
        "Client, care provider and corporation have not all agreed after the latest talk." "Niet alle drie de partijen zijn akkoord op grond van het laatste gesprek.";
    /// (S2 Den Haag)
    NewRentNotDisclosed "new-rent-not-disclosed" ""
        "The new rent has not been shown to the client since the latest flip talk." "De cliënt heeft de nieuwe huur na het laatste omklapgesprek niet gezien.";
    /// (S2 Den Haag, D)
    RentNotAsDisclosed "rent-not-as-disclosed" "/rentCents"
        "The rent must be the rent that was last shown to the client." "De huur is de huur die de cliënt het laatst heeft gezien.";
    /// (D)
    NotOnTheApprovedDay "not-on-the-approved-day" "/occurredOn"
        "The contract must flip on the day that the corporation approved, or within the days around it that the agreement set names." "Het contract klapt om op de dag die de corporatie heeft goedgekeurd, of binnen de dagen daaromheen die de afsprakenset noemt.";
    /// (D)
    NuisanceCaseOpen "nuisance-case-open" ""
        "A nuisance case is open at a level that blocks the flip." "Er is een overlastzaak open op een niveau dat de omklap tegenhoudt.";
    /// (S1)
    AftercareNotAgreed "aftercare-not-agreed" ""
        "No aftercare was agreed." "Er is geen waakvlam afgesproken.";
    /// (D)
    FlipNotApproved "flip-not-approved" ""
        "The corporation has not approved the flip." "De corporatie heeft de omklap niet goedgekeurd.";
    /// (D)
    ArrearsWithoutPlan "arrears-without-plan" ""
        "There are arrears and no plan covers them." "Er is een huurachterstand zonder regeling.";
    /// (D)
    PlacedElsewhere "placed-elsewhere" ""
        "The client is placed elsewhere for a while." "De cliënt is tijdelijk elders geplaatst.";
    /// (D)
    LeasesDoNotMeet "leases-do-not-meet" ""
        "The client's own lease must start on the flip date, and the old leases must end on that day or the day before." "Op de omklapdatum begint het eigen contract; de oude contracten eindigen die dag of de dag ervoor.";

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

    /// A transfer must name a new partner.
    TransferToNobody "transfer-to-nobody" ""
        "A transfer must name the new care provider, the new municipality, or both." "Een overdracht noemt de nieuwe zorgaanbieder, de nieuwe gemeente, of allebei.";
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

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.in_english())
    }
}
