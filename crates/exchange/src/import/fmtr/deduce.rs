//! Costs lost in the print of shifted rows, worked out from what else is printed.
//!
//! Only in a section whose columns ran together, only for rows whose cost cell is blank, only where
//! the printed total says how much is missing. Evidence, strongest first: the same course with the
//! same last day, printed elsewhere in the report with its cost a student; one single row without
//! such evidence; several rows alike in course, day and number. Else the cost stays unread.

use super::{
    block::{Work, cost_agrees},
    cells::{self, Cell},
    line::{Line, Notes, date},
    shift,
};
use jiff::civil::Date;
use std::collections::{BTreeMap, HashMap};
use symbolon_domain::{
    money::Cents,
    record::Confidence,
    training::{Column, FindingCode},
};

/// Combinations of known costs tried for one block.
const TRIES: usize = 512;

/// Course, first day where it is compared too, last day.
type Key = (String, Option<Date>, Date);

/// Costs of a row and of a student, by course and day, in one report. The value beside each says
/// whether it is printed (`true`) or was itself worked out.
#[derive(Default)]
pub(super) struct KnownCosts {
    report: i16,
    courses: HashMap<Key, Known>,
}

/// Costs of a course, in cents, and whether each is printed.
#[derive(Default)]
struct Known {
    rows: BTreeMap<i64, bool>,
    rates: BTreeMap<i64, bool>,
}

