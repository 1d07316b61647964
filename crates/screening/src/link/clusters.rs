//! Texts of one country that are probably one unit, spelled in many ways: the same words and numbers once abbreviations,
//! order, the country's own name and what stands behind a comma are put aside. Nothing is decided by it.

use super::{is_of, parts, points::Rules};
use crate::kind::Kind;
use crate::name::{Class, Name, Token};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// What texts are compared by: their words in order of the alphabet. Nothing where too little is left to tell units
/// apart: a size or a number alone.
fn key(text: &str, country: &[String]) -> Option<String> {
    let mut tokens = Name::read(text, Kind::Unit).tokens;
    tokens.retain(|t| t.class != Class::Particle);
    let own = |t: &Token| country.iter().any(|c| is_of(c, &t.text));
    if tokens.iter().any(|t| !own(t)) {
        tokens.retain(|t| !own(t));
    }
    let numbers = tokens.iter().any(|t| t.class == Class::Number);
    let words = tokens.iter().filter(|t| t.class != Class::Number).count();
    let size = |t: &Token| Rules::shipped().is_size(&t.text);
    let named = tokens.iter().any(|t| t.class != Class::Number && !size(t));
    if !(numbers && words > 0 || named && words > 1) {
        return None;
    }
    let mut all: Vec<&str> = tokens.iter().map(|t| &*t.text).collect();
    all.sort_unstable();
    all.dedup();
    Some(all.join(" "))
}

/// Groups of texts that are probably one unit, by their places in `texts`; each text in one group, most of them alone.
/// Texts that name several units are compared as a whole.
#[must_use]
pub fn spellings(texts: &[String], country: &[String]) -> Vec<Vec<usize>> {
    let read = |name: &String| Name::read(name, Kind::Unit).tokens;
    let own: Vec<String> = country
        .iter()
        .flat_map(read)
        .map(|t| t.text.into())
        .collect();
    let mut root: Vec<usize> = (0..texts.len()).collect();
    let mut first: FxHashMap<String, usize> = FxHashMap::default();
    for (at, text) in texts.iter().enumerate() {
        let parts = parts::of(text);
        let outer = parts.iter().filter(|p| !p.inner);
        for key in outer.filter_map(|p| key(&p.text, &own)) {
            let other = *first.entry(key).or_insert(at);
            let (one, two) = (find(&mut root, at), find(&mut root, other));
            root[one.max(two)] = one.min(two);
        }
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in 0..texts.len() {
        groups.entry(find(&mut root, at)).or_default().push(at);
    }
    groups.into_values().collect()
}

fn find(root: &mut [usize], mut at: usize) -> usize {
    while root[at] != at {
        root[at] = root[root[at]];
        at = root[at];
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn grouped(texts: &[&str]) -> Vec<Vec<usize>> {
        let texts: Vec<String> = texts.iter().map(|t| (*t).to_owned()).collect();
        spellings(&texts, &["Zubrowka".to_owned()])
    }

    #[test]
    fn one_unit_in_many_spellings_is_one_group_and_another_number_is_another() {
        let groups = grouped(&[
            "1st Infantry Battalion",
            "1 INF BN",
            "Infantry Bn 1, Testville",
            "2nd Infantry Battalion",
            "Zubrowkan First Inf. Batallion",
            "Battalion",
            "Bn",
        ]);
        assert_eq!(groups, [vec![0, 1, 2, 4], vec![3], vec![5], vec![6]]);
    }

    proptest! {
        /// Every text is in one group, whatever is printed.
        #[test]
        fn every_text_is_in_one_group(texts in prop::collection::vec("[A-Za-z0-9 ,&/.]{0,24}", 0..20)) {
            let groups = spellings(&texts, &[]);
            let mut all: Vec<usize> = groups.into_iter().flatten().collect();
            all.sort_unstable();
            prop_assert_eq!(all, (0..texts.len()).collect::<Vec<_>>());
        }
    }
}
