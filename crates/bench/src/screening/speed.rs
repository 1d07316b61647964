//! Speed: queries with explained hits, the index, its memory, and how both grow with the list.

use super::files;
use std::error::Error;
use std::path::Path;
use std::time::Instant;
use symbolon_screening::{Delta, Index, Kind, Listed, Query, Searcher};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Queries a second over all queries, one thread, ten explained hits each.
pub(super) fn rate(index: &Index, queries: &[Query]) -> f64 {
    let mut searcher = Searcher::new(index);
    let start = Instant::now();
    for query in queries {
        std::hint::black_box(searcher.search(query, 10));
    }
    #[expect(clippy::cast_precision_loss, reason = "a count of queries")]
    let queries = queries.len() as f64;
    queries / start.elapsed().as_secs_f64()
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

pub(super) fn run(folder: &Path, names: &[Listed], rounds: usize) -> Result<Vec<String>> {
    let mut missed = vec![];
    let asked = files::queries(&folder.join("queries.tsv"))?;
    let queries: Vec<Query> = asked.into_iter().map(|a| a.query).collect();
    let before = resident();
    let start = Instant::now();
    let index = Index::build(names.to_vec());
    let built = start.elapsed().as_secs_f64();
    let memory = resident() - before;
    let here = median((0..rounds).map(|_| rate(&index, &queries)).collect());
    println!("speed: {here:.0} queries/s explained; index built in {built:.3} s, {memory:.0} MiB");
    if here < 4_000.0 {
        missed.push(format!("{here:.0} queries/s, bar 4000"));
    }
    if built > 0.5 || memory > 100.0 {
        missed.push(format!(
            "index {built:.3} s, {memory:.0} MiB, bars 0.5 s and 100 MiB"
        ));
    }
    missed.extend(growth(names, &queries, here));
    missed.extend(units(folder, &index)?);
    missed.extend(roster(names, &queries));
    Ok(missed)
}

/// The list, and lists four times as long, up to about a million names: other words, made from those there are.
fn growth(names: &[Listed], queries: &[Query], here: f64) -> Vec<String> {
    let mut missed = vec![];
    let (mut last, mut list) = (here, names.to_vec());
    for times in [4u32, 16, 44] {
        lengthen(&mut list, names, times);
        let index = Index::build(list.clone());
        let now = rate(&index, queries);
        let (steps, factor) = (f64::from(times), last / now);
        println!(
            "  {} names: {now:.0} queries/s, {factor:.2} times as long as the list before",
            list.len()
        );
        if factor > 3.5 {
            missed.push(format!(
                "time a query grows {factor:.2} times at {steps} times the list, bar 3.5"
            ));
        }
        last = now;
    }
    missed
}

/// Appends copies whose letters are moved, so that their words are as many and as alike as real ones.
fn lengthen(list: &mut Vec<Listed>, names: &[Listed], times: u32) {
    let done = u32::try_from(list.len() / names.len()).unwrap_or(u32::MAX);
    for copy in done..times {
        for listed in names {
            // One word in two keeps its letters, as common words do in longer lists.
            let words = listed.name.split(' ').enumerate();
            let name: Vec<String> = words
                .map(|(i, w)| {
                    if (i + w.len()).is_multiple_of(2) {
                        w.to_owned()
                    } else {
                        moved(w, copy)
                    }
                })
                .collect();
            let entry = format!("{}-{copy}", listed.entry);
            list.push(Listed::new(entry, listed.kind, name.join(" ")));
        }
    }
}

fn moved(word: &str, by: u32) -> String {
    const VOWELS: &[u8] = b"AEIOU";
    const OTHERS: &[u8] = b"BCDFGHJKLMNPRSTVWZ";
    let turn = |set: &[u8], at: usize, i: usize| {
        char::from(set[(at + by as usize + i * (by as usize % 3)) % set.len()])
    };
    let one = |(i, c): (usize, char)| {
        let upper = u8::try_from(c.to_ascii_uppercase()).unwrap_or(0);
        let find = |set: &[u8]| set.iter().position(|x| *x == upper);
        match (find(VOWELS), find(OTHERS)) {
            (Some(at), _) => turn(VOWELS, at, i),
            (_, Some(at)) => turn(OTHERS, at, i),
            _ => c,
        }
    };
    word.chars().enumerate().map(one).collect()
}

/// All distinct student units of the training report against the list.
fn units(folder: &Path, index: &Index) -> Result<Vec<String>> {
    let units = files::lines(&folder.join("units.txt"))?;
    let queries: Vec<Query> = units
        .into_iter()
        .map(|u| Query::new(Kind::Unit, u))
        .collect();
    let start = Instant::now();
    let touched = index.screen(&queries, 5).len();
    let took = start.elapsed().as_secs_f64();
    println!(
        "  {} student units in {took:.1} s, {touched} with a hit (bar 30 s)",
        queries.len()
    );
    Ok(if took > 30.0 {
        vec![format!("student units {took:.1} s, bar 30")]
    } else {
        vec![]
    })
}

/// A roster of 10,000 against a version in which one entry in ten changed.
fn roster(names: &[Listed], queries: &[Query]) -> Option<String> {
    let before: Vec<Listed> = names
        .iter()
        .enumerate()
        .filter(|(i, _)| i % 10 != 0)
        .map(|(_, l)| l.clone())
        .collect();
    let full = Index::build(names.to_vec());
    let roster: Vec<Query> = queries.iter().cycle().take(10_000).cloned().collect();
    let start = Instant::now();
    let delta = Delta::between(&before, names);
    let index = delta.index(names, full.weights());
    let touched = index.screen(&roster, 5).len();
    let took = start.elapsed().as_secs_f64();
    println!(
        "  roster of 10,000 against {} entries added, {} changed: {took:.2} s, {touched} lines touched (bar 2 s)",
        delta.added.len(),
        delta.changed.len()
    );
    (took >= 2.0).then(|| format!("roster {took:.2} s, bar 2"))
}

/// Memory of this process in use, MiB.
fn resident() -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|l| l.strip_prefix("VmRSS:"));
    let kib = line.and_then(|l| l.split_whitespace().next()?.parse::<f64>().ok());
    kib.unwrap_or(0.0) / 1024.0
}
