//! Who sees what (`domain.md` §8), and who reports what.

mod admits;
mod documents;
mod fields;
mod homes;
mod owed;
mod own_word;
mod refusals;
mod stored;
mod time;

/// Files that the code writes.
#[path = "../agreements/blessing.rs"]
mod blessing;

/// The vocabulary of all the crate's tests; this target speaks a part of it.
#[expect(dead_code, reason = "not every test target tells everything")]
#[path = "../telling/mod.rs"]
mod telling;
