//! Imports: whole or not at all, once.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use common::{HEADER, Instance, ROW, shipped};

#[test]
fn the_shipped_report_loads_once_and_verifies() {
    let instance = Instance::new();
    let file = shipped();
    let file = file.to_str().unwrap();
    let dry = instance
        .run(&["import", "fmtr", file, "--dry-run", "--json"])
        .ended(0)
        .json();
    assert_eq!(
        (dry["dry_run"].as_bool(), dry["rows"].as_i64()),
        (Some(true), Some(253_929))
    );
    assert_eq!(
        instance
            .run(&["dataset", "list", "--json"])
            .ended(0)
            .out
            .trim(),
        "[]"
    );

    let first = instance
        .run(&["import", "fmtr", file, "--json"])
        .ended(0)
        .json();
    assert_eq!(first["changed"], true);
    assert_eq!(
        first["summary"], dry["summary"],
        "the dry run says what the import says"
    );
    assert_eq!(first["summary"]["rows.training"], 244_413);
    assert_eq!(first["summary"]["report.2009_2010.quantity_after"], 634);
    let before = instance.state();
    let second = instance
        .run(&["import", "fmtr", file, "--json"])
        .ended(0)
        .json();
    assert_eq!(
        (&second["changed"], &second["already_loaded"]),
        (&false.into(), &true.into())
    );
    assert_eq!(instance.state(), before);
    let human = instance.run(&["import", "fmtr", file]).ended(0);
    assert!(
        human
            .out
            .starts_with("Already loaded as `fmtr-fy1999-fy2019` (253,929 rows)"),
        "{human:?}"
    );
    assert_eq!(
        instance
            .run(&["journal", "verify", "--json"])
            .ended(0)
            .json()["exit_code"],
        0
    );

    let list = instance
        .run(&[
            "dataset",
            "blocks",
            "fmtr-fy1999-fy2019",
            "--disagree",
            "--json",
        ])
        .ended(0)
        .json();
    assert!(
        list["total"].as_i64().is_some_and(|n| n > 0 && n < 50),
        "{list}"
    );
    let all = ["--limit", "1000", "--json"];
    let findings = instance
        .run(
            &[
                &[
                    "dataset",
                    "findings",
                    "fmtr-fy1999-fy2019",
                    "--code",
                    "date-impossible",
                ][..],
                &all,
            ]
            .concat(),
        )
        .ended(0)
        .json();
    assert_eq!(findings["findings"].as_array().unwrap().len(), 197);
    exports(&instance);
}

fn exports(instance: &Instance) {
    let ask = [
        "export",
        "training",
        "--country",
        "NGA",
        "--from",
        "2010",
        "--format",
        "csv",
        "-o",
    ];
    let csv = instance.run(&[&ask[..], &["-"]].concat()).ended(0);
    let rows = csv.out.lines().count() - 1;
    assert!(rows > 100 && csv.err.contains("Wrote "), "{}", csv.err);
    let path = instance.dir.path().join("nga.csv");
    let path = path.to_str().unwrap();
    let json = instance
        .run(&[&ask[..], &[path, "--json"]].concat())
        .ended(0)
        .json();
    assert_eq!(json["rows"], rows);
    assert_eq!(json["filter"], "/training?country=NGA&from=2010");
    assert_eq!(std::fs::read_to_string(path).unwrap(), csv.out);
    instance.run(&[&ask[..], &[path]].concat()).ended(2);
    let entries = instance
        .run(&["journal", "list", "--action", "training.export", "--json"])
        .ended(0)
        .json();
    assert_eq!(
        entries.as_array().unwrap().len(),
        2,
        "every export is journalled"
    );
}

