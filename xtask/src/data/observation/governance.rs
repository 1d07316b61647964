//! Worldwide Governance Indicators: estimate, its standard error and percentile rank.

use super::{Folders, rounded, table, write};
use crate::data::country::CodeMap;

/// Writes `governance/wgi.csv.zst`; estimates and errors to four places, ranks to two.
pub fn build(folders: &Folders) -> Result<(), String> {
    let raw = table::read(&folders.raw("context/wgi_1996_2023_long.csv.zst"))?;
    let [code, name, year, indicator, estimate, error, rank] = raw.columns([
        "code",
        "countryname",
        "year",
        "indicator",
        "estimate",
        "stddev",
        "pctrank",
    ])?;
    let map = CodeMap::read(folders, "world-bank")?;
    let figures = [
        ("estimate", estimate, 4, "index"),
        ("error", error, 4, "index"),
        ("rank", rank, 2, "percentile"),
    ];
    let mut rows = Vec::new();
    for r in &raw.rows {
        let iso3 = map
            .find(&r[code], &r[year])
            .ok_or(format!("code {} is unknown", r[code]))?;
        for (figure, column, places, unit) in figures {
            if r[column].is_empty() {
                continue;
            }
            rows.push([
                iso3.to_owned(),
                r[name].clone(),
                r[year].clone(),
                r[year].clone(),
                format!("wgi.{}.{figure}", r[indicator]),
                rounded(&r[column], places)?,
                unit.to_owned(),
                String::new(),
            ]);
        }
    }
    write(folders, "governance/wgi.csv.zst", rows)
}
