//! The problems of reports on a stream beside the trajectory.

use omklap_domain::allocation::{self, BrokenRule, NotTheirs};
use omklap_store::allocation::NotRecorded;

use super::{Complaint, Fault, Kind, Place, Problem, Rule, Shape};

impl Problem {
    /// The problem of a report on a stream that was not recorded.
    #[must_use]
    pub fn of_stream(error: NotRecorded, shape: Shape) -> Self {
        match error {
            NotRecorded::Refused { index, broken } => {
                let errors = broken.iter().map(|rule| complaint(rule, index, shape)).collect();
                Self { errors, ..Kind::NotAdmitted.into() }
            }
            NotRecorded::NotTheirs(facts) => {
                let errors =
                    facts.into_iter().map(|(index, ground)| not_theirs(ground, index, shape)).collect();
                Self { errors, ..Kind::NotYours.into() }
            }
            NotRecorded::Misnamed { names, broken } => {
                let mut problem = Self::misnamed(names, shape);
                let rules = broken.iter().flat_map(|(index, rules)| rules.iter().map(|rule| (*index, rule)));
                problem.errors.extend(rules.map(|(index, rule)| complaint(rule, index, shape)));
                problem
            }
            NotRecorded::NotFound => Kind::NoSuchStream.into(),
            NotRecorded::AlreadyThere => Kind::AlreadyThere.into(),
            NotRecorded::Stale { version } => Self { version: Some(version), ..Kind::Stale.into() },
            NotRecorded::NotTheLedgerSeen => Kind::NotTheLedgerSeen.into(),
            NotRecorded::KeyReused => Kind::KeyReused.into(),
            NotRecorded::Full => Kind::StreamFull.into(),
            NotRecorded::Crowded => Kind::Crowded.into(),
            NotRecorded::Store(error) => error.into(),
        }
    }
}

fn complaint(broken: &BrokenRule, index: usize, shape: Shape) -> Complaint {
    let rule = match broken.rule {
        allocation::Rule::General(refusal) => Rule::Refusal(refusal),
        allocation::Rule::OfStream(refusal) => Rule::OfStream(refusal),
    };
    Complaint { place: Place::Body(at(&broken.field, index, shape)), rule, limit: None }
}

fn not_theirs(ground: NotTheirs, index: usize, shape: Shape) -> Complaint {
    let body = |field, fault| Complaint::body(at(field, index, shape), fault);
    match ground {
        NotTheirs::OfOtherRoles(roles) => {
            let roles: Vec<_> = roles.iter().map(|role| role.as_str()).collect();
            body("/type", Fault::NotTheirs).limit(roles.join(", "))
        }
        NotTheirs::SpeaksForAnother(field) => body(field, Fault::SpeaksForAnother),
        NotTheirs::RegionOfOthers => body("/region", Fault::RegionOfOthers),
    }
}

fn at(field: &str, index: usize, shape: Shape) -> String {
    match shape {
        Shape::One => field.to_owned(),
        Shape::List => format!("/{index}{field}"),
    }
}
