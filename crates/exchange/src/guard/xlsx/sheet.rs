//! The rows of one sheet.

use super::{SheetRow, cell, strings::Strings, styles::Styles};
use crate::guard::{
    Code, Meter, Refusal, Result, quoted,
    xml::{Node, Tag, Xml},
};
use crate::limits::Limits;
use std::io::BufRead;

/// What the reading of a sheet needs.
pub(super) struct Reader<'a> {
    pub name: &'a str,
    pub strings: &'a Strings,
    pub styles: &'a Styles,
    pub from_1904: bool,
    pub limits: &'a Limits,
    pub meter: &'a Meter<'a>,
}

/// The cell being read.
#[derive(Default)]
struct Open {
    column: u64,
    kind: String,
    style: usize,
    text: String,
    /// Whether a value was seen.
    filled: bool,
}

/// The row being read.
#[derive(Default)]
struct Row {
    number: u64,
    next: u64,
    cells: Vec<String>,
}

impl Reader<'_> {
    pub(super) fn read<B: BufRead>(
        &self,
        xml: &mut Xml<B>,
        each: &mut dyn FnMut(SheetRow<'_>) -> Result<bool>,
    ) -> Result<()> {
        let mut row = Row::default();
        let mut open: Option<Open> = None;
        // Names of the elements around the place; the guard bounds how many.
        let mut path: Vec<Part> = vec![];
        while let Some(node) = xml.next_node()? {
            match node {
                Node::Open(tag) => {
                    let part = Part::of(tag.name());
                    match part {
                        Part::Row => self.begin_row(&tag, &mut row)?,
                        Part::Cell => open = Some(self.begin_cell(&tag, &mut row)?),
                        Part::Formula => return Err(self.formula(&row, open.as_ref()).into()),
                        _ => {}
                    }
                    path.push(part);
                }
                Node::Text(text) => {
                    let value = matches!(path.last(), Some(Part::Value | Part::Text))
                        && !path.contains(&Part::Spoken);
                    if let (Some(open), true) = (&mut open, value) {
                        open.text.push_str(&text);
                        open.filled = true;
                        self.short(&row, open)?;
                    }
                }
                Node::Close => match path.pop() {
                    Some(Part::Cell) => {
                        if let Some(open) = open.take() {
                            self.end_cell(open, &mut row)?;
                        }
                    }
                    Some(Part::Row) => {
                        let filled = row.cells.iter().any(|c| !c.is_empty());
                        let given = SheetRow {
                            line: row.number,
                            cells: &row.cells,
                        };
                        if filled && !each(given)? {
                            return Ok(());
                        }
                    }
                    _ => {}
                },
            }
        }
        Ok(())
    }

    fn begin_row(&self, tag: &Tag<'_>, row: &mut Row) -> Result<()> {
        self.meter.step()?;
        let number = match tag.attribute("r") {
            Some(text) => text.parse().ok().filter(|n| *n > row.number),
            None => Some(row.number + 1),
        };
        let Some(number) = number else {
            let problem = format!("a row after row {} has no larger number", row.number);
            return Err(self.bad(problem).into());
        };
        row.number = number;
        row.next = 0;
        row.cells.clear();
        Ok(())
    }

    fn begin_cell(&self, tag: &Tag<'_>, row: &mut Row) -> Result<Open> {
        self.meter.step()?;
        let column = match tag.attribute("r") {
            Some(text) => {
                let at = cell::address(&text).filter(|(c, r)| *r == row.number && *c >= row.next);
                let Some((column, _)) = at else {
                    let problem = format!("a cell of row {} is at `{}`", row.number, quoted(&text));
                    return Err(self.bad(problem).into());
                };
                column
            }
            None => row.next,
        };
        row.next = column + 1;
        Ok(Open {
            column,
            kind: tag.attribute("t").unwrap_or_default(),
            style: tag.attribute("s").and_then(|s| s.parse().ok()).unwrap_or(0),
            ..Open::default()
        })
    }

    fn end_cell(&self, open: Open, row: &mut Row) -> Result<()> {
        if !open.filled {
            return Ok(());
        }
        // The head is a row too.
        let far = open.column >= self.limits.import_columns
            || row.number.saturating_sub(1) > self.limits.import_rows;
        if far {
            let problem = format!(
                "a value outside the {} rows and {} columns that are read",
                self.limits.import_rows, self.limits.import_columns
            );
            return Err(self
                .at(
                    Code::FarCell,
                    row,
                    open.column,
                    problem,
                    "delete it, or split the sheet",
                )
                .into());
        }
        let text = self.value(&open, row)?;
        if text.chars().count() as u64 > self.limits.import_cell {
            return Err(super::cell_too_long(self.limits)
                .within(self.cell(row, open.column))
                .into());
        }
        let i = usize::try_from(open.column).unwrap_or(0);
        row.cells.resize(i, String::new());
        row.cells.push(text);
        Ok(())
    }

    fn value(&self, open: &Open, row: &Row) -> Result<String> {
        let bad = |what: &str| {
            let problem = format!("{what} (`{}`)", quoted(&open.text));
            self.at(
                Code::BadCell,
                row,
                open.column,
                problem,
                "type it again as text",
            )
        };
        Ok(match open.kind.as_str() {
            "s" => {
                let found = open
                    .text
                    .trim()
                    .parse()
                    .ok()
                    .and_then(|i| self.strings.get(i));
                found
                    .ok_or_else(|| bad("a text that is not in the workbook"))?
                    .to_owned()
            }
            "inlineStr" | "str" => cell::unescaped(&open.text).into_owned(),
            "b" => match open.text.trim() {
                "1" | "true" => "true".to_owned(),
                "0" | "false" => "false".to_owned(),
                _ => return Err(bad("neither true nor false").into()),
            },
            "d" => open.text.trim().to_owned(),
            "e" => {
                let problem = format!("an error value (`{}`)", quoted(&open.text));
                let help = "correct the cell, or empty it";
                return Err(self
                    .at(Code::CellError, row, open.column, problem, help)
                    .into());
            }
            "" | "n" => {
                let date = self
                    .styles
                    .is_date(open.style)
                    .then(|| cell::day(&open.text, self.from_1904));
                let text = date.flatten().or_else(|| cell::number(&open.text));
                text.ok_or_else(|| bad("not a number"))?
            }
            _ => return Err(bad("a value of an unknown sort").into()),
        })
    }

    fn short(&self, row: &Row, open: &Open) -> Result<()> {
        // Four bytes a character at most.
        if open.text.len() as u64 <= 4 * self.limits.import_cell {
            return Ok(());
        }
        Err(super::cell_too_long(self.limits)
            .within(self.cell(row, open.column))
            .into())
    }

    fn formula(&self, row: &Row, open: Option<&Open>) -> Refusal {
        let column = open.map_or(0, |o| o.column);
        let help = "paste the column as values, then save";
        self.at(Code::Formula, row, column, "a formula", help)
    }

    fn cell(&self, row: &Row, column: u64) -> String {
        format!(
            "cell {} of sheet `{}`",
            cell::name(column, row.number),
            quoted(self.name)
        )
    }

    fn at(
        &self,
        code: Code,
        row: &Row,
        column: u64,
        problem: impl Into<String>,
        help: &str,
    ) -> Refusal {
        Refusal::new(code, problem, help)
            .at(row.number, column + 1)
            .within(self.cell(row, column))
    }

    fn bad(&self, problem: String) -> Refusal {
        let help = "open it in a spreadsheet program and save it again";
        Refusal::new(Code::BadCell, problem, help).within(format!("sheet `{}`", quoted(self.name)))
    }
}

/// Elements that matter.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Row,
    Cell,
    Value,
    Text,
    Formula,
    Spoken,
    Other,
}

impl Part {
    fn of(name: &str) -> Self {
        match name {
            "row" => Self::Row,
            "c" => Self::Cell,
            "v" => Self::Value,
            "t" => Self::Text,
            "f" => Self::Formula,
            "rPh" => Self::Spoken,
            _ => Self::Other,
        }
    }
}
