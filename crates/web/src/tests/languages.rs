//! Pages in the reader's language: chosen by a cookie or by what the browser asks for, kept apart in caches,
//! and said whole where a language claims them.

mod own;

use super::{Answer, Instance, instance, runtime};
use crate::router::router;
use crate::view::language::{Asked, Catalogue, Language, asked};
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use std::collections::BTreeSet;
use std::sync::Arc;
use symbolon_domain::kinds::Role;
use tower::ServiceExt;

impl Instance {
    /// An answer, and the words that were asked for on the way.
    fn heard(&self, request: Request<Body>) -> (Answer, Asked) {
        runtime().block_on(async {
            let site = Arc::clone(&self.site);
            let (response, heard) = asked(Language::English, router(site).oneshot(request)).await;
            let (parts, body) = response.unwrap().into_parts();
            let bytes = to_bytes(body, 64 << 20).await.unwrap();
            let answer = Answer {
                status: parts.status,
                headers: parts.headers,
                body: String::from_utf8_lossy(&bytes).into_owned(),
            };
            (answer, heard)
        })
    }

    fn get_in(&self, path: &str, cookie: &str, accepted: &str) -> Answer {
        self.send(get(path, cookie, accepted))
    }
}

fn get(path: &str, cookie: &str, accepted: &str) -> Request<Body> {
    let request = Request::get(path).header(header::COOKIE, cookie);
    let request = request.header(header::ACCEPT_LANGUAGE, accepted);
    request.body(Body::empty()).unwrap()
}

/// A form without the token of a form gets it put in by the caller.
fn post(path: &str, cookie: &str, accepted: &str, pairs: &[(&str, &str)]) -> Request<Body> {
    let request = Request::post(path)
        .header(header::COOKIE, cookie)
        .header(header::ACCEPT_LANGUAGE, accepted)
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let body = serde_urlencoded::to_string(pairs).unwrap();
    request.body(Body::from(body)).unwrap()
}

#[test]
fn a_page_is_in_the_language_chosen_else_in_the_one_the_browser_wants() {
    let instance = instance();
    let english = instance.get("/sign-in", "");
    assert!(english.body.contains("<html lang=\"en\" dir=\"ltr\""));
    let french = instance.get_in("/sign-in", "", "fr-FR, en;q=0.5");
    assert!(french.body.contains("<html lang=\"fr\" dir=\"ltr\""));
    assert!(french.body.contains("Se connecter"), "{}", french.body);
    assert_eq!(french.headers[header::CONTENT_LANGUAGE], "fr");
    let arabic = instance.get_in("/sign-in", "a=b; language=ar", "fr");
    assert!(arabic.body.contains("<html lang=\"ar\" dir=\"rtl\""));
    let unknown = instance.get_in("/sign-in", "language=<b>", "de");
    assert!(unknown.body.contains("<html lang=\"en\""));
    assert!(
        !unknown.body.contains("<b>"),
        "nothing of the cookie stands on the page"
    );
}

#[test]
fn caches_keep_the_languages_of_a_page_apart() {
    let instance = instance();
    let tag = |accepted: &str| {
        let answer = instance.get_in("/countries", "", accepted);
        assert_eq!(answer.status, StatusCode::OK);
        let varies: Vec<_> = answer.headers.get_all(header::VARY).iter().collect();
        let varies = format!("{varies:?}").to_lowercase();
        for by in ["accept-language", "cookie", "accept-encoding"] {
            assert!(varies.contains(by), "{varies}");
        }
        answer.headers[header::ETAG].to_str().unwrap().to_owned()
    };
    let (english, french) = (tag("en"), tag("fr"));
    assert_ne!(english, french);
    for (accepted, status) in [("fr", StatusCode::NOT_MODIFIED), ("en", StatusCode::OK)] {
        let mut request = get("/countries", "", accepted);
        let known = french.parse().unwrap();
        request.headers_mut().insert(header::IF_NONE_MATCH, known);
        let answer = instance.send(request);
        assert_eq!(answer.status, status, "{accepted}");
        let mut varies = answer.headers.get_all(header::VARY).iter();
        assert!(varies.any(|v| v == "Accept-Language"), "{accepted}");
    }
    let mut head = get("/countries", "", "fr");
    *head.method_mut() = axum::http::Method::HEAD;
    let head = instance.send(head);
    assert_eq!(head.headers[header::CONTENT_LANGUAGE], "fr");
    assert!(head.body.is_empty());
    let file = instance.get_in("/api/v1/countries", "", "fr");
    assert!(
        !file.headers.contains_key(header::CONTENT_LANGUAGE),
        "files are the same for all"
    );
    assert_eq!(
        file.body,
        instance.get_in("/api/v1/countries", "", "ar").body
    );
}

