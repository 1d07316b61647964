//! Units found twice: read as one by decision of two persons, and taken apart again as if nothing had been.
#![allow(clippy::unwrap_used, reason = "tests stop where something is wrong")]

mod common;
#[path = "common/thread.rs"]
mod programme;

use common::vetted::*;
use common::{on_each_engine, on_sqlite};
use proptest::prelude::*;
use serde_json::{Value, json};
use symbolon_app::{
    App, AppError, Draft,
    vetting::{LookBack, MergeVerdict, UnitPage},
};
use symbolon_domain::{kinds::Role, record::RecordId};

/// Merges one unit into another as two persons do; the id of the merge.
fn merge(app: &App, merged: RecordId, kept: RecordId) -> Result<RecordId, AppError> {
    let (analyst, reviewer) = pair(app);
    let version = |id| {
        app.unit_page(&analyst, id, None)
            .unwrap()
            .unit
            .envelope
            .version
    };
    let id = app.propose_merge(
        &analyst,
        (merged, version(merged)),
        (kept, version(kept)),
        "The same garrison and commander",
    )?;
    app.decide_merge(&reviewer, (id, 1), MergeVerdict::Confirm, "")?;
    Ok(id)
}

fn split(app: &App, merge: RecordId) {
    let (analyst, reviewer) = pair(app);
    let version = || app.merge(&analyst, merge).unwrap().0.envelope.version;
    app.propose_split(&analyst, (merge, version()), "Two garrisons after all")
        .unwrap();
    app.decide_merge(&reviewer, (merge, version()), MergeVerdict::Confirm, "")
        .unwrap();
}

fn accounts(app: &App) {
    account(app, "analyst");
    account(app, "reviewer");
}

fn page(app: &App, unit: RecordId) -> UnitPage {
    app.unit_page(&pair(app).0, unit, None).unwrap()
}

/// Everything a reader is told of a unit, in an order of its own.
fn told(app: &App, unit: RecordId) -> Vec<String> {
    let page = page(app, unit);
    let ids = |all: &[symbolon_domain::record::Record]| -> Vec<String> {
        all.iter()
            .map(|r| format!("{} v{} {}", r.envelope.id, r.envelope.version, r.body))
            .collect()
    };
    let mut all = ids(std::slice::from_ref(&page.unit));
    for part in [
        &page.joined,
        &page.names,
        &page.parents,
        &page.members,
        &page.sites,
        &page.postings,
    ] {
        all.extend(ids(part));
    }
    for rung in page.above.iter().chain(&page.below) {
        all.push(format!("{} {} {}", rung.unit, rung.depth, rung.link.body));
    }
    for one in page.reached.iter().flatten() {
        all.push(format!(
            "{} {:?} {}",
            one.incident.envelope.id, one.through, one.confidence
        ));
    }
    all.push(format!("{:?}", page.went));
    all.sort();
    all
}

fn titles(page: &UnitPage) -> Vec<&str> {
    let reached = page.reached.iter().flatten();
    reached
        .filter_map(|r| r.incident.body["title"].as_str())
        .collect()
}

