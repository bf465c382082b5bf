//! The database logins that a server and the commands use.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use omklap::private_postgres::PrivatePostgres;
use omklap_store::database::scratch::ScratchDatabase;
use sqlx::{ConnectOptions, Connection, Executor, PgConnection};

#[tokio::test(flavor = "multi_thread")]
async fn a_server_warns_when_its_login_may_remove_what_was_recorded_and_not_otherwise() {
    let ledger = Ledger::empty().await;
    assert_eq!(
        ledger.served([("DATABASE_URL", &ledger.owner())]).matches("may change and remove").count(),
        1
    );
    let program = ledger.served([("DATABASE_URL", &ledger.program())]);
    assert!(!program.contains("WARN"), "{program}");
    let both = [("DATABASE_URL", &ledger.program()), ("OMKLAP_DATABASE_OWNER_URL", &ledger.owner())];
    let both = ledger.served(both);
    assert!(!both.contains("WARN"), "{both}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_may_not_migrate_says_who_may() {
    let ledger = Ledger::empty().await;
    let empty = "DROP SCHEMA keys CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC";
    ledger.database.as_owner().await.execute(empty).await.expect("its owner may");
    for command in ["serve", "migrate", "check"] {
        let refused = ledger.ran(command, [("DATABASE_URL", &ledger.program())]);
        assert!(!refused.status.success());
        let message = said(&refused);
        assert!(message.contains("run `omklap migrate` with database_owner_url"), "{command}: {message}");
        assert!(!message.contains(&ledger.password()), "{command}: {message}");
    }
    let both = [("DATABASE_URL", &ledger.program()), ("OMKLAP_DATABASE_OWNER_URL", &ledger.owner())];
    let migrated = ledger.ran("migrate", both);
    assert!(migrated.status.success(), "{}", said(&migrated));
    let current = ledger.ran("migrate", [("DATABASE_URL", &ledger.program())]);
    assert!(current.status.success(), "{}", said(&current));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_omklap_refuses_the_tables_of_a_newer_one_and_says_which_to_start() {
    let ledger = Ledger::empty().await;
    let later = "INSERT INTO _sqlx_migrations VALUES (9999, 'of a newer program', now(), true, '', 0)";
    ledger.database.as_owner().await.execute(later).await.expect("its owner may");
    for login in [ledger.owner(), ledger.program()] {
        for command in ["serve", "migrate", "check"] {
            let refused = ledger.ran(command, [("DATABASE_URL", &login)]);
            assert!(!refused.status.success());
            let message = said(&refused);
            assert!(message.contains("those of a newer omklap than this one"), "{command}: {message}");
            assert!(!message.contains("omklap migrate"), "{command}: {message}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_destroys_needs_a_login_with_that_right() {
    let ledger = Ledger::empty().await;
    let refused = ledger.ran("retention run", [("DATABASE_URL", &ledger.program())]);
    assert!(
        said(&refused).contains("may not erase and destroy: set database_owner_url"),
        "{}",
        said(&refused)
    );
    let both = [("DATABASE_URL", &ledger.program()), ("OMKLAP_DATABASE_OWNER_URL", &ledger.owner())];
    let done = ledger.ran("retention run", both);
    assert!(done.status.success(), "{}", said(&done));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_alone_is_no_way_in() {
    let ledger = Ledger::empty().await;
    let refused = ledger.ran("migrate", [("OMKLAP_DATABASE_OWNER_URL", &ledger.owner())]);
    assert!(
        said(&refused).contains("database_owner_url is set and database_url is not"),
        "{}",
        said(&refused)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_without_rights_learns_what_it_lacks() {
    let ledger = Ledger::empty().await;
    let mut owner = ledger.database.as_owner().await;
    owner.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC").await.expect("its owner may");
    let name = format!("omklap_of_tests_{}", ledger.number());
    owner.execute(format!("CREATE ROLE {name} LOGIN PASSWORD 'x'").as_str()).await.expect("its owner may");
    let url = ledger.database.options().username(&name).password("x").to_url_lossy().to_string();
    let both = [("DATABASE_URL", &url), ("OMKLAP_DATABASE_OWNER_URL", &ledger.owner())];
    let refused = ledger.ran("check", both);
    owner.execute(format!("DROP ROLE {name}").as_str()).await.expect("its owner may");
    assert!(said(&refused).contains("its owner must run GRANT omklap_app"), "{}", said(&refused));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_logins_in_the_operators_guide_are_enough() {
    let postgres = PrivatePostgres::temporary().expect("starts");
    let administrator = postgres.url().connect_options();
    let elsewhere = administrator.clone().database("postgres");
    let mut connection = PgConnection::connect_with(&elsewhere).await.expect("reachable");
    // It has a database of this name already.
    for statement in std::iter::once("DROP DATABASE omklap").chain(documented_statements()) {
        connection.execute(statement).await.expect(statement);
    }
    let url = |name: &str, password: &str| {
        administrator.clone().username(name).password(password).to_url_lossy().to_string()
    };
    let owner = url("omklap_owner", "secret of the owner");
    let program = url("omklap_program", "secret of the program");
    let ledger = Ledger::empty().await;
    let both = [("DATABASE_URL", &program), ("OMKLAP_DATABASE_OWNER_URL", &owner)];
    for (command, settings) in [("migrate", &both[..]), ("check", &both[..1]), ("retention run", &both)] {
        let ran = ledger.omklap(command, []).envs(settings.iter().copied()).output().expect("it runs");
        assert!(ran.status.success(), "{command}: {}", said(&ran));
    }
    let served = ledger.served([("DATABASE_URL", &program)]);
    assert!(!served.contains("WARN"), "{served}");
    postgres.stop();
}

// --- the vocabulary ---------------------------------------------------------------------------

/// The statements of the chapter on the database.
fn documented_statements() -> Vec<&'static str> {
    let page = include_str!("../../../../docs/OPERATING.md");
    let statements =
        page.split("```sql\n").nth(1).and_then(|rest| rest.split("```").next()).expect("the statements");
    statements.lines().collect()
}

/// An empty ledger, and a directory of the program's own.
struct Ledger {
    database: ScratchDatabase,
    place: PathBuf,
}

impl Ledger {
    async fn empty() -> Self {
        let id = omklap::clock::Clock::running().new_id();
        let place = std::env::temp_dir().join(format!("omklap-test-{id}"));
        fs::create_dir(&place).expect("a temporary directory");
        Self { database: ScratchDatabase::create().await, place }
    }

    fn owner(&self) -> String {
        self.database.url()
    }

    fn program(&self) -> String {
        self.database.as_program().to_url_lossy().into()
    }

    fn password(&self) -> String {
        self.database.as_program().to_url_lossy().password().expect("it has one").to_owned()
    }

    /// A unique name.
    fn number(&self) -> String {
        let place = self.place.to_string_lossy();
        place.rsplit('-').next().expect("its end").to_owned()
    }

    fn omklap<const N: usize>(&self, command: &str, settings: [(&str, &String); N]) -> Command {
        let mut omklap = Command::new(env!("CARGO_BIN_EXE_omklap"));
        omklap.args(command.split(' ')).current_dir(&self.place).stdin(Stdio::null());
        omklap.env_remove("DATABASE_URL").env("OMKLAP_LISTEN", "127.0.0.1:0");
        omklap.env("OMKLAP_METRICS_LISTEN", "off").envs(settings);
        omklap
    }

    fn ran<const N: usize>(&self, command: &str, settings: [(&str, &String); N]) -> Output {
        self.omklap(command, settings).output().expect("it runs")
    }

    /// What a server logged until it listened.
    fn served<const N: usize>(&self, settings: [(&str, &String); N]) -> String {
        let serving = self.omklap("serve", settings).stderr(Stdio::piped()).spawn();
        let mut server = Server(serving.expect("it runs"));
        let mut lines = BufReader::new(server.0.stderr.take().expect("piped")).lines().map_while(Result::ok);
        let mut said = String::new();
        let listens = lines.any(|line| {
            said.push_str(&line);
            line.contains("listening on")
        });
        assert!(listens, "{said}");
        said
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.place).ok();
    }
}

/// A server that ends with this value.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        self.0.kill().and_then(|()| self.0.wait()).expect("it ends");
    }
}

fn said(ran: &Output) -> String {
    String::from_utf8_lossy(&ran.stderr).into_owned()
}
