//! Problems, as RFC 9457 writes them.
//!
//! A [`Problem`] is raised without a language; [`answer`](super::middleware::finish_response) puts it into words once, on the way out.

mod body;
mod fault;
mod kind;
pub(super) mod page;

use std::error::Error;
use std::fmt;
use std::ops::Range;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use omklap_domain::register::{Misnamed, Misnaming};
use omklap_domain::text::{Finding, Verdict};
use omklap_domain::trajectory::{Refusal, Refused};
use omklap_domain::visibility::{Ground, NotTheirs, Role};
use omklap_store::{RecordError, StoreError};

pub use body::{ProblemBody, STABLE};
pub use fault::Fault;
pub use kind::Kind;

use super::request::language::Language;
use super::view::redact;
use crate::auth::scope::Scope;

/// Why a request is not granted.
#[derive(Debug)]
pub struct Problem {
    /// What is the matter.
    pub kind: Kind,
    /// Each place that is wrong.
    pub errors: Vec<Complaint>,
    /// The refusal by the rules, and whether the request was a list of facts.
    pub refused: Option<(Box<Refused>, Shape)>,
    /// The present version, where the caller saw another.
    pub version: Option<u64>,
    /// Whether the caller may not see where the trajectory stands.
    pub hides_phase: bool,
    /// The methods that are allowed, where another was used.
    pub allow: Option<String>,
    /// The scope that is needed, where another was granted.
    pub scope: Option<Scope>,
    /// In how many seconds to come back, where that is known.
    pub retry_after: Option<u64>,
    /// For the log, never for the caller.
    pub cause: Option<Box<dyn Error + Send + Sync>>,
}

/// How the facts of a report were written, which is how pointers into it are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One fact.
    One,
    /// A list of facts.
    List,
}

/// One place that is wrong, and the rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// Where.
    pub place: Place,
    /// Which rule.
    pub rule: Rule,
    /// The values or the limit that the rule knows; never what the caller sent.
    pub limit: Option<String>,
}

/// A place in a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the body, as a JSON pointer (RFC 6901).
    Body(String),
    /// A header.
    Header(&'static str),
    /// A query parameter.
    Parameter(String),
}

/// A rule for one place: of writing, or of the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Of writing.
    Fault(Fault),
    /// Of the case.
    Refusal(Refusal),
}

impl Rule {
    /// The stable code: the last part of the problem type.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Fault(fault) => fault.code(),
            Self::Refusal(refusal) => refusal.code(),
        }
    }

    /// What is wrong.
    #[must_use]
    pub fn text(self, language: Language) -> &'static str {
        match self {
            Self::Fault(fault) => fault.text(language),
            Self::Refusal(refusal) => language.of_two(refusal.in_english(), refusal.in_dutch()),
        }
    }
}

impl From<Fault> for Rule {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl Complaint {
    /// A place in the body that is written wrong.
    pub fn body(pointer: impl Into<String>, fault: Fault) -> Self {
        Self { place: Place::Body(pointer.into()), rule: Rule::Fault(fault), limit: None }
    }

    /// A header that is written wrong.
    #[must_use]
    pub fn header(name: &'static str, fault: Fault) -> Self {
        Self { place: Place::Header(name), rule: Rule::Fault(fault), limit: None }
    }

    /// A query parameter that is written wrong.
    pub fn parameter(name: impl Into<String>, fault: Fault) -> Self {
        Self { place: Place::Parameter(name.into()), rule: Rule::Fault(fault), limit: None }
    }

    /// Digits that are or could be a citizen service number. Where they are is told, never which they are.
    #[must_use]
    pub fn found(place: Place, finding: &Finding) -> Self {
        let fault = match finding.verdict {
            Verdict::Certain => Fault::CitizenServiceNumber,
            Verdict::Possible => Fault::PossibleCitizenServiceNumber,
        };
        let Range { start, end } = finding.characters;
        Self { place, rule: fault.into(), limit: Some(format!("{}-{end}", start + 1)) }
    }

    /// With the values or the limit that the rule knows.
    #[must_use]
    pub fn limit(self, limit: impl fmt::Display) -> Self {
        Self { limit: Some(limit.to_string()), ..self }
    }
}

impl Problem {
    /// Several places that are written wrong.
    #[must_use]
    pub fn malformed(errors: Vec<Complaint>) -> Self {
        Self { errors, ..Kind::Malformed.into() }
    }

    /// A token that is not taken, for these reasons.
    #[must_use]
    pub fn invalid_token(faults: Vec<Fault>) -> Self {
        let errors = faults.into_iter().map(|fault| Complaint::header("Authorization", fault));
        Self { errors: errors.collect(), ..Kind::InvalidToken.into() }
    }

    /// A token that does not grant this.
    #[must_use]
    pub fn insufficient_scope(needed: Scope) -> Self {
        Self { scope: Some(needed), ..Kind::InsufficientScope.into() }
    }

    /// How to come in (`WWW-Authenticate`, RFC 6750 §3), where that is the matter.
    #[must_use]
    pub fn challenge(&self) -> Option<String> {
        let realm = "Bearer realm=\"omklap\"";
        match self.kind {
            Kind::SignInRequired => Some(realm.to_owned()),
            Kind::InvalidToken => Some(format!("{realm}, error=\"invalid_token\"")),
            Kind::InsufficientScope => {
                let scope = self.scope.map_or("", Scope::as_str);
                Some(format!("{realm}, error=\"insufficient_scope\", scope=\"{scope}\""))
            }
            _ => None,
        }
    }

