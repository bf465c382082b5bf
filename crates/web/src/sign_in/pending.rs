//! Sign-ins that have begun and not come back yet: what only this server and one browser know of them.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// A sign-in must come back within this time.
const TERM: Duration = Duration::from_mins(10);
/// The maximum number at once; the oldest makes room.
const MOST: usize = 10_000;

/// A sign-in that has begun (RFC 6749 §4.1, RFC 7636, `OpenID` Connect Core §3.1.2.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingSignIn {
    /// The page program, by its key.
    pub program: String,
    /// The value that the identity token must repeat.
    pub nonce: String,
    /// The secret that proves that the code was asked for here.
    pub verifier: String,
    /// The value of the cookie of the browser in which it began.
    pub browser: String,
}

/// The sign-ins that have begun at this server.
#[derive(Debug, Default)]
pub struct PendingSignIns {
    /// By `state`.
    begun: Mutex<HashMap<String, (PendingSignIn, Instant)>>,
}

/// A secret of 256 bits, in letters.
pub fn secret() -> String {
    let bytes: [u8; 32] = rand::random();
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The challenge of a verifier (RFC 7636 §4.2, `S256`).
pub fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}

impl PendingSignIns {
    /// Begins a sign-in for a program, and returns its `state` with what is remembered of it.
    pub fn begin(&self, program: &str, now: Instant) -> (String, PendingSignIn) {
        let state = secret();
        let program = program.to_owned();
        let pending = PendingSignIn { program, nonce: secret(), verifier: secret(), browser: secret() };
        let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        begun.retain(|_, (_, since)| now.duration_since(*since) < TERM);
        if begun.len() >= MOST
            && let Some(oldest) =
                begun.iter().min_by_key(|(_, (_, since))| *since).map(|(key, _)| key.clone())
        {
            begun.remove(&oldest);
        }
        begun.insert(state.clone(), (pending.clone(), now));
        (state, pending)
    }

    /// Takes the sign-in of this `state`, once, if it began in this browser. A `state` that comes back in
    /// another browser is used up as well: somebody has seen it.
    pub fn take(&self, state: &str, browser: Option<&str>, now: Instant) -> Option<PendingSignIn> {
        let taken = self.begun.lock().unwrap_or_else(PoisonError::into_inner).remove(state);
        let (pending, since) = taken?;
        let is_here = browser == Some(pending.browser.as_str());
        (is_here && now.duration_since(since) < TERM).then_some(pending)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_comes_back_once_and_only_in_the_browser_in_which_it_began() {
        let (pending, now) = (PendingSignIns::default(), Instant::now());
        let (state, begun) = pending.begin("cosis", now);
        assert_eq!(pending.take(&state, Some(&begun.browser), now), Some(begun.clone()));
        assert_eq!(pending.take(&state, Some(&begun.browser), now), None, "used twice");
        let (state, begun) = pending.begin("cosis", now);
        assert_eq!(pending.take(&state, Some("another"), now), None);
        assert_eq!(pending.take(&state, Some(&begun.browser), now), None, "used up by another browser");
        let (state, _) = pending.begin("cosis", now);
        assert_eq!(pending.take(&state, None, now), None);
        assert_eq!(pending.take("made-up", Some(&begun.browser), now), None);
    }

    #[test]
    fn a_sign_in_that_takes_more_than_ten_minutes_begins_again() {
        let (pending, now) = (PendingSignIns::default(), Instant::now());
        let (state, begun) = pending.begin("cosis", now);
        assert_eq!(pending.take(&state, Some(&begun.browser), now + TERM), None);
    }

    #[test]
    fn the_challenge_is_that_of_rfc_7636() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert_eq!(challenge(verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }
}
