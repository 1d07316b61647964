//! Reads one source group: repair, blocks, headings, totals, readings.

use super::{
    Section,
    accounts::Accounts,
    block::{self, Work},
    deduce::KnownCosts,
    heading::{self, Memory},
    line::{Line, Notes, date},
    names::Names,
    notes,
    program::{self, Program},
    reconcile, shift,
    summary::Summary,
};
use jiff::civil::Date;
use std::collections::HashMap;
use symbolon_domain::{
    date::FiscalYear,
    money::Cents,
    record::Confidence,
    training::{Column, Finding, FindingCode, Phase, ReadRow, Reading, RowKind},
};

/// What is carried from one section to the next.
pub(super) struct Reader<'a> {
    accounts: &'a Accounts,
    names: Names<'a>,
    memory: Memory,
    costs: KnownCosts,
    programs: Vec<Option<Program>>,
    program_index: HashMap<String, usize>,
    blocks: u32,
    pub summary: Summary,
}

impl<'a> Reader<'a> {
    pub fn new(names: Names<'a>, accounts: &'a Accounts) -> Self {
        Self {
            accounts,
            names,
            memory: Memory::default(),
            costs: KnownCosts::default(),
            programs: Vec::new(),
            program_index: HashMap::new(),
            blocks: 0,
            summary: Summary::default(),
        }
    }

    /// Forgets programmes where there are more than any report has; for use between sections.
    fn tidy(&mut self) {
        if self.programs.len() > 20_000
            || self.program_index.keys().map(String::len).sum::<usize>() > 8 << 20
        {
            self.programs.clear();
            self.program_index.clear();
        }
    }

    /// Index of a programme text printed under a heading.
    pub fn program(&mut self, text: &str, heading: &str) -> usize {
        if let Some(i) = self.program_index.get(text) {
            return *i;
        }
        let read = program::program(text, heading, self.accounts);
        let counts = &mut self.summary.programs;
        if read.is_some() {
            counts.0 += 1
        } else {
            counts.1 += 1
        }
        self.programs.push(read);
        self.program_index
            .insert(text.to_owned(), self.programs.len() - 1);
        self.programs.len() - 1
    }

    /// Reads the lines of one source group.
    pub fn section(&mut self, mut lines: Vec<Line>) -> Section {
        let report = lines
            .first()
            .map_or(0, |l| report_year(l.cell(Column::ReportFiscalYears)));
        self.names
            .set_day(Date::new(report, 9, 30).ok().filter(|_| report > 0));
        self.partners(&mut lines);
        let mut notes = Notes::default();
        let shifted = shift::repair(&mut lines, report);
        let mut blocks = block::build(&lines);
        heading::correct(
            &mut lines,
            &mut blocks,
            &self.programs,
            &mut self.names,
            &mut self.memory,
            &mut notes,
        );
        if shifted {
            self.costs.fill(&mut lines, &mut blocks, report, &mut notes);
        }
        for (n, b) in blocks.iter().enumerate() {
            for line in &mut lines[b.from..b.to] {
                line.block = Some(n);
            }
        }
        let blocks = self.reconcile(&mut lines, &blocks, report, &mut notes);
        let section = self.finish(lines, blocks, notes, report);
        self.tidy();
        section
    }

    fn partners(&mut self, lines: &mut [Line]) {
        let mut last = (String::new(), None);
        for line in lines {
            if line.cell(Column::Country) != last.0 {
                last = (
                    line.cell(Column::Country).to_owned(),
                    self.names.find(line.cell(Column::Country)),
                );
            }
            line.partner = last.1;
        }
    }

    fn reconcile(
        &mut self,
        lines: &mut [Line],
        works: &[Work],
        report: i16,
        notes: &mut Notes,
    ) -> Vec<symbolon_domain::training::Block> {
        let totals_printed = works.iter().any(|b| b.total.is_some());
        let mut agrees: Vec<Option<bool>> = Vec::with_capacity(works.len());
        let mut blocks = Vec::with_capacity(works.len());
        for work in works {
            self.blocks += 1;
            let block = reconcile::block(work, self.blocks, lines, &work.sums(lines));
            reconcile::totals(work, &block, lines, totals_printed, &mut notes.findings);
            self.block_notes(work, &block, lines, report, notes);
            self.summary.count_block(&block, work.deduced);
            agrees.push(match (block.quantity_agrees, block.cost_agrees) {
                (None, None) => None,
                (q, c) => Some(q.is_none_or(|q| q.1) && c.is_none_or(|c| c.1)),
            });
            blocks.push(block);
        }
        reconcile::countries(lines, &mut notes.findings);
        for line in lines {
            let agrees = line.block.and_then(|b| agrees.get(b).copied().flatten());
            notes::row(line, report, agrees, self.accounts, notes);
        }
        blocks
    }

