//! The scorers of the anchors, as `score_hits.py` and `nk_pairs.py` score.

use super::files::{Asked, Pair};
use std::collections::{BTreeMap, HashMap, HashSet};
use symbolon_screening::Listed;

/// Entries that carry a name, by the name's words.
pub(super) struct Names(HashMap<String, HashSet<String>>);

/// Figures of a search task.
#[derive(Debug, Default)]
pub(super) struct Searched {
    pub(super) recall_1: f64,
    pub(super) recall_5: f64,
    pub(super) precision: f64,
    pub(super) f1: f64,
    pub(super) units_flagged: f64,
    pub(super) persons_flagged: f64,
    pub(super) classes: BTreeMap<String, f64>,
}

fn norm(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || c == '_' {
                c
            } else {
                ' '
            }
        })
        .collect();
    let lower = plain.to_lowercase();
    let mut words: Vec<&str> = lower.split(' ').filter(|w| !w.is_empty()).collect();
    words.sort_unstable();
    words.join(" ")
}

impl Names {
    pub(super) fn of(names: &[Listed]) -> Self {
        let mut by_name: HashMap<String, HashSet<String>> = HashMap::new();
        for listed in names {
            by_name
                .entry(norm(&listed.name))
                .or_default()
                .insert(listed.entry.clone());
        }
        Self(by_name)
    }

    /// A hit is right when it is the entry meant or one that carries the very same name.
    pub(super) fn right(&self, asked: &Asked, entry: &str) -> bool {
        entry == asked.entry
            || self
                .0
                .get(&norm(&asked.source_name))
                .is_some_and(|e| e.contains(entry))
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of queries")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

pub(super) fn f1(p: f64, r: f64) -> f64 {
    if p + r > 0.0 {
        2.0 * p * r / (p + r)
    } else {
        0.0
    }
}

/// Hits of each query, best first, as entry and score.
pub(super) type Hits = Vec<Vec<(String, f32)>>;

pub(super) fn searched(asked: &[Asked], hits: &Hits, names: &Names, threshold: f32) -> Searched {
    let (mut first, mut five, mut flagged, mut right) = (0, 0, 0, 0);
    let mut negatives: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut classes: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut positives = 0;
    for (asked, hits) in asked.iter().zip(hits) {
        let hits: Vec<_> = hits.iter().filter(|h| h.1 >= threshold).collect();
        flagged += usize::from(!hits.is_empty());
        if asked.entry.is_empty() {
            let count = negatives.entry(&asked.category).or_default();
            count.0 += usize::from(!hits.is_empty());
            count.1 += 1;
            continue;
        }
        positives += 1;
        let best = hits.first().map_or(0.0, |h| h.1);
        let top = hits.iter().take(5).take_while(|h| h.1 >= best - 1e-9);
        let found = top.into_iter().any(|h| names.right(asked, &h.0));
        let class = classes.entry(asked.category.clone()).or_default();
        class.0 += usize::from(found);
        class.1 += 1;
        first += usize::from(found);
        right += usize::from(found);
        five += usize::from(hits.iter().take(5).any(|h| names.right(asked, &h.0)));
    }
    let (precision, recall_1) = (share(right, flagged), share(first, positives));
    let of = |category: &str| {
        negatives
            .get(category)
            .map_or(0.0, |(n, all)| share(*n, *all))
    };
    Searched {
        recall_1,
        recall_5: share(five, positives),
        precision,
        f1: f1(precision, recall_1),
        units_flagged: of("neg_unit"),
        persons_flagged: of("neg_person"),
        classes: classes
            .into_iter()
            .map(|(c, (n, all))| (c, share(n, all)))
            .collect(),
    }
}

/// Precision, recall and F1 of scored pairs.
pub(super) fn paired<'a>(
    scored: impl Iterator<Item = (&'a Pair, f32)>,
    threshold: f32,
) -> (f64, f64, f64) {
    let (mut right, mut wrong, mut lost) = (0, 0, 0);
    for (pair, score) in scored {
        match (pair.same, score >= threshold) {
            (true, true) => right += 1,
            (false, true) => wrong += 1,
            (true, false) => lost += 1,
            (false, false) => {}
        }
    }
    let (p, r) = (share(right, right + wrong), share(right, right + lost));
    (p, r, f1(p, r))
}
