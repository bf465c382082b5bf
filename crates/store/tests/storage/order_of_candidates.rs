//! The order of candidates once more, in SQL, written from the text of the rule (`docs/DOMAIN.md` §12 and
//! `docs/AGREEMENTS.md`, `order`) and not from the program: 200 generated lists, the same order.

use std::collections::BTreeMap;

use crate::story::*;
use omklap_domain::agreements::AgreementSets;
use omklap_domain::allocation::VacancyOpened;
use omklap_domain::allocation::weigh::{
    CandidateList, Counts, DEFAULT_ORDER, HomeNeeds, OffersSoFar, RefusedHome, Seeker, weigh,
};
use omklap_domain::day::Day;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::fact::OutflowProfileSet;
use serde_json::{Value, json};
use uuid::Uuid;

const LISTS: u64 = 200;
const ON: &str = "2026-03-02";

/// First who meets every condition, then who has to be asked something, then who fails one; then who needs
/// access or quiet, if the home has it; then who is ready longer; then whose home was requested earlier; a
/// day that is not known comes last; then the lot: SHA-256 of both ids.
const ORDER: &str = "
    WITH home AS (
        SELECT * FROM jsonb_to_recordset($1) AS home (list int, vacancy uuid, available date, municipality text, rent int,
            access int, quiet boolean, least int, most int, models text[], nuisance boolean)
    ), client AS (
        SELECT * FROM jsonb_to_recordset($2) AS client (list int, trajectory uuid, ready date, expected date, requested date,
            has_profile boolean, rent_limit int, access int, quiet_needed boolean, excluded text[], partly_excluded text[],
            persons int, more boolean, offers_left boolean, refused boolean)
    ), weighed AS (
        SELECT client.list, trajectory, vacancy, ready, requested,
            ARRAY[
                CASE WHEN ready IS NOT NULL THEN ready <= greatest(available, $3::date)
                     WHEN expected <= greatest(available, $3::date) THEN NULL ELSE false END,
                CASE WHEN has_profile THEN client.access = 0 OR home.access >= client.access END,
                CASE WHEN has_profile THEN rent <= rent_limit END,
                CASE WHEN has_profile THEN CASE WHEN municipality = ANY (excluded) THEN false
                     WHEN municipality = ANY (partly_excluded) THEN NULL ELSE true END END,
                CASE WHEN has_profile AND most IS NOT NULL THEN CASE WHEN most < persons THEN false
                     WHEN more THEN NULL ELSE persons >= least END END,
                models && $4::text[], offers_left, NOT nuisance, NOT refused
            ] AS conditions,
            has_profile AND (client.access > 0 AND coalesce(home.access >= client.access, false)
                             OR quiet_needed AND coalesce(quiet, false)) AS needs_what_is_scarce
        FROM client JOIN home USING (list)
    )
    SELECT list, trajectory FROM weighed ORDER BY list,
        CASE WHEN false = ANY (conditions) IS TRUE THEN 3
             WHEN array_position(conditions, NULL) IS NOT NULL THEN 2 ELSE 1 END,
        needs_what_is_scarce DESC, ready NULLS LAST, requested NULLS LAST,
        sha256(uuid_send(vacancy) || uuid_send(trajectory))";

#[tokio::test]
async fn a_query_written_from_the_rule_puts_200_lists_in_the_same_order() {
    let (story, sets) = (Story::begins().await, AgreementSets::shipped());
    let set = sets.of_region(&code("noord-limburg")).expect("a set that ships");
    assert_eq!(set.matching.order, DEFAULT_ORDER);
    let mut draw = Draw(7);
    let (mut homes, mut clients, mut expected) = (Vec::new(), Vec::new(), BTreeMap::new());
    for list in 0..LISTS {
        let (home, as_a_row) = draw.home(list);
        homes.push(as_a_row);
        let mut weighed = Vec::new();
        for _ in 0..=draw.below(30) {
            let (seeker, as_a_row) = draw.client(list, &home);
            clients.push(as_a_row);
            weighed.push((seeker.trajectory, weigh(&home, &seeker, Counts::default(), set, code(ON))));
        }
        let listed = CandidateList::of(weighed, code(ON), code("2026-03-02T09:00:00Z"));
        expected.insert(list, listed.places.into_iter().map(|(id, _)| id).collect::<Vec<_>>());
    }
    let models = serde_json::to_value(&set.contract_models).expect("codes");
    let models: Vec<String> = serde_json::from_value(models).expect("texts");
    let day: Day = code(ON);
    let query = sqlx::query_as::<_, (i32, Uuid)>(ORDER).bind(json!(homes)).bind(json!(clients));
    let query = query.bind(jiff_sqlx::Date::from(day.date())).bind(models);
    let mut ordered: BTreeMap<u64, Vec<TrajectoryId>> = BTreeMap::new();
    for (list, id) in query.fetch_all(story.database.pool()).await.expect("ordered") {
        ordered.entry(u64::try_from(list).expect("a number")).or_default().push(TrajectoryId(id));
    }
    assert_eq!(ordered, expected);
}

// The words of this test.

/// Numbers that are the same at each run.
struct Draw(u64);

impl Draw {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    fn one_in(&mut self, many: u64) -> bool {
        self.below(many) == 0
    }

