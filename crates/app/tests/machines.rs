//! Every machine with a gate, walked at random by everybody who takes part: what passed had its reasons, which
//! are kept beside it; what was refused names rules that exist, with clause and way out.
#![allow(clippy::unwrap_used, reason = "tests stop where something is wrong")]

mod common;
#[path = "common/thread.rs"]
mod programme;

use common::on_sqlite;
use jiff::civil::{Date, date};
use programme::Thread;
use proptest::{
    prelude::*,
    test_runner::{RngAlgorithm, TestCaseError, TestRng, TestRunner},
};
use serde_json::{Value, json};
use std::{cell::RefCell, collections::BTreeMap};
use symbolon_app::{App, AppError};
use symbolon_domain::{
    kinds,
    record::{Record, RecordId},
};

/// Moves that a gate stands before, by kind: written down here a second time, so that a gate which is taken
/// away fails the walk.
const GATES: &[(&str, &str)] = &[
    ("initiative", "lock_baseline"),
    ("funding_choice", "clear"),
    ("notice", "clear"),
    ("case", "offer"),
    ("case", "implement"),
    ("case", "complete"),
    ("case", "close_final"),
    ("case_document", "implement"),
    ("case_line", "order"),
    ("shipment", "ship"),
    ("shipment", "hand_over"),
    ("training_line", "start"),
    ("travel_order", "issue"),
    ("travel_order", "travel"),
    ("advisory_visit", "begin"),
    ("ledger_entry", "certify"),
];

/// How often each gate was passed and refused.
type Tally = BTreeMap<(&'static str, &'static str), (usize, usize)>;

/// A programme with a record of every machine, each filled in as far as its moves need.
struct Machines<'a> {
    t: Thread<'a>,
    all: Vec<(&'static str, RecordId)>,
    unit: RecordId,
    person: RecordId,
}

fn day(body: &Value, field: &str) -> Option<Date> {
    body[field].as_str().and_then(|d| d.parse().ok())
}

impl<'a> Machines<'a> {
    /// `late`: the notice was received so lately that its days have not run.
    fn new(app: &'a App, late: bool) -> Self {
        let t = Thread::new(app);
        let initiative = t.initiative();
        let indicator = t.make(&t.desk, "indicator", json!({
            "title": "Hours", "initiative": initiative, "unit_of_measure": "hours", "baseline": "1",
            "baseline_on": "2025-06-01", "target": "2", "target_on": "2027-06-01",
        }));
        let choice = t.make(&t.desk, "funding_choice", json!({
            "title": "Sale", "initiative": initiative, "authority": "fms", "aid": "equipment", "recipient": "military",
            "purpose": "self-defence", "grounds": "The purchaser pays", "total_value": "5000000.00", "currency": "USD",
        }));
        let notice = t.make(&t.manager, "notice", json!({
            "title": "Boats", "initiative": initiative, "notice_type": "aeca-36b", "authority": "fms", "content": "Boats",
            "interagency_cleared": "2025-08-01", "received": if late { "2025-12-20" } else { "2025-08-20" },
            "total_value": "60000000.00", "mde_value": "0.00", "currency": "USD",
        }));
        let barred = t.make(&t.desk, "funding_choice", json!({
            "title": "Grant", "initiative": initiative, "authority": "eda-grant", "aid": "equipment", "recipient": "military",
            "purpose": "self-defence", "grounds": "Boats from stock", "total_value": "5000000.00", "currency": "USD",
        }));
        let case = t.sale(initiative);
        t.set(
            &t.manager,
            "case",
            case,
            json!({"offered": "2025-10-01", "offer_expires": "2025-12-31",
            "accepted": "2025-11-15", "unliquidated": "0.00", "money_evidence": ""}),
        )
        .unwrap();
        let document = t.make(&t.manager, "case_document", json!({
            "title": "More boats", "case": case, "document_type": "modification", "number": 1, "change": "Two more",
            "value_change": "100000.00", "sent": "2025-11-20", "implemented": "2025-12-01",
        }));
        let unit = t.unit();
        let (line, shipment) = t.line_and_shipment(case, unit);
        t.set(&t.manager, "shipment", shipment, json!({"quantity": 4, "arrived": "2025-12-27", "arrived_evidence": "Log",
            "handed_over": "2025-12-29", "handed_over_evidence": "DD 1149", "received_by": "Cdr Otieno"}))
            .unwrap();
        let course = t.make(&t.trainer, "training_line", json!({
            "title": "Engines", "case": case, "number": "KE-1", "quantity": 1, "unit": unit, "planned_from": "2025-12-01",
            "actual_from": "2025-12-20", "actual_until": "2025-12-30", "completed": 1, "currency": "USD",
        }));
        let person = t.make(&t.desk, "person", json!({"name": "Amina Invented"}));
        let order = t.make(&t.trainer, "travel_order", json!({
            "line": course, "person": person, "number": "ITO-1", "passport_name": "INVENTED AMINA",
            "travel_from": "2025-12-28", "travel_until": "2026-01-20", "issued": "2025-12-20", "returned": "2025-12-31",
        }));
        let visit = t.make(&t.manager, "advisory_visit", json!({"title": "Talks", "initiative": initiative,
            "authority": "incle", "aid": "training", "recipient": "military", "unit": unit, "actual_from": "2025-12-30", "actual_until": "2025-12-31", "outcome": "Done"}));
        let wrong = t.make(&t.manager, "discrepancy", json!({
            "title": "Mast bent", "shipment": shipment, "discrepancy_type": "damaged", "reported": "2025-12-30",
            "finding": "So it is", "settlement": "Replaced",
        }));
        let fund = t.fund("900000.00");
        let small = t.entry("commitment", fund, Some(case), None, "500000.00");
        let large = t.entry("commitment", fund, Some(case), None, "600000.00");
        let all = vec![
            ("initiative", initiative),
            ("indicator", indicator),
            ("funding_choice", choice),
            ("funding_choice", barred),
            ("notice", notice),
            ("case", case),
            ("case", case),
            ("case_document", document),
            ("case_line", line),
            ("shipment", shipment),
            ("shipment", shipment),
            ("training_line", course),
            ("travel_order", order),
            ("advisory_visit", visit),
            ("discrepancy", wrong),
            ("ledger_entry", small),
            ("ledger_entry", large),
        ];
        Self {
            t,
            all,
            unit,
            person,
        }
    }

