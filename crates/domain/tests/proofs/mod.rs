//! What must hold for the rules as a whole.

mod cost;
mod decoding;
mod drawn;
mod event_files;
mod lives;
mod properties;
mod table;
mod unhappy_paths;
mod walk;
