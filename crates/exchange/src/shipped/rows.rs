//! Splits embedded code tables into cells that point into the program itself.
//!
//! The tables are our own: comma-separated, one row a line, no quotation mark inside a quoted cell.

use jiff::civil::Date;

/// The rows of a table whose head is exactly `heads`; nothing where the head differs.
pub fn rows<const N: usize>(
    bytes: &'static [u8],
    heads: [&str; N],
) -> impl Iterator<Item = [&'static str; N]> {
    let mut lines = std::str::from_utf8(bytes).unwrap_or_default().lines();
    let head = lines.next().and_then(cells::<N>);
    let lines = if head == Some(heads) {
        Some(lines)
    } else {
        None
    };
    lines.into_iter().flatten().filter_map(cells)
}

/// The cells of a line, if there are exactly `N`.
fn cells<const N: usize>(line: &'static str) -> Option<[&'static str; N]> {
    let mut out = [""; N];
    let mut rest = Some(line);
    for slot in &mut out {
        let text = rest?;
        if let Some(quoted) = text.strip_prefix('"') {
            let (cell, after) = quoted.split_once('"')?;
            *slot = cell;
            rest = if after.is_empty() {
                None
            } else {
                Some(after.strip_prefix(',')?)
            };
        } else if let Some((cell, after)) = text.split_once(',') {
            *slot = cell;
            rest = Some(after);
        } else {
            *slot = text;
            rest = None;
        }
    }
    rest.is_none().then_some(out)
}

/// A cell with a day; blank is open.
pub fn day(cell: &str) -> Option<Option<Date>> {
    if cell.is_empty() {
        Some(None)
    } else {
        cell.parse().ok().map(Some)
    }
}

/// From the first day (inclusive) to the last bound (exclusive); open where nothing is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Days {
    /// First day.
    pub from: Option<Date>,
    /// First day no longer.
    pub to: Option<Date>,
}

impl Days {
    /// Reads both cells.
    pub fn read(from: &str, to: &str) -> Option<Self> {
        Some(Self {
            from: day(from)?,
            to: day(to)?,
        })
    }

    /// Whether it was so on a day.
    pub fn hold_on(self, on: Date) -> bool {
        self.from.is_none_or(|f| f <= on) && self.to.is_none_or(|t| on < t)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_name_keeps_its_comma() {
        assert_eq!(
            cells("COD,\"Congo, Dem. Rep.\",,x"),
            Some(["COD", "Congo, Dem. Rep.", "", "x"])
        );
        assert_eq!(cells::<3>("a,b"), None);
        assert_eq!(cells::<2>("a,b,c"), None);
        assert_eq!(cells("a,\"b\""), Some(["a", "b"]));
    }

    #[test]
    fn a_table_with_other_heads_has_no_rows() {
        assert_eq!(rows(b"a,b\n1,2\n", ["a", "c"]).count(), 0);
        assert_eq!(rows(b"a,b\n1,2\n", ["a", "b"]).count(), 1);
    }
}
