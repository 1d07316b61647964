//! Units as a report prints them, linked to known units: proposed with reasons, said yes or no to, put back.
#![allow(clippy::unwrap_used, reason = "tests stop where something is wrong")]

mod common;

use common::on_each_engine;
use common::vetted::*;
use serde_json::json;
use std::io::Cursor;
use symbolon_app::{
    App, AppError,
    load::{self, FileInfo, Progress},
    vetting::{Basis, LinkAnswer, LinkAsk, LinkLine, LookBack},
};
use symbolon_domain::{
    kinds::{LicenceClass, LinkConfidence, Role, Source},
    label::Label,
    record::RecordId,
};
use symbolon_exchange::{import::fmtr::Accounts, shipped::CountryNames};

const HEAD: &str = "report_fiscal_years\tsource_group\tcountry\tprogram\tcourse_title\tus_unit\tstudent_unit\tstart_date\tend_date\tlocation\tquantity\ttotal_cost\tpage_number\n";

/// A report of Mali that prints these units, each trained once in January 2018.
fn report(app: &App, units: &[&str]) {
    let group = "2018_2019\t2018_2019_Africa_fmtrpt\tMali\tIMET-1 - Fiscal Year 2018 Department of State Training";
    let mut text = HEAD.to_owned();
    for unit in units {
        text +=
            &format!("{group}\tPILOT\tN/A\t{unit}\t1/2/2018\t2/2/2018\tBamako, Mali\t1\t$100\t1\n");
    }
    let all = units.len();
    text += &format!("{group}\tFiscal Year 2018 Program Totals\t\t\t\t\t\t{all}\t${all}00\t1\n");
    let info = FileInfo {
        name: "report.tsv".into(),
        title: "Invented report".into(),
        code: "report".into(),
        source: Source {
            reference: String::new(),
            published: None,
            title: "Invented".into(),
            publisher: "Nobody".into(),
            url: String::new(),
            licence: "CC0".into(),
            credit: String::new(),
        },
        licence_class: LicenceClass::Open,
        limits: "Invented rows.".into(),
        label: Label::public("USA"),
    };
    load::reference(app).unwrap();
    let (accounts, names) = (Accounts::shipped().unwrap(), CountryNames::shipped());
    let file = Cursor::new(text.into_bytes());
    load::training(
        app,
        &app.system(),
        file,
        &info,
        names,
        &accounts,
        &Progress::default(),
    )
    .unwrap();
    app.refresh();
}

fn ask(state: &str) -> LinkAsk {
    LinkAsk {
        country: "MLI".into(),
        state: state.into(),
        ..LinkAsk::default()
    }
}

fn queue(app: &App, state: &str) -> Vec<LinkLine> {
    let (analyst, _) = pair(app);
    app.link_queue(&analyst, &ask(state)).unwrap().0
}

fn version(line: &LinkLine) -> (RecordId, i64) {
    (line.record.envelope.id, line.record.envelope.version)
}

/// Text, unit and basis of every line of the look back.
fn looked(app: &App) -> Vec<(String, String, Basis)> {
    let (analyst, _) = pair(app);
    let back = LookBack {
        country: "MLI".into(),
        ..LookBack::default()
    };
    let found = app.look_back(&analyst, &back).unwrap();
    let line = |l: symbolon_app::vetting::LookedBack| (l.printed, l.unit.1, l.basis);
    found.lines.into_iter().map(line).collect()
}

#[test]
fn texts_are_proposed_with_reasons_and_the_look_back_says_on_what_a_link_rests() {
    on_each_engine(|app| {
        account(app, "analyst");
        report(
            app,
            &[
                "82 TEST BN",
                "82nd Test Bn, Unknownplace Barracks",
                "Nobody's Office",
            ],
        );
        let battalion = unit(app, "82 Test Battalion");
        incident_against(app, battalion);
        // The incident is of 2024; the training of 2018: nothing reaches back.
        assert!(looked(app).is_empty());
        let earlier = put(
            app,
            "incident",
            json!({"title": "Alleged beating", "violation": "torture", "began": "2015",
            "alleged_by": "An invented monitor"}),
        );
        put(
            app,
            "incident_party",
            json!({"incident": earlier, "unit": battalion, "part": "perpetrator"}),
        );
        let (analyst, _) = pair(app);
        let done = app.propose_links(&analyst, "MLI").unwrap();
        assert_eq!((done.texts, done.found, done.proposed), (3, 2, 2));
        assert_eq!(
            app.propose_links(&analyst, "MLI").unwrap().proposed,
            0,
            "nothing is new"
        );
        let lines = queue(app, "");
        assert_eq!(lines[0].link.confidence, LinkConfidence::Exact);
        assert!(
            lines[0]
                .link
                .reasons
                .iter()
                .any(|r| r.contains("the number 82 is the same (+3.00)"))
        );
        assert_eq!(
            (lines[1].unit.as_str(), lines[1].rows),
            ("82 Test Battalion", 1)
        );
        let name = "82 Test Battalion".to_owned();
        let other = "82nd Test Bn, Unknownplace Barracks".to_owned();
        let of = |all: &[(String, String, Basis)], text: &str| {
            all.iter().find(|l| l.0 == text).map(|l| l.2)
        };
        assert_eq!(of(&looked(app), "82 TEST BN"), Some(Basis::Exact));
        assert_eq!(of(&looked(app), &other), Some(Basis::Proposed));

        app.decide_links(&analyst, &[version(&lines[1])], LinkAnswer::Accept)
            .unwrap();
        assert!(looked(app).contains(&(other.clone(), name, Basis::Accepted)));
        let accepted = queue(app, "accepted");
        app.decide_links(&analyst, &[version(&accepted[0])], LinkAnswer::Refuse)
            .unwrap();
        assert_eq!(
            of(&looked(app), &other),
            None,
            "what was refused is not looked at"
        );
        // Proposing again does not ask again what a person answered.
        assert_eq!(app.propose_links(&analyst, "MLI").unwrap().proposed, 0);
        assert_eq!(queue(app, "refused").len(), 1);
    });
}

