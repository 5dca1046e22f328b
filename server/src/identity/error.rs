//! Why identity says no.

use thiserror::Error;

/// Why a request about identity was not fulfilled.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum IdentityError {
    /// The code, link, password or token is not right, or not any more. It is not told which.
    #[error("the credential is not valid")]
    Refused,
    /// Too many attempts.
    #[error("too many attempts; wait {after_s} s")]
    TooMany {
        /// How long to wait.
        after_s: u32,
    },
    /// A value cannot be.
    #[error("{field}: {problem}")]
    Invalid {
        /// Which, as a JSON pointer.
        field: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The signed-in account may not do this.
    #[error("not allowed: {0}")]
    Forbidden(&'static str),
    /// There is no such thing, or not for this account.
    #[error("there is no such thing")]
    NotFound,
    /// The database does not answer now.
    #[error("the database does not answer: {0}")]
    Unavailable(String),
    /// The machine failed: no randomness, no key.
    #[error("the server failed: {0}")]
    Failed(&'static str),
}

impl From<crate::database::ReadError> for IdentityError {
    fn from(error: crate::database::ReadError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl From<crate::sync::WriteError> for IdentityError {
    fn from(error: crate::sync::WriteError) -> Self {
        Self::Unavailable(error.to_string())
    }
}
