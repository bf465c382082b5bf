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
            /// A damage is settled once, and not claimed afterwards (D).
            DamageAlreadySettled "damage-already-settled" "/damageId"
                "This damage has already been settled." "Deze schade is al afgehandeld.";
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
            /// (S2 Venray)
            RepaidAboveAdvance "repaid-above-advance" "/amountCents"
                "The municipality did not advance this much of the first rent, or it was paid back before." "De gemeente heeft niet zoveel van de eerste huur voorgeschoten, of het is al terugbetaald.";
        }
    };
}
pub(super) use living_refusals;
