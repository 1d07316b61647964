//! Published figures: tables over rows their readers may not see, with small cells withheld so that
//! nothing can be worked out from the rest.

/// What a cell of a table counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// The figure.
    pub value: i64,
    /// How many records it is made of.
    pub records: u32,
    /// How many nations they are about.
    pub nations: u32,
}

/// A cell as it may be published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Published {
    /// The figure.
    Value(i64),
    /// Withheld: made of too few records or nations.
    TooFew,
    /// Withheld so that the others cannot be worked out.
    Complementary,
}

impl Published {
    /// Whether it is withheld.
    #[must_use]
    pub fn is_withheld(self) -> bool {
        !matches!(self, Self::Value(_))
    }
}

/// Fewer records than this in a cell are withheld.
pub const FEWEST_RECORDS: u32 = 5;
/// Fewer nations than this in a cell are withheld.
pub const FEWEST_NATIONS: u32 = 3;

/// A table with its totals as it may be published: rows of cells, the total of each row and column.
/// Figures must not be negative. Empty cells (no record) are withheld like small ones: that nothing is
/// there is a small figure too.
///
/// So many more cells are withheld that totals and differences leave every withheld figure open, or
/// nothing is left. Totals are always published.
#[must_use]
pub fn suppress(table: &[Vec<Cell>]) -> Vec<Vec<Published>> {
    let small = |c: &Cell| c.records < FEWEST_RECORDS || c.nations < FEWEST_NATIONS;
    let mut out: Vec<Vec<Published>> = table
        .iter()
        .map(|row| {
            let judge = |c: &Cell| {
                if small(c) {
                    Published::TooFew
                } else {
                    Published::Value(c.value)
                }
            };
            row.iter().map(judge).collect()
        })
        .collect();
    while let Some(cells) = next(table, &out) {
        for (row, column) in cells {
            out[row][column] = Published::Complementary;
        }
    }
    out
}

/// The next cells to withhold: those that with a withheld cell that can be worked out make a rectangle
/// at the least cost in figures; `None` where every one is open, or nothing is left to withhold.
fn next(table: &[Vec<Cell>], out: &[Vec<Published>]) -> Option<Vec<(usize, usize)>> {
    let columns = table.first().map_or(0, Vec::len);
    let cells = (0..table.len()).flat_map(|r| (0..columns).map(move |c| (r, c)));
    let cells: Vec<(usize, usize)> = cells.collect();
    let known =
        |(r, c): &&(usize, usize)| out[*r][*c].is_withheld() && !is_open(table, out, (*r, *c));
    let (row, column) = *cells.iter().find(known)?;
    let corners = cells.iter().filter(|(r, c)| *r != row && *c != column);
    let shown = |corner: &(usize, usize)| {
        let mut all = vec![*corner, (row, corner.1), (corner.0, column)];
        let worth = all.iter().all(|(r, c)| table[*r][*c].value > 0);
        all.retain(|(r, c)| !out[*r][*c].is_withheld());
        (worth && !all.is_empty()).then_some(all)
    };
    let cost =
        |all: &Vec<(usize, usize)>| all.iter().map(|(r, c)| table[*r][*c].value).sum::<i64>();
    let best = corners.filter_map(shown).min_by_key(cost);
    best.or_else(|| {
        let left = cells.iter().find(|(r, c)| !out[*r][*c].is_withheld());
        left.map(|cell| vec![*cell])
    })
}

