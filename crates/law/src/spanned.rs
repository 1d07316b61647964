//! TOML with places: texts that remember where in which file they stand.

use crate::error::LawError;
use crate::source::Source;
use serde::de::DeserializeOwned;

/// A text and the place of its first character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At {
    /// The text, quotes taken away.
    pub text: String,
    /// File.
    pub file: String,
    /// Line of the first character.
    pub line: usize,
    /// Column of the first character.
    pub column: usize,
}

impl At {
    /// From a spanned string of a file.
    #[must_use]
    pub fn of(file: &str, text: &str, spanned: &toml::Spanned<String>) -> Self {
        let start = spanned.span().start;
        let rest = text.get(start..).unwrap_or("");
        let opening = ["'''\n", "\"\"\"\n", "'''", "\"\"\"", "'", "\""];
        let quotes = opening
            .iter()
            .find(|q| rest.starts_with(**q))
            .map_or(0, |q| q.len());
        let at = LawError::at(file, text, start + quotes, "");
        Self {
            text: spanned.get_ref().clone(),
            file: file.to_owned(),
            line: at.line,
            column: at.column,
        }
    }

    /// A fault at a byte of the text.
    #[must_use]
    pub fn fault(&self, byte: usize, message: impl Into<String>) -> LawError {
        let inner = LawError::at(&self.file, &self.text, byte, message);
        let first = inner.line == 1;
        LawError {
            line: self.line + inner.line - 1,
            column: if first {
                self.column + inner.column - 1
            } else {
                inner.column
            },
            ..inner
        }
    }
}

/// Parses a file of the rulebook; its text and what it says.
///
/// # Errors
/// When it is missing, is not TOML, or has an unknown or a missing key.
pub fn parse<'a, T: DeserializeOwned>(
    source: &'a Source,
    name: &str,
) -> Result<(&'a str, T), LawError> {
    let text = source
        .text(name)
        .ok_or_else(|| LawError::of(name, "the file is missing"))?;
    let parsed = toml::from_str(text).map_err(|e| {
        let at = e.span().map_or(0, |s| s.start);
        LawError::at(name, text, at, e.message().to_owned())
    })?;
    Ok((text, parsed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct One {
        when: toml::Spanned<String>,
    }

    #[test]
    fn places_inside_a_string_are_places_in_the_file() {
        let text = "asks = 1\nwhen = \"a && b\"\n";
        let one: One = toml::from_str(text).unwrap();
        let at = At::of("rule.toml", text, &one.when);
        assert_eq!(
            at.fault(5, "no fact `b`").to_string(),
            "rule.toml:2:14: no fact `b`"
        );
    }

    #[test]
    fn places_on_later_lines_count_from_the_margin() {
        let text = "when = '''\na &&\nbb'''\n";
        let one: One = toml::from_str(text).unwrap();
        let at = At::of("rule.toml", text, &one.when);
        assert_eq!(at.fault(5, "x").to_string(), "rule.toml:3:1: x");
    }
}
