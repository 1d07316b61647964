//! The vetting desk: who sees what of it, and the way from a like name to a decision by two persons.

use super::{Answer, Instance, identity::Person, instance};
use axum::http::StatusCode;
use serde_json::json;
use symbolon_app::{
    App, Draft, NewAccount,
    load::{self, NewList},
};
use symbolon_domain::{
    kinds::{LicenceClass, Role, Source},
    label::Label,
    record::RecordId,
};
use symbolon_exchange::import::lists::ListFile;

pub(super) fn made(app: &App, kind: &str, body: serde_json::Value) -> RecordId {
    let draft = Draft {
        partner: "MLI".into(),
        label: Some(Label::internal("USA")),
        body,
        ..Draft::default()
    };
    app.create(&app.system(), kind, draft, "", None).unwrap().id
}

/// Somebody of a role, read in to vetting files where the role works on them.
pub(super) fn staff(i: &Instance, role: Role) -> Person {
    let app = &i.site.app;
    let new = NewAccount {
        name: format!("Invented {role:?}"),
        role,
        nation: "USA".parse().unwrap(),
        standing: load::standing(role),
    };
    let id = app.add_account(&app.system(), &new).unwrap();
    let link = app.sign_in_link(id).unwrap();
    Person {
        id,
        token: app.sign_in(&link).unwrap().token,
    }
}

fn list(app: &App, rows: &str) {
    let file = ListFile {
        name: "test.csv".to_owned(),
        bytes: format!("id,type,name,program\n{rows}").into_bytes(),
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
        title: "Invented watch list".to_owned(),
        day: Some(jiff::civil::date(2025, 1, 1)),
        source,
        licence_class: LicenceClass::Open,
    };
    load::list(app, &app.system(), &[file], &new).unwrap();
}

/// A request assigned to an analyst.
pub(super) fn request(app: &App, analyst: &Person) -> RecordId {
    let body = json!({"title": "Pilots' course", "purpose": "Training", "law": "state", "post": "Bamako",
        "needed_by": "2026-09-01", "assigned_to": analyst.id});
    made(app, "vetting_request", body)
}

/// A field of the first form that is sent to an address.
fn hidden(body: &str, action: &str, name: &str) -> String {
    let form = body
        .split(&format!("action=\"{action}\""))
        .nth(1)
        .expect("the form");
    let field = form
        .split(&format!("name=\"{name}\" value=\""))
        .nth(1)
        .expect("the field");
    field.split('"').next().unwrap_or_default().to_owned()
}

fn location(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let to = answer.headers["location"].to_str().unwrap();
    to.split('#').next().unwrap_or_default().to_owned()
}

