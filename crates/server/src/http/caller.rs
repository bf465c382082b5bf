//! Who asks. Until partners sign in, a caller is taken at its word, and the server listens on loopback only.
//!
//! This is the one place that signing in will replace: everything else sees a [`Caller`].

use std::collections::BTreeSet;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::HeaderMap;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use omklap_domain::ids::{ClientId, OrganisationId, RegionId, TrajectoryId, UserId};
use omklap_domain::visibility::{Role, Viewer};
use omklap_store::Metadata;
use tracing_actix_web::RequestId;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::headers::{one, parsed, required};
use super::problem::{Complaint, Fault, Kind, Place, Problem};
use super::scope::Scope;

/// The partner and the person who ask, and why: what an event remembers of its reporter.
#[derive(Clone, Debug, PartialEq, Eq, IntoParams)]
#[into_params(parameter_in = Header)]
pub struct Caller {
    /// In which role, for which organisation, in which regions: what decides what is seen.
    #[param(ignore)]
    pub viewer: Viewer,
    /// The person, by a pseudonym that only the own organisation can resolve.
    #[param(ignore)]
    pub actor: UserId,
    /// For which purpose.
    #[param(ignore)]
    pub purpose: Purpose,
    /// The program that signed in.
    #[param(ignore)]
    pub client: ClientId,
    /// What it may do.
    #[param(ignore)]
    pub scopes: BTreeSet<Scope>,
    /// What this belongs to, across systems. Without it the trace id of `traceparent`, else an id of our own.
    #[param(rename = "X-Correlation-Id", required = false)]
    pub correlation_id: Uuid,
    /// The event or message that led to this.
    #[param(rename = "X-Causation-Id", required = false, nullable = false)]
    pub causation_id: Option<Uuid>,
}

/// Why somebody asks, as a code of the own organisation.
#[derive(Clone, Debug, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, pattern = "^[a-z][a-z0-9-]{0,63}$", example = "case-work")]
pub struct Purpose(String);

impl Purpose {
    /// The code as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn read(text: &str) -> Option<Self> {
        let kebab = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let is_code = text.len() <= 64
            && text.starts_with(|first: char| first.is_ascii_lowercase())
            && text.bytes().all(kebab);
        is_code.then(|| Self(text.to_owned()))
    }
}

impl Caller {
    /// What an event remembers of its reporter. Every value is a string.
    #[must_use]
    pub fn metadata(&self) -> Metadata {
        let known = [
            ("actor", Some(self.actor.to_string())),
            ("organisation", Some(self.viewer.organisation.to_string())),
            ("role", Some(self.viewer.role.as_str().to_owned())),
            ("purpose", Some(self.purpose.0.clone())),
            ("client", Some(self.client.to_string())),
            ("correlationId", Some(self.correlation_id.to_string())),
            ("causationId", self.causation_id.map(|id| id.to_string())),
        ];
        known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
    }

    /// Sees that this was granted.
    ///
    /// # Errors
    /// Where it was not.
    pub fn may(&self, scope: Scope) -> Result<(), Problem> {
        if self.scopes.contains(&scope) { Ok(()) } else { Err(Kind::InsufficientScope.into()) }
    }

    fn read(headers: &HeaderMap, request_id: Uuid) -> Result<Self, Vec<Complaint>> {
        let mut complaints = Vec::new();
        let actor = kept(&mut complaints, required(headers, "Omklap-Actor", |text| text.parse().ok()));
        let organisation: Option<OrganisationId> =
            kept(&mut complaints, required(headers, "Omklap-Organisation", |text| text.parse().ok()));
        let role =
            kept(&mut complaints, required(headers, "Omklap-Role", Role::named).map_err(names_the_roles));
        let purpose = kept(&mut complaints, required(headers, "Omklap-Purpose", Purpose::read));
        let regions = kept(&mut complaints, parsed(headers, "Omklap-Regions", regions)).flatten();
        let trajectory = kept(&mut complaints, parsed(headers, "Omklap-Trajectory", uuid)).flatten();
        let correlation_id = kept(&mut complaints, parsed(headers, "X-Correlation-Id", uuid)).flatten();
        let causation_id = kept(&mut complaints, parsed(headers, "X-Causation-Id", uuid)).flatten();
        let (Some(actor), Some(organisation), Some(role), Some(purpose), true) =
            (actor, organisation, role, purpose, complaints.is_empty())
        else {
            return Err(complaints);
        };
        let correlation_id = correlation_id.or_else(|| trace_id(headers)).unwrap_or(request_id);
        let client = organisation.as_str().parse().expect("an organisation's code is a client's code");
        let (regions, trajectory) = (regions.unwrap_or_default(), trajectory.map(TrajectoryId));
        let viewer = Viewer { role, organisation, regions, trajectory };
        let scopes = Scope::ALL.into();
        Ok(Self { viewer, actor, purpose, client, scopes, correlation_id, causation_id })
    }
}

