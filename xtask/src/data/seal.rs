//! Counts and seals the files of a data folder in its `dataset.toml`.
//!
//! The upper part of `dataset.toml` is written by people and kept as it is; everything below the
//! mark is written here.

use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::path::Path;

const MARK: &str = "# Below this line: written by `cargo xtask data`.";

/// A sealed file.
pub struct Sealed {
    pub name: String,
    pub rows: usize,
    pub bytes: usize,
    sha256: String,
}

/// Seals every data file of a folder.
pub fn seal(folder: &Path) -> Result<Vec<Sealed>, String> {
    let mut sealed = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|e| e.to_string())? {
        let path = entry.map_err(|e| e.to_string())?.path();
        if is_data(&path) {
            sealed.push(seal_file(&path)?);
        }
    }
    sealed.sort_by(|a, b| a.name.cmp(&b.name));
    let path = folder.join("dataset.toml");
    let old = std::fs::read_to_string(&path).map_err(|e| format!("dataset.toml: {e}"))?;
    let head = old.split(MARK).next().unwrap_or_default().trim_end();
    std::fs::write(&path, format!("{head}\n\n{MARK}\n{}", tables(&sealed)))
        .map_err(|e| format!("dataset.toml: {e}"))?;
    Ok(sealed)
}

fn is_data(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    [".csv", ".csv.zst", ".tsv.zst"]
        .iter()
        .any(|end| name.ends_with(end))
}

fn seal_file(path: &Path) -> Result<Sealed, String> {
    let raw = std::fs::read(path).map_err(|e| e.to_string())?;
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let delimiter = if name.contains(".tsv") { b'\t' } else { b',' };
    let text = super::table::bytes(path)?;
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .from_reader(text.as_slice());
    let mut rows = 0;
    for record in reader.byte_records() {
        record.map_err(|e| format!("{name}: {e}"))?;
        rows += 1;
    }
    let sha256 = hex::encode(Sha256::digest(&raw));
    Ok(Sealed {
        name,
        rows,
        bytes: raw.len(),
        sha256,
    })
}

fn tables(sealed: &[Sealed]) -> String {
    let mut out = String::new();
    for file in sealed {
        let Sealed {
            name,
            rows,
            bytes,
            sha256,
        } = file;
        let _ = write!(
            out,
            "\n[[files]]\nfile = \"{name}\"\nrows = {rows}\nbytes = {bytes}\nsha256 = \"{sha256}\"\n"
        );
    }
    out
}
