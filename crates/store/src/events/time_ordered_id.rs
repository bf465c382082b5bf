//! Ids of events, texts and access-log lines.

use jiff::Timestamp;
use uuid::Uuid;

/// A random id that begins with an instant (UUID version 7), so that indexes grow at their end. The
/// instant is the caller's: the ledger has no clock.
pub(crate) fn time_ordered_id(at: Timestamp) -> Uuid {
    let (seconds, nanoseconds) = (at.as_second().unsigned_abs(), at.subsec_nanosecond().unsigned_abs());
    Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, seconds, nanoseconds))
}
