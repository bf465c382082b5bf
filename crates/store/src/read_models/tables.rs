//! The list of the read models, and what is done with all of them.

use std::collections::BTreeMap;

use omklap_domain::agreements::{AgreementSets, Assessed, assess, assess_within};
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::History;
use omklap_domain::trajectory::work::steps_to_assess;
use serde::Serialize;
use sqlx::Row;
use sqlx::postgres::{PgConnection, PgRow};
use uuid::Uuid;

use super::change::{Change, Parts};
use super::contributions::ContributionRow;
use super::difference::{Difference, compare};
use super::follow_ups::FollowUpRow;
use super::holds::HoldRow;
use super::nuisance_cases::NuisanceCaseRow;
use super::obligations::ObligationRow;
use super::read_model::{ReadModel, Source, columns};
use super::rows::{Rows, UnreadableRow, fetch, read_each};
use super::seekers::SeekerRow;
use super::trajectories;

/// Defines everything that has a part for each read model; the list is at its call below. The work
/// itself is done by generic functions over [`ReadModel`].
macro_rules! read_models {
    ($(#[doc = $doc:literal] $variant:ident $table:ident $name:literal: $row:ty;)+) => {
        /// A table of rows that follow from the events.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Table {
            $(#[doc = $doc] $variant,)+
            /// The list of trajectories.
            Trajectories,
        }

        impl Table {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+ Self::Trajectories];

            /// Its name for operators: the table's, with dashes.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                    Self::Trajectories => "trajectories",
                }
            }

            /// Its name in the database.
            pub(crate) fn in_database(self) -> &'static str {
                match self {
                    $(Self::$variant => <$row>::TABLE,)+
                    Self::Trajectories => "trajectories",
                }
            }
        }

        /// The rows of one trajectory, each list in the order of its keys.
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct Derived {
            $(#[doc = $doc] pub $table: Vec<$row>,)+
        }

        /// What turns one [`Derived`] into another. As JSON it is what its [parts](Self::parts) read.
        #[derive(Debug, Serialize)]
        pub(crate) struct Changes<'r> {
            $($table: Change<'r, $row>,)+
        }

        /// The stored rows of some trajectories. They are not decoded yet: that is work for another
        /// thread than the one that fetches.
        #[derive(Default)]
        pub(crate) struct StoredRows {
            pub(super) trajectories: Rows,
            $($table: Rows,)+
        }

        impl Derived {
            fn derive(source: &Source<'_>) -> Self {
                Self { $($table: in_order(<$row>::derive(source)),)+ }
            }

            /// Leaves out rows that cannot have been derived from so many events, whatever they
            /// say.
            pub(crate) fn keep_possible(&mut self, events: u64) {
                $(self.$table.retain(|row| row.version().is_possible(events));)+
            }

            /// What turns `before` into this.
            pub(crate) fn changes_since<'r>(&'r self, before: &'r Self) -> Changes<'r> {
                Changes { $($table: Change::between(&before.$table, &self.$table),)+ }
            }

            /// Every difference between this and the rows that are stored of so many events.
            pub(crate) fn differences_in(&self, stored: &Self, events: u64) -> Vec<Difference> {
                let mut found = Vec::new();
                $(compare(Table::$variant, (&stored.$table, &self.$table), events, &mut found);)+
                found
            }
        }

        impl Changes<'_> {
            pub fn is_empty(&self) -> bool {
                true $(&& self.$table.is_empty())+
            }

            /// Leaves out what belongs to other tables.
            pub fn keep_only(&mut self, tables: &[Table]) {
                $(if !tables.contains(&Table::$variant) {
                    self.$table.clear();
                })+
            }

            /// The parts of a statement that write this.
            pub fn parts(&self) -> Parts {
                let mut parts = Parts::default();
                $(self.$table.add_parts(&mut parts);)+
                parts
            }
        }

        impl StoredRows {
            /// Fetches the rows of the trajectories after one up to another.
            pub async fn fetch(
                connection: &mut PgConnection,
                after: Uuid,
                until: Uuid,
            ) -> Result<Self, sqlx::Error> {
                Ok(Self {
                    trajectories: fetch(trajectories::COLUMNS, "trajectories", connection, after, until).await?,
                    $($table: fetch(&columns::<$row>(), <$row>::TABLE, connection, after, until).await?,)+
                })
            }

            /// The same rows, apart for each trajectory.
            pub fn by_trajectory(self) -> Result<BTreeMap<TrajectoryId, Self>, sqlx::Error> {
                let mut all: BTreeMap<TrajectoryId, Self> = BTreeMap::new();
                for row in self.trajectories {
                    all.entry(trajectory(&row)?).or_default().trajectories.push(row);
                }
                $(for row in self.$table {
                    all.entry(trajectory(&row)?).or_default().$table.push(row);
                })+
                Ok(all)
            }

            /// Reads the rows of one trajectory, except those of the list.
            pub(super) fn read_derived(&self, unreadable: &mut Vec<UnreadableRow>) -> Derived {
                Derived {
                    $($table: in_order(read_each(
                        Table::$variant,
                        &self.$table,
                        <$row>::read,
                        unreadable,
                    )),)+
                }
            }
        }
    };
}

// The list. The table `trajectories` is not in it: its row is what reports on one trajectory queue
// for, so a report writes it first and by itself (`super::trajectories`).
read_models! {
    /// The obligations of the partners.
    Obligations obligations "obligations": ObligationRow;
    /// The nuisance cases.
    NuisanceCases nuisance_cases "nuisance-cases": NuisanceCaseRow;
    /// The checks after the flip.
    FollowUps follow_ups "follow-ups": FollowUpRow;
    /// The homes that are held by an offer or a lease.
    Holds holds "holds": HoldRow;
    /// The client as a seeker, one row for each audience.
    Seekers seekers "seekers": SeekerRow;
    /// The contribution to the figures: one row.
    Contributions contributions "contributions": ContributionRow;
}

impl Derived {
    /// The rows that follow from a history.
    #[must_use]
    pub fn of(trajectory: TrajectoryId, history: &History, sets: &AgreementSets) -> Self {
        Self::from_assessed(trajectory, history, &assess(history, sets), sets)
    }

    /// The same; none if that takes more work than it [may](steps_to_assess).
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
        Self::derive(&Source { trajectory, history, assessed, sets })
    }

    /// The open obligations that did not exist before.
    pub(crate) fn became_due_since(&self, before: &Self) -> Vec<ObligationRow> {
        let is_new = |row: &&ObligationRow| {
            row.is_open() && before.obligations.binary_search_by(|other| other.key().cmp(&row.key())).is_err()
        };
        self.obligations.iter().filter(is_new).cloned().collect()
    }
}

fn in_order<R: ReadModel>(mut rows: Vec<R>) -> Vec<R> {
    rows.sort_unstable_by(|one, other| one.key().cmp(&other.key()));
    rows
}

fn trajectory(row: &PgRow) -> Result<TrajectoryId, sqlx::Error> {
    row.try_get("trajectory_id").map(TrajectoryId)
}
