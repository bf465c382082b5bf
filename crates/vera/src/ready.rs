//! Who is ready for a home, as VERA sees it: `Kandidaat`, `Voorrangsregeling` and its profile.

use omklap_domain::allocation::{Vacancy, VacancyOpened};
use omklap_domain::day::Day;
use omklap_domain::ids::{LeaseId, TrajectoryId, UnitId};
use omklap_domain::trajectory::Fact;
use omklap_domain::trajectory::fact::{Access, OutflowProfileSet};
use serde_json::{Value, json};

use crate::codes::CodeList;
use crate::keys::{CaseKey, UnitUris};
use crate::lease::leases;
use crate::publication::status_codes;
use crate::written::{Written, reference};

/// A candidate for a vacancy, to write.
#[derive(Clone, Copy, Debug)]
pub struct CandidateWritten<'a> {
    /// The case.
    pub trajectory: TrajectoryId,
    /// The vacancy.
    pub vacancy: &'a VacancyOpened,
    /// Whether no hard check says no.
    pub eligible: bool,
}

impl CandidateWritten<'_> {
    /// The message. `positie` is left out: a rank that is handed on without its reasons decides (ADR 44).
    /// One who is not eligible has no status: `AFG` would say that somebody rejected the client.
    #[must_use]
    pub fn message(&self, uris: &UnitUris) -> Written {
        let vacancy = self.vacancy.vacancy_id;
        let written = Written::default()
            .text("id", &CaseKey { trajectory: self.trajectory, part: vacancy.0 })
            .named("publicatie", &vacancy)
            .text("eenheid", &uris.unit(&self.vacancy.home.unit));
        if self.eligible { written.code("status", CodeList::CandidateStatus, "POT") } else { written }
    }
}

/// The priority of a client and the homes that it is for, to write.
#[derive(Clone, Copy, Debug)]
pub struct PriorityWritten<'a> {
    /// The case.
    pub trajectory: TrajectoryId,
    /// When the client was ready.
    pub since: Option<Day>,
    /// The outflow profile, as far as the reader sees it.
    pub profile: Option<&'a OutflowProfileSet>,
}

impl PriorityWritten<'_> {
    /// The `Voorrangsregeling`. `UIT` itself reveals that a client comes from an institution: the caller
    /// writes it for the nominated corporation only, and no more after the flip.
    #[must_use]
    pub fn message(&self) -> Written {
        let written = Written::default()
            .text("id", &self.trajectory)
            .code("soort", CodeList::PriorityKind, "URG")
            .code("detailSoort", CodeList::PriorityDetailKind, "UIT");
        let written = match self.since {
            Some(day) => written.day_as_instant("begindatum", day),
            None => written,
        };
        if self.profile.is_some() { written.named("profiel", &self.trajectory) } else { written }
    }

    /// The `VoorrangsregelingProfiel`, if there is a profile.
    #[must_use]
    pub fn profile(&self) -> Option<Written> {
        let profile = self.profile?;
        // A whole number of euros: rounded down, so that no home above the limit fits.
        let euros = i64::from(profile.rent_limit_cents) / 100;
        let labels = labels(profile.access);
        let labels = labels.iter().map(|label| reference(CodeList::AccessLabel, label));
        let labels = Some(labels.collect::<Vec<Value>>()).filter(|labels| !labels.is_empty());
        let written = Written::default().text("id", &self.trajectory).with("maximumBrutoHuur", json!(euros));
        Some(written.with("toegankelijkheidslabels", labels.map(Value::from)))
    }
}

/// The labels of the homes that a client can enter. None if any home will do.
fn labels(access: Access) -> &'static [&'static str] {
    match access {
        Access::AnyFloor => &[],
        Access::GroundFloorOrLift => &["NUL", "ROA", "ROL", "RUI"],
        Access::Wheelchair => &["ROL", "RUI"],
    }
}

impl Written {
    /// A vacancy as a `Publicatie`, if it was opened.
    #[must_use]
    pub fn publication(vacancy: &Vacancy, uris: &UnitUris) -> Option<Self> {
        let opened = vacancy.opened.as_ref()?;
        let (status, detail) = status_codes(vacancy.status);
        let written = Self::default()
            .text("id", &opened.vacancy_id)
            .code("status", CodeList::PublicationStatus, status)
            .code("model", CodeList::PublicationModel, "DIS")
            .code("detailModel", CodeList::PublicationDetailModel, "OMK")
            .code("overeenkomstsoort", CodeList::AgreementKind, "HUU")
            .day_as_instant("begindatum", opened.occurred_on)
            .day_as_instant("opleverdatum", opened.home.available_from)
            .with("aantalEenheden", json!(1))
            .with("eenheden", json!([uris.unit(&opened.home.unit)]))
            .with("code", opened.home.reference.as_ref().map(|code| json!(code.as_str())));
        Some(match detail {
            Some(detail) => written.code("detailStatus", CodeList::PublicationDetailStatus, detail),
            None => written,
        })
    }

    /// The leases that a fact begins or ends, as `Huurovereenkomst`: at a flip two, the old one first.
    #[must_use]
    pub fn leases(
        trajectory: TrajectoryId,
        fact: &Fact,
        old: Option<LeaseId>,
        unit: Option<&UnitId>,
        uris: &UnitUris,
    ) -> Vec<Self> {
        leases(trajectory, fact, old, (uris, unit))
    }
}
