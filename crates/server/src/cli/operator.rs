//! An operator who works on the ledger with a command: the counterpart of a partner's request to
//! the server.

use omklap_domain::ids::{OrganisationId, TrajectoryId};
use omklap_domain::trajectory::Fact;
use omklap_domain::visibility::Category;
use omklap_store::access_log::{Accessor, Action, Line, Trace};
use omklap_store::{
    CheckpointSigner, Ledger, Metadata, RecordError, Recorded, Report, Seen, StoreError, Target,
};
use sqlx::PgPool;
use std::error::Error;
use std::sync::Arc;

use super::ledger_keys;
use crate::clock::Clock;
use crate::config::Config;
use crate::database::Database;
use crate::jobs::checkpoints;

/// The organisation and the role of a command. No partner can sign in as either.
const OPERATOR: &str = "operator";

/// The database login with which a command works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rights {
    /// Adding and reading, as the server does.
    OfTheServer,
    /// Also erasing texts and destroying cases.
    OfTheKeeper,
}

/// An operator with access to the ledger.
pub struct Operator {
    /// The ledger.
    pub ledger: Ledger,
    /// The signer of checkpoints and exports.
    pub signer: CheckpointSigner,
    /// The time.
    pub clock: Clock,
    database: Database,
    actor: String,
    purpose: &'static str,
}

impl Operator {
    /// Opens the ledger for this person and purpose.
    ///
    /// # Errors
    /// If there is no database, the rights are missing, the operator's key does not fit, or an
    /// agreement set is faulty.
    pub async fn open(
        config: &Config,
        actor: &str,
        purpose: &'static str,
        rights: Rights,
    ) -> Result<Self, Box<dyn Error>> {
        let database = Database::open(config).await?;
        let pool = match rights {
            Rights::OfTheServer => database.pool.clone(),
            Rights::OfTheKeeper => database.as_keeper().await?,
        };
        let keys = ledger_keys::open(config, &database).await?;
        let ledger = Ledger::new(pool, keys.operator, Arc::new(config.agreement_sets()?));
        let signer = checkpoints::of(config, database.pool.clone(), ledger.mac_key(), keys.ledger)?;
        ledger.check_operator_key().await?;
        let clock = Clock::running();
        Ok(Self { ledger, signer, clock, database, actor: actor.to_owned(), purpose })
    }

    /// Connections as the running program has them.
    #[must_use]
    pub fn pool(&self) -> PgPool {
        self.database.pool.clone()
    }

    /// Rewrites the tables of keys, as their owner, and returns a sentence about the result. Until
    /// then PostgreSQL's files still hold the deleted rows.
    pub async fn rewrite_keys(&self) -> String {
        match omklap_store::rewrite_keys(self.database.as_owner()).await {
            Ok(()) => "the tables of keys were rewritten: their files no longer hold deleted rows".to_owned(),
            Err(error) => format!(
                "the tables of keys could not be rewritten ({error}): as their owner run \
                 VACUUM (FULL) keys.data_keys, and the same for idempotency_keys"
            ),
        }
    }

    /// Reports a fact about the record.
    ///
    /// # Errors
    /// As [`Ledger::record`].
    pub async fn report(
        &self,
        trajectory: TrajectoryId,
        fact: Fact,
        action: Action,
        categories: impl IntoIterator<Item = Category>,
    ) -> Result<Recorded, RecordError> {
        let access = self.line(trajectory, action, categories);
        let report = Report {
            trajectory: Target::Existing { id: trajectory, seen: Seen::Any },
            facts: vec![fact],
            reporter: None,
            metadata: self.metadata(&access),
            recorded_at: self.clock.now(),
            today: self.clock.today(),
            once: None,
            dry_run: false,
            register: None,
            reference: None,
            access,
        };
        self.ledger.record(report).await
    }

    /// Writes to the access log what this operator is about to see.
    ///
    /// # Errors
    /// If the database cannot be reached: then nothing may be shown.
    pub async fn log_reading(&self, trajectory: TrajectoryId, action: Action) -> Result<(), StoreError> {
        self.ledger.log_access(&[self.line(trajectory, action, Category::ALL)]).await
    }

    /// A line of the access log about this operator and one case.
    #[must_use]
    pub fn line(
        &self,
        trajectory: TrajectoryId,
        action: Action,
        categories: impl IntoIterator<Item = Category>,
    ) -> Line {
        let categories = categories.into_iter().map(Category::as_str);
        self.line_about([trajectory].into(), action).of(categories)
    }

    /// A line of the access log about this operator and these cases.
    #[must_use]
    pub fn line_about(&self, trajectories: Vec<TrajectoryId>, action: Action) -> Line {
        Line::new(self.accessor(), action, self.clock.now(), trajectories)
    }

    fn accessor(&self) -> Accessor {
        let trace = Trace::begun_by(self.clock.new_id());
        let [organisation, role, client] = [OPERATOR, OPERATOR, "omklap"].map(str::to_owned);
        let (actor, purpose) = (self.actor.clone(), self.purpose.to_owned());
        Accessor { actor, organisation, role, purpose, client, trace }
    }

    /// A line of the access log that says that this operator registered an organisation.
    #[must_use]
    pub fn line_registering(&self, organisation: OrganisationId) -> Line {
        Line::registering(self.accessor(), self.clock.now(), organisation)
    }

    /// The metadata of an event that this operator reports.
    #[must_use]
    pub fn metadata(&self, access: &Line) -> Metadata {
        let correlation = access.trace_id().to_string();
        let known = [
            ("actor", self.actor.as_str()),
            ("organisation", OPERATOR),
            ("role", OPERATOR),
            ("purpose", self.purpose),
            ("correlationId", &correlation),
        ];
        known.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
    }

    /// Closes the database.
    pub async fn close(self) {
        self.database.close().await;
    }
}
