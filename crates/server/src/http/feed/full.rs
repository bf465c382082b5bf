//! The extra content of a full item: what the caller may see of the event now.

use std::collections::{BTreeSet, HashMap};

use omklap_domain::agreements::AgreementSets;
use omklap_domain::allocation::{Sight, Stream, StreamId, StreamKind, Vacancy};
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::Mark;
use omklap_domain::visibility::{Category, Shown, Viewer, shown_categories_of};
use omklap_store::deadlines::Deadline;
use omklap_store::deadlines::lapsed::LapsedOffer;
use omklap_store::{EventContent, FeedEvent, RecordedEvent, RecordedFact, RecordedStreamFact, Subject};
use serde_json::Value;

use super::body::EventBody;
use crate::http::allocation::vacancies::{VacancyBody, with_tenants};
use crate::http::problem::Problem;
use crate::http::services::Services;
use crate::http::trajectories::timeline::EntryBody;
use crate::views::cache::{Seen, sees_deadline, sees_offers};
use crate::views::log_disclosures::FeedDisclosures;
use crate::views::streams::StreamKey;

/// What the items of a page are filled with, in their order.
pub(super) struct Full {
    items: Vec<Filling>,
    /// Whether the caller may read plans.
    reads_plans: bool,
}

/// What an item is filled with.
enum Filling {
    Fact(Box<Fact>),
    Deadline(Box<Deadline>),
    Lapsed(Box<LapsedOffer>),
    /// A fact of a stream beside the trajectory.
    OfStream(Box<Value>),
    /// A vacancy whose facts the caller does not see.
    Vacancy(StreamId),
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
    /// What fills a page for a caller who may read plans or not.
    pub(super) fn of_page(reads_plans: bool) -> Self {
        Self { items: Vec::new(), reads_plans }
    }

    /// Takes an event of a stream beside the trajectory, which holds nothing about a person.
    fn take_of_stream(&mut self, stream: StreamKey, event: EventContent, seen: &Seen) {
        let sight = seen.stream(stream).map_or(Sight::Hidden, |seen| seen.sight);
        self.items.push(match (event, sight, stream) {
            (_, Sight::Hidden, _) => Filling::Nothing,
            (_, _, (StreamKind::Plan, _)) if !self.reads_plans => Filling::Withheld,
            (EventContent::OfStream(RecordedStreamFact { fact: Some(fact), .. }), Sight::Whole, _) => {
                Filling::OfStream(Box::new(fact))
            }
            (_, Sight::InPart, (StreamKind::Vacancy, id)) => Filling::Vacancy(id),
            _ => Filling::Withheld,
        });
    }

    /// Takes an event of the page as the caller sees it, and adds what it discloses.
    pub(super) fn take(
        &mut self,
        event: FeedEvent,
        seen: &Seen,
        sets: &AgreementSets,
        disclosures: &mut FeedDisclosures,
    ) {
        let trajectory = match event.subject {
            Subject::Trajectory(id) => id,
            Subject::Stream(kind, id) => return self.take_of_stream((kind, id), event.event, seen),
        };
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
            EventContent::Destroyed(_) | EventContent::OfStream(_) => Filling::Nothing,
        };
        let (categories, withheld): (BTreeSet<Category>, bool) = match &filling {
            Filling::Fact(fact) => (seen.discloses(trajectory, &fact.event), fact.shown != Shown::Whole),
            Filling::Deadline(deadline) => {
                let obligation = sets.obligation(&deadline.agreement_set, &deadline.obligation);
                (obligation.map(shown_categories_of).unwrap_or_default(), false)
            }
            Filling::Lapsed(_) | Filling::Nothing | Filling::OfStream(_) | Filling::Vacancy(_) => {
                (BTreeSet::new(), false)
            }
            Filling::Withheld => (BTreeSet::new(), true),
        };
        disclosures.add(trajectory, categories, withheld);
        self.items.push(filling);
    }

    /// Fills the items, with the texts of their facts.
    pub(super) async fn fill(
        mut self,
        services: &Services,
        viewer: &Viewer,
        items: &mut [EventBody],
    ) -> Result<(), Problem> {
        let fillings = items.iter().map(|item| item.trajectory_id).zip(&mut self.items);
        let facts = fillings.filter_map(|(trajectory, filling)| match filling {
            Filling::Fact(fact) => trajectory.map(|trajectory| (trajectory, &mut fact.event.fact)),
            _ => None,
        });
        services.ledger.open_texts(facts).await?;
        let shown_in_part = self.items.iter().filter_map(|filling| match filling {
            Filling::Vacancy(id) => Some(*id),
            _ => None,
        });
        let vacancies = vacancies_now(services, viewer, shown_in_part.collect()).await?;
        for (item, filling) in items.iter_mut().zip(self.items) {
            match filling {
                Filling::Fact(fact) => {
                    let Fact { event, mark, shown } = *fact;
                    item.entry = Some(Box::new(EntryBody::seen_by(viewer, &event, mark, &shown)?));
                }
                Filling::Deadline(deadline) => item.deadline = Some(Box::new((*deadline).into())),
                Filling::Lapsed(lapsed) => item.lapsed = Some(Box::new((*lapsed).into())),
                Filling::OfStream(fact) => item.fact = Some(*fact),
                Filling::Vacancy(id) => {
                    item.vacancy = vacancies.get(&id).cloned().map(Box::new);
                    item.detail_withheld = item.vacancy.is_none();
                }
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

/// These vacancies as the viewer reads them now.
async fn vacancies_now(
    services: &Services,
    viewer: &Viewer,
    ids: BTreeSet<StreamId>,
) -> Result<HashMap<StreamId, VacancyBody>, Problem> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<_> = ids.into_iter().map(|id| id.0).collect();
    let streams = services.ledger.load_streams::<Vacancy>(&ids).await?;
    let states = streams.iter().map(|stream| stream.history().state());
    let states = states.filter(|state| state.is_read_by(viewer)).collect();
    let shown = with_tenants(services, states, services.clock.today(), None).await?;
    let body = |state| VacancyBody::of(state, viewer.role).map(|body| (body.id(), body));
    Ok(shown.into_iter().filter_map(body).collect())
}
