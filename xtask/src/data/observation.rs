//! Figures by country and year, all in one form, so that one reader serves every source.

pub mod aid;
pub mod budget;
pub mod conflict;
pub mod governance;

use super::{Folders, table};
use std::collections::BTreeSet;

const HEADS: [&str; 8] = [
    "iso3",
    "as_printed",
    "year",
    "period",
    "measure",
    "value",
    "unit",
    "note",
];

/// Writes observations in a fixed order, after checking that each measure is defined.
fn write(folders: &Folders, path: &str, mut rows: Vec<[String; 8]>) -> Result<(), String> {
    let measures = table::read(&folders.out("measures.csv"))?;
    let [name, unit] = measures.columns(["measure", "unit"])?;
    let defined: BTreeSet<_> = measures
        .rows
        .iter()
        .map(|r| (r[name].as_str(), r[unit].as_str()))
        .collect();
    for row in &rows {
        if !defined.contains(&(row[4].as_str(), row[6].as_str())) {
            return Err(format!(
                "measures.csv does not define {} in {}",
                row[4], row[6]
            ));
        }
    }
    rows.sort_by(|a, b| (&a[4], &a[0], &a[1], &a[3]).cmp(&(&b[4], &b[0], &b[1], &b[3])));
    table::write(&folders.out(path), HEADS, &rows)
}

/// Rounds a printed decimal half away from zero; exact, without floating point.
fn rounded(printed: &str, places: usize) -> Result<String, String> {
    let (sign, digits) = printed
        .strip_prefix('-')
        .map_or(("", printed), |d| ("-", d));
    if digits.contains(['e', 'E']) {
        // Far below the last place we keep: numbers such as 3.5e-05.
        let value: f64 = printed
            .parse()
            .map_err(|_| format!("`{printed}` is no number"))?;
        return rounded(&format!("{value:.20}"), places);
    }
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let next = part.as_bytes().get(places).is_some_and(|d| *d >= b'5');
    let kept: String = part
        .chars()
        .chain(std::iter::repeat('0'))
        .take(places)
        .collect();
    let scaled: u128 = format!("{whole}{kept}")
        .parse()
        .map_err(|_| format!("`{printed}` is no number"))?;
    let scaled = scaled + u128::from(next);
    let text = format!("{scaled:0>width$}", width = places + 1);
    let (whole, part) = text.split_at(text.len() - places);
    let part = part.trim_end_matches('0');
    let sign = if scaled == 0 { "" } else { sign };
    Ok(if part.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{part}")
    })
}

#[cfg(test)]
mod tests {
    use super::rounded;

    #[test]
    fn decimals_are_rounded_half_away_from_zero() {
        assert_eq!(rounded("-1.291704773902893", 4).unwrap(), "-1.2917");
        assert_eq!(rounded("0.99995", 4).unwrap(), "1");
        assert_eq!(rounded("4.301075458526611", 2).unwrap(), "4.3");
        assert_eq!(rounded("-0.00001", 4).unwrap(), "0");
        assert_eq!(rounded("5e-05", 4).unwrap(), "0.0001");
        assert!(rounded("..", 4).is_err());
    }
}
