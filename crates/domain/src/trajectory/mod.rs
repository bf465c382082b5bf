//! One client trajectory: the facts that can be reported, whether a fact is admitted now, and the
//! state that follows.

pub mod admit;
pub mod aggregate;
pub mod fact;
pub mod history;
mod order;
pub mod phase;
pub mod refusal;
pub mod refused;
pub mod situation;
mod snapshots;
pub mod state;
pub mod warning;
pub mod work;

pub use admit::Rules;
pub use fact::{Fact, FactType};
pub use history::{Entry, History, Mark};
pub use phase::Phase;
pub use refusal::Refusal;
pub use refused::Refused;
pub use state::Trajectory;
