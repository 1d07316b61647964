//! `names.csv`: every spelling our sources print, and the usual ones, with the country it means.

use super::{CodeMap, Dated, Folders, NAMES, countries, table};
use crate::data::table::Table;
use std::collections::{BTreeMap, BTreeSet};
use symbolon_domain::country::fold_name;

const HEADS: [&str; 6] = [
    "name_as_printed",
    "iso3",
    "valid_from",
    "valid_to",
    "used_by",
    "note",
];

/// Spelling, country, first and last day.
type Key = (String, String, String, String);

#[derive(Default)]
struct Names(BTreeMap<Key, (BTreeSet<String>, String)>);

impl Names {
    fn add(&mut self, name: &str, iso3: &str, used_by: &str) {
        self.add_dated(name, [iso3, "", "", used_by, ""]);
    }

    fn add_dated(&mut self, name: &str, [iso3, from, to, used_by, note]: [&str; 5]) {
        if name.trim().is_empty() {
            return;
        }
        let key = [name, iso3, from, to].map(str::to_owned).into();
        let entry = self.0.entry(key).or_default();
        entry.0.insert(used_by.to_owned());
        if !note.is_empty() {
            note.clone_into(&mut entry.1);
        }
    }

    fn rows(self) -> Vec<[String; 6]> {
        let row = |((name, iso3, from, to), (used_by, note)): (Key, (BTreeSet<String>, String))| {
            let used_by: Vec<String> = used_by.into_iter().collect();
            [name, iso3, from, to, used_by.join(" "), note]
        };
        self.0.into_iter().map(row).collect()
    }
}

/// Writes the table.
pub fn build(folders: &Folders, public: &Table) -> Result<(), String> {
    let mut names = Names::default();
    by_hand(&mut names)?;
    report(&mut names, folders)?;
    public_names(&mut names, public)?;
    coded(
        &mut names,
        folders,
        "aid/us_foreign_aid_country.csv.zst",
        "foreign-aid",
    )?;
    coded(
        &mut names,
        folders,
        "context/wgi_1996_2023_long.csv.zst",
        "governance",
    )?;
    coded(
        &mut names,
        folders,
        "context/ucdp_organizedviolencecy_v25_1.csv.zst",
        "conflict",
    )?;
    listed(
        &mut names,
        folders,
        "aid/state_budget_by_country_account_fy2008_2017.csv",
        "name_as_printed",
        "state-budget",
    )?;
    listed(
        &mut names,
        folders,
        "arms/section36b_notifications.csv",
        "purchaser_as_printed",
        "section-36b",
    )?;
    let rows = names.rows();
    refuse_double(&rows)?;
    table::write(&folders.out("countries/names.csv"), HEADS, &rows)
}

fn by_hand(names: &mut Names) -> Result<(), String> {
    let hand = table::parse("names.csv", NAMES.as_bytes())?;
    let [name, iso3, from, to, used_by, note] = hand.columns(HEADS)?;
    for r in &hand.rows {
        names.add_dated(
            &r[name],
            [iso3, from, to, used_by, note].map(|c| r[c].as_str()),
        );
    }
    Ok(())
}

fn report(names: &mut Names, folders: &Folders) -> Result<(), String> {
    let raw = table::read(&folders.raw("fmtr/country_names_to_iso3.csv"))?;
    let [name, iso3] = raw.columns(["country_as_printed", "iso3"])?;
    for r in &raw.rows {
        let note = match r[name].as_str() {
            "Indochina" => "No country: two rows of the FY2008 report, East Asia and Pacific",
            "Sudan, Government of Southern" => "Before independence: the regional government",
            _ => "",
        };
        names.add_dated(&r[name], [&r[iso3], "", "", "training-report", note]);
    }
    Ok(())
}

fn public_names(names: &mut Names, public: &Table) -> Result<(), String> {
    let [iso3, common] = public.columns(["ISO3166-1-Alpha-3", "CLDR display name"])?;
    let official = public.columns([
        "official_name_en",
        "UNTERM English Short",
        "UNTERM English Formal",
    ])?;
    for r in public.rows.iter().filter(|r| r[iso3] != "ATA") {
        names.add(&r[common], &r[iso3], "public");
        names.add(
            &countries::shown(&r[iso3], &r[common]),
            &r[iso3],
            "symbolon",
        );
        for column in official {
            let name = r[column].trim_end_matches(" *").trim_end_matches(" (the)");
            names.add(
                name.strip_prefix("the ").unwrap_or(name),
                &r[iso3],
                "public",
            );
        }
    }
    let special = table::parse("special.csv", super::SPECIAL.as_bytes())?;
    let [iso3, name] = special.columns(["iso3", "name"])?;
    for r in &special.rows {
        names.add(&r[name], &r[iso3], "symbolon");
    }
    Ok(())
}

/// Names that stand beside a code, read through the code's map.
fn coded(names: &mut Names, folders: &Folders, path: &str, used_by: &str) -> Result<(), String> {
    let raw = table::read(&folders.raw(path))?;
    let (columns, system) = match used_by {
        "foreign-aid" => (["Country Name", "Country Code"], "foreignassistance"),
        "governance" => (["countryname", "code"], "world-bank"),
        _ => (["country_cy", "country_id_cy"], "gleditsch-ward"),
    };
    let [name, code] = raw.columns(columns)?;
    let map = CodeMap::read(folders, system)?;
    let pairs: BTreeSet<_> = raw
        .rows
        .iter()
        .map(|r| (r[name].as_str(), r[code].as_str()))
        .collect();
    for (name, code) in pairs {
        // Codes that change hands (345, 365) have their spellings in the hand-kept table.
        if ["345", "365"].contains(&code) {
            continue;
        }
        let iso3 = match used_by {
            "foreign-aid" => crate::data::observation::aid::country(&map, code, name).0,
            _ => map
                .find(code, "2000-07-01")
                .ok_or(format!("{path}: code {code} is unknown"))?
                .to_owned(),
        };
        if !iso3.is_empty() {
            names.add(name, &iso3, used_by);
        }
    }
    Ok(())
}

/// Names that stand beside an ISO code.
fn listed(
    names: &mut Names,
    folders: &Folders,
    path: &str,
    head: &str,
    used_by: &str,
) -> Result<(), String> {
    let raw = table::read(&folders.raw(path))?;
    let [name, iso3] = raw.columns([head, "iso3"])?;
    for r in raw.rows.iter().filter(|r| !r[iso3].is_empty()) {
        names.add(&r[name], &r[iso3], used_by);
    }
    Ok(())
}

/// Refuses two spellings that fold alike and mean different countries on the same day.
fn refuse_double(rows: &[[String; 6]]) -> Result<(), String> {
    let mut seen: BTreeMap<String, Vec<Dated>> = BTreeMap::new();
    for [name, iso3, from, to, ..] in rows {
        let known = seen.entry(fold_name(name)).or_default();
        for other in known.iter().filter(|d| d.iso3 != *iso3) {
            let apart =
                !other.to.is_empty() && other.to <= *from || !to.is_empty() && *to <= other.from;
            if !apart {
                return Err(format!(
                    "names.csv: `{name}` means {} and {iso3}",
                    other.iso3
                ));
            }
        }
        known.push(Dated {
            iso3: iso3.clone(),
            from: from.clone(),
            to: to.clone(),
        });
    }
    Ok(())
}
