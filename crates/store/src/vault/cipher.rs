//! AES-256-GCM, as everything in the vault is sealed.

use aes_gcm::aead::rand_core::RngCore;
use aes_gcm::aead::{Aead, AeadCore, OsRng, Payload};
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use uuid::Uuid;
use zeroize::Zeroizing;

const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 12;

/// A key, overwritten in memory when it is dropped.
pub(super) type Key = Zeroizing<[u8; KEY_BYTES]>;

/// Why a sealed text or key could not be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// It was sealed with another key or for another place, or was changed since.
    #[error("this was sealed with another key or for another place, or was changed since")]
    NotAuthentic,
    /// It opens, but is not the text that the event committed to.
    #[error("the text is not the one that the event committed to")]
    NotAsCommitted,
}

pub(super) fn random_key() -> Key {
    let mut key = Zeroizing::new([0; KEY_BYTES]);
    OsRng.fill_bytes(&mut key[..]);
    key
}

/// Seals a secret for one place: it does not open in another row.
pub(super) fn encrypt(key: &Key, secret: &[u8], place: Uuid) -> Vec<u8> {
    let nonce = Aes256Gcm::generate_nonce(&mut OsRng);
    let sealed = Aes256Gcm::new((&**key).into())
        .encrypt(&nonce, Payload { msg: secret, aad: place.as_bytes() })
        .expect("a text is far shorter than the 64 GiB that AES-GCM can seal");
    [&nonce[..], &sealed[..]].concat()
}

/// A secret that was sealed for this place.
pub(super) fn decrypt(key: &Key, sealed: &[u8], place: Uuid) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let (nonce, sealed) = sealed.split_at_checked(NONCE_BYTES).ok_or(VaultError::NotAuthentic)?;
    Aes256Gcm::new((&**key).into())
        .decrypt(Nonce::from_slice(nonce), Payload { msg: sealed, aad: place.as_bytes() })
        .map(Zeroizing::new)
        .map_err(|_| VaultError::NotAuthentic)
}
