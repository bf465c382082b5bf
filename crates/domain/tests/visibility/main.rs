//! Who sees what (`domain.md` §8).

mod fields;
