//! Lists of records as files: what stands on the list goes out, and nothing else.

mod revoked;

use super::{Answer, Instance, info, instance, load, runtime};
use axum::http::{StatusCode, header};
use symbolon_domain::kinds::Role;
use symbolon_store::journal::JournalFilter;

impl Answer {
    /// Text of a header.
    fn head(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }
}

/// What the newest export of gaps left in the journal.
fn journalled(instance: &Instance) -> serde_json::Value {
    let app = &instance.site.app;
    let filter = JournalFilter {
        action: "capability_gap.export".into(),
        limit: 1,
        ..JournalFilter::default()
    };
    let entry = app.store.entries(&app.system(), &filter).unwrap();
    entry[0].body.as_ref().unwrap().after.clone()
}

#[test]
fn a_filtered_list_leaves_as_a_file_in_every_form_with_its_count_and_marking() {
    let instance = instance();
    let desk = instance.cookie(Role::DeskOfficer, "USA");
    for title in ["Boats without crews", "Radios without keys", "Tents"] {
        instance.gap(&desk, title);
    }
    let filter = "?q=without&partner=MLI&state=reported";
    let list = instance.get(&format!("/records/capability_gap{filter}"), &desk);
    assert!(list.body.contains("Boats without crews"), "{}", list.body);
    for form in ["csv", "xlsx", "json", "ndjson"] {
        let path = format!("/records/capability_gap/export.{form}{filter}");
        let link = path.replace('&', "&#38;");
        assert!(
            list.body.contains(&link),
            "the list offers {link}: {}",
            list.body
        );
        let file = instance.get(&path, &desk);
        assert_eq!(file.status, StatusCode::OK, "{path}: {}", file.body);
        assert_eq!(file.head("x-row-count"), "2", "{form}");
        assert!(!file.head("x-marking").is_empty(), "{form}");
        let name = file.head("content-disposition");
        assert!(
            name.starts_with("attachment; filename=\"capability_gap-") && name.contains(form),
            "{name}"
        );
        let entry = journalled(&instance);
        assert_eq!(entry["rows"], 2, "{form}: {entry}");
        assert_eq!(entry["filter"], format!("/records/capability_gap{filter}"));
        assert_eq!(entry["whole"], true);
        if form != "xlsx" {
            assert!(file.body.contains("Boats without crews"), "{}", file.body);
            assert!(!file.body.contains("Tents"), "{}", file.body);
        }
    }
    let api = "/api/v1/records/capability_gap/export?format=ndjson&q=without";
    let file = instance.get(api, &desk);
    assert_eq!(file.body.lines().count(), 2, "{}", file.body);
    let unknown = instance.get("/api/v1/records/capability_gap/export?format=pdf", &desk);
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[test]
fn text_that_would_run_as_a_formula_leaves_with_a_sign_before_it_r60() {
    let instance = instance();
    let desk = instance.cookie(Role::DeskOfficer, "USA");
    instance.gap(&desk, "=HYPERLINK(\"http://evil.example\")");
    let file = instance.get("/records/capability_gap/export.csv", &desk);
    assert!(file.body.contains("\"'=HYPERLINK("), "{}", file.body);
}

#[test]
fn who_may_read_but_not_take_away_is_offered_no_file_and_finds_none() {
    let instance = instance();
    let officer = instance.cookie(Role::SecurityOfficer, "USA");
    let list = instance.get("/records/partner", &officer);
    assert_eq!(list.status, StatusCode::OK);
    assert!(!list.body.contains("/records/partner/export"));
    for path in [
        "/records/partner/export.csv",
        "/records/partner/export.ndjson",
        "/api/v1/records/partner/export",
        "/records/session/export.csv",
    ] {
        let file = instance.get(path, &officer);
        assert_eq!(file.status, StatusCode::NOT_FOUND, "{path}: {}", file.body);
    }
}

#[test]
fn a_file_holds_the_records_its_reader_sees_and_no_others() {
    let instance = instance();
    let desk = instance.cookie(Role::DeskOfficer, "USA");
    instance.gap(&desk, "Boats without crews");
    let partner = instance.cookie(Role::PartnerOfficer, "MLI");
    let (theirs, ours) = (
        instance.get("/records/capability_gap/export.ndjson", &partner),
        instance.get("/records/capability_gap/export.ndjson", &desk),
    );
    assert_eq!(ours.body.lines().count(), 1);
    let seen = instance
        .get("/api/v1/records/capability_gap", &partner)
        .body;
    let seen: serde_json::Value = serde_json::from_str(&seen).unwrap();
    assert_eq!(
        serde_json::json!(theirs.body.lines().count()),
        seen["total"],
        "{}",
        theirs.body
    );
    assert_eq!(theirs.headers[header::CACHE_CONTROL], "private, no-store");
}
