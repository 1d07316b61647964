//! Backups: an archive of every table, readable without the database it came from.
//!
//! A folder with `manifest.json` and one `.ndjson.zst` file a table: a JSON array a row, byte strings as
//! `{"x": "hexadecimal"}`. The same form from SQLite and PostgreSQL, so either can be restored to the
//! other. Keys are never in it.

use crate::{App, AppError, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use symbolon_store::{Heading, StoreError, query::Value};

/// Version of the form of an archive.
const FORMAT: u32 = 1;
/// Name of the manifest in the folder.
const MANIFEST: &str = "manifest.json";
/// A row longer than this is not ours.
const LONGEST_ROW: u64 = 64 << 20;

/// One table of an archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableFile {
    /// Table.
    pub name: String,
    /// Its columns, in the order of a row's cells.
    #[serde(default)]
    pub columns: Vec<String>,
    /// File in the folder.
    pub file: String,
    /// Rows.
    pub rows: u64,
    /// SHA-256 of the file, hexadecimal.
    pub sha256: String,
}

/// What an archive holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the form.
    pub format: u32,
    /// When it was begun, milliseconds since 1970.
    pub time: i64,
    /// Name of the log.
    pub origin: String,
    /// Version of the schema.
    pub schema: String,
    /// Journal entries.
    pub entries: u64,
    /// The newest signed checkpoint, as a note; empty where none was signed.
    pub checkpoint: String,
    /// The tables.
    pub tables: Vec<TableFile>,
}

fn io(path: &Path) -> impl FnOnce(std::io::Error) -> StoreError + '_ {
    move |e| match e.kind() {
        std::io::ErrorKind::StorageFull => StoreError::Full,
        _ => StoreError::Invalid(format!("{}: {e}", path.display())),
    }
}

/// A file being written: hashed as it is packed.
struct Hashed<W> {
    inner: W,
    hash: Sha256,
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let n = self.inner.write(bytes)?;
        self.hash.update(&bytes[..n]);
        Ok(n)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.inner.flush()
    }
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, bytes: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(bytes)?;
        self.hash.update(&bytes[..n]);
        Ok(n)
    }
}

type Packing = zstd::Encoder<'static, Hashed<BufWriter<File>>>;

/// Writes the tables of an archive, one after the other.
struct Archive<'a> {
    dir: &'a Path,
    manifest: Manifest,
    open: Option<(PathBuf, Packing)>,
}

impl Archive<'_> {
    fn row(&mut self, heading: &Heading, row: &[Value]) -> symbolon_store::Result<()> {
        let open = self.manifest.tables.last();
        if open.is_none_or(|t| t.name != heading.table) {
            self.close()?;
            self.begin(heading)?;
        }
        self.note(&heading.table, row);
        if let Some(last) = self.manifest.tables.last_mut() {
            last.rows += 1;
        }
        let Some((path, out)) = &mut self.open else {
            return Err(StoreError::Invalid("no table is open".into()));
        };
        let cells: Vec<Json> = row.iter().map(to_json).collect();
        serde_json::to_writer(&mut *out, &cells)
            .map_err(std::io::Error::from)
            .and_then(|()| out.write_all(b"\n"))
            .map_err(io(path))
    }

    /// What the manifest says of the content.
    fn note(&mut self, table: &str, row: &[Value]) {
        match (table, row) {
            ("instance", [Value::Text(name), Value::Text(value)]) if name == "origin" => {
                self.manifest.origin.clone_from(value);
            }
            ("instance", [Value::Text(name), Value::Text(value)]) if name == "schema" => {
                self.manifest.schema.clone_from(value);
            }
            ("journal", _) => self.manifest.entries += 1,
            ("checkpoint", [_, _, Value::Text(note), ..]) => {
                self.manifest.checkpoint.clone_from(note);
            }
            _ => {}
        }
    }

    fn begin(&mut self, heading: &Heading) -> symbolon_store::Result<()> {
        let table = &heading.table;
        let file = format!("{:02}-{table}.ndjson.zst", self.manifest.tables.len());
        let path = self.dir.join(&file);
        let inner = BufWriter::new(File::create(&path).map_err(io(&path))?);
        let hash = Sha256::new();
        let out = zstd::Encoder::new(Hashed { inner, hash }, 1).map_err(io(&path))?;
        self.open = Some((path, out));
        self.manifest.tables.push(TableFile {
            name: table.clone(),
            columns: heading.columns.clone(),
            file,
            rows: 0,
            sha256: String::new(),
        });
        Ok(())
    }

    fn close(&mut self) -> symbolon_store::Result<()> {
        let Some((path, out)) = self.open.take() else {
            return Ok(());
        };
        let Hashed { inner, hash } = out.finish().map_err(io(&path))?;
        let file = inner.into_inner().map_err(|e| io(&path)(e.into_error()))?;
        file.sync_all().map_err(io(&path))?;
        if let Some(last) = self.manifest.tables.last_mut() {
            last.sha256 = hex::encode(hash.finalize());
        }
        Ok(())
    }
}

