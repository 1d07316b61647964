//! Loading files: training reports, series, notifications, reference data.

mod facts;
mod list;
mod programmes;
mod progress;
mod reference;
mod sfm;
mod shipped;
mod training;

pub use facts::{notifications, observations};
pub use list::{ListLoaded, NewList, list};
pub use programmes::{programmes, standing};
pub use progress::Progress;
pub use reference::reference;
pub use sfm::{SfmLoaded, sfm};
pub use shipped::demo;
pub use training::training;

use crate::{App, Result};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::Read;
use symbolon_domain::{
    date::ValidTime,
    kinds::{Dataset, LicenceClass, RowRoot, Source},
    label::Label,
    record::{Envelope, RecordId},
};
use symbolon_store::{
    Change, StoreError,
    query::{RecordQuery, Test, Value},
};

/// What is known of a file besides its rows.
#[derive(Clone, Debug)]
pub struct FileInfo {
    /// File name.
    pub name: String,
    /// Title of the data set.
    pub title: String,
    /// Code of the data set, as in addresses.
    pub code: String,
    /// The source document.
    pub source: Source,
    /// What may be done with it.
    pub licence_class: LicenceClass,
    /// What the numbers do not cover.
    pub limits: String,
    /// Label of the data set: released data is public.
    pub label: Label,
}

/// What a load did.
#[derive(Clone, Debug, Serialize)]
pub struct Loaded {
    /// The data set.
    pub id: RecordId,
    /// Its code.
    pub code: String,
    /// False where this very file was loaded before: nothing was written.
    pub changed: bool,
    /// Rows in the file.
    pub rows: i64,
    /// Whether its rows enter portfolio figures.
    pub counted: bool,
    /// Figures of the load, by name.
    pub summary: BTreeMap<String, i64>,
    /// Journal entry of the load; -1 where nothing was written.
    pub seq: i64,
}

/// Hash and size of bytes as they are read.
pub(crate) struct Hashing<R> {
    inner: R,
    state: sha2::Sha256,
    /// Bytes so far.
    pub(crate) bytes: u64,
    progress: Progress,
}

impl<R: Read> Hashing<R> {
    pub(crate) fn new(inner: R, progress: Progress) -> Self {
        Self {
            inner,
            state: sha2::Digest::new(),
            bytes: 0,
            progress,
        }
    }

    /// Reads what is left and returns the hash and size of the whole.
    pub(crate) fn finish(mut self) -> std::io::Result<(String, i64)> {
        std::io::copy(&mut self, &mut std::io::sink())?;
        Ok((
            hex::encode(sha2::Digest::finalize(self.state)),
            self.bytes.cast_signed(),
        ))
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(buffer)?;
        sha2::Digest::update(&mut self.state, &buffer[..n]);
        self.bytes += n as u64;
        self.progress.bytes(self.bytes);
        Ok(n)
    }
}

/// An envelope for a record of reference or loaded data.
pub(crate) fn envelope(kind: &str, id: RecordId, code: &str, label: Label) -> Envelope {
    let state = symbolon_domain::kinds::by_code(kind).map_or("", |k| k.states[0]);
    Envelope {
        id,
        kind: kind.to_owned(),
        code: code.to_owned(),
        version: 0,
        state: state.to_owned(),
        valid: ValidTime::default(),
        label,
        owner: "instance".to_owned(),
        partner: String::new(),
        programme: String::new(),
        sources: vec![],
        claims: vec![],
    }
}

/// The data set loaded from the file with this hash, if it was.
pub(crate) fn same_file(app: &App, sha256: &str) -> Result<Option<Loaded>> {
    let query =
        RecordQuery::default().when("file_sha256", Test::Is(Value::Text(sha256.to_owned())));
    let found = app.store.list(&app.system(), "dataset", &query)?.pop();
    Ok(found.and_then(|r| {
        let dataset: Dataset = serde_json::from_value(r.body).ok()?;
        Some(Loaded {
            id: r.envelope.id,
            code: r.envelope.code,
            changed: false,
            rows: dataset.rows,
            counted: dataset.counted,
            summary: dataset.summary,
            seq: -1,
        })
    }))
}

/// The id of a file's source document, and the change that records it where it is not there yet. The
/// change belongs into the transaction of the load: a refused file leaves no source behind.
pub(crate) fn source_of(app: &App, source: &Source) -> Result<(RecordId, Option<Change>)> {
    let key = format!("{} {}", source.title, source.url);
    let id = RecordId::named("source", &key);
    if app.store.get(&app.system(), "source", id)?.is_some() {
        return Ok((id, None));
    }
    let code = format!("S-{}", &id.to_string()[..8]);
    let change = Change {
        envelope: envelope("source", id, &code, Label::public("USA")),
        body: serde_json::to_value(source).map_err(|e| crate::AppError::Internal(e.to_string()))?,
        action: "source.create".to_owned(),
        reason: String::new(),
        saw: vec![],
    };
    Ok((id, Some(change)))
}

/// Refuses a code that is taken, before the file is read.
pub(crate) fn check_code(app: &App, code: &str) -> Result<()> {
    let query = RecordQuery::default().when("code", Test::Is(Value::Text(code.to_owned())));
    match app.store.count(&app.system(), "dataset", &query)? {
        0 => Ok(()),
        _ => Err(StoreError::Duplicate(code.to_owned()).into()),
    }
}

/// What a load in full would have recorded, for a dry run that stops before the commit.
pub(crate) fn rehearsed(change: &Change) -> Option<Loaded> {
    let dataset: Dataset = serde_json::from_value(change.body.clone()).ok()?;
    Some(Loaded {
        id: change.envelope.id,
        code: change.envelope.code.clone(),
        changed: true,
        rows: dataset.rows,
        counted: dataset.counted,
        summary: dataset.summary,
        seq: -1,
    })
}

/// Everything a data set's record is made of.
pub(crate) struct Finished {
    pub(crate) sha256: String,
    pub(crate) bytes: i64,
    pub(crate) rows: i64,
    pub(crate) content: &'static str,
    pub(crate) counted: bool,
    pub(crate) years: String,
    pub(crate) summary: BTreeMap<String, i64>,
}

/// The change that records a data set whose rows were just loaded.
pub(crate) fn dataset_change(
    info: &FileInfo,
    source: RecordId,
    number: i64,
    roots: BTreeMap<String, RowRoot>,
    done: Finished,
) -> Result<Change> {
    let id = RecordId::named("dataset", &done.sha256);
    let dataset = Dataset {
        title: info.title.clone(),
        content: done.content.to_owned(),
        number,
        source,
        file_name: info.name.clone(),
        file_sha256: done.sha256,
        file_bytes: done.bytes,
        rows: done.rows,
        licence_class: info.licence_class,
        limits: info.limits.clone(),
        counted: done.counted,
        years: done.years,
        list: String::new(),
        roots,
        summary: done.summary,
    };
    Ok(Change {
        envelope: envelope("dataset", id, &info.code, info.label.clone()),
        body: serde_json::to_value(dataset)
            .map_err(|e| crate::AppError::Internal(e.to_string()))?,
        action: "dataset.load".to_owned(),
        reason: format!("loaded from {}", info.name),
        saw: vec![],
    })
}

/// A code for a file nobody named: its name without endings, in letters, digits and dashes.
#[must_use]
pub fn code_of(file_name: &str) -> String {
    let stem = file_name
        .split('.')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let code: String = stem
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    if code.is_empty() {
        "file".to_owned()
    } else {
        code
    }
}
