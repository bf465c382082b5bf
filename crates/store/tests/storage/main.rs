//! The ledger on a real PostgreSQL. One program, so that it links once.

mod access;
mod agreement_sets;
mod case_file_keys;
mod case_files;
mod checking;
mod checking_live;
mod deadlines;
mod destroying;
mod erasing;
mod feed;
mod key_fingerprints;
mod logins;
mod manipulations;
mod migrating;
mod past_figures;
mod physical_order;
mod read_models;
mod reading;
mod rebuilding;
mod recording;
mod restorations;
mod signing;
mod story;
mod subscriptions;
mod tampering;
mod unknown;
