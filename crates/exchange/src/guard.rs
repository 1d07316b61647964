//! What stands in front of every parser: limits that act while bytes arrive (R-45, R-57 to R-59).
//!
//! Each reader takes any bytes and gives rows or a [`Refusal`] with its place; none takes memory that
//! the input merely promises to need. [`Meter`] counts what is kept and stops what runs too long.

mod code;
pub mod delimited;
pub mod json;
pub mod json_rows;
mod meter;
pub mod xlsx;
pub mod xml;
pub mod zip;

pub use code::{CODES, Code};
pub use meter::Meter;

use std::fmt;

/// Longest piece of the input that a message repeats.
const QUOTED: usize = 40;

/// Why bytes were refused: the place, a fixed code, what is wrong and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Refusal {
    /// Fixed code.
    pub code: Code,
    /// Physical line or row of a sheet, from 1; 0 where the file as a whole is meant.
    pub line: u64,
    /// Column, from 1; 0 where the whole line is meant.
    pub column: u64,
    /// Name of the place where line and column do not say it: a cell (`C17`), a part of a workbook.
    pub place: String,
    /// What is wrong.
    pub problem: String,
    /// What to do about it.
    pub help: String,
}

impl Refusal {
    /// A refusal of the file as a whole.
    #[must_use]
    pub fn new(code: Code, problem: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            code,
            line: 0,
            column: 0,
            place: String::new(),
            problem: problem.into(),
            help: help.into(),
        }
    }

    /// The same at a place.
    #[must_use]
    pub fn at(self, line: u64, column: u64) -> Self {
        Self {
            line,
            column,
            ..self
        }
    }

    /// The same with what to do about it, as an error.
    pub(crate) fn because(self, help: &str) -> GuardError {
        let help = help.to_owned();
        Self { help, ..self }.into()
    }

    /// The same in a named place.
    #[must_use]
    pub fn within(self, place: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            ..self
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.column) {
            (0, _) => {}
            (line, 0) => write!(f, "line {line}: ")?,
            (line, column) => write!(f, "line {line}, column {column}: ")?,
        }
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        write!(f, "{}; {}", self.problem, self.help)
    }
}

/// Why reading ended before the end.
#[derive(Debug, thiserror::Error)]
pub enum GuardError {
    /// The bytes are not what they must be.
    #[error("{0}")]
    Refused(Box<Refusal>),
    /// The bytes could not be read.
    #[error("the file could not be read: {0}")]
    Read(#[from] std::io::Error),
}

impl From<Refusal> for GuardError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

/// Result of a guarded reader.
pub type Result<T> = std::result::Result<T, GuardError>;

/// A piece of the input for a message: at most 40 characters, control characters escaped (R-52).
///
/// ```
/// use symbolon_exchange::guard::quoted;
/// assert_eq!(quoted("a\u{7}b"), "a\\u{7}b");
/// assert_eq!(quoted(&"x".repeat(50)).chars().count(), 41);
/// ```
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut out = String::new();
    for (i, c) in text.chars().enumerate() {
        if i == QUOTED {
            out.push('\u{2026}');
            break;
        }
        let plain = !c.is_control()
            && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
        if plain {
            out.push(c);
        } else {
            out.extend(c.escape_unicode());
        }
    }
    out
}
