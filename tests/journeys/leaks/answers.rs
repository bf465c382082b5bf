//! The kind of every property of every answer about a case, written from `docs/DOMAIN.md` §8 for
//! these tests alone. A new property in the published API fails here until it has a kind. No answer
//! contains a property that its caller may not see.

use std::collections::{BTreeMap, BTreeSet};

use omklap_tests::{Document, Ledger};
use serde_json::Value;

/// The kinds that are no category. The twins check all of these.
///
/// - `nothing`: shows no more about a person than that there is a case, in a region and
///   municipality.
/// - `record`: who recorded or read data.
/// - `fact`: checked field by field.
/// - `obligation`: an obligation, for its own parties and for viewers who see all that starts and
///   keeps it.
/// - `follows`: derived from facts.
/// - `counted`: about many cases.
/// - `own`: the caller's own organisation gave it, and no other sees it (`own_reference.rs`).
const OTHERWISE: [&str; 7] = ["own", "nothing", "record", "fact", "obligation", "follows", "counted"];

/// The properties of the answer of each path, one kind per line. A property includes its parts,
/// except those that are listed themselves.
const PROPERTIES: [(&str, &str); 27] = [
    (
        "get /trajectories",
        "nothing items/*/trajectoryId items/*/version items/*/municipality items/*/region altered next
         own items/*/reference
         identity items/*/clientName
         course items/*/agreementSet items/*/careProvider items/*/corporation items/*/phase items/*/updatedAt
         course items/*/readyOn items/*/expectedOn",
    ),
    ("post /trajectories", RECORDED),
    ("put /trajectories/{trajectoryId}", RECORDED),
    ("put /trajectories/{trajectoryId}/reference", "own reference"),
    ("post /trajectories/{trajectoryId}/events", RECORDED),
    (
        "get /trajectories/{trajectoryId}",
        "nothing trajectoryId version withheld municipality region
         own reference
         identity client
         course admits agreementSet careProvider corporation phase openedOn readyOn endedOn outcome
         course tenancy/leaseId tenancy/contractModel tenancy/landlord tenancy/startedOn tenancy/endsOn
         course flip/flippedOn flip/aftercareAgreed
         dwelling tenancy/unit
         rent tenancy/inArrears
         guarantee-fund openClaims
         living tenancy/away tenancy/livingAgreementsSigned openSignals
         nuisance-course nuisanceCases tenancy/beingEnded
         flip flip/approved flip/conditionsSet flip/newRentDisclosed flip/positions flip/talkId
         return returnRequest
         obligation due",
    ),
    (
        "get /trajectories/{trajectoryId}/agreements",
        "nothing trajectoryId version on withheld agreements/*/withheld
         course agreementSet
         obligation agreements/*/number agreements/*/title agreements/*/obligations",
    ),
    (
        "get /trajectories/{trajectoryId}/nuisance-cases",
        "nothing trajectoryId version on withheld
         nuisance-course cases
         nuisance cases/*/kind
         obligation cases/*/next cases/*/levels/*/steps",
    ),
    (
        "get /trajectories/{trajectoryId}/follow-up",
        "nothing trajectoryId version on withheld
         course flippedOn until endedOn outcome retained checks
         guidance checks/*/held/resident",
    ),
    (
        "get /trajectories/{trajectoryId}/events",
        "nothing items/*/sequence items/*/eventId items/*/hash items/*/withheld items/*/erased items/*/mark next
         record items/*/recordedAt items/*/organisation items/*/role items/*/actor items/*/purpose items/*/correlationId
         record items/*/causationId items/*/agreementSet items/*/tokenDigest items/*/tokenId
         fact items/*/fact items/*/factInPart items/*/type",
    ),
    (
        "get /trajectories/{trajectoryId}/events/{sequence}",
        "nothing sequence eventId hash withheld erased mark
         record recordedAt organisation role actor purpose correlationId causationId agreementSet tokenDigest tokenId
         fact fact factInPart type",
    ),
    (
        "get /trajectories/{trajectoryId}/replay",
        "nothing version withheldFacts items/*/sequence items/*/eventId items/*/withheld items/*/erased next
         record items/*/recordedAt items/*/organisation items/*/role items/*/actor
         fact items/*/fact items/*/factInPart items/*/type items/*/corrected items/*/struck
         follows items/*/changes items/*/occurredOn",
    ),
    (
        "get /trajectories/{trajectoryId}/access-log",
        "nothing next
         record items",
    ),
    ("get /trajectories/{trajectoryId}/case-file", "fact "),
    // `candidates.rs` compares what each role gets.
    ("get /trajectories/{trajectoryId}/vacancies", "nothing trajectoryId on items/*/vacancy byCorporation\n         follows items/*/eligibility items/*/checks"),
    ("get /trajectories/{trajectoryId}/receipts/{hash}", "nothing trajectoryId sequence state proof"),
    (
        "get /worklist",
        "nothing items/*/trajectoryId items/*/municipality items/*/region altered counts next
         nothing homes/*/trajectoryId vacancies
         own items/*/ownReference homes/*/ownReference
         identity items/*/clientName homes/*/clientName
         course items/*/careProvider items/*/corporation items/*/phase
         dwelling homes/*/corporation homes/*/id homes/*/matter homes/*/unit homes/*/what
         obligation items/*/agreement items/*/agreementSet items/*/dueOn items/*/keptBy items/*/mine items/*/month items/*/obligation items/*/overdue
         obligation items/*/reference items/*/responsible items/*/startedBy items/*/startedOn items/*/text",
    ),
    (
        "get /feed",
        "nothing items/*/fact items/*/stream items/*/vacancy items/*/cursor items/*/eventId items/*/trajectoryId items/*/version items/*/previousVersion items/*/detailWithheld more next
         record items/*/recordedAt
         fact items/*/type items/*/entry
         course items/*/lapsed
         obligation items/*/deadline",
    ),
    (
        "get /regions/{region}/figures",
        "nothing region from to on agreementSet suppressedBelow
         counted agreements daysToKeys daysToOffer figures homes moves nuisance spread",
    ),
    (
        "get /regions/{region}/figures/years",
        "nothing items/*/region items/*/from items/*/to items/*/on items/*/agreementSet items/*/suppressedBelow
         counted items/*/agreements items/*/daysToKeys items/*/daysToOffer items/*/figures items/*/homes items/*/nuisance
         counted items/*/moves items/*/spread",
    ),
    (
        "get /regions/{region}/guarantee-fund",
        "nothing region year keeper suppressedBelow deposits depositedCents
         counted claimedCents awardedCents balanceCents",
    ),
    (
        "get /regions/{region}/outflow",
        "nothing region on suppressedBelow
         counted quarters",
    ),
    (
        "get /regions/{region}/factsheet",
        "nothing region year plan
         counted realised yearFigures yearEndSpread guaranteeFund",
    ),
    (
        "get /regions/{region}/spread",
        "nothing region on suppressedBelow
         counted residents municipalities otherMunicipalities ofUnknownPlace stuck",
    ),
    (
        "get /regions/{region}/seekers",
        "nothing items/*/trajectoryId items/*/municipality altered next
         own items/*/reference
         identity items/*/clientName
         course items/*/phase items/*/readyOn items/*/daysWaiting items/*/careProvider items/*/corporation
         course items/*/offer items/*/offersUsed
         follows items/*/expectedOn items/*/certainty
         table-talk items/*/stuck
         dwelling-profile items/*/needs
         counted counts",
    ),
    (
        "get /regions/{region}/rounds/{date}",
        "nothing round events version agenda/since agenda/unanswered agenda/more agenda/altered
         nothing agenda/homesWithoutCandidate agenda/clients/*/client/trajectoryId agenda/clients/*/client/municipality
         own agenda/clients/*/client/reference
         identity agenda/clients/*/client/clientName
         course agenda/clients/*/client/phase agenda/clients/*/client/readyOn agenda/clients/*/client/daysWaiting
         course agenda/clients/*/client/careProvider agenda/clients/*/client/corporation
         course agenda/clients/*/client/offer agenda/clients/*/client/offersUsed
         follows agenda/clients/*/client/expectedOn agenda/clients/*/client/certainty agenda/clients/*/points
         table-talk agenda/clients/*/client/stuck agenda/clients/*/daysStuck
         dwelling-profile agenda/clients/*/client/needs
         counted agenda/counts",
    ),
    (
        "get /regions/{region}/figures/{figure}/cases",
        "nothing items/*/trajectoryId next
         follows items/*/counted items/*/deceased items/*/others items/*/unknown",
    ),
];