/// Whether a withheld cell can differ with all totals and published cells as they are: another way
/// leads from its row to its column over withheld cells that are not nothing, and around that way the
/// figures can be raised and lowered in turn.
fn is_open(table: &[Vec<Cell>], out: &[Vec<Published>], cell: (usize, usize)) -> bool {
    let (mut rows, mut columns) = (vec![false; table.len()], vec![false; table[0].len()]);
    rows[cell.0] = true;
    loop {
        let mut grew = false;
        for (r, line) in out.iter().enumerate() {
            for (c, shown) in line.iter().enumerate() {
                let way = shown.is_withheld() && (r, c) != cell && table[r][c].value > 0;
                if way && rows[r] != columns[c] {
                    (rows[r], columns[c], grew) = (true, true, true);
                }
            }
        }
        if columns[cell.1] || !grew {
            return columns[cell.1];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cell(value: i64, records: u32) -> Cell {
        Cell {
            value,
            records,
            nations: records,
        }
    }

    /// Another table with the same published cells and totals in which a withheld cell differs: walks
    /// a closed path through withheld cells, raising and lowering by one in turn.
    fn ambiguous(table: &[Vec<Cell>], out: &[Vec<Published>], at: (usize, usize)) -> bool {
        [1, -1]
            .iter()
            .any(|up| path(table, out, at, at, *up, true, &mut vec![at]))
    }

    fn path(
        table: &[Vec<Cell>],
        out: &[Vec<Published>],
        start: (usize, usize),
        now: (usize, usize),
        up: i64,
        along_row: bool,
        seen: &mut Vec<(usize, usize)>,
    ) -> bool {
        if table[now.0][now.1].value + up < 0 {
            return false;
        }
        let cells = (0..table.len()).flat_map(|r| (0..table[0].len()).map(move |c| (r, c)));
        let on = |p: &(usize, usize)| {
            if along_row {
                p.0 == now.0 && p.1 != now.1
            } else {
                p.1 == now.1 && p.0 != now.0
            }
        };
        let hidden: Vec<_> = cells
            .filter(on)
            .filter(|(r, c)| out[*r][*c].is_withheld())
            .collect();
        for next in hidden {
            if next == start && !along_row {
                return true;
            }
            if seen.contains(&next) {
                continue;
            }
            seen.push(next);
            if path(table, out, start, next, -up, !along_row, seen) {
                return true;
            }
            seen.pop();
        }
        false
    }

    #[test]
    fn one_small_cell_takes_others_with_it_and_large_ones_stay() {
        let table = vec![
            vec![cell(10, 2), cell(40, 9), cell(50, 9)],
            vec![cell(20, 9), cell(30, 9), cell(60, 9)],
            vec![cell(70, 9), cell(80, 9), cell(90, 9)],
        ];
        let out = suppress(&table);
        assert_eq!(out[0][0], Published::TooFew);
        assert_eq!(out[0][1], Published::Complementary);
        assert_eq!(out[2][2], Published::Value(90));
        let withheld = out.iter().flatten().filter(|c| c.is_withheld()).count();
        assert_eq!(withheld, 4);
    }

    #[test]
    fn few_nations_are_as_few_as_few_records() {
        let few = Cell {
            value: 9,
            records: 50,
            nations: 2,
        };
        let out = suppress(&[vec![few, cell(40, 9)], vec![cell(20, 9), cell(30, 9)]]);
        assert!(out.iter().flatten().all(|c| c.is_withheld()));
    }

    #[test]
    fn a_table_without_small_cells_is_published_whole() {
        let out = suppress(&[vec![cell(1, 5), cell(2, 5)], vec![cell(3, 6), cell(4, 7)]]);
        assert!(!out.iter().flatten().any(|c| c.is_withheld()));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn no_withheld_cell_can_be_solved_from_what_is_published(
            table in (3..5usize, 3..5usize).prop_flat_map(|(rows, columns)| {
                let cell = (1..60i64, 1..30u32).prop_map(|(v, r)| cell(v, r));
                proptest::collection::vec(proptest::collection::vec(cell, columns), rows)
            }),
        ) {
            let out = suppress(&table);
            for (r, row) in out.iter().enumerate() {
                for (c, cell) in row.iter().enumerate() {
                    if cell.is_withheld() {
                        prop_assert!(ambiguous(&table, &out, (r, c)), "{table:?}\n{out:?} {r} {c}");
                    }
                }
            }
        }
    }
}
