//! Histories are reported and exported through the public API, and the export is the same byte for
//! byte.

use std::process::{Output, Stdio};
use std::sync::Arc;

use jiff::Timestamp;
use omklap::auth::{DevelopmentIssuer, SignIn};
use omklap::cli::demo_partners::partners;
use omklap::clock::Clock;
use omklap::http::Patience;
use omklap::http::middleware::cors::Origins;
use omklap::http::page::PageSettings;
use omklap::http::{Listening, Services, serve};
use omklap::webhooks::{Messaging, Settings};
use omklap_demo::STORIES;
use omklap_domain::agreements::AgreementSets;
use omklap_domain::trajectory::{Fact, History};
use omklap_store::database::scratch::{ScratchDatabase, registered};
use omklap_store::{Ledger, OperatorKey, Organisations};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

#[tokio::test]
async fn every_story_is_exported_as_it_was_reported() {
    let server = Server::start().await;
    let ran = server.omklap(&["demo"], "").await;
    assert_eq!(lines(&ran.stdout).len(), STORIES.len(), "{}", complaint(&ran));
    for (line, story) in lines(&ran.stdout).iter().zip(STORIES) {
        assert!(line.contains(story.name), "{line}");
        assert_eq!(server.export(id_in(line), story.facts).await, story.facts, "{}", story.name);
    }
}

#[tokio::test]
async fn reporting_the_stories_again_changes_nothing() {
    let server = Server::start().await;
    let first = server.omklap(&["demo"], "").await;
    let again = server.omklap(&["demo"], "").await;
    assert!(again.status.success(), "{}", complaint(&again));
    assert_eq!(first.stdout, again.stdout);
}

#[tokio::test]
async fn simulated_histories_are_exported_as_they_were_reported() {
    let server = Server::start().await;
    let invented =
        server.omklap(&["demo", "--trajectories", "5", "--seed", "3", "--output", "-"], "").await.stdout;
    let invented = String::from_utf8(invented).expect("JSON is UTF-8");
    server.registers(&invented).await;
    let imported = server.omklap(&["import", "-"], &invented).await;
    assert!(imported.status.success(), "{}", complaint(&imported));
    let mut exported = Vec::new();
    for (id, history) in lines(&imported.stdout).iter().zip(invented.split("\n\n")) {
        exported.push(server.export(id_in(id), history).await);
    }
    assert_eq!(exported.len(), 5, "{}", complaint(&imported));
    assert_eq!(exported.join("\n"), invented);
}

#[tokio::test]
async fn a_region_is_loaded_and_counted() {
    let server = Server::start().await;
    let region = ["demo", "--trajectories", "4", "--seed", "9"];
    let written = server.omklap(&[&region[..], &["--output", "-"]].concat(), "").await;
    let facts = lines(&written.stdout).iter().filter(|line| !line.is_empty()).count();
    let loaded = server.omklap(&region, "").await;
    let expected = format!("4 trajectories with {facts} facts in ");
    assert!(
        lines(&loaded.stdout)[0].starts_with(&expected),
        "{} {}",
        lines(&loaded.stdout)[0],
        complaint(&loaded)
    );
}

#[tokio::test]
async fn a_refused_history_is_explained_by_line_and_does_not_stop_the_others() {
    let server = Server::start().await;
    let good = STORIES[0].facts;
    let broken = STORIES[1].facts.replacen("2022-02-10", "2020-02-10", 1);
    server.registers(&format!("{good}{broken}")).await;
    let imported = server.omklap(&["import", "-"], &format!("{broken}\n{good}")).await;
    assert_eq!(imported.status.code(), Some(1));
    assert!(lines(&imported.stdout)[0].contains(" opened, lines "), "{:?}", lines(&imported.stdout));
    assert!(lines(&imported.stdout)[1].contains("1 refused (line 3)"), "{:?}", lines(&imported.stdout));
    let explained = complaint(&imported);
    assert!(explained.contains("line 3: /occurredOn occurred-before-intake"), "{explained}");
}

/// A server on a ledger of its own, talked to with the program.
struct Server {
    url: String,
    ledger: Arc<Ledger>,
    clock: Clock,
    // The database is dropped last.
    _database: ScratchDatabase,
}

impl Server {
    async fn start() -> Self {
        let database = ScratchDatabase::create().await;
        let sets = Arc::new(AgreementSets::shipped());
        let ledger = Arc::new(Ledger::new(database.pool().clone(), OperatorKey::of_tests(), sets));
        let clock = Clock::stopped_at("2026-11-02T09:00:00Z".parse::<Timestamp>().expect("an instant"));
        let messaging = Messaging::new(Arc::clone(&ledger), Settings::default());
        let issuer = DevelopmentIssuer::generate();
        let services = Services {
            ledger: Arc::clone(&ledger),
            signer: Arc::new(database.signer()),
            pool: database.pool().clone(),
            sign_in: Arc::new(SignIn::developing(
                issuer,
                Organisations::new(database.pool().clone()),
                clock.clone(),
            )),
            clock: clock.clone(),
            messaging,
            origins: Origins::default(),
            copy: omklap::jobs::restored_copy::CopyState::default(),
            transparency: omklap::http::Transparency::default(),
            page: PageSettings::default(),
            patience: Patience::default(),
        };
        let Listening { address, server } =
            serve(services, "127.0.0.1:0".parse().expect("an address"), None).expect("a free port");
        tokio::spawn(server);
        let server = Self { url: format!("http://{address}"), ledger, clock, _database: database };
        server.registers("").await;
        server
    }

    /// Registers the partners of these facts, unless they are registered already.
    async fn registers(&self, facts: &str) {
        for (id, body) in partners(facts) {
            let partner = body
                .registers(id, &[DevelopmentIssuer::NAME], &AgreementSets::shipped())
                .expect("a good registration");
            registered(&self.ledger, &partner, self.clock.now()).await;
        }
    }

    async fn omklap(&self, arguments: &[&str], input: &str) -> Output {
        let mut program = Command::new(env!("CARGO_BIN_EXE_omklap"))
            .args(arguments)
            .env("OMKLAP_SERVER", &self.url)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut stdin = program.stdin.take().expect("it was piped");
        stdin.write_all(input.as_bytes()).await.expect("it reads");
        drop(stdin);
        program.wait_with_output().await.expect("it ends")
    }

    /// A history as exported for the nuisance desk of its provider, which sees all of it.
    async fn export(&self, id: &str, history: &str) -> String {
        let facts: Vec<Fact> =
            history.lines().map(|line| serde_json::from_str(line).expect("a fact")).collect();
        let partners = History::from(facts).state().partners.clone().expect("it was opened");
        let who = ["--client", partners.care_provider.as_str(), "--role", "nuisance-desk"];
        let exported = self.omklap(&[&["export", id][..], &who].concat(), "").await;
        assert!(exported.status.success(), "{}", complaint(&exported));
        String::from_utf8(exported.stdout).expect("JSON is UTF-8")
    }
}

fn lines(output: &[u8]) -> Vec<String> {
    String::from_utf8_lossy(output).lines().map(str::to_owned).collect()
}

fn id_in(line: &str) -> &str {
    line.split(' ').next().expect("the id comes first")
}

fn complaint(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
