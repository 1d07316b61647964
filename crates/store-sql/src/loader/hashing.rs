//! The roots over the rows of each table, worked out beside the writing.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use symbolon_domain::kinds::RowRoot;
use symbolon_store::{
    Result, StoreError,
    facts::{Rows, row_bytes, row_id},
    journal::RootBuilder,
};

enum Job {
    Rows(Arc<Rows>),
    Roots(Sender<BTreeMap<String, RowRoot>>),
}

/// A thread that hashes rows in the order they are pushed. It ends when this is dropped.
pub(super) struct Hashing(SyncSender<Job>);

/// At most so many portions of rows wait to be hashed.
const WAITING: usize = 4;

fn gone<E>(_: E) -> StoreError {
    StoreError::Cancelled("the thread that hashes rows ended".into())
}

impl Hashing {
    pub(super) fn start(dataset: i64) -> Self {
        let (send, jobs) = sync_channel(WAITING);
        std::thread::spawn(move || work(dataset, &jobs));
        Self(send)
    }

    pub(super) fn push(&self, rows: Arc<Rows>) -> Result<()> {
        self.0.send(Job::Rows(rows)).map_err(gone)
    }

    /// Rows and root of each table, over all that was pushed.
    pub(super) fn roots(&self) -> Result<BTreeMap<String, RowRoot>> {
        let (send, answer) = channel();
        self.0.send(Job::Roots(send)).map_err(gone)?;
        answer.recv().map_err(gone)
    }
}

fn work(dataset: i64, jobs: &Receiver<Job>) {
    let mut roots: BTreeMap<&'static str, RootBuilder> = BTreeMap::new();
    let mut bytes = vec![];
    while let Ok(job) = jobs.recv() {
        match job {
            Job::Rows(rows) => {
                let root = roots.entry(rows.table.name).or_default();
                for (row, cells) in rows.iter() {
                    row_bytes(row_id(dataset, row), cells, &mut bytes);
                    root.push(&bytes);
                }
            }
            Job::Roots(answer) => {
                let done = roots.iter().map(|(table, root)| {
                    let root = RowRoot {
                        rows: root.rows().cast_signed(),
                        root: root.root(),
                    };
                    ((*table).to_owned(), root)
                });
                // Whoever asked may have gone; then nobody wants to know.
                let _ = answer.send(done.collect());
            }
        }
    }
}
