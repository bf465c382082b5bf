//! The query parameters of the worklist.

use std::collections::BTreeSet;
use std::num::NonZeroU8;

use omklap_domain::day::Day;
use omklap_domain::ids::RegionId;
use omklap_domain::trajectory::Phase;
use omklap_domain::trajectory::fact::Party;
use omklap_domain::visibility::{Role, Viewer};
use omklap_store::read_models::worklist::{Position, Whose, WorklistFilter};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error as NoWord, StrDeserializer};
use utoipa::IntoParams;

use crate::http::problem::{Complaint, Fault, Form};
use crate::http::request::caller::Caller;
use crate::http::request::page::PageParams;
use crate::http::request::query::{Parameters, Query};
use crate::http::trajectories::list::phases;

/// The values of `party`, as a complaint lists them.
const PARTIES: &str = "client, care-provider, housing-corporation, municipality, matching-point";

/// The query parameters of the worklist.
#[derive(Clone, Debug)]
pub struct WorklistParams {
    due_from: Option<Day>,
    due_before: Option<Day>,
    agreement: Option<u8>,
    party: Option<Party>,
    mine: Option<bool>,
    region: Option<RegionId>,
    phases: Vec<Phase>,
    overdue: bool,
    undated: bool,
    pub(super) page: PageParams<Position>,
    /// Whether this is the first page.
    pub(super) first: bool,
}

/// The filters; an absent filter matches everything.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read into a filter; this is their documentation")]
pub(super) struct WorklistParamsDoc {
    /// Due on this day or later.
    #[param(rename = "dueFrom", value_type = Option<String>, format = Date, nullable = false)]
    due_from: Option<String>,
    /// Due before this day.
    #[param(rename = "dueBefore", value_type = Option<String>, format = Date, nullable = false)]
    due_before: Option<String>,
    /// Only obligations of the agreement with this number.
    #[param(nullable = false, minimum = 1, maximum = 255)]
    agreement: Option<u8>,
    /// Obligations of this party.
    #[param(inline, nullable = false)]
    party: Option<Party>,
    /// With `true`, only what the caller's own party is to do; with `false`, what any party is. By
    /// default, `true` for a partner that names no `party`, and `false` for the client, the matching
    /// point and an auditor. An auditor has no obligations: `true` finds nothing.
    #[param(nullable = false)]
    mine: Option<bool>,
    /// In this region. By default, a matching point and an auditor see all their own regions.
    #[param(inline, nullable = false)]
    region: Option<RegionId>,
    /// Of trajectories in one of these phases, separated by commas.
    #[param(inline, nullable = false, style = Form, explode = false, min_items = 1, max_items = 9)]
    phase: Option<BTreeSet<Phase>>,
    /// Only overdue obligations.
    #[param(required = false, default = false)]
    overdue: bool,
    /// Also the obligations without a due date, after the others: those that have no date, such as
    /// one that must be kept before a fact that has not happened, and those whose deadline is
    /// paused. None of them with `dueFrom`, `dueBefore` or `overdue`.
    #[param(required = false, default = false)]
    undated: bool,
}

impl WorklistParams {
    /// The query for this caller: the obligations of the caller's organisation in the caller's
    /// role.
    pub(super) fn filter(&self, caller: &Caller, today: Day) -> WorklistFilter {
        let viewer = &caller.viewer;
        let own = viewer.organisation.clone();
        let whose = match viewer.role {
            Role::Guide | Role::CareProvider | Role::NuisanceDesk => Whose::CareProvider(own),
            Role::HousingCorporation | Role::NuisanceOfficer => Whose::Corporation(own),
            // A filter on a field that the caller does not see finds nothing.
            Role::WmoConsultant if !self.phases.is_empty() => Whose::Nobody,
            Role::WmoConsultant => Whose::Municipality(own),
            Role::Municipality => Whose::Nobody,
            Role::Client => viewer.trajectory.map_or(Whose::Nobody, |one| Whose::Trajectory(one, own)),
            Role::MatchingPoint | Role::Auditor => self.regions_of(viewer),
        };
        let is_partner = !matches!(viewer.role, Role::Client | Role::MatchingPoint | Role::Auditor);
        let mine = self.mine.unwrap_or(is_partner && self.party.is_none());
        let whose = if mine && viewer.role.party().is_none() { Whose::Nobody } else { whose };
        let overdue = self.overdue.then_some(today);
        let dated = self.due_from.is_some() || self.due_before.is_some() || self.overdue;
        WorklistFilter {
            whose,
            seen_by: seen_by(viewer.role),
            parties: viewer.role.party().filter(|_| mine).into_iter().chain(self.party).collect(),
            due_from: self.due_from,
            due_before: [self.due_before, overdue].into_iter().flatten().min(),
            undated: self.undated && !dated,
            agreement: self.agreement,
            region: self.region.clone(),
            phases: self.phases.clone(),
        }
    }

    /// The region that was asked for, if it is one of the viewer's own; without one, all of these.
    fn regions_of(&self, viewer: &Viewer) -> Whose {
        match &self.region {
            Some(region) if viewer.regions.contains(region) => Whose::Regions(vec![region.clone()]),
            Some(_) => Whose::Nobody,
            None => Whose::Regions(viewer.regions.iter().cloned().collect()),
        }
    }
}

impl Parameters for WorklistParams {
    fn read(query: &mut Query) -> Self {
        let (due_from, due_before) = (query.take_day("dueFrom"), query.take_day("dueBefore"));
        let number = |text: &str| text.parse::<NonZeroU8>().ok().map(NonZeroU8::get);
        let agreement = query.take_as("agreement", Form::Agreement, number);
        let page = PageParams::read(query);
        Self {
            due_from,
            due_before,
            agreement,
            party: party(query),
            mine: query.take_flag("mine"),
            region: query.take("region", Form::Code),
            phases: phases(query),
            overdue: query.take_flag("overdue").unwrap_or(false),
            undated: query.take_flag("undated").unwrap_or(false),
            first: page.after.is_none(),
            page,
        }
    }
}

/// The role whose visibility narrows the worklist. The client and the provider see every
/// obligation.
fn seen_by(role: Role) -> Option<Role> {
    match role {
        Role::Client | Role::Guide | Role::CareProvider | Role::NuisanceDesk => None,
        Role::HousingCorporation | Role::NuisanceOfficer => Some(Role::HousingCorporation),
        Role::MatchingPoint | Role::Municipality | Role::WmoConsultant | Role::Auditor => Some(role),
    }
}

fn party(query: &mut Query) -> Option<Party> {
    let text = query.take::<String>("party", Fault::NotOneOf)?;
    let word: StrDeserializer<'_, NoWord> = text.as_str().into_deserializer();
    let party = Party::deserialize(word).ok();
    if party.is_none() {
        query.complain(Complaint::parameter("party", Fault::NotOneOf).limit(PARTIES));
    }
    party
}
