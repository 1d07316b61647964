//! Bodies and memberships: kept by hand, checked against the raw list of NATO accessions.

use super::{Folders, table};

/// Checks that every NATO accession of the raw list stands in the hand-kept table with its day.
pub fn build(folders: &Folders) -> Result<(), String> {
    let ours = table::read(&folders.out("bodies/memberships.csv"))?;
    let [body, iso3, from] = ours.columns(["body", "iso3", "from"])?;
    let raw = table::read(&folders.raw("context/org_membership.csv"))?;
    let [organisation, member, since] = raw.columns(["organisation", "iso3", "member_from"])?;
    for row in raw.rows.iter().filter(|r| r[organisation] == "NATO") {
        let same =
            |r: &&Vec<String>| r[body] == "NATO" && r[iso3] == row[member] && r[from] == row[since];
        if !ours.rows.iter().any(|r| same(&r)) {
            return Err(format!(
                "memberships.csv: no NATO row for {} from {}",
                row[member], row[since]
            ));
        }
    }
    Ok(())
}
