//! An organisation as JSON.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::pin::Pin;
use std::sync::LazyLock;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use omklap_domain::agreements::AgreementSets;
use omklap_domain::ids::{ClientId, OrganisationId, RegionId};
use omklap_domain::likeness::most_like;
use omklap_domain::organisation::OrganisationKind;
use omklap_domain::text::{TEXT_PATTERN, citizen_service_number_in_code, is_visible};
use omklap_domain::visibility::Role;
use omklap_store::organisations::{Client, Organisation};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, SchemaType, Type};

use crate::http::problem::{Complaint, Fault, Problem};
use crate::http::request::compiled_schema::CompiledSchema;
use crate::http::request::{facts, json, schema_check};

static SCHEMA: LazyLock<CompiledSchema> = LazyLock::new(CompiledSchema::of_type::<OrganisationBody>);

/// A partner: its kind, its regions, its contact points, and the programs that act for it.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, ToSchema)]
#[schema(as = Organisation)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OrganisationBody {
    /// What kind of partner it is, which limits the roles of its clients.
    pub kind: OrganisationKind,
    /// What people call it.
    #[schema(schema_with = name)]
    pub name: String,
    /// The regions it works in.
    #[schema(inline, max_items = 400)]
    pub regions: BTreeSet<RegionId>,
    /// How its desks are reached, by their names, such as `nuisance-desk`. Everybody may see them:
    /// a desk, never a person.
    #[serde(default)]
    #[schema(schema_with = contact_points, required = false)]
    pub contact_points: BTreeMap<String, String>,
    /// The programs that act for it.
    #[serde(default)]
    #[schema(required = false, max_items = 100)]
    pub clients: Vec<ClientBody>,
    /// Whether signing in for it is disabled.
    #[serde(default)]
    #[schema(required = false)]
    pub disabled: bool,
}

/// The schema of the name of an organisation.
fn name() -> Object {
    ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::String))
        .description(Some("What people call it."))
        .min_length(Some(1))
        .max_length(Some(120))
        .pattern(Some(TEXT_PATTERN))
        .examples(["Zorggroep De Vaart"])
        .build()
}

/// The schema of contact points, by the names of their desks.
pub(super) fn contact_points() -> Object {
    let text =
        || ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).pattern(Some(TEXT_PATTERN));
    ObjectBuilder::new()
        .description(Some(
            "How its desks are reached, by their names, such as `nuisance-desk`. Everybody may see them: a desk, never a person.",
        ))
        .additional_properties(Some(text().min_length(Some(1)).max_length(Some(200))))
        .property_names(Some(text().min_length(Some(1)).max_length(Some(64))))
        .max_properties(Some(50))
        .examples([json!({"nuisance-desk": "020 555 0100, day and night"})])
        .build()
}

/// A program that acts for an organisation (an OAuth 2 client).
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, ToSchema)]
#[schema(as = OrganisationClient)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClientBody {
    /// Its `client_id` at the issuer.
    pub client_id: ClientId,
    /// The issuer whose tokens it has, by its name in the settings; if only one is trusted it may
    /// be left out.
    #[serde(default)]
    #[schema(
        nullable = false,
        min_length = 1,
        max_length = 64,
        pattern = r"^[^\x00]*$",
        example = "development"
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// The roles it may act in.
    #[schema(inline, min_items = 1, max_items = 16)]
    pub roles: BTreeSet<Role>,
    /// The purpose of its requests if its token names none.
    #[serde(default)]
    #[schema(nullable = false, pattern = "^[a-z][a-z0-9-]{0,63}$", example = "guidance")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// Whether it is disabled and cannot sign in.
    #[serde(default)]
    #[schema(required = false)]
    pub disabled: bool,
}

/// The body of a request with an organisation, if it matches the schema.
#[derive(Debug)]
pub struct ValidatedBody(pub OrganisationBody);

impl FromRequest for ValidatedBody {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let read = facts::read_other(&request, payload, json::read).await?;
            let json::Read { value, mut complaints } = read;
            let Some(value) = value else { return Err(Problem::malformed(complaints)) };
            complaints = schema_check::joined(complaints, SCHEMA.complaints(&value, ""));
            if !complaints.is_empty() {
                return Err(Problem::malformed(complaints));
            }
            let body = serde_json::from_value(value);
            body.map(Self).map_err(|_| Complaint::body("", Fault::Unreadable).into())
        })
    }
}

