//! Column repair: values that stand in the wrong column are read from where they belong.
//!
//! It goes by pattern, in any year: two dates in one date cell, "578 11/16/2008" in the cost cell,
//! "45 Ulaanbaatar," in the quantity cell, a cost at the end of the unit, a unit at the end of the
//! location. Only what is printed in the row is moved. Blank cells are filled only in a section
//! whose other rows show that columns ran together.

use super::{
    cells::{self, Cell, Day},
    line::Line,
};
use std::collections::HashSet;
use symbolon_domain::training::Column;

/// Shifted rows a section must show before blank cells are looked for in neighbours.
const ENOUGH: usize = 3;

/// Repairs the rows of a section; whether its columns ran together throughout.
pub(super) fn repair(lines: &mut [Line], report: i16) -> bool {
    let odd = lines
        .iter()
        .filter(|l| l.training() && displaced(l))
        .count();
    if odd == 0 {
        return false;
    }
    let training = lines.iter().filter(|l| l.training()).count();
    let loose = odd >= ENOUGH && odd * 200 >= training;
    let places: HashSet<String> = if loose {
        known_places(lines)
    } else {
        HashSet::new()
    };
    for line in lines.iter_mut().filter(|l| l.training()) {
        if displaced(line) || (loose && gaps(line)) {
            one(line, report, loose);
            if loose {
                unit_from_place(line, &places);
            }
        }
    }
    loose
}

/// A cell holds what does not belong there.
fn displaced(line: &Line) -> bool {
    line.start == Day::Other
        || line.end == Day::Other
        || line.quantity == Cell::Other
        || line.cost == Cell::Other
}

/// A cell is blank that the rows of such a section fill.
fn gaps(line: &Line) -> bool {
    line.start == Day::Blank
        || line.end == Day::Blank
        || line.quantity == Cell::Blank
        || line.cost == Cell::Blank
        || line.cell(Column::StudentUnit).is_empty()
}

/// Locations printed in sound rows.
fn known_places(lines: &[Line]) -> HashSet<String> {
    lines
        .iter()
        .filter(|l| l.training() && !displaced(l) && !gaps(l))
        .map(|l| l.cell(Column::Location).to_owned())
        .filter(|p| !p.is_empty())
        .collect()
}

fn one(line: &mut Line, report: i16, loose: bool) {
    if continuation(line, report) || doubled(line, report) {
        return;
    }
    let mut days = cost_cell(line);
    if line.cost == Cell::Blank && loose {
        days = cost_from_neighbour(line);
    }
    dates(line, &days, report);
    quantity(line, loose);
}

/// The second line of a wrapped row: date and amount slid to the unit columns
/// ("4/4/2016" under US unit, "$147,478" under student unit).
fn continuation(line: &mut Line, report: i16) -> bool {
    let (day, amount) = (
        line.cell(Column::UsUnit).to_owned(),
        line.cell(Column::StudentUnit).to_owned(),
    );
    let Cell::Value(cents) = cells::money(&amount) else {
        return false;
    };
    if !amount.starts_with('$') || !cells::is_day(&day) || line.quantity.value().is_some() {
        return false;
    }
    let why = "the line carries on the row above; its date and amount slid to the unit columns";
    line.start = cells::day(&day, report);
    line.cost = Cell::Value(cents);
    line.read_as(Column::StartDate, day, why);
    line.read_as(Column::TotalCost, amount, why);
    line.read_as(Column::Location, "", why);
    line.read_as(Column::Quantity, "", why);
    line.quantity = Cell::Blank;
    true
}

/// Two rows run together: every cell holds two values. The first is this row's.
fn doubled(line: &mut Line, report: i16) -> bool {
    let pair = |c: Column| line.cell(c).split_once(' ').map(|(a, _)| a.to_owned());
    let (Some(start), Some(end), Some(quantity), Some(cost)) = (
        pair(Column::StartDate),
        pair(Column::EndDate),
        pair(Column::Quantity),
        pair(Column::TotalCost),
    ) else {
        return false;
    };
    let (Some(q), Some(c)) = (cells::count(&quantity).value(), cells::money(&cost).value()) else {
        return false;
    };
    if !cells::is_day(&start) || !cells::is_day(&end) {
        return false;
    }
    let why = "each cell holds the values of two rows run together; the first of each is read";
    line.start = cells::day(&start, report);
    line.end = cells::day(&end, report);
    line.quantity = Cell::Value(q);
    line.cost = Cell::Value(c);
    for (column, value) in [
        (Column::StartDate, start),
        (Column::EndDate, end),
        (Column::Quantity, quantity),
        (Column::TotalCost, cost),
    ] {
        line.read_as(column, value, why);
    }
    true
}

/// "578 11/16/2008" and "ST-2 $31,000" in the cost cell; the dates found there.
fn cost_cell(line: &mut Line) -> Vec<String> {
    if line.cost != Cell::Other {
        return Vec::new();
    }
    let text = line.cell(Column::TotalCost).to_owned();
    let (rest, days) = days_at_end(&text);
    if let Cell::Value(cents) = cells::money(rest) {
        line.cost = Cell::Value(cents);
        line.read_as(
            Column::TotalCost,
            rest,
            "the cell also holds a date of the row",
        );
        return days;
    }
    if let Some((words, amount)) = text.rsplit_once(' ')
        && amount.starts_with('$')
        && let Cell::Value(cents) = cells::money(amount)
    {
        line.cost = Cell::Value(cents);
        line.read_as(
            Column::TotalCost,
            amount,
            format!("the cell also holds \"{words}\", which is no amount"),
        );
    }
    Vec::new()
}