    /// A refusal by the rules.
    #[must_use]
    pub fn refused(refused: Box<Refused>, shape: Shape) -> Self {
        Self { refused: Some((refused, shape)), ..Kind::NotAdmitted.into() }
    }

    /// Facts that are not the caller's to report.
    #[must_use]
    pub fn not_theirs(facts: &[NotTheirs], shape: Shape) -> Self {
        let complaint = |fact: &NotTheirs| {
            let at = |field: &str| match shape {
                Shape::One => field.to_owned(),
                Shape::List => format!("/{}{field}", fact.index),
            };
            match fact.ground {
                Ground::SpeaksForAnother(field) => Complaint::body(at(field), Fault::SpeaksForAnother),
                Ground::RegionOfOthers(field) => Complaint::body(at(field), Fault::RegionOfOthers),
                Ground::NotPartyToTheLease(field) => Complaint::body(at(field), Fault::NotPartyToTheLease),
                Ground::NotPartyToTheOffer(field) => Complaint::body(at(field), Fault::NotPartyToTheOffer),
                Ground::OfOtherRoles => {
                    let roles: Vec<_> = fact.fact_type.reporters().iter().map(|role| role.as_str()).collect();
                    Complaint::body(at("/type"), Fault::NotTheirs).limit(roles.join(", "))
                }
            }
        };
        Self { errors: facts.iter().map(complaint).collect(), ..Kind::NotYours.into() }
    }

    /// Names in reported facts that are not what their fields ask for.
    #[must_use]
    pub fn misnamed(names: Vec<Misnamed>, shape: Shape) -> Self {
        let complaint = |Misnamed { index, field, fault }| {
            let at = match shape {
                Shape::One => field,
                Shape::List => format!("/{index}{field}"),
            };
            match fault {
                Misnaming::NotRegistered(Some(like)) => {
                    Complaint::body(at, Fault::NotRegistered).limit(format!("{like}?"))
                }
                Misnaming::NotRegistered(None) => Complaint::body(at, Fault::NotRegistered),
                Misnaming::Former => Complaint::body(at, Fault::FormerPartner),
                Misnaming::OtherKind(kind) => {
                    Complaint::body(at, Fault::OrganisationOfAnotherKind).limit(kind.as_str())
                }
                Misnaming::OtherRegion => Complaint::body(at, Fault::OrganisationOfAnotherRegion),
                Misnaming::SetOfOtherRegion => Complaint::body(at, Fault::SetOfAnotherRegion),
            }
        };
        Self { errors: names.into_iter().map(complaint).collect(), ..Kind::WrongNames.into() }
    }

    /// What a report met, for somebody in this role: of what may be reported it names what this role may, and the phase only
    /// to who sees it.
    #[must_use]
    pub fn met_by(mut self, role: Role) -> Self {
        if let Some((refused, _)) = &mut self.refused {
            refused.admits.retain(|fact| fact.reporters().contains(&role));
        }
        self.hides_phase = !redact::sees_course(role);
        self
    }

    /// Something that should not happen.
    pub fn internal(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { cause: Some(cause.into()), ..Kind::Internal.into() }
    }

    /// What a report met.
    #[must_use]
    pub fn of_report(error: RecordError, shape: Shape) -> Self {
        match error {
            RecordError::Refused(refused) => Self::refused(refused, shape),
            RecordError::NotTheirs(facts) => Self::not_theirs(&facts, shape),
            RecordError::TooMuchWork { index } => {
                let at = if shape == Shape::List { format!("/{index}") } else { String::new() };
                let errors = vec![Complaint::body(at, Fault::NotWeighed)];
                Self { errors, ..Kind::TooMuchWork.into() }
            }
            RecordError::Full => Kind::TrajectoryFull.into(),
            // Nobody is there to read the answer.
            RecordError::GivenUp => Kind::BadRequest.into(),
            RecordError::Misnamed(names) => Self::misnamed(names, shape),
            RecordError::NotFound => Kind::NoSuchTrajectory.into(),
            RecordError::Stale { version } => Self { version: Some(version), ..Kind::Stale.into() },
            RecordError::NotTheLedgerSeen => Kind::NotTheLedgerSeen.into(),
            RecordError::KeyReused => Kind::KeyReused.into(),
            RecordError::Crowded => Kind::Crowded.into(),
            RecordError::Store(error) => error.into(),
            RecordError::AlreadyOpened => Kind::AlreadyOpened.into(),
            unexpected @ RecordError::SealedTextReported => Self::internal(unexpected),
        }
    }
}

impl From<Kind> for Problem {
    fn from(kind: Kind) -> Self {
        Self {
            kind,
            errors: Vec::new(),
            refused: None,
            version: None,
            allow: None,
            scope: None,
            retry_after: None,
            hides_phase: false,
            cause: None,
        }
    }
}

impl From<Complaint> for Problem {
    fn from(complaint: Complaint) -> Self {
        Self::malformed(vec![complaint])
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) => Self { cause: Some(error.into()), ..Kind::Unavailable.into() },
            _ => Self::internal(error),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.code())
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.kind.status()
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.kind.status())
    }
}
