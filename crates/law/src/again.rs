//! One package put again and again with small changes: only what a change can touch is worked out anew.

use crate::answer::{Desk, Outcome, said};
use crate::book::Rulebook;
use crate::eval::Results;
use crate::node::NodeId;
use crate::package::Package;
use crate::rule::{Rule, Verdict};
use crate::schema::{Type, UNKNOWN};
use crate::tri::Tri;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// Some rules and the steps they stand on.
#[derive(Clone, Debug)]
pub struct Slice {
    rules: Vec<usize>,
    nodes: Vec<NodeId>,
}

impl Slice {
    /// The rules, by their numbers.
    #[must_use]
    pub fn rules(&self) -> &[usize] {
        &self.rules
    }
}

fn stands_on(rule: &Rule) -> [NodeId; 3] {
    [rule.hit, rule.lifted, rule.test]
}

impl Desk<'_> {
    /// Some rules by their numbers, made ready to be put alone many times over.
    #[must_use]
    pub fn slice(&self, rules: &[usize]) -> Slice {
        let roots = rules.iter().flat_map(|i| stands_on(&self.book.rules[*i]));
        Slice {
            nodes: self.book.tables.needed(roots),
            rules: rules.to_vec(),
        }
    }

    /// How many rules of a slice refuse a package.
    pub fn refusing(&mut self, slice: &Slice, package: &Package) -> usize {
        self.saying(slice, package, Verdict::Refused)
    }

    /// Whether an authority whose text was read covers a package.
    pub fn read(&mut self, package: &Package) -> bool {
        let book = self.book;
        let authority = book.schema.fact("authority");
        let stated = authority.map_or(UNKNOWN, |f| package.facts[usize::from(f)]);
        let by_word = book.authorities.get_or_init(|| self.authorities());
        let at = usize::try_from(stated).unwrap_or(usize::MAX);
        let slice = by_word.get(at).unwrap_or(&by_word[by_word.len() - 1]);
        self.saying(slice, package, Verdict::Noted) > 0
    }

    /// The rules of authorities whose text was read: for each word for an authority those that it does
    /// not rule out, and last all of them.
    fn authorities(&self) -> Vec<Slice> {
        let book = self.book;
        let all = (0..book.rules.len()).filter(|i| read(&book.rules[*i]));
        let all: Vec<usize> = all.collect();
        let fact = book.schema.fact("authority");
        let words = fact.map_or(0, |f| book.words(f));
        let narrowed = (0..words).map(|word| {
            let silent = Silent::of(book, fact.unwrap_or_default(), word as i64);
            let open = all
                .iter()
                .copied()
                .filter(|i| !silent.rule(&book.rules[*i]));
            self.slice(&open.collect::<Vec<_>>())
        });
        narrowed.chain([self.slice(&all)]).collect()
    }

    /// How many rules of a slice say this of a package.
    fn saying(&mut self, slice: &Slice, package: &Package, verdict: Verdict) -> usize {
        let (tables, facts) = (&self.book.tables, &package.facts);
        tables.run_some(&slice.nodes, facts, package.assume, &mut self.results);
        let says = |i: &&usize| said(&self.book.rules[**i], &self.results) == verdict;
        slice.rules.iter().filter(says).count()
    }
}

/// Whether a rule is of an authority whose text was read.
fn read(rule: &Rule) -> bool {
    rule.stable() && rule.topic == "authority"
}

/// Steps and rules that read some facts.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    nodes: Vec<NodeId>,
    rules: Vec<usize>,
}

impl Reach {
    pub(crate) const fn nothing() -> Self {
        Self {
            nodes: vec![],
            rules: vec![],
        }
    }

    /// For each fact what it reaches.
    #[must_use]
    pub fn of_facts(book: &Rulebook) -> Vec<Self> {
        let readers = book.tables.readers();
        let reach = |nodes| Self::of(&book.rules, nodes);
        readers.into_iter().map(reach).collect()
    }

    /// Without the rules that have nothing to say once the fact has this value, and their steps.
    fn narrowed(&self, book: &Rulebook, fact: u16, value: i64) -> Self {
        let silent = Silent::of(book, fact, value);
        let open = |i: &usize| !silent.rule(&book.rules[*i]);
        let rules: Vec<usize> = self.rules.iter().copied().filter(open).collect();
        let roots = rules.iter().flat_map(|i| stands_on(&book.rules[*i]));
        let mut nodes = book.tables.needed(roots);
        nodes.retain(|n| self.nodes.binary_search(n).is_ok());
        Self { nodes, rules }
    }

