//! Facts on the way to the flip.

macro_rules! flip_refusals {
    ([$next:ident $($rest:ident)*] $($before:tt)*) => {
        $next! { [$($rest)*] $($before)*
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
        }
    };
}
pub(super) use flip_refusals;
