//! The problems of signing in.

use super::{Complaint, Fault, Kind, Problem};
use crate::auth::scope::Scope;
use crate::auth::{NotSignedIn, TokenFault};

impl Problem {
    /// A token that is not accepted, for these reasons.
    pub fn invalid_token(faults: impl IntoIterator<Item = impl Into<Fault>>) -> Self {
        let errors = faults.into_iter().map(|fault| Complaint::header("Authorization", fault.into()));
        Self { errors: errors.collect(), ..Kind::InvalidToken.into() }
    }

    /// A token without this scope.
    #[must_use]
    pub fn insufficient_scope(needed: Scope) -> Self {
        let missing = Complaint::header("Authorization", Fault::ScopeNotGranted).limit(needed.as_str());
        Self { scope: Some(needed), errors: vec![missing], ..Kind::InsufficientScope.into() }
    }

    /// The value of `WWW-Authenticate` (RFC 6750 §3), if the problem is about signing in.
    #[must_use]
    pub fn challenge(&self) -> Option<String> {
        let realm = "Bearer realm=\"omklap\"";
        match self.kind {
            Kind::SignInRequired => Some(realm.to_owned()),
            Kind::InvalidToken => Some(format!("{realm}, error=\"invalid_token\"")),
            Kind::InsufficientScope => {
                let scope = self.scope.map_or("", Scope::as_str);
                Some(format!("{realm}, error=\"insufficient_scope\", scope=\"{scope}\""))
            }
            _ => None,
        }
    }
}

impl From<NotSignedIn> for Problem {
    fn from(refused: NotSignedIn) -> Self {
        match refused {
            NotSignedIn::Invalid(faults) => Self::invalid_token(faults),
            NotSignedIn::IssuerUnreachable => Kind::IssuerUnreachable.into(),
            NotSignedIn::ClientNotAdmitted => Kind::ClientNotAdmitted.into(),
            NotSignedIn::Store(error) => error.into(),
        }
    }
}

impl From<TokenFault> for Fault {
    fn from(fault: TokenFault) -> Self {
        match fault {
            TokenFault::TooLong => Self::TokenTooLong,
            TokenFault::Unreadable => Self::TokenUnreadable,
            TokenFault::AlgorithmNotAllowed => Self::AlgorithmNotAllowed,
            TokenFault::NotAnAccessToken => Self::NotAnAccessToken,
            TokenFault::WrongIssuer => Self::WrongIssuer,
            TokenFault::UnknownKey => Self::UnknownKey,
            TokenFault::SignatureInvalid => Self::SignatureInvalid,
            TokenFault::AudienceMiswritten => Self::AudienceMiswritten,
            TokenFault::ExpiryMiswritten => Self::ExpiryMiswritten,
            TokenFault::NotBeforeMiswritten => Self::NotBeforeMiswritten,
            TokenFault::ScopeMiswritten => Self::ScopeMiswritten,
            TokenFault::RolesMiswritten => Self::RolesMiswritten,
            TokenFault::WrongAudience => Self::WrongAudience,
            TokenFault::Expired => Self::TokenExpired,
            TokenFault::WithoutInstant => Self::TokenWithoutInstant,
            TokenFault::NotYetValid => Self::TokenNotYetValid,
            TokenFault::LivesTooLong => Self::TokenLivesTooLong,
            TokenFault::ClientMiswritten => Self::ClientMiswritten,
            TokenFault::SubjectMiswritten => Self::SubjectMiswritten,
            TokenFault::RoleMiswritten => Self::RoleMiswritten,
            TokenFault::PurposeMiswritten => Self::PurposeMiswritten,
            TokenFault::TrajectoryMiswritten => Self::TrajectoryMiswritten,
        }
    }
}
