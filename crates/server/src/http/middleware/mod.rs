//! The middleware around every operation, from the outside in: metrics, log, trace, CORS, time
//! limits, authentication, access log.

pub mod access_log;
pub(super) mod authenticate;
pub mod conditional;
pub mod cors;
pub mod finish_response;
pub(super) mod log;
pub mod metrics;
pub(super) mod restored_copy;
pub mod time_limit;
pub(super) mod trace;
pub(super) mod upgrades;
pub(super) mod work_budget;
