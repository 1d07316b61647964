//! Pages of the law: the question and its answer, kept and asked again; rules; past training.

use super::{Answer, Instance, instance, law::read};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};
use symbolon_domain::kinds::Role;

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

/// The replay once it is done.
fn done(instance: &Instance, path: &str, cookie: &str) -> Value {
    for _ in 0..200 {
        let said = read(&instance.get(path, cookie));
        if said["working"] == false {
            return said;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("the replay does not end")
}

#[test]
fn past_training_is_put_to_the_law_of_its_day() {
    let instance = instance();
    let said = done(&instance, "/api/v1/law/replay", "");
    assert_eq!(said["rows"], 2, "totals are no training");
    let lines = said["lines"].as_array().unwrap();
    // Mali stood on the child soldiers list of fiscal year 2018; Niger did not.
    let mali = lines
        .iter()
        .find(|l| l["rule"] == "us.foreign-assistance.child-soldiers" && l["iso3"] == "MLI");
    let mali = mali.unwrap();
    assert_eq!((&mali["said"], &mali["row"]), (&json!("barred"), &json!(1)));
    assert!(
        mali["why"].as_str().unwrap().contains("child soldiers")
            || mali["why"].as_str().unwrap().contains("Child"),
        "{mali}"
    );
    let niger =
        |l: &Value| l["rule"] == "us.foreign-assistance.child-soldiers" && l["iso3"] == "NER";
    assert!(!lines.iter().any(niger));
    assert!(said["limits"].to_string().contains("waived"));
    // Rows of the closed report count only for those who see them.
    let desk = instance.cookie(Role::DeskOfficer, "USA");
    assert_eq!(done(&instance, "/api/v1/law/replay", &desk)["rows"], 4);
    let page = instance.get("/law/replay?country=MLI&said=barred", "");
    for word in [
        "It is no finding of a breach",
        "href=\"/training/open-report/1\"",
        "barred</span>",
        "/law/replay.csv?country=MLI",
    ] {
        assert!(page.body.contains(word), "{word}");
    }
    let csv = instance.get("/law/replay.csv?country=MLI&said=barred", "");
    assert_eq!(csv.status, StatusCode::OK, "{}", csv.body);
    let heads = csv.body.trim_start_matches('\u{feff}');
    assert!(
        heads.starts_with("\"dataset\",\"row\",\"fiscal_year\""),
        "{heads}"
    );
    assert!(csv.body.contains("us.foreign-assistance.child-soldiers"));
    let unknown = done(&instance, "/api/v1/law/replay?country=XXX", "");
    assert_eq!(unknown["total"], 0);
}
