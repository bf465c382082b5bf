//! Private texts are sealed before they are stored, so that whoever holds the database does not hold them, and whoever
//! deletes one small key has erased a person's texts from every backup.
//!
//! Three layers: the operator's key wraps a trajectory's data key, the data key seals each text, and the event holds a
//! commitment, which proves later that a text shown is the text that was recorded, and tells nothing without its salt.

pub(super) mod reseal;
pub(super) mod texts;

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use aes_gcm::aead::rand_core::RngCore;
use aes_gcm::aead::{Aead, AeadCore, OsRng, Payload};
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use hmac::{Hmac, Mac};
use omklap_domain::ids::TrajectoryId;
use omklap_domain::text::PrivateRef;
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::database::key_fingerprints::Fingerprint;
use crate::events::hash_chain::Hash;

const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 12;
const SALT_BYTES: usize = 32;

/// Why a sealed text or key could not be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// Sealed with another key, for another place, or changed since.
    #[error("this was not sealed here with this key, or was changed since")]
    NotAuthentic,
    /// The text is whole, but is not the text that the event committed to.
    #[error("the text is not the one that the event committed to")]
    NotAsCommitted,
}

/// The key of whoever runs this ledger. It wraps the trajectories' data keys and the secrets that sign webhooks, and makes
/// marks that nobody else can make.
pub struct OperatorKey(Zeroizing<[u8; KEY_BYTES]>);

impl OperatorKey {
    /// A new random key.
    #[must_use]
    pub fn generate() -> Self {
        Self(random_key())
    }

    /// The key in this file: 64 hexadecimal digits, readable by its owner alone. A file that is not there is made.
    ///
    /// # Errors
    /// Where the file cannot be read or made, holds something else, or others may read it.
    pub fn from_file(path: &Path) -> io::Result<Self> {
        if let Some(key) = Self::in_file(path)? {
            return Ok(key);
        }
        Self::generate().write_new(path)?;
        Self::from_file(path)
    }

    /// The same where the file is there; none is made.
    ///
    /// # Errors
    /// Where the file cannot be read, holds something else, or others may read it.
    pub fn in_file(path: &Path) -> io::Result<Option<Self>> {
        let written = match fs::read_to_string(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => Zeroizing::new(read?),
        };
        refuse_if_others_may_read(path)?;
        let key = Self::from_hex(written.trim());
        let none = || io::Error::other(format!("{} holds no key of 64 hexadecimal digits", path.display()));
        key.map(Some).ok_or_else(none)
    }

    /// By which it is known to the database: nobody works out the key from it.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint(self.mark("fingerprint of the operator's key", &[]))
    }

    /// Appears under its name whole or not at all, and never in the place of a key that another process has just made.
    fn write_new(&self, path: &Path) -> io::Result<()> {
        if let Some(directory) = path.parent() {
            fs::create_dir_all(directory)?;
        }
        let draft = path.with_extension(format!("draft-{}", std::process::id()));
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
        file.write_all(Zeroizing::new(hex::encode(&self.0[..])).as_bytes())?;
        file.sync_all()?;
        let linked = fs::hard_link(&draft, path);
        fs::remove_file(&draft)?;
        linked.or_else(|error| if error.kind() == io::ErrorKind::AlreadyExists { Ok(()) } else { Err(error) })
    }

    fn from_hex(text: &str) -> Option<Self> {
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        hex::decode_to_slice(text, &mut key[..]).ok()?;
        Some(Self(key))
    }

    /// A secret as it is stored, bound to the row that it belongs to.
    #[must_use]
    pub fn seal_secret(&self, secret: &[u8], row: Uuid) -> Vec<u8> {
        encrypt(&self.0, secret, row)
    }

    /// The secret that was [sealed](Self::seal_secret) for this row.
    ///
    /// # Errors
    /// [`VaultError::NotAuthentic`] for another row's secret or another operator's.
    pub fn open_secret(&self, sealed: &[u8], row: Uuid) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        decrypt(&self.0, sealed, row)
    }

    /// A mark of these parts that tells nothing of them to whoever does not have this key: HMAC-SHA-256, with each part after
    /// its length. `of` keeps marks of different things apart.
    ///
    /// # Panics
    /// Never: HMAC takes a key of any length.
    #[must_use]
    pub fn mark(&self, of: &str, parts: &[&[u8]]) -> Hash {
        let mut mark =
            <Hmac<Sha256> as Mac>::new_from_slice(&self.0[..]).expect("HMAC takes a key of any length");
        for part in [of.as_bytes()].iter().chain(parts) {
            mark.update(&(part.len() as u64).to_be_bytes());
            mark.update(part);
        }
        mark.finalize().into_bytes().into()
    }

    /// A token that only this key can make and read, for one use: sealed with a key of its own, which is derived from this one.
    pub(crate) fn seal_token(&self, of: &str, plain: &[u8]) -> Vec<u8> {
        encrypt(&Zeroizing::new(self.mark(of, &[b"token"])), plain, Uuid::nil())
    }

    /// What was [sealed](Self::seal_token) for this use.
    pub(crate) fn open_token(&self, of: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        decrypt(&Zeroizing::new(self.mark(of, &[b"token"])), sealed, Uuid::nil())
    }

    /// The data key as it is stored, bound to its trajectory.
    #[must_use]
    pub fn wrap(&self, key: &DataKey, trajectory: TrajectoryId) -> Vec<u8> {
        encrypt(&self.0, &key.0[..], trajectory.0)
    }

    /// The data key that was [wrapped](Self::wrap) for this trajectory.
    ///
    /// # Errors
    /// [`VaultError::NotAuthentic`] for another trajectory's key or another operator's.
    pub fn unwrap(&self, wrapped: &[u8], trajectory: TrajectoryId) -> Result<DataKey, VaultError> {
        let key = decrypt(&self.0, wrapped, trajectory.0)?;
        let key = <[u8; KEY_BYTES]>::try_from(&key[..]).map_err(|_| VaultError::NotAuthentic)?;
        Ok(DataKey(Zeroizing::new(key)))
    }
}

