//! What can be wrong with the ledger as a whole, each with its place.

use super::signing_key::NotSigned;
use crate::consistency::finding::Finding;

/// Something of the ledger as a whole that is not as it was recorded, or not as it was signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LedgerFinding {
    /// A key, a reference or a trigger that the migrations made is gone or switched off.
    #[error("{guard}, which guards {table}, is missing or switched off")]
    Unguarded {
        /// Which table.
        table: String,
        /// What it is called.
        guard: String,
    },
    /// A stream whose chain does not hold.
    #[error("{stream}: {finding}")]
    Stream {
        /// `trajectory ID` or `deadline ID`.
        stream: String,
        /// What is wrong with it.
        finding: Finding,
    },
    /// An event that was signed is not there any more.
    #[error("leaf {leaf}: the event that was signed at position {position} is gone")]
    EventGone {
        /// The number of the leaf, from 0.
        leaf: u64,
        /// Where the event stood.
        position: i64,
    },
    /// A certificate that says that a trajectory was destroyed, and that the ledger's key did not seal.
    #[error("destruction {trajectory}: the certificate is not one that this ledger sealed")]
    NotSealed {
        /// Which trajectory it names.
        trajectory: String,
    },
    /// Events of a trajectory that was destroyed.
    #[error("{stream}: its certificate says that it was destroyed, and event {sequence} is there")]
    NotDestroyed {
        /// Whose event.
        stream: String,
        /// The first of them.
        sequence: u64,
    },
    /// An event that is there was not signed, although later ones were.
    #[error("{stream}: event {sequence} at position {position} is not in the tree, and later ones are")]
    NotInTree {
        /// Whose event.
        stream: String,
        /// Its number in the stream.
        sequence: u64,
        /// Where it stands.
        position: i64,
    },
    /// The event is not the one that was signed.
    #[error("leaf {leaf}: {stream}: event {sequence} at position {position} is not the one that was signed")]
    LeafDiffers {
        /// The number of the leaf, from 0.
        leaf: u64,
        /// Whose event.
        stream: String,
        /// Its number in the stream.
        sequence: u64,
        /// Where it stands.
        position: i64,
    },
    /// A tile is missing, or is not what follows from the leaves.
    #[error("tile {number} of level {level} of the tree is missing or does not follow from the leaves")]
    TileDiffers {
        /// The level.
        level: u8,
        /// The number in the level.
        number: u64,
    },
    /// A checkpoint is not signed as it stands.
    #[error("the checkpoint of {tree_size} leaves: {why}")]
    NotSigned {
        /// Under which size it is kept.
        tree_size: u64,
        /// What is wrong with it.
        why: NotSigned,
    },
    /// The tree is not the one that was signed.
    #[error("the checkpoints of {first} to {last} leaves signed another tree")]
    AnotherTree {
        /// The smallest that does not fit.
        first: u64,
        /// The largest of those after it that do not fit either.
        last: u64,
    },
    /// More was signed than there is.
    #[error("a tree of {signed} leaves was signed, and {there} are there")]
    CutOff {
        /// How many were signed.
        signed: u64,
        /// How many are there.
        there: u64,
    },
    /// Leaves that no checkpoint covers.
    #[error("the tree has {there} leaves, and no more than {signed} were signed")]
    Unsigned {
        /// How many were signed.
        signed: u64,
        /// How many are there.
        there: u64,
    },
    /// A line outside the database is not what was written.
    #[error("line {line} of the checkpoints outside the database is not as it was written")]
    LineUnreadable {
        /// Its number, from 1.
        line: u64,
    },
    /// What was signed outside is not what the database has.
    #[error(
        "line {line} of the checkpoints outside the database: the database has no such checkpoint of {tree_size} leaves"
    )]
    NotInDatabase {
        /// The line's number, from 1.
        line: u64,
        /// What it signed.
        tree_size: u64,
    },
    /// What the database has is not outside, although later ones are.
    #[error("the checkpoint of {tree_size} leaves is missing outside the database, and a later one is there")]
    NotOutside {
        /// What it signed.
        tree_size: u64,
    },
}

impl LedgerFinding {
    /// What kind it is, as a stable code; of a stream, what is wrong with its chain.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unguarded { .. } => "unguarded",
            Self::Stream { finding, .. } => finding.code(),
            Self::EventGone { .. } => "event-gone",
            Self::NotSealed { .. } => "certificate-not-sealed",
            Self::NotDestroyed { .. } => "not-destroyed",
            Self::NotInTree { .. } => "not-in-tree",
            Self::LeafDiffers { .. } => "leaf-differs",
            Self::TileDiffers { .. } => "tile-differs",
            Self::NotSigned { .. } => "not-signed",
            Self::AnotherTree { .. } => "another-tree",
            Self::CutOff { .. } => "cut-off",
            Self::Unsigned { .. } => "unsigned",
            Self::LineUnreadable { .. } => "line-unreadable",
            Self::NotInDatabase { .. } => "not-in-database",
            Self::NotOutside { .. } => "not-outside",
        }
    }
}
