//! What is wrong in a rulebook, with the place where it stands.

use serde::Serialize;
use std::fmt;

/// A fault in a file of the rulebook, or in a file of packages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LawError {
    /// File, relative to the rulebook's folder.
    pub file: String,
    /// Line, from 1; 0 where the fault is not at a line.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong, in lower case.
    pub message: String,
}

impl LawError {
    /// A fault of a whole file.
    #[must_use]
    pub fn of(file: &str, message: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line: 0,
            column: 0,
            message: message.into(),
        }
    }

    /// A fault at a byte of a file's text.
    #[must_use]
    pub fn at(file: &str, text: &str, byte: usize, message: impl Into<String>) -> Self {
        let before = text.get(..byte).unwrap_or(text);
        let start = before.rfind('\n').map_or(0, |i| i + 1);
        Self {
            file: file.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before[start..].chars().count() + 1,
            message: message.into(),
        }
    }
}

impl fmt::Display for LawError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 {
            return write!(f, "{}: {}", self.file, self.message);
        }
        write!(
            f,
            "{}:{}:{}: {}",
            self.file, self.line, self.column, self.message
        )
    }
}

impl std::error::Error for LawError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_points_at_line_and_column() {
        let e = LawError::at("rule.toml", "a = 1\nwhen = \"x\"", 14, "no fact `x`");
        assert_eq!(e.to_string(), "rule.toml:2:9: no fact `x`");
    }
}
