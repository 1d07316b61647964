//! `countries.csv`: one row for each country, territory or organisation that records may name.

use super::{DATES, Folders, SPECIAL, table};
use crate::data::table::Table;
use std::collections::BTreeMap;

const HEADS: [&str; 9] = [
    "iso3",
    "iso2",
    "m49",
    "name",
    "region",
    "partner_type",
    "valid_from",
    "valid_to",
    "note",
];

/// Writes the table, ordered by code.
pub fn build(folders: &Folders, public: &Table) -> Result<(), String> {
    let mut rows = BTreeMap::new();
    for row in listed(public)? {
        rows.insert(row[0].clone(), row);
    }
    for row in special()? {
        if rows.insert(row[0].clone(), row.clone()).is_some() {
            return Err(format!("special.csv: {} is already listed", row[0]));
        }
    }
    let dates = table::parse("dates.csv", DATES.as_bytes())?;
    let [iso3, from, to, note] = dates.columns(["iso3", "valid_from", "valid_to", "note"])?;
    for date in &dates.rows {
        let row = rows
            .get_mut(&date[iso3])
            .ok_or_else(|| format!("dates.csv: {}", date[iso3]))?;
        row[6].clone_from(&date[from]);
        row[7].clone_from(&date[to]);
        row[8].clone_from(&date[note]);
    }
    let rows: Vec<_> = rows.into_values().collect();
    table::write(&folders.out("countries/countries.csv"), HEADS, &rows)
}

fn special() -> Result<Vec<[String; 9]>, String> {
    let special = table::parse("special.csv", SPECIAL.as_bytes())?;
    let columns = special.columns(HEADS)?;
    Ok(special
        .rows
        .iter()
        .map(|row| columns.map(|c| row[c].clone()))
        .collect())
}

/// Countries and territories with an ISO code, Antarctica left out.
fn listed(public: &Table) -> Result<Vec<[String; 9]>, String> {
    let [iso3, iso2, m49, name, independent, sub, region] = public.columns([
        "ISO3166-1-Alpha-3",
        "ISO3166-1-Alpha-2",
        "M49",
        "CLDR display name",
        "is_independent",
        "Sub-region Name",
        "Region Name",
    ])?;
    let mut out = Vec::new();
    for row in public.rows.iter().filter(|r| r[iso3] != "ATA") {
        let code = row[iso3].as_str();
        out.push([
            code.to_owned(),
            row[iso2].clone(),
            format!("{:0>3}", row[m49]),
            shown(code, &row[name]),
            bureau(code, &row[region], &row[sub])?.to_owned(),
            kind(code, &row[independent]).to_owned(),
            String::new(),
            String::new(),
            String::new(),
        ]);
    }
    Ok(out)
}

/// The name we show: the common one, with the forms the Department of State uses where they differ.
pub fn shown(iso3: &str, common: &str) -> String {
    let ours = match iso3 {
        "BHS" => "Bahamas, The",
        "BIH" => "Bosnia and Herzegovina",
        "CCK" => "Cocos (Keeling) Islands",
        "COD" => "Congo, Democratic Republic of the",
        "COG" => "Congo, Republic of the",
        "CPV" => "Cabo Verde",
        "FSM" => "Micronesia, Federated States of",
        "GBR" => "United Kingdom",
        "GMB" => "Gambia, The",
        "MAC" => "Macau",
        "MMR" => "Burma",
        "PCN" => "Pitcairn Islands",
        "PSE" => "West Bank and Gaza",
        "UMI" => "United States Minor Outlying Islands",
        "USA" => "United States",
        "VCT" => "Saint Vincent and the Grenadines",
        "VIR" => "United States Virgin Islands",
        _ => "",
    };
    if !ours.is_empty() {
        return ours.to_owned();
    }
    common
        .replace(" & ", " and ")
        .replace("St. ", "Saint ")
        .replace('’', "'")
}

fn kind(iso3: &str, independent: &str) -> &'static str {
    match (iso3, independent) {
        (_, "Yes") | ("COK" | "NIU", _) => "state",
        _ => "territory",
    }
}

/// The region in which the Department of State's reports list a country (its regional bureaus).
fn bureau(iso3: &str, region: &str, sub: &str) -> Result<&'static str, String> {
    Ok(match (iso3, region, sub) {
        ("ARM" | "AZE" | "GEO" | "CYP" | "TUR" | "GRL", ..) | (_, "Europe", _) => "Europe",
        ("SDN", ..) | (_, _, "Sub-Saharan Africa") => "Africa",
        ("IRN", ..) | (_, _, "Northern Africa" | "Western Asia") => "Near East",
        (_, _, "Southern Asia" | "Central Asia") => "South and Central Asia",
        (_, "Americas", _) => "Western Hemisphere",
        ("TWN", ..) | (_, "Oceania", _) | (_, _, "Eastern Asia" | "South-eastern Asia") => {
            "East Asia and Pacific"
        }
        _ => return Err(format!("no region for {iso3} ({region}, {sub})")),
    })
}
