//! Taking in files of records: plan, dry run, commit, for any kind.
//!
//! One pass does all three: the dry run is the commit without its last step. A plan names what each row
//! would do; its hash is what the user agrees to, and a commit that would do anything else is refused.

mod allowed;
mod apply;
mod batch;
mod find;
mod gate;
mod pass;
mod refused;
mod saved;
mod upload;
mod uploads;

pub use gate::Gate;
pub use refused::RefusedRows;
pub use saved::SavedMapping;
pub use upload::{Phase, Upload};
pub use uploads::Uploads;

use crate::{App, AppError, Result, load::Progress};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::time::{Duration, Instant};
use symbolon_access::{Action, Policy, Viewer};
use symbolon_domain::{kind::KindDef, kinds, record::RecordId};
use symbolon_exchange::{
    guard::{Meter, Refusal},
    import::records::{Beginning, Finding, Format, Mapping, Reading, beginning},
    limits::Limits,
};
use symbolon_store::{Changes, StoreError, jobs::Turn};

/// How long a file waits for its turn to be read.
const PATIENCE: Duration = Duration::from_secs(30);

/// Findings that a report carries itself; all are in the file of refused rows.
const INLINE: usize = 1_000;

/// A file to be taken in.
pub trait Source: Read + Seek {}
impl<T: Read + Seek> Source for T {}

/// What is known of a file before it is read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct FileFacts {
    /// Name as given.
    pub name: String,
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// Bytes.
    pub bytes: u64,
    /// `csv`, `xlsx`, `json` or `ndjson`.
    pub format: String,
}

/// What shall be done with a file.
#[derive(Clone)]
pub struct Order<'a> {
    /// The kind of its rows.
    pub kind: &'static KindDef,
    /// The file.
    pub file: &'a FileFacts,
    /// Form of the file.
    pub format: Format,
    /// Where its columns go.
    pub mapping: &'a Mapping,
    /// The saved mapping that was used, with its version.
    pub saved: Option<(RecordId, i64)>,
    /// Limits.
    pub limits: &'a Limits,
    /// How far it is.
    pub progress: &'a Progress,
}

/// How many rows would do what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Counts {
    /// Rows in the file.
    pub rows: u64,
    /// Rows that make a record.
    pub new: u64,
    /// Rows that change a record.
    pub changed: u64,
    /// Rows that say nothing new.
    pub same: u64,
    /// Rows that cannot be taken.
    pub refused: u64,
    /// Values dropped from rows that are taken.
    pub dropped: u64,
    /// Findings to be looked at later.
    pub later: u64,
}

/// What a file would do, or did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Report {
    /// Code of the kind.
    pub kind: String,
    /// The file.
    pub file: FileFacts,
    /// Counts.
    pub counts: Counts,
    /// Hash of the plan: the same rows doing the same to the same versions.
    pub plan: String,
    /// The first 1,000 findings.
    #[schemars(with = "Vec<Finding>")]
    pub findings: Vec<Finding>,
    /// Findings beyond those.
    pub more_findings: u64,
    /// Code of the import record, once it was taken in.
    pub import: String,
}

impl Report {
    fn note(&mut self, finding: Finding) {
        if self.findings.len() < INLINE {
            self.findings.push(finding);
        } else {
            self.more_findings += 1;
        }
    }
}

/// Whom to answer to a plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Consent {
    /// Hash of the plan that was shown; none: whatever the plan is, if no row is refused.
    pub plan: Option<String>,
    /// Leave out the rows that cannot be taken.
    pub leave_out_bad: bool,
}

/// Kinds whose records come in files: those with a natural key that the viewer may write.
#[must_use]
pub fn kinds_for(viewer: &Viewer) -> Vec<&'static KindDef> {
    let writes = |k: &&KindDef| {
        !k.key.is_empty()
            && k.area != "administration"
            && !["import", "import_mapping"].contains(&k.code)
            && Policy::shipped().grants(viewer, Action::Write, k.code)
    };
    kinds::all().iter().filter(writes).collect()
}

