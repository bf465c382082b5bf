//! The hand-written stories and the figures that the simulated trajectories come to. One program, so that it links once.

mod figures;
mod stories;
