//! omklap: the ledger in process, and the whole program over HTTP.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::sync::Arc;
use std::time::Duration;

use omklap::auth::scope::Scope;
use omklap::auth::{DevelopmentIssuer, TokenRequest};
use omklap::clock::Clock;
use omklap_domain::agreements::AgreementSets;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::organisation::OrganisationKind;
use omklap_domain::trajectory::Fact;
use omklap_domain::visibility::Role;
use omklap_store::access_log::{Accessor, Action, Line, Trace};
use omklap_store::database::scratch::{ScratchDatabase, registered};
use omklap_store::organisations::{Client, Organisation};
use omklap_store::{Ledger, OperatorKey, Report, Target};
use uuid::Uuid;

use crate::case;
use crate::cpu::Process;

/// A ledger on this database.
pub fn ledger(database: &ScratchDatabase, key: OperatorKey) -> Arc<Ledger> {
    Arc::new(Ledger::new(database.pool().clone(), key, Arc::new(AgreementSets::shipped())))
}

/// A report of these facts.
pub fn report(trajectory: Target, facts: Vec<Fact>) -> Report {
    let metadata =
        [("actor", "u-1"), ("organisation", "cosis"), ("role", "care-provider"), ("purpose", "benchmark")];
    Report {
        trajectory,
        facts,
        reporter: None,
        metadata: metadata.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        recorded_at: "2026-11-01T09:00:00Z".parse().expect("an instant"),
        today: case::today(),
        once: None,
        dry_run: false,
        register: None,
        reference: None,
        access: access(trajectory),
    }
}

/// The line for the access log.
fn access(trajectory: Target) -> Line {
    let [actor, organisation, role, purpose, client] =
        ["u-1", "cosis", "care-provider", "benchmark", "cosis-ecd"].map(str::to_owned);
    let span_id = "00f067aa0ba902b7".to_owned();
    let trace = Trace { trace_id: Uuid::from_u128(7), span_id, parent_span_id: None };
    let by = Accessor { actor, organisation, role, purpose, client, trace };
    let at = "2026-11-01T09:00:00Z".parse().expect("an instant");
    Line::new(by, Action::Report, at, vec![trajectory.id()])
}

/// Opens the trajectories that so many clients will report on, for each so many.
pub async fn open(ledger: &Arc<Ledger>, clients: usize, each: usize) {
    let before = case::before();
    let opening: Vec<_> = (0..8)
        .map(|worker| {
            let (ledger, before) = (Arc::clone(ledger), before.clone());
            tokio::spawn(async move {
                for n in (worker..clients * each).step_by(8) {
                    let id = case::trajectory(n / each, n % each);
                    ledger.record(report(Target::New(id), before.clone())).await.expect("an admissible case");
                }
            })
        })
        .collect();
    for worker in opening {
        worker.await.expect("opened");
    }
}

/// Opens one case.
pub async fn open_one(ledger: &Ledger, id: TrajectoryId) {
    ledger.record(report(Target::New(id), case::before())).await.expect("an admissible case");
}

/// The program `omklap`, built beside this one.
pub fn program() -> PathBuf {
    std::env::current_exe().expect("this program").with_file_name("omklap")
}

/// The program `omklap serve` on a database.
pub struct Server {
    process: Child,
    /// The address it listens on.
    pub url: String,
    data: PathBuf,
}

impl Server {
    /// Starts it on a free port.
    pub fn start(database: &ScratchDatabase) -> Self {
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .expect("a free port")
            .port();
        let data = std::env::temp_dir().join(format!("omklap-bench-{}", Uuid::from_u128(u128::from(port))));
        std::fs::create_dir_all(&data).expect("a temporary directory");
        let process = Command::new(program())
            .arg("serve")
            .env("DATABASE_URL", database.url())
            .env("OMKLAP_LISTEN", format!("127.0.0.1:{port}"))
            .env("OMKLAP_METRICS_LISTEN", "off")
            .env("OMKLAP_DATA", &data)
            .env("OMKLAP_POOL_SIZE", "16")
            .env("OMKLAP_LOG", "warn")
            .env("OMKLAP_REQUESTS_PER_SECOND", "1000000")
            .env("OMKLAP_WORK_PER_SECOND", "4000000000")
            .spawn()
            .expect("omklap is built beside this program");
        Self { process, url: format!("http://127.0.0.1:{port}"), data }
    }

    /// Its process.
    pub fn process(&self) -> Process {
        Process::numbered(self.process.id())
    }

    /// Waits until it answers.
    pub async fn ready(&self, http: &reqwest::Client) {
        for _ in 0..600 {
            if http
                .get(format!("{}/health/ready", self.url))
                .send()
                .await
                .is_ok_and(|answer| answer.status().is_success())
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the server is not ready after a minute");
    }

    /// A token of a registered program.
    pub async fn token(&self, database: &ScratchDatabase) -> String {
        register(&ledger(database, self.operator_key())).await;
        let issuer = DevelopmentIssuer::from_file(&self.data.join("development-issuer.key"));
        let (client, scopes) = ("cosis".to_owned(), Scope::ALL.into());
        let request = TokenRequest { client, scopes, ..TokenRequest::default() };
        issuer.expect("the server has made it").token(&request, Clock::running().now())
    }

    /// The key that encrypts private texts.
    pub fn operator_key(&self) -> OperatorKey {
        OperatorKey::from_file(&self.data.join("operator.key")).expect("the server has made its key")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ended = self.process.kill().and_then(|()| self.process.wait());
        let _removed = std::fs::remove_dir_all(&self.data);
    }
}

/// Registers a care provider with one program, both of the same name.
pub async fn register(ledger: &Ledger) {
    let client = Client {
        id: "cosis".parse().expect("a code"),
        issuer: DevelopmentIssuer::NAME.to_owned(),
        roles: [Role::CareProvider].into(),
        purpose: Some("benchmark".to_owned()),
        disabled: false,
    };
    register_partner(ledger, "cosis", OrganisationKind::CareProvider, vec![client]).await;
}

/// Registers an organisation in the region of the case that is opened: a provider opens cases only in its own
/// regions.
pub async fn register_partner(ledger: &Ledger, id: &str, kind: OrganisationKind, clients: Vec<Client>) {
    let partner = Organisation {
        id: id.parse().expect("a code"),
        kind,
        name: id.to_owned(),
        regions: ["assen".parse().expect("a code")].into(),
        contact_points: [].into(),
        clients,
        disabled: false,
    };
    registered(ledger, &partner, Clock::running().now()).await;
}
