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

fn read(answer: &Answer) -> Value {
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

const CHECK: &str = "/check?date=2023-05-10&partner=KEN&authority=fms&aid=equipment&recipient=military&mde_value=16000000\
    &total_value=22000000&certificate_received=2023-05-01&assume=clear";

#[test]
fn the_page_says_no_with_the_clause_the_clock_and_a_way_to_a_yes() {
    let instance = instance();
    let page = instance.get(CHECK, "");
    assert_eq!(page.status, StatusCode::OK);
    for said in [
        "Refused</span>",
        "22 U.S.C. 2776(b)",
        "$14,000,000",
        "earliest lawful day <b>2023-05-31</b>",
        "/law/us.arms-export-control.certify-offer",
        "Taken as clear because not stated",
        "/api/v1/determinations?date=2023-05-10",
    ] {
        assert!(page.body.contains(said), "{said} is not said");
    }
    let yes = page
        .body
        .split("href=\"")
        .find(|h| h.starts_with("/check?") && h.contains("date=2023-05-31"));
    let yes = yes
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .replace("&#38;", "&")
        .replace("&amp;", "&");
    let page = instance.get(&yes, "");
    assert!(
        page.body.contains("The answer: <span class=\"tag t-"),
        "{yes}"
    );
    assert!(!page.body.contains("Refused</span>"), "{yes}");
}

#[test]
fn only_what_the_answer_waits_for_is_offered_first() {
    let instance = instance();
    let page = instance.get(
        "/check?date=2023-05-10&partner=KEN&authority=fms&aid=equipment&recipient=military",
        "",
    );
    assert!(page.body.contains("Cannot tell</span>"));
    let wanted = page.body.split("What the answer waits for").nth(1).unwrap();
    let wanted = wanted.split("</fieldset>").next().unwrap();
    assert!(wanted.contains("name=\"mde_value\""));
    assert!(!wanted.contains("name=\"lease_months\""));
    assert_eq!(page.body.matches("name=\"mde_value\"").count(), 1);
}

#[test]
fn a_question_that_cannot_be_read_keeps_what_was_typed_and_says_where() {
    let instance = instance();
    let page = instance.get("/check?date=soon&partner=KEN&known=never", "");
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = instance.get("/check?date=soon&partner=KEN&surprise=1", "");
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    for said in [
        "There is a problem",
        "href=\"#f-date\"",
        "value=\"soon\"",
        "value=\"KEN\" selected",
    ] {
        assert!(page.body.contains(said), "{said}");
    }
}

#[test]
fn a_rule_shows_its_history_its_cases_and_who_relies_on_it() {
    let instance = instance();
    let page = instance.get("/law/us.arms-export-control.certify-offer", "");
    for said in [
        "class=\"timeline\"",
        "<time datetime=\"1976-06-30\">",
        "$7,000,000",
        "would change it",
        "exactly the line for major equipment is enough",
    ] {
        assert!(page.body.contains(said), "{said}");
    }
    let case = page
        .body
        .split("href=\"")
        .find(|h| h.starts_with("/check?"))
        .unwrap();
    let case = case
        .split('"')
        .next()
        .unwrap()
        .replace("&#38;", "&")
        .replace("&amp;", "&");
    assert_eq!(instance.get(&case, "").status, StatusCode::OK, "{case}");
    let list = instance.get("/law/lists/nato-plus-five", "");
    for said in ["2008-10-15", "2010-10-08", "Rules that ask it", "Absence"] {
        assert!(list.body.contains(said), "{said}");
    }
    assert_eq!(
        instance.get("/law/lists/none", "").status,
        StatusCode::NOT_FOUND
    );
    let every = instance.site.app.rules().unwrap();
    for rule in every {
        assert_eq!(
            instance.get(&format!("/law/{}", rule.rule), "").status,
            StatusCode::OK,
            "{}",
            rule.rule
        );
    }
}

impl Instance {
    fn keep(&self, cookie: &str, title: &str) -> Answer {
        let page = self.get(CHECK, cookie);
        let csrf = page.body.split("name=\"csrf\" value=\"").nth(1).unwrap();
        let mut form = format!("csrf={}&title={title}", csrf.split('"').next().unwrap());
        for pair in CHECK.split('?').nth(1).unwrap().split('&') {
            form.push_str(&format!("&fact.{pair}"));
        }
        let request = Request::post("/check/save")
            .header(header::COOKIE, cookie)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(form)).unwrap())
    }
}

