//! Trajectories, page by page.

use std::collections::BTreeSet;

use actix_web::get;
use actix_web::web::Data;
use jiff::Timestamp;
use omklap_domain::day::Day;
use omklap_domain::ids::{OrganisationId, RegionId, TrajectoryId};
use omklap_domain::trajectory::Phase;
use omklap_domain::trajectory::fact::AgreementSetVersion;
use omklap_domain::visibility::Category;
use omklap_store::{Filter, TrajectoryRow};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::own_reference;
use crate::http::problem::{Fault, Form, Problem};
use crate::http::request::caller::Caller;
use crate::http::request::codes::codes;
use crate::http::request::page::{PageParams, PageParamsDoc, cursor};
use crate::http::request::query::{Parameters, Params, Query};
use crate::http::services::Services;
use crate::http::view::disclosed::Disclosed;
use crate::http::view::disclosure::Disclosure;
use crate::http::view::listed::ListedCases;
use crate::http::view::redact;

/// The query parameters of the list.
#[derive(Clone, Debug)]
pub struct TrajectoryListParams {
    filter: Filter,
    page: PageParams<TrajectoryId>,
}

/// The filters; an absent filter matches everything.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read into a filter; this is their documentation")]
struct TrajectoryListParamsDoc {
    /// In one of these phases, separated by commas.
    #[param(inline, nullable = false, style = Form, explode = false, min_items = 1, max_items = 9)]
    phase: Option<BTreeSet<Phase>>,
    /// Guided by this provider.
    #[param(rename = "careProvider", inline, nullable = false)]
    care_provider: Option<OrganisationId>,
    /// Assigned to this corporation.
    #[param(inline, nullable = false)]
    corporation: Option<OrganisationId>,
    /// Directed by this municipality.
    #[param(inline, nullable = false)]
    municipality: Option<OrganisationId>,
    /// In this region.
    #[param(inline, nullable = false)]
    region: Option<RegionId>,
    /// With this case number of your own organisation: one trajectory, or none.
    #[param(nullable = false, pattern = "^[!-~]([ -~]{0,62}[!-~])?$", example = "ZV-2026-0041")]
    reference: Option<String>,
}

/// A page of trajectories in the order of their ids.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TrajectoryPage)]
struct PageBody {
    /// The trajectories.
    items: Vec<SummaryBody>,
    /// Trajectories of this page that are not in `items`, because their record in the database is
    /// not what was recorded; absent if there are none. The operator is warned.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    altered: Option<Vec<TrajectoryId>>,
    /// What to give as `cursor` for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    next: Option<String>,
}

/// One trajectory in a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TrajectorySummary)]
#[serde(rename_all = "camelCase")]
struct SummaryBody {
    /// The trajectory.
    trajectory_id: TrajectoryId,
    /// The number of facts recorded.
    #[schema(minimum = 1)]
    version: u64,
    /// When the last fact was recorded. This, the phase and the other partners are absent if the
    /// caller does not see the course of trajectories.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime, nullable = false)]
    updated_at: Option<Timestamp>,
    /// Its phase.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    phase: Option<Phase>,
    /// The agreements it is bound to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    agreement_set: Option<AgreementSetVersion>,
    /// The region of partners.
    #[schema(value_type = RegionId, example = "amsterdam")]
    region: String,
    /// The municipality that directs.
    #[schema(value_type = OrganisationId, example = "gemeente-amsterdam")]
    municipality: String,
    /// The provider that guides.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<OrganisationId>, nullable = false, example = "de-vaart")]
    care_provider: Option<String>,
    /// The corporation, once assigned.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<OrganisationId>, nullable = false, example = "woonstichting-noord")]
    corporation: Option<String>,
    /// The client's name; absent if the caller may not see it, or if it was erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Sam de Boer")]
    client_name: Option<String>,
    /// Since when the client is ready, unless that was revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date, nullable = false)]
    ready_on: Option<Day>,
    /// When the client is expected to be ready, as it was announced last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date, nullable = false)]
    expected_on: Option<Day>,
    /// The case number of the caller's own organisation, if it gave one; nobody else sees it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "ZV-2026-0041")]
    reference: Option<String>,
}

