//! A new version of a list against a roster of 10,000 that stands in the store: the version is loaded beside an empty
//! roster and beside a full one, and the difference is what screening it again costs. A tenth of the entries is new.
//!
//! `symbolon-bench rescreen --data DIR [--rounds 3]`; DIR holds `names.tsv`, as for `screening`.

use crate::figures::{load_average, number, option};
use crate::instance::surroundings;
use crate::list::change;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use symbolon_app::{
    App,
    load::{self, ListLoaded, NewList},
};
use symbolon_domain::{
    kinds::{LicenceClass, Source},
    label::Label,
};
use symbolon_exchange::import::lists::ListFile;
use symbolon_store::Change;
use symbolon_store_sql::SqlStore;

/// Candidates.
const ROSTER: usize = 10_000;
/// The bar, in seconds.
const BAR: f64 = 2.0;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// An entry of the list: number, sort, names.
type Entries = BTreeMap<String, (String, Vec<String>)>;

pub(crate) fn run(args: &[String]) -> Result<()> {
    let folder = Path::new(option(args, "--data").ok_or("--data DIR is needed")?);
    let rounds = number(option(args, "--rounds").unwrap_or("3"))?;
    let entries = entries(&folder.join("names.tsv"))?;
    println!("{} entries; {}", entries.len(), load_average());
    let mut costs = vec![];
    for _ in 0..rounds {
        let (without, _) = loaded(&entries, 0)?;
        let (with, done) = loaded(&entries, ROSTER)?;
        println!(
            "  {} added: {without:.2} s with nobody vetted, {with:.2} s with {ROSTER}: {:.2} s more, {} hits",
            done.added,
            with - without,
            done.hits
        );
        if done.hits == 0 {
            return Err("nobody of the roster is like an entry that was added".into());
        }
        costs.push(with - without);
    }
    costs.sort_by(f64::total_cmp);
    let median = costs[costs.len() / 2];
    println!("screening {ROSTER} again: median {median:.2} s (bar {BAR} s)");
    match median < BAR {
        true => Ok(()),
        false => Err(format!("screening {ROSTER} again: {median:.2} s, bar {BAR} s").into()),
    }
}

fn entries(path: &Path) -> Result<Entries> {
    let mut reader = csv::ReaderBuilder::new().delimiter(b'\t').from_path(path)?;
    let mut entries = Entries::new();
    for row in reader.records() {
        let row = row?;
        let sort = match &row[1] {
            "Person" => "person",
            "Vessel" => "vessel",
            _ => "entity",
        };
        let entry = entries.entry(row[0].to_owned());
        let names = &mut entry.or_insert((sort.to_owned(), vec![])).1;
        names.push(row[3].to_owned());
    }
    Ok(entries)
}

/// Seconds that the second version takes, with so many who are vetted.
fn loaded(entries: &Entries, roster: usize) -> Result<(f64, ListLoaded)> {
    let directory = tempfile::tempdir()?;
    let store = SqlStore::sqlite(&directory.path().join("db"), surroundings())?;
    let app = App::new(Arc::new(store), surroundings());
    fill(&app, entries, roster)?;
    version(&app, entries, 1, |n| n % 10 != 0)?;
    let begun = Instant::now();
    let done = version(&app, entries, 2, |_| true)?;
    Ok((begun.elapsed().as_secs_f64(), done))
}

fn version(
    app: &App,
    entries: &Entries,
    month: i8,
    holds: impl Fn(usize) -> bool,
) -> Result<ListLoaded> {
    let mut writer = csv::Writer::from_writer(vec![]);
    writer.write_record(["id", "type", "name", "aliases"])?;
    for (n, (number, (sort, names))) in entries.iter().enumerate() {
        if holds(n) {
            let others = names[1..].join(";");
            writer.write_record([number, sort, &names[0], &others])?;
        }
    }
    let file = ListFile {
        name: "list.csv".to_owned(),
        bytes: writer.into_inner()?,
    };
    let new = NewList {
        list: "bench".to_owned(),
        title: String::new(),
        day: Some(jiff::civil::date(2026, month, 1)),
        source: Source {
            title: "A list".to_owned(),
            publisher: "Nobody".to_owned(),
            url: String::new(),
            reference: String::new(),
            published: None,
            licence: "None".to_owned(),
            credit: String::new(),
        },
        licence_class: LicenceClass::Open,
    };
    Ok(load::list(app, &app.system(), &[file], &new)?)
}

/// A record of Mali that is there already.
fn there(kind: &str, name: String, state: &str, body: Value) -> Change {
    let mut new = change(kind, name, Label::internal("USA"), body);
    new.envelope.state = state.to_owned();
    new.envelope.partner = "MLI".to_owned();
    new
}

/// Persons of whom one in ten has a name that is on the list, its words in another order; the others are mixed of
/// the words of two.
fn fill(app: &App, entries: &Entries, roster: usize) -> Result<()> {
    let persons: Vec<&str> = entries
        .values()
        .filter(|(sort, _)| sort == "person")
        .map(|(_, names)| names[0].as_str())
        .collect();
    let request = json!({"title": "Roster", "purpose": "Training", "law": "state", "post": "Bamako",
        "needed_by": "2027-01-01"});
    let request = there("vetting_request", "roster".to_owned(), "requested", request);
    let of = request.envelope.id;
    let words = |n: usize| {
        persons[n % persons.len()]
            .split([' ', ','])
            .filter(|w| !w.is_empty())
    };
    app.store.write_all(
        &app.system(),
        Box::new(|put| {
            put(request)?;
            for n in 0..roster {
                let mut name: Vec<&str> = words(n * 7).collect();
                name.rotate_left(1);
                if n % 10 != 0 {
                    name.truncate(1);
                    name.extend(words(n * 13 + 5).next_back());
                }
                let body = json!({"name": name.join(" ")});
                let person = there("person", format!("P{n}"), "current", body);
                let id = person.envelope.id;
                put(person)?;
                let body = json!({"request": of, "person": id, "law": "state"});
                put(there(
                    "vetting_candidate",
                    format!("C{n}"),
                    "nominated",
                    body,
                ))?;
            }
            Ok(())
        }),
    )?;
    Ok(())
}
