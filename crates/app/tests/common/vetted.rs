//! Invented candidates, and the two persons who decide on them.
#![allow(
    clippy::unwrap_used,
    dead_code,
    reason = "tests stop where something is wrong"
)]

use serde_json::{Value, json};
use std::sync::Arc;
use symbolon_access::{Actor, Viewer};
use symbolon_app::{
    App, Draft,
    load::{self, ListLoaded, NewList},
    vetting::Proposal,
};
use symbolon_domain::{
    kinds::{LicenceClass, Outcome, Role, Source, Standing},
    record::RecordId,
};
use symbolon_exchange::import::lists::ListFile;

/// Somebody of a role, freshly proved, read in to vetting files.
pub fn person(app: &App, name: &str, role: Role) -> Viewer {
    let standing = Standing {
        clearances: [("US".to_owned(), "controlled".to_owned())].into(),
        programmes: ["*".to_owned()].into(),
        categories: ["VETTING".to_owned()].into(),
        ..Standing::default()
    };
    Viewer {
        actor: Actor::Account {
            id: RecordId::named("account", name),
            name: name.to_owned(),
            role,
            nation: "USA".parse().unwrap(),
            standing: Arc::new(standing),
        },
        stepped_up: true,
        ..app.public()
    }
}

pub fn put(app: &App, kind: &str, body: Value) -> RecordId {
    let label = Some(symbolon_domain::label::Label::internal("USA"));
    let draft = Draft {
        partner: "MLI".to_owned(),
        label,
        body,
        ..Draft::default()
    };
    app.create(&app.system(), kind, draft, "", None).unwrap().id
}

pub fn unit(app: &App, name: &str) -> RecordId {
    put(app, "unit", json!({"name": name}))
}

pub fn request(app: &App, analyst: &Viewer) -> RecordId {
    account(app, "analyst");
    account(app, "reviewer");
    let body = json!({"title": "Course", "purpose": "Training", "law": "state", "post": "Bamako",
        "needed_by": "2026-09-01", "assigned_to": analyst.account()});
    put(app, "vetting_request", body)
}

/// The record of an account, which decisions refer to.
pub fn account(app: &App, name: &str) {
    let id = RecordId::named("account", name);
    let kind = symbolon_domain::kinds::by_code("account").unwrap();
    let mut body = symbolon_testkit::builder::body(kind, 0);
    body["standing"] = serde_json::to_value(Standing::default()).unwrap();
    let mut envelope = envelope("account", id, name);
    envelope.state = kind.states[0].to_owned();
    write(app, envelope, body, "account.create");
}

pub fn envelope(kind: &str, id: RecordId, code: &str) -> symbolon_domain::record::Envelope {
    let json = json!({"id": id, "kind": kind, "code": code, "version": 0, "state": "", "valid": {},
        "label": {"policy": "US", "level": "internal", "originator": "USA"}, "owner": "instance", "partner": "MLI"});
    serde_json::from_value(json).unwrap()
}

pub fn write(app: &App, envelope: symbolon_domain::record::Envelope, body: Value, action: &str) {
    let (action, reason, saw) = (action.to_owned(), String::new(), vec![]);
    let change = symbolon_store::Change {
        envelope,
        body,
        action,
        reason,
        saw,
    };
    app.store.write(&app.system(), vec![change]).unwrap();
}

pub fn candidate(app: &App, request: RecordId, unit: RecordId) -> RecordId {
    put(
        app,
        "vetting_candidate",
        json!({"request": request, "unit": unit, "law": "state"}),
    )
}

/// Clears a candidate as two persons do.
pub fn clear(app: &App, request: RecordId, candidate: RecordId) -> RecordId {
    let (analyst, reviewer) = pair(app);
    let file = app
        .open_vetting_file(&analyst, request, "Decide on the course")
        .unwrap();
    check(app, candidate);
    let proposal = Proposal {
        candidate,
        outcome: Outcome::Cleared,
        grounds: "Nothing found".to_owned(),
    };
    let decision = app.propose_vetting(&file, &proposal).unwrap();
    let file = app
        .open_vetting_file(&reviewer, request, "Confirm")
        .unwrap();
    app.confirm_vetting(&file, decision).unwrap();
    decision
}

pub fn check(app: &App, candidate: RecordId) {
    put(
        app,
        "vetting_check",
        json!({"candidate": candidate, "consulted": "consular",
        "consulted_on": "2026-01-01", "result": "nothing"}),
    );
}

pub fn pair(app: &App) -> (Viewer, Viewer) {
    (
        person(app, "analyst", Role::VettingAnalyst),
        person(app, "reviewer", Role::LegalReviewer),
    )
}

pub fn state(app: &App, kind: &str, id: RecordId) -> String {
    app.store
        .get(&app.system(), kind, id)
        .unwrap()
        .unwrap()
        .envelope
        .state
}

pub fn incident_against(app: &App, unit: RecordId) {
    let incident = put(
        app,
        "incident",
        json!({"title": "Alleged beating", "violation": "torture",
        "began": "2024-03", "alleged_by": "An invented monitor"}),
    );
    put(
        app,
        "incident_party",
        json!({"incident": incident, "unit": unit, "part": "perpetrator"}),
    );
}

/// A record written past the gates: every text and number filled, the references given and those it must have.
pub fn write_plain(app: &App, kind: &str, given: Value) -> RecordId {
    let def = symbolon_domain::kinds::by_code(kind).unwrap();
    let mut body = symbolon_testkit::builder::body(def, 0);
    for field in &def.fields {
        if let symbolon_domain::kind::FieldType::Reference(to) = &field.field_type {
            body.as_object_mut().unwrap().remove(&field.name);
            if field.required && given.get(&field.name).is_none() {
                body[&field.name] = write_plain(app, to, json!({})).to_string().into();
            }
        }
    }
    for (name, value) in given.as_object().unwrap() {
        body[name] = value.clone();
    }
    let id = RecordId::named(kind, &given.to_string());
    let mut envelope = envelope(kind, id, &format!("{kind}-plain"));
    envelope.state = def.states[0].to_owned();
    write(app, envelope, body, &format!("{kind}.create"));
    id
}

/// Loads a version of the list `test` from rows of number, name and programme.
pub fn list(app: &App, day: (i16, i8), rows: &str) -> symbolon_app::Result<ListLoaded> {
    let text = format!("id,type,name,program\n{rows}");
    let file = ListFile {
        name: "test.csv".to_owned(),
        bytes: text.into_bytes(),
    };
    let source = Source {
        title: "An invented list".to_owned(),
        publisher: "Nobody".to_owned(),
        url: String::new(),
        reference: String::new(),
        published: None,
        licence: "None".to_owned(),
        credit: String::new(),
    };
    let new = NewList {
        list: "test".to_owned(),
        title: String::new(),
        day: Some(jiff::civil::date(day.0, day.1, 1)),
        source,
        licence_class: LicenceClass::Open,
    };
    load::list(app, &app.system(), &[file], &new)
}
