//! How far a long job is: counted by the job, read by whoever shows it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Shared counters of one job. Cloning shares them.
#[derive(Clone, Debug, Default)]
pub struct Progress(Arc<Counters>);

#[derive(Debug, Default)]
struct Counters {
    bytes: AtomicU64,
    rows: AtomicU64,
    findings: AtomicU64,
    stop: AtomicBool,
    rehearse: AtomicBool,
}

impl Progress {
    /// A job that does everything and keeps nothing: the dry run.
    #[must_use]
    pub fn rehearsal() -> Self {
        let progress = Self::default();
        progress.0.rehearse.store(true, Ordering::Relaxed);
        progress
    }

    pub(crate) fn rehearsing(&self) -> bool {
        self.0.rehearse.load(Ordering::Relaxed)
    }

    /// Counts from nothing again, for the next file of a job.
    pub fn restart(&self) {
        let c = &self.0;
        for counter in [&c.bytes, &c.rows, &c.findings] {
            counter.store(0, Ordering::Relaxed);
        }
    }

    pub(crate) fn bytes(&self, n: u64) {
        self.0.bytes.store(n, Ordering::Relaxed);
    }

    pub(crate) fn add_rows(&self, n: u64, findings: u64) {
        self.0.rows.fetch_add(n, Ordering::Relaxed);
        self.0.findings.fetch_add(findings, Ordering::Relaxed);
    }

    /// Bytes read, rows done, findings so far.
    #[must_use]
    pub fn now(&self) -> (u64, u64, u64) {
        let c = &self.0;
        (
            c.bytes.load(Ordering::Relaxed),
            c.rows.load(Ordering::Relaxed),
            c.findings.load(Ordering::Relaxed),
        )
    }

    /// Asks the job to stop; it then leaves nothing behind.
    pub fn stop(&self) {
        self.0.stop.store(true, Ordering::Relaxed);
    }

    pub(crate) fn stopped(&self) -> bool {
        self.0.stop.load(Ordering::Relaxed)
    }
}
