//! Workbooks as spreadsheet programs make them, and workbooks made to harm.

use super::*;
use crate::export::{Field, Notes, Sheet};
use crate::guard::GuardError;
use proptest::prelude::*;
use std::io::{Cursor, Write};

const TYPES: &str = "<Types><Override PartName='/xl/workbook.xml' ContentType='application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml'/></Types>";
const BOOK: &str =
    "<workbook xmlns:r='x'><sheets><sheet name='One' sheetId='1' r:id='rId1'/></sheets></workbook>";
const RELATIONS: &str = "<Relationships><Relationship Id='rId1' Type='x/worksheet' Target='worksheets/sheet1.xml'/><Relationship Id='rId2' Type='x/sharedStrings' Target='sharedStrings.xml'/></Relationships>";

/// A workbook with one sheet of this XML, and more parts.
fn book(sheet: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let mut parts = vec![
        ("[Content_Types].xml", TYPES.to_owned()),
        ("xl/workbook.xml", BOOK.to_owned()),
        ("xl/_rels/workbook.xml.rels", RELATIONS.to_owned()),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet><sheetData>{sheet}</sheetData></worksheet>"),
        ),
    ];
    for (name, text) in more {
        parts.retain(|(n, _)| n != name);
        parts.push((name, (*text).to_owned()));
    }
    zipped(&parts)
}

