//! Loading a version of a list: its rows, what changed, who of the vetted it touches; one transaction.

use super::{FileInfo, Finished, check_code, dataset_change, source_of};
use crate::{
    App, AppError, Result,
    lists::{ListDiff, ListEntry, ListVersion, diff},
    vetting::{Affected, Version, rescreen},
};
use jiff::civil::Date;
use serde::Serialize;
use sha2::Digest;
use std::collections::{BTreeMap, BTreeSet};
use symbolon_access::Viewer;
use symbolon_domain::{
    date::{Known, ValidTime},
    kind::Fault,
    kinds::{LicenceClass, Source},
    label::Label,
    record::RecordId,
};
use symbolon_exchange::{
    import::lists::{self, List, ListFile},
    limits::Limits,
};
use symbolon_store::{
    Change, Loader, StoreError,
    facts::{Cell, LIST_DOUBT, LIST_ENTRY},
};

/// What is known of a version besides its files.
#[derive(Clone, Debug)]
pub struct NewList {
    /// Code of the list: small letters, digits, dashes.
    pub list: String,
    /// Title; empty: the list's code and the day.
    pub title: String,
    /// Day of the version, where the files do not say.
    pub day: Option<Date>,
    /// Where it comes from.
    pub source: Source,
    /// What may be done with it.
    pub licence_class: LicenceClass,
}

/// A candidate whose decision a version opened again, and what stands on it.
#[derive(Clone, Debug, Serialize)]
pub struct OpenedAgain {
    /// The candidate.
    pub candidate: RecordId,
    /// Its code.
    pub code: String,
    /// Deliveries, students and travel orders that stand on it: kind and code.
    pub affected: Vec<(String, String)>,
}

/// What a load did.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ListLoaded {
    /// Code of the version.
    pub code: String,
    /// False where these very files were loaded before.
    pub changed: bool,
    /// Entries.
    pub entries: usize,
    /// Entries added.
    pub added: usize,
    /// Entries changed.
    pub changed_entries: usize,
    /// Entries removed.
    pub removed: usize,
    /// Rows refused or doubted, by file and line.
    pub doubts: Vec<crate::lists::DoubtLine>,
    /// Hits recorded, renewed or gone.
    pub hits: usize,
    /// Whose decisions were opened again.
    pub opened_again: Vec<OpenedAgain>,
}

/// Loads a version of a list: all of it, or nothing. The same files again change nothing; a version older than
/// the newest is kept for comparison, and nobody is screened by it.
///
/// # Errors
/// A refused file, by name and line; a day that nothing tells; a version of that day that is there already.
pub fn list(app: &App, viewer: &Viewer, files: &[ListFile], new: &NewList) -> Result<ListLoaded> {
    let sha256 = hash(files);
    let limits = Limits::shipped().for_local_files();
    let read = lists::read(files, &limits)
        .map_err(|(name, e)| AppError::Conflict(format!("{name}: {e}")))?;
    let versions = app.list_versions(&app.system())?;
    if let Some(same) = super::same_file(app, &sha256)? {
        return Ok(ListLoaded {
            code: same.code,
            entries: read.entries.len(),
            ..ListLoaded::default()
        });
    }
    let day = day(&read, new)?;
    let code = format!("{}.{day}", new.list);
    check_code(app, &code)?;
    let before = versions.iter().find(|v| v.list == new.list && v.current);
    let newest = before.is_none_or(|v| v.day < day.to_string());
    let old = match before.filter(|_| newest) {
        Some(v) => app.list_entries(&app.system(), v)?,
        None => vec![],
    };
    let entries: Vec<ListEntry> = read.entries.iter().map(ListEntry::from).collect();
    let diff = if newest {
        diff(&old, &entries)
    } else {
        ListDiff::default()
    };
    let told = Told {
        files,
        new,
        code: &code,
        day,
        sha256,
        newest,
        before,
    };
    let (hits, touched) = write(app, viewer, &told, (&read, &old, &entries), &diff)?;
    app.refresh();
    Ok(ListLoaded {
        changed: true,
        entries: entries.len(),
        added: diff.added.len(),
        changed_entries: diff.changed.len(),
        removed: diff.removed.len(),
        doubts: app.list_doubts(&app.system(), &app.list_version(&app.system(), &code)?)?,
        hits,
        opened_again: opened_again(app, &touched)?,
        code,
    })
}

/// What the record of the version is made of.
struct Told<'a> {
    files: &'a [ListFile],
    new: &'a NewList,
    code: &'a str,
    day: Date,
    sha256: String,
    newest: bool,
    before: Option<&'a ListVersion>,
}

/// Rows, record and hits in one transaction; how many hits, and of whom.
fn write(
    app: &App,
    viewer: &Viewer,
    told: &Told<'_>,
    (read, old, entries): (&List, &[ListEntry], &[ListEntry]),
    diff: &ListDiff,
) -> Result<(usize, BTreeSet<RecordId>)> {
    let (source, first) = source_of(app, &told.new.source)?;
    let mut touched = BTreeSet::new();
    let mut hits = 0;
    let mut refused = None;
    let done = app.store.load(
        viewer,
        Box::new(|loader: &mut dyn Loader| {
            first.into_iter().for_each(|change| loader.with(change));
            let made = (|| -> Result<Change> {
                rows(loader, read, entries)?;
                if told.newest {
                    if let Some(v) = told.before {
                        loader.with(superseded(app, v)?);
                    }
                    let version = Version {
                        list: &told.new.list,
                        edition: told.code,
                        before: old,
                        after: entries,
                        diff,
                    };
                    for change in rescreen(app, &version)? {
                        let of = change.body["candidate"].as_str().unwrap_or_default();
                        touched.extend(of.parse::<RecordId>().ok());
                        hits += 1;
                        loader.with(change);
                    }
                }
                record(told, source, loader, read, diff)
            })();
            made.map_err(|e| {
                refused = Some(e);
                StoreError::Cancelled("the list was not loaded".into())
            })
        }),
    );
    match (done, refused) {
        (Err(_), Some(e)) => Err(e),
        (Err(e), None) => Err(e.into()),
        (Ok(_), _) => Ok((hits, touched)),
    }
}

