//! What each partner's rows say, counted once: how often every string stands in a column, with
//! students and cost, so that a country's page costs the size of its answer.

use crate::{
    order::{MISSING, Order},
    rows::{Rows, TextColumn},
};
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::HashMap;

/// A string's sums.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rows that hold it.
    pub rows: u64,
    /// Students in them.
    pub quantity: i64,
    /// Their cost in cents.
    pub cost_cents: i64,
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.rows += other.rows;
        self.quantity += other.quantity;
        self.cost_cents += other.cost_cents;
    }

    fn count(&mut self, rows: &Rows, i: usize) {
        let present = |n: i64| if n == MISSING { 0 } else { n };
        self.rows += 1;
        self.quantity += present(rows.quantity[i]);
        self.cost_cents += present(rows.cost[i]);
    }
}

/// Strings with their sums, most rows first, then in the order of the strings.
type Ranking = Vec<(u32, Tally)>;

/// The columns that are counted.
const COUNTED: [TextColumn; 4] = [
    TextColumn::Course,
    TextColumn::UsUnit,
    TextColumn::Unit,
    TextColumn::Location,
];

/// Rankings by data set, partner and column, over rows of training reported as done: kind and phase 0.
#[derive(Debug, Default)]
pub(crate) struct Tallies(HashMap<(i64, Option<u16>), [Ranking; COUNTED.len()]>);

impl Tallies {
    /// Counts all rows; `strings` is the bound of their numbers, `partners` that of the partners.
    pub(crate) fn new(rows: &Rows, by_partner: &Order, partners: usize, strings: usize) -> Self {
        let mut tallies = Self::default();
        let mut slate = Slate(vec![Tally::default(); strings], vec![]);
        for partner in 0..=partners as u32 {
            let stretches = by_partner.rows_of(partner);
            for own in stretches.chunk_by(|a, b| dataset(rows, *a) == dataset(rows, *b)) {
                let rankings = COUNTED.map(|c| slate.rank(rows, rows.text(c), own));
                let number = dataset(rows, own[0]);
                tallies.0.insert((number, Some(partner as u16)), rankings);
            }
        }
        tallies.over_all_partners();
        tallies
    }

    fn over_all_partners(&mut self) {
        let mut datasets: Vec<i64> = self.0.keys().map(|(dataset, _)| *dataset).collect();
        datasets.sort_unstable();
        datasets.dedup();
        for dataset in datasets {
            let own = self.0.iter().filter(|((d, _), _)| *d == dataset);
            let own: Vec<_> = own.map(|(_, rankings)| rankings).collect();
            let all = std::array::from_fn(|n| joined(own.iter().map(|rankings| &rankings[n])));
            self.0.insert((dataset, None), all);
        }
    }

    /// The ranking of a column over data sets, of one partner or of all.
    pub(crate) fn ranking(
        &self,
        datasets: &[i64],
        partner: Option<u16>,
        column: TextColumn,
    ) -> Cow<'_, [(u32, Tally)]> {
        let at = COUNTED.iter().position(|c| *c == column);
        let own = datasets.iter().filter_map(|d| self.0.get(&(*d, partner)));
        let own: Vec<&Ranking> = own.filter_map(|rankings| rankings.get(at?)).collect();
        match own[..] {
            [only] => Cow::Borrowed(only),
            _ => Cow::Owned(joined(own.into_iter())),
        }
    }
}

fn dataset(rows: &Rows, row: u32) -> i64 {
    rows.id[row as usize] >> 32
}

fn joined<'a>(rankings: impl Iterator<Item = &'a Ranking>) -> Ranking {
    let mut sums: HashMap<u32, Tally> = HashMap::new();
    for (string, tally) in rankings.flatten() {
        sums.entry(*string).or_default().add(tally);
    }
    ranked(sums.into_iter().collect())
}

fn ranked(mut ranking: Ranking) -> Ranking {
    ranking.sort_unstable_by_key(|(string, tally)| (Reverse(tally.rows), *string));
    ranking.shrink_to_fit();
    ranking
}

/// Room to count in, by string, and the strings that were counted.
struct Slate(Vec<Tally>, Vec<u32>);

impl Slate {
    fn rank(&mut self, rows: &Rows, text: &[u32], own: &[u32]) -> Ranking {
        for row in own {
            let i = *row as usize;
            if rows.phase_kind[i] != 0 {
                continue;
            }
            let Some(tally) = self.0.get_mut(text[i] as usize) else {
                continue;
            };
            if tally.rows == 0 {
                self.1.push(text[i]);
            }
            tally.count(rows, i);
        }
        let counted = self.1.drain(..);
        ranked(
            counted
                .map(|s| (s, std::mem::take(&mut self.0[s as usize])))
                .collect(),
        )
    }
}