#[test]
fn what_is_alleged_against_a_duplicate_reaches_the_unit_and_opens_decisions_on_both() {
    on_each_engine(|app| {
        let (analyst, reviewer) = pair(app);
        let request = request(app, &analyst);
        let (first, second) = (
            unit(app, "1 Test Battalion"),
            unit(app, "First Testing Battalion"),
        );
        let company = unit(app, "Test Company");
        put(
            app,
            "unit_parent",
            json!({"unit": company, "parent": first, "relation": "command"}),
        );
        put(
            app,
            "unit_name",
            json!({"unit": second, "name": "Bataillon d'essai"}),
        );
        incident_against(app, second);
        let of: Vec<(RecordId, RecordId)> = [first, second, company]
            .map(|u| {
                let c = candidate(app, request, u);
                (c, clear(app, request, c))
            })
            .into();
        let elsewhere = candidate(app, request, unit(app, "Another Battalion"));
        let other = clear(app, request, elsewhere);
        assert!(titles(&page(app, first)).is_empty());

        let plan = app.merge_plan(&analyst, second, first).unwrap();
        assert_eq!(plan.names, ["Bataillon d'essai", "First Testing Battalion"]);
        assert_eq!(
            plan.reopened.len(),
            3,
            "both and the company under one of them"
        );
        assert!(plan.second.unwrap().contains("two persons"));

        let versions = ((second, 1), (first, 1));
        let id = app
            .propose_merge(&analyst, versions.0, versions.1, "The same garrison")
            .unwrap();
        // Proposed is not done: but the decisions are open, for a fact is in doubt.
        assert!(titles(&page(app, first)).is_empty());
        assert!(matches!(
            app.decide_merge(&analyst, (id, 1), MergeVerdict::Confirm, ""),
            Err(AppError::NotPermitted(_))
        ));
        app.decide_merge(&reviewer, (id, 1), MergeVerdict::Confirm, "")
            .unwrap();

        let now = page(app, first);
        assert_eq!(titles(&now), ["Alleged beating"]);
        assert_eq!(now.joined.len(), 1);
        assert_eq!(now.names[0].body["name"], "Bataillon d'essai");
        let gone = page(app, second);
        assert_eq!(
            gone.went,
            Some((first.to_string(), "1 Test Battalion".to_owned()))
        );
        assert_eq!(
            titles(&page(app, company)),
            ["Alleged beating"],
            "from the unit over it"
        );
        for (candidate, decision) in of {
            assert_eq!(state(app, "vetting_decision", decision), "reopened");
            assert_eq!(state(app, "vetting_candidate", candidate), "reopened");
        }
        assert_eq!(state(app, "vetting_decision", other), "in_force");
    });
}

#[test]
fn a_split_takes_two_persons_opens_decisions_again_and_leaves_each_as_it_was() {
    on_each_engine(|app| {
        let (analyst, reviewer) = pair(app);
        let request = request(app, &analyst);
        let (first, second) = (
            unit(app, "1 Test Battalion"),
            unit(app, "First Testing Battalion"),
        );
        incident_against(app, second);
        let before = [told(app, first), told(app, second)];
        let id = merge(app, second, first).unwrap();
        assert_ne!([told(app, first), told(app, second)], before);
        let one = candidate(app, request, first);
        let decision = clear(app, request, one);
        assert!(matches!(
            app.propose_split(&analyst, (id, 2), "  "),
            Err(AppError::Faults(_))
        ));
        app.propose_split(&analyst, (id, 2), "Two garrisons after all")
            .unwrap();
        assert_eq!(
            page(app, first).joined.len(),
            1,
            "not before another agrees"
        );
        app.decide_merge(
            &reviewer,
            (id, 3),
            MergeVerdict::Refuse,
            "No: one commander",
        )
        .unwrap();
        assert_eq!(state(app, "unit_merge", id), "merged");
        split(app, id);
        assert_eq!([told(app, first), told(app, second)], before);
        assert_eq!(state(app, "vetting_decision", decision), "reopened");
        // Every step stands in the history.
        let steps = app.store.versions(&app.system(), "unit_merge", id).unwrap();
        assert_eq!(steps.len(), 6);
        // And they can be merged again, the other way round.
        merge(app, first, second).unwrap();
        assert_eq!(page(app, first).went.unwrap().0, second.to_string());
    });
}

