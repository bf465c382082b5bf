//! The fingerprint of a key.

use std::fmt;

use crate::events::hash_chain::Hash;

/// Which of the two keys a fingerprint is of: the operator's or the ledger's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// The operator's key, which wraps the keys of private texts.
    Operator,
    /// The ledger's key, which signs checkpoints.
    Ledger,
}

/// The fingerprint of a key. The key cannot be worked out from it, so it is safe to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint(pub Hash);

impl KeyKind {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Ledger => "ledger",
        }
    }
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Operator => "operator's key",
            Self::Ledger => "ledger's signing key",
        })
    }
}

impl fmt::Display for Fingerprint {
    /// The first eight bytes: enough to compare keys by eye.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0[..8]))
    }
}
