//! The figures of a region, on the wire.

use std::collections::BTreeMap;

use omklap_domain::agreements::AgreementSet;
use omklap_domain::day::Day;
use omklap_domain::figures::{
    Figures, Period, PublishedCount, PublishedShare, PublishedSpread, UNKNOWN, Waiting,
};
use omklap_domain::follow_up::YEARS;
use omklap_domain::ids::{ComplexId, MunicipalityCode, RegionId};
use omklap_domain::nuisance::Level;
use omklap_domain::trajectory::fact::AgreementSetVersion;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::request::language::Language;

/// The figures of a region over a period. A count is null if it would reveal something about single
/// people.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Figures)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct FiguresBody {
    /// The region.
    region: RegionId,
    /// The agreement set of the region, whose threshold and target apply.
    agreement_set: AgreementSetVersion,
    /// The first day that counts.
    #[schema(value_type = String, format = Date)]
    from: Day,
    /// The last day that counts.
    #[schema(value_type = String, format = Date)]
    to: Day,
    /// The day the figures apply to.
    #[schema(value_type = String, format = Date)]
    on: Day,
    /// Counts above zero and below this are not shown.
    suppressed_below: u32,
    /// The four figures and their parts.
    figures: Vec<FigureBody>,
    /// From readiness to the first offer; absent if too few were counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    days_to_offer: Option<WaitingBody>,
    /// From readiness to the keys; absent if too few were counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    days_to_keys: Option<WaitingBody>,
    /// Homes offered and let.
    homes: HomesBody,
    /// Clients who moved from or to another region.
    moves: MovesBody,
    /// Where the offered homes are.
    spread: SpreadBody,
    /// How each agreement was kept.
    agreements: Vec<AgreementBody>,
    /// The nuisance cases that are open, by level.
    nuisance: Vec<NuisanceBody>,
}

/// One of the four figures: some of a whole, and what became of the rest.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Figure)]
#[serde(rename_all = "camelCase")]
struct FigureBody {
    /// Which.
    #[schema(example = "flip-rate")]
    figure: &'static str,
    /// What it counts, in the caller's language.
    title: &'static str,
    /// The numerator.
    counted: Option<u32>,
    /// The denominator: counted, the others and the unknown.
    of: Option<u32>,
    /// The unknown cases, including those that cannot be known yet.
    unknown: Option<u32>,
    /// The others, by what became of them.
    others: BTreeMap<&'static str, Option<u32>>,
    /// Clients who died. They are not part of the whole, so no figure counts that as a failure.
    deceased: Option<u32>,
    /// The address of the list of trajectories behind it, for callers who may see them.
    #[schema(example = "/v1/regions/amsterdam/figures/flip-rate/cases")]
    cases: String,
}

/// How many days something took: nearest ranks.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DaysTaken)]
#[serde(rename_all = "camelCase")]
struct WaitingBody {
    /// Half took no longer.
    median: u32,
    /// Of five, four took no longer.
    percentile80: u32,
    /// Of twenty, nineteen took no longer.
    percentile95: u32,
}

/// Homes offered and let.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HomesOfferedAndLet)]
#[serde(rename_all = "camelCase")]
struct HomesBody {
    /// Offered.
    offered: Option<u32>,
    /// Handed over.
    r#let: Option<u32>,
    /// Found by clients themselves, by the regular way, before they lived in one of the partners.
    own_homes: Option<u32>,
    /// At risk when the client came, and kept.
    kept_homes: Option<u32>,
    /// How many homes the region plans to offer in a year, regardless of the period; absent if it
    /// has no plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    target_a_year: Option<u32>,
}

/// Clients who moved from or to another region: moves, not ends.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MovesBetweenRegions)]
#[serde(rename_all = "camelCase")]
struct MovesBody {
    /// From another region.
    moved_in: Option<u32>,
    /// To another region.
    moved_out: Option<u32>,
}

/// The places of the offered homes. A place with too few of them is not named.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HomesSpread)]
#[serde(rename_all = "camelCase")]
struct SpreadBody {
    /// By municipality, by the code of Statistics Netherlands.
    municipalities: BTreeMap<String, u32>,
    /// In all other municipalities together.
    other_municipalities: Option<u32>,
    /// By complex; those of no known complex under `unknown`.
    complexes: BTreeMap<String, u32>,
    /// In all other complexes together.
    other_complexes: Option<u32>,
}

/// How one agreement was kept.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgreementCounts)]
#[serde(rename_all = "camelCase")]
struct AgreementBody {
    /// Its number.
    number: u8,
    /// Its title, in the caller's language.
    title: String,
    /// In time.
    kept: Option<u32>,
    /// Too late; counted in the period in which it became late.
    late: Option<u32>,
    /// Overdue and not kept; counted in the period in which it became late.
    overdue: Option<u32>,
    /// Set aside by agreement; if it was late by then, counted in the period in which it became
    /// late.
    set_aside: Option<u32>,
    /// Still to be kept.
    due: Option<u32>,
}

/// The open nuisance cases of one level.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NuisanceAtLevelCount)]
struct NuisanceBody {
    /// The level.
    level: Level,
    /// How many cases.
    open: Option<u32>,
}

