//! No decision stays in force on other facts than it was made on, whatever changes and in whatever order.
#![allow(clippy::unwrap_used, reason = "tests stop where something is wrong")]

mod common;

use common::on_sqlite;
use common::vetted::*;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use symbolon_app::{App, vetting::MergeVerdict};
use symbolon_domain::{
    kinds::VettingLaw,
    record::{Record, RecordId},
};
use symbolon_store::query::RecordQuery;

/// Something that happens to the unit or person of a number.
#[derive(Clone, Copy, Debug)]
enum Step {
    Incident(usize),
    Accused(usize),
    Command(usize, usize),
    Parent(usize, usize),
    Bar(usize),
    Lift,
    Remedy(usize),
    Settle,
    Listed(usize),
    Delisted,
    Alias(usize, usize),
    Merge(usize, usize),
    Split,
    Clear(usize),
}

const UNITS: usize = 5;

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let unit = 0..UNITS;
    let two = || (0..UNITS, 0..UNITS);
    let step = prop_oneof![
        unit.clone().prop_map(Step::Incident),
        unit.clone().prop_map(Step::Accused),
        two().prop_map(|(p, u)| Step::Command(p, u)),
        two().prop_map(|(u, p)| Step::Parent(u, p)),
        unit.clone().prop_map(Step::Bar),
        Just(Step::Lift),
        unit.clone().prop_map(Step::Remedy),
        Just(Step::Settle),
        unit.clone().prop_map(Step::Listed),
        Just(Step::Delisted),
        two().prop_map(|(u, n)| Step::Alias(u, n)),
        two().prop_map(|(m, k)| Step::Merge(m, k)),
        Just(Step::Split),
        unit.prop_map(Step::Clear),
    ];
    prop::collection::vec(step, 4..12)
}

/// Words that are like no other, so that a name on a list is like one unit alone.
const WORDS: [&str; UNITS] = [
    "Zanzibartest",
    "Quixotest",
    "Marmalatest",
    "Wolframtest",
    "Jabberwotest",
];

struct Scene<'a> {
    app: &'a App,
    request: RecordId,
    units: Vec<RecordId>,
    persons: Vec<RecordId>,
    candidates: Vec<RecordId>,
    merges: Vec<RecordId>,
    listed: BTreeSet<usize>,
    month: i8,
}

fn all(app: &App, kind: &str) -> Vec<Record> {
    app.store
        .list(&app.system(), kind, &RecordQuery::default())
        .unwrap()
}

/// Moves the first record of a kind from a state to another, if there is one.
fn moved(app: &App, kind: &str, from: &str, to: &str, more: Value) {
    if let Some(mut found) = all(app, kind)
        .into_iter()
        .find(|r| r.envelope.state == from)
    {
        found.envelope.state = to.to_owned();
        for (name, value) in more.as_object().unwrap() {
            found.body[name] = value.clone();
        }
        write(app, found.envelope, found.body, &format!("{kind}.edit"));
    }
}

/// What the records say of a unit: what reaches it, who is barred near it, what lists have like it. Read by other
/// ways than the rule that opens decisions again.
fn told(app: &App, unit: RecordId, candidate: RecordId) -> BTreeSet<String> {
    let page = app.unit_page(&pair(app).0, unit, None).unwrap();
    let mut told = BTreeSet::new();
    for one in page.reached.iter().flatten() {
        told.insert(format!(
            "{} {} {:?}",
            one.incident.envelope.id, one.incident.envelope.state, one.through
        ));
    }
    for law in VettingLaw::ALL {
        let under = app.under_law_now("unit", unit, law).unwrap();
        for bar in under
            .bars
            .iter()
            .filter(|b| b.record.envelope.kind == "barred_unit")
        {
            told.insert(format!("{law:?} {} {:?}", bar.record.envelope.id, bar.near));
        }
    }
    let own: Vec<String> = page
        .joined
        .iter()
        .chain([&page.unit])
        .map(|r| r.envelope.id.to_string())
        .collect();
    for remedy in all(app, "remediation") {
        if own.iter().any(|id| remedy.body["unit"] == **id) {
            told.insert(format!("{} {}", remedy.envelope.id, remedy.envelope.state));
        }
    }
    for hit in all(app, "screening_hit") {
        if hit.body["candidate"] == candidate.to_string() && hit.envelope.state != "gone" {
            told.insert(format!("{} v{}", hit.envelope.id, hit.envelope.version));
        }
    }
    told
}

