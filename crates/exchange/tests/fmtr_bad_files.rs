//! Files that are no training report, or a damaged one, are refused with their place; and no bytes
//! at all make the reader panic.

#![expect(clippy::unwrap_used, reason = "a test may stop where its data fail it")]

use proptest::prelude::*;
use std::io::Read;
use symbolon_domain::{
    country::Iso3,
    training::{COLUMNS, Column, RowKind},
};
use symbolon_exchange::import::{
    ImportError,
    fmtr::{self, Accounts, Countries, Section},
};

struct Nobody;

impl Countries for Nobody {
    fn find(&self, _: &str, _: Option<jiff::civil::Date>) -> Option<Iso3> {
        None
    }
    fn name(&self, _: Iso3) -> Option<&str> {
        None
    }
}

fn read(input: impl Read, file: &str) -> Result<Vec<Section>, ImportError> {
    let accounts = Accounts::shipped().unwrap();
    let mut sections = Vec::new();
    fmtr::read(input, file, &Nobody, &accounts, &mut |s| {
        sections.push(s);
        Ok(())
    })?;
    Ok(sections)
}

fn refusal(bytes: &[u8], file: &str) -> String {
    read(bytes, file).unwrap_err().to_string()
}

fn report(rows: &str) -> Vec<u8> {
    format!("{}\n{rows}", COLUMNS.join("\t")).into_bytes()
}

const ROW: &str = "2018_2019\tg\tMali\tPKO - Fiscal Year 2018 Department of State Training\tCourse\tUS\tUnit\t1/2/2018\t1/3/2018\tBamako\t3\t$400\t7\n";

#[test]
fn a_wrong_header_is_refused_by_column() {
    let text = COLUMNS.join("\t").replace("quantity", "amount");
    assert!(
        refusal(text.as_bytes(), "f.tsv")
            .starts_with("f.tsv:1:11: the column is named `amount`, not `quantity`")
    );
    let short = COLUMNS[..12].join("\t");
    assert!(
        refusal(short.as_bytes(), "f").starts_with("f:1:13: the column `page_number` is missing")
    );
    let long = format!("{}\tsecret", COLUMNS.join("\t"));
    assert!(refusal(long.as_bytes(), "f").starts_with("f:1:14: unknown column `secret`"));
    assert!(refusal(b"", "f").starts_with("f:1:0: the file is empty"));
}

#[test]
fn ragged_nul_and_wrongly_encoded_lines_are_refused_by_place() {
    assert!(
        refusal(&report(&format!("{ROW}2018_2019\tg\tMali")), "f")
            .starts_with("f:3:4: the line ends after 3 cells, before `program`")
    );
    assert!(
        refusal(&report(&ROW.replace("\t7\n", "\t7\t8\n")), "f").starts_with("f:2:14: more cells")
    );
    assert!(
        refusal(&report(&ROW.replace("Unit", "U\0t")), "f").starts_with("f:2:7: a NUL character")
    );
    let mut bytes = report(ROW);
    let at = bytes.len() - 14;
    bytes[at] = 0xFF;
    assert!(refusal(&bytes, "f").starts_with("f:2:10: byte 0xFF is not UTF-8"));
    assert!(
        refusal(&report(&ROW.replace("Unit", "\"Unit")), "f")
            .starts_with("f:2:7: a quote that never closes")
    );
}

#[test]
fn compressed_files_that_are_cut_damaged_or_misnamed_are_refused() {
    let many = ROW.repeat(20_000);
    let whole = zstd::encode_all(report(&many).as_slice(), 1).unwrap();
    assert_eq!(
        read(whole.as_slice(), "f.tsv.zst")
            .unwrap()
            .iter()
            .map(|s| s.rows.len())
            .sum::<usize>(),
        20_000
    );
    assert!(refusal(&whole[..whole.len() / 2], "f.tsv.zst").contains("cut off"));
    assert!(
        refusal(&report(ROW), "f.tsv.zst")
            .starts_with("f.tsv.zst:1:0: the file is named .zst and is not zstd")
    );
    let mut damaged = whole;
    damaged[9] ^= 0x55;
    assert!(read(damaged.as_slice(), "f.zst").is_err());
}

