//! Work done behind whoever asked for it: begun here at once, and once more by whichever node finds its lease
//! run out, with what the account may do by then.

use crate::intake::{Consent, Order, Report, facts};
use crate::load::Progress;
use crate::{App, AppError, Result};
use serde::{Deserialize, Serialize};
use std::io::{Cursor, Read, Seek, SeekFrom};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;
use symbolon_access::Viewer;
use symbolon_domain::record::RecordId;
use symbolon_exchange::{import::records::Mapping, limits::Limits};
use symbolon_store::{
    StoreError,
    jobs::{NewJob, Taken, Turn},
};

/// How long a silent node keeps its jobs where nothing else is said, seconds.
pub const LEASE: u32 = 60;

/// This program as one that does jobs.
pub(crate) struct Node {
    name: OnceLock<String>,
    lease: AtomicI64,
}

impl Default for Node {
    fn default() -> Self {
        Self {
            name: OnceLock::new(),
            lease: AtomicI64::new(i64::from(LEASE) * 1000),
        }
    }
}

/// An import, as another node needs it to do it again.
#[derive(Serialize, Deserialize)]
struct Import {
    account: RecordId,
    session: String,
    kind: String,
    name: String,
    mapping: Mapping,
    saved: Option<(RecordId, i64)>,
    plan: String,
}

impl App {
    /// Says after how many seconds another node takes over the jobs of one that fell silent.
    pub fn lease_jobs_for(&self, seconds: u32) {
        let lease = i64::from(seconds.max(1)) * 1000;
        self.node.lease.store(lease, Ordering::Relaxed);
    }

    fn node_name(&self) -> &str {
        let drawn = || hex::encode(self.around.random::<8>());
        self.node.name.get_or_init(drawn)
    }

    fn lease(&self) -> i64 {
        self.node.lease.load(Ordering::Relaxed)
    }

    /// Takes a file in like [`App::intake_commit`], as a job: should this node end in the middle, another does it again.
    ///
    /// # Errors
    /// As there.
    pub fn intake_job<S: Read + Seek>(
        &self,
        viewer: &Viewer,
        input: &mut S,
        order: &Order<'_>,
        consent: &Consent,
    ) -> Result<Report> {
        self.intake_kind(viewer, order.kind.code)?;
        let job = self.import_job(viewer, input, order, consent)?;
        let turn = self
            .store
            .begin_job(viewer, &job, self.node_name(), self.lease())?;
        drop(job);
        self.import_in_turn(viewer, input, order, consent, &turn)
    }

    /// The job of an import. Its bytes are kept only where each row was agreed to: a row that is refused must not
    /// lie in the database, not even for a moment.
    fn import_job<S: Read + Seek>(
        &self,
        viewer: &Viewer,
        input: &mut S,
        order: &Order<'_>,
        consent: &Consent,
    ) -> Result<NewJob> {
        let internal = |e: std::io::Error| AppError::Internal(e.to_string());
        let (mut asked, mut kept) = (serde_json::Value::Null, None);
        if let (Some(account), Some(plan), false) =
            (viewer.account(), &consent.plan, consent.leave_out_bad)
        {
            let import = Import {
                account,
                session: viewer.session.clone(),
                kind: order.kind.code.to_owned(),
                name: order.file.name.clone(),
                mapping: order.mapping.clone(),
                saved: order.saved,
                plan: plan.clone(),
            };
            asked = serde_json::to_value(import).map_err(|e| AppError::Internal(e.to_string()))?;
            let mut bytes = vec![];
            input.seek(SeekFrom::Start(0)).map_err(internal)?;
            input.read_to_end(&mut bytes).map_err(internal)?;
            kept = Some(bytes);
        }
        Ok(NewJob {
            id: hex::encode(self.around.random::<16>()),
            work: "import".to_owned(),
            asked,
            input: kept,
        })
    }

    fn import_in_turn<S: Read + Seek>(
        &self,
        viewer: &Viewer,
        input: &mut S,
        order: &Order<'_>,
        consent: &Consent,
        turn: &Turn,
    ) -> Result<Report> {
        let done = self.held(turn, order.progress, || {
            self.intake_put(viewer, input, order, consent, Some(turn))
        });
        let outcome = match &done {
            Ok(report) if !report.import.is_empty() => return done,
            // Whether it took effect is not known here, or another does it: it is not ours to end.
            Err(AppError::Store(
                StoreError::Lost | StoreError::Unreachable | StoreError::NotDurable,
            )) => return done,
            Ok(_) => serde_json::json!({"work": "import", "same": true}),
            // What was wrong stands in the report, which whoever asked gets; it may quote the file.
            Err(_) => serde_json::json!({"work": "import", "failed": true}),
        };
        let system = self.system();
        match self
            .store
            .end_job(&system, turn, &outcome, Box::new(|_| Ok(())))
        {
            Ok(()) | Err(StoreError::Lost) => done,
            Err(e) => done.and(Err(e.into())),
        }
    }

    /// Does something while the turn at a job is renewed; what it does is stopped where the turn is lost.
    fn held<T>(&self, turn: &Turn, progress: &Progress, work: impl FnOnce() -> T) -> T {
        let lease = self.lease();
        let third = Duration::from_millis(lease.unsigned_abs() / 3);
        let (working, over) = channel::<()>();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                while over.recv_timeout(third) == Err(RecvTimeoutError::Timeout) {
                    match self.store.renew_job(&self.system(), turn, lease) {
                        Ok(true) => {}
                        Ok(false) => return progress.stop(),
                        Err(e) => tracing::warn!(error = %e, "a job was not renewed"),
                    }
                }
            });
            let done = work();
            drop(working);
            done
        })
    }

    /// Takes over one job that fell silent and does it; false where there is none.
    ///
    /// # Errors
    /// What storage says. That a job failed is no error: it has ended, and the journal says so.
    pub fn do_silent_job(&self) -> Result<bool> {
        let system = self.system();
        let taken = self
            .store
            .take_job(&system, self.node_name(), self.lease())?;
        let Some(Taken { turn, job }) = taken else {
            return Ok(false);
        };
        if let Err(e) = self.import_again(&turn, job) {
            tracing::warn!(job = turn.job, error = %e, "a job taken over did not succeed");
            let outcome = serde_json::json!({"failed": true});
            let ended = self
                .store
                .end_job(&system, &turn, &outcome, Box::new(|_| Ok(())));
            match ended {
                // It was ended with its failure already.
                Ok(()) | Err(StoreError::Lost) => {}
                Err(e) => return Err(e.into()),
            }
        }
        Ok(true)
    }

    fn import_again(&self, turn: &Turn, job: NewJob) -> Result<Report> {
        let import: Import =
            serde_json::from_value(job.asked).map_err(|e| AppError::Internal(e.to_string()))?;
        let viewer = Viewer {
            actor: self.account_now(import.account)?,
            session: import.session,
            ..self.public()
        };
        let kind = self.intake_kind(&viewer, &import.kind)?;
        let limits = Limits::shipped();
        let mut input = Cursor::new(job.input.unwrap_or_default());
        let (file, format) = facts(&mut input, &import.name, limits)?;
        let order = Order {
            kind,
            file: &file,
            format,
            mapping: &import.mapping,
            saved: import.saved,
            limits,
            progress: &Progress::default(),
        };
        let consent = Consent {
            plan: Some(import.plan),
            leave_out_bad: false,
        };
        self.import_in_turn(&viewer, &mut input, &order, &consent, turn)
    }
}
