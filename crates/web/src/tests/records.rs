//! Records through the API: versions, keys, moves, refusals.

use super::{Answer, Instance, instance};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};
use symbolon_domain::kinds::Role;

impl Instance {
    /// Sends JSON as a page of the site would.
    pub(super) fn send_json(
        &self,
        (method, path): (Method, &str),
        cookie: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, cookie)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(body.to_string())).unwrap())
    }

    pub(super) fn make_source(&self, cookie: &str, key: &str, title: &str) -> Answer {
        let body = json!({"body": {"title": title, "publisher": "Nobody", "licence": "CC0"}});
        let headers = [("idempotency-key", key)];
        let route = (Method::POST, "/api/v1/records/source");
        self.send_json(route, cookie, &headers, &body)
    }
}

impl Answer {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.body))
    }
}

#[test]
fn a_record_is_made_once_however_often_it_is_sent_r67() {
    let instance = instance();
    let cookie = instance.cookie(Role::DeskOfficer, "USA");
    let first = instance.make_source(&cookie, "k1", "An invented report");
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
    assert_eq!(first.headers[header::ETAG], "\"1\"");
    let again = instance.make_source(&cookie, "k1", "An invented report");
    assert_eq!((again.status, again.json()), (first.status, first.json()));
    let other = instance.make_source(&cookie, "k1", "Another");
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(other.json()["type"], "/problems/idempotency-mismatch");
    let list = instance.get("/api/v1/records/source?q=invented+report", &cookie);
    assert_eq!(list.json()["total"], 1);
}

#[test]
fn a_change_names_the_version_it_was_made_on_r68() {
    let instance = instance();
    let cookie = instance.cookie(Role::DeskOfficer, "USA");
    let made = instance.make_source(&cookie, "k", "Old title").json();
    let path = format!("/api/v1/records/source/{}", made["id"].as_str().unwrap());
    let patch = |headers: &[(&str, &str)], title: &str| {
        let route = (Method::PATCH, path.as_str());
        instance.send_json(route, &cookie, headers, &json!({"title": title}))
    };
    assert_eq!(patch(&[], "x").status, StatusCode::PRECONDITION_REQUIRED);
    let done = patch(&[("if-match", "\"1\"")], "New title");
    assert_eq!(
        (done.status, done.json()["version"].clone()),
        (StatusCode::OK, json!(2))
    );
    let late = patch(&[("if-match", "\"1\"")], "Lost title");
    assert_eq!(late.status, StatusCode::PRECONDITION_FAILED);
    let read = instance.get(&path, &cookie);
    assert_eq!(read.headers[header::ETAG], "\"2\"");
    assert_eq!(read.json()["body"]["title"], "New title");
    let known = Request::get(&path)
        .header(header::COOKIE, &cookie)
        .header(header::IF_NONE_MATCH, "\"2\"")
        .body(Body::empty())
        .unwrap();
    assert_eq!(instance.send(known).status, StatusCode::NOT_MODIFIED);
    let versions = instance.get(&format!("{path}/versions"), &cookie).json();
    assert_eq!(versions[0]["record"]["body"]["title"], "Old title");
    let words = instance.get(
        &format!("{path}/compare?from={}", later(&versions[0])),
        &cookie,
    );
    let words = words.json()[0]["words"].as_str().unwrap().to_owned();
    assert_eq!(
        words,
        "Title: \u{201c}Old title\u{201d} became \u{201c}New title\u{201d}"
    );
}

/// A moment just after a version was made.
fn later(version: &Value) -> String {
    let time: jiff::Timestamp = version["time"].as_str().unwrap().parse().unwrap();
    (time + jiff::Span::new().milliseconds(1)).to_string()
}

