//! The public log, and witnesses over HTTP.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use omklap::clock::Clock;
use omklap::http::Transparency;
use omklap::witnesses::service::WitnessService;
use omklap::witnesses::{Unwitnessed, Witness, Witnesses};
use omklap_store::CheckpointSigner;
use omklap_store::tree::{LedgerKeys, Pace, Quorum, WitnessKey, WitnessedLog};
use serde_json::json;

use crate::server::{Server, Settings, answer};

#[tokio::test]
async fn the_log_is_read_by_everybody_only_if_the_operator_says_so() {
    for public_log in [false, true] {
        let transparency = Transparency { public_log, ..Transparency::default() };
        let server = Server::set(Settings { transparency, ..Settings::default() }).await;
        let unsigned = answer(server.anonymous("/checkpoint")).await;
        let expected = if public_log { "not-signed" } else { "no-such-path" };
        assert_eq!((unsigned.status, unsigned.problem()), (404, expected));
        server.opened().await;
        signs(&server, &server.signer).await;
        for path in ["/checkpoint", "/tile/0/000.p/1", "/tile/entries/000.p/1"] {
            let read = server.anonymous(path).send().await.expect("an answer");
            assert_eq!(read.status().as_u16(), if public_log { 200 } else { 404 }, "{path}");
        }
        for wrong in [
            "/tile/0/000",
            "/tile/0/000.p/200",
            "/tile/1/000.p/1",
            "/tile/data/000.p/1",
            "/tile/",
            "/tile/0/0",
        ] {
            let none = answer(server.anonymous(wrong)).await;
            assert_eq!((none.status, none.problem()), (404, "no-such-path"), "{wrong}");
        }
    }
}

#[tokio::test]
async fn a_witness_over_http_follows_the_ledger_and_refuses_a_branch_after_a_restart_too() {
    let (server, folder) = (Server::start().await, Folder::new());
    let case = server.opened().await;
    let log = || vec![WitnessedLog::with(server.signer.keys.public()).expect("keys")];
    let (witnesses, signer) = witnessed(&server, folder.serves(log()), &server.signer);
    for _ in 0..3 {
        signs(&server, &signer).await;
        assert!(witnesses.cosign(&signer).await.expect("asked").is_empty(), "it cosigns");
        assert!(signer.published().await.expect("read").is_some());
        assert_eq!(server.report(&case, discussed()).await.status, 201);
    }
    // A thief of the key signs another history of the same ledger, which is shorter, and then grows.
    let other = Server::start().await;
    let branch_case = other.opened().await;
    let (witnesses, branch) = witnessed(&other, folder.serves(log()), &server.signer);
    for _ in 0..4 {
        signs(&other, &branch).await;
        let refused = witnesses.cosign(&branch).await.expect("asked");
        assert!(matches!(refused[..], [Unwitnessed::SawAnother { .. }]), "{refused:?}");
        assert_eq!(branch.published().await.expect("read"), None);
        assert_eq!(other.report(&branch_case, discussed()).await.status, 201);
    }
}

#[tokio::test]
async fn a_witness_that_does_not_answer_or_does_not_know_the_ledger_is_named() {
    let (server, folder) = (Server::start().await, Folder::new());
    server.opened().await;
    let stranger = LedgerKeys::generate("omklap.example.org/other");
    let (witnesses, signer) = witnessed(
        &server,
        folder.serves(vec![WitnessedLog::with(stranger.public()).expect("keys")]),
        &server.signer,
    );
    signs(&server, &signer).await;
    let missing = witnesses.cosign(&signer).await.expect("asked");
    assert!(missing[0].to_string().ends_with("404 Not Found"), "{}", missing[0]);
    let key = signer.quorum.witnesses[0].clone();
    let nowhere = Witness { url: "http://127.0.0.1:1/".parse().expect("an address"), key };
    let missing = Witnesses::new(vec![nowhere], reqwest::Client::new()).cosign(&signer).await.expect("asked");
    assert!(matches!(missing[..], [Unwitnessed::Unreachable { .. }]), "{missing:?}");
}

#[test]
fn a_witness_that_lost_what_it_saw_does_not_start() {
    let folder = Folder::new();
    let open = |name| WitnessService::open(&folder.0, name, Vec::new(), Clock::running());
    assert!(open(None).is_err(), "a new one needs a name");
    assert!(open(Some("two words")).is_err());
    let key = open(Some("witness.example.org/1")).expect("made").public_key().to_owned();
    assert_eq!(open(None).expect("again").public_key(), key);
    std::fs::remove_file(folder.0.join("witnessed.json")).expect("ours");
    let refused = open(Some("witness.example.org/1")).expect_err("it could cosign a second history");
    assert!(refused.to_string().contains("witnessed.json is missing"), "{refused}");
}

/// The folder of a witness, removed afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        Self(std::env::temp_dir().join(format!("omklap-witness-{:x}", rand::random::<u64>())))
    }

    /// The witness of this folder, listening: its address and key.
    fn serves(&self, logs: Vec<WitnessedLog>) -> (std::net::SocketAddr, WitnessKey) {
        let service =
            WitnessService::open(Path::new(&self.0), Some("witness.example.org/1"), logs, Clock::running());
        let service = service.expect("opened");
        let key = WitnessKey::read(service.public_key()).expect("a key");
        let (address, server) = service.serve(([127, 0, 0, 1], 0).into()).expect("a free port");
        tokio::spawn(server);
        (address, key)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

/// The witness as the settings of a server name it, and a signer of that server's ledger with the
/// keys of this one.
fn witnessed(
    server: &Server,
    (address, key): (std::net::SocketAddr, WitnessKey),
    keys_of: &CheckpointSigner,
) -> (Witnesses, Arc<CheckpointSigner>) {
    let url = format!("http://{address}/").parse().expect("an address");
    let witness = Witness { url, key: key.clone() };
    let quorum = Quorum { witnesses: vec![key], of: 1 };
    let signer = CheckpointSigner { keys: keys_of.keys.clone(), quorum, ..server.database.signer() };
    (Witnesses::new(vec![witness], reqwest::Client::new()), Arc::new(signer))
}

async fn signs(server: &Server, signer: &CheckpointSigner) {
    signer.sign(Pace::AT_ONCE, server.clock.now()).await.expect("signed").expect("something is new");
}

fn discussed() -> String {
    json!({"type": "case-discussed", "occurredOn": "2026-10-01", "bottleneck": "income", "outcome": "wacht"})
        .to_string()
}
