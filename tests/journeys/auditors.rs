//! An auditor reads, replays and checks proofs, reports nothing, and is logged like everybody else.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use omklap_domain::visibility::Role;
use omklap_tests::{Answer, Case, Ledger, sample_fact};
use serde_json::Value;
use sha2::{Digest, Sha256};

type Hash = [u8; 32];

/// `who_reports.rs` tests that an auditor reports no fact of any kind; this is the other way to
/// report.
#[test]
fn an_auditor_opens_no_case_either_whatever_the_token_grants() {
    let ledger = Ledger::empty();
    let case = ledger.preparing();
    let auditor = case.partners.viewer(Role::Auditor, &case.id);
    let history = Value::Array(vec![
        sample_fact("intake-registered").happening(case.day()),
        sample_fact("case-discussed").happening(case.day()),
    ]);
    let opening = ledger.post("/v1/trajectories").as_viewer(&auditor);
    let scopes = "trajectories:read trajectories:report trajectories:import audit:read";
    let answer = opening.with_scopes(scopes).json(&history).answer().with_status(403);
    assert_eq!(answer.problem(), "not-yours-to-report");
    let partners = ledger.get("/v1/organisations").as_viewer(&auditor).answer();
    assert_eq!(partners.status, 200, "every partner may look up the others");
    assert!(!partners.text.contains("\"clients\""), "their programs are for administrators");
}

#[test]
fn a_replay_marks_corrected_steps() {
    let ledger = Ledger::empty();
    let (case, _) = corrected_case(&ledger);
    let replay = Replay::of(&case, Role::CareProvider, "");
    let struck = replay.step(2);
    assert_eq!(struck["struck"]["by"], 5);
    assert_eq!(struck["struck"]["reason"], "typed in the wrong case");
    assert_eq!(struck["changes"], Value::Array(Vec::new()), "a retracted fact changes nothing");
    let as_it_was = replay.0.iter().find(|step| step["sequence"] == 4 && step.get("struck").is_some());
    let as_it_was = as_it_was.expect("the original step");
    assert_eq!((&as_it_was["occurredOn"], &as_it_was["struck"]["by"]), (&"2021-01-07".into(), &6.into()));
    let as_it_is = replay.step(4);
    assert_eq!((&as_it_is["occurredOn"], &as_it_is["corrected"]["by"]), (&"2021-01-20".into(), &6.into()));
    let phase =
        as_it_is["changes"].as_array().expect("changes").iter().find(|change| change["what"] == "phase");
    let phase = phase.expect("a change of phase");
    assert_eq!(
        (&phase["from"], &phase["to"], &phase["rule"]),
        (&"preparing".into(), &"ready".into(), &"phases".into())
    );
    assert_eq!(phase["evidence"], Value::Array(vec![4.into()]));
}

#[test]
fn a_replay_follows_both_clocks() {
    let ledger = Ledger::empty();
    let (case, then) = corrected_case(&ledger);
    let known_then = Replay::of(&case, Role::CareProvider, &format!("?knownAt={then}"));
    assert_eq!(known_then.0.len(), 4);
    assert!(
        known_then.0.iter().all(|step| step.get("struck").is_none()),
        "the corrections were not known then"
    );
    let of_a_day = Replay::of(&case, Role::CareProvider, "?from=2021-01-05&to=2021-01-06");
    assert_eq!(
        of_a_day.0.iter().map(|step| step["sequence"].as_u64()).collect::<Vec<_>>(),
        [Some(2), Some(3)]
    );
}

/// A case with a retracted and a replaced fact, and the instant before both corrections.
fn corrected_case(ledger: &Ledger) -> (Case, Timestamp) {
    let mut case = ledger.preparing();
    case.reports_all(["case-discussed", "outflow-profile-set", "readiness-confirmed"]);
    let before = ledger.now();
    ledger.minutes_pass(60);
    case.reports(sample_fact("event-corrected").with("corrects", 2));
    let right = sample_fact("readiness-confirmed").happening("2021-01-20".parse().expect("a day"));
    case.on("2021-02-01")
        .reports(sample_fact("event-corrected").with("corrects", 4).with("replacement", right));
    (case, before)
}

