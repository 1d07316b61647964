//! The store: readers, the writer, and the verbs of the trait.

use crate::conn::Place;
use crate::journal::{self, Draft};
use crate::loader::SqlLoader;
use crate::pool::Pool;
use crate::schema::Made;
use crate::visible::{Visible, decides_access};
use crate::write::{kind, write_one};
use crate::writer::Writer;
use crate::{conditions, consequences, facts, history, once, verify};
use crate::{records, tally};
use serde_json::Value as Json;
use std::path::Path;
use std::sync::Arc;
use symbolon_access::{Action, FieldView, Policy, RowFilter, Viewer, World};
use symbolon_domain::{
    canonical::Hash,
    kinds,
    record::{Record, RecordId},
};
use symbolon_store::{
    BulkLoad, Change, Changes, Consequences, Heading, Once, Redaction, Result, Store, StoreError,
    Surroundings, Written,
    facts::Cell,
    journal::{Audit, Checkpoint, EntryView, JournalFilter, Verification},
    query::{FactQuery, FactRow, RecordQuery, Test, Value, Version},
};

/// SQLite or PostgreSQL.
pub struct SqlStore {
    place: Place,
    pub(crate) pool: Pool,
    pub(crate) writer: Writer,
    pub(crate) origin: String,
    pub(crate) around: Surroundings,
    pub(crate) visible: Visible,
}

impl SqlStore {
    /// Opens a SQLite database file, making it where there is none.
    pub fn sqlite(path: &Path, around: Surroundings) -> Result<Self> {
        Self::open(Place::File(path.to_owned()), around, Made::ByThisProgram)
    }

    /// Opens a PostgreSQL database (`postgres://...`), making the tables where there are none.
    pub fn postgres(url: &str, around: Surroundings) -> Result<Self> {
        Self::open(Place::Url(url.to_owned()), around, Made::ByThisProgram)
    }

    /// Opens a SQLite file that an older program may have made.
    pub(crate) fn older_sqlite(path: &Path, around: Surroundings) -> Result<Self> {
        Self::open(Place::File(path.to_owned()), around, Made::Earlier)
    }

    /// Opens a PostgreSQL database that an older program may have made.
    pub(crate) fn older_postgres(url: &str, around: Surroundings) -> Result<Self> {
        Self::open(Place::Url(url.to_owned()), around, Made::Earlier)
    }

    fn open(place: Place, around: Surroundings, made: Made) -> Result<Self> {
        // The log's name is random: two installations never share one.
        let fresh = format!("symbolon/{}", hex::encode(around.random::<8>()));
        let writer = Writer::new(&place, around.clone(), &fresh, made)?;
        let pool = Pool::new(place.clone(), 8);
        let origin = pool.with(|conn| {
            let row = conn.first("SELECT value FROM instance WHERE name = 'origin'", &[])?;
            row.map(|r| r[0].text().to_owned())
                .ok_or_else(|| StoreError::Tampered("the log has no name".into()))
        })?;
        Ok(Self {
            place,
            pool,
            writer,
            origin,
            around,
            visible: Visible::default(),
        })
    }