    /// Steps, and the rules that stand on them.
    fn of(rules: &[Rule], nodes: Vec<NodeId>) -> Self {
        let reads = |n: &NodeId| nodes.binary_search(n).is_ok();
        let touched = |(i, rule): (usize, &Rule)| stands_on(rule).iter().any(reads).then_some(i);
        let rules = rules.iter().enumerate().filter_map(touched).collect();
        Self { nodes, rules }
    }
}

/// What is certain once one fact is known and nothing else.
struct Silent(Results);

impl Silent {
    fn of(book: &Rulebook, fact: u16, value: i64) -> Self {
        let mut facts = vec![UNKNOWN; book.schema.facts.len()];
        facts[usize::from(fact)] = value;
        let mut results = Results::default();
        book.tables.certain(&facts, &mut results);
        Self(results)
    }

    /// Whether a rule has nothing to say, whatever else becomes known.
    fn rule(&self, rule: &Rule) -> bool {
        self.0.truth(rule.hit) == Tri::FALSE
    }
}

impl Rulebook {
    /// How many words a fact may take; none where it takes no words.
    fn words(&self, fact: u16) -> usize {
        match self.schema.facts[usize::from(fact)].kind {
            Type::Word(v) => self.schema.vocabularies[usize::from(v)].words.len(),
            _ => 0,
        }
    }

    /// What a fact reaches when it takes this value: of the rules that read it, those that the value
    /// does not rule out by itself.
    fn reach_under(&self, fact: u16, value: i64) -> &Reach {
        let slots = self.under.get_or_init(|| {
            let facts = self.schema.facts.iter();
            facts.map(|_| OnceLock::new()).collect()
        });
        let narrowed = |word: usize| self.reach(fact).narrowed(self, fact, word as i64);
        let of_words =
            slots[usize::from(fact)].get_or_init(|| (0..self.words(fact)).map(narrowed).collect());
        let word = usize::try_from(value).unwrap_or(usize::MAX);
        of_words.get(word).unwrap_or_else(|| self.reach(fact))
    }
}

/// A package as it stands, and what changes of some of its facts can touch.
#[derive(Debug)]
pub struct Base<'r> {
    results: Results,
    verdicts: Vec<Verdict>,
    touched: BTreeMap<Vec<u16>, (Cow<'r, Reach>, Sum)>,
    scratch: Results,
}

/// What all rules say to a changed package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sum {
    /// Whether any rule refuses, a draft one included.
    pub refused: bool,
    /// The outcome over stable rules.
    pub outcome: Outcome,
}

impl<'r> Base<'r> {
    /// A package, put to all rules once.
    pub fn of(desk: &mut Desk<'r>, package: &Package) -> Self {
        let verdicts = desk.verdicts(package);
        Self {
            results: desk.results.clone(),
            verdicts,
            touched: BTreeMap::new(),
            scratch: Results::default(),
        }
    }

    /// The stable rules that refuse the package as it stands.
    pub fn refusing(&self, book: &Rulebook) -> Vec<usize> {
        let refuses = |i: &usize| self.verdicts[*i] == Verdict::Refused && book.rules[*i].stable();
        (0..book.rules.len()).filter(refuses).collect()
    }

    /// What all rules say to the package with changes of these facts (sorted, each once).
    pub fn changed(&mut self, desk: &Desk<'r>, facts: &[u16], package: &Package) -> Sum {
        if !self.touched.contains_key(facts) {
            let touched = self.touch(desk.book, facts);
            self.touched.insert(facts.to_vec(), touched);
        }
        let (reach, mut sum) = (&self.touched[facts].0, self.touched[facts].1);
        if sum.refused {
            return sum;
        }
        let reach = match facts {
            [fact] => desk
                .book
                .reach_under(*fact, package.facts[usize::from(*fact)]),
            _ => reach,
        };
        self.scratch.clone_from(&self.results);
        let tables = &desk.book.tables;
        let facts = &package.facts;
        tables.run_some(&reach.nodes, facts, package.assume, &mut self.scratch);
        for i in &reach.rules {
            let rule = &desk.book.rules[*i];
            sum.add(rule, said(rule, &self.scratch));
        }
        sum
    }

    /// What these facts reach, and what the rules say that they do not reach.
    fn touch(&self, book: &'r Rulebook, facts: &[u16]) -> (Cow<'r, Reach>, Sum) {
        let reach = match facts {
            [fact] => Cow::Borrowed(book.reach(*fact)),
            many => {
                let nodes = many
                    .iter()
                    .flat_map(|f| book.reach(*f).nodes.iter().copied());
                let nodes: BTreeSet<NodeId> = nodes.collect();
                Cow::Owned(Reach::of(&book.rules, nodes.into_iter().collect()))
            }
        };
        let mut sum = Sum {
            refused: false,
            outcome: Outcome::Allowed,
        };
        let mut touched = reach.rules.iter().peekable();
        for (i, rule) in book.rules.iter().enumerate() {
            if touched.next_if_eq(&&i).is_none() {
                sum.add(rule, self.verdicts[i]);
            }
        }
        (reach, sum)
    }
}

