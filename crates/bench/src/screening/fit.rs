//! Fits the coefficients of the model: logistic regression on features of labelled comparisons.

use super::files::{self, Asked, Pair};
use super::scorer::Names;
use super::tasks::unseen;
use std::error::Error;
use std::path::Path;
use symbolon_screening::{FEATURES, Features, Index, Searcher, compare};

const N: usize = FEATURES.len();
/// Pull of each coefficient towards nothing.
const RIDGE: f64 = 1.0;
/// A hit on a name that is on no list counts so many times: false alarms wear people out.
const UNLISTED: f64 = 3.5;
/// Steps of Newton's method.
const STEPS: usize = 25;

/// A labelled comparison.
struct Sample {
    person: bool,
    values: [f64; N],
    same: bool,
    weight: f64,
}

impl Sample {
    fn new(person: bool, features: &Features, same: bool, weight: f64) -> Self {
        Self {
            person,
            values: features.values().map(f64::from),
            same,
            weight,
        }
    }
}

pub(super) fn run(folder: &Path) -> Result<(), Box<dyn Error>> {
    let index = Index::build(files::names(&folder.join("names.tsv"))?);
    let names = Names::of(index.listed());
    let mut samples = vec![];
    for n in 1..=3 {
        let asked = files::queries(&folder.join(format!("q_tune{n}.tsv")))?;
        samples.extend(searched(&index, &names, &asked));
    }
    for (file, by, weight) in [("name_pairs.csv", 1, 8.0), ("alias_cases.csv", 2, 0.35)] {
        let pairs = files::pairs(&folder.join(file))?;
        samples.extend(paired(&index, &pairs, by, weight));
    }
    eprintln!("{} comparisons", samples.len());
    for (title, person) in [("person", true), ("other", false)] {
        let rows: Vec<&Sample> = samples.iter().filter(|s| s.person == person).collect();
        let fitted = newton(&rows);
        println!("[{title}]");
        for ((name, _), value) in FEATURES.iter().zip(fitted) {
            println!("{name} = {value:.3}");
        }
        println!();
    }
    Ok(())
}

fn searched(index: &Index, names: &Names, asked: &[Asked]) -> Vec<Sample> {
    let mut searcher = Searcher::new(index);
    let mut samples = vec![];
    for asked in asked {
        let hits = searcher.search(&asked.query, 5);
        for (rank, hit) in hits.iter().enumerate() {
            let same = !asked.entry.is_empty() && names.right(asked, &hit.entry);
            // A wrong first hit counts in full; what stands behind a right one hardly matters.
            let weight = match (same, rank) {
                (true, _) => 1.0,
                (false, 0) if asked.entry.is_empty() => UNLISTED,
                (false, 0) => 1.0,
                (false, _) => 0.25,
            };
            samples.push(Sample::new(
                asked.query.kind.is_person(),
                &hit.features,
                same,
                weight,
            ));
        }
    }
    samples
}

fn paired(index: &Index, pairs: &[Pair], by: usize, weight: f64) -> Vec<Sample> {
    let seen = pairs.iter().enumerate().filter(|(i, _)| !unseen(*i, by));
    let one = |(_, p): (usize, &Pair)| {
        let features = compare(p.kind, &p.one, &p.other, index.weights()).features;
        // Names of one bearer that share nothing teach nothing about names.
        let taught = !p.same || (features.nothing < 1.0 && features.conflict < 0.65);
        taught.then(|| Sample::new(p.kind.is_person(), &features, p.same, weight))
    };
    seen.filter_map(one).collect()
}

/// Newton's method for a logistic regression with a ridge.
fn newton(rows: &[&Sample]) -> [f64; N] {
    let mut at = [0.0; N];
    for _ in 0..STEPS {
        let mut slope = [0.0; N];
        let mut bend = [[0.0; N]; N];
        for i in 0..N {
            slope[i] = -RIDGE * at[i];
            bend[i][i] = RIDGE;
        }
        for row in rows {
            let odds: f64 = row.values.iter().zip(&at).map(|(v, a)| v * a).sum();
            let p = 1.0 / (1.0 + (-odds).exp());
            let miss = row.weight * (f64::from(u8::from(row.same)) - p);
            let w = row.weight * (p * (1.0 - p)).max(1e-6);
            for (i, value) in row.values.iter().enumerate() {
                slope[i] += miss * value;
                for (cell, other) in bend[i].iter_mut().zip(&row.values) {
                    *cell += w * value * other;
                }
            }
        }
        let step = solve(bend, slope);
        for i in 0..N {
            at[i] += step[i];
        }
    }
    at
}

/// Solves a positive system by elimination.
fn solve(mut a: [[f64; N]; N], mut b: [f64; N]) -> [f64; N] {
    for i in 0..N {
        for j in i + 1..N {
            let factor = a[j][i] / a[i][i];
            let upper = a[i];
            for (cell, above) in a[j].iter_mut().zip(upper) {
                *cell -= factor * above;
            }
            b[j] -= factor * b[i];
        }
    }
    for i in (0..N).rev() {
        let known: f64 = (i + 1..N).map(|j| a[i][j] * b[j]).sum();
        b[i] = (b[i] - known) / a[i][i];
    }
    b
}
