//! The ledger: record what happened, read it back.

use std::sync::{Arc, Mutex, OnceLock};

use cqrs_es::{AggregateError, CqrsFramework};
use jiff::Timestamp;
use omklap_domain::agreements::AgreementSets;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::aggregate::{NotAdmitted, Reported};
use omklap_domain::trajectory::work::Work;
use omklap_domain::trajectory::{History, Refused};
use omklap_domain::visibility::{View, Viewer, reportable, view, withhold_reasons};
use sqlx::postgres::PgRow;
use sqlx::{PgPool, QueryBuilder};
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;

use crate::background::{EACH_EVENT, Waiting, apart, done, spend};
use crate::error::StoreError;
use crate::events::event::{RecordedEvent, columns};
use crate::events::upcasters::Upcasters;
use crate::opaque_tokens;
use crate::read_models::Derived;
use crate::read_models::past_figures::PastFigures;
use crate::read_models::stored::StoredRows;
use crate::read_models::trajectories;
use crate::read_models::trajectories::{Filter, Summary};
use crate::record::load::{Done, Loaded};
use crate::record::report::{Once, RecordError, Recorded, Report, Seen, Target};
use crate::record::unit_of_work::UnitOfWork;
use crate::vault::OperatorKey;

/// How often a report is tried anew because another one came first. Each time somebody got further.
const ATTEMPTS: u32 = 10;

/// So many facts at once are recorded on the thread that answers.
const FEW: usize = 50;

/// On so long a history as well. A trajectory of eight years has some hundred facts.
const LONG: u64 = 1_000;

/// The shared case ledger. Clones are the same ledger.
#[derive(Clone)]
pub struct Ledger {
    pub(crate) pool: PgPool,
    pub(crate) operator_key: Arc<OperatorKey>,
    pub(crate) sets: Arc<AgreementSets>,
    /// By what the rows of the read models are derived: the same sets.
    derives_by: Arc<AgreementSets>,
    pub(crate) upcasters: Arc<Upcasters>,
    pub(crate) past_figures: Arc<PastFigures>,
}

/// One trajectory's events, in the order of recording.
#[derive(Clone, Debug, PartialEq)]
pub struct Stream {
    /// The trajectory.
    pub trajectory: TrajectoryId,
    /// What was recorded, from number 1, without a gap.
    pub events: Vec<RecordedEvent>,
}

impl Stream {
    /// The version: the number of events.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.events.len() as u64
    }

    /// The history that these events tell.
    #[must_use]
    pub fn history(&self) -> History {
        self.history_until(self.version())
    }

    /// The history that the events up to this number tell.
    #[must_use]
    pub fn history_until(&self, sequence: u64) -> History {
        let told = self.events.iter().take_while(|event| event.sequence <= sequence);
        History::from(told.map(|event| event.fact.clone()).collect::<Vec<_>>())
    }
}

impl Ledger {
    /// The ledger in this database. The pool comes from [`connect`](crate::connect).
    #[must_use]
    pub fn new(pool: PgPool, operator_key: OperatorKey, sets: Arc<AgreementSets>) -> Self {
        Self {
            pool,
            operator_key: Arc::new(operator_key),
            derives_by: Arc::clone(&sets),
            sets,
            upcasters: Arc::new(Upcasters::new()),
            past_figures: Arc::default(),
        }
    }

    /// The same ledger without read models: what a report costs beside what they cost, for benchmarks.
    #[cfg(feature = "scratch")]
    #[must_use]
    pub fn deriving_nothing(self) -> Self {
        Self { derives_by: Arc::default(), ..self }
    }

    pub(crate) fn operator_key(&self) -> &OperatorKey {
        &self.operator_key
    }

    /// The agreement sets by which this ledger judges.
    #[must_use]
    pub fn sets(&self) -> &AgreementSets {
        &self.sets
    }

