//! A set of public keys (JWKS, RFC 7517), as far as its keys may sign a token.

use std::sync::Arc;

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// How many keys an issuer may have at once.
pub const MOST_KEYS: usize = 100;

/// How large the document may be that holds them, in bytes.
pub const LARGEST_SET: usize = 1024 * 1024;

/// A modulus of 2048 to 8192 bits, in base64.
const MODULUS: std::ops::RangeInclusive<usize> = 342..=1366;

/// 32 bytes in base64: a coordinate of P-256, or a key of Ed25519.
const COORDINATE: usize = 43;

/// A public key of an issuer.
pub struct Key {
    jwk: Jwk,
    algorithm: Algorithm,
    decoding: DecodingKey,
}

/// The keys of an issuer that may sign a token.
#[derive(Debug, Default, PartialEq)]
pub struct KeySet(Vec<Arc<Key>>);

#[derive(Deserialize)]
struct Document {
    keys: Vec<Value>,
}

impl KeySet {
    /// The keys of a document that may sign a token; the others have another use. If there are too
    /// many, their number.
    ///
    /// # Errors
    /// If the document is no JWKS.
    pub fn read(document: &[u8]) -> Result<Result<Self, usize>, serde_json::Error> {
        let Document { keys } = serde_json::from_slice(document)?;
        if keys.len() > MOST_KEYS {
            return Ok(Err(keys.len()));
        }
        let readable = keys.into_iter().filter_map(|key| serde_json::from_value(key).ok());
        Ok(Ok(Self(readable.filter_map(Key::of).map(Arc::new).collect())))
    }

    /// The key of this name for this algorithm. A token without a key name is checked with the only
    /// key for its algorithm.
    #[must_use]
    pub fn find(&self, name: Option<&str>, algorithm: Algorithm) -> Option<Arc<Key>> {
        let named = |key: &&Arc<Key>| name.is_none() || key.jwk.common.key_id.as_deref() == name;
        let mut fitting = self.0.iter().filter(|key| key.algorithm == algorithm).filter(named);
        let found = fitting.next()?;
        (name.is_some() || fitting.next().is_none()).then(|| Arc::clone(found))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

impl Key {
    /// The key, if it is for signing with an allowed algorithm, and strong enough.
    pub fn of(jwk: Jwk) -> Option<Self> {
        let algorithm = algorithm(&jwk)?;
        let agrees = match jwk.common.key_algorithm {
            None => true,
            Some(KeyAlgorithm::PS256) => algorithm == Algorithm::PS256,
            Some(KeyAlgorithm::ES256) => algorithm == Algorithm::ES256,
            Some(KeyAlgorithm::EdDSA) => algorithm == Algorithm::EdDSA,
            Some(_) => false,
        };
        let signs = jwk.common.public_key_use.as_ref().is_none_or(|of| *of == PublicKeyUse::Signature);
        let key = DecodingKey::from_jwk(&jwk).ok()?;
        (agrees && signs).then_some(Self { jwk, algorithm, decoding: key })
    }

    /// The claims of a token that this key signed. [`Claims`](super::Claims) validates them.
    pub fn verify<T: DeserializeOwned>(&self, token: &str) -> Option<T> {
        let mut signature_only = Validation::new(self.algorithm);
        signature_only.required_spec_claims.clear();
        signature_only.validate_exp = false;
        signature_only.validate_aud = false;
        decode(token, &self.decoding, &signature_only).ok().map(|token| token.claims)
    }
}

/// What a key of this type signs with. The lengths are checked here, because the library that reads
/// the key does not.
fn algorithm(jwk: &Jwk) -> Option<Algorithm> {
    match &jwk.algorithm {
        AlgorithmParameters::RSA(rsa) => MODULUS.contains(&rsa.n.len()).then_some(Algorithm::PS256),
        AlgorithmParameters::EllipticCurve(point) => {
            (point.curve == EllipticCurve::P256 && point.x.len() == COORDINATE && point.y.len() == COORDINATE)
                .then_some(Algorithm::ES256)
        }
        AlgorithmParameters::OctetKeyPair(pair) => {
            (pair.curve == EllipticCurve::Ed25519 && pair.x.len() == COORDINATE).then_some(Algorithm::EdDSA)
        }
        _ => None,
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.jwk == other.jwk
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} {:?}", self.algorithm, self.jwk.common.key_id)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn ed25519(name: &str) -> Value {
        json!({"kty": "OKP", "crv": "Ed25519", "kid": name, "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})
    }

    fn set(keys: &[Value]) -> KeySet {
        let document = json!({"keys": keys}).to_string();
        KeySet::read(document.as_bytes()).expect("a set").expect("not too large")
    }

    #[test]
    fn only_keys_that_may_sign_a_token_are_kept() {
        let mut other = vec![
            json!({"kty": "oct", "k": "c2VjcmV0", "alg": "HS256"}),
            json!({"kty": "RSA", "n": "AQAB", "e": "AQAB"}),
            json!({"kty": "RSA", "n": "x".repeat(342), "e": "AQAB", "alg": "RS256"}),
            json!({"kty": "EC", "crv": "P-384", "x": "x".repeat(64), "y": "y".repeat(64)}),
            json!({"kty": "OKP", "crv": "Ed25519", "x": "AQAB"}),
            json!("rubbish"),
        ];
        for (field, value) in [("use", "enc"), ("alg", "ES256")] {
            let mut key = ed25519("other");
            key[field] = value.into();
            other.push(key);
        }
        assert_eq!(set(&other), KeySet::default());
        other.push(ed25519("good"));
        assert_eq!(set(&other).len(), 1);
    }

    #[test]
    fn a_set_of_ten_thousand_keys_is_not_taken() {
        let keys: Vec<_> = (0..10_000).map(|number| ed25519(&number.to_string())).collect();
        let document = json!({"keys": keys}).to_string();
        assert_eq!(KeySet::read(document.as_bytes()).expect("a set"), Err(10_000));
    }

    #[test]
    fn a_token_without_a_name_is_of_the_only_key() {
        let (one, two) = (set(&[ed25519("a")]), set(&[ed25519("a"), ed25519("b")]));
        assert!(one.find(None, Algorithm::EdDSA).is_some() && two.find(None, Algorithm::EdDSA).is_none());
        assert!(
            two.find(Some("b"), Algorithm::EdDSA).is_some()
                && two.find(Some("c"), Algorithm::EdDSA).is_none()
        );
        assert!(one.find(Some("a"), Algorithm::ES256).is_none(), "the key's type decides");
    }
}
