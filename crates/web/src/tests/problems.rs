//! Refusals: each is a problem of the one table with a page that explains it, and each limit of the
//! router lets through what is just within it.

use super::{Answer, Instance, instance};
use crate::view::problem;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::Value;
use std::collections::BTreeSet;
use symbolon_domain::kinds::Role;
use symbolon_exchange::limits::Limits;

impl Instance {
    fn raw(
        &self,
        (method, path): (Method, &str),
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(body.into()).unwrap())
    }
}

/// The problem an answer holds, checked against the table and the document of the API.
fn problem_of(answer: &Answer) -> String {
    let text = &answer.body;
    let kind = answer.headers[header::CONTENT_TYPE].to_str().unwrap();
    assert_eq!(
        kind, "application/problem+json",
        "{}: {text}",
        answer.status
    );
    let told: Value = serde_json::from_str(text).unwrap();
    let slug = told["type"]
        .as_str()
        .unwrap()
        .strip_prefix("/problems/")
        .unwrap();
    let known = problem::kind(slug).unwrap_or_else(|| panic!("{slug} is not in the table"));
    assert_eq!(known.status, answer.status.as_u16(), "{slug}");
    assert_eq!(
        (&told["status"], &told["title"]),
        (&known.status.into(), &known.title.into())
    );
    let document: Value = serde_json::from_str(&crate::openapi()).unwrap();
    let members = &document["components"]["schemas"]["Problem"]["properties"];
    for name in told.as_object().unwrap().keys() {
        assert!(
            members.get(name).is_some(),
            "the document does not know `{name}`"
        );
    }
    slug.to_owned()
}

#[test]
fn every_kind_of_problem_has_a_page_that_says_what_to_do() {
    let instance = instance();
    let mut slugs = BTreeSet::new();
    for kind in problem::KINDS {
        assert!(slugs.insert(kind.slug), "{} stands twice", kind.slug);
        assert!((400..600).contains(&kind.status) && !kind.advice.is_empty());
        let page = instance.get(&format!("/problems/{}", kind.slug), "");
        assert_eq!(page.status, StatusCode::OK, "{}", kind.slug);
        assert!(page.body.contains(&kind.status.to_string()));
        assert!(
            crate::openapi().contains(kind.slug),
            "{} is not in the document",
            kind.slug
        );
    }
    assert_eq!(
        instance.get("/problems/no-such", "").status,
        StatusCode::NOT_FOUND
    );
}

#[test]
fn whatever_is_sent_wrongly_is_answered_with_a_problem_of_the_table() {
    let instance = instance();
    let desk = instance.cookie(Role::DeskOfficer, "USA");
    let auditor = instance.cookie(Role::Auditor, "USA");
    let json = "application/json";
    let source = "/api/v1/records/source";
    let own = [("sec-fetch-site", "same-origin"), ("content-type", json)];
    let as_desk = [own[0], own[1], ("cookie", desk.as_str())];
    let send = |headers: &[(&str, &str)], body: &str| {
        instance.raw((Method::POST, source), headers, body.to_owned())
    };
    let at = |method: Method, path: &str| instance.raw((method, path), &as_desk, "");
    let whole = "{\"body\": {\"title\": \"T\", \"publisher\": \"P\", \"licence\": \"L\"}}";
    let limited = "{\"body\": {}, \"surprise\": 1}";
    let answers = [
        (send(&as_desk, "{"), "malformed"),
        (send(&as_desk, "{\"body\": {\"title\": 1}}"), "invalid"),
        (send(&as_desk, limited), "unknown-field"),
        (
            send(&[own[0], own[1], ("cookie", &auditor)], whole),
            "not-permitted",
        ),
        (send(&[own[1], ("cookie", &desk)], "{}"), "not-permitted"),
        (
            send(&[own[1], ("authorization", "Bearer nothing")], "{}"),
            "unauthenticated",
        ),
        (at(Method::GET, "/api/v1/nowhere"), "not-found"),
        (at(Method::PUT, "/api/v1/portfolio"), "method-not-allowed"),
        (
            at(Method::GET, "/api/v1/records/source?surprise=1"),
            "invalid",
        ),
        (at(Method::GET, "/api/v1/records/source/none"), "not-found"),
        (at(Method::GET, "/api/v1/training?from=soon"), "invalid"),
    ];
    for (i, (answer, wanted)) in answers.iter().enumerate() {
        assert_eq!(problem_of(answer), *wanted, "{i}: {}", answer.body);
    }
    // A form to a page that no reader of forms takes is told so by the same table.
    let form = [
        own[0],
        ("content-type", "text/plain"),
        ("cookie", desk.as_str()),
    ];
    let strange = instance.raw((Method::POST, "/records/source/new"), &form, "x");
    assert_eq!(problem_of(&strange), "unsupported-media");
}

