//! Opens the file: plain or zstd, told apart by the first four bytes; checks the header.

use super::table::Table;
use crate::import::ImportError;
use std::io::{BufReader, Cursor, Read};
use symbolon_domain::training::COLUMNS;

const ZSTD: [u8; 4] = [0x28, 0xB5, 0x2F, 0xFD];
const BOM: [u8; 3] = [0xEF, 0xBB, 0xBF];

/// Opens the table behind `input`.
pub(super) fn open<'a>(
    mut input: impl Read + 'a,
    file: &str,
) -> Result<Table<Box<dyn Read + 'a>>, ImportError> {
    let read = |source| ImportError::Read {
        file: file.to_owned(),
        source,
    };
    let head = first(&mut input, 4).map_err(read)?;
    if head == ZSTD {
        let whole = BufReader::with_capacity(1 << 17, Cursor::new(head).chain(input));
        let mut plain = zstd::stream::read::Decoder::with_buffer(whole).map_err(read)?;
        let start = match first(&mut plain, 3) {
            Ok(start) => start,
            Err(e) => {
                return Err(form(
                    file,
                    format!("the compressed file is damaged or cut off ({e})"),
                    "fetch the whole file again",
                ));
            }
        };
        return Ok(Table::new(
            Box::new(without_mark(start).chain(plain)),
            file,
            true,
        ));
    }
    if file.to_ascii_lowercase().ends_with(".zst") {
        return Err(form(
            file,
            "the file is named .zst and is not zstd".into(),
            "unpack it under its true format, or rename it",
        ));
    }
    if head.is_empty() {
        return Err(form(
            file,
            "the file is empty".into(),
            "a training report begins with a header line",
        ));
    }
    let mark = head.starts_with(&BOM);
    let rest = if mark { head[3..].to_vec() } else { head };
    Ok(Table::new(
        Box::new(Cursor::new(rest).chain(input)),
        file,
        false,
    ))
}

fn without_mark(start: Vec<u8>) -> Cursor<Vec<u8>> {
    Cursor::new(if start == BOM { Vec::new() } else { start })
}

fn form(file: &str, problem: String, help: &str) -> ImportError {
    ImportError::Form {
        file: file.to_owned(),
        line: 1,
        column: 0,
        problem,
        help: help.to_owned(),
    }
}

fn first(input: &mut impl Read, n: u64) -> std::io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(4);
    input.take(n).read_to_end(&mut head)?;
    Ok(head)
}

/// Reads the header; the number of cells each line must have.
pub(super) fn header<R: Read>(table: &mut Table<R>) -> Result<usize, ImportError> {
    let names: Vec<String> = match table.next(64)? {
        None => Vec::new(),
        Some(r) => (0..r.len()).map(|i| r.cell(i).trim().to_owned()).collect(),
    };
    let help = format!("the header is: {}", COLUMNS.join(", "));
    for (i, wanted) in COLUMNS.iter().enumerate() {
        match names.get(i) {
            Some(n) if n == wanted => {}
            Some(n) => {
                let n: String = n.chars().take(60).collect();
                return Err(table.refuse(
                    1,
                    i + 1,
                    format!("the column is named `{n}`, not `{wanted}`"),
                    &help,
                ));
            }
            None => {
                return Err(table.refuse(
                    1,
                    i + 1,
                    format!("the column `{wanted}` is missing"),
                    &help,
                ));
            }
        }
    }
    for (i, extra) in names.iter().enumerate().skip(COLUMNS.len()) {
        if !extra.starts_with("qa_") {
            let extra: String = extra.chars().take(60).collect();
            return Err(table.refuse(1, i + 1, format!("unknown column `{extra}`"), &help));
        }
    }
    Ok(names.len())
}
