//! Points for a printed text and a known name, each with its reason. What a finding is worth is data.

use super::Sureness;
use crate::distance::Pattern;
use crate::name::{Class, Token};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// One reason for the points of a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LinkReason {
    /// What it says, for people.
    pub says: String,
    /// What it adds, in hundredths of a point.
    pub adds: i32,
}

impl LinkReason {
    pub(super) fn new(says: String, adds: i32) -> Self {
        Self { says, adds }
    }
}

/// What findings are worth.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Points {
    pub same: i32,
    pub numbers: i32,
    pub more_numbers: i32,
    pub size: i32,
    pub other_size: i32,
    pub size_missing: i32,
    pub word: i32,
    pub word_missing: i32,
    pub word_more: i32,
    pub place_more: i32,
    pub same_but_place: i32,
    pub part: i32,
    pub own_name: i32,
    pub as_good: i32,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bounds {
    high: i32,
    medium: i32,
    low: i32,
}

/// The shipped rules.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rules {
    #[serde(rename = "source")]
    _source: String,
    sizes: BTreeSet<String>,
    pub points: Points,
    confidence: Bounds,
}

impl Rules {
    /// The shipped rules; none, so that nothing is linked, if the file is damaged (a test reads it).
    pub(super) fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Rules> = OnceLock::new();
        let text = include_str!("../../data/units.toml");
        SHIPPED.get_or_init(|| toml::from_str(text).unwrap_or_default())
    }

    /// Whether a word says how large a unit is or what sort of house.
    pub(super) fn is_size(&self, word: &str) -> bool {
        self.sizes.contains(word)
    }

    /// The most points of a link that several known units fit.
    pub(super) fn most_if_several(&self) -> i32 {
        self.confidence.high - 1
    }

    /// How sure points make us; nothing where it is not worth a look.
    pub(super) fn sureness(&self, points: i32) -> Option<Sureness> {
        match points {
            p if p >= self.confidence.high => Some(Sureness::High),
            p if p >= self.confidence.medium => Some(Sureness::Medium),
            p if p >= self.confidence.low => Some(Sureness::Low),
            _ => None,
        }
    }
}

/// How rare words are among the names of known units.
#[derive(Clone, Debug, Default)]
pub(super) struct Rarity {
    held: FxHashMap<Box<str>, u32>,
    names: f32,
}

/// What a word counts that stands in no known name: it may be a place, a course, or what tells a unit from all known.
const UNKNOWN: f32 = 0.6;

impl Rarity {
    /// From how many of `names` names hold each sound.
    pub(super) fn new(held: FxHashMap<Box<str>, u32>, names: usize) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "a count of names")]
        let names = (names as f32).max(20.0);
        Self { held, names }
    }

    /// From 0, where every name holds it, to 1, where one does.
    fn of(&self, token: &Token) -> f32 {
        match self.held.get(&token.sound) {
            #[expect(clippy::cast_precision_loss, reason = "a count of names")]
            Some(n) => (1.0 - (*n as f32).ln() / self.names.ln()).clamp(0.0, 1.0),
            None => UNKNOWN,
        }
    }
}

/// The words of one side.
#[derive(Clone, Copy)]
pub(super) struct Side<'a> {
    pub tokens: &'a [Token],
    pub rarity: &'a Rarity,
    pub places: &'a FxHashSet<Box<str>>,
}

impl<'a> Side<'a> {
    fn numbers(self) -> BTreeSet<&'a str> {
        let of = self.tokens.iter().filter(|t| t.class == Class::Number);
        of.map(|t| &*t.text).collect()
    }

    fn sizes(self, rules: &Rules) -> BTreeSet<&'a str> {
        let words = self.tokens.iter().map(|t| &*t.text);
        words.filter(|w| rules.sizes.contains(*w)).collect()
    }

    fn words(self, rules: &Rules) -> Vec<&'a Token> {
        let plain = |t: &&Token| t.class != Class::Number && !rules.sizes.contains(&*t.text);
        self.tokens.iter().filter(plain).collect()
    }

    /// All words in order of the alphabet, with or without names of places.
    fn bag(self, places: bool) -> Vec<&'a str> {
        let words = self.tokens.iter().map(|t| &*t.text);
        let kept = words.filter(|w| places || !self.places.contains(*w));
        let mut words: Vec<&str> = kept.collect();
        words.sort_unstable();
        words
    }
}

/// Whether two words are one, as heard or but for a letter.
fn alike(a: &Token, b: &Token) -> bool {
    if a.text == b.text {
        return true;
    }
    let least = a.text.len().min(b.text.len());
    let allowed = match least {
        0..=4 => return false,
        5..=8 => 1,
        _ => 2,
    };
    a.sound == b.sound || Pattern::new(&a.text).distance(&b.text) <= allowed
}

