//! Linking the report's student units to known units: how many get a link at which confidence, and how many of a
//! sample labelled by hand are right.
//!
//! `symbolon-bench links UNITS.tsv STRINGS.tsv PLACES.txt COUNTRY`: a known unit a line with its names, tab-separated;
//! a printed text a line with its rows; a place a line. `symbolon-bench links TEXTS.tsv` groups the texts of every country
//! (a country and a text a line) into probable units. The files of Security Force Monitor are not shipped.

use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::error::Error;
use symbolon_screening::{Linker, Sureness, spellings};

/// The sample, with how it was made beside it.
const LABELS: &str = include_str!("../fixtures/unit-links.csv");
/// Confidences, the surest first; then none.
const ROWS: [&str; 4] = ["high", "medium", "low", "none"];

#[derive(Default)]
struct Tally {
    texts: usize,
    rows: usize,
    exact: usize,
    labels: BTreeMap<String, usize>,
}

/// The first digits of the hash of a unit's name.
fn digits(name: &str) -> String {
    let hash = Sha256::digest(name.as_bytes());
    hash.iter().take(6).map(|b| format!("{b:02x}")).collect()
}

/// Groups the texts of every country, given as a country and a text a line, and says how many there are.
fn every_country(file: &str) -> Result<(), Box<dyn Error>> {
    let mut by: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in std::fs::read_to_string(file)?.lines() {
        let (country, text) = line.split_once('\t').ok_or("a line without a tab")?;
        by.entry(country.to_owned())
            .or_default()
            .push(text.to_owned());
    }
    let started = std::time::Instant::now();
    let (mut texts, mut groups, mut several, mut largest) = (0, 0, 0, 0);
    for (country, of) in &by {
        let found = spellings(of, std::slice::from_ref(country));
        texts += of.len();
        groups += found.len();
        let joined = found.iter().map(Vec::len).filter(|n| *n > 1);
        several += joined.clone().sum::<usize>();
        largest = largest.max(joined.max().unwrap_or(1));
    }
    println!(
        "{} countries, {texts} texts in {groups} groups; {several} share a group, the largest of {largest}; {:.1?}",
        by.len(),
        started.elapsed()
    );
    Ok(())
}

/// Measures, and fails where fewer than nine in ten of the high links are right.
pub fn run(args: &[String]) -> Result<(), Box<dyn Error>> {
    if let [_, file] = args {
        return every_country(file);
    }
    let [_, units, texts, places, country] = args else {
        return Err("usage: symbolon-bench links UNITS.tsv STRINGS.tsv PLACES.txt COUNTRY".into());
    };
    let units = std::fs::read_to_string(units)?;
    let own: Vec<&str> = units
        .lines()
        .map(|l| l.split('\t').next().unwrap_or_default())
        .collect();
    let known: Vec<(String, String)> = units
        .lines()
        .flat_map(|l| {
            let unit = l.split('\t').next().unwrap_or_default();
            l.split('\t').map(|n| (unit.to_owned(), n.to_owned()))
        })
        .collect();
    let places: Vec<String> = std::fs::read_to_string(places)?
        .lines()
        .map(str::to_owned)
        .collect();
    let labels = labels()?;
    let started = std::time::Instant::now();
    let linker = Linker::new(&known, &places, std::slice::from_ref(country));
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    for line in std::fs::read_to_string(texts)?.lines() {
        let (text, rows) = line.split_once('\t').unwrap_or((line, "1"));
        let links = linker.links(text);
        let best = links.first();
        let tally = tallies
            .entry(best.map_or("none", |l| l.sureness.word()))
            .or_default();
        tally.texts += 1;
        tally.rows += rows.parse().unwrap_or(1);
        tally.exact += usize::from(best.is_some_and(|l| l.exact));
        if let Some((label, unit)) = labels.get(text) {
            let same = best.map_or("", |l| &l.unit);
            let label = match same.is_empty() || digits(same) == *unit {
                true => label.as_str(),
                false => "another than labelled",
            };
            *tally.labels.entry(label.to_owned()).or_default() += 1;
        }
    }
    let took = started.elapsed();
    println!("{} known units, {took:.1?}", own.len());
    for row in ROWS {
        let Some(t) = tallies.get(row) else { continue };
        println!(
            "{row:>7}: {} texts ({} exact), {} rows; labelled {:?}",
            t.texts, t.exact, t.rows, t.labels
        );
    }
    let high = tallies.get(Sureness::High.word());
    let (right, all) = high.map_or((0, 0), |t| {
        let right = t.labels.get("right").copied().unwrap_or(0);
        (right, t.labels.values().sum::<usize>())
    });
    match all > 0 && right * 10 >= all * 9 {
        true => Ok(()),
        false => Err(format!("high links: {right} of {all} right, bar nine in ten").into()),
    }
}

type Labels = BTreeMap<String, (String, String)>;

fn labels() -> Result<Labels, csv::Error> {
    let mut reader = csv::Reader::from_reader(LABELS.as_bytes());
    let one = |r: Result<csv::StringRecord, csv::Error>| {
        let r = r?;
        Ok((r[0].to_owned(), (r[1].to_owned(), r[2].to_owned())))
    };
    reader.records().map(one).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_labels_are_of_known_words_and_name_a_unit_where_one_was_found() {
        let labels = super::labels().unwrap();
        assert!(labels.len() > 200);
        for (text, (label, unit)) in labels {
            let found = ["right", "within", "wrong", "unsure"].contains(&label.as_str());
            let none = ["unknown", "missed"].contains(&label.as_str());
            assert!(found || none, "{text}: {label}");
            assert_eq!(unit.is_empty(), none, "{text}");
        }
    }
}