#[test]
fn a_cell_of_a_gigabyte_is_refused_without_reading_it() {
    let head = report("2018_2019\tg\t");
    let read_bytes = std::cell::Cell::new(0_usize);
    struct Counted<'a, R>(R, &'a std::cell::Cell<usize>);
    impl<R: Read> Read for Counted<'_, R> {
        fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
            let n = self.0.read(buf)?;
            self.1.set(self.1.get() + n);
            Ok(n)
        }
    }
    let endless = Counted(
        head.as_slice().chain(std::io::repeat(b'x').take(1 << 30)),
        &read_bytes,
    );
    let refused = read(endless, "f").unwrap_err().to_string();
    assert!(
        refused.starts_with("f:2:3: a cell longer than 1 MiB"),
        "{refused}"
    );
    assert!(read_bytes.get() < 2 << 20);
}

#[test]
fn a_section_longer_than_the_limit_is_handed_over_in_parts_at_a_country() {
    let mut text = String::new();
    for country in ["Mali", "Niger", "Togo"] {
        text.push_str(&ROW.replace("Mali", country).repeat(30_000));
    }
    let sections = read(report(&text).as_slice(), "f").unwrap();
    let sizes: Vec<usize> = sections.iter().map(|s| s.rows.len()).collect();
    assert_eq!(sizes, [60_000, 30_000]);
    assert_eq!(sections[1].rows[0].row, 60_001);
    assert_eq!(sections[1].blocks[0].number, 3);
}

#[test]
fn long_cells_are_handed_over_before_they_fill_memory() {
    let long = ROW.replace("Course", &"x".repeat(1 << 20));
    let sections = read(report(&long.repeat(80)).as_slice(), "f").unwrap();
    let sizes: Vec<usize> = sections.iter().map(|s| s.rows.len()).collect();
    assert_eq!(sizes, [32, 32, 16]);
}

/// Cells as the report prints them, and worse.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("1/2/2009 3/4/2009".to_owned()),
        Just("578 11/16/2008".to_owned()),
        Just("45 Ulaanbaatar,".to_owned()),
        Just("Unit 3130".to_owned()),
        Just("$".to_owned()),
        "[0-9]{1,6}",
        "\\$[0-9]{1,3},[0-9]{3}",
        "[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}",
        "[A-Za-z(),&é ]{0,20}",
        "(Mali|Niger) FY 2006 Totals",
        Just("FY 2006 Program Totals".to_owned()),
        Just("Mali (In Country Training)".to_owned()),
    ]
}

fn row() -> impl Strategy<Value = Vec<String>> {
    let head = (
        "200[69]_20[01][79]",
        "[AB]",
        "(Mali|Niger)",
        prop_oneof![
            Just("PKO - FY 2006 DoS Training".to_owned()),
            Just("Africa Region, Mali, IMET, FY03".to_owned()),
            cell(),
        ],
    );
    (head, prop::collection::vec(cell(), 9)).prop_map(|((a, b, c, d), rest)| {
        let mut cells = vec![a, b, c, d];
        cells.extend(rest);
        cells
    })
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400), head in any::<bool>()) {
        let mut file = if head { report("") } else { Vec::new() };
        file.extend(bytes);
        let _ = read(file.as_slice(), "f");
    }

    #[test]
    fn blocks_add_up_and_printed_cells_stay(rows in prop::collection::vec(row(), 0..40)) {
        let text: String = rows.iter().map(|r| format!("{}\n", r.join("\t"))).collect();
        let sections = read(report(&text).as_slice(), "f").unwrap();
        let read: Vec<_> = sections.iter().flat_map(|s| &s.rows).collect();
        prop_assert_eq!(read.len(), rows.len());
        for (got, wanted) in read.iter().zip(&rows) {
            for (column, cell) in Column::ALL.iter().zip(wanted) {
                prop_assert_eq!(got.printed.cell(*column), cell);
            }
        }
        for block in sections.iter().flat_map(|s| &s.blocks) {
            let own: Vec<_> = read.iter().filter(|r| r.block == block.number && r.reading.kind == RowKind::Training).collect();
            prop_assert_eq!(own.len(), block.rows as usize);
            prop_assert_eq!(own.iter().filter_map(|r| r.reading.quantity).sum::<i64>(), block.quantity);
            prop_assert_eq!(own.iter().filter_map(|r| r.reading.cost).map(|c| c.0).sum::<i64>(), block.cost.0);
        }
        for overlay in sections.iter().flat_map(|s| &s.overlays) {
            prop_assert!(overlay.row >= 1 && overlay.row as usize <= rows.len());
            prop_assert!(!overlay.reason.is_empty());
        }
    }
}