/// Reads a file once for its hash, and its form from its first bytes.
///
/// # Errors
/// A file larger than the limit of its form, empty, or of no form that is read.
pub fn facts(input: &mut dyn Source, name: &str, limits: &Limits) -> Result<(FileFacts, Format)> {
    let unread = |e: std::io::Error| AppError::File(Box::new(unreadable(&e)));
    input.seek(SeekFrom::Start(0)).map_err(unread)?;
    let (mut hash, mut bytes, mut first) = (Sha256::new(), 0_u64, vec![]);
    let mut buffer = vec![0; 1 << 16];
    loop {
        let n = input.read(&mut buffer).map_err(unread)?;
        if n == 0 {
            break;
        }
        if bytes == 0 {
            first = buffer[..n.min(1024)].to_vec();
        }
        hash.update(&buffer[..n]);
        bytes += n as u64;
    }
    let format = Format::of(name, &first).map_err(|r| AppError::File(Box::new(r)))?;
    let most = if format == Format::Xlsx {
        limits.xlsx_packed
    } else {
        limits.upload
    };
    if bytes > most {
        return Err(AppError::File(Box::new(too_large(most))));
    }
    let facts = FileFacts {
        name: name.to_owned(),
        sha256: hex::encode(hash.finalize()),
        bytes,
        format: format.extension().to_owned(),
    };
    Ok((facts, format))
}

fn too_large(most: u64) -> Refusal {
    let problem = format!("the file is larger than {most} bytes");
    let help = "split it, or let the operator import it on the command line";
    Refusal::new(symbolon_exchange::guard::Code::TooLarge, problem, help)
}

fn unreadable(e: &std::io::Error) -> Refusal {
    let problem = format!("the file could not be read ({})", e.kind());
    Refusal::new(
        symbolon_exchange::guard::Code::BadCell,
        problem,
        "give it again",
    )
}

/// Whether the time for one file is over, or nobody wants it any more.
fn over<'a>(limits: &Limits, progress: &'a Progress) -> impl Fn() -> bool + 'a {
    let until = Instant::now().checked_add(Duration::from_secs(limits.parser_seconds.min(1 << 32)));
    move || progress.stopped() || until.is_some_and(|u| Instant::now() > u)
}

impl App {
    /// A turn to read a file: so many are read at once and no more.
    fn turn(&self) -> Result<gate::Pass> {
        self.reading.enter(PATIENCE).ok_or_else(|| {
            AppError::Conflict("other files are being read; try again in a minute".to_owned())
        })
    }