/// The answer to a report: its own facts, and the resulting state.
const RECORDED: &str = "nothing recorded trajectoryId version withheld events receipt
     record recordedAt
     course phase admits
     dwelling-profile warnings
     obligation becameDue";

/// The properties of the answer of a path, each with its kind.
fn properties(way: &str) -> BTreeMap<&'static str, &'static str> {
    let lines = PROPERTIES.into_iter().filter(|(path, _)| *path == way).flat_map(|(_, lines)| lines.lines());
    lines
        .flat_map(|line| {
            let (kind, properties) = line.trim_start().split_once(' ').expect("a kind first");
            properties.split(' ').map(move |property| (property, kind))
        })
        .collect()
}

/// The properties of this body that the caller may not see.
pub fn leaked(way: &str, body: &Value, sight: &BTreeMap<&str, &str>) -> Vec<&'static str> {
    let hidden = properties(way).into_iter().filter(|(_, kind)| sight.get(kind) == Some(&"-"));
    hidden.map(|(property, _)| property).filter(|property| has_value(body, property)).collect()
}

/// Whether the body has a value at a property, in any element of a list.
fn has_value(body: &Value, property: &str) -> bool {
    match property.split_once('/').unwrap_or((property, "")) {
        ("", _) => !body.is_null(),
        ("*", rest) => body.as_array().into_iter().flatten().any(|one| has_value(one, rest)),
        (name, rest) => has_value(&body[name], rest),
    }
}