    /// Records facts, all or none, in two round trips to the database.
    ///
    /// # Errors
    /// Why nothing was recorded. After [`StoreError::Unavailable`] it may have been; a repeat with the same
    /// idempotency key tells.
    pub async fn record(&self, report: Report) -> Result<Recorded, RecordError> {
        if report.facts.len() <= FEW {
            return Box::pin(self.record_for(&Waiting::default().0, report)).await;
        }
        // Many facts keep a thread busy: it is none of those that answer.
        let (ledger, runtime) = (self.clone(), Handle::current());
        apart(move |work| runtime.block_on(ledger.record_for(work, report))).await
    }

    async fn record_for(&self, work: &Work, report: Report) -> Result<Recorded, RecordError> {
        for _ in 0..ATTEMPTS {
            match self.attempt(work, &report).await {
                Err(RecordError::Store(StoreError::Database(error))) if another_came_first(&error) => {}
                Err(RecordError::Refused(refused)) => return Err(self.refused_to(&report, refused).await?),
                settled => return settled,
            }
        }
        Err(RecordError::Crowded)
    }

    async fn attempt(&self, work: &Work, report: &Report) -> Result<Recorded, RecordError> {
        let once = report.once.as_ref().filter(|_| !report.dry_run).map(|once| once.kept(&self.operator_key));
        let loaded = self.load_for_report(report, once.as_ref()).await?;
        if let (Some(once), Some(done)) = (&once, &loaded.done) {
            if done.request_hash != once.request_hash {
                return Err(RecordError::KeyReused);
            }
            return self.recorded_before(done, report.reporter.as_ref()).await;
        }
        if loaded.history.version() <= LONG || report.facts.len() > FEW {
            return self.decide(work, report, once.as_ref(), loaded).await;
        }
        let (ledger, report, runtime) = (self.clone(), report.clone(), Handle::current());
        let work = work.clone();
        let decide = move || runtime.block_on(ledger.decide(&work, &report, once.as_ref(), loaded));
        done(spawn_blocking(decide).await)
    }

    /// Whether the facts are admitted on what was loaded, and if so, writes them.
    async fn decide(
        &self,
        work: &Work,
        report: &Report,
        once: Option<&Once>,
        loaded: Loaded,
    ) -> Result<Recorded, RecordError> {
        report.is_known(&loaded.history)?;
        holds(report.trajectory, &loaded.recorded_at, &self.operator_key)?;
        report.is_theirs(&loaded.history)?;
        report.names_partners(&loaded.history, &self.sets)?;
        report.may_be_tried(&loaded.history)?;

        let recorded = OnceLock::new();
        let unit_of_work = UnitOfWork {
            pool: &self.pool,
            operator_key: &self.operator_key,
            upcasters: &self.upcasters,
            sets: &self.derives_by,
            before: Derived::of(report.trajectory.id(), &loaded.history, &self.derives_by),
            report,
            work,
            once,
            loaded: Mutex::new(Some(loaded)),
            recorded: &recorded,
        };
        let reported = Reported { facts: report.facts.clone(), today: report.today, work: work.clone() };
        CqrsFramework::new(unit_of_work, vec![], Arc::clone(&self.sets))
            .execute_with_metadata(
                &report.trajectory.id().to_string(),
                reported,
                report.metadata.clone().into_iter().collect(),
            )
            .await
            .map_err(told_apart)?;
        Ok(recorded.into_inner().expect("the frame has committed"))
    }

    /// A refusal as its reporter may see it. The history is read again for every refusal of an existing trajectory, whatever
    /// the reason, so that the time it takes says nothing of the reason.
    async fn refused_to(
        &self,
        report: &Report,
        mut refused: Box<Refused>,
    ) -> Result<RecordError, StoreError> {
        if let Some(reporter) = report.has_to_know() {
            let known = self.load_known_to(reporter, report.trajectory.id()).await?;
            let Some((stream, view)) = known else { return Ok(RecordError::NotFound) };
            let mut history = stream.history();
            withhold_reasons(&view, &history, &mut refused);
            if let Some((fact, before)) = report.facts.get(..=refused.index).and_then(<[_]>::split_last) {
                for fact in before {
                    history.record(fact.clone());
                }
                let admits = std::mem::take(&mut refused.admits);
                refused.admits = reportable(reporter, &view, &history, fact.occurred_on(), admits);
            }
        }
        Ok(RecordError::Refused(refused))
    }

