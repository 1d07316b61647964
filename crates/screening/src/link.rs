//! Which known unit a printed text may mean. Numbers must agree, sizes should, words count by how rare they are among
//! the known names; each candidate has its points with the reason for each. A person accepts or refuses.

mod clusters;
mod parts;
mod points;

pub use clusters::spellings;
pub use points::LinkReason;

use crate::kind::Kind;
use crate::name::{Class, Name, Token};
use parts::Part;
use points::{Rarity, Rules, Side, compare};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;
use std::collections::BTreeMap;

/// How sure a link is, by its points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sureness {
    /// Worth a look.
    Low,
    /// Likely.
    Medium,
    /// Very likely.
    High,
}

impl Sureness {
    /// Stable word, as in files.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// A known unit that a printed text may mean.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Link {
    /// The unit.
    pub unit: String,
    /// The name of it that fits best.
    pub name: String,
    /// The part of the text that means it.
    pub part: String,
    /// Points, in hundredths.
    pub points: i32,
    /// How sure that is.
    pub sureness: Sureness,
    /// Whether every word and number is the same, and of no other known unit.
    pub exact: bool,
    /// Why, the weightiest first.
    pub reasons: Vec<LinkReason>,
}

/// A known name, ready to be compared.
struct Known {
    unit: u32,
    name: String,
    /// Whether it is the first name given of its unit: its own.
    own: bool,
    tokens: Vec<Token>,
}

/// Known units of one country, ready to be linked to.
pub struct Linker {
    units: Vec<String>,
    names: Vec<Known>,
    /// Names that hold a number or the sound of a word.
    holders: FxHashMap<Box<str>, Vec<u32>>,
    rarity: Rarity,
    places: FxHashSet<Box<str>>,
    country: Vec<String>,
}

impl Linker {
    /// Makes known units ready: each as its id and a name; names of their places, which say little of a unit; and
    /// names of their country, which say nothing within it.
    #[must_use]
    pub fn new(known: &[(String, String)], places: &[String], country: &[String]) -> Self {
        let mut linker = Self {
            units: vec![],
            names: vec![],
            holders: FxHashMap::default(),
            rarity: Rarity::default(),
            places: FxHashSet::default(),
            country: vec![],
        };
        let words = |text: &String| Name::read(text, Kind::Unit).tokens;
        let country = country.iter().flat_map(words);
        linker.country = country.map(|t| t.text.into()).collect();
        linker.places = places.iter().flat_map(words).map(|t| t.text).collect();
        let mut numbers: FxHashMap<&str, u32> = FxHashMap::default();
        let mut seen: FxHashSet<(u32, String)> = FxHashSet::default();
        for (unit, name) in known {
            let next = u32::try_from(linker.units.len()).unwrap_or(u32::MAX);
            let number = *numbers.entry(unit).or_insert(next);
            if number == next {
                linker.units.push(unit.clone());
            }
            let tokens = linker.read(name);
            let key = tokens.iter().map(|t| &*t.text).collect::<Vec<_>>();
            if !tokens.is_empty() && seen.insert((number, key.join(" "))) {
                linker.names.push(Known {
                    unit: number,
                    name: name.clone(),
                    own: number == next,
                    tokens,
                });
            }
        }
        linker.hold();
        linker
    }

    fn hold(&mut self) {
        let mut counts: FxHashMap<Box<str>, u32> = FxHashMap::default();
        for (at, name) in (0u32..).zip(&self.names) {
            for token in &name.tokens {
                let of = self.holders.entry(token.sound.clone()).or_default();
                if of.last() != Some(&at) {
                    of.push(at);
                    *counts.entry(token.sound.clone()).or_default() += 1;
                }
            }
        }
        self.rarity = Rarity::new(counts, self.names.len());
    }

    /// A text as compared: without little words, and without the country's own name where more is left.
    fn read(&self, text: &str) -> Vec<Token> {
        let mut tokens = Name::read(text, Kind::Unit).tokens;
        tokens.retain(|t| t.class != Class::Particle);
        let own = |t: &Token| self.country.iter().any(|c| is_of(c, &t.text));
        if tokens.iter().any(|t| !own(t)) {
            tokens.retain(|t| !own(t));
        }
        tokens
    }

    /// Whether a word only says where: a known place, the country, a little word.
    fn says_where(&self, word: &Token) -> bool {
        let own = self.country.iter().any(|c| is_of(c, &word.text));
        own || word.class == Class::Particle || self.places.contains(&word.text)
    }

    /// The known units that a printed text may mean, the likeliest first: each part of the text by itself, for a line
    /// of a report may name several.
    #[must_use]
    pub fn links(&self, printed: &str) -> Vec<Link> {
        let mut best: BTreeMap<u32, Link> = BTreeMap::new();
        for part in parts::of(printed) {
            for (unit, link) in self.of_part(&part) {
                match best.get(&unit) {
                    Some(was) if was.points >= link.points => {}
                    _ => {
                        best.insert(unit, link);
                    }
                }
            }
        }
        let mut links: Vec<Link> = best.into_values().collect();
        links.sort_by(|a, b| b.points.cmp(&a.points).then_with(|| a.unit.cmp(&b.unit)));
        links
    }

