//! The table in docs/FIGURES.md: the published figures, and beside them those of the simulated
//! region of the demo.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use omklap_demo::{history, simulated_until};
use omklap_domain::agreements::{AgreementSets, assess};
use omklap_domain::day::Day;
use omklap_domain::figures::{Contribution, Figures, Period, Share};
use omklap_domain::trajectory::History;
use omklap_domain::trajectory::fact::Outcome;

/// The number of simulated trajectories, the seed, and the year that is counted.
const TRAJECTORIES: u64 = 3_000;
const SEED: u64 = 7;
const YEAR: i16 = 2025;

/// A region, its published figures, and their source.
const PUBLISHED: [(&str, &str, &str); 7] = [
    (
        "amsterdam",
        "1,850 homes planned and 1,823 delivered in 2017, 29.3 % of all lettings, and 355 in temporary buildings; 80 % offered within three months in 2017 and 2018",
        "S0, S1; other public material",
    ),
    ("groningen", "600 people a year", "S2"),
    ("eindhoven", "97 % success, of what is not said; followed for three years", "S2"),
    ("noord-limburg", "75 registered", "S4"),
    ("haarlem", "from 62 to 100 homes a year", "S2"),
    ("hoeksche-waard", "10 to 20 a year", "S2"),
    ("rivierenland", "four homes for each municipality", "S2"),
];

const BEGIN: &str = "<!-- figures of the demo: written by crates/demo/tests/figures.rs -->\n";
const END: &str = "<!-- end of the figures -->";

#[test]
#[expect(clippy::disallowed_methods, reason = "the environment says whether to rewrite the page")]
fn the_page_of_figures_shows_those_of_the_demo_beside_the_published_ones() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/FIGURES.md");
    let page = fs::read_to_string(&file).expect("there is a page");
    let (before, rest) = page.split_once(BEGIN).expect("the table begins");
    let (there, after) = rest.split_once(END).expect("the table ends");
    let table = table();
    if std::env::var("OMKLAP_BLESS").is_ok() {
        fs::write(&file, [before, BEGIN, &table, END, after].concat()).expect("it can be written");
    } else {
        assert_eq!(there, table, "if the new figures are right, run the tests with OMKLAP_BLESS=1");
    }
}

fn table() -> String {
    let regions = contributions();
    let period = Period::new(day(1, 1), day(12, 31), simulated_until()).expect("in order");
    let mut table = format!(
        "\n| Region | Published | Source | Demo, **generated**: {TRAJECTORIES} invented trajectories, counted over {YEAR} |\n|---|---|---|---|\n"
    );
    for (region, published, source) in PUBLISHED {
        let here = regions.get(region).map(Vec::as_slice).unwrap_or_default();
        let generated = published_like(&Figures::over(here, period), here.len());
        table += &["| ", region, " | ", published, " | ", source, " | ", &generated, " |\n"].concat();
    }
    table + "\n"
}

/// What each simulated trajectory adds to the figures of its region.
fn contributions() -> BTreeMap<String, Vec<Contribution>> {
    let sets = AgreementSets::shipped();
    let mut regions: BTreeMap<String, Vec<Contribution>> = BTreeMap::new();
    for number in 0..TRAJECTORIES {
        let history = History::from(history(SEED, number, &sets));
        let contribution = Contribution::of(&history, &assess(&history, &sets), simulated_until(), &sets);
        // A case that was registered by mistake is in no figure.
        let Some(contribution) = contribution else {
            assert_eq!(history.state().outcome, Some(Outcome::RegisteredByMistake));
            continue;
        };
        regions.entry(contribution.region.to_string()).or_default().push(contribution);
    }
    regions
}

fn published_like(figures: &Figures, trajectories: usize) -> String {
    let [one, two, three] = &figures.retention;
    format!(
        "{trajectories} trajectories; {} homes offered, {} let; {} within three months; {} flipped; after one, two and three years {}, {} and {} retained; of those housed {} ended well",
        figures.homes.offered,
        figures.homes.r#let,
        share(&figures.home_in_time),
        share(&figures.flip_rate),
        share(one),
        share(two),
        share(three),
        share(&figures.end_to_end),
    )
}

/// The part and the whole, and how many of the whole are unknown, or not known yet.
fn share(share: &Share) -> String {
    let known = format!("{} of {}", share.counted, share.of());
    if share.unknown == 0 { known } else { format!("{known} ({} unknown)", share.unknown) }
}

fn day(month: i8, day: i8) -> Day {
    Day::new(YEAR, month, day).expect("a date")
}
