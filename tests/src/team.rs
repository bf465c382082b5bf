//! Who works on a case, as its facts tell it, and which of them reports a fact.

use std::collections::BTreeSet;

use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::{Fact, History};
use omklap_domain::visibility::{Ground, NotTheirs, Role, Viewer, may_report};
use serde_json::Value;

/// The partners of a case.
#[derive(Clone, Debug)]
pub struct Team {
    /// The provider that guides.
    pub care_provider: String,
    /// The corporation that was named last.
    pub corporation: String,
    /// The municipality that directs.
    pub municipality: String,
    /// The region they share.
    pub region: String,
}

impl Default for Team {
    fn default() -> Self {
        Self {
            care_provider: "de-vaart".to_owned(),
            corporation: "stadswonen".to_owned(),
            municipality: "gemeente-amsterdam".to_owned(),
            region: "amsterdam".to_owned(),
        }
    }
}

impl Team {
    /// Takes in what a fact, or a list of facts, says of them.
    pub fn hear(&mut self, facts: &Value) {
        if let Some(facts) = facts.as_array() {
            return facts.iter().for_each(|fact| self.hear(fact));
        }
        // The municipality of an offer or a profile is a place, not a partner.
        let names_partners = ["intake-registered", "running-case-taken-over", "trajectory-transferred"];
        let names_partners = names_partners.iter().any(|kind| facts["type"] == *kind);
        let said = |field: &str| facts[field].as_str().map(str::to_owned);
        if let Some(corporation) = said("corporation") {
            self.corporation = corporation;
        }
        if names_partners {
            self.care_provider = said("careProvider").unwrap_or_else(|| self.care_provider.clone());
            self.municipality = said("municipality").unwrap_or_else(|| self.municipality.clone());
            self.region = said("region").unwrap_or_else(|| self.region.clone());
        }
    }

    /// Somebody in this role, on the case with this id.
    #[must_use]
    pub fn viewer(&self, role: Role, id: &str) -> Viewer {
        let organisation = match role {
            Role::Guide | Role::CareProvider | Role::NuisanceDesk | Role::Client => &self.care_provider,
            Role::HousingCorporation | Role::NuisanceOfficer => &self.corporation,
            Role::Municipality | Role::WmoConsultant => &self.municipality,
            Role::MatchingPoint => &"transferpunt".to_owned(),
            Role::Auditor => &"toezicht".to_owned(),
        };
        Viewer {
            role,
            organisation: organisation.parse().expect("a code"),
            regions: BTreeSet::from([self.region.parse().expect("a code")]),
            trajectory: id.parse().ok(),
        }
    }

    /// The role in which these facts are reported: the provider's where it may, else the first that may. What nobody may
    /// report, and what is written wrong, the provider tries.
    #[must_use]
    pub fn reporter(&self, id: &str, facts: &Value, recorded: impl FnOnce() -> Vec<Value>) -> Viewer {
        let facts = facts.as_array().cloned().unwrap_or_else(|| vec![facts.clone()]);
        let read = |facts: Vec<Value>| {
            facts.into_iter().map(serde_json::from_value).collect::<Result<Vec<Fact>, _>>()
        };
        let corrects = facts.iter().any(|fact| fact["type"] == "event-corrected");
        let Ok(facts) = read(facts) else { return self.viewer(Role::CareProvider, id) };
        let history = if corrects { read(recorded()).unwrap_or_default() } else { Vec::new() };
        let (history, trajectory) =
            (History::from(history), id.parse().unwrap_or(TrajectoryId(uuid::Uuid::nil())));
        // Without the history, which corporation is party to what is for the ledger to say.
        let of_a_party = |fact: &NotTheirs| {
            !corrects && matches!(fact.ground, Ground::NotPartyToTheLease(_) | Ground::NotPartyToTheOffer(_))
        };
        let may = |role: &Role| {
            let refused = may_report(&self.viewer(*role, id), trajectory, &history, &facts);
            refused.err().is_none_or(|facts| facts.iter().all(of_a_party))
        };
        let first = [
            Role::CareProvider,
            Role::HousingCorporation,
            Role::MatchingPoint,
            Role::WmoConsultant,
            Role::Client,
        ];
        self.viewer(first.into_iter().find(may).unwrap_or(Role::CareProvider), id)
    }
}
