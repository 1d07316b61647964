//! Every row of every file that ships is read here.

use super::*;
use crate::import::{ImportError, notification, observation};
use jiff::civil::date;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use symbolon_domain::country::Iso3;
use symbolon_domain::kinds::LicenceClass;

fn known() -> BTreeSet<Iso3> {
    countries().iter().map(|c| c.iso3).collect()
}

fn sealed_rows(folder: &str, file: &str) -> usize {
    let rows = dataset(folder, file).unwrap().sealed().unwrap().rows;
    usize::try_from(rows).unwrap()
}

#[test]
fn every_folder_has_a_description_that_can_be_read() {
    for (folder, description, files) in FOLDERS {
        let text = std::str::from_utf8(description).unwrap();
        let meta: DatasetMeta = toml::from_str(text).unwrap_or_else(|e| panic!("{folder}: {e}"));
        assert_eq!(meta.files.len(), files.len(), "{folder}");
        let open = [LicenceClass::Open, LicenceClass::Attribution];
        assert!(open.contains(&meta.licence_class), "{folder} may not ship");
        assert!(
            meta.limits.len() > 80 && !meta.credit.is_empty(),
            "{folder}"
        );
        assert!(
            meta.commit.is_empty() != meta.retrieved.is_empty(),
            "{folder}: which version?"
        );
    }
}

#[test]
fn hashes_sizes_and_row_counts_are_true() {
    for shipped in datasets() {
        let sealed = shipped.sealed().expect(shipped.file_name);
        assert_eq!(
            sealed.sha256,
            hex::encode(Sha256::digest(shipped.bytes)),
            "{}",
            sealed.file
        );
        assert_eq!(sealed.bytes, shipped.bytes.len() as u64, "{}", sealed.file);
        let delimiter = if shipped.file_name.contains(".tsv") {
            b'\t'
        } else {
            b','
        };
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .from_reader(shipped.reader().unwrap());
        let mut row = csv::ByteRecord::new();
        let mut rows = 0;
        while reader.read_byte_record(&mut row).unwrap() {
            rows += 1;
        }
        assert_eq!(sealed.rows, rows, "{}", sealed.file);
    }
}

#[test]
fn all_that_ships_stays_small() {
    let bytes: usize = datasets().iter().map(|d| d.bytes.len()).sum();
    assert!(bytes < 5_000_000, "{bytes}");
    let shapes = dataset("countries", "shapes.csv").unwrap();
    assert!(shapes.bytes.len() < 90_000);
}

#[test]
fn no_row_of_a_code_table_is_lost() {
    assert_eq!(countries().len(), sealed_rows("countries", "countries.csv"));
    assert_eq!(names().len(), sealed_rows("countries", "names.csv"));
    assert_eq!(codes().len(), sealed_rows("countries", "codes.csv"));
    assert_eq!(
        neighbours().len(),
        sealed_rows("countries", "neighbours.csv")
    );
    assert_eq!(shapes().len(), sealed_rows("countries", "shapes.csv"));
    assert_eq!(bodies().len(), sealed_rows("bodies", "bodies.csv"));
    assert_eq!(
        memberships().len(),
        sealed_rows("bodies", "memberships.csv")
    );
    assert_eq!(
        measures().len(),
        file!("measures.csv")
            .iter()
            .filter(|b| **b == b'\n')
            .count()
            - 1
    );
}

#[test]
fn countries_are_listed_once_with_a_region_and_ordered_days() {
    assert!(countries().is_sorted_by(|a, b| a.iso3 < b.iso3));
    let regions = [
        "Africa",
        "East Asia and Pacific",
        "Europe",
        "Near East",
        "South and Central Asia",
        "Western Hemisphere",
    ];
    for c in countries() {
        assert!(regions.contains(&c.region), "{}", c.iso3);
        assert!(!c.name.is_empty());
        if let (Some(from), Some(to)) = (c.days.from, c.days.to) {
            assert!(from < to, "{}", c.iso3);
        }
        assert_eq!(country(c.iso3), Some(c));
    }
}

