//! What a program may do, as its issuer grants it.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What a program may do (OAuth 2 `scope`). What it may see and report then depends on its
/// organisation and role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub enum Scope {
    /// Read trajectories, the worklist and lists.
    TrajectoriesRead,
    /// Report facts.
    TrajectoriesReport,
    /// Report a whole history at opening, with the facts of all partners.
    TrajectoriesImport,
    /// Read figures.
    FiguresRead,
    /// Read the access log and the proofs.
    AuditRead,
    /// Manage the organisations and their clients.
    Admin,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 6] = [
        Self::TrajectoriesRead,
        Self::TrajectoriesReport,
        Self::TrajectoriesImport,
        Self::FiguresRead,
        Self::AuditRead,
        Self::Admin,
    ];

    /// The name in a token.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TrajectoriesRead => "trajectories:read",
            Self::TrajectoriesReport => "trajectories:report",
            Self::TrajectoriesImport => "trajectories:import",
            Self::FiguresRead => "figures:read",
            Self::AuditRead => "audit:read",
            Self::Admin => "admin",
        }
    }

    /// The scope of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == name)
    }
}

/// A name that is not a scope.
#[derive(Debug, Error)]
#[error("`{0}` is not a scope; the scopes are {names}", names = Scope::ALL.map(Scope::as_str).join(", "))]
pub struct NoSuchScope(String);

impl TryFrom<String> for Scope {
    type Error = NoSuchScope;
    fn try_from(name: String) -> Result<Self, NoSuchScope> {
        Self::named(&name).ok_or(NoSuchScope(name))
    }
}

impl From<Scope> for String {
    fn from(scope: Scope) -> Self {
        scope.as_str().to_owned()
    }
}
