//! May we, as it is asked through API and pages.

use super::{Answer, Instance, instance};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};
use symbolon_domain::kinds::Role;

impl Instance {
    /// Asks as a program would: no cookie, no origin.
    fn ask(&self, path: &str, body: impl Into<Body>) -> Answer {
        self.send(Request::post(path).body(body.into()).unwrap())
    }
}

/// An offer to Kenya, ten days after the certificate reached Congress.
fn offer() -> Value {
    json!({"assume": "clear", "date": "2023-05-10", "authority": "fms", "partner": "KEN", "aid": "equipment",
        "recipient": "military", "mde_value": "USD 16_000_000", "total_value": 22_000_000, "certificate_received": "2023-05-01"})
}

pub(super) fn read(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|e| panic!("{e}: {}", answer.body))
}

const ONE: &str = "/api/v1/determinations";

#[test]
fn an_offer_is_determined_with_its_cited_why() {
    let instance = instance();
    let answer = instance.ask(ONE, offer().to_string());
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let said = read(&answer);
    assert_eq!(
        (said["outcome"].as_str(), said["earliest"].as_str()),
        (Some("refused"), Some("2023-05-31"))
    );
    let rules = said["rules"].as_array().unwrap();
    let certify = rules
        .iter()
        .find(|r| r["rule"] == "us.arms-export-control.certify-offer")
        .unwrap();
    assert_eq!(certify["duty"]["days"], 30);
    assert!(certify["cites"][0]["at"].as_str().unwrap().contains("2776"));
    assert!(said["remedies"].as_array().is_some_and(|r| !r.is_empty()));
    let later = instance.ask(&format!("{ONE}?on=2023-05-31"), offer().to_string());
    assert_ne!(read(&later)["outcome"], "refused");
    let plain = instance.ask(&format!("{ONE}?remedies=no"), offer().to_string());
    assert_eq!(read(&plain)["remedies"], json!([]));
}

#[test]
fn the_same_question_may_stand_in_the_address() {
    let instance = instance();
    let facts = "assume=clear&date=2023-05-10&authority=fms&partner=KEN&aid=equipment&recipient=military&mde_value=16000000\
        &total_value=22000000&certificate_received=2023-05-01";
    let answer = instance.get(&format!("{ONE}?{facts}"), "");
    assert_eq!(read(&answer), read(&instance.ask(ONE, offer().to_string())));
}

#[test]
fn bills_and_the_day_of_knowledge_are_options_of_the_question() {
    let instance = instance();
    let mut offer = offer();
    offer["mde_value"] = json!("USD 14_500_000");
    let spoke = |answer: Answer| {
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let said = read(&answer);
        let named = |r: &&Value| r["rule"] == "us.arms-export-control.certify-offer";
        (
            said["rules"].as_array().unwrap().iter().any(|r| named(&r)),
            said["law"].clone(),
        )
    };
    assert!(spoke(instance.ask(ONE, offer.to_string())).0);
    let (spoken, law) = spoke(instance.ask(&format!("{ONE}?proposals=hr-3613"), offer.to_string()));
    assert!(!spoken, "the bill lifts the line above this offer");
    assert_eq!(law["proposal"], "hr-3613");
    offer["known"] = json!("2022-01-01");
    offer["proposals"] = json!(["hr-3613", "tiger-act"]);
    let (_, law) = spoke(instance.ask(ONE, offer.to_string()));
    assert_eq!(
        (&law["known"], &law["proposal"]),
        (&json!("2022-01-01"), &json!("hr-3613,tiger-act"))
    );
}

#[test]
fn every_fact_that_does_not_fit_is_pointed_at() {
    let instance = instance();
    let bad = json!({"partner": "KENYA", "date": "soon", "surprise": 1});
    let answer = instance.ask(ONE, bad.to_string());
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        answer.headers[header::CONTENT_TYPE],
        "application/problem+json"
    );
    let errors = read(&answer)["errors"].clone();
    let pointers: Vec<&str> = errors
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["pointer"].as_str().unwrap())
        .collect();
    assert_eq!(pointers, ["/date", "/partner", "/surprise"]);
    for (body, status) in [("{", 400), ("[]", 422), ("{\"a\":1,\"a\":2}", 400)] {
        assert_eq!(instance.ask(ONE, body).status.as_u16(), status, "{body}");
    }
}

#[test]
fn a_batch_answers_each_line_and_is_not_held_as_a_whole() {
    let instance = instance();
    // More than any other body may be.
    let mut lines = String::new();
    while lines.len() < 2 * 1024 * 1024 {
        lines.push_str(&offer().to_string());
        lines.push_str(&" ".repeat(8 * 1024));
        lines.push('\n');
    }
    lines.push_str("{\"partner\": \"nowhere\"}\n");
    let count = lines.lines().count();
    let answer = instance.ask(&format!("{ONE}/batch?remedies=no"), lines);
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/x-ndjson");
    let said: Vec<Value> = answer
        .body
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    assert_eq!(said.len(), count);
    assert_eq!(
        (&said[0]["line"], &said[0]["outcome"]),
        (&json!(1), &json!("refused"))
    );
    let last = said.last().unwrap();
    assert_eq!(
        (&last["line"], &last["error"]["errors"][0]["pointer"]),
        (&json!(count), &json!("/partner"))
    );
    let wrong = instance.ask(&format!("{ONE}/batch?on=soon"), "{}\n");
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[test]
fn asking_changes_nothing_and_everything_else_still_asks_where_it_came_from() {
    let instance = instance();
    let cookie = instance.cookie(Role::DeskOfficer, "USA");
    let foreign = |path: &str| {
        let request = Request::post(path)
            .header(header::COOKIE, &cookie)
            .header("sec-fetch-site", "cross-site");
        instance
            .send(request.body(Body::from("{}")).unwrap())
            .status
    };
    assert_eq!(foreign(ONE), StatusCode::OK);
    assert_eq!(foreign("/api/v1/records/source"), StatusCode::FORBIDDEN);
}

#[test]
fn rules_and_lists_can_be_read() {
    let instance = instance();
    let rules = read(&instance.get("/api/v1/law/rules", ""));
    let number = rules.as_array().unwrap().len();
    assert_eq!(
        number,
        instance.site.app.law.current().unwrap().book.rules.len()
    );
    let rule = read(&instance.get("/api/v1/law/rules/us.arms-export-control.certify-offer", ""));
    let history = rule["history"].as_array().unwrap();
    assert!(
        history
            .iter()
            .any(|t| t["value"] == "$14,000,000" && t["cite"] != ""),
        "{history:?}"
    );
    assert!(rule["cases"].as_array().is_some_and(|c| c.len() > 3));
    let list = read(&instance.get("/api/v1/law/lists/nato-plus-five", ""));
    let korea = list["members"]
        .as_array()
        .unwrap()
        .iter()
        .find(|m| m["member"] == "KOR")
        .unwrap()
        .clone();
    assert_eq!(korea["from"], "2008-10-15");
    assert!(list["rules"].as_array().is_some_and(|r| !r.is_empty()));
    assert_eq!(
        instance.get("/api/v1/law/rules/us.nothing", "").status,
        StatusCode::NOT_FOUND
    );
}
