//! Who is signed in. The token stays in the memory of this server; the browser holds the name of the
//! session in one cookie that scripts cannot read.

use std::collections::HashMap;
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;

use crate::sign_in::Renewal;

/// A session ends after this long without a request.
const IDLE: Duration = Duration::from_mins(30);
/// A session ends after this long, whatever is done in it.
const LONGEST: Duration = Duration::from_hours(10);
/// The maximum number of sessions at once; the one that was idle the longest makes room.
const MOST: usize = 20_000;

/// A person who is signed in, as far as the page needs to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// How the person is addressed.
    pub name: String,
    /// The organisation.
    pub organisation: String,
    /// The role in which the person works, as the API names it.
    pub role: String,
    /// The access token for the API.
    pub token: String,
}

impl Person {
    /// A mark of who this is, for a form that must not be sent by another person. It says nothing of
    /// the person.
    pub fn mark(&self) -> String {
        let who = [&self.name, &self.organisation, &self.role].map(String::as_str).join("\n");
        URL_SAFE_NO_PAD.encode(&Sha256::digest(who)[..12])
    }
}

/// The sessions of this server.
#[derive(Debug, Default)]
pub struct Sessions {
    /// By the SHA-256 of the cookie's value: a copy of the memory opens no session.
    open: std::sync::Mutex<HashMap<[u8; 32], Session>>,
}

#[derive(Debug)]
struct Session {
    person: Person,
    /// How to get its next token. The request that renews locks it, so that a refresh token is used once.
    renewal: Arc<Mutex<Option<Renewal>>>,
    began: Instant,
    used: Instant,
}

impl Session {
    fn has_ended(&self, now: Instant) -> bool {
        now.duration_since(self.used) >= IDLE || now.duration_since(self.began) >= LONGEST
    }
}

impl Sessions {
    /// Begins a session and returns the value of its cookie.
    pub fn begin(&self, person: Person, renewal: Option<Renewal>, now: Instant) -> String {
        let secret: [u8; 32] = rand::random();
        let value = URL_SAFE_NO_PAD.encode(secret);
        let renewal = Arc::new(Mutex::new(renewal));
        let mut open = self.lock();
        open.retain(|_, session| !session.has_ended(now));
        if open.len() >= MOST
            && let Some(oldest) = open.iter().min_by_key(|(_, session)| session.used).map(|(key, _)| *key)
        {
            open.remove(&oldest);
        }
        open.insert(key(&value), Session { person, renewal, began: now, used: now });
        value
    }

    /// The person of a session that has not ended; this use keeps it from becoming idle.
    pub fn person(&self, value: &str, now: Instant) -> Option<Person> {
        let mut open = self.lock();
        let session = open.get_mut(&key(value)).filter(|session| !session.has_ended(now))?;
        session.used = now;
        Some(session.person.clone())
    }

    /// How the next token of a session that has not ended is got.
    pub fn renewal(&self, value: &str, now: Instant) -> Option<Arc<Mutex<Option<Renewal>>>> {
        let open = self.lock();
        let session = open.get(&key(value)).filter(|session| !session.has_ended(now))?;
        Some(Arc::clone(&session.renewal))
    }

    /// Gives a session its next token.
    pub fn renew(&self, value: &str, token: String) {
        if let Some(session) = self.lock().get_mut(&key(value)) {
            session.person.token = token;
        }
    }

    /// Ends a session.
    pub fn end(&self, value: &str) {
        self.lock().remove(&key(value));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<[u8; 32], Session>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(value: &str) -> [u8; 32] {
    Sha256::digest(value).into()
}

/// The name of the cookie. With HTTPS it has the prefix that keeps other hosts from setting it (RFC
/// 6265bis §4.1.3.2); without, a browser would refuse that prefix.
pub fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-omklap" } else { "omklap" }
}

/// The cookie of a session.
pub fn cookie(value: String, secure: bool) -> Cookie<'static> {
    Cookie::build(cookie_name(secure), value)
        .path("/")
        .http_only(true)
        .secure(secure)
        .same_site(SameSite::Lax)
        .finish()
}

/// The value of the session's cookie in a request.
pub fn value_in(request: &HttpRequest, secure: bool) -> Option<String> {
    request.cookie(cookie_name(secure)).map(|cookie| cookie.value().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person() -> Person {
        let [name, organisation, role, token] = ["Corine", "cosis", "guide", "t"].map(str::to_owned);
        Person { name, organisation, role, token }
    }

    #[test]
    fn a_session_ends_when_it_is_idle_for_half_an_hour() {
        let (sessions, start) = (Sessions::default(), Instant::now());
        let value = sessions.begin(person(), None, start);
        let minutes = |minutes: u64| start + Duration::from_secs(minutes * 60);
        assert_eq!(sessions.person(&value, minutes(29)), Some(person()));
        assert_eq!(sessions.person(&value, minutes(58)), Some(person()));
        assert_eq!(sessions.person(&value, minutes(88)), None);
    }

    #[test]
    fn a_session_ends_after_ten_hours_however_busy_it_is() {
        let (sessions, start) = (Sessions::default(), Instant::now());
        let value = sessions.begin(person(), None, start);
        let last = (1..30).map(|turn| start + Duration::from_secs(turn * 25 * 60));
        let seen: Vec<_> = last.map(|now| sessions.person(&value, now).is_some()).collect();
        assert_eq!(seen.iter().filter(|seen| **seen).count(), 23);
        assert!(!seen[23]);
    }

    #[test]
    fn a_session_that_was_ended_or_never_was_opens_nothing() {
        let (sessions, now) = (Sessions::default(), Instant::now());
        let value = sessions.begin(person(), None, now);
        sessions.end(&value);
        assert_eq!(sessions.person(&value, now), None);
        assert_eq!(sessions.person("", now), None);
    }
}