/// The key that seals one trajectory's texts.
pub struct DataKey(Zeroizing<[u8; KEY_BYTES]>);

impl DataKey {
    /// A new random key.
    #[must_use]
    pub fn generate() -> Self {
        Self(random_key())
    }

    /// Seals a text under an id of its own: what the event holds, and what the vault holds.
    #[must_use]
    pub fn seal(&self, id: Uuid, text: &str) -> (PrivateRef, Vec<u8>) {
        let mut salted = Zeroizing::new(vec![0; SALT_BYTES]);
        OsRng.fill_bytes(&mut salted);
        salted.extend_from_slice(text.as_bytes());
        (PrivateRef { id, commitment: commitment(&salted) }, encrypt(&self.0, &salted, id))
    }

    /// A text that this key sealed, with its salt, sealed with another key for the same place.
    ///
    /// # Errors
    /// Where it was sealed otherwise.
    pub fn reseal(&self, with: &Self, id: Uuid, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        Ok(encrypt(&with.0, &decrypt(&self.0, sealed, id)?, id))
    }

    /// The text that an event refers to.
    ///
    /// # Errors
    /// Where it was sealed otherwise, or is not the text that the event committed to.
    pub fn open(&self, reference: &PrivateRef, sealed: &[u8]) -> Result<String, VaultError> {
        self.open_salted(reference, sealed).map(|(_, text)| text)
    }

    /// Whether this is the text that an event refers to.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn check(&self, reference: &PrivateRef, sealed: &[u8]) -> Result<(), VaultError> {
        self.salted(reference, sealed).map(drop)
    }

    /// The text that an event refers to, after the salt with which it was committed to, in hexadecimal: what somebody else
    /// needs to see that it is the text that was recorded.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_salted(&self, reference: &PrivateRef, sealed: &[u8]) -> Result<(String, String), VaultError> {
        let salted = self.salted(reference, sealed)?;
        let (salt, text) = salted.split_at_checked(SALT_BYTES).ok_or(VaultError::NotAsCommitted)?;
        let text = String::from_utf8(text.to_vec()).map_err(|_| VaultError::NotAsCommitted)?;
        Ok((hex::encode(salt), text))
    }

    fn salted(&self, reference: &PrivateRef, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let salted = decrypt(&self.0, sealed, reference.id)?;
        if commitment(&salted) == reference.commitment { Ok(salted) } else { Err(VaultError::NotAsCommitted) }
    }
}

impl fmt::Debug for OperatorKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OperatorKey(secret)")
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(secret)")
    }
}

fn random_key() -> Zeroizing<[u8; KEY_BYTES]> {
    let mut key = Zeroizing::new([0; KEY_BYTES]);
    OsRng.fill_bytes(&mut key[..]);
    key
}

fn commitment(salted: &[u8]) -> String {
    hex::encode(Sha256::digest(salted))
}

