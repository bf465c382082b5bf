//! Facts of the nuisance protocol.

macro_rules! nuisance_refusals {
    ([$next:ident $($rest:ident)*] $($before:tt)*) => {
        $next! { [$($rest)*] $($before)*
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
        }
    };
}
pub(super) use nuisance_refusals;
