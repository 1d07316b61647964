//! Exit codes and failures: what happened and what to do next.

use symbolon_app::AppError;
use symbolon_store::StoreError;

/// All is well.
pub const OK: u8 = 0;
/// It failed.
pub const FAILED: u8 = 1;
/// It was asked wrongly.
pub const USAGE: u8 = 2;
/// There is no such thing.
pub const NOT_FOUND: u8 = 3;
/// Not permitted.
pub const NOT_PERMITTED: u8 = 4;
/// It stands against something that is there.
pub const CONFLICT: u8 = 5;
/// A rule refuses it.
pub const REFUSED: u8 = 6;
/// Tampering was found.
pub const TAMPERED: u8 = 7;
/// It cannot be verified.
pub const CANNOT_VERIFY: u8 = 8;

/// The table of exit codes, as printed by `symbolon help exit-codes`.
pub const TABLE: &[(u8, &str, &str)] = &[
    (OK, "ok", "it was done, or nothing had to be done"),
    (
        FAILED,
        "failed",
        "a file was refused, the disk is full, the database does not answer; nothing was kept",
    ),
    (
        USAGE,
        "wrong usage",
        "an option is missing, unknown or has a value that cannot be",
    ),
    (
        NOT_FOUND,
        "not found",
        "there is no such instance, file, data set, entry or account",
    ),
    (
        NOT_PERMITTED,
        "not permitted",
        "the file system or the policy does not allow it",
    ),
    (
        CONFLICT,
        "conflict",
        "a code is taken, a port is in use, the instance is not empty, the record has changed since",
    ),
    (
        REFUSED,
        "refused by rule",
        "a rule of law refuses a package, or a safety rule says no: plain HTTP on a network, a key that others can read",
    ),
    (
        TAMPERED,
        "tampering found",
        "the journal or a row is not what was signed; each fault is named",
    ),
    (
        CANNOT_VERIFY,
        "cannot verify",
        "something needed to judge is missing: a fact of a package, the signing key, a person who looks at a hit",
    ),
];

/// Why a command failed.
#[derive(Debug)]
pub struct Failure {
    /// Exit code.
    pub code: u8,
    /// What happened.
    pub message: String,
    /// What to do next; may be empty.
    pub help: String,
}

impl Failure {
    /// A failure with an exit code.
    pub fn new(code: u8, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            help: String::new(),
        }
    }

    /// Says what to do next.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// Prints it to stderr, as one JSON object where asked.
    pub fn print(&self, json: bool) {
        if json {
            let error = serde_json::json!({"error": {"code": self.code, "message": self.message, "help": self.help}});
            eprintln!("{error}");
            return;
        }
        eprintln!("error: {}", self.message);
        if !self.help.is_empty() {
            eprintln!("{}", self.help);
        }
    }
}

/// A failure of the file system, naming the path.
pub fn io(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Failure + '_ {
    move |e| {
        let code = match e.kind() {
            std::io::ErrorKind::NotFound => NOT_FOUND,
            std::io::ErrorKind::PermissionDenied => NOT_PERMITTED,
            _ => FAILED,
        };
        Failure::new(code, format!("{}: {e}", path.display()))
    }
}

impl From<StoreError> for Failure {
    fn from(e: StoreError) -> Self {
        let message = e.to_string();
        match e {
            StoreError::NotPermitted(_) => Self::new(NOT_PERMITTED, message),
            StoreError::Stale { .. } => {
                Self::new(CONFLICT, message).help("Read it again and repeat.")
            }
            StoreError::Duplicate(_) => {
                Self::new(CONFLICT, message).help("Give it another code (--code).")
            }
            StoreError::Tampered(_) => {
                Self::new(TAMPERED, message).help("`symbolon journal verify` names every fault.")
            }
            StoreError::Older { .. } => Self::new(CONFLICT, message).help(
                "Bring it up to this program: `symbolon upgrade --to DIR` writes a backup to DIR first; --check says what it would add.",
            ),
            StoreError::Newer { .. } | StoreError::Foreign(_) => Self::new(CONFLICT, message)
                .help("Use the program that made it, or a newer one."),
            StoreError::Full => Self::new(FAILED, message)
                .help("Make room (`symbolon doctor` shows how much there is), then repeat."),
            _ => Self::new(FAILED, message),
        }
    }
}

impl From<AppError> for Failure {
    fn from(e: AppError) -> Self {
        let message = e.to_string();
        match e {
            AppError::NotFound(_) => Self::new(NOT_FOUND, message),
            AppError::Invalid(_)
            | AppError::Faults(_)
            | AppError::Malformed(_)
            | AppError::UnknownField(_)
            | AppError::VersionRequired => Self::new(USAGE, message),
            AppError::SignIn(_) | AppError::NotPermitted(_) => Self::new(NOT_PERMITTED, message),
            AppError::Conflict(_) => Self::new(CONFLICT, message),
            AppError::Gate(_) => Self::new(REFUSED, message),
            AppError::Import(_) => Self::new(FAILED, message).help("Nothing of the file was kept."),
            AppError::File(_) => Self::new(FAILED, message).help("Nothing of the file was kept."),
            AppError::Refused(_) => Self::new(FAILED, message),
            AppError::Moved(_) => Self::new(CONFLICT, message),
            AppError::Store(e) => e.into(),
            AppError::Duty(_) | AppError::StepUp => Self::new(NOT_PERMITTED, message),
            AppError::Wait { .. } => Self::new(REFUSED, message),
            AppError::Internal(_) => Self::new(FAILED, message),
        }
    }
}
