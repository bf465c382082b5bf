//! The nuisance protocol (*overlastprotocol*), as a state machine per case (`docs/DOMAIN.md` §5). Its
//! limits of time are obligations with a `level` in `agreements/<set>.toml`.

pub(crate) mod course;
pub mod protocol;

use std::fmt;

use derive_visitor::DriveMut;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::day::Day;

/// How far a nuisance case is scaled up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(try_from = "u8", into = "u8")]
#[schema(value_type = u8, minimum = 0, maximum = 5)]
#[drive(skip)]
pub struct Level(u8);

/// A level above 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a nuisance level must be from 0 to 5")]
pub struct NoSuchLevel;

impl Level {
    /// Nuisance was reported.
    pub const REPORTED: Self = Self(0);
    /// The approach is agreed with client and corporation.
    pub const APPROACH_AGREED: Self = Self(1);
    /// The care team lead and the nuisance officer are involved.
    pub const SCALED_UP: Self = Self(2);
    /// The landlord has warned.
    pub const WARNED: Self = Self(3);
    /// A last chance is running.
    pub const LAST_CHANCE: Self = Self(4);
    /// The landlord ends the lease.
    pub const ENDING_THE_LEASE: Self = Self(5);

    /// Every level, from reported to ending the lease.
    pub const ALL: [Self; 6] = [
        Self::REPORTED,
        Self::APPROACH_AGREED,
        Self::SCALED_UP,
        Self::WARNED,
        Self::LAST_CHANCE,
        Self::ENDING_THE_LEASE,
    ];

    /// One level up. `None` above the highest.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        Self::try_from(self.0 + 1).ok()
    }

    /// The name of the level in the protocol.
    #[must_use]
    pub fn name(self) -> &'static str {
        ["reported", "approach agreed", "scaled up", "warned", "last chance", "ending the lease"]
            [usize::from(self.0)]
    }
}

impl TryFrom<u8> for Level {
    type Error = NoSuchLevel;
    fn try_from(level: u8) -> Result<Self, NoSuchLevel> {
        if level <= 5 { Ok(Self(level)) } else { Err(NoSuchLevel) }
    }
}

impl From<Level> for u8 {
    fn from(level: Level) -> Self {
        level.0
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What later rules need to know about one nuisance case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NuisanceCase {
    /// The level of the case, or the level it had when it was resolved.
    pub level: Level,
    /// The first day at that level.
    pub level_since: Day,
    /// When it was reported.
    pub reported_on: Day,
    /// Whether it is open, quiet or over.
    pub status: NuisanceStatus,
    /// The dates of the written warnings in this case.
    pub warned_on: Vec<Day>,
}

/// Whether a nuisance case is open, quiet or over. Dutch: *stand van de overlastzaak*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "status")]
pub enum NuisanceStatus {
    /// Being worked on.
    Open,
    /// Resolved; the quiet period runs.
    Resolved {
        /// The first quiet day.
        #[serde(rename = "resolvedOn")]
        on: Day,
    },
    /// Closed, unfounded or handed over: a later report opens a new case.
    Over,
}

impl NuisanceCase {
    /// A case that is opened, or taken over, at a level. For a case that is taken over, it is not
    /// known since when it has that level.
    #[must_use]
    pub fn opened(level: Level, reported_on: Day) -> Self {
        let (level_since, status) = (reported_on, NuisanceStatus::Open);
        Self { level, level_since, reported_on, status, warned_on: Vec::new() }
    }

    /// Moves the case to a level.
    pub fn comes_to(&mut self, level: Level, on: Day) {
        if level != self.level {
            (self.level, self.level_since) = (level, on);
        }
    }

    /// Whether the case is open.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.status == NuisanceStatus::Open
    }
}
