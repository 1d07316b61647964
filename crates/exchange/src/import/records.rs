//! Files of records of any kind: CSV, workbooks, JSON lists and lines, as rows of named cells.
//!
//! This module knows forms, not kinds: [`draft`] turns a row into the values of a kind. Who may change
//! what, and what is there already, is decided by the use case that calls it.

pub mod columns;
pub mod draft;
mod flat;
pub mod mapping;

pub use columns::Target;
pub use draft::{Class, Draft, Finding};
pub use mapping::{MappedColumn, Mapping};

use crate::guard::{
    Code, GuardError, Meter, Refusal, Result,
    delimited::{BOM, Delimited, Form},
    json_rows::JsonRows,
    xlsx::Book,
};
use crate::limits::Limits;
use serde_json::Value;
use std::io::{Read, Seek, SeekFrom};

/// Form of a file of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Delimited text.
    Csv,
    /// A workbook.
    Xlsx,
    /// A list of objects.
    Json,
    /// An object on each line.
    Ndjson,
}

impl Format {
    /// The form that the first bytes of a file show; its name only tells JSON from NDJSON.
    ///
    /// # Errors
    /// An empty file; a form that is not read here.
    pub fn of(name: &str, first: &[u8]) -> std::result::Result<Self, Refusal> {
        let text = first.strip_prefix(&BOM).unwrap_or(first);
        let begin = text.iter().find(|b| !b.is_ascii_whitespace());
        let other = |what: &str| {
            let help = "give CSV (UTF-8), XLSX, JSON or NDJSON";
            Err(Refusal::new(Code::UnknownFormat, what, help))
        };
        // The second is what encrypted workbooks and those of the old format begin with.
        if first.starts_with(b"PK") || first.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
            return Ok(Self::Xlsx);
        }
        if first.starts_with(&[0xFF, 0xFE]) || first.starts_with(&[0xFE, 0xFF]) {
            return other("the file is UTF-16 text");
        }
        if first.starts_with(b"%PDF") || first.starts_with(&[0x28, 0xB5, 0x2F, 0xFD]) {
            return other("the file is of a format that holds no rows");
        }
        let lines = name.to_ascii_lowercase().ends_with(".ndjson") || name.ends_with(".jsonl");
        match begin {
            None => Err(Refusal::new(
                Code::Empty,
                "the file is empty",
                "give a file with rows",
            )),
            Some(b'[') if !lines => Ok(Self::Json),
            Some(b'{') => Ok(Self::Ndjson),
            Some(_) => Ok(Self::Csv),
        }
    }

    /// Its usual extension.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Json => "json",
            Self::Ndjson => "ndjson",
        }
    }
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// The row does not have this column.
    Absent,
    /// Text, which may be empty.
    Text(String),
    /// A value of JSON.
    Value(Value),
}

/// A row: its physical line and its cells in the order of the heads.
pub struct Row<'a> {
    /// Line of a text, row of a sheet, from 1.
    pub line: u64,
    /// Names of the columns; of JSON, those seen so far.
    pub heads: &'a [String],
    /// Cells; missing ones at the end are empty.
    pub cells: &'a [Cell],
}

/// What a reading needs beside the bytes.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    /// Form of the file.
    pub format: Format,
    /// The sheet of a workbook; the first if none is named.
    pub sheet: Option<&'a str>,
    /// Limits.
    pub limits: &'a Limits,
    /// Memory and time.
    pub meter: &'a Meter<'a>,
}

/// Receives rows; says whether to go on.
pub type Each<'a> = dyn FnMut(Row<'_>) -> Result<bool> + 'a;

