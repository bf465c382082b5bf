//! The proof that the rules are right: a story for every rule, every cell of the table of phases,
//! the unhappy paths of the sector, properties of any history, and every form of a fact that was
//! ever stored.

mod holds;
mod proofs;
mod rules;
mod vocabulary;
