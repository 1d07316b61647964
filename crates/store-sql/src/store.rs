//! The store: readers, the writer, and the verbs of the trait.

use crate::conn::{Conn, Place};
use crate::journal::{self, Draft};
use crate::loader::SqlLoader;
use crate::pool::Pool;
use crate::records::{self, label_id};
use crate::writer::{Tx, Writer};
use crate::{facts, verify};
use serde_json::Value as Json;
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use symbolon_access::{Action, Policy, RowFilter, Viewer, row_filter};
use symbolon_domain::{
    canonical::Hash,
    kind::KindDef,
    kinds,
    label::Label,
    record::{Record, RecordId},
};
use symbolon_store::{
    BulkLoad, Change, Result, Store, StoreError, Surroundings, Written,
    facts::Cell,
    journal::{Checkpoint, EntryView, JournalFilter, Verification, VerifyingKey, inclusion_proof},
    query::{FactQuery, FactRow, RecordQuery, Test, Value},
};

/// SQLite or PostgreSQL.
pub struct SqlStore {
    place: Place,
    pool: Pool,
    writer: Writer,
    origin: String,
    around: Surroundings,
    labels: Mutex<HashMap<i64, Label>>,
}

fn kind(code: &str) -> Result<&'static KindDef> {
    kinds::by_code(code).ok_or_else(|| StoreError::Invalid(format!("there is no kind `{code}`")))
}

impl SqlStore {
    /// Opens a SQLite database file, making it where there is none.
    pub fn sqlite(path: &Path, around: Surroundings) -> Result<Self> {
        Self::open(Place::File(path.to_owned()), around)
    }

    /// Opens a PostgreSQL database (`postgres://...`), making the tables where there are none.
    pub fn postgres(url: &str, around: Surroundings) -> Result<Self> {
        Self::open(Place::Url(url.to_owned()), around)
    }

    fn open(place: Place, around: Surroundings) -> Result<Self> {
        // The log's name is random: two installations never share one.
        let fresh = format!("symbolon/{}", hex::encode(around.random::<8>()));
        let writer = Writer::new(&place, around.clone(), &fresh)?;
        let pool = Pool::new(place.clone(), 8);
        let origin = pool.with(|conn| {
            let row = conn.first("SELECT value FROM instance WHERE name = 'origin'", &[])?;
            row.map(|r| r[0].text().to_owned())
                .ok_or_else(|| StoreError::Tampered("the log has no name".into()))
        })?;
        let store = Self {
            place,
            pool,
            writer,
            origin,
            around,
            labels: Mutex::default(),
        };
        store.refresh_labels()?;
        Ok(store)
    }

    /// Name of the log, the first line of its checkpoints.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    fn refresh_labels(&self) -> Result<()> {
        let rows = self
            .pool
            .with(|conn| conn.query("SELECT id, json FROM label", &[]))?;
        let mut labels = self.labels.lock().unwrap_or_else(PoisonError::into_inner);
        for row in rows {
            if let (Some(id), Ok(label)) = (row[0].int(), serde_json::from_str(row[1].text())) {
                labels.insert(id, label);
            }
        }
        Ok(())
    }

    fn labels(&self) -> HashMap<i64, Label> {
        self.labels
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn filter(&self, viewer: &Viewer, action: Action, kind: &str) -> RowFilter {
        let labels: Vec<(i64, Label)> = self.labels().into_iter().collect();
        row_filter(Policy::shipped(), viewer, action, kind, &labels)
    }

    /// Numbers of the data sets whose rows a viewer may see.
    fn datasets(
        &self,
        viewer: &Viewer,
        action: Action,
        only: Option<RecordId>,
    ) -> Result<Vec<i64>> {
        let mut conditions = records::Where::default();
        conditions.visible(&self.filter(viewer, action, "dataset"));
        if let Some(id) = only {
            conditions.test("id", &Test::Is(Value::Text(id.to_string())));
        }
        let sql = format!(
            "SELECT number FROM dataset{} ORDER BY number",
            conditions.sql()
        );
        let rows = self.pool.with(|conn| conn.query(&sql, &conditions.args))?;
        Ok(rows.iter().filter_map(|r| r[0].int()).collect())
    }

    fn reads_journal(viewer: &Viewer) -> Result<()> {
        if Policy::shipped().grants(viewer, Action::Read, "journal") {
            Ok(())
        } else {
            Err(StoreError::NotPermitted(
                "no role of the viewer reads the journal".into(),
            ))
        }
    }

    /// Whether a viewer may read an entry: the whole journal, or what is about a record it may see.
    fn may_read_entry(&self, viewer: &Viewer, view: &EntryView) -> bool {
        if Self::reads_journal(viewer).is_ok() {
            return true;
        }
        let Some((kind, id)) = view.entry.object.split_once('/') else {
            return false;
        };
        let Ok(id) = id.parse() else { return false };
        self.get(viewer, kind, id).is_ok_and(|r| r.is_some())
    }
}

