//! The API over HTTP. A handler parses the request, calls the ledger and returns the response; it
//! decides nothing. Every status code is set in this folder.

pub mod agreement_sets;
pub mod allocation;
mod app;
mod development;
pub mod documents;
pub mod feed;
pub mod figures;
mod health;
pub mod labels;
pub mod me;
pub mod middleware;
mod operation;
pub mod organisations;
pub mod page;
pub mod problem;
mod public_log;
pub mod request;
mod route_table;
mod routes;
pub mod seekers;
mod services;
mod serving;
pub mod subscriptions;
pub mod tls;
pub mod trajectories;
pub mod transparency;
pub mod vera;
pub mod view;
pub mod worklist;

pub use app::app;
pub use services::{Patience, Services, Transparency};
pub use serving::{Listening, serve};

/// The version of the API: `info.version` and the header `API-Version`.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
