//! Section 36(b) notifications: facts carried over, names of columns and summaries our own.

use super::{Folders, table};

const HEADS: [&str; 16] = [
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

const RAW: [&str; 16] = [
    "transmittal_no",
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
    "principal_contractor",
];

/// Short descriptions by raw text: what was offered, without remarks on how the source looked.
const SUMMARIES: [(&str, &str); 17] = [
    (
        "airlift contractor logistics follow-on",
        "Follow-on contractor logistics for airlift",
    ),
    (
        "training of a 6,000",
        "Training of a general purpose force of 6,000 to 8,000, up to eight years",
    ),
    ("second value line is labelled", "Sustainment"),
    (
        "close-in weapon system",
        "Close-in weapon system support and upgrade on two frigates",
    ),
    (
        "equipment and services, no MDE",
        "Equipment and services without major defense equipment",
    ),
    ("MQ-9B", "MQ-9B remotely piloted aircraft"),
    ("three-digit transmittal", ""),
    (
        "enhancement report",
        "Enhancement of an earlier certification",
    ),
    ("cost increase over", "Cost above the value first certified"),
    ("(description not seen", ""),
    ("amount not seen", ""),
    (
        "F-16 software",
        "F-16 software profile and IFF mode 5 upgrade",
    ),
    ("Harpoon", "Harpoon Block II, RAM missiles, MK 54 torpedoes"),
    ("Standard Missile-3", "Standard Missile-3 Block IIA"),
    (
        "missile system support",
        "Support services for missile systems",
    ),
    ("Evolved SeaSparrow", "Evolved SeaSparrow missiles"),
    ("AEGIS", "Follow-on technical support for AEGIS destroyers"),
];

/// Writes the notifications.
pub fn build(folders: &Folders) -> Result<(), String> {
    let raw = table::read(&folders.raw("arms/section36b_notifications.csv"))?;
    let columns = raw.columns(RAW)?;
    let rows: Vec<[String; 16]> = raw
        .rows
        .iter()
        .map(|row| columns.map(|c| row[c].clone()))
        .map(ours)
        .collect();
    table::write(&folders.out("notifications/section36b.csv"), HEADS, &rows)
}

fn ours(mut row: [String; 16]) -> [String; 16] {
    let known = SUMMARIES.iter().find(|(raw, _)| row[14].starts_with(raw));
    if let Some((_, summary)) = known {
        row[14] = (*summary).to_owned();
    }
    if row[2].contains("North Atlantic Treaty") || row[2].contains("NATO") {
        row[3] = "XNT".to_owned();
    }
    row
}
