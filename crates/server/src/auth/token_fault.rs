//! What can be wrong with an access token.

/// What is wrong with an access token. The API reports each fault with its own code and texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenFault {
    /// Longer than [`LONGEST_TOKEN`](super::LONGEST_TOKEN).
    TooLong,
    /// Not a JWT, or with a critical header that this program does not know.
    Unreadable,
    /// Signed with an algorithm that is not in [`ALGORITHMS`](super::ALGORITHMS).
    AlgorithmNotAllowed,
    /// Its `typ` is not that of an access token (RFC 9068).
    NotAnAccessToken,
    /// Its issuer is not trusted.
    WrongIssuer,
    /// Its issuer has no key with this id.
    UnknownKey,
    /// Its signature does not match.
    SignatureInvalid,
    /// Its `aud` is absent, or neither a text nor a list of texts.
    AudienceMiswritten,
    /// Its `exp` is absent or not a number.
    ExpiryMiswritten,
    /// Its `nbf` is not a number.
    NotBeforeMiswritten,
    /// Its `scope` is not a text.
    ScopeMiswritten,
    /// Its `roles` is not a list of texts.
    RolesMiswritten,
    /// It is for another audience.
    WrongAudience,
    /// It has expired.
    Expired,
    /// Its `iat` is absent or not a number.
    WithoutInstant,
    /// It is not valid yet.
    NotYetValid,
    /// It is valid for longer than a day.
    LivesTooLong,
    /// Its `client_id` is absent or not a valid code.
    ClientMiswritten,
    /// Its `sub` is absent or not a valid code.
    SubjectMiswritten,
    /// Its `role` does not exist.
    RoleMiswritten,
    /// Its `purpose` is not a valid code.
    PurposeMiswritten,
    /// Its `trajectory` is not a UUID.
    TrajectoryMiswritten,
}
