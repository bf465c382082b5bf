//! `omklap serve`.

use std::error::Error;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::pin::pin;
use std::process::ExitCode;
use std::sync::Arc;

use actix_web::dev::ServerHandle;
use clap::Args;
use omklap_store::{CheckpointSigner, Ledger, Login, Organisations};
use reqwest::Url;
use rustls::ServerConfig;
use tokio::task::JoinSet;
use tracing::{info, warn};

use super::demo;
use super::exit::CommandResult;
use super::ledger_keys;
use super::remote::Remote;
use super::server_file::Announcement;
use super::signals::Signals;
use crate::auth::{Budget, DevelopmentIssuer, Issuer, Rate, SignIn};
use crate::clock::Clock;
use crate::config::{Config, Listen, MetricsListen};
use crate::database::waiting::Waiting;
use crate::database::{Database, DatabaseError};
use crate::http::{self, Listening, Patience, Services, Transparency, tls};
use crate::jobs::restored_copy::CopyState;
use crate::jobs::{checkpoints, deadlines, housekeeping, restored_copy};
use crate::webhooks;
use crate::webhooks::Messaging;
use crate::witnesses::Witnesses;

/// Start the server, with a private database if none is configured
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Where to listen, instead of the setting `listen`
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// A proxy in front of this server terminates TLS: allow plain HTTP on any address
    #[arg(long)]
    behind_proxy: bool,
    /// Report the demo cases once the server answers, as `omklap demo` does
    #[arg(long)]
    demo: bool,
    /// This database was restored from a backup: answer reads, but record, sign and send nothing
    /// until `omklap restored confirm`
    #[arg(long)]
    restored: bool,
}

impl Serve {
    pub(super) async fn run(self, mut config: Config) -> CommandResult {
        config.listen = self.listen.unwrap_or(config.listen);
        config.behind_proxy |= self.behind_proxy;
        let listen = config.listening()?;
        if self.demo && !config.issuers.is_empty() {
            return Err("--demo needs the built-in development issuer, and this server trusts another issuer: use `omklap demo` with a token".into());
        }
        let tls = listen.tls.as_ref().map(|(certificate, key)| tls::config(certificate, key)).transpose()?;
        check_addresses(&config)?;
        // Before anything is started, so that a signal that comes while PostgreSQL starts still
        // stops it cleanly.
        let mut signals = Signals::listen()?;
        let database = tokio::select! {
            opened = Database::open(&config) => opened?,
            // A private PostgreSQL that is just being started stops when its start has ended.
            signal = signals.stop_requested() => {
                info!(%signal, "stopping");
                return Ok(ExitCode::SUCCESS);
            }
        };
        if database.login != Login::Program {
            warn!(
                "the login of this server may change and remove what was recorded, and so may an attacker who runs SQL in it; \
                 give it one that may not, and the owner's as database_owner_url to the commands that need it"
            );
        }
        let served = self.answer(&config, &database, (listen, tls), &mut signals).await;
        database.close().await;
        served.map(|()| ExitCode::SUCCESS)
    }

    /// Serves requests until a signal arrives, then lets running requests finish.
    async fn answer(
        &self,
        config: &Config,
        database: &Database,
        listen: (Listen, Option<ServerConfig>),
        signals: &mut Signals,
    ) -> Result<(), Box<dyn Error>> {
        let waiting: Waiting<Box<dyn Error>> = Waiting {
            at_most: config.database_wait(),
            as_error: AsRef::as_ref,
            late: |after| DatabaseError::Late(after).into(),
        };
        let prepared = tokio::select! {
            prepared = waiting.for_database(async || self.prepare(config, database).await) => prepared?,
            signal = signals.stop_requested() => {
                info!(%signal, "stopping");
                return Ok(());
            }
        };
        serve(config, database, listen, self.demo, signals, prepared).await
    }

    /// What a server needs from its database before it can answer.
    async fn prepare(&self, config: &Config, database: &Database) -> Result<Prepared, Box<dyn Error>> {
        let pool = database.pool.clone();
        let keys = ledger_keys::open(config, database).await?;
        let ledger = Ledger::new(pool.clone(), keys.operator, Arc::new(config.agreement_sets()?));
        ledger.check_operator_key().await?;
        ledger.keep_to_its_sets(Clock::running().now()).await?;
        let signer = checkpoints::of(config, pool.clone(), ledger.mac_key(), keys.ledger)?;
        let copy = restored_copy::at_start(&pool, &signer.checkpoints_file, self.restored).await?;
        Ok(Prepared { ledger: Arc::new(ledger), signer: Arc::new(signer), copy })
    }
}

