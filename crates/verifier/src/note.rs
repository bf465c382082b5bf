//! Signed notes (C2SP signed-note) and the checkpoints of trees (C2SP tlog-checkpoint).

use std::str::FromStr;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest, Sha256};

use crate::{Hash, Wrong};

/// The number of Ed25519 in a key and in its id.
const ED25519: u8 = 1;

/// A public key of a ledger, written `NAME+ID+KEY`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    name: String,
    id: [u8; 4],
    key: VerifyingKey,
}

impl FromStr for PublicKey {
    type Err = Wrong;

    fn from_str(text: &str) -> Result<Self, Wrong> {
        Self::read(text)
            .ok_or_else(|| Wrong::at("public key", format!("{text:?} is not written NAME+ID+KEY")))
    }
}

/// How a key is written, of a ledger or a witness.
pub(crate) struct KeyParts {
    pub name: String,
    pub id: [u8; 4],
    pub key: VerifyingKey,
}

impl KeyParts {
    /// Reads a key of this algorithm.
    pub(crate) fn read(text: &str, algorithm: u8) -> Option<Self> {
        // The key itself is base64, so it may contain a plus.
        let mut parts = text.splitn(3, '+');
        let (name, id, key) = (parts.next()?, parts.next()?, parts.next()?);
        let key = BASE64_STANDARD.decode(key).ok()?;
        let id = u32::from_str_radix(id, 16).ok().filter(|_| id.len() == 8)?.to_be_bytes();
        let bytes = key.strip_prefix(&[algorithm])?;
        let named = [name.as_bytes(), b"\n", &key].concat();
        let is_its_id = Sha256::digest(named)[..4] == id;
        let key = VerifyingKey::from_bytes(bytes.try_into().ok()?).ok()?;
        (is_its_id && !name.is_empty()).then(|| Self { name: name.to_owned(), id, key })
    }
}

impl PublicKey {
    fn read(text: &str) -> Option<Self> {
        let KeyParts { name, id, key } = KeyParts::read(text, ED25519)?;
        Some(Self { name, id, key })
    }

    /// The name of the ledger.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name and the id, for people to compare.
    #[must_use]
    pub fn label(&self) -> String {
        format!("{}+{:08x}", self.name, u32::from_be_bytes(self.id))
    }

    /// Whether this key made one of the signatures under a text.
    fn signed(&self, text: &str, signatures: &[Line<'_>]) -> bool {
        signatures.iter().any(|Line { name, signature }| {
            let is_ours = |id: &[u8]| *name == self.name && id == self.id;
            let signature = signature.split_at_checked(4).filter(|(id, _)| is_ours(id));
            signature
                .and_then(|(_, signature)| Signature::from_slice(signature).ok())
                .is_some_and(|signature| self.key.verify_strict(text.as_bytes(), &signature).is_ok())
        })
    }
}

/// A note that one of the public keys signed.
pub(crate) struct Signed<'n, 'k> {
    /// Its text, with its last line feed.
    pub text: &'n str,
    /// The first of the keys that signed it.
    pub signer: &'k PublicKey,
    /// How many signatures it has, by any key.
    pub signatures: usize,
}

/// A line of the block of signatures.
pub(crate) struct Line<'n> {
    pub name: &'n str,
    /// The id of the key, and the signature itself.
    pub signature: Vec<u8>,
}

/// Reads a signed note. There must be nothing but signatures below its text.
pub(crate) fn read<'n, 'k>(
    note: &'n str,
    keys: &'k [PublicKey],
    place: &str,
) -> Result<Signed<'n, 'k>, Wrong> {
    let (text, lines) = lines(note, place)?;
    let signer = keys.iter().find(|key| key.signed(text, &lines));
    let signer = signer.ok_or_else(|| Wrong::at(place, "none of the public keys signed this text"))?;
    Ok(Signed { text, signer, signatures: lines.len() })
}

/// The text of a note, with its last line feed, and the lines of signatures below it.
pub(crate) fn lines<'n>(note: &'n str, place: &str) -> Result<(&'n str, Vec<Line<'n>>), Wrong> {
    let wrong = |what: &str| Wrong::at(place, what);
    let at = note.rfind("\n\n").ok_or_else(|| wrong("it is not a signed note"))?;
    let (text, block) = (&note[..=at], &note[at + 2..]);
    let lines = block.strip_suffix('\n').and_then(|block| block.split('\n').map(line).collect());
    let lines: Option<Vec<Line<'_>>> = lines;
    Ok((text, lines.ok_or_else(|| wrong("there is something other than signatures below its text"))?))
}

/// `— NAME BASE64`.
fn line(line: &str) -> Option<Line<'_>> {
    let (name, signature) = line.strip_prefix("— ")?.split_once(' ')?;
    let signature = BASE64_STANDARD.decode(signature).ok().filter(|signature| signature.len() > 4)?;
    (!name.is_empty()).then_some(Line { name, signature })
}

/// The contents of a checkpoint.
pub(crate) struct Checkpoint {
    pub tree_size: u64,
    pub root: Hash,
}

impl Checkpoint {
    /// The root in base64, as the note has it.
    pub(crate) fn root_in_words(&self) -> String {
        BASE64_STANDARD.encode(self.root)
    }
}

/// Reads the text of a checkpoint that was signed by this ledger.
pub(crate) fn checkpoint(text: &str, origin: &str, place: &str) -> Result<Checkpoint, Wrong> {
    let read = || {
        let mut lines = text.split_terminator('\n');
        let (name, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        let tree_size = size.parse::<u64>().ok().filter(|read| read.to_string() == size)?;
        let root: Hash = BASE64_STANDARD.decode(root).ok()?.try_into().ok()?;
        (name == origin && lines.next().is_none()).then_some(Checkpoint { tree_size, root })
    };
    read().ok_or_else(|| Wrong::at(place, "its text is not that of a checkpoint of this ledger"))
}
