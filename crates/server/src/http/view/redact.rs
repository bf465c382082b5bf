//! Removes from a response what the caller's view hides.

use std::collections::BTreeSet;

use super::disclosure::Disclosure;
use actix_web::{HttpResponse, HttpResponseBuilder};
use omklap_domain::agreements::AgreementSets;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::visibility::{AccessLevel, Category, Fields, Role, View, Viewer, shown_categories_of};
use omklap_store::ObligationRow;
use serde::Serialize;

/// A response with the body, without the fields that the view hides. `withheld` names those.
pub(in crate::http) fn json(
    mut response: HttpResponseBuilder,
    body: impl Serialize,
    fields: &[Fields],
    view: &View,
) -> HttpResponse {
    if fields.iter().all(|(category, _)| view.sees(*category) != AccessLevel::None) {
        return response.json(body);
    }
    let mut body = serde_json::to_value(body).expect("a body is what is sent as JSON");
    view.redact(&mut body, fields);
    response.json(body)
}

/// The obligations that the view shows.
pub(in crate::http) fn obligations(
    mut rows: Vec<ObligationRow>,
    view: &View,
    sets: &AgreementSets,
) -> Vec<ObligationRow> {
    rows.retain(|row| {
        let obligation = sets.obligation(&row.agreement_set, &row.obligation);
        obligation.is_some_and(|obligation| {
            view.sees_obligation(obligation, &row.owed_by, row.reference.as_deref())
        })
    });
    rows
}

/// What a response with these fields discloses of a trajectory: each category that the caller sees,
/// even if the response only says that there is nothing.
pub(in crate::http) fn disclosure(trajectory: TrajectoryId, fields: &[Fields], view: &View) -> Disclosure {
    let kinds = fields.iter().map(|(category, _)| *category);
    let (seen, hidden): (BTreeSet<_>, BTreeSet<_>) =
        kinds.partition(|category| view.sees(*category) != AccessLevel::None);
    Disclosure::of(trajectory, seen).in_part(!hidden.is_empty())
}

/// The categories that these obligations disclose.
pub(in crate::http) fn categories_of_obligations<'r>(
    rows: impl IntoIterator<Item = &'r ObligationRow>,
    sets: &AgreementSets,
) -> BTreeSet<Category> {
    let rows = rows.into_iter().filter_map(|row| sets.obligation(&row.agreement_set, &row.obligation));
    rows.flat_map(shown_categories_of).collect()
}

/// Whether a viewer sees which person of an organisation did something, and for which purpose:
/// those of the viewer's own organisation, and an auditor all.
pub(in crate::http) fn sees_person(viewer: &Viewer, organisation: Option<&String>) -> bool {
    viewer.role == Role::Auditor || organisation.is_some_and(|of| of == viewer.organisation.as_str())
}

/// Whether a role sees the course of trajectories. Lists go by the role, because they have no view
/// of each trajectory.
pub(in crate::http) fn sees_course(role: Role) -> bool {
    Category::Course.seen_by(role) != AccessLevel::None
}