    /// A connection that broke while resting is found out by the first who uses it, who has written nothing yet.
    async fn load_for_report(&self, report: &Report, once: Option<&Once>) -> Result<Loaded, StoreError> {
        let known_to = report.has_to_know();
        let load = || Loaded::load(&self.pool, &self.upcasters, report.trajectory.id(), once, known_to);
        match load().await {
            Err(StoreError::Unavailable(sqlx::Error::Io(_) | sqlx::Error::Database(_))) => load().await,
            loaded => loaded,
        }
    }

    /// The answer that was given before: told anew from the stream, which has not changed since. Who may not know of the
    /// trajectory any more is told nothing.
    async fn recorded_before(&self, done: &Done, reporter: Option<&Viewer>) -> Result<Recorded, RecordError> {
        let stream = match reporter {
            Some(reporter) => self.load_known_to(reporter, done.trajectory).await?.map(|(stream, _)| stream),
            None => self.load(done.trajectory).await?,
        };
        let mut stream = stream.ok_or(RecordError::NotFound)?;
        let moved_on = Some(Box::new(stream.history()));
        stream.events.retain(|event| event.sequence <= done.version);
        let (history, before) = (stream.history(), stream.history_until(done.first_sequence - 1));
        let before = Derived::of(done.trajectory, &before, &self.sets);
        let told = stream.events.iter().filter(|event| event.sequence >= done.first_sequence);
        Ok(Recorded {
            trajectory: done.trajectory,
            first_sequence: done.first_sequence,
            event_ids: told.map(|event| event.event_id).collect(),
            recorded_at: done.recorded_at,
            became_due: Derived::of(done.trajectory, &history, &self.sets).became_due_since(&before),
            history,
            moved_on,
        })
    }

    /// Everything recorded of a trajectory that a viewer may know of, with what the viewer sees of it now. None where there is no
    /// such trajectory and where the viewer may not know of it: the one takes as long as the other.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub async fn load_known_to(
        &self,
        viewer: &Viewer,
        trajectory: TrajectoryId,
    ) -> Result<Option<(Stream, View)>, StoreError> {
        let mut query = QueryBuilder::new(concat!(
            "SELECT ",
            columns!(),
            " FROM events WHERE aggregate_type = 'trajectory' AND aggregate_id = "
        ));
        query.push_bind(trajectory.to_string()).push(" AND ");
        trajectories::is_known(trajectory, viewer, &mut query);
        query.push(" ORDER BY sequence");
        let rows = query.build().fetch_all(&self.pool).await?;
        let Some(stream) = self.stream(trajectory, &rows)? else { return Ok(None) };
        let sight = view(viewer, trajectory, &stream.history());
        Ok(sight.knows().then_some((stream, sight)))
    }

    /// Everything recorded of a trajectory; none where there is no such trajectory.
    ///
    /// # Errors
    /// Where the database is out of reach, or holds an event that this program cannot read.
    pub async fn load(&self, trajectory: TrajectoryId) -> Result<Option<Stream>, StoreError> {
        let rows = sqlx::query(concat!(
            "SELECT ",
            columns!(),
            " FROM events WHERE aggregate_type = 'trajectory' AND aggregate_id = $1 ORDER BY sequence"
        ))
        .bind(trajectory.to_string())
        .fetch_all(&self.pool)
        .await?;
        self.stream(trajectory, &rows)
    }

    fn stream(&self, trajectory: TrajectoryId, rows: &[PgRow]) -> Result<Option<Stream>, StoreError> {
        spend(rows.len() as u64 * EACH_EVENT);
        let events = rows
            .iter()
            .map(|row| RecordedEvent::read(row, &self.upcasters))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(if events.is_empty() { None } else { Some(Stream { trajectory, events }) })
    }

    /// What the read models hold of a trajectory.
    ///
    /// # Errors
    /// Where the database is out of reach.
    pub async fn derived_rows(&self, trajectory: TrajectoryId) -> Result<Derived, StoreError> {
        let mut connection = self.pool.acquire().await?;
        Ok(StoredRows::of_one(&mut connection, trajectory).await?.read_all()?.derived)
    }

    /// What was known of a trajectory at an instant; none where nothing was.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub async fn load_known_at(
        &self,
        trajectory: TrajectoryId,
        at: Timestamp,
    ) -> Result<Option<Stream>, StoreError> {
        let stream = self.load(trajectory).await?.map(|mut stream| {
            let known = stream.events.partition_point(|event| event.recorded_at <= at);
            stream.events.truncate(known);
            stream
        });
        Ok(stream.filter(|stream| !stream.events.is_empty()))
    }

    /// A page of trajectories in the order of their ids, after the last one of the page before.
    ///
    /// # Errors
    /// Where the database is out of reach.
    pub async fn list(
        &self,
        filter: &Filter,
        after: Option<TrajectoryId>,
        limit: u32,
    ) -> Result<Vec<Summary>, StoreError> {
        trajectories::list(&self.pool, filter, after, limit).await
    }

    /// Forgets the keys of reports that were recorded before this instant, and of subscriptions that were made before it: a
    /// repeat of one is a new one then. Answers how many of reports.
    ///
    /// # Errors
    /// Where the database is out of reach.
    pub async fn forget_keys_before(&self, instant: Timestamp) -> Result<u64, StoreError> {
        let forget = sqlx::query(
            "WITH made AS (UPDATE subscriptions SET once_key = NULL, request_hash = NULL
                           WHERE once_key IS NOT NULL AND created_at < $1)
             DELETE FROM idempotency_keys WHERE recorded_at < $1",
        );
        let forgotten = forget.bind(jiff_sqlx::Timestamp::from(instant)).execute(&self.pool).await?;
        Ok(forgotten.rows_affected())
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// Where it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }
}

