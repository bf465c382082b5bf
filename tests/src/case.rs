//! One case and the steps that journeys take in it.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;
use omklap_domain::visibility::Role;
use serde_json::Value;

use crate::{Answer, Api, Request, SampleFact, Team, shown_fact};

/// A trajectory in the ledger, with the day on which the next fact happens.
#[derive(Clone, Debug)]
pub struct Case {
    api: Api,
    /// The trajectory's id.
    pub id: String,
    /// The version after the latest report of this case. Reports by others do not change it.
    pub version: u64,
    /// The entity tag of that version, for `If-Match`.
    pub etag: String,
    /// The partners that work on the case.
    pub partners: Team,
    /// The body of the answer to the latest report.
    pub answer: Value,
    next: Date,
}

impl Case {
    pub(crate) fn opened(api: Api, answer: &Answer, facts: &Value, on: Date) -> Self {
        let id = answer.body["trajectoryId"].as_str().expect("an id").to_owned();
        let partners = Team::default();
        let mut case =
            Self { api, id, version: 0, etag: String::new(), partners, answer: Value::Null, next: on };
        case.recorded(facts, answer);
        case
    }

    /// The same case on another server of the ledger, or on one that was restarted at another
    /// address.
    #[must_use]
    pub fn on_server(&self, api: &Api) -> Self {
        Self { api: api.clone(), ..self.clone() }
    }

    /// The path of the trajectory.
    #[must_use]
    pub fn path(&self) -> String {
        format!("/v1/trajectories/{}", self.id)
    }

    /// The path on which facts are reported and read.
    #[must_use]
    pub fn events(&self) -> String {
        format!("{}/events", self.path())
    }

    /// The fact as JSON, dated on the next day of this case.
    #[must_use]
    pub fn next(&self, fact: impl Into<SampleFact>) -> Value {
        fact.into().happening(self.next)
    }

    /// A request that reports these facts, by a partner that may report them, based on this case's
    /// version.
    #[must_use]
    pub fn reporting(&self, facts: &Value) -> Request {
        let recorded = || self.timeline().iter().map(|entry| shown_fact(entry).clone()).collect();
        let reporter = self.partners.reporter(&self.id, facts, recorded);
        let request = self.api.post(&self.events()).as_viewer(&reporter);
        request.seen(&self.etag).json(facts)
    }

    /// The answer to a viewer in this role who reads a path.
    #[must_use]
    pub fn read_by(&self, role: Role, path: &str) -> Answer {
        self.api.get(path).as_viewer(&self.partners.viewer(role, &self.id)).answer()
    }

    /// Updates the version to the present one, after reports by others.
    pub fn read_again(&mut self) {
        let answer = self.read_by(Role::CareProvider, &self.path()).with_status(200);
        self.update_version(&answer);
    }

    /// Updates the version to the one in an answer.
    pub fn update_version(&mut self, answer: &Answer) {
        self.version = answer.body["version"].as_u64().expect("a version");
        answer.header("etag").expect("a tag").clone_into(&mut self.etag);
    }

    /// The answer to a viewer in this role who tries to report a fact, without recording it.
    #[must_use]
    pub fn dry_run_by(&self, role: Role, fact: &Value) -> Answer {
        let request = self.api.post(&format!("{}?dryRun=true", self.events()));
        request.as_viewer(&self.partners.viewer(role, &self.id)).seen("*").json(fact).answer()
    }

    /// Reports a fact and asserts that it is admitted. The next fact happens a day later.
    #[track_caller]
    pub fn reports(&mut self, fact: impl Into<SampleFact>) -> &mut Self {
        let fact = self.next(fact);
        let answer = self.reporting(&fact).answer().with_status(201);
        self.recorded(&fact, &answer);
        self
    }

