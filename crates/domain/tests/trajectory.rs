//! The proof that the rules are right: every rule told as a story, every cell of the table of phases, the unhappy paths of
//! the field, what must hold for any history, and every stored form there ever was.

mod proofs;
mod rules;
mod telling;
