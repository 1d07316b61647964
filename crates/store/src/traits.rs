//! What storage offers. One trait: every verb takes the viewer it acts for.

use crate::{
    Consequences, Jobs, Result,
    facts::{Cell, Rows, TableDef},
    journal::{Audit, Checkpoint, EntryView, JournalFilter, Saw, Verification, VerifyingKey},
    query::{FactQuery, FactRow, RecordQuery, Value, Version},
};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::sync::Arc;
use symbolon_access::{Action, Viewer, World};
use symbolon_domain::{
    canonical::Hash,
    kinds::RowRoot,
    record::{Envelope, Record, RecordId},
};

/// A table and its columns, in the order in which the cells of its rows come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heading {
    /// Name of the table.
    pub table: String,
    /// Names of the columns.
    pub columns: Vec<String>,
}

/// One change to one record: new, or a new version of an old one.
#[derive(Clone, Debug)]
pub struct Change {
    /// The envelope as it shall be. `version` is the version the caller worked on: 0 for a new record.
    pub envelope: Envelope,
    /// The body as it shall be.
    pub body: Json,
    /// What is done, for the journal: `partner.create`.
    pub action: String,
    /// Why.
    pub reason: String,
    /// For a decision: the records it rested on, as they were.
    pub saw: Vec<Saw>,
}

/// What became of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The record.
    pub id: RecordId,
    /// Its version now.
    pub version: i64,
    /// The journal entry.
    pub seq: i64,
    /// False where nothing differed and nothing was written.
    pub changed: bool,
}

/// A request that shall have its effect once, however often it is sent.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Once {
    /// SHA-256 over who asks and the key they chose, hexadecimal.
    pub id: String,
    /// SHA-256 over route and body, hexadecimal: the same key with another request is refused.
    pub request: String,
}

/// Receives the rows of a bulk load inside its one transaction.
pub trait Loader {
    /// Number of the data set in the fact tables.
    fn dataset(&self) -> i64;
    /// Adds a row; its row number must be larger than the last one's in the same table.
    fn put(&mut self, table: &'static TableDef, row: u32, cells: &[Cell<'_>]) -> Result<()>;
    /// Adds rows that were gathered elsewhere, in the same order.
    fn put_all(&mut self, rows: Rows) -> Result<()>;
    /// A record that the data set refers to: written before it, in the same transaction.
    fn with(&mut self, change: Change);
    /// Rows and root of each table so far.
    fn roots(&mut self) -> Result<BTreeMap<String, RowRoot>>;
}

/// A bulk load: fills a loader and says what the data set's record shall be. Run inside the write
/// transaction; if it fails, nothing is there.
pub type BulkLoad<'a> = Box<dyn FnOnce(&mut dyn Loader) -> Result<Change> + Send + 'a>;

/// Many changes, handed over one by one inside the one write transaction. If it fails, nothing is there.
pub type Changes<'a> =
    Box<dyn FnOnce(&mut dyn FnMut(Change) -> Result<Written>) -> Result<()> + 'a>;

/// Bodies to be deleted from the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redaction {
    /// The record of the proposal.
    pub id: RecordId,
    /// Numbers of the entries.
    pub entries: Vec<i64>,
    /// The law that asks for it.
    pub basis: String,
    /// Why.
    pub reason: String,
    /// Account that proposed it.
    pub proposed_by: String,
    /// Account that confirmed it; another one.
    pub confirmed_by: String,
}