    fn of_part(&self, part: &Part) -> Vec<(u32, Link)> {
        let rules = Rules::shipped();
        let asked = self.read(&part.text);
        let near: FxHashSet<u32> = asked
            .iter()
            .filter_map(|t| self.holders.get(&t.sound))
            .flatten()
            .copied()
            .collect();
        let mut best: BTreeMap<u32, (i32, u32, Vec<LinkReason>)> = BTreeMap::new();
        let mut near: Vec<u32> = near.into_iter().collect();
        near.sort_unstable();
        for at in near {
            let known = &self.names[at as usize];
            let side = |tokens| Side {
                tokens,
                rarity: &self.rarity,
                places: &self.places,
            };
            let found = compare(rules, side(&asked), side(&known.tokens));
            let Some((mut points, mut reasons)) = found else {
                continue;
            };
            if known.own {
                points += rules.points.own_name;
                let says = "it is the name that the unit has on record".to_owned();
                reasons.push(LinkReason::new(says, rules.points.own_name));
            }
            if best.get(&known.unit).is_none_or(|(was, ..)| *was < points) {
                best.insert(known.unit, (points, at, reasons));
            }
        }
        let tail = Name::read(&part.tail, Kind::Unit).tokens;
        let only_places = tail.iter().all(|t| self.says_where(t));
        let all: Vec<i32> = best.values().map(|(points, ..)| *points).collect();
        let mut links = vec![];
        for (unit, (own, at, mut reasons)) in best {
            let rivals = all.iter().filter(|p| **p + 50 >= own).count() - 1;
            let mut points = own;
            let numbered = asked.iter().any(|t| t.class == Class::Number);
            if part.inner && !numbered {
                points += rules.points.part;
                let says = "more is printed beside this part".to_owned();
                reasons.push(LinkReason::new(says, rules.points.part));
            }
            if rivals > 0 {
                let takes = rules.points.as_good * i32::try_from(rivals.min(3)).unwrap_or(3);
                // What fits several is never very likely one of them.
                let most = rules.most_if_several() - points;
                let takes = takes.min(most);
                points += takes;
                reasons.push(LinkReason::new(
                    format!("{rivals} other known units fit as well"),
                    takes,
                ));
            }
            let Some(sureness) = rules.sureness(points) else {
                continue;
            };
            reasons.sort_by_key(|r| std::cmp::Reverse(r.adds.abs()));
            let exact = rivals == 0
                && !part.inner
                && only_places
                && reasons.iter().any(|r| r.adds == rules.points.same);
            links.push((
                unit,
                Link {
                    unit: self.units[unit as usize].clone(),
                    name: self.names[at as usize].name.clone(),
                    part: part.text.clone(),
                    points,
                    sureness,
                    exact,
                    reasons,
                },
            ));
        }
        links
    }
}

/// Whether a word is a country's name or what is of it: *Nigerian* of *Nigeria*.
fn is_of(country: &str, word: &str) -> bool {
    let shared = country
        .bytes()
        .zip(word.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    let longer = word.len() >= country.len() && word.len() <= shared + 3;
    word == country || (shared >= 5 && shared + 2 >= country.len() && longer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn linker() -> Linker {
        let known = [
            ("a", "82 Test Battalion"),
            ("b", "82 Test Brigade"),
            ("c", "115 Special Operations Group Testport"),
            ("d", "Zubrowkan Navy Ship Beecroft"),
            ("e", "First Garrison Company"),
            ("f", "First Garrison Company"),
            ("g", "25 Test Battalion"),
        ];
        let known: Vec<(String, String)> = known
            .iter()
            .map(|(id, name)| ((*id).to_owned(), (*name).to_owned()))
            .collect();
        Linker::new(&known, &["Testville".to_owned()], &["Zubrowka".to_owned()])
    }

    fn first(printed: &str) -> (String, Sureness) {
        let links = linker().links(printed);
        links.first().map_or((String::new(), Sureness::Low), |l| {
            (l.unit.clone(), l.sureness)
        })
    }

    #[test]
    fn number_and_size_written_another_way_are_the_unit_and_a_place_takes_nothing() {
        assert_eq!(
            first("82nd Test Bn, Testville"),
            ("a".into(), Sureness::High)
        );
        assert_eq!(first("82 TEST BDE"), ("b".into(), Sureness::High));
        assert_eq!(first("115 SPEC OPS GRP TESTPORT 13935 7/17/2009").0, "c");
        assert_eq!(first("Zubrowka Navy Ship BEACROFT").0, "d");
    }

    #[test]
    fn another_number_is_another_unit_and_two_of_one_name_are_less_sure() {
        assert_eq!(first("83 Test Battalion").0, "");
        let two = linker().links("1st Garrison Company");
        assert_eq!(two.len(), 2);
        assert!(
            !two[0].exact
                && two[0]
                    .reasons
                    .iter()
                    .any(|r| r.says.contains("fit as well"))
        );
    }

    #[test]
    fn a_line_that_names_several_units_is_linked_to_each() {
        let mut found: Vec<String> = linker()
            .links("25 Test Bn & 82 Test Bn")
            .into_iter()
            .filter(|l| l.sureness == Sureness::High)
            .map(|l| l.unit)
            .collect();
        found.sort();
        assert_eq!(found, ["a", "g"]);
    }

    #[test]
    fn what_is_of_a_country_is_no_word_of_a_unit() {
        assert!(is_of("nigeria", "nigerian") && is_of("mali", "mali"));
        assert!(!is_of("mali", "malindi") && !is_of("nigeria", "niger"));
    }
}
