//! `import`: files into an instance, all or nothing.

mod records;
mod sfm;

use super::summary;
use crate::Outcome;
use crate::config::Global;
use crate::exit::{FAILED, Failure, USAGE, io};
use crate::instance::{Instance, Place};
use crate::output::Out;
use crate::progress::Shown;
use clap::{Args, Subcommand, ValueEnum};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Instant;
use symbolon_app::TrainingAsk;
use symbolon_app::load::{self, FileInfo, Loaded, Progress};
use symbolon_domain::{
    kinds::{LicenceClass, Source},
    label::Label,
};
use symbolon_exchange::{
    import::fmtr::Accounts,
    shipped::{self, Content, CountryNames},
};

/// Load a file.
#[derive(Debug, Subcommand)]
#[command(
    before_help = "Examples:\n  symbolon import fmtr fmtr-fy2019.tsv.zst --dry-run\n  symbolon import fmtr fmtr-fy2019.tsv.zst\n  symbolon import series wgi.csv --source-title 'Worldwide Governance Indicators' --publisher 'World Bank' --licence 'CC BY 4.0' --class attribution\n  symbolon import reference"
)]
pub enum Import {
    /// A US Foreign Military Training Report, TSV or .zst, of any year
    Fmtr(Fmtr),
    /// Series by country and year: iso3,as_printed,year,period,measure,value,unit,note
    Series(Flat),
    /// Section 36(b) notifications
    Notifications(Flat),
    /// Records of a kind from CSV, XLSX, JSON or NDJSON
    Records(Box<records::Records>),
    /// Units, postings and incidents: a folder of files of Security Force Monitor
    Sfm(sfm::Sfm),
    /// Countries, regional bodies and memberships that ship with the program
    Reference,
}

/// What may be said of any file.
#[derive(Debug, Args)]
pub struct Common {
    /// The file
    file: PathBuf,
    /// Title of the data set [default: the file's name]
    #[arg(long)]
    title: Option<String>,
    /// Code of the data set, as in addresses [default: from the file's name]
    #[arg(long)]
    code: Option<String>,
    /// Not released: only for those who work with the instance
    #[arg(long)]
    internal: bool,
    /// Do everything but keep it; same report
    #[arg(long)]
    dry_run: bool,
    /// Then ask the explorer for these words, so that what a first question makes is made
    #[arg(long, value_name = "WORDS", hide = true)]
    ask: Option<String>,
}

/// A training report.
#[derive(Debug, Args)]
pub struct Fmtr {
    #[command(flatten)]
    common: Common,
}

/// A file of one of our own formats.
#[derive(Debug, Args)]
pub struct Flat {
    #[command(flatten)]
    common: Common,
    /// Title of the source document
    #[arg(long)]
    source_title: String,
    /// Who published it
    #[arg(long)]
    publisher: String,
    /// Licence in words
    #[arg(long)]
    licence: String,
    /// What may be done with it; only open and attribution data is released unless it is said
    #[arg(long)]
    class: Class,
    /// Address of the source
    #[arg(long, default_value = "")]
    url: String,
    /// Credit line
    #[arg(long, default_value = "")]
    credit: String,
    /// What the numbers do not cover
    #[arg(long, default_value = "")]
    limits: String,
}

/// Class of a licence.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Class {
    /// Public domain or permissive
    Open,
    /// Credit is needed
    Attribution,
    /// Share alike
    ShareAlike,
    /// Not for commercial use
    NonCommercial,
    /// Not stated
    Unclear,
}

impl Class {
    pub(super) fn licence(self) -> LicenceClass {
        match self {
            Self::Open => LicenceClass::Open,
            Self::Attribution => LicenceClass::Attribution,
            Self::ShareAlike => LicenceClass::ShareAlike,
            Self::NonCommercial => LicenceClass::NonCommercial,
            Self::Unclear => LicenceClass::Unclear,
        }
    }
}

/// Files of series and notifications are held in memory, so they have a limit.
const MOST_BYTES: u64 = 256 << 20;

impl Import {
    /// Loads it.
    pub fn run(self, global: &Global) -> Outcome<()> {
        match self {
            Self::Fmtr(c) => c.run(global),
            Self::Series(c) => c.run(global, load::observations),
            Self::Notifications(c) => c.run(global, load::notifications),
            Self::Records(c) => c.run(global),
            Self::Sfm(c) => c.run(global),
            Self::Reference => reference(global),
        }
    }
}

impl Common {
    fn name(&self) -> Outcome<String> {
        let name = self
            .file
            .file_name()
            .map(|n| n.to_string_lossy().into_owned());
        name.ok_or_else(|| {
            Failure::new(
                USAGE,
                format!("{}: this names no file", self.file.display()),
            )
        })
    }

