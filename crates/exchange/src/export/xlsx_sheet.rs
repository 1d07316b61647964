//! A workbook: typed cells, frozen head row, a second sheet with what a reader must know.

use super::{Field, Notes, guarded};
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use std::io::Write;

/// Rows of data a sheet can hold besides its head.
const MOST_ROWS: u64 = 1_048_575;

/// Longest text of a cell.
const LONGEST: usize = 32_767;

/// A workbook being written.
pub struct XlsxSheet<W: Write> {
    book: Workbook,
    out: W,
    next: u32,
}

fn io(e: XlsxError) -> std::io::Error {
    std::io::Error::other(e.to_string())
}

impl<W: Write> XlsxSheet<W> {
    pub(super) fn new(out: W, heads: &[String], notes: &Notes) -> std::io::Result<Self> {
        if notes.rows > MOST_ROWS {
            let text = format!(
                "a sheet holds {MOST_ROWS} rows, {} match: narrow the filter or take CSV",
                notes.rows
            );
            return Err(std::io::Error::other(text));
        }
        let mut book = Workbook::new();
        let bold = Format::new().set_bold();
        let sheet = book.add_worksheet_with_constant_memory().map_err(io)?;
        sheet.set_name("Data").map_err(io)?;
        sheet.set_freeze_panes(1, 0).map_err(io)?;
        for (i, head) in (0..).zip(heads) {
            sheet
                .write_with_format(0, i, head.as_str(), &bold)
                .map_err(io)?;
        }
        write_notes(&mut book, notes, heads).map_err(io)?;
        Ok(Self { book, out, next: 1 })
    }

    pub(super) fn row(&mut self, fields: &[Field<'_>]) -> std::io::Result<()> {
        let row = self.next;
        self.next += 1;
        let sheet = self.book.worksheet_from_index(0).map_err(io)?;
        for (i, field) in (0..).zip(fields) {
            match field {
                Field::Empty => {}
                // A cell number is exact up to 2^53; amounts of the report are far below.
                Field::Int(n) => {
                    sheet.write(row, i, *n as f64).map_err(io)?;
                }
                Field::Decimal(d) => {
                    sheet
                        .write(row, i, d.parse::<f64>().unwrap_or_default())
                        .map_err(io)?;
                }
                Field::Text(s) => {
                    sheet.write_string(row, i, cut(s).as_ref()).map_err(io)?;
                }
                Field::Owned(s) => {
                    sheet.write_string(row, i, cut(s).as_ref()).map_err(io)?;
                }
            }
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> std::io::Result<()> {
        let bytes = self.book.save_to_buffer().map_err(io)?;
        self.out.write_all(&bytes)?;
        self.out.flush()
    }
}

/// Guarded, and cut to what a cell can hold with a mark that it was.
fn cut(text: &str) -> std::borrow::Cow<'_, str> {
    let guarded = guarded(text);
    if guarded.chars().count() <= LONGEST {
        return guarded;
    }
    let mut short: String = guarded.chars().take(LONGEST - 10).collect();
    short.push_str(" [cut]");
    short.into()
}

fn write_notes(book: &mut Workbook, notes: &Notes, heads: &[String]) -> Result<(), XlsxError> {
    let sheet = book.add_worksheet_with_constant_memory()?;
    sheet.set_name("Notes")?;
    let rows = notes.rows.to_string();
    let mut lines = vec![
        ("Title", notes.title.as_str()),
        ("Made", &notes.made_at),
        ("Address and filters", &notes.address),
        ("Rows", &rows),
    ];
    lines.extend(
        notes
            .lines
            .iter()
            .map(|l| ("What the numbers do not cover", l.as_str())),
    );
    lines.extend(heads.iter().map(|h| ("Column", h.as_str())));
    for (row, (name, text)) in (0..).zip(lines) {
        sheet.write_string(row, 0, name)?;
        sheet.write_string(row, 1, cut(text).as_ref())?;
    }
    Ok(())
}