/// Codes with commas between them.
fn regions(text: &str) -> Option<BTreeSet<RegionId>> {
    text.split(',').map(|region| region.parse().ok()).collect()
}

/// Keeps what was read, or the complaint.
fn kept<T>(complaints: &mut Vec<Complaint>, read: Result<T, Complaint>) -> Option<T> {
    read.map_err(|complaint| complaints.push(complaint)).ok()
}

/// Only the one usual way of writing: 36 characters.
fn uuid(text: &str) -> Option<Uuid> {
    text.parse().ok().filter(|_| text.len() == 36)
}

/// The trace id of W3C `traceparent`, which is ignored where it is written otherwise, as that standard says.
fn trace_id(headers: &HeaderMap) -> Option<Uuid> {
    let parent = one(headers, "traceparent").ok()??;
    let mut parts = parent.split('-');
    let (version, id) = (parts.next()?, parts.next()?);
    let id = id.parse::<Uuid>().ok().filter(|_| version.len() == 2 && id.len() == 32)?;
    (!id.is_nil()).then_some(id)
}

fn names_the_roles(complaint: Complaint) -> Complaint {
    debug_assert!(matches!(complaint.place, Place::Header("Omklap-Role")));
    let roles = Role::ALL.map(Role::as_str).join(", ");
    if complaint == Complaint::header("Omklap-Role", Fault::NotAsAgreed) {
        Complaint::header("Omklap-Role", Fault::NotOneOf).limit(roles)
    } else {
        complaint
    }
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request_id = request.extensions().get().map_or(Uuid::nil(), |id: &RequestId| **id);
        ready(Self::read(request.headers(), request_id).map_err(Problem::malformed))
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    const GOOD: [(&str, &str); 4] = [
        ("omklap-actor", "u-7f3a"),
        ("omklap-organisation", "de-vaart"),
        ("omklap-role", "care-provider"),
        ("omklap-purpose", "case-work"),
    ];

    fn read(headers: &[(&'static str, &'static str)]) -> Result<Caller, Vec<Complaint>> {
        let header = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        Caller::read(&headers.iter().map(header).collect(), Uuid::from_u128(7))
    }

    #[test]
    fn everything_missing_is_named_at_once() {
        let complaints = read(&[]).expect_err("nothing was said");
        assert_eq!(complaints.len(), 4);
        assert!(complaints.contains(&Complaint::header("Omklap-Actor", Fault::Required)));
    }

    #[test]
    fn a_trace_goes_on_under_its_own_id() {
        let traced =
            [&GOOD[..], &[("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]]
                .concat();
        let caller = read(&traced).expect("good");
        assert_eq!(caller.metadata()["correlationId"], "4bf92f35-77b3-4da6-a3ce-929d0e0e4736");
        assert_eq!(read(&GOOD).expect("good").correlation_id, Uuid::from_u128(7));
    }

    #[test]
    fn a_person_is_not_known_by_a_citizen_service_number() {
        let mut headers = GOOD;
        headers[0].1 = "111222333";
        assert_eq!(read(&headers), Err(vec![Complaint::header("Omklap-Actor", Fault::CitizenServiceNumber)]));
    }

    #[test]
    fn an_unknown_role_is_told_which_there_are() {
        let mut headers = GOOD;
        headers[2].1 = "neighbour";
        let complaints = read(&headers).expect_err("no role");
        assert!(complaints[0].limit.as_ref().is_some_and(|roles| roles.starts_with("care-provider, ")));
    }
}