/// What was read from the database.
struct Prepared {
    ledger: Arc<Ledger>,
    signer: Arc<CheckpointSigner>,
    copy: CopyState,
}

async fn serve(
    config: &Config,
    database: &Database,
    (listen, tls): (Listen, Option<ServerConfig>),
    demo: bool,
    signals: &mut Signals,
    Prepared { ledger, signer, copy }: Prepared,
) -> Result<(), Box<dyn Error>> {
    let clock = Clock::running();
    let sign_in = Arc::new(sign_in(config, Organisations::new(database.pool.clone()), clock.clone())?);
    let settings = config.messaging()?;
    for setting in settings.left_as_examples().into_iter().filter(|_| !config.issuers.is_empty()) {
        warn!("{setting} still has its example value, which partners receive in every message");
    }
    let messaging = Messaging::new(Arc::clone(&ledger), settings);
    let calls_issuers = reqwest::Client::builder().pool_idle_timeout(http::page::IDLE);
    let calls_issuers = config.authorities()?.believed_by(calls_issuers).build()?;
    let page = config.page(calls_issuers)?;
    let transparency = transparency(config)?;
    let (pool, origins) = (database.pool.clone(), listen.origins);
    let services = Services {
        ledger,
        signer,
        pool,
        sign_in,
        clock,
        messaging,
        origins,
        copy,
        transparency,
        page,
        patience: Patience::default(),
    };
    let on = listen.address;
    let scheme = if tls.is_some() { "https" } else { "http" };
    // Before the jobs: if the address is in use, no job is started.
    let Listening { address, server } =
        http::serve(services.clone(), on, tls).map_err(|error| cannot_listen(on, &error))?;
    let metrics = metrics(config, &services)?;
    info!("listening on {scheme}://{address}");
    let own_url = Config { listen: address, ..config.clone() }.own_url();
    let announcement = Announcement::make(&config.data, &own_url);
    let mut jobs = jobs(config, &services);
    let handle = server.handle();
    let server = tokio::spawn(server);
    let demonstration = async {
        if !demo {
            return Ok::<_, Box<dyn Error>>(());
        }
        let own = Url::parse(&format!("{scheme}://{address}")).expect("an address is one of a URL");
        demo::report_stories(&Remote::developing(own), config).await?;
        if let Some(shell) = database.in_a_shell() {
            demo::say_how_to_tamper(&shell);
        }
        Ok(())
    };
    let demonstration = pin!(demonstration);
    let ended: Result<(), Box<dyn Error>> = tokio::select! {
        signal = signals.stop_requested() => {
            info!(%signal, "stopping");
            Ok(())
        }
        // The cause is in the log. A server that looks healthy but does half its work is worse than
        // none.
        Some(_) = jobs.join_next() => Err("a background job ended unexpectedly".into()),
        Err(refusal) = demonstration => Err(format!("the demo cases were not recorded: {refusal}").into()),
    };
    drop(announcement);
    services.messaging.feed_watch.end();
    jobs.shutdown().await;
    handle.stop(true).await;
    server.await??;
    checkpoints::sign_the_rest(&services).await;
    if let Some(metrics) = metrics {
        metrics.stop(false).await;
    }
    ended
}

/// Who else sees and signs the log.
fn transparency(config: &Config) -> Result<Transparency, Box<dyn Error>> {
    let client = config.authorities()?.believed_by(reqwest::Client::builder());
    let client = client.redirect(reqwest::redirect::Policy::none()).build()?;
    let witnesses = Arc::new(Witnesses::new(config.witnesses()?, client));
    Ok(Transparency { public_log: config.public_log, witnesses })
}