#[test]
fn a_replay_shows_each_role_only_what_it_may_see() {
    let ledger = Ledger::empty();
    let case = ledger.housed();
    let of = |role| Replay::of(&case, role, "").0;
    let (provider, corporation, auditor) =
        (of(Role::CareProvider), of(Role::HousingCorporation), of(Role::Auditor));
    assert_eq!(provider.len(), corporation.len());
    assert!(auditor.len() < provider.len(), "hidden steps are left out");
    for (whole, step) in provider.iter().zip(&corporation) {
        let own = step["organisation"] == "stadswonen";
        assert_eq!(step.get("actor").is_some(), own, "a person is shown to the own organisation: {step:#}");
        assert_eq!(whole.get("actor").is_some(), whole["organisation"] == "de-vaart");
    }
    let shown = |step: &&Value| step.get("type").is_some();
    assert!(auditor.iter().filter(shown).all(|step| step.get("actor").is_some()), "and to an auditor");
    let intake = &corporation[0];
    assert!(intake["withheld"].as_array().is_none_or(|fields| !fields.is_empty()), "{intake:#}");
    assert!(!Value::Array(auditor).to_string().contains("Sam de Boer"), "an auditor needs no names");
}

#[test]
fn reads_and_exports_by_an_auditor_are_in_the_access_log() {
    let ledger = Ledger::empty();
    let case = ledger.housed();
    ledger.minutes_pass(1);
    let _ = Replay::of(&case, Role::Auditor, "");
    ledger.minutes_pass(1);
    let _ = case_file(&case);
    let log = ledger.pages(&format!("{}/access-log?limit=100", case.path())).concat();
    let lines: Vec<_> = log.iter().filter(|line| line["role"] == "auditor").collect();
    let actions: Vec<_> =
        lines.iter().map(|line| (line["action"].as_str(), line["outcome"].as_str())).collect();
    assert_eq!(actions, [(Some("read"), Some("given-in-part")), (Some("export"), Some("given-in-part"))]);
    for line in lines {
        assert_eq!(line["organisation"], "toezicht");
        let categories = line["categories"].to_string();
        assert!(categories.contains("course") && !categories.contains("debts"), "{categories}");
    }
}

#[test]
fn a_proof_over_http_leads_to_the_signed_root_by_hashing_alone() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    let _ = ledger.preparing();
    let file = case_file(&case);
    let kept = auditor_reads(&case, "/v1/ledger/checkpoint").text;
    for event in file.body["events"].as_array().expect("events") {
        let position = event["position"].as_i64().expect("a position");
        let proof = auditor_reads(&case, &format!("/v1/ledger/proofs/inclusion?position={position}")).body;
        let hash = bytes(&event["hash"]);
        let leaf = sha256(&[&[0], &position.to_be_bytes()[..], &hash]);
        let checkpoint = checkpoint(proof["checkpoint"].as_str().expect("a note"));
        assert_eq!(proof["treeSize"], checkpoint.size);
        assert_eq!(included(leaf, &proof), checkpoint.root, "event {position}");
    }
    case.reports("welcome-talk-held");
    let _ = case_file(&case);
    let earlier = checkpoint(&kept);
    let grown = auditor_reads(&case, &format!("/v1/ledger/proofs/consistency?from={}", earlier.size)).body;
    let later = checkpoint(grown["checkpoint"].as_str().expect("a note"));
    assert!(later.size > earlier.size);
    assert_eq!(roots(&earlier, &later, &grown), (earlier.root, later.root), "the ledger only grew");
}

#[test]
fn there_is_no_proof_without_a_signed_checkpoint() {
    let ledger = Ledger::empty();
    let case = ledger.preparing();
    let _ = case_file(&case);
    for path in
        ["proofs/inclusion?position=999999", "proofs/consistency?from=999999", "checkpoint?treeSize=999999"]
    {
        let auditor = case.partners.viewer(Role::Auditor, &case.id);
        let answer = ledger.get(&format!("/v1/ledger/{path}")).as_viewer(&auditor).answer().with_status(404);
        assert_eq!(answer.problem(), "not-signed", "{path}");
    }
}

#[test]
fn an_inclusion_proof_needs_either_a_leaf_index_or_a_position() {
    let ledger = Ledger::empty();
    let case = ledger.preparing();
    let auditor = case.partners.viewer(Role::Auditor, &case.id);
    let refused = |query: &str| {
        let path = format!("/v1/ledger/proofs/inclusion{query}");
        ledger.get(&path).as_viewer(&auditor).answer().with_status(400).body
    };
    let both = refused("?leafIndex=1&position=9");
    assert_eq!(both["errors"][0]["code"], "not-together", "{both}");
    assert_eq!(both["errors"][0]["parameter"], "position", "{both}");
    assert_eq!(refused("")["errors"][0]["code"], "required");
}

