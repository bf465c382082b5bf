//! What the private PostgreSQL survives. Each test has one of its own.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, geteuid};
use omklap::config::{Config, DatabaseUrl};
use omklap::private_postgres::{PrivatePostgres, Vacant};
use sqlx::{Connection, Executor, PgConnection};

#[tokio::test]
async fn stored_data_is_there_after_a_restart() {
    let place = Place::new();
    let first = PrivatePostgres::start(&place.config()).expect("starts");
    remember(first.url(), 42).await;
    first.stop();
    let second = PrivatePostgres::start(&place.config()).expect("starts again");
    assert_eq!(remembered(second.url()).await, 42);
}

#[tokio::test]
async fn nothing_is_risked_for_speed() {
    let place = Place::new();
    let postgres = PrivatePostgres::start(&place.config()).expect("starts");
    for (setting, value) in [
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("full_page_writes", "on"),
        ("data_checksums", "on"),
        ("listen_addresses", "127.0.0.1"),
        ("unix_socket_directories", ""),
    ] {
        assert_eq!(setting_of(postgres.url(), setting).await, value, "{setting}");
    }
}

#[tokio::test]
async fn without_the_password_nobody_gets_in() {
    let place = Place::new();
    let postgres = PrivatePostgres::start(&place.config()).expect("starts");
    let guess = postgres.url().connect_options().clone().password("guess");
    assert!(PgConnection::connect_with(&guess).await.is_err());
    assert_eq!(fs::metadata(place.home().join("password")).expect("a file").mode() & 0o777, 0o600);
}

#[tokio::test]
async fn a_killed_postgresql_comes_back_at_the_same_address() {
    let place = Place::new();
    let postgres = PrivatePostgres::start(&place.config()).expect("starts");
    remember(postgres.url(), 7).await;
    let killed = place.postmaster().expect("runs");
    kill(killed, Signal::SIGKILL).expect("it is ours");
    assert_eq!(remembered(postgres.url()).await, 7);
    assert_ne!(place.postmaster(), Some(killed));
}

#[tokio::test]
async fn a_server_signs_in_by_a_login_that_cannot_become_the_owner() {
    let place = Place::new();
    let serving = Serving::start(&place);
    let beside = PrivatePostgres::start(&place.config()).expect("finds it");
    let mut owner = connect(beside.url()).await;
    let signed_in = "SELECT DISTINCT usename::text FROM pg_stat_activity WHERE datname = 'omklap' AND pid <> pg_backend_pid()";
    let signed_in: Vec<String> = sqlx::query_scalar(signed_in).fetch_all(&mut owner).await.expect("open");
    assert_eq!(signed_in, ["omklap_program"]);
    let mut program = connect(beside.program_url()).await;
    for way in ["SET ROLE omklap", "SET ROLE omklap_keeper", "DELETE FROM events"] {
        let refused = program.execute(way).await.expect_err(way).to_string();
        assert!(refused.contains("permission denied"), "{way}: {refused}");
    }
    assert_eq!(fs::metadata(place.home().join("program-password")).expect("a file").mode() & 0o777, 0o600);
    serving.end_with(Signal::SIGTERM);
}

#[tokio::test]
async fn a_cluster_from_before_the_program_had_a_login_gets_one() {
    let place = Place::new();
    Serving::start(&place).end_with(Signal::SIGTERM);
    let postgres = PrivatePostgres::start(&place.config()).expect("starts");
    let before = "DROP OWNED BY omklap_program; DROP ROLE omklap_program";
    connect(postgres.url()).await.execute(before).await.expect("its owner may");
    postgres.stop();
    fs::remove_file(place.home().join("program-password")).expect("removed");
    Serving::start(&place).end_with(Signal::SIGTERM);
}

#[test]
fn a_server_that_is_stopped_stops_postgresql() {
    for signal in [Signal::SIGINT, Signal::SIGTERM] {
        let place = Place::new();
        let serving = Serving::start(&place);
        let postmaster = place.postmaster().expect("runs");
        serving.end_with(signal);
        assert!(!runs(postmaster));
    }
}

#[tokio::test]
async fn a_server_takes_over_what_a_killed_one_left_running() {
    let place = Place::new();
    let killed = Serving::start(&place);
    let postmaster = place.postmaster().expect("runs");
    killed.end_with(Signal::SIGKILL);
    assert!(runs(postmaster));

    let next = Serving::start(&place);
    assert_eq!(place.postmaster(), Some(postmaster));
    next.end_with(Signal::SIGTERM);
    assert!(!runs(postmaster));
}