/// Checks that the configured addresses are free before a database, a folder or a key is created
/// for a server that could not listen.
///
/// The sockets are closed again, so that callers are refused while the database opens instead of
/// waiting in a queue. If another program takes an address meanwhile, the server stops when it
/// tries to listen.
fn check_addresses(config: &Config) -> Result<(), String> {
    let _ours = TcpListener::bind(config.listen).map_err(|error| cannot_listen(config.listen, &error))?;
    if let Some(MetricsListen::On(on)) = config.metrics_listen {
        TcpListener::bind(on).map_err(|error| format!("metrics_listen: {}", cannot_listen(on, &error)))?;
    }
    Ok(())
}

fn cannot_listen(on: SocketAddr, error: &io::Error) -> String {
    format!("cannot listen on {on}: {error}")
}

/// Serves the metrics for Prometheus beside the API. Of several servers on one machine, only the
/// first gets the default address; a configured address must be free.
fn metrics(config: &Config, services: &Services) -> Result<Option<ServerHandle>, String> {
    let (on, is_set) = match config.metrics_listen {
        Some(MetricsListen::Off) => return Ok(None),
        Some(MetricsListen::On(address)) => (address, true),
        None => (MetricsListen::USUAL, false),
    };
    match http::middleware::metrics::serve(services.pool.clone(), on) {
        Ok(Listening { address, server }) => {
            info!("metrics on http://{address}/metrics");
            let handle = server.handle();
            tokio::spawn(server);
            Ok(Some(handle))
        }
        Err(error) if is_set => Err(format!("metrics_listen: {}", cannot_listen(on, &error))),
        Err(error) => {
            warn!(
                "this server serves no metrics: {}; metrics at that address are not its own; \
                 set metrics_listen to a free address, or to \"off\"",
                cannot_listen(on, &error)
            );
            Ok(None)
        }
    }
}

/// The background jobs of this server. They run until it stops.
fn jobs(config: &Config, services: &Services) -> JoinSet<()> {
    let Services { ledger, signer, pool, clock, messaging, copy, transparency, .. } = services.clone();
    let (pace, key_days) = (checkpoints::pace(config), config.idempotency_days);
    let mut jobs = JoinSet::new();
    jobs.spawn(restored_copy::watch(copy.clone(), pool.clone()));
    jobs.spawn(housekeeping::run(Arc::clone(&ledger), pool.clone(), clock.clone(), key_days));
    // These jobs act for the ledger: on a restored copy they wait until an operator confirms it.
    let deadlines = (Arc::clone(&ledger), pool.clone(), clock.clone());
    jobs.spawn(copy.clone().while_real(move || {
        let (ledger, pool, clock) = deadlines.clone();
        deadlines::report(ledger, pool, clock)
    }));
    if !transparency.witnesses.is_empty() {
        let asking = (Arc::clone(&signer), transparency.witnesses);
        jobs.spawn(copy.clone().while_real(move || {
            let (signer, witnesses) = asking.clone();
            checkpoints::ask_witnesses(signer, witnesses)
        }));
    }
    let signing = (Arc::clone(&ledger), signer, clock.clone());
    jobs.spawn(copy.clone().while_real(move || {
        let (ledger, signer, clock) = signing.clone();
        checkpoints::sign(ledger, signer, pace, clock)
    }));
    let sending = (ledger, pool, clock, messaging);
    jobs.spawn(copy.while_real(move || {
        let (ledger, pool, clock, messaging) = sending.clone();
        webhooks::supervisor::deliver(ledger, pool, clock, messaging)
    }));
    jobs
}

/// Authentication by the issuers in the settings, or by the built-in issuer if there are none.
fn sign_in(config: &Config, organisations: Organisations, clock: Clock) -> Result<SignIn, Box<dyn Error>> {
    let (rate, budget) = (Rate::of(config.requests_per_second), Budget::of(config.work_per_second));
    if config.issuers.is_empty() {
        info!(
            "only the built-in issuer is trusted, and it issues a token to every caller: for development only"
        );
        let issuer = DevelopmentIssuer::from_file(&config.development_key_file())?;
        return Ok(SignIn::developing(issuer, organisations, clock).at_most(rate).working_at_most(budget));
    }
    let authorities = config.authorities()?;
    let issuers = config.issuers.iter().map(|(name, settings)| Issuer::of(name, settings, &authorities));
    Ok(SignIn::trusting(issuers.collect(), organisations, clock).at_most(rate).working_at_most(budget))
}
