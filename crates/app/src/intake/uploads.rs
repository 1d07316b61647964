//! Uploads that wait to be decided: so many of each account, for so long, each seen by nobody else; and
//! the steps from file to records.

use super::upload::{Inside, Phase, Upload, Watch, lock};
use super::{Consent, Order, Report, allowed, facts, over, refused_file};
use crate::{App, AppError, Result, load::Progress};
use std::collections::HashMap;
use std::fs::File;
use std::sync::{Arc, Mutex};
use symbolon_access::{Actor, Viewer};
use symbolon_domain::{kind::KindDef, record::RecordId};
use symbolon_exchange::{
    guard::Meter,
    import::records::{Format, Mapping, Reading, sheets},
    limits::Limits,
};

/// Rows shown before the columns are mapped.
const SHOWN: usize = 5;

/// Uploads of everybody, in this program.
#[derive(Default)]
pub struct Uploads(Mutex<HashMap<String, Arc<Upload>>>);

impl Uploads {
    /// Keeps an upload; the oldest of the same owner makes room.
    fn keep(&self, upload: Upload, limits: &Limits) -> Arc<Upload> {
        let upload = Arc::new(upload);
        self.sweep(upload.since, limits);
        let mut all = lock(&self.0);
        loop {
            let mine = all.values().filter(|u| u.owner == upload.owner);
            let mut mine: Vec<_> = mine.map(|u| (u.since, u.id.clone())).collect();
            if (mine.len() as u64) < limits.uploads_kept.max(1) {
                break;
            }
            mine.sort();
            if let Some(old) = all.remove(&mine[0].1) {
                old.drop_bytes();
            }
        }
        all.insert(upload.id.clone(), Arc::clone(&upload));
        upload
    }

    /// Forgets those that waited too long.
    fn sweep(&self, now: i64, limits: &Limits) {
        let most = i64::try_from(limits.upload_minutes).unwrap_or(i64::MAX / 60_000);
        let old = |u: &Upload| now - u.since >= most.saturating_mul(60_000);
        lock(&self.0).retain(|_, u| {
            let stays = !old(u) || u.phase() == Phase::Taking;
            if !stays {
                u.drop_bytes();
            }
            stays
        });
    }
}

/// The account of a viewer; uploads are nobody else's.
fn owner(viewer: &Viewer) -> Result<RecordId> {
    match &viewer.actor {
        Actor::Account { id, .. } => Ok(*id),
        _ => Err(AppError::NotFound("upload")),
    }
}

const GONE: AppError = AppError::NotFound("upload");

impl App {
    /// Keeps a file that was sent, with a guess where its columns go.
    ///
    /// # Errors
    /// [`AppError::File`] where the file cannot be read, which is then forgotten.
    pub fn upload(
        &self,
        viewer: &Viewer,
        kind: &str,
        (name, mut file): (&str, File),
        limits: &Limits,
    ) -> Result<Arc<Upload>> {
        let kind = self.intake_kind(viewer, kind)?;
        let owner = owner(viewer)?;
        let (facts, format) = facts(&mut file, name, limits)?;
        let sheets = self.sheets(&mut file, format, limits)?;
        let beginning = self.intake_beginning(&mut file, format, None, limits, SHOWN)?;
        let mapping = Mapping::guess(kind, &beginning.heads);
        let inside = Inside {
            beginning,
            mapping,
            ..Inside::default()
        };
        let upload = Upload {
            id: hex::encode(self.around.random::<16>()),
            kind,
            facts,
            format,
            sheets,
            owner,
            since: self.around.now_ms(),
            inside: Mutex::new(inside),
            bytes: Mutex::new(Some(file)),
            refused: Mutex::default(),
        };
        Ok(self.uploads.keep(upload, limits))
    }

    fn sheets(&self, file: &mut File, format: Format, limits: &Limits) -> Result<Vec<String>> {
        let _turn = self.turn()?;
        let progress = Progress::default();
        let over = over(limits, &progress);
        let meter = Meter::new(limits.parser_memory, Some(&over));
        let how = Reading {
            format,
            sheet: None,
            limits,
            meter: &meter,
        };
        sheets(file, how).map_err(refused_file)
    }

