//! What would turn a refusal into a yes: the smallest sets of changes to facts that the one who asks
//! could bring about, each tried against the whole rulebook.

use crate::again::{Base, Slice};
use crate::answer::{Desk, Outcome};
use crate::package::Package;
use crate::schema::{Type, UNKNOWN};

/// One change of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The fact.
    pub fact: u16,
    /// What is stated now; [`UNKNOWN`] where nothing is.
    pub was: i64,
    /// What would do.
    pub would: i64,
}

/// A set of changes after which nothing refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// The changes; all are needed.
    pub changes: Vec<Change>,
    /// The outcome then.
    pub outcome: Outcome,
}

/// Sets larger than this are not looked for.
const LARGEST: usize = 3;
/// At most so many are given.
const MOST: usize = 12;
/// Days ahead that are tried.
const AHEAD: i64 = 400;

/// The smallest sets of changes; empty where nothing refuses, or nothing that can be changed helps.
pub fn remedies<'r>(desk: &mut Desk<'r>, package: &Package) -> Vec<Remedy> {
    let base = Base::of(desk, package);
    let refusing = base.refusing(desk.book);
    if refusing.is_empty() {
        return vec![];
    }
    let mut search = Search {
        refusing: desk.slice(&refusing),
        useful: vec![],
        found: vec![],
        base,
    };
    let candidates = search.candidates(desk, package);
    for change in &candidates {
        search.keep(desk, package, &[*change]);
    }
    if search.found.is_empty() {
        search.together(desk, package, candidates);
    }
    // A change of authority is a larger step than a change within it.
    let authority = desk.book.schema.fact("authority");
    let far = |r: &Remedy| r.changes.iter().any(|c| Some(c.fact) == authority);
    search.found.sort_by_key(|r| (far(r), r.outcome));
    search.found.truncate(MOST);
    search.found
}

fn with(package: &Package, changes: &[Change]) -> Package {
    let mut changed = package.clone();
    for c in changes {
        changed.facts[usize::from(c.fact)] = c.would;
    }
    changed
}

struct Search<'r> {
    /// The rules that refuse now. Most changes help none of them: that is found out without the others.
    refusing: Slice,
    useful: Vec<Change>,
    found: Vec<Remedy>,
    base: Base<'r>,
}

impl<'r> Search<'r> {
    /// The outcome after some changes, where it is a yes that a checked rulebook can stand for: no draft
    /// rule forbids it, and another authority is one whose text was read. What few rules can tell is asked first.
    fn tried(
        &mut self,
        desk: &mut Desk<'r>,
        package: &Package,
        changes: &[Change],
    ) -> Option<Outcome> {
        let authority = desk.book.schema.fact("authority");
        let changed = with(package, changes);
        let moved = changes.iter().any(|c| Some(c.fact) == authority);
        if self.left(desk, &changed) > 0 || (moved && !desk.read(&changed)) {
            return None;
        }
        let mut facts: Vec<u16> = changes.iter().map(|c| c.fact).collect();
        facts.sort_unstable();
        let sum = self.base.changed(desk, &facts, &changed);
        (!sum.refused && sum.outcome < Outcome::CannotTell).then_some(sum.outcome)
    }

    /// How many of the rules that refuse now still do.
    fn left(&self, desk: &mut Desk<'_>, package: &Package) -> usize {
        desk.refusing(&self.refusing, package)
    }

    /// Changes of single facts that the refusing rules read.
    fn candidates(&self, desk: &mut Desk<'_>, package: &Package) -> Vec<Change> {
        let book = desk.book;
        let mut facts: Vec<u16> = self
            .refusing
            .rules()
            .iter()
            .flat_map(|i| book.rules[*i].facts.iter().copied())
            .collect();
        facts.sort_unstable();
        facts.dedup();
        facts.retain(|f| book.schema.facts[usize::from(*f)].changeable);
        facts
            .iter()
            .flat_map(|f| self.changes(desk, package, *f))
            .collect()
    }

    fn changes(&self, desk: &mut Desk<'_>, package: &Package, fact: u16) -> Vec<Change> {
        let schema = &desk.book.schema;
        let (kind, was) = (
            schema.facts[usize::from(fact)].kind,
            package.facts[usize::from(fact)],
        );
        let change = |would: i64| Change { fact, was, would };
        match kind {
            Type::Bool => [0, 1]
                .into_iter()
                .filter(|b| *b != was)
                .map(change)
                .collect(),
            Type::Word(v) => {
                let words = &schema.vocabularies[usize::from(v)].words;
                let other = |i: &i64| *i != was && words[*i as usize].0 != "other";
                (0..words.len() as i64).filter(other).map(change).collect()
            }
            Type::Date if schema.facts[usize::from(fact)].name == "date" && was != UNKNOWN => {
                let clears = |d: &i64| {
                    let all = self.refusing.rules().len();
                    self.left(desk, &with(package, &[change(*d)])) < all
                };
                let mut ahead = was + 1..=was + AHEAD;
                ahead.find(clears).map(change).into_iter().collect()
            }
            Type::Money | Type::Int | Type::Date if was != UNKNOWN => self
                .boundary(desk, package, change(0))
                .into_iter()
                .collect(),
            _ => vec![],
        }
    }

