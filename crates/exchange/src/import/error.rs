//! Why a file was refused: always with the place in it and what to do.

/// A file that cannot be imported. Nothing of it is kept.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file's form is wrong at one place.
    #[error("{file}:{line}:{column}: {problem}; {help}")]
    Form {
        /// File name as given.
        file: String,
        /// Physical line, from 1.
        line: u64,
        /// Column (field) number, from 1; 0 where the whole line is meant.
        column: u64,
        /// What is wrong.
        problem: String,
        /// What to do about it.
        help: String,
    },
    /// The file could not be read at all.
    #[error("{file}: {source}")]
    Read {
        /// File name as given.
        file: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The receiver of the rows refused them (storage full, cancelled).
    #[error("{0}")]
    Sink(String),
}