#[tokio::test]
async fn a_taken_over_postgresql_comes_back_too() {
    let place = Place::new();
    Serving::start(&place).end_with(Signal::SIGKILL);
    let postgres = PrivatePostgres::start(&place.config()).expect("takes over");
    remember(postgres.url(), 8).await;
    kill(place.postmaster().expect("runs"), Signal::SIGKILL).expect("it is ours");
    assert_eq!(remembered(postgres.url()).await, 8);
}

#[tokio::test]
async fn a_pid_file_that_names_a_stranger_is_no_hindrance() {
    let place = Place::new();
    let serving = Serving::start(&place);
    let postmaster = place.postmaster().expect("runs");
    serving.end_with(Signal::SIGKILL);
    kill(postmaster, Signal::SIGKILL).expect("it is ours");
    let stranger = place.stranger();
    place.write_into_pid_file(stranger.id());

    let postgres = PrivatePostgres::start(&place.config()).expect("starts");
    remember(postgres.url(), 9).await;
    postgres.stop();
    assert!(runs(pid_of(&stranger)), "a stranger is left alone");
    end(stranger, Signal::SIGKILL);
}

#[tokio::test]
async fn a_second_omklap_uses_the_postgresql_of_the_first_and_leaves_it_running() {
    let place = Place::new();
    let first = PrivatePostgres::start(&place.config()).expect("starts");
    let second = PrivatePostgres::start(&place.config()).expect("finds the first");
    assert!(first.is_ours() && !second.is_ours());
    remember(second.url(), 10).await;
    second.stop();
    assert_eq!(remembered(first.url()).await, 10);
}

#[tokio::test]
async fn a_half_made_cluster_is_made_again() {
    let place = Place::new();
    let half = place.home().join("unfinished");
    fs::create_dir_all(&half).expect("a directory");
    fs::write(half.join("PG_VERSION"), "15").expect("a file");
    let postgres = PrivatePostgres::start(&place.config()).expect("starts");
    remember(postgres.url(), 11).await;
}

#[test]
fn a_cluster_of_another_version_is_left_alone() {
    let place = Place::new();
    fs::create_dir_all(place.home().join("cluster")).expect("a directory");
    fs::write(place.home().join("cluster/PG_VERSION"), "9\n").expect("a file");
    let refused = PrivatePostgres::start(&place.config()).err().expect("refused").to_string();
    assert!(refused.contains("was made by PostgreSQL 9"), "{refused}");
}

#[test]
fn a_postgresql_that_does_not_start_is_quoted() {
    let place = Place::new();
    PrivatePostgres::start(&place.config()).expect("starts").stop();
    let settings = place.home().join("cluster/postgresql.conf");
    fs::write(settings, "shared_buffers = plenty\n").expect("a file");
    let refused = PrivatePostgres::start(&place.config()).err().expect("refused").to_string();
    assert!(refused.contains("invalid value for parameter \"shared_buffers\""), "{refused}");
}

#[tokio::test]
async fn a_temporary_one_leaves_nothing_behind() {
    let postgres = PrivatePostgres::temporary().expect("starts");
    remember(postgres.url(), 12).await;
    let files = setting_of(postgres.url(), "data_directory").await;
    postgres.stop();
    assert!(!Path::new(&files).exists());
}

#[test]
fn root_keeps_the_cluster_where_its_user_can_reach_it() {
    if !geteuid().is_root() {
        return;
    }
    let place = Place::closed_to_others();
    let postgres = PrivatePostgres::start(&place.config()).expect("starts");
    let name = place.path.file_name().expect("a name").to_string_lossy().into_owned();
    assert!(postgres.home().starts_with("/var/lib/omklap"), "{}", postgres.home().display());
    assert!(postgres.home().to_string_lossy().contains(&name), "its operator can recognise it");
    let running = Vacant::homes(&place.data()).err().expect("it is in use").to_string();
    assert!(running.contains("a server runs"), "{running}");
    let home = postgres.home().to_owned();
    postgres.stop();
    // Somebody removes the data folder only: its home elsewhere is still found.
    fs::remove_dir_all(place.data()).expect("removed");
    let mut homes = Vacant::homes(&place.data()).expect("ours");
    assert_eq!(homes.iter().map(Vacant::path).collect::<Vec<_>>(), [home.as_path()]);
    homes.remove(0).remove().expect("ours");
    assert!(!home.exists());
}

// --- the vocabulary ---------------------------------------------------------------------------

