//! The organisations of the partners: every partner reads what they are called and how to reach
//! them; administrators manage who may sign in, in which roles.

use actix_web::http::header::ETAG;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get, put};
use omklap_domain::ids::OrganisationId;
use omklap_domain::text::citizen_service_number_in_code;
use omklap_store::access_log::Line;
use omklap_store::organisations::{Before, ListedOrganisation, PutError, Registration, Written};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::middleware::authenticate::SignedIn;
use super::middleware::trace;
use super::problem::{Complaint, Fault, Form, Kind, Place, Problem};
use super::request::caller::Administrator;
use super::request::entity_tags::EntityTags;
use super::request::headers::one;
use super::request::page::{PageParams, PageParamsDoc, cursor, linked};
use super::request::query::{Parameters, Params, Query};
use super::services::Services;

mod body;
mod partner;

pub use body::{ClientBody, OrganisationBody, ValidatedBody};
use partner::PartnerBody;

/// A page of organisations in the order of their codes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrganisationPage)]
struct PageBody {
    /// The organisations.
    items: Vec<ListedBody>,
    /// The codes of organisations whose registration was changed in the database: nothing else of them
    /// is shown. Absent if there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, inline)]
    altered: Option<Vec<OrganisationId>>,
    /// What to give as `cursor` for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    next: Option<String>,
}

/// One organisation in a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ListedOrganisation)]
#[serde(rename_all = "camelCase")]
struct ListedBody {
    /// Its code.
    organisation_id: OrganisationId,
    /// How often it was written.
    #[schema(minimum = 1)]
    version: u64,
    /// Its registration.
    organisation: PartnerBody,
}

/// Which page.
#[derive(Clone, Debug)]
pub struct OrganisationListParams(PageParams<OrganisationId>);

impl Parameters for OrganisationListParams {
    fn read(query: &mut Query) -> Self {
        Self(PageParams::read(query))
    }
}

/// The organisation that a path names.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "read from the path; this is its documentation")]
struct OrganisationPath {
    /// The code of the organisation.
    #[param(rename = "organisationId", inline)]
    organisation: OrganisationId,
}

/// The preconditions of a change.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "read into what was known before; this is its documentation")]
struct Preconditions {
    /// The `ETag` as it was last read, or `*` for any version.
    #[param(rename = "If-Match", nullable = false, example = "*")]
    if_match: Option<String>,
    /// `*` adds a new organisation.
    #[param(rename = "If-None-Match", nullable = false, pattern = r"^\*$")]
    if_none_match: Option<String>,
}

/// List the organisations
///
/// Every partner, former ones included: code, name, kind, regions and contact points. Administrators
/// also see their clients.
#[utoipa::path(
    operation_id = "listOrganisations", tag = "organisations", params(PageParamsDoc), security(("signIn" = [])),
    responses((status = 200, description = "A page.", body = PageBody,
        headers(("Link", description = "The next page (`rel=\"next\"`); absent on the last one.")))),
)]
#[get("/organisations")]
pub async fn list(
    services: Data<Services>,
    _: SignedIn,
    administrator: Option<Administrator>,
    params: Params<OrganisationListParams>,
) -> Result<HttpResponse, Problem> {
    let Params(OrganisationListParams(page)) = params;
    let mut found = services.sign_in.organisations().list(page.after.as_ref(), page.limit + 1).await?;
    let next = page.cut(&mut found, |last| last.id.clone());
    let mut answer = linked(next.as_ref());
    let (mut items, mut altered) = (Vec::new(), Vec::new());
    for ListedOrganisation { id, known } in found {
        match known {
            Some((organisation, version)) => {
                let organisation = PartnerBody::of(organisation, administrator.as_ref());
                items.push(ListedBody { organisation_id: id, version, organisation });
            }
            None => altered.push(id),
        }
    }
    let altered = Some(altered).filter(|altered| !altered.is_empty());
    Ok(answer.json(PageBody { items, altered, next: cursor(next.as_ref()) }))
}

/// Read an organisation
///
/// Its name, kind, regions and contact points. Administrators also see its clients.
#[utoipa::path(
    operation_id = "readOrganisation", tag = "organisations", params(OrganisationPath), security(("signIn" = [])),
    responses((status = 200, description = "The organisation.", body = PartnerBody,
        headers(("ETag", description = "Its version, for `If-Match`.")))),
)]
#[get("/organisations/{organisationId}")]
pub async fn read(
    services: Data<Services>,
    _: SignedIn,
    administrator: Option<Administrator>,
    name: Path<String>,
) -> Result<HttpResponse, Problem> {
    let id = name.parse().map_err(|_| Kind::NoSuchOrganisation)?;
    let found = services.sign_in.organisations().get(&id).await?;
    let (organisation, version) = found.ok_or(Kind::NoSuchOrganisation)?;
    let body = PartnerBody::of(organisation, administrator.as_ref());
    Ok(HttpResponse::Ok().insert_header((ETAG, tag(version))).json(body))
}

