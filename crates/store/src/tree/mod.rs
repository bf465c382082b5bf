//! The Merkle tree over all events (RFC 9162, tiles of C2SP tlog-tiles), in the order of position,
//! and its signed checkpoints.
//!
//! The chain of a stream shows that nothing inside it was changed. The tree shows that no end of a
//! stream and no whole stream was removed: a signed checkpoint says how many leaves there were, and
//! the root of the tree over them, in the database and outside it. The last leaf of each says how far
//! every case is. `docs/AUDIT.md` explains all of
//! it to an auditor.
//!
//! Decision: ADR 14.

mod certificates;
mod checkpoint_signer;
mod checkpoints;
mod checkpoints_file;
mod cosignature;
mod cosigned;
mod edge;
mod finding;
mod findings_now;
mod grow;
mod head_map;
mod heads_recounted;
mod leaf;
mod pages;
mod proof;
mod receipt;
mod rehash;
mod schema_guards;
mod signed_heads;
pub(crate) mod signing_key;
mod signing_state;
mod tiles;
mod verify;
mod walk;
mod witness;

pub use checkpoint_signer::CheckpointSigner;
pub(crate) use checkpoints::newest;
pub use checkpoints::{Signed, Tree};
pub use checkpoints_file::CheckpointsFile;
pub use cosignature::{CosigningKey, WitnessKey};
pub use cosigned::Quorum;
pub use finding::LedgerFinding;
pub use findings_now::LATE;
pub use grow::Pace;
pub use leaf::leaf;
pub use proof::{ConsistencyProof, InclusionProof};
pub use schema_guards::schema;
pub(crate) use signed_heads::HeadProof;
pub use signing_key::{Checkpoint, KeyError, LedgerKeys, NotSigned};
pub use signing_state::{SigningState, SigningTrouble};
pub use verify::Walked;
pub use witness::{AddCheckpoint, NotCosigned, SeenTree, WitnessedLog};