/// Costs of the rows without cost, in their order, with how sure and why.
type Found = (Vec<i64>, Confidence, &'static str);

impl KnownCosts {
    /// Fills lost costs where the evidence allows, until nothing more is found.
    pub fn fill(
        &mut self,
        lines: &mut [Line],
        blocks: &mut [Work],
        report: i16,
        notes: &mut Notes,
    ) {
        if report != self.report {
            self.courses.clear();
            self.report = report;
        }
        for line in lines.iter().filter(|l| l.training()) {
            self.learn(line, true);
        }
        // A cost found in one block can be evidence in the next. Each round fills a block or ends.
        for alike in [false, true] {
            loop {
                let before = blocks.iter().filter(|b| b.deduced).count();
                for block in blocks.iter_mut() {
                    self.block(lines, block, alike, notes);
                }
                if blocks.iter().filter(|b| b.deduced).count() == before {
                    break;
                }
            }
        }
    }

    /// Fills one block; whether it did. `alike`: rows alike may share what is missing.
    fn block(
        &mut self,
        lines: &mut [Line],
        block: &mut Work,
        alike: bool,
        notes: &mut Notes,
    ) -> bool {
        let Some(total) = block.total.filter(|_| !block.deduced) else {
            return false;
        };
        let (sums, Some(printed)) = (block.sums(lines), lines[total].cost.value()) else {
            return false;
        };
        if cost_agrees(sums.cost, sums.cents, printed) || printed_over(&lines[total]) {
            return false;
        }
        let missing = printed - sums.cost;
        let lost: Vec<usize> = (block.from..block.to)
            .filter(|i| lines[*i].training() && lines[*i].cost == Cell::Blank)
            .collect();
        if lost.is_empty() {
            block.deduced = self.misread(lines, block, missing, notes);
            return block.deduced;
        }
        if missing <= 0 {
            return false;
        }
        let found = self
            .by_course(lines, &lost, missing)
            .or_else(|| self.the_rest(lines, &lost, missing));
        let Some((costs, confidence, why)) =
            found.or_else(|| equal_shares(lines, &lost, missing).filter(|_| alike))
        else {
            return false;
        };
        for (i, cents) in lost.into_iter().zip(costs) {
            set(&mut lines[i], cents, confidence, why, notes);
            if confidence > Confidence::Low {
                self.learn(&lines[i], false);
            }
        }
        block.deduced = true;
        true
    }

    fn learn(&mut self, line: &Line, printed: bool) {
        let (Some(key), Some(cost), Some(n)) =
            (key(line), line.cost.value(), line.quantity.value())
        else {
            return;
        };
        for key in [(key.0.clone(), None, key.2), key] {
            let known = self.courses.entry(key).or_default();
            *known.rows.entry(cost).or_default() |= printed;
            if n > 0 && cost % n == 0 {
                *known.rates.entry(cost / n).or_default() |= printed;
            }
        }
    }

    /// Costs the row may have by the same course elsewhere, and whether each is printed there:
    /// those with the same first day, or else with the same last day.
    fn options(&self, line: &Line) -> BTreeMap<i64, bool> {
        let n = line.quantity.value().unwrap_or(0);
        let Some(key) = key(line) else {
            return BTreeMap::new();
        };
        let Some(known) = self
            .courses
            .get(&key)
            .or_else(|| self.courses.get(&(key.0, None, key.2)))
        else {
            return BTreeMap::new();
        };
        let mut options = known.rows.clone();
        for (rate, printed) in &known.rates {
            if let Some(cost) = rate.checked_mul(n) {
                *options.entry(cost).or_default() |= printed;
            }
        }
        options
    }

    /// Each lost cost is known for the same course elsewhere, and one choice only meets the total.
    fn by_course(&self, lines: &[Line], lost: &[usize], missing: i64) -> Option<Found> {
        let options: Vec<Vec<(i64, bool)>> = lost
            .iter()
            .map(|i| self.options(&lines[*i]).into_iter().collect())
            .collect();
        options.iter().try_fold(1_usize, |n, o| {
            n.checked_mul(o.len()).filter(|n| (1..=TRIES).contains(n))
        })?;
        let mut picks: Vec<Vec<(i64, bool)>> = vec![Vec::new()];
        for option in &options {
            picks = picks
                .iter()
                .flat_map(|p| option.iter().map(|o| [p.as_slice(), &[*o]].concat()))
                .collect();
        }
        let mut meets = picks
            .into_iter()
            .filter(|p| p.iter().map(|o| o.0).sum::<i64>() == missing);
        let (pick, None) = (meets.next()?, meets.next()) else {
            return None;
        };
        let confidence = if pick.iter().all(|o| o.1) {
            Confidence::High
        } else {
            Confidence::Medium
        };
        let why = "the cost is lost in the print; other rows give it for the same course and last day, and with it the printed total is met";
        Some((pick.into_iter().map(|o| o.0).collect(), confidence, why))
    }

    /// All lost costs but one are known for the same course elsewhere; the last is the rest.
    fn the_rest(&self, lines: &[Line], lost: &[usize], missing: i64) -> Option<Found> {
        let mut costs = Vec::with_capacity(lost.len());
        let mut unknown = None;
        for (n, i) in lost.iter().enumerate() {
            let options = self.options(&lines[*i]);
            match options
                .first_key_value()
                .filter(|_| options.len() == 1 && lost.len() > 1)
            {
                Some((cents, _)) => costs.push(*cents),
                _ if unknown.is_none() => {
                    unknown = Some(n);
                    costs.push(0);
                }
                _ => return None,
            }
        }
        let rest = missing - costs.iter().sum::<i64>();
        *costs.get_mut(unknown?)? = rest;
        let why = "the cost is lost in the print; it is the printed total less the costs of the other rows";
        (rest > 0).then_some((costs, Confidence::Medium, why))
    }

    /// A number at the end of a unit was taken for the cost and is part of the unit: the course has
    /// elsewhere just the cost the total asks for.
    fn misread(&self, lines: &mut [Line], block: &Work, missing: i64, notes: &mut Notes) -> bool {
        let right = |line: &Line| {
            let moved = line
                .repair
                .as_ref()
                .is_some_and(|r| r.moves.iter().any(|m| m.0 == Column::TotalCost));
            let cents = line
                .cost
                .value()
                .filter(|_| moved && line.cell(Column::TotalCost).is_empty())?
                + missing;
            self.options(line).contains_key(&cents).then_some(cents)
        };
        let hits: Vec<_> = (block.from..block.to)
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
        let why = "the number at the end of the unit is part of the unit; other rows give this cost for the same course and last day, and with it the printed total is met";
        set(line, *cents, Confidence::High, why, notes);
        true
    }
}

fn key(line: &Line) -> Option<Key> {
    Some((
        shift::course(line).to_owned(),
        date(line.start),
        date(line.end)?,
    ))
}

/// A total printed over a row of training: that row is lost, so the rest tells nothing.
pub(super) fn printed_over(total: &Line) -> bool {
    !total.cell(Column::StudentUnit).is_empty() || cells::is_day(total.cell(Column::StartDate))
}

/// All rows without cost are alike, and the missing amount divides evenly among them.
fn equal_shares(lines: &[Line], lost: &[usize], missing: i64) -> Option<Found> {
    let alike = |i: &usize| (key(&lines[*i]), lines[*i].quantity);
    let first = alike(lost.first()?);
    let n = i64::try_from(lost.len()).ok()?;
    let why = "the cost is lost in the print; the rows are alike in course, last day and number, and share what the printed total leaves";
    let even =
        first.0.is_some() && lost.iter().all(|i| alike(i) == first) && missing % (n * 100) == 0;
    even.then(|| (vec![missing / n; lost.len()], Confidence::Low, why))
}

fn set(line: &mut Line, cents: i64, confidence: Confidence, why: &str, notes: &mut Notes) {
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
