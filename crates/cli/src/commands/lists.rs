//! `lists`: versions of sanctions and other lists: load one, list them, compare two, see what was refused.

use crate::Outcome;
use crate::commands::import::Class;
use crate::config::Global;
use crate::exit::{FAILED, Failure, USAGE, io};
use crate::instance::Place;
use crate::output::{Out, grouped};
use clap::{Args, Subcommand};
use jiff::civil::Date;
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;
use symbolon_app::{
    App,
    lists::{ChangedField, ListDiff, ListVersion},
    load::{self, ListLoaded, NewList},
};
use symbolon_domain::kinds::Source;
use symbolon_exchange::import::lists::ListFile;

/// Versions of lists.
#[derive(Debug, Args)]
#[command(
    before_help = "Examples:\n  symbolon lists load sdn.csv alt.csv add.csv --list ofac-sdn --day 2021-09-01\n  symbolon lists\n  symbolon lists diff ofac-sdn.2018-12-01 ofac-sdn.2021-09-01\n  symbolon lists doubts ofac-sdn"
)]
pub struct Lists {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Load a version; screens everybody who is vetted against what is new in it
    Load(Box<Load>),
    /// What was added, changed and removed from one version to another
    Diff {
        /// Code of the earlier version
        from: String,
        /// Code of the later version
        to: String,
        /// At most so many entries of each sort
        #[arg(long, default_value_t = 50)]
        limit: usize,
    },
    /// Rows of a version's files that were refused or are doubted
    Doubts {
        /// Code of the version, or of the list for its newest
        version: String,
    },
}

/// A version to be loaded.
#[derive(Debug, Args)]
struct Load {
    /// Every file of the version, plain or .zst
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Code of the list: small letters, digits, dashes
    #[arg(long, value_name = "CODE")]
    list: String,
    /// Day of the version [default: as the file says]
    #[arg(long)]
    day: Option<Date>,
    /// Title of the version
    #[arg(long, default_value = "")]
    title: String,
    /// Who published it
    #[arg(long, default_value = "")]
    publisher: String,
    /// Address of the source
    #[arg(long, default_value = "")]
    url: String,
    /// Licence in words
    #[arg(long, default_value = "Not stated")]
    licence: String,
    /// What may be done with it
    #[arg(long, default_value = "unclear")]
    class: Class,
}

/// A packed file may have so many bytes.
const MOST_BYTES: u64 = 1 << 30;

/// Reads files into memory, as they are.
pub(crate) fn files(paths: &[PathBuf]) -> Outcome<Vec<ListFile>> {
    let mut all = vec![];
    for path in paths {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned());
        let name = name.ok_or_else(|| Failure::new(USAGE, "a path that names no file"))?;
        let (mut bytes, file) = (vec![], File::open(path).map_err(io(path))?);
        file.take(MOST_BYTES + 1)
            .read_to_end(&mut bytes)
            .map_err(io(path))?;
        if bytes.len() as u64 > MOST_BYTES {
            return Err(Failure::new(
                FAILED,
                format!("{}: larger than 1 GB", path.display()),
            ));
        }
        all.push(ListFile { name, bytes });
    }
    Ok(all)
}

impl Lists {
    /// Does it.
    pub fn run(self, global: &Global) -> Outcome<()> {
        let out = Out::of(global);
        match self.what {
            Some(What::Load(load)) => load.run(global),
            None => list(&Place::of(global).open_reader()?.app, out),
            Some(What::Diff { from, to, limit }) => {
                let instance = Place::of(global).open_reader()?;
                let app = &instance.app;
                let diff = app.list_diff(&app.system(), &from, &to)?;
                out.lines(&diff, &shown(&diff, limit))
            }
            Some(What::Doubts { version }) => {
                let instance = Place::of(global).open_reader()?;
                doubts(&instance.app, out, &version)
            }
        }
    }
}

