//! The extra content of a full item: what the caller may see of the event now.

use std::collections::BTreeSet;

use omklap_domain::agreements::AgreementSets;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::Mark;
use omklap_domain::visibility::{Category, Shown, Viewer, shown_categories_of};
use omklap_store::deadlines::Deadline;
use omklap_store::deadlines::lapsed::LapsedOffer;
use omklap_store::{EventContent, FeedEvent, Ledger, RecordedEvent, RecordedFact, StoreError};

use super::body::EventBody;
use crate::http::trajectories::timeline::EntryBody;
use crate::views::cache::{Seen, sees_deadline, sees_offers};
use crate::views::log_disclosures::FeedDisclosures;

/// What the items of a page are filled with, in their order.
#[derive(Default)]
pub(super) struct Full {
    items: Vec<Filling>,
}

/// What an item is filled with.
enum Filling {
    Fact(Box<Fact>),
    Deadline(Box<Deadline>),
    Lapsed(Box<LapsedOffer>),
    /// There is no further content.
    Nothing,
    /// There is further content, but the caller may not see it.
    Withheld,
}

struct Fact {
    event: RecordedEvent,
    mark: Mark,
    shown: Shown,
}

impl Full {
    /// Takes an event of the page as the caller sees it, and adds what it discloses.
    pub(super) fn take(
        &mut self,
        event: FeedEvent,
        seen: &Seen,
        sets: &AgreementSets,
        disclosures: &mut FeedDisclosures,
    ) {
        let trajectory = event.trajectory;
        let view = seen.view(trajectory);
        let filling = match event.event {
            // Withdrawn from the caller.
            _ if view.is_none() => Filling::Nothing,
            EventContent::Fact(RecordedFact { event: Some(event), .. }) => filling(trajectory, *event, seen),
            EventContent::Deadline(reported)
                if view.is_some_and(|view| sees_deadline(view, &reported.deadline, sets)) =>
            {
                Filling::Deadline(Box::new(reported.deadline))
            }
            EventContent::Lapsed(lapsed) if view.is_some_and(sees_offers) => {
                Filling::Lapsed(Box::new(lapsed.offer))
            }
            // Read as a whole, each fact has its event.
            EventContent::Deadline(_)
            | EventContent::Lapsed(_)
            | EventContent::Fact(RecordedFact { event: None, .. }) => Filling::Withheld,
            EventContent::Destroyed(_) => Filling::Nothing,
        };
        let (categories, withheld): (BTreeSet<Category>, bool) = match &filling {
            Filling::Fact(fact) => (seen.discloses(trajectory, &fact.event), fact.shown != Shown::Whole),
            Filling::Deadline(deadline) => {
                let obligation = sets.obligation(&deadline.agreement_set, &deadline.obligation);
                (obligation.map(shown_categories_of).unwrap_or_default(), false)
            }
            Filling::Lapsed(_) | Filling::Nothing => (BTreeSet::new(), false),
            Filling::Withheld => (BTreeSet::new(), true),
        };
        disclosures.add(trajectory, categories, withheld);
        self.items.push(filling);
    }

    /// Fills the items, with the texts of their facts.
    pub(super) async fn fill(
        mut self,
        ledger: &Ledger,
        viewer: &Viewer,
        items: &mut [EventBody],
    ) -> Result<(), StoreError> {
        let fillings = items.iter().map(|item| item.trajectory_id).zip(&mut self.items);
        let facts = fillings.filter_map(|(trajectory, filling)| match filling {
            Filling::Fact(fact) => Some((trajectory, &mut fact.event.fact)),
            Filling::Deadline(_) | Filling::Lapsed(_) | Filling::Nothing | Filling::Withheld => None,
        });
        ledger.open_texts(facts).await?;
        for (item, filling) in items.iter_mut().zip(self.items) {
            match filling {
                Filling::Fact(fact) => {
                    let Fact { event, mark, shown } = *fact;
                    item.entry = Some(Box::new(EntryBody::seen_by(viewer, event, mark, &shown)));
                }
                Filling::Deadline(deadline) => item.deadline = Some(Box::new((*deadline).into())),
                Filling::Lapsed(lapsed) => item.lapsed = Some(Box::new((*lapsed).into())),
                Filling::Withheld => item.detail_withheld = true,
                Filling::Nothing => {}
            }
        }
        Ok(())
    }
}

/// What the caller sees of a fact.
fn filling(trajectory: TrajectoryId, event: RecordedEvent, seen: &Seen) -> Filling {
    match seen.shown(trajectory, &event) {
        Some(shown) if shown != Shown::Withheld => {
            Filling::Fact(Box::new(Fact { mark: seen.mark(trajectory, &event), event, shown }))
        }
        _ => Filling::Withheld,
    }
}
