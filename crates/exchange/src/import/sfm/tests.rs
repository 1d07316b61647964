//! Invented units in the form of these files.
#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;
use symbolon_domain::date::Precision;

const UNITS: &str = "\u{feff}Organization:Name\tSource: Name\tConfidence: Name\tOrganization:other_names\tOrganization:classification\tOrganization division_id\tOrganizationOrganization:parent_id\tConfidence: OrganizationOrganization:parent_id\tOrganizationOrganization:classification\tOrganizationOrganization:date_first_cited\tOrganizationOrganization:date_last_cited\tOrganizationOrganization:open_ended\r\n\
1 Test Battalion\ts1;s2\tHigh\t\"One\" Battalion; 1st Test Battalion\tArmy;Military\tzz\t1 Test Brigade\tLow\tCommand\t8/31/2007\tApril 2018\tY\r\n\
1 Test Battalion\ts1\tLow\t\t\tzz\t2 Test Brigade\tMedium\t\t2018\tsoon\tN\r\n\
1 Test Brigade\ts1\tLow\t\t\tzz\t\t\t\t\t\t\r\n";

const PERSONS: &str = "Name,Organization,Role,Rank,First citation,Last citation,End date? (Y/N),division_id\nGrigory Orlovtest,1 Test Battalion,Commander,Colonel,10/6/2014,2015,Y,zz\n,1 Test Battalion,,,,,,zz\n";

fn folder(files: &[(&str, &str)]) -> Folder {
    let mut folder = Folder::default();
    for (name, text) in files {
        folder.read(name, text.as_bytes()).unwrap();
    }
    folder.close();
    folder
}

#[test]
fn rows_of_one_unit_are_one_unit_with_two_parents_in_time() {
    let read = folder(&[("units.tsv", UNITS)]);
    assert_eq!(read.units.len(), 2);
    let unit = &read.units["zz/1 test battalion"];
    assert_eq!(unit.others, ["\"One\" Battalion", "1st Test Battalion"]);
    assert_eq!(unit.ground.sources, ["s1", "s2"]);
    assert_eq!(unit.ground.confidence, Some(Confidence::High));
    assert_eq!(read.parents.len(), 2);
    let last = read.parents[0].cited.last.unwrap();
    assert_eq!((last.precision, last.day.month()), (Precision::Month, 4));
    assert!(read.parents[1].cited.ended && !read.parents[0].cited.ended);
    let told: Vec<_> = read.doubts.iter().map(|d| (d.line, d.code)).collect();
    assert_eq!(told, [(3, "sfm.no-date"), (0, "sfm.unknown-unit")]);
}

#[test]
fn postings_keep_dates_as_far_as_known_and_rows_without_a_person_are_told() {
    let read = folder(&[("units.tsv", UNITS), ("persons.csv", PERSONS)]);
    let posting = &read.postings[0];
    assert_eq!(posting.unit, "zz/1 test battalion");
    assert!(posting.cited.ended);
    assert_eq!(posting.cited.last.unwrap().precision, Precision::Year);
    assert!(
        read.doubts
            .iter()
            .any(|d| d.file == "persons.csv" && d.line == 3)
    );
}

#[test]
fn dates_with_a_day_of_zero_are_months_and_nonsense_is_none() {
    assert_eq!(date("2012-11-00").unwrap().precision, Precision::Month);
    assert_eq!(date("2012-00-00").unwrap().precision, Precision::Year);
    assert_eq!(
        date("2001-10-20; 2001-10-20").unwrap().precision,
        Precision::Day
    );
    for wrong in ["", "soon", "13/45/2010", "2010-13-01", "99", "1/1/1"] {
        assert!(date(wrong).is_none(), "{wrong}");
    }
}

#[test]
fn another_file_is_passed_over_by_name() {
    let read = folder(&[("other.csv", "a,b\n1,2\n")]);
    assert_eq!(read.passed, ["other.csv"]);
}
