//! How many clients of a region seek a home.

use omklap_domain::agreements::AgreementSet;
use omklap_domain::day::Day;
use omklap_domain::figures::{
    ExpectedInQuarter, PublishedCount, counted_seekers, expected_outflow, last_quarter_ended,
};
use omklap_domain::trajectory::fact::Bottleneck;
use omklap_domain::visibility::seekers_read_as;
use omklap_store::StoreError;
use omklap_store::read_models::seekers_listed::{SeekerCounts, SeekerFilter};
use serde::Serialize;
use utoipa::ToSchema;

use crate::clock;
use crate::http::services::Services;

/// How many clients seek a home: of those that the caller may list, by the filters, today. A caller who
/// sees no course of a case, and so no seekers, gets the counts of the whole region at the end of the
/// last quarter, whatever the filters; a count that would reveal something about single people is null.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SeekerCounts)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct CountsBody {
    /// The day for which they hold.
    #[schema(value_type = String, format = Date)]
    on: Day,
    /// Counts above zero and below this are null; absent if all are shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    suppressed_below: Option<u32>,
    /// Those who are ready.
    ready: Option<u32>,
    /// Those who are expected: in each month with any, or, in the counts of the whole region, those
    /// announced in each of the four quarters after the day.
    expected: Vec<ExpectedBody>,
    /// Those whose case is stuck, by what holds it up.
    stuck: Vec<StuckCountBody>,
}

/// The clients who are expected in one period.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExpectedSeekers)]
struct ExpectedBody {
    /// Its first day.
    #[schema(value_type = String, format = Date)]
    from: Day,
    /// Its last day.
    #[schema(value_type = String, format = Date)]
    to: Day,
    /// How many clients.
    clients: Option<u32>,
}

/// The clients whose case is held up by one bottleneck.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StuckSeekers)]
pub(in crate::http) struct StuckCountBody {
    /// The bottleneck.
    bottleneck: Bottleneck,
    /// How many clients.
    clients: Option<u32>,
}

impl CountsBody {
    /// The counts that the viewer of this list sees.
    pub(in crate::http) async fn read(
        services: &Services,
        filter: &SeekerFilter,
        set: &AgreementSet,
        today: Day,
    ) -> Result<Self, StoreError> {
        if seekers_read_as(filter.viewer.role).is_some() {
            return Ok(Self::of(today, services.ledger.seeker_counts(filter).await?));
        }
        let on = last_quarter_ended(today);
        let known_at = Some(clock::ended(on));
        let added = services.ledger.contributions_then(&filter.region, on, known_at).await?;
        let threshold = set.figures.suppress_below;
        let counted = counted_seekers(added.iter().map(|(_, one)| one), threshold);
        let expected = expected_outflow(added.iter().map(|(_, one)| one), on, threshold);
        let in_quarter = |quarter: ExpectedInQuarter| ExpectedBody {
            from: quarter.from,
            to: quarter.to,
            clients: quarter.clients.count(),
        };
        Ok(Self {
            on,
            suppressed_below: Some(threshold),
            ready: counted.ready.count(),
            expected: expected.into_iter().map(in_quarter).collect(),
            stuck: counted.stuck.into_iter().map(StuckCountBody::from).collect(),
        })
    }

    /// The counts of a list.
    pub(in crate::http) fn of(today: Day, SeekerCounts { ready, expected, stuck }: SeekerCounts) -> Self {
        let in_month = |(from, clients): (Day, u32)| ExpectedBody {
            from,
            to: from.plus_months(1).plus_days(-1),
            clients: Some(clients),
        };
        let by =
            |(bottleneck, clients): (Bottleneck, u32)| StuckCountBody { bottleneck, clients: Some(clients) };
        Self {
            on: today,
            suppressed_below: None,
            ready: Some(ready),
            expected: expected.into_iter().map(in_month).collect(),
            stuck: stuck.into_iter().map(by).collect(),
        }
    }
}

impl StuckCountBody {
    /// Without the count.
    pub(in crate::http) fn withheld(self) -> Self {
        Self { clients: None, ..self }
    }
}

impl From<(Bottleneck, PublishedCount)> for StuckCountBody {
    fn from((bottleneck, clients): (Bottleneck, PublishedCount)) -> Self {
        Self { bottleneck, clients: clients.count() }
    }
}
