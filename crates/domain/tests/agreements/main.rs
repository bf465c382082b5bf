//! The agreements, checked against histories: sets that are accepted and refused, obligations that
//! are kept, late, overdue, set aside or not applicable, the levels of the protocol, and the
//! assessment of every demo case on five dates.

mod calendar;
mod changes_of_course;
mod departures;
mod diagram;
mod drawings;
mod evidence;
mod flip;
mod follow_up;
mod fund;
mod generated_files;
mod golden;
mod invalid_sets;
mod law;
mod lookup;
mod missing;
mod other_leases;
mod other_parties;
mod other_region;
mod outflow;
mod protocol;
mod regional_sets;
mod residents;
mod sets;
mod timed;
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
    mod named;
    pub mod walk;
}
