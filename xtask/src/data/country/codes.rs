//! `codes.csv`: dated maps, one for each code system; a code never stands for two countries on a day.

use super::{CODES, Folders, SPECIAL, table};
use crate::data::table::Table;
use std::collections::{BTreeMap, BTreeSet};

const HEADS: [&str; 6] = ["system", "code", "iso3", "valid_from", "valid_to", "source"];
const PUBLIC: &str = "datasets/country-codes";

/// Writes the maps.
pub fn build(folders: &Folders, public: &Table) -> Result<(), String> {
    let by_hand = table::parse("codes.csv", CODES.as_bytes())?;
    let columns = by_hand.columns(HEADS)?;
    let mut rows: Vec<[String; 6]> = by_hand
        .rows
        .iter()
        .map(|row| columns.map(|c| row[c].clone()))
        .collect();
    let decided: BTreeSet<_> = rows.iter().map(|r| (r[0].clone(), r[1].clone())).collect();
    let mut found = iso(public)?;
    found.extend(former()?);
    found.extend(fips(public)?);
    found.extend(gleditsch_ward(folders)?);
    found.extend(world_bank(folders)?);
    found.retain(|r| !decided.contains(&(r[0].clone(), r[1].clone())));
    rows.extend(found);
    rows.sort();
    rows.dedup();
    refuse_double(&rows)?;
    table::write(&folders.out("countries/codes.csv"), HEADS, &rows)
}

fn row(system: &str, code: &str, iso3: &str, source: &str) -> [String; 6] {
    [system, code, iso3, "", "", source].map(str::to_owned)
}

fn iso(public: &Table) -> Result<Vec<[String; 6]>, String> {
    let [iso3, iso2, m49, numeric] = public.columns([
        "ISO3166-1-Alpha-3",
        "ISO3166-1-Alpha-2",
        "M49",
        "ISO3166-1-numeric",
    ])?;
    let mut out = Vec::new();
    for r in public.rows.iter().filter(|r| r[iso3] != "ATA") {
        out.push(row("iso2", &r[iso2], &r[iso3], PUBLIC));
        out.push(row("m49", &format!("{:0>3}", r[m49]), &r[iso3], PUBLIC));
        out.push(row(
            "iso-numeric",
            &format!("{:0>3}", r[numeric]),
            &r[iso3],
            PUBLIC,
        ));
    }
    Ok(out)
}

/// Codes of former and special countries, with their days.
fn former() -> Result<Vec<[String; 6]>, String> {
    let special = table::parse("special.csv", SPECIAL.as_bytes())?;
    let [iso3, iso2, m49, from, to] =
        special.columns(["iso3", "iso2", "m49", "valid_from", "valid_to"])?;
    let mut out = Vec::new();
    for r in &special.rows {
        for (system, code) in [
            ("iso2", &r[iso2]),
            ("m49", &r[m49]),
            ("iso-numeric", &r[m49]),
        ] {
            if !code.is_empty() {
                let source = "ISO 3166-3 and United Nations M49, former codes";
                let cells = [system, code, &r[iso3], &r[from], &r[to], source];
                out.push(cells.map(str::to_owned));
            }
        }
    }
    Ok(out)
}

fn fips(public: &Table) -> Result<Vec<[String; 6]>, String> {
    let [iso3, fips] = public.columns(["ISO3166-1-Alpha-3", "FIPS"])?;
    // The public table gives the Caribbean Netherlands the code of the Netherlands: left out.
    let right = |r: &&Vec<String>| {
        r[fips].len() == 2
            && r[fips].bytes().all(|b| b.is_ascii_uppercase())
            && !["ATA", "BES"].contains(&r[iso3].as_str())
    };
    Ok(public
        .rows
        .iter()
        .filter(right)
        .map(|r| row("fips10-4", &r[fips], &r[iso3], PUBLIC))
        .collect())
}

fn gleditsch_ward(folders: &Folders) -> Result<Vec<[String; 6]>, String> {
    let raw = table::read(&folders.raw("context/gwcode_to_iso3.csv"))?;
    let [code, iso3] = raw.columns(["gwcode", "iso3"])?;
    // 817 is the Republic of Vietnam (South); the raw file gives it a code of the North: left out.
    let right = raw.rows.iter().filter(|r| r[code] != "817");
    Ok(right
        .map(|r| {
            row(
                "gleditsch-ward",
                &r[code],
                &r[iso3],
                "Gleditsch and Ward numbers",
            )
        })
        .collect())
}

fn world_bank(folders: &Folders) -> Result<Vec<[String; 6]>, String> {
    let raw = table::read(&folders.raw("context/wgi_1996_2023_long.csv.zst"))?;
    let code = raw.column("code")?;
    let codes: BTreeSet<&str> = raw.rows.iter().map(|r| r[code].as_str()).collect();
    let source = "Worldwide Governance Indicators country codes";
    Ok(codes
        .into_iter()
        .map(|c| row("world-bank", c, c, source))
        .collect())
}

fn refuse_double(rows: &[[String; 6]]) -> Result<(), String> {
    let mut seen: BTreeMap<(&str, &str), &[String; 6]> = BTreeMap::new();
    for row in rows {
        if let Some(before) = seen.insert((&row[0], &row[1]), row) {
            let apart = !before[4].is_empty() && before[4] <= row[3]
                || !row[4].is_empty() && row[4] <= before[3];
            if !apart {
                return Err(format!(
                    "codes.csv: {} {} stands for two countries",
                    row[0], row[1]
                ));
            }
        }
    }
    Ok(())
}
