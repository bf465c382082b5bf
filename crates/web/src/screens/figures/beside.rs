//! A table whose rows are drawn as well: the numbers of a row as bars under each other, all rows on one
//! scale. The bars are silent, since the numbers are beside them.

use maud::{Markup, html};

use super::body::{Count, not_shown};
use super::tables::table;
use crate::language::Language;

/// A number of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// It is shown.
    Shown(u32),
    /// It is counted, and not shown.
    Hidden,
    /// There is none, in these words.
    None(&'static str),
}

impl From<Count> for Number {
    fn from(count: Count) -> Self {
        count.map_or(Self::Hidden, Self::Shown)
    }
}

/// What the numbers are of, and the numbers, one for each column.
#[derive(Clone, Debug)]
pub struct Row {
    /// What is counted.
    pub title: String,
    /// How many.
    pub numbers: Vec<Number>,
}

/// The rows with their numbers, drawn. The first head is of the titles.
pub fn drawn(id: &str, title: &str, heads: &[&str], rows: &[Row], language: Language) -> Markup {
    let numbers = rows.iter().flat_map(|row| &row.numbers);
    let shown =
        numbers.filter_map(|number| if let Number::Shown(shown) = number { Some(*shown) } else { None });
    let most = shown.max().unwrap_or_default().max(1);
    let lines = html! {
        @for Row { title, numbers } in rows {
            tr {
                th scope="row" { (title) (bars(numbers, most)) }
                @for number in numbers {
                    td.n {
                        @match number {
                            Number::Shown(shown) => (shown),
                            Number::Hidden => span.hid { (not_shown(language)) },
                            Number::None(words) => (words),
                        }
                    }
                }
            }
        }
    };
    table(id, title, heads, &lines)
}

/// The numbers as bars: the first light, the last dark, a hidden one hatched as a whole.
fn bars(numbers: &[Number], most: u32) -> Markup {
    let width = |number: u32| u64::from(number) * 100 / u64::from(most);
    if numbers.iter().all(|number| matches!(number, Number::None(_) | Number::Shown(0))) {
        return html! {};
    }
    html! {
        svg.beside aria-hidden="true" height=(numbers.len() * 10) {
            @for (at, number) in numbers.iter().enumerate() {
                @let kind = if at + 1 == numbers.len() { "part" } else { "rest" };
                @match number {
                    Number::Shown(shown) => { rect class=(kind) y=(at * 10) height="8" width={ (width(*shown)) "%" } {} }
                    Number::Hidden => { rect fill="url(#hatch)" y=(at * 10) height="8" width="100%" {} }
                    Number::None(_) => {}
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(numbers: &[Number]) -> Row {
        Row { title: "allen".to_owned(), numbers: numbers.to_vec() }
    }

    #[test]
    fn the_largest_number_of_all_rows_fills_its_row() {
        let rows = [row(&[Number::Shown(4), Number::Shown(8)]), row(&[Number::Shown(2), Number::Shown(0)])];
        let page = drawn("rows", "", &["", "", ""], &rows, Language::Dutch).into_string();
        let widths: Vec<_> =
            page.split("width=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(widths, ["50%", "100%", "25%", "0%"]);
    }

    #[test]
    fn a_hidden_number_is_hatched_as_a_whole_and_one_that_is_absent_is_not_drawn() {
        let hidden = bars(&[Number::Hidden], 9).into_string();
        assert!(hidden.contains("url(#hatch)") && hidden.contains("width=\"100%\""), "{hidden}");
        assert!(!bars(&[Number::None("geen")], 9).into_string().contains("rect"));
    }
}
