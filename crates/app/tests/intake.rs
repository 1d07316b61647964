//! Files of records: all or nothing, twice is once, every bad row named, nobody's label widened.
#![allow(clippy::unwrap_used, reason = "tests stop where something is wrong")]

mod common;

use common::{all, counts, file, officer, on_each_engine, units};
use symbolon_app::{AppError, intake::Consent};

const THREE: &str =
    "name,unit type,note\r\n1st Company,,\"a\r\nb\"\r\n2nd Company,,\r\n3rd Company,,c\r\n";

#[test]
fn the_same_file_twice_changes_nothing_the_second_time() {
    on_each_engine(|app| {
        assert_eq!(counts(&units(THREE).taken(app)), (3, 0, 0, 0));
        let before = app.store.revision().unwrap();
        let again = units(THREE).taken(app);
        assert_eq!(counts(&again), (0, 0, 3, 0));
        assert_eq!(again.import, "");
        assert_eq!(app.store.revision().unwrap(), before);
        assert_eq!(all(app, "unit").len(), 3);
        assert_eq!(all(app, "unit")[0].envelope.partner, "MLI");
    });
}

#[test]
fn the_dry_run_says_what_the_commit_does_and_writes_nothing() {
    on_each_engine(|app| {
        let before = app.store.revision().unwrap();
        let plan = units(THREE).check(app, &app.system()).unwrap();
        assert_eq!(app.store.revision().unwrap(), before);
        let consent = Consent {
            plan: Some(plan.plan.clone()),
            leave_out_bad: false,
        };
        let mut done = units(THREE).take(app, &app.system(), &consent).unwrap();
        assert!(done.import.starts_with("IMP-"));
        done.import.clear();
        assert_eq!(done, plan);
    });
}

#[test]
fn a_bad_row_keeps_everything_out_until_it_is_agreed_to_by_plan() {
    on_each_engine(|app| {
        let text = "name,partner\nGood,MLI\n,MLI\nAlso good,XX\n";
        let refused = units(text)
            .take(app, &app.system(), &Consent::default())
            .unwrap_err();
        let AppError::Refused(report) = refused else {
            panic!("{refused}")
        };
        assert_eq!(counts(&report), (1, 0, 0, 2));
        let found: Vec<_> = report
            .findings
            .iter()
            .map(|f| (f.line, f.code.as_str()))
            .collect();
        assert_eq!(found, [(3, "missing"), (4, "wrong-type")]);
        assert!(all(app, "unit").is_empty());
        let no_plan = Consent {
            plan: None,
            leave_out_bad: true,
        };
        assert!(matches!(
            units(text).take(app, &app.system(), &no_plan),
            Err(AppError::Refused(_))
        ));
        let agreed = Consent {
            plan: Some(report.plan.clone()),
            leave_out_bad: true,
        };
        assert_eq!(
            counts(&units(text).take(app, &app.system(), &agreed).unwrap()),
            (1, 0, 0, 2)
        );
        assert_eq!(all(app, "unit").len(), 1);
    });
}

#[test]
fn a_plan_made_before_the_data_moved_is_refused() {
    on_each_engine(|app| {
        units("name,note\n1st Company,a\n").taken(app);
        let file = units("name,note\n1st Company,b\n");
        let plan = file.check(app, &app.system()).unwrap().plan;
        units("name,note\n1st Company,c\n").taken(app);
        let consent = Consent {
            plan: Some(plan),
            leave_out_bad: false,
        };
        let moved = file.take(app, &app.system(), &consent).unwrap_err();
        assert!(matches!(moved, AppError::Moved(_)), "{moved}");
        assert_eq!(all(app, "unit")[0].body["note"], "c");
    });
}

#[test]
fn a_key_twice_in_a_file_refuses_both_rows_and_names_both_lines() {
    on_each_engine(|app| {
        let text = "name,note\nA,1\n\"B\",2\nA,3\nC,4\n";
        let report = units(text).check(app, &app.system()).unwrap();
        assert_eq!(counts(&report), (2, 0, 0, 2));
        let lines: Vec<_> = report
            .findings
            .iter()
            .map(|f| (f.line, f.message.contains("lines 2 and 4")))
            .collect();
        assert_eq!(lines, [(2, true), (4, true)]);
        let agreed = Consent {
            plan: Some(report.plan),
            leave_out_bad: true,
        };
        units(text).take(app, &app.system(), &agreed).unwrap();
        let names: Vec<_> = all(app, "unit")
            .iter()
            .map(|r| r.body["name"].clone())
            .collect();
        assert!(names.contains(&"B".into()) && names.contains(&"C".into()) && names.len() == 2);
    });
}

#[test]
fn an_absent_column_leaves_an_empty_cell_leaves_or_clears_and_an_absent_row_stays() {
    on_each_engine(|app| {
        units("name,note,country code\nA,first,x\nB,second,y\n").taken(app);
        let note = |name: &str| {
            let found = all(app, "unit")
                .into_iter()
                .find(|r| r.body["name"] == name)
                .unwrap();
            (
                found.body["note"].clone(),
                found.body["country_code"].clone(),
            )
        };
        units("name,note\nA,\n").taken(app);
        assert_eq!(note("A"), ("first".into(), "x".into()));
        let mut clearing = units("name,note\nA,\n");
        clearing.clear = vec!["note"];
        clearing.taken(app);
        assert_eq!(note("A"), ("".into(), "x".into()));
        assert_eq!(note("B"), ("second".into(), "y".into()));
    });
}

