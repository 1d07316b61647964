//! `import records`: a file of records of any kind, by the same use case as the wizard.

use crate::Outcome;
use crate::config::Global;
use crate::exit::{CONFLICT, FAILED, Failure, USAGE, io};
use crate::instance::{Instance, Place};
use crate::output::{Out, grouped};
use crate::progress::Shown;
use clap::Args;
use std::fs::File;
use std::path::PathBuf;
use symbolon_app::{
    AppError,
    intake::{self, Consent, Order, Report},
    load::Progress,
};
use symbolon_exchange::{
    guard,
    import::records::{Class, Mapping},
    limits::Limits,
};

/// Findings printed; the file of refused rows has all.
const SHOWN: usize = 20;

/// A file of records.
#[derive(Debug, Args)]
#[command(
    before_help = "Examples:\n  symbolon import records unit units.xlsx --partner MLI --dry-run\n  symbolon import records unit units.xlsx --partner MLI\n  symbolon import records unit units.csv --map units.map.json --plan 4be1... --leave-out-bad --refused bad.csv"
)]
pub struct Records {
    /// Code of the kind of record, such as `unit`
    kind: String,
    /// The file: CSV (UTF-8), XLSX, JSON or NDJSON
    file: PathBuf,
    /// Where the columns go, as JSON; else their names and labels tell
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,
    /// Leave this column out; may be given more than once
    #[arg(long, value_name = "COLUMN")]
    ignore: Vec<String>,
    /// Sheet of a workbook [default: the first]
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// Partner of rows that name none, ISO code
    #[arg(long, value_name = "ISO3")]
    partner: Option<String>,
    /// Label of new records that name none: public, internal, or JSON
    #[arg(long, default_value = "internal")]
    label: String,
    /// Say what would happen, and the hash of that plan; write nothing
    #[arg(long)]
    dry_run: bool,
    /// Only if the plan is still the one with this hash
    #[arg(long, value_name = "HASH")]
    plan: Option<String>,
    /// Leave out rows that cannot be taken; needs --plan
    #[arg(long, requires = "plan")]
    leave_out_bad: bool,
    /// Write rows that cannot be taken to this file, with line and reason
    #[arg(long, value_name = "FILE")]
    refused: Option<PathBuf>,
}

impl Records {
    /// Takes the file in, or says what it would do.
    pub fn run(self, global: &Global) -> Outcome<()> {
        let limits = Limits::shipped().for_local_files();
        let mut file = File::open(&self.file).map_err(io(&self.file))?;
        let instance = Place::of(global).open_writer()?;
        let (app, viewer) = (&instance.app, instance.app.system());
        let kind = app.intake_kind(&viewer, &self.kind).map_err(|e| {
            let known: Vec<_> = intake::kinds_for(&viewer).iter().map(|k| k.code).collect();
            Failure::from(e).help(format!("Kinds: {}", known.join(", ")))
        })?;
        let name = self
            .file
            .file_name()
            .map(|n| n.to_string_lossy().into_owned());
        let name = name.unwrap_or_default();
        let (facts, format) = intake::facts(&mut file, &name, &limits)?;
        let begin = app.intake_beginning(&mut file, format, self.sheet.as_deref(), &limits, 1)?;
        let mapping = self.mapping(kind, &begin.heads)?;
        let progress = Progress::default();
        let order = Order {
            kind,
            file: &facts,
            format,
            mapping: &mapping,
            saved: None,
            limits: &limits,
            progress: &progress,
        };
        let shown = Shown::new(global, "Reading", facts.bytes, &progress);
        let done = self.work(&instance, &mut file, &order);
        drop(shown);
        self.answer(global, &instance, done)
    }

    fn work(
        &self,
        instance: &Instance,
        file: &mut File,
        order: &Order<'_>,
    ) -> Result<Report, AppError> {
        let (app, viewer) = (&instance.app, instance.app.system());
        let consent = Consent {
            plan: self.plan.clone(),
            leave_out_bad: self.leave_out_bad,
        };
        let check = |file: &mut File| {
            let mut bad = match &self.refused {
                None => None,
                Some(path) => {
                    let text =
                        |e: std::io::Error| AppError::Invalid(format!("{}: {e}", path.display()));
                    let open = File::options()
                        .read(true)
                        .write(true)
                        .create(true)
                        .truncate(true)
                        .open(path);
                    Some(open.map_err(text)?)
                }
            };
            app.intake_check(&viewer, file, order, bad.as_mut())
        };
        if self.dry_run {
            return check(file);
        }
        if self.refused.is_some() {
            check(file)?;
            order.progress.restart();
        }
        app.intake_commit(&viewer, file, order, &consent)
    }

