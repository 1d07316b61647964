//! `screen`: names against lists, with reasons. The lists are read, searched and forgotten; no name is kept.

use crate::Outcome;
use crate::config::Global;
use crate::exit::{CANNOT_VERIFY, FAILED, Failure, OK, USAGE, io};
use crate::output::Out;
use clap::{Args, ValueEnum};
use serde_json::json;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use symbolon_exchange::{
    guard::{GuardError, Meter, xlsx},
    import::lists::{self, List},
    limits::Limits,
};
use symbolon_screening::{Attributes, Hit, Index, Kind, Listed, Query, Searcher, Verdict};

/// Hits of one name that are shown.
const SHOWN: usize = 5;

/// Names against lists, with reasons.
#[derive(Debug, Args)]
#[command(
    before_help = "Examples:\n  symbolon screen names.txt --list sdn.csv --list alt.csv\n  symbolon screen roster.xlsx --kind person --list un.xml --json",
    after_help = "NAMES is .txt (a name a line), or .csv or .xlsx whose first row names the columns: name, and if known kind, born,\ncountry, identifier. A list is the delimited files of OFAC (sdn, alt, add, sdn_comments, cons_*), the XML of the\nUnited Nations, FollowTheMoney JSON, or any table with a column `name`.\nEnds with 0 where no name has a hit, 8 where a person has to look at one. The machine never decides."
)]
pub struct Screen {
    /// File of names: .txt, .csv or .xlsx
    names: PathBuf,
    /// File of a list; give every file of it
    #[arg(long, required = true, value_name = "FILE")]
    list: Vec<PathBuf>,
    /// What bears the names, where the file does not say
    #[arg(long, value_enum, default_value_t = Bearer::Unknown)]
    kind: Bearer,
}

/// What bears a name, as asked for.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Bearer {
    Person,
    Organisation,
    Unit,
    Vessel,
    Aircraft,
    Unknown,
}

impl Bearer {
    fn kind(self) -> Kind {
        match self {
            Self::Person => Kind::Person,
            Self::Organisation => Kind::Organisation,
            Self::Unit => Kind::Unit,
            Self::Vessel => Kind::Vessel,
            Self::Aircraft => Kind::Aircraft,
            Self::Unknown => Kind::Unknown,
        }
    }
}

impl Screen {
    /// Screens every name.
    pub fn run(self, global: &Global) -> Outcome {
        let list = read_lists(&self.list)?;
        for doubt in &list.doubts {
            eprintln!(
                "{}:{}:{}: {} ({})",
                doubt.file, doubt.line, doubt.column, doubt.problem, doubt.code
            );
        }
        let index = Index::build(list.entries.iter().flat_map(listed).collect());
        let mut searcher = Searcher::new(&index);
        let (mut documents, mut lines, mut any) = (vec![], vec![], false);
        for query in read_names(&self.names, self.kind.kind())? {
            let mut hits = searcher.search(&query, SHOWN);
            hits.retain(|h| h.verdict != Verdict::No);
            any |= !hits.is_empty();
            if global.json {
                documents.push(json!({"name": query.name, "kind": query.kind, "hits": hits}));
            } else {
                lines.extend(shown(&query, &hits));
            }
        }
        Out::of(global).lines(&documents, &lines)?;
        Ok(if any { CANNOT_VERIFY } else { OK })
    }
}

fn shown(query: &Query, hits: &[Hit]) -> Vec<String> {
    if hits.is_empty() {
        return vec![format!("{}: no hit", query.name)];
    }
    let mut lines = vec![format!("{}:", query.name)];
    for hit in hits {
        let says = match hit.verdict {
            Verdict::Match => "likely the same",
            _ => "not sure",
        };
        let equals = match hit.equals {
            0 => String::new(),
            n => format!(", {n} more with the same score"),
        };
        lines.push(format!(
            "  {says} {:.2}: {} {}{equals}",
            hit.score, hit.entry, hit.name
        ));
        for reason in &hit.reasons {
            let adds = if reason.adds == 0.0 {
                String::new()
            } else {
                format!(" ({:+.1})", reason.adds)
            };
            lines.push(format!("    {}{adds}", reason.says));
        }
    }
    lines
}

/// The names of an entry, as the index takes them.
fn listed(entry: &lists::Entry) -> Vec<Listed> {
    let attributes = Attributes {
        born: entry.born.clone(),
        countries: entry.countries.clone(),
        gender: entry.gender.clone(),
        identifiers: entry.identifiers.clone(),
    };
    let kind = kind(entry.kind);
    let one = |(_, name): &(lists::Standing, String)| Listed {
        attributes: attributes.clone(),
        ..Listed::new(entry.id.clone(), kind, name.clone())
    };
    entry.names.iter().map(one).collect()
}

fn kind(word: &str) -> Kind {
    let all = [
        Kind::Person,
        Kind::Organisation,
        Kind::Unit,
        Kind::Vessel,
        Kind::Aircraft,
    ];
    let found = all
        .into_iter()
        .find(|k| k.word() == word.trim().to_ascii_lowercase());
    found.unwrap_or_default()
}

/// Reads every list, the files of OFAC's together.
fn read_lists(files: &[PathBuf]) -> Outcome<List> {
    let files = super::lists::files(files)?;
    let limits = Limits::shipped().for_local_files();
    lists::read(&files, &limits).map_err(|(name, e)| refused(&name)(e))
}

fn refused(name: &str) -> impl FnOnce(GuardError) -> Failure + '_ {
    move |e| Failure::new(FAILED, format!("{name}: {e}"))
}

fn untold(file: &Path) -> Failure {
    Failure::new(
        USAGE,
        format!("{}: what this is cannot be told", file.display()),
    )
    .help("Names are read from .txt, .csv and .xlsx.")
}

fn read_names(file: &Path, kind: Kind) -> Outcome<Vec<Query>> {
    let name = file.display().to_string();
    let ending = file.extension().and_then(|e| e.to_str());
    if ending == Some("txt") {
        let text = std::fs::read_to_string(file).map_err(io(file))?;
        let lines = text.lines().map(str::trim).filter(|l| !l.is_empty());
        return Ok(lines.map(|l| Query::new(kind, l)).collect());
    }
    let input = File::open(file).map_err(io(file))?;
    if ending == Some("csv") {
        let list = lists::roster(input).map_err(refused(&name))?;
        return Ok(list.iter().map(|e| query(e, kind)).collect());
    }
    if ending != Some("xlsx") {
        return Err(untold(file));
    }
    let limits = Limits::shipped();
    let meter = Meter::new(limits.parser_memory, None);
    let mut book =
        xlsx::Book::open(BufReader::new(input), limits, &meter).map_err(refused(&name))?;
    let mut rows: Vec<Vec<String>> = vec![];
    let read = book.rows(None, &mut |row| {
        rows.push(row.cells.to_vec());
        Ok(true)
    });
    read.map_err(refused(&name))?;
    let list = lists::roster_of(&rows).map_err(refused(&name))?;
    Ok(list.iter().map(|e| query(e, kind)).collect())
}

fn query(entry: &lists::Entry, otherwise: Kind) -> Query {
    let said = kind(entry.kind);
    Query {
        kind: if said == Kind::Unknown {
            otherwise
        } else {
            said
        },
        name: entry
            .names
            .first()
            .map_or(String::new(), |(_, n)| n.clone()),
        attributes: Attributes {
            born: entry.born.clone(),
            countries: entry.countries.clone(),
            gender: entry.gender.clone(),
            identifiers: entry.identifiers.clone(),
        },
    }
}