impl Scene<'_> {
    fn go(&mut self, step: Step) {
        let app = self.app;
        let (analyst, reviewer) = pair(app);
        match step {
            Step::Incident(u) => incident_against(app, self.units[u]),
            Step::Accused(p) => {
                let incident = put(
                    app,
                    "incident",
                    json!({"title": format!("Alleged order {p} {}", self.month),
                    "violation": "torture", "began": "2024-03", "alleged_by": "An invented monitor"}),
                );
                self.month += 1;
                put(
                    app,
                    "incident_party",
                    json!({"incident": incident, "person": self.persons[p], "part": "commander"}),
                );
            }
            Step::Command(p, u) => {
                let body = json!({"person": self.persons[p], "unit": self.units[u], "position": "commander", "commands": true});
                drop(self.tried("posting", body));
            }
            Step::Parent(u, p) if u != p => {
                let body =
                    json!({"unit": self.units[u], "parent": self.units[p], "relation": "command"});
                drop(self.tried("unit_parent", body));
            }
            Step::Bar(u) => drop(self.tried(
                "barred_unit",
                json!({"unit": self.units[u], "law": "state", "listed_on": "2025-06-01"}),
            )),
            Step::Lift => moved(app, "barred_unit", "listed", "lifted", json!({})),
            Step::Remedy(u) => drop(self.tried(
                "remediation",
                json!({"unit": self.units[u], "law": "state", "steps": "A trial"}),
            )),
            Step::Settle => moved(app, "incident", "alleged", "not_credible", json!({})),
            Step::Listed(u) => self.lists(|l| l.extend([u])),
            Step::Delisted => self.lists(BTreeSet::clear),
            Step::Alias(u, n) => {
                drop(self.tried(
                    "unit_name",
                    json!({"unit": self.units[u], "name": format!("{} Group", WORDS[n])}),
                ));
            }
            Step::Merge(m, k) => {
                let version = |u: usize| {
                    (
                        self.units[u],
                        app.store
                            .get(&app.system(), "unit", self.units[u])
                            .unwrap()
                            .unwrap()
                            .envelope
                            .version,
                    )
                };
                if let Ok(id) = app.propose_merge(&analyst, version(m), version(k), "One garrison")
                {
                    app.decide_merge(&reviewer, (id, 1), MergeVerdict::Confirm, "")
                        .unwrap();
                    self.merges.push(id);
                }
            }
            Step::Split => {
                if let Some(id) = self.merges.pop() {
                    let version = || app.merge(&analyst, id).unwrap().0.envelope.version;
                    app.propose_split(&analyst, (id, version()), "Two after all")
                        .unwrap();
                    app.decide_merge(&reviewer, (id, version()), MergeVerdict::Confirm, "")
                        .unwrap();
                }
            }
            Step::Clear(u) => self.clear(u),
            Step::Parent(..) => {}
        }
    }

    fn tried(&self, kind: &str, body: Value) -> Result<(), symbolon_app::AppError> {
        let draft = symbolon_app::Draft {
            partner: "MLI".to_owned(),
            label: Some(symbolon_domain::label::Label::internal("USA")),
            body,
            ..symbolon_app::Draft::default()
        };
        self.app
            .create(&self.app.system(), kind, draft, "", None)
            .map(drop)
    }

    fn lists(&mut self, change: impl FnOnce(&mut BTreeSet<usize>)) {
        change(&mut self.listed);
        self.month += 1;
        let row = |u: &usize| format!("{u},entity,{} Group,A\n", WORDS[*u]);
        let rows: String = self.listed.iter().map(row).collect();
        let year = 2000 + i16::from(self.month);
        list(
            self.app,
            (year, 1),
            &format!("99,entity,Nobody At All,A\n{rows}"),
        )
        .unwrap();
    }

    /// Clears a unit anew, where nothing that is like it waits for an answer.
    fn clear(&self, u: usize) {
        let of = self.candidates[u];
        let waits = all(self.app, "screening_hit").into_iter().any(|h| {
            h.body["candidate"] == of.to_string()
                && !["gone", "resolved"].contains(&h.envelope.state.as_str())
        });
        if !waits && state(self.app, "vetting_candidate", of) != "cleared" {
            clear(self.app, self.request, of);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_no_decision_outlives_its_facts(steps in steps()) {
        on_sqlite(|app| {
            let (analyst, _) = pair(app);
            let request = request(app, &analyst);
            let units: Vec<RecordId> = WORDS.iter().map(|w| unit(app, &format!("{w} Battalion"))).collect();
            let persons = WORDS.iter().map(|w| put(app, "person", json!({"name": format!("Colonel {w}")}))).collect();
            let candidates: Vec<RecordId> = units.iter().map(|u| candidate(app, request, *u)).collect();
            let mut scene = Scene { app, request, units, persons, candidates, merges: vec![], listed: BTreeSet::new(), month: 1 };
            (0..UNITS).for_each(|u| scene.clear(u));
            let now = |scene: &Scene<'_>| -> Vec<BTreeSet<String>> {
                let each = scene.units.iter().zip(&scene.candidates);
                each.map(|(u, c)| told(app, *u, *c)).collect()
            };
            let mut before = now(&scene);
            for step in &steps {
                let held: Vec<bool> = scene.candidates.iter().map(|c| state(app, "vetting_candidate", *c) == "cleared").collect();
                scene.go(*step);
                let after = now(&scene);
                for u in (0..UNITS).filter(|u| held[*u] && before[*u] != after[*u]) {
                    let state = state(app, "vetting_candidate", scene.candidates[u]);
                    assert_eq!(state, "reopened", "unit {u} after {step:?} of {steps:?}: {:?} became {:?}", before[u], after[u]);
                }
                before = after;
            }
        });
    }
}
