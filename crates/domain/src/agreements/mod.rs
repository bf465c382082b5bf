//! The agreements of a region, as data: every region makes its own (S0). [`read`] reads a set and
//! reports everything that is wrong with it. [`assess()`] checks a trajectory's history against its
//! set. The sets themselves, with every obligation and limit (the three months among them), are in
//! `agreements/<set>.toml` at the root of the repository; `docs/AGREEMENTS.md` explains their keys.

pub mod assess;
pub mod both_languages;
pub mod calendar;
pub mod field;
pub mod obligation;
pub mod pattern;
pub mod read;
pub mod set;
pub mod sets;

pub use assess::{Assessed, Status, Verdict, assess, assess_within};
pub use obligation::Obligation;
pub use read::SetFault;
pub use set::{Agreement, AgreementSet};
pub use sets::{AgreementSets, SetError};