#[test]
fn the_switch_works_without_script_and_takes_no_form_of_another_session() {
    let instance = instance();
    let officer = instance.cookie(Role::PartnerOfficer, "MLI");
    let csrf = instance.csrf(&officer);
    let pairs = [
        ("csrf", csrf.as_str()),
        ("back", "/records"),
        ("language", "ar"),
    ];
    let chosen = instance.send(post("/language", &officer, "en", &pairs));
    assert_eq!(chosen.status, StatusCode::SEE_OTHER, "{}", chosen.body);
    assert_eq!(chosen.headers[header::LOCATION], "/records");
    let cookie = chosen.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(
        cookie.starts_with("language=ar; Path=/; SameSite=Lax"),
        "{cookie}"
    );
    let both = format!("{officer}; language=ar");
    assert!(
        instance
            .get("/records", &both)
            .body
            .contains("lang=\"ar\" dir=\"rtl\"")
    );
    let forged = [("csrf", "00"), ("back", "/records"), ("language", "ar")];
    let forged = instance.send(post("/language", &officer, "en", &forged));
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    let away = [
        ("csrf", csrf.as_str()),
        ("back", "https://example.org/"),
        ("language", "??"),
    ];
    let away = instance.send(post("/language", &officer, "en", &away));
    assert_eq!(away.headers[header::LOCATION], "/");
    let cookie = away.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(cookie.starts_with("language=en;"), "{cookie}");
}

/// What the data set of the test does not cover, as its record says.
const LIMITS: &str = "Invented rows.";

/// The pages of a partner's officer: name, and the request for it.
fn partner_pages(instance: &Instance, code: &str) -> Vec<(&'static str, Request<Body>)> {
    let officer = instance.cookie(Role::PartnerOfficer, "MLI");
    let office = instance.cookie(Role::CooperationOfficer, "USA");
    let csrf = instance.csrf(&officer);
    let gap = instance.gap_of_partner(&officer);
    let new = "/records/capability_gap/new";
    let look = |path: &str| get(path, &officer, code);
    let fill = |pairs: &[(&str, &str)]| {
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend(pairs);
        post(new, &officer, code, &all)
    };
    vec![
        ("sign-in", get("/sign-in", "", code)),
        ("nothing there", get("/records/nothing", "", code)),
        ("sign in first", get("/account", "", code)),
        ("account", look("/account")),
        ("records", look("/records")),
        ("list of gaps", look("/records/capability_gap")),
        ("empty list", look("/records/commitment?q=nothing")),
        ("a gap", look(&gap)),
        ("its history", look(&format!("{gap}/history"))),
        ("its change", look(&format!("{gap}/edit"))),
        ("its deletion", look(&format!("{gap}/delete"))),
        ("new gap", look(new)),
        (
            "form with errors",
            fill(&[("f.title", ""), ("step", "check")]),
        ),
        (
            "answers to check",
            fill(&[
                ("f.title", "Boats"),
                ("f.domain", "training"),
                ("f.stated_by", "partner"),
                ("partner", "MLI"),
                ("step", "check"),
            ]),
        ),
        ("new receipt", look("/records/receipt/new")),
        ("new commitment", look("/records/commitment/new")),
        ("my work", look("/my-work")),
        ("its thread", look(&gap.replace("/records/", "/thread/"))),
        ("search", look("/search?q=boats")),
        ("portfolio", look("/")),
        ("training", look("/training?q=batalion")),
        ("a row of training", look("/training/open-report/1")),
        ("countries", look("/countries")),
        ("country", look("/countries/MLI")),
        ("data sets", look("/datasets")),
        ("data set", look("/datasets/open-report")),
        ("finding", look("/findings/total-cost-differs")),
        ("journal", look("/journal")),
        ("journal entry", look("/journal/1")),
        ("check", look("/check")),
        ("law", look("/law")),
        ("help", look("/help")),
        ("accessibility", look("/accessibility")),
        ("licences", look("/licence")),
        ("kind of problem", look("/problems/not-found")),
        ("interface", look("/api")),
        ("allegation", get("/allegations/new", "", code)),
        ("where it stands", get("/allegations/status", "", code)),
        ("lateness", get("/lateness?by=cause", &office, code)),
        ("import", get("/records/unit/import", &office, code)),
        (
            "new initiative",
            get("/records/initiative/new", &office, code),
        ),
        ("list of initiatives", look("/records/initiative")),
        (
            "schedule",
            look(&format!(
                "{}/schedule",
                gap.replace("/records/", "/thread/")
            )),
        ),
        (
            "why",
            look(&format!("{}/why", gap.replace("/records/", "/thread/"))),
        ),
    ]
}

