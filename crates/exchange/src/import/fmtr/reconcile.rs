//! Reconciles blocks with their printed totals, and says why where they do not agree.

use super::{
    block::{Sums, Work, cost_agrees},
    cells::Cell,
    line::{Line, country_of_total},
};
use symbolon_domain::{
    money::{Cents, grouped},
    record::Confidence,
    training::{Block, Column, Finding, FindingCode, RowKind},
};

/// The block as it goes to the caller.
pub(super) fn block(work: &Work, number: u32, lines: &[Line], sums: &Sums) -> Block {
    let first = &lines[work.from];
    let (quantity, cost) = work.printed(lines);
    Block {
        number,
        report: first.cell(Column::ReportFiscalYears).to_owned(),
        source_group: first.cell(Column::SourceGroup).to_owned(),
        country: first.cell(Column::Country).to_owned(),
        partner: first.partner,
        program: first.cell(Column::Program).to_owned(),
        first_row: first.row,
        total_row: work.total.map(|t| lines[t].row),
        rows: sums.rows,
        quantity_before: sums.quantity_before,
        cost_before: Cents(sums.cost_before),
        quantity: sums.quantity,
        cost: Cents(sums.cost),
        printed_quantity: quantity,
        printed_cost: cost.map(Cents),
        quantity_agrees: quantity.map(|p| (p == sums.quantity_before, p == sums.quantity)),
        cost_agrees: cost.map(|p| {
            (
                cost_agrees(sums.cost_before, sums.cents, p),
                cost_agrees(sums.cost, sums.cents, p),
            )
        }),
    }
}

/// Findings about totals that do not agree or are missing.
pub(super) fn totals(
    work: &Work,
    block: &Block,
    lines: &[Line],
    totals_printed: bool,
    out: &mut Vec<Finding>,
) {
    let note = |code, column, printed: String, read: String| Finding {
        code,
        row: work.total.map(|t| lines[t].row),
        block: block.number,
        column,
        page: lines[work.total.unwrap_or(work.from)]
            .cell(Column::PageNumber)
            .into(),
        printed: printed.into(),
        read: read.into(),
        confidence: Confidence::High,
        partner: block.partner,
    };
    let why = reason(work, lines);
    if let (Some(p), Some((_, false))) = (block.printed_quantity, block.quantity_agrees) {
        let off = p - block.quantity;
        let read = format!(
            "the rows hold {} students, {} {} the total{why}",
            count(block.quantity),
            count(off.abs()),
            if off > 0 { "fewer than" } else { "more than" }
        );
        out.push(note(
            FindingCode::TotalQuantityDiffers,
            Some(Column::Quantity),
            count(p),
            read,
        ));
    }
    if let (Some(p), Some((_, false))) = (block.printed_cost, block.cost_agrees) {
        let off = p.0 - block.cost.0;
        let read = format!(
            "the rows hold {}, {} {} the total{why}",
            block.cost,
            Cents(off.abs()),
            if off > 0 { "less than" } else { "more than" }
        );
        out.push(note(
            FindingCode::TotalCostDiffers,
            Some(Column::TotalCost),
            p.to_string(),
            read,
        ));
    }
    if totals_printed && work.total.is_none() {
        let read = if work.page_lost {
            "the page with the total is missing from the source"
        } else {
            "no total is printed for this block"
        };
        out.push(note(
            FindingCode::TotalMissing,
            None,
            String::new(),
            read.to_owned(),
        ));
    }
}

fn count(n: i64) -> String {
    format!(
        "{}{}",
        if n < 0 { "-" } else { "" },
        grouped(n.unsigned_abs())
    )
}

/// Why a block does not meet its total, as far as its rows show.
fn reason(work: &Work, lines: &[Line]) -> String {
    if work.page_lost {
        return "; pages are missing between its rows".to_owned();
    }
    let Some(total) = work.total.map(|t| &lines[t]) else {
        return String::new();
    };
    let unit = total.cell(Column::StudentUnit);
    let start = total.cell(Column::StartDate);
    if !unit.is_empty() || !start.is_empty() {
        return format!(
            "; the total is printed over a row of training (unit \"{unit}\", {start} to {}), whose own number and cost are lost",
            total.cell(Column::EndDate)
        );
    }
    let rows = || lines[work.from..work.to].iter().filter(|l| l.training());
    let lost = rows().filter(|l| l.cost == Cell::Blank).count();
    if lost > 0 {
        return format!("; {lost} of its rows print no cost, and nothing else printed tells it");
    }
    let moved = |l: &&Line| {
        l.repair
            .as_ref()
            .is_some_and(|r| r.moves.iter().any(|m| m.0 == Column::StudentUnit))
    };
    match rows().filter(moved).count() {
        0 => "; every row of the block can be read".to_owned(),
        n => format!(
            "; {n} of its costs were read from the end of a unit, where a number may belong to the unit's name"
        ),
    }
}

/// Checks country totals against the rows above them.
pub(super) fn countries(lines: &[Line], out: &mut Vec<Finding>) {
    let (mut quantity, mut cost, mut cents, mut country) = (0_i64, 0_i64, false, "");
    for line in lines {
        if line.cell(Column::Country) != country {
            country = line.cell(Column::Country);
            (quantity, cost, cents) = (0, 0, false);
        }
        if line.training() {
            quantity = quantity.saturating_add(line.quantity.value().unwrap_or(0));
            let c = line.cost.value().unwrap_or(0);
            cost = cost.saturating_add(c);
            cents |= c % 100 != 0;
        }
        if line.kind != RowKind::CountryTotal {
            continue;
        }
        let students = line.quantity.value().unwrap_or(quantity);
        let dollars = line.cost.value().unwrap_or(cost);
        if students != quantity || !cost_agrees(cost, cents, dollars) {
            let name = country_of_total(line.cell(Column::CourseTitle)).unwrap_or(country);
            out.push(Finding {
                code: FindingCode::CountryTotalDiffers,
                row: Some(line.row),
                block: 0,
                column: Some(Column::TotalCost),
                page: line.cell(Column::PageNumber).into(),
                printed: format!("{} students, {}", count(students), Cents(dollars)).into(),
                read: format!(
                    "the rows of {name} hold {} students, {}",
                    count(quantity),
                    Cents(cost)
                )
                .into(),
                confidence: Confidence::High,
                partner: line.partner,
            });
        }
        (quantity, cost, cents) = (0, 0, false);
    }
}
