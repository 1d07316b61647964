//! What is done to a database as a whole: copied out, filled, rebuilt, redacted, handed over.

use crate::conn::Conn;
use crate::dump::{self, Filler, value};
use crate::journal;
use crate::rebuild;
use crate::store::SqlStore;
use crate::tally;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use symbolon_access::Viewer;
use symbolon_store::{
    Heading, Redaction, Result, StoreError,
    journal::{Checkpoint, SigningKey},
    query::Value,
};

/// So long readers of an older state are waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// Gives rows, one after the other, to whom it is handed.
pub type Feed<'a> =
    Box<dyn FnOnce(&mut dyn FnMut(&Heading, &[Value]) -> Result<()>) -> Result<()> + Send + 'a>;

impl SqlStore {
    /// Every row of every table, in one snapshot, while others go on writing.
    pub(crate) fn dump_all(
        &self,
        each: &mut dyn FnMut(&Heading, &[Value]) -> Result<()>,
    ) -> Result<()> {
        self.pool.with(|conn| {
            dump::all(conn, &mut |table, row| {
                let row: Vec<Value> = row.iter().map(value).collect();
                each(table, &row)
            })
        })
    }

    /// Fills an empty database with the rows of a backup: all of them, or none.
    pub fn fill(&self, feed: Feed<'_>) -> Result<()> {
        self.fill_empty(|conn| {
            let mut filler = Filler::new(conn)?;
            feed(&mut |table, row| filler.row(table, row))?;
            filler.finish()
        })
    }

    /// Replays the journal of another database into this one, which must be empty.
    pub fn rebuild_from(&self, from: &Self) -> Result<()> {
        from.pool
            .with(|from| self.fill_empty(|into| rebuild::rebuild(from, into)))
    }

    /// Rows and hash of every table.
    pub fn digests(&self) -> Result<BTreeMap<String, (u64, String)>> {
        self.pool.with(rebuild::digests)
    }

    fn fill_empty(&self, fill: impl FnOnce(&mut Conn) -> Result<()>) -> Result<()> {
        self.writer.alone(|tx| {
            if tx.head.size() > 0 {
                return Err(StoreError::Duplicate("the place is not empty".into()));
            }
            fill(tx.conn)?;
            tally::refill(tx.conn)
        })
    }

    /// Begins an epoch in a database that was filled from a backup. It has another name from then on:
    /// open it again.
    pub fn begin_epoch(
        &self,
        viewer: &Viewer,
        last_known: Option<&Checkpoint>,
    ) -> Result<Checkpoint> {
        self.writer
            .alone(|tx| journal::begin_epoch(tx, viewer, &self.origin, last_known))
    }

    /// Hands the journal over to another key. Open the database again with it.
    pub fn hand_over(&self, viewer: &Viewer, new: &Arc<SigningKey>) -> Result<Checkpoint> {
        self.writer
            .alone(|tx| journal::hand_over(tx, viewer, &self.origin, new))
    }

    /// Redacts, and clears what the database keeps of deleted bytes.
    pub(crate) fn redact_entries(&self, viewer: &Viewer, what: &Redaction) -> Result<i64> {
        let overwrite = |on: &str| {
            self.writer.apart(|conn| match conn {
                Conn::Sqlite(_) => conn.batch(&format!("PRAGMA secure_delete={on}")),
                Conn::Postgres(_) => Ok(()),
            })
        };
        overwrite("ON")?;
        let seq = self.writer.alone(|tx| journal::redact(tx, viewer, what));
        overwrite("OFF")?;
        self.writer.apart(|conn| match conn {
            Conn::Sqlite(_) => conn.batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)"),
            Conn::Postgres(_) => {
                older_are_gone(conn)?;
                conn.batch("VACUUM FULL journal")
            }
        })?;
        seq
    }
}

/// PostgreSQL keeps deleted rows for as long as anybody in the database may still read the state before, a statistics
/// run of its own included; and for as long as a transaction begun before is open in any database of the server,
/// since every new reader, the clearing itself included, is as old as the oldest of those. Waits until neither is so.
fn older_are_gone(conn: &mut Conn) -> Result<()> {
    let waiting = Instant::now();
    let mark = conn.first("SELECT pg_snapshot_xmax(pg_current_snapshot())::text", &[])?;
    let mark = mark.map_or_else(String::new, |r| r[0].text().to_owned());
    let asked = format!(
        "SELECT (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
         AND pid <> pg_backend_pid() AND age(backend_xmin) > age('{mark}'::xid8::xid)) \
         + (pg_snapshot_xmin(pg_current_snapshot()) < '{mark}'::xid8)::int"
    );
    loop {
        let readers = conn.first(&asked, &[])?;
        let readers = readers.and_then(|r| r[0].int()).unwrap_or(0);
        if readers == 0 {
            return Ok(());
        }
        if waiting.elapsed() > PATIENCE {
            return Err(StoreError::Database(format!(
                "{readers} others still read the state before the redaction, and the database keeps its bytes for them; \
                 end them and run VACUUM FULL journal"
            )));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}
