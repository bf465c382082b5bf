//! A list of candidates that is computed again for the same day and instant has the digest that it had, also if
//! the cases went on. The first time it is read from rows, and later from histories, so the two agree.

use std::collections::BTreeSet;

use crate::story::*;
use jiff::{Timestamp, ToSpan};
use omklap_domain::allocation::VacancyOpened;
use omklap_domain::day::Day;
use omklap_domain::ids::{OfferId, TrajectoryId};
use omklap_domain::trajectory::Fact;
use omklap_domain::visibility::{Role, Viewer};
use omklap_store::Report;
use omklap_store::allocation::ListAsOf;
use serde_json::{Value, json};
use uuid::Uuid;

const CASES: usize = 5;
const STEPS: usize = 45;

#[tokio::test]
async fn a_list_of_any_day_and_instant_has_the_digest_that_it_had_then() {
    let mut story = Lists::begin().await;
    let mut kept = Vec::new();
    for step in 0..STEPS {
        story.goes_on(step).await;
        for viewer in viewers() {
            let now = story.list(&viewer, Lists::today(step), None, step).await;
            let known = story.list(&viewer, Lists::today(step), Some(Lists::now(step)), step).await;
            assert_eq!(now, known, "step {step} as {:?}", viewer.role);
            kept.push((step, viewer.clone(), Lists::today(step), known));
            let yesterday = Lists::today(step).plus_days(-1);
            let earlier = story.list(&viewer, yesterday, Some(Lists::now(step)), step).await;
            kept.push((step, viewer, yesterday, earlier));
        }
    }
    let longest = kept.iter().map(|(.., (places, _))| *places).max();
    assert!(longest >= Some(3), "some lists have several places: {longest:?}");
    for (step, viewer, day, digest) in kept {
        let again = story.list(&viewer, day, Some(Lists::now(step)), STEPS).await;
        assert_eq!(again, digest, "step {step} for {day} as {:?}", viewer.role);
    }
}

// The words of this test.

struct Lists {
    story: Story,
    /// Each case, with how many steps it took.
    cases: Vec<(TrajectoryId, usize)>,
    draw: u64,
}

impl Lists {
    async fn begin() -> Self {
        let story = Story::begins().await;
        let mut lists = Self { story, cases: Vec::new(), draw: 11 };
        for number in 0..CASES {
            let id =
                TrajectoryId(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + number as u128));
            lists.story.ledger.record(opens(id, [intake()])).await.expect("admitted");
            lists.cases.push((id, 0));
        }
        lists
    }

    fn below(&mut self, most: usize) -> usize {
        self.draw = self.draw.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.draw >> 33).expect("31 bits") % most
    }

    fn now(step: usize) -> Timestamp {
        let begin: Timestamp = code("2026-03-03T09:00:00Z");
        let minutes = i64::try_from(step).expect("few") * 180;
        begin.checked_add(minutes.minutes()).expect("this year")
    }

    fn today(step: usize) -> Day {
        let date = Self::now(step).in_tz("Europe/Amsterdam").expect("known").date();
        Day::new(date.year(), date.month(), date.day()).expect("a day")
    }

    /// One case takes its next step.
    async fn goes_on(&mut self, step: usize) {
        let at = self.below(CASES);
        let rent = 55_000 + 1_000 * self.below(20);
        let (id, taken) = self.cases[at];
        let Some(next) = next(id, taken, &Self::today(step).to_string(), rent) else { return };
        let report = reports(id, [next]);
        let report = Report { recorded_at: Self::now(step), today: Self::today(step), ..report };
        self.story.ledger.record(report).await.expect("admitted");
        self.cases[at].1 += 1;
    }

    /// How many places a list has, and its digest.
    async fn list(
        &self,
        viewer: &Viewer,
        valid_on: Day,
        known_at: Option<Timestamp>,
        step: usize,
    ) -> (usize, String) {
        let ledger = &self.story.ledger;
        let set = ledger.sets().of_region(&code("noord-limburg")).expect("a set that ships");
        let as_of = ListAsOf { valid_on, known_at, now: Self::now(step) };
        let list = ledger.candidates(viewer, &home(), set, as_of).await.expect("readable");
        (list.places.len(), list.digest.to_string())
    }
}

