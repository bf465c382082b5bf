//! A database of its own for each test, on the PostgreSQL that `DATABASE_URL` names.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use sqlx::postgres::{PgConnectOptions, PgPool};
use sqlx::{ConnectOptions, Connection, Executor, PgConnection};
use uuid::Uuid;

use super::login;
use crate::access_log::{Accessor, Line, Trace};
use crate::database;
use crate::events::hash_chain::{Hash, Link};
use crate::events::metadata::Metadata;
use crate::ledger::Ledger;
use crate::organisations::{Before, Organisation, Registration};
use crate::tree::{CheckpointSigner, CheckpointsFile, LedgerKeys, Quorum, Tree};
use crate::vault::OperatorKey;

/// Keeps test processes from making the template at once. It has the two-integer form, as all our
/// locks that are not about positions.
const TEMPLATE_LOCK: &str = "SELECT pg_advisory_lock(28525, 1)";

/// The login of the running program.
const PROGRAM: &str = "omklap_program_of_tests";

static MADE: AtomicU32 = AtomicU32::new(0);

/// A migrated, empty database that is dropped with this value.
#[derive(Debug)]
pub struct ScratchDatabase {
    server: PgConnectOptions,
    name: String,
    pool: PgPool,
}

/// Registers an organisation, as an operator's command does.
///
/// # Panics
/// If it is not registered.
pub async fn registered(ledger: &Ledger, organisation: &Organisation, now: Timestamp) {
    let [actor, operator, purpose, client] = ["tests", "operator", "registry", "omklap"].map(str::to_owned);
    let metadata = Metadata::from([("actor".to_owned(), actor.clone())]);
    let trace = Trace::begun_by(Uuid::from_u128(1));
    let by = Accessor { actor, organisation: operator.clone(), role: operator, purpose, client, trace };
    let access = Line::registering(by, now, organisation.id.clone());
    let before = Before::Anything;
    let registration = Registration { organisation, before, metadata: &metadata, access: &access, now };
    ledger.register(registration).await.expect("registered");
}

impl ScratchDatabase {
    /// A new database, copied from a template that was migrated once.
    ///
    /// # Panics
    /// If `DATABASE_URL` names no server on which databases may be created.
    pub async fn create() -> Self {
        let server = server();
        let name = format!("omklap_test_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        let mut connection = PgConnection::connect_with(&server).await.expect("DATABASE_URL is reachable");
        let template = template(&mut connection, &server).await.expect("a template database");
        for statement in
            [format!("DROP DATABASE IF EXISTS {name}"), format!("CREATE DATABASE {name} TEMPLATE {template}")]
        {
            connection.execute(statement.as_str()).await.expect("databases may be created");
        }
        // In the server's own database: a lock there is a lock for all tests.
        login::let_the_program_in(&server, PROGRAM, &password()).await.expect("logins may be made");
        let pool = database::connect(&as_program(&server).database(&name), 16).await;
        Self { pool: pool.expect("the new database"), server, name }
    }

    /// A copy of this database, with its checkpoints outside. Its own connections are closed, and
    /// every session in it is ended.
    ///
    /// # Panics
    /// If others connect to it meanwhile.
    pub async fn copy(&self) -> Self {
        self.pool.close().await;
        let name = format!("omklap_test_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        let mut connection =
            PgConnection::connect_with(&self.server).await.expect("DATABASE_URL is reachable");
        // A connection that was on its way back to the pool can outlive its closing.
        let left = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1";
        sqlx::query(left)
            .bind(&self.name)
            .execute(&mut connection)
            .await
            .expect("its owner may end sessions");
        let statement = format!("CREATE DATABASE {name} TEMPLATE {}", self.name);
        copied(&mut connection, &statement).await.expect("nobody is connected to it");
        let pool = database::connect(&as_program(&self.server).database(&name), 16).await;
        let copy = Self { pool: pool.expect("the new database"), server: self.server.clone(), name };
        std::fs::copy(self.checkpoints(), copy.checkpoints()).ok();
        copy
    }

    /// The same database with new connections, under the settings that it has now.
    ///
    /// # Panics
    /// If it cannot be reached.
    pub async fn reconnected(mut self) -> Self {
        self.pool.close().await;
        self.pool = database::connect(&self.as_program(), 16).await.expect("it is reachable");
        self
    }

    /// Connections as the running program has them.
    #[must_use]
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// How the running program connects.
    #[must_use]
    pub fn as_program(&self) -> PgConnectOptions {
        as_program(&self.options())
    }

    /// How its owner connects.
    #[must_use]
    pub fn options(&self) -> PgConnectOptions {
        self.server.clone().database(&self.name)
    }

    /// How its owner connects, as a `DATABASE_URL`.
    #[must_use]
    pub fn url(&self) -> String {
        self.options().to_url_lossy().into()
    }

    /// A signer with a new key. Its checkpoints outside are deleted with this value.
    #[must_use]
    pub fn signer(&self) -> CheckpointSigner {
        CheckpointSigner {
            tree: Tree::new(self.pool.clone(), OperatorKey::of_tests().mac_key()),
            keys: LedgerKeys::generate("omklap.example.org/scratch"),
            checkpoints_file: CheckpointsFile::at(&self.checkpoints()),
            quorum: Quorum::default(),
        }
    }

    /// The file of the checkpoints outside the database.
    #[must_use]
    pub fn checkpoints(&self) -> PathBuf {
        std::env::temp_dir().join(format!("{}.ndjson", self.name))
    }

    /// A connection as the database's owner, who may do what the running program may not.
    ///
    /// # Panics
    /// If the database does not exist any more.
    pub async fn as_owner(&self) -> PgConnection {
        PgConnection::connect_with(&self.options()).await.expect("the scratch database")
    }
}

impl Drop for ScratchDatabase {
    /// This also runs when the test panics, so it cannot use the test's runtime and brings its own.
    fn drop(&mut self) {
        std::fs::remove_file(self.checkpoints()).ok();
        let (server, statement) = (self.server.clone(), format!("DROP DATABASE {} WITH (FORCE)", self.name));
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                PgConnection::connect_with(&server).await?.execute(statement.as_str()).await?;
                Ok::<_, sqlx::Error>(())
            })
        });
        if !matches!(dropping.join(), Ok(Ok(()))) {
            tracing::warn!(database = self.name, "a scratch database was left behind");
        }
    }
}

