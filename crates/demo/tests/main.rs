//! The hand-written stories and the figures of the simulated trajectories. One program, so that it
//! links once.

mod figures;
mod late_reports;
mod regional;
mod stories;
