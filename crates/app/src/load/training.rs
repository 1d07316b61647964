//! Loading a training report: one thread reads, judges and numbers strings, the other writes.

mod figures;

use super::{
    FileInfo, Finished, Hashing, Loaded, Progress, check_code, dataset_change, rehearsed,
    same_file, source_of,
};
use crate::{App, AppError, Result};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{Read, Seek, SeekFrom};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use symbolon_access::Viewer;
use symbolon_domain::{
    country::Iso3,
    date::epoch_days,
    training::{Block, COLUMNS, Column, Finding, Overlay, Phase, ReadRow, RowKind},
};
use symbolon_exchange::import::{
    ImportError,
    fmtr::{self, Accounts, Countries, Section, Summary},
};
use symbolon_store::{
    Loader, StoreError,
    facts::{
        Cell, Rows, TRAINING_BLOCK, TRAINING_FINDING, TRAINING_OVERLAY, TRAINING_ROLLUP,
        TRAINING_ROW, TRAINING_TEXT, TableDef,
    },
};

/// At most so many portions of rows wait for the writer.
const PORTIONS: usize = 4;

/// Loads a training report: all of it, or nothing. The same file again changes nothing.
///
/// # Errors
/// [`AppError::Import`] with file, line and column where the file is refused.
pub fn training<F: Read + Seek + Send>(
    app: &App,
    viewer: &Viewer,
    mut file: F,
    info: &FileInfo,
    countries: &(dyn Countries + Sync),
    accounts: &Accounts,
    progress: &Progress,
) -> Result<Loaded> {
    let read = |source| {
        AppError::Import(ImportError::Read {
            file: info.name.clone(),
            source,
        })
    };
    // The hash of the whole file first: a file that was loaded before is not read again.
    let (sha256, bytes) = Hashing::new(&mut file, Progress::default())
        .finish()
        .map_err(read)?;
    if let Some(loaded) = same_file(app, &sha256)? {
        return Ok(loaded);
    }
    file.seek(SeekFrom::Start(0)).map_err(read)?;
    check_code(app, &info.code)?;
    let (source, new) = source_of(app, &info.source)?;
    let covered = covered_reports(app)?;
    let (send, receive) = sync_channel(PORTIONS);
    let (mut outcome, mut rehearsal) = (None, None);
    let written = std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let input = Hashing::new(file, progress.clone());
            read_all(input, info, countries, accounts, progress, send)
        });
        app.store.load(
            viewer,
            Box::new(|loader: &mut dyn Loader| {
                new.into_iter().for_each(|change| loader.with(change));
                let written = write(loader, &receive);
                // Without a receiver a reader that is still going stops at its next section.
                drop(receive);
                let read = reader
                    .join()
                    .map_err(|_| StoreError::Cancelled("the reader panicked".into()))?;
                let (summary, years) = match (written, read) {
                    (Err(StoreError::Cancelled(_)) | Ok(()), Err(e)) => {
                        outcome = Some(e);
                        return Err(StoreError::Cancelled("the file was refused".into()));
                    }
                    (Err(e), _) => return Err(e),
                    (Ok(()), Ok(read)) => read,
                };
                let finished = figures::finished(&summary, &years, &covered, sha256, bytes);
                let roots = loader.roots()?;
                let change = dataset_change(info, source, loader.dataset(), roots, finished)
                    .map_err(|e| StoreError::Invalid(e.to_string()))?;
                if progress.rehearsing() {
                    rehearsal = rehearsed(&change);
                    return Err(StoreError::Cancelled("a dry run".into()));
                }
                Ok(change)
            }),
        )
    });
    match (written, outcome, rehearsal) {
        (Err(_), Some(refused), _) => Err(refused.into()),
        (Err(_), None, Some(loaded)) => Ok(loaded),
        (Err(e), None, None) => Err(e.into()),
        (Ok(written), ..) => {
            app.refresh();
            let loaded = app.store.get(&app.system(), "dataset", written.id)?;
            let dataset = loaded.ok_or(AppError::NotFound("data set"))?;
            let mut loaded = same_file(
                app,
                dataset.body["file_sha256"].as_str().unwrap_or_default(),
            )?
            .ok_or(AppError::NotFound("data set"))?;
            (loaded.changed, loaded.seq) = (true, written.seq);
            Ok(loaded)
        }
    }
}

