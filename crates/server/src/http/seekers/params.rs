//! The query parameters of the list of seekers.

use std::collections::BTreeSet;

use omklap_domain::day::Day;
use omklap_domain::ids::{MunicipalityCode, OrganisationId, RegionId};
use omklap_domain::trajectory::fact::{Access, Bottleneck, Profile};
use omklap_domain::visibility::Viewer;
use omklap_store::read_models::seekers_listed::{SeekerFilter, SeekerPosition};
use utoipa::IntoParams;

use crate::http::problem::Form;
use crate::http::request::codes::{labelled, several};
use crate::http::request::page::PageParams;
use crate::http::request::query::{Parameters, Query};

/// The query parameters of the list.
#[derive(Clone, Debug)]
pub struct SeekerListParams {
    ready_before: Option<Day>,
    profiles: Vec<Profile>,
    access: Vec<Access>,
    origins: Vec<MunicipalityCode>,
    provider: Option<OrganisationId>,
    unassigned: Option<bool>,
    bottlenecks: Vec<Bottleneck>,
    pub(super) page: PageParams<SeekerPosition>,
    /// Whether this is the first page.
    pub(super) first: bool,
}

/// The filters; an absent filter matches everything.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read into a filter; this is their documentation")]
pub(super) struct SeekerListParamsDoc {
    /// Ready, or expected to be, before this day. Without those of whom no day is known.
    #[param(rename = "readyBefore", value_type = Option<String>, format = Date, nullable = false)]
    ready_before: Option<String>,
    /// With one of these profiles, separated by commas.
    #[param(inline, nullable = false, style = Form, explode = false, min_items = 1, max_items = 6)]
    profile: Option<BTreeSet<Profile>>,
    /// Who need one of these kinds of access, separated by commas.
    #[param(inline, nullable = false, style = Form, explode = false, min_items = 1, max_items = 3)]
    access: Option<BTreeSet<Access>>,
    /// From one of these municipalities, separated by commas.
    #[param(inline, nullable = false, style = Form, explode = false, min_items = 1, max_items = 50)]
    origin: Option<BTreeSet<MunicipalityCode>>,
    /// Guided by this provider.
    #[param(inline, nullable = false)]
    provider: Option<OrganisationId>,
    /// With `true`, those to whom no corporation is assigned; with `false`, those to whom one is.
    #[param(nullable = false)]
    unassigned: Option<bool>,
    /// Whose case is held up by one of these, separated by commas.
    #[param(inline, nullable = false, style = Form, explode = false, min_items = 1, max_items = 8)]
    bottleneck: Option<BTreeSet<Bottleneck>>,
}

impl SeekerListParams {
    /// The query for this viewer.
    pub(super) fn filter(&self, viewer: &Viewer, region: &RegionId) -> SeekerFilter {
        SeekerFilter {
            viewer: viewer.clone(),
            region: region.clone(),
            ready_before: self.ready_before,
            profiles: self.profiles.clone(),
            access: self.access.clone(),
            origins: self.origins.clone(),
            care_provider: self.provider.clone(),
            unassigned: self.unassigned,
            bottlenecks: self.bottlenecks.clone(),
        }
    }
}

impl Parameters for SeekerListParams {
    fn read(query: &mut Query) -> Self {
        let page = PageParams::read(query);
        Self {
            ready_before: query.take_day("readyBefore"),
            profiles: labelled(query, "profile", "Profile"),
            access: labelled(query, "access", "Access"),
            origins: several(query, "origin", Form::MunicipalityCodes),
            provider: query.take("provider", Form::Code),
            unassigned: query.take_flag("unassigned"),
            bottlenecks: labelled(query, "bottleneck", "Bottleneck"),
            first: page.after.is_none(),
            page,
        }
    }
}
