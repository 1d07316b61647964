//! Versions of lists as the store keeps them: read back, compared, and ready for searching.

mod diff;
mod entry;

pub use diff::{ChangedEntry, ChangedField, ListDiff, diff};
pub use entry::ListEntry;

use crate::{App, AppError, Result};
use serde::Serialize;
use symbolon_access::{Action, Viewer};
use symbolon_domain::{
    kinds::Dataset,
    record::{Record, RecordId},
};
use symbolon_screening::Listed;
use symbolon_store::{
    facts::{LIST_DOUBT, LIST_ENTRY},
    query::{FactQuery, RecordQuery, Test, Value},
};

/// One version of a list.
#[derive(Clone, Debug, Serialize)]
pub struct ListVersion {
    /// The data set's record.
    pub id: RecordId,
    /// Code of the version: the list's code, a dot and the day.
    pub code: String,
    /// Code of the list.
    pub list: String,
    /// Day of the version.
    pub day: String,
    /// Title of the data set.
    pub title: String,
    /// Whether it is the newest one, by which is screened.
    pub current: bool,
    /// Entries.
    pub entries: i64,
    /// Entries added against the version before it.
    pub added: i64,
    /// Entries changed in any field.
    pub changed: i64,
    /// Entries removed.
    pub removed: i64,
    /// Rows refused or doubted.
    pub doubts: i64,
}

/// A row of a list's file that was refused or is doubted.
#[derive(Clone, Debug, Serialize)]
pub struct DoubtLine {
    /// File within the list.
    pub file: String,
    /// Line, from 1.
    pub line: i64,
    /// Column, from 1; 0 where the row is meant.
    pub column: i64,
    /// Fixed code.
    pub code: String,
    /// What is wrong.
    pub problem: String,
}

fn version(record: Record) -> Result<ListVersion> {
    let e = record.envelope;
    let body: Dataset =
        serde_json::from_value(record.body).map_err(|e| AppError::Internal(e.to_string()))?;
    let figure = |name: &str| body.summary.get(name).copied().unwrap_or(0);
    Ok(ListVersion {
        id: e.id,
        day: e.code.rsplit('.').next().unwrap_or_default().to_owned(),
        code: e.code,
        current: e.state == "loaded",
        entries: figure("entries"),
        added: figure("added"),
        changed: figure("changed"),
        removed: figure("removed"),
        doubts: figure("doubts"),
        title: body.title,
        list: body.list,
    })
}

impl App {
    /// Every version of every list the viewer may see, by list and day.
    pub fn list_versions(&self, viewer: &Viewer) -> Result<Vec<ListVersion>> {
        let lists = Test::Is(Value::Text("list".to_owned()));
        let query = RecordQuery::default().when("content", lists);
        let found = self.store.list(viewer, "dataset", &query)?;
        found.into_iter().map(version).collect()
    }

    /// One version, by its code; or the newest of the list with this code.
    pub fn list_version(&self, viewer: &Viewer, code: &str) -> Result<ListVersion> {
        let all = self.list_versions(viewer)?;
        let found = all
            .into_iter()
            .find(|v| v.code == code || (v.list == code && v.current));
        found.ok_or(AppError::NotFound("version of a list"))
    }

    /// The entries of a version, in the order of its files.
    pub fn list_entries(&self, viewer: &Viewer, version: &ListVersion) -> Result<Vec<ListEntry>> {
        let query = FactQuery::all(&LIST_ENTRY).of(version.id);
        let rows = self.store.facts(viewer, Action::Read, &query)?;
        rows.iter().map(ListEntry::of).collect()
    }

    /// One entry of a version by its number.
    pub fn list_entry(
        &self,
        viewer: &Viewer,
        version: &ListVersion,
        number: &str,
    ) -> Result<Option<ListEntry>> {
        let query = FactQuery::all(&LIST_ENTRY)
            .of(version.id)
            .when("entry", Test::Is(Value::Text(number.to_owned())));
        let rows = self.store.facts(viewer, Action::Read, &query)?;
        rows.first().map(ListEntry::of).transpose()
    }

    /// What was refused or doubted of a version's files.
    pub fn list_doubts(&self, viewer: &Viewer, version: &ListVersion) -> Result<Vec<DoubtLine>> {
        let query = FactQuery::all(&LIST_DOUBT).of(version.id);
        let rows = self.store.facts(viewer, Action::Read, &query)?;
        let text = |v: &Value| v.text().to_owned();
        let number = |v: &Value| v.int().unwrap_or(0);
        Ok(rows
            .iter()
            .map(|r| DoubtLine {
                file: text(&r.cells[0]),
                line: number(&r.cells[1]),
                column: number(&r.cells[2]),
                code: text(&r.cells[3]),
                problem: text(&r.cells[4]),
            })
            .collect())
    }

    /// Names of the newest version of every list, for searching; an entry is named `list/number`.
    pub fn listed_names(&self, viewer: &Viewer) -> Result<Vec<Listed>> {
        let mut all = vec![];
        let versions = self.list_versions(viewer)?;
        for version in versions.iter().filter(|v| v.current) {
            for entry in self.list_entries(viewer, version)? {
                let number = format!("{}/{}", version.list, entry.entry);
                let names = entry.listed();
                all.extend(names.into_iter().map(|name| Listed {
                    entry: number.clone(),
                    ..name
                }));
            }
        }
        Ok(all)
    }

    /// What was added, changed and removed from one version to another.
    pub fn list_diff(&self, viewer: &Viewer, from: &str, to: &str) -> Result<ListDiff> {
        let (from, to) = (
            self.list_version(viewer, from)?,
            self.list_version(viewer, to)?,
        );
        let before = self.list_entries(viewer, &from)?;
        let after = self.list_entries(viewer, &to)?;
        Ok(diff(&before, &after))
    }
}
