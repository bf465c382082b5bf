//! Facts of the profile, the nomination and the offers.

macro_rules! matching_refusals {
    ([$next:ident $($rest:ident)*] $($before:tt)*) => {
        $next! { [$($rest)*] $($before)*
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
            /// One home has one tenant (`docs/DOMAIN.md` §3.9). What holds it is named only if it is of
            /// this case.
            DwellingHeld "dwelling-held" "/unit"
                "This dwelling is let or offered already." "Deze woning is al verhuurd of aangeboden.";
            /// A place in a list is a place in the list of one vacancy.
            VacancyNotNamed "vacancy-not-named" "/vacancy"
                "A weighing is of a vacancy: name it." "Een weging hoort bij een leegkomende woning: noem die.";
            /// Who takes another client than the first says why (ADR 44).
            WhyMissing "why-missing" "/why"
                "This client was not the first in the list: say why this client gets the offer." "Deze cliënt stond niet bovenaan: zeg waarom deze cliënt de aanbieding krijgt.";
            /// An offer names a vacancy of its own corporation.
            VacancyUnknown "vacancy-unknown" "/vacancy"
                "The corporation has reported no vacancy with this id." "De corporatie heeft geen leegkomende woning met dit nummer gemeld.";
            /// What was let or withdrawn is not offered.
            VacancyClosed "vacancy-closed" "/vacancy"
                "On that day this vacancy was let or withdrawn." "Op die dag was deze leegkomende woning verhuurd of ingetrokken.";
            /// The offer and the vacancy are of one dwelling.
            UnitNotOfVacancy "unit-not-of-vacancy" "/unit"
                "The vacancy is of another dwelling." "De leegkomende woning is een andere woning.";
            /// The offer and the vacancy are of one dwelling.
            ComplexNotOfVacancy "complex-not-of-vacancy" "/complex"
                "The vacancy has another complex, or none." "De leegkomende woning heeft een ander complex, of geen.";
            /// The offer and the vacancy are of one dwelling.
            MunicipalityNotOfVacancy "municipality-not-of-vacancy" "/municipality"
                "The vacancy is in another municipality." "De leegkomende woning ligt in een andere gemeente.";
            /// The candidates were weighed with the rent of the vacancy.
            RentNotOfVacancy "rent-not-of-vacancy" "/rentCents"
                "The vacancy has another rent: report there that it changed, and weigh again." "De leegkomende woning heeft een andere huur: meld daar de wijziging, en weeg opnieuw.";
            /// A weighing is kept as the list gave it (ADR 48).
            WeighingNotOfTheList "weighing-not-of-the-list" "/weighing"
                "The list of candidates of that day and instant does not give this weighing for this client: read the list again." "De lijst van kandidaten van die dag en dat moment geeft deze weging niet voor deze cliënt: lees de lijst opnieuw.";
            /// Who passes by a list of candidates passes by the clients in it (ADR 54).
            WeighingMissing "weighing-missing" "/weighing"
                "This dwelling is reported as vacant: the offer names that vacancy and keeps the weighing of its list of candidates." "Deze woning is als leegkomend gemeld: de aanbieding noemt die melding en bewaart de weging uit de lijst van kandidaten.";
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
        }
    };
}
pub(super) use matching_refusals;
