//! `journal verify`: 0 sound, 7 tampering found, 8 cannot tell. Never a panic, whatever the file holds.

use super::witness;
use crate::Outcome;
use crate::config::Global;
use crate::exit::{CANNOT_VERIFY, FAILED, Failure, NOT_FOUND, NOT_PERMITTED, TAMPERED};
use crate::instance::Place;
use crate::output::{Out, grouped};
use clap::Args;
use std::path::PathBuf;
use symbolon_app::VerifyRun;
use symbolon_store::journal::{Audit, Verification};

/// Check the journal and every row.
#[derive(Debug, Args)]
pub struct Verify {
    /// Notes kept elsewhere, to hold the journal against
    #[arg(long, value_name = "FILE")]
    witness: Option<PathBuf>,
    /// Only the log: numbers, times, leaves, seals, tree, checkpoints; no bodies and no rows
    #[arg(long)]
    log_only: bool,
}

impl Verify {
    /// Verifies; the exit code is the verdict.
    pub fn run(self, global: &Global) -> Outcome {
        let place = Place::of(global);
        let run = match self.verified(&place) {
            Ok(run) => run,
            Err(e) if e.code == NOT_FOUND && !signed_before(&place) => return Err(e),
            Err(e) if e.code == NOT_PERMITTED => return Err(e),
            Err(e) => unreadable(&place, &e),
        };
        report(Out::of(global), &run)?;
        Ok(run.exit_code)
    }

    fn verified(&self, place: &Place) -> Outcome<VerifyRun> {
        let instance = place.open_reader()?;
        let app = &instance.app;
        let kept = instance.signer.witnessed(app);
        let audit = Audit {
            kept: kept.as_ref().ok().cloned().flatten(),
            notes: match &self.witness {
                Some(path) => witness::read(path)?,
                None => vec![],
            },
            log_only: self.log_only,
            ..Audit::default()
        };
        let mut run = app.audit(&audit)?;
        if let Err(e) = kept {
            run.verification.faults.push(e.message);
        }
        run.exit_code = run.verification.exit_code();
        Ok(run)
    }
}

/// Whether something was signed here once: then a database that is gone is no accident of naming.
fn signed_before(place: &Place) -> bool {
    place.keys().note_file().exists()
}

/// A database that cannot be read. If something was signed here, it is not there any more.
fn unreadable(place: &Place, e: &Failure) -> VerifyRun {
    let mut verification = Verification::default();
    if e.code == TAMPERED {
        verification.faults.push(e.message.clone());
    } else if signed_before(place) && place.database.is_none() {
        verification.faults.push(format!(
            "the database does not hold what was signed: {}",
            e.message
        ));
    } else {
        verification.unknown.push(e.message.clone());
    }
    VerifyRun {
        exit_code: verification.exit_code(),
        verification,
    }
}

/// Says what a verification found.
pub fn report(out: Out, run: &VerifyRun) -> Outcome<()> {
    let v = &run.verification;
    let verdict = match run.exit_code {
        0 => "Sound",
        TAMPERED => "TAMPERING FOUND",
        CANNOT_VERIFY => "Cannot tell",
        _ => return Err(Failure::new(FAILED, "verification came to no verdict")),
    };
    let mut lines = vec![format!(
        "{verdict}: {} entries, {} rows, newest checkpoint over {} entries, {} ms",
        grouped(v.entries.cast_signed()),
        grouped(v.rows.cast_signed()),
        grouped(v.signed_size.cast_signed()),
        v.milliseconds
    )];
    if v.redacted > 0 {
        lines.push(format!(
            "{} entries were redacted, each named by a later entry",
            v.redacted
        ));
    }
    lines.extend(v.turnings.iter().map(|t| format!("note: {t}")));
    lines.extend(v.faults.iter().map(|f| format!("fault: {f}")));
    lines.extend(v.unknown.iter().map(|u| format!("not checked: {u}")));
    if run.exit_code == TAMPERED {
        lines.push(
            "Keep this database as evidence, stop the program, and compare with a backup."
                .to_owned(),
        );
    }
    out.lines(run, &lines)
}
