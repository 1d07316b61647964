//! Which formats of cells mean a date.

use super::{book::with_xml, bounds};
use crate::guard::{Result, xml::Node, zip::Zip};
use crate::limits::Limits;
use std::collections::BTreeSet;
use std::io::{Read, Seek};

/// Formats of cells, by number: whether they show a date.
#[derive(Default)]
pub(super) struct Styles {
    dates: Vec<bool>,
}

impl Styles {
    pub(super) fn read<R: Read + Seek>(
        zip: &mut Zip<R>,
        part: &str,
        limits: &Limits,
    ) -> Result<Self> {
        let mut styles = Self::default();
        if part.is_empty() || !zip.has(part) {
            return Ok(styles);
        }
        with_xml(zip, part, bounds(limits), |xml| {
            let (mut own, mut plain, mut in_cells) = (BTreeSet::new(), BTreeSet::new(), false);
            while let Some(node) = xml.next_node()? {
                let Node::Open(tag) = node else { continue };
                let number = |name: &str| tag.attribute(name).and_then(|v| v.parse::<u32>().ok());
                match tag.name() {
                    "numFmt" => {
                        let Some(id) = number("numFmtId") else {
                            continue;
                        };
                        let date = shows_date(&tag.attribute("formatCode").unwrap_or_default());
                        if date {
                            own.insert(id)
                        } else {
                            plain.insert(id)
                        };
                    }
                    "cellXfs" => in_cells = true,
                    "cellStyleXfs" | "cellStyles" | "dxfs" => in_cells = false,
                    "xf" if in_cells => {
                        let id = number("numFmtId").unwrap_or(0);
                        let date = own.contains(&id) || built_in(id) && !plain.contains(&id);
                        // Spreadsheet programs allow 64,000 formats.
                        if styles.dates.len() < 65_536 {
                            styles.dates.push(date);
                        }
                    }
                    _ => {}
                }
            }
            Ok(())
        })?;
        Ok(styles)
    }

    pub(super) fn is_date(&self, style: usize) -> bool {
        self.dates.get(style).copied().unwrap_or(false)
    }
}

/// Formats that every spreadsheet program knows by number (ECMA-376 part 1, 18.8.30); times of day
/// without a date are not among them.
fn built_in(id: u32) -> bool {
    matches!(id, 14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57 | 58)
}

/// Whether a format shows a year or a day, outside quotes, brackets and escapes.
fn shows_date(format: &str) -> bool {
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                chars.by_ref().find(|c| *c == '"');
            }
            '[' => {
                chars.by_ref().find(|c| *c == ']');
            }
            '\\' | '_' | '*' => {
                chars.next();
            }
            'y' | 'Y' | 'd' | 'D' => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_with_year_or_day_are_dates() {
        for format in ["yyyy-mm-dd", "d/m/yy", "[$-409]mmmm\\ d", "DD.MM.YYYY"] {
            assert!(shows_date(format), "{format}");
        }
        for format in [
            "0.00",
            "General",
            "[Red]0",
            "\"day\" 0",
            "h:mm",
            "\\d0",
            "#,##0_d",
        ] {
            assert!(!shows_date(format), "{format}");
        }
    }
}
