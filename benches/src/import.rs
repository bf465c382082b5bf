//! How fast `omklap import` brings a file of new histories into a ledger, over HTTP, and how fast it sees that a
//! file has nothing new; and the CPU time of PostgreSQL and of the server for each event.

use std::process::{Command, Stdio};
use std::time::Instant;

use omklap_domain::organisation::OrganisationKind;
use omklap_domain::trajectory::Fact;
use omklap_store::database::scratch::ScratchDatabase;
use serde_json::json;

use crate::case;
use crate::cpu::Used;
use crate::omklap::{self, Server};
use crate::results::{Figure, result, section};
use crate::timing::per_second;

/// How many histories a file has.
const HISTORIES: usize = 1_000;

/// Imports a file one history at a time, and another as the command does by itself; the latter twice.
pub async fn measure() {
    let database = ScratchDatabase::create().await;
    let server = Server::start(&database);
    server.ready(&reqwest::Client::new()).await;
    let token = server.token(&database).await;
    let ledger = omklap::ledger(&database, server.operator_key());
    for (partner, kind) in
        [("gemeente-assen", OrganisationKind::Municipality), ("actium", OrganisationKind::HousingCorporation)]
    {
        omklap::register_partner(&ledger, partner, kind, Vec::new()).await;
    }
    let facts = case::before();
    section(&format!("importing {HISTORIES} histories of {} facts", facts.len()));
    let imports = [
        ("one history at a time", "alone", Some("1")),
        ("several at once", "together", None),
        ("a file that has nothing new", "together", None),
    ];
    for (what, file, at_once) in imports {
        let path = std::env::temp_dir().join(format!("omklap-bench-{}-{file}.ndjson", std::process::id()));
        std::fs::write(&path, histories(file, &facts)).expect("a temporary file");
        let mut import = Command::new(omklap::program());
        import.args(["import", "--server", &server.url]).arg(&path).env("OMKLAP_TOKEN", &token);
        import.args(at_once.iter().flat_map(|number| ["--at-once", number])).stdout(Stdio::null());
        let import = async move {
            let started = Instant::now();
            let imported = import.status().expect("omklap is built beside this program");
            assert!(imported.success(), "everything is imported");
            started.elapsed()
        };
        let (took, used) = Used::during(server.process(), import).await;
        std::fs::remove_file(&path).expect("it was written above");
        let read = u32::try_from(HISTORIES * facts.len()).expect("few");
        result(
            what,
            &[
                Figure::events_per_second(per_second(read.into(), took)),
                Figure::cpu("postgresCpuUs", used.postgres / read, "of PostgreSQL"),
                Figure::cpu("serverCpuUs", used.process / read, "of the server"),
            ],
        );
    }
}

/// A file of the same history under many references.
fn histories(file: &str, facts: &[Fact]) -> String {
    let of = |number| json!({"reference": format!("{file}-{number}")});
    let history = |number| {
        let facts = facts.iter().map(|fact| serde_json::to_value(fact).expect("a fact is JSON"));
        [of(number)].into_iter().chain(facts).map(|line| line.to_string() + "\n").collect::<String>()
    };
    (0..HISTORIES).map(history).collect()
}