/// Hands each row to `each`; the head is checked first.
///
/// # Errors
/// A refusal with its place, which ends the reading; what `each` answers.
pub fn rows<R: Read + Seek>(mut input: R, how: Reading<'_>, each: &mut Each<'_>) -> Result<()> {
    input.seek(SeekFrom::Start(0))?;
    let mut counted = 0_u64;
    let mut each = |row: Row<'_>| {
        counted += 1;
        how.meter.step()?;
        if counted > how.limits.import_rows {
            let problem = format!("more than {} rows", how.limits.import_rows);
            let refusal = Refusal::new(Code::TooManyRows, problem, "split the file");
            return Err(refusal.at(row.line, 0).into());
        }
        each(row)
    };
    match how.format {
        Format::Csv => csv(input, how, &mut each),
        Format::Xlsx => xlsx(input, how, &mut each),
        Format::Json | Format::Ndjson => json(input, how, &mut each),
    }
}

/// Checks the names of the columns: each named once, not too many.
fn heads(given: Vec<String>, line: u64, limits: &Limits) -> Result<Vec<String>> {
    let most = limits.import_columns;
    if given.len() as u64 > most {
        let problem = format!("more than {most} columns");
        let refusal = Refusal::new(
            Code::TooManyColumns,
            problem,
            "remove columns that are not needed",
        );
        return Err(refusal.at(line, most + 1).into());
    }
    for (i, head) in given.iter().enumerate() {
        let at = |refusal: Refusal| GuardError::from(refusal.at(line, i as u64 + 1));
        if head.is_empty() {
            let help = "name the column, or remove it";
            return Err(at(Refusal::new(
                Code::EmptyHead,
                "a column without a name",
                help,
            )));
        }
        if given[..i].iter().any(|h| h.eq_ignore_ascii_case(head)) {
            let problem = format!("two columns are named `{}`", crate::guard::quoted(head));
            return Err(at(Refusal::new(
                Code::DuplicateHead,
                problem,
                "name each column once",
            )));
        }
    }
    Ok(given)
}

fn csv<R: Read>(mut input: R, how: Reading<'_>, each: &mut Each<'_>) -> Result<()> {
    let mut first = vec![];
    input.by_ref().take(1 << 16).read_to_end(&mut first)?;
    let text = first.strip_prefix(&BOM).unwrap_or(&first).to_vec();
    // Cells are bound in characters; in bytes, by the longest those can be.
    let most = how.limits.import_cell.saturating_mul(4).min(1 << 20);
    let form = Form::of(&text, usize::try_from(most).unwrap_or(1 << 20));
    let mut table = Delimited::new(std::io::Cursor::new(text).chain(input), form);
    let width = usize::try_from(how.limits.import_columns).unwrap_or(usize::MAX) + 1;
    let given = match table.next(width)? {
        None => {
            let help = "the first line names the columns";
            return Err(Refusal::new(Code::Empty, "the file is empty", help).into());
        }
        Some(r) => (0..r.len()).map(|i| r.cell(i).trim().to_owned()).collect(),
    };
    let heads = heads(given, 1, how.limits)?;
    let mut cells = vec![];
    while let Some(record) = table.next(heads.len())? {
        let line = record.line;
        if record.len() < heads.len() {
            let problem = format!("{} cells, and {} columns", record.len(), heads.len());
            let refusal = Refusal::new(Code::Ragged, problem, "look for a lost separator or quote");
            return Err(refusal.at(line, record.len() as u64).into());
        }
        cells.clear();
        for i in 0..record.len() {
            cells.push(cell(record.cell(i), line, i, how.limits)?);
        }
        let row = Row {
            line,
            heads: &heads,
            cells: &cells,
        };
        if !each(row)? {
            break;
        }
    }
    Ok(())
}

/// A text of a spreadsheet file, without the sign our own exports put before formulas.
fn cell(text: &str, line: u64, i: usize, limits: &Limits) -> Result<Cell> {
    if text.len() as u64 > limits.import_cell && text.chars().count() as u64 > limits.import_cell {
        let problem = format!("a cell of more than {} characters", limits.import_cell);
        let refusal = Refusal::new(Code::CellTooLong, problem, "shorten it");
        return Err(refusal.at(line, i as u64 + 1).into());
    }
    Ok(Cell::Text(crate::export::unguarded(text).to_owned()))
}