    /// The kind of a file's rows, where the viewer may bring in its records; else there is none.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub fn intake_kind(&self, viewer: &Viewer, code: &str) -> Result<&'static KindDef> {
        let known = kinds_for(viewer).into_iter().find(|k| k.code == code);
        known.ok_or(AppError::NotFound("kind of record that comes in files"))
    }

    /// The columns and first rows of a file.
    ///
    /// # Errors
    /// [`AppError::File`] with the place that is wrong.
    pub fn intake_beginning(
        &self,
        input: &mut dyn Source,
        format: Format,
        sheet: Option<&str>,
        limits: &Limits,
        rows: usize,
    ) -> Result<Beginning> {
        let _turn = self.turn()?;
        let progress = Progress::default();
        let over = over(limits, &progress);
        let meter = Meter::new(limits.parser_memory, Some(&over));
        let how = Reading {
            format,
            sheet,
            limits,
            meter: &meter,
        };
        beginning(input, how, rows).map_err(refused_file)
    }

    /// What a file would do. Nothing is written but, to `bad`, the rows that cannot be taken.
    ///
    /// # Errors
    /// [`AppError::File`] where the file as a whole is refused, [`AppError::Invalid`] where the mapping
    /// does not fit it.
    pub fn intake_check(
        &self,
        viewer: &Viewer,
        input: &mut dyn Source,
        order: &Order<'_>,
        bad: Option<&mut File>,
    ) -> Result<Report> {
        self.intake_kind(viewer, order.kind.code)?;
        let _turn = self.turn()?;
        let mut rows = bad
            .map(|out| RefusedRows::new(out, order.mapping))
            .transpose()?;
        let rows = std::cell::RefCell::new(&mut rows);
        let mut again = || {
            rows.borrow_mut()
                .as_mut()
                .map_or(Ok(()), RefusedRows::restart)
        };
        let done = pass::settle(
            self,
            viewer,
            input,
            order,
            &mut again,
            &mut |judged| match rows.borrow_mut().as_mut() {
                Some(rows) if judged.bad() => rows.row(judged),
                _ => Ok(()),
            },
        )?;
        if let Some(rows) = rows.borrow_mut().as_mut() {
            rows.finish()?;
        }
        Ok(done.report)
    }

    /// Takes a file in: all of it, or all but the rows that cannot be taken where the consent says so,
    /// or nothing.
    ///
    /// # Errors
    /// [`AppError::Refused`] with the report where rows cannot be taken and that was not agreed to;
    /// [`AppError::Moved`] where the plan is no longer the one that was shown.
    pub fn intake_commit(
        &self,
        viewer: &Viewer,
        input: &mut dyn Source,
        order: &Order<'_>,
        consent: &Consent,
    ) -> Result<Report> {
        self.intake_put(viewer, input, order, consent, None)
    }

    /// The same, as a turn at a job, which ends in the same transaction where anything is written.
    pub(crate) fn intake_put(
        &self,
        viewer: &Viewer,
        input: &mut dyn Source,
        order: &Order<'_>,
        consent: &Consent,
        job: Option<&Turn>,
    ) -> Result<Report> {
        self.intake_kind(viewer, order.kind.code)?;
        let _turn = self.turn()?;
        let mut nothing = || Ok(());
        let first = pass::settle(self, viewer, input, order, &mut nothing, &mut |_| Ok(()))?;
        let moved = consent
            .plan
            .as_ref()
            .is_some_and(|p| *p != first.report.plan);
        if moved {
            return Err(AppError::Moved(Box::new(first.report)));
        }
        let agreed = consent.leave_out_bad && consent.plan.is_some();
        if first.report.counts.refused > 0 && !agreed {
            return Err(AppError::Refused(Box::new(first.report)));
        }
        let mut report = first.report.clone();
        if report.counts.new + report.counts.changed == 0 {
            return Ok(report);
        }
        let record = apply::import_record(self, viewer, order, &report)?;
        report.import.clone_from(&record.envelope.code);
        let (mut failed, mut named) = (None, vec![]);
        order.progress.restart();
        let changes: Changes<'_> = Box::new(|put| {
            let code = record.envelope.code.clone();
            put(record)?;
            let again =
                pass::run(
                    self,
                    viewer,
                    input,
                    order,
                    &first.twice,
                    &mut |judged| match judged.change(order, &code) {
                        Some(change) => {
                            named.extend(crate::vetting::names_in_file(&change));
                            put(change).map(|_| ()).map_err(AppError::from)
                        }
                        None => Ok(()),
                    },
                );
            match again {
                Ok(done) if done.report.plan == first.report.plan => Ok(()),
                Ok(done) => {
                    failed = Some(AppError::Moved(Box::new(done.report)));
                    Err(StoreError::Cancelled(
                        "the records changed meanwhile".into(),
                    ))
                }
                // The store must see its own failures, to stop where a write is not durable.
                Err(AppError::Store(e)) => Err(e),
                Err(e) => {
                    failed = Some(e);
                    Err(StoreError::Cancelled(
                        "the file could not be taken in".into(),
                    ))
                }
            }
        });
        let written = match job {
            None => self.store.write_all(viewer, changes),
            Some(turn) => {
                let outcome = serde_json::json!({"work": "import", "import": report.import});
                self.store.end_job(viewer, turn, &outcome, changes)
            }
        };
        match (written, failed) {
            (_, Some(e)) => return Err(e),
            (written, None) => written?,
        }
        self.refresh();
        // What a file names is compared with the lists at once, as what is typed is.
        self.screen_renamed(&named)?;
        Ok(report)
    }
}

/// A guard's answer as one of a use case.
fn refused_file(error: symbolon_exchange::guard::GuardError) -> AppError {
    match error {
        symbolon_exchange::guard::GuardError::Refused(r) => AppError::File(r),
        symbolon_exchange::guard::GuardError::Read(e) => AppError::File(Box::new(unreadable(&e))),
    }
}
