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

#[test]
fn my_work_is_a_calendar_at_a_secret_address_until_it_is_revoked() {
    let i = instance();
    let app = &i.site.app;
    let initiative = made(
        app,
        "initiative",
        json!({"title": "Coastal watch", "area": "maritime-border"}),
    );
    made(
        app,
        "milestone",
        json!({"title": "Boats; all four", "initiative": initiative, "planned": "2026-02-01"}),
    );
    let person = i.person(Role::DeskOfficer, "USA");
    let once = i.post("/my-work/calendar", Some(&person), &[]);
    assert_eq!(once.status, StatusCode::OK, "{}", once.body);
    let address = once.body.split("<code>").nth(1).unwrap();
    let address = address.split("</code>").next().unwrap();
    let path = &address[address.find("/my-work").unwrap()..];
    // No session, no cookie: the address alone; and the secret stands nowhere in the database.
    let feed = i.get(path, "");
    assert_eq!(feed.status, StatusCode::OK, "{}", feed.body);
    assert_eq!(feed.headers["content-type"], "text/calendar; charset=utf-8");
    assert_eq!(feed.headers["cache-control"], "no-store");
    for line in [
        "BEGIN:VCALENDAR\r\n",
        "SUMMARY:Reach the milestone: Boats\\; all four (MLI)\r\n",
        "DTSTART;VALUE=DATE:20260201\r\n",
    ] {
        assert!(feed.body.contains(line), "{line} in {}", feed.body);
    }
    let uid = |body: &str| body.split("UID:").nth(1).map(|t| t[..40].to_owned());
    i.clock.pass(300);
    assert_eq!(
        uid(&feed.body),
        uid(&i.get(path, "").body),
        "the same event keeps its id"
    );
    // It is no key to anything else, and no other key opens it.
    let secret = path
        .rsplit('/')
        .next()
        .unwrap()
        .strip_suffix(".ics")
        .unwrap();
    assert!(
        !app.token_viewer(secret, "")
            .unwrap()
            .unwrap()
            .reaches("records", false)
    );
    let viewer = app.viewer(&person.token, "").unwrap().unwrap();
    let new = symbolon_app::identity::NewToken {
        name: "t".into(),
        scopes: vec!["all".into()],
        writes: false,
        days: 1,
    };
    let api = app.make_token(&viewer, &new);
    let other = api.map_or("x".to_owned(), |t| t);
    for wrong in [other.as_str(), "symbolon_", &secret[..70]] {
        let refused = i.get(&format!("/my-work/calendar/{wrong}.ics"), &person.cookie());
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "{wrong}");
    }
    let line = app.calendars_of(&viewer).unwrap().pop().unwrap();
    let id = line.id.to_string();
    let gone = i.post("/my-work/calendar/revoke", Some(&person), &[("id", &id)]);
    assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.body);
    assert_eq!(i.get(path, "").status, StatusCode::NOT_FOUND);
}

#[test]
fn a_schedule_draws_the_days_that_its_table_says_and_the_wait_of_the_law() {
    let i = instance();
    let app = &i.site.app;
    let initiative = made(
        app,
        "initiative",
        json!({"title": "Coastal watch", "area": "maritime-border"}),
    );
    made(
        app,
        "milestone",
        json!({"title": "Boats", "initiative": initiative, "planned": "2026-02-01"}),
    );
    made(
        app,
        "notice",
        json!({"title": "Notice", "initiative": initiative, "notice_type": "dod-333e", "authority": "s333",
            "received": "2025-12-20"}),
    );
    let desk = i.cookie(Role::DeskOfficer, "USA");
    let page = i.get(&format!("/thread/initiative/{initiative}/schedule"), &desk);
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    for words in [
        "class=\"now\"",
        "class=\"wait\"",
        "2026-02-01",
        "2025-12-20 to 2026-01-04: 10 U.S.C. 333(e)",
        "/law/us.armed-forces.notify-capacity-program",
        "UNCLASSIFIED - internal",
    ] {
        assert!(page.body.contains(words), "{words} in {}", page.body);
    }
    let hidden = i.get(&format!("/thread/initiative/{initiative}/schedule"), "");
    assert_ne!(hidden.status, StatusCode::OK);
}

#[test]
fn a_document_says_the_same_as_page_csv_workbook_and_pdf() {
    let i = instance();
    let app = &i.site.app;
    let initiative = made(
        app,
        "initiative",
        json!({"title": "Coastal watch", "area": "maritime-border"}),
    );
    let case = made(
        app,
        "case",
        json!({"title": "Boats", "designator": "ML-P-LAB", "initiative": initiative, "programme_kind": "sale",
            "authority": "fms", "total_value": "7000000.50", "currency": "USD"}),
    );
    for (number, quantity, value) in [("001", 4, "6400000.25"), ("002", 3, "600000.25")] {
        made(
            app,
            "case_line",
            json!({"title": format!("Line {number}"), "case": case, "number": number, "commodity": "vessel",
                "quantity": quantity, "value": value}),
        );
    }
    let manager = i.person(Role::CaseManager, "USA");
    let at = |form: &str| format!("/documents/case/{case}/case{form}");
    let page = i.get(&at(""), &manager.cookie());
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let viewer = app.viewer(&manager.token, "").unwrap().unwrap();
    let document = app
        .document(&viewer, "case", &case.to_string(), "case")
        .unwrap();
    let values = document.parts.iter().flat_map(|p| p.rows.iter().flatten());
    let shown: Vec<String> = values.map(symbolon_app::documents::Worth::shown).collect();
    // The sum is exact, and what is blank is no zero.
    assert!(shown.contains(&"7000000.50".to_owned()) && !shown.contains(&"0".to_owned()));
    let csv = i.get(&at(".csv"), &manager.cookie());
    assert_eq!(csv.headers["x-marking"], "UNCLASSIFIED - internal");
    for words in shown.iter().filter(|w| !w.is_empty()) {
        let bare = page.body.replace(',', "");
        assert!(
            bare.contains(&words.replace(',', "")),
            "{words} on the page"
        );
        assert!(csv.body.contains(words.as_str()), "{words} in the CSV");
    }
    for words in [
        document.hash.as_str(),
        &document.code,
        "UNCLASSIFIED - internal",
    ] {
        assert!(page.body.contains(words), "{words}");
    }
    for (form, begins) in [(".xlsx", "PK"), (".pdf", "%PDF-1.7")] {
        let file = i.get(&at(form), &manager.cookie());
        assert_eq!(file.status, StatusCode::OK, "{form}");
        assert!(file.body.starts_with(begins), "{form}");
    }
    // Who takes nothing away takes no file, and nobody finds a document of a record that is hidden.
    assert_eq!(
        i.get(&at(".doc"), &manager.cookie()).status,
        StatusCode::NOT_FOUND
    );
    assert_ne!(i.get(&at(""), "").status, StatusCode::OK);
    let partner = i.cookie(Role::PartnerOfficer, "MLI");
    assert_eq!(i.get(&at(".pdf"), &partner).status, StatusCode::NOT_FOUND);
}