    /// An upload of the viewer; nobody else's is told from one that is not there.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub fn upload_of(&self, viewer: &Viewer, kind: &str, id: &str) -> Result<Arc<Upload>> {
        let kind = self.intake_kind(viewer, kind)?;
        let owner = owner(viewer)?;
        self.uploads.sweep(self.around.now_ms(), Limits::shipped());
        let found = lock(&self.uploads.0).get(id).cloned();
        found
            .filter(|u| u.owner == owner && u.kind.code == kind.code)
            .ok_or(GONE)
    }

    /// Uploads of the viewer that hold records of a kind, newest first.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where the viewer may not bring in records of the kind.
    pub fn uploads(&self, viewer: &Viewer, kind: &KindDef) -> Result<Vec<Arc<Upload>>> {
        let kind = self.intake_kind(viewer, kind.code)?;
        let owner = owner(viewer)?;
        self.uploads.sweep(self.around.now_ms(), Limits::shipped());
        let all = lock(&self.uploads.0);
        let mine = all.values().filter(|u| u.owner == owner);
        let mut mine: Vec<_> = mine.filter(|u| u.kind.code == kind.code).cloned().collect();
        mine.sort_by_key(|u| std::cmp::Reverse(u.since));
        Ok(mine)
    }

    /// Forgets an upload; a job that reads it leaves nothing behind.
    pub fn upload_forget(&self, upload: &Upload) {
        if let Some(gone) = lock(&self.uploads.0).remove(&upload.id) {
            gone.drop_bytes();
        }
    }

    /// Markings the viewer may give to rows that name none, narrowest first.
    #[must_use]
    pub fn upload_labels(&self, viewer: &Viewer) -> Vec<String> {
        allowed::own(viewer).iter().map(|l| l.marking()).collect()
    }

    /// Reads another sheet of a workbook.
    ///
    /// # Errors
    /// No such sheet, or one that cannot be read; a job is at work.
    pub fn upload_sheet(&self, upload: &Upload, sheet: &str, limits: &Limits) -> Result<()> {
        let Ok(mut bytes) = upload.bytes.try_lock() else {
            return Err(busy());
        };
        let file = bytes.as_mut().ok_or(GONE)?;
        let beginning = self.intake_beginning(file, upload.format, Some(sheet), limits, SHOWN)?;
        let mut inside = lock(&upload.inside);
        inside.mapping = Mapping::guess(upload.kind, &beginning.heads);
        sheet.clone_into(&mut inside.mapping.sheet);
        inside.beginning = beginning;
        inside.phase = Phase::Mapping;
        inside.saved = None;
        Ok(())
    }

    /// Sets where the columns go, as a remembered mapping says or the viewer.
    ///
    /// # Errors
    /// A mapping that does not fit the file; a job is at work.
    pub fn upload_map(
        &self,
        upload: &Upload,
        mapping: Mapping,
        saved: Option<(RecordId, i64)>,
    ) -> Result<()> {
        let mut inside = lock(&upload.inside);
        if inside.phase.runs() {
            return Err(busy());
        }
        let faults = mapping.faults(upload.kind, &inside.beginning.heads);
        if !faults.is_empty() {
            return Err(AppError::Invalid(faults.join("; ")));
        }
        (inside.mapping, inside.saved) = (mapping, saved);
        inside.phase = Phase::Mapping;
        Ok(())
    }

    /// Begins the dry run of an upload: false where a job is at work already, or it was taken in.
    #[must_use]
    pub fn upload_begin_check(&self, upload: &Upload) -> bool {
        let may = |p: &Phase| !matches!(p, Phase::Taken(_));
        upload.begin(Phase::Checking, may).is_some()
    }

    /// The dry run, once it was begun; its end is the upload's phase. For a thread that may wait.
    pub fn upload_check(&self, viewer: &Viewer, upload: &Upload, limits: &Limits) {
        let _watch = Watch(upload);
        let phase = self.planned(viewer, upload, limits, false);
        upload.end(phase);
    }

    fn planned(&self, viewer: &Viewer, upload: &Upload, limits: &Limits, moved: bool) -> Phase {
        let inside = lock(&upload.inside).clone();
        let checked = self.with_order(upload, &inside, limits, |file, order| {
            let mut refused = scratch()?;
            let report = self.intake_check(viewer, file, order, Some(&mut refused))?;
            *lock(&upload.refused) = Some(refused);
            Ok(report)
        });
        match checked {
            Ok(report) => Phase::Planned {
                report: Box::new(report),
                moved,
                wrong: String::new(),
            },
            Err(e) => Phase::Broken(e.to_string()),
        }
    }

    /// Begins to take an upload in: false where there is no plan to agree to, or a job is at work.
    #[must_use]
    pub fn upload_begin_take(&self, upload: &Upload) -> bool {
        let may = |p: &Phase| matches!(p, Phase::Planned { .. });
        upload.begin(Phase::Taking, may).is_some()
    }

    /// Takes an upload in, once that was begun; its end is the upload's phase. Where the records moved
    /// since the plan was shown nothing is taken, and the plan is made anew.
    pub fn upload_take(
        &self,
        viewer: &Viewer,
        upload: &Upload,
        consent: &Consent,
        limits: &Limits,
    ) {
        let _watch = Watch(upload);
        let inside = lock(&upload.inside).clone();
        let taken = self.with_order(upload, &inside, limits, |file, order| {
            self.intake_job(viewer, file, order, consent)
        });
        let phase = match taken {
            Ok(report) => Phase::Taken(Box::new(report)),
            Err(AppError::Moved(_)) => self.planned(viewer, upload, limits, true),
            Err(AppError::Refused(report)) => Phase::Planned {
                report,
                moved: false,
                wrong: "Say that the refused rows are left out, or correct them first".to_owned(),
            },
            Err(e) => Phase::Broken(e.to_string()),
        };
        if matches!(phase, Phase::Taken(_)) {
            *lock(&upload.bytes) = None;
            *lock(&upload.refused) = None;
        }
        upload.end(phase);
    }

    fn with_order(
        &self,
        upload: &Upload,
        inside: &Inside,
        limits: &Limits,
        job: impl FnOnce(&mut File, &Order<'_>) -> Result<Report>,
    ) -> Result<Report> {
        let mut bytes = lock(&upload.bytes);
        let file = bytes.as_mut().ok_or(GONE)?;
        let order = Order {
            kind: upload.kind,
            file: &upload.facts,
            format: upload.format,
            mapping: &inside.mapping,
            saved: inside.saved,
            limits,
            progress: &inside.progress,
        };
        job(file, &order)
    }
}

fn busy() -> AppError {
    AppError::Conflict("this file is being read; wait until that has ended".to_owned())
}

/// A file without a name, gone with whoever holds it.
fn scratch() -> Result<File> {
    tempfile::tempfile().map_err(|e| AppError::Internal(format!("a scratch file: {e}")))
}
