//! The key that seals one trajectory's texts.

use std::fmt;

use aes_gcm::aead::OsRng;
use aes_gcm::aead::rand_core::RngCore;
use omklap_domain::text::PrivateRef;
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::cipher::{Key, VaultError, decrypt, encrypt, random_key};

const SALT_BYTES: usize = 32;

/// The key that seals one trajectory's texts.
pub struct DataKey(Key);

impl DataKey {
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(|key| Self(Key::new(key)))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0[..]
    }

    /// A new random key.
    #[must_use]
    pub fn generate() -> Self {
        Self(random_key())
    }

    /// Seals a text under an id of its own. Returns what the event holds and what the vault holds.
    #[must_use]
    pub fn seal(&self, id: Uuid, text: &str) -> (PrivateRef, Vec<u8>) {
        let mut salted = Zeroizing::new(vec![0; SALT_BYTES]);
        OsRng.fill_bytes(&mut salted);
        salted.extend_from_slice(text.as_bytes());
        (PrivateRef { id, commitment: commitment(&salted) }, encrypt(&self.0, &salted, id))
    }

    /// A text that this key sealed, with its salt, sealed again with another key for the same
    /// place.
    ///
    /// # Errors
    /// If it was sealed in another way.
    pub fn reseal(&self, with: &Self, id: Uuid, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        Ok(encrypt(&with.0, &decrypt(&self.0, sealed, id)?, id))
    }

    /// The text that an event refers to.
    ///
    /// # Errors
    /// If it was sealed in another way, or is not the text that the event committed to.
    pub fn open(&self, reference: &PrivateRef, sealed: &[u8]) -> Result<String, VaultError> {
        self.open_salted(reference, sealed).map(|(_, text)| text)
    }

    /// Checks that this is the text that an event refers to.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn check(&self, reference: &PrivateRef, sealed: &[u8]) -> Result<(), VaultError> {
        self.salted(reference, sealed).map(drop)
    }

    /// The salt of the commitment, in hexadecimal, and the text that an event refers to. With both,
    /// anybody can check that it is the text that was recorded.
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

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(secret)")
    }
}

fn commitment(salted: &[u8]) -> String {
    hex::encode(Sha256::digest(salted))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT_ID: Uuid = Uuid::from_u128(7);

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
}
