//! Witnesses: they cosign what continues the tree that they saw last, and nothing else; and their
//! lines count only if they made them.

use crate::story::*;
use omklap_domain::visibility::{Role, Viewer};
use omklap_store::tree::{
    AddCheckpoint, CosigningKey, LedgerFinding, NotCosigned, Pace, Quorum, SeenTree, Signed, WitnessKey,
    WitnessedLog,
};
use omklap_store::{CheckpointSigner, Report};
use omklap_verifier::{cosigned, verify};
use sqlx::Executor;

const NOW: &str = "2026-03-02T09:01:00Z";

#[tokio::test]
async fn a_witness_cosigns_what_continues_the_tree_it_saw_and_refuses_a_branch() {
    let (story, signer) = (Story::begins().await, Witnessed::by(1));
    let story_id = story.opened().await;
    let signer = signer.on(&story);
    let first = signs(&signer).await;
    let (mut seen, key) = (None, &signer.keys_of_witnesses[0]);
    seen = Some(signer.asks(key, seen, 0, &first).await.expect("the first tree"));
    story.goes_on(story_id, [privacy_explained(), outflow_announced()]).await;
    let second = signs(&signer).await;
    assert_eq!(signer.asks(key, seen, 0, &second).await, Err(NotCosigned::SeenAnother(2)));
    assert_eq!(signer.asks(key, seen, 9, &second).await, Err(NotCosigned::Malformed), "above the new size");
    let continued = signer.asks(key, seen, 2, &second).await.expect("it continues the first");
    assert_eq!(continued.tree_size, 5);
    assert_eq!(signer.asks(key, Some(continued), 5, &second).await, Ok(continued), "the same tree again");
    // An attacker with the ledger's key signs another history of the same size, or a longer one.
    let branch = signer.branch(5);
    assert_eq!(signer.asks(key, Some(continued), 5, &branch).await, Err(NotCosigned::NotConsistent));
    let longer = signer.branch(6);
    assert_eq!(signer.asks(key, Some(continued), 5, &longer).await, Err(NotCosigned::NotConsistent));
    let smaller = signer.asks(key, Some(continued), 2, &first).await;
    assert_eq!(smaller, Err(NotCosigned::SeenAnother(5)), "it shrank");
}

#[tokio::test]
async fn a_witness_cosigns_for_the_keys_of_the_ledgers_it_knows() {
    let (story, signer) = (Story::begins().await, Witnessed::by(1));
    let _ = story.opened().await;
    let signer = signer.on(&story);
    let newest = signs(&signer).await;
    let body = AddCheckpoint::written(0, &[], &newest.note);
    let request = AddCheckpoint::read(&body).expect("well written");
    let other = story.database.signer();
    let stranger = WitnessedLog::with(other.keys.public()).expect("keys");
    let refused = stranger.cosign(None, &request, &signer.keys_of_witnesses[0], 1);
    assert_eq!(refused.map(|_| ()), Err(NotCosigned::NotSigned), "another key under the same name");
    for wrong in [
        "",
        "old 0",
        "old 00\n\n",
        "new 0\n\n",
        &body.replace("old 0", "old -1"),
        &body.replace("old 0\n", "old 0\nnonsense\n"),
        &body.replace("old 0\n", &format!("old 0\n{}", "AAAA\n".repeat(64))),
        &body.replace("\n\n", "\n"),
    ] {
        assert_eq!(AddCheckpoint::read(wrong).map(|_| ()).err(), Some(NotCosigned::Malformed), "{wrong}");
    }
}

#[tokio::test]
async fn a_checkpoint_is_published_once_a_quorum_has_cosigned_it() {
    let (story, witnessed) = (Story::begins().await, Witnessed::by(3));
    let id = story.opened().await;
    let signer = witnessed.on(&story);
    let first = signs(&signer).await;
    assert_eq!(signer.signer.published().await.expect("read"), None, "nobody has cosigned");
    signer.cosigned_by(0, &first).await;
    assert_eq!(signer.signer.published().await.expect("read"), None, "one of two");
    signer.cosigned_by(2, &first).await;
    let published = signer.signer.published().await.expect("read").expect("two of three");
    let keys = signer.public_keys();
    assert_eq!(cosigned(&published, &keys, 2).expect("a quorum").len(), 2);
    assert!(cosigned(&published, &keys, 3).is_err(), "the second has not");
    story.goes_on(id, [privacy_explained()]).await;
    signs(&signer).await;
    assert_eq!(signer.signer.published().await.expect("read"), Some(published), "the newest waits");
    let state = signer.signer.state().await.expect("read");
    assert_eq!(state.unwitnessed_since, Some(code(NOW)));
}