impl Sum {
    fn add(&mut self, rule: &Rule, verdict: Verdict) {
        self.refused |= verdict == Verdict::Refused;
        if rule.stable() {
            self.outcome = self.outcome.max(Outcome::of(verdict));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::from_toml;

    #[test]
    fn rules_put_alone_say_what_they_say_among_all() {
        let book = Rulebook::embedded().unwrap();
        let mut desk = Desk::new(&book);
        let all: Vec<usize> = (0..book.rules.len()).collect();
        let slices: Vec<_> = all.chunks(3).map(|some| desk.slice(some)).collect();
        let text = "assume = 'clear'\ndate = DAY\nauthority = 'fms'\npartner = 'PAK'\naid = 'equipment'\nrecipient = 'military'\nmde_value = 16000000\n";
        for year in 1980..2026 {
            let text = text.replace("DAY", &format!("{year}-05-10"));
            let package = from_toml(&book.schema, "p.toml", &text).unwrap().remove(0);
            let verdicts = desk.verdicts(&package);
            for slice in &slices {
                let refused = slice
                    .rules()
                    .iter()
                    .filter(|i| verdicts[**i] == Verdict::Refused);
                assert_eq!(desk.refusing(slice, &package), refused.count(), "{year}");
            }
        }
    }

    #[test]
    fn an_authority_that_is_stated_rules_out_only_rules_that_are_silent() {
        let book = Rulebook::embedded().unwrap();
        let mut desk = Desk::new(&book);
        let text = "assume = 'clear'\ndate = DAY\npartner = 'KEN'\naid = 'training'\nrecipient = 'military'\n";
        let authority = book.schema.fact("authority").unwrap();
        let (mut covered, mut left_out) = (0, 0);
        for year in (1962..2026).step_by(4) {
            let text = text.replace("DAY", &format!("{year}-05-10"));
            let mut package = from_toml(&book.schema, "p.toml", &text).unwrap().remove(0);
            for word in 0..book.words(authority) as i64 {
                package.facts[usize::from(authority)] = word;
                let verdicts = desk.verdicts(&package);
                let noted = (0..verdicts.len())
                    .any(|i| read(&book.rules[i]) && verdicts[i] == Verdict::Noted);
                assert_eq!(desk.read(&package), noted, "{year} {word}");
                covered += usize::from(noted);
                let silent = Silent::of(&book, authority, word);
                for (rule, verdict) in book.rules.iter().zip(&verdicts) {
                    let out = silent.rule(rule);
                    assert!(!out || *verdict == Verdict::Silent, "{year} {}", rule.id);
                    left_out += usize::from(out);
                }
            }
        }
        assert!(covered > 100 && left_out > 10_000, "{covered} {left_out}");
    }

    #[test]
    fn what_a_change_cannot_touch_need_not_be_put_again() {
        let book = Rulebook::embedded().unwrap();
        let mut desk = Desk::new(&book);
        let text = "assume = 'clear'\ndate = 2023-05-10\nauthority = 'fms'\npartner = 'MLI'\naid = 'equipment'\nmde_value = 16000000\n";
        let package = from_toml(&book.schema, "p.toml", text).unwrap().remove(0);
        let mut base = Base::of(&mut desk, &package);
        let facts = book.schema.facts.len() as u16;
        let values = |f: u16| match book.schema.facts[usize::from(f)].kind {
            Type::Bool => 0..2,
            Type::Word(v) => 0..book.schema.vocabularies[usize::from(v)].words.len() as i64,
            _ => 19_000..19_003,
        };
        for fact in 0..facts {
            for value in values(fact) {
                let (other, mut changed) = ((fact + 7) % facts, package.clone());
                changed.facts[usize::from(fact)] = value;
                let mut both = changed.clone();
                both.facts[usize::from(other)] = values(other).start;
                let mut pair = vec![fact, other];
                pair.sort_unstable();
                for (facts, changed) in [(&[fact][..], changed), (&pair, both)] {
                    let mut whole = Sum {
                        refused: false,
                        outcome: Outcome::Allowed,
                    };
                    let verdicts = desk.verdicts(&changed);
                    book.rules
                        .iter()
                        .zip(verdicts)
                        .for_each(|(r, v)| whole.add(r, v));
                    let sum = base.changed(&desk, facts, &changed);
                    assert_eq!(sum.refused, whole.refused, "{facts:?} {value}");
                    assert!(sum.refused || sum == whole, "{facts:?} {value}");
                }
            }
        }
    }
}
