//! Webhook subscriptions: what is delivered to whom, how far each has come, and what waits.
//!
//! Decision: ADR 12.

mod attempts;
mod lead;
mod manage;
mod progress;
mod secrets;
mod subscription;

pub use attempts::{Attempt, ListedAttempt, Message};
pub use lead::DeliveryLead;
pub use manage::{MOST, NewSubscription, NotSubscribed, Notice};
pub use progress::{HeldBack, Progress};
pub use secrets::{Secret, Secrets};
pub use subscription::{DeliveryHealth, State, Subscription};
