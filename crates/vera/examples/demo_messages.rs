//! The messages of VERA that the ledger writes about the demo's stories and 300 simulated trajectories, one
//! a line, each with the file and the schema of the standard that it must match. `tests/conformance` reads
//! them.

use std::io::{BufWriter, Write, stdout};

use omklap_domain::agreements::AgreementSets;
use omklap_domain::allocation::{Vacancy, VacancyOpened, VacancyStatus, VacantHome};
use omklap_domain::day::Day;
use omklap_domain::ids::{LeaseId, OrganisationId, TrajectoryId, VacancyId};
use omklap_domain::trajectory::Fact;
use omklap_domain::trajectory::fact::{ContractModel, DwellingOffered, OutflowProfileSet};
use omklap_vera::{
    CandidateWritten, CaseKey, LeaseWritten, MatchWritten, OfferWritten, PriorityWritten, UnitUris, Written,
};
use serde_json::json;
use uuid::Uuid;

/// How many trajectories are simulated.
const SIMULATED: u64 = 300;

fn main() -> std::io::Result<()> {
    let mut out = BufWriter::new(stdout().lock());
    for story in omklap_demo::STORIES {
        let facts = story.facts.lines().filter_map(|line| serde_json::from_str(line).ok());
        Case::new(TrajectoryId(story.id)).write(&mut out, facts)?;
    }
    let sets = AgreementSets::shipped();
    for number in 0..SIMULATED {
        let id = TrajectoryId(Uuid::from_u128(number.into()));
        Case::new(id).write(&mut out, omklap_demo::history(1, number, &sets))?;
    }
    out.flush()
}

/// What was written about a case so far.
struct Case {
    trajectory: TrajectoryId,
    uris: UnitUris,
    profile: Option<OutflowProfileSet>,
    offered: Option<DwellingOffered>,
    accepted_on: Option<Day>,
    lease: Option<LeaseId>,
}

impl Case {
    fn new(trajectory: TrajectoryId) -> Self {
        let uris = UnitUris { base: "https://omklap.example/vera/v4".to_owned() };
        Self { trajectory, uris, profile: None, offered: None, accepted_on: None, lease: None }
    }

    fn write(mut self, out: &mut impl Write, facts: impl IntoIterator<Item = Fact>) -> std::io::Result<()> {
        for fact in facts {
            for (schema, written) in self.messages(&fact) {
                let file = match schema {
                    "Huurovereenkomst" => "Overeenkomsten",
                    "NatuurlijkPersoon" | "Relatierol" | "Rechtspersoon" => "Relaties",
                    // The domain of dwellings is in no file of the standard: this is the chain's form.
                    "Eenheden-Eenheid" => "WRV",
                    _ => "Woonruimteverdeling",
                };
                writeln!(out, "{}", json!({ "file": file, "schema": schema, "message": written }))?;
            }
        }
        Ok(())
    }

    fn messages(&mut self, fact: &Fact) -> Vec<(&'static str, Written)> {
        match fact {
            Fact::OutflowProfileSet(profile) => {
                self.profile = Some(profile.clone());
                self.priority()
            }
            Fact::DwellingOffered(offered) => {
                self.offered = Some(offered.clone());
                self.vacancy(offered).into_iter().chain(self.offer(None)).collect()
            }
            Fact::OfferAccepted(accepted) => {
                self.accepted_on = Some(accepted.occurred_on);
                self.offer(Some(fact)).into_iter().chain(self.matched(None)).collect()
            }
            Fact::OfferRefused(_) | Fact::OfferWithdrawn(_) => self.offer(Some(fact)),
            _ => self.leases(fact),
        }
    }

    fn priority(&self) -> Vec<(&'static str, Written)> {
        let since = self.profile.as_ref().map(|profile| profile.valid_from);
        let priority = PriorityWritten { trajectory: self.trajectory, since, profile: self.profile.as_ref() };
        let profile = priority.profile().map(|profile| ("VoorrangsregelingProfiel", profile));
        [("Voorrangsregeling", priority.message())].into_iter().chain(profile).collect()
    }