fn check_may_write(viewer: &Viewer, action: Action, kind: &str) -> Result<()> {
    if Policy::shipped().grants(viewer, action, kind) {
        return Ok(());
    }
    Err(StoreError::NotPermitted(format!(
        "no role of the viewer grants `{}` on {kind}",
        action.name()
    )))
}

/// Writes one change and its entry.
fn write_one(tx: &mut Tx<'_>, viewer: &Viewer, change: Change) -> Result<Written> {
    let kind = kind(&change.envelope.kind)?;
    let body = (kind.normalise)(&change.body).map_err(StoreError::Invalid)?;
    if !kind.knows_state(&change.envelope.state) {
        return Err(StoreError::Invalid(format!(
            "`{}` is no state of {}",
            change.envelope.state, kind.code
        )));
    }
    let given = change.envelope.version;
    let current = current(tx.conn, kind, change.envelope.id)?;
    let version = current.as_ref().map_or(0, |r| r.envelope.version);
    if given != version {
        return Err(StoreError::Stale {
            given,
            current: version,
        });
    }
    let mut record = Record {
        envelope: change.envelope,
        body,
    };
    if current.as_ref() == Some(&record) {
        return Ok(Written {
            id: record.envelope.id,
            version,
            seq: -1,
            changed: false,
        });
    }
    record.envelope.version = version + 1;
    let label = put_label(tx, viewer, &record.envelope.label)?;
    let to_json =
        |r: &Record| serde_json::to_value(r).map_err(|e| StoreError::Invalid(e.to_string()));
    let draft = Draft {
        object: format!("{}/{}", kind.code, record.envelope.id),
        version: version + 1,
        record: Some(&record),
        action: &change.action,
        before: current
            .as_ref()
            .map(to_json)
            .transpose()?
            .unwrap_or_default(),
        after: to_json(&record)?,
        reason: &change.reason,
    };
    let seq = journal::append(tx, viewer, draft)?;
    put_row(tx.conn, kind, &record, label, seq, current.is_some())?;
    Ok(Written {
        id: record.envelope.id,
        version: version + 1,
        seq,
        changed: true,
    })
}

fn put_row(
    conn: &mut Conn,
    kind: &KindDef,
    record: &Record,
    label: i64,
    seq: i64,
    there: bool,
) -> Result<()> {
    let mut row = records::to_row(kind, record, label, seq)?;
    let columns = records::columns(kind);
    let sql = if there {
        let sets: Vec<String> = columns
            .iter()
            .enumerate()
            .skip(1)
            .map(|(i, c)| format!("{c} = ${}", i + 1))
            .collect();
        format!(
            "UPDATE \"{}\" SET {} WHERE id = $1",
            kind.code,
            sets.join(", ")
        )
    } else {
        let marks: Vec<String> = (1..=columns.len()).map(|i| format!("${i}")).collect();
        format!(
            "INSERT INTO \"{}\"({}) VALUES({})",
            kind.code,
            columns.join(", "),
            marks.join(", ")
        )
    };
    match conn.execute(&sql, &std::mem::take(&mut row)) {
        Err(StoreError::Duplicate(_)) => Err(StoreError::Duplicate(record.envelope.code.clone())),
        other => other.map(|_| ()),
    }
}

