//! What a use case can answer instead of a result.

use symbolon_domain::kind::Fault;
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
    /// What somebody filled in is wrong; each fault names its field.
    #[error("{}", told(.0))]
    Faults(Vec<Fault>),
    /// The viewer sees it and may not do this.
    #[error("not permitted: {0}")]
    NotPermitted(String),
    /// The state of things forbids it.
    #[error("{0}")]
    Conflict(String),
    /// A gate is shut: a rule of the law or of the programme says not yet.
    #[error("{0}")]
    Gate(Box<crate::gates::Shut>),
    /// A change came without the version it was made on.
    #[error("name the version you worked on: send its ETag in If-Match")]
    VersionRequired,
    /// What was sent cannot be read at all.
    #[error("what was sent cannot be read: {0}")]
    Malformed(String),
    /// A member that nothing here takes.
    #[error("{0}")]
    UnknownField(String),
    /// Not signed in, or the link or session no longer holds.
    #[error("{0}")]
    SignIn(&'static str),
    /// A sign-in came too early after failures. The words are the same for a name nobody has.
    #[error(
        "{}", if *.locked { "this name is locked until the end of the day (UTC) after too many failures; an administrator can help".to_owned() }
        else { format!("too soon after a failed attempt; try again in {seconds} s") }
    )]
    Wait {
        /// Seconds to wait.
        seconds: i64,
        /// Whether it is locked to the day's end.
        locked: bool,
    },
    /// The action asks for a factor shown within the last minutes.
    #[error("this needs proof that it is you, not older than 10 minutes")]
    StepUp,
    /// The viewer's duties do not cover this, or it would be about themselves.
    #[error("{0}")]
    Duty(&'static str),
    /// A file was refused; nothing of it was kept.
    #[error("{0}")]
    Import(#[from] ImportError),
    /// A file as a whole cannot be read; the refusal names the place.
    #[error("{0}")]
    File(Box<symbolon_exchange::guard::Refusal>),
    /// Rows of a file cannot be taken, and nothing was.
    #[error("{} rows cannot be taken; nothing was. See the report, then correct them or agree to leave them out", .0.counts.refused)]
    Refused(Box<crate::intake::Report>),
    /// The plan that was agreed to is no longer what would happen.
    #[error("the records changed since the plan was made; look at the new plan ({})", .0.plan)]
    Moved(Box<crate::intake::Report>),
    /// Storage.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Something that should not happen.
    #[error("internal: {0}")]
    Internal(String),
}

fn told(faults: &[Fault]) -> String {
    let messages: Vec<&str> = faults.iter().map(|f| f.message.as_str()).collect();
    messages.join("; ")
}

/// Result of a use case.
pub type Result<T> = std::result::Result<T, AppError>;
