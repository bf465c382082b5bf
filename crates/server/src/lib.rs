//! The server: HTTP, command line, private PostgreSQL.

pub mod agreement_sets;
pub mod announcement;
pub mod authorities;
pub mod cli;
pub mod clock;
pub mod config;
pub mod database;
pub mod deadlines;
pub mod demo;
pub mod erased;
pub mod housekeeping;
pub mod http;
pub mod keeper;
pub mod keys;
pub mod logboek;
pub mod logging;
pub mod messaging;
pub mod notary;
pub mod overview;
pub mod private_postgres;
pub mod repeated;
pub mod restored;
pub mod sign_in;
pub mod waiting;
