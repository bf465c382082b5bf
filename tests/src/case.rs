//! One case, as the journeys tell it.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;
use omklap_domain::visibility::Role;
use serde_json::Value;

use crate::{Answer, Api, Request, Team, Told};

/// A trajectory in the ledger, and the day on which the next fact happens.
#[derive(Clone, Debug)]
pub struct Case {
    api: Api,
    /// Its id.
    pub id: String,
    /// Its version, as far as this case's own reports know.
    pub version: u64,
    /// The tag of that version, for `If-Match`.
    pub etag: String,
    /// Who works on it.
    pub partners: Team,
    /// What the latest report was answered with.
    pub answer: Value,
    next: Date,
}

impl Case {
    pub(crate) fn begun(api: Api, answer: &Answer, told: &Value, on: Date) -> Self {
        let id = answer.body["trajectoryId"].as_str().expect("an id").to_owned();
        let partners = Team::default();
        let mut case =
            Self { api, id, version: 0, etag: String::new(), partners, answer: Value::Null, next: on };
        case.recorded(told, answer);
        case
    }

    /// The same case, in a ledger that was started again at another address.
    #[must_use]
    pub fn asked_at(&self, api: &Api) -> Self {
        Self { api: api.clone(), ..self.clone() }
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> String {
        format!("/v1/trajectories/{}", self.id)
    }

    /// Where facts are reported and read.
    #[must_use]
    pub fn events(&self) -> String {
        format!("{}/events", self.path())
    }

    /// The fact as it is on the wire, happening on the day that comes next.
    #[must_use]
    pub fn next(&self, fact: impl Into<Told>) -> Value {
        fact.into().happening(self.next)
    }

    /// The request that reports this, by a partner who may, resting on the version that this case knows.
    #[must_use]
    pub fn reporting(&self, facts: &Value) -> Request {
        let recorded = || self.timeline().iter().map(|entry| entry["fact"].clone()).collect();
        let reporter = self.partners.reporter(&self.id, facts, recorded);
        let request = self.api.post(&self.events()).spoken_by(&reporter);
        request.seen(&self.etag).telling(facts)
    }

    /// What somebody in this role is answered at a path.
    #[must_use]
    pub fn read_by(&self, role: Role, path: &str) -> Answer {
        self.api.get(path).spoken_by(&self.partners.viewer(role, &self.id)).answer()
    }

    /// Takes in the version that others made since.
    pub fn read_again(&mut self) {
        let answer = self.read_by(Role::CareProvider, &self.path()).with_status(200);
        self.is_at(&answer);
    }

    /// Takes in the version that an answer names.
    pub fn is_at(&mut self, answer: &Answer) {
        self.version = answer.body["version"].as_u64().expect("a version");
        answer.header("etag").expect("a tag").clone_into(&mut self.etag);
    }

    /// What somebody in this role is answered who tries to report this.
    #[must_use]
    pub fn tried_by(&self, role: Role, fact: &Value) -> Answer {
        let tried = self.api.post(&format!("{}?dryRun=true", self.events()));
        tried.spoken_by(&self.partners.viewer(role, &self.id)).seen("*").telling(fact).answer()
    }

    /// One more fact, which is admitted; the next one happens a day later.
    #[track_caller]
    pub fn reports(&mut self, fact: impl Into<Told>) -> &mut Self {
        let fact = self.next(fact);
        let answer = self.reporting(&fact).answer().with_status(201);
        self.recorded(&fact, &answer);
        self
    }

    /// Several more facts, each on the day after the one before.
    #[track_caller]
    pub fn reports_all<'t>(&mut self, facts: impl IntoIterator<Item = &'t str>) -> &mut Self {
        for fact in facts {
            self.reports(fact);
        }
        self
    }

    /// One more fact, which is refused for exactly these rules and changes nothing.
    #[track_caller]
    pub fn refuses<'c>(
        &mut self,
        fact: impl Into<Told>,
        rules: impl IntoIterator<Item = &'c str>,
    ) -> &mut Self {
        let fact = self.next(fact);
        let answer = self.reporting(&fact).answer().with_status(409);
        assert_eq!(answer.problem(), "not-admitted", "{}", answer.text);
        assert_eq!(answer.codes(), rules.into_iter().collect::<BTreeSet<_>>(), "{}", answer.text);
        assert_eq!(self.standing()["version"], self.version, "a refusal writes nothing");
        self
    }

    /// The latest report led here.
    #[track_caller]
    pub fn leads_to(&mut self, phase: &str) -> &mut Self {
        assert_eq!(self.answer["phase"], phase);
        assert_eq!(self.standing()["phase"], phase);
        self
    }

    /// It has ended like this.
    #[track_caller]
    pub fn ends_as(&mut self, outcome: &str) -> &mut Self {
        self.leads_to("ended").has("/outcome", outcome)
    }

    /// This now stands here in what can be read of it.
    #[track_caller]
    pub fn has(&mut self, pointer: &str, value: impl Into<Value>) -> &mut Self {
        let standing = self.standing();
        assert_eq!(standing.pointer(pointer), Some(&value.into()), "{pointer} in {standing:#}");
        self
    }

    /// Nothing stands there.
    #[track_caller]
    pub fn has_no(&mut self, pointer: &str) -> &mut Self {
        let standing = self.standing();
        assert_eq!(standing.pointer(pointer), None, "{pointer} in {standing:#}");
        self
    }

    /// The next fact happens some months later.
    pub fn months_later(&mut self, months: i64) -> &mut Self {
        self.next += months.months();
        self
    }

    /// The next fact happens some days later, or earlier where `days` is negative.
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

    /// Where it stands.
    #[track_caller]
    #[must_use]
    pub fn standing(&self) -> Value {
        self.read_by(Role::CareProvider, &self.path()).with_status(200).body
    }

    /// Where it stood on this day.
    #[must_use]
    pub fn standing_on(&self, day: &str) -> Answer {
        self.read_by(Role::CareProvider, &format!("{}?validOn={day}", self.path()))
    }

    /// Where it stands, as it was known at this instant.
    #[must_use]
    pub fn known_at(&self, instant: &str) -> Answer {
        self.read_by(Role::CareProvider, &format!("{}?knownAt={instant}", self.path()))
    }

    /// Everything that was recorded.
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
    fn recorded(&mut self, told: &Value, answer: &Answer) {
        self.partners.hear(told);
        self.is_at(answer);
        assert!(self.etag.starts_with(&format!("\"{}-", self.version)), "{}", self.etag);
        assert_eq!(answer.header("location"), Some(self.path().as_str()));
        self.answer = answer.body.clone();
        self.next = self.next.tomorrow().expect("no journey goes that far");
    }
}
