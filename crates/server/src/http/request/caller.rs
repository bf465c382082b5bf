//! The caller: what the token grants, and the registration of the client.

use std::collections::BTreeSet;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::HeaderMap;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use omklap_domain::ids::{ClientId, UserId};
use omklap_domain::visibility::{Role, Viewer};
use omklap_store::Metadata;
use omklap_store::access_log::{Accessor, Trace};
use omklap_store::organisations::Registered;
use utoipa::IntoParams;
use uuid::Uuid;

use super::headers::{one, parsed};
use crate::auth::scope::Scope;
use crate::auth::{Evidence, Grant, Purpose};
use crate::http::operation::Operation;
use crate::http::problem::{Complaint, Fault, Form, Kind, Problem};

/// The header that picks one of the roles of a caller.
pub(in crate::http) const ROLE: &str = "Omklap-Role";

/// The partner and the person who call, and their purpose. An event stores these of its reporter.
#[derive(Clone, Debug, PartialEq, Eq, IntoParams)]
#[into_params(parameter_in = Header)]
pub struct Caller {
    /// The role, the organisation and the regions, which decide what the caller may see.
    #[param(ignore)]
    pub viewer: Viewer,
    /// The person, by a pseudonym that only the person's organisation can resolve.
    #[param(ignore)]
    pub actor: UserId,
    /// The purpose.
    #[param(ignore)]
    pub purpose: Purpose,
    /// The program that signed in.
    #[param(ignore)]
    pub client: ClientId,
    /// Its scopes.
    #[param(ignore)]
    pub scopes: BTreeSet<Scope>,
    /// What is kept of its token.
    #[param(ignore)]
    pub token: Evidence,
    /// What this belongs to, across systems. Without it, the trace id of `traceparent`, or else a
    /// new id.
    #[param(rename = "X-Correlation-Id", required = false)]
    pub correlation_id: Uuid,
    /// The event or message that led to this.
    #[param(rename = "X-Causation-Id", required = false, nullable = false)]
    pub causation_id: Option<Uuid>,
}

impl Caller {
    /// What an event remembers of its reporter. Every value is a string.
    #[must_use]
    pub fn metadata(&self) -> Metadata {
        let known = [
            ("actor", Some(self.actor.to_string())),
            ("organisation", Some(self.viewer.organisation.to_string())),
            ("role", Some(self.viewer.role.as_str().to_owned())),
            ("purpose", Some(self.purpose.as_str().to_owned())),
            ("client", Some(self.client.to_string())),
            ("tokenDigest", Some(self.token.digest.clone())),
            ("tokenId", self.token.id.clone()),
            ("correlationId", Some(self.correlation_id.to_string())),
            ("causationId", self.causation_id.map(|id| id.to_string())),
        ];
        known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
    }

    /// Checks that this scope was granted.
    ///
    /// # Errors
    /// If it was not granted.
    pub fn may(&self, scope: Scope) -> Result<(), Problem> {
        if self.scopes.contains(&scope) { Ok(()) } else { Err(Problem::insufficient_scope(scope)) }
    }

    /// The holder of a token, as the program that is registered.
    ///
    /// # Errors
    /// If the role is not one of the program's, something that the role needs is missing, or a
    /// header is written wrong.
    pub fn speaking(
        grant: &Grant,
        registered: &Registered,
        headers: &HeaderMap,
        request_id: Uuid,
    ) -> Result<Self, Problem> {
        let (correlation_id, causation_id) = connected(headers, request_id)?;
        let Registered { client, organisation, regions, .. } = registered;
        let role = role(grant, chosen(headers)?, &client.roles)?;
        let purpose = grant.purpose.clone().or_else(|| Purpose::read(client.purpose.as_deref()?));
        let mut missing = Vec::new();
        if purpose.is_none() {
            missing.push(Fault::PurposeMissing);
        }
        // Only the role of client is bound to one trajectory.
        let trajectory = grant.trajectory.filter(|_| role == Role::Client);
        if role == Role::Client && trajectory.is_none() {
            missing.push(Fault::TrajectoryMissing);
        }
        let (Some(purpose), true) = (purpose, missing.is_empty()) else {
            return Err(Problem::invalid_token(missing));
        };
        let viewer =
            Viewer { role, organisation: organisation.clone(), regions: regions.clone(), trajectory };
        let (actor, client, scopes) = (grant.actor.clone(), grant.client.clone(), grant.scopes.clone());
        let token = grant.evidence.clone();
        Ok(Self { viewer, actor, purpose, client, scopes, token, correlation_id, causation_id })
    }
}

