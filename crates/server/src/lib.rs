//! The server: HTTP, command line, private PostgreSQL.

pub mod auth;
pub mod cli;
pub mod clock;
pub mod config;
pub mod database;
pub mod http;
pub mod jobs;
pub mod private_postgres;
pub mod subject_access;
pub mod views;
pub mod webhooks;
pub mod witnesses;
