//! The body of a problem.

use omklap_domain::day::Day;
use omklap_domain::ids::{LeaseId, TrajectoryId};
use omklap_domain::trajectory::{FactType, Phase, Refusal, Refused};
use omklap_vera::Foutbericht;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Complaint, Fault, Kind, Place, Problem, Rule, Shape};
use crate::http::request::language::Language;

/// Where problem types are explained; the code follows.
pub const STABLE: &str = "/problems/";

/// The maximum number of errors in a response: a list of 10,000 facts can be wrong in every place,
/// and the response should not be larger than the request.
const MOST_ERRORS: usize = 100;

/// Why a request failed (RFC 9457), in Dutch or English by `Accept-Language`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
#[serde(rename_all = "camelCase")]
pub struct ProblemBody {
    /// The kind of problem, never reused for another. The page at this address explains it.
    #[serde(rename = "type")]
    #[schema(example = "/problems/not-admitted")]
    problem_type: String,
    /// A short title.
    title: &'static str,
    /// The status of the response.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What it means and what to do.
    detail: &'static str,
    /// The id of this occurrence, as in the operator's log.
    #[schema(example = "urn:uuid:0199f0a4-0000-7000-8000-000000000000")]
    instance: String,
    /// Each place that is wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<ErrorBody>,
    /// How many more places are wrong, at least, if there are too many to list.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1)]
    more_errors: Option<usize>,
    /// The phase on the day the fact happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    phase: Option<Phase>,
    /// What the caller may report on that day instead, as far as the caller sees what that depends on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    admits: Option<Vec<FactType>>,
    /// The later fact that a late fact or a correction would make impossible.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    breaks: Option<BreaksBody>,
    /// The client's own lease, if it is what holds the dwelling of a refused offer. Of another client's
    /// offer or lease nothing is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    lease_id: Option<LeaseId>,
    /// The current version, if the caller has seen another.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    version: Option<u64>,
    /// The trajectory that already has the given case number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    trajectory_id: Option<TrajectoryId>,
}

/// One place that is wrong, and the rule that it breaks.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProblemError)]
struct ErrorBody {
    /// The rule; never reused for another.
    #[schema(example = "new-rent-not-disclosed")]
    code: &'static str,
    /// The page that explains the rule.
    #[serde(rename = "type")]
    #[schema(example = "/problems/new-rent-not-disclosed")]
    problem_type: String,
    /// What is wrong.
    detail: String,
    /// The place in the body, as a JSON pointer (RFC 6901).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "/occurredOn")]
    pointer: Option<String>,
    /// The header.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    header: Option<&'static str>,
    /// The query parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    parameter: Option<String>,
}

/// A recorded fact that could not have happened.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BrokenStep)]
#[serde(rename_all = "camelCase")]
struct BreaksBody {
    /// Its number in the trajectory.
    #[schema(minimum = 1)]
    sequence: u64,
    /// What it is.
    #[serde(rename = "type")]
    fact_type: FactType,
    /// When it happened.
    #[schema(value_type = String, format = Date)]
    occurred_on: Day,
    /// The rules it would break.
    errors: Vec<ErrorBody>,
}

impl ProblemBody {
    /// The body of a problem, as occurrence `instance`.
    #[must_use]
    pub fn of(problem: &Problem, language: Language, instance: Uuid) -> Self {
        let refused = problem.refused.as_ref().map(|(refused, _)| refused);
        let standing = refused.filter(|_| !problem.hides_phase);
        Self {
            problem_type: problem_type(problem.kind.code()),
            title: problem.kind.title(language),
            status: problem.kind.status().as_u16(),
            detail: problem.kind.detail(language),
            instance: instance.urn().to_string(),
            more_errors: problem.errors.len().checked_sub(MOST_ERRORS).filter(|more| *more > 0),
            errors: errors(problem, language),
            phase: standing.map(|refused| refused.phase),
            admits: standing.map(|refused| refused.admits.clone()),
            breaks: refused.and_then(|refused| breaks(refused, language)),
            lease_id: refused.and_then(|refused| refused.own_lease),
            version: problem.version,
            trajectory_id: problem.trajectory.as_deref().copied(),
        }
    }
}

/// What a program that speaks VERA sends or reads instead, in the words around it.
const IN_VERA: [(&str, &str); 4] = [
    ("Deze idempotentiesleutel", "Dit referentienummer"),
    ("dezelfde `Idempotency-Key`", "hetzelfde `X-Stuurgegevens-Referentienummer`"),
    ("deze `Idempotency-Key`", "dit `X-Stuurgegevens-Referentienummer`"),
    ("/v1/openapi.json", "/vera/v4/openapi.json"),
];