fn zipped(parts: &[(&str, String)]) -> Vec<u8> {
    let (mut out, mut central) = (vec![], vec![]);
    for (name, text) in parts {
        let mut packer = flate2::write::DeflateEncoder::new(vec![], flate2::Compression::fast());
        packer.write_all(text.as_bytes()).unwrap();
        let data = packer.finish().unwrap();
        let mut common = vec![20, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        for n in [data.len() as u32, text.len() as u32] {
            common.extend(n.to_le_bytes());
        }
        common.extend((name.len() as u16).to_le_bytes());
        common.extend([0, 0]);
        central.extend(b"PK\x01\x02\x14\x03");
        central.extend(&common);
        central.extend([0; 10]);
        central.extend((out.len() as u32).to_le_bytes());
        central.extend(name.as_bytes());
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(name.as_bytes());
        out.extend(data);
    }
    let at = out.len() as u32;
    out.extend(&central);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend((parts.len() as u16).to_le_bytes());
    out.extend((parts.len() as u16).to_le_bytes());
    out.extend((central.len() as u32).to_le_bytes());
    out.extend(at.to_le_bytes());
    out.extend([0, 0]);
    out
}

fn rows_of(bytes: &[u8], limits: &Limits) -> Result<Vec<(u64, Vec<String>)>> {
    let meter = Meter::new(limits.parser_memory, None);
    let mut book = Book::open(Cursor::new(bytes), limits, &meter)?;
    let mut rows = vec![];
    book.rows(None, &mut |row| {
        rows.push((row.line, row.cells.to_vec()));
        Ok(true)
    })?;
    Ok(rows)
}

fn refused(bytes: &[u8]) -> Refusal {
    match rows_of(bytes, Limits::shipped()) {
        Err(GuardError::Refused(r)) => *r,
        other => panic!("{other:?}"),
    }
}

#[test]
fn cells_of_every_sort_are_read_as_text() {
    let strings = "<sst><si><t>shared</t></si><si><r><t>rich </t></r><r><t xml:space='preserve'>text </t></r><rPh><t>spoken</t></rPh></si></sst>";
    let sheet = "<row r='2'><c r='A2' t='s'><v>0</v></c><c r='C2' t='s'><v>1</v></c></row>\
        <row><c t='inlineStr'><is><t>in &amp; line</t></is></c><c t='b'><v>1</v></c><c><v>12.50</v></c><c s='7'/></row>";
    let got = rows_of(
        &book(sheet, &[("xl/sharedStrings.xml", strings)]),
        Limits::shipped(),
    )
    .unwrap();
    assert_eq!(
        got[0],
        (2, vec!["shared".into(), String::new(), "rich text ".into()])
    );
    assert_eq!(
        got[1],
        (3, vec!["in & line".into(), "true".into(), "12.5".into()])
    );
}

#[test]
fn a_formula_is_refused_and_its_cell_named() {
    let r = refused(&book(
        "<row r='9'><c r='B9'><f>1+1</f><v>2</v></c></row>",
        &[],
    ));
    assert_eq!((r.code, r.line, r.column), (Code::Formula, 9, 2));
    assert!(r.to_string().contains("cell B9 of sheet `One`"), "{r}");
}

#[test]
fn a_far_cell_is_refused_before_room_is_made_for_it() {
    let cell = |at: &str, row: &str| {
        book(
            &format!("<row r='{row}'><c r='{at}'><v>1</v></c></row>"),
            &[],
        )
    };
    assert_eq!(refused(&cell("XFD1048576", "1048576")).code, Code::FarCell);
    assert!(rows_of(&cell("GR1", "1"), Limits::shipped()).is_ok());
    assert_eq!(refused(&cell("GS1", "1")).code, Code::FarCell);
    assert!(rows_of(&cell("A100001", "100001"), Limits::shipped()).is_ok());
    assert_eq!(refused(&cell("A100002", "100002")).code, Code::FarCell);
    let styled = book(
        "<row r='1'><c r='A1'><v>1</v></c><c r='XFD1' s='3'/></row>",
        &[],
    );
    assert_eq!(rows_of(&styled, Limits::shipped()).unwrap()[0].1, ["1"]);
}

#[test]
fn what_runs_or_reaches_outside_is_refused() {
    let with = |name: &str, text: &str| refused(&book("", &[(name, text)])).code;
    assert_eq!(with("xl/vbaProject.bin", "x"), Code::Macro);
    assert_eq!(
        with("xl/externalLinks/externalLink1.xml", "<a/>"),
        Code::ExternalLink
    );
    assert_eq!(with("xl/embeddings/oleObject1.bin", "x"), Code::Embedded);
    let types = TYPES.replace(
        "spreadsheetml.sheet.main",
        "ms-excel.sheet.macroEnabled.main",
    );
    assert_eq!(with("[Content_Types].xml", &types), Code::Macro);
    let outside = RELATIONS.replace(
        "Target='sharedStrings.xml'",
        "Target='http://127.0.0.1:9/' TargetMode='External'",
    );
    assert_eq!(
        with("xl/_rels/workbook.xml.rels", &outside),
        Code::ExternalLink
    );
    let entity =
        "<!DOCTYPE sst [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><sst><si><t>&x;</t></si></sst>";
    assert_eq!(with("xl/sharedStrings.xml", entity), Code::Doctype);
}

#[test]
fn what_is_no_workbook_is_refused() {
    let r = refused(&zipped(&[("[Content_Types].xml", TYPES.to_owned())]));
    assert_eq!(r.code, Code::NotAWorkbook);
    for sheet in [
        "<row r='2'/><row r='2'/>",
        "<row r='1'><c r='A2'/></row>",
        "<row r='1'><c r='B1'/><c r='A1'/></row>",
    ] {
        assert_eq!(refused(&book(sheet, &[])).code, Code::BadCell, "{sheet}");
    }
    assert_eq!(
        refused(&book("<row><c t='s'><v>5</v></c></row>", &[])).code,
        Code::BadCell
    );
    assert_eq!(
        refused(&book("<row><c t='e'><v>#N/A</v></c></row>", &[])).code,
        Code::CellError
    );
}

#[test]
fn cells_are_counted_in_characters_at_the_limit_and_beyond() {
    let cell = |n: usize| {
        let text = "é".repeat(n);
        book(
            &format!("<row><c t='inlineStr'><is><t>{text}</t></is></c></row>"),
            &[],
        )
    };
    assert!(rows_of(&cell(32_767), Limits::shipped()).is_ok());
    assert_eq!(refused(&cell(32_768)).code, Code::CellTooLong);
}

#[test]
fn shared_texts_take_memory_from_the_meter() {
    let many: String = (0..40_000)
        .map(|i| format!("<si><t>{i:0100}</t></si>"))
        .collect();
    let bytes = book(
        "",
        &[("xl/sharedStrings.xml", &format!("<sst>{many}</sst>"))],
    );
    let open = |memory| {
        let meter = Meter::new(memory, None);
        Book::open(Cursor::new(&bytes[..]), Limits::shipped(), &meter).map(|_| ())
    };
    assert!(open(9_000_000).is_ok());
    assert!(matches!(open(7_000_000), Err(GuardError::Refused(r)) if r.code == Code::OutOfMemory));
}

#[test]
fn a_reading_that_takes_too_long_is_stopped() {
    let bytes = book(&"<row><c><v>1</v></c></row>".repeat(1_000), &[]);
    let over = || true;
    let meter = Meter::new(1 << 20, Some(&over));
    let mut book = Book::open(Cursor::new(&bytes[..]), Limits::shipped(), &meter).unwrap();
    let refused = book.rows(None, &mut |_| Ok(true)).unwrap_err();
    assert!(matches!(refused, GuardError::Refused(r) if r.code == Code::OutOfTime));
}

fn written(rows: &[Vec<String>]) -> Vec<u8> {
    let mut out = vec![];
    let heads: Vec<String> = (0..3).map(|i| format!("head {i}")).collect();
    let mut sheet = Sheet::xlsx(&mut out, &heads, &Notes::default()).unwrap();
    for row in rows {
        sheet
            .row(&row.iter().map(|c| Field::Text(c)).collect::<Vec<_>>())
            .unwrap();
    }
    sheet.finish().unwrap();
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn what_our_own_export_writes_is_read_back(
        rows in proptest::collection::vec(proptest::collection::vec("[ -~é\u{4e2d}\n\t_x0-9<&'\"=]{0,12}", 3), 0..4)
    ) {
        let back = rows_of(&written(&rows), Limits::shipped()).unwrap();
        let back: std::collections::BTreeMap<u64, Vec<String>> = back.into_iter().collect();
        for (i, row) in rows.iter().enumerate() {
            let got = back.get(&(i as u64 + 2)).cloned().unwrap_or_default();
            for (j, wanted) in row.iter().enumerate() {
                let cell = got.get(j).map_or("", String::as_str);
                prop_assert_eq!(crate::export::unguarded(cell), wanted.as_str());
            }
        }
    }
}