/// A cost, with or without dates after it, at the end of the unit or of the location.
fn cost_from_neighbour(line: &mut Line) -> Vec<String> {
    for (column, name) in [
        (Column::StudentUnit, "unit"),
        (Column::Location, "location"),
    ] {
        let text = line.cell(column).to_owned();
        let (rest, days) = days_at_end(&text);
        let (words, number) = rest.rsplit_once(' ').unwrap_or(("", rest));
        let Some(dollars) = cells::plain(number) else {
            if days.is_empty() {
                continue;
            }
            line.read_as(
                column,
                rest,
                format!("dates of the row stand at the end of the {name}"),
            );
            return days;
        };
        line.cost = Cell::Value(dollars * 100);
        line.read_as(
            Column::TotalCost,
            number,
            format!("the cost cell is blank and the amount stands at the end of the {name}"),
        );
        line.read_as(
            column,
            words,
            format!("the amount at the end of the {name} belongs to the cost"),
        );
        return days;
    }
    Vec::new()
}

/// Up to two dates at the end of a text, in printed order.
fn days_at_end(text: &str) -> (&str, Vec<String>) {
    let mut rest = text.trim();
    let mut days = Vec::new();
    while days.len() < 2 {
        let (before, last) = rest.rsplit_once(' ').unwrap_or(("", rest));
        if !cells::is_day(last) {
            break;
        }
        days.insert(0, last.to_owned());
        rest = before.trim_end();
    }
    (rest, days)
}

fn dates(line: &mut Line, moved: &[String], report: i16) {
    let (_, first) = days_at_end(line.cell(Column::StartDate));
    let (_, second) = days_at_end(line.cell(Column::EndDate));
    let all: Vec<String> = match (line.start, line.end, first.len(), second.len(), moved.len()) {
        (Day::Other, Day::Blank, 2, _, 0) => first,
        (Day::Blank, Day::Other, _, 2, 0) => second,
        (Day::Blank, Day::Blank, _, _, 2) => moved.to_vec(),
        (Day::Blank, Day::On(_) | Day::Impossible, _, 1, 1) => {
            vec![moved[0].clone(), second[0].clone()]
        }
        _ => return,
    };
    let [start, end] = all.as_slice() else { return };
    let why = if moved.is_empty() {
        "one cell holds both dates"
    } else {
        "the date stands in another column of the row"
    };
    line.start = cells::day(start, report);
    line.end = cells::day(end, report);
    if start != line.cell(Column::StartDate) {
        line.read_as(Column::StartDate, start, why);
    }
    if end != line.cell(Column::EndDate) {
        line.read_as(Column::EndDate, end, why);
    }
}

/// "45 Ulaanbaatar," and "1 39529-7099" in the quantity cell; a number at the end of the course.
fn quantity(line: &mut Line, loose: bool) {
    let text = line.cell(Column::Quantity).to_owned();
    let place = line.cell(Column::Location).to_owned();
    if line.quantity == Cell::Other {
        let Some((number, words)) = text.split_once(' ') else {
            return;
        };
        let Some(n) = cells::count(number).value() else {
            return;
        };
        line.quantity = Cell::Value(n);
        line.read_as(
            Column::Quantity,
            number,
            "the cell also holds part of the location",
        );
        let zip = words.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        let whole = if zip {
            format!("{place} {words}")
        } else {
            format!("{words} {place}")
        };
        line.read_as(
            Column::Location,
            whole.trim(),
            "part of the location stands in the quantity cell",
        );
        return;
    }
    if line.quantity != Cell::Blank || !loose {
        return;
    }
    let course = line.cell(Column::CourseTitle).to_owned();
    if let Some((title, number)) = course.rsplit_once(' ')
        && let Some(n) = cells::plain(number).filter(|_| number.len() <= 4)
    {
        line.quantity = Cell::Value(n);
        line.read_as(
            Column::Quantity,
            number,
            "the quantity cell is blank and a number stands at the end of the course",
        );
        line.read_as(
            Column::CourseTitle,
            title,
            "the number at the end of the course is the quantity",
        );
    }
}

/// A blank unit whose words follow a known location: "MARSHALL CENTER Ministry".
fn unit_from_place(line: &mut Line, places: &HashSet<String>) {
    if !line.cell(Column::StudentUnit).is_empty() {
        return;
    }
    let moved = line.repair.as_ref().and_then(|r| {
        r.moves
            .iter()
            .find(|m| m.0 == Column::Location)
            .map(|m| m.1.clone())
    });
    let place = moved.unwrap_or_else(|| line.cell(Column::Location).to_owned());
    if places.contains(&place) {
        return;
    }
    let split = place
        .rmatch_indices(' ')
        .map(|(at, _)| at)
        .find(|at| places.contains(&place[..*at]));
    if let Some(at) = split {
        let (place, unit) = (place[..at].to_owned(), place[at + 1..].to_owned());
        if let Some(repair) = line.repair.as_mut() {
            repair.moves.retain(|m| m.0 != Column::Location);
        }
        line.read_as(Column::StudentUnit, unit, format!("the unit is blank and its words follow the location \"{place}\", known from other rows"));
        line.read_as(Column::Location, place, "the words after it are the unit");
    }
}

/// The course title of a row, after repair.
pub(super) fn course(line: &Line) -> &str {
    let moved = line
        .repair
        .as_ref()
        .and_then(|r| r.moves.iter().find(|m| m.0 == Column::CourseTitle));
    moved.map_or(line.cell(Column::CourseTitle), |m| m.1.as_str())
}