#[tokio::test]
async fn a_cosignature_that_no_witness_made_does_not_count() {
    let (story, witnessed) = (Story::begins().await, Witnessed::by(1));
    let _ = story.opened().await;
    let signer = witnessed.on(&story);
    let newest = signs(&signer).await;
    let stranger = CosigningKey::generate("witness.example.org/0").expect("a name");
    let text = newest.note.split_once("\n\n").map(|(text, _)| format!("{text}\n")).expect("a note");
    let key = signer.signer.quorum.witnesses[0].clone();
    let line = stranger.cosign(&text, 1);
    assert!(!signer.signer.keep_cosignature(&newest, &key, &line).await.expect("read"), "not its key");
    let mut owner = story.database.as_owner().await;
    let insert = sqlx::query("INSERT INTO cosignatures VALUES (2, $1, $2)").bind(key.label()).bind(line);
    owner.execute(insert).await.expect("its owner may");
    assert_eq!(signer.signer.cosignatures(&newest).await.expect("read"), [] as [String; 0]);
    assert!(signer.signer.published().await.is_err(), "a row that proves nothing is no quorum");
}

#[tokio::test]
async fn a_case_file_has_the_lines_of_the_witnesses_and_the_verifier_counts_them() {
    let (story, witnessed) = (Story::begins().await, Witnessed::by(2));
    let id = story.opened().await;
    let signer = witnessed.on(&story);
    let newest = signs(&signer).await;
    signer.cosigned_by(1, &newest).await;
    let auditor = Viewer {
        organisation: code("auditor"),
        role: Role::Auditor,
        regions: [code("noord-limburg")].into(),
        trajectory: None,
    };
    let file = story.ledger.case_file(&signer.signer, &auditor, id, code(NOW)).await.expect("exported");
    let key = signer.signer.keys.public()[0].parse().expect("a key");
    verify(file.text.as_bytes(), &[key]).expect("as recorded, with any cosignatures");
    let read: serde_json::Value = serde_json::from_str(&file.text).expect("JSON");
    let checkpoint = read["checkpoint"].as_str().expect("a note");
    let keys = signer.public_keys();
    assert_eq!(cosigned(checkpoint, &keys, 1).expect("one"), [keys[1].label()]);
    let wrong = cosigned(checkpoint, &keys, 2).expect_err("one of two");
    assert_eq!(wrong.what, "1 of 2 witnesses cosigned it, and 2 must");
    let twice = [keys[1].clone(), keys[1].clone()];
    assert!(cosigned(checkpoint, &twice, 2).is_err(), "one key does not count twice");
}

#[tokio::test]
async fn signing_and_witnesses_that_lag_are_found() {
    let (story, witnessed) = (Story::begins().await, Witnessed::by(1));
    let _ = story.opened().await;
    let signer = witnessed.on(&story);
    let findings = async |at: &str| {
        let found = signer.signer.findings_at(code(at)).await.expect("read");
        found.iter().map(LedgerFinding::code).collect::<Vec<_>>()
    };
    assert_eq!(findings("2026-03-02T09:20:00Z").await, [] as [&str; 0], "it waits, but not for long");
    assert_eq!(findings("2026-03-02T09:31:00Z").await, ["signing-lags"]);
    let newest = signs(&signer).await;
    assert_eq!(findings("2026-03-02T09:32:00Z").await, ["witnesses-lag"]);
    signer.cosigned_by(0, &newest).await;
    assert_eq!(findings("2026-03-02T09:32:00Z").await, [] as [&str; 0]);
    std::fs::remove_file(story.database.checkpoints()).expect("ours");
    assert_eq!(findings("2026-03-02T09:32:00Z").await, ["signing-stopped"]);
}