impl From<&ProblemBody> for Foutbericht {
    /// The same problem as VERA writes it: every error on a line of its own.
    fn from(body: &ProblemBody) -> Self {
        let code = body.problem_type.trim_start_matches(STABLE);
        let line = |error: &ErrorBody| {
            let place = error.pointer.as_deref().or(error.header).or(error.parameter.as_deref());
            let code = in_vera(error.code);
            format!("{} [{code}] {}", place.unwrap_or_default(), error.detail).trim_start().to_owned()
        };
        // What to do is in the errors, if there are any.
        let whole = match body.errors.as_slice() {
            [] => format!("{}. {}", body.title, body.detail),
            _ => format!("{}.", body.title),
        };
        let whole = IN_VERA.iter().fold(whole, |text, (here, there)| text.replace(here, there));
        Self::new(code, [whole].into_iter().chain(body.errors.iter().map(line)))
    }
}

/// The code that VERA's readers get for this one: a fault in the form of a message has a word of the mapping,
/// whichever part of this program found it. A rule of the ledger has the code that it has everywhere.
fn in_vera(code: &'static str) -> &'static str {
    let fault = Fault::ALL.iter().find(|fault| fault.code() == code && fault.kind() == Kind::Malformed);
    fault.map_or(code, |fault| fault.in_vera())
}

fn problem_type(code: &str) -> String {
    format!("{STABLE}{code}")
}

fn errors(problem: &Problem, language: Language) -> Vec<ErrorBody> {
    let written = problem.errors.iter().map(|complaint| complaint.error_body(language));
    let refused = problem.refused.iter().flat_map(|(refused, shape)| {
        let fact = match shape {
            Shape::One => String::new(),
            Shape::List => format!("/{}", refused.index),
        };
        let at = move |refusal| format!("{fact}{}", refused.field(refusal));
        refused.refusals.iter().map(move |refusal| refusal_body(*refusal, Some(at(*refusal)), language))
    });
    written.chain(refused).take(MOST_ERRORS).collect()
}

fn breaks(refused: &Refused, language: Language) -> Option<BreaksBody> {
    refused.breaks.as_ref().map(|step| BreaksBody {
        sequence: step.sequence,
        fact_type: step.fact_type,
        occurred_on: step.occurred_on,
        errors: step.refusals.iter().map(|refusal| refusal_body(*refusal, None, language)).collect(),
    })
}

/// A refusal, with its pointer if it is about a place of the request.
fn refusal_body(refusal: Refusal, pointer: Option<String>, language: Language) -> ErrorBody {
    let rule = Rule::Refusal(refusal);
    ErrorBody { pointer, ..ErrorBody::of(rule, rule.text(language).to_owned()) }
}

impl ErrorBody {
    fn of(rule: Rule, detail: String) -> Self {
        Self {
            code: rule.code(),
            problem_type: problem_type(rule.code()),
            detail,
            pointer: None,
            header: None,
            parameter: None,
        }
    }
}

impl Complaint {
    fn error_body(&self, language: Language) -> ErrorBody {
        let text = self.rule.text(language);
        let detail = match &self.limit {
            Some(limit) => text.to_owned() + &limit.text(language),
            // The rules of the domain end with their full stop.
            None if text.ends_with('.') => text.to_owned(),
            None => format!("{text}."),
        };
        let mut error = ErrorBody::of(self.rule, detail);
        match &self.place {
            Place::Body(pointer) => error.pointer = Some(pointer.clone()),
            Place::Header(name) => error.header = Some(name),
            Place::Parameter(name) => error.parameter = Some(name.clone()),
        }
        error
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_in_the_form_of_a_message_has_a_dutch_code_and_text_in_a_foutbericht() {
        for fault in Fault::ALL.iter().filter(|fault| fault.kind() == Kind::Malformed) {
            let problem = Problem::malformed(vec![Complaint::body("/status", *fault)]);
            let body = ProblemBody::of(&problem, Language::Dutch, Uuid::nil());
            let Foutbericht { omschrijving, .. } = Foutbericht::from(&body);
            let line = omschrijving.lines().last().expect("a line for the fault");
            let expected = format!("/status [{}] {}.", fault.in_vera(), fault.text(Language::Dutch));
            assert_eq!(line, expected);
            assert!(!line.contains(&format!("[{}]", fault.code())), "{line}");
        }
    }

    #[test]
    fn no_two_faults_of_different_meaning_have_one_code_in_a_foutbericht() {
        let codes = Fault::ALL.iter().map(|fault| fault.in_vera());
        let mut several: Vec<&str> = codes.collect();
        several.sort_unstable();
        let twice: Vec<&str> = several.windows(2).filter(|two| two[0] == two[1]).map(|two| two[0]).collect();
        assert_eq!(twice, ["bsn"], "certain and possible");
    }
}
