//! The one writer: a connection, the journal's right edge, and the queue of those who wait.
//!
//! Whoever gets the connection writes for everybody in the queue in one transaction, each change
//! behind its own savepoint; one sync then answers all of them.

use crate::conn::{Conn, Place};
use crate::journal::Head;
use crate::schema::{self, Made};
use crate::tally::Deltas;
use std::collections::{HashSet, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use symbolon_store::{Consequences, Result, StoreError, Surroundings, Touched};

/// At most so many waiting changes go into one commit.
const BATCH: usize = 512;

/// A connection in a write transaction, with the journal's edge.
pub(crate) struct Tx<'a> {
    pub(crate) conn: &'a mut Conn,
    pub(crate) head: &'a mut Head,
    pub(crate) around: &'a Surroundings,
    /// Whether a label was used for the first time.
    pub(crate) fresh_label: bool,
    /// Labels that are known to be recorded.
    pub(crate) labels: &'a mut HashSet<i64>,
    /// What the totals of records change by: written once, before the commit.
    pub(crate) tally: Deltas,
    /// What was written whose consequences are to be looked for.
    pub(crate) touched: Vec<Touched>,
    /// The rule they follow from.
    pub(crate) rule: Option<Arc<dyn Consequences>>,
}

type Job = Box<dyn FnOnce(&mut Tx<'_>) -> Result<()> + Send>;

struct Waiting {
    job: Job,
    slot: Arc<Mutex<Option<Result<()>>>>,
}

struct Inner {
    conn: Conn,
    /// Read at the first write, so that a damaged journal can still be opened and verified.
    head: Option<Head>,
    /// Labels that were met in what is committed, or is about to be.
    labels: HashSet<i64>,
    dead: bool,
}

pub(crate) struct Writer {
    place: Place,
    inner: Mutex<Inner>,
    queue: Mutex<VecDeque<Waiting>>,
    around: Surroundings,
    dead: AtomicBool,
    pub(crate) rule: OnceLock<Arc<dyn Consequences>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Writer {
    pub(crate) fn new(
        place: &Place,
        around: Surroundings,
        origin: &str,
        made: Made,
    ) -> Result<Self> {
        let mut conn = place.open()?;
        schema::prepare(&mut conn, origin, made)?;
        Ok(Self {
            place: place.clone(),
            inner: Mutex::new(Inner {
                conn,
                head: None,
                labels: HashSet::new(),
                dead: false,
            }),
            queue: Mutex::default(),
            around,
            dead: AtomicBool::new(false),
            rule: OnceLock::new(),
        })
    }

    /// Queues a change and returns when it is on disk, or refused.
    pub(crate) fn submit<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let answer = Arc::new(Mutex::new(None));
        let slot = Arc::new(Mutex::new(None));
        let kept = Arc::clone(&answer);
        let job: Job = Box::new(move |tx| {
            *lock(&kept) = Some(f(tx)?);
            Ok(())
        });
        lock(&self.queue).push_back(Waiting {
            job,
            slot: Arc::clone(&slot),
        });
        let mut inner = lock(&self.inner);
        if lock(&slot).is_none() {
            self.serve(&mut inner);
        }
        drop(inner);
        let result = lock(&slot).take().unwrap_or(Err(StoreError::Cancelled(
            "the write was not reached".into(),
        )));
        result?;
        let answer = lock(&answer).take();
        answer.ok_or_else(|| StoreError::Cancelled("the write gave no answer".into()))
    }

    /// Runs something alone in a transaction of its own: bulk loads and checkpoints.
    pub(crate) fn alone<T>(&self, f: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let mut inner = lock(&self.inner);
        let mut kept = None;
        self.transaction(&mut inner, |tx| {
            kept = Some(f(tx)?);
            Ok(())
        })?;
        kept.ok_or_else(|| StoreError::Cancelled("the write gave no answer".into()))
    }

    /// Does something on the writing connection outside a transaction.
    pub(crate) fn apart<T>(&self, f: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        f(&mut lock(&self.inner).conn)
    }

    /// Whether a write did not reach the disk, so that nothing more is written.
    pub(crate) fn dead(&self) -> bool {
        self.dead.load(Ordering::Relaxed)
    }

    fn serve(&self, inner: &mut Inner) {
        loop {
            let batch: Vec<Waiting> = {
                let mut queue = lock(&self.queue);
                let n = queue.len().min(BATCH);
                queue.drain(..n).collect()
            };
            if batch.is_empty() {
                return;
            }
            let (jobs, slots): (Vec<Job>, Vec<_>) =
                batch.into_iter().map(|w| (w.job, w.slot)).unzip();
            let mut answers = vec![];
            let committed = self.transaction(inner, |tx| {
                answers = jobs
                    .into_iter()
                    .map(|job| savepoint(tx, job))
                    .collect::<Result<Vec<_>>>()?;
                Ok(())
            });
            match committed {
                Ok(()) => slots
                    .iter()
                    .zip(answers)
                    .for_each(|(slot, a)| *lock(slot) = Some(a)),
                Err(e) => slots
                    .iter()
                    .for_each(|slot| *lock(slot) = Some(Err(again(&e)))),
            }
        }
    }

    fn transaction(
        &self,
        inner: &mut Inner,
        f: impl FnOnce(&mut Tx<'_>) -> Result<()>,
    ) -> Result<()> {
        if inner.dead {
            return Err(StoreError::NotDurable);
        }
        if inner.conn.lost() {
            // PostgreSQL went away or gave its place to its standby: what was written, the head reads anew.
            inner.conn = self.place.open()?;
        }
        let before = inner.head.clone();
        let result = self.try_transaction(inner, f);
        if let Err(e) = &result {
            inner.head = before;
            inner.labels.clear();
            // A failed sync is final: what the page cache says afterwards is not to be trusted.
            inner.dead = matches!(e, StoreError::NotDurable);
            if inner.dead {
                self.dead.store(true, Ordering::Relaxed);
                inner.conn.abandon();
            }
            let _ = inner.conn.batch("ROLLBACK");
        }
        result
    }

    fn try_transaction(
        &self,
        inner: &mut Inner,
        f: impl FnOnce(&mut Tx<'_>) -> Result<()>,
    ) -> Result<()> {
        let Inner {
            conn, head, labels, ..
        } = inner;
        match conn {
            Conn::Sqlite(c) if !c.is_autocommit() => conn.batch("ROLLBACK; BEGIN IMMEDIATE")?,
            Conn::Sqlite(_) => conn.batch("BEGIN IMMEDIATE")?,
            // One writer over all nodes: the lock is held to the commit, so numbers have no gaps.
            Conn::Postgres(_) => conn.batch("BEGIN; SELECT pg_advisory_xact_lock(7600)")?,
        }
        let head = head.get_or_insert_default();
        head.catch_up(conn, self.around.key.as_deref())?;
        let mut tx = Tx {
            conn,
            head,
            around: &self.around,
            fresh_label: false,
            labels,
            tally: Deltas::default(),
            touched: vec![],
            rule: self.rule.get().cloned(),
        };
        f(&mut tx)?;
        std::mem::take(&mut tx.tally).settle(tx.conn)?;
        tx.conn.batch("COMMIT")
    }
}

/// The same failure for each who waited.
fn again(e: &StoreError) -> StoreError {
    match e {
        StoreError::Full => StoreError::Full,
        StoreError::NotDurable => StoreError::NotDurable,
        StoreError::Unreachable => StoreError::Unreachable,
        StoreError::ReadOnly(why) => StoreError::ReadOnly(why.clone()),
        StoreError::Tampered(what) => StoreError::Tampered(what.clone()),
        other => StoreError::Database(other.to_string()),
    }
}

/// Runs one job so that its failure undoes only itself.
fn savepoint(tx: &mut Tx<'_>, job: Job) -> Result<Result<()>> {
    tx.conn.batch("SAVEPOINT job")?;
    let before = (tx.head.clone(), tx.tally.clone());
    tx.touched.clear();
    let answer = job(tx);
    match &answer {
        Ok(()) => tx.conn.batch("RELEASE job")?,
        Err(StoreError::NotDurable) => return Err(StoreError::NotDurable),
        Err(StoreError::Full) => return Err(StoreError::Full),
        Err(StoreError::Unreachable) => return Err(StoreError::Unreachable),
        Err(_) => {
            tx.conn.batch("ROLLBACK TO job; RELEASE job")?;
            (*tx.head, tx.tally) = before;
            tx.labels.clear();
        }
    }
    Ok(answer)
}
