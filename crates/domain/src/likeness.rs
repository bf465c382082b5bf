//! What somebody probably meant who wrote a name that there is not.

/// The name that is written most like this one, unless none is much like it.
pub fn most_like<'n>(name: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let by_distance = names.into_iter().map(|known| (strsim::levenshtein(name, known), known));
    let (distance, like) = by_distance.min()?;
    (distance <= 1 + name.len() / 4).then_some(like)
}