#[test]
fn a_determination_is_kept_frozen_and_run_again() {
    let instance = instance();
    let cookie = instance.cookie(Role::DeskOfficer, "USA");
    assert!(
        !instance
            .get(CHECK, "")
            .body
            .contains("Save this determination")
    );
    let kept = instance.keep(&cookie, "Radios+for+Kenya");
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.body);
    let path = kept.headers[header::LOCATION].to_str().unwrap().to_owned();
    let id = path.rsplit('/').next().unwrap().to_owned();
    let record = read(&instance.get(&format!("/api/v1{path}"), &cookie));
    assert_eq!(
        (&record["body"]["outcome"], &record["partner"]),
        (&json!("refused"), &json!("KEN"))
    );
    let values = record["body"]["values"].to_string();
    assert!(values.contains("$14,000,000 from"), "{values}");
    assert!(
        instance
            .get(&path, &cookie)
            .body
            .contains(&format!("/check/again/{id}"))
    );

    // Somebody edits the rulebook: the line for major equipment goes up, the record stays.
    let again = format!("/api/v1/determinations/{id}/again");
    assert_eq!(read(&instance.get(&again, &cookie))["changed"], json!([]));
    let source = symbolon_law::Source::embedded();
    let files = source.files().map(|(name, text)| {
        (
            name,
            if name.ends_with("certify-offer/values.toml") {
                text.replace("USD 14_000_000", "USD 23_000_000")
            } else {
                text.to_owned()
            },
        )
    });
    let edited = symbolon_law::Source::of(files.collect::<Vec<_>>());
    instance.site.app.law.put(edited).unwrap();
    let said = read(&instance.get(&again, &cookie));
    assert_eq!(said["outcome_then"], "refused");
    assert_ne!(said["outcome_now"], "refused");
    assert_ne!(said["rulebook_then"], said["rulebook_now"]);
    let words = said["changed"].to_string();
    assert!(words.contains("no longer speaks"), "{words}");
    let page = instance.get(&format!("/check/again/{id}"), &cookie);
    assert!(page.body.contains("no longer speaks") && page.body.contains("Outcome today"));
    let still = read(&instance.get(&format!("/api/v1{path}"), &cookie));
    assert_eq!(still["body"], record["body"]);
}

#[test]
fn what_the_law_said_is_never_taken_from_the_writer() {
    let instance = instance();
    let cookie = instance.cookie(Role::DeskOfficer, "USA");
    let post = |route: &str, method: &str, headers: &[(&str, &str)], body: &Value| {
        let mut request = Request::builder()
            .method(method)
            .uri(route)
            .header(header::COOKIE, &cookie)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        instance.send(request.body(Body::from(body.to_string())).unwrap())
    };
    let facts = [
        "date = 2023-05-10",
        "partner = IRN",
        "authority = fms",
        "aid = equipment",
        "recipient = military",
        "assume = clear",
    ];
    let body = json!({"partner": "IRN", "body": {"title": "Forged", "facts": facts, "outcome": "allowed", "rulebook": "0"}});
    let route = "/api/v1/records/determination";
    let made = post(route, "POST", &[], &body);
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let path = format!("{route}/{}", read(&made)["id"].as_str().unwrap());
    let record = read(&instance.get(&path, &cookie));
    assert_eq!(record["body"]["outcome"], "refused");
    let patch = |change: Value| post(&path, "PATCH", &[("if-match", "\"1\"")], &change).status;
    assert_eq!(
        patch(json!({"outcome": "allowed"})),
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(
        patch(json!({"facts": ["partner = KEN"]})),
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(patch(json!({"title": "Better title"})), StatusCode::OK);
    let bad = json!({"body": {"title": "Bad", "facts": ["partner = Atlantis"]}});
    assert_eq!(
        post(route, "POST", &[], &bad).status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let auditor = instance.cookie(Role::Auditor, "USA");
    assert_eq!(
        instance.keep(&auditor, "Not+mine").status,
        StatusCode::FORBIDDEN
    );
}
