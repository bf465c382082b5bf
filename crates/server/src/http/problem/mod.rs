//! Problems, as RFC 9457 writes them.
//!
//! A [`Problem`] has no language: [`finish_response`](super::middleware::finish_response) writes
//! its texts once, when the response is sent.
//!
//! Decision: ADR 10.

mod body;
mod fault;
mod form;
mod kind;
mod of_report;
mod of_stream;
mod of_token;
pub(super) mod page;

use std::error::Error;
use std::fmt;
use std::ops::Range;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use omklap_domain::allocation;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::likeness::most_like;
use omklap_domain::text::{Finding, Verdict};
use omklap_domain::trajectory::{Refusal, Refused};
use omklap_store::StoreError;

pub use body::{ProblemBody, STABLE};
pub use fault::Fault;
pub use form::Form;
pub use kind::Kind;

use super::request::language::Language;
use crate::auth::scope::Scope;

/// Why a request fails.
#[derive(Debug)]
pub struct Problem {
    /// The kind of problem.
    pub kind: Kind,
    /// Each place that is wrong.
    pub errors: Vec<Complaint>,
    /// The refusal by the rules, and whether the request was a list of facts.
    pub refused: Option<(Box<Refused>, Shape)>,
    /// The current version, if the caller has seen another.
    pub version: Option<u64>,
    /// The trajectory that already has what was given, if the caller has access to it.
    pub trajectory: Option<Box<TrajectoryId>>,
    /// Whether the caller has no access to the phase.
    pub hides_phase: bool,
    /// The allowed methods, if another was used.
    pub allow: Option<Box<str>>,
    /// The scope that is needed, if it was not granted.
    pub scope: Option<Scope>,
    /// The seconds until the caller may try again, if known.
    pub retry_after: Option<u64>,
    /// For the log, never for the caller.
    pub cause: Option<Box<dyn Error + Send + Sync>>,
}

/// Whether the body of a report was one fact or a list: pointers into it depend on that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One fact.
    One,
    /// A list of facts.
    List,
}

/// One place that is wrong, and the rule that it breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// The place.
    pub place: Place,
    /// The rule.
    pub rule: Rule,
    /// What the rule knows about the value that belongs there; never what the caller sent.
    pub limit: Option<Limit>,
}

/// What a rule knows about the value that belongs at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Limit {
    /// The values, or a limit.
    Known(String),
    /// The known value that is most like the one that was sent.
    Like(String),
    /// The form, in words.
    Form(Form),
}

/// A fault, with what its rule knows: of a form that is not kept, the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    fault: Fault,
    limit: Option<Limit>,
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

/// A rule for one place of a request: about its form, or about the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// About the form of the request.
    Fault(Fault),
    /// About the case.
    Refusal(Refusal),
    /// About a stream beside the trajectory.
    OfStream(allocation::Refusal),
    /// About a message of VERA. Its texts are Dutch, as that standard is.
    OfVera(omklap_vera::FaultCode),
}

impl Rule {
    /// The stable code: the last part of the problem type.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Fault(fault) => fault.code(),
            Self::Refusal(refusal) => refusal.code(),
            Self::OfStream(refusal) => refusal.code(),
            Self::OfVera(fault) => fault.as_str(),
        }
    }

    /// The text, without a full stop.
    #[must_use]
    pub fn text(self, language: Language) -> &'static str {
        match self {
            Self::Fault(fault) => fault.text(language),
            Self::Refusal(refusal) => language.of_two(refusal.in_english(), refusal.in_dutch()),
            Self::OfStream(refusal) => language.of_two(refusal.in_english(), refusal.in_dutch()),
            Self::OfVera(fault) => fault.text(),
        }
    }
}

impl From<Fault> for Rule {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl Limit {
    /// As it ends the text of a rule.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        match self {
            Self::Known(known) => format!(": {known}."),
            Self::Like(like) => {
                language.of_two(format!("; did you mean {like}?"), format!("; bedoelt u {like}?"))
            }
            Self::Form(form) => format!(": {}.", form.text(language)),
        }
    }
}

impl Breach {
    /// A value that is not in a list that is so short that its form names it.
    #[must_use]
    pub fn not_in(form: Form) -> Self {
        Self { fault: Fault::NotOneOf, limit: Some(Limit::Form(form)) }
    }

