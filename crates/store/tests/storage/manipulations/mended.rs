//! What an operator does after somebody changed the registry: who is listed, and what is written again.

use std::collections::BTreeMap;

use omklap_domain::organisation::OrganisationKind;
use omklap_store::Organisations;
use omklap_store::access_log::{Accessor, Line, Trace};
use omklap_store::organisations::{Before, Mended, Mending, Organisation, Registration, Written};
use uuid::Uuid;

use super::registry::{of, organisation, with_a_registry};
use crate::story::*;

#[tokio::test]
async fn an_organisation_that_cannot_be_read_is_named_and_the_others_are_listed() {
    let (story, ..) = with_a_registry().await;
    for altered in [
        "UPDATE organisations SET regions = '{NULL}' WHERE organisation_id = 'de-vaart'",
        "UPDATE organisations SET contact_points = '[1]' WHERE organisation_id = 'de-vaart'",
        "UPDATE clients SET roles = '{x}' WHERE organisation_id = 'de-vaart'",
    ] {
        mended(&story, Some("De Vaart"), [].into()).await;
        sqlx::raw_sql(altered).execute(&mut story.database.as_owner().await).await.expect("the owner may");
        let organisations = Organisations::new(story.database.pool().clone());
        let listed = organisations.list(None, 100).await.expect("readable");
        let listed: Vec<_> = listed.iter().map(|one| (one.id.as_str(), one.known.is_some())).collect();
        assert_eq!(listed, [("antares", true), ("de-vaart", false)], "{altered}");
        let refused = organisations.get(&code("de-vaart")).await.expect_err("not as it was registered");
        assert!(refused.is_alarming(), "{refused}");
        organisations.register().await.expect("the others can be named in reports");
    }
}

#[tokio::test]
async fn an_organisation_is_written_again_as_it_was_registered() {
    let (story, ..) = with_a_registry().await;
    let events = async || -> i64 {
        let count = "SELECT count(*) FROM events WHERE aggregate_type = 'organisation'";
        sqlx::query_scalar(count).fetch_one(story.database.pool()).await.expect("readable")
    };
    let before = events().await;
    for altered in [
        "UPDATE organisations SET kind = 'auditor', version = 9, disabled_at = now() WHERE organisation_id = 'de-vaart'",
        "UPDATE organisations SET regions = '{NULL}' WHERE organisation_id = 'de-vaart'",
        "UPDATE clients SET issuer = 'other', roles = '{guide}' WHERE client_id = 'de-vaart-ecd'",
        "UPDATE clients SET organisation_id = 'antares' WHERE client_id = 'de-vaart-ecd'",
        "DELETE FROM clients WHERE client_id = 'de-vaart-old'",
    ] {
        sqlx::raw_sql(altered).execute(&mut story.database.as_owner().await).await.expect("the owner may");
        assert!(matches!(mended(&story, None, [].into()).await, Mended::AsRegistered(_)), "{altered}");
        assert_eq!(events().await, before, "nothing else was registered: {altered}");
        story.ledger.must_be_as_registered("organisation de-vaart").await.expect(altered);
    }
    let altered = "UPDATE organisations SET name = 'De Haven' WHERE organisation_id = 'de-vaart';
                   INSERT INTO clients VALUES ('ghost', 'de-vaart', 'x', '{care-provider}', NULL, NULL)";
    sqlx::raw_sql(altered).execute(&mut story.database.as_owner().await).await.expect("the owner may");
    assert_eq!(mended(&story, None, [].into()).await, Mended::DetailsUnknown);
    let desk = [("nuisance-desk".to_owned(), "077 555 0100".to_owned())];
    let Mended::AsRegistered(now) = mended(&story, Some("de-vaart"), desk.into()).await else {
        panic!("given")
    };
    let ghost = now.clients.iter().find(|client| client.id.as_str() == "ghost").expect("its row is there");
    assert!(ghost.disabled, "nobody registered it");
    story.ledger.check_registry(|one| panic!("{one}")).await.expect("readable");
}

#[tokio::test]
async fn a_registration_that_changes_nothing_is_no_event() {
    let (story, ..) = with_a_registry().await;
    let same = organisation("antares", OrganisationKind::HousingCorporation, &["antares"]);
    let trace = || Trace::begun_by(Uuid::from_u128(9));
    let register = async |organisation: &Organisation| {
        let by = Accessor { trace: trace(), ..case_worker() };
        let now = code("2026-03-02T09:05:00Z");
        let access = Line::registering(by, now, organisation.id.clone());
        let metadata = of("operator", "omklap", "operator");
        let (before, metadata, access) = (Before::Anything, &metadata, &access);
        let registration = Registration { organisation, before, metadata, access, now };
        story.ledger.register(registration).await.expect("registered")
    };
    assert_eq!(register(&same).await, Written::Unchanged(1));
    let renamed = Organisation { name: "Antares Woonservice".to_owned(), ..same.clone() };
    assert_eq!(register(&renamed).await, Written::Changed(2));
    let line: Option<String> =
        sqlx::query_scalar("SELECT registration FROM access_log ORDER BY at DESC LIMIT 1")
            .fetch_one(story.database.pool())
            .await
            .expect("a line");
    assert_eq!(line.as_deref(), Some("antares"));
    let altered = "UPDATE organisations SET kind = 'auditor' WHERE organisation_id = 'antares'";
    sqlx::raw_sql(altered).execute(&mut story.database.as_owner().await).await.expect("the owner may");
    assert_eq!(register(&renamed).await, Written::Changed(3), "the row was changed by hand");
    story.ledger.check_registry(|one| panic!("{one}")).await.expect("readable");
}

// The words of these tests.

async fn mended(story: &Story, name: Option<&str>, contact_points: BTreeMap<String, String>) -> Mended {
    let (metadata, now) = (of("operator", "omklap", "operator"), code("2026-03-02T09:05:00Z"));
    let (id, access) = (code("de-vaart"), Line::registering(case_worker(), now, code("de-vaart")));
    let (metadata, access, name) = (&metadata, &access, name.map(str::to_owned));
    let mending = Mending { id: &id, name, contact_points, metadata, access, now };
    story.ledger.mend_organisation(mending).await.expect("written")
}
