//! What leaves of an answer: the view decides, here it is carried out.

use std::collections::BTreeSet;

use super::disclosure::Disclosure;
use actix_web::{HttpResponse, HttpResponseBuilder};
use omklap_domain::agreements::AgreementSets;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::visibility::{Category, Fields, Role, Sight, View, Viewer, told_by};
use omklap_store::ObligationRow;
use serde::Serialize;

/// Answers with what the view leaves of a body; what stays behind is named in `withheld`.
pub(in crate::http) fn answer(
    mut answer: HttpResponseBuilder,
    body: impl Serialize,
    fields: &[Fields],
    view: &View,
) -> HttpResponse {
    if fields.iter().all(|(category, _)| view.sees(*category) != Sight::None) {
        return answer.json(body);
    }
    let mut body = serde_json::to_value(body).expect("a body is what is sent as JSON");
    view.leave(&mut body, fields);
    answer.json(body)
}

/// What the view leaves of what is owed.
pub(in crate::http) fn owed(
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

/// What an answer with these fields shows of a trajectory: of each kind that the caller sees something is told, if only that
/// there is nothing.
pub(in crate::http) fn disclosure(
    trajectory: TrajectoryId,
    fields: &[Fields],
    view: &View,
    more: impl IntoIterator<Item = Category>,
) -> Disclosure {
    let kinds = fields.iter().map(|(category, _)| *category);
    let (seen, hidden): (BTreeSet<_>, BTreeSet<_>) =
        kinds.partition(|category| view.sees(*category) != Sight::None);
    let seen: BTreeSet<_> = seen.into_iter().chain(more).collect();
    Disclosure::of(trajectory, seen).in_part(!hidden.is_empty())
}

/// The kinds of data of which these tell that are owed.
pub(in crate::http) fn told_by_owed<'r>(
    rows: impl IntoIterator<Item = &'r ObligationRow>,
    sets: &AgreementSets,
) -> BTreeSet<Category> {
    let rows = rows.into_iter().filter_map(|row| sets.obligation(&row.agreement_set, &row.obligation));
    rows.flat_map(told_by).collect()
}

/// Whether a viewer is told which person of an organisation did something, for what and in which course of things: of the own
/// organisation, and an auditor of every one.
pub(in crate::http) fn tells_who(viewer: &Viewer, organisation: Option<&String>) -> bool {
    viewer.role == Role::Auditor || organisation.is_some_and(|of| of == viewer.organisation.as_str())
}

/// Whether a role sees where trajectories stand: in lists there is no view of each one.
pub(in crate::http) fn sees_course(role: Role) -> bool {
    Category::Course.seen_by(role) != Sight::None
}