fn rows(loader: &mut dyn Loader, read: &List, entries: &[ListEntry]) -> Result<()> {
    for (row, e) in (1..).zip(entries) {
        let [names, born, countries, identifiers, fields] = e.texts()?;
        let cells = [
            Cell::Text(&e.entry),
            Cell::Text(&e.kind),
            Cell::Text(e.name()),
            Cell::Text(&names),
            Cell::Text(&born),
            Cell::Text(&countries),
            Cell::Text(&e.gender),
            Cell::Text(&identifiers),
            Cell::Text(&fields),
            Cell::Int(e.line),
        ];
        loader.put(&LIST_ENTRY, row, &cells)?;
    }
    for (row, d) in (1..).zip(&read.doubts) {
        let cells = [
            Cell::Text(&d.file),
            Cell::Int(d.line.cast_signed()),
            Cell::Int(d.column.cast_signed()),
            Cell::Text(d.code),
            Cell::Text(&d.problem),
        ];
        loader.put(&LIST_DOUBT, row, &cells)?;
    }
    Ok(())
}

/// The record of the version.
fn record(
    told: &Told<'_>,
    source: RecordId,
    loader: &mut dyn Loader,
    read: &List,
    diff: &ListDiff,
) -> Result<Change> {
    let names: Vec<&str> = told.files.iter().map(|f| f.name.as_str()).collect();
    let title = match told.new.title.as_str() {
        "" => told.code.to_owned(),
        title => title.to_owned(),
    };
    let info = FileInfo {
        name: names.join(", "),
        title,
        code: told.code.to_owned(),
        source: told.new.source.clone(),
        licence_class: told.new.licence_class,
        limits: String::new(),
        label: Label::internal("USA"),
    };
    let figure = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let summary = BTreeMap::from([
        ("entries".to_owned(), figure(read.entries.len())),
        ("added".to_owned(), figure(diff.added.len())),
        ("changed".to_owned(), figure(diff.changed.len())),
        ("removed".to_owned(), figure(diff.removed.len())),
        ("doubts".to_owned(), figure(read.doubts.len())),
    ]);
    let done = Finished {
        sha256: told.sha256.clone(),
        bytes: figure(told.files.iter().map(|f| f.bytes.len()).sum()),
        rows: figure(read.entries.len()),
        content: "list",
        counted: false,
        years: String::new(),
        summary,
    };
    let roots = loader.roots()?;
    let mut change = dataset_change(&info, source, loader.dataset(), roots, done)?;
    change.body["list"] = told.new.list.clone().into();
    change.envelope.valid = ValidTime {
        from: Some(Known::on(told.day)),
        ..ValidTime::default()
    };
    if !told.newest {
        change.envelope.state = "superseded".to_owned();
    }
    Ok(change)
}

/// The version before gives way.
fn superseded(app: &App, version: &ListVersion) -> Result<Change> {
    let found = app.store.get(&app.system(), "dataset", version.id)?;
    let mut found = found.ok_or(AppError::NotFound("version of a list"))?;
    found.envelope.state = "superseded".to_owned();
    Ok(Change {
        envelope: found.envelope,
        body: found.body,
        action: "dataset.supersede".to_owned(),
        reason: "a newer version was loaded".to_owned(),
        saw: vec![],
    })
}

/// The day of a version: as told, or as its files say.
fn day(read: &List, new: &NewList) -> Result<Date> {
    let code = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if new.list.is_empty() || !new.list.chars().all(code) {
        let told = "List: its code has small letters, digits and dashes";
        return Err(AppError::Faults(vec![Fault::new("list", "code", told)]));
    }
    let told = new.day.or_else(|| read.made.parse().ok());
    told.ok_or_else(|| {
        let told = "Day: the files do not say of which day the list is; say it";
        AppError::Faults(vec![Fault::new("day", "missing", told)])
    })
}

/// The hash of a file as read; of several, the hash of their names and hashes.
fn hash(files: &[ListFile]) -> String {
    let one = |bytes: &[u8]| hex::encode(sha2::Sha256::digest(bytes));
    if let [file] = files {
        return one(&file.bytes);
    }
    let mut lines: Vec<String> = files
        .iter()
        .map(|f| format!("{}  {}\n", one(&f.bytes), f.name))
        .collect();
    lines.sort();
    one(lines.concat().as_bytes())
}

/// Of the candidates touched those whose decision is open again, with what stands on it.
fn opened_again(app: &App, touched: &BTreeSet<RecordId>) -> Result<Vec<OpenedAgain>> {
    let system = app.system();
    let mut all = vec![];
    for id in touched {
        let Some(found) = app.store.get(&system, "vetting_candidate", *id)? else {
            continue;
        };
        if found.envelope.state != "reopened" {
            continue;
        }
        let named = |a: &Affected| -> Vec<(String, String)> {
            let kind = a.kind.name.to_owned();
            let codes = a.records.iter().map(|r| r.envelope.code.clone());
            codes.map(|code| (kind.clone(), code)).collect()
        };
        let affected = app.affected_by(&system, *id)?;
        all.push(OpenedAgain {
            candidate: *id,
            code: found.envelope.code,
            affected: affected.iter().flat_map(named).collect(),
        });
    }
    Ok(all)
}
