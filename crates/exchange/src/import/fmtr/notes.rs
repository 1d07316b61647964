//! What is noted about single rows: shifts, impossible dates, placeholders, damaged text.

use super::{
    accounts::Accounts,
    cells::{Cell, Day},
    line::{Line, Notes},
};
use jiff::civil::Date;
use symbolon_domain::{
    record::Confidence,
    training::{Column, FindingCode, RowKind},
};

/// A course may begin this many years before the report's first year (long studies are reported
/// when they end) and end this many years after it.
const YEARS_BEFORE: i16 = 6;
const YEARS_AFTER: i16 = 3;

/// Notes about one row. `agrees`: whether its block meets its printed total; `None`: no total.
pub(super) fn row(
    line: &mut Line,
    report: i16,
    agrees: Option<bool>,
    accounts: &Accounts,
    notes: &mut Notes,
) {
    match line.kind {
        RowKind::Residue => {
            let program = line.cell(Column::Program);
            let read = if program.starts_with("No activities") {
                program.to_owned()
            } else {
                String::new()
            };
            notes.line(
                line,
                FindingCode::Residue,
                Some(Column::CourseTitle),
                read,
                Confidence::High,
            );
        }
        RowKind::Training => {
            shift(line, agrees, notes);
            days(line, report, notes);
            unread(line, notes);
            units(line, accounts, notes);
        }
        RowKind::ProgramTotal | RowKind::CountryTotal => {}
    }
    damaged(line, notes);
}

/// One finding for the row, one overlay for each cell moved.
fn shift(line: &mut Line, agrees: Option<bool>, notes: &mut Notes) {
    let Some(repair) = line.repair.take() else {
        return;
    };
    let confidence = match agrees {
        Some(true) => Confidence::High,
        None => Confidence::Medium,
        Some(false) => Confidence::Low,
    };
    let code = FindingCode::ColumnShift;
    let read: Vec<String> = repair
        .moves
        .iter()
        .map(|(c, v, _)| format!("{} \"{v}\"", c.name()))
        .collect();
    let first = repair.moves.first().map(|m| m.0);
    notes.line(line, code, first, read.join(", "), confidence);
    for (column, value, why) in &repair.moves {
        notes.overlay(line, *column, value, why, code, confidence);
    }
}

fn days(line: &mut Line, report: i16, notes: &mut Notes) {
    let far = |d: Date| d.year() < report - YEARS_BEFORE || d.year() > report + YEARS_AFTER;
    let code = FindingCode::DateImpossible;
    for column in [Column::StartDate, Column::EndDate] {
        let day = if column == Column::StartDate {
            line.start
        } else {
            line.end
        };
        let read = match day {
            Day::Impossible => "no day of the calendar; not read",
            Day::On(d) if far(d) => "far from the years of the report; not read",
            _ => continue,
        };
        notes.line(line, code, Some(column), read, Confidence::High);
        match column {
            Column::StartDate => line.start = Day::Impossible,
            _ => line.end = Day::Impossible,
        }
    }
    if let (Day::On(start), Day::On(end)) = (line.start, line.end)
        && end < start
    {
        notes.line(
            line,
            code,
            Some(Column::EndDate),
            format!("ends before it starts on {start}"),
            Confidence::High,
        );
    }
}

/// Cells that hold something and could not be read.
fn unread(line: &Line, notes: &mut Notes) {
    let cells = [
        (Column::StartDate, line.start == Day::Other),
        (Column::EndDate, line.end == Day::Other),
        (Column::Quantity, line.quantity == Cell::Other),
        (Column::TotalCost, line.cost == Cell::Other),
    ];
    for (column, odd) in cells {
        if odd {
            notes.line(
                line,
                FindingCode::CellUnreadable,
                Some(column),
                "not read",
                Confidence::High,
            );
        }
    }
}

fn units(line: &Line, accounts: &Accounts, notes: &mut Notes) {
    let unit = line.cell(Column::StudentUnit);
    if !unit.is_empty() && accounts.is_placeholder(unit) {
        notes.line(
            line,
            FindingCode::UnitPlaceholder,
            Some(Column::StudentUnit),
            "names no unit",
            Confidence::High,
        );
    }
    if let Some((unit, tail)) = line.cell(Column::UsUnit).rsplit_once(" - ") {
        let number = !tail.is_empty() && tail.bytes().all(|b| b.is_ascii_digit());
        if number || tail == "N/A" {
            let why = if number {
                "the number at the end is no part of the unit's name"
            } else {
                "\"N/A\" at the end is no part of the unit's name"
            };
            let (code, unit) = (FindingCode::UsUnitTrailing, unit.to_owned());
            notes.line(
                line,
                code,
                Some(Column::UsUnit),
                unit.clone(),
                Confidence::Medium,
            );
            notes.overlay(line, Column::UsUnit, &unit, why, code, Confidence::Medium);
        }
    }
}

/// Lost characters, control characters, text decoded twice, and entities left from a web page.
fn damaged(line: &Line, notes: &mut Notes) {
    for column in [
        Column::Country,
        Column::Program,
        Column::CourseTitle,
        Column::UsUnit,
        Column::StudentUnit,
        Column::Location,
    ] {
        let text = line.cell(column);
        if text.is_ascii() && memchr::memchr(b'&', text.as_bytes()).is_none() {
            continue;
        }
        let code = FindingCode::TextDamaged;
        let decoded = entities(text);
        if decoded != text {
            notes.line(line, code, Some(column), decoded.clone(), Confidence::High);
            notes.overlay(
                line,
                column,
                &decoded,
                "characters written as on a web page",
                code,
                Confidence::High,
            );
        } else if text
            .chars()
            .any(|c| c == '\u{FFFD}' || ('\u{80}'..='\u{9F}').contains(&c))
        {
            notes.line(
                line,
                code,
                Some(column),
                "a character is lost",
                Confidence::High,
            );
        } else if ["Ã©", "Ã¡", "Ã³", "Ã±", "â€", "Â°"]
            .iter()
            .any(|m| text.contains(m))
        {
            notes.line(
                line,
                code,
                Some(column),
                "decoded twice",
                Confidence::Medium,
            );
        }
    }
}

fn entities(text: &str) -> String {
    let mut out = text.to_owned();
    for (entity, character) in [
        ("&quot;", "\""),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&#39;", "'"),
        ("&apos;", "'"),
        ("&amp;", "&"),
    ] {
        if out.contains(entity) {
            out = out.replace(entity, character);
        }
    }
    out
}
