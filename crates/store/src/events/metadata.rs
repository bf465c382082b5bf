//! What is recorded beside a fact.
//!
//! Decision: ADR 4.

use std::collections::BTreeMap;

/// Who reported a fact, for which organisation, why, and as a result of what: `actor`,
/// `organisation`, `role`, `purpose`, `correlationId`, `causationId`, `agreementSet`; and `blind`,
/// random bytes that only a viewer of the whole event gets.
pub type Metadata = BTreeMap<String, String>;
