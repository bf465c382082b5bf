//! The agreements, held against histories: sets that are read and refused, obligations that are kept, late, overdue,
//! set aside or not asked, the protocol's levels, and what every demo case looks like on five dates.

mod sets;
#[expect(
    dead_code,
    unused_imports,
    reason = "the vocabulary of all the crate's tests; this target speaks a part of it"
)]
#[path = "../telling/mod.rs"]
mod telling;
