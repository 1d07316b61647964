//! Any bytes to any reader of this crate give rows or a refusal: no panic, no hang. Seeds are
//! sound files, changed at random places; `PROPTEST_CASES` makes the run longer.
#![allow(clippy::unwrap_used, reason = "tests stop where something is wrong")]

use proptest::prelude::*;
use std::io::Cursor;
use symbolon_exchange::{
    export::{Field, Notes, Sheet},
    guard::{
        Meter, json,
        xml::{Bounds, Xml},
    },
    import::records::{Format, Mapping, Reading, Row, draft, rows},
    limits::Limits,
};

const XML: &[u8] =
    b"<?xml version='1.0'?><a b='1&amp;2'><c><![CDATA[x]]></c>&lt;&#65;<!-- d --></a>";
const JSON: &[u8] =
    b"[{\"name\":\"A\",\"iso3\":\"MLI\",\"body\":{\"n\":[1,-2.5e3,true,null,\"\\u00e9\"]}}]";
const CSV: &[u8] = b"\xef\xbb\xbfname,iso3,note\r\n\"A, \"\"B\"\"\nC\",MLI,'=1\r\nD,NER,\r\n";

/// A sound workbook.
fn workbook() -> Vec<u8> {
    let mut out = vec![];
    let heads = ["name".to_owned(), "iso3".to_owned()];
    let mut sheet = Sheet::xlsx(&mut out, &heads, &Notes::default()).unwrap();
    sheet
        .row(&[Field::Text("Mali & more"), Field::Int(3)])
        .unwrap();
    sheet.finish().unwrap();
    out
}

/// Changes at places: a byte set, a stretch cut, a stretch doubled.
fn changed(seed: &[u8], edits: &[(usize, u8, usize)]) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for (at, byte, how) in edits {
        if bytes.is_empty() {
            return bytes;
        }
        let at = at % bytes.len();
        let end = (at + how / 3).min(bytes.len());
        match how % 3 {
            0 => bytes[at] = *byte,
            1 => drop(bytes.drain(at..end)),
            _ => {
                let part = bytes[at..end].to_vec();
                bytes.splice(at..at, part);
            }
        }
    }
    bytes
}

fn edits() -> impl Strategy<Value = Vec<(usize, u8, usize)>> {
    proptest::collection::vec((any::<usize>(), any::<u8>(), 0usize..60), 1..12)
}

/// Reads a file of records to its end, and each row as a draft.
fn read_rows(bytes: &[u8]) {
    let limits = Limits::shipped();
    let meter = Meter::new(64 << 20, None);
    let kind = symbolon_domain::kinds::by_code("partner").unwrap();
    let Ok(format) = Format::of("x", bytes) else {
        return;
    };
    let how = Reading {
        format,
        sheet: None,
        limits,
        meter: &meter,
    };
    let mut mapping: Option<Mapping> = None;
    let _ = rows(Cursor::new(bytes), how, &mut |row: Row<'_>| {
        let mapping = mapping.get_or_insert_with(|| Mapping::guess(kind, row.heads));
        draft::Reader::new(kind, mapping).draft(&row);
        Ok(true)
    });
}

fn read_xml(bytes: &[u8]) {
    let mut xml = Xml::new(bytes, Bounds::of(Limits::shipped()));
    while let Ok(Some(_)) = xml.next_node() {}
}

#[test]
fn the_seeds_are_sound() {
    assert!(json::value(JSON, Limits::shipped()).is_ok());
    let mut xml = Xml::new(XML, Bounds::of(Limits::shipped()));
    let mut nodes = 0;
    while xml.next_node().unwrap().is_some() {
        nodes += 1;
    }
    assert!(nodes > 5);
    assert_eq!(Format::of("x", &workbook()).unwrap(), Format::Xlsx);
    assert_eq!(Format::of("x", CSV).unwrap(), Format::Csv);
}

proptest! {
    #[test]
    fn csv_and_json_rows(edits in edits(), json in any::<bool>()) {
        read_rows(&changed(if json { JSON } else { CSV }, &edits));
    }

    #[test]
    fn workbooks(edits in edits()) {
        read_rows(&changed(&workbook(), &edits));
    }

    #[test]
    fn xml(edits in edits()) {
        read_xml(&changed(XML, &edits));
    }

    #[test]
    fn json_values(edits in edits()) {
        let _ = json::value(&changed(JSON, &edits), Limits::shipped());
    }

    #[test]
    fn bytes_of_no_form(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        read_rows(&bytes);
        read_xml(&bytes);
        let _ = json::value(&bytes, Limits::shipped());
    }

    #[test]
    fn dates_amounts_and_references_of_every_field(text in "\\PC{0,60}") {
        for kind in symbolon_domain::kinds::all() {
            for field in &kind.fields {
                let _ = field.value_of(&text);
            }
        }
    }
}
