//! Reader of the US Foreign Military Training Report (22 U.S.C. 2416), any year.
//!
//! It streams: one source group (a year and region of the report) is held at a time. Every cell is
//! kept as printed; what is read beside it, what was moved and what is doubted goes to the caller
//! section by section. A file of the wrong form is refused with file, line and column.
//!
//! The steps, one module each: `table` and `input` read the file under limits; `line` tells kinds
//! of row; `cells` and `program` read single cells; `shift` moves values back to their columns;
//! `block`, `deduce` and `reconcile` hold rows against printed totals; `heading` finds wrong country
//! headings; `notes` says what is odd about a row.

mod accounts;
mod block;
mod cells;
mod deduce;
mod heading;
mod input;
mod line;
mod names;
mod notes;
mod program;
mod reconcile;
mod section;
mod shift;
mod summary;
mod table;

pub use accounts::{Account, Accounts, AccountsError, Authority};
pub use names::Countries;
pub use program::{Program, program};
pub use summary::{Reconciliation, Summary};

use super::ImportError;
use cells::{Cell, Day};
use line::Line;
use section::Reader;
use symbolon_domain::training::{Block, COLUMNS, Column, Finding, Overlay, PrintedRow, ReadRow};

/// Most rows held at once. A longer source group is handed over in parts, cut where a country ends
/// if one does.
const SECTION_ROWS: usize = 65_536;

/// Most bytes of printed cells held at once, with the same consequence.
const SECTION_BYTES: usize = 32 << 20;

/// One source group as read.
#[derive(Debug, Default)]
pub struct Section {
    /// The rows, in the order of the file.
    pub rows: Vec<ReadRow>,
    /// Their blocks.
    pub blocks: Vec<Block>,
    /// What is doubted or was done.
    pub findings: Vec<Finding>,
    /// Cells read differently from how they stand.
    pub overlays: Vec<Overlay>,
}

/// Reads a training report, plain or zstd, and hands it to `sink` section by section.
///
/// # Errors
/// [`ImportError::Form`] with line and column where the file is not a training report or is damaged,
/// [`ImportError::Read`] where it cannot be read, and whatever the sink refuses. Sections handed
/// over before an error must be thrown away.
pub fn read(
    input: impl std::io::Read,
    file: &str,
    countries: &dyn Countries,
    accounts: &Accounts,
    sink: &mut dyn FnMut(Section) -> Result<(), ImportError>,
) -> Result<Summary, ImportError> {
    let mut table = input::open(input, file)?;
    let width = input::header(&mut table)?;
    let mut reader = Reader::new(names::Names::new(countries), accounts);
    let mut held = Held::default();
    let mut row = 0_u32;
    while let Some(record) = table.next(width)? {
        if record.len() != width {
            let (line, cells) = (record.line, record.len());
            return Err(ragged(&table, line, cells, width));
        }
        let cells: [&str; 13] = std::array::from_fn(|i| record.cell(i));
        row = row
            .checked_add(1)
            .ok_or_else(|| ImportError::Sink("more rows than can be numbered".to_owned()))?;
        let other = held.lines.first().is_some_and(|first| {
            first.cell(Column::SourceGroup) != cells[1]
                || first.cell(Column::ReportFiscalYears) != cells[0]
        });
        if other || held.full() {
            held.flush(&mut reader, other, sink)?;
        }
        let line = line(&mut reader, held.lines.last(), row, record.line, cells);
        held.bytes += cells.iter().map(|c| c.len()).sum::<usize>();
        held.lines.push(line);
    }
    held.flush(&mut reader, true, sink)?;
    Ok(reader.summary)
}

fn ragged<R: std::io::Read>(
    table: &table::Table<R>,
    line: u64,
    cells: usize,
    width: usize,
) -> ImportError {
    let missing = COLUMNS.get(cells).copied().unwrap_or("a last cell");
    let help =
        format!("each line has {width} cells; where it is the last line, the file is cut off");
    table.refuse(
        line,
        cells + 1,
        format!("the line ends after {cells} cells, before `{missing}`"),
        &help,
    )
}

/// Lines read and not yet handed over.
#[derive(Default)]
struct Held {
    lines: Vec<Line>,
    bytes: usize,
}

impl Held {
    fn full(&self) -> bool {
        self.lines.len() >= SECTION_ROWS || self.bytes >= SECTION_BYTES
    }

    /// Hands over what is held: all of it, or, where the group goes on, up to its last country.
    fn flush(
        &mut self,
        reader: &mut Reader<'_>,
        whole: bool,
        sink: &mut dyn FnMut(Section) -> Result<(), ImportError>,
    ) -> Result<(), ImportError> {
        let mut to = self.lines.len();
        if !whole && let Some(last) = self.lines.last() {
            let country = last.cell(Column::Country);
            let begins = self
                .lines
                .iter()
                .rposition(|l| l.cell(Column::Country) != country)
                .map_or(0, |i| i + 1);
            if begins > 0 {
                to = begins;
            }
        }
        let rest = self.lines.split_off(to);
        self.bytes = rest
            .iter()
            .flat_map(|l| Column::ALL.map(|c| l.cell(c).len()))
            .sum();
        let lines = std::mem::replace(&mut self.lines, rest);
        if lines.is_empty() {
            return Ok(());
        }
        let section = reader.section(lines);
        // The reader may forget programmes between sections.
        for line in &mut self.lines {
            line.program = reader.program(
                line.printed.cell(Column::Program),
                line.printed.cell(Column::Country),
            );
        }
        sink(section)
    }
}

fn line(
    reader: &mut Reader<'_>,
    before: Option<&Line>,
    row: u32,
    at: u64,
    cells: [&str; 13],
) -> Line {
    let same = before
        .filter(|l| l.cell(Column::Program) == cells[3] && l.cell(Column::Country) == cells[2]);
    let program = same.map_or_else(|| reader.program(cells[3], cells[2]), |l| l.program);
    let kind = line::kind(&cells);
    let mut line = Line {
        row,
        printed: PrintedRow::new(at, cells),
        kind,
        program,
        partner: None,
        program_lost: false,
        block: None,
        start: Day::Blank,
        end: Day::Blank,
        quantity: Cell::Blank,
        cost: Cell::Blank,
        quantity_before: 0,
        cost_before: 0,
        repair: None,
    };
    line.read_cells(section::report_year(cells[0]));
    line
}