/// The roles that both the token and the registration of its program grant. A token that names none
/// grants all of them.
#[must_use]
pub(in crate::http) fn granted_roles(grant: &Grant, registered: &BTreeSet<Role>) -> BTreeSet<Role> {
    match &grant.roles {
        Some(named) => named & registered,
        None => registered.clone(),
    }
}

/// The role that the request picks, as it is written.
fn chosen(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    one(headers, ROLE).map_err(Problem::from)
}

/// The role that the request picks, or else the one that the token names, or else the only one.
fn role(grant: &Grant, chosen: Option<&str>, registered: &BTreeSet<Role>) -> Result<Role, Problem> {
    let roles = granted_roles(grant, registered);
    let picked = match chosen {
        Some(name) => Role::named(name),
        None => grant.role.or_else(|| roles.first().copied().filter(|_| roles.len() == 1)),
    };
    picked.filter(|role| roles.contains(role)).ok_or_else(|| {
        // If the two have no role in common, those that are registered show what the token lacks.
        let admitted = if roles.is_empty() { registered } else { &roles };
        let admitted: Vec<_> = admitted.iter().map(|role| role.as_str()).collect();
        let header = if chosen.is_some() { ROLE } else { "Authorization" };
        let complaint = Complaint::header(header, Fault::NotOneOf).limit(admitted.join(", "));
        Problem { errors: vec![complaint], ..Kind::RoleNotAdmitted.into() }
    })
}

/// The correlation and the causation of a request.
fn connected(headers: &HeaderMap, request_id: Uuid) -> Result<(Uuid, Option<Uuid>), Problem> {
    let mut complaints = Vec::new();
    let correlation_id =
        kept(&mut complaints, parsed(headers, "X-Correlation-Id", Form::Uuid, uuid)).flatten();
    let causation_id = kept(&mut complaints, parsed(headers, "X-Causation-Id", Form::Uuid, uuid)).flatten();
    if !complaints.is_empty() {
        return Err(Problem::malformed(complaints));
    }
    Ok((correlation_id.or_else(|| trace_id(headers)).unwrap_or(request_id), causation_id))
}

/// An administrator of the organisations: a caller whose token grants [`Scope::Admin`], for any
/// organisation or for none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Administrator {
    /// The person, by the pseudonym in the token.
    pub actor: UserId,
    /// The organisation of the program; of a program that is not registered, the name of its issuer.
    pub organisation: String,
    /// The purpose that the token names.
    pub purpose: Option<Purpose>,
    /// The program that signed in.
    pub client: ClientId,
    /// What is kept of its token.
    pub token: Evidence,
}

impl Administrator {
    /// The role in which an administrator is recorded.
    const ROLE: &str = "administrator";
    /// The purpose, if the token names none.
    const PURPOSE: &str = "registry";

    /// The holder of a token that grants [`Scope::Admin`].
    #[must_use]
    pub fn of(grant: &Grant, registered: Option<&Registered>) -> Self {
        let (actor, client) = (grant.actor.clone(), grant.client.clone());
        let organisation = registered.map(|registered| registered.organisation.to_string());
        let organisation = organisation.unwrap_or_else(|| grant.issuer.clone());
        Self { actor, organisation, purpose: grant.purpose.clone(), client, token: grant.evidence.clone() }
    }

    fn purpose(&self) -> &str {
        self.purpose.as_ref().map_or(Self::PURPOSE, Purpose::as_str)
    }

    /// What an event remembers of the administrator.
    #[must_use]
    pub fn metadata(&self, trace: &Trace) -> Metadata {
        let known = [
            ("actor", Some(self.actor.to_string())),
            ("organisation", Some(self.organisation.clone())),
            ("role", Some(Self::ROLE.to_owned())),
            ("purpose", Some(self.purpose().to_owned())),
            ("client", Some(self.client.to_string())),
            ("tokenDigest", Some(self.token.digest.clone())),
            ("tokenId", self.token.id.clone()),
            ("correlationId", Some(trace.trace_id.to_string())),
        ];
        known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
    }

