//! United States foreign assistance by country, fiscal year and kind of transaction.

use super::{Folders, table, write};
use crate::data::country::CodeMap;

/// Writes `aid/us-foreign-aid.csv.zst`.
pub fn build(folders: &Folders) -> Result<(), String> {
    let raw = table::read(&folders.raw("aid/us_foreign_aid_country.csv.zst"))?;
    let [code, name, kind, year, current, constant] = raw.columns([
        "Country Code",
        "Country Name",
        "Transaction Type Name",
        "Fiscal Year",
        "current_amount",
        "constant_amount",
    ])?;
    let map = CodeMap::read(folders, "foreignassistance")?;
    let mut rows = Vec::new();
    for r in &raw.rows {
        let (iso3, note) = country(&map, &r[code], &r[name]);
        let kind = transaction(&r[kind])?;
        let year_digits = r[year].get(..4).unwrap_or_default().to_owned();
        let period = format!("FY{}", r[year].to_uppercase());
        for (prices, column, unit) in [
            ("current", current, "USD"),
            ("constant", constant, "USD of FY2021"),
        ] {
            rows.push([
                iso3.clone(),
                r[name].clone(),
                year_digits.clone(),
                period.clone(),
                format!("aid.{kind}.{prices}"),
                r[column].clone(),
                unit.to_owned(),
                note.to_owned(),
            ]);
        }
    }
    write(folders, "aid/us-foreign-aid.csv.zst", rows)
}

fn transaction(printed: &str) -> Result<&'static str, String> {
    Ok(match printed {
        "Obligations" => "obligations",
        "Disbursements" => "disbursements",
        "Appropriated and Planned" => "appropriated-planned",
        "President's Budget Requests" => "requests",
        "Initial Allocations" => "initial-allocations",
        other => return Err(format!("unknown transaction type `{other}`")),
    })
}

/// The country of a line, and what to say about it. Former Sudan keeps Sudan's code: its lines stand
/// beside Sudan's and add to them.
pub fn country(map: &CodeMap, code: &str, name: &str) -> (String, &'static str) {
    let iso3 = |code: &str| code.to_owned();
    match (code, name) {
        ("NULL", "Czechoslovakia (former)") => (iso3("CSK"), "former"),
        ("NULL", "Germany (former East)") => (iso3("DDR"), "former"),
        ("NULL", "Soviet Union (former)") => (iso3("SUN"), "former"),
        ("NULL", "Yemen (former P.D.R.)") => (iso3("YMD"), "former"),
        ("NULL", _) => (String::new(), "former, no code"),
        ("TIB", _) => (String::new(), "listed apart from China"),
        ("WLD", _) => (String::new(), "aggregate"),
        _ if name.ends_with(" Region") => (String::new(), "aggregate"),
        _ => match map.find(code, "2000-07-01") {
            Some(known) => (
                iso3(known),
                if name.contains("(former)") {
                    "former"
                } else {
                    ""
                },
            ),
            None => (
                iso3(code),
                if name.contains("(former)") {
                    "former"
                } else {
                    ""
                },
            ),
        },
    }
}