    /// Name of the log, the first line of its checkpoints.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    fn filter(&self, viewer: &Viewer, action: Action, code: &str) -> Result<Arc<RowFilter>> {
        let state = self.visible.state(&self.pool)?;
        Ok(state.filter(viewer, action, kind(code)?.code))
    }

    /// Writes changes, all or none; under a key only once.
    fn put(
        &self,
        viewer: &Viewer,
        changes: Vec<Change>,
        once: Option<Once>,
    ) -> Result<Vec<Written>> {
        let judge = self.visible.state(&self.pool)?;
        let decisive = changes.iter().any(|c| decides_access(&c.envelope.kind));
        let viewer = viewer.clone();
        let (written, fresh_label) = self.writer.submit(move |tx| {
            let now = tx.around.now_ms();
            if let Some(once) = &once
                && let Some(first) = once::answered(tx.conn, now, once)?
            {
                return Ok((first, false));
            }
            let written = changes
                .into_iter()
                .map(|c| write_one(tx, &viewer, c, &judge, once.as_ref()))
                .collect::<Result<Vec<_>>>()?;
            consequences::follow(tx)?;
            if let Some(once) = &once {
                once::remember(tx, once, &written)?;
            }
            Ok((written, tx.fresh_label))
        })?;
        if decisive || fresh_label {
            self.visible.look_again();
        }
        Ok(written)
    }

    /// Numbers of the data sets whose rows a viewer may see.
    fn datasets(
        &self,
        viewer: &Viewer,
        action: Action,
        only: Option<RecordId>,
    ) -> Result<Vec<i64>> {
        let mut conditions = conditions::Where::default();
        conditions.visible(&*self.filter(viewer, action, "dataset")?);
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

    /// Whether so many entries are there.
    fn holds(&self, size: u64) -> Result<bool> {
        let there = self.revision()?.saturating_add(1).cast_unsigned();
        Ok(size <= there)
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

/// An entry with no more of its record than the viewer's view of the kind holds.
fn as_seen(viewer: &Viewer, view: EntryView) -> EntryView {
    let code = view.entry.object.split_once('/').map(|(code, _)| code);
    match code.and_then(kinds::by_code) {
        Some(kind) => {
            let fields = FieldView::of(Policy::shipped(), viewer, kind.code);
            history::entry_as_seen(kind, fields, view)
        }
        None => view,
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

impl Store for SqlStore {
    fn local(&self) -> bool {
        self.place.engine() == crate::conn::Engine::Sqlite
    }

    fn dead(&self) -> bool {
        self.writer.dead()
    }

    fn follow_with(&self, rule: Arc<dyn Consequences>) {
        // Several applications over one store bring the same rule.
        let _ = self.writer.rule.set(rule);
    }

    fn get(&self, viewer: &Viewer, code: &str, id: RecordId) -> Result<Option<Record>> {
        let query = RecordQuery::default().when("id", Test::Is(Value::Text(id.to_string())));
        Ok(self.list(viewer, code, &query)?.pop())
    }

    fn list(&self, viewer: &Viewer, code: &str, query: &RecordQuery) -> Result<Vec<Record>> {
        let kind = kind(code)?;
        let state = self.visible.state(&self.pool)?;
        let filter = state.filter(viewer, Action::Read, kind.code);
        if filter.is_empty() {
            return Ok(vec![]);
        }
        let fields = FieldView::of(Policy::shipped(), viewer, kind.code);
        conditions::asks_only_what_shows(kind, fields, query)?;
        if let Some(moment) = query.recorded_before {
            return self
                .pool
                .with(|conn| history::list(conn, kind, &filter, fields, query, moment));
        }
        let label = |id| state.label(id);
        self.pool
            .with(|conn| records::list(conn, kind, &filter, fields, query, &label))
    }

    fn count(&self, viewer: &Viewer, code: &str, query: &RecordQuery) -> Result<u64> {
        let kind = kind(code)?;
        if query.recorded_before.is_some() {
            let all = RecordQuery {
                limit: 0,
                offset: 0,
                ..query.clone()
            };
            return Ok(self.list(viewer, code, &all)?.len() as u64);
        }
        let fields = FieldView::of(Policy::shipped(), viewer, kind.code);
        conditions::asks_only_what_shows(kind, fields, query)?;
        let filter = self.filter(viewer, Action::Read, code)?;
        if tally::answers(query) {
            let total = self
                .pool
                .with(|conn| tally::total(conn, kind, &filter, query))?;
            return Ok(u64::try_from(total).unwrap_or(0));
        }
        let mut total = 0;
        for way in filter.ways() {
            let conditions = conditions::conditions(kind, &way, fields, query)?;
            let sql = format!("SELECT count(*) FROM \"{}\"{}", kind.code, conditions.sql());
            let row = self.pool.with(|conn| conn.first(&sql, &conditions.args))?;
            total += row.and_then(|r| r[0].int()).unwrap_or(0);
        }
        Ok(u64::try_from(total).unwrap_or(0))
    }

    fn write(&self, viewer: &Viewer, changes: Vec<Change>) -> Result<Vec<Written>> {
        self.put(viewer, changes, None)
    }

    fn write_once(
        &self,
        viewer: &Viewer,
        changes: Vec<Change>,
        once: &Once,
    ) -> Result<Vec<Written>> {
        self.put(viewer, changes, Some(once.clone()))
    }

    fn write_all(&self, viewer: &Viewer, changes: Changes<'_>) -> Result<()> {
        let judge = self.visible.state(&self.pool)?;
        self.writer.alone(|tx| {
            changes(&mut |change| write_one(tx, viewer, change, &judge, None))?;
            consequences::follow(tx)
        })?;
        self.visible.look_again();
        Ok(())
    }

    fn versions(&self, viewer: &Viewer, code: &str, id: RecordId) -> Result<Vec<Version>> {
        let (kind, filter) = (kind(code)?, self.filter(viewer, Action::Read, code)?);
        if self.get(viewer, code, id)?.is_none() {
            return Ok(vec![]);
        }
        let fields = FieldView::of(Policy::shipped(), viewer, kind.code);
        self.pool
            .with(|conn| history::versions(conn, kind, id, &filter, fields))
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
                reason: &reason,
                ..Draft::event(object, &action, after)
            };
            journal::append(tx, &viewer, draft)
        })
    }

    fn load(&self, viewer: &Viewer, load: BulkLoad<'_>) -> Result<Written> {
        check_may_write(viewer, Action::Import, "dataset")?;
        let judge = self.visible.state(&self.pool)?;
        let written = self.writer.alone(|tx| {
            let row = tx
                .conn
                .first("SELECT coalesce(max(number), 0) + 1 FROM dataset", &[])?;
            let number = row.and_then(|r| r[0].int()).unwrap_or(1);
            let mut loader = SqlLoader::new(tx.conn, number);
            let change = load(&mut loader)?;
            for before in loader.finish()? {
                write_one(tx, viewer, before, &judge, None)?;
            }
            let written = write_one(tx, viewer, change, &judge, None)?;
            consequences::follow(tx)?;
            Ok(written)
        })?;
        self.visible.look_again();
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

    fn world(&self) -> Result<Arc<World>> {
        Ok(Arc::clone(&self.visible.state(&self.pool)?.world))
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
        let view = view.filter(|v| self.may_read_entry(viewer, v));
        Ok(view.map(|v| as_seen(viewer, v)))
    }

    fn last_entry(&self, viewer: &Viewer, object: &str) -> Result<Option<EntryView>> {
        let view = self
            .pool
            .with(|conn| journal::last_entry(conn, object, false))?;
        let view = view.filter(|v| self.may_read_entry(viewer, v));
        Ok(view.map(|v| as_seen(viewer, v)))
    }

    fn last_change(&self, viewer: &Viewer, object: &str) -> Result<Option<EntryView>> {
        let view = self
            .pool
            .with(|conn| journal::last_entry(conn, object, true))?;
        let view = view.filter(|v| self.may_read_entry(viewer, v));
        Ok(view.map(|v| as_seen(viewer, v)))
    }

    fn checkpoint(&self) -> Result<Option<(Checkpoint, String)>> {
        self.pool
            .with(|conn| journal::checkpoint(conn, &self.origin))
    }

    fn proof(&self, seq: i64) -> Result<Option<(Checkpoint, Vec<Hash>)>> {
        let (Some((checkpoint, _)), Ok(index)) = (self.checkpoint()?, u64::try_from(seq)) else {
            return Ok(None);
        };
        let path = self
            .pool
            .with(|conn| journal::tree(conn, |t| t.inclusion(index, checkpoint.size)))?;
        Ok(path.map(|path| (checkpoint, path)))
    }

    fn consistency(&self, old: u64, new: u64) -> Result<Option<Vec<Hash>>> {
        if !self.holds(new)? {
            return Ok(None);
        }
        self.pool
            .with(|conn| journal::tree(conn, |t| t.consistency(old, new)))
    }

    fn root_at(&self, size: u64) -> Result<Option<Hash>> {
        if !self.holds(size)? {
            return Ok(None);
        }
        self.pool
            .with(|conn| journal::tree(conn, |t| t.root(size)))
            .map(Some)
    }

    fn sign(&self) -> Result<Option<Checkpoint>> {
        let today = (self.around.now)().to_zoned(jiff::tz::TimeZone::UTC).date();
        self.writer
            .alone(|tx| journal::sign(tx, &Viewer::system(today), &self.origin))
    }

    fn dump(&self, each: &mut dyn FnMut(&Heading, &[Value]) -> Result<()>) -> Result<()> {
        self.dump_all(each)
    }

    fn redact(&self, viewer: &Viewer, what: &Redaction) -> Result<i64> {
        check_may_write(viewer, Action::Write, "redaction")?;
        self.redact_entries(viewer, what)
    }

    fn audit(&self, audit: &Audit) -> Result<Verification> {
        let own = self.around.key.as_ref().map(|k| k.verifying());
        let check = verify::Check {
            engine: self.place.engine(),
            origin: &self.origin,
            sealing: self.around.key.as_deref(),
            key: audit.key.clone().or(own),
            witnessed: audit.kept.as_ref(),
            notes: &audit.notes,
            log_only: audit.log_only,
        };
        self.pool.with(|conn| verify::verify(conn, &check))
    }
}
