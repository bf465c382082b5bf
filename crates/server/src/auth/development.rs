//! The built-in issuer for a first run and for tests: it issues a token to every caller, so it is
//! served on loopback only, and only if no other issuer is trusted.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use jsonwebtoken::jwk::{Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use uuid::Builder;
use zeroize::Zeroizing;

use super::issuer::{Issuer, IssuerSettings};
use super::jwks::KeySet;
use super::keys::Keys;
use super::scope::Scope;

/// An Ed25519 key of 32 bytes follows (PKCS #8, RFC 8410 §7).
const PKCS8: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// The built-in issuer.
#[derive(Clone)]
pub struct DevelopmentIssuer {
    key: EncodingKey,
    public: Arc<Value>,
}

/// The claims of a requested token.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct TokenRequest {
    /// The client program.
    pub client: String,
    /// Its scopes.
    pub scopes: BTreeSet<Scope>,
    /// The person who uses the program; without one, the program itself.
    pub actor: Option<String>,
    /// The role.
    pub role: Option<String>,
    /// The purpose.
    pub purpose: Option<String>,
    /// The one trajectory of a client (the person).
    pub trajectory: Option<String>,
}

impl DevelopmentIssuer {
    /// Its name, in place of the names in the settings.
    pub const NAME: &str = "development";
    /// The value of `iss` of its tokens, at whichever address it is.
    pub const URL: &str = "urn:omklap:development";
    /// The value of `aud` of its tokens.
    pub const AUDIENCE: &str = "omklap";
    /// How long its tokens are valid, in seconds.
    pub const LIFE: i64 = 60 * 60;

    /// The issuer with a new key.
    #[must_use]
    pub fn generate() -> Self {
        Self::of(&Zeroizing::new(rand::random()))
    }

    /// The issuer with the key in this file, which is created if it is missing.
    ///
    /// # Errors
    /// If the file cannot be read or made, or holds something else.
    pub fn from_file(path: &Path) -> io::Result<Self> {
        match fs::read_to_string(path).map(Zeroizing::new) {
            Ok(written) => {
                let key = key_in(written.trim()).map(|key| Self::of(&key));
                key.ok_or_else(|| {
                    io::Error::other(format!("{} does not hold a key that omklap made", path.display()))
                })
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                write_new(path, &Zeroizing::new(rand::random()))?;
                Self::from_file(path)
            }
            Err(error) => Err(error),
        }
    }

    fn of(seed: &[u8; 32]) -> Self {
        let der = Zeroizing::new([&PKCS8[..], &seed[..]].concat());
        let key = EncodingKey::from_ed_der(&der);
        let mut jwk = Jwk::from_encoding_key(&key, Algorithm::EdDSA).expect("the key is one of Ed25519");
        jwk.common.key_id = Some(Self::NAME.to_owned());
        jwk.common.public_key_use = Some(PublicKeyUse::Signature);
        Self { key, public: Arc::new(json!({"keys": [jwk]})) }
    }

    /// Its public key (JWKS).
    #[must_use]
    pub fn jwks(&self) -> &Value {
        &self.public
    }

    /// The issuer as one that is trusted with everything.
    ///
    /// # Panics
    /// Never: its own key is a key.
    #[must_use]
    pub fn trusted(&self) -> Issuer {
        let settings = IssuerSettings {
            url: Self::URL.to_owned(),
            audience: Self::AUDIENCE.to_owned(),
            jwks_uri: None,
            scopes: Scope::ALL.into(),
        };
        let set = KeySet::read(self.public.to_string().as_bytes());
        let set = set.ok().and_then(Result::ok).expect("its own key is a key");
        Issuer::with(Self::NAME, &settings, Keys::built_in(set))
    }

    /// A token that is valid for an hour.
    ///
    /// # Panics
    /// Never: its key signs.
    #[must_use]
    pub fn token(&self, requested: &TokenRequest, now: Timestamp) -> String {
        let mut claims = requested.claims(now.as_second());
        claims["jti"] = Builder::from_random_bytes(rand::random()).into_uuid().to_string().into();
        self.sign(&claims)
    }

    /// Signs any claims: tests use it for tokens that a real issuer would not issue.
    ///
    /// # Panics
    /// Never: its key signs.
    #[must_use]
    pub fn sign(&self, claims: &Value) -> String {
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some("at+jwt".to_owned());
        header.kid = Some(Self::NAME.to_owned());
        encode(&header, claims, &self.key).expect("a key of Ed25519 signs")
    }
}

impl TokenRequest {
    /// The claims of a token that is issued at this instant, in seconds since 1970.
    #[must_use]
    pub fn claims(&self, now: i64) -> Value {
        let scopes: Vec<_> = self.scopes.iter().map(|scope| scope.as_str()).collect();
        let mut claims = json!({
            "iss": DevelopmentIssuer::URL, "aud": DevelopmentIssuer::AUDIENCE, "iat": now, "exp": now + DevelopmentIssuer::LIFE,
            "sub": self.actor.as_ref().unwrap_or(&self.client), "client_id": self.client, "scope": scopes.join(" "),
        });
        for (name, value) in
            [("role", &self.role), ("purpose", &self.purpose), ("trajectory", &self.trajectory)]
        {
            if let Some(value) = value {
                claims[name] = value.as_str().into();
            }
        }
        claims
    }
}

impl std::fmt::Debug for DevelopmentIssuer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DevelopmentIssuer")
    }
}

fn key_in(text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let mut key = Zeroizing::new([0; 32]);
    hex::decode_to_slice(text, &mut key[..]).ok()?;
    Some(key)
}

/// Readable by its owner alone. If another process was faster, its key counts.
fn write_new(path: &Path, key: &[u8; 32]) -> io::Result<()> {
    let mut text = Zeroizing::new(String::with_capacity(64));
    for byte in key {
        write!(text, "{byte:02x}").expect("writing to a string cannot fail");
    }
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory)?;
    }
    let draft = path.with_extension(format!("draft-{}", std::process::id()));
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?.write_all(text.as_bytes())?;
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    linked.or_else(|error| if error.kind() == io::ErrorKind::AlreadyExists { Ok(()) } else { Err(error) })
}