/// Whether the trajectory is there, and at the version that the caller has seen. `recorded_at` is when each version was made.
fn holds(target: Target, recorded_at: &[Timestamp], key: &OperatorKey) -> Result<(), RecordError> {
    let version = recorded_at.len() as u64;
    match (target, version) {
        (Target::New(_), 0) => Ok(()),
        (Target::New(_), _) => Err(RecordError::AlreadyOpened),
        (Target::Existing { .. }, 0) => Err(RecordError::NotFound),
        (Target::Existing { seen: Seen::Any, .. }, _) => Ok(()),
        (Target::Existing { id, seen: Seen::Version(seen, tag) }, _) => {
            let at = usize::try_from(seen).ok().and_then(|seen| recorded_at.get(seen.checked_sub(1)?));
            let was_recorded_here = at.is_some_and(|at| opaque_tokens::tag(key, id, seen, *at) == tag);
            match was_recorded_here {
                false => Err(RecordError::NotTheLedgerSeen),
                true if seen != version => Err(RecordError::Stale { version }),
                true => Ok(()),
            }
        }
    }
}

/// The frame wraps what the unit of work says; this takes it out again.
fn told_apart(error: AggregateError<NotAdmitted>) -> RecordError {
    match error {
        AggregateError::UserError(NotAdmitted::Refused(refused)) => RecordError::Refused(refused),
        AggregateError::UserError(NotAdmitted::TooMuchWork { index }) => RecordError::TooMuchWork { index },
        AggregateError::UserError(NotAdmitted::Full) => RecordError::Full,
        AggregateError::UserError(NotAdmitted::GivenUp) => RecordError::GivenUp,
        AggregateError::UnexpectedError(error) => *error
            .downcast::<RecordError>()
            .expect("the unit of work fails with a RecordError and nothing else"),
        other => unreachable!("the unit of work does not fail with {other}"),
    }
}

/// Another report took the same version or idempotency key (23505), the data key was erased (23503), or PostgreSQL chose
/// this transaction to give way (40001, 40P01). Nothing was written; loading again tells which.
fn another_came_first(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| ["23505", "23503", "40001", "40P01"].contains(&code.as_ref()))
}