#[test]
fn references_are_found_by_code_name_or_id_and_otherwise_refused() {
    on_each_engine(|app| {
        units("code,name\nU-1,Alpha\nU-2,Beta\nU-3,Beta\n")
            .take(app, &app.system(), &Consent::default())
            .unwrap_err();
        units("code,name\nU-1,Alpha\nU-2,Beta\n").taken(app);
        let id = all(app, "unit")[0].envelope.id;
        let text = format!("unit,name\nU-1,one\nBeta,two\n{id},three\n");
        let mut names = file("unit_name", &text);
        names.defaults.push(("partner", "MLI"));
        assert_eq!(counts(&names.taken(app)), (3, 0, 0, 0));
        let mut lost = file("unit_name", "unit,name\nU-9,one\n");
        lost.defaults.push(("partner", "MLI"));
        let report = lost.check(app, &app.system()).unwrap();
        assert_eq!(report.findings[0].code, "unknown-reference");
        assert_eq!(report.findings[0].text, "U-9");
    });
}

#[test]
fn a_value_that_does_not_fit_is_dropped_and_said() {
    on_each_engine(|app| {
        let report = units("name,unit type\nA,no such type\n").taken(app);
        assert_eq!((counts(&report), report.counts.dropped), ((1, 0, 0, 0), 1));
        assert_eq!(report.findings[0].column_name, "unit_type");
        assert_eq!(all(app, "unit")[0].body["unit_type"], "");
    });
}

#[test]
fn a_row_can_be_traced_back_to_its_file_and_line() {
    on_each_engine(|app| {
        let report = units(THREE).taken(app);
        let record = all(app, "unit")
            .into_iter()
            .find(|r| r.body["name"] == "3rd Company")
            .unwrap();
        let object = format!("unit/{}", record.envelope.id);
        let entry = app
            .store
            .last_entry(&app.system(), &object)
            .unwrap()
            .unwrap();
        let body = entry.body.unwrap();
        assert_eq!(
            body.reason,
            format!("import {}, rows.csv, line 5", report.import)
        );
        let import = all(app, "import").pop().unwrap();
        assert_eq!(import.envelope.code, report.import);
        assert_eq!(import.body["file_sha256"], report.file.sha256.as_str());
        assert_eq!(import.body["added"], 3);
        let object = format!("import/{}", import.envelope.id);
        let entry = app
            .store
            .last_entry(&app.system(), &object)
            .unwrap()
            .unwrap();
        assert_eq!(entry.body.unwrap().action, "import.take");
    });
}

#[test]
fn a_row_without_label_is_for_the_uploaders_own_nation_and_none_may_be_wider() {
    on_each_engine(|app| {
        let viewer = officer(app);
        let mut sources = file("source", "title,publisher,licence\nReport,Office,public\n");
        sources.defaults.clear();
        let report = sources.take(app, &viewer, &Consent::default()).unwrap();
        assert_eq!(report.findings[0].code, "label-default");
        let label = &all(app, "source")[0].envelope.label;
        assert_eq!(label.marking(), "CUI//NOFORN");
        for wide in [
            "public",
            "{\"policy\":\"US\",\"level\":\"internal\",\"originator\":\"FRA\"}",
        ] {
            let text = format!(
                "title,publisher,licence,label\nX,Office,public,\"{}\"\n",
                wide.replace('"', "\"\"")
            );
            let report = file("source", &text).check(app, &viewer).unwrap();
            assert_eq!(report.findings[0].code, "label-too-wide", "{wide}");
        }
        let lower = "title,label\nReport,internal\n";
        let report = file("source", lower).check(app, &viewer).unwrap();
        assert_eq!(report.findings[0].code, "label-too-wide");
    });
}

#[test]
fn a_stale_file_overwrites_nothing() {
    on_each_engine(|app| {
        units("name,note\nA,1\n").taken(app);
        units("name,note\nA,2\n").taken(app);
        let report = units("name,note,version\nA,1,1\n")
            .check(app, &app.system())
            .unwrap();
        assert_eq!(report.findings[0].code, "stale-version");
        let same = units("name,note,version\nA,2,1\n")
            .check(app, &app.system())
            .unwrap();
        assert_eq!(counts(&same), (0, 0, 1, 0));
    });
}

#[test]
fn authority_is_not_brought_in_by_a_file() {
    on_each_engine(|app| {
        units("name\nA\n").taken(app);
        let state = units("name,state\nA,disbanded\n")
            .check(app, &app.system())
            .unwrap();
        assert_eq!(state.findings[0].code, "state-differs");
        let owner = units("name,owner\nA,somebody\n")
            .check(app, &app.system())
            .unwrap();
        assert_eq!(owner.findings[0].code, "not-permitted");
        let code = all(app, "unit")[0].envelope.id;
        let text = format!("id,code\n{code},OTHER\n");
        let code = units(&text).check(app, &app.system()).unwrap();
        assert_eq!(code.findings[0].code, "code-differs");
        let sessions = symbolon_app::intake::kinds_for(&app.system());
        assert!(
            sessions
                .iter()
                .all(|k| !["session", "account", "import"].contains(&k.code))
        );
    });
}

#[test]
fn json_fields_that_are_none_are_refused() {
    on_each_engine(|app| {
        let text = "{\"name\":\"A\"}\n{\"name\":\"B\",\"colour\":\"red\"}\n";
        let unmapped = units(text).check(app, &app.system()).unwrap();
        // Its first rows name the column, so the guess leaves it out; a later one is unknown.
        assert_eq!(counts(&unmapped), (2, 0, 0, 0));
        let mut late = "{\"name\":\"A0\"}\n".to_owned();
        (1..300).for_each(|i| late.push_str(&format!("{{\"name\":\"A{i}\"}}\n")));
        late.push_str("{\"name\":\"B\",\"colour\":\"red\"}\n");
        let report = units(&late).check(app, &app.system()).unwrap();
        assert_eq!(
            (report.counts.refused, report.findings[0].code.as_str()),
            (1, "unknown-field")
        );
    });
}