/// Bound to the id of its place: moved to another row it no longer opens.
fn encrypt(key: &[u8; KEY_BYTES], secret: &[u8], place: Uuid) -> Vec<u8> {
    let nonce = Aes256Gcm::generate_nonce(&mut OsRng);
    let sealed = Aes256Gcm::new(key.into())
        .encrypt(&nonce, Payload { msg: secret, aad: place.as_bytes() })
        .expect("a text is far shorter than the 64 GiB that AES-GCM can seal");
    [&nonce[..], &sealed[..]].concat()
}

fn decrypt(key: &[u8; KEY_BYTES], sealed: &[u8], place: Uuid) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let (nonce, sealed) = sealed.split_at_checked(NONCE_BYTES).ok_or(VaultError::NotAuthentic)?;
    Aes256Gcm::new(key.into())
        .decrypt(Nonce::from_slice(nonce), Payload { msg: sealed, aad: place.as_bytes() })
        .map(Zeroizing::new)
        .map_err(|_| VaultError::NotAuthentic)
}

fn refuse_if_others_may_read(path: &Path) -> io::Result<()> {
    let for_others = fs::metadata(path)?.permissions().mode() & 0o077;
    if for_others == 0 {
        return Ok(());
    }
    Err(io::Error::new(
        io::ErrorKind::PermissionDenied,
        format!("others may read {}, which holds the operator's key; run: chmod 600 {0}", path.display()),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT_ID: Uuid = Uuid::from_u128(7);
    const HERE: TrajectoryId = TrajectoryId(Uuid::from_u128(1));
    const ELSEWHERE: TrajectoryId = TrajectoryId(Uuid::from_u128(2));

    #[test]
    fn a_sealed_text_opens_again() {
        let key = DataKey::generate();
        let (reference, sealed) = key.seal(TEXT_ID, "Belt liever 's avonds. ☎");
        assert_eq!(key.open(&reference, &sealed).as_deref(), Ok("Belt liever 's avonds. ☎"));
    }

    #[test]
    fn the_same_text_looks_different_each_time() {
        let key = DataKey::generate();
        let (first, second) = (key.seal(TEXT_ID, "ja"), key.seal(TEXT_ID, "ja"));
        assert_ne!(first.0.commitment, second.0.commitment);
        assert_ne!(first.1, second.1);
    }

    #[test]
    fn a_text_does_not_open_in_another_place_or_with_another_key() {
        let key = DataKey::generate();
        let (reference, sealed) = key.seal(TEXT_ID, "tekst");
        let moved = PrivateRef { id: Uuid::from_u128(8), ..reference.clone() };
        assert_eq!(key.open(&moved, &sealed), Err(VaultError::NotAuthentic));
        assert_eq!(DataKey::generate().open(&reference, &sealed), Err(VaultError::NotAuthentic));
        assert_eq!(key.open(&reference, &sealed[..5]), Err(VaultError::NotAuthentic));
    }

    #[test]
    fn a_text_that_was_put_in_its_place_later_is_found_out() {
        let key = DataKey::generate();
        let (recorded, _) = key.seal(TEXT_ID, "betaalde niet");
        let (_, swapped) = key.seal(TEXT_ID, "betaalde op tijd");
        assert_eq!(key.open(&recorded, &swapped), Err(VaultError::NotAsCommitted));
    }

    #[test]
    fn a_data_key_belongs_to_one_trajectory() {
        let (operator, key) = (OperatorKey::generate(), DataKey::generate());
        let wrapped = operator.wrap(&key, HERE);
        assert_eq!(operator.unwrap(&wrapped, HERE).expect("its own").0, key.0);
        assert!(operator.unwrap(&wrapped, ELSEWHERE).is_err());
        assert!(OperatorKey::generate().unwrap(&wrapped, HERE).is_err());
    }

    #[test]
    fn the_operators_key_is_made_once_and_is_for_its_owner_alone() {
        let directory = std::env::temp_dir().join(format!("omklap-vault-{}", std::process::id()));
        let path = directory.join("operator.key");
        let made = OperatorKey::from_file(&path).expect("made");
        assert_eq!(OperatorKey::from_file(&path).expect("read").0, made.0);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("its owner may");
        let refused = OperatorKey::from_file(&path).expect_err("others may read it");
        assert_eq!(refused.kind(), io::ErrorKind::PermissionDenied);
        fs::remove_dir_all(&directory).expect("ours");
    }
}
