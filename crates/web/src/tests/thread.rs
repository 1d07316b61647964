//! Pages of a programme: its thread, its gates, what is due, what is late.

use super::instance;
use axum::http::StatusCode;
use serde_json::json;
use symbolon_app::{App, Draft};
use symbolon_domain::{kinds::Role, record::RecordId};

fn made(app: &App, kind: &str, body: serde_json::Value) -> RecordId {
    let draft = Draft {
        partner: "MLI".into(),
        label: Some(symbolon_domain::label::Label::internal("USA")),
        body,
        ..Draft::default()
    };
    app.create(&app.system(), kind, draft, "", None).unwrap().id
}

#[test]
fn a_programme_shows_its_thread_its_shut_gates_and_what_is_late() {
    let instance = instance();
    let app = &instance.site.app;
    let gap = made(
        app,
        "capability_gap",
        json!({"title": "No night patrols", "domain": "materiel", "stated_by": "office"}),
    );
    let initiative = made(
        app,
        "initiative",
        json!({"title": "Coastal watch", "area": "maritime-border", "gap": gap}),
    );
    let visit = made(
        app,
        "advisory_visit",
        json!({"title": "Staff talks", "initiative": initiative, "authority": "s333",
        "planned_from": "2025-11-01", "actual_from": "2025-12-30", "delay_cause": "vetting"}),
    );
    let manager = instance.cookie(Role::CaseManager, "USA");
    let thread = instance.get(&format!("/thread/capability_gap/{gap}"), &manager);
    assert_eq!(thread.status, StatusCode::OK, "{}", thread.body);
    for words in ["Coastal watch", "Staff talks"] {
        assert!(thread.body.contains(words), "{words}");
    }
    let up = instance.get(&format!("/thread/advisory_visit/{visit}"), &manager);
    assert!(up.body.contains("No night patrols"));
    // The move's page names rule and clause, and leads to the rule.
    let shut = instance.get(
        &format!("/records/advisory_visit/{visit}/move/begin"),
        &manager,
    );
    assert_eq!(shut.status, StatusCode::OK);
    assert!(
        shut.body.contains("/law/us.process.baseline-before-start")
            && shut.body.contains("10 U.S.C. 383(b)(1)")
    );
    let rule = instance.get("/law/us.process.baseline-before-start", &manager);
    assert_eq!(rule.status, StatusCode::OK);
    let late = instance.get("/lateness?by=cause", &manager);
    assert!(
        late.body.contains("Staff talks") && late.body.contains("Vetting"),
        "{}",
        late.body
    );
    let work = instance.get("/my-work", &manager);
    assert!(work.body.contains("Begin the visit"), "{}", work.body);
    let desk = instance.cookie(Role::DeskOfficer, "USA");
    let choice = instance.get(
        &format!("/thread/initiative/{initiative}/authority?aid=training&recipient=military"),
        &desk,
    );
    assert!(
        choice
            .body
            .contains("Build capacity of foreign security forces"),
        "{}",
        choice.body
    );
    let why = instance.get(&format!("/thread/advisory_visit/{visit}/why"), &manager);
    assert!(why.body.contains("No gate was passed yet"));
    // Somebody of another nation sees none of it.
    let other = instance.cookie(Role::DeskOfficer, "GBR");
    for page in [
        format!("/thread/initiative/{initiative}"),
        format!("/thread/initiative/{initiative}/authority"),
        format!("/thread/initiative/{initiative}/why"),
    ] {
        assert_eq!(
            instance.get(&page, &other).status,
            StatusCode::NOT_FOUND,
            "{page}"
        );
    }
    assert!(
        !instance
            .get("/lateness", &other)
            .body
            .contains("Staff talks")
    );
    assert_ne!(instance.get("/my-work", "").status, StatusCode::OK);
}
