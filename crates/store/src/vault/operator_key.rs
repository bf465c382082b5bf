//! The key of the operator.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use hmac::{Hmac, Mac};
use omklap_domain::ids::TrajectoryId;
use sha2::Sha256;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::cipher::{Key, VaultError, decrypt, encrypt, random_key};
use super::data_key::DataKey;
use crate::database::key_fingerprints::fingerprint::Fingerprint;
use crate::events::hash_chain::Hash;

/// The key of the operator of this ledger. It wraps the data keys of trajectories and the secrets
/// that sign webhooks, and makes marks that nobody else can make.
pub struct OperatorKey(Key);

impl OperatorKey {
    /// A new random key.
    #[must_use]
    pub fn generate() -> Self {
        Self(random_key())
    }

    /// The key of every ledger on a scratch database, so that its signer knows the key of its events.
    #[cfg(feature = "scratch")]
    #[must_use]
    pub fn of_tests() -> Self {
        Self(Key::new([7; 32]))
    }

    /// The key in this file: 64 hexadecimal digits, readable only by its owner. If there is no
    /// file, a new key is made and written to it.
    ///
    /// # Errors
    /// If the file cannot be read or made, holds something else, or others may read it.
    pub fn from_file(path: &Path) -> io::Result<Self> {
        if let Some(key) = Self::in_file(path)? {
            return Ok(key);
        }
        Self::generate().write_new(path)?;
        Self::from_file(path)
    }

    /// The same, but none if there is no file.
    ///
    /// # Errors
    /// If the file cannot be read, holds something else, or others may read it.
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

    /// What the database knows it by. The key cannot be worked out from it.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint(self.mark("fingerprint of the operator's key", &[]))
    }

    /// Writes the file whole or not at all, and never over a key that another process has just
    /// made.
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
        let mut key = Key::default();
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

    /// A mark of these parts that says nothing about them without this key: HMAC-SHA-256, with each
    /// part after its length. `use_for` keeps marks for different uses apart.
    ///
    /// # Panics
    /// Never: HMAC takes a key of any length.
    #[must_use]
    pub fn mark(&self, use_for: &str, parts: &[&[u8]]) -> Hash {
        let mut mark =
            <Hmac<Sha256> as Mac>::new_from_slice(&self.0[..]).expect("HMAC takes a key of any length");
        for part in [use_for.as_bytes()].iter().chain(parts) {
            mark.update(&(part.len() as u64).to_be_bytes());
            mark.update(part);
        }
        mark.finalize().into_bytes().into()
    }

    /// A token for one use that only this key can make and read. It is sealed with a key derived
    /// from this one.
    pub(crate) fn seal_token(&self, use_for: &str, plain: &[u8]) -> Vec<u8> {
        encrypt(&Zeroizing::new(self.mark(use_for, &[b"token"])), plain, Uuid::nil())
    }

    /// What was [sealed](Self::seal_token) for this use.
    pub(crate) fn open_token(&self, use_for: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        decrypt(&Zeroizing::new(self.mark(use_for, &[b"token"])), sealed, Uuid::nil())
    }

    /// The data key as it is stored, bound to its trajectory.
    #[must_use]
    pub fn wrap(&self, key: &DataKey, trajectory: TrajectoryId) -> Vec<u8> {
        encrypt(&self.0, key.bytes(), trajectory.0)
    }

    /// The data key that was [wrapped](Self::wrap) for this trajectory.
    ///
    /// # Errors
    /// [`VaultError::NotAuthentic`] for another trajectory's key or another operator's.
    pub fn unwrap(&self, wrapped: &[u8], trajectory: TrajectoryId) -> Result<DataKey, VaultError> {
        let key = decrypt(&self.0, wrapped, trajectory.0)?;
        DataKey::from_bytes(&key).ok_or(VaultError::NotAuthentic)
    }
}

impl fmt::Debug for OperatorKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OperatorKey(secret)")
    }
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

    const HERE: TrajectoryId = TrajectoryId(Uuid::from_u128(1));
    const ELSEWHERE: TrajectoryId = TrajectoryId(Uuid::from_u128(2));

    #[test]
    fn a_data_key_belongs_to_one_trajectory() {
        let (operator, key) = (OperatorKey::generate(), DataKey::generate());
        let wrapped = operator.wrap(&key, HERE);
        assert_eq!(operator.unwrap(&wrapped, HERE).expect("its own").bytes(), key.bytes());
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
