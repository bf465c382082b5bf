//! The problems of reports: facts that the rules refuse, that the caller may not report, or that
//! name the wrong partners.

use omklap_domain::ids::OrganisationId;
use omklap_domain::organisation::OrganisationKind;
use omklap_domain::register::{Misnamed, Misnaming};
use omklap_domain::trajectory::Refused;
use omklap_domain::visibility::{AccessLevel, Category, Ground, NotTheirs, Role};
use omklap_store::RecordError;

use super::{Complaint, Fault, Kind, Problem, Shape};

impl Problem {
    /// The problem of a report that was not recorded.
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
            // The caller hung up, so nobody reads this response.
            RecordError::GivenUp => Kind::BadRequest.into(),
            RecordError::Misnamed(names) => Self::misnamed(names, shape),
            RecordError::NotFound => Kind::NoSuchTrajectory.into(),
            RecordError::Stale { version } => Self { version: Some(version), ..Kind::Stale.into() },
            RecordError::NotTheLedgerSeen => Kind::NotTheLedgerSeen.into(),
            RecordError::ReferenceTaken(_) => Kind::ReferenceTaken.into(),
            RecordError::KeyReused => Kind::KeyReused.into(),
            RecordError::Crowded => Kind::Crowded.into(),
            RecordError::Store(error) => error.into(),
            RecordError::AlreadyOpened => Kind::AlreadyOpened.into(),
            unexpected @ RecordError::SealedTextReported => Self::internal(unexpected),
        }
    }

    /// A refusal by the rules.
    #[must_use]
    pub fn refused(refused: Box<Refused>, shape: Shape) -> Self {
        Self { refused: Some((refused, shape)), ..Kind::NotAdmitted.into() }
    }

    /// Facts that the caller may not report.
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
                    let roles: Vec<_> =
                        fact.fact_type.row().reporters.iter().map(|role| role.as_str()).collect();
                    Complaint::body(at("/type"), Fault::NotTheirs).limit(roles.join(", "))
                }
            }
        };
        Self { errors: facts.iter().map(complaint).collect(), ..Kind::NotYours.into() }
    }

    /// Names in reported facts that do not exist or do not fit their fields.
    #[must_use]
    pub fn misnamed(names: Vec<Misnamed>, shape: Shape) -> Self {
        let complaint = |Misnamed { index, field, fault }| {
            let at = match shape {
                Shape::One => field,
                Shape::List => format!("/{index}{field}"),
            };
            match fault {
                Misnaming::NotRegistered(like) => {
                    let like = like.as_ref().map(OrganisationId::as_str);
                    Complaint::body(at, Fault::NotRegistered).like(like)
                }
                Misnaming::Former => Complaint::body(at, Fault::FormerPartner),
                Misnaming::OtherKind(kinds) => {
                    let kinds: Vec<_> = kinds.into_iter().map(OrganisationKind::as_str).collect();
                    Complaint::body(at, Fault::OrganisationOfAnotherKind).limit(kinds.join(", "))
                }
                Misnaming::OtherRegion => Complaint::body(at, Fault::OrganisationOfAnotherRegion),
                Misnaming::MunicipalityOfOtherRegion => {
                    Complaint::body(at, Fault::MunicipalityOfAnotherRegion)
                }
                Misnaming::SetOfOtherRegion => Complaint::body(at, Fault::SetOfAnotherRegion),
                Misnaming::LeaseOfAnotherProvider => Complaint::body(at, Fault::LeaseOfAnotherProvider),
                Misnaming::NoSuchTrajectory => Complaint::body(at, Fault::NoSuchTrajectory),
            }
        };
        Self { errors: names.into_iter().map(complaint).collect(), ..Kind::WrongNames.into() }
    }

    /// The problem as a caller in this role may see it: with the facts that the role may report,
    /// and with the phase only if the role has access to it.
    #[must_use]
    pub fn seen_by(mut self, role: Role) -> Self {
        if let Some((refused, _)) = &mut self.refused {
            refused.admits.retain(|fact| fact.row().reporters.contains(&role));
        }
        self.hides_phase = Category::Course.seen_by(role) == AccessLevel::None;
        self
    }
}
