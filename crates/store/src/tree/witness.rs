//! What a witness decides (C2SP tlog-witness): whether a checkpoint continues the one of the same
//! ledger that it saw last. A ledger with two histories gets at most one of them cosigned.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};
use signed_note::{Note, StandardVerifier, Verifier, VerifierList};
use tlog_tiles::checkpoint::Checkpoint as TreeHead;
use tlog_tiles::tlog::{self, check_tree};

use super::cosignature::CosigningKey;
use crate::events::hash_chain::Hash;

/// How many hashes a proof has at most (C2SP tlog-witness).
const PROOF: usize = 63;

/// A ledger that is witnessed: its name and the public keys that sign its checkpoints.
#[derive(Clone)]
pub struct WitnessedLog {
    origin: String,
    keys: Vec<StandardVerifier>,
}

/// The tree of a ledger that a witness cosigned last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenTree {
    /// How many leaves it has.
    pub tree_size: u64,
    /// Its root.
    pub root: Hash,
}

/// Why a witness does not cosign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotCosigned {
    /// The request is not written as C2SP tlog-witness says, or names an old size above the new one.
    #[error("the request is not written as C2SP tlog-witness says")]
    Malformed,
    /// This witness does not know the ledger.
    #[error("this witness does not know that ledger")]
    UnknownLog,
    /// No known key of the ledger signed the checkpoint.
    #[error("no known key of the ledger signed this checkpoint")]
    NotSigned,
    /// The old size is not that of the tree that was seen last.
    #[error("the tree that was seen last has {0} leaves")]
    SeenAnother(u64),
    /// The tree does not continue the one that was seen last.
    #[error("this tree does not continue the one that was seen last")]
    NotConsistent,
}

/// A request to cosign a checkpoint.
pub struct AddCheckpoint {
    old: u64,
    proof: Vec<tlog::Hash>,
    note: Note,
    head: TreeHead,
}

impl WitnessedLog {
    /// The ledger with these public keys (`NAME+ID+KEY`), which are all of one name; none if they
    /// are not.
    #[must_use]
    pub fn with(keys: &[String]) -> Option<Self> {
        let keys: Vec<_> = keys.iter().map(|key| StandardVerifier::new(key).ok()).collect::<Option<_>>()?;
        let origin = keys.first()?.name().to_owned();
        keys.iter().all(|key| key.name() == origin).then_some(Self { origin, keys })
    }

    /// The name of the ledger.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The tree that this witness has seen once it cosigns, and the line of its signature. The
    /// caller must store the tree before the line leaves.
    ///
    /// # Errors
    /// If it does not cosign.
    pub fn cosign(
        &self,
        seen: Option<SeenTree>,
        request: &AddCheckpoint,
        key: &CosigningKey,
        at: u64,
    ) -> Result<(SeenTree, String), NotCosigned> {
        let known = self.keys.iter().map(|key| Box::new(key.clone()) as Box<dyn Verifier>).collect();
        request.note.verify(&VerifierList::new(known)).map_err(|_| NotCosigned::NotSigned)?;
        let new = SeenTree { tree_size: request.head.size(), root: request.head.hash().0 };
        if request.old > new.tree_size {
            return Err(NotCosigned::Malformed);
        }
        let before = seen.map_or(0, |seen| seen.tree_size);
        if request.old != before {
            return Err(NotCosigned::SeenAnother(before));
        }
        if !new.continues(seen, &request.proof) {
            return Err(NotCosigned::NotConsistent);
        }
        let text = std::str::from_utf8(request.note.text()).map_err(|_| NotCosigned::Malformed)?;
        Ok((new, key.cosign(text, at)))
    }
}

impl SeenTree {
    fn continues(self, seen: Option<Self>, proof: &Vec<tlog::Hash>) -> bool {
        let empty: Hash = Sha256::digest([]).into();
        match seen.filter(|seen| seen.tree_size > 0) {
            None => proof.is_empty() && (self.tree_size > 0 || self.root == empty),
            Some(seen) if seen.tree_size == self.tree_size => proof.is_empty() && seen == self,
            Some(seen) => {
                let (old, new) = (tlog::Hash(seen.root), tlog::Hash(self.root));
                check_tree(proof, self.tree_size, new, seen.tree_size, old).is_ok()
            }
        }
    }
}

impl AddCheckpoint {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// If it is not written as C2SP tlog-witness says.
    pub fn read(body: &str) -> Result<Self, NotCosigned> {
        Self::parsed(body).ok_or(NotCosigned::Malformed)
    }

    fn parsed(body: &str) -> Option<Self> {
        let (head, note) = body.split_once("\n\n")?;
        let mut lines = head.split('\n');
        let old = lines.next()?.strip_prefix("old ")?;
        let old: u64 = old.parse().ok().filter(|read: &u64| read.to_string() == old)?;
        let hash = |line: &str| BASE64_STANDARD.decode(line).ok()?.try_into().ok().map(tlog::Hash);
        let proof: Vec<_> = lines.map(hash).collect::<Option<_>>()?;
        let note = Note::from_bytes(note.as_bytes()).ok()?;
        let head = TreeHead::from_bytes(note.text()).ok()?;
        (proof.len() <= PROOF).then_some(Self { old, proof, note, head })
    }

    /// The name of the ledger.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.head.origin()
    }

    /// The body of the request for this checkpoint, with the proof that it continues the tree of
    /// the old size.
    #[must_use]
    pub fn written(old: u64, proof: &[Hash], note: &str) -> String {
        let proof: String = proof.iter().map(|hash| BASE64_STANDARD.encode(hash) + "\n").collect();
        format!("old {old}\n{proof}\n{note}")
    }
}

impl std::fmt::Debug for WitnessedLog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "WitnessedLog({})", self.origin)
    }
}
