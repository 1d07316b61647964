//! The same rows in every format, and files that are refused.

use super::*;
use std::io::Cursor;

type Rows = Vec<(u64, Vec<(String, String)>)>;

fn read(bytes: &[u8], name: &str, limits: &Limits) -> Result<Rows> {
    let meter = Meter::new(1 << 24, None);
    let format = Format::of(name, bytes)?;
    let how = Reading {
        format,
        sheet: None,
        limits,
        meter: &meter,
    };
    let mut out = vec![];
    rows(Cursor::new(bytes), how, &mut |row| {
        let cells = row.heads.iter().cloned().zip(row.cells.iter().map(text));
        out.push((row.line, cells.collect()));
        Ok(true)
    })?;
    Ok(out)
}

fn refused(bytes: &[u8]) -> (Code, u64, u64) {
    match read(bytes, "x.csv", Limits::shipped()) {
        Err(GuardError::Refused(r)) => (r.code, r.line, r.column),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_same_rows_come_from_every_format() {
    let wanted = vec![
        ("name".to_owned(), "A, \"B\"\nC".to_owned()),
        ("iso3".to_owned(), "MLI".to_owned()),
    ];
    let csv = b"\xef\xbb\xbfname;iso3\r\n\"A, \"\"B\"\"\nC\";MLI\r\n";
    let json = br#"[{"kind":"partner","body":{"name":"A, \"B\"\nC","iso3":"MLI"}}]"#;
    let lines = br#"{"name":"A, \"B\"\nC","iso3":"MLI"}"#;
    assert_eq!(
        read(csv, "x", Limits::shipped()).unwrap(),
        [(2, wanted.clone())]
    );
    for text in [&json[..], &lines[..]] {
        let got = read(text, "x", Limits::shipped()).unwrap();
        assert!(wanted.iter().all(|w| got[0].1.contains(w)), "{got:?}");
    }
}

#[test]
fn a_broken_table_is_refused_with_its_physical_line() {
    assert_eq!(refused(b"a,b\n\"x\ny\",1\nz\n"), (Code::Ragged, 4, 1));
    assert_eq!(refused(b"a,b\n1,2,3\n"), (Code::Ragged, 2, 3));
    assert_eq!(refused(b"a,A\n"), (Code::DuplicateHead, 1, 2));
    assert_eq!(refused(b"a,\n"), (Code::EmptyHead, 1, 2));
    assert_eq!(refused(b"a\n\"x"), (Code::OpenQuote, 2, 1));
    assert_eq!(refused(b"a\nx\0\n"), (Code::Nul, 2, 1));
    assert_eq!(refused(b"a\n\xff\n"), (Code::NotUtf8, 2, 1));
    assert_eq!(refused(b""), (Code::Empty, 0, 0));
    assert_eq!(refused(b"\xff\xfea\0"), (Code::UnknownFormat, 0, 0));
    assert_eq!(refused(b"%PDF-1.7"), (Code::UnknownFormat, 0, 0));
}

#[test]
fn rows_columns_and_cells_are_counted_at_the_limit_and_beyond() {
    let small = Limits {
        import_rows: 3,
        import_columns: 2,
        import_cell: 4,
        ..Limits::shipped().clone()
    };
    let code = |text: &str| match read(text.as_bytes(), "x", &small) {
        Ok(_) => None,
        Err(GuardError::Refused(r)) => Some(r.code),
        Err(e) => panic!("{e}"),
    };
    assert_eq!(code("a\n1\n2\n3\n"), None);
    assert_eq!(code("a\n1\n2\n3\n4\n"), Some(Code::TooManyRows));
    assert_eq!(code("a,b\n1,2\n"), None);
    assert_eq!(code("a,b,c\n1,2,3\n"), Some(Code::TooManyColumns));
    assert_eq!(code("a\nabcé\n"), None);
    assert_eq!(code("a\nabcéf\n"), Some(Code::CellTooLong));
    assert_eq!(code("{\"a\":1,\"b\":2}"), None);
    assert_eq!(
        code("{\"a\":1,\"b\":2,\"c\":3}"),
        Some(Code::TooManyColumns)
    );
}
