//! The operations of the API.

use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    agreement_sets, allocation, feed, figures, labels, me, organisations, subscriptions, trajectories,
    transparency, worklist,
};

/// Adds every operation that the OpenAPI document describes. Their paths are relative to `/v1`.
pub(super) fn documented(api: &mut ServiceConfig<'_>) {
    api.service(trajectories::report::open)
        .service(trajectories::report::import)
        .service(trajectories::report::report)
        .service(trajectories::own_reference::write)
        .service(trajectories::own_reference::remove)
        .service(trajectories::list::list)
        .service(trajectories::standing::standing)
        .service(trajectories::timeline::timeline)
        .service(trajectories::event::event)
        .service(trajectories::access_log::access_log)
        .service(trajectories::agreements::agreements)
        .service(trajectories::nuisance_cases::nuisance_cases)
        .service(trajectories::follow_up::follow_up)
        .service(feed::feed)
        .service(subscriptions::create::create)
        .service(subscriptions::read::list)
        .service(subscriptions::read::read)
        .service(subscriptions::change::change)
        .service(subscriptions::change::end)
        .service(subscriptions::change::pause)
        .service(subscriptions::change::resume)
        .service(subscriptions::change::rotate)
        .service(subscriptions::deliveries::deliveries)
        .service(subscriptions::replay::test)
        .service(subscriptions::replay::again)
        .service(subscriptions::replay::replay)
        .service(worklist::worklist)
        .service(figures::figures)
        .service(figures::series::years)
        .service(figures::outflow::outflow)
        .service(figures::guarantee_fund::statement)
        .service(figures::cases::cases)
        .service(trajectories::case_file::case_file)
        .service(trajectories::receipt::redeem)
        .service(trajectories::replay::replay_steps)
        .service(transparency::newest_checkpoint)
        .service(transparency::public_keys)
        .service(transparency::prove_inclusion)
        .service(transparency::prove_consistency)
        .service(allocation::complexes::begin)
        .service(allocation::complexes::report)
        .service(allocation::complexes::read)
        .service(allocation::complexes::list)
        .service(allocation::fund_years::begin)
        .service(allocation::fund_years::report)
        .service(allocation::fund_years::read)
        .service(allocation::vacancies::open)
        .service(allocation::vacancies::report)
        .service(allocation::vacancies::read)
        .service(allocation::vacancies::list)
        .service(me::me)
        .service(agreement_sets::list)
        .service(labels::list)
        .service(organisations::list)
        .service(organisations::read)
        .service(organisations::write);
}
