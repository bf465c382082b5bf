//! What is recorded beside a fact.

use std::collections::BTreeMap;

use aes_gcm::aead::OsRng;
use aes_gcm::aead::rand_core::RngCore;

/// Who reported a fact, for which organisation, why, and as a result of what: `actor`,
/// `organisation`, `role`, `purpose`, `client`, `tokenDigest`, `tokenId`, `correlationId`,
/// `causationId`, `agreementSet`; and `blind`,
/// random bytes that only a viewer of the whole event gets.
pub type Metadata = BTreeMap<String, String>;

/// The metadata of an event as it is stored: canonical JSON. It is parsed only where it is shown: most
/// readers of an event need only its fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredMetadata(Box<str>);

impl StoredMetadata {
    /// What it says.
    ///
    /// # Errors
    /// If it is not what this program writes: a map of texts.
    pub fn read(&self) -> serde_json::Result<Metadata> {
        serde_json::from_str(&self.0)
    }
}

impl From<&str> for StoredMetadata {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

/// The `blind` of an event: sixteen random bytes, in hexadecimal.
pub(crate) fn blind() -> String {
    let mut bytes = [0; 16];
    OsRng.fill_bytes(&mut bytes);
    hex::encode(bytes)
}