    /// Makes the programme's way up to a point, so that walks begin where there is something to get past.
    fn advance(&self, level: usize) {
        let t = &self.t;
        let id = |kind: &str| self.all.iter().find(|(k, _)| *k == kind).unwrap().1;
        let steps = |by, kind, codes: &[&str]| t.steps(by, kind, id(kind), codes);
        if level > 0 {
            steps(&t.desk, "indicator", &["set"]);
            steps(&t.lawyer, "initiative", &["lock_baseline"]);
        }
        let told = ["draft", "clear_interagency", "notify"];
        steps(&t.liaison, "notice", &told);
        if level > 1 {
            self.vet(true, date(2026, 12, 31));
            steps(&t.liaison, "notice", &["clear"]);
            steps(&t.manager, "case", &["offer", "accept"]);
        }
        if level > 2 {
            steps(&t.certifier, "ledger_entry", &["certify"]);
            steps(&t.manager, "case", &["implement"]);
            steps(&t.manager, "case_line", &["order"]);
            steps(&t.trainer, "training_line", &["schedule"]);
        }
        if level > 3 {
            steps(&t.manager, "shipment", &["ship", "arrive"]);
            steps(&t.trainer, "training_line", &["start"]);
            steps(&t.manager, "discrepancy", &["log", "evaluate"]);
        }
    }

    /// Vets unit and person from a day on, or lets their result lapse before it.
    fn vet(&self, holds: bool, last: Date) {
        self.t.vet(self.unit, holds, date(2025, 1, 1), last);
        for law in ["state", "defense"] {
            let request = RecordId::named("vetting_request", law);
            let body = json!({"request": request, "person": self.person, "law": law, "cleared_from": "2025-01-01",
                "cleared_until": last.tomorrow().unwrap()});
            let state = if holds { "cleared" } else { "suspended" };
            self.t.put(
                "vetting_candidate",
                &format!("{law}-{}", self.person),
                state,
                body,
            );
        }
    }

    fn of(&self, kind: &str) -> Vec<Record> {
        let query = symbolon_store::query::RecordQuery::default();
        let app = self.t.app;
        app.store.list(&app.system(), kind, &query).unwrap()
    }

    fn state(&self, kind: &str) -> String {
        self.of(kind).remove(0).envelope.state
    }

    /// What must be so at the moment a gate passes, looked up beside the gates.
    fn had_its_reasons(&self, kind: &str, code: &str, record: &Record) {
        let indicator = || assert_eq!(self.state("indicator"), "set");
        let locked = || assert_eq!(self.state("initiative"), "baseline_locked");
        let told = || {
            let state = self.state("notice");
            assert!(
                ["cleared", "withdrawn"].contains(&state.as_str()),
                "{state}"
            );
        };
        let in_force = || assert_eq!(self.state("case"), "implemented");
        let vetted = |field: &str| {
            let on = day(&record.body, field).unwrap();
            assert!(self.t.is_vetted(self.unit, on), "{kind} {code} on {on}");
        };
        match (kind, code) {
            ("initiative", _) => indicator(),
            ("case", "offer") => {
                indicator();
                told();
            }
            ("case", "complete" | "close_final") => {
                let handed = self.of("shipment")[0].envelope.state == "handed_over";
                let line = &self.of("case_line")[0].envelope.state;
                assert!(handed || line == "cancelled", "{line}");
                let course = self.state("training_line");
                assert!(
                    ["completed", "cancelled"].contains(&course.as_str()),
                    "{course}"
                );
                if code == "close_final" {
                    assert_eq!(self.state("discrepancy"), "closed");
                }
            }
            ("case_line", _) => in_force(),
            ("shipment", "ship") => {
                locked();
                in_force();
                told();
                vetted("shipped");
            }
            ("shipment", _) => vetted("handed_over"),
            ("training_line", _) => {
                locked();
                in_force();
                told();
                vetted("actual_from");
            }
            ("travel_order", _) => {
                locked();
                in_force();
                let on = day(&record.body, "travel_from").unwrap();
                let query = self.of("vetting_candidate");
                let mut mine = query
                    .iter()
                    .filter(|c| c.body["person"] == self.person.to_string().as_str());
                let holds = |c: &Record| {
                    c.envelope.state == "cleared" && day(&c.body, "cleared_until").unwrap() > on
                };
                assert!(mine.clone().count() == 2 && mine.all(holds));
            }
            ("advisory_visit", _) => {
                locked();
                vetted("actual_from");
            }
            ("ledger_entry", _) => {
                let fund = self.of("fund_source").remove(0);
                let committed = fund.body["committed"].as_str().unwrap();
                assert!(
                    committed.parse::<f64>().unwrap() <= 900_000.0,
                    "{committed}"
                );
            }
            _ => {}
        }
    }
}

