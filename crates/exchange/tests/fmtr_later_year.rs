//! A report of a year nobody has seen is read like the others. The file is invented.

#![expect(clippy::unwrap_used, reason = "a test may stop where its data fail it")]

use std::collections::BTreeMap;
use symbolon_domain::{
    country::Iso3,
    record::Confidence,
    training::{Column, Finding, FindingCode, ReadRow},
};
use symbolon_exchange::import::fmtr::{self, Accounts, Countries, Section, Summary};

struct Few;

const NAMES: [(&str, &str); 3] = [("Angola", "AGO"), ("Benin", "BEN"), ("Botswana", "BWA")];

impl Countries for Few {
    fn find(&self, printed: &str, _: Option<jiff::civil::Date>) -> Option<Iso3> {
        NAMES
            .iter()
            .find(|n| n.0 == printed)
            .map(|n| n.1.parse().unwrap())
    }
    fn name(&self, iso3: Iso3) -> Option<&str> {
        NAMES.iter().find(|n| n.1 == iso3.as_str()).map(|n| n.0)
    }
}

fn read() -> (Section, Summary) {
    let accounts = Accounts::shipped().unwrap();
    let mut sections = Vec::new();
    let text = include_bytes!("fmtr/later_year.tsv").as_slice();
    let summary = fmtr::read(text, "later_year.tsv", &Few, &accounts, &mut |s| {
        sections.push(s);
        Ok(())
    })
    .unwrap();
    assert_eq!(sections.len(), 1);
    (sections.remove(0), summary)
}

fn of(section: &Section, code: FindingCode) -> Vec<&Finding> {
    section.findings.iter().filter(|f| f.code == code).collect()
}

fn partner(row: &ReadRow) -> &str {
    match &row.reading.partner {
        Some(iso) => iso.as_str(),
        None => "",
    }
}

#[test]
fn a_lost_heading_is_found_and_the_partner_corrected() {
    let (section, _) = read();
    let partners: BTreeMap<&str, usize> = section.rows.iter().fold(BTreeMap::new(), |mut n, r| {
        *n.entry(partner(r)).or_default() += 1;
        n
    });
    assert_eq!(
        partners,
        BTreeMap::from([("AGO", 5), ("BEN", 4), ("BWA", 9), ("", 4)])
    );
    let found = of(&section, FindingCode::CountryMislabelled);
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|f| f.confidence == Confidence::High
        && &*f.printed == "Angola"
        && f.read.starts_with("Benin: ")));
    let overlays = section
        .overlays
        .iter()
        .filter(|o| o.column == Column::Country)
        .count();
    assert_eq!(overlays, 4);
    assert_eq!(section.rows[5].printed.cell(Column::Country), "Angola");
}

#[test]
fn shifted_columns_are_repaired_and_the_block_meets_its_total() {
    let (section, summary) = read();
    let block = section
        .blocks
        .iter()
        .find(|b| b.country == "Botswana")
        .unwrap();
    assert_eq!(block.quantity_agrees, Some((false, true)));
    assert_eq!(block.cost_agrees, Some((false, true)));
    assert_eq!(of(&section, FindingCode::ColumnShift).len(), 5);
    assert!(
        of(&section, FindingCode::ColumnShift)
            .iter()
            .all(|f| f.confidence == Confidence::High)
    );
    let deduced = of(&section, FindingCode::CostDeduced);
    assert_eq!(deduced.len(), 1);
    assert_eq!(deduced[0].confidence, Confidence::High);
    let r = summary.reports["2024_2025"];
    assert_eq!(
        (r.with_total, r.cost_before, r.cost_moved, r.cost_after),
        (8, 7, 7, 8)
    );
    let unit = section
        .overlays
        .iter()
        .find(|o| o.column == Column::StudentUnit && &*o.read == "Example")
        .unwrap();
    assert!(unit.reason.contains("known from other rows"));
}

#[test]
fn what_cannot_be_read_is_said_and_imported_all_the_same() {
    let (section, summary) = read();
    let counts: BTreeMap<&str, u64> = summary
        .findings
        .iter()
        .map(|(c, n)| (c.code(), *n))
        .collect();
    let expected = [
        ("column-shift", 5),
        ("cost-deduced", 1),
        ("country-mislabelled", 2),
        ("country-unknown", 2),
        ("date-impossible", 2),
        ("program-unreadable", 2),
        ("text-damaged", 1),
        ("total-quantity-differs", 1),
        ("unit-placeholder", 1),
        ("us-unit-trailing", 1),
    ];
    assert_eq!(counts, BTreeMap::from(expected));
    assert_eq!(summary.rows, 22);
    let moon = section
        .rows
        .iter()
        .find(|r| r.printed.cell(Column::CourseTitle) == "Invented Landing")
        .unwrap();
    assert_eq!(
        (
            moon.reading.account.as_deref(),
            moon.reading.start,
            moon.reading.quantity
        ),
        (None, None, Some(4))
    );
    let patrol = section
        .rows
        .iter()
        .find(|r| r.printed.cell(Column::CourseTitle) == "Invented Patrol")
        .unwrap();
    assert_eq!(
        (patrol.reading.account.as_deref(), patrol.reading.partner),
        (Some("USCG"), None)
    );
}
