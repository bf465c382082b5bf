//! Suggests a known name for a misspelled one.

/// The known name that is most like this one, unless none is similar enough. The cost depends on
/// the known names: a name that is too long to be like any of them is not compared.
pub fn most_like<'n>(name: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let most = |known: &str| 1 + name.len().min(2 * known.len()) / 4;
    let near = names.into_iter().filter(|known| name.len().abs_diff(known.len()) <= 4 * most(known));
    let by_distance = near.map(|known| (strsim::levenshtein(name, known), known));
    let (distance, like) = by_distance.min()?;
    (distance <= 1 + name.len() / 4).then_some(like)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_that_is_most_like_it_is_found() {
        let known = ["rent-missed", "rent-at-flip-disclosed", "signal-reported"];
        assert_eq!(most_like("rent-mised", known), Some("rent-missed"));
        assert_eq!(most_like("moon-landed-on", known), None);
    }

    #[test]
    fn a_name_that_is_far_longer_than_every_known_one_is_not_compared() {
        // Compared character by character, this would take minutes.
        assert_eq!(most_like(&"rent-missed".repeat(10_000_000), ["rent-missed"; 100]), None);
    }
}