/// A share of points by a word's weight.
fn share(points: i32, weight: f32) -> i32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "a few hundred"
    )]
    let share = (points as f32 * weight).round() as i32;
    share
}

/// Points and reasons; nothing where the two cannot be one: the known unit has a number that is not printed, or
/// nothing that tells units apart is shared.
pub(super) fn compare(
    rules: &Rules,
    asked: Side<'_>,
    known: Side<'_>,
) -> Option<(i32, Vec<LinkReason>)> {
    let p = &rules.points;
    let mut reasons: Vec<LinkReason> = vec![];
    let mut add = |says: String, adds: i32| {
        if adds != 0 {
            reasons.push(LinkReason::new(says, adds));
        }
    };
    let (own, theirs) = (asked.numbers(), known.numbers());
    if !theirs.is_subset(&own) {
        return None;
    }
    if !theirs.is_empty() {
        add(
            format!("the number {} is the same", joined(&theirs)),
            p.numbers,
        );
    }
    if theirs != own {
        let more: BTreeSet<&str> = own.difference(&theirs).copied().collect();
        add(
            format!("{} is printed besides", joined(&more)),
            p.more_numbers,
        );
    }
    let same = asked.bag(true) == known.bag(true);
    let but_place = !same && !known.bag(false).is_empty() && asked.bag(false) == known.bag(true);
    if same {
        add("every word and number is the same".to_owned(), p.same);
    } else if but_place {
        let says = "every word and number is the same but for a place";
        add(says.to_owned(), p.same_but_place);
    }
    sizes(rules, asked, known, &mut add);
    let distinct = words(rules, (asked, known), &mut add);
    let told = !theirs.is_empty() || distinct || same || but_place;
    let points = reasons.iter().map(|r| r.adds).sum();
    told.then_some((points, reasons))
}

fn sizes(rules: &Rules, asked: Side<'_>, known: Side<'_>, add: &mut impl FnMut(String, i32)) {
    let p = &rules.points;
    let (own, theirs) = (asked.sizes(rules), known.sizes(rules));
    let both: BTreeSet<&str> = own.intersection(&theirs).copied().collect();
    match (own.is_empty(), theirs.is_empty()) {
        (true, true) => {}
        _ if own == theirs => add(format!("{}: the same size or house", joined(&both)), p.size),
        (false, false) if both.is_empty() => add(
            format!("{} is not {}", joined(&own), joined(&theirs)),
            p.other_size,
        ),
        _ => {
            let only: BTreeSet<&str> = own.symmetric_difference(&theirs).copied().collect();
            let adds = if both.is_empty() { 0 } else { p.size };
            add(
                format!("{} stands on one side only", joined(&only)),
                adds + p.size_missing,
            );
        }
    }
}

/// Words beside numbers and sizes; whether one that tells units apart is shared.
fn words(
    rules: &Rules,
    (asked, known): (Side<'_>, Side<'_>),
    add: &mut impl FnMut(String, i32),
) -> bool {
    let p = &rules.points;
    let (mut left, theirs) = (asked.words(rules), known.words(rules));
    let mut shared = 0.0;
    for word in theirs {
        let weight = known.rarity.of(word);
        match left.iter().position(|w| alike(w, word)) {
            Some(at) => {
                let printed = left.remove(at);
                shared += weight;
                let how = if printed.text == word.text {
                    ""
                } else {
                    ", written otherwise"
                };
                add(format!("{}{how}", word.text), share(p.word, weight));
            }
            None => add(
                format!("{} is not printed", word.text),
                share(p.word_missing, weight),
            ),
        }
    }
    for word in left {
        let adds = match asked.places.contains(&word.text) {
            true => p.place_more,
            false => share(p.word_more, asked.rarity.of(word)),
        };
        add(format!("{} is printed besides", word.text), adds);
    }
    shared >= 0.5
}

fn joined(words: &BTreeSet<&str>) -> String {
    words.iter().copied().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_rules_are_whole() {
        let rules: Rules = toml::from_str(include_str!("../../data/units.toml")).unwrap();
        assert!(rules.sizes.contains("battalion") && rules.points.numbers > 0);
        assert!(rules.confidence.high > rules.confidence.medium);
        assert!(rules.confidence.medium > rules.confidence.low);
        assert_eq!(rules.sureness(rules.points.same), Some(Sureness::High));
        assert_eq!(rules.sureness(0), None);
    }
}
