//! Accuracy on the labelled tasks, each figure beside its bar.

use super::files::{self, Asked, Pair};
use super::scorer::{Hits, Names, Searched, paired, searched};
use std::error::Error;
use std::path::Path;
use symbolon_screening::{Index, Model, Searcher, compare};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// A figure, its bar, and whether it may be at most that.
struct Bar(&'static str, f64, f64, bool);

fn held(bars: &[Bar], missed: &mut Vec<String>) {
    for Bar(what, figure, bar, at_most) in bars {
        let good = if *at_most {
            figure <= bar
        } else {
            figure >= bar
        };
        println!(
            "  {} {what}: {figure:.3} (bar {} {bar})",
            if good { "holds " } else { "MISSES" },
            if *at_most { "<=" } else { ">=" }
        );
        if !good {
            missed.push(format!("{what}: {figure:.3}, bar {bar}"));
        }
    }
}

pub(super) fn hits(index: &Index, asked: &[Asked]) -> Hits {
    let mut searcher = Searcher::new(index);
    let one = |a: &Asked| {
        let hits = searcher.search(&a.query, 10);
        hits.into_iter().map(|h| (h.entry, h.score)).collect()
    };
    asked.iter().map(one).collect()
}

fn print(title: &str, figures: &Searched) {
    println!(
        "{title}: recall@1 {:.3} recall@5 {:.3} precision {:.3} F1 {:.3} flagged units {:.3} persons {:.3}",
        figures.recall_1,
        figures.recall_5,
        figures.precision,
        figures.f1,
        figures.units_flagged,
        figures.persons_flagged
    );
    let classes: Vec<String> = figures
        .classes
        .iter()
        .map(|(c, r)| format!("{c} {r:.2}"))
        .collect();
    println!("  by class: {}", classes.join("  "));
}

/// Best F1 over thresholds, to see what the shipped one costs.
fn best(asked: &[Asked], hits: &Hits, names: &Names) -> (f64, f32) {
    let thresholds = (10..100u8).map(|t| f32::from(t) / 100.0);
    thresholds
        .map(|t| (searched(asked, hits, names, t).f1, t))
        .fold((0.0, 0.0), |a, b| if b.0 > a.0 { b } else { a })
}

pub(super) fn run(folder: &Path, index: &Index) -> Result<Vec<String>> {
    let mut missed = vec![];
    mutated(folder, index, &mut missed)?;
    un(folder, &mut missed)?;
    pairs(folder, index, &mut missed)?;
    Ok(missed)
}

fn mutated(folder: &Path, index: &Index, missed: &mut Vec<String>) -> Result<()> {
    let asked = files::queries(&folder.join("queries.tsv"))?;
    let names = Names::of(index.listed());
    let found = hits(index, &asked);
    let figures = searched(&asked, &found, &names, Model::shipped().threshold);
    print("mutated queries", &figures);
    let (f1, at) = best(&asked, &found, &names);
    println!(
        "  best F1 {f1:.3} at {at:.2}; candidate recall {:.3}",
        candidates(index, &asked, &names)
    );
    let worst = figures.classes.values().copied().fold(1.0, f64::min);
    held(
        &[
            Bar("mutated F1", figures.f1, 0.94, false),
            Bar("mutated recall@1", figures.recall_1, 0.93, false),
            Bar("mutated recall@5", figures.recall_5, 0.945, false),
            Bar("mutated precision", figures.precision, 0.95, false),
            Bar("units flagged", figures.units_flagged, 0.03, true),
            Bar("persons flagged", figures.persons_flagged, 0.01, true),
            Bar("worst class of mutation", worst, 0.70, false),
            Bar(
                "candidate recall",
                candidates(index, &asked, &names),
                0.98,
                false,
            ),
        ],
        missed,
    );
    Ok(())
}

/// Share of positives whose entry is among the names compared.
#[expect(clippy::cast_precision_loss, reason = "counts of queries")]
fn candidates(index: &Index, asked: &[Asked], names: &Names) -> f64 {
    let mut searcher = Searcher::new(index);
    let positives = asked.iter().filter(|a| !a.entry.is_empty());
    let (mut found, mut all) = (0usize, 0usize);
    for asked in positives {
        all += 1;
        let candidates = searcher.candidate_names(&asked.query);
        let right = |n: &u32| names.right(asked, &index.listed()[*n as usize].entry);
        found += usize::from(candidates.iter().any(right));
    }
    found as f64 / all as f64
}

fn un(folder: &Path, missed: &mut Vec<String>) -> Result<()> {
    let names = files::names(&folder.join("un_n.tsv"))?;
    let asked = files::queries(&folder.join("un_q.tsv"))?;
    let by_name = Names::of(&names);
    let index = Index::build(names);
    let found = hits(&index, &asked);
    let figures = searched(&asked, &found, &by_name, Model::shipped().threshold);
    print("UN list", &figures);
    let altered = figures.classes.get("altered").copied().unwrap_or(0.0);
    held(
        &[
            Bar("UN F1", figures.f1, 0.996, false),
            Bar("UN altered recall", altered, 0.98, false),
        ],
        missed,
    );
    Ok(())
}

/// Pairs the model was not fitted on: every second, by pairs of lines for the aliases.
pub(super) fn unseen(i: usize, by: usize) -> bool {
    (i / by) % 2 == 1
}

fn scored<'a>(index: &Index, pairs: &'a [Pair], by: usize, all: bool) -> Vec<(&'a Pair, f32)> {
    let wanted = pairs
        .iter()
        .enumerate()
        .filter(|(i, _)| all || unseen(*i, by));
    wanted
        .map(|(_, p)| (p, compare(p.kind, &p.one, &p.other, index.weights()).score))
        .collect()
}

fn pairs(folder: &Path, index: &Index, missed: &mut Vec<String>) -> Result<()> {
    let threshold = Model::shipped().threshold;
    for (file, by, bar) in [("name_pairs.csv", 1, 0.81), ("alias_cases.csv", 2, 0.68)] {
        let pairs = files::pairs(&folder.join(file))?;
        let whole = scored(index, &pairs, by, true);
        let half = scored(index, &pairs, by, false);
        let (p, r, f) = paired(half.iter().copied(), threshold);
        println!("{file}, half not fitted on: precision {p:.3} recall {r:.3} F1 {f:.3}");
        let (p, r, f_whole) = paired(whole.iter().copied(), threshold);
        println!("{file}, whole: precision {p:.3} recall {r:.3} F1 {f_whole:.3}");
        held(&[Bar(file_bar(file), f, bar, false)], missed);
        if by == 1 {
            let strong = whole.iter().copied().filter(|(p, _)| p.strong);
            held(
                &[Bar(
                    "strong tier F1",
                    paired(strong, threshold).2,
                    1.0,
                    false,
                )],
                missed,
            );
        }
    }
    Ok(())
}

fn file_bar(file: &str) -> &'static str {
    if file.starts_with("alias") {
        "aliases F1"
    } else {
        "labelled pairs F1"
    }
}
