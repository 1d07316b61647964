//! Files of records through the API: dry run, then the plan that was seen, then nothing twice.

use super::{GAPS, Instance, instance};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::Value;
use symbolon_domain::kinds::Role;
use symbolon_store::journal::JournalFilter;

impl Instance {
    /// Sends a file of gaps to the API; status and answer.
    fn post_file(&self, cookie: &str, asked: &str, bytes: &str) -> (StatusCode, Value) {
        let address = format!("/api/v1/records/capability_gap/import?name=gaps.csv{asked}");
        let request = Request::post(address)
            .header(header::COOKIE, cookie)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/octet-stream");
        let sent = self.send(request.body(Body::from(bytes.to_owned())).unwrap());
        (sent.status, serde_json::from_str(&sent.body).unwrap())
    }

    fn total(&self, cookie: &str) -> Value {
        let list: Value = serde_json::from_str(&self.gaps(cookie)).unwrap();
        list["total"].clone()
    }
}

#[test]
fn a_file_is_read_for_its_plan_and_taken_in_by_the_plan_s_hash_r50_r51() {
    let instance = instance();
    let desk = instance.cookie(Role::DeskOfficer, "USA");
    let (status, plan) = instance.post_file(&desk, "", GAPS);
    assert_eq!(status, StatusCode::OK, "{plan}");
    assert_eq!(
        (&plan["counts"]["new"], &plan["import"]),
        (&2.into(), &"".into())
    );
    assert_eq!(instance.total(&desk), 0, "a dry run writes nothing");
    let hash = format!("&plan={}", plan["plan"].as_str().unwrap());
    let (status, other) = instance.post_file(&desk, &hash, &GAPS.replace("Two of", "Three of"));
    assert_eq!(status, StatusCode::CONFLICT, "another file: {other}");
    assert_eq!(instance.total(&desk), 0);
    let (status, taken) = instance.post_file(&desk, &hash, GAPS);
    assert_eq!(status, StatusCode::OK, "{taken}");
    assert_eq!(taken["plan"], plan["plan"]);
    assert!(
        taken["import"].as_str().unwrap().starts_with("IMP-"),
        "{taken}"
    );
    assert_eq!(instance.total(&desk), 2);
    let (status, again) = instance.post_file(&desk, &hash, GAPS);
    assert_eq!(status, StatusCode::CONFLICT, "the plan is done: {again}");
    let (_, same) = instance.post_file(&desk, "", GAPS);
    assert_eq!(same["counts"]["same"], 2, "{same}");
}

#[test]
fn what_is_taken_in_is_a_job_that_has_ended_r77() {
    let instance = instance();
    let desk = instance.cookie(Role::DeskOfficer, "USA");
    let (_, plan) = instance.post_file(&desk, "", GAPS);
    let hash = format!("&plan={}", plan["plan"].as_str().unwrap());
    let (_, taken) = instance.post_file(&desk, &hash, GAPS);
    let app = &instance.site.app;
    let newest = |action: &str| {
        let filter = JournalFilter {
            action: action.into(),
            limit: 1,
            ..JournalFilter::default()
        };
        let entries = app.store.entries(&app.system(), &filter).unwrap();
        entries[0].body.as_ref().unwrap().after.clone()
    };
    assert_eq!(newest("job.begin")["begun"], 1);
    assert_eq!(newest("job.end")["import"], taken["import"]);
    assert!(app.store.jobs().unwrap().is_empty());
}

#[test]
fn rows_that_cannot_be_taken_are_left_out_only_where_the_plan_says_so() {
    let instance = instance();
    let desk = instance.cookie(Role::DeskOfficer, "USA");
    let bad = GAPS.replace(
        "Radios without keys,training",
        "Radios without keys,nothing",
    );
    let (status, plan) = instance.post_file(&desk, "", &bad);
    assert_eq!(status, StatusCode::OK, "{plan}");
    assert_eq!(plan["counts"]["refused"], 1, "{plan}");
    let hash = format!("&plan={}", plan["plan"].as_str().unwrap());
    let (status, refused) = instance.post_file(&desk, &hash, &bad);
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{refused}");
    let (status, _) = instance.post_file(&desk, "&leave_out_bad=true", &bad);
    assert_eq!(
        status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "no plan, no leaving out"
    );
    let (status, taken) = instance.post_file(&desk, &format!("{hash}&leave_out_bad=true"), &bad);
    assert_eq!(status, StatusCode::OK, "{taken}");
    assert_eq!(instance.total(&desk), 1);
}

#[test]
fn who_may_not_import_finds_no_such_place_and_nobody_is_asked_for_a_file() {
    let instance = instance();
    for role in [Role::Auditor, Role::Administrator] {
        let cookie = instance.cookie(role, "USA");
        let (status, body) = instance.post_file(&cookie, "", GAPS);
        assert_eq!(status, StatusCode::NOT_FOUND, "{body}");
    }
    let (status, _) = instance.post_file("", "", GAPS);
    assert_ne!(status, StatusCode::OK);
}
