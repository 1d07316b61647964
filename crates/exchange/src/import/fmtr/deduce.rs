//! Costs lost in the print of shifted rows, worked out from what else is printed.
//!
//! Only in a section with shifted columns, only for rows whose cost cell is blank, only where the
//! printed total says how much is missing. Evidence, strongest first: the same course on the same
//! days printed with its cost elsewhere; one single row without cost; several rows alike in course,
//! days and number. Without evidence the cost stays unread.

use super::{
    block::{Work, cost_agrees},
    cells::Cell,
    line::{Line, Notes},
    shift::{self, Course},
};
use std::collections::{BTreeSet, HashMap};
use symbolon_domain::{
    money::Cents,
    record::Confidence,
    training::{Column, FindingCode},
};

type Evidence = HashMap<
    (
        String,
        Option<jiff::civil::Date>,
        Option<jiff::civil::Date>,
        Option<i64>,
    ),
    BTreeSet<i64>,
>;

/// Combinations of known costs tried for one block.
const TRIES: usize = 512;

/// Fills lost costs where the evidence allows.
pub(super) fn costs(lines: &mut [Line], blocks: &mut [Work], notes: &mut Notes) {
    let known = evidence(lines);
    for block in blocks.iter_mut() {
        let (_, Some(printed)) = block.printed(lines) else {
            continue;
        };
        let sums = block.sums(lines);
        if cost_agrees(sums.cost, sums.cents, printed) {
            continue;
        }
        let missing = printed - sums.cost;
        let lost: Vec<usize> = (block.from..block.to)
            .filter(|i| lines[*i].training() && lines[*i].cost == Cell::Blank)
            .collect();
        let found = if lost.is_empty() {
            block.deduced = misread(lines, block, &known, missing, notes);
            continue;
        } else if missing <= 0 {
            None
        } else {
            by_course(lines, &lost, &known, missing)
                .or_else(|| the_rest(lines, &lost, &known, missing))
                .or_else(|| alike(lines, &lost, missing))
        };
        let Some((costs, confidence, why)) = found else {
            continue;
        };
        for (i, cents) in lost.into_iter().zip(costs) {
            fill(&mut lines[i], cents, confidence, why, notes);
        }
        block.deduced = true;
    }
}

fn key(
    course: Course<'_>,
) -> (
    String,
    Option<jiff::civil::Date>,
    Option<jiff::civil::Date>,
    Option<i64>,
) {
    (course.0.to_owned(), course.1, course.2, course.3)
}

fn evidence(lines: &[Line]) -> Evidence {
    let mut known = Evidence::new();
    for line in lines.iter().filter(|l| l.training()) {
        if let (Cell::Value(cents), course) = (line.cost, shift::course(line))
            && course.1.is_some()
        {
            known.entry(key(course)).or_default().insert(cents);
        }
    }
    known
}

type Found = (Vec<i64>, Confidence, &'static str);

/// Each lost cost is printed for the same course elsewhere, and one choice only meets the total.
fn by_course(lines: &[Line], lost: &[usize], known: &Evidence, missing: i64) -> Option<Found> {
    let options: Vec<Vec<i64>> = lost
        .iter()
        .map(|i| {
            known
                .get(&key(shift::course(&lines[*i])))
                .map(|s| s.iter().copied().collect())
        })
        .collect::<Option<_>>()?;
    let size = options.iter().try_fold(1_usize, |n, o| {
        n.checked_mul(o.len()).filter(|n| *n <= TRIES)
    })?;
    let mut meets: Vec<Vec<i64>> = Vec::new();
    for n in 0..size {
        let mut rest = n;
        let pick: Vec<i64> = options
            .iter()
            .map(|o| {
                let c = o[rest % o.len()];
                rest /= o.len();
                c
            })
            .collect();
        if pick.iter().sum::<i64>() == missing {
            meets.push(pick);
        }
    }
    let why = "the cost is lost in the print; other rows print it for the same course, days and number, and with it the printed total is met";
    (meets.len() == 1).then(|| (meets.swap_remove(0), Confidence::High, why))
}

/// All lost costs but one are printed for the same course elsewhere; the last is the rest.
fn the_rest(lines: &[Line], lost: &[usize], known: &Evidence, missing: i64) -> Option<Found> {
    let mut costs = Vec::with_capacity(lost.len());
    let mut unknown = None;
    for (n, i) in lost.iter().enumerate() {
        let printed = known.get(&key(shift::course(&lines[*i])));
        match printed.and_then(|s| s.first().filter(|_| s.len() == 1 && lost.len() > 1)) {
            Some(cents) => costs.push(*cents),
            None if unknown.is_none() => {
                unknown = Some(n);
                costs.push(0);
            }
            None => return None,
        }
    }
    let rest = missing - costs.iter().sum::<i64>();
    *costs.get_mut(unknown?)? = rest;
    let why =
        "the cost is lost in the print; it is the printed total less the costs of the other rows";
    (rest > 0).then_some((costs, Confidence::Medium, why))
}

/// All rows without cost are alike, and the missing amount divides evenly among them.
fn alike(lines: &[Line], lost: &[usize], missing: i64) -> Option<Found> {
    let first = shift::course(&lines[*lost.first()?]);
    let n = i64::try_from(lost.len()).ok()?;
    let same = lost.iter().all(|i| shift::course(&lines[*i]) == first);
    let why = "the cost is lost in the print; the rows are alike in course, days and number, and share what the printed total leaves evenly";
    (same && missing % (n * 100) == 0)
        .then(|| (vec![missing / n; lost.len()], Confidence::Low, why))
}

/// A number at the end of a unit was taken for the cost, and is part of the unit: the course is
/// printed elsewhere with just the cost the total asks for.
fn misread(
    lines: &mut [Line],
    block: &Work,
    known: &Evidence,
    missing: i64,
    notes: &mut Notes,
) -> bool {
    let right = |line: &Line| {
        let moved = line
            .repair
            .as_ref()
            .is_some_and(|r| r.moves.iter().any(|m| m.0 == Column::TotalCost));
        let cents = line.cost.value()? + missing;
        (moved
            && line.cell(Column::TotalCost).is_empty()
            && known.get(&key(shift::course(line)))?.contains(&cents))
        .then_some(cents)
    };
    let hits: Vec<(usize, i64)> = (block.from..block.to)
        .filter_map(|i| right(&lines[i]).map(|c| (i, c)))
        .collect();
    let [(i, cents)] = hits.as_slice() else {
        return false;
    };
    let line = &mut lines[*i];
    if let Some(repair) = line.repair.as_mut() {
        repair
            .moves
            .retain(|m| m.0 != Column::TotalCost && m.0 != Column::StudentUnit);
        if repair.moves.is_empty() {
            line.repair = None;
        }
    }
    let why = "the number at the end of the unit is part of the unit; other rows print this cost for the same course, days and number, and with it the printed total is met";
    fill(line, *cents, Confidence::High, why, notes);
    true
}

fn fill(line: &mut Line, cents: i64, confidence: Confidence, why: &str, notes: &mut Notes) {
    line.cost = Cell::Value(cents);
    let amount = Cents(cents);
    let value = if cents % 100 == 0 {
        (cents / 100).to_string()
    } else {
        amount.decimal()
    };
    let code = FindingCode::CostDeduced;
    notes.line(
        line,
        code,
        Some(Column::TotalCost),
        format!("{amount}: {why}"),
        confidence,
    );
    notes.overlay(line, Column::TotalCost, &value, why, code, confidence);
}