/// Storage.
pub trait Store: Jobs + Send + Sync {
    /// Whether a read is only this process at work, not a wait for another one: then a reader may
    /// ask on its own thread.
    fn local(&self) -> bool;
    /// Whether a write did not reach the disk: then nothing more is written and the program must end
    ///
    fn dead(&self) -> bool;
    /// The rule by which changes make others in the same transaction; the first one given stays.
    fn follow_with(&self, rule: Arc<dyn Consequences>);
    /// A record the viewer may see, by id.
    fn get(&self, viewer: &Viewer, kind: &str, id: RecordId) -> Result<Option<Record>>;
    /// Records the viewer may see.
    fn list(&self, viewer: &Viewer, kind: &str, query: &RecordQuery) -> Result<Vec<Record>>;
    /// How many records a list would walk.
    fn count(&self, viewer: &Viewer, kind: &str, query: &RecordQuery) -> Result<u64>;
    /// Writes changes, all or none, with their journal entries in the same transaction. Returns when
    /// they are on disk.
    fn write(&self, viewer: &Viewer, changes: Vec<Change>) -> Result<Vec<Written>>;
    /// Writes changes like [`Store::write`], once: the same request again gives the first answer and
    /// writes nothing, for a day; another request under the same key is refused.
    fn write_once(
        &self,
        viewer: &Viewer,
        changes: Vec<Change>,
        once: &Once,
    ) -> Result<Vec<Written>>;
    /// Writes changes as they come, all or none, in a transaction of their own; for imports, whose
    /// changes need not be in memory together. Others who write wait.
    fn write_all(&self, viewer: &Viewer, changes: Changes<'_>) -> Result<()>;
    /// Every version of a record the viewer may see, oldest first; a version whose label hides it from
    /// the viewer comes without its content.
    fn versions(&self, viewer: &Viewer, kind: &str, id: RecordId) -> Result<Vec<Version>>;
    /// Journals an event that changes no row: an export, a refused sign-in.
    fn note(
        &self,
        viewer: &Viewer,
        object: &str,
        action: &str,
        after: Json,
        reason: &str,
    ) -> Result<i64>;
    /// Loads a bulk data set in one transaction.
    fn load(&self, viewer: &Viewer, load: BulkLoad<'_>) -> Result<Written>;

    /// Rows of a fact table, of data sets the viewer may see under the action.
    fn facts(&self, viewer: &Viewer, action: Action, query: &FactQuery) -> Result<Vec<FactRow>>;
    /// Streams rows of a fact table in id order; the callback returns false to stop.
    fn scan(
        &self,
        viewer: &Viewer,
        query: &FactQuery,
        each: &mut dyn FnMut(i64, &[Cell<'_>]) -> bool,
    ) -> Result<()>;
    /// How many rows a query would walk.
    fn count_facts(&self, viewer: &Viewer, query: &FactQuery) -> Result<u64>;
    /// The groups, agreements and regions that decisions are judged against, at most a second old.
    fn world(&self) -> Result<Arc<World>>;
    /// A number that changes whenever anything was written; for snapshots kept in memory.
    fn revision(&self) -> Result<i64>;

    /// Journal entries the viewer may read, newest first.
    fn entries(&self, viewer: &Viewer, filter: &JournalFilter) -> Result<Vec<EntryView>>;
    /// How many entries a filter would walk.
    fn count_entries(&self, viewer: &Viewer, filter: &JournalFilter) -> Result<u64>;
    /// One entry.
    fn entry(&self, viewer: &Viewer, seq: i64) -> Result<Option<EntryView>>;
    /// The newest entry that changed an object; what a page needs to show and prove its last change. What was
    /// only noted about it, such as an export, is none.
    fn last_change(&self, viewer: &Viewer, object: &str) -> Result<Option<EntryView>>;
    /// The newest entry about an object, whatever it says.
    fn last_entry(&self, viewer: &Viewer, object: &str) -> Result<Option<EntryView>>;
    /// The newest signed checkpoint and its note.
    fn checkpoint(&self) -> Result<Option<(Checkpoint, String)>>;
    /// Inclusion proof of an entry in the tree of the newest checkpoint.
    fn proof(&self, seq: i64) -> Result<Option<(Checkpoint, Vec<Hash>)>>;
    /// Proof that the tree of `new` entries begins with the tree of `old`; `None` where there is none.
    fn consistency(&self, old: u64, new: u64) -> Result<Option<Vec<Hash>>>;
    /// Root over the first `size` entries, from the stored tree; `None` where fewer are there.
    fn root_at(&self, size: u64) -> Result<Option<Hash>>;
    /// Signs a checkpoint where there is news; `None` without a key.
    fn sign(&self) -> Result<Option<Checkpoint>>;
    /// Checks the journal, the seals, the checkpoints and the binding of every row. `witnessed` is
    /// the last signed (size, root) kept outside the database.
    fn verify(
        &self,
        key: Option<&VerifyingKey>,
        witnessed: Option<&Checkpoint>,
    ) -> Result<Verification> {
        self.audit(&Audit {
            key: key.cloned(),
            kept: witnessed.cloned(),
            ..Audit::default()
        })
    }
    /// Every row of every table in one snapshot, table by table, while others go on writing: what a
    /// backup is made of. For the operator, who sees the whole database anyway.
    fn dump(&self, each: &mut dyn FnMut(&Heading, &[Value]) -> Result<()>) -> Result<()>;
    /// Deletes the bodies of entries for good and records that.
    fn redact(&self, viewer: &Viewer, what: &Redaction) -> Result<i64>;
    /// The same with all that can be asked: notes of witnesses, or the log alone.
    fn audit(&self, audit: &Audit) -> Result<Verification>;
}