    fn offer(&self, ended_by: Option<&Fact>) -> Vec<(&'static str, Written)> {
        let Some(offered) = &self.offered else { return Vec::new() };
        let vacancy = Some(VacancyId(offered.offer_id.0));
        let offered = &DwellingOffered { vacancy, ..offered.clone() };
        let offer = OfferWritten { trajectory: self.trajectory, offered, ended_by };
        let allocation = offer.allocation(None, &self.uris).map(|written| ("Toewijzing", written));
        [("Aanbieding", offer.message(&self.uris))].into_iter().chain(allocation).collect()
    }

    /// The vacancy that the offer is of, in each of its states.
    fn vacancy(&self, offered: &DwellingOffered) -> Vec<(&'static str, Written)> {
        let opened = vacancy_of(offered);
        let candidate = CandidateWritten { trajectory: self.trajectory, vacancy: &opened, eligible: true };
        let candidate = ("Kandidaat", candidate.message(&self.uris));
        let unit = ("Eenheden-Eenheid", Written::unit(&opened.home));
        let states = VacancyStatus::ALL.map(|status| Vacancy {
            opened: Some(opened.clone()),
            status,
            ..Vacancy::default()
        });
        let publications = states.iter().filter_map(|vacancy| Written::publication(vacancy, &self.uris));
        publications.map(|written| ("Publicatie", written)).chain([candidate, unit]).collect()
    }

    fn leases(&mut self, fact: &Fact) -> Vec<(&'static str, Written)> {
        let unit = self.offered.as_ref().map(|offered| &offered.unit);
        let written = Written::leases(self.trajectory, fact, self.lease, unit, &self.uris);
        if let Some(begun) = begun(fact) {
            self.lease = Some(begun);
        }
        let matched = if written.is_empty() { Vec::new() } else { self.matched(Some(fact)) };
        written.into_iter().map(|written| ("Huurovereenkomst", written)).chain(matched).collect()
    }

    /// The people and organisations of the match, before or under the lease that a fact begins.
    fn matched(&self, begun: Option<&Fact>) -> Vec<(&'static str, Written)> {
        let (Some(offered), Some(accepted_on)) = (&self.offered, self.accepted_on) else { return Vec::new() };
        let provider: OrganisationId = "cosis".parse().expect("a code");
        let model = match begun {
            Some(Fact::HousedUnderIntermediaryLease(_)) => Some(ContractModel::Intermediary),
            _ => None,
        };
        let lease = begun.map(|_| LeaseWritten { model, care_provider: &provider, begins_on: accepted_on });
        let key = CaseKey { trajectory: self.trajectory, part: offered.offer_id.0 };
        let found = MatchWritten { key, accepted_on, name: Some("Sam de Boer"), lease };
        let roles = found.roles().into_iter().map(|role| ("Relatierol", role));
        let organisation = ("Rechtspersoon", Written::organisation(&provider, "Cosis"));
        [("NatuurlijkPersoon", found.person()), organisation].into_iter().chain(roles).collect()
    }
}

fn begun(fact: &Fact) -> Option<LeaseId> {
    match fact {
        Fact::HousedUnderIntermediaryLease(housed) => Some(housed.terms.lease_id),
        Fact::HousedUnderThreePartyLease(housed) => Some(housed.terms.lease_id),
        Fact::HousedUnderTemporaryLease(housed) => Some(housed.terms.lease_id),
        Fact::HousedUnderOwnLease(housed) => Some(housed.terms.lease_id),
        Fact::ContractFlipped(flip) => Some(flip.lease_id),
        _ => None,
    }
}

fn vacancy_of(offered: &DwellingOffered) -> VacancyOpened {
    let home: VacantHome = serde_json::from_value(json!({
        "unit": offered.unit,
        "municipality": offered.municipality,
        "availableFrom": offered.occurred_on,
        "certain": true,
        "rentCents": offered.rent_cents,
        "complex": offered.complex,
        "neighbourhood": "BU01060001",
        "access": "wheelchair",
        "kind": "apartment",
        "rooms": 2,
        "floor": 1,
        "quiet": true,
        "contractModels": ["intermediary"],
        "nuisanceOnFile": false,
        "reference": "2026/118"
    }))
    .expect("a home");
    VacancyOpened {
        occurred_on: offered.occurred_on,
        vacancy_id: VacancyId(offered.offer_id.0),
        corporation: offered.corporation.clone(),
        region: "assen".parse().expect("a code"),
        home,
    }
}