/// The pages of offices: name, who asks, path.
const OFFICE_PAGES: [(&str, Role, &str); 16] = [
    ("accounts", Role::Administrator, "/admin/accounts"),
    ("proposed accounts", Role::Administrator, "/admin/requests"),
    ("roles and duties", Role::Administrator, "/admin/roles"),
    ("labels and releases", Role::DeskOfficer, "/admin/labels"),
    ("redactions", Role::Auditor, "/admin/redactions"),
    ("break-glass", Role::SecurityOfficer, "/admin/break-glass"),
    ("allegations", Role::VettingAnalyst, "/allegations"),
    ("vetting desk", Role::VettingAnalyst, "/vetting"),
    ("barred units", Role::VettingAnalyst, "/vetting/barred"),
    ("printed units", Role::VettingAnalyst, "/vetting/links"),
    (
        "past training",
        Role::VettingAnalyst,
        "/vetting/retrospective",
    ),
    ("merges of units", Role::VettingAnalyst, "/units/merges"),
    ("notices", Role::LegalReviewer, "/law/notices"),
    (
        "new vetting request",
        Role::VettingAnalyst,
        "/records/vetting_request/new",
    ),
    (
        "new excess article",
        Role::CaseManager,
        "/records/excess_article/new",
    ),
    (
        "new fund source",
        Role::FinancialManager,
        "/records/fund_source/new",
    ),
];

fn office_pages(instance: &Instance, code: &str) -> Vec<(&'static str, Request<Body>)> {
    let ask = |(name, role, path): (&'static str, Role, &str)| {
        (name, get(path, &instance.cookie(role, "USA"), code))
    };
    OFFICE_PAGES.into_iter().map(ask).collect()
}

impl Instance {
    /// A gap that the partner's own officer states; its address.
    fn gap_of_partner(&self, officer: &str) -> String {
        let pairs = [
            ("f.title", "Boats without crews"),
            ("f.domain", "training"),
            ("f.stated_by", "partner"),
            ("f.baseline", "Two of nine crews"),
            ("partner", "MLI"),
            ("step", "save"),
        ];
        let saved = self.fill_in("/records/capability_gap/new", officer, &pairs);
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
        saved.headers[header::LOCATION].to_str().unwrap().to_owned()
    }
}

#[test]
fn a_language_says_every_word_of_the_pages_it_claims() {
    let instance = instance();
    for language in Language::ALL.into_iter().skip(1) {
        let claimed = &Catalogue::of(language).unwrap().pages;
        let mut missed: BTreeSet<(&str, String)> = BTreeSet::new();
        let mut names = vec![];
        let mut pages = partner_pages(&instance, language.code());
        pages.extend(office_pages(&instance, language.code()));
        for (name, request) in pages {
            let path = request.uri().to_string();
            let (answer, heard) = instance.heard(request);
            assert!(!answer.status.is_server_error(), "{path}: {}", answer.body);
            assert!(
                answer
                    .body
                    .contains(&format!("<html lang=\"{}\"", language.code())),
                "{path}"
            );
            assert!(heard.len() > 20, "{path}: {}", answer.body);
            let office = OFFICE_PAGES.iter().any(|(n, ..)| *n == name);
            assert!(
                !office || answer.status == StatusCode::OK,
                "{path}: {}",
                answer.status
            );
            names.push(name);
            // The limits of a data set are words of its record.
            let heard: Vec<_> = heard.into_iter().filter(|(w, _)| w != LIMITS).collect();
            if claimed.iter().any(|c| c == name) {
                let unknown = heard.into_iter().filter(|(_, known)| !known);
                missed.extend(unknown.map(|(words, _)| (name, words)));
            } else if std::env::var_os("SYMBOLON_UNSAID").is_some() {
                let unknown = heard.into_iter().filter(|(_, known)| !known);
                unknown.for_each(|(words, _)| println!("{}\t{name}\t{words}", language.code()));
            }
        }
        for claim in claimed {
            assert!(
                names.contains(&claim.as_str()),
                "{language:?} claims {claim}"
            );
        }
        assert!(missed.is_empty(), "{language:?}: {missed:#?}");
    }
}
