//! What the offers of a report rest on: the vacancy that each names, and the list of candidates whose
//! weighing it keeps (ADR 48). It is looked at once, before the report is decided.

use omklap_domain::allocation::offered::{
    offer_of_a_vacancy, offer_without_weighing, passes_by_the_list, unfounded,
};
use omklap_domain::allocation::{Stream, StreamId, Vacancy};
use omklap_domain::ids::{TrajectoryId, VacancyId};
use omklap_domain::trajectory::fact::{DwellingOffered, OfferWeighing};
use omklap_domain::trajectory::{Fact, Refusal};
use omklap_domain::visibility::{Role, Viewer};

use uuid::Uuid;

use super::{ListAsOf, RecordedStream};
use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::record::report::Report;

/// How many offers of vacancies are looked up for one report (decision): a client has one open offer, and a
/// list of candidates costs as much as reading it (ADR 22). One more is refused as if no list gave it.
const MOST_OFFERS: usize = 4;

/// The vacancies of a home, those that are open first; more than there are of any home.
const VACANCIES_OF_A_HOME: &str = "
    SELECT stream_id FROM streams WHERE kind = 'vacancy' AND organisation = $1 AND unit_key = $2
    ORDER BY status IS DISTINCT FROM 'open', stream_id DESC LIMIT 50";

impl Ledger {
    /// The rules that the offers of a report break in the rest of the ledger, each with the index of its
    /// fact. None for a history that is brought along, and for a reporter who makes no offers: the decision
    /// refuses that report.
    pub(crate) async fn unfounded_offers(
        &self,
        report: &Report,
    ) -> Result<Vec<(usize, Refusal)>, StoreError> {
        let mut broken = Vec::new();
        let reporter = report.reporter.as_ref().filter(|one| one.role == Role::HousingCorporation);
        let Some(reporter) = reporter else { return Ok(broken) };
        let avoided = self.weighings_avoided(report, reporter).await?;
        let offers = report.facts.iter().map(offer_of_a_vacancy).enumerate();
        for (nth, (index, offer)) in offers.filter_map(|(index, offer)| Some((index, offer?))).enumerate() {
            let Some(vacancy) = offer.vacancy else { continue };
            let of_this = if nth < MOST_OFFERS {
                self.rules_broken(report, reporter, offer, vacancy).await?
            } else {
                vec![Refusal::WeighingNotOfTheList]
            };
            broken.extend(of_this.into_iter().map(|refusal| (index, refusal)));
        }
        broken.extend(avoided.into_iter().map(|index| (index, Refusal::WeighingMissing)));
        Ok(broken)
    }

    /// The offers of a home that was reported as vacant which keep no weighing, by the index of their fact.
    async fn weighings_avoided(&self, report: &Report, reporter: &Viewer) -> Result<Vec<usize>, StoreError> {
        let mut avoided = Vec::new();
        let offers = report.facts.iter().map(offer_without_weighing).enumerate();
        let theirs = offers.filter_map(|(index, offer)| Some((index, offer?)));
        for (index, offer) in theirs.filter(|(_, offer)| offer.corporation == reporter.organisation) {
            let ids = sqlx::query_scalar(VACANCIES_OF_A_HOME).bind(offer.corporation.as_str());
            let ids: Vec<Uuid> = ids.bind(offer.unit.key()).fetch_all(&self.pool).await?;
            for stream in self.load_streams::<Vacancy>(&ids).await? {
                let on = offer.occurred_on;
                let vacancy = VacancyId(stream.id.0);
                let is_let = self.let_to_clients([vacancy], on.plus_days(-1), None).await?.contains(&vacancy);
                let history = stream.history();
                // An offer of a day before the report of the vacancy is made now as well; what a correction
                // says was on that day.
                let now = matches!(report.facts[index], Fact::DwellingOffered(_)).then(|| history.state());
                let passes_by = |state: &Vacancy| {
                    let region = state.opened.as_ref().map(|opened| &opened.region);
                    let set = region.and_then(|region| self.sets.of_region(region));
                    set.is_some_and(|set| passes_by_the_list(offer, state, set))
                };
                let then = history.state_on(on).with_tenant(is_let);
                if passes_by(&then) || now.is_some_and(|now| passes_by(&now.with_tenant(is_let))) {
                    avoided.push(index);
                    break;
                }
            }
        }
        Ok(avoided)
    }

    async fn rules_broken(
        &self,
        report: &Report,
        reporter: &Viewer,
        offer: &DwellingOffered,
        vacancy: VacancyId,
    ) -> Result<Vec<Refusal>, StoreError> {
        let Some(stream) = self.load_stream::<Vacancy>(StreamId(vacancy.0)).await? else {
            return Ok(unfounded(offer, None, None));
        };
        let on = offer.occurred_on;
        // A lease of the same day may be the one to which this offer leads.
        let is_let = self.let_to_clients([vacancy], on.plus_days(-1), None).await?.contains(&vacancy);
        let state = stream.history().state_on(on).with_tenant(is_let);
        let is_theirs = state.is_read_by(reporter);
        let listed = match &offer.weighing {
            Some(kept) if is_theirs => {
                self.listed(reporter, stream, report.trajectory.id(), kept, report).await?
            }
            _ => None,
        };
        Ok(unfounded(offer, Some(&state), listed.as_ref()))
    }

    /// The weighing that the list of candidates gives the reporter now for this client, at the day and
    /// instant of the one that was kept; none for an instant that is still to come.
    async fn listed(
        &self,
        reporter: &Viewer,
        stream: RecordedStream<Vacancy>,
        client: TrajectoryId,
        kept: &OfferWeighing,
        report: &Report,
    ) -> Result<Option<OfferWeighing>, StoreError> {
        let then = stream.known_at(kept.known_at).history().state_on(kept.valid_on);
        let Some(opened) = then.opened.filter(|_| kept.known_at <= report.recorded_at) else {
            return Ok(None);
        };
        let Some(set) = self.sets.of_region(&opened.region) else { return Ok(None) };
        let (valid_on, known_at) = (kept.valid_on, Some(kept.known_at));
        let as_of = ListAsOf { valid_on, known_at, now: report.recorded_at };
        let list = self.candidates(reporter, &opened, set, as_of).await?;
        Ok(list.weighing_of(client))
    }
}
