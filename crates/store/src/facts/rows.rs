//! Rows of one table on their way into it: gathered, handed to another thread, written, hashed.

use super::{Cell, TableDef};

/// A cell whose text lies in the common text of its rows.
#[derive(Clone, Copy, Debug)]
enum Held {
    Null,
    Int(i64),
    Text(u32, u32),
}

/// Some rows of one table, in order.
#[derive(Debug)]
pub struct Rows {
    /// The table.
    pub table: &'static TableDef,
    numbers: Vec<u32>,
    cells: Vec<Held>,
    text: String,
}

/// Rows are handed on when there are so many,
const MOST_ROWS: usize = 4096;
/// or so many bytes of text.
const MOST_TEXT: usize = 4 << 20;

impl Rows {
    /// No rows yet.
    #[must_use]
    pub fn new(table: &'static TableDef) -> Self {
        Self {
            table,
            numbers: vec![],
            cells: vec![],
            text: String::new(),
        }
    }

    /// Adds a row; false where it has not as many cells as the table has columns.
    #[must_use]
    pub fn push(&mut self, row: u32, cells: &[Cell<'_>]) -> bool {
        if cells.len() != self.table.columns.len() {
            return false;
        }
        self.numbers.push(row);
        let text = &mut self.text;
        self.cells.extend(cells.iter().map(|cell| match cell {
            Cell::Null => Held::Null,
            Cell::Int(n) => Held::Int(*n),
            Cell::Text(s) => {
                let from = text.len();
                text.push_str(s);
                Held::Text(from as u32, text.len() as u32)
            }
        }));
        true
    }

    /// Whether they should be handed on.
    #[must_use]
    pub fn full(&self) -> bool {
        self.numbers.len() >= MOST_ROWS || self.text.len() >= MOST_TEXT
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// Row numbers, in order.
    #[must_use]
    pub fn numbers(&self) -> &[u32] {
        &self.numbers
    }

    /// Each row: its number and cells.
    pub fn iter(&self) -> impl Iterator<Item = (u32, impl Iterator<Item = Cell<'_>> + Clone)> {
        let width = self.table.columns.len().max(1);
        let rows = self.cells.chunks(width).zip(&self.numbers);
        rows.map(|(cells, row)| (*row, cells.iter().map(|c| self.cell(*c))))
    }

    fn cell(&self, held: Held) -> Cell<'_> {
        match held {
            Held::Null => Cell::Null,
            Held::Int(n) => Cell::Int(n),
            Held::Text(from, to) => Cell::Text(&self.text[from as usize..to as usize]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::TRAINING_OVERLAY;

    #[test]
    fn rows_come_out_as_they_went_in() {
        let mut rows = Rows::new(&TRAINING_OVERLAY);
        let t = Cell::Text;
        let one = [Cell::Int(7), t("a"), Cell::Null, t(""), t("\u{e9}"), t("b")];
        assert!(rows.push(3, &one));
        assert!(rows.push(4, &one));
        assert!(!rows.push(5, &one[..2]));
        let out: Vec<(u32, Vec<Cell<'_>>)> = rows.iter().map(|(n, c)| (n, c.collect())).collect();
        assert_eq!(out, [(3, one.to_vec()), (4, one.to_vec())]);
    }
}
