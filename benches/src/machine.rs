//! What a run is measured on: the machine, PostgreSQL with its settings, and the versions of what is compared.

use std::fs;

use ::omklap::clock::Clock;
use omklap_store::database::scratch::ScratchDatabase;
use serde_json::Value;

use crate::results::{Figure, property, result, section};

/// The settings of PostgreSQL on which the cost of a commit and of a read depends most.
const SETTINGS: [&str; 4] = ["fsync", "synchronous_commit", "shared_buffers", "max_connections"];
/// The packages that are compared with omklap.
const PACKAGES: [&str; 2] = ["cqrs-es", "postgres-es"];
const LOCKED_PACKAGES: &str = include_str!("../../Cargo.lock");
const PYTHON_REQUIREMENTS: &str = include_str!("../eventsourcing/requirements.txt");

/// Prints all of it.
pub async fn print() {
    section("machine");
    let now = Clock::running().now().to_string();
    property("date (UTC)", now.split('T').next());
    let processors = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    property("processor", fields(&processors, "model name").next());
    property("cores", fields(&processors, "processor").count());
    result("memory", &[Figure::megabytes(bytes("/proc/meminfo", "MemTotal"))]);
    property("Linux", fs::read_to_string("/proc/sys/kernel/osrelease").ok().as_deref().map(str::trim));
    for (name, value) in postgres().await {
        property(&name, value);
    }
    property("omklap", env!("CARGO_PKG_VERSION"));
    property("optimised build", !cfg!(debug_assertions));
    for package in PACKAGES {
        property(package, locked_version(package));
    }
    property("eventsourcing of Python", PYTHON_REQUIREMENTS.trim().split("==").nth(1));
}

/// The peak memory of this process.
pub fn peak_memory() -> Figure {
    Figure::megabytes(bytes("/proc/self/status", "VmHWM"))
}

/// A number of bytes that Linux reports in kilobytes of 1,024 bytes.
fn bytes(file: &str, field: &str) -> u64 {
    let text = fs::read_to_string(file).unwrap_or_default();
    let kilobytes =
        fields(&text, field).next().and_then(|value| value.split(' ').next()?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) * 1024
}

/// The values of every field with this name, in a file of Linux with a field on each line.
fn fields<'t>(text: &'t str, name: &str) -> impl Iterator<Item = &'t str> {
    text.lines().filter_map(move |line| {
        let (field, value) = line.split_once(':')?;
        (field.trim_end() == name).then_some(value.trim())
    })
}

/// Its version and settings, as the running program has them.
async fn postgres() -> Vec<(String, Value)> {
    let database = ScratchDatabase::create().await;
    let ask = "SELECT 'PostgreSQL', version()
               UNION ALL SELECT name, current_setting(name) FROM unnest($1::text[]) AS name";
    let rows: Vec<(String, String)> =
        sqlx::query_as(ask).bind(&SETTINGS[..]).fetch_all(database.pool()).await.expect("PostgreSQL answers");
    rows.into_iter().map(|(name, value)| (name, value.into())).collect()
}

/// The version of a package of which there is one.
fn locked_version(package: &str) -> Option<&'static str> {
    let (_, behind) = LOCKED_PACKAGES.split_once(&format!("name = \"{package}\"\nversion = \""))?;
    behind.split('"').next()
}
