//! Everything that follows from one trajectory's history and is kept in tables of its own, and what a report changes of it.
//!
//! Read models are derived, not fed: a report derives them from the history before and after, and the difference is written
//! by the statement that writes its events (`docs/adr/0005`).

pub mod contributions;
pub mod figures;
pub mod follow_ups;
pub mod nuisance_cases;
pub mod obligations;
pub(super) mod past_figures;
pub(super) mod stored;
pub mod trajectories;
pub mod worklist;

use std::cmp::Ordering;

use omklap_domain::agreements::{AgreementSets, Assessed, assess, assess_within};
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::History;
use omklap_domain::trajectory::work::steps_to_assess;
use serde::de::value::StrDeserializer;
use serde::de::{DeserializeOwned, IntoDeserializer};
use serde::{Serialize, Serializer};

use contributions::ContributionRow;
use follow_ups::FollowUpRow;
use nuisance_cases::NuisanceCaseRow;
use obligations::ObligationRow;

/// The rows of one trajectory, each list in the order of its keys.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Derived {
    /// What the partners owe and owed.
    pub obligations: Vec<ObligationRow>,
    /// The nuisance cases.
    pub nuisance_cases: Vec<NuisanceCaseRow>,
    /// The checks after the flip.
    pub follow_ups: Vec<FollowUpRow>,
    /// What it adds to the figures: one row.
    pub contributions: Vec<ContributionRow>,
}

/// What is to be written so that one [`Derived`] becomes another. As JSON it is the one parameter of `write_changes!`.
#[derive(Debug, Serialize)]
pub(crate) struct Changes<'r> {
    pub obligations: Change<'r, ObligationRow>,
    pub nuisance_cases: Change<'r, NuisanceCaseRow>,
    pub follow_ups: Change<'r, FollowUpRow>,
    pub contributions: Change<'r, ContributionRow>,
}

/// What changes in one table.
#[derive(Debug, Serialize)]
pub(crate) struct Change<'r, R> {
    /// Rows that are new or say something else.
    pub put: Vec<&'r R>,
    /// Rows that are no more.
    pub gone: Vec<&'r R>,
}

/// A row of a read model.
pub(crate) trait Row: PartialEq {
    /// The order of the keys: equal where both are about the same thing.
    fn by_key(&self, other: &Self) -> Ordering;

    /// From how many events it was derived.
    fn version(&self) -> DerivedFrom;
}

/// The number of events from which a row was derived. Any two are equal, for rows are compared by what they say.
#[derive(Clone, Copy, Debug, Default, Eq)]
pub struct DerivedFrom(pub u64);

impl DerivedFrom {
    /// What a column holds; what is no number of events is none.
    pub(crate) fn read(column: i64) -> Self {
        Self(u64::try_from(column).unwrap_or_default())
    }

    /// Whether it can have been, where there are so many.
    pub(crate) fn fits(self, events: u64) -> bool {
        (1..=events).contains(&self.0)
    }
}

impl PartialEq for DerivedFrom {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Serialize for DerivedFrom {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl Derived {
    /// What follows from a history.
    #[must_use]
    pub fn of(trajectory: TrajectoryId, history: &History, sets: &AgreementSets) -> Self {
        Self::from_assessed(trajectory, history, &assess(history, sets), sets)
    }

    /// What follows from a history, where that takes no more work than it [may](steps_to_assess).
    #[must_use]
    pub fn within_bounds(trajectory: TrajectoryId, history: &History, sets: &AgreementSets) -> Option<Self> {
        let assessed = assess_within(history, sets, steps_to_assess(history.version()))?;
        Some(Self::from_assessed(trajectory, history, &assessed, sets))
    }

