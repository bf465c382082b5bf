//! The receipt of a report: the ledger's signed promise that it recorded the facts, as certificate
//! transparency gives one. Its holder can show later that a fact was dropped.
//!
//! It names the last event of the report. The hash of that event covers every event of the case
//! before it. It does not name a position: that would say how much others report (ADR 26).

use jiff::Timestamp;
use uuid::Uuid;

use super::signing_key::LedgerKeys;
use crate::events::hash_chain::{Hash, instant};
use crate::record::report::Recorded;

/// The format that a receipt names.
const FORMAT: &str = "omklap-receipt/1";

impl LedgerKeys {
    /// The receipt of a report that was recorded; none if nothing was.
    #[must_use]
    pub fn receipt(&self, recorded: &Recorded) -> Option<String> {
        let Recorded { trajectory, first_sequence, hashes, recorded_at, .. } = recorded;
        self.receipt_of(*trajectory, *first_sequence, hashes, *recorded_at)
    }

    /// The receipt of events with these hashes, from this number on, in the stream with this id; none
    /// if there are none.
    #[must_use]
    pub fn receipt_of(
        &self,
        stream: impl Into<Uuid>,
        first: u64,
        hashes: &[Hash],
        at: Timestamp,
    ) -> Option<String> {
        let hash = hex::encode(hashes.last()?);
        let sequence = first + hashes.len() as u64 - 1;
        let (origin, stream, at) = (self.origin(), stream.into(), instant(at));
        Some(self.sign(&format!("{origin}\n{FORMAT}\n{stream}\n{sequence}\n{at}\n{hash}\n")))
    }
}