    /// Findings said once for a block: planned training, unknown names, lost pages.
    fn block_notes(
        &mut self,
        work: &Work,
        block: &symbolon_domain::training::Block,
        lines: &[Line],
        report: i16,
        notes: &mut Notes,
    ) {
        let first = &lines[work.from];
        let mut say = |code, column: Column, read: String, confidence| {
            notes.findings.push(Finding {
                code,
                row: None,
                block: block.number,
                column: Some(column),
                page: first.cell(Column::PageNumber).into(),
                printed: first.cell(column).into(),
                read: read.into(),
                confidence,
                partner: block.partner,
            });
        };
        let program = self.programs.get(first.program).and_then(Option::as_ref);
        if phase(program, report) == Phase::Planned {
            let year = program.and_then(|p| p.fiscal_year).map_or(0, |y| y.0);
            self.summary.planned += u64::from(block.rows);
            say(
                FindingCode::Planned,
                Column::Program,
                format!(
                    "{} rows planned for FY{year}, printed in the report of FY{report}",
                    block.rows
                ),
                Confidence::High,
            );
        }
        match program {
            None => say(
                FindingCode::ProgramUnreadable,
                Column::Program,
                "the text follows no known grammar".to_owned(),
                Confidence::High,
            ),
            Some(p) if p.account.is_none() => {
                say(
                    FindingCode::ProgramUnreadable,
                    Column::Program,
                    format!("\"{}\" is no account of the list", p.spelled),
                    Confidence::High,
                );
            }
            Some(p) if p.fiscal_year.is_none() => {
                say(
                    FindingCode::ProgramUnreadable,
                    Column::Program,
                    format!("no year; FY{report} is read from the report"),
                    Confidence::Medium,
                );
            }
            Some(_) => {}
        }
        if block.partner.is_none() {
            self.summary.unknown(&block.country);
            say(
                FindingCode::CountryUnknown,
                Column::Country,
                "no country of that name on the day of the report".to_owned(),
                Confidence::High,
            );
        }
        if work.page_lost {
            let read = if first.program_lost {
                "pages are missing before these rows, and with them the heading of country and programme"
            } else {
                "pages are missing after these rows, and with them the rest of the block"
            };
            say(
                FindingCode::PageCorrupt,
                Column::PageNumber,
                read.to_owned(),
                Confidence::High,
            );
        }
    }

    fn finish(
        &mut self,
        lines: Vec<Line>,
        blocks: Vec<symbolon_domain::training::Block>,
        mut notes: Notes,
        report: i16,
    ) -> Section {
        let first = lines.first().map_or(0, |l| l.row);
        let number = |b: Option<usize>| b.and_then(|b| blocks.get(b)).map_or(0, |b| b.number);
        for finding in notes.findings.iter_mut().filter(|f| f.block == 0) {
            let line = finding
                .row
                .and_then(|row| lines.get(row.checked_sub(first)? as usize));
            finding.block = line.map_or(0, |l| number(l.block));
        }
        for finding in &notes.findings {
            *self.summary.findings.entry(finding.code).or_default() += 1;
        }
        self.summary.overlays += notes.overlays.len() as u64;
        let mut rows = Vec::with_capacity(lines.len());
        for line in lines {
            self.summary.count_row(line.kind);
            rows.push(ReadRow {
                row: line.row,
                block: number(line.block),
                reading: self.reading(&line, report),
                printed: line.printed,
            });
        }
        Section {
            rows,
            blocks,
            findings: notes.findings,
            overlays: notes.overlays,
        }
    }

    fn reading(&self, line: &Line, report: i16) -> Reading {
        let program = self.programs.get(line.program).and_then(Option::as_ref);
        let year = program
            .and_then(|p| p.fiscal_year)
            .or((report > 0).then_some(FiscalYear(report)));
        Reading {
            kind: line.kind,
            partner: line.partner,
            fiscal_year: year,
            phase: phase(program, report),
            account: program
                .filter(|_| !line.program_lost)
                .and_then(|p| p.account.clone()),
            start: if line.kind == RowKind::Training {
                date(line.start)
            } else {
                None
            },
            end: if line.kind == RowKind::Training {
                date(line.end)
            } else {
                None
            },
            quantity: line.quantity.value(),
            cost: line.cost.value().map(Cents),
        }
    }
}

/// A programme of a later year than the report's own is planned, not done.
fn phase(program: Option<&Program>, report: i16) -> Phase {
    match program.and_then(|p| p.fiscal_year) {
        Some(year) if report > 0 && year.0 > report => Phase::Planned,
        _ => Phase::Actual,
    }
}

/// "1999_2000" is the report on fiscal year 1999; 0 where no year is printed.
pub(super) fn report_year(text: &str) -> i16 {
    text.get(..4)
        .and_then(|y| y.parse().ok())
        .filter(|y| (1900..2200).contains(y))
        .unwrap_or(0)
}
