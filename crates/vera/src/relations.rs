//! The people and organisations of a match, as VERA sees them: `NatuurlijkPersoon`, `Rechtspersoon` and
//! `Relatierol`.
//!
//! The role of somebody who guides (`AMB`) is never written: it says that a tenant needs guidance.

use omklap_domain::day::Day;
use omklap_domain::ids::{OrganisationId, TrajectoryId};
use omklap_domain::trajectory::fact::ContractModel;
use serde_json::json;

use crate::codes::CodeList;
use crate::keys::CaseKey;
use crate::written::Written;

/// The client and the provider of a match, to write.
#[derive(Clone, Debug)]
pub struct MatchWritten<'a> {
    /// The case, and the offer that the client accepted.
    pub key: CaseKey,
    /// The day on which the client accepted.
    pub accepted_on: Day,
    /// The client's name, if the reader sees it.
    pub name: Option<&'a str>,
    /// The lease under which the client lives in the dwelling, if there is one.
    pub lease: Option<LeaseWritten<'a>>,
}

/// The lease of a match, to write.
#[derive(Clone, Copy, Debug)]
pub struct LeaseWritten<'a> {
    /// Its contract model; none after the flip.
    pub model: Option<ContractModel>,
    /// The provider of the case.
    pub care_provider: &'a OrganisationId,
    /// Its first day.
    pub begins_on: Day,
}

impl MatchWritten<'_> {
    /// The client, as a `NatuurlijkPersoon`.
    #[must_use]
    pub fn person(&self) -> Written {
        Written::default()
            .text("id", &self.key.trajectory)
            .code("soort", CodeList::RelationKind, "NAT")
            .with("aanschrijfnaam", self.name.map(|name| json!(name)))
            .with("rollen", json!([{ "id": self.key.to_string() }]))
    }

    /// The roles: the client's, and that of a provider that rents the dwelling.
    #[must_use]
    pub fn roles(&self) -> Vec<Written> {
        let TrajectoryId(client) = self.key.trajectory;
        let (role, since) = match &self.lease {
            None => ("WON", self.accepted_on),
            Some(LeaseWritten { model: Some(ContractModel::Intermediary), begins_on, .. }) => {
                ("BEW", *begins_on)
            }
            Some(LeaseWritten { begins_on, .. }) => ("HUU", *begins_on),
        };
        let of_client = written_role(&self.key.to_string(), role, since).named("relatie", &client);
        let of_provider = self.lease.and_then(|lease| {
            let rents = lease.model == Some(ContractModel::Intermediary);
            let id = format!("{}.{}", self.key, lease.care_provider);
            rents.then(|| written_role(&id, "HUU", lease.begins_on).named("relatie", lease.care_provider))
        });
        [of_client].into_iter().chain(of_provider).collect()
    }
}

fn written_role(id: &str, role: &str, since: Day) -> Written {
    Written::default().text("id", &id).code("soort", CodeList::RelationRole, role).date("begindatum", since)
}

impl Written {
    /// An organisation as a `Rechtspersoon`.
    #[must_use]
    pub fn organisation(id: &OrganisationId, name: &str) -> Self {
        Self::default().text("id", id).code("soort", CodeList::RelationKind, "REC").text("naam", &name)
    }
}