fn xlsx<R: Read + Seek>(input: R, how: Reading<'_>, each: &mut Each<'_>) -> Result<()> {
    let mut book = Book::open(input, how.limits, how.meter)?;
    let mut names: Option<Vec<String>> = None;
    let mut cells = vec![];
    book.rows(how.sheet, &mut |row| {
        let Some(known) = &names else {
            let given = row
                .cells
                .iter()
                .map(|c| crate::export::unguarded(c).trim().to_owned());
            names = Some(heads(given.collect(), row.line, how.limits)?);
            return Ok(true);
        };
        if row.cells.len() > known.len() {
            let refusal = Refusal::new(
                Code::Ragged,
                "a value beside the last named column",
                "name the column, or remove the value",
            );
            return Err(refusal.at(row.line, known.len() as u64 + 1).into());
        }
        cells.clear();
        for (i, text) in row.cells.iter().enumerate() {
            cells.push(cell(text, row.line, i, how.limits)?);
        }
        cells.resize(known.len(), Cell::Text(String::new()));
        each(Row {
            line: row.line,
            heads: known,
            cells: &cells,
        })
    })?;
    if names.is_none() {
        let help = "the first row names the columns";
        return Err(Refusal::new(Code::Empty, "the sheet is empty", help).into());
    }
    Ok(())
}

fn json<R: Read>(input: R, how: Reading<'_>, each: &mut Each<'_>) -> Result<()> {
    let mut rows = JsonRows::new(input, how.limits);
    let mut heads: Vec<String> = vec![];
    while let Some((line, object)) = rows.next_row()? {
        let mut cells = vec![Cell::Absent; heads.len()];
        for (name, cell) in flat::cells(object) {
            let at = heads.iter().position(|h| *h == name);
            let at = at.unwrap_or_else(|| {
                heads.push(name);
                cells.push(Cell::Absent);
                heads.len() - 1
            });
            if heads.len() as u64 > how.limits.import_columns {
                let problem = format!("more than {} different members", how.limits.import_columns);
                let refusal = Refusal::new(
                    Code::TooManyColumns,
                    problem,
                    "split the file by sort of row",
                );
                return Err(refusal.at(line, 0).into());
            }
            cells[at] = cell;
        }
        let row = Row {
            line,
            heads: &heads,
            cells: &cells,
        };
        if !each(row)? {
            break;
        }
    }
    Ok(())
}

/// The beginning of a file: names of its columns and its first rows, as text.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Beginning {
    /// Names of the columns.
    pub heads: Vec<String>,
    /// Line and cells of the first rows.
    pub rows: Vec<(u64, Vec<String>)>,
}

/// Reads the beginning of a file.
///
/// # Errors
/// As [`rows`], for the part that is read.
pub fn beginning<R: Read + Seek>(input: R, how: Reading<'_>, most: usize) -> Result<Beginning> {
    let mut begin = Beginning::default();
    let mut seen = 0;
    rows(input, how, &mut |row| {
        begin.heads = row.heads.to_vec();
        seen += 1;
        if seen <= most {
            begin
                .rows
                .push((row.line, row.cells.iter().map(text).collect()));
        }
        // JSON names its members row by row: look a little further than is shown.
        let all = matches!(how.format, Format::Json | Format::Ndjson);
        Ok(seen < if all { 200.max(most) } else { most })
    })?;
    Ok(begin)
}

/// Names of the sheets of a workbook, in order; none of any other form.
///
/// # Errors
/// A workbook that is refused.
pub fn sheets<R: Read + Seek>(mut input: R, how: Reading<'_>) -> Result<Vec<String>> {
    if how.format != Format::Xlsx {
        return Ok(vec![]);
    }
    input.seek(SeekFrom::Start(0))?;
    let book = Book::open(input, how.limits, how.meter)?;
    Ok(book.sheets().map(str::to_owned).collect())
}

/// A cell as people read it.
#[must_use]
pub fn text(cell: &Cell) -> String {
    match cell {
        Cell::Absent => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Value(Value::String(text)) => text.clone(),
        Cell::Value(Value::Null) => String::new(),
        Cell::Value(value) => value.to_string(),
    }
}

#[cfg(test)]
mod tests;