/// Add or change an organisation
///
/// As a whole, with its clients. `If-None-Match: *` adds, `If-Match` changes; what is registered so
/// already is not recorded again, and keeps its version. `disabled` stops all of its clients from
/// signing in. A client that is left out is disabled, and its name stays with
/// the organisation. For administrators.
#[utoipa::path(
    operation_id = "writeOrganisation", tag = "organisations", params(OrganisationPath, Preconditions),
    security(("signIn" = ["admin"])), request_body = OrganisationBody,
    responses(
        (status = 200, description = "Changed.", body = OrganisationBody,
            headers(("ETag", description = "Its version, for `If-Match`."))),
        (status = 201, description = "Added.", body = OrganisationBody,
            headers(("ETag", description = "Its version, for `If-Match`."))),
    )
)]
#[put("/organisations/{organisationId}")]
pub async fn write(
    services: Data<Services>,
    administrator: Administrator,
    name: Path<String>,
    ValidatedBody(body): ValidatedBody,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let id: OrganisationId = name.parse().map_err(|_| Kind::NoSuchOrganisation)?;
    if let Some(finding) = citizen_service_number_in_code(id.as_str()) {
        return Err(Complaint::found(Place::Parameter("organisationId".to_owned()), &finding).into());
    }
    let before = before(&request)?;
    let issuers: Vec<_> = services.sign_in.issuers().collect();
    let organisation =
        body.registers(id.clone(), &issuers, services.ledger.sets()).map_err(Problem::malformed)?;
    let (trace, now) = (trace::of(&request), services.clock.now());
    let metadata = administrator.metadata(&trace);
    let access = Line::registering(administrator.accessor(trace), now, id);
    let registration =
        Registration { organisation: &organisation, before, metadata: &metadata, access: &access, now };
    let written = services.ledger.register(registration).await;
    let written = written.map_err(|error| refused(error, &organisation.clients))?;
    let version = written.version();
    services.sign_in.forget_clients();
    // The development issuer makes every caller an administrator, so logging which one means
    // nothing.
    let is_unchanged = matches!(written, Written::Unchanged(_));
    if services.sign_in.development().is_none() && !is_unchanged {
        tracing::info!(organisation = %organisation.id, version, by = %administrator.client, "an organisation was written");
    }
    let is_new = matches!(written, Written::Added(_));
    let mut answer = if is_new { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(answer.insert_header((ETAG, tag(version))).json(OrganisationBody::from(organisation)))
}

fn before(request: &HttpRequest) -> Result<Before, Problem> {
    let known = one(request.headers(), "If-Match")?;
    let not_known = one(request.headers(), "If-None-Match")?;
    match (known, not_known) {
        (None, None) => Err(Kind::VersionRequired.into()),
        (None, Some("*")) => Ok(Before::Nothing),
        (Some(tags), None) => match EntityTags::read(tags) {
            None => Err(Complaint::header("If-Match", Form::EntityTags).into()),
            Some(EntityTags::Any) => Ok(Before::Anything),
            // Version 0 is none that was ever read.
            Some(tags) => Ok(Before::Version(tags.versions().filter_map(version).max().unwrap_or(0))),
        },
        (_, Some(_)) => Err(Complaint::header("If-None-Match", Form::Asterisk).into()),
    }
}

/// What [`tag`] makes, without its quotes.
fn version(opaque: &str) -> Option<u64> {
    opaque.parse().ok().filter(|version: &u64| version.to_string() == opaque && *version < 1_000_000_000)
}

fn tag(version: u64) -> String {
    format!("\"{version}\"")
}

fn refused(error: PutError, clients: &[omklap_store::organisations::Client]) -> Problem {
    match error {
        PutError::Stale { version } => Problem { version, ..Kind::OrganisationChanged.into() },
        PutError::Store(error) => error.into(),
        PutError::ClientsTaken(taken) => {
            let at = clients.iter().enumerate().filter(|(_, client)| taken.contains(&client.id));
            let places = at.map(|(index, _)| Place::Body(format!("/clients/{index}/clientId")));
            let complaint = |place| Complaint { place, ..Complaint::body("", Fault::Repeated) };
            Problem { errors: places.map(complaint).collect(), ..Kind::ClientTaken.into() }
        }
    }
}
