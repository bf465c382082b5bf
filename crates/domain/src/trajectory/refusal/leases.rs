//! Facts about a lease, and what client, provider and corporation do together.

macro_rules! leases_refusals {
    ([$next:ident $($rest:ident)*] $($before:tt)*) => {
        $next! { [$($rest)*] $($before)*
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
        }
    };
}
pub(super) use leases_refusals;