/// A data directory of its own, in a directory that is removed with it.
struct Place {
    path: PathBuf,
}

impl Place {
    fn new() -> Self {
        Self::with_mode(0o755)
    }

    fn closed_to_others() -> Self {
        Self::with_mode(0o700)
    }

    fn with_mode(mode: u32) -> Self {
        let id = omklap::clock::Clock::running().new_id();
        let path = std::env::temp_dir().join(format!("omklap-test-{id}"));
        fs::DirBuilder::new().mode(mode).create(&path).expect("a temporary directory");
        Self { path }
    }

    fn data(&self) -> PathBuf {
        self.path.join("data")
    }

    fn home(&self) -> PathBuf {
        self.data().join("postgres")
    }

    fn config(&self) -> Config {
        let mut config = Config::load(None).expect("the built-in settings");
        config.data = self.data();
        config
    }

    fn pid_file(&self) -> PathBuf {
        self.home().join("cluster/postmaster.pid")
    }

    fn postmaster(&self) -> Option<Pid> {
        let text = fs::read_to_string(self.pid_file()).ok()?;
        text.lines().next()?.trim().parse().ok().map(Pid::from_raw)
    }

    fn write_into_pid_file(&self, pid: u32) {
        let text = fs::read_to_string(self.pid_file()).expect("a pid file");
        let rest = text.split_once('\n').expect("more lines").1;
        fs::write(self.pid_file(), format!("{pid}\n{rest}")).expect("written");
    }

    /// A process of the same user, but no PostgreSQL.
    fn stranger(&self) -> Child {
        let owner = fs::metadata(self.home()).expect("a home");
        let mut sleeping = Command::new("sleep");
        sleeping.arg("600");
        if geteuid().is_root() {
            sleeping.uid(owner.uid()).gid(owner.gid());
        }
        sleeping.spawn().expect("sleep runs")
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(left) = self.postmaster().filter(|pid| runs(*pid)) {
            kill(left, Signal::SIGQUIT).ok();
        }
        fs::remove_dir_all(&self.path).ok();
    }
}

/// A server process that is connected to its database.
struct Serving(Child);

impl Serving {
    fn start(place: &Place) -> Self {
        let mut server = Command::new(env!("CARGO_BIN_EXE_omklap"))
            .arg("serve")
            .env_remove("DATABASE_URL")
            .env("OMKLAP_DATA", place.data())
            .env("OMKLAP_LISTEN", "127.0.0.1:0")
            .env("OMKLAP_METRICS_LISTEN", "off")
            .stderr(Stdio::piped())
            .spawn()
            .expect("the server runs");
        let mut log = BufReader::new(server.stderr.take().expect("piped")).lines().map_while(Result::ok);
        assert!(log.any(|line| line.contains("connected")), "the server ended early");
        std::thread::spawn(move || log.for_each(drop));
        Self(server)
    }

    fn end_with(self, signal: Signal) {
        end(self.0, signal);
    }
}

fn end(mut child: Child, signal: Signal) {
    kill(pid_of(&child), signal).expect("it runs");
    child.wait().expect("it ends");
}

fn pid_of(child: &Child) -> Pid {
    Pid::from_raw(i32::try_from(child.id()).expect("process ids fit"))
}

/// Whether a process runs; a zombie does not.
fn runs(pid: Pid) -> bool {
    kill(pid, None).is_ok() && !fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| line.is_empty())
}

async fn remember(url: &DatabaseUrl, number: i32) {
    let mut database = connect(url).await;
    let store = format!("CREATE TABLE remembered AS SELECT {number} AS number");
    database.execute(store.as_str()).await.expect("stored");
}

async fn remembered(url: &DatabaseUrl) -> i32 {
    let mut database = connect(url).await;
    sqlx::query_scalar("SELECT number FROM remembered").fetch_one(&mut database).await.expect("found")
}

async fn setting_of(url: &DatabaseUrl, name: &str) -> String {
    let mut database = connect(url).await;
    sqlx::query_scalar("SELECT current_setting($1)").bind(name).fetch_one(&mut database).await.expect("known")
}

/// Connects, with patience for a PostgreSQL that has just been killed.
async fn connect(url: &DatabaseUrl) -> PgConnection {
    let patience = Instant::now() + Duration::from_secs(20);
    loop {
        match PgConnection::connect_with(url.connect_options()).await {
            Ok(connection) => return connection,
            Err(error) => assert!(Instant::now() < patience, "{error}"),
        }
        sleep(Duration::from_millis(50));
    }
}
