//! What a message of VERA means for the ledger, and what the ledger writes. One program, so that it links
//! once.

mod bad_input;
mod codes;
mod exchange;
mod leases;
mod messages;
mod offers;
mod publications;
mod units_and_people;
mod written;
