//! Counted nouns in the reader's language: the plural classes of CLDR 47 for whole numbers. Figures stay
//! European and run left to right in every language.

use super::{Catalogue, Language, current, spoken::hear};
use crate::view::format::count;

/// The plural class of a whole number.
pub(super) fn class(language: Language, n: i64) -> &'static str {
    let n = n.unsigned_abs();
    match language {
        Language::Arabic => match (n, n % 100) {
            (0, _) => "zero",
            (1, _) => "one",
            (2, _) => "two",
            (_, 3..=10) => "few",
            (_, 11..=99) => "many",
            _ => "other",
        },
        Language::French | Language::Portuguese if n == 0 => "one",
        _ if n == 1 => "one",
        Language::French | Language::Spanish | Language::Portuguese
            if n != 0 && n.is_multiple_of(1_000_000) =>
        {
            "many"
        }
        _ => "other",
    }
}

/// A number of things in the language spoken, if its catalogue counts them; nothing for English.
#[must_use]
pub fn several(n: i64, noun: &str) -> Option<String> {
    let language = current();
    let words = Catalogue::of(language)?.class(noun, class(language, n));
    hear(noun, words.is_some());
    Some(words?.replace("{}", &count(n)))
}