/// Each figure's name and titles, in Dutch and English.
pub(super) const FIGURES: [(&str, &str, &str); 6] = [
    (
        "flip-rate",
        "Omgeklapt, van de intermediaire contracten die eindigden of oud genoeg werden",
        "Flipped, of the intermediary leases that ended or became old enough",
    ),
    ("retention-1", "Eén jaar na de omklap nog in de eigen woning", "Retained one year after the flip"),
    ("retention-2", "Twee jaar na de omklap nog in de eigen woning", "Retained two years after the flip"),
    ("retention-3", "Drie jaar na de omklap nog in de eigen woning", "Retained three years after the flip"),
    (
        "end-to-end",
        "Nazorg goed geëindigd, van wie een woning kreeg",
        "Follow-up ended well, of those housed",
    ),
    ("home-in-time", "Op tijd een woning", "A home in time"),
];

impl FiguresBody {
    pub(super) fn of(
        region: RegionId,
        set: &AgreementSet,
        counted: &Figures,
        period: Period,
        language: Language,
    ) -> Self {
        let threshold = set.figures.suppress_below;
        let shown = counted.published(threshold);
        let homes = HomesBody {
            offered: shown.offered.count(),
            r#let: shown.r#let.count(),
            own_homes: shown.own_homes.count(),
            kept_homes: shown.kept_homes.count(),
            target_a_year: set.figures.homes_a_year.get(&region).copied(),
        };
        let nuisance = shown.nuisance.iter();
        Self {
            agreement_set: AgreementSetVersion { id: set.id.clone(), version: set.version },
            from: period.from(),
            to: period.to(),
            on: period.reported_on(),
            suppressed_below: threshold,
            days_to_offer: shown.to_offer.map(WaitingBody::from),
            days_to_keys: shown.to_keys.map(WaitingBody::from),
            homes,
            moves: MovesBody { moved_in: shown.moved_in.count(), moved_out: shown.moved_out.count() },
            spread: SpreadBody::of(shown.municipalities, shown.complexes),
            agreements: agreements(&shown.agreements, set, language),
            nuisance: nuisance
                .map(|(level, open)| NuisanceBody { level: *level, open: open.count() })
                .collect(),
            figures: figures(
                [
                    &shown.flip_rate,
                    &shown.retention[0],
                    &shown.retention[1],
                    &shown.retention[2],
                    &shown.end_to_end,
                    &shown.home_in_time,
                ],
                &region,
                language,
            ),
            region,
        }
    }

    /// Adds the query of this request to the links to the cases.
    pub(super) fn leading_to_cases(mut self, query: &str) -> Self {
        self.figures.iter_mut().for_each(|figure| figure.cases = format!("{}?{query}", figure.cases));
        self
    }
}

fn figures(
    shown: [&PublishedShare; 3 + YEARS.len()],
    region: &RegionId,
    language: Language,
) -> Vec<FigureBody> {
    let body =
        |((figure, dutch, english), shown): ((&'static str, &'static str, &'static str), &PublishedShare)| {
            FigureBody {
                figure,
                title: language.of_two(english, dutch),
                counted: shown.counted.count(),
                of: shown.of.count(),
                unknown: shown.unknown.count(),
                others: shown.others.iter().map(|(what, count)| (*what, count.count())).collect(),
                deceased: shown.deceased.count(),
                cases: format!("/v1/regions/{region}/figures/{figure}/cases"),
            }
        };
    FIGURES.into_iter().zip(shown).map(body).collect()
}

fn agreements(
    shown: &BTreeMap<u8, [PublishedCount; 5]>,
    set: &AgreementSet,
    language: Language,
) -> Vec<AgreementBody> {
    let title = |number| {
        let agreement = set.agreements.iter().find(|agreement| agreement.number == number);
        agreement.map(|agreement| language.of_two(&agreement.title.en, &agreement.title.nl).clone())
    };
    let body = |(number, [kept, late, overdue, set_aside, due]): (&u8, &[PublishedCount; 5])| AgreementBody {
        number: *number,
        title: title(*number).unwrap_or_default(),
        kept: kept.count(),
        late: late.count(),
        overdue: overdue.count(),
        set_aside: set_aside.count(),
        due: due.count(),
    };
    shown.iter().map(body).collect()
}

impl From<Waiting> for WaitingBody {
    fn from(waiting: Waiting) -> Self {
        Self {
            median: waiting.median,
            percentile80: waiting.percentile_80,
            percentile95: waiting.percentile_95,
        }
    }
}

impl SpreadBody {
    fn of(
        municipalities: PublishedSpread<MunicipalityCode>,
        complexes: PublishedSpread<Option<ComplexId>>,
    ) -> Self {
        let complex = |id: Option<ComplexId>| id.map_or_else(|| UNKNOWN.to_owned(), |id| id.to_string());
        Self {
            other_municipalities: municipalities.others.count(),
            municipalities: municipalities
                .shown
                .into_iter()
                .map(|(code, shown)| (code.to_string(), shown))
                .collect(),
            other_complexes: complexes.others.count(),
            complexes: complexes.shown.into_iter().fold(BTreeMap::new(), |mut named, (id, shown)| {
                *named.entry(complex(id)).or_default() += shown;
                named
            }),
        }
    }
}
