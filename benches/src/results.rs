//! What a benchmark prints: Markdown, or one JSON object a line. Nothing else writes to standard output.

use std::borrow::Borrow;
use std::fmt::Display;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::{Map, Value, json};

static AS_JSON: AtomicBool = AtomicBool::new(false);

/// From now on, prints one JSON object a line.
pub fn print_as_json() {
    AS_JSON.store(true, Ordering::Relaxed);
}

/// Begins a section, whose results follow.
pub fn section(title: &str) {
    table(title, &["", ""]);
}

/// Begins a section that is a table with these columns. Its rows follow.
pub fn table(title: &str, columns: &[&str]) {
    if is_json() {
        return line(&json!({"section": title}));
    }
    line(&format_args!("\n## {title}\n"));
    cells(columns);
    cells(&vec!["---"; columns.len()]);
}

/// Prints a row of a table: in Markdown its cells, in JSON its fields.
pub fn row<Cell: Borrow<str>>(in_markdown: &[Cell], in_json: &Value) {
    if is_json() { line(in_json) } else { cells(in_markdown) }
}

/// Prints what was measured of something.
pub fn result(what: &str, figures: &[Figure]) {
    let texts: Vec<_> = figures.iter().map(|figure| figure.text.as_str()).collect();
    let numbers: Map<_, _> =
        figures.iter().map(|figure| (figure.name.to_owned(), figure.number.clone())).collect();
    row(&[what, &texts.join(", ")], &json!({"what": what, "figures": numbers}));
}

/// Prints something that holds for the whole run and was not measured, such as a version.
pub fn property(what: &str, value: impl Into<Value>) {
    let value = value.into();
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    row(&[what, &text], &json!({"what": what, "value": value}));
}

fn is_json() -> bool {
    AS_JSON.load(Ordering::Relaxed)
}

fn cells<Cell: Borrow<str>>(cells: &[Cell]) {
    line(&format_args!("| {} |", cells.join(" | ")));
}

#[expect(clippy::disallowed_macros, reason = "a benchmark prints its result")]
fn line(text: &dyn Display) {
    println!("{text}");
}

/// A number that was measured.
#[derive(Clone, Debug)]
pub struct Figure {
    /// The field in JSON, which ends in the unit.
    name: &'static str,
    number: Value,
    /// The same in Markdown, with the unit.
    text: String,
}

impl Figure {
    /// How many events were read or written in a second.
    pub fn events_per_second(rate: f64) -> Self {
        Self::new("eventsPerSecond", rate, format!("{} events a second", rounded(rate)))
    }

    /// How many reports were made in a second.
    pub fn reports_per_second(rate: f64) -> Self {
        Self::new("reportsPerSecond", rate, format!("{} reports a second", rounded(rate)))
    }

    /// The CPU time of something for each operation, in microseconds.
    pub fn cpu(name: &'static str, used: Duration, of_what: &str) -> Self {
        let used = 1e6 * used.as_secs_f64();
        Self::new(name, used, format!("{} µs of CPU {of_what}", rounded(used)))
    }

    /// How long something took that was done once.
    pub fn took(took: Duration) -> Self {
        Self::duration("tookMs", took, "")
    }

    /// How long it took in half of the cases at the most.
    pub fn median(took: Duration) -> Self {
        Self::duration("medianMs", took, " median")
    }

    /// How long it took in 99 of 100 cases at the most.
    pub fn p99(took: Duration) -> Self {
        Self::duration("p99Ms", took, " for 99 of 100")
    }

    /// How long the slowest took.
    pub fn slowest(took: Duration) -> Self {
        Self::duration("slowestMs", took, " slowest")
    }

    /// What it costs, compared with what the result names.
    pub fn times_the_cost(ratio: f64) -> Self {
        Self::new("timesTheCost", ratio, format!("{} times the cost", rounded(ratio)))
    }

    /// How fast it is, compared with what the result names.
    pub fn times_the_rate(ratio: f64) -> Self {
        Self::new("timesTheRate", ratio, format!("{} times the rate", rounded(ratio)))
    }

    /// What a part adds to the rest of the whole, in per cent of the rest.
    pub fn added(part: Duration, whole: Duration) -> Self {
        let percent = 100.0 * part.as_secs_f64() / whole.saturating_sub(part).as_secs_f64();
        Self::new("addedPercent", percent, format!("{} % added", rounded(percent)))
    }

    /// How many there are. The name is the field in JSON and the noun in Markdown.
    pub fn count(name: &'static str, count: impl Into<Value>) -> Self {
        let number = count.into();
        let text = format!("{number} {name}");
        Self::new(name, number, text)
    }

    /// How much memory or text, in megabytes of 2^20 bytes.
    #[expect(clippy::cast_precision_loss, reason = "fewer than 2^52 bytes")]
    pub fn megabytes(bytes: u64) -> Self {
        let megabytes = bytes as f64 / f64::from(1 << 20);
        Self::new("megabytes", megabytes, format!("{} MB", rounded(megabytes)))
    }

    /// Milliseconds in JSON; in Markdown the unit that suits the number.
    fn duration(name: &'static str, took: Duration, which: &str) -> Self {
        let milliseconds = took.div_duration_f64(Duration::from_millis(1));
        let (number, unit) = match milliseconds {
            ..1.0 => (milliseconds * 1e3, "µs"),
            ..1e4 => (milliseconds, "ms"),
            _ => (milliseconds / 1e3, "s"),
        };
        Self::new(name, milliseconds, format!("{} {unit}{which}", rounded(number)))
    }

    fn new(name: &'static str, number: impl Into<Value>, text: String) -> Self {
        Self { name, number: number.into(), text }
    }
}

/// With three digits or more.
pub fn rounded(number: f64) -> String {
    let decimals = match number.abs() {
        100.0.. => 0,
        10.0.. => 1,
        _ => 2,
    };
    format!("{number:.decimals$}")
}
