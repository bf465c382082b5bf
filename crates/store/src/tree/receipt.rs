//! The receipt of a report: the ledger's signed promise that it recorded the facts, as certificate
//! transparency gives one. Its holder can show later that a fact was dropped.
//!
//! It names the last event of the report. The hash of that event covers every event of the case
//! before it. It does not name a position: that would say how much others report (ADR 26).

use jiff::Timestamp;
use omklap_domain::ids::TrajectoryId;

use super::signing_key::LedgerKeys;
use crate::events::hash_chain::{Hash, instant};
use crate::record::report::Recorded;

/// The format that a receipt names.
const FORMAT: &str = "omklap-receipt/1";

impl LedgerKeys {
    /// The receipt of a report that was recorded; none if nothing was.
    #[must_use]
    pub fn receipt(&self, recorded: &Recorded) -> Option<String> {
        let hash = recorded.hashes.last()?;
        let sequence = recorded.first_sequence + recorded.hashes.len() as u64 - 1;
        Some(self.receipt_of(recorded.trajectory, sequence, recorded.recorded_at, hash))
    }

    fn receipt_of(&self, trajectory: TrajectoryId, sequence: u64, at: Timestamp, hash: &Hash) -> String {
        let (origin, at, hash) = (self.origin(), instant(at), hex::encode(hash));
        self.sign(&format!("{origin}\n{FORMAT}\n{trajectory}\n{sequence}\n{at}\n{hash}\n"))
    }
}
