//! `Voorrangsregeling` and its profile: who has priority, and for which homes.

use actix_web::get;
use actix_web::web::Data;
use omklap_domain::trajectory::Fact;
use omklap_domain::trajectory::fact::OutflowProfileSet;
use omklap_domain::visibility::{AccessLevel, Category, nominated_to};
use omklap_vera::{PriorityWritten, Written};

use super::cases::{self, Case};
use super::corporation;
use super::schemas::{Voorrangsregeling, VoorrangsregelingProfiel};
use crate::http::problem::Problem;
use crate::http::request::caller::Caller;
use crate::http::services::Services;
use crate::http::view::disclosed::Disclosed;

/// Geeft de voorrangsregelingen
///
/// Of the clients who are nominated to the corporation. `UIT` says that they leave an institution, so it is
/// written for that corporation only, and no more after the flip.
#[utoipa::path(
    operation_id = "listVoorrangsregelingen", tag = "woonruimteverdeling", security(("signIn" = ["trajectories:read"])),
    responses((status = 200, description = "The priorities.", body = Vec<Voorrangsregeling>))
)]
#[get("/voorrangsregelingen")]
pub(super) async fn list(
    services: Data<Services>,
    caller: Caller,
) -> Result<Disclosed<Vec<Written>>, Problem> {
    written(&services, &caller, |priority| Some(priority.message())).await
}

/// Geeft de voorrangsregelingprofielen
///
/// The homes that fit the same clients: the highest rent in whole euros, and the accessibility.
#[utoipa::path(
    operation_id = "listVoorrangsregelingProfielen", tag = "woonruimteverdeling", security(("signIn" = ["trajectories:read"])),
    responses((status = 200, description = "The profiles.", body = Vec<VoorrangsregelingProfiel>))
)]
#[get("/voorrangsregeling-profielen")]
pub(super) async fn profiles(
    services: Data<Services>,
    caller: Caller,
) -> Result<Disclosed<Vec<Written>>, Problem> {
    written(&services, &caller, |priority| priority.profile()).await
}

async fn written(
    services: &Services,
    caller: &Caller,
    write: impl Fn(PriorityWritten<'_>) -> Option<Written>,
) -> Result<Disclosed<Vec<Written>>, Problem> {
    let own = corporation(caller)?;
    let (mut messages, mut shown) = (Vec::new(), Vec::new());
    for case in cases::all(services, caller).await? {
        let state = case.history.state();
        let has_flipped = state.tenancy.lease.as_ref().is_some_and(|lease| lease.model.is_none());
        if nominated_to(state) != Some(own) || has_flipped {
            continue;
        }
        let profile = profile(&case);
        let sees_course = case.view.sees(Category::Course) == AccessLevel::All;
        let since = state.ready_on.filter(|_| sees_course);
        let priority = PriorityWritten { trajectory: case.trajectory, since, profile };
        if let Some(message) = write(priority) {
            messages.push(message);
            let categories = profile.map(|_| Category::DwellingProfile);
            shown.push(case.disclosure(categories.into_iter().chain([Category::Course])));
        }
    }
    Ok(Disclosed::whole(messages, shown))
}

/// The profile as it was set last, if the corporation sees it.
fn profile(case: &Case) -> Option<&OutflowProfileSet> {
    if case.view.sees(Category::DwellingProfile) != AccessLevel::All {
        return None;
    }
    let set = case.history.happened().filter_map(|(_, fact)| match fact {
        Fact::OutflowProfileSet(set) => Some(set),
        _ => None,
    });
    set.last()
}
