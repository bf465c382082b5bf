//! The background jobs of a server: deadlines, checkpoints and housekeeping; and how a restored
//! copy pauses them.

pub mod checkpoints;
pub mod deadlines;
pub mod housekeeping;
pub mod repeated_warnings;
pub mod restored_copy;
