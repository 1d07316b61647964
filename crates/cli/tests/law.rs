//! `check` and `law`: answers, exit codes, forms of input and output.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use common::{Said, run};
use std::path::PathBuf;

const SALE: &str = "assume = \"clear\"\nauthority = \"fms\"\npartner = \"KEN\"\naid = \"equipment\"\nrecipient = \"military\"\n\
                    mde_value = 16000000\ntotal_value = 22000000\n";

/// Asks about a file.
fn check(name: &str, text: &str, more: &[&str]) -> Said {
    let dir = tempfile::tempdir().unwrap();
    let file: PathBuf = dir.path().join(name);
    std::fs::write(&file, text).unwrap();
    let mut args = vec!["check", file.to_str().unwrap()];
    args.extend(more);
    run(&args)
}

#[test]
fn a_refusal_ends_with_six_and_says_what_would_turn_it() {
    let text = format!("{SALE}date = 2023-05-10\ncertificate_received = 2023-05-01\n");
    let said = check("p.toml", &text, &["--json"]).ended(6).json();
    assert_eq!(said["outcome"], "refused");
    assert_eq!(said["earliest"], "2023-05-31");
    let rule = said["rules"]
        .as_array()
        .unwrap()
        .iter()
        .find(|r| r["verdict"] == "refused")
        .unwrap();
    assert_eq!(rule["rule"], "us.arms-export-control.certify-offer");
    assert_eq!(rule["duty"]["days"], 30);
    assert!(rule["cites"][0]["at"].as_str().unwrap().contains("2776"));
    let remedies = said["remedies"].to_string();
    assert!(remedies.contains("2023-05-31"), "{remedies}");
    let shown = check("p.toml", &text, &[]).ended(6).out;
    assert!(
        shown.starts_with("REFUSED on 2023-05-10\n  Earliest lawful day: 2023-05-31\n"),
        "{shown}"
    );
}

#[test]
fn what_is_not_known_ends_with_eight_and_is_named() {
    let said = check(
        "p.toml",
        "date = 2023-05-10\nauthority = \"fms\"\npartner = \"KEN\"\n",
        &["--json"],
    )
    .ended(8)
    .json();
    assert_eq!(said["outcome"], "cannot-tell");
    let missing: Vec<&str> = said["missing"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|m| m["fact"].as_str())
        .collect();
    assert!(missing.contains(&"mde_value"), "{missing:?}");
}

#[test]
fn the_day_the_bill_and_the_form_of_the_file_can_be_chosen() {
    check("p.toml", SALE, &["--on", "2023-05-10"]).ended(0);
    let bill = check(
        "p.toml",
        SALE,
        &["--on", "2023-05-10", "--proposal", "tiger-act", "--json"],
    )
    .ended(0)
    .json();
    assert_eq!(
        (bill["outcome"].as_str(), bill["law"]["proposal"].as_str()),
        (Some("allowed"), Some("tiger-act"))
    );
    check("p.toml", SALE, &["--proposal", "nothing"]).ended(3);
    let csv = "name,assume,authority,partner,aid,recipient,mde_value,total_value,date\n\
               a,clear,fms,KEN,equipment,military,1000000,1000000,2023-05-01\n\
               b,clear,fms,KEN,equipment,military,USD 16_000_000,22000000,2023-05-01\n";
    let said = check("p.csv", csv, &["--json"]).ended(0).json();
    assert_eq!(said[0]["outcome"], "allowed");
    assert_eq!(said[1]["outcome"], "allowed-with-conditions");
    let json = r#"[{"authority": "s333", "partner": "KEN", "recipient": "local-police", "purpose": "counter-terrorism", "date": "2024-09-10"}]"#;
    check("p.json", json, &[]).ended(6);
    let said = check("p.toml", "partnr = \"KEN\"\n", &[]).ended(2);
    assert!(
        said.err.contains("p.toml:1:1: there is no fact `partnr`"),
        "{said:?}"
    );
    check("p.txt", "", &[]).ended(2);
}

#[test]
fn rows_of_a_workbook_are_packages() {
    use symbolon_exchange::export::{Field, Notes, Sheet};
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("p.xlsx");
    let write = |partner: &str| {
        let heads = [
            "name",
            "assume",
            "authority",
            "partner",
            "aid",
            "recipient",
            "mde_value",
            "date",
        ];
        let out = std::fs::File::create(&file).unwrap();
        let mut sheet = Sheet::xlsx(out, &heads.map(str::to_owned), &Notes::default()).unwrap();
        for value in [1_000_000, 16_000_000] {
            let text = |t: &str| Field::Owned(t.to_owned());
            let row = [
                text("a"),
                text("clear"),
                text("fms"),
                text(partner),
                text("equipment"),
                text("military"),
                Field::Int(value),
                text("2023-05-01"),
            ];
            sheet.row(&row).unwrap();
        }
        sheet.finish().unwrap();
    };
    write("KEN");
    let said = run(&["check", file.to_str().unwrap(), "--json"])
        .ended(8)
        .json();
    assert_eq!(said.as_array().unwrap().len(), 2);
    let rule = "us.arms-export-control.certify-offer";
    let speaks = |i: usize| {
        said[i]["rules"]
            .as_array()
            .unwrap()
            .iter()
            .any(|r| r["rule"] == rule && r["verdict"] == "outstanding")
    };
    assert_eq!((speaks(0), speaks(1)), (false, true));
    write("Atlantis");
    let wrong = run(&["check", file.to_str().unwrap()]).ended(2);
    assert!(wrong.err.contains("p.xlsx:2:4:"), "{}", wrong.err);
    std::fs::write(&file, "no workbook").unwrap();
    run(&["check", file.to_str().unwrap()]).ended(2);
}

#[test]
fn the_rulebook_can_be_read_and_tried() {
    let rules = run(&["law", "list", "--json"]).ended(0).json();
    assert!(rules.as_array().unwrap().len() > 200);
    let said = run(&["law", "show", "us.arms-export-control.certify-offer"])
        .ended(0)
        .out;
    assert!(
        said.contains("1981-12-29 to -: $14,000,000 (Pub. L. 97-113"),
        "{said}"
    );
    run(&["law", "show", "us.nothing"]).ended(3);
    assert!(
        run(&["law", "lint"])
            .ended(0)
            .out
            .contains("nothing is wrong")
    );
    assert!(
        run(&["law", "cases"])
            .ended(0)
            .out
            .contains("cases come out as written")
    );
    let diff = run(&[
        "law",
        "diff",
        "--from",
        "2010-10-01",
        "--to",
        "2010-10-31",
        "--json",
    ])
    .ended(0)
    .json();
    assert_eq!(diff[0]["name"], "nato_plus_five");
    assert_eq!(diff[0]["is"], "on: ISR");
    run(&["law", "coverage"]).ended(0);
    run(&["law", "facts"]).ended(0);
    run(&["law", "lists", "nato"]).ended(0);
    let notices = run(&["law", "notices", "--json"]).ended(0).json();
    assert!(
        notices
            .as_array()
            .unwrap()
            .iter()
            .any(|n| n["in force"] == "notice")
    );
}

#[test]
fn another_rulebook_is_taken_from_a_folder() {
    let none = tempfile::tempdir().unwrap();
    run(&["law", "lint", "--law", none.path().to_str().unwrap()]).ended(3);
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/../../law");
    let said = run(&["law", "list", "--law", own, "--json"])
        .ended(0)
        .json();
    assert_eq!(said, run(&["law", "list", "--json"]).ended(0).json());
}
