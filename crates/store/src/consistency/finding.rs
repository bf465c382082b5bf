//! What a check finds wrong with one trajectory.

use crate::read_models::Table;
use crate::read_models::difference::Difference;

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    /// The events are not numbered from 1 without a gap.
    #[error("event {sequence} is missing")]
    Missing {
        /// The missing number.
        sequence: u64,
    },
    /// From here on, the events are not the ones that were recorded.
    #[error("event {sequence} is not what was recorded, or does not follow the event recorded before it")]
    ChainBroken {
        /// The first event whose hash does not fit.
        sequence: u64,
    },
    /// This ledger did not admit the event: it does not carry the MAC that only the holder of the
    /// operator's key can make.
    #[error("event {sequence} was not admitted by this ledger")]
    NotAdmitted {
        /// The first of these.
        sequence: u64,
    },
    /// An event that this program cannot read.
    #[error("event {sequence} cannot be read: {why}")]
    Unreadable {
        /// Its number.
        sequence: u64,
        /// What is wrong with it.
        why: String,
    },
    /// The rules would refuse this fact on the history before it, on the day on which it was recorded.
    #[error("event {sequence} would be refused: {codes}")]
    WouldBeRefused {
        /// The first of these.
        sequence: u64,
        /// The codes of the rules that it breaks.
        codes: String,
    },
    /// A deadline was recorded that does not follow from the facts of that time.
    #[error("deadline {deadline}: event {sequence} does not follow from the facts of that time")]
    DeadlineUnfounded {
        /// Its stream.
        deadline: String,
        /// The number of the event in it.
        sequence: u64,
    },
    /// The library cqrs-es, reading by itself, cannot read the history.
    #[error("the stock repository cannot read it: {why}")]
    StockCannotRead {
        /// Its error text.
        why: String,
    },
    /// The library cqrs-es, reading by itself, arrives at another state.
    #[error("the stock repository arrives at another state")]
    StockDiffers,
    /// A private text is not the one that was recorded.
    #[error("a private text of event {sequence} is not what was recorded")]
    TextDiffers {
        /// The trajectory.
        sequence: u64,
    },
    /// A private text is missing, and no fact records an erasure.
    #[error("a private text of event {sequence} is missing, and no fact records that it was erased")]
    TextMissing {
        /// The trajectory.
        sequence: u64,
    },
    /// The vault holds a private text that no event refers to, such as one that an erasure left
    /// behind.
    #[error("the vault holds a private text that no event refers to")]
    TextOfNoEvent,
    /// The key of the texts is not the one that this operator wrapped for this trajectory.
    #[error("the data key of its private texts does not open")]
    KeyDiffers,
    /// There are private texts, and no key to open them.
    #[error("the vault holds private texts, but keys.data_keys has no key for them")]
    KeyMissing,
    /// The own reference of an organisation is not one that this ledger wrote for this trajectory.
    #[error("own-references: that of {organisation} is not the one that was written")]
    OwnReferenceDiffers {
        /// The organisation.
        organisation: String,
    },
    /// A row of a read model has a value that no row of ours has.
    #[error("{}: a row cannot be read: {why}", table.as_str())]
    RowUnreadable {
        /// The table.
        table: Table,
        /// What is wrong with it.
        why: String,
    },
    /// A row of a read model is not what follows from the events.
    #[error("{0}")]
    RowDiffers(Difference),
}

impl Finding {
    /// A stable code for this kind of finding.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "event-missing",
            Self::ChainBroken { .. } => "chain-broken",
            Self::NotAdmitted { .. } => "not-admitted",
            Self::Unreadable { .. } => "event-unreadable",
            Self::WouldBeRefused { .. } => "would-be-refused",
            Self::DeadlineUnfounded { .. } => "deadline-unfounded",
            Self::StockCannotRead { .. } => "stock-cannot-read",
            Self::StockDiffers => "stock-differs",
            Self::TextDiffers { .. } => "text-differs",
            Self::TextMissing { .. } => "text-missing",
            Self::TextOfNoEvent => "text-of-no-event",
            Self::KeyDiffers => "key-differs",
            Self::KeyMissing => "key-missing",
            Self::OwnReferenceDiffers { .. } => "own-reference-differs",
            Self::RowUnreadable { .. } => "row-unreadable",
            Self::RowDiffers(_) => "row-differs",
        }
    }
}
