//! What can be wrong with the ledger as a whole, each with its place.

use jiff::Timestamp;

use super::signing_key::NotSigned;
use crate::consistency::finding::Finding;

/// Something in the ledger as a whole that is not as it was recorded, or not as it was signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LedgerFinding {
    /// The schema is not what the migrations make: a key, a trigger, a rule, the body of a function,
    /// a grant or a setting of the program's connection.
    #[error("schema: {object} {how}")]
    Schema {
        /// What it is, and its name.
        object: String,
        /// Whether it is missing, another, or was added.
        how: &'static str,
    },
    /// A stream whose chain is broken.
    #[error("{stream}: {finding}")]
    Stream {
        /// `trajectory ID` or `deadline ID`.
        stream: String,
        /// What is wrong with it.
        finding: Finding,
    },
    /// An event that was signed does not exist any more.
    #[error("leaf {leaf}: the event that was signed at position {position} is missing")]
    EventGone {
        /// The number of the leaf, from 0.
        leaf: u64,
        /// The position of the event.
        position: i64,
    },
    /// A certificate of destruction that the ledger's key did not seal.
    #[error("destruction {trajectory}: the certificate is not one that this ledger sealed")]
    NotSealed {
        /// The trajectory that it names.
        trajectory: String,
    },
    /// Events of a trajectory that was destroyed still exist.
    #[error("{stream}: its certificate says that it was destroyed, but event {sequence} exists")]
    NotDestroyed {
        /// The stream of the event.
        stream: String,
        /// The first of them.
        sequence: u64,
    },
    /// An event was not signed, although later ones were.
    #[error("{stream}: event {sequence} at position {position} is not in the tree, but later ones are")]
    NotInTree {
        /// The stream of the event.
        stream: String,
        /// Its number in the stream.
        sequence: u64,
        /// Its position.
        position: i64,
    },
    /// The event is not the one that was signed.
    #[error("leaf {leaf}: {stream}: event {sequence} at position {position} is not the one that was signed")]
    LeafDiffers {
        /// The number of the leaf, from 0.
        leaf: u64,
        /// The stream of the event.
        stream: String,
        /// Its number in the stream.
        sequence: u64,
        /// Its position.
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
    /// A checkpoint does not have a valid signature.
    #[error("the checkpoint of {tree_size} leaves: {why}")]
    NotSigned {
        /// The size under which it is stored.
        tree_size: u64,
        /// What is wrong with it.
        why: NotSigned,
    },
    /// The tree is not the one that was signed.
    #[error("the checkpoints of {first} to {last} leaves signed another tree")]
    AnotherTree {
        /// The size of the smallest checkpoint that does not fit.
        first: u64,
        /// The size of the largest of those after it that do not fit either.
        last: u64,
    },
    /// More leaves were signed than there are.
    #[error("a tree of {signed} leaves was signed, but there are only {there}")]
    CutOff {
        /// How many were signed.
        signed: u64,
        /// How many are there.
        there: u64,
    },
    /// Leaves that no checkpoint covers.
    #[error("the tree has {there} leaves, but only {signed} are signed")]
    Unsigned {
        /// How many were signed.
        signed: u64,
        /// How many are there.
        there: u64,
    },
    /// A checkpoint does not say how far each case was: its last leaf is missing, or says something
    /// else than the events do.
    #[error("the checkpoint of {tree_size} leaves does not say how far each case was")]
    HeadsDiffer {
        /// The size under which it is stored.
        tree_size: u64,
    },
    /// The stored head of a case is not the one that was signed.
    #[error("{stream}: the stored head is not what was signed: {how}")]
    HeadDiffers {
        /// `trajectory ID`, `bucket NUMBER`, or `a case` if nothing says which.
        stream: String,
        /// In which way.
        how: &'static str,
    },
    /// Events wait too long for a checkpoint.
    #[error("{events} events are not signed; the first was recorded at {since}")]
    SigningLags {
        /// How many.
        events: u64,
        /// When the first of them was recorded.
        since: Timestamp,
    },
    /// Checkpoints wait too long for a quorum of the witnesses.
    #[error("no quorum of witnesses has cosigned since {since}")]
    WitnessesLag {
        /// When the first checkpoint was signed that no quorum has followed.
        since: Timestamp,
    },
    /// The newest checkpoint is not outside the database.
    #[error("{code}: nothing is signed until an operator has looked")]
    SigningStopped {
        /// The code of what stops the signing.
        code: &'static str,
    },
    /// An event was recorded before an earlier one, by more than clocks differ.
    #[error(
        "{stream}: event {sequence} at position {position} was recorded at {recorded_at}, after one of {before}"
    )]
    TimeStepsBack {
        /// The stream of the event.
        stream: String,
        /// Its number in the stream.
        sequence: u64,
        /// Its position.
        position: i64,
        /// When it says that it was recorded.
        recorded_at: Timestamp,
        /// When an event before it was recorded.
        before: Timestamp,
    },
    /// An event was recorded later than now, by more than clocks differ.
    #[error(
        "{stream}: event {sequence} at position {position} was recorded at {recorded_at}, which is ahead of now"
    )]
    TimeAhead {
        /// The stream of the event.
        stream: String,
        /// Its number in the stream.
        sequence: u64,
        /// Its position.
        position: i64,
        /// When it says that it was recorded.
        recorded_at: Timestamp,
    },
    /// A line outside the database was changed.
    #[error("line {line} of the checkpoints outside the database was changed")]
    LineUnreadable {
        /// Its number, from 1.
        line: u64,
    },
    /// A checkpoint outside is not the one in the database.
    #[error(
        "line {line} of the checkpoints outside the database: the database has no such checkpoint of {tree_size} leaves"
    )]
    NotInDatabase {
        /// The line's number, from 1.
        line: u64,
        /// The size of the tree that it signs.
        tree_size: u64,
    },
    /// A checkpoint in the database is missing outside, although a later one was signed.
    #[error(
        "the checkpoint of {tree_size} leaves is missing outside the database, but a later one was signed"
    )]
    NotOutside {
        /// The size of the tree that it signs.
        tree_size: u64,
    },
}

impl LedgerFinding {
    /// A stable code for this kind of finding; for a stream, that of what is wrong with its chain.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Schema { .. } => "schema-differs",
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
            Self::HeadsDiffer { .. } => "heads-differ",
            Self::HeadDiffers { .. } => "head-differs",
            Self::SigningLags { .. } => "signing-lags",
            Self::WitnessesLag { .. } => "witnesses-lag",
            Self::SigningStopped { .. } => "signing-stopped",
            Self::TimeStepsBack { .. } => "time-steps-back",
            Self::TimeAhead { .. } => "time-ahead",
            Self::LineUnreadable { .. } => "line-unreadable",
            Self::NotInDatabase { .. } => "not-in-database",
            Self::NotOutside { .. } => "not-outside",
        }
    }
}
