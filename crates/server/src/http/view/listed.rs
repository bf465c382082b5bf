//! What lists show of their trajectories, beyond the rows from which they are read: the client's
//! name, the caller's own case number, and which trajectories are not what was recorded.
//!
//! Decision: ADR 33.

use std::collections::{BTreeSet, HashMap};

use omklap_domain::ids::{OrganisationId, TrajectoryId};
use omklap_domain::text::PrivateText;
use omklap_domain::visibility::{AccessLevel, Category, Listed, Viewer};
use omklap_store::StoreError;
use omklap_store::vault::OpenedTexts;

use crate::http::problem::{ALARMS, Kind, Problem};
use crate::http::services::Services;
use crate::views::cache::Seen;

/// What a page of a list shows of its trajectories.
pub(in crate::http) struct ListedCases {
    seen: Seen,
    names: HashMap<TrajectoryId, String>,
    references: HashMap<TrajectoryId, String>,
    altered: BTreeSet<TrajectoryId>,
}

impl ListedCases {
    /// What this caller sees of the trajectories of a page: their views, and then the names and the
    /// own numbers with one query each.
    pub(in crate::http) async fn of(
        services: &Services,
        viewer: &Viewer,
        trajectories: impl IntoIterator<Item = TrajectoryId>,
    ) -> Result<Self, Problem> {
        let trajectories: BTreeSet<TrajectoryId> = trajectories.into_iter().collect();
        let (seen, unread) = services.messaging.views.seen_of_each(viewer, trajectories.clone()).await?;
        let mut altered = BTreeSet::new();
        for (trajectory, why) in unread {
            if !why.is_alarming() {
                return Err(why.into());
            }
            alarm(&why);
            altered.insert(trajectory);
        }
        let sealed = trajectories.iter().filter_map(|id| match seen.listed(*id)?.client_name.clone()? {
            PrivateText::Sealed(reference) => Some((*id, reference)),
            PrivateText::Text(_) => None,
        });
        let names = services.ledger.open_one_of_each(&sealed.collect()).await?;
        let names = opened(names, &mut altered);
        let references = services.ledger.own_references(viewer, trajectories).await?;
        let references = opened(references, &mut altered);
        Ok(Self { seen, names, references, altered })
    }

    /// Whether a trajectory is what was recorded. Nothing else may be shown of one that is not.
    pub(in crate::http) fn is_sound(&self, trajectory: TrajectoryId) -> bool {
        !self.altered.contains(&trajectory)
    }

    /// The same, for an answer that has no place to name a trajectory that is not what was recorded.
    ///
    /// # Errors
    /// If one is not.
    pub(in crate::http) fn all_sound(self) -> Result<Self, Problem> {
        if self.altered.is_empty() { Ok(self) } else { Err(Kind::RecordAltered.into()) }
    }

    /// The trajectories that are not what was recorded, to name; none if every one is.
    pub(in crate::http) fn altered(&self) -> Option<Vec<TrajectoryId>> {
        Some(self.altered.iter().copied().collect()).filter(|altered: &Vec<_>| !altered.is_empty())
    }

    /// What the caller sees of a trajectory; nothing without access to it.
    pub(in crate::http) fn listed(&self, trajectory: TrajectoryId) -> Listed {
        self.seen.listed(trajectory).cloned().unwrap_or_default()
    }

    /// Whether the caller sees a category of a sound trajectory, at least in part.
    pub(in crate::http) fn shows(&self, trajectory: TrajectoryId, category: Category) -> bool {
        let view = self.seen.view(trajectory).filter(|_| self.is_sound(trajectory));
        view.is_some_and(|view| view.sees(category) != AccessLevel::None)
    }

    /// Whether the caller works on a home of this corporation in a sound trajectory.
    pub(in crate::http) fn works_on_home(
        &self,
        viewer: &Viewer,
        trajectory: TrajectoryId,
        of: &OrganisationId,
    ) -> bool {
        let view = self.seen.view(trajectory).filter(|_| self.is_sound(trajectory));
        view.is_some_and(|view| view.works_on_the_home_of(of, viewer.role))
    }

    /// The client's name, if the caller sees it and it was not erased.
    pub(in crate::http) fn name(&self, trajectory: TrajectoryId) -> Option<String> {
        self.names.get(&trajectory).cloned()
    }

    /// The case number that the caller's organisation gave it.
    pub(in crate::http) fn reference(&self, trajectory: TrajectoryId) -> Option<String> {
        self.references.get(&trajectory).cloned()
    }
}

/// The texts that opened. The trajectory of one that did not is altered.
fn opened(texts: OpenedTexts, altered: &mut BTreeSet<TrajectoryId>) -> HashMap<TrajectoryId, String> {
    let opened = texts.into_iter().filter_map(|(trajectory, text)| match text {
        Ok(text) => Some((trajectory, text)),
        Err(source) => {
            alarm(&StoreError::Vault { trajectory, source });
            altered.insert(trajectory);
            None
        }
    });
    opened.collect()
}

/// Logs for the operator what the page leaves out.
fn alarm(why: &StoreError) {
    metrics::counter!(ALARMS).increment(1);
    tracing::error!(problem = "record-altered", cause = why.to_string(), "a list leaves a trajectory out");
}
