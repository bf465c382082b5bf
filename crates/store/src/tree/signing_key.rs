//! The key that signs the ledger's checkpoints, and those that signed before it.
//!
//! The file has a line for each key: the one that signs (`PRIVATE+KEY+…`), its public half, and the
//! public halves of the keys before it, the newest first. The format is that of C2SP signed-note.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use aes_gcm::aead::OsRng;
use sha2::{Digest, Sha256};
use signed_note::{Note, Signer, StandardSigner, StandardVerifier, Verifier, VerifierList, generate_key};
use tlog_tiles::checkpoint::Checkpoint as TreeHead;
use tlog_tiles::tlog;
use zeroize::Zeroizing;

use crate::database::key_fingerprints::fingerprint::Fingerprint;
use crate::events::hash_chain::Hash;

/// The key that signs checkpoints, and the public halves of the keys before it.
#[derive(Clone)]
pub struct LedgerKeys {
    signer: StandardSigner,
    known: Vec<StandardVerifier>,
    public: Vec<String>,
}

/// A checkpoint whose signature was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The name of the ledger.
    pub origin: String,
    /// How many leaves the tree had.
    pub tree_size: u64,
    /// The root of the tree.
    pub root: Hash,
}

/// Why a note is not a checkpoint of this ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSigned {
    /// It is not a signed note over a checkpoint of this ledger.
    #[error("it does not have the form of a checkpoint of this ledger")]
    NoCheckpoint,
    /// None of the keys signed it.
    #[error("none of the keys of this ledger signed exactly this")]
    ByNobodyKnown,
}

/// Why there is no key to sign with.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or written, or others may read it.
    #[error("the key of the ledger's checkpoints: {0}")]
    File(#[from] io::Error),
    /// It holds something else.
    #[error("{0} must hold a key that signs checkpoints, its public half, and the public keys before it")]
    NotAsAgreed(String),
    /// The file is missing, and there are signed checkpoints.
    #[error(
        "{0}, the key of the ledger's checkpoints, is missing. Restore it: a new key would sign another history"
    )]
    Gone(String),
}

impl LedgerKeys {
    /// A new key under this name, written to no file.
    ///
    /// # Panics
    /// If the name is not a key name: it must not hold a blank or a plus.
    #[must_use]
    pub fn generate(origin: &str) -> Self {
        Self::from_lines(&generated(origin)).expect("a new key under a proper name")
    }

    /// The keys in this file, readable only by its owner. If there is no file, it is made, with a
    /// new key under this name.
    ///
    /// # Errors
    /// If the file cannot be read or made, holds something else, or others may read it.
    pub fn from_file(path: &Path, origin: &str) -> Result<Self, KeyError> {
        match Self::kept_in(path) {
            Err(KeyError::Gone(_)) => {
                write_new(path, &generated(origin))?;
                Self::kept_in(path)
            }
            read => read,
        }
    }

