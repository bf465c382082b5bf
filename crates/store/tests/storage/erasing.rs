//! Erased texts cannot be read again, not even with an old copy of the vault. Other texts still
//! can.

use crate::story::*;
use omklap_domain::trajectory::Fact;
use omklap_store::database::scratch::ScratchDatabase;
use omklap_store::{RecordError, StoreError, connect_as_keeper};
use serde_json::json;
use sqlx::{Executor, PgConnection};

/// A ledger with the rights of the keeper, who may erase.
async fn as_keeper() -> Story {
    let database = ScratchDatabase::create().await;
    let keeper = connect_as_keeper(&database.options()).await.expect("the owner may");
    Story { ledger: ledger_on(keeper), database }
}

fn erased(facts: &[u64]) -> Fact {
    fact(
        json!({"type": "personal-data-erased", "occurredOn": "2026-03-02", "ground": "rectified", "facts": facts}),
    )
}

/// A connection with a copy of the vault in the temporary table `backup`.
async fn backed_up(story: &Story) -> PgConnection {
    let mut owner = story.database.as_owner().await;
    owner.execute("CREATE TEMPORARY TABLE backup AS SELECT * FROM vault").await.expect("copied");
    owner
}

#[tokio::test]
async fn an_old_copy_of_the_vault_does_not_open_with_the_key_of_today() {
    let story = as_keeper().await;
    let id = story.opened().await;
    story
        .goes_on(id, [case_discussed("wil er niet meer over praten"), case_discussed("wacht op inkomen")])
        .await;
    let mut owner = backed_up(&story).await;

    story.goes_on(id, [erased(&[2])]).await;
    let texts = story.texts(id).await;
    assert!(!texts.contains("wil er niet meer over praten"), "{texts}");
    assert!(texts.contains("Ada de Wit") && texts.contains("wacht op inkomen"), "{texts}");
    let key = story.ledger.check_operator_key().await;
    key.expect("the new key is wrapped like the old one");

    owner.execute("INSERT INTO vault SELECT * FROM backup ON CONFLICT DO NOTHING").await.expect("put back");
    let mut facts = story.facts(id).await;
    let opened = story.ledger.open_texts(facts.iter_mut().map(|fact| (id, fact))).await;
    assert!(matches!(opened, Err(StoreError::Vault { .. })), "{opened:?}");
}

#[tokio::test]
async fn a_report_that_comes_while_texts_are_erased_is_read_as_well() {
    let story = as_keeper().await;
    let id = story.opened().await;
    story.goes_on(id, [case_discussed("feit twee")]).await;
    let reports_on = async |what: &str| match story.ledger.record(reports(id, [case_discussed(what)])).await {
        Ok(_) => true,
        Err(RecordError::Crowded) => false,
        Err(error) => panic!("{error}"),
    };
    let erases = story.goes_on(id, [erased(&[2])]);
    let (_, first, second, third) =
        tokio::join!(erases, reports_on("eerst"), reports_on("daarna"), reports_on("ten slotte"));
    let texts = story.texts(id).await;
    assert!(!texts.contains("feit twee"), "{texts}");
    for (recorded, what) in [(first, "eerst"), (second, "daarna"), (third, "ten slotte")] {
        assert_eq!(recorded, texts.contains(what), "{texts}");
    }
}

#[tokio::test]
async fn an_erasure_that_leaves_a_text_or_the_key_is_an_error_and_is_not_recorded() {
    let all = json!({"type": "personal-data-erased", "occurredOn": "2026-03-02", "ground": "rectified"});
    for (spared, erasure) in
        [("vault", erased(&[1])), ("vault", fact(all.clone())), ("keys.data_keys", fact(all.clone()))]
    {
        let story = as_keeper().await;
        let id = story.opened().await;
        let spare = format!(
            "CREATE FUNCTION spare() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
             CREATE TRIGGER spare BEFORE DELETE ON {spared} FOR EACH ROW EXECUTE FUNCTION spare()"
        );
        story.database.as_owner().await.execute(spare.as_str()).await.expect("its owner may");
        let refused = story.ledger.record(reports(id, [erasure])).await.expect_err("something is left");
        assert!(matches!(refused, RecordError::Store(StoreError::NotKept(_))), "{spared}: {refused:?}");
        assert_eq!(story.version(id).await, 1, "{spared}");
        assert!(story.texts(id).await.contains("Ada de Wit"), "{spared}: nothing is half done");
    }
}

#[tokio::test]
async fn a_forged_fact_that_texts_were_erased_destroys_nothing() {
    let story = as_keeper().await;
    let _ = story.opened().await;
    let forged = "INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
         SELECT aggregate_type, aggregate_id, 2, 'personal-data-erased', '1.0', '{}', '{}' FROM events";
    let mut owner = story.database.as_owner().await;
    owner.execute(forged).await.expect("a superuser may write it");
    let left: (i64, i64) =
        sqlx::query_as("SELECT (SELECT count(*) FROM vault), (SELECT count(*) FROM keys.data_keys)")
            .fetch_one(&mut owner)
            .await
            .expect("counted");
    assert_eq!(left, (1, 1));
}