#[test]
fn what_would_lead_in_a_ring_or_over_a_border_is_refused_and_says_why() {
    on_sqlite(|app| {
        accounts(app);
        let units: Vec<RecordId> = (1..4)
            .map(|n| unit(app, &format!("{n} Test Battalion")))
            .collect();
        merge(app, units[0], units[1]).unwrap();
        merge(app, units[1], units[2]).unwrap();
        let told = |e: AppError| e.to_string();
        assert!(told(merge(app, units[2], units[0]).unwrap_err()).contains("in a ring"));
        assert!(told(merge(app, units[0], units[0]).unwrap_err()).contains("into itself"));
        let fourth = unit(app, "4 Test Battalion");
        assert!(told(merge(app, units[0], fourth).unwrap_err()).contains("a third unit"));
        let draft = Draft {
            partner: "NER".to_owned(),
            label: Some(symbolon_domain::label::Label::internal("USA")),
            body: json!({"name": "Over the border"}),
            ..Draft::default()
        };
        let abroad = app
            .create(&app.system(), "unit", draft, "", None)
            .unwrap()
            .id;
        assert!(told(merge(app, fourth, abroad).unwrap_err()).contains("two countries"));
        // All three are one, and the last stays.
        for one in &units[..2] {
            assert_eq!(page(app, *one).went.unwrap().0, units[2].to_string());
        }
    });
}

#[test]
fn only_who_vets_proposes_and_no_form_file_or_undo_goes_around_the_second_person() {
    on_sqlite(|app| {
        accounts(app);
        let (analyst, reviewer) = pair(app);
        let (first, second) = (
            unit(app, "1 Test Battalion"),
            unit(app, "First Testing Battalion"),
        );
        let desk = person(app, "desk", Role::DeskOfficer);
        for who in [&desk, &reviewer] {
            let tried = app.propose_merge(who, (second, 1), (first, 1), "Like names");
            assert!(matches!(tried, Err(AppError::NotPermitted(_))));
        }
        let body = json!({"kept": first, "merged": second, "grounds": "By the form"});
        let draft = |body: Value| Draft {
            partner: "MLI".to_owned(),
            label: Some(symbolon_domain::label::Label::internal("USA")),
            body,
            ..Draft::default()
        };
        let made = app.create(&analyst, "unit_merge", draft(body.clone()), "", None);
        assert!(
            matches!(made, Err(AppError::NotPermitted(why)) if why.contains("page of the unit"))
        );
        let id = app
            .propose_merge(&analyst, (second, 1), (first, 1), "The same garrison")
            .unwrap();
        let edited = app.edit(&analyst, ("unit_merge", id), 1, draft(body), "", None);
        assert!(matches!(edited, Err(AppError::NotPermitted(_))));
        let stale = app.decide_merge(&reviewer, (id, 7), MergeVerdict::Confirm, "");
        assert!(matches!(stale, Err(AppError::Conflict(_))), "{stale:?}");
        app.decide_merge(&analyst, (id, 1), MergeVerdict::Withdraw, "")
            .unwrap();
        assert_eq!(state(app, "unit_merge", id), "withdrawn");
        assert!(page(app, second).went.is_none());
    });
}

#[test]
fn a_candidate_is_screened_by_the_names_of_every_record_that_is_one_with_its_unit() {
    on_sqlite(|app| {
        let (analyst, _) = pair(app);
        let request = request(app, &analyst);
        let (first, second) = (
            unit(app, "Garrison of Testville"),
            unit(app, "Zubrowka Parachute Regiment"),
        );
        list(
            app,
            (2025, 1),
            "7,unit,Zubrowka Parachute Regiment,PROGRAMME-X\n",
        )
        .unwrap();
        let one = candidate(app, request, first);
        let file = || app.open_vetting_file(&analyst, request, "Look").unwrap();
        let hits = || app.in_vetting_file(&file(), "screening_hit", one).unwrap();
        assert!(hits().is_empty());
        merge(app, second, first).unwrap();
        assert_eq!(hits().len(), 1, "the listed name is now one of its names");
        assert_eq!(hits()[0].body["asked_name"], "Zubrowka Parachute Regiment");
        let bench = app.vetting_bench(&file(), one).unwrap();
        let names: Vec<_> = bench
            .other_names
            .iter()
            .map(|n| n.body["name"].clone())
            .collect();
        assert_eq!(names, ["Zubrowka Parachute Regiment"]);
        assert!(
            app.look_back(
                &analyst,
                &LookBack {
                    country: "MLI".into(),
                    ..LookBack::default()
                }
            )
            .is_ok()
        );
    });
}

