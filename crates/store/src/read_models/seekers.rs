//! Clients who seek a home, one row for each audience of their case (ADR 45).

use omklap_domain::allocation::weigh;
use omklap_domain::day::Day;
use omklap_domain::ids::{MunicipalityCode, OfferId, OrganisationId, RegionId, TrajectoryId};
use omklap_domain::seekers::{Certainty, Needs, OpenOffer, Seeker, Stuck};
use omklap_domain::trajectory::Phase;
use omklap_domain::trajectory::fact::{Access, Bottleneck, Cents, Household, Profile};
use omklap_domain::visibility::{ListedSeeker, Role, listed_seekers};
use serde::de::DeserializeOwned;
use serde::{Serialize, Serializer};
use sqlx::Row as _;
use sqlx::postgres::PgRow;

use super::read_model::{DerivedFrom, ReadModel, Source, day, small, word};

/// One row of `seekers`; `migrations/0033_seekers.sql` and `0039_the_match.sql` explain the columns.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the migration explains the columns")]
pub struct SeekerRow {
    pub trajectory_id: TrajectoryId,
    pub audience: Role,
    pub version: DerivedFrom,
    pub region: RegionId,
    pub organisation: Option<OrganisationId>,
    pub phase: Phase,
    pub care_provider: OrganisationId,
    pub municipality: OrganisationId,
    pub corporation: Option<OrganisationId>,
    pub rank: u8,
    pub day: Day,
    pub certainty: Option<Certainty>,
    pub offer_id: Option<OfferId>,
    pub respond_by: Option<Day>,
    pub offer_accepted: Option<bool>,
    pub offers_used: u8,
    pub bottleneck: Option<Bottleneck>,
    pub stuck_since: Option<Day>,
    pub profile: Option<Profile>,
    pub household: Option<Household>,
    pub origin: Option<MunicipalityCode>,
    pub access: Option<Access>,
    pub quiet: Option<bool>,
    pub pets: Option<bool>,
    pub rent_limit_cents: Option<Cents>,
    pub weighed: Option<Weighed>,
}

/// What a weighing reads of the client, as one JSON text.
#[derive(Clone, Debug, PartialEq)]
pub struct Weighed(pub weigh::Seeker);

impl Weighed {
    /// Reads a column.
    ///
    /// # Errors
    /// If it is no such JSON.
    pub(crate) fn read(text: &str) -> Result<Self, sqlx::Error> {
        serde_json::from_str(text).map(Self).map_err(|error| sqlx::Error::Decode(error.into()))
    }
}

impl Serialize for Weighed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&serde_json::to_string(&self.0).map_err(serde::ser::Error::custom)?)
    }
}

impl SeekerRow {
    fn of(source: &Source<'_>, listed: ListedSeeker) -> Option<Self> {
        let partners = source.history.state().partners.as_ref()?;
        let Seeker { phase, certainty, day, corporation, offer, offers_used, stuck, needs } = listed.seeker;
        let needs = needs.as_ref();
        Some(Self {
            trajectory_id: source.trajectory,
            audience: listed.audience,
            version: DerivedFrom(source.history.version()),
            region: partners.region.clone(),
            organisation: listed.organisation,
            phase,
            care_provider: partners.care_provider.clone(),
            municipality: partners.municipality.clone(),
            corporation,
            rank: Certainty::rank(certainty),
            day,
            certainty,
            offer_id: offer.as_ref().map(|offer| offer.id),
            respond_by: offer.as_ref().and_then(|offer| offer.respond_by),
            offer_accepted: offer.map(|offer| offer.accepted),
            offers_used,
            bottleneck: stuck.map(|stuck| stuck.on),
            stuck_since: stuck.map(|stuck| stuck.since),
            profile: needs.map(|needs| needs.profile),
            household: needs.map(|needs| needs.household),
            origin: needs.map(|needs| needs.origin.clone()),
            access: needs.map(|needs| needs.access),
            quiet: needs.map(|needs| needs.quiet),
            pets: needs.map(|needs| needs.pets),
            rent_limit_cents: needs.map(|needs| needs.rent_limit),
            weighed: listed.weighed.map(Weighed),
        })
    }