#[test]
fn names_codes_shapes_and_neighbours_name_countries_that_exist() {
    let known = known();
    assert!(
        names()
            .iter()
            .filter_map(|n| n.iso3)
            .all(|c| known.contains(&c))
    );
    assert!(codes().iter().all(|c| known.contains(&c.iso3)));
    assert!(shapes().iter().all(|s| known.contains(&s.iso3)));
    let pairs: BTreeSet<_> = neighbours().iter().copied().collect();
    for (a, b) in &pairs {
        assert!(
            a != b && known.contains(a) && pairs.contains(&(*b, *a)),
            "{a} {b}"
        );
    }
}

#[test]
fn the_map_fits_its_frame() {
    let frame: Vec<f32> = view_box().split(' ').map(|n| n.parse().unwrap()).collect();
    for s in shapes() {
        assert!(
            (0.0..=frame[2]).contains(&s.x) && (0.0..=frame[3]).contains(&s.y),
            "{}",
            s.iso3
        );
        assert_eq!(s.name, country(s.iso3).unwrap().name);
        let allowed = |c: char| c.is_ascii_digit() || "Mlz.- ".contains(c);
        assert!(s.path.chars().all(allowed), "{}", s.iso3);
    }
}

#[test]
fn a_code_stands_for_one_country_on_a_day() {
    let wb = |code, on| find_code(CodeSystem::WorldBank, code, on).map(|c| c.to_string());
    assert_eq!(wb("ROM", date(2010, 1, 1)).as_deref(), Some("ROU"));
    assert_eq!(wb("ZAR", date(2010, 1, 1)).as_deref(), Some("COD"));
    assert_eq!(wb("KSV", date(2010, 1, 1)).as_deref(), Some("XKX"));
    let iso2 = |on| find_code(CodeSystem::Iso2, "CS", on).map(|c| c.to_string());
    assert_eq!(iso2(date(1992, 12, 31)).as_deref(), Some("CSK"));
    assert_eq!(iso2(date(2000, 1, 1)), None);
    assert_eq!(iso2(date(2004, 1, 1)).as_deref(), Some("SCG"));
    let fips = |code| find_code(CodeSystem::Fips, code, date(2005, 1, 1)).map(|c| c.to_string());
    assert_eq!(fips("NI").as_deref(), Some("NGA"));
    assert_eq!(fips("GZ"), fips("WE"));
}

#[test]
fn every_printed_name_of_the_training_report_is_known() {
    let shipped = dataset("training-report", "fmtr-fy1999-fy2019.tsv.zst").unwrap();
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b'\t')
        .from_reader(shipped.reader().unwrap());
    let mut printed = BTreeSet::new();
    let mut row = csv::StringRecord::new();
    while reader.read_record(&mut row).unwrap() {
        if !printed.contains(&row[2]) {
            printed.insert(row[2].to_owned());
        }
    }
    assert_eq!(printed.len(), 242);
    let points: BTreeSet<_> = shapes().iter().map(|s| s.iso3).collect();
    for name in &printed {
        match CountryNames::shipped().find(name, None) {
            Some(iso3) => assert!(points.contains(&iso3), "{name} has no place on the map"),
            None => assert!(
                CountryNames::shipped()
                    .entries(name)
                    .any(|n| !n.note.is_empty()),
                "{name} is neither a country nor explained"
            ),
        }
    }
}

fn in_body(body: &str, iso3: &str, on: jiff::civil::Date) -> bool {
    members_on(body, on).any(|m| m.iso3.as_str() == iso3 && m.standing == "member")
}

