//! A programme from gap to case, made through the use cases, with persons of every part.
#![allow(
    clippy::unwrap_used,
    dead_code,
    reason = "tests stop where something is wrong; each uses part of it"
)]

use jiff::civil::{Date, date};
use serde_json::{Value, json};
use std::sync::Arc;
use symbolon_access::{Actor, Viewer};
use symbolon_app::{App, AppError, Draft};
use symbolon_domain::{
    date::ValidTime,
    kinds::{self, Role, Standing},
    label::Label,
    record::{Envelope, Record, RecordId},
};
use symbolon_store::{Change, Written};

/// Somebody of the United States in a role.
pub fn person(app: &App, role: Role, name: &str) -> Viewer {
    Viewer {
        actor: Actor::Account {
            id: RecordId::named("account", name),
            name: name.into(),
            role,
            nation: "USA".parse().unwrap(),
            standing: Arc::new(Standing {
                clearances: [("US".to_owned(), "controlled".to_owned())].into(),
                programmes: ["*".to_owned()].into(),
                ..Standing::default()
            }),
        },
        stepped_up: true,
        ..app.public()
    }
}

/// A programme in the making.
pub struct Thread<'a> {
    pub app: &'a App,
    pub desk: Viewer,
    pub manager: Viewer,
    pub lawyer: Viewer,
    pub money: Viewer,
    pub certifier: Viewer,
    pub liaison: Viewer,
    pub trainer: Viewer,
}

impl<'a> Thread<'a> {
    pub fn new(app: &'a App) -> Self {
        Self {
            app,
            desk: person(app, Role::DeskOfficer, "Desk"),
            manager: person(app, Role::CaseManager, "Manager"),
            lawyer: person(app, Role::LegalReviewer, "Lawyer"),
            money: person(app, Role::FinancialManager, "Money"),
            certifier: person(app, Role::FinancialManager, "Certifier"),
            liaison: person(app, Role::CongressionalLiaison, "Liaison"),
            trainer: person(app, Role::TrainingManager, "Trainer"),
        }
    }

    pub fn make(&self, by: &Viewer, kind: &str, body: Value) -> RecordId {
        self.try_make(by, kind, body).unwrap().id
    }

    pub fn try_make(&self, by: &Viewer, kind: &str, body: Value) -> Result<Written, AppError> {
        let of_partner = kinds::by_code(kind).unwrap().of_partner;
        let draft = Draft {
            partner: if of_partner {
                "KEN".to_owned()
            } else {
                String::new()
            },
            body,
            ..Draft::default()
        };
        self.app.create(by, kind, draft, "", None)
    }

    pub fn get(&self, kind: &str, id: RecordId) -> Record {
        self.app
            .store
            .get(&self.app.system(), kind, id)
            .unwrap()
            .unwrap()
    }

    pub fn set(
        &self,
        by: &Viewer,
        kind: &str,
        id: RecordId,
        fields: Value,
    ) -> Result<Written, AppError> {
        let now = self.get(kind, id);
        let draft = Draft::of(&now).patched(&fields);
        self.app
            .edit(by, (kind, id), now.envelope.version, draft, "", None)
    }

    pub fn step(
        &self,
        by: &Viewer,
        kind: &str,
        id: RecordId,
        code: &str,
    ) -> Result<Written, AppError> {
        let version = self.get(kind, id).envelope.version;
        self.app
            .transition(by, (kind, id), version, code, "as agreed")
    }

    pub fn steps(&self, by: &Viewer, kind: &str, id: RecordId, codes: &[&str]) {
        for code in codes {
            let done = self.step(by, kind, id, code);
            assert!(done.is_ok(), "{kind} {code}: {}", done.unwrap_err());
        }
    }

    /// The rules that a gate refuses by.
    pub fn refused(&self, by: &Viewer, kind: &str, id: RecordId, code: &str) -> Vec<String> {
        match self.step(by, kind, id, code) {
            Err(AppError::Gate(shut)) => shut.refusals.iter().map(|r| r.rule.clone()).collect(),
            other => panic!("{kind} {code} was not refused by a gate: {other:?}"),
        }
    }

    /// Vets a unit under both laws, as the use cases of vetting leave it; once more takes its place.
    pub fn vet(&self, unit: RecordId, cleared: bool, from: Date, last: Date) {
        for law in ["state", "defense"] {
            let request = json!({"title": "Boats", "purpose": "Boats", "law": law, "post": "Nairobi", "needed_by": "2026-01-01"});
            let request = self.put("vetting_request", law, "requested", request);
            let body = json!({"request": request, "unit": unit, "law": law, "cleared_from": from,
                "cleared_until": last.tomorrow().unwrap()});
            let state = if cleared { "cleared" } else { "rejected" };
            self.put("vetting_candidate", &format!("{law}-{unit}"), state, body);
        }
    }