    fn one_of<T: Clone>(&mut self, values: &[T]) -> T {
        values[usize::try_from(self.below(values.len() as u64)).expect("small")].clone()
    }

    /// A day of this month; few, so that many clients have the same one.
    fn day(&mut self, month: u64) -> Value {
        if self.one_in(4) { Value::Null } else { json!(format!("2026-{month:02}-{:02}", 1 + self.below(4))) }
    }

    /// A home, and the same as the query reads it.
    fn home(&mut self, list: u64) -> (VacancyOpened, Value) {
        let id = Uuid::from_u128(0x7ac0_0000 + u128::from(list));
        let accesses =
            [None, Some(("any-floor", 0)), Some(("ground-floor-or-lift", 1)), Some(("wheelchair", 2))];
        let (access, quiet) = (self.one_of(&accesses), self.one_of(&[None, Some(true), Some(false)]));
        let persons = if self.one_in(4) { None } else { Some((1 + self.below(2), 2 + self.below(3))) };
        let model = self.one_of(&["three-party", "own", "temporary", "intermediary"]);
        let (rent, nuisance) = (60_000 + 1_000 * self.below(20), self.one_in(8));
        let mut home = json!({
            "unit": "VHE-1", "municipality": "0983", "availableFrom": "2026-05-01", "certain": true, "rentCents": rent,
            "contractModels": [model], "nuisanceOnFile": nuisance
        });
        let known = [
            ("access", access.map(|(access, _)| json!(access))),
            ("quiet", quiet.map(|quiet| json!(quiet))),
            ("persons", persons.map(|(min, max)| json!({"min": min, "max": max}))),
        ];
        for (field, value) in known {
            home[field] = value.unwrap_or_default();
        }
        home.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
        let opened = json!({
            "occurredOn": "2026-02-02", "vacancyId": id, "corporation": "antares", "region": "noord-limburg",
            "home": home
        });
        let row = json!({
            "list": list, "vacancy": id, "available": "2026-05-01", "municipality": "0983", "rent": rent,
            "access": access.map(|(_, reach)| reach), "quiet": quiet, "least": persons.map(|(min, _)| min),
            "most": persons.map(|(_, max)| max), "models": [model], "nuisance": nuisance
        });
        (serde_json::from_value(opened).expect("a vacancy"), row)
    }

    /// A client, and the same as the query reads it.
    fn client(&mut self, list: u64, home: &VacancyOpened) -> (Seeker, Value) {
        let id = Uuid::from_u128(u128::from(self.below(u64::MAX >> 33)) << 64 | u128::from(self.0));
        let month = 4 + self.below(3);
        let (ready, expected, requested) = (self.day(2), self.day(month), self.day(2));
        let access = self.one_of(&[("any-floor", 0), ("ground-floor-or-lift", 1), ("wheelchair", 2)]);
        let household =
            self.one_of(&[("single", 1, false), ("couple", 2, false), ("with-children", 2, true)]);
        let (limit, quiet, offers_left) = (60_000 + 1_000 * self.below(25), self.one_in(2), !self.one_in(5));
        let (excluded, partly) = (self.one_in(8), self.one_in(6));
        let (has_profile, refused) = (!self.one_in(6), self.one_in(6));
        let area = |part: bool| {
            let mut area = json!({"municipality": "0983", "reason": "x"});
            if part {
                area["neighbourhood"] = json!("the centre");
            }
            area
        };
        let areas: Vec<_> =
            [excluded.then(|| area(false)), partly.then(|| area(true))].into_iter().flatten().collect();
        let profile = json!({
            "occurredOn": "2026-01-05", "profile": "p1", "household": household.0, "municipalityOfOrigin": "0983",
            "preferredAreas": [], "excludedAreas": areas, "rentLimitCents": limit, "access": access.0,
            "quietNeeded": quiet, "pets": false, "guidanceLevel": 2, "reachAtNight": false,
            "financialSupport": false, "assessor": "u-1", "clientAgreed": true, "validFrom": "2026-01-05"
        });
        let profile: OutflowProfileSet = serde_json::from_value(profile).expect("a profile");
        let (corporation, unit) = (home.corporation.clone(), home.home.unit.clone());
        let day = |day: &Value| day.as_str().map(code);
        let seeker = Seeker {
            trajectory: TrajectoryId(id),
            ready_on: day(&ready),
            expected_on: day(&expected),
            requested_on: day(&requested),
            profile: has_profile.then(|| HomeNeeds::of(&profile)),
            reach_at_night: None,
            assigned_to: None,
            offers: OffersSoFar { used: u8::from(!offers_left), ..OffersSoFar::default() },
            refused: refused
                .then_some(RefusedHome { corporation, unit: Some(unit), complex: None })
                .into_iter()
                .collect(),
            tests: Vec::new(),
        };
        let here = |is: bool| if is { vec!["0983"] } else { Vec::new() };
        let row = json!({
            "list": list, "trajectory": id, "ready": ready, "expected": expected, "requested": requested,
            "has_profile": has_profile, "rent_limit": limit, "access": access.1, "quiet_needed": quiet,
            "excluded": here(excluded), "partly_excluded": here(partly), "persons": household.1,
            "more": household.2, "offers_left": offers_left, "refused": refused
        });
        (seeker, row)
    }
}
