//! Access tokens live for minutes and a session for hours, so the token of a session is renewed while
//! somebody works: with a refresh token (RFC 6749 §6), and for the demo's people by the development
//! issuer.

use std::fmt;
use std::time::{Duration, Instant};

use super::issuer::IssuerFault;
use super::{Issued, SignInWith};
use crate::api::Failure;
use crate::pages::Pages;

/// A token is renewed when it lives no longer than this, or than half of its life if that is shorter.
const MARGIN: Duration = Duration::from_secs(30);

/// How the next token of a session is got, and when.
#[derive(Debug)]
pub struct Renewal {
    after: Instant,
    by: By,
}

/// Who gives it.
pub enum By {
    /// The development issuer, to the person of the demo with this number.
    DemoPerson(usize),
    /// The issuer of a page program, for this refresh token.
    RefreshToken {
        /// The program, by its key.
        program: String,
        /// The refresh token.
        token: String,
    },
}

/// Why there is no next token.
#[derive(Debug, thiserror::Error)]
pub enum NotRenewed {
    /// The issuer refused: the person was signed out there.
    #[error("the issuer gives this person no token any more")]
    SignedOut,
    /// It did not answer. The token may still be good.
    #[error("the issuer did not answer")]
    Unanswered,
}

impl Renewal {
    /// The renewal of a token that was given at this instant and lives this long.
    pub fn of(by: By, given: Instant, life: Duration) -> Self {
        Self { after: given + life.saturating_sub(MARGIN.min(life / 2)), by }
    }

    /// Whether it is time.
    pub fn is_due(&self, now: Instant) -> bool {
        now >= self.after
    }
}

impl Pages {
    /// The next token of a session.
    ///
    /// # Errors
    /// If the person was signed out at the issuer, or the issuer does not answer.
    pub(crate) async fn renewed(&self, renewal: &Renewal) -> Result<Issued, NotRenewed> {
        match (&renewal.by, &self.sign_in) {
            (By::DemoPerson(number), SignInWith::Development(demo)) => {
                let person = demo.people.get(*number).ok_or(NotRenewed::SignedOut)?;
                Ok(person.issued(&self.api, *number).await?)
            }
            (By::RefreshToken { program, token }, SignInWith::Issuers(programs)) => {
                let program = programs.iter().find(|one| one.key == *program).ok_or(NotRenewed::SignedOut)?;
                Ok(program.refreshed(&self.http, token).await?)
            }
            _ => Err(NotRenewed::SignedOut),
        }
    }
}

impl From<IssuerFault> for NotRenewed {
    fn from(fault: IssuerFault) -> Self {
        match fault {
            IssuerFault::Refused | IssuerFault::NotForThisSignIn => Self::SignedOut,
            IssuerFault::Unanswered(_) | IssuerFault::Misdescribed => Self::Unanswered,
        }
    }
}

impl From<Failure> for NotRenewed {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(problem) if problem.status < 500 => Self::SignedOut,
            Failure::Refused(_) | Failure::Unanswered(_) => Self::Unanswered,
        }
    }
}

impl fmt::Debug for By {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DemoPerson(number) => f.debug_tuple("DemoPerson").field(number).finish(),
            Self::RefreshToken { program, .. } => {
                f.debug_struct("RefreshToken").field("program", program).finish_non_exhaustive()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_renewed_half_a_minute_before_its_end_and_a_short_one_in_the_middle() {
        let given = Instant::now();
        for (life, after) in [(3_600_u64, 3_570_u64), (300, 270), (60, 30), (4, 2), (0, 0)] {
            let renewal = Renewal::of(By::DemoPerson(0), given, Duration::from_secs(life));
            let at = |seconds: u64| given + Duration::from_secs(seconds);
            assert!(renewal.is_due(at(after)), "{life}");
            assert!(after == 0 || !renewal.is_due(at(after - 1)), "{life}");
        }
    }

    #[test]
    fn a_refresh_token_is_in_no_log() {
        let by = By::RefreshToken { program: "cosis".to_owned(), token: "secret".to_owned() };
        assert!(!format!("{by:?}").contains("secret"));
    }
}
