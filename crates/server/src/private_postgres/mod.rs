//! A private PostgreSQL, for operators who configure no database: `omklap serve` starts it, keeps
//! it running and stops it again.
//!
//! It listens on loopback only, requires a random password, and loses nothing: fsync stays on, data
//! checksums are on. Killed servers leave it running; the next one takes it over. A postmaster that
//! dies is started again on the same port, so that the connection pool recovers.
//!
//! Its home, `postgres` in the data directory, holds `cluster` (the database), `password` (of the
//! owner of the database), `program-password` (of the login of the running program), `lock` (held
//! by the server that looks after it) and `postgres.log`.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;

use tracing::info;

use crate::config::{Config, DatabaseUrl};

mod binaries;
mod cluster;
mod disposal;
mod home;
mod owner;
mod postmaster;
mod removal;
mod start_failed;
mod supervisor;

pub use binaries::Search;
pub use removal::{NotRemoved, Vacant};
pub use start_failed::StartFailed;

use binaries::Binaries;
use cluster::{Cluster, Flushing};
use disposal::Disposal;
use home::{Home, Tenancy};
use postmaster::Postmaster;

/// A running private PostgreSQL; it stops when this is dropped.
///
/// Starting and stopping block for some seconds: an async program does both in `spawn_blocking`.
#[must_use = "PostgreSQL stops when this is dropped"]
pub struct PrivatePostgres {
    urls: Box<Urls>,
    port: u16,
    home: PathBuf,
    // In the order of dropping: PostgreSQL has stopped before its files are removed and its lock is
    // released.
    caretaker: Option<Caretaker>,
    _disposal: Option<Disposal>,
    _tenancy: Option<Tenancy>,
}

/// The address for each login, passwords included.
struct Urls {
    owner: DatabaseUrl,
    program: DatabaseUrl,
}

impl Urls {
    fn of(home: &Home, port: u16) -> Result<Box<Self>, StartFailed> {
        Ok(Box::new(Self { owner: home.owner_url(port)?, program: home.program_url(port)? }))
    }
}

impl PrivatePostgres {
    /// How the owner of the tables connects from a shell: two lines, the second without its command. The
    /// password stays in its file.
    #[must_use]
    pub fn in_a_shell(&self) -> [String; 2] {
        let password = self.home.join("password");
        [
            format!("export PGPASSWORD=\"$(cat '{}')\"", password.display()),
            format!("psql --host=127.0.0.1 --port={} --username=omklap --dbname=omklap", self.port),
        ]
    }

    /// Starts the private PostgreSQL of this configuration's data directory, or takes over the one
    /// that a killed server left running.
    ///
    /// When another `omklap` looks after it at this moment, that one's is used and left alone at
    /// the end.
    ///
    /// # Errors
    /// When there are no programs to start, or PostgreSQL does not start; the message says what to
    /// do.
    pub fn start(config: &Config) -> Result<Self, StartFailed> {
        let home = Home::of(&config.data)?;
        let Some(tenancy) = home.move_in()? else { return Self::visit(&home) };
        // Before others can find a PostgreSQL to connect to.
        home.choose_program_password_once()?;
        let left = Postmaster::left_running(&home)?;
        let cluster = Cluster::prepare(home, &Search::of(config))?;
        let running = if let Some(left) = left {
            info!("taking over the private PostgreSQL that an earlier server left running");
            left
        } else {
            cluster.create_once(Flushing::ToDisk)?;
            Postmaster::start_on_a_free_port(&cluster)?
        };
        info!(port = running.port(), home = %cluster.home().path().display(), "the private PostgreSQL runs");
        Self::look_after(cluster, running, Some(tenancy), None)
    }

    /// Starts one for a test: in the temporary directory, with a database of its own, removed at
    /// the end even if the program is killed.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn temporary() -> Result<Self, StartFailed> {
        Self::throw_away(&Search::from_environment())
    }

    /// Starts a [temporary](Self::temporary) one from the programs that the search finds.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn throw_away(search: &Search) -> Result<Self, StartFailed> {
        let home = Home::temporary()?;
        let disposal = Disposal::of(home.path())?;
        home.choose_program_password_once()?;
        let cluster = Cluster::prepare(home, search)?;
        cluster.create_once(Flushing::LeftToTheSystem)?;
        let running = Postmaster::start_on_a_free_port(&cluster)?;
        Self::look_after(cluster, running, None, Some(disposal))
    }

    /// The address for the owner of the database, password included.
    #[must_use]
    pub fn url(&self) -> &DatabaseUrl {
        &self.urls.owner
    }

    /// The address for the running program, password included. It can sign in once
    /// [`Database`](crate::database::Database) has granted it rights: rights are granted on tables,
    /// and here there may be none yet.
    #[must_use]
    pub fn program_url(&self) -> &DatabaseUrl {
        &self.urls.program
    }

    /// The loopback port; it stays the same when the postmaster has to be started again.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The directory that it lives in.
    #[must_use]
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// Ends all connections, stops PostgreSQL and waits until it has stopped, as dropping it does.
    pub fn stop(self) {}

    fn visit(home: &Home) -> Result<Self, StartFailed> {
        let running = Postmaster::of_another_server(home)?;
        info!(port = running.port(), "using the private PostgreSQL that another omklap looks after");
        let port = running.port();
        let (urls, home) = (Urls::of(home, port)?, home.path().to_owned());
        Ok(Self { urls, port, home, caretaker: None, _disposal: None, _tenancy: None })
    }

    fn look_after(
        cluster: Cluster,
        running: Postmaster,
        tenancy: Option<Tenancy>,
        disposal: Option<Disposal>,
    ) -> Result<Self, StartFailed> {
        let port = running.port();
        let urls = Urls::of(cluster.home(), port)?;
        let home = cluster.home().path().to_owned();
        let (stop, stop_requested) = channel();
        let thread = std::thread::Builder::new()
            .name("private-postgres".into())
            .spawn(move || supervisor::look_after(&cluster, running, &stop_requested))
            .map_err(StartFailed::file("start the thread that looks after", Path::new("PostgreSQL")))?;
        let caretaker = Some(Caretaker { stop: Some(stop), thread: Some(thread) });
        Ok(Self { urls, port, home, caretaker, _disposal: disposal, _tenancy: tenancy })
    }

    /// Whether this handle looks after PostgreSQL, or only uses one that another `omklap` looks
    /// after.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        self.caretaker.is_some()
    }
}

/// The thread that starts PostgreSQL again when it dies; stops PostgreSQL when dropped.
struct Caretaker {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Caretaker {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the thread that looks after the private PostgreSQL panicked; it may still run");
        }
    }
}
