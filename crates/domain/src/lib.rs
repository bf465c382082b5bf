//! The rules of a client trajectory, from sheltered housing to a home of one's own.
//!
//! Pure: no clock, no input or output, nothing asynchronous outside the cqrs-es adapter. A partner
//! reports a [`trajectory::Fact`]; [`trajectory::History`] admits or refuses it and derives the
//! trajectory's new state.

pub mod agreements;
pub mod allocation;
mod category;
pub mod day;
pub mod figures;
pub mod follow_up;
pub mod holds;
pub mod ids;
pub mod labels;
pub mod likeness;
pub mod nuisance;
pub mod organisation;
pub mod register;
pub mod replay;
pub mod retention;
mod role;
pub mod seekers;
pub mod text;
pub mod trajectory;
pub mod visibility;
