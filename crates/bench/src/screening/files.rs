//! The files of the tasks, as the scripts of the anchors make them.

use std::error::Error;
use std::path::Path;
use symbolon_screening::{Kind, Listed, Query};

/// A query with its answer.
pub(super) struct Asked {
    pub(super) qid: String,
    pub(super) category: String,
    pub(super) query: Query,
    /// The entry meant; empty where none is.
    pub(super) entry: String,
    pub(super) source_name: String,
}

/// A labelled pair of names.
pub(super) struct Pair {
    pub(super) kind: Kind,
    pub(super) one: String,
    pub(super) other: String,
    pub(super) same: bool,
    pub(super) strong: bool,
}

type Result<T> = std::result::Result<T, Box<dyn Error>>;

pub(super) fn kind(schema: &str) -> Kind {
    match schema {
        "Person" => Kind::Person,
        "Vessel" => Kind::Vessel,
        "Airplane" => Kind::Aircraft,
        "Organization" | "Company" => Kind::Organisation,
        _ => Kind::Unknown,
    }
}

fn rows(path: &Path, delimiter: u8) -> Result<Vec<Vec<String>>> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .from_path(path)
        .map_err(|e| format!("{}: {e}", path.display()))?;
    let rows = reader
        .records()
        .map(|r| Ok(r?.iter().map(str::to_owned).collect()));
    rows.collect()
}

pub(super) fn names(path: &Path) -> Result<Vec<Listed>> {
    let one = |r: Vec<String>| Listed::new(r[0].clone(), kind(&r[1]), r[3].clone());
    Ok(rows(path, b'\t')?.into_iter().map(one).collect())
}

pub(super) fn queries(path: &Path) -> Result<Vec<Asked>> {
    let one = |r: Vec<String>| Asked {
        qid: r[0].clone(),
        category: r[1].clone(),
        query: Query::new(kind(&r[2]), r[3].clone()),
        entry: r[4].clone(),
        source_name: r[5].clone(),
    };
    Ok(rows(path, b'\t')?.into_iter().map(one).collect())
}

pub(super) fn pairs(path: &Path) -> Result<Vec<Pair>> {
    let one = |r: Vec<String>| Pair {
        kind: kind(&r[1]),
        one: r[2].clone(),
        other: r[3].clone(),
        same: r[4].eq_ignore_ascii_case("true"),
        strong: r[5] == "STRONG",
    };
    Ok(rows(path, b',')?.into_iter().map(one).collect())
}

pub(super) fn lines(path: &Path) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    Ok(text.lines().map(str::to_owned).collect())
}
