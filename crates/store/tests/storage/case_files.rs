//! The case file, read by the verifier, which shares no code with the ledger.

use std::collections::BTreeSet;

use crate::story::*;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::Fact;
use omklap_domain::visibility::{Role, Viewer};
use omklap_store::events::hash_chain::{Link, canonical};
use omklap_store::exports::sealed_file::FileError;
use omklap_store::{CheckpointSigner, Metadata, StoreError, connect_as_keeper};
use omklap_verifier::{PublicKey, Verdict, Wrong, verify};
use rand::Rng;
use serde_json::{Value, json};
use sqlx::Executor;

const NOW: &str = "2026-03-02T09:02:00Z";

#[tokio::test]
async fn an_exported_case_file_is_verified() {
    let case = Case::recorded().await;
    let verdict = case.verified(&case.file().await).expect("as recorded");
    assert_eq!((verdict.events, verdict.withheld), (7, 0));
    assert_eq!((verdict.texts, verdict.texts_erased, verdict.texts_withheld), (4, 0, 0));
    assert_eq!((verdict.phase.as_str(), verdict.tree_size), ("preparing", 9));
}

#[tokio::test]
async fn a_change_of_any_byte_of_a_case_file_is_found() {
    let case = Case::recorded().await;
    let (file, keys) = (case.file().await, case.keys());
    let mut random = rand::rng();
    for _ in 0..1_000 {
        let (at, by) = (random.random_range(0..file.len()), random.random_range(1..=255_u8));
        let mut changed = file.clone().into_bytes();
        changed[at] ^= by;
        let found = verify(&changed, &keys);
        assert!(found.is_err(), "byte {at} with {by}");
    }
    for cut in [0, 1, file.len() / 2, file.len() - 1] {
        assert!(verify(&file.as_bytes()[..cut], &keys).is_err(), "cut off after {cut} bytes");
    }
    assert!(verify(format!("{file}\n").as_bytes(), &keys).is_err(), "a line more");
}

/// Changes of a file.
const CHANGES: [Forgery; 10] = [
    ("a text", |file| file["texts"][0]["text"] = json!("iets anders"), "text "),
    (
        "a salt",
        |file| file["texts"][0]["salt"] = json!("0".repeat(64)),
        "it is not the text that was recorded",
    ),
    (
        "a payload",
        |file| swap(file, "/events/2/payload", "2026-02-04", "2026-02-05"),
        "event 3: it is not what was recorded",
    ),
    (
        "who reported it",
        |file| swap(file, "/events/2/metadata", "u-7f3a", "u-7f3b"),
        "event 3: it is not what was recorded",
    ),
    (
        "its timestamp",
        |file| swap(file, "/events/2/recordedAt", "2026", "2025"),
        "event 3: it is not what was recorded",
    ),
    ("its position", |file| file["events"][2]["position"] = json!(900), "event 3: its proof does not lead"),
    (
        "an event is left out",
        |file| drop(file["events"].as_array_mut().expect("a list").remove(2)),
        "event 3: it is missing",
    ),
    (
        "the end is left out",
        |file| drop(file["events"].as_array_mut().expect("a list").pop()),
        "version: the case has 7 events, but the file has 6",
    ),
    ("the phase", |file| file["phase"] = json!("ready"), "phase: the events lead to preparing"),
    (
        "the agreements",
        |file| file["agreementSets"] = json!([]),
        "event 1: the file lacks the agreement set that it names",
    ),
];

#[tokio::test]
async fn the_verifier_names_the_first_fault_of_a_file() {
    Case::recorded().await.refuses(&CHANGES).await;
}

/// Additions to a file.
const ADDITIONS: [Forgery; 9] = [
    ("a remark", |file| more(file, "/seal", "reviewed and approved\n"), "seal: there is something other"),
    ("an empty line", |file| more(file, "/seal", "\n"), "seal: there is something other"),
    (
        "a second signature",
        |file| more(file, "/seal", "— omklap.example.org/other AAAAAAAAAAAA\n"),
        "seal: it has 2 signatures",
    ),
    (
        "its signature again",
        |file| {
            let line = file["seal"].as_str().expect("a note").lines().last().expect("a line").to_owned();
            more(file, "/seal", &(line + "\n"));
        },
        "seal: it has 2 signatures",
    ),
    (
        "no last line feed",
        |file| file["seal"] = json!(file["seal"].as_str().map(str::trim_end)),
        "seal: there is something other",
    ),
    (
        "another line end",
        |file| {
            file["seal"] = json!(file["seal"].as_str().map(|seal| seal.trim_end().to_owned() + "\r\n"));
        },
        "seal: there is something other",
    ),
    (
        "a remark under the checkpoint",
        |file| more(file, "/checkpoint", "reviewed\n"),
        "checkpoint: there is something other",
    ),
    (
        "a field",
        |file| file["reviewedBy"] = json!("the auditor"),
        "reviewedBy: a file of this format has no such field",
    ),
    ("an instant", |file| more(file, "/exportedAt", "\u{1b}[2J"), "exportedAt: it is not a timestamp"),
];

