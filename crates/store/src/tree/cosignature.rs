//! Cosignatures (C2SP tlog-cosignature, Ed25519): a witness says that a checkpoint continues every
//! checkpoint of that ledger that it cosigned before (ADR 34).

use std::fs;
use std::io;
use std::path::Path;

use aes_gcm::aead::OsRng;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use signed_note::{
    Note, Signature, Signer, StandardSigner, StandardVerifier, Verifier, generate_key, key_id,
};
use zeroize::Zeroizing;

use super::signing_key::write_new;

/// The number of cosignatures in a public key, and that of plain Ed25519.
const COSIGNATURE: u8 = 4;
const ED25519: u8 = 1;

/// The public key of a witness, written `NAME+ID+KEY`.
#[derive(Clone)]
pub struct WitnessKey {
    text: String,
    name: String,
    id: u32,
    /// The library verifies Ed25519 under its own number, so the same key is given that one.
    ed25519: StandardVerifier,
}

impl WitnessKey {
    /// Reads a key; none if it is not the key of a witness.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (name, rest) = text.split_once('+')?;
        let (id, encoded) = rest.split_once('+')?;
        let key = BASE64_STANDARD.decode(encoded).ok()?;
        let public = key.strip_prefix(&[COSIGNATURE])?;
        let id = u32::from_str_radix(id, 16).ok().filter(|read| format!("{read:08x}") == id)?;
        let ed25519 = StandardVerifier::new(&written(name, ED25519, public)).ok()?;
        (id == key_id(name, &key)).then(|| Self { text: text.to_owned(), name: name.to_owned(), id, ed25519 })
    }

    /// The name and the id, for people and for the database.
    #[must_use]
    pub fn label(&self) -> String {
        format!("{}+{:08x}", self.name, self.id)
    }

    /// The line among these with which this witness cosigned the text of a note, if there is one.
    #[must_use]
    pub fn line_in(&self, lines: &str, text: &str) -> Option<String> {
        let is_its = |line: &&str| {
            Signature::from_bytes(line.as_bytes()).is_ok_and(|signature| self.cosigned(text, &signature))
        };
        lines.lines().find(is_its).map(ToOwned::to_owned)
    }

    fn cosigned(&self, text: &str, signature: &Signature) -> bool {
        let is_its = signature.name() == self.name && signature.id() == self.id;
        let Some((time, signature)) = signature.signature().split_first_chunk::<8>() else { return false };
        is_its && self.ed25519.verify(message(u64::from_be_bytes(*time), text).as_bytes(), signature)
    }
}

impl std::fmt::Debug for WitnessKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

/// The key with which a witness cosigns.
pub struct CosigningKey {
    signer: StandardSigner,
    public: WitnessKey,
}

impl CosigningKey {
    /// A new key under this name, written to no file; none if the name has a blank or a plus.
    #[must_use]
    pub fn generate(name: &str) -> Option<Self> {
        if signed_note::is_key_name_valid(name) { Self::read(&generated(name)) } else { None }
    }

    /// The key in this file, which only its owner may read. The file has two lines: the private key
    /// as C2SP signed-note writes one, and the public key of the witness. A new file is made if
    /// `name` is given.
    ///
    /// # Errors
    /// If the file cannot be read or made, holds something else, or is missing and no name was
    /// given.
    pub fn from_file(path: &Path, name: Option<&str>) -> io::Result<Self> {
        if let Some(name) = name
            && !path.exists()
        {
            if !signed_note::is_key_name_valid(name) {
                return Err(io::Error::other("the name of a witness has no blank and no plus"));
            }
            write_new(path, &generated(name))?;
        }
        let lines = Zeroizing::new(fs::read_to_string(path)?);
        Self::read(&lines)
            .ok_or_else(|| io::Error::other(format!("{} is no key of a witness", path.display())))
    }

    fn read(lines: &str) -> Option<Self> {
        let (private, public) = lines.split_once('\n')?;
        let key = Self {
            signer: StandardSigner::new(private).ok()?,
            public: WitnessKey::read(public.trim_end_matches('\n'))?,
        };
        let text = "both halves belong together\n";
        key.public.line_in(&key.cosign(text, 0), text).is_some().then_some(key)
    }

    /// The public key, as others are given it.
    #[must_use]
    pub fn public(&self) -> &str {
        &self.public.text
    }

    /// The line with which this witness cosigns the text of a checkpoint, with its line feed. The
    /// instant is in seconds of Unix time.
    ///
    /// # Panics
    /// Never: Ed25519 signs every text, and the name was checked.
    #[must_use]
    pub fn cosign(&self, text: &str, at: u64) -> String {
        let signature = self.signer.sign(message(at, text).as_bytes()).expect("Ed25519 signs every text");
        let signature = [&at.to_be_bytes()[..], &signature].concat();
        let WitnessKey { name, id, .. } = &self.public;
        let signature = Signature::new(name.clone(), *id, signature).expect("a proper name");
        String::from_utf8(signature.to_bytes()).expect("a signature is a line of text")
    }
}

impl std::fmt::Debug for CosigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CosigningKey({})", self.public.text)
    }
}

/// What a witness signs of a checkpoint.
fn message(at: u64, text: &str) -> String {
    format!("cosignature/v1\ntime {at}\n{text}")
}

/// A public key of this kind, as C2SP signed-note writes one.
fn written(name: &str, kind: u8, public: &[u8]) -> String {
    let key = [&[kind], public].concat();
    format!("{name}+{:08x}+{}", key_id(name, &key), BASE64_STANDARD.encode(&key))
}

/// The two lines of a new key.
fn generated(name: &str) -> Zeroizing<String> {
    let (private, public) = generate_key(&mut OsRng, name);
    let private = Zeroizing::new(private);
    // NAME+ID+KEY, and the key is base64, so it may itself hold a plus.
    let encoded = public.splitn(3, '+').last().unwrap_or_default();
    let key = BASE64_STANDARD.decode(encoded).unwrap_or_default();
    let public = written(name, COSIGNATURE, key.get(1..).unwrap_or_default());
    Zeroizing::new(format!("{}\n{public}\n", private.as_str()))
}

/// The text of a note, if it is one.
pub(super) fn text_of(note: &str) -> Option<String> {
    String::from_utf8(Note::from_bytes(note.as_bytes()).ok()?.text().to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cosignature_is_of_one_witness_one_text_and_one_time() {
        let key = CosigningKey::generate("witness.example.org/w1").expect("a name");
        let other = CosigningKey::generate("witness.example.org/w1").expect("a name");
        let (text, line) = ("log\n7\nroot\n", key.cosign("log\n7\nroot\n", 1_700_000_000));
        assert_eq!(key.public.line_in(&line, text).as_deref(), Some(line.trim_end()));
        assert_eq!(key.public.line_in(&line, "log\n8\nroot\n"), None, "another text");
        assert_eq!(other.public.line_in(&line, text), None, "another key under the same name");
        assert_eq!(key.public.line_in("— x y\nnonsense\n", text), None);
        assert!(CosigningKey::generate("two words").is_none());
    }

    #[test]
    fn the_key_of_a_ledger_is_no_key_of_a_witness() {
        let (_, plain) = generate_key(&mut OsRng, "witness.example.org/w1");
        assert!(WitnessKey::read(&plain).is_none(), "it signs notes");
        let key = CosigningKey::generate("witness.example.org/w1").expect("a name");
        assert_eq!(WitnessKey::read(key.public()).map(|read| read.label()), Some(key.public.label()));
        assert!(WitnessKey::read(&key.public().replacen("w1", "w2", 1)).is_none(), "its id is of the name");
    }
}