    /// Reports several facts, each a day after the one before.
    #[track_caller]
    pub fn reports_all<'t>(&mut self, facts: impl IntoIterator<Item = &'t str>) -> &mut Self {
        for fact in facts {
            self.reports(fact);
        }
        self
    }

    /// Reports a fact and asserts that exactly these rules refuse it, and that nothing changes.
    #[track_caller]
    pub fn refuses<'c>(
        &mut self,
        fact: impl Into<SampleFact>,
        rules: impl IntoIterator<Item = &'c str>,
    ) -> &mut Self {
        let fact = self.next(fact);
        let answer = self.reporting(&fact).answer().with_status(409);
        assert_eq!(answer.problem(), "not-admitted", "{}", answer.text);
        assert_eq!(answer.codes(), rules.into_iter().collect::<BTreeSet<_>>(), "{}", answer.text);
        assert_eq!(self.state()["version"], self.version, "a refusal writes nothing");
        self
    }

    /// Asserts that the latest report led to this phase.
    #[track_caller]
    pub fn leads_to(&mut self, phase: &str) -> &mut Self {
        assert_eq!(self.answer["phase"], phase);
        assert_eq!(self.state()["phase"], phase);
        self
    }

    /// Asserts that the case ended with this outcome.
    #[track_caller]
    pub fn ends_as(&mut self, outcome: &str) -> &mut Self {
        self.leads_to("ended").has("/outcome", outcome)
    }

    /// Asserts that the state has this value at this pointer.
    #[track_caller]
    pub fn has(&mut self, pointer: &str, value: impl Into<Value>) -> &mut Self {
        let state = self.state();
        assert_eq!(state.pointer(pointer), Some(&value.into()), "{pointer} in {state:#}");
        self
    }

    /// Asserts that the state has nothing at this pointer.
    #[track_caller]
    pub fn has_no(&mut self, pointer: &str) -> &mut Self {
        let state = self.state();
        assert_eq!(state.pointer(pointer), None, "{pointer} in {state:#}");
        self
    }

    /// The next fact happens some months later.
    pub fn months_later(&mut self, months: i64) -> &mut Self {
        self.next += months.months();
        self
    }

    /// The next fact happens some days later, or earlier if `days` is negative.
    pub fn days_later(&mut self, days: i64) -> &mut Self {
        self.next += days.days();
        self
    }

    /// The next fact happens on this day.
    pub fn on(&mut self, day: &str) -> &mut Self {
        self.next = day.parse().expect("a day");
        self
    }

    /// The day on which the next fact happens.
    #[must_use]
    pub fn day(&self) -> Date {
        self.next
    }

    /// The present state, as the care provider reads it.
    #[track_caller]
    #[must_use]
    pub fn state(&self) -> Value {
        self.read_by(Role::CareProvider, &self.path()).with_status(200).body
    }

    /// The state on this day.
    #[must_use]
    pub fn state_on(&self, day: &str) -> Answer {
        self.read_by(Role::CareProvider, &format!("{}?validOn={day}", self.path()))
    }

    /// The state as it was known at this instant.
    #[must_use]
    pub fn known_at(&self, instant: &str) -> Answer {
        self.read_by(Role::CareProvider, &format!("{}?knownAt={instant}", self.path()))
    }

    /// All recorded facts, as the care provider reads them.
    #[must_use]
    pub fn timeline(&self) -> Vec<Value> {
        let mut entries = Vec::new();
        let mut next = Some(format!("{}?limit=500", self.events()));
        while let Some(path) = next {
            let page = self.read_by(Role::CareProvider, &path).with_status(200);
            entries.extend(page.body["items"].as_array().expect("a page has items").clone());
            next = page.next();
        }
        entries
    }

    #[track_caller]
    fn recorded(&mut self, facts: &Value, answer: &Answer) {
        self.partners.update_from(facts);
        self.update_version(answer);
        assert!(self.etag.starts_with(&format!("\"{}-", self.version)), "{}", self.etag);
        assert_eq!(answer.header("location"), Some(self.path().as_str()));
        self.answer = answer.body.clone();
        self.next = self.next.tomorrow().expect("a day within the calendar");
    }
}