/// Fiscal years whose report is already counted: a year must not be counted twice.
fn covered_reports(app: &App) -> Result<BTreeSet<i64>> {
    let datasets = app.datasets_of(&app.system())?;
    let counted = datasets
        .iter()
        .filter(|d| d.dataset.content == "training" && d.dataset.counted);
    Ok(counted
        .flat_map(|d| d.dataset.summary.keys())
        .filter_map(|k| report_year(k))
        .collect())
}

/// The year in a summary key `report.2009_2010.blocks`.
fn report_year(key: &str) -> Option<i64> {
    key.strip_prefix("report.")?.get(0..4)?.parse().ok()
}

/// Rows of the tables on their way to the writer.
type Portions = SyncSender<Rows>;

/// Reads the file and fills the tables; its figures and the fiscal years it covers.
fn read_all(
    input: Hashing<impl Read>,
    info: &FileInfo,
    countries: &dyn Countries,
    accounts: &Accounts,
    progress: &Progress,
    send: Portions,
) -> std::result::Result<(Summary, BTreeSet<i16>), ImportError> {
    let mut filled = Filled::new(send);
    let summary = fmtr::read(input, &info.name, countries, accounts, &mut |section| {
        if progress.stopped() {
            return Err(ImportError::Sink("stopped; nothing was kept".to_owned()));
        }
        progress.add_rows(section.rows.len() as u64, section.findings.len() as u64);
        fill(&mut filled, &section)
    })?;
    put_rollup(&mut filled)?;
    filled.flush()?;
    Ok((summary, filled.years))
}

/// Writes rows as they come, until the reader is through.
fn write(loader: &mut dyn Loader, portions: &Receiver<Rows>) -> symbolon_store::Result<()> {
    while let Ok(rows) = portions.recv() {
        loader.put_all(rows)?;
    }
    Ok(())
}

type Put = std::result::Result<(), ImportError>;

/// What the reading side gathers for the tables.
struct Filled {
    send: Portions,
    tables: Vec<Rows>,
    strings: HashMap<Box<str>, i64>,
    /// The last row's cells and their numbers: most cells stand as in the row before.
    last: [(String, i64); COLUMNS.len()],
    findings: u32,
    overlays: u32,
    years: BTreeSet<i16>,
    rollup: BTreeMap<Key, Sums>,
}

/// Partner, fiscal year, account, phase.
type Key = (Option<Iso3>, Option<i16>, Option<Box<str>>, u8);

#[derive(Default)]
struct Sums {
    rows: i64,
    quantity: i64,
    cost: i64,
    without_cost: i64,
}

fn fill(filled: &mut Filled, section: &Section) -> Put {
    for row in &section.rows {
        put_row(filled, row)?;
    }
    for block in &section.blocks {
        put_block(filled, block)?;
    }
    for finding in &section.findings {
        let row = finding.row.and_then(|n| find_row(section, n));
        put_finding(filled, finding, row)?;
    }
    for overlay in &section.overlays {
        put_overlay(filled, overlay)?;
    }
    Ok(())
}

fn find_row(section: &Section, number: u32) -> Option<&ReadRow> {
    let at = section.rows.binary_search_by_key(&number, |r| r.row).ok()?;
    section.rows.get(at)
}

impl Filled {
    fn new(send: Portions) -> Self {
        Self {
            send,
            tables: vec![],
            strings: HashMap::new(),
            last: std::array::from_fn(|_| (String::new(), 0)),
            findings: 0,
            overlays: 0,
            years: BTreeSet::new(),
            rollup: BTreeMap::new(),
        }
    }