#[test]
fn addresses_and_heads_are_read_up_to_the_limit_and_not_beyond_r45() {
    let instance = instance();
    let limits = Limits::shipped();
    let address = |length: u64| {
        let path = "/help?q=";
        let rest = usize::try_from(length).unwrap() - path.len();
        instance.get(&format!("{path}{}", "x".repeat(rest)), "")
    };
    assert_eq!(address(limits.address).status, StatusCode::OK);
    let long = address(limits.address + 1);
    assert_eq!(problem_of(&long), "address-too-long");
    let head = |length: u64| {
        // Name, value, colon, space, end of line.
        let rest = usize::try_from(length).unwrap() - "x-long".len() - 4;
        let value = "x".repeat(rest);
        instance.raw((Method::GET, "/help"), &[("x-long", &value)], "")
    };
    assert_eq!(head(limits.header_block).status, StatusCode::OK);
    assert_eq!(
        problem_of(&head(limits.header_block + 1)),
        "headers-too-large"
    );
}

#[test]
fn bodies_are_read_up_to_their_limit_and_not_beyond_r45() {
    let instance = instance();
    let desk = instance.cookie(Role::DeskOfficer, "USA");
    let limits = Limits::shipped();
    let own = [("sec-fetch-site", "same-origin"), ("cookie", desk.as_str())];
    // What is just within its limit is read, and refused for what it says.
    let api = |length: u64| {
        let body = vec![b' '; usize::try_from(length).unwrap()];
        let headers = [own[0], own[1], ("content-type", "application/json")];
        instance.raw((Method::POST, "/api/v1/records/source"), &headers, body)
    };
    assert_eq!(problem_of(&api(limits.json_body)), "malformed");
    assert_eq!(problem_of(&api(limits.json_body + 1)), "too-large");
    let csrf = instance.csrf(&desk);
    let form = |length: u64, counted: bool| {
        let start = format!("csrf={csrf}&f.title=");
        let rest = usize::try_from(length).unwrap() - start.len();
        let body = format!("{start}{}", "x".repeat(rest));
        let mut headers = vec![
            own[0],
            own[1],
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        let length = length.to_string();
        if counted {
            headers.push(("content-length", &length));
        }
        instance.raw((Method::POST, "/records/source/new"), &headers, body)
    };
    let within = form(limits.form_body, true);
    assert_eq!(
        within.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        within.body
    );
    assert!(
        within.body.contains("There is a problem"),
        "the form is shown again"
    );
    for counted in [true, false] {
        assert_eq!(
            problem_of(&form(limits.form_body + 1, counted)),
            "too-large"
        );
    }
}

#[test]
fn a_filter_has_so_many_terms_and_no_more_r45() {
    let instance = instance();
    let most = usize::try_from(Limits::shipped().filter_terms).unwrap();
    let words = |n: usize| format!("/api/v1/records/partner?q={}", vec!["a"; n].join("+"));
    assert_eq!(instance.get(&words(most), "").status, StatusCode::OK);
    assert_eq!(problem_of(&instance.get(&words(most + 1), "")), "invalid");
    let pairs = |n: usize| format!("/records/partner?{}", vec!["x=1"; n].join("&"));
    assert_eq!(instance.get(&pairs(most), "").status, StatusCode::OK);
    let more = instance.get(&pairs(most + 1), "");
    assert_eq!(more.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[test]
fn lists_give_no_longer_page_than_the_limit_r45() {
    let instance = instance();
    let most = Limits::shipped().page;
    let list = |n: u64| {
        let answer = instance.get(&format!("/api/v1/records/partner?limit={n}"), "");
        let list: Value = serde_json::from_str(&answer.body).unwrap();
        list["items"].as_array().unwrap().len() as u64
    };
    assert_eq!((list(most), list(most + 1)), (most, most));
}

#[test]
fn a_user_has_so_many_requests_under_way_at_once_r45() {
    let mut instance = instance();
    let mut site = crate::site::Site::new(
        std::sync::Arc::clone(&instance.site.app),
        instance.site.settings.clone(),
    );
    site.settings.at_once = 0;
    let desk = instance.cookie(Role::DeskOfficer, "USA");
    instance.site = std::sync::Arc::new(site);
    let answer = instance.get("/api/v1/portfolio", &desk);
    assert_eq!(problem_of(&answer), "rate-limited");
    assert_eq!(answer.headers[header::RETRY_AFTER], "1");
    assert_eq!(instance.get("/api/v1/portfolio", "").status, StatusCode::OK);
}
