//! SQL finds exactly the trajectories to which the view gives a viewer access.

use std::collections::{BTreeMap, BTreeSet};

use crate::statements::Statements;
use crate::story::{Story, code, fact, intake, new_id, opens};
use omklap_domain::agreements::AgreementSets;
use omklap_domain::day::Day;
use omklap_domain::ids::{OrganisationId, RegionId, TrajectoryId};
use omklap_domain::trajectory::Fact;
use omklap_domain::visibility::{Role, Viewer, view};
use omklap_store::read_models::seekers_listed::SeekerFilter;
use omklap_store::{Filter, Recorded, Report};
use serde_json::json;
use sqlx::Executor;

const ON: &str = "2026-02-03";

/// Sequential scans and plain index scans are switched off. The plan is then a bitmap scan whenever the
/// conditions match an index, however few rows the table has.
#[tokio::test]
async fn the_cases_of_an_organisation_are_found_by_indexes_whatever_its_role() {
    let story = Story::begins().await;
    let (statements, _counting) = Statements::counted();
    let mut owner = story.database.as_owner().await;
    let only_bitmap_scans =
        "SET enable_seqscan = off; SET enable_indexscan = off; SET plan_cache_mode = force_generic_plan";
    owner.execute(only_bitmap_scans).await.expect("settings");
    for role in Role::ALL.into_iter().filter(|role| *role != Role::Municipality) {
        let viewer = Viewer {
            role,
            organisation: code("de-vaart"),
            regions: [code("amsterdam")].into(),
            trajectory: Some(new_id()),
        };
        let _ = statements.taken();
        let filter = Filter { viewer: Some(viewer), ..Filter::default() };
        story.ledger.list(&filter, None, 100).await.expect("readable");
        let (logged, _) = statements.taken().pop().expect("one");
        let (_, statement) = logged.split_once("\n\n").expect("the whole of it");
        let parameters = (1..10).take_while(|number| statement.contains(&format!("${number}"))).count();
        let nothing = vec!["NULL"; parameters].join(", ");
        owner
            .execute(format!("PREPARE listed AS {statement}").as_str())
            .await
            .expect("it was understood before");
        let explain = format!("EXPLAIN EXECUTE listed ({nothing})");
        let plan: Vec<String> = sqlx::query_scalar(&explain).fetch_all(&mut owner).await.expect("a plan");
        let plan = plan.join("\n");
        assert!(plan.contains("Bitmap Index Scan"), "{}: {plan}", role.as_str());
        owner.execute("DEALLOCATE listed").await.expect("it is there");
    }
}

/// The steps of a life. Each prefix becomes a trajectory of its own.
fn life() -> Vec<Fact> {
    let steps = [
        json!({"type": "outflow-profile-set", "profile": "p1", "household": "single", "municipalityOfOrigin": "0983",
            "preferredAreas": [], "excludedAreas": [], "rentLimitCents": 70000, "access": "any-floor", "quietNeeded": false,
            "pets": false, "guidanceLevel": 1, "reachAtNight": false, "financialSupport": false, "assessor": "u-1",
            "clientAgreed": true, "validFrom": ON}),
        json!({"type": "readiness-confirmed", "assessor": "u-1"}),
        json!({"type": "housing-requested"}),
        json!({"type": "corporation-assigned", "corporation": "antares"}),
        json!({"type": "readiness-revoked", "reason": "not yet"}),
        json!({"type": "readiness-confirmed", "assessor": "u-1"}),
        json!({"type": "housing-requested"}),
        json!({"type": "corporation-assigned", "corporation": "wonen-limburg"}),
        json!({"type": "trajectory-transferred", "careProvider": "het-anker", "ground": "client-choice"}),
        json!({"type": "second-provider-joined", "secondProvider": "ribw", "help": "home-care"}),
        json!({"type": "region-transfer-proposed", "to": to_amsterdam(), "ground": "moved"}),
        json!({"type": "region-transfer-accepted", "to": to_amsterdam()}),
        json!({"type": "trajectory-ended", "outcome": "withdrew"}),
    ];
    let dated = steps.into_iter().map(|mut step| {
        step["occurredOn"] = ON.into();
        fact(step)
    });
    std::iter::once(intake()).chain(dated).collect()
}

fn to_amsterdam() -> serde_json::Value {
    json!({"region": "amsterdam", "agreementSet": {"id": "amsterdam-2020", "version": 1},
        "careProvider": "leger-des-heils", "municipality": "gemeente-amsterdam"})
}