/// What happens next in a case: up to the keys, with an offer that is refused and one that is taken.
fn next(id: TrajectoryId, taken: usize, on: &str, rent: usize) -> Option<Fact> {
    let profile = json!({
        "type": "outflow-profile-set", "occurredOn": on, "profile": "p1", "household": "single",
        "municipalityOfOrigin": "0983", "rentLimitCents": rent, "access": "any-floor", "quietNeeded": rent.is_multiple_of(2_000),
        "pets": false, "guidanceLevel": 1, "reachAtNight": false, "financialSupport": false,
        "assessor": "u-7f3a", "clientAgreed": true, "validFrom": on
    });
    let offers = [1, 2].map(|number| OfferId(Uuid::from_u128(id.0.as_u128() ^ number << 64)));
    let facts = [
        json!({"type": "outflow-announced", "expectedOn": "2026-04-01"}),
        profile.clone(),
        json!({"type": "readiness-confirmed", "assessor": "u-7f3a"}),
        json!({"type": "housing-requested"}),
        json!({"type": "corporation-assigned", "corporation": "wonen-limburg"}),
        profile,
        offer(offers[0], &format!("VHE-{rent}"), rent),
        json!({"type": "fitting-test-done", "offerId": offers[0], "result": "does-not-fit", "testedBy": "housing-corporation"}),
        json!({"type": "offer-refused", "offerId": offers[0], "ground": "rent-too-high"}),
        json!({"type": "second-offer-granted", "reason": "the rent"}),
        offer(offers[1], &format!("VHE-{id}"), rent),
        json!({"type": "offer-accepted", "offerId": offers[1]}),
        json!({
            "type": "housed-under-three-party-lease", "guaranteeFund": true,
            "terms": {"leaseId": id, "careProvider": "de-vaart", "corporation": "wonen-limburg", "unit": format!("VHE-{id}"), "rentCents": rent}
        }),
    ];
    let mut next = facts.into_iter().nth(taken)?;
    next["occurredOn"] = on.into();
    // The rent of the lease is that of its offer, which was drawn in an earlier step.
    if taken >= 10 {
        same_rent(&mut next);
    }
    Some(fact(next))
}

/// The second home has one rent.
fn same_rent(fact: &mut Value) {
    for at in ["/rentCents", "/terms/rentCents"] {
        if let Some(rent) = fact.pointer_mut(at) {
            *rent = 62_000.into();
        }
    }
}

fn offer(id: OfferId, unit: &str, rent: usize) -> Value {
    let considerations = ["wishes", "profile", "dwelling", "neighbourhood", "network", "dayActivity"]
        .map(|part| (part.to_owned(), Value::from("fits")));
    json!({
        "type": "dwelling-offered", "offerId": id, "corporation": "wonen-limburg", "unit": unit,
        "municipality": "0983", "rentCents": rent, "nuisanceOnFile": false,
        "considerations": Value::Object(considerations.into_iter().collect()),
        "agreedBy": ["care-provider", "housing-corporation"]
    })
}

fn home() -> VacancyOpened {
    let home = json!({
        "unit": "VHE-60000", "municipality": "0983", "availableFrom": "2026-05-01", "certain": true,
        "rentCents": 62_000, "access": "any-floor", "quiet": true, "persons": {"min": 1, "max": 2},
        "contractModels": ["three-party"], "nuisanceOnFile": false
    });
    let opened = json!({
        "occurredOn": "2026-02-02", "vacancyId": "7ac00001-0000-4000-8000-000000000001",
        "corporation": "wonen-limburg", "region": "noord-limburg", "home": home
    });
    serde_json::from_value(opened).expect("a vacancy")
}

fn viewers() -> [Viewer; 4] {
    let as_one = |role, organisation| Viewer {
        role,
        organisation: code(organisation),
        regions: BTreeSet::from([code("noord-limburg")]),
        trajectory: None,
    };
    [
        as_one(Role::MatchingPoint, "transferpunt"),
        as_one(Role::Auditor, "rekenkamer"),
        as_one(Role::HousingCorporation, "wonen-limburg"),
        as_one(Role::CareProvider, "de-vaart"),
    ]
}
