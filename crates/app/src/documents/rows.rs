//! The row that adds up, and the document as rows of a sheet.

use super::{Document, Worth};
use std::{collections::BTreeMap, io::Write};
use symbolon_domain::{kind::FieldDef, money::Amount, record::Record};
use symbolon_exchange::export::{Field, Notes, Sheet};

/// What a column adds up to: blanks are left out, and where all are blank there is nothing.
fn sum(values: &[&Worth]) -> Worth {
    let money = values.iter().filter_map(|w| match w {
        Worth::Money(a) => Some(a.0),
        _ => None,
    });
    let counts = values.iter().filter_map(|w| match w {
        Worth::Count(n) => Some(*n),
        _ => None,
    });
    let (money, counts): (Vec<i64>, Vec<i64>) = (money.collect(), counts.collect());
    let added = |all: &[i64]| all.iter().try_fold(0_i64, |a, b| a.checked_add(*b));
    match (money.as_slice(), counts.as_slice()) {
        ([], []) => Worth::Blank,
        ([], all) => added(all).map_or(Worth::Blank, Worth::Count),
        (all, _) => added(all).map_or(Worth::Blank, |n| Worth::Money(Amount(n))),
    }
}

/// The row that adds up, where columns are to be added and the records are of one currency. What was
/// cancelled is not counted.
pub(super) fn sums(
    fields: &[&FieldDef],
    wanted: &[String],
    records: &[Record],
    rows: &[Vec<Worth>],
) -> Option<Vec<Worth>> {
    let mut currencies = records.iter().map(|r| &r.body["currency"]);
    let first = currencies.next()?;
    let mixed = currencies.any(|c| c != first);
    if wanted.is_empty() || mixed || !fields.iter().any(|f| wanted.contains(&f.name)) {
        return None;
    }
    let counted: Vec<&Vec<Worth>> = records
        .iter()
        .zip(rows)
        .filter(|(r, _)| r.envelope.state != "cancelled")
        .map(|(_, row)| row)
        .collect();
    let cell = |(i, field): (usize, &&FieldDef)| {
        if wanted.contains(&field.name) {
            let column: Vec<&Worth> = counted.iter().map(|row| &row[i]).collect();
            sum(&column)
        } else if i == 0 {
            Worth::Words("Total".to_owned())
        } else {
            Worth::Blank
        }
    };
    let mut out: Vec<Worth> = fields.iter().enumerate().map(cell).collect();
    out.push(Worth::Words("Without what was cancelled".to_owned()));
    Some(out)
}

/// Rows added up by their first column, in its order; what was cancelled is not counted. Where currencies
/// differ, amounts are not added.
pub(super) fn grouped(
    fields: &[&FieldDef],
    wanted: &[String],
    records: &[Record],
    rows: Vec<Vec<Worth>>,
) -> Vec<Vec<Worth>> {
    let mut groups: BTreeMap<String, Vec<(&Record, Vec<Worth>)>> = BTreeMap::new();
    for (record, row) in records.iter().zip(rows) {
        if record.envelope.state != "cancelled" {
            let name = row.first().map(Worth::shown).unwrap_or_default();
            groups.entry(name).or_default().push((record, row));
        }
    }
    let added = |(name, of): (String, Vec<(&Record, Vec<Worth>)>)| {
        let mut currencies = of.iter().map(|(r, _)| &r.body["currency"]);
        let first = currencies.next();
        let mixed = currencies.any(|c| Some(c) != first);
        let cell = |(i, field): (usize, &&FieldDef)| {
            let column: Vec<&Worth> = of.iter().map(|(_, row)| &row[i]).collect();
            match (i, column.as_slice()) {
                (0, _) => Worth::Words(name.clone()),
                (_, all) if wanted.contains(&field.name) => match sum(all) {
                    Worth::Money(_) if mixed => Worth::Blank,
                    added => added,
                },
                (_, [first, rest @ ..]) if rest.iter().all(|w| w == first) => (*first).clone(),
                _ => Worth::Blank,
            }
        };
        fields.iter().enumerate().map(cell).collect()
    };
    groups.into_iter().map(added).collect()
}

fn cell(worth: &Worth) -> Field<'_> {
    match worth {
        Worth::Blank => Field::Empty,
        Worth::Count(n) => Field::Int(*n),
        Worth::Money(a) => Field::Decimal(a.to_string()),
        Worth::Words(w) => Field::Text(w),
    }
}

impl Document {
    /// Columns of the sheet: part, then as many as the widest part has.
    #[must_use]
    pub fn sheet_heads(&self) -> Vec<String> {
        let widest = self.parts.iter().map(|p| p.heads.len()).max().unwrap_or(0);
        let numbered = (1..=widest).map(|i| format!("column_{i}"));
        ["part".to_owned(), "row".to_owned()]
            .into_iter()
            .chain(numbered)
            .collect()
    }

    /// What stands around it in a workbook.
    #[must_use]
    pub fn notes(&self, address: &str) -> Notes {
        Notes {
            title: self.heading(),
            made_at: self.made.to_string(),
            address: address.to_owned(),
            rows: self.parts.iter().map(|p| p.rows.len() as u64 + 1).sum(),
            lines: vec![
                format!("Marking: {}", self.marking),
                format!("Record: {}", self.foot()),
            ],
        }
    }

    /// Writes it to a sheet: for each part a row of heads, then its rows.
    ///
    /// # Errors
    /// What the writer says.
    pub fn write<W: Write + Send>(&self, mut sheet: Sheet<W>) -> std::io::Result<()> {
        let width = self.sheet_heads().len();
        let mut put = |part: &str, row: Field<'_>, cells: Vec<Field<'_>>| {
            let mut all = vec![Field::Owned(part.to_owned()), row];
            all.extend(cells);
            all.resize(width, Field::Empty);
            sheet.row(&all)
        };
        for part in &self.parts {
            let heads = part.heads.iter().map(|(h, _)| Field::Text(h.as_str()));
            put(&part.title, Field::Empty, heads.collect())?;
            for (i, row) in (1_i64..).zip(&part.rows) {
                put(&part.title, Field::Int(i), row.iter().map(cell).collect())?;
            }
        }
        sheet.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_is_no_zero_in_a_sum() {
        assert_eq!(sum(&[&Worth::Blank, &Worth::Blank]), Worth::Blank);
        assert_eq!(sum(&[&Worth::Blank, &Worth::Count(3)]), Worth::Count(3));
        let money = [Worth::Money(Amount(150)), Worth::Money(Amount(50))];
        assert_eq!(sum(&[&money[0], &money[1]]), Worth::Money(Amount(200)));
        assert_eq!(
            sum(&[&Worth::Count(i64::MAX), &Worth::Count(1)]),
            Worth::Blank
        );
    }
}
