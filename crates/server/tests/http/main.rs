//! The API over HTTP: what is refused before the rules are checked, preconditions of reports, and
//! reading.
//!
//! One binary, so that it links once.

mod at_the_door;
mod bad_input;
mod issuer;
mod preconditions;
mod reading;
mod server;
mod slow;
mod spellings;
mod transparency;
mod upgrades;
mod wire;
mod work;