#[test]
fn every_property_of_every_answer_about_a_case_has_a_kind() {
    let document = Document::published(&Ledger::empty());
    let mut ways = BTreeSet::new();
    for (way, schema) in document.json_answers() {
        let (_, path) = way.split_once(' ').expect("a method first");
        let about_cases = ["/trajectories", "/worklist", "/feed", "/regions"];
        // A plan and a round are about nobody. What is counted beside a plan: `plans.rs`. The answer about
        // one round has an agenda.
        let about_nobody = ["/plans/", "/rounds/{date}/events"].iter().any(|part| path.contains(part));
        let about_nobody = about_nobody || path.ends_with("/rounds");
        if about_nobody || !about_cases.iter().any(|begins| path.starts_with(begins)) {
            continue;
        }
        let sorted = properties(&way);
        let covers = |property: &str, leaf: &str| {
            leaf == property || leaf.strip_prefix(property).is_some_and(|rest| rest.starts_with('/'))
        };
        let leaves = document.leaves(schema);
        for leaf in &leaves {
            assert!(sorted.keys().any(|property| covers(property, leaf)), "{way}: {leaf} has no kind");
        }
        for property in sorted.keys() {
            assert!(leaves.iter().any(|leaf| covers(property, leaf)), "{way} has no {property}");
        }
        ways.insert(way);
    }
    assert_eq!(ways, PROPERTIES.map(|(way, _)| way.to_owned()).into());
}

#[test]
fn every_kind_of_property_is_one_of_the_table() {
    let table = super::table::Table::read();
    for kind in PROPERTIES.into_iter().flat_map(|(way, _)| properties(way).into_values()) {
        assert!(table.rows.contains_key(kind) || OTHERWISE.contains(&kind), "{kind}");
    }
}