fn current(conn: &mut Conn, kind: &KindDef, id: RecordId) -> Result<Option<Record>> {
    let columns: Vec<String> = records::columns(kind)
        .iter()
        .map(|c| format!("r.{c}"))
        .collect();
    let sql = format!(
        "SELECT l.json, {} FROM \"{}\" r JOIN label l ON l.id = r.label WHERE r.id = $1",
        columns.join(", "),
        kind.code
    );
    let Some(row) = conn.first(&sql, &[Value::Text(id.to_string())])? else {
        return Ok(None);
    };
    let label: Option<Label> = serde_json::from_str(row[0].text()).ok();
    records::from_row(kind, &row[1..], &|_| label.clone()).map(|(r, _)| Some(r))
}

/// The number of a label, recording it the first time it is used.
fn put_label(tx: &mut Tx<'_>, viewer: &Viewer, label: &Label) -> Result<i64> {
    let (id, json) = label_id(label)?;
    if tx
        .conn
        .first("SELECT 1 FROM label WHERE id = $1", &[Value::Int(id)])?
        .is_none()
    {
        let draft = Draft {
            object: format!("label/{id}"),
            version: 1,
            record: None,
            action: "label.use",
            before: Json::Null,
            after: serde_json::from_str(&json).unwrap_or_default(),
            reason: "",
        };
        let seq = journal::append(tx, viewer, draft)?;
        tx.conn.execute(
            "INSERT INTO label(id, json, entry) VALUES($1, $2, $3)",
            &[Value::Int(id), Value::Text(json), Value::Int(seq)],
        )?;
    }
    Ok(id)
}

impl Store for SqlStore {
    fn local(&self) -> bool {
        self.place.engine() == crate::conn::Engine::Sqlite
    }

    fn get(&self, viewer: &Viewer, code: &str, id: RecordId) -> Result<Option<Record>> {
        let query = RecordQuery::default().when("id", Test::Is(Value::Text(id.to_string())));
        Ok(self.list(viewer, code, &query)?.pop())
    }

    fn list(&self, viewer: &Viewer, code: &str, query: &RecordQuery) -> Result<Vec<Record>> {
        let (kind, filter, labels) = (
            kind(code)?,
            self.filter(viewer, Action::Read, code),
            self.labels(),
        );
        if filter.is_empty() {
            return Ok(vec![]);
        }
        self.pool
            .with(|conn| records::list(conn, kind, &filter, query, &|id| labels.get(&id).cloned()))
    }

    fn count(&self, viewer: &Viewer, code: &str, query: &RecordQuery) -> Result<u64> {
        let kind = kind(code)?;
        let conditions =
            records::conditions(kind, &self.filter(viewer, Action::Read, code), query)?;
        let sql = format!("SELECT count(*) FROM \"{}\"{}", kind.code, conditions.sql());
        let row = self.pool.with(|conn| conn.first(&sql, &conditions.args))?;
        Ok(row
            .and_then(|r| r[0].int())
            .and_then(|n| u64::try_from(n).ok())
            .unwrap_or(0))
    }

    fn write(&self, viewer: &Viewer, changes: Vec<Change>) -> Result<Vec<Written>> {
        for change in &changes {
            check_may_write(viewer, Action::Write, &change.envelope.kind)?;
        }
        let viewer = viewer.clone();
        let written = self.writer.submit(move |tx| {
            changes
                .into_iter()
                .map(|c| write_one(tx, &viewer, c))
                .collect()
        })?;
        self.refresh_labels()?;
        Ok(written)
    }

    fn note(
        &self,
        viewer: &Viewer,
        object: &str,
        action: &str,
        after: Json,
        reason: &str,
    ) -> Result<i64> {
        let (viewer, object) = (viewer.clone(), object.to_owned());
        let (action, reason) = (action.to_owned(), reason.to_owned());
        self.writer.submit(move |tx| {
            let draft = Draft {
                object,
                version: 0,
                record: None,
                action: &action,
                before: Json::Null,
                after,
                reason: &reason,
            };
            journal::append(tx, &viewer, draft)
        })
    }

