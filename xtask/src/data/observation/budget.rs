//! Foreign assistance in the State Department's budget tables, by country and account.

use super::{Folders, table, write};

/// Writes `budget/state-budget.csv`.
pub fn build(folders: &Folders) -> Result<(), String> {
    let raw = table::read(&folders.raw("aid/state_budget_by_country_account_fy2008_2017.csv"))?;
    let [year, name, iso3, class, account, value] = raw.columns([
        "fiscal_year",
        "name_as_printed",
        "iso3",
        "row_class",
        "account",
        "usd_thousands",
    ])?;
    let mut rows = Vec::new();
    for r in &raw.rows {
        rows.push([
            r[iso3].clone(),
            printed(&r[name]),
            r[year].clone(),
            format!("FY{}", r[year]),
            measure(&r[account], &r[year]),
            r[value].clone(),
            "USD thousand".to_owned(),
            note(&r[class])?.to_owned(),
        ]);
    }
    write(folders, "budget/state-budget.csv", rows)
}

/// One apostrophe was lost in the raw file; spaces doubled by line breaks are made single.
fn printed(name: &str) -> String {
    let name = name.replace('\u{fffd}', "'");
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Actual figures to FY2015; FY2016 and FY2017 are the President's request.
fn measure(account: &str, year: &str) -> String {
    let account = account.replace('_', "-").replace('&', "");
    let stage = if year >= "2016" { ".requested" } else { "" };
    format!("budget.{account}{stage}")
}

fn note(class: &str) -> Result<&'static str, String> {
    Ok(match class {
        "country" => "",
        "region" | "total" => "aggregate",
        "other" => "not a country",
        other => return Err(format!("unknown class of row `{other}`")),
    })
}