#[test]
fn bad_files_are_refused_with_their_place_and_leave_nothing() {
    let instance = Instance::new();
    let packed = std::fs::read(shipped()).unwrap();
    let good = format!("{HEADER}{ROW}");
    let cases: [(&str, Vec<u8>, &str); 9] = [
        (
            "cut.tsv.zst",
            packed[..packed.len() / 2].to_vec(),
            "cut.tsv.zst:",
        ),
        (
            "cut-early.tsv.zst",
            packed[..3].to_vec(),
            "cut-early.tsv.zst",
        ),
        ("flipped.tsv.zst", flipped(&packed), "flipped.tsv.zst:"),
        (
            "plain.tsv.zst",
            good.clone().into_bytes(),
            "plain.tsv.zst:1",
        ),
        (
            "header.tsv",
            good.replace("quantity", "amount").into_bytes(),
            "header.tsv:1:11: ",
        ),
        (
            "nul.tsv",
            format!("{good}{}", ROW.replace("Unit", "Un\0it")).into_bytes(),
            "nul.tsv:3",
        ),
        (
            "utf8.tsv",
            [
                good.as_bytes(),
                &ROW.replace("Unit", "Un\u{1}")
                    .into_bytes()
                    .iter()
                    .map(|b| if *b == 1 { 0xff } else { *b })
                    .collect::<Vec<_>>(),
            ]
            .concat(),
            "utf8.tsv:3",
        ),
        (
            "ragged.tsv",
            format!("{good}2018_2019\tg\tMali\n").into_bytes(),
            "ragged.tsv:3:4: ",
        ),
        ("empty.tsv", vec![], "empty.tsv:1"),
    ];
    let before = instance.state();
    for (name, bytes, place) in cases {
        let file = instance.file(name, bytes);
        let said = instance.run(&["import", "fmtr", &file]).ended(1);
        assert!(said.err.contains(place), "{name}: {said:?}");
        assert!(
            said.err.contains("Nothing of the file was kept"),
            "{name}: {said:?}"
        );
        assert_eq!(instance.state(), before, "{name}");
    }
    instance.run(&["journal", "verify"]).ended(0);
}

/// A file with one bit turned in its middle.
fn flipped(packed: &[u8]) -> Vec<u8> {
    let mut bytes = packed.to_vec();
    let at = bytes.len() / 2;
    bytes[at] ^= 0x10;
    bytes
}

#[test]
fn a_cell_without_end_is_refused_in_little_memory() {
    let instance = Instance::new();
    let path = instance.dir.path().join("endless.tsv");
    let mut text = format!("{HEADER}2018_2019\tg\tMali\tp\t").into_bytes();
    text.resize(64 << 20, b'x');
    std::fs::write(&path, text).unwrap();
    let said = instance
        .run(&["import", "fmtr", path.to_str().unwrap()])
        .ended(1);
    assert!(said.err.contains("endless.tsv:2:5"), "{said:?}");
}

#[test]
fn a_code_is_taken_once() {
    let instance = Instance::new();
    let one = instance.file("one.tsv", format!("{HEADER}{ROW}"));
    let two = instance.file("two.tsv", format!("{HEADER}{ROW}{ROW}"));
    instance
        .run(&["import", "fmtr", &one, "--code", "same"])
        .ended(0);
    let said = instance
        .run(&["import", "fmtr", &two, "--code", "same"])
        .ended(5);
    assert!(
        said.err.contains("`same`") && said.err.contains("--code"),
        "{said:?}"
    );
    let said = instance
        .run(&["import", "fmtr", &two, "--internal", "--json"])
        .ended(0);
    assert_eq!(said.json()["counted"], false, "its year is loaded already");
}

#[test]
fn series_notifications_and_reference_load() {
    let instance = Instance::new();
    let about = [
        "--source-title",
        "T",
        "--publisher",
        "P",
        "--licence",
        "L",
        "--class",
        "open",
        "--json",
    ];
    let text = "iso3,as_printed,year,period,measure,value,unit,note\nNGA,Nigeria,2010,2010,aid.obligations.current,5,usd,\n";
    let file = instance.file("series.csv", text);
    let args = [&["import", "series", &file][..], &about].concat();
    let said = instance.run(&args);
    assert_eq!(said.code, 0, "{said:?}");
    assert_eq!(said.json()["changed"], true);
    assert_eq!(instance.run(&args).ended(0).json()["changed"], false);
    let bad = instance.file("bad.csv", text.replace("2010,2010", "year,2010"));
    let said = instance
        .run(&[&["import", "series", &bad][..], &about].concat())
        .ended(1);
    assert!(said.err.contains("bad.csv:2:"), "{said:?}");
    assert_eq!(
        instance
            .run(&["import", "reference", "--json"])
            .ended(0)
            .json()["changed"],
        true
    );
    let said = instance.run(&["import", "reference"]).ended(0);
    assert!(said.out.contains("nothing changed"), "{said:?}");
    instance.run(&["journal", "verify"]).ended(0);
}