/// List trajectories
///
/// Those to which the caller has access, in the order of their ids, which is the order of opening
/// here, with the client's name if the caller has access to it. A filter on a field to which the
/// caller has no access finds nothing. To follow changes, use `GET /v1/feed`.
#[utoipa::path(
    operation_id = "listTrajectories", tag = "trajectories", security(("signIn" = ["trajectories:read"])), params(Caller, TrajectoryListParamsDoc, PageParamsDoc),
    responses((status = 200, description = "A page.", body = PageBody,
        headers(("Link", description = "The next page (`rel=\"next\"`); absent on the last one.")))),
)]
#[get("/trajectories")]
pub async fn list(
    services: Data<Services>,
    caller: Caller,
    Params(TrajectoryListParams { mut filter, page }): Params<TrajectoryListParams>,
) -> Result<Disclosed<PageBody>, Problem> {
    let sees_course = redact::sees_course(caller.viewer.role);
    filter.viewer = Some(caller.viewer);
    let mut found = if sees_course || !filter.looks_at_the_course() {
        services.ledger.list(&filter, page.after, page.limit + 1).await?
    } else {
        Vec::new()
    };
    let next = page.cut(&mut found, |last| last.trajectory);
    let viewer = filter.viewer.as_ref().expect("it was set above");
    let ids = found.iter().map(|summary| summary.trajectory);
    let cases = ListedCases::of(&services, viewer, ids).await?;
    found.retain(|summary| cases.is_sound(summary.trajectory));
    let disclosures = disclosures(&found, sees_course, &cases);
    let items = found.into_iter().map(|summary| SummaryBody::of(summary, sees_course).with(&cases));
    let body = PageBody { items: items.collect(), altered: cases.altered(), next: cursor(next.as_ref()) };
    Ok(Disclosed::whole(body, disclosures).linked(next.as_ref()))
}

/// What a page discloses: the course of each trajectory and the identity of its client, each if the
/// caller has access to it. A name that is absent discloses something as well.
fn disclosures(found: &[TrajectoryRow], sees_course: bool, cases: &ListedCases) -> [Disclosure; 2] {
    let (named, others): (Vec<_>, Vec<_>) = found
        .iter()
        .map(|summary| summary.trajectory)
        .partition(|trajectory| cases.listed(*trajectory).shows_identity);
    let course = sees_course.then_some(Category::Course);
    let others = Disclosure::of_each(others, course);
    [Disclosure::of_each(named, course).and([Category::Identity]), others]
}

/// An example of the response.
#[must_use]
pub fn example(summary: TrajectoryRow) -> impl Serialize {
    let item = SummaryBody {
        client_name: Some("Sam de Boer".to_owned()),
        reference: Some("ZV-2026-0041".to_owned()),
        ..SummaryBody::of(summary, true)
    };
    PageBody { items: vec![item], altered: None, next: None }
}

impl Parameters for TrajectoryListParams {
    fn read(query: &mut Query) -> Self {
        let filter = Filter {
            viewer: None,
            phases: phases(query),
            care_provider: query.take("careProvider", Form::Code),
            corporation: query.take("corporation", Form::Code),
            municipality: query.take("municipality", Form::Code),
            region: query.take("region", Form::Code),
            reference: own_reference::wanted(query),
        };
        // This filter missed facts that were committed late. It is still recognised, so that the
        // response says what to use instead.
        query.take_as::<()>("updatedSince", Fault::FollowTheFeed, |_| None);
        Self { filter, page: PageParams::read(query) }
    }
}

/// The phases that `phase` names, each once.
pub(in crate::http) fn phases(query: &mut Query) -> Vec<Phase> {
    codes(query, "phase", &Phase::ALL.map(Phase::as_str))
}

impl SummaryBody {
    fn of(summary: TrajectoryRow, sees_course: bool) -> Self {
        Self {
            trajectory_id: summary.trajectory,
            version: summary.version,
            updated_at: sees_course.then_some(summary.updated_at),
            phase: sees_course.then_some(summary.phase),
            agreement_set: AgreementSetVersion::named(&summary.agreement_set).filter(|_| sees_course),
            region: summary.region,
            municipality: summary.municipality,
            care_provider: Some(summary.care_provider).filter(|_| sees_course),
            corporation: summary.corporation.filter(|_| sees_course),
            client_name: None,
            ready_on: None,
            expected_on: None,
            reference: None,
        }
    }

    /// With what the caller sees of the trajectory itself.
    fn with(self, cases: &ListedCases) -> Self {
        let trajectory = self.trajectory_id;
        let listed = cases.listed(trajectory);
        Self {
            client_name: cases.name(trajectory),
            ready_on: listed.ready_on,
            expected_on: listed.expected_on,
            reference: cases.reference(trajectory),
            ..self
        }
    }
}
