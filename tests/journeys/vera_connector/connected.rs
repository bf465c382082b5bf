//! A connector between a ledger and a corporation's server.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Output};

use omklap_tests::{Ledger, VeraServer};
use serde_json::{Value, json};

use crate::vera::publication;

/// A ledger, a corporation's server, and the folder of the connector between them.
pub struct Connected {
    pub ledger: Ledger,
    pub server: VeraServer,
    pub folder: PathBuf,
}

/// What a run of the connector printed.
pub struct Ran {
    pub code: Option<i32>,
    pub text: String,
}

impl Ran {
    pub fn of(output: &Output) -> Self {
        let text = [&output.stdout[..], &output.stderr].concat();
        Self { code: output.status.code(), text: String::from_utf8_lossy(&text).into_owned() }
    }

    #[track_caller]
    pub fn ends_with(self, code: i32, words: &str) -> Self {
        assert!(
            self.code == Some(code) && self.text.contains(words),
            "{:?} {words}: {}",
            self.code,
            self.text
        );
        self
    }
}

impl Connected {
    pub fn new() -> Self {
        let ledger = Ledger::empty();
        // Registers the corporation.
        let _ = crate::vera::get(&ledger, "aanbiedingen").with_status(200);
        let server = VeraServer::start();
        let of_this_test = format!("omklap-connector-{}-{}", std::process::id(), ledger.address().port());
        Self { folder: std::env::temp_dir().join(of_this_test), ledger, server }
    }

    pub fn with_a_publication() -> Self {
        let at = Self::new();
        at.server.puts("publicaties", published_there());
        at
    }

    /// The id in the ledger of the only vacancy.
    pub fn vacancy(&self) -> String {
        let listed =
            crate::complexes::corporation(self.ledger.get("/v1/vacancies")).answer().with_status(200);
        listed.body["items"][0]["vacancyId"].as_str().expect("one vacancy").to_owned()
    }

    pub fn kept(&self) -> String {
        fs::read_to_string(self.folder.join("vera-connector.ndjson")).expect("it is there")
    }

    #[track_caller]
    pub fn ends_with(&self, code: i32, words: &str) -> Ran {
        self.runs(&["--once"]).ends_with(code, words)
    }

    pub fn runs(&self, options: &[&str]) -> Ran {
        self.with(&self.server.url(), options)
    }

    pub fn with(&self, url: &str, options: &[&str]) -> Ran {
        Ran::of(&self.ledger.command(&self.arguments(url, options), b""))
    }

    pub fn begins(&self, options: &[&str]) -> Child {
        self.ledger.command_begun(&self.arguments(&self.server.url(), options), b"")
    }

    pub fn arguments<'a>(&'a self, url: &'a str, options: &[&'a str]) -> Vec<&'a str> {
        let folder = self.folder.to_str().expect("UTF-8");
        let own = ["vera-connector", "--client", "stadswonen", "--role", "housing-corporation"];
        let servers = ["--allocation", url, "--agreements", url, "--folder", folder];
        own.into_iter().chain(servers).chain(options.iter().copied()).collect()
    }
}

impl Drop for Connected {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.folder).ok();
    }
}

/// The publication of these tests, on the corporation's server.
pub fn published_there() -> Value {
    let mut there = publication();
    there["id"] = json!("77");
    there
}