    fn from_assessed(
        trajectory: TrajectoryId,
        history: &History,
        assessed: &[Assessed<'_>],
        sets: &AgreementSets,
    ) -> Self {
        let mut derived = Self {
            obligations: obligations::derive(trajectory, history, assessed),
            nuisance_cases: nuisance_cases::derive(trajectory, history, sets),
            follow_ups: follow_ups::derive(trajectory, history, sets),
            contributions: contributions::derive(trajectory, history, assessed, sets),
        };
        derived.in_order();
        derived
    }

    pub(crate) fn in_order(&mut self) {
        self.obligations.sort_unstable_by(Row::by_key);
        self.nuisance_cases.sort_unstable_by(Row::by_key);
        self.follow_ups.sort_unstable_by(Row::by_key);
    }

    /// Leaves out rows that cannot have been derived from so many events, whatever they say.
    pub(crate) fn only_of(&mut self, events: u64) {
        self.obligations.retain(|row| row.version.fits(events));
        self.nuisance_cases.retain(|row| row.version.fits(events));
        self.follow_ups.retain(|row| row.version.fits(events));
        self.contributions.retain(|row| row.version.fits(events));
    }

    /// What makes `before` into this.
    pub(crate) fn changes_since<'r>(&'r self, before: &'r Self) -> Changes<'r> {
        Changes {
            obligations: Change::between(&before.obligations, &self.obligations),
            nuisance_cases: Change::between(&before.nuisance_cases, &self.nuisance_cases),
            follow_ups: Change::between(&before.follow_ups, &self.follow_ups),
            contributions: Change::between(&before.contributions, &self.contributions),
        }
    }

    /// The obligations that are owed now and were not there before.
    pub(crate) fn became_due_since(&self, before: &Self) -> Vec<ObligationRow> {
        let is_new = |row: &&ObligationRow| {
            row.is_open() && before.obligations.binary_search_by(|other| other.by_key(row)).is_err()
        };
        self.obligations.iter().filter(is_new).cloned().collect()
    }
}

impl Changes<'_> {
    pub fn is_empty(&self) -> bool {
        self.obligations.is_empty()
            && self.nuisance_cases.is_empty()
            && self.follow_ups.is_empty()
            && self.contributions.is_empty()
    }
}

impl Changes<'_> {
    /// The common table expressions that write this, given as JSON in this parameter. A table in which nothing changes is not
    /// named: what is not asked costs nothing.
    pub fn written_by(&self, parameter: &str) -> String {
        let parts = [
            self.obligations.written_by(&OBLIGATIONS),
            self.nuisance_cases.written_by(&NUISANCE_CASES),
            self.follow_ups.written_by(&FOLLOW_UPS),
            self.contributions.written_by(&CONTRIBUTIONS),
        ];
        let parts: Vec<&str> = parts.into_iter().flatten().flatten().collect();
        parts.join(", ").replace("{changes}", parameter)
    }
}

impl<'r, R: Row> Change<'r, R> {
    /// Walks along both lists, which are in the order of their keys.
    pub fn between(before: &'r [R], after: &'r [R]) -> Self {
        let mut change = Self { put: Vec::new(), gone: Vec::new() };
        let mut before = before.iter().peekable();
        for row in after {
            while let Some(gone) = before.next_if(|other| other.by_key(row).is_lt()) {
                change.gone.push(gone);
            }
            match before.next_if(|other| other.by_key(row).is_eq()) {
                Some(same) if same == row => {}
                _ => change.put.push(row),
            }
        }
        change.gone.extend(before);
        change
    }
}

impl<R> Change<'_, R> {
    /// Leaves everything as it is.
    pub fn forget(&mut self) {
        self.put.clear();
        self.gone.clear();
    }

    pub fn is_empty(&self) -> bool {
        self.put.is_empty() && self.gone.is_empty()
    }

    fn written_by(&self, writing: &Writing) -> [Option<&'static str>; 2] {
        [(!self.put.is_empty()).then_some(writing.put), (!self.gone.is_empty()).then_some(writing.gone)]
    }
}

/// The common table expressions that write a change in one table; `{changes}` is the parameter that holds [`Changes`] as JSON.
///
/// Rows are put with `ON CONFLICT`, so that a row which a rebuild has just made is found, too.
struct Writing {
    put: &'static str,
    gone: &'static str,
}

