//! What is erased is not read again, by whoever has an old copy of the vault either; what stays is.

use crate::story::*;
use omklap_domain::trajectory::Fact;
use omklap_store::database::scratch::ScratchDatabase;
use omklap_store::{RecordError, StoreError, connect_as_keeper};
use serde_json::json;
use sqlx::{Executor, PgConnection};

/// A story that is told with the rights of the keeper, who may erase.
async fn kept() -> Story {
    let database = ScratchDatabase::create().await;
    let keeper = connect_as_keeper(&database.options()).await.expect("the owner may");
    Story { ledger: ledger_on(keeper), database }
}

fn erased(facts: &[u64]) -> Fact {
    fact(
        json!({"type": "personal-data-erased", "occurredOn": "2026-03-02", "ground": "rectified", "facts": facts}),
    )
}

/// The vault as a backup has it.
async fn backed_up(story: &Story) -> PgConnection {
    let mut owner = story.database.as_owner().await;
    owner.execute("CREATE TEMPORARY TABLE backup AS SELECT * FROM vault").await.expect("copied");
    owner
}

#[tokio::test]
async fn an_old_copy_of_the_vault_does_not_open_with_the_key_of_today() {
    let story = kept().await;
    let id = story.opened().await;
    story
        .goes_on(id, [case_discussed("wil er niet meer over praten"), case_discussed("wacht op inkomen")])
        .await;
    let mut owner = backed_up(&story).await;

    story.goes_on(id, [erased(&[2])]).await;
    let told = story.texts(id).await;
    assert!(!told.contains("wil er niet meer over praten"), "{told}");
    assert!(told.contains("Ada de Wit") && told.contains("wacht op inkomen"), "{told}");
    let key = story.ledger.check_operator_key().await;
    key.expect("the new key is wrapped like the old one");

    owner.execute("INSERT INTO vault SELECT * FROM backup ON CONFLICT DO NOTHING").await.expect("put back");
    let mut facts = story.facts(id).await;
    let opened = story.ledger.open_texts(facts.iter_mut().map(|fact| (id, fact))).await;
    assert!(matches!(opened, Err(StoreError::Vault { .. })), "{opened:?}");
}

#[tokio::test]
async fn a_report_that_comes_while_texts_are_erased_is_read_as_well() {
    let story = kept().await;
    let id = story.opened().await;
    story.goes_on(id, [case_discussed("feit twee")]).await;
    let tells = async |what: &str| match story.ledger.record(reports(id, [case_discussed(what)])).await {
        Ok(_) => true,
        Err(RecordError::Crowded) => false,
        Err(error) => panic!("{error}"),
    };
    let erases = story.goes_on(id, [erased(&[2])]);
    let (_, first, second, third) =
        tokio::join!(erases, tells("eerst"), tells("daarna"), tells("ten slotte"));
    let told = story.texts(id).await;
    assert!(!told.contains("feit twee"), "{told}");
    for (recorded, what) in [(first, "eerst"), (second, "daarna"), (third, "ten slotte")] {
        assert_eq!(recorded, told.contains(what), "{told}");
    }
}
