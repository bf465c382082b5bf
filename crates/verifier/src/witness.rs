//! Whether witnesses cosigned a checkpoint (C2SP tlog-cosignature): each says that it continues every
//! checkpoint of that ledger that it saw before, so that nobody was shown another history.

use std::str::FromStr;

use ed25519_dalek::{Signature, VerifyingKey};

use crate::Wrong;
use crate::note::{KeyParts, Line, lines};

/// The number of Ed25519 cosignatures in a key and in its id.
const COSIGNATURE: u8 = 4;

/// A public key of a witness, written `NAME+ID+KEY`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WitnessKey {
    name: String,
    id: [u8; 4],
    key: VerifyingKey,
}

impl FromStr for WitnessKey {
    type Err = Wrong;

    fn from_str(text: &str) -> Result<Self, Wrong> {
        let parts = KeyParts::read(text, COSIGNATURE);
        let parts = parts.ok_or_else(|| {
            Wrong::at(
                "witness",
                format!("{text:?} is not written NAME+ID+KEY, or is not the key of a witness"),
            )
        })?;
        let KeyParts { name, id, key } = parts;
        Ok(Self { name, id, key })
    }
}

impl WitnessKey {
    /// The name and the id, for people to compare.
    #[must_use]
    pub fn label(&self) -> String {
        format!("{}+{:08x}", self.name, u32::from_be_bytes(self.id))
    }

    fn cosigned(&self, text: &str, line: &Line<'_>) -> bool {
        let signature = line.signature.strip_prefix(&self.id).filter(|_| line.name == self.name);
        let Some((time, signature)) = signature.and_then(|rest| rest.split_first_chunk::<8>()) else {
            return false;
        };
        let message = format!("cosignature/v1\ntime {}\n{text}", u64::from_be_bytes(*time));
        Signature::from_slice(signature)
            .is_ok_and(|signature| self.key.verify_strict(message.as_bytes(), &signature).is_ok())
    }
}

/// The witnesses that cosigned a checkpoint: their names and ids.
///
/// # Errors
/// If fewer than the quorum did, or a key is named twice.
pub fn cosigned(note: &str, witnesses: &[WitnessKey], quorum: usize) -> Result<Vec<String>, Wrong> {
    let (text, lines) = lines(note, "checkpoint")?;
    // One key under two names would count twice.
    for (number, witness) in witnesses.iter().enumerate() {
        if witnesses[..number].iter().any(|other| other.key == witness.key) {
            return Err(Wrong::at("witness", format!("the key of {} is named twice", witness.label())));
        }
    }
    let by = witnesses.iter().filter(|witness| lines.iter().any(|line| witness.cosigned(text, line)));
    let by: Vec<String> = by.map(WitnessKey::label).collect();
    if by.len() < quorum {
        let what = format!("{} of {} witnesses cosigned it, and {quorum} must", by.len(), witnesses.len());
        return Err(Wrong::at("checkpoint", what));
    }
    Ok(by)
}