/// Writes an event as if the ledger of a scratch database had admitted it, after the hash of the
/// one before it. Returns its position.
///
/// # Panics
/// If the database refuses it.
pub async fn write_admitted(connection: &mut PgConnection, link: &Link<'_>, previous: &Hash) -> i64 {
    let hash = link.hash(previous);
    sqlx::query_scalar(
        "INSERT INTO events (aggregate_type, aggregate_id, sequence, event_id, event_type, event_version, payload,
                             metadata, recorded_at, previous_hash, hash, mac)
         VALUES ($1, $2, $3, $4, $5, $6, $7::json, $8::json, $9, $10, $11, $12) RETURNING position",
    )
    .bind(link.aggregate_type)
    .bind(link.aggregate_id)
    .bind(link.sequence.cast_signed())
    .bind(link.event_id)
    .bind(link.event_type)
    .bind(link.event_version)
    .bind(&*link.payload)
    .bind(&*link.metadata)
    .bind(jiff_sqlx::Timestamp::from(link.recorded_at))
    .bind(previous.to_vec())
    .bind(hash.to_vec())
    .bind(OperatorKey::of_tests().mac_key().mac(&hash).to_vec())
    .fetch_one(connection)
    .await
    .expect("an event that fits the table")
}

#[expect(clippy::disallowed_methods, reason = "a test has no configuration to ask")]
fn url() -> String {
    std::env::var("DATABASE_URL").expect("these tests need a PostgreSQL: run them with `make test`")
}

fn server() -> PgConnectOptions {
    PgConnectOptions::from_str(&url()).expect("DATABASE_URL is a PostgreSQL URL")
}

fn as_program(owner: &PgConnectOptions) -> PgConnectOptions {
    owner.clone().username(PROGRAM).password(&password())
}

/// The running program's password, the same for every test. It follows from the owner's.
fn password() -> String {
    hex::encode(Sha256::digest(url()))
}

/// The name of the migrated template, which the first test makes. It is named after the migrations,
/// so a changed migration has a template of its own.
async fn template(connection: &mut PgConnection, server: &PgConnectOptions) -> sqlx::Result<String> {
    let name = format!("omklap_template_{:016x}", database::version());
    connection.execute(TEMPLATE_LOCK).await?;
    let exists = "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1 AND datistemplate)";
    if !sqlx::query_scalar::<_, bool>(exists).bind(&name).fetch_one(&mut *connection).await? {
        connection.execute(format!("DROP DATABASE IF EXISTS {name}").as_str()).await?;
        connection.execute(format!("CREATE DATABASE {name}").as_str()).await?;
        database::migrate(&server.clone().database(&name)).await?;
        // No connections are allowed, as a database with connections cannot be copied.
        let close = format!("ALTER DATABASE {name} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false");
        connection.execute(close.as_str()).await?;
    }
    connection.execute("SELECT pg_advisory_unlock_all()").await?;
    Ok(name)
}

/// Copies a database. The server ends a session a moment after its connection was closed, and may
/// clean the tables meanwhile: until then it refuses (SQLSTATE 55006).
async fn copied(connection: &mut PgConnection, statement: &str) -> sqlx::Result<()> {
    let in_use = |error: &sqlx::Error| {
        error.as_database_error().is_some_and(|error| error.code().as_deref() == Some("55006"))
    };
    // Each attempt waits five seconds by itself.
    for _ in 0..6 {
        match connection.execute(statement).await {
            Err(error) if in_use(&error) => tokio::time::sleep(Duration::from_millis(50)).await,
            outcome => return outcome.map(|_| ()),
        }
    }
    connection.execute(statement).await.map(|_| ())
}
