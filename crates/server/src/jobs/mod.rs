//! What a server does beside answering: deadlines, checkpoints, housekeeping; and when a restored copy keeps silent.

pub mod checkpoints;
pub mod deadlines;
pub mod housekeeping;
pub mod repeated_warnings;
pub mod restored_copy;