#[tokio::test]
async fn nothing_can_be_added_to_a_sealed_file() {
    Case::recorded().await.refuses(&ADDITIONS).await;
}

#[tokio::test]
async fn a_forged_file_with_a_seal_of_another_key_is_refused_by_a_reader_with_the_public_key() {
    let (case, other) = (Case::recorded().await, Case::recorded().await);
    let forged = other.file().await;
    assert!(verify(forged.as_bytes(), &[]).is_ok(), "the file agrees with itself");
    let wrong = verify(forged.as_bytes(), &case.keys()).expect_err("another key");
    assert_eq!(wrong.to_string(), "checkpoint: none of the public keys signed this text");
}

#[tokio::test]
async fn the_file_of_an_erased_case_is_verified_and_says_what_was_erased() {
    let case = Case::recorded().await;
    let keeper = ledger_on(connect_as_keeper(&case.story.database.options()).await.expect("the owner may"));
    let erased = json!({"type": "personal-data-erased", "occurredOn": "2026-03-02", "ground": "rectified"});
    keeper.record(reports(case.id, [fact(erased)])).await.expect("its keeper may");
    let file = case.file().await;
    let verdict = case.verified(&file).expect("as recorded");
    assert_eq!(
        (verdict.texts, verdict.texts_erased, verdict.texts_withheld),
        (0, 4, 0),
        "the file lists the erased texts"
    );
    assert!(!file.contains("Ada de Wit"));
    for (forged, expected) in [
        (
            json!(["00000000-0000-0000-0000-000000000001"]),
            "erased: it names a text that no event of this file has",
        ),
        (json!([]), "seal: the file is not the one that was sealed"),
    ] {
        let mut changed: Value = serde_json::from_str(&file).expect("JSON");
        changed["erased"] = forged;
        let written = serde_json_canonicalizer::to_string(&changed).expect("JSON") + "\n";
        let wrong = case.verified(&written).expect_err("the list of erased texts is sealed").to_string();
        assert!(wrong.contains(expected), "{wrong}");
    }
}

#[tokio::test]
async fn a_text_that_is_gone_without_its_fact_is_in_no_file_as_erased() {
    let case = Case::recorded().await;
    let gone = format!("DELETE FROM keys.data_keys WHERE trajectory_id = '{}'", case.id);
    case.story.database.as_owner().await.execute(gone.as_str()).await.expect("its owner may");
    let viewer = case.file_for(Role::CareProvider, "de-vaart").await.expect_err("nobody erased it");
    assert!(matches!(viewer, FileError::Store(StoreError::TextGone { sequence: 1, .. })), "{viewer:?}");
}

#[tokio::test]
async fn an_auditors_file_has_only_what_the_role_may_see_and_is_verified() {
    let case = Case::recorded().await;
    let file = case.file_for(Role::Auditor, "rekenkamer").await.expect("in the region");
    let verdict = case.verified(&file).expect("as recorded");
    assert_eq!(verdict.events, 7);
    assert!(verdict.withheld > 0, "the debts are not for an auditor");
    for private in ["Ada de Wit", "wacht op inkomen", "\\\"debts"] {
        assert!(!file.contains(private), "{private}: {file}");
    }
    assert_eq!(verdict.phase, "preparing");
}

#[tokio::test]
async fn only_the_seal_vouches_for_a_text_of_an_event_that_is_shown_in_part() {
    let notes_in = |facts: &[Fact]| {
        let evaluations = facts.iter().filter(|fact| matches!(fact, Fact::EvaluationHeld(_)));
        let mut written = evaluations.map(|fact| serde_json::to_value(fact).expect("JSON"));
        written.find_map(|fact| fact["notes"].as_str().map(str::to_owned))
    };
    let mut stories = demo_cases().into_iter();
    let (facts, notes) = stories.find_map(|facts| notes_in(&facts).map(|notes| (facts, notes))).expect("one");
    let story = Story::begins().await;
    let signer = story.database.signer();
    let id = story.record_case(&facts).await;
    let case = Case { story, signer, id };
    let file = case.file_for(Role::Auditor, "rekenkamer").await.expect("in the region");
    assert!(file.contains(&notes), "an auditor sees the notes of an evaluation but not its rent");
    let verdict = case.verified(&file).expect("as recorded");
    assert!(verdict.texts_on_seal > 0, "{verdict:?}");
}