    /// A value of another type than this one, as JSON Schema names it.
    #[must_use]
    pub fn not_of_type(name: &str) -> Self {
        Self { fault: Fault::WrongType, limit: Some(Limit::Known(name.to_owned())) }
    }

    /// A value that is none of these: with the one that is most like it, or else with all.
    #[must_use]
    pub fn none_of<'v>(value: &str, known: impl IntoIterator<Item = &'v str>) -> Self {
        let known: Vec<_> = known.into_iter().collect();
        let limit = match most_like(value, known.iter().copied()) {
            Some(like) => Limit::Like(like.to_owned()),
            None => Limit::Known(known.join(", ")),
        };
        Self { fault: Fault::NotOneOf, limit: Some(limit) }
    }
}

impl From<Fault> for Breach {
    fn from(fault: Fault) -> Self {
        Self { fault, limit: None }
    }
}

impl From<Form> for Breach {
    fn from(form: Form) -> Self {
        Self { fault: Fault::NotAsAgreed, limit: Some(Limit::Form(form)) }
    }
}

impl Complaint {
    /// A fault in the body.
    pub fn body(pointer: impl Into<String>, breach: impl Into<Breach>) -> Self {
        Self::at(Place::Body(pointer.into()), breach)
    }

    /// A fault in a header.
    pub fn header(name: &'static str, breach: impl Into<Breach>) -> Self {
        Self::at(Place::Header(name), breach)
    }

    /// A fault in a query parameter.
    pub fn parameter(name: impl Into<String>, breach: impl Into<Breach>) -> Self {
        Self::at(Place::Parameter(name.into()), breach)
    }

    /// A fault at a place.
    pub fn at(place: Place, breach: impl Into<Breach>) -> Self {
        let Breach { fault, limit } = breach.into();
        Self { place, rule: fault.into(), limit }
    }

    /// Digits that are or could be a citizen service number. The complaint has their position,
    /// never the digits.
    #[must_use]
    pub fn found(place: Place, finding: &Finding) -> Self {
        let fault = match finding.verdict {
            Verdict::Certain => Fault::CitizenServiceNumber,
            Verdict::Possible => Fault::PossibleCitizenServiceNumber,
        };
        let Range { start, end } = finding.characters;
        Self { place, rule: fault.into(), limit: Some(Limit::Known(format!("{}-{end}", start + 1))) }
    }

    /// With the values or the limit that the rule knows.
    #[must_use]
    pub fn limit(self, limit: impl fmt::Display) -> Self {
        Self { limit: Some(Limit::Known(limit.to_string())), ..self }
    }

    /// With the known value that is most like the one that was sent, if there is one.
    #[must_use]
    pub fn like(self, like: Option<&str>) -> Self {
        Self { limit: like.map(|like| Limit::Like(like.to_owned())), ..self }
    }
}

impl Problem {
    /// A request with several faults.
    #[must_use]
    pub fn malformed(errors: Vec<Complaint>) -> Self {
        Self { errors, ..Kind::Malformed.into() }
    }

    /// An error that should not occur.
    pub fn internal(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { cause: Some(cause.into()), ..Kind::Internal.into() }
    }
}

impl From<Kind> for Problem {
    fn from(kind: Kind) -> Self {
        Self {
            kind,
            errors: Vec::new(),
            refused: None,
            version: None,
            trajectory: None,
            allow: None,
            scope: None,
            retry_after: None,
            hides_phase: false,
            cause: None,
        }
    }
}

impl From<omklap_vera::Fault> for Complaint {
    fn from(fault: omklap_vera::Fault) -> Self {
        let omklap_vera::Fault { pointer, code, expected } = fault;
        Self { place: Place::Body(pointer), rule: Rule::OfVera(code), limit: expected.map(Limit::Known) }
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
            error if error.is_alarming() => {
                metrics::counter!(ALARMS).increment(1);
                Self { cause: Some(error.into()), ..Kind::RecordAltered.into() }
            }
            _ => Self::internal(error),
        }
    }
}

/// How often something was read that is not what was recorded or signed.
pub const ALARMS: &str = "omklap_altered_records_total";

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
