//! Figures as CSV (RFC 4180): a row for each number. The rows are made of the JSON of the same
//! figures, so that what that leaves out is left out here.

use serde::Serialize;
use serde_json::Value;

use super::body::FiguresBody;

/// The names of the columns.
pub(super) const HEADER: [&str; 8] =
    ["region", "agreementSet", "from", "to", "on", "figure", "measure", "value"];

/// The media type: the first line has the names of the columns.
pub(super) const CSV: &str = "text/csv; charset=utf-8; header=present";

/// What a program for tables takes for a formula if a cell begins with it.
const BEGINS_A_FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The figures as rows under [`HEADER`].
pub(super) fn written(figures: &[FiguresBody]) -> String {
    let mut written = line(HEADER);
    for of_a_period in figures {
        let body = json(of_a_period);
        let text = |name: &str| cell(&body[name]);
        let set = &body["agreementSet"];
        let set = format!("{}@{}", cell(&set["id"]), cell(&set["version"]));
        let before = [text("region"), set, text("from"), text("to"), text("on")];
        for (figure, measure, value) in numbers(&body) {
            let row = before.iter().cloned().chain([harmless(figure), harmless(measure), value]);
            written += &line(row);
        }
    }
    written
}

/// One line, ended as the RFC has it. A cell with a comma, a quote or the end of a line is quoted.
fn line<T: AsRef<str>>(cells: impl IntoIterator<Item = T>) -> String {
    let quoted = |cell: T| {
        let cell = cell.as_ref();
        if cell.contains(['"', ',', '\r', '\n']) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.to_owned()
        }
    };
    cells.into_iter().map(quoted).collect::<Vec<_>>().join(",") + "\r\n"
}

fn json(figures: &impl Serialize) -> Value {
    serde_json::to_value(figures).expect("figures are texts and numbers")
}

/// Every number of the figures of a period: of what, which, and its value; empty if it is withheld.
fn numbers(body: &Value) -> Vec<(String, String, String)> {
    let mut rows = Vec::new();
    let mut add = |figure: &str, value: &Value| leaves(figure, "", value, &mut rows);
    for figure in body["figures"].as_array().into_iter().flatten() {
        add(&cell(&figure["figure"]), &without(figure, &["figure", "title", "cases"]));
    }
    for (figure, name) in [
        ("days-to-offer", "daysToOffer"),
        ("days-to-keys", "daysToKeys"),
        ("homes", "homes"),
        ("moves", "moves"),
        ("spread", "spread"),
    ] {
        add(figure, &body[name]);
    }
    for agreement in body["agreements"].as_array().into_iter().flatten() {
        add(&format!("agreement-{}", cell(&agreement["number"])), &without(agreement, &["number", "title"]));
    }
    for level in body["nuisance"].as_array().into_iter().flatten() {
        add(&format!("nuisance-level-{}", cell(&level["level"])), &without(level, &["level"]));
    }
    rows
}

/// The numbers inside a value, each with its path. A field that the figures do not have at all has no
/// row; one that is null is withheld.
fn leaves(figure: &str, path: &str, value: &Value, rows: &mut Vec<(String, String, String)>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                leaves(figure, &path, value, rows);
            }
        }
        Value::Null if path.is_empty() => {}
        value => rows.push((figure.to_owned(), path.to_owned(), cell(value))),
    }
}

fn without(object: &Value, names: &[&str]) -> Value {
    let fields = object.as_object().into_iter().flatten();
    let kept = fields.filter(|(name, _)| !names.contains(&name.as_str()));
    Value::Object(kept.map(|(name, value)| (name.clone(), value.clone())).collect())
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => harmless(text.clone()),
        other => other.to_string(),
    }
}

/// A text that no program for tables takes for a formula.
fn harmless(text: String) -> String {
    if text.starts_with(BEGINS_A_FORMULA) { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_number_has_a_row_and_a_withheld_one_is_empty() {
        let body = json!({
            "figures": [{"figure": "flip-rate", "title": "x", "counted": 12, "of": null, "others": {"moved": 0}, "cases": "/y"}],
            "homes": {"offered": 7},
            "spread": {"municipalities": {"GM0363": 6}, "otherMunicipalities": null},
            "agreements": [{"number": 3, "title": "z", "kept": 9}],
            "nuisance": [{"level": 2, "open": null}],
        });
        let row = |figure: &str, measure: &str, value: &str| {
            (figure.to_owned(), measure.to_owned(), value.to_owned())
        };
        let mut rows = numbers(&body);
        rows.sort();
        let mut expected = [
            row("flip-rate", "counted", "12"),
            row("flip-rate", "of", ""),
            row("flip-rate", "others.moved", "0"),
            row("homes", "offered", "7"),
            row("spread", "municipalities.GM0363", "6"),
            row("spread", "otherMunicipalities", ""),
            row("agreement-3", "kept", "9"),
            row("nuisance-level-2", "open", ""),
        ];
        expected.sort();
        assert_eq!(rows, expected);
    }

    #[test]
    fn a_cell_is_quoted_if_it_would_break_its_row() {
        assert_eq!(line(["a", "b c", ""]), "a,b c,\r\n");
        assert_eq!(
            line(["a,b", "say \"so\"", "two\r\nlines"]),
            "\"a,b\",\"say \"\"so\"\"\",\"two\r\nlines\"\r\n"
        );
    }

    #[test]
    fn no_cell_is_a_formula() {
        for begins in ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1"] {
            assert!(harmless(begins.to_owned()).starts_with('\''), "{begins}");
        }
        assert_eq!(harmless("GM0363".to_owned()), "GM0363");
    }
}
