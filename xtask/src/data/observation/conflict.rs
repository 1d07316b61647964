//! Deaths in organised violence by country and year (UCDP).

use super::{Folders, table, write};
use crate::data::country::CodeMap;

const FIGURES: [(&str, &str); 6] = [
    ("ucdp.deaths.state-based.best", "sb_total_deaths_best_cy"),
    ("ucdp.deaths.non-state.best", "ns_total_deaths_best_cy"),
    ("ucdp.deaths.one-sided.best", "os_total_deaths_best_cy"),
    (
        "ucdp.deaths.total.best",
        "cumulative_total_deaths_in_orgvio_best_cy",
    ),
    (
        "ucdp.deaths.total.high",
        "cumulative_total_deaths_in_orgvio_high_cy",
    ),
    (
        "ucdp.deaths.total.low",
        "cumulative_total_deaths_in_orgvio_low_cy",
    ),
];

/// Writes `conflict/ucdp.csv.zst`. A country is named by its code as of the middle of the year.
pub fn build(folders: &Folders) -> Result<(), String> {
    let raw = table::read(&folders.raw("context/ucdp_organizedviolencecy_v25_1.csv.zst"))?;
    let [code, name, year] = raw.columns(["country_id_cy", "country_cy", "year_cy"])?;
    let map = CodeMap::read(folders, "gleditsch-ward")?;
    let mut rows = Vec::new();
    for (measure, head) in FIGURES {
        let value = raw.column(head)?;
        for r in raw.rows.iter().filter(|r| !r[value].is_empty()) {
            let day = format!("{}-07-01", r[year]);
            let iso3 = map
                .find(&r[code], &day)
                .ok_or(format!("code {} is unknown", r[code]))?;
            rows.push([
                iso3.to_owned(),
                r[name].clone(),
                r[year].clone(),
                r[year].clone(),
                measure.to_owned(),
                r[value].clone(),
                "deaths".to_owned(),
                String::new(),
            ]);
        }
    }
    write(folders, "conflict/ucdp.csv.zst", rows)
}
