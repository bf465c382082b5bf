//! The access log of a trajectory: who saw or changed what, and why.

use actix_web::get;
use actix_web::web::Data;
use jiff::Timestamp;
use omklap_domain::visibility::{AccessLevel, Category};
use omklap_store::access_log::{Access, AccessOutcome, Action, Position};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::TrajectoryPath;
use super::as_of::{CaseAsOf, KnownAt};
use crate::http::problem::{Kind, Problem};
use crate::http::request::caller::Caller;
use crate::http::request::page::{PageParams, PageParamsDoc, cursor};
use crate::http::request::query::{Parameters, Query};
use crate::http::services::Services;
use crate::http::view::disclosed::Disclosed;
use crate::http::view::disclosure::Disclosure;

/// The query parameters of the access log.
#[derive(Clone, Debug)]
pub struct AccessLogParams(PageParams<Position>);

/// A page of the access log, in the order of time.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AccessLogPage)]
struct PageBody {
    /// The lines.
    items: Vec<AccessBody>,
    /// What to give as `cursor` for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    next: Option<String>,
}

/// What was done with the data of the trajectory, by whom and why (NEN 7513; *Logboek
/// dataverwerkingen*).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LoggedAccess)]
#[serde(rename_all = "camelCase")]
struct AccessBody {
    /// The line's own id.
    access_id: Uuid,
    /// When the request began.
    #[schema(value_type = String, format = DateTime)]
    started_at: Timestamp,
    /// When it was done.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// What was done.
    #[schema(value_type = String, example = "read")]
    action: Action,
    /// All, part (`given-in-part`), or nothing (`refused`).
    #[schema(value_type = String, example = "given")]
    outcome: AccessOutcome,
    /// Which kinds of data.
    categories: Vec<String>,
    /// How many trajectories were shown in the same way by the same response, including this one.
    #[schema(minimum = 1)]
    together: usize,
    /// The person, by a pseudonym that only the person's organisation can resolve.
    actor: String,
    /// The organisation for which the person acted.
    organisation: String,
    /// In which role.
    role: String,
    /// For which purpose.
    purpose: String,
    /// The program that sent the request.
    client: String,
    /// The trace (W3C trace context): 32 hexadecimal digits.
    #[schema(pattern = "^[0-9a-f]{32}$")]
    trace_id: String,
    /// This request in the trace.
    #[schema(pattern = "^[0-9a-f]{16}$")]
    span_id: String,
    /// The caller's own span.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, pattern = "^[0-9a-f]{16}$")]
    parent_span_id: Option<String>,
}

/// Read who saw what
///
/// Every reading and changing of the trajectory's data, for the client, the client's provider and
/// an auditor; a corporation and the matching point read what they did themselves. Reading it is a
/// line of its own.
#[utoipa::path(
    operation_id = "readAccessLog", tag = "trajectories", security(("signIn" = ["trajectories:read"])), params(TrajectoryPath, Caller, PageParamsDoc),
    responses((status = 200, description = "A page.", body = PageBody,
        headers(("Link", description = "The next page (`rel=\"next\"`); absent on the last one.")))),
)]
#[get("/trajectories/{trajectoryId}/access-log")]
pub async fn access_log(
    services: Data<Services>,
    case: CaseAsOf<AccessLogParams>,
) -> Result<Disclosed<PageBody>, Problem> {
    let CaseAsOf { trajectory, caller, params: AccessLogParams(page), view, .. } = case;
    // The client, the client's provider and an auditor see every line. Others see what they did
    // themselves.
    let by = match view.sees(Category::Consents) {
        AccessLevel::All => None,
        AccessLevel::Own | AccessLevel::Needed => Some(caller.viewer.organisation.as_str()),
        AccessLevel::None => return Err(Kind::NoSuchTrajectory.into()),
    };
    let mut found = services.ledger.accesses(trajectory, by, page.after, page.limit + 1).await?;
    let next = page.cut(&mut found, |last| last.position);
    let items = found.iter().map(AccessBody::of).collect();
    let disclosure = Disclosure::of(trajectory, [Category::Consents]).in_part(by.is_some());
    let body = PageBody { items, next: cursor(next.as_ref()) };
    Ok(Disclosed::whole(body, [disclosure]).by(Action::ReadAccessLog).linked(next.as_ref()))
}

/// An example of the response.
#[must_use]
pub fn example(access: &Access) -> impl Serialize {
    PageBody { items: vec![AccessBody::of(access)], next: None }
}

impl KnownAt for AccessLogParams {
    /// Access is always judged by what is known now.
    fn known_at(&self) -> Option<Timestamp> {
        None
    }
}

impl Parameters for AccessLogParams {
    fn read(query: &mut Query) -> Self {
        Self(PageParams::read(query))
    }
}

impl AccessBody {
    fn of(access: &Access) -> Self {
        let by = access.by.clone();
        Self {
            access_id: access.position.access_id,
            started_at: access.started_at,
            at: access.position.at,
            action: access.action,
            outcome: access.outcome,
            categories: access.categories.clone(),
            together: access.trajectories.len(),
            actor: by.actor,
            organisation: by.organisation,
            role: by.role,
            purpose: by.purpose,
            client: by.client,
            trace_id: by.trace.trace_id.simple().to_string(),
            span_id: by.trace.span_id,
            parent_span_id: by.trace.parent_span_id,
        }
    }
}
