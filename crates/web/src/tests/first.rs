//! Access is asked first: what is wrong with a request is told to nobody who may not make it (R-13).

use super::*;
use axum::http::Method;
use serde_json::json;
use symbolon_access::{Action, Policy};
use symbolon_domain::kinds;

/// A body that is wrong for every kind, and one that is no JSON object at all.
const WRONG: [&str; 2] = [r#"{"nothing": "known"}"#, "[]"];

#[test]
fn whoever_may_not_write_a_kind_is_told_so_before_the_body_is_read() {
    let instance = instance();
    for role in [Role::Auditor, Role::PartnerOfficer, Role::Administrator] {
        let nation = if role == Role::PartnerOfficer {
            "MLI"
        } else {
            "USA"
        };
        let cookie = instance.cookie(role, nation);
        for kind in kinds::all() {
            let grants = |action| {
                let name = serde_json::to_value(role).unwrap();
                Policy::shipped()
                    .holders(action, kind.code)
                    .contains(&name.as_str().unwrap())
            };
            let wanted = match (grants(Action::Write), grants(Action::Read)) {
                (true, _) => continue,
                (false, true) => StatusCode::FORBIDDEN,
                (false, false) => StatusCode::NOT_FOUND,
            };
            for body in WRONG {
                let path = format!("/api/v1/records/{}", kind.code);
                let body = serde_json::from_str(body).unwrap();
                let answer = instance.send_json((Method::POST, &path), &cookie, &[], &body);
                assert_eq!(answer.status, wanted, "{role:?} {path}: {}", answer.body);
            }
        }
    }
}

#[test]
fn a_hidden_record_answers_a_wrong_change_as_an_unknown_one_does() {
    let instance = instance();
    let desk = instance.cookie(Role::DeskOfficer, "USA");
    let made = instance.make_source(&desk, "k", "Working paper").json();
    let hidden = made["id"].as_str().unwrap().to_owned();
    let unknown = symbolon_domain::record::RecordId::named("source", "nobody's").to_string();
    let partner = instance.cookie(Role::PartnerOfficer, "MLI");
    for (method, end) in [
        (Method::GET, ""),
        (Method::PUT, ""),
        (Method::PATCH, ""),
        (Method::DELETE, ""),
        (Method::GET, "/versions"),
        (Method::GET, "/compare"),
        (Method::GET, "/moves/withdraw"),
        (Method::POST, "/moves/withdraw"),
    ] {
        // Without a version, with a wrong body: both come after the question who asks.
        let ask = |id: &str| {
            let path = format!("/api/v1/records/source/{id}{end}");
            let answer = if method == Method::GET {
                instance.get(&path, &partner)
            } else {
                instance.send_json((method.clone(), &path), &partner, &[], &json!([]))
            };
            let mut told = answer.json();
            told["request_id"] = json!(null);
            (answer.status, told.to_string().replace(id, "ID"))
        };
        assert_eq!(ask(&hidden), ask(&unknown), "{method} {end}");
        assert_eq!(ask(&hidden).0, StatusCode::NOT_FOUND, "{method} {end}");
    }
}