#[test]
fn a_like_name_is_answered_confirmed_and_decided_on_at_the_bench() {
    let i = instance();
    let app = &i.site.app;
    let (analyst, reviewer) = (
        staff(&i, Role::VettingAnalyst),
        staff(&i, Role::LegalReviewer),
    );
    list(app, "7,person,Grigory Pavlovich Orlovtest,PROGRAMME-X\n");
    let person = made(app, "person", json!({"name": "Grigoriy Orlovtest"}));
    let request = request(app, &analyst);
    let at = format!("/vetting/requests/{request}");
    let queue = i.get("/vetting", &analyst.cookie());
    assert!(
        queue.body.contains("course") && queue.body.contains("Bamako"),
        "{}",
        queue.body
    );
    // No purpose, no file.
    let refused = i.post(&format!("{at}/open"), Some(&analyst), &[("purpose", " ")]);
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("say what you read it for"));
    location(&i.post(
        &format!("{at}/open"),
        Some(&analyst),
        &[("purpose", "First look")],
    ));
    let person_id = person.to_string();
    let named = i.post(
        &format!("{at}/nominate"),
        Some(&analyst),
        &[("person", person_id.as_str())],
    );
    let bench = location(&named);
    let page = i.get(&bench, &analyst.cookie());
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert_eq!(page.headers["cache-control"], "no-store");
    for words in [
        "What is asked",
        "Who it may be",
        "Sources",
        "Orlovtest",
        "PROGRAMME-X",
        "First look",
    ] {
        assert!(page.body.contains(words), "{words} in {}", page.body);
    }
    let hit = format!("{bench}/hit");
    let (record, version) = (
        hidden(&page.body, &hit, "record"),
        hidden(&page.body, &hit, "version"),
    );
    let say = |answer: &str, grounds: &str| {
        let form = [
            ("record", record.as_str()),
            ("version", version.as_str()),
            ("answer", answer),
            ("grounds", grounds),
        ];
        i.post(&hit, Some(&analyst), &form)
    };
    let empty = say("different", "");
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.body.contains("Grounds: say why"));
    location(&say("different", "Born in 1990, not in 1950"));
    let waits = i.get(&bench, &analyst.cookie());
    assert!(waits.body.contains("another person must confirm it"));
    assert!(
        !waits.body.contains("Confirm the answer"),
        "not by the same person"
    );
    // The reviewer opens the file for a purpose of his own.
    assert_eq!(location(&i.get(&bench, &reviewer.cookie())), at);
    location(&i.post(
        &format!("{at}/open"),
        Some(&reviewer),
        &[("purpose", "Second look")],
    ));
    let seen = i.get(&bench, &reviewer.cookie());
    let confirm = format!("{bench}/confirm-hit");
    let form = [
        ("record", record.clone()),
        ("version", hidden(&seen.body, &confirm, "version")),
    ];
    let form: Vec<(&str, &str)> = form.iter().map(|(n, v)| (*n, v.as_str())).collect();
    location(&i.post(&confirm, Some(&reviewer), &form));
    let check = [
        ("consulted", "consular"),
        ("consulted_on", "2026-01-01"),
        ("result", "nothing"),
    ];
    location(&i.post(&format!("{bench}/check"), Some(&analyst), &check));
    let proposal = [
        ("outcome", "cleared"),
        ("grounds", "Another with a like name"),
    ];
    location(&i.post(&format!("{bench}/propose"), Some(&analyst), &proposal));
    let seen = i.get(&bench, &reviewer.cookie());
    let confirm = format!("{bench}/confirm");
    let decision = hidden(&seen.body, &confirm, "record");
    location(&i.post(&confirm, Some(&reviewer), &[("record", &decision)]));
    let done = i.get(&bench, &reviewer.cookie());
    assert!(done.body.contains("In force"), "{}", done.body);
    // Put away, it is closed.
    location(&i.post(&format!("{at}/close"), Some(&analyst), &[]));
    assert_eq!(location(&i.get(&bench, &analyst.cookie())), at);
}

#[test]
fn who_has_no_part_in_vetting_sees_the_status_and_never_why() {
    let i = instance();
    let app = &i.site.app;
    let (analyst, other) = (
        staff(&i, Role::VettingAnalyst),
        staff(&i, Role::VettingAnalyst),
    );
    list(app, "7,person,Grigory Pavlovich Orlovtest,PROGRAMME-X\n");
    let person = made(app, "person", json!({"name": "Grigoriy Orlovtest"}));
    let request = request(app, &analyst);
    let candidate = made(
        app,
        "vetting_candidate",
        json!({"request": request, "person": person, "law": "state"}),
    );
    let at = format!("/vetting/requests/{request}");
    let desk = staff(&i, Role::DeskOfficer);
    let page = i.get(&at, &desk.cookie());
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(page.body.contains("Nominated") && page.body.contains("Grigoriy Orlovtest"));
    for hidden in [
        "PROGRAMME-X",
        "Open the file",
        "Pavlovich",
        &format!("{at}/{candidate}"),
    ] {
        assert!(!page.body.contains(hidden), "{hidden}");
    }
    for (who, status) in [
        (&desk, StatusCode::FORBIDDEN),
        (&other, StatusCode::FORBIDDEN),
    ] {
        let open = i.post(&format!("{at}/open"), Some(who), &[("purpose", "Curious")]);
        assert_eq!(open.status, status, "{}", open.body);
        assert_eq!(
            location(&i.get(&format!("{at}/{candidate}"), &who.cookie())),
            at
        );
    }
    // A role without any sight of vetting cannot tell the desk from a page that does not exist.
    for who in [
        "".to_owned(),
        i.cookie(Role::PartnerOfficer, "MLI"),
        i.cookie(Role::Administrator, "USA"),
    ] {
        for path in [
            "/vetting".to_owned(),
            at.clone(),
            format!("{at}/{candidate}"),
        ] {
            assert_eq!(i.get(&path, &who).status, StatusCode::NOT_FOUND, "{path}");
        }
        assert!(!i.get("/", &who).body.contains("href=\"/vetting\""));
    }
}