#[test]
fn texts_that_are_probably_one_unit_stand_together_with_their_rows() {
    common::on_sqlite(|app| {
        report(
            app,
            &[
                "1st Infantry Battalion",
                "1 INF BN",
                "1 INF BN",
                "Infantry Bn 1, Bamako",
                "2 INF BN",
                "Mali",
            ],
        );
        let (analyst, _) = pair(app);
        let (groups, texts, many) = app.unit_spellings(&analyst, "MLI").unwrap();
        assert_eq!((texts, many), (5, 3));
        let one: Vec<(&str, usize)> = groups[0].iter().map(|(t, n)| (t.as_str(), *n)).collect();
        assert_eq!(
            one,
            [
                ("1 INF BN", 2),
                ("1st Infantry Battalion", 1),
                ("Infantry Bn 1, Bamako", 1)
            ]
        );
        assert!(
            app.unit_spellings(&person(app, "desk", Role::DeskOfficer), "MLI")
                .is_err()
        );
    });
}

#[test]
fn many_are_answered_at_once_or_none_and_put_back_as_they_were() {
    on_each_engine(|app| {
        account(app, "analyst");
        report(app, &["1 TEST BN", "2 TEST BN", "3 TEST BN"]);
        for n in 1..4 {
            unit(app, &format!("{n} Test Battalion"));
        }
        let (analyst, reviewer) = pair(app);
        app.propose_links(&analyst, "MLI").unwrap();
        let before: Vec<_> = queue(app, "").into_iter().map(|l| l.link).collect();
        let all: Vec<_> = queue(app, "").iter().map(version).collect();
        assert_eq!(all.len(), 3);
        let mut stale = all.clone();
        stale[2].1 = 9;
        let tried = app.decide_links(&analyst, &stale, LinkAnswer::Accept);
        assert!(matches!(tried, Err(AppError::Conflict(_))), "{tried:?}");
        assert_eq!(queue(app, "").len(), 3, "none was answered");
        let other = person(app, "desk", Role::DeskOfficer);
        for who in [&reviewer, &other] {
            assert!(app.decide_links(who, &all, LinkAnswer::Accept).is_err());
            assert!(app.propose_links(who, "MLI").is_err());
        }
        assert_eq!(
            app.decide_links(&analyst, &all, LinkAnswer::Accept)
                .unwrap(),
            3
        );
        let accepted: Vec<_> = queue(app, "accepted").iter().map(version).collect();
        app.decide_links(&analyst, &accepted, LinkAnswer::PutBack)
            .unwrap();
        let after: Vec<_> = queue(app, "").into_iter().map(|l| l.link).collect();
        assert_eq!(after, before);
        // Another way in is none: a form leaves the queue out.
        let draft = symbolon_app::Draft::of(&queue(app, "")[0].record);
        let (id, version) = version(&queue(app, "")[0]);
        let edited = app.edit(&analyst, ("unit_link", id), version, draft, "", None);
        assert!(matches!(edited, Err(AppError::NotPermitted(_))));
    });
}

#[test]
fn a_unit_merged_into_another_is_linked_as_the_one_that_stays() {
    on_each_engine(|app| {
        account(app, "analyst");
        account(app, "reviewer");
        report(app, &["Testville Rangers"]);
        let (kept, merged) = (
            unit(app, "7 Ranger Battalion"),
            unit(app, "Testville Rangers"),
        );
        let (analyst, _) = pair(app);
        app.propose_links(&analyst, "MLI").unwrap();
        assert_eq!(queue(app, "")[0].link.unit, merged);
        put(
            app,
            "unit_merge",
            json!({"kept": kept, "merged": merged, "grounds": "One garrison"}),
        );
        let merge = app.merges(&analyst).unwrap()[0].0.clone();
        let mut envelope = merge.envelope;
        envelope.state = "merged".to_owned();
        write(app, envelope, merge.body, "unit_merge.confirm");
        let done = app.propose_links(&analyst, "MLI").unwrap();
        assert_eq!((done.proposed, done.gone), (1, 1));
        assert_eq!(queue(app, "")[0].link.unit, kept);
    });
}