// Vocabulary.

/// The steps of a replay, as one role sees them.
struct Replay(Vec<Value>);

impl Replay {
    #[track_caller]
    fn of(case: &Case, role: Role, query: &str) -> Self {
        let mut steps = Vec::new();
        let mut next = Some(format!("{}/replay{query}", case.path()));
        while let Some(path) = next {
            let page = case.read_by(role, &path).with_status(200);
            steps.extend(page.body["items"].as_array().expect("steps").clone());
            next = page.next();
        }
        Self(steps)
    }

    /// The step with this number as it counts now; the struck one if the fact was retracted.
    fn step(&self, sequence: u64) -> &Value {
        let steps = || self.0.iter().filter(|step| step["sequence"] == sequence);
        steps().find(|step| step.get("struck").is_none()).or_else(|| steps().next()).expect("a step")
    }
}

#[track_caller]
fn auditor_reads(case: &Case, path: &str) -> Answer {
    case.read_by(Role::Auditor, path).with_status(200)
}

#[track_caller]
fn case_file(case: &Case) -> Answer {
    let file = auditor_reads(case, &format!("{}/case-file", case.path()));
    assert!(file.header("content-disposition").is_some_and(|name| name.contains(&case.id)));
    file
}

/// A checkpoint, in the format of docs/AUDIT.md.
struct Checkpoint {
    size: u64,
    root: Hash,
}

fn checkpoint(note: &str) -> Checkpoint {
    let lines: Vec<_> = note.lines().collect();
    let root = STANDARD.decode(lines[2]).expect("base64");
    Checkpoint { size: lines[1].parse().expect("a number"), root: root.try_into().expect("32 bytes") }
}

fn sha256(parts: &[&[u8]]) -> Hash {
    parts.iter().fold(Sha256::new(), Digest::chain_update).finalize().into()
}

fn bytes(hexadecimal: &Value) -> Hash {
    let text = hexadecimal.as_str().expect("a hash");
    let byte = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).expect("hexadecimal");
    let bytes: Vec<u8> = (0..text.len()).step_by(2).map(byte).collect();
    bytes.try_into().expect("32 bytes")
}

fn hashes(proof: &Value) -> Vec<Hash> {
    proof["hashes"].as_array().expect("hashes").iter().map(bytes).collect()
}

fn node(left: &Hash, right: &Hash) -> Hash {
    sha256(&[&[1], left, right])
}

/// The root that an inclusion proof leads to (RFC 9162 §2.1.3.2).
fn included(leaf: Hash, proof: &Value) -> Hash {
    let (mut at, mut last) =
        (proof["leafIndex"].as_u64().expect("a leaf"), proof["treeSize"].as_u64().expect("a size") - 1);
    let mut root = leaf;
    for beside in hashes(proof) {
        assert!(last > 0, "too many hashes");
        if at % 2 == 1 || at == last {
            root = node(&beside, &root);
            while at.is_multiple_of(2) && at != 0 {
                (at, last) = (at / 2, last / 2);
            }
        } else {
            root = node(&root, &beside);
        }
        (at, last) = (at / 2, last / 2);
    }
    assert_eq!(last, 0, "too few hashes");
    root
}

/// The roots of both trees that a consistency proof leads to (RFC 9162 §2.1.4.2).
fn roots(earlier: &Checkpoint, later: &Checkpoint, proof: &Value) -> (Hash, Hash) {
    let mut hashes = hashes(proof).into_iter();
    let (mut at, mut last) = (earlier.size - 1, later.size - 1);
    while at % 2 == 1 {
        (at, last) = (at / 2, last / 2);
    }
    let first = if earlier.size.is_power_of_two() { earlier.root } else { hashes.next().expect("a hash") };
    let (mut before, mut after) = (first, first);
    for beside in hashes {
        assert!(last > 0, "too many hashes");
        if at % 2 == 1 || at == last {
            (before, after) = (node(&beside, &before), node(&beside, &after));
            while at.is_multiple_of(2) && at != 0 {
                (at, last) = (at / 2, last / 2);
            }
        } else {
            after = node(&after, &beside);
        }
        (at, last) = (at / 2, last / 2);
    }
    assert_eq!(last, 0, "too few hashes");
    (before, after)
}