    /// Whether a unit is vetted on a day, read beside the gates.
    pub fn is_vetted(&self, unit: RecordId, day: Date) -> bool {
        let law = |law: &str| {
            let id = RecordId::named("vetting_candidate", &format!("{law}-{unit}"));
            let found = self
                .app
                .store
                .get(&self.app.system(), "vetting_candidate", id)
                .unwrap();
            found.is_some_and(|r| {
                let on = |f: &str| r.body[f].as_str().unwrap().parse::<Date>().unwrap();
                r.envelope.state == "cleared"
                    && on("cleared_from") <= day
                    && day < on("cleared_until")
            })
        };
        law("state") && law("defense")
    }

    pub fn put(&self, kind: &str, name: &str, state: &str, body: Value) -> RecordId {
        let id = RecordId::named(kind, name);
        let def = kinds::by_code(kind).unwrap();
        let before = self.app.store.get(&self.app.system(), kind, id).unwrap();
        let envelope = Envelope {
            id,
            kind: kind.into(),
            code: format!("{kind}-{name}"),
            version: before.map_or(0, |r| r.envelope.version),
            state: state.into(),
            valid: ValidTime::default(),
            label: Label::internal("USA"),
            owner: "instance".into(),
            partner: "KEN".into(),
            programme: String::new(),
            sources: vec![],
            claims: vec![],
        };
        let change = Change {
            envelope,
            body: def.read(&body, date(2026, 1, 1)).unwrap(),
            action: format!("{kind}.set"),
            reason: String::new(),
            saw: vec![],
        };
        self.app
            .store
            .write(&self.app.system(), vec![change])
            .unwrap();
        id
    }

    /// An initiative that is approved.
    pub fn initiative(&self) -> RecordId {
        let id = self.make(&self.desk, "initiative", json!({
            "title": "Coastal watch", "area": "maritime-border", "problem": "Nobody watches the coast by night",
            "theory_of_change": "If radar and crews are there, patrols go where they are needed",
            "sustainment": "The navy pays parts from 2028", "institution_building": "A maintenance school",
            "baseline_note": "Measured in 2025",
        }));
        self.steps(&self.desk, "initiative", id, &["submit", "to_legal"]);
        self.steps(&self.lawyer, "initiative", id, &["approve"]);
        id
    }

    /// An indicator with baseline and target.
    pub fn indicator(&self, initiative: RecordId) -> RecordId {
        let id = self.make(&self.desk, "indicator", json!({
            "title": "Patrol hours by night", "initiative": initiative, "unit_of_measure": "hours a month",
            "baseline": "12", "baseline_on": "2025-06-01", "target": "120", "target_on": "2027-06-01",
        }));
        self.steps(&self.desk, "indicator", id, &["set"]);
        id
    }

    /// Money of two years.
    pub fn fund(&self, amount: &str) -> RecordId {
        let id = self.make(&self.money, "fund_source", json!({
            "name": "Capacity money", "account": "0100", "fiscal_year": 2026, "purpose": "Capacity", "amount": amount,
            "currency": "USD", "available_from": "2025-10-01", "obligate_by": "2027-09-30", "cancels": "2032-09-30",
        }));
        self.steps(&self.certifier, "fund_source", id, &["open"]);
        id
    }

    /// A draft entry of the ledger.
    pub fn entry(
        &self,
        stage: &str,
        fund: RecordId,
        case: Option<RecordId>,
        follows: Option<RecordId>,
        amount: &str,
    ) -> RecordId {
        self.make(&self.money, "ledger_entry", json!({
            "title": format!("{stage} {amount}"), "stage": stage, "fund_source": fund, "case": case, "follows": follows,
            "posted_on": "2026-01-01", "amount": amount, "currency": "USD",
        }))
    }

    /// A sale of small boats, up to its proposal.
    pub fn sale(&self, initiative: RecordId) -> RecordId {
        let id = self.make(&self.manager, "case", json!({
            "title": "Patrol boats", "designator": "KE-P-LAB", "initiative": initiative, "programme_kind": "sale",
            "authority": "fms", "aid": "equipment", "recipient": "military", "purpose": "self-defence",
            "total_value": "5000000.00", "mde_value": "0.00", "currency": "USD", "request_complete": "2025-06-01",
            "money_evidence": "Deposit 4711 of 2025-12-01", "evaluation": "not_needed", "evaluation_note": "Below the line of the year",
        }));
        self.steps(&self.manager, "case", id, &["write", "review", "propose"]);
        id
    }

    /// A unit of Kenya.
    pub fn unit(&self) -> RecordId {
        self.unit_named("1st Boat Squadron")
    }

    pub fn unit_named(&self, name: &str) -> RecordId {
        self.make(&self.desk, "unit", json!({"name": name}))
    }

    /// The boats' line and a shipment of them.
    pub fn line_and_shipment(&self, case: RecordId, unit: RecordId) -> (RecordId, RecordId) {
        let line = self.make(&self.manager, "case_line", json!({
            "title": "Boat, 11 m", "case": case, "number": "001", "commodity": "vessel", "quantity": 4, "value": "4000000.00", "unit": unit,
        }));
        let shipment = self.make(&self.manager, "shipment", json!({
            "title": "Two boats", "line": line, "unit": unit, "quantity": 2, "planned_shipped": "2025-11-01",
            "shipped": "2025-12-20", "shipped_evidence": "Bill of lading 12",
        }));
        (line, shipment)
    }
}