    fn open(&self) -> Outcome<(File, u64)> {
        let file = File::open(&self.file).map_err(io(&self.file))?;
        let meta = file.metadata().map_err(io(&self.file))?;
        if meta.is_dir() {
            return Err(Failure::new(
                USAGE,
                format!("{}: this is a directory", self.file.display()),
            ));
        }
        Ok((file, meta.len()))
    }

    fn info(
        &self,
        source: Source,
        licence_class: LicenceClass,
        limits: String,
    ) -> Outcome<FileInfo> {
        let name = self.name()?;
        let free = matches!(
            licence_class,
            LicenceClass::Open | LicenceClass::Attribution
        );
        Ok(FileInfo {
            title: self.title.clone().unwrap_or_else(|| name.clone()),
            code: self.code.clone().unwrap_or_else(|| load::code_of(&name)),
            source,
            licence_class,
            limits,
            label: if self.internal || !free {
                Label::internal("USA")
            } else {
                Label::public("USA")
            },
            name,
        })
    }

    /// Runs a load with its progress shown, and prints what it did.
    fn load(
        &self,
        global: &Global,
        bytes: u64,
        load: impl FnOnce(&Instance, &Progress) -> symbolon_app::Result<Loaded>,
    ) -> Outcome<()> {
        let instance = Place::of(global).open_writer()?;
        let progress = if self.dry_run {
            Progress::rehearsal()
        } else {
            Progress::default()
        };
        let begun = Instant::now();
        let shown = Shown::new(global, "Reading", bytes, &progress);
        let loaded = load(&instance, &progress);
        drop(shown);
        let loaded = loaded?;
        if !self.dry_run {
            instance.signer.sign(&instance.app)?;
        }
        if let Some(words) = &self.ask {
            let app = &instance.app;
            let ask = TrainingAsk {
                q: Some(words.clone()),
                ..TrainingAsk::default()
            };
            let total = app.training(&app.system(), &ask)?.total;
            eprintln!("`{words}`: {total} rows");
        }
        summary::print(global, &loaded, self.dry_run, begun.elapsed().as_secs_f64())
    }
}

impl Fmtr {
    fn run(self, global: &Global) -> Outcome<()> {
        let (file, bytes) = self.common.open()?;
        let meta = shipped::datasets()
            .iter()
            .find(|d| d.meta.content == Content::Training)
            .map(|d| d.meta);
        let meta = meta.ok_or_else(|| {
            Failure::new(FAILED, "the description of the training report is missing")
        })?;
        let source = Source {
            reference: String::new(),
            published: None,
            title: meta.source_title.clone(),
            publisher: meta.publisher.clone(),
            url: meta.url.clone(),
            licence: meta.licence.clone(),
            credit: meta.credit.clone(),
        };
        let info = self
            .common
            .info(source, meta.licence_class, meta.limits.clone())?;
        let accounts = Accounts::shipped().map_err(|e| Failure::new(FAILED, e.to_string()))?;
        self.common.load(global, bytes, |instance, progress| {
            let app = &instance.app;
            load::training(
                app,
                &app.system(),
                file,
                &info,
                CountryNames::shipped(),
                &accounts,
                progress,
            )
        })
    }
}

/// `load::observations` or `load::notifications`.
type LoadFlat = fn(
    &symbolon_app::App,
    &symbolon_access::Viewer,
    &[u8],
    &FileInfo,
    &Progress,
) -> symbolon_app::Result<Loaded>;

impl Flat {
    fn run(self, global: &Global, load: LoadFlat) -> Outcome<()> {
        let (file, bytes) = self.common.open()?;
        let packed = whole(&self.common.file, file)?;
        let source = Source {
            reference: String::new(),
            published: None,
            title: self.source_title,
            publisher: self.publisher,
            url: self.url,
            licence: self.licence,
            credit: self.credit,
        };
        let info = self
            .common
            .info(source, self.class.licence(), self.limits)?;
        self.common.load(global, bytes, |instance, progress| {
            let app = &instance.app;
            load(app, &app.system(), &packed, &info, progress)
        })
    }
}

fn whole(path: &Path, file: File) -> Outcome<Vec<u8>> {
    let mut bytes = vec![];
    file.take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(io(path))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(
            Failure::new(FAILED, format!("{}: larger than 256 MB", path.display()))
                .help("Split it by measure or by year."),
        );
    }
    Ok(bytes)
}

fn reference(global: &Global) -> Outcome<()> {
    let instance = Place::of(global).open_writer()?;
    let written = load::reference(&instance.app)?;
    instance.signer.sign(&instance.app)?;
    let json = serde_json::json!({"written": written, "changed": written > 0});
    let line = match written {
        0 => "Already loaded; nothing changed.".to_owned(),
        n => format!("Wrote {n} records: countries, regional bodies, memberships."),
    };
    Out::of(global).lines(&json, &[line])
}