/// The fault of a region that no agreement set names, with the nearest known region.
fn unknown(region: &RegionId, sets: &AgreementSets) -> Option<Complaint> {
    if sets.iter().any(|set| set.is_of(region)) {
        return None;
    }
    let known = sets.iter().flat_map(|set| set.regions.iter().map(RegionId::as_str));
    let complaint = Complaint::body("/regions", Fault::UnknownRegion);
    Some(complaint.like(most_like(region.as_str(), known)))
}

impl OrganisationBody {
    /// What of it is not as the published schema says: lengths and codes.
    #[must_use]
    pub fn not_as_published(&self) -> Vec<Complaint> {
        SCHEMA.complaints(&serde_json::to_value(self).unwrap_or_default(), "")
    }

    /// A name and contact points that show nothing.
    #[must_use]
    pub fn nothing_visible(&self) -> Vec<Complaint> {
        let name = (!is_visible(&self.name)).then(|| "/name".to_owned());
        let unseen = self.contact_points.iter().filter(|(desk, text)| !is_visible(desk) || !is_visible(text));
        let points = unseen.map(|(desk, _)| format!("/contactPoints/{}", json::escaped(desk)));
        name.into_iter().chain(points).map(|place| Complaint::body(place, Fault::NothingVisible)).collect()
    }

    /// The organisation with this code, checked against the trusted issuers.
    ///
    /// # Errors
    /// Every region that works by none of these agreement sets; every client whose issuer is none
    /// of them, whose role is none of its organisation's kind, or that is named twice.
    pub fn registers(
        self,
        id: OrganisationId,
        issuers: &[&str],
        sets: &AgreementSets,
    ) -> Result<Organisation, Vec<Complaint>> {
        let mut complaints: Vec<_> = self.regions.iter().filter_map(|region| unknown(region, sets)).collect();
        complaints.extend(self.nothing_visible());
        let roles = self.kind.roles();
        let mut named = BTreeSet::new();
        for (index, client) in self.clients.iter().enumerate() {
            let mut complain = |field: &str, fault, limit: String| {
                let complaint = Complaint::body(format!("/clients/{index}/{field}"), fault);
                complaints.push(if limit.is_empty() { complaint } else { complaint.limit(limit) });
            };
            if citizen_service_number_in_code(client.client_id.as_str()).is_some() {
                complain("clientId", Fault::CitizenServiceNumber, String::new());
            }
            if !named.insert(&client.client_id) {
                complain("clientId", Fault::Repeated, String::new());
            }
            if client.roles.iter().any(|role| !roles.contains(role)) {
                let roles: Vec<_> = roles.iter().map(|role| role.as_str()).collect();
                complain("roles", Fault::NotOneOf, roles.join(", "));
            }
            match &client.issuer {
                None if issuers.len() != 1 => complain("issuer", Fault::Required, issuers.join(", ")),
                Some(issuer) if !issuers.contains(&issuer.as_str()) => {
                    complain("issuer", Fault::NotOneOf, issuers.join(", "));
                }
                _ => {}
            }
        }
        if !complaints.is_empty() {
            return Err(complaints);
        }
        let only = issuers.first().copied().unwrap_or_default();
        let client = |body: ClientBody| Client {
            id: body.client_id,
            issuer: body.issuer.unwrap_or_else(|| only.to_owned()),
            roles: body.roles,
            purpose: body.purpose,
            disabled: body.disabled,
        };
        Ok(Organisation {
            id,
            kind: self.kind,
            name: self.name,
            regions: self.regions,
            contact_points: self.contact_points,
            clients: self.clients.into_iter().map(client).collect(),
            disabled: self.disabled,
        })
    }
}

impl From<Organisation> for OrganisationBody {
    fn from(organisation: Organisation) -> Self {
        let client = |client: Client| ClientBody {
            client_id: client.id,
            issuer: Some(client.issuer),
            roles: client.roles,
            purpose: client.purpose,
            disabled: client.disabled,
        };
        Self {
            kind: organisation.kind,
            name: organisation.name,
            regions: organisation.regions,
            contact_points: organisation.contact_points,
            clients: organisation.clients.into_iter().map(client).collect(),
            disabled: organisation.disabled,
        }
    }
}