    /// The administrator, as the access log writes it.
    #[must_use]
    pub fn accessor(&self, trace: Trace) -> Accessor {
        let (organisation, role) = (self.organisation.clone(), Self::ROLE.to_owned());
        let (actor, client) = (self.actor.to_string(), self.client.to_string());
        Accessor { actor, organisation, role, purpose: self.purpose().to_owned(), client, trace }
    }
}

/// Takes the value, or records the complaint.
fn kept<T>(complaints: &mut Vec<Complaint>, read: Result<T, Complaint>) -> Option<T> {
    read.map_err(|complaint| complaints.push(complaint)).ok()
}

/// Only the usual form: 36 characters.
fn uuid(text: &str) -> Option<Uuid> {
    text.parse().ok().filter(|_| text.len() == 36)
}

/// The trace id of W3C `traceparent`. A malformed header is ignored, as that standard says.
fn trace_id(headers: &HeaderMap) -> Option<Uuid> {
    let parent = one(headers, "traceparent").ok()??;
    let mut parts = parent.split('-');
    let (version, id) = (parts.next()?, parts.next()?);
    let id = id.parse::<Uuid>().ok().filter(|_| version.len() == 2 && id.len() == 32)?;
    (!id.is_nil()).then_some(id)
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(admitted(request).ok_or(Kind::ClientNotAdmitted.into()))
    }
}

impl FromRequest for Administrator {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(admitted(request).ok_or(Kind::SignInRequired.into()))
    }
}

/// The authenticated caller, but only for the handler of the operation that was authorised.
pub(in crate::http) fn admitted<T: Clone + 'static>(request: &HttpRequest) -> Option<T> {
    if !Operation::is_handled(request) {
        return None;
    }
    request.extensions().get().cloned()
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    #[test]
    fn a_trace_goes_on_under_its_own_id() {
        let name = HeaderName::from_static("traceparent");
        let value = HeaderValue::from_static("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        let traced = [(name, value)].into_iter().collect();
        let expected = "4bf92f35-77b3-4da6-a3ce-929d0e0e4736".parse().expect("a trace");
        assert_eq!(connected(&traced, Uuid::from_u128(7)).expect("good"), (expected, None));
        let untraced = connected(&HeaderMap::new(), Uuid::from_u128(7));
        assert_eq!(untraced.expect("good").0, Uuid::from_u128(7));
    }

    #[test]
    fn a_request_picks_a_role_that_token_and_registration_both_grant() {
        let (guide, desk) = (Role::Guide, Role::NuisanceDesk);
        let admitted = |role: Option<Role>, roles: Option<&[Role]>, chosen, registered: &[Role]| {
            let roles = roles.map(|roles| roles.iter().copied().chain(role).collect());
            let mut grant = Grant::example();
            (grant.role, grant.roles) = (role, roles);
            super::role(&grant, chosen, &registered.iter().copied().collect()).map_err(|refused| refused.kind)
        };
        let (both, none) = ([guide, desk], [].as_slice());
        assert_eq!(admitted(None, None, None, &[guide]), Ok(guide), "the only one");
        assert_eq!(admitted(Some(desk), Some(none), None, &both), Ok(desk), "the one that the token names");
        assert_eq!(admitted(None, Some(&both), Some("nuisance-desk"), &both), Ok(desk), "one of several");
        assert_eq!(admitted(Some(guide), Some(&both), Some("nuisance-desk"), &both), Ok(desk), "another one");
        assert_eq!(admitted(None, Some(&both), None, &[desk]), Ok(desk), "the only one of both");
        for (role, roles, chosen, registered) in [
            (None, None, None, both.as_slice()),
            (None, None, None, none),
            (None, Some(both.as_slice()), None, &both),
            (Some(desk), Some(none), None, &[guide]),
            (Some(desk), Some(none), Some("guide"), &both),
            (None, Some(&[guide]), Some("nuisance-desk"), &both),
            (None, Some(&both), Some("auditor"), &both),
            (None, Some(&both), Some("neighbour"), &both),
            (None, Some(&both), Some(""), &both),
        ] {
            let refused = admitted(role, roles, chosen, registered);
            assert_eq!(refused, Err(Kind::RoleNotAdmitted), "{role:?} {roles:?} {chosen:?} {registered:?}");
        }
    }
}
