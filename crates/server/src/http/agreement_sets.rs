//! The agreement sets of this ledger, as partners agreed on them.

use std::collections::BTreeSet;

use actix_web::http::header::CONTENT_LANGUAGE;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use omklap_domain::agreements::pattern::FactTypes;
use omklap_domain::agreements::{Agreement, AgreementSet, AgreementSets, Obligation};
use omklap_domain::ids::{AgreementSetId, ObligationId, RegionId};
use omklap_domain::trajectory::FactType;
use omklap_domain::trajectory::fact::{ContractModel, Party};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::problem::{Form, Problem};
use super::request::language::Language;
use super::request::query::{Parameters, Params, Query};
use super::services::Services;

/// The agreement sets.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgreementSetList)]
struct SetsBody {
    /// Every version of every set, by id and version.
    items: Vec<SetBody>,
}

/// One version of a set of agreements. Dutch: *afsprakenset*.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgreementSet)]
#[serde(rename_all = "camelCase")]
struct SetBody {
    /// Its id.
    id: AgreementSetId,
    /// Its version, from 1.
    #[schema(minimum = 1, maximum = 65_535)]
    version: u16,
    /// Its title, in the caller's language.
    title: String,
    /// The regions that use it. A case of a region is opened under the newest version.
    regions: Vec<RegionId>,
    /// Whether it is the version that its regions use now. Older ones still hold for the cases that
    /// are bound to them.
    current: bool,
    /// The leases under which a client may live before the flip.
    contract_models: Vec<ContractModel>,
    /// The agreements, by number.
    agreements: Vec<AgreementBody>,
}

/// One working agreement of a set. Dutch: *werkafspraak*.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Agreement)]
struct AgreementBody {
    /// Its number.
    #[schema(minimum = 1, maximum = 255)]
    number: u8,
    /// Its title, in the caller's language.
    title: String,
    /// Its obligations.
    obligations: Vec<ObligationBody>,
}

/// What parties agreed to do. Dutch: *verplichting*.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Obligation)]
#[serde(rename_all = "camelCase")]
struct ObligationBody {
    /// Its id in the set.
    #[schema(value_type = String, example = "4.2")]
    id: ObligationId,
    /// Its text, in the caller's language.
    text: String,
    /// The parties that can be responsible: a landlord is the corporation or the care provider, as
    /// the lease says. Empty if the fact that starts the obligation names the party.
    responsible: Vec<Party>,
    /// The kinds of facts that can keep it. Empty if the ledger itself keeps it, by refusing what
    /// would break it.
    kept_by: Vec<FactType>,
    /// Whether it can be late.
    has_deadline: bool,
}

/// Which sets to list.
#[derive(Clone, Debug)]
pub struct SetListParams {
    region: Option<RegionId>,
}

/// The filter; without it, every set is listed.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read into a region; this is its documentation")]
struct SetListParamsDoc {
    /// That this region uses, or used before.
    #[param(inline, nullable = false)]
    region: Option<RegionId>,
}

impl Parameters for SetListParams {
    fn read(query: &mut Query) -> Self {
        Self { region: query.take("region", Form::Code) }
    }
}

/// List the agreement sets
///
/// Every version of every set that this ledger judges by, with its texts in the language of
/// `Accept-Language`. `intake-registered` names one of them.
#[utoipa::path(
    operation_id = "listAgreementSets", tag = "organisations", params(SetListParamsDoc), security(("signIn" = [])),
    responses((status = 200, description = "The sets.", body = SetsBody,
        headers(("Content-Language", description = "`nl` or `en`, by `Accept-Language`.")))),
)]
#[get("/agreement-sets")]
pub async fn list(
    services: Data<Services>,
    Params(params): Params<SetListParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let language = Language::of(request.headers());
    let body = SetsBody::of(services.ledger.sets(), params.region.as_ref(), language);
    Ok(HttpResponse::Ok().insert_header((CONTENT_LANGUAGE, language.tag())).json(body))
}

/// An example of the response: one agreement of one set.
#[must_use]
pub fn example(sets: &AgreementSets) -> impl Serialize + use<> {
    let mut body = SetsBody::of(sets, "amsterdam".parse().ok().as_ref(), Language::English);
    body.items.truncate(1);
    body.items.iter_mut().for_each(|set| set.agreements.truncate(1));
    body
}

impl SetsBody {
    fn of(sets: &AgreementSets, region: Option<&RegionId>, language: Language) -> Self {
        let wanted = sets.iter().filter(|set| region.is_none_or(|region| set.is_of(region)));
        Self { items: wanted.map(|set| SetBody::of(set, is_current(set, region, sets), language)).collect() }
    }
}

/// Whether a set is the one that this region uses now; without a region, that one of its regions does.
fn is_current(set: &AgreementSet, region: Option<&RegionId>, sets: &AgreementSets) -> bool {
    let uses_it = |region: &RegionId| sets.of_region(region) == Some(set);
    region.map_or_else(|| set.regions.iter().any(uses_it), uses_it)
}

impl SetBody {
    fn of(set: &AgreementSet, current: bool, language: Language) -> Self {
        Self {
            id: set.id.clone(),
            version: set.version,
            title: language.of_two(&set.title.en, &set.title.nl).clone(),
            regions: set.regions.clone(),
            current,
            contract_models: set.contract_models.clone(),
            agreements: set.agreements.iter().map(|one| AgreementBody::of(one, language)).collect(),
        }
    }
}

impl AgreementBody {
    fn of(agreement: &Agreement, language: Language) -> Self {
        Self {
            number: agreement.number,
            title: language.of_two(&agreement.title.en, &agreement.title.nl).clone(),
            obligations: agreement.obligations.iter().map(|one| ObligationBody::of(one, language)).collect(),
        }
    }
}

impl ObligationBody {
    fn of(obligation: &Obligation, language: Language) -> Self {
        let kept_by = obligation.kept_by.all.iter().chain(&obligation.kept_by.any);
        let kept_by = kept_by.fold(FactTypes::default(), |kinds, pattern| kinds.or(pattern.facts));
        // Which of these two is the landlord depends on the lease.
        let landlords = [Party::HousingCorporation, Party::CareProvider];
        let responsible = landlords.into_iter().flat_map(|landlord| obligation.responsible.parties(landlord));
        let responsible: BTreeSet<_> = responsible.collect();
        Self {
            id: obligation.id.clone(),
            text: language.of_two(&obligation.text.en, &obligation.text.nl).clone(),
            responsible: responsible.into_iter().collect(),
            kept_by: kept_by.iter().collect(),
            has_deadline: obligation.deadline.is_some(),
        }
    }
}