#[test]
fn every_wrong_field_is_named_at_once() {
    let instance = instance();
    let cookie = instance.cookie(Role::DeskOfficer, "USA");
    let body = json!({"body": {"title": "", "publisher": "P", "published": "soon"}});
    let route = (Method::POST, "/api/v1/records/source");
    let answer = instance.send_json(route, &cookie, &[], &body);
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let problem = answer.json();
    let found: Vec<(&str, &str)> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| (e["pointer"].as_str().unwrap(), e["code"].as_str().unwrap()))
        .collect();
    assert_eq!(
        found,
        [
            ("/body/title", "missing"),
            ("/body/published", "wrong-type"),
            ("/body/licence", "missing")
        ]
    );
}

#[test]
fn owner_label_role_and_nation_are_not_set_with_a_record_r46() {
    let instance = instance();
    let cookie = instance.cookie(Role::DeskOfficer, "USA");
    let fields = json!({"title": "T", "publisher": "P", "licence": "L"});
    let route = || (Method::POST, "/api/v1/records/source");
    for name in ["owner", "label", "role", "nation", "version", "id", "state"] {
        let outside = json!({"body": fields, name: "x"});
        let answer = instance.send_json(route(), &cookie, &[], &outside);
        assert_eq!(answer.json()["type"], "/problems/unknown-field", "{name}");
        let mut inside = json!({"body": fields});
        inside["body"][name] = json!("x");
        let answer = instance.send_json(route(), &cookie, &[], &inside);
        assert_eq!(
            answer.json()["errors"][0]["code"],
            "unknown-field",
            "{name}"
        );
    }
}

#[test]
fn a_move_is_made_with_its_reason_and_only_from_its_states() {
    let instance = instance();
    let cookie = instance.cookie(Role::DeskOfficer, "USA");
    let made = instance.make_source(&cookie, "k", "A report").json();
    let path = format!("/api/v1/records/source/{}", made["id"].as_str().unwrap());
    let go = |code: &str, version: &str, reason: &str| {
        let path = format!("{path}/moves/{code}");
        let headers = [("if-match", version)];
        let body = json!({"reason": reason});
        instance.send_json((Method::POST, &path), &cookie, &headers, &body)
    };
    assert_eq!(
        go("withdraw", "1", " ").json()["errors"][0]["pointer"],
        "/reason"
    );
    assert_eq!(go("restore", "1", "").status, StatusCode::CONFLICT);
    assert_eq!(go("withdraw", "1", "superseded").status, StatusCode::OK);
    assert_eq!(instance.get(&path, &cookie).json()["state"], "withdrawn");
    let route = (Method::DELETE, path.as_str());
    let headers = [("if-match", "2")];
    let gone = instance.send_json(route, &cookie, &headers, &json!({"reason": "a test"}));
    assert_eq!(gone.status, StatusCode::OK, "{}", gone.body);
    assert_eq!(instance.get(&path, &cookie).json()["state"], "deleted");
    let list = instance.get("/api/v1/records/source?q=A+report", &cookie);
    assert_eq!(list.json()["total"], 0);
}

#[test]
fn who_may_not_write_is_told_so_and_who_may_not_see_is_told_nothing() {
    let instance = instance();
    let desk = instance.cookie(Role::DeskOfficer, "USA");
    let made = instance.make_source(&desk, "k", "Working paper").json();
    let path = format!("/api/v1/records/source/{}", made["id"].as_str().unwrap());
    let auditor = instance.cookie(Role::Auditor, "USA");
    let partner = instance.cookie(Role::PartnerOfficer, "MLI");
    let patch = |cookie: &str| {
        let headers = [("if-match", "1")];
        instance.send_json(
            (Method::PATCH, &path),
            cookie,
            &headers,
            &json!({"title": "x"}),
        )
    };
    assert_eq!(patch(&auditor).status, StatusCode::FORBIDDEN);
    assert_eq!(patch(&partner).status, StatusCode::NOT_FOUND);
    assert_eq!(instance.get(&path, "").status, StatusCode::NOT_FOUND);
}
