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

/// The sealed texts of these trajectories with these ids, each with the key of its trajectory. Behind
/// a SELECT, the lengths of the lists do not change the plan, so PostgreSQL keeps one: planning took
/// longer than reading. LATERAL with OFFSET looks every text up by its key, also while the
/// vault is small.
const WANTED_TEXTS: &str = "
    SELECT trajectory_id, wrapped_key, text_id, sealed
    FROM unnest((SELECT $1::uuid[]), (SELECT $2::uuid[])) AS wanted (trajectory_id, text_id)
    CROSS JOIN LATERAL (
        SELECT sealed FROM vault
        WHERE vault.trajectory_id = wanted.trajectory_id AND vault.text_id = wanted.text_id OFFSET 0) AS kept
    JOIN keys.data_keys USING (trajectory_id)";