    /// Adds a row to a table; hands the rows on when there are enough.
    fn put(&mut self, table: &'static TableDef, row: u32, cells: &[Cell<'_>]) -> Put {
        let at = self
            .tables
            .iter()
            .position(|r| std::ptr::eq(r.table, table));
        let at = at.unwrap_or_else(|| {
            self.tables.push(Rows::new(table));
            self.tables.len() - 1
        });
        let rows = &mut self.tables[at];
        if !rows.push(row, cells) {
            return Err(ImportError::Sink(format!(
                "{}: wrong number of cells",
                table.name
            )));
        }
        if rows.full() {
            let full = std::mem::replace(rows, Rows::new(table));
            self.hand_on(full)?;
        }
        Ok(())
    }

    fn hand_on(&self, rows: Rows) -> Put {
        self.send
            .send(rows)
            .map_err(|_| ImportError::Sink("the database stopped taking rows".to_owned()))
    }

    fn flush(&mut self) -> Put {
        for rows in std::mem::take(&mut self.tables) {
            self.hand_on(rows)?;
        }
        Ok(())
    }

    /// The number of a printed cell's string, recorded the first time it is met.
    fn string(&mut self, column: usize, text: &str) -> std::result::Result<i64, ImportError> {
        if let Some((last, n)) = self.last.get(column)
            && *n > 0
            && last == text
        {
            return Ok(*n);
        }
        let n = match self.strings.get(text) {
            Some(n) => *n,
            None => self.new_string(text)?,
        };
        if let Some(last) = self.last.get_mut(column) {
            last.0.clear();
            last.0.push_str(text);
            last.1 = n;
        }
        Ok(n)
    }

    fn new_string(&mut self, text: &str) -> std::result::Result<i64, ImportError> {
        let row = u32::try_from(self.strings.len() + 1)
            .map_err(|_| ImportError::Sink("too many distinct strings".into()))?;
        self.put(&TRAINING_TEXT, row, &[Cell::Text(text)])?;
        self.strings.insert(text.into(), row.into());
        Ok(row.into())
    }
}

fn put_row(filled: &mut Filled, row: &ReadRow) -> Put {
    let r = &row.reading;
    let day = |d: Option<jiff::civil::Date>| Cell::maybe(d.map(|d| epoch_days(d).into()));
    let mut cells = [Cell::Null; 24];
    cells[0] = Cell::Int(row.printed.line.cast_signed());
    cells[1] = Cell::Int(row.block.into());
    cells[2] = Cell::Int(r.kind as i64);
    cells[3] = Cell::Int(r.phase as i64);
    cells[4] = Cell::maybe(r.fiscal_year.map(|y| y.0.into()));
    cells[5] = r
        .partner
        .as_ref()
        .map_or(Cell::Null, |p| Cell::Text(p.as_str()));
    cells[6] = r.account.as_deref().map_or(Cell::Null, Cell::Text);
    cells[7] = day(r.start);
    cells[8] = day(r.end);
    cells[9] = Cell::maybe(r.quantity);
    cells[10] = Cell::maybe(r.cost.map(|c| c.0));
    for (i, column) in Column::ALL.into_iter().enumerate() {
        cells[11 + i] = Cell::Int(filled.string(i, row.printed.cell(column))?);
    }
    filled.put(&TRAINING_ROW, row.row, &cells)?;
    if r.kind == RowKind::Training {
        add_to_rollup(filled, row);
    }
    Ok(())
}

fn add_to_rollup(filled: &mut Filled, row: &ReadRow) {
    let r = &row.reading;
    if let Some(year) = r.fiscal_year
        && r.phase == Phase::Actual
    {
        filled.years.insert(year.0);
    }
    let key = (
        r.partner,
        r.fiscal_year.map(|y| y.0),
        r.account.clone(),
        r.phase as u8,
    );
    let sums = filled.rollup.entry(key).or_default();
    sums.rows += 1;
    sums.quantity += r.quantity.unwrap_or(0);
    sums.cost += r.cost.map_or(0, |c| c.0);
    sums.without_cost += i64::from(r.cost.is_none());
}