/// A life that ends with an eviction and what the guarantee fund pays, from the demo cases.
fn life_to_the_end() -> Vec<Fact> {
    let case = include_str!("../../../../demo/16-ronnie-a-fire-and-the-end-of-the-lease.ndjson");
    case.lines().map(|line| fact(serde_json::from_str(line).expect("JSON"))).collect()
}

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn viewers(some: TrajectoryId) -> Vec<Viewer> {
    let organisations = [
        "de-vaart",
        "het-anker",
        "antares",
        "wonen-limburg",
        "venlo",
        "transferpunt",
        "ribw",
        "pre-wonen",
        "leger-des-heils",
    ];
    let of = |role: Role, organisation: &str, region: &str, trajectory| Viewer {
        role,
        organisation: organisation.parse::<OrganisationId>().expect("a code"),
        regions: BTreeSet::from([region.parse::<RegionId>().expect("a code")]),
        trajectory,
    };
    let each = Role::ALL.into_iter().flat_map(|role| {
        organisations.into_iter().flat_map(move |organisation| {
            ["noord-limburg", "amsterdam"].map(|region| of(role, organisation, region, Some(some)))
        })
    });
    each.chain([of(Role::Client, "de-vaart", "amsterdam", None)]).collect()
}

/// Each prefix of these lives, recorded as a trajectory of its own.
async fn every_prefix<const N: usize>(story: &Story, lives: [Vec<Fact>; N]) -> Vec<Recorded> {
    let mut recorded = Vec::new();
    for life in lives {
        for length in 1..=life.len() {
            let today = life[length - 1].occurred_on().max(day(ON));
            let report = Report { today, ..opens(new_id(), &life[..length]) };
            recorded.push(story.ledger.record(report).await.expect("admitted"));
        }
    }
    recorded
}

#[tokio::test]
async fn a_list_holds_what_the_view_says_that_one_may_know_of() {
    let story = Story::begins().await;
    let recorded = every_prefix(&story, [life(), life_to_the_end()]).await;
    for viewer in viewers(recorded[0].trajectory) {
        let known = recorded.iter().filter(|one| view(&viewer, one.trajectory, &one.history).knows());
        let known: BTreeSet<_> = known.map(|one| one.trajectory).collect();
        let filter = Filter { viewer: Some(viewer.clone()), ..Filter::default() };
        let listed = story.ledger.list(&filter, None, 100).await.expect("readable");
        let listed: BTreeSet<_> = listed.into_iter().map(|row| row.trajectory).collect();
        assert_eq!(listed, known, "{viewer:?}");
        for one in &recorded {
            let found =
                story.ledger.load_known_to(&viewer, one.trajectory).await.expect("readable").is_some();
            assert_eq!(found, known.contains(&one.trajectory), "{viewer:?}");
        }
    }
}

#[tokio::test]
async fn a_list_of_seekers_holds_what_the_view_shows_of_each() {
    let story = Story::begins().await;
    let recorded = every_prefix(&story, [life()]).await;
    let (mut most, sets) = (0, AgreementSets::shipped());
    for viewer in viewers(recorded[8].trajectory) {
        let region = viewer.regions.first().expect("it has one").clone();
        let all = SeekerFilter::all(viewer.clone(), region.clone());
        let rows = story.ledger.seekers(&all, None, 100).await.expect("readable");
        let listed: BTreeMap<_, _> = rows.iter().map(|row| (row.trajectory_id, row.seeker())).collect();
        let seen = |one: &Recorded| {
            let partners = one.history.state().partners.clone().expect("opened");
            let is_theirs = partner_in_the_list(&viewer, one) && partners.region == region;
            view(&viewer, one.trajectory, &one.history).seeker(&one.history, &sets).filter(|_| is_theirs)
        };
        let seen = recorded.iter().filter_map(|one| Some((one.trajectory, seen(one)?)));
        assert_eq!(listed, seen.collect(), "{viewer:?}");
        most = most.max(listed.len());
    }
    assert!(most > 5, "nobody lists more than {most}");
}

/// Whether the viewer is the partner for whom a seeker is listed, as `docs/DOMAIN.md` §3.11 says it.
fn partner_in_the_list(viewer: &Viewer, one: &Recorded) -> bool {
    let state = one.history.state();
    match viewer.role {
        Role::HousingCorporation | Role::NuisanceOfficer => {
            state.is_nominated && state.corporation.as_ref() == Some(&viewer.organisation)
        }
        Role::Guide | Role::CareProvider | Role::NuisanceDesk | Role::Client => {
            state.partners.as_ref().is_some_and(|partners| partners.care_provider == viewer.organisation)
        }
        _ => true,
    }
}
