//! A request for a trajectory that the viewer has no access to costs the database the same as one
//! for a trajectory that does not exist: the same statements, and as many rows.

use std::collections::BTreeSet;
use std::fmt::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use crate::story::*;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::visibility::{Role, Viewer};
use omklap_store::exports::sealed_file::FileError;
use omklap_store::{RecordError, Report};
use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

const ROLES: [Role; 9] = [
    Role::Client,
    Role::Guide,
    Role::CareProvider,
    Role::NuisanceDesk,
    Role::HousingCorporation,
    Role::NuisanceOfficer,
    Role::MatchingPoint,
    Role::WmoConsultant,
    Role::Auditor,
];

#[tokio::test]
async fn a_hidden_case_costs_no_more_than_one_that_does_not_exist() {
    let story = Story::begins().await;
    let (hidden, nowhere) = (story.opened().await, new_id());
    story.goes_on(hidden, vec![privacy_explained(); 50]).await;
    let statements = Statements::default();
    let counting = tracing_subscriber::registry().with(statements.clone());
    let _counting = tracing::subscriber::set_default(counting);
    for role in ROLES {
        let stranger = stranger(role);
        // The first request prepares the statements.
        refused(&story, &stranger, nowhere).await;
        let _ = statements.taken();
        refused(&story, &stranger, nowhere).await;
        let not_there = statements.taken();
        refused(&story, &stranger, hidden).await;
        let no_access = statements.taken();
        assert_eq!(no_access, not_there, "{}", role.as_str());
        let bare = no_access.len() == 7 && no_access.iter().all(|(_, rows)| *rows <= 1);
        assert!(bare, "{}: {no_access:?}", role.as_str());
    }
}

#[tokio::test]
async fn a_viewer_with_access_reads_the_trajectory_and_reports_on_it() {
    let story = Story::begins().await;
    let id = story.opened().await;
    let own = Viewer { organisation: code("de-vaart"), ..stranger(Role::CareProvider) };
    assert!(story.ledger.load_known_to(&own, id).await.expect("readable").is_some());
    let report = Report { reporter: Some(own), ..reports(id, [privacy_explained()]) };
    assert_eq!(story.ledger.record(report).await.expect("admitted").version(), 2);
}

/// Makes every kind of request for one trajectory: to read it, to report on it in several ways, and
/// its case file.
async fn refused(story: &Story, stranger: &Viewer, id: TrajectoryId) {
    let Story { ledger, database } = story;
    assert!(ledger.load_known_to(stranger, id).await.expect("readable").is_none());
    let report = || Report { reporter: Some(stranger.clone()), ..reports(id, [privacy_explained()]) };
    let reports = [
        report(),
        seen(ledger, 1, report()),
        seen(ledger, 51, report()),
        once("a-key", report()),
        Report { dry_run: true, ..report() },
    ];
    for report in reports {
        assert!(matches!(ledger.record(report).await, Err(RecordError::NotFound)));
    }
    let file = ledger.case_file(&database.signer(), stranger, id, code("2026-03-02T09:00:00Z")).await;
    assert!(matches!(file, Err(FileError::NotFound)));
}

fn stranger(role: Role) -> Viewer {
    let regions = BTreeSet::from([code("groningen")]);
    Viewer { role, organisation: code("somebody-else"), regions, trajectory: Some(new_id()) }
}

/// The statements that were sent, each with the number of rows that came back. Clones share them.
#[derive(Clone, Default)]
struct Statements(Arc<Mutex<Vec<(String, u64)>>>);

impl Statements {
    /// The statements since the last call.
    fn taken(&self) -> Vec<(String, u64)> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<S: tracing::Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            let mut statement = Statement::default();
            event.record(&mut statement);
            // The pool may open another connection at any time.
            if statement.text.contains("SET ROLE") {
                return;
            }
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push((statement.text, statement.rows));
        }
    }
}

/// A statement, as sqlx logs it.
#[derive(Default)]
struct Statement {
    text: String,
    rows: u64,
}

impl Visit for Statement {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if ["summary", "db.statement"].contains(&field.name()) {
            write!(self.text, "{value:?} ").expect("a String takes everything");
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "rows_returned" {
            self.rows = value;
        }
    }
}