#[test]
fn every_machine_passes_its_gates_with_reasons_and_is_refused_by_rules_that_exist() {
    let config = ProptestConfig {
        cases: 40,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let acts = prop::collection::vec((0_usize..17, 0_usize..16, 0_u8..12), 120);
    let tally = RefCell::new(Tally::new());
    // The same walks each time: whether each gate was tried is asked at the end.
    let chance = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let run = TestRunner::new_with_rng(config, chance).run(&acts, |acts| {
        on_sqlite(|app| walked(app, &acts, &mut tally.borrow_mut()))
    });
    run.unwrap();
    let tally = tally.into_inner();
    // A gate that nobody passed, or that stopped nobody, was not tried.
    for gate in GATES {
        let (passed, refused) = tally.get(gate).copied().unwrap_or_default();
        assert!(
            passed > 0 && refused > 0,
            "{gate:?}: {passed} passed, {refused} refused; {tally:?}"
        );
    }
}

fn walked(app: &App, acts: &[(usize, usize, u8)], tally: &mut Tally) -> Result<(), TestCaseError> {
    let level = acts[0].1 % 5;
    let m = Machines::new(app, level == 0 && acts[0].0.is_multiple_of(2));
    m.advance(level);
    let t = &m.t;
    let book = app.law.current().unwrap();
    for (which, at, chance) in acts {
        if *chance == 0 {
            m.vet(
                at % 4 != 0,
                if at % 2 == 0 {
                    date(2025, 12, 25)
                } else {
                    date(2026, 12, 31)
                },
            );
            continue;
        }
        let (kind, id) = m.all[which % m.all.len()];
        let def = kinds::by_code(kind).unwrap();
        let record = t.get(kind, id);
        let wanted = |v: &&symbolon_domain::kind::Transition| {
            *chance == 1 || (v.leads_from(&record.envelope.state) && (!v.reason || *chance == 2))
        };
        let leads: Vec<_> = def.transitions.iter().filter(wanted).collect();
        let Some(step) = leads.get(at % leads.len().max(1)) else {
            continue;
        };
        let by = [
            &t.desk,
            &t.manager,
            &t.lawyer,
            &t.certifier,
            &t.liaison,
            &t.trainer,
        ];
        let done = by
            .iter()
            .map(|who| t.step(who, kind, id, step.code))
            .find(|done| !matches!(done, Err(AppError::NotPermitted(_))));
        let gate = GATES.iter().find(|g| **g == (kind, step.code));
        match (done, gate) {
            (Some(Ok(_)), Some(gate)) => {
                let record = t.get(kind, id);
                m.had_its_reasons(kind, step.code, &record);
                let why = app
                    .why_allowed(&app.system(), kind, &id.to_string())
                    .unwrap();
                prop_assert_eq!(&why[0].step, step.name, "its reasons stand beside it");
                let decided = why[0].rules.iter().any(|r| r.decided);
                prop_assert!(decided || kind == "funding_choice", "{:?}", why[0]);
                tally.entry(*gate).or_default().0 += 1;
            }
            (Some(Err(AppError::Gate(shut))), gate) => {
                prop_assert!(
                    gate.is_some() || kind == "case" || kind == "case_document",
                    "{} {}",
                    kind,
                    step.code
                );
                prop_assert_eq!(&t.get(kind, id).envelope.state, &record.envelope.state);
                prop_assert!(!shut.refusals.is_empty());
                for r in &shut.refusals {
                    prop_assert!(book.book.rules.iter().any(|b| b.id == r.rule), "{}", r.rule);
                    prop_assert!(!r.clauses.is_empty() && !r.opens.is_empty(), "{}", r);
                }
                if let Some(gate) = gate {
                    tally.entry(*gate).or_default().1 += 1;
                }
            }
            _ => {}
        }
    }
    Ok(())
}
