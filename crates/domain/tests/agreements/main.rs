//! The agreements, held against histories: sets that are read and refused, obligations that are kept, late, overdue,
//! set aside or not asked, the protocol's levels, and what every demo case looks like on five dates.

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

/// The vocabulary of all the crate's tests; this target speaks a part of it.
#[expect(dead_code, reason = "not every test target tells everything")]
#[path = "../telling/mod.rs"]
mod telling;

/// Lives that nobody made up, as the proofs of the rules draw them.
#[expect(dead_code, reason = "not every test target draws everything")]
#[path = "../proofs"]
mod proofs {
    pub mod drawn;
    pub mod walk;
}
