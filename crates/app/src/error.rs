//! What a use case can answer instead of a result.

use symbolon_exchange::import::ImportError;
use symbolon_store::StoreError;

/// A use case that did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// Unknown, or hidden: the two cannot be told apart.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The question itself is wrong.
    #[error("{0}")]
    Invalid(String),
    /// Not signed in, or the link or session no longer holds.
    #[error("{0}")]
    SignIn(&'static str),
    /// A file was refused; nothing of it was kept.
    #[error("{0}")]
    Import(#[from] ImportError),
    /// Storage.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Something that should not happen.
    #[error("internal: {0}")]
    Internal(String),
}

/// Result of a use case.
pub type Result<T> = std::result::Result<T, AppError>;