#[test]
fn a_gate_refuses_a_unit_that_is_one_with_a_barred_one_and_takes_a_clearance_of_either() {
    on_sqlite(|app| {
        let t = programme::Thread::new(app);
        let initiative = t.initiative();
        t.indicator(initiative);
        t.steps(&t.lawyer, "initiative", initiative, &["lock_baseline"]);
        let (unit, other) = (t.unit(), t.unit_named("First Boat Sqn"));
        let begun = |state: &str| {
            t.put(
                "unit_merge",
                "one",
                state,
                json!({"kept": unit, "merged": other, "grounds": "One quay"}),
            );
            let visit = t.make(&t.manager, "advisory_visit", json!({"title": format!("Talks {state}"), "initiative": initiative,
                "authority": "incle", "unit": unit, "actual_from": "2025-12-30", "aid": "training", "recipient": "military"}));
            let rule = "us.process.vetted-before-delivery".to_owned();
            let done = t.step(&t.manager, "advisory_visit", visit, "begin");
            !matches!(done, Err(AppError::Gate(shut)) if shut.refusals.iter().any(|r| r.rule == rule))
        };
        let (from, until) = (
            jiff::civil::date(2025, 1, 1),
            jiff::civil::date(2026, 12, 31),
        );
        t.vet(other, true, from, until);
        assert!(!begun("proposed"), "the clearance is another unit's");
        assert!(begun("merged"), "it is this unit's");
        let barred = json!({"unit": other, "law": "state", "listed_on": "2025-06-01"});
        t.put("barred_unit", "one", "listed", barred);
        t.vet(unit, true, from, until);
        assert!(!begun("merged"), "what bars either bars the unit");
        assert!(begun("split"), "each is judged by itself again");
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// Six units with parents, names and incidents; some are merged one after the other and taken apart in the
    /// opposite order: every page is as it was, at every step.
    #[test]
    fn merged_and_split_again_every_page_is_as_it_was(
        parents in prop::collection::vec(0usize..6, 6),
        hit in prop::collection::vec(0usize..6, 0..3),
        tried in prop::collection::vec((0usize..6, 0usize..6), 1..4),
    ) {
        on_sqlite(|app| {
            accounts(app);
            let units: Vec<RecordId> = (0..6).map(|i| unit(app, &format!("{i} Test Battalion"))).collect();
            for i in 0..6 {
                if parents[i] != i {
                    put(app, "unit_parent", json!({"unit": units[i], "parent": units[parents[i]], "relation": "command"}));
                }
                put(app, "unit_name", json!({"unit": units[i], "name": format!("Name of {i}")}));
            }
            for i in &hit {
                incident_against(app, units[*i]);
            }
            let all = || -> Vec<Vec<String>> { units.iter().map(|u| told(app, *u)).collect() };
            let mut done = vec![];
            for (merged, kept) in &tried {
                let before = all();
                match merge(app, units[*merged], units[*kept]) {
                    Ok(id) => done.push((id, before)),
                    Err(e) => assert!(matches!(e, AppError::Conflict(_)), "{e}"),
                }
                // Each group has one that stays, and nobody merged away is shown as a unit of its own.
                for u in &units {
                    if let Some((stays, _)) = page(app, *u).went {
                        assert!(page(app, stays.parse().unwrap()).went.is_none());
                    }
                }
            }
            while let Some((id, before)) = done.pop() {
                split(app, id);
                assert_eq!(all(), before);
            }
        });
    }
}
