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
