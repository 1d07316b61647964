//! Reads small tables strictly: exact head, even rows, clean text; every refusal names its place.

use super::super::ImportError;
use std::io::{BufRead, BufReader, Read};

/// First bytes of a Zstandard frame.
const PACKED: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// Where a cell stands.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// File name as given.
    pub file: &'a str,
    /// Physical line, from 1.
    pub line: u64,
    /// Column number, from 1; 0 for the whole line.
    pub column: u64,
}

impl Place<'_> {
    /// Another column of the same line.
    pub fn at(self, column: u64) -> Self {
        Self { column, ..self }
    }

    /// Refuses the file at this place.
    pub fn refuse(self, problem: impl Into<String>, help: impl Into<String>) -> ImportError {
        let Self { file, line, column } = self;
        let (problem, help) = (problem.into(), help.into());
        ImportError::Form {
            file: file.to_owned(),
            line,
            column,
            problem,
            help,
        }
    }
}

/// Hands each row of a table to `row`, with its place. The input may be packed.
pub fn table<const N: usize>(
    input: impl Read,
    file: &str,
    heads: [&str; N],
    mut row: impl FnMut(Place<'_>, [&str; N]) -> Result<(), ImportError>,
) -> Result<u64, ImportError> {
    let failed = |source| ImportError::Read {
        file: file.to_owned(),
        source,
    };
    let mut input = BufReader::new(input);
    let start = input.fill_buf().map_err(failed)?;
    let input: Box<dyn Read + '_> = if start.starts_with(&PACKED) {
        Box::new(zstd::Decoder::with_buffer(input).map_err(failed)?)
    } else {
        Box::new(input)
    };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(input);
    let mut record = csv::ByteRecord::new();
    let mut rows = 0;
    let mut before_rows = true;
    while reader
        .read_byte_record(&mut record)
        .map_err(|e| form(file, e))?
    {
        let line = record.position().map_or(0, csv::Position::line);
        let place = Place {
            file,
            line,
            column: 0,
        };
        let cells = cells::<N>(place, &record, before_rows)?;
        if before_rows {
            check_heads(place, cells, heads)?;
            before_rows = false;
            continue;
        }
        rows += 1;
        row(place, cells)?;
    }
    if before_rows {
        let place = Place {
            file,
            line: 1,
            column: 0,
        };
        return Err(place.refuse(
            "the file is empty",
            format!("begin with the heads {}", heads.join(",")),
        ));
    }
    Ok(rows)
}

fn form(file: &str, error: csv::Error) -> ImportError {
    let line = error.position().map_or(0, csv::Position::line);
    match error.into_kind() {
        csv::ErrorKind::Io(source) => ImportError::Read {
            file: file.to_owned(),
            source,
        },
        other => Place {
            file,
            line,
            column: 0,
        }
        .refuse(
            format!("{other:?}"),
            "save the file as comma-separated UTF-8 text",
        ),
    }
}

/// The cells of a row as clean text.
fn cells<'a, const N: usize>(
    place: Place<'_>,
    record: &'a csv::ByteRecord,
    first: bool,
) -> Result<[&'a str; N], ImportError> {
    if record.len() != N {
        let problem = format!("{} cells where {N} belong", record.len());
        let help =
            "every row must be as long as the head; look for a comma outside quotation marks";
        return Err(place.refuse(problem, help));
    }
    let mut out = [""; N];
    for ((cell, bytes), column) in out.iter_mut().zip(record).zip(1..) {
        let bytes = if first && column == 1 {
            without_mark(bytes)
        } else {
            bytes
        };
        if bytes.contains(&0) {
            return Err(place
                .at(column)
                .refuse("a NUL byte", "save the file as plain UTF-8 text"));
        }
        *cell = std::str::from_utf8(bytes).map_err(|_| {
            place
                .at(column)
                .refuse("bytes that are not UTF-8", "save the file as UTF-8 text")
        })?;
    }
    Ok(out)
}

fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes)
}

fn check_heads<const N: usize>(
    place: Place<'_>,
    found: [&str; N],
    wanted: [&str; N],
) -> Result<(), ImportError> {
    for ((found, wanted), column) in found.iter().zip(wanted).zip(1..) {
        if *found != wanted {
            let problem = format!("the head `{found}` where `{wanted}` belongs");
            let help = "name and order the columns as the format's description says";
            return Err(place.at(column).refuse(problem, help));
        }
    }
    Ok(())
}
