//! A request for a trajectory that the viewer has no access to costs the database the same as one
//! for a trajectory that does not exist: the same statements, and as many rows.

use std::collections::BTreeSet;

use crate::statements::Statements;
use crate::story::*;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::visibility::{Role, Viewer};
use omklap_store::exports::sealed_file::FileError;
use omklap_store::{RecordError, Report};

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
    let (statements, _counting) = Statements::counted();
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
