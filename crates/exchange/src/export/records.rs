//! Records of any kind as files: CSV and workbooks that an import takes back, JSON and NDJSON as the API
//! gives them. Names are the API's everywhere.

use super::{Field, Notes, Sheet};
use crate::import::records::{Format, Target, columns};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::io::Write;
use symbolon_domain::{
    canonical,
    date::Known,
    kind::{FieldDef, FieldType, KindDef},
    record::Record,
    when::When,
};

/// Whole numbers are exact in a sheet up to here.
const EXACT: i64 = 1 << 53;

/// Longest text of a cell of a workbook; a longer one would come back cut.
const LONGEST: usize = 32_767;

/// How a reference is written: the code of the record, or its id where codes do not tell it apart.
pub type Naming<'a> = dyn Fn(&str, &str) -> Option<String> + 'a;

/// A file of records being written.
pub struct RecordFile<W: Write + Send> {
    kind: &'static KindDef,
    sheet: Form<W>,
    rows: u64,
}

enum Form<W: Write + Send> {
    Table(Box<Sheet<Hashed<W>>>, bool),
    Lines(Hashed<W>, bool),
}

/// A writer that hashes what passes.
struct Hashed<W> {
    out: W,
    sum: std::sync::Arc<std::sync::Mutex<Sum>>,
}

#[derive(Default)]
struct Sum {
    hash: Sha256,
    bytes: u64,
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let n = self.out.write(bytes)?;
        if let Ok(mut sum) = self.sum.lock() {
            sum.hash.update(&bytes[..n]);
            sum.bytes += n as u64;
        }
        Ok(n)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}

/// What was written, for the journal and the reader's own check.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Sent {
    /// Records.
    pub rows: u64,
    /// Bytes.
    pub bytes: u64,
    /// SHA-256 of the bytes, hexadecimal.
    pub sha256: String,
}

/// Counts and hash of a file while it is written; still there where writing ended early.
#[derive(Clone, Default)]
pub struct Tally(
    std::sync::Arc<std::sync::Mutex<Sum>>,
    std::sync::Arc<std::sync::atomic::AtomicU64>,
);

impl Tally {
    /// What was written so far.
    #[must_use]
    pub fn sent(&self) -> Sent {
        let rows = self.1.load(std::sync::atomic::Ordering::Relaxed);
        let Ok(sum) = self.0.lock() else {
            return Sent {
                rows,
                bytes: 0,
                sha256: String::new(),
            };
        };
        let sha256 = hex::encode(sum.hash.clone().finalize());
        Sent {
            rows,
            bytes: sum.bytes,
            sha256,
        }
    }
}

impl<W: Write + Send> RecordFile<W> {
    /// Begins a file.
    ///
    /// # Errors
    /// What the writer says; more records than a sheet holds.
    pub fn new(
        out: W,
        format: Format,
        kind: &'static KindDef,
        notes: &Notes,
        tally: &Tally,
    ) -> std::io::Result<Self> {
        let out = Hashed {
            out,
            sum: tally.0.clone(),
        };
        let heads: Vec<String> = columns::all(kind)
            .iter()
            .map(|t| t.name().to_owned())
            .collect();
        let sheet = match format {
            Format::Csv => Form::Table(Box::new(Sheet::csv(out, &heads)?), false),
            Format::Xlsx => {
                let mut notes = notes.clone();
                notes.lines.extend(definitions(kind));
                Form::Table(Box::new(Sheet::xlsx(out, &heads, &notes)?), true)
            }
            Format::Json => Form::Lines(out, true),
            Format::Ndjson => Form::Lines(out, false),
        };
        Ok(Self {
            kind,
            sheet,
            rows: 0,
        })
    }

    /// Writes a record.
    ///
    /// # Errors
    /// What the writer says; a text that no cell of a workbook can hold.
    pub fn record(
        &mut self,
        record: &Record,
        naming: &Naming<'_>,
        tally: &Tally,
    ) -> std::io::Result<()> {
        match &mut self.sheet {
            Form::Table(sheet, narrow) => {
                let cells = cells(self.kind, record, naming);
                if *narrow && let Some(long) = cells.iter().find(|c| too_long(c)) {
                    let Field::Owned(text) = long else {
                        return Ok(());
                    };
                    let what = format!(
                        "{} has a text of {} characters, and a cell holds {LONGEST}: take CSV or JSON",
                        record.envelope.code,
                        text.chars().count()
                    );
                    return Err(std::io::Error::other(what));
                }
                sheet.row(&cells)?;
            }
            Form::Lines(out, list) => {
                let before: &[u8] = match (*list, self.rows) {
                    (true, 0) => b"[\n",
                    (true, _) => b",\n",
                    (false, _) => b"",
                };
                out.write_all(before)?;
                out.write_all(&canonical::to_vec(record).map_err(std::io::Error::other)?)?;
                if !*list {
                    out.write_all(b"\n")?;
                }
            }
        }
        self.rows += 1;
        tally
            .1
            .store(self.rows, std::sync::atomic::Ordering::Relaxed);
        Ok(())
    }

