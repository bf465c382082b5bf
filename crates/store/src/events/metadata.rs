//! What is recorded beside a fact.

use std::collections::BTreeMap;

use aes_gcm::aead::OsRng;
use aes_gcm::aead::rand_core::RngCore;

/// Who reported a fact, for which organisation, why, and as a result of what: `actor`,
/// `organisation`, `role`, `purpose`, `client`, `tokenDigest`, `tokenId`, `correlationId`,
/// `causationId`, `agreementSet`; and `blind`,
/// random bytes that only a viewer of the whole event gets.
pub type Metadata = BTreeMap<String, String>;

/// The `blind` of an event: sixteen random bytes, in hexadecimal.
pub(crate) fn blind() -> String {
    let mut bytes = [0; 16];
    OsRng.fill_bytes(&mut bytes);
    hex::encode(bytes)
}