#[test]
fn membership_begins_on_its_day_and_ends_before_its_end() {
    assert!(!in_body("NATO", "FIN", date(2023, 4, 3)));
    assert!(in_body("NATO", "FIN", date(2023, 4, 4)));
    assert!(!in_body("NATO", "SWE", date(2024, 3, 6)));
    assert!(in_body("NATO", "SWE", date(2024, 3, 7)));
    for leaver in ["BFA", "MLI", "NER"] {
        assert!(in_body("ECOWAS", leaver, date(2025, 1, 28)));
        assert!(!in_body("ECOWAS", leaver, date(2025, 1, 29)));
    }
    assert!(in_body("EU", "GBR", date(2020, 1, 31)));
    assert!(!in_body("EU", "GBR", date(2020, 2, 1)));
    assert_eq!(members_on("NATO", date(2025, 1, 1)).count(), 32);
    assert_eq!(members_on("AU", date(2025, 1, 1)).count(), 55);
    assert_eq!(members_on("EU", date(2025, 1, 1)).count(), 27);
}

#[test]
fn the_five_beside_nato_were_named_one_after_the_other() {
    let on = |y, m, d| members_on("AECA-NATO-PLUS", date(y, m, d)).count();
    assert_eq!(on(1981, 12, 28), 0);
    assert_eq!(on(1981, 12, 29), 3);
    assert_eq!(on(2008, 10, 14), 3);
    assert_eq!(on(2008, 10, 15), 4);
    assert_eq!(on(2010, 10, 8), 5);
}

#[test]
fn memberships_name_bodies_countries_and_sources_and_do_not_overlap() {
    let bodies: BTreeSet<_> = bodies().iter().map(|b| b.code).collect();
    let known = known();
    let mut last: BTreeMap<(&str, Iso3), &Membership> = BTreeMap::new();
    for m in memberships() {
        assert!(bodies.contains(m.body) && known.contains(&m.iso3), "{m:?}");
        assert!(!m.source_title.is_empty() && m.days.from.is_some(), "{m:?}");
        assert!(m.days.to.is_none_or(|to| m.days.from < Some(to)), "{m:?}");
        if let Some(before) = last.insert((m.body, m.iso3), m) {
            assert!(
                before.days.to.is_some() && before.days.to <= m.days.from,
                "{m:?}"
            );
        }
    }
    assert!(
        super::bodies()
            .iter()
            .all(|b| memberships().iter().any(|m| m.body == b.code))
    );
    assert!(super::bodies().iter().all(|b| !b.completeness.is_empty()));
}

#[test]
fn every_figure_names_a_country_and_a_measure_that_exist() {
    let known = known();
    let mut used = BTreeSet::new();
    for shipped in datasets()
        .iter()
        .filter(|d| d.meta.content == Content::Observation)
    {
        let mut keys = BTreeSet::new();
        let rows = observation::read(shipped.bytes, shipped.file_name, &mut |o| {
            let measure = measure(o.measure).unwrap_or_else(|| panic!("{}", o.measure));
            assert_eq!((measure.dataset, measure.unit), (shipped.folder, o.unit));
            used.insert(measure.code);
            if let Some(iso3) = o.iso3 {
                assert!(known.contains(&iso3) && !o.is_aggregate(), "{o:?}");
                let key = (
                    iso3,
                    o.as_printed.to_owned(),
                    o.period.to_owned(),
                    measure.code,
                );
                assert!(keys.insert(key), "twice: {o:?}");
            }
            Ok::<(), ImportError>(())
        });
        assert_eq!(rows.unwrap(), shipped.sealed().unwrap().rows);
    }
    let unused: Vec<_> = measures()
        .iter()
        .filter(|m| !used.contains(m.code))
        .collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn notifications_name_purchasers_that_exist() {
    let known = known();
    let shipped = dataset("notifications", "section36b.csv").unwrap();
    let rows = notification::read(shipped.bytes, shipped.file_name, &mut |n| {
        assert!(n.iso3.is_some_and(|c| known.contains(&c)) || n.purchaser_as_printed.is_empty());
        if let (Some(total), Some(mde), Some(other)) = (n.total_usd, n.mde_usd, n.other_usd) {
            assert_eq!(total, mde + other, "{}", n.transmittal);
        }
        Ok(())
    });
    assert_eq!(rows.unwrap(), 31);
}
