//! `import sfm`: a folder of files of Security Force Monitor.

use crate::Outcome;
use crate::config::Global;
use crate::exit::{FAILED, Failure, io};
use crate::instance::Place;
use crate::output::Out;
use clap::Args;
use std::path::PathBuf;
use symbolon_app::load::{self, SfmLoaded};
use symbolon_exchange::import::sfm::Folder;

/// A folder of files.
#[derive(Debug, Args)]
pub struct Sfm {
    /// The folder; what each file is, its header tells
    dir: PathBuf,
    /// Say what would be made; write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Doubts that are printed.
const SHOWN: usize = 20;

impl Sfm {
    /// Takes it in.
    pub fn run(self, global: &Global) -> Outcome<()> {
        let folder = self.read()?;
        let instance = Place::of(global).open_writer()?;
        let app = &instance.app;
        let loaded = load::sfm(app, &app.system(), &folder, self.dry_run)?;
        if !self.dry_run {
            instance.signer.sign(app)?;
        }
        Out::of(global).lines(&loaded, &told(&loaded))
    }

    fn read(&self) -> Outcome<Folder> {
        let entries = std::fs::read_dir(&self.dir).map_err(io(&self.dir))?;
        let mut paths: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
        paths.sort();
        let mut folder = Folder::default();
        for path in paths {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let plain = name.strip_suffix(".zst").unwrap_or(&name);
            if !path.is_file() || !(plain.ends_with(".csv") || plain.ends_with(".tsv")) {
                folder.passed.push(name);
                continue;
            }
            let files = crate::commands::lists::files(std::slice::from_ref(&path))?;
            let refused = |e| Failure::new(FAILED, format!("{name}: {e}"));
            for file in &files {
                let bytes = file.unpacked().map_err(refused)?;
                folder.read(plain, &bytes).map_err(refused)?;
            }
        }
        folder.close();
        Ok(folder)
    }
}

fn told(loaded: &SfmLoaded) -> Vec<String> {
    let made = loaded
        .made
        .iter()
        .map(|(kind, n)| format!("{kind}: {n} made"));
    let mut lines: Vec<String> = made.collect();
    lines.push(format!(
        "There already and left as they are: {}",
        loaded.kept
    ));
    if !loaded.passed.is_empty() {
        lines.push(format!("Passed over: {}", loaded.passed.join(", ")));
    }
    lines.push(format!("Doubts: {}", loaded.doubts.len()));
    for (file, line, code, problem) in loaded.doubts.iter().take(SHOWN) {
        lines.push(format!("  {file}:{line}: {problem} ({code})"));
    }
    lines
}