#[tokio::test]
async fn a_time_that_steps_back_or_is_ahead_is_found() {
    let (story, witnessed) = (Story::begins().await, Witnessed::by(0));
    let id = story.opened().await;
    let at = |at: &str, outcome| Report { recorded_at: code(at), ..reports(id, [case_discussed(outcome)]) };
    let signer = witnessed.on(&story);
    let findings = async |at: &str| {
        let found = signer.signer.findings_at(code(at)).await.expect("read");
        found.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    story.ledger.record(at("2026-03-02T09:10:00Z", "a")).await.expect("admitted");
    // Another case, at a server whose clock is ten minutes late.
    let other = story.opened().await;
    let ahead = format!(
        "trajectory {id}: event 2 at position 2 was recorded at 2026-03-02T09:10:00Z, which is ahead of now"
    );
    let back = format!(
        "trajectory {other}: event 1 at position 3 was recorded at 2026-03-02T09:00:00.123456Z, after one of 2026-03-02T09:10:00Z"
    );
    assert_eq!(findings("2026-03-02T09:11:00Z").await, std::slice::from_ref(&back));
    assert_eq!(findings("2026-03-02T09:05:00Z").await, std::slice::from_ref(&back), "clocks differ a little");
    assert_eq!(findings("2026-03-02T09:04:00Z").await, [ahead, back]);
}

/// A signer with witnesses.
struct Witnessed {
    keys_of_witnesses: Vec<CosigningKey>,
}

struct WitnessedSigner {
    signer: CheckpointSigner,
    keys_of_witnesses: Vec<CosigningKey>,
}

impl Witnessed {
    fn by(witnesses: usize) -> Self {
        let key = |nth| CosigningKey::generate(&format!("witness.example.org/{nth}")).expect("a name");
        Self { keys_of_witnesses: (0..witnesses).map(key).collect() }
    }

    fn on(self, story: &Story) -> WitnessedSigner {
        let keys = self.keys_of_witnesses.iter();
        let witnesses: Vec<_> =
            keys.map(|key| WitnessKey::read(key.public()).expect("a key of a witness")).collect();
        let of = if witnesses.is_empty() { 0 } else { witnesses.len() / 2 + 1 };
        let signer = CheckpointSigner { quorum: Quorum { witnesses, of }, ..story.database.signer() };
        WitnessedSigner { signer, keys_of_witnesses: self.keys_of_witnesses }
    }
}

impl WitnessedSigner {
    fn log(&self) -> WitnessedLog {
        WitnessedLog::with(self.signer.keys.public()).expect("keys")
    }

    fn public_keys(&self) -> Vec<omklap_verifier::WitnessKey> {
        self.keys_of_witnesses.iter().map(|key| key.public().parse().expect("a key of a witness")).collect()
    }

    /// A witness that has seen a tree is asked to cosign a checkpoint.
    async fn asks(
        &self,
        key: &CosigningKey,
        seen: Option<SeenTree>,
        old: u64,
        signed: &Signed,
    ) -> Result<SeenTree, NotCosigned> {
        let newest = self.signer.tree.newest().await.expect("read").expect("signed");
        let proof = match seen {
            Some(seen) if seen.tree_size == old && old < signed.tree_size => {
                let proof = self.signer.tree.consistency(old, newest.tree_size).await.expect("read");
                proof.map(|proof| proof.hashes).unwrap_or_default()
            }
            _ => Vec::new(),
        };
        let request = AddCheckpoint::read(&AddCheckpoint::written(old, &proof, &signed.note))?;
        self.log().cosign(seen, &request, key, 1_772_442_060).map(|(tree, _)| tree)
    }

    async fn cosigned_by(&self, witness: usize, newest: &Signed) {
        let body = AddCheckpoint::written(0, &[], &newest.note);
        let request = AddCheckpoint::read(&body).expect("well written");
        let key = &self.keys_of_witnesses[witness];
        let (_, line) = self.log().cosign(None, &request, key, 1_772_442_060).expect("cosigned");
        let key = &self.signer.quorum.witnesses[witness];
        assert!(self.signer.keep_cosignature(newest, key, &line).await.expect("stored"));
    }

    /// A checkpoint of another history, signed with the ledger's key.
    fn branch(&self, tree_size: u64) -> Signed {
        let text = format!("{}\n{tree_size}\n{}=\n", self.signer.keys.origin(), "A".repeat(43));
        Signed { tree_size, note: self.signer.keys.sign(&text), signed_at: code(NOW) }
    }
}

async fn signs(signer: &WitnessedSigner) -> Signed {
    signer.signer.sign(Pace::AT_ONCE, code(NOW)).await.expect("read").expect("signed")
}
