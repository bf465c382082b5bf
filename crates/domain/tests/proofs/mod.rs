//! What must hold for all rules together.

mod admits_now;
mod cost;
mod decoding;
mod drawn;
mod event_files;
mod lives;
mod named;
mod properties;
mod table;
mod unhappy_paths;
mod walk;
