//! Private texts are sealed before they are stored: the database alone does not disclose them, and
//! deleting one small key erases a person's texts from every backup.
//!
//! Three layers: the operator's key wraps a trajectory's data key, the data key seals each text,
//! and the event holds a commitment. It proves later that a text is the one that was recorded, and
//! says nothing without the salt.
//!
//! Decision: ADR 7.

pub(crate) mod cipher;
mod data_key;
pub(super) mod erase;
pub(super) mod names;
mod operator_key;
pub(super) mod reseal;
pub(super) mod texts;

pub use cipher::VaultError;
pub use data_key::DataKey;
pub use names::OpenedTexts;
pub use operator_key::OperatorKey;
