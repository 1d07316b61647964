//! Notifications to Congress under section 36(b) of the Arms Export Control Act (22 U.S.C. 2776(b)).
//!
//! Blank means not seen, never zero. Amounts are whole dollars; what was printed stands beside them.

use super::ImportError;
use super::observation::checked::{self, Place};
use super::observation::country;
use jiff::civil::Date;
use std::io::Read;
use symbolon_domain::country::Iso3;

/// The columns, in order.
pub const COLUMNS: [&str; 16] = [
    "transmittal",
    "legal_basis",
    "purchaser_as_printed",
    "iso3",
    "implementing_agency",
    "total_usd",
    "mde_usd",
    "other_usd",
    "amount_as_printed",
    "source_kind",
    "source_ref",
    "source_date",
    "related_transmittal",
    "related_date",
    "summary",
    "contractor",
];

/// One notification, as far as it was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notification<'a> {
    /// Physical line in the file, from 1.
    pub line: u64,
    /// Number of the transmittal, `13-06`, `24-0J`.
    pub transmittal: &'a str,
    /// Paragraph of law, `36(b)(1)`.
    pub legal_basis: &'a str,
    /// Purchaser as printed.
    pub purchaser_as_printed: &'a str,
    /// Purchaser's code.
    pub iso3: Option<Iso3>,
    /// Agency that would carry out the sale.
    pub implementing_agency: &'a str,
    /// Total in dollars.
    pub total_usd: Option<i64>,
    /// Major defense equipment in dollars.
    pub mde_usd: Option<i64>,
    /// The rest in dollars.
    pub other_usd: Option<i64>,
    /// Amount as printed.
    pub amount_as_printed: &'a str,
    /// `federal_register`, `congressional_record`, `secondary_list`.
    pub source_kind: &'a str,
    /// Where in the source.
    pub source_ref: &'a str,
    /// Day of the source.
    pub source_date: Date,
    /// Earlier transmittal that this one changes.
    pub related_transmittal: &'a str,
    /// Its day.
    pub related_date: Option<Date>,
    /// What was offered, in our words.
    pub summary: &'a str,
    /// Principal contractor.
    pub contractor: &'a str,
}

/// Reads a file, packed or not, and hands over one notification after the other.
///
/// # Errors
/// At the first place that is not of the form, or when the receiver refuses.
pub fn read(
    input: impl Read,
    file: &str,
    sink: &mut dyn FnMut(Notification<'_>) -> Result<(), ImportError>,
) -> Result<u64, ImportError> {
    checked::table(input, file, COLUMNS, |place, cells| {
        sink(notification(place, cells)?)
    })
}

fn notification<'a>(place: Place<'_>, c: [&'a str; 16]) -> Result<Notification<'a>, ImportError> {
    if !c[1].starts_with("36(b)") {
        let problem = format!("`{}` is no paragraph of section 36(b)", c[1]);
        return Err(place
            .at(2)
            .refuse(problem, "write 36(b)(1), 36(b)(5)(C) and so on"));
    }
    let source_date = day(place.at(12), c[11])?.ok_or_else(|| {
        place
            .at(12)
            .refuse("no day of the source", "give the day as 2013-05-06")
    })?;
    Ok(Notification {
        line: place.line,
        transmittal: c[0],
        legal_basis: c[1],
        purchaser_as_printed: c[2],
        iso3: country(place.at(4), c[3])?,
        implementing_agency: c[4],
        total_usd: dollars(place.at(6), c[5])?,
        mde_usd: dollars(place.at(7), c[6])?,
        other_usd: dollars(place.at(8), c[7])?,
        amount_as_printed: c[8],
        source_kind: c[9],
        source_ref: c[10],
        source_date,
        related_transmittal: c[12],
        related_date: day(place.at(14), c[13])?,
        summary: c[14],
        contractor: c[15],
    })
}

fn dollars(place: Place<'_>, cell: &str) -> Result<Option<i64>, ImportError> {
    if cell.is_empty() {
        return Ok(None);
    }
    let whole = cell
        .bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| cell.parse().ok())
        .flatten();
    whole.map(Some).ok_or_else(|| {
        let problem = format!("`{cell}` is no amount in whole dollars");
        place.refuse(
            problem,
            "write digits only, or leave the cell blank where nothing was seen",
        )
    })
}

fn day(place: Place<'_>, cell: &str) -> Result<Option<Date>, ImportError> {
    if cell.is_empty() {
        return Ok(None);
    }
    cell.parse()
        .map(Some)
        .map_err(|_| place.refuse(format!("`{cell}` is no day"), "write 2013-05-06"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(row: &str) -> Vec<u8> {
        format!("{}\n{row}\n", COLUMNS.join(",")).into_bytes()
    }

    fn refused_column(row: &str) -> u64 {
        match read(file(row).as_slice(), "36b.csv", &mut |_| Ok(())) {
            Err(ImportError::Form {
                line: 2, column, ..
            }) => column,
            other => panic!("not refused: {other:?}"),
        }
    }

    #[test]
    fn amounts_not_seen_stay_unknown() {
        let row = "17-19,36(b)(1),NSPA,XNT,,,0,300000000,$300 m,federal_register,82 FR 24310,2017-05-26,,,,";
        let mut seen = None;
        let rows = read(file(row).as_slice(), "36b.csv", &mut |n| {
            seen = Some((n.total_usd, n.mde_usd, n.other_usd));
            Ok(())
        });
        assert_eq!(rows.unwrap(), 1);
        assert_eq!(seen, Some((None, Some(0), Some(300_000_000))));
    }

    #[test]
    fn a_row_that_does_not_fit_is_refused_at_its_cell() {
        assert_eq!(refused_column("1,36(c),X,,,,,,,k,r,2017-05-26,,,,"), 2);
        assert_eq!(refused_column("1,36(b)(1),X,xx,,,,,,k,r,2017-05-26,,,,"), 4);
        assert_eq!(refused_column("1,36(b)(1),X,,,$5,,,,k,r,2017-05-26,,,,"), 6);
        assert_eq!(refused_column("1,36(b)(1),X,,,,,,,k,r,26 May,,,,"), 12);
        assert_eq!(refused_column("1,36(b)(1),X,,,,,,,k,r,,,,,"), 12);
    }
}