    fn load(&self, viewer: &Viewer, load: BulkLoad<'_>) -> Result<Written> {
        check_may_write(viewer, Action::Import, "dataset")?;
        let written = self.writer.alone(|tx| {
            let row = tx
                .conn
                .first("SELECT coalesce(max(number), 0) + 1 FROM dataset", &[])?;
            let number = row.and_then(|r| r[0].int()).unwrap_or(1);
            let mut loader = SqlLoader::new(tx.conn, number);
            let change = load(&mut loader)?;
            for before in loader.finish()? {
                write_one(tx, viewer, before)?;
            }
            write_one(tx, viewer, change)
        })?;
        self.refresh_labels()?;
        Ok(written)
    }

    fn facts(&self, viewer: &Viewer, action: Action, query: &FactQuery) -> Result<Vec<FactRow>> {
        let datasets = self.datasets(viewer, action, query.dataset)?;
        let mut rows = vec![];
        self.pool.with(|conn| {
            facts::each(conn, query, &datasets, &mut |row| {
                rows.push(row);
                Ok(true)
            })
        })?;
        Ok(rows)
    }

    fn scan(
        &self,
        viewer: &Viewer,
        query: &FactQuery,
        each: &mut dyn FnMut(i64, &[Cell<'_>]) -> bool,
    ) -> Result<()> {
        let datasets = self.datasets(viewer, Action::Read, query.dataset)?;
        self.pool.with(|conn| {
            facts::each_cells(conn, query, &datasets, &mut |id, cells| Ok(each(id, cells)))
        })
    }

    fn count_facts(&self, viewer: &Viewer, query: &FactQuery) -> Result<u64> {
        let datasets = self.datasets(viewer, Action::Read, query.dataset)?;
        self.pool.with(|conn| facts::count(conn, query, &datasets))
    }

    fn revision(&self) -> Result<i64> {
        let row = self
            .pool
            .with(|conn| conn.first("SELECT max(seq) FROM journal", &[]))?;
        Ok(row.and_then(|r| r[0].int()).unwrap_or(-1))
    }

    fn entries(&self, viewer: &Viewer, filter: &JournalFilter) -> Result<Vec<EntryView>> {
        Self::reads_journal(viewer)?;
        self.pool.with(|conn| journal::list(conn, filter))
    }

    fn count_entries(&self, viewer: &Viewer, filter: &JournalFilter) -> Result<u64> {
        Self::reads_journal(viewer)?;
        self.pool.with(|conn| journal::count(conn, filter))
    }

    fn entry(&self, viewer: &Viewer, seq: i64) -> Result<Option<EntryView>> {
        let view = self.pool.with(|conn| journal::entry(conn, seq))?;
        Ok(view.filter(|v| self.may_read_entry(viewer, v)))
    }

    fn last_entry(&self, viewer: &Viewer, object: &str) -> Result<Option<EntryView>> {
        let view = self.pool.with(|conn| journal::last_entry(conn, object))?;
        Ok(view.filter(|v| self.may_read_entry(viewer, v)))
    }

    fn checkpoint(&self) -> Result<Option<(Checkpoint, String)>> {
        self.pool
            .with(|conn| journal::checkpoint(conn, &self.origin))
    }

    fn proof(&self, seq: i64) -> Result<Option<(Checkpoint, Vec<Hash>)>> {
        let Some((checkpoint, _)) = self.checkpoint()? else {
            return Ok(None);
        };
        let Some(index) = usize::try_from(seq)
            .ok()
            .filter(|i| (*i as u64) < checkpoint.size)
        else {
            return Ok(None);
        };
        let leaves = self
            .pool
            .with(|conn| journal::leaves(conn, checkpoint.size))?;
        Ok(Some((checkpoint, inclusion_proof(index, &leaves))))
    }

    fn sign(&self) -> Result<Option<Checkpoint>> {
        let today = (self.around.now)().to_zoned(jiff::tz::TimeZone::UTC).date();
        self.writer
            .alone(|tx| journal::sign(tx, &Viewer::system(today), &self.origin))
    }

    fn verify(
        &self,
        key: Option<&VerifyingKey>,
        witnessed: Option<&Checkpoint>,
    ) -> Result<Verification> {
        let check = verify::Check {
            engine: self.place.engine(),
            origin: &self.origin,
            sealing: self.around.key.as_deref(),
            key: key
                .cloned()
                .or_else(|| self.around.key.as_ref().map(|k| k.verifying())),
            witnessed,
        };
        self.pool.with(|conn| verify::verify(conn, &check))
    }
}
