//! Facts that end a lease.

macro_rules! ending_refusals {
    ([$next:ident $($rest:ident)*] $($before:tt)*) => {
        $next! { [$($rest)*] $($before)*
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
        }
    };
}
pub(super) use ending_refusals;