#[tokio::test]
async fn the_content_of_an_event_cannot_be_guessed_from_its_hash() {
    let case = Case::recorded().await;
    let stream = case.story.ledger.load(case.id).await.expect("readable").expect("there");
    let [before, event] = &stream.events[3..5] else { panic!("there are seven") };
    let steps = ["living-skills-training", "income-arranged", "debts-in-view", "network-in-view"];
    let fitting = |metadata: &Metadata| {
        let fits = |step: &&&str| {
            let mut payload = serde_json::to_value(&event.fact).expect("JSON");
            payload["step"] = json!(step);
            let link = Link {
                aggregate_type: "trajectory",
                aggregate_id: &case.id.to_string(),
                sequence: event.sequence,
                event_id: event.event_id,
                event_type: event.fact.fact_type().as_str(),
                event_version: event.fact.version(),
                recorded_at: event.recorded_at,
                payload: canonical(&payload).expect("JSON").into(),
                metadata: canonical(metadata).expect("JSON").into(),
            };
            link.hash(&before.hash) == event.hash
        };
        steps.iter().filter(fits).copied().collect::<Vec<_>>()
    };
    let [before_known, mut known] =
        [before, event].map(|event| event.metadata.read().expect("a map of texts"));
    assert_eq!(fitting(&known), ["debts-in-view"]);
    let blind = known.remove("blind").expect("every event has a blind");
    assert!(fitting(&known).is_empty());
    assert_ne!(before_known["blind"], blind, "every event has its own blind");
}

#[tokio::test]
async fn a_viewer_without_access_to_the_case_gets_no_file() {
    let case = Case::recorded().await;
    for (role, organisation) in [(Role::CareProvider, "another"), (Role::Municipality, "venlo")] {
        assert!(matches!(case.file_for(role, organisation).await, Err(FileError::NotFound)));
    }
}

/// What was changed, how, and the first fault that the verifier reports.
type Forgery = (&'static str, fn(&mut Value), &'static str);

/// A trajectory with a late fact, a correction and private texts, in a ledger with another one.
pub struct Case {
    pub story: Story,
    pub signer: CheckpointSigner,
    pub id: TrajectoryId,
}

impl Case {
    pub async fn recorded() -> Self {
        let story = Story::begins().await;
        let (signer, _other) = (story.database.signer(), story.opened().await);
        let id = story.opened().await;
        story
            .goes_on(
                id,
                [
                    privacy_explained(),
                    outflow_announced(),
                    case_discussed("wacht op inkomen"),
                    debts_in_view(),
                ],
            )
            .await;
        story.goes_on(id, [never_happened(4), privacy_explained()]).await;
        Self { story, signer, id }
    }

    /// Each forgery is refused, with the place where it was made, although the file is well-formed.
    async fn refuses(&self, forgeries: &[Forgery]) {
        let file: Value = serde_json::from_str(&self.file().await).expect("JSON");
        for (what, change, expected) in forgeries {
            let mut changed = file.clone();
            change(&mut changed);
            let written = serde_json_canonicalizer::to_string(&changed).expect("JSON") + "\n";
            let wrong = self.verified(&written).expect_err(what);
            assert!(wrong.to_string().contains(expected), "{what}: {wrong}");
        }
    }

    pub async fn file(&self) -> String {
        self.file_for(Role::CareProvider, "de-vaart").await.expect("its own case")
    }

    pub async fn file_for(&self, role: Role, organisation: &str) -> Result<String, FileError> {
        let state = self.story.ledger.load(self.id).await.expect("readable").expect("there").history();
        let region = state.state().partners.as_ref().expect("opened").region.clone();
        let organisation = organisation.parse().expect("a code");
        let viewer = Viewer { role, organisation, regions: BTreeSet::from([region]), trajectory: None };
        let now = NOW.parse().expect("an instant");
        self.story.ledger.case_file(&self.signer, &viewer, self.id, now).await.map(|file| file.text)
    }

    pub fn keys(&self) -> Vec<PublicKey> {
        self.signer.keys.public().iter().map(|key| key.parse().expect("a key")).collect()
    }

    fn verified(&self, file: &str) -> Result<Verdict, Wrong> {
        verify(file.as_bytes(), &self.keys())
    }
}

fn debts_in_view() -> Fact {
    fact(json!({
        "type": "preparation-step-completed", "occurredOn": "2026-02-06", "step": "debts-in-view", "notes": "Alles op een rij."
    }))
}

fn never_happened(corrects: u64) -> Fact {
    fact(
        json!({"type": "event-corrected", "occurredOn": "2026-03-02", "corrects": corrects, "reason": "verkeerde cliënt"}),
    )
}

fn more(file: &mut Value, pointer: &str, more: &str) {
    let place = file.pointer_mut(pointer).expect("there");
    *place = Value::String(place.as_str().expect("a text").to_owned() + more);
}

fn swap(file: &mut Value, pointer: &str, from: &str, to: &str) {
    let place = file.pointer_mut(pointer).expect("there");
    let text = place.as_str().expect("a text").replacen(from, to, 1);
    *place = Value::String(text);
}
