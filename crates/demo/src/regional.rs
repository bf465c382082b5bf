//! What partners report in the demo that is about no client: complexes, vacancies, a plan for 2026 and
//! three rounds in each region. One file, one report a line.

use omklap_domain::visibility::Role;
use serde_json::Value;

/// A report on a complex, a vacancy, a plan or a round.
#[derive(Clone, Debug)]
pub struct RegionalReport {
    /// The program of the partner that reports.
    pub by: String,
    /// In which role.
    pub role: Role,
    /// The path of the operation.
    pub path: String,
    /// The facts: a JSON list.
    pub facts: Value,
    /// Reports on the same complex, vacancy, plan or round that follow.
    pub then: Vec<Self>,
}

/// Every report, in order.
///
/// # Panics
/// Never: a test reads each of them.
#[must_use]
pub fn regional_reports() -> Vec<RegionalReport> {
    let lines = include_str!("../../../demo/regions/2026.ndjson").lines();
    let report = |line| {
        let report: Value = serde_json::from_str(line).expect("JSON");
        RegionalReport::read(&report).expect("a report")
    };
    lines.map(report).collect()
}

impl RegionalReport {
    fn read(report: &Value) -> Option<Self> {
        let text = |field: &str| report[field].as_str().map(str::to_owned);
        let then = report["then"].as_array().map_or(&[][..], Vec::as_slice);
        Some(Self {
            by: text("by")?,
            role: Role::named(report["role"].as_str()?)?,
            path: text("path")?,
            facts: report["facts"].clone(),
            then: then.iter().map(Self::read).collect::<Option<_>>()?,
        })
    }
}