    /// The keys in this file, readable only by its owner, for a ledger with signed checkpoints.
    ///
    /// # Errors
    /// If the file is missing or cannot be read, holds something else, or others may read it.
    pub fn kept_in(path: &Path) -> Result<Self, KeyError> {
        let lines = fs::read_to_string(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => KeyError::Gone(path.display().to_string()),
            _ => error.into(),
        })?;
        let lines = Zeroizing::new(lines);
        let for_others = fs::metadata(path)?.permissions().mode() & 0o077;
        if for_others != 0 {
            let why = format!("others may read {}; run: chmod 600 {0}", path.display());
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, why).into());
        }
        Self::from_lines(&lines).ok_or_else(|| KeyError::NotAsAgreed(path.display().to_string()))
    }

    /// Makes a new key the one that signs, under the same name. The private half of the old one is
    /// lost.
    ///
    /// # Errors
    /// As [`Self::from_file`].
    pub fn rotate(path: &Path, origin: &str) -> Result<Self, KeyError> {
        let before = Self::from_file(path, origin)?;
        let lines = [generated(before.origin()), Zeroizing::new(before.public.join("\n"))];
        let next = path.with_extension("next");
        write_new(&next, &lines.iter().map(|part| part.as_str()).collect::<String>())?;
        fs::rename(&next, path)?;
        Self::from_file(path, origin)
    }

    fn from_lines(lines: &str) -> Option<Self> {
        let mut lines = lines.lines();
        let signer = StandardSigner::new(lines.next()?).ok()?;
        let public: Vec<String> = lines.map(ToOwned::to_owned).collect();
        let known = public.iter().map(|key| StandardVerifier::new(key).ok()).collect::<Option<Vec<_>>>()?;
        let same_name = known.iter().all(|key| key.name() == signer.name());
        let is_first = known.first()?.key_id() == signer.key_id();
        (same_name && is_first).then_some(Self { signer, known, public })
    }

    /// The name of the ledger.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.signer.name()
    }

    /// The public keys, first that of the key that signs.
    #[must_use]
    pub fn public(&self) -> &[String] {
        &self.public
    }

    /// What the database knows the signing key by: SHA-256 of its public half as it is published.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        fingerprint_of(&self.public[0])
    }

    /// Whether the key with this fingerprint is one of the earlier keys.
    #[must_use]
    pub fn replaced(&self, earlier: Fingerprint) -> bool {
        self.public.iter().skip(1).any(|key| fingerprint_of(key) == earlier)
    }

    /// The checkpoint of a tree, signed.
    pub(super) fn sign_tree(&self, tree_size: u64, root: Hash) -> String {
        let head = TreeHead::new(self.origin(), tree_size, tlog::Hash(root), "");
        let text = head.expect("a name and no extension").to_bytes();
        self.sign(&String::from_utf8(text).expect("a checkpoint is text"))
    }

    /// A signed text. It must end with a line feed.
    ///
    /// # Panics
    /// If it does not, or is longer than a megabyte.
    #[must_use]
    pub fn sign(&self, text: &str) -> String {
        let mut note = Note::new(text.as_bytes(), &[]).expect("a text that ends with a line feed");
        note.add_sigs(&[&self.signer]).expect("an Ed25519 key signs every text");
        String::from_utf8(note.to_bytes()).expect("a signed note is text")
    }

    /// The seal of a document: a signed note over the name of its format and the hash of its
    /// canonical text.
    #[must_use]
    pub fn seal(&self, format: &str, canonical: &str) -> String {
        self.sign(&self.to_seal(format, canonical))
    }

    /// Whether one of these keys sealed a document with this canonical text.
    #[must_use]
    pub fn sealed(&self, format: &str, canonical: &str, seal: &str) -> bool {
        let signed = self.signed(seal);
        signed.is_ok_and(|note| note.text() == self.to_seal(format, canonical).as_bytes())
    }

    fn to_seal(&self, format: &str, canonical: &str) -> String {
        format!("{}\n{format}\n{}\n", self.origin(), hex::encode(Sha256::digest(canonical)))
    }

    /// The contents of a checkpoint, if one of these keys signed it.
    ///
    /// # Errors
    /// If none of them did, or it is not a checkpoint of this ledger.
    pub fn read(&self, note: &str) -> Result<Checkpoint, NotSigned> {
        let read = self.signed(note)?;
        let head = TreeHead::from_bytes(read.text()).map_err(|_| NotSigned::NoCheckpoint)?;
        if head.origin() != self.origin() {
            return Err(NotSigned::NoCheckpoint);
        }
        Ok(Checkpoint { origin: head.origin().to_owned(), tree_size: head.size(), root: head.hash().0 })
    }

    /// A checkpoint with the signature of the present key added to that of an earlier one.
    ///
    /// # Errors
    /// As [`Self::read`].
    ///
    /// # Panics
    /// Never: a note that was read can be written.
    pub fn signed_now(&self, note: &str) -> Result<String, NotSigned> {
        self.read(note)?;
        let mut note = self.signed(note)?;
        note.add_sigs(&[&self.signer]).expect("an Ed25519 key signs every text");
        Ok(String::from_utf8(note.to_bytes()).expect("a signed note is text"))
    }

    /// A note that one of these keys signed.
    fn signed(&self, note: &str) -> Result<Note, NotSigned> {
        let note = Note::from_bytes(note.as_bytes()).map_err(|_| NotSigned::NoCheckpoint)?;
        let known = self.known.iter().map(|key| Box::new(key.clone()) as Box<dyn Verifier>).collect();
        note.verify(&VerifierList::new(known)).map_err(|_| NotSigned::ByNobodyKnown)?;
        Ok(note)
    }
}

fn fingerprint_of(public: &str) -> Fingerprint {
    Fingerprint(Sha256::digest(public).into())
}

/// The two lines of a new key.
fn generated(origin: &str) -> Zeroizing<String> {
    let (private, public) = generate_key(&mut OsRng, origin);
    Zeroizing::new(format!("{}\n{public}\n", Zeroizing::new(private).as_str()))
}

/// Writes the file whole or not at all, and never over another.
pub(super) fn write_new(path: &Path, lines: &str) -> io::Result<()> {
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory)?;
    }
    let draft = path.with_extension(format!("draft-{}", std::process::id()));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    file.write_all(lines.as_bytes())?;
    file.sync_all()?;
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    linked.or_else(|error| if error.kind() == io::ErrorKind::AlreadyExists { Ok(()) } else { Err(error) })
}

impl std::fmt::Debug for LedgerKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LedgerKeys").field("public", &self.public).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_is_read_as_it_was_signed_and_not_otherwise() {
        let keys = LedgerKeys::generate("omklap.example.org/test");
        let note = keys.sign_tree(7, [9; 32]);
        let checkpoint = keys.read(&note).expect("signed");
        assert_eq!((checkpoint.tree_size, checkpoint.root), (7, [9; 32]));
        assert_eq!(keys.read(&note.replace("\n7\n", "\n8\n")), Err(NotSigned::ByNobodyKnown));
        assert_eq!(
            LedgerKeys::generate("omklap.example.org/test").read(&note),
            Err(NotSigned::ByNobodyKnown)
        );
        assert_eq!(keys.read("7"), Err(NotSigned::NoCheckpoint));
    }

    #[test]
    fn a_signature_of_the_previous_key_still_verifies_after_the_next_one_took_over() {
        let directory = std::env::temp_dir().join(format!("omklap-ledger-key-{}", std::process::id()));
        let path = directory.join("ledger.key");
        assert!(matches!(LedgerKeys::kept_in(&path), Err(KeyError::Gone(_))), "none is made");
        let first = LedgerKeys::from_file(&path, "omklap.example.org/test").expect("made");
        let note = first.sign_tree(1, [1; 32]);
        let second = LedgerKeys::rotate(&path, "another name").expect("rotated");
        assert_eq!(second.origin(), first.origin());
        assert_eq!(second.public().len(), 2);
        assert!(second.read(&note).is_ok());
        assert!(first.read(&second.sign_tree(2, [2; 32])).is_err(), "it does not know the new one");
        let again = LedgerKeys::from_file(&path, "omklap.example.org/test").expect("read");
        assert_eq!(again.public(), second.public());
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("its owner may");
        assert!(LedgerKeys::from_file(&path, "omklap.example.org/test").is_err(), "others may read it");
        fs::remove_dir_all(&directory).expect("ours");
    }
}
