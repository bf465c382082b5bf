//! The agreements, checked against histories: sets that are accepted and refused, obligations that
//! are kept, late, overdue, set aside or not applicable, the levels of the protocol, and the
//! assessment of every demo case on five dates.

mod afterwards;
mod asking;
mod blessing;
mod calendar;
mod cells;
mod drawings;
mod evidence;
mod flip;
mod golden;
mod law;
mod other_leases;
mod protocol;
mod senseless;
mod sets;
mod timed;
mod turns;
mod untimed;
mod verdicts;

/// The vocabulary of all tests of the crate; this target uses a part of it.
#[expect(dead_code, reason = "not every test target uses everything")]
#[path = "../vocabulary/mod.rs"]
mod vocabulary;

/// Randomly drawn lives, from the proofs of the rules.
#[expect(dead_code, reason = "not every test target draws everything")]
#[path = "../proofs"]
mod proofs {
    pub mod drawn;
    pub mod walk;
}
