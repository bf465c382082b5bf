//! The told stories: one file each in `demo/`, one fact a line.

/// A complete history in one of the situations of the sources.
#[derive(Clone, Copy, Debug)]
pub struct Story {
    /// What it is called, as its file.
    pub name: &'static str,
    /// Its facts, one canonical JSON a line.
    pub facts: &'static str,
}

macro_rules! stories {
    ($($name:literal,)*) => {
        /// Every told story, in the order of its number.
        pub const STORIES: &[Story] = &[$(Story {
            name: $name,
            facts: include_str!(concat!("../../../../demo/", $name, ".ndjson")),
        },)*];
    };
}

stories! {
    "01-rachel-after-eight-years-in-a-group-home",
    "02-laura-the-rent-that-jumps-at-the-flip",
    "03-youssef-one-year-with-the-provider-three-years-after",
    "04-sjef-three-signatures-an-advanced-rent-and-the-guarantee-fund",
    "05-dewi-nuisance-answered-in-two-working-days",
    "06-harm-returns-after-a-light-wmo-test",
    "07-chantal-an-eviction-prevented",
    "08-mila-a-refused-offer-and-a-second-one",
    "09-bram-a-flip-postponed-twice",
    "10-gerrit-dies-during-the-follow-up",
    "11-fatima-a-wrong-date-and-a-report-that-never-was",
    "12-piet-a-provider-goes-bankrupt",
    "13-anneke-a-running-case-taken-over",
    "14-joost-a-home-was-there-but-he-was-not-ready",
    "15-nadia-a-temporary-lease-and-another-home",
    "16-ronnie-a-fire-and-the-end-of-the-lease",
}
