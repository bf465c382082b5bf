//! The words for the codes of the ledger. A new phase, party or role does not compile without its
//! word.

use omklap_domain::trajectory::Phase;
use omklap_domain::trajectory::fact::Party;
use omklap_domain::visibility::Role;

use crate::language::Language;

/// A phase.
pub fn phase(phase: Phase, language: Language) -> &'static str {
    let (dutch, english) = match phase {
        Phase::Unopened => ("Nog niet begonnen", "Not begun"),
        Phase::Preparing => ("Voorbereiding", "Preparing"),
        Phase::Ready => ("Woonklaar", "Ready"),
        Phase::Matching => ("Matching", "Matching"),
        Phase::Offered => ("Aangeboden", "Offered"),
        Phase::Contracting => ("Contract", "Contract"),
        Phase::Housed => ("Wonend", "Housed"),
        Phase::FollowUp => ("Nazorg", "Follow-up"),
        Phase::Ended => ("Afgerond", "Ended"),
    };
    language.of_two(dutch, english)
}

/// A party.
pub fn party(party: Party, language: Language) -> &'static str {
    let (dutch, english) = match party {
        Party::Client => ("cliënt", "client"),
        Party::CareProvider => ("zorgaanbieder", "care provider"),
        Party::HousingCorporation => ("corporatie", "corporation"),
        Party::Municipality => ("gemeente", "municipality"),
        Party::MatchingPoint => ("transferpunt", "matching point"),
    };
    language.of_two(dutch, english)
}

/// Several parties, as an enumeration.
pub fn parties(of: &[Party], language: Language) -> String {
    of.iter().map(|of| party(*of, language)).collect::<Vec<_>>().join(", ")
}

/// A role.
pub fn role(role: Role, language: Language) -> &'static str {
    let (dutch, english) = match role {
        Role::Client => ("Cliënt", "Client"),
        Role::Guide => ("Begeleider", "Guide"),
        Role::CareProvider => ("Zorgaanbieder", "Care provider"),
        Role::NuisanceDesk => ("Overlastmeldpunt", "Nuisance desk"),
        Role::HousingCorporation => ("Corporatie", "Corporation"),
        Role::NuisanceOfficer => ("Overlastconsulent", "Nuisance officer"),
        Role::MatchingPoint => ("Transferpunt", "Matching point"),
        Role::Municipality => ("Gemeente", "Municipality"),
        Role::WmoConsultant => ("Wmo-consulent", "Wmo consultant"),
        Role::Auditor => ("Auditor", "Auditor"),
    };
    language.of_two(dutch, english)
}