    fn mapping(
        &self,
        kind: &'static symbolon_domain::kind::KindDef,
        heads: &[String],
    ) -> Outcome<Mapping> {
        let mut mapping = match &self.map {
            None => Mapping::guess(kind, heads),
            Some(path) => {
                let bytes = std::fs::read(path).map_err(io(path))?;
                let value = guard::json::value(&bytes, Limits::shipped());
                let value =
                    value.map_err(|r| Failure::new(USAGE, format!("{}: {r}", path.display())))?;
                serde_json::from_value(value)
                    .map_err(|e| Failure::new(USAGE, format!("{}: {e}", path.display())))?
            }
        };
        let unclear: Vec<&str> = match self.map {
            Some(_) => vec![],
            None => mapping
                .columns
                .iter()
                .filter(|c| {
                    c.to.is_empty()
                        && !self.ignore.contains(&c.head)
                        && !c.head.starts_with("import_")
                })
                .map(|c| c.head.as_str())
                .collect(),
        };
        if !unclear.is_empty() {
            let message = format!("{} has no column like: {}", kind.name, unclear.join(", "));
            let help =
                "Rename them, say where they go (--map), or leave them out (--ignore COLUMN).";
            return Err(Failure::new(USAGE, message).help(help));
        }
        let goes = |m: &Mapping, name: &str| {
            m.columns.iter().any(|c| c.to == name) || m.defaults.contains_key(name)
        };
        if !goes(&mapping, "label") {
            mapping
                .defaults
                .insert("label".to_owned(), self.label.clone());
        }
        if let Some(partner) = self.partner.as_ref().filter(|_| !goes(&mapping, "partner")) {
            mapping
                .defaults
                .insert("partner".to_owned(), partner.clone());
        }
        if let Some(sheet) = &self.sheet {
            mapping.sheet.clone_from(sheet);
        }
        Ok(mapping)
    }

    fn answer(
        &self,
        global: &Global,
        instance: &Instance,
        done: Result<Report, AppError>,
    ) -> Outcome<()> {
        match done {
            Ok(report) => {
                if !self.dry_run {
                    instance.signer.sign(&instance.app)?;
                }
                self.print(global, &report)
            }
            Err(AppError::Refused(report)) => {
                self.print(global, &report)?;
                let message = format!(
                    "{} rows cannot be taken; nothing was",
                    grouped(report.counts.refused.cast_signed())
                );
                let help = format!(
                    "Correct them, or take the others: --plan {} --leave-out-bad",
                    report.plan
                );
                Err(Failure::new(FAILED, message).help(help))
            }
            Err(AppError::Moved(report)) => {
                self.print(global, &report)?;
                let message = "this would not do what the plan said; nothing was taken";
                Err(Failure::new(CONFLICT, message)
                    .help(format!("The plan now: --plan {}", report.plan)))
            }
            Err(e) => Err(e.into()),
        }
    }

    fn print(&self, global: &Global, report: &Report) -> Outcome<()> {
        if global.json {
            return Out::Json.json(report);
        }
        let c = report.counts;
        let n = |n: u64| grouped(n.cast_signed());
        let verb = if report.import.is_empty() {
            "would be"
        } else {
            "were"
        };
        println!(
            "{}: {} rows of {}",
            report.file.name,
            n(c.rows),
            report.kind
        );
        println!(
            "  new {}, changed {}, same {}, refused {}",
            n(c.new),
            n(c.changed),
            n(c.same),
            n(c.refused)
        );
        if c.dropped + c.later > 0 {
            println!(
                "  values dropped {}, to be looked at later {}",
                n(c.dropped),
                n(c.later)
            );
        }
        for f in report.findings.iter().take(SHOWN) {
            let mark = match f.class {
                Class::Refused => "refused",
                Class::Dropped => "dropped",
                Class::Later => "later",
            };
            println!(
                "  line {} {}: {mark}: {} ({})",
                f.line, f.column_name, f.message, f.code
            );
        }
        let more =
            (report.findings.len() as u64 + report.more_findings).saturating_sub(SHOWN as u64);
        if more > 0 {
            println!("  and {} more", n(more));
        }
        match c.new + c.changed {
            0 => println!("Nothing {verb} changed."),
            _ if report.import.is_empty() => println!("plan {}", report.plan),
            _ => println!("Taken in as {}.", report.import),
        }
        Ok(())
    }
}
