//! The signature of a message by Standard Webhooks 1.0: with the secret, a receiver verifies that
//! it came from here, now, and unchanged.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use omklap_store::subscriptions::Secret;
use sha2::Sha256;
use uuid::Uuid;

/// A secret in the form shown to its owner, once.
#[must_use]
pub fn shown(secret: &Secret) -> String {
    format!("whsec_{}", STANDARD.encode(secret.bytes()))
}

/// The value of `webhook-signature`: one signature for each secret.
///
/// # Panics
/// Never: a key of any length is a key for HMAC.
#[must_use]
pub fn signature(secrets: &[Secret], id: Uuid, at: Timestamp, body: &[u8]) -> String {
    let signed = secrets.iter().map(|secret| {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.bytes()).expect("any length will do");
        mac.update(format!("{id}.{}.", at.as_second()).as_bytes());
        mac.update(body);
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    });
    signed.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_secrets_sign_side_by_side() {
        let secrets = [Secret::from(&b"one"[..]), Secret::from(&b"other"[..])];
        let signed = signature(&secrets, Uuid::nil(), Timestamp::UNIX_EPOCH, b"{}");
        let alone = signature(&secrets[1..], Uuid::nil(), Timestamp::UNIX_EPOCH, b"{}");
        assert_eq!(signed.split(' ').count(), 2);
        assert!(signed.ends_with(&alone) && alone.starts_with("v1,"));
    }

    /// Computed with the specification's own Python library.
    #[test]
    fn a_secret_is_shown_as_the_standard_writes_it() {
        assert_eq!(shown(&Secret::from(&[0_u8; 24][..])), "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    }
}
