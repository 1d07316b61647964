//! Builders shared by the store tests.
#![allow(dead_code, reason = "each test file uses its share")]

use serde_json::json;
use std::collections::BTreeMap;
use symbolon_access::{Actor, Viewer};
use symbolon_domain::{
    date::ValidTime,
    kinds::{Role, RowRoot, Standing},
    label::Label,
    record::{Envelope, RecordId},
};
use symbolon_store::{Change, Store};
use symbolon_store_sql::SqlStore;

/// An open store and what keeps it alive.
pub struct Opened {
    pub store: Box<dyn Store>,
    pub file: Option<std::path::PathBuf>,
    pub url: Option<String>,
    _directory: Option<tempfile::TempDir>,
}

pub fn sqlite() -> Opened {
    let directory = symbolon_testkit::directory();
    let file = directory.path().join("symbolon.sqlite");
    let store = SqlStore::sqlite(&file, symbolon_testkit::surroundings(1)).unwrap();
    Opened {
        store: Box::new(store),
        file: Some(file),
        url: None,
        _directory: Some(directory),
    }
}

pub fn postgres() -> Option<Opened> {
    let url = symbolon_testkit::postgres_database()?;
    let store = SqlStore::postgres(&url, symbolon_testkit::surroundings(1)).unwrap();
    Some(Opened {
        store: Box::new(store),
        file: None,
        url: Some(url),
        _directory: None,
    })
}

/// Runs a test on every engine there is.
pub fn both(test: impl Fn(Opened)) {
    test(sqlite());
    if let Some(opened) = postgres() {
        test(opened);
    }
}

pub fn system() -> Viewer {
    Viewer::system(jiff::civil::date(2026, 1, 1))
}

pub fn desk_officer(nation: &str) -> Viewer {
    Viewer {
        actor: Actor::Account {
            id: RecordId::named("account", "desk"),
            name: "Desk Officer".into(),
            role: Role::DeskOfficer,
            nation: nation.parse().unwrap(),
            standing: Standing::of_staff().into(),
        },
        ..system()
    }
}

pub fn envelope(kind: &str, code: &str, label: Label) -> Envelope {
    let state = symbolon_domain::kinds::by_code(kind).unwrap().states[0];
    Envelope {
        id: RecordId::named(kind, code),
        kind: kind.into(),
        code: code.into(),
        version: 0,
        state: state.into(),
        valid: ValidTime::default(),
        label,
        owner: "symbolon".into(),
        partner: String::new(),
        programme: String::new(),
        sources: vec![],
        claims: vec![],
    }
}

pub fn partner(iso3: &str, name: &str, label: Label) -> Change {
    Change {
        envelope: envelope("partner", iso3, label),
        body: json!({"name": name, "iso3": iso3, "partner_type": "state"}),
        action: "partner.create".into(),
        reason: "a test".into(),
        saw: vec![],
    }
}

pub fn source() -> Change {
    Change {
        envelope: envelope("source", "s", Label::public("USA")),
        body: json!({"title": "A table", "publisher": "A publisher", "licence": "public domain"}),
        action: "source.create".into(),
        reason: String::new(),
        saw: vec![],
    }
}

pub fn dataset(
    number: i64,
    source: RecordId,
    roots: BTreeMap<String, RowRoot>,
    label: Label,
) -> Change {
    Change {
        envelope: envelope("dataset", &format!("d{number}"), label),
        body: json!({
            "title": "A series", "content": "observation", "number": number, "source": source, "file_name": "a.csv",
            "file_sha256": "00", "file_bytes": 1, "rows": 2, "licence_class": "open", "limits": "invented",
            "counted": true, "roots": roots,
        }),
        action: "dataset.load".into(),
        reason: String::new(),
        saw: vec![],
    }
}
