//! The units that one printed text names: *22, 26 and 93 Bns* names three, *Naval HQ, Garki, Abuja* one with its place.

use super::points::Rules;
use crate::kind::Kind;
use crate::name::{Class, Name, Token};
use std::collections::BTreeSet;

/// A part of a printed text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// The part.
    pub text: String,
    /// Whether more than a place or a comma's tail was left out: then the whole may be another unit.
    pub inner: bool,
    /// What stands behind the comma that ends it.
    pub tail: String,
}

/// Every part that may be a unit by itself, the whole text first, each once.
pub(super) fn of(printed: &str) -> Vec<Part> {
    let text = cleaned(printed);
    let part = |text: &str, inner: bool, tail: &str| Part {
        text: text.to_owned(),
        inner,
        tail: tail.trim().to_owned(),
    };
    let mut parts = vec![part(&text, false, "")];
    if let Some((head, tail)) = text.split_once(',') {
        let says_more = |t: &Token| t.class == Class::Number || Rules::shipped().is_size(&t.text);
        let more = Name::read(tail, Kind::Unit).tokens.iter().any(says_more);
        parts.push(part(head.trim(), more, tail));
    }
    let between = text.split([';', '/', '&', '+']).map(str::trim);
    parts.extend(between.clone().map(|p| part(p, true, "")));
    let numbered = |p: &&str| p.starts_with(|c: char| c.is_ascii_digit());
    for piece in between {
        let listed: Vec<&str> = piece.split(',').map(str::trim).filter(numbered).collect();
        if listed.len() > 1 {
            parts.extend(listed.iter().map(|p| part(p, true, "")));
        }
    }
    parts.extend(each_number(&text).iter().map(|p| part(p, true, "")));
    let mut seen = BTreeSet::new();
    let says = |p: &Part| p.text.chars().any(char::is_alphanumeric);
    parts.retain(|p| says(p) && seen.insert(p.text.to_lowercase()));
    parts
}

/// Without amounts and dates that slipped in at its end.
fn cleaned(printed: &str) -> String {
    let mut words: Vec<&str> = printed.split_whitespace().collect();
    let slipped = |w: &&str| {
        let digits = w.chars().filter(char::is_ascii_digit).count();
        let rest = w.chars().all(|c| c.is_ascii_digit() || "/.,-$".contains(c));
        digits >= 4 && rest
    };
    while words.len() > 1 && words.last().is_some_and(slipped) {
        words.pop();
    }
    words
        .join(" ")
        .trim_matches(['"', '\'', ' ', ','])
        .to_owned()
}

/// `22, 26 & 93 BNs`: each number with the word that follows the last.
fn each_number(text: &str) -> Vec<String> {
    let tokens = Name::read(text, Kind::Unit).tokens;
    let tokens = tokens
        .iter()
        .filter(|t| t.class != Class::Particle && &*t.text != "and");
    let (mut numbers, mut parts): (Vec<&str>, Vec<String>) = (vec![], vec![]);
    for token in tokens {
        if token.class == Class::Number {
            numbers.push(&token.text);
            continue;
        }
        if numbers.len() > 1 {
            parts.extend(numbers.iter().map(|n| format!("{n} {}", token.text)));
        }
        numbers.clear();
    }
    parts
}

#[cfg(test)]
mod tests {

    fn of(printed: &str) -> Vec<String> {
        super::of(printed).into_iter().map(|p| p.text).collect()
    }

    #[test]
    fn a_list_of_numbers_is_each_with_its_size() {
        let parts = of("22, 192, 26 & 93 BNs");
        for one in [
            "22 battalion",
            "192 battalion",
            "26 battalion",
            "93 battalion",
        ] {
            assert!(parts.iter().any(|p| p == one), "{one}: {parts:?}");
        }
        let parts = of("2 BN, 25 SER, 312 BN");
        assert!(parts.contains(&"25 SER".to_owned()) && parts.contains(&"312 BN".to_owned()));
    }

    #[test]
    fn a_date_and_an_amount_at_the_end_are_left_out_and_a_word_never_is() {
        assert_eq!(
            of("97 SPECIAL OPERATIONS 13935 7/17/2009"),
            ["97 SPECIAL OPERATIONS"]
        );
        assert_eq!(of("353"), ["353"]);
        assert!(of(" - ").is_empty());
    }
}