fn put_block(filled: &mut Filled, b: &Block) -> Put {
    let t = |s: &'_ str| -> String { s.to_owned() };
    let (report, group, country, program) = (
        t(&b.report),
        t(&b.source_group),
        t(&b.country),
        t(&b.program),
    );
    let flag = |f: Option<bool>| Cell::maybe(f.map(i64::from));
    filled.put(
        &TRAINING_BLOCK,
        b.number,
        &[
            Cell::Text(&report),
            Cell::Text(&group),
            Cell::Text(&country),
            b.partner
                .as_ref()
                .map_or(Cell::Null, |p| Cell::Text(p.as_str())),
            Cell::Text(&program),
            Cell::Int(b.first_row.into()),
            Cell::maybe(b.total_row.map(i64::from)),
            Cell::Int(b.rows.into()),
            Cell::Int(b.quantity_before),
            Cell::Int(b.cost_before.0),
            Cell::Int(b.quantity),
            Cell::Int(b.cost.0),
            Cell::maybe(b.printed_quantity),
            Cell::maybe(b.printed_cost.map(|c| c.0)),
            flag(b.quantity_agrees.map(|a| a.0)),
            flag(b.quantity_agrees.map(|a| a.1)),
            flag(b.cost_agrees.map(|a| a.0)),
            flag(b.cost_agrees.map(|a| a.1)),
        ],
    )
}

fn put_finding(filled: &mut Filled, f: &Finding, row: Option<&ReadRow>) -> Put {
    filled.findings += 1;
    let number = filled.findings;
    let confidence = f.confidence.to_string();
    let year = row.and_then(|r| r.reading.fiscal_year).map(|y| y.0.into());
    filled.put(
        &TRAINING_FINDING,
        number,
        &[
            Cell::Text(f.code.code()),
            Cell::Text(f.code.severity().name()),
            Cell::maybe(f.row.map(i64::from)),
            Cell::Int(f.block.into()),
            f.column.map_or(Cell::Null, |c| Cell::Text(c.name())),
            Cell::Text(&f.page),
            Cell::Text(&f.printed),
            Cell::Text(&f.read),
            Cell::Text(&confidence),
            f.partner
                .as_ref()
                .map_or(Cell::Null, |p| Cell::Text(p.as_str())),
            Cell::maybe(year),
        ],
    )
}

fn put_overlay(filled: &mut Filled, o: &Overlay) -> Put {
    filled.overlays += 1;
    let number = filled.overlays;
    let confidence = o.confidence.to_string();
    filled.put(
        &TRAINING_OVERLAY,
        number,
        &[
            Cell::Int(o.row.into()),
            Cell::Text(o.column.name()),
            Cell::Text(&o.read),
            Cell::Text(&o.reason),
            Cell::Text(o.code.code()),
            Cell::Text(&confidence),
        ],
    )
}

fn put_rollup(filled: &mut Filled) -> Put {
    for (n, ((partner, year, account, phase), sums)) in
        (1..).zip(std::mem::take(&mut filled.rollup))
    {
        filled.put(
            &TRAINING_ROLLUP,
            n,
            &[
                partner
                    .as_ref()
                    .map_or(Cell::Null, |p| Cell::Text(p.as_str())),
                Cell::maybe(year.map(i64::from)),
                account.as_deref().map_or(Cell::Null, Cell::Text),
                Cell::Int(phase.into()),
                Cell::Int(sums.rows),
                Cell::Int(sums.quantity),
                Cell::Int(sums.cost),
                Cell::Int(sums.without_cost),
            ],
        )?;
    }
    Ok(())
}
