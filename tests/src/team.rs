//! The partners that work on a case, taken from its facts, and the partner that reports a fact.

use std::collections::BTreeSet;

use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::{Fact, History};
use omklap_domain::visibility::{Ground, NotTheirs, Role, Viewer, may_report};
use serde_json::Value;

/// The partners of a case.
#[derive(Clone, Debug)]
pub struct Team {
    /// The provider of the guidance.
    pub care_provider: String,
    /// The corporation that was named last.
    pub corporation: String,
    /// The municipality in charge.
    pub municipality: String,
    /// The region of the case.
    pub region: String,
    /// Where the case goes, if that was proposed: the terms on the wire.
    pub proposed: Option<Value>,
}

impl Default for Team {
    fn default() -> Self {
        Self {
            care_provider: "de-vaart".to_owned(),
            corporation: "stadswonen".to_owned(),
            municipality: "gemeente-amsterdam".to_owned(),
            region: "amsterdam".to_owned(),
            proposed: None,
        }
    }
}

impl Team {
    /// Updates the partners with those that a fact, or a list of facts, names.
    pub fn update_from(&mut self, facts: &Value) {
        if let Some(facts) = facts.as_array() {
            return facts.iter().for_each(|fact| self.update_from(fact));
        }
        match facts["type"].as_str() {
            Some("region-transfer-proposed") => self.proposed = Some(facts["to"].clone()),
            Some("region-transfer-refused") => self.proposed = None,
            Some("region-transfer-accepted") => {
                self.proposed = None;
                return self.takes_over(&facts["to"]);
            }
            _ => {}
        }
        // The municipality of an offer or a profile is a place, not a partner.
        let names_partners = ["intake-registered", "running-case-taken-over", "trajectory-transferred"];
        let names_partners = names_partners.iter().any(|kind| facts["type"] == *kind);
        let named = |field: &str| facts[field].as_str().map(str::to_owned);
        if let Some(corporation) = named("corporation") {
            self.corporation = corporation;
        }
        if names_partners {
            self.takes_over(facts);
        }
    }

    fn takes_over(&mut self, named: &Value) {
        let named = |field: &str| named[field].as_str().map(str::to_owned);
        self.care_provider = named("careProvider").unwrap_or_else(|| self.care_provider.clone());
        self.municipality = named("municipality").unwrap_or_else(|| self.municipality.clone());
        self.region = named("region").unwrap_or_else(|| self.region.clone());
    }

    /// The team of the other region, which answers a proposal.
    fn receiver(&self) -> Self {
        let mut receiver = self.clone();
        if let Some(to) = &self.proposed {
            receiver.takes_over(to);
        }
        receiver
    }

    /// A viewer in this role, for the case with this id.
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

    /// The viewer that reports these facts: the care provider if it may, otherwise the first role
    /// that may. If no role may, or if the facts are invalid, it is the care provider.
    #[must_use]
    pub fn reporter(&self, id: &str, facts: &Value, recorded: impl FnOnce() -> Vec<Value>) -> Viewer {
        let facts = facts.as_array().cloned().unwrap_or_else(|| vec![facts.clone()]);
        let answers = |fact: &Value| {
            ["region-transfer-accepted", "region-transfer-refused"]
                .contains(&fact["type"].as_str().unwrap_or_default())
        };
        if facts.iter().all(answers) {
            return self.receiver().viewer(Role::CareProvider, id);
        }
        let read = |facts: Vec<Value>| {
            facts.into_iter().map(serde_json::from_value).collect::<Result<Vec<Fact>, _>>()
        };
        let corrects = facts.iter().any(|fact| fact["type"] == "event-corrected");
        let Ok(facts) = read(facts) else { return self.viewer(Role::CareProvider, id) };
        let history = if corrects { read(recorded()).unwrap_or_default() } else { Vec::new() };
        let (history, trajectory) =
            (History::from(history), id.parse().unwrap_or(TrajectoryId(uuid::Uuid::nil())));
        // Without the history it is unknown which corporation is a party; the ledger decides that.
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