    /// Ends the file.
    ///
    /// # Errors
    /// What the writer says.
    pub fn finish(self) -> std::io::Result<()> {
        match self.sheet {
            Form::Table(sheet, _) => sheet.finish(),
            Form::Lines(mut out, list) => {
                let end: &[u8] = match (list, self.rows) {
                    (true, 0) => b"[]\n",
                    (true, _) => b"\n]\n",
                    (false, _) => b"",
                };
                out.write_all(end)?;
                out.flush()
            }
        }
    }
}

fn too_long(field: &Field<'_>) -> bool {
    // The sign before formulas takes a character.
    matches!(field, Field::Owned(text) if text.len() >= LONGEST && text.chars().count() >= LONGEST)
}

/// What each column means, for the notes sheet.
fn definitions(kind: &KindDef) -> Vec<String> {
    let line = |t: &Target<'_>| {
        let unit = match t {
            Target::Field(f) if !f.unit.is_empty() => format!(" ({})", f.unit),
            _ => String::new(),
        };
        format!("{}: {}{unit}. {}", t.name(), t.label(), t.help())
    };
    columns::all(kind).iter().map(line).collect()
}

fn cells(kind: &KindDef, record: &Record, naming: &Naming<'_>) -> Vec<Field<'static>> {
    let e = &record.envelope;
    let text = |s: &str| match s {
        "" => Field::Empty,
        s => Field::Owned(s.to_owned()),
    };
    let json = |empty: bool, value: &dyn erased::Json| match empty {
        true => Field::Empty,
        false => Field::Owned(value.text()),
    };
    let mut out = vec![
        text(&e.id.to_string()),
        text(&e.code),
        Field::Int(e.version),
        text(&e.state),
        known(e.valid.from),
        known(e.valid.to),
        text(&e.partner),
        text(&e.programme),
        text(&e.owner),
        json(false, &e.label),
        json(e.sources.is_empty(), &e.sources),
    ];
    for field in &kind.fields {
        out.push(value(field, &record.body[&field.name], naming));
    }
    out
}

mod erased {
    //! Anything as canonical JSON text.

    /// A value with a canonical form.
    pub trait Json {
        /// As text.
        fn text(&self) -> String;
    }

    impl<T: serde::Serialize> Json for T {
        fn text(&self) -> String {
            let bytes = symbolon_domain::canonical::to_vec(self).unwrap_or_default();
            String::from_utf8(bytes).unwrap_or_default()
        }
    }
}

/// A date of the envelope as text; as JSON where the text would not say all of it.
fn known(known: Option<Known>) -> Field<'static> {
    use erased::Json;
    let Some(known) = known else {
        return Field::Empty;
    };
    let text = When(known).to_string();
    let same = text.parse::<When>().is_ok_and(|w| w.0 == known);
    Field::Owned(if same { text } else { known.text() })
}

fn value(field: &FieldDef, value: &Value, naming: &Naming<'_>) -> Field<'static> {
    use erased::Json;
    let text = |s: String| {
        if s.is_empty() {
            Field::Empty
        } else {
            Field::Owned(s)
        }
    };
    match (&field.field_type, value) {
        (_, Value::Null) => Field::Empty,
        (FieldType::Integer, Value::Number(n)) => match n.as_i64() {
            Some(n) if n.abs() <= EXACT => Field::Int(n),
            _ => Field::Owned(n.to_string()),
        },
        (FieldType::Amount, Value::String(s)) if s.len() <= 15 => Field::Decimal(s.clone()),
        (FieldType::Reference(kind), Value::String(id)) => {
            Field::Owned(naming(kind, id).unwrap_or_else(|| id.clone()))
        }
        (FieldType::Texts, Value::Array(items)) if items.is_empty() && !field.required => {
            Field::Empty
        }
        (FieldType::Texts, Value::Array(_)) => {
            let lines = field.text_of(value);
            let same = !lines.starts_with('[') && field.value_of(&lines).as_ref() == Ok(value);
            Field::Owned(if same { lines } else { value.text() })
        }
        (FieldType::Json, value) => Field::Owned(value.text()),
        (_, value) => text(field.text_of(value)),
    }
}