impl Load {
    fn run(self, global: &Global) -> Outcome<()> {
        let files = files(&self.files)?;
        let new = NewList {
            source: Source {
                title: format!("List {}", self.list),
                publisher: self.publisher,
                url: self.url,
                reference: String::new(),
                published: None,
                licence: self.licence,
                credit: String::new(),
            },
            list: self.list,
            title: self.title,
            day: self.day,
            licence_class: self.class.licence(),
        };
        let instance = Place::of(global).open_writer()?;
        let app = &instance.app;
        let loaded = load::list(app, &app.system(), &files, &new)?;
        instance.signer.sign(app)?;
        Out::of(global).lines(&loaded, &told(&loaded))
    }
}

/// What a load did, for people.
fn told(loaded: &ListLoaded) -> Vec<String> {
    if !loaded.changed {
        let known = format!("{}: these files are loaded; nothing changed", loaded.code);
        return vec![known];
    }
    let figure = |n: usize| grouped(i64::try_from(n).unwrap_or(i64::MAX));
    let mut lines = vec![format!(
        "{}: {} entries; {} added, {} changed, {} removed; {} rows refused or doubted",
        loaded.code,
        figure(loaded.entries),
        figure(loaded.added),
        figure(loaded.changed_entries),
        figure(loaded.removed),
        figure(loaded.doubts.len())
    )];
    for d in &loaded.doubts {
        let at = format!("{}:{}:{}", d.file, d.line, d.column);
        lines.push(format!("  {at}: {} ({})", d.problem, d.code));
    }
    lines.push(format!(
        "Screened again: {} hits recorded, renewed or gone; {} decisions opened again",
        figure(loaded.hits),
        figure(loaded.opened_again.len())
    ));
    for one in &loaded.opened_again {
        lines.push(format!("  {} is open again", one.code));
        for (kind, code) in &one.affected {
            lines.push(format!("    affects {kind} {code}"));
        }
    }
    lines
}

fn list(app: &App, out: Out) -> Outcome<()> {
    let all = app.list_versions(&app.system())?;
    let row = |v: &ListVersion| {
        let mut row = vec![v.code.clone(), v.list.clone(), v.day.clone()];
        row.extend([v.entries, v.added, v.changed, v.removed, v.doubts].map(grouped));
        row.push(if v.current { "yes" } else { "no" }.to_owned());
        row
    };
    let rows: Vec<Vec<String>> = all.iter().map(row).collect();
    let heads = [
        "version", "list", "day", "entries", "added", "changed", "removed", "doubts", "newest",
    ];
    out.table(&all, &heads, &rows)
}

fn doubts(app: &App, out: Out, version: &str) -> Outcome<()> {
    let system = app.system();
    let version = app.list_version(&system, version)?;
    let all = app.list_doubts(&system, &version)?;
    let rows: Vec<Vec<String>> = all
        .iter()
        .map(|d| {
            let (line, column) = (d.line.to_string(), d.column.to_string());
            vec![
                d.file.clone(),
                line,
                column,
                d.code.clone(),
                d.problem.clone(),
            ]
        })
        .collect();
    out.table(&all, &["file", "line", "column", "code", "problem"], &rows)
}

fn shown(diff: &ListDiff, limit: usize) -> Vec<String> {
    let mut lines = vec![format!(
        "{} added, {} changed, {} removed",
        diff.added.len(),
        diff.changed.len(),
        diff.removed.len()
    )];
    let named = |sign: &str, (entry, name): &(String, String)| format!("{sign} {entry} {name}");
    lines.extend(diff.added.iter().take(limit).map(|e| named("+", e)));
    for entry in diff.changed.iter().take(limit) {
        lines.push(format!("~ {} {}", entry.entry, entry.name));
        lines.extend(entry.fields.iter().map(field));
    }
    lines.extend(diff.removed.iter().take(limit).map(|e| named("-", e)));
    lines
}

fn field(field: &ChangedField) -> String {
    let one = |values: &[String]| values.join(" | ");
    let (before, after) = (one(&field.before), one(&field.after));
    format!("    {}: {before} -> {after}", field.field)
}
