//! The hand-written stories: one file each in `demo/`, one fact a line.

use uuid::Uuid;

/// The ids of the stories, without their last digits: those are the number of the story in decimal.
const IDS: u128 = 0x0190_0000_0000_7000_8000_0000_0000_0000;

/// A history of one of the situations that the sources describe.
#[derive(Clone, Copy, Debug)]
pub struct Story {
    /// The id of its trajectory in every ledger.
    pub id: Uuid,
    /// The name of its file without the extension: its number first.
    pub name: &'static str,
    /// What happens in it, in Dutch.
    pub dutch: &'static str,
    /// What happens in it, in English.
    pub english: &'static str,
    /// Its facts, one canonical JSON a line.
    pub facts: &'static str,
}

impl Story {
    /// The first name of its client, which its file is named after.
    #[must_use]
    pub fn client(&self) -> String {
        let mut letters = self.name.split('-').nth(1).unwrap_or_default().chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    }
}

macro_rules! stories {
    ($($number:literal $name:literal $dutch:literal $english:literal,)*) => {
        /// Every story, by number.
        pub const STORIES: &[Story] = &[$(Story {
            id: Uuid::from_u128(IDS + $number),
            name: $name,
            dutch: $dutch,
            english: $english,
            facts: include_str!(concat!("../../../demo/", $name, ".ndjson")),
        },)*];
    };
}

stories! {
    0x01 "01-rachel-after-eight-years-in-a-group-home"
        "na acht jaar in een groepswoning een eigen huis" "after eight years in a group home",
    0x02 "02-laura-the-rent-that-jumps-at-the-flip"
        "de huur die omhoog springt bij de omklap" "the rent that jumps at the flip",
    0x03 "03-youssef-one-year-with-the-provider-three-years-after"
        "een jaar bij de zorgaanbieder, drie jaar daarna" "one year with the provider, three years after",
    0x04 "04-sjef-three-signatures-an-advanced-rent-and-the-guarantee-fund"
        "drie handtekeningen, een voorgeschoten huur en het garantiefonds" "three signatures, an advanced rent and the guarantee fund",
    0x05 "05-dewi-nuisance-answered-in-two-working-days"
        "overlast, binnen twee werkdagen beantwoord" "nuisance answered in two working days",
    0x06 "06-harm-returns-after-a-light-wmo-test"
        "terug na een lichte Wmo-toets" "returns after a light Wmo test",
    0x07 "07-chantal-an-eviction-prevented"
        "een ontruiming die voorkomen werd" "an eviction prevented",
    0x08 "08-mila-a-refused-offer-and-a-second-one"
        "een geweigerd aanbod en een tweede" "a refused offer and a second one",
    0x09 "09-bram-a-flip-postponed-twice"
        "een omklap die twee keer werd uitgesteld" "a flip postponed twice",
    0x10 "10-gerrit-dies-during-the-follow-up"
        "overlijdt tijdens de nazorg" "dies during the follow-up",
    0x11 "11-fatima-a-wrong-date-and-a-report-that-never-was"
        "een verkeerde datum en een melding die er nooit was" "a wrong date and a report that never was",
    0x12 "12-piet-a-provider-goes-bankrupt"
        "een zorgaanbieder die failliet gaat" "a provider goes bankrupt",
    0x13 "13-anneke-a-running-case-taken-over"
        "een lopend traject dat werd overgenomen" "a running case taken over",
    0x14 "14-joost-a-home-was-there-but-he-was-not-ready"
        "er was een huis, maar hij was nog niet zover" "a home was there but he was not ready",
    0x15 "15-nadia-a-temporary-lease-and-another-home"
        "een tijdelijk contract en een ander huis" "a temporary lease and another home",
    0x16 "16-ronnie-a-fire-and-the-end-of-the-lease"
        "een brand en het einde van de huur" "a fire and the end of the lease",
    0x25 "25-samira-a-lease-of-her-own-from-the-first-day"
        "een eigen contract vanaf de eerste dag" "a lease of her own from the first day",
    0x26 "26-els-a-renovation-a-temporary-home-and-the-rent"
        "een renovatie, een tijdelijk huis en de huur" "a renovation, a temporary home and the rent",
    0x27 "27-kees-another-provider-in-the-middle-of-the-lease"
        "een andere zorgaanbieder midden in het contract" "another provider in the middle of the lease",
    0x31 "31-milan-a-home-at-risk-in-den-haag"
        "een huis dat verloren dreigt te gaan, in Den Haag" "a home at risk in Den Haag",
    0x32 "32-theo-one-of-twelve-in-hoogezand-and-their-caretaker"
        "een van twaalf in Hoogezand, en hun huismeester" "one of twelve in Hoogezand and their caretaker",
    0x33 "33-ibrahim-moves-in-together-with-two-others"
        "gaat in Neder-Betuwe met twee anderen samenwonen" "moves in together with two others, in Neder-Betuwe",
    0x34 "34-bo-one-of-three-in-one-house"
        "een van drie in één huis in Neder-Betuwe" "one of three in one house in Neder-Betuwe",
    0x35 "35-joris-one-of-three-and-the-room-upstairs"
        "een van drie, en de kamer boven" "one of three, and the room upstairs",
    0x41 "41-karim-finds-a-home-by-the-regular-way"
        "vindt zelf een huis" "finds a home himself",
    0x42 "42-karim-registered-twice"
        "dubbel geregistreerd" "registered twice",
    0x43 "43-inge-gives-notice-after-the-flip"
        "zegt na de omklap zelf de huur op" "gives notice after the flip",
    0x44 "44-cor-the-landlord-reports-a-death"
        "de verhuurder meldt een overlijden" "the landlord reports a death",
    0x51 "51-rosa-back-to-her-place-of-origin-in-another-region"
        "terug naar haar plaats van herkomst in een andere regio" "back to her place of origin in another region",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_a_story_ends_in_the_number_that_its_name_begins_with() {
        for story in STORIES {
            assert_eq!(story.id.to_string()[34..], story.name[..2], "{}", story.name);
        }
    }
}
