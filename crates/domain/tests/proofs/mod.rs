//! What must hold for the rules as a whole.

mod drawn;
mod lives;
mod table;
mod walk;
