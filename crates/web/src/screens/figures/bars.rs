//! A figure as bars, one a year: the part, the others, the unknown. What is not shown is hatched as a
//! whole. Each bar has its numbers in words beside it.

use maud::{Markup, html};

use super::body::{Share, Year, not_shown};
use crate::language::Language;

/// The pattern of what is unknown or not shown. Every bar of the page refers to it.
pub fn hatch() -> Markup {
    html! {
        svg.defs width="0" height="0" aria-hidden="true" {
            defs {
                pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse" {
                    rect width="8" height="8" fill="#fff" {}
                    path d="M0 8L8 0" stroke="#4d5661" stroke-width="2" {}
                }
            }
        }
    }
}

/// One figure over the years, the latest on top.
pub fn figure(at: usize, years: &[Year], language: Language) -> Markup {
    let shares = years.iter().filter_map(|year| Some((year.year, year.figures.shares.get(at)?)));
    let title = years.first().and_then(|year| year.figures.shares.get(at)).map(|share| share.title.as_str());
    html! {
        section.box {
            h3 { (title.unwrap_or_default()) }
            ul.bars {
                @for (year, share) in shares {
                    li { b { (year) } (bar(share)) span { (in_words(share, language)) } }
                }
            }
        }
    }
}

/// "n of m", and the unknown apart.
pub fn in_words(share: &Share, language: Language) -> String {
    let of = language.of_two("van", "of");
    let unknown = language.of_two("onbekend", "unknown");
    match (share.counted, share.of, share.unknown) {
        (_, Some(0), _) => language.of_two("niemand", "nobody").to_owned(),
        (Some(counted), Some(whole), Some(0)) => format!("{counted} {of} {whole}"),
        (Some(counted), Some(whole), Some(rest)) => format!("{counted} {of} {whole}, {rest} {unknown}"),
        (counted, Some(whole), _) => {
            let counted =
                counted.map_or_else(|| not_shown(language).to_owned(), |counted| counted.to_string());
            format!("{counted} {of} {whole}")
        }
        (_, None, _) => not_shown(language).to_owned(),
    }
}

fn bar(share: &Share) -> Markup {
    html! {
        svg aria-hidden="true" {
            @match (share.counted, share.of, share.unknown) {
                (_, Some(0), _) => {}
                (Some(counted), Some(whole), Some(unknown)) => {
                    rect.rest width="100%" height="24" {}
                    rect.part width={ (percent(counted, whole)) "%" } height="24" {}
                    rect fill="url(#hatch)" x={ (100 - percent(unknown, whole)) "%" } width={ (percent(unknown, whole)) "%" } height="24" {}
                }
                _ => { rect fill="url(#hatch)" width="100%" height="24" {} }
            }
            rect.frame width="100%" height="24" {}
        }
    }
}

/// A part of a whole, rounded down; never more than the whole bar.
fn percent(part: u32, whole: u32) -> u64 {
    (u64::from(part) * 100 / u64::from(whole.max(1))).min(100)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn share(counted: Option<u32>, of: Option<u32>, unknown: Option<u32>) -> Share {
        Share { title: String::new(), counted, of, unknown, others: BTreeMap::new(), deceased: Some(0) }
    }

    #[test]
    fn a_share_is_a_part_of_a_whole_with_the_unknown_apart() {
        let words = |share: Share| in_words(&share, Language::Dutch);
        assert_eq!(words(share(Some(7), Some(9), Some(0))), "7 van 9");
        assert_eq!(words(share(Some(7), Some(9), Some(1))), "7 van 9, 1 onbekend");
        assert_eq!(words(share(Some(0), Some(0), Some(0))), "niemand");
    }

    #[test]
    fn a_hidden_count_is_not_shown_and_never_zero_or_less_than_something() {
        let words = |share: Share| in_words(&share, Language::Dutch);
        assert_eq!(words(share(None, Some(9), None)), "niet verteld van 9");
        assert_eq!(words(share(None, None, None)), "niet verteld");
        for hidden in [share(None, Some(9), None), share(None, None, None)] {
            let drawn = bar(&hidden).into_string();
            assert!(drawn.contains("url(#hatch)") && !drawn.contains("class=\"part\""), "{drawn}");
        }
    }

    #[test]
    fn a_bar_never_leaves_its_frame() {
        assert_eq!(percent(3, 4), 75);
        assert_eq!(percent(9, 4), 100);
        assert_eq!(percent(9, 0), 100);
    }
}
