//! Results to stdout: a table for people, lines with tabs, or JSON.

use crate::Outcome;
use crate::config::Global;
use crate::exit::{FAILED, Failure};
use serde::Serialize;
use std::io::Write;

/// How results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Out {
    /// For people.
    Human,
    /// Tabs, for scripts.
    Plain,
    /// JSON.
    Json,
}

/// The ends of a column of figures line up.
fn is_figure(cell: &str) -> bool {
    !cell.is_empty()
        && cell
            .chars()
            .all(|c| c.is_ascii_digit() || ",.-%$".contains(c))
}

impl Out {
    /// What the arguments ask for.
    pub fn of(global: &Global) -> Self {
        match (global.json, global.plain) {
            (true, _) => Self::Json,
            (_, true) => Self::Plain,
            _ => Self::Human,
        }
    }

    /// One JSON document, or a table with heads.
    pub fn table<T: Serialize>(
        self,
        json: &T,
        heads: &[&str],
        rows: &[Vec<String>],
    ) -> Outcome<()> {
        match self {
            Self::Json => self.json(json),
            Self::Plain => {
                let lines = std::iter::once(heads.join("\t")).chain(rows.iter().map(|r| line(r)));
                text(&(lines.collect::<Vec<_>>().join("\n") + "\n"))
            }
            Self::Human => text(&padded(heads, rows)),
        }
    }

    /// One JSON document, or lines.
    pub fn lines<T: Serialize>(self, json: &T, lines: &[String]) -> Outcome<()> {
        match self {
            Self::Json => self.json(json),
            _ => text(&(lines.join("\n") + "\n")),
        }
    }

    /// One JSON document, indented.
    pub fn json<T: Serialize>(self, value: &T) -> Outcome<()> {
        let json =
            serde_json::to_string_pretty(value).map_err(|e| Failure::new(FAILED, e.to_string()))?;
        text(&(json + "\n"))
    }
}

fn line(cells: &[String]) -> String {
    let flat: Vec<String> = cells
        .iter()
        .map(|c| c.replace(['\t', '\n', '\r'], " "))
        .collect();
    flat.join("\t")
}

fn padded(heads: &[&str], rows: &[Vec<String>]) -> String {
    let width = |i: usize| {
        let cells = rows
            .iter()
            .filter_map(|r| r.get(i))
            .map(|c| c.chars().count());
        cells
            .chain([heads[i].chars().count()])
            .max()
            .unwrap_or(0)
            .min(60)
    };
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    let right: Vec<bool> = (0..heads.len())
        .map(|i| rows.iter().filter_map(|r| r.get(i)).any(|c| is_figure(c)))
        .collect();
    let mut out = String::new();
    let all = std::iter::once(heads.iter().map(|h| (*h).to_owned()).collect())
        .chain(rows.iter().cloned());
    for row in all {
        let row: Vec<String> = row;
        let cells = row.iter().enumerate().map(|(i, cell)| {
            let cell = safe(cell);
            let gap = " ".repeat(widths[i].saturating_sub(cell.chars().count()));
            if right[i] {
                format!("{gap}{cell}")
            } else {
                format!("{cell}{gap}")
            }
        });
        let joined: Vec<String> = cells.collect();
        out.push_str(joined.join("  ").trim_end());
        out.push('\n');
    }
    out
}

/// A cell for a terminal: no control characters, not endless.
fn safe(cell: &str) -> String {
    let clean = |c: char| if c.is_control() { ' ' } else { c };
    if cell.chars().count() <= 60 {
        return cell.chars().map(clean).collect();
    }
    cell.chars()
        .take(59)
        .map(clean)
        .chain(['\u{2026}'])
        .collect()
}

/// Text to stdout. A reader that has gone away (`| head`) is no failure.
pub fn text(text: &str) -> Outcome<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(|e| Failure::new(FAILED, format!("stdout: {e}"))),
    }
}

/// A count with separators.
pub fn grouped(n: i64) -> String {
    let sign = if n < 0 { "-" } else { "" };
    format!(
        "{sign}{}",
        symbolon_domain::money::grouped(n.unsigned_abs())
    )
}

/// Milliseconds since 1970 as RFC 3339 UTC.
pub fn time(ms: i64) -> String {
    jiff::Timestamp::from_millisecond(ms)
        .map(|t| t.to_string())
        .unwrap_or_default()
}
