//! Text that a spreadsheet would take for a formula.

use std::borrow::Cow;

/// A text with a `'` before it where a spreadsheet would run it: the first character, after byte order
/// marks and zero-width characters, is one of `= + - @ | TAB CR LF NUL` or a full-width form of one.
#[must_use]
pub fn guarded(text: &str) -> Cow<'_, str> {
    if live(text) || text.starts_with('\'') && live(text.trim_start_matches('\'')) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text without the `'` that [`guarded`] put before it.
#[must_use]
pub fn unguarded(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if live(rest.trim_start_matches('\'')) => rest,
        _ => text,
    }
}

fn live(text: &str) -> bool {
    let first = text.chars().find(|c| {
        !matches!(
            c,
            '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{180e}'
        )
    });
    matches!(
        first,
        Some(
            '=' | '+'
                | '-'
                | '@'
                | '|'
                | '\t'
                | '\r'
                | '\n'
                | '\0'
                | '\u{ff1d}'
                | '\u{ff0b}'
                | '\u{ff0d}'
                | '\u{ff20}'
                | '\u{ff5c}'
        )
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formulas_are_put_to_sleep_and_plain_text_left_alone() {
        assert_eq!(guarded("=1+1"), "'=1+1");
        assert_eq!(
            guarded("\u{feff}\u{200b}@SUM(A1)"),
            "'\u{feff}\u{200b}@SUM(A1)"
        );
        assert_eq!(guarded("\u{ff1d}1"), "'\u{ff1d}1");
        assert_eq!(guarded("N/A - 306"), "N/A - 306");
        assert_eq!(guarded("'quoted'"), "'quoted'");
    }

    proptest! {
        #[test]
        fn what_goes_out_comes_back(text in "['=+@a\u{feff} -]{0,6}") {
            let out = guarded(&text);
            prop_assert_eq!(unguarded(&out), text.as_str());
            prop_assert!(!live(&out));
        }
    }
}
