//! One client trajectory: what can be said of it, whether it may be said now, and what then holds.

pub mod admit;
pub mod aggregate;
pub mod fact;
pub mod history;
mod order;
pub mod phase;
pub mod refusal;
pub mod refused;
mod snapshots;
pub mod state;
pub mod work;

pub use admit::Rules;
pub use fact::{Fact, FactType};
pub use history::{Entry, History, Mark};
pub use phase::Phase;
pub use refusal::Refusal;
pub use refused::Refused;
pub use state::Trajectory;