const OBLIGATIONS: Writing = Writing {
    put: "put_obligations AS (
        INSERT INTO obligations
        SELECT * FROM jsonb_populate_recordset(NULL::obligations, {changes}->'obligations'->'put')
        ON CONFLICT (trajectory_id, obligation, started_by, part) DO UPDATE SET
            version = excluded.version, agreement_set = excluded.agreement_set, agreement = excluded.agreement,
            month = excluded.month, reference = excluded.reference, started_on = excluded.started_on,
            owed_by = excluded.owed_by, due_on = excluded.due_on, closed_as = excluded.closed_as,
            closed_on = excluded.closed_on, left_undone = excluded.left_undone, evidence = excluded.evidence,
            region = excluded.region, municipality = excluded.municipality,
            care_provider = excluded.care_provider, corporation = excluded.corporation,
            seen_by = excluded.seen_by
    )",
    gone: "gone_obligations AS (
        DELETE FROM obligations USING jsonb_populate_recordset(NULL::obligations, {changes}->'obligations'->'gone') AS gone
        WHERE (obligations.trajectory_id, obligations.obligation, obligations.started_by, obligations.part)
            = (gone.trajectory_id, gone.obligation, gone.started_by, gone.part)
    )",
};

const NUISANCE_CASES: Writing = Writing {
    put: "put_nuisance_cases AS (
        INSERT INTO nuisance_cases
        SELECT * FROM jsonb_populate_recordset(NULL::nuisance_cases, {changes}->'nuisance_cases'->'put')
        ON CONFLICT (trajectory_id, case_id) DO UPDATE SET
            version = excluded.version, kind = excluded.kind, reported_on = excluded.reported_on,
            level = excluded.level, level_since = excluded.level_since, landlord = excluded.landlord,
            stand = excluded.stand, stand_since = excluded.stand_since, quiet_until = excluded.quiet_until,
            next_due_on = excluded.next_due_on, next_by = excluded.next_by
    )",
    gone: "gone_nuisance_cases AS (
        DELETE FROM nuisance_cases USING jsonb_populate_recordset(NULL::nuisance_cases, {changes}->'nuisance_cases'->'gone') AS gone
        WHERE (nuisance_cases.trajectory_id, nuisance_cases.case_id) = (gone.trajectory_id, gone.case_id)
    )",
};

const FOLLOW_UPS: Writing = Writing {
    put: "put_follow_ups AS (
        INSERT INTO follow_ups
        SELECT * FROM jsonb_populate_recordset(NULL::follow_ups, {changes}->'follow_ups'->'put')
        ON CONFLICT (trajectory_id, month) DO UPDATE SET
            version = excluded.version, flipped_on = excluded.flipped_on, due_on = excluded.due_on,
            planned = excluded.planned, held_on = excluded.held_on, tenancy = excluded.tenancy,
            resident = excluded.resident, missed_on = excluded.missed_on, outcome = excluded.outcome,
            ended_on = excluded.ended_on
    )",
    gone: "gone_follow_ups AS (
        DELETE FROM follow_ups USING jsonb_populate_recordset(NULL::follow_ups, {changes}->'follow_ups'->'gone') AS gone
        WHERE (follow_ups.trajectory_id, follow_ups.month) = (gone.trajectory_id, gone.month)
    )",
};

const CONTRIBUTIONS: Writing = Writing {
    put: "put_contributions AS (
        INSERT INTO contributions
        SELECT * FROM jsonb_populate_recordset(NULL::contributions, {changes}->'contributions'->'put')
        ON CONFLICT (trajectory_id) DO UPDATE SET
            version = excluded.version, region = excluded.region, contribution = excluded.contribution
    )",
    gone: "gone_contributions AS (
        DELETE FROM contributions USING jsonb_populate_recordset(NULL::contributions, {changes}->'contributions'->'gone') AS gone
        WHERE contributions.trajectory_id = gone.trajectory_id
    )",
};

/// What a column says in one of our own words.
pub(crate) fn word<T: DeserializeOwned>(text: &str) -> Result<T, sqlx::Error> {
    let text: StrDeserializer<'_, serde::de::value::Error> = text.into_deserializer();
    T::deserialize(text).map_err(|error| sqlx::Error::Decode(error.into()))
}