    /// The value nearest to what is stated at which fewer rules refuse: downwards only.
    fn boundary(&self, desk: &mut Desk<'_>, package: &Package, lowest: Change) -> Option<Change> {
        let unit = if desk.book.schema.facts[usize::from(lowest.fact)].kind == Type::Money {
            100
        } else {
            1
        };
        let all = self.refusing.rules().len();
        let mut clears = |v: i64| {
            let change = Change {
                would: v * unit,
                ..lowest
            };
            self.left(desk, &with(package, &[change])) < all
        };
        let (mut low, mut high) = (0, lowest.was / unit);
        if high <= 0 || !clears(low) {
            return None;
        }
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if clears(middle) {
                low = middle
            } else {
                high = middle
            }
        }
        Some(Change {
            would: low * unit,
            ..lowest
        })
    }

    /// Keeps a set of changes that gives a yes.
    fn keep(&mut self, desk: &mut Desk<'r>, package: &Package, changes: &[Change]) {
        if let Some(outcome) = self.tried(desk, package, changes) {
            let changes = changes.to_vec();
            self.found.push(Remedy { changes, outcome });
        }
    }

    /// No change helps alone: the smallest sets of those that help against some of the rules.
    fn together(&mut self, desk: &mut Desk<'r>, package: &Package, candidates: Vec<Change>) {
        let all = self.refusing.rules().len();
        for change in candidates {
            if self.left(desk, &with(package, &[change])) < all {
                self.useful.push(change);
            }
        }
        for size in 2..=LARGEST {
            self.sets(desk, package, size, 0, &mut vec![]);
            if !self.found.is_empty() {
                return;
            }
        }
    }

    /// All sets of a size that leave nothing refusing.
    fn sets(
        &mut self,
        desk: &mut Desk<'r>,
        package: &Package,
        size: usize,
        from: usize,
        chosen: &mut Vec<Change>,
    ) {
        if chosen.len() == size {
            if self.left(desk, &with(package, chosen)) == 0 {
                self.keep(desk, package, chosen);
            }
            return;
        }
        for i in from..self.useful.len() {
            let change = self.useful[i];
            if chosen.iter().any(|c| c.fact == change.fact) {
                continue;
            }
            chosen.push(change);
            self.sets(desk, package, size, i + 1, chosen);
            chosen.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::Rulebook;
    use crate::package::from_toml;

    fn asked(text: &str) -> (Rulebook, Vec<String>) {
        let book = Rulebook::embedded().unwrap();
        let package = from_toml(&book.schema, "p.toml", text).unwrap().remove(0);
        let mut desk = Desk::new(&book);
        let shown = |c: &Change| {
            let fact = &book.schema.facts[usize::from(c.fact)];
            format!("{} = {}", fact.name, book.schema.show(fact.kind, c.would))
        };
        let found = remedies(&mut desk, &package);
        let all = found
            .iter()
            .map(|r| r.changes.iter().map(shown).collect::<Vec<_>>().join(", "))
            .collect();
        (book, all)
    }

    #[test]
    fn a_drawdown_above_the_limit_may_be_smaller_or_waived() {
        let (_, found) = asked(
            "assume = 'clear'\ndate = 2021-09-10\nauthority = 'pda-506a1'\npartner = 'UKR'\naid = 'equipment'\nrecipient = 'military'\n\
             amount = 120000000\nfiscal_total = 0\nnotice_received = 2021-09-01\nassurances_505 = true\n",
        );
        assert!(
            found.contains(&"amount = $100,000,000".to_owned()),
            "{found:?}"
        );
        assert!(found.contains(&"waiver_614 = true".to_owned()), "{found:?}");
    }

    #[test]
    fn an_offer_that_is_too_early_may_wait_for_its_day() {
        let (_, found) = asked(
            "assume = 'clear'\ndate = 2023-05-10\nauthority = 'fms'\npartner = 'KEN'\naid = 'equipment'\nrecipient = 'military'\n\
             mde_value = 16000000\ntotal_value = 22000000\ncertificate_received = 2023-05-01\n",
        );
        assert!(found.contains(&"date = 2023-05-31".to_owned()), "{found:?}");
        assert!(
            found.contains(&"mde_value = $13,999,999".to_owned()),
            "{found:?}"
        );
    }
}