fn to_json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Int(n) => json!(n),
        Value::Text(s) => json!(s),
        Value::Blob(b) => json!({"x": hex::encode(b)}),
    }
}

fn from_json(json: Json) -> Option<Value> {
    Some(match json {
        Json::Null => Value::Null,
        Json::Number(n) => Value::Int(n.as_i64()?),
        Json::String(s) => Value::Text(s),
        Json::Object(o) => Value::Blob(hex::decode(o.get("x")?.as_str()?).ok()?),
        _ => return None,
    })
}

impl App {
    /// Writes a backup of one moment into a new folder while others go on writing: whole, or not there.
    pub fn backup(&self, dir: &Path) -> Result<Manifest> {
        Manifest::write(dir, self.around.now_ms(), |each| self.store.dump(each))
    }
}

/// What takes rows, each with the heading of its table.
type Taker<'a> = dyn FnMut(&Heading, &[Value]) -> symbolon_store::Result<()> + 'a;

impl Manifest {
    /// Writes an archive of what is dumped, at a time in milliseconds since 1970: whole, or not there.
    pub fn write(
        dir: &Path,
        time: i64,
        dump: impl FnOnce(&mut Taker<'_>) -> symbolon_store::Result<()>,
    ) -> Result<Self> {
        if dir.exists() {
            return Err(AppError::Invalid(format!(
                "{} is there already",
                dir.display()
            )));
        }
        let part = dir.with_extension("part");
        let _ = std::fs::remove_dir_all(&part);
        std::fs::create_dir_all(&part).map_err(io(&part))?;
        let mut archive = Archive {
            dir: &part,
            manifest: Manifest {
                format: FORMAT,
                time,
                ..Manifest::default()
            },
            open: None,
        };
        dump(&mut |heading, row| archive.row(heading, row))?;
        archive.close()?;
        let manifest = archive.manifest;
        let path = part.join(MANIFEST);
        let text = serde_json::to_string_pretty(&manifest)
            .map_err(|e| AppError::Internal(e.to_string()))?;
        let written = File::create(&path).and_then(|mut f| {
            f.write_all(text.as_bytes())?;
            f.sync_all()?;
            File::open(&part)?.sync_all()?;
            std::fs::rename(&part, dir)
        });
        written.map_err(io(&path))?;
        Ok(manifest)
    }

    /// The manifest of an archive.
    pub fn read(dir: &Path) -> Result<Self> {
        let path = dir.join(MANIFEST);
        let text = std::fs::read_to_string(&path).map_err(io(&path))?;
        let manifest: Self = serde_json::from_str(&text)
            .map_err(|e| AppError::Invalid(format!("{}: {e}", path.display())))?;
        if manifest.format != FORMAT {
            return Err(AppError::Invalid(format!(
                "{}: form {} is not known to this program",
                path.display(),
                manifest.format
            )));
        }
        Ok(manifest)
    }

    /// Every row of an archive, table by table. Fails where a file is not the one that was written.
    pub fn rows(&self, dir: &Path, each: &mut Taker<'_>) -> symbolon_store::Result<()> {
        self.tables.iter().try_for_each(|t| t.rows_in(dir, each))
    }
}

impl TableFile {
    fn rows_in(&self, dir: &Path, each: &mut Taker<'_>) -> symbolon_store::Result<()> {
        let other = |what: &str| {
            StoreError::Tampered(format!("{}: {what}", dir.join(&self.file).display()))
        };
        if self.file.contains(['/', '\\']) {
            return Err(other("a file outside the archive"));
        }
        let heading = Heading {
            table: self.name.clone(),
            columns: self.columns.clone(),
        };
        let path = dir.join(&self.file);
        let mut packed = Hashed {
            inner: File::open(&path).map_err(io(&path))?,
            hash: Sha256::new(),
        };
        let mut rows = 0;
        {
            let unpacked = zstd::Decoder::new(&mut packed).map_err(io(&path))?;
            let mut lines = BufReader::new(unpacked);
            let mut line = vec![];
            loop {
                line.clear();
                let read = (&mut lines).take(LONGEST_ROW).read_until(b'\n', &mut line);
                if read.map_err(|_| other("it cannot be unpacked"))? == 0 {
                    break;
                }
                let cells: Vec<Json> =
                    serde_json::from_slice(&line).map_err(|_| other("a row cannot be read"))?;
                let row: Option<Vec<Value>> = cells.into_iter().map(from_json).collect();
                each(
                    &heading,
                    &row.ok_or_else(|| other("a cell cannot be read"))?,
                )?;
                rows += 1;
            }
        }
        std::io::copy(&mut packed, &mut std::io::sink()).map_err(io(&path))?;
        if rows != self.rows || hex::encode(packed.hash.finalize()) != self.sha256 {
            return Err(other("it is not the file that was written"));
        }
        Ok(())
    }
}
