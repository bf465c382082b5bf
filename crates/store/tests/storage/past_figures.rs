//! Figures of a past day read only the histories of trajectories that have changed since the last
//! request for that day.

use omklap_domain::trajectory::work::Work;
use omklap_store::background::counting;
use omklap_store::read_models::figures::Added;

use crate::story::{Story, code, intake, privacy_explained};

/// The figures of a past day, and how many steps it took to work them out.
async fn past_figures(story: &Story, known_at: Option<&str>) -> (Vec<Added>, u64) {
    let work = Work::default();
    let (region, on, known_at) = (code("noord-limburg"), code("2026-03-01"), known_at.map(code));
    let figures = counting(work.clone(), story.ledger.contributions_then(&region, on, known_at)).await;
    (figures.expect("figures"), work.steps())
}

#[tokio::test]
async fn a_past_day_is_worked_out_again_only_for_trajectories_that_moved_on() {
    let story = Story::begins().await;
    for _ in 0..5 {
        story.record_case(&[intake()]).await;
    }
    let moves_on = story.opened().await;
    let (first, all) = past_figures(&story, None).await;
    let (again, nothing) = past_figures(&story, None).await;
    assert_eq!((first, nothing), (again.clone(), 0));
    story.goes_on(moves_on, [privacy_explained()]).await;
    let (after, one) = past_figures(&story, None).await;
    assert!(0 < one && one < all, "{one} of {all} steps");
    assert_eq!(after.len(), again.len());
}

#[tokio::test]
async fn each_instant_has_figures_of_its_own() {
    let story = Story::begins().await;
    story.opened().await;
    let (before, _) = past_figures(&story, Some("2026-03-01T00:00:00Z")).await;
    let (since, _) = past_figures(&story, Some("2026-03-03T00:00:00Z")).await;
    assert_eq!((before.len(), since.len()), (0, past_figures(&story, None).await.0.len()));
}
