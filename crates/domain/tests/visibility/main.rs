//! Which role sees and reports which data (`docs/DOMAIN.md` §8).

mod admits;
mod at_one_table;
mod beside;
mod documents;
mod fields;
mod homes;
mod obligations;
mod own_word;
mod refusals;
mod seekers;
mod stored;
mod time;
mod viewers;

/// Comparison with generated files.
#[path = "../agreements/generated_files.rs"]
mod generated_files;

/// The vocabulary of all tests of the crate; this target uses a part of it.
#[expect(dead_code, reason = "this test target uses only a part of the vocabulary")]
#[path = "../vocabulary/mod.rs"]
mod vocabulary;
