//! Allegations, the list of barred units, and the look back at past training.

use super::{
    Instance, instance,
    vetting::{made, staff},
};
use axum::http::StatusCode;
use serde_json::json;
use symbolon_domain::{kinds::Role, record::RecordId};
use symbolon_store::query::RecordQuery;

const BROUGHT: [(&str, &str); 4] = [
    ("title", "A beating at the crossing"),
    ("account", "Three men in uniform beat a driver; invented."),
    ("alleged_against", "A company from Invented Town"),
    ("contact", "writer@invented.example"),
];

/// The receipt on a page.
fn receipt(i: &Instance, person: Option<&super::identity::Person>) -> String {
    let page = i.post("/allegations/new", person, &BROUGHT);
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert_eq!(page.headers["cache-control"], "no-store");
    let code = page.body.split("<code>").nth(1).unwrap();
    code.split("</code>").next().unwrap().to_owned()
}

#[test]
fn r_87_an_allegation_names_nobody_who_does_not_say_so_and_its_writer_learns_where_it_stands() {
    let i = instance();
    let app = &i.site.app;
    let missing = i.post("/allegations/new", None, &BROUGHT[..2]);
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(missing.body.contains("Unit or person: this must be said"));
    assert!(
        missing.body.contains("A beating at the crossing"),
        "what was typed is kept"
    );
    let wrong = [
        BROUGHT[0],
        BROUGHT[1],
        BROUGHT[2],
        ("happened", "last spring"),
    ];
    assert_eq!(
        i.post("/allegations/new", None, &wrong).status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let partner = i.person(Role::PartnerOfficer, "MLI");
    let receipt = receipt(&i, Some(&partner));
    assert_eq!(receipt.len(), 23, "{receipt}");
    let system = app.system();
    let kept = app
        .store
        .list(&system, "allegation", &RecordQuery::default())
        .unwrap();
    let [one] = kept.as_slice() else {
        panic!("{kept:?}")
    };
    assert!(
        !one.body.to_string().contains(&receipt),
        "the receipt is not kept"
    );
    // The journal names the program; neither record nor entry holds account, session or address of the writer.
    let entry = app
        .store
        .last_entry(&system, &format!("allegation/{}", one.envelope.id))
        .unwrap()
        .unwrap();
    let body = entry.body.unwrap();
    assert_eq!(
        (
            body.actor.as_str(),
            body.session.as_str(),
            body.request.as_str()
        ),
        ("system", "", "")
    );
    let whole = format!(
        "{}{}",
        serde_json::to_string(&body).unwrap(),
        serde_json::to_string(one).unwrap()
    );
    for trace in [
        partner.id.to_string(),
        "127.0.0.1".to_owned(),
        "Invented PartnerOfficer".to_owned(),
    ] {
        assert!(!whole.contains(&trace), "{trace}");
    }
    let typed = receipt.to_lowercase().replace('-', " ");
    let state = i.post("/allegations/status", None, &[("receipt", &typed)]);
    assert!(
        state.body.contains("nobody has looked into it yet"),
        "{}",
        state.body
    );
    let none = i.post(
        "/allegations/status",
        None,
        &[("receipt", "BBBBB-BBBBB-BBBBB-BBBBB")],
    );
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[test]
fn an_allegation_is_worked_on_for_a_purpose_and_never_deleted_by_anybody() {
    let i = instance();
    let app = &i.site.app;
    let receipt = receipt(&i, None);
    let system = app.system();
    let one = app
        .store
        .list(&system, "allegation", &RecordQuery::default())
        .unwrap()
        .remove(0);
    let gone = app.delete(&system, ("allegation", one.envelope.id), 1, "Unwanted");
    assert!(gone.unwrap_err().to_string().contains("never deleted"));
    for who in [
        String::new(),
        i.cookie(Role::DeskOfficer, "USA"),
        i.cookie(Role::Administrator, "USA"),
    ] {
        assert_eq!(i.get("/allegations", &who).status, StatusCode::NOT_FOUND);
        assert_eq!(
            i.get("/records/allegation", &who).status,
            StatusCode::NOT_FOUND
        );
    }
    let analyst = staff(&i, Role::VettingAnalyst);
    let closed = i.get("/allegations", &analyst.cookie());
    assert!(!closed.body.contains("crossing"));
    let refused = i.post("/allegations/open", Some(&analyst), &[("purpose", "")]);
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    i.post(
        "/allegations/open",
        Some(&analyst),
        &[("purpose", "Morning round")],
    );
    let open = i.get("/allegations", &analyst.cookie());
    assert!(open.body.contains("crossing"), "{}", open.body);
    assert!(
        !open.body.contains("writer@invented.example"),
        "who brought it is a compartment of its own"
    );
    let id = one.envelope.id.to_string();
    let judge = |version: &str, state: &str, incident: &str, outcome: &str| {
        let form = [
            ("record", id.as_str()),
            ("version", version),
            ("state", state),
            ("incident", incident),
            ("outcome", outcome),
        ];
        i.post("/allegations/judge", Some(&analyst), &form).status
    };
    assert_eq!(
        judge("1", "set_aside", "", " "),
        StatusCode::UNPROCESSABLE_ENTITY,
        "why is asked"
    );
    assert_eq!(
        judge("1", "accepted", "", "Two reports agree"),
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let incident = json!({"title": "Alleged beating", "violation": "torture", "began": "2024-03", "alleged_by": "A monitor"});
    let incident = made(app, "incident", incident).to_string();
    assert_eq!(
        judge("1", "accepted", &incident, "Two reports agree"),
        StatusCode::SEE_OTHER
    );
    let state = i.post("/allegations/status", None, &[("receipt", &receipt)]);
    assert!(
        state.body.contains("taken up as an incident") && !state.body.contains("Two reports agree")
    );
}

fn unit(i: &Instance, name: &str) -> RecordId {
    made(&i.site.app, "unit", json!({"name": name}))
}

#[test]
fn the_list_for_the_public_leaves_out_what_is_withheld_and_says_how_many() {
    let i = instance();
    let app = &i.site.app;
    let (open, kept) = (
        unit(&i, "Openly Listed Test Unit"),
        unit(&i, "Withheld Test Unit"),
    );
    let body = |unit: RecordId| json!({"unit": unit, "law": "state", "listed_on": "2025-05-01"});
    made(app, "barred_unit", body(open));
    let mut withheld = body(kept);
    withheld["withheld"] = true.into();
    withheld["withheld_report"] = "Invented report 7".into();
    made(app, "barred_unit", withheld);
    let analyst = staff(&i, Role::VettingAnalyst).cookie();
    let whole = i.get("/vetting/barred", &analyst);
    assert!(
        whole.body.contains("Openly Listed") && whole.body.contains("Withheld Test"),
        "{}",
        whole.body
    );
    let public = i.get("/vetting/barred?for=public", &analyst);
    assert!(public.body.contains("Openly Listed") && !public.body.contains("Withheld Test"));
    assert!(public.body.contains("Names withheld: 1."));
    let csv = i.get("/vetting/barred.csv?for=public", &analyst);
    assert_eq!(csv.headers["x-row-count"], "1", "{}", csv.body);
    assert!(csv.body.contains("Openly Listed") && !csv.body.contains("Withheld Test"));
    let manager = i.cookie(Role::CaseManager, "USA");
    assert_eq!(i.get("/vetting/barred", &manager).status, StatusCode::OK);
    assert_eq!(
        i.get("/vetting/barred.csv", &manager).status,
        StatusCode::FORBIDDEN
    );
    for who in [String::new(), i.cookie(Role::PartnerOfficer, "MLI")] {
        assert_eq!(i.get("/vetting/barred", &who).status, StatusCode::NOT_FOUND);
        assert_eq!(
            i.get("/vetting/barred.csv", &who).status,
            StatusCode::NOT_FOUND
        );
    }
}

#[test]
fn the_look_back_finds_what_was_alleged_by_the_day_of_training_and_nothing_later() {
    let i = instance();
    let app = &i.site.app;
    // The report prints "First Invented Battalion", trained from 2018-01-02 on.
    let (battalion, brigade) = (
        unit(&i, "1st Invented Battalion"),
        unit(&i, "Invented Brigade"),
    );
    made(
        app,
        "unit_name",
        json!({"unit": battalion, "name": "First Invented Battalion"}),
    );
    made(
        app,
        "unit_parent",
        json!({"unit": battalion, "parent": brigade, "relation": "command"}),
    );
    let alleged = |title: &str, began: &str, unit: RecordId| {
        let incident = json!({"title": title, "violation": "torture", "began": began, "alleged_by": "An invented monitor"});
        let incident = made(app, "incident", incident);
        made(
            app,
            "incident_party",
            json!({"incident": incident, "unit": unit, "part": "perpetrator"}),
        );
    };
    alleged("Beating of long ago", "2015-06", battalion);
    alleged("Burning by the brigade", "2017", brigade);
    alleged("Something later", "2018-06-01", battalion);
    let analyst = staff(&i, Role::VettingAnalyst).cookie();
    let choice = i.get("/vetting/retrospective", &analyst);
    assert!(choice.body.contains("country=MLI"), "{}", choice.body);
    let page = i.get("/vetting/retrospective?country=MLI&year=2018", &analyst);
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    for words in [
        "Beating of long ago",
        "Burning by the brigade",
        "the unit over it: Invented Brigade",
        "An invented monitor",
        "no clean record",
        "(exact, high)",
    ] {
        assert!(page.body.contains(words), "{words} in {}", page.body);
    }
    assert!(!page.body.contains("Something later"));
    // No source is recorded for the incidents, so the whole is as weak as that.
    let sure = i.get("/vetting/retrospective?country=MLI&sure=medium", &analyst);
    assert!(!sure.body.contains("Beating of long ago"));
    let csv = i.get("/vetting/retrospective.csv?country=MLI&year=2018", &analyst);
    assert_eq!(csv.headers["x-row-count"], "2", "{}", csv.body);
    assert!(
        csv.body
            .starts_with("\"dataset\",\"row\",\"day_of_training\""),
        "{}",
        csv.body
    );
    let desk = i.cookie(Role::DeskOfficer, "USA");
    for path in [
        "/vetting/retrospective",
        "/vetting/retrospective?country=MLI",
        "/vetting/retrospective.csv?country=MLI",
    ] {
        for who in ["", &desk] {
            assert_eq!(i.get(path, who).status, StatusCode::NOT_FOUND, "{path}");
        }
    }
    let wrong = i.get("/vetting/retrospective?country=XXY", &analyst);
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
}