    /// The seeker as its audience sees it.
    #[must_use]
    pub fn seeker(&self) -> Seeker {
        let offer = self.offer_id.zip(self.offer_accepted);
        let stuck = self.bottleneck.zip(self.stuck_since);
        Seeker {
            phase: self.phase,
            certainty: self.certainty,
            day: self.day,
            corporation: self.corporation.clone(),
            offer: offer.map(|(id, accepted)| OpenOffer { id, respond_by: self.respond_by, accepted }),
            offers_used: self.offers_used,
            stuck: stuck.map(|(on, since)| Stuck { on, since }),
            needs: self.needs(),
        }
    }

    fn needs(&self) -> Option<Needs> {
        Some(Needs {
            profile: self.profile?,
            household: self.household?,
            origin: self.origin.clone()?,
            access: self.access?,
            quiet: self.quiet?,
            pets: self.pets?,
            rent_limit: self.rent_limit_cents?,
        })
    }
}

impl ReadModel for SeekerRow {
    const TABLE: &'static str = "seekers";
    const KEY: &'static [&'static str] = &["trajectory_id", "audience"];
    const COLUMNS: &'static [&'static str] = &[
        "trajectory_id",
        "audience",
        "version",
        "region",
        "organisation",
        "phase",
        "care_provider",
        "municipality",
        "corporation",
        "rank",
        "day",
        "certainty",
        "offer_id",
        "respond_by",
        "offer_accepted",
        "offers_used",
        "bottleneck",
        "stuck_since",
        "profile",
        "household",
        "origin",
        "access",
        "quiet",
        "pets",
        "rent_limit_cents",
        "weighed",
    ];

    type Key<'row> = (TrajectoryId, Role);

    fn derive(source: &Source<'_>) -> Vec<Self> {
        let listed = listed_seekers(source.trajectory, source.history, source.sets);
        listed.into_iter().filter_map(|seeker| Self::of(source, seeker)).collect()
    }

    fn read(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            trajectory_id: TrajectoryId(row.try_get(0)?),
            audience: word(row.try_get(1)?)?,
            version: DerivedFrom::read(row.try_get(2)?),
            region: word(row.try_get(3)?)?,
            organisation: optional(row, 4)?,
            phase: word(row.try_get(5)?)?,
            care_provider: word(row.try_get(6)?)?,
            municipality: word(row.try_get(7)?)?,
            corporation: optional(row, 8)?,
            rank: small(row.try_get(9)?),
            day: day(row.try_get(10)?)?,
            certainty: optional(row, 11)?,
            offer_id: row.try_get::<Option<_>, _>(12)?.map(OfferId),
            respond_by: row.try_get::<Option<_>, _>(13)?.map(day).transpose()?,
            offer_accepted: row.try_get(14)?,
            offers_used: small(row.try_get(15)?),
            bottleneck: optional(row, 16)?,
            stuck_since: row.try_get::<Option<_>, _>(17)?.map(day).transpose()?,
            profile: optional(row, 18)?,
            household: optional(row, 19)?,
            origin: optional(row, 20)?,
            access: optional(row, 21)?,
            quiet: row.try_get(22)?,
            pets: row.try_get(23)?,
            rent_limit_cents: row.try_get::<Option<i64>, _>(24)?.map(cents).transpose()?,
            weighed: row.try_get::<Option<&str>, _>(25)?.map(Weighed::read).transpose()?,
        })
    }

    fn key(&self) -> Self::Key<'_> {
        (self.trajectory_id, self.audience)
    }

    fn version(&self) -> DerivedFrom {
        self.version
    }

    fn label(&self) -> String {
        format!("the seeker as the {} sees it", self.audience.as_str())
    }
}

/// A column that holds one of our own words, or nothing.
fn optional<T: DeserializeOwned>(row: &PgRow, at: usize) -> Result<Option<T>, sqlx::Error> {
    row.try_get::<Option<&str>, _>(at)?.map(word).transpose()
}

fn cents(number: i64) -> Result<Cents, sqlx::Error> {
    Cents::try_from(number).map_err(|error| sqlx::Error::Decode(error.into()))
}
