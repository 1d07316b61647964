//! Who you are, walked through the pages: one test a rule.

use super::{Answer, Instance, instance};
use crate::{Costly, site::Site};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use std::sync::Arc;
use symbolon_app::{NewAccount, identity::NewToken};
use symbolon_domain::{kinds::Role, record::RecordId};

/// Somebody in a browser: a cookie and what goes with it.
pub(super) struct Person {
    pub(super) id: RecordId,
    pub(super) token: String,
}

impl Person {
    pub(super) fn cookie(&self) -> String {
        format!("symbolon={}", self.token)
    }
}

impl Instance {
    pub(super) fn person(&self, role: Role, nation: &str) -> Person {
        let app = &self.site.app;
        let new = NewAccount {
            name: format!("Invented {role:?}"),
            role,
            nation: nation.parse().unwrap(),
            standing: None,
        };
        let id = app.add_account(&app.system(), &new).unwrap();
        let link = app.sign_in_link(id).unwrap();
        Person {
            id,
            token: app.sign_in(&link).unwrap().token,
        }
    }

    /// Sends a form as a browser of ours does.
    pub(super) fn post(
        &self,
        path: &str,
        person: Option<&Person>,
        form: &[(&str, &str)],
    ) -> Answer {
        let csrf = person
            .map(|p| self.site.app.form_token(&p.token))
            .unwrap_or_default();
        let mut pairs = vec![("csrf", csrf.as_str())];
        pairs.extend(form);
        let cookie = person.map(Person::cookie).unwrap_or_default();
        self.send_form(
            path,
            &cookie,
            &serde_urlencoded::to_string(pairs).unwrap(),
            "same-origin",
        )
    }

    fn send_form(&self, path: &str, cookie: &str, body: &str, from: &str) -> Answer {
        let request = Request::post(path)
            .header("sec-fetch-site", from)
            .header(header::COOKIE, cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(body.to_owned())).unwrap())
    }

    fn bearer(&self, method: Method, path: &str, token: &str) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {token}"));
        self.send(request.body(Body::empty()).unwrap())
    }
}

/// The value of a hidden field of a page.
fn hidden<'a>(page: &'a Answer, name: &str) -> &'a str {
    let at = format!("name=\"{name}\" value=\"");
    let start = page
        .body
        .find(&at)
        .unwrap_or_else(|| panic!("no {name} in {}", page.body))
        + at.len();
    page.body[start..].split('"').next().unwrap()
}

/// Every address a signed-in person sends forms to, and who may.
const FORMS: [&str; 24] = [
    "/account/password",
    "/account/totp",
    "/account/totp/confirm",
    "/account/passkey",
    "/account/passkey/confirm",
    "/account/recovery",
    "/account/remove",
    "/account/sessions/end",
    "/account/tokens",
    "/account/tokens/revoke",
    "/account/break-glass",
    "/account/break-glass/end",
    "/my-work/calendar",
    "/my-work/calendar/revoke",
    "/step-up",
    "/sign-out",
    "/theme",
    "/admin/requests",
    "/admin/accounts/ID/close",
    "/admin/accounts/ID/reset",
    "/admin/accounts/ID/identity",
    "/admin/accounts/ID/sessions",
    "/admin/requests/ID/confirm",
    "/admin/break-glass/ID",
];

#[test]
fn r_43_no_form_is_taken_from_another_site_or_without_the_token_of_the_session() {
    let i = instance();
    let admin = i.person(Role::Administrator, "USA");
    let csrf = i.site.app.form_token(&admin.token);
    for path in FORMS.map(|p| p.replace("ID", &admin.id.to_string())) {
        for (from, token) in [
            ("cross-site", csrf.as_str()),
            ("same-site", &csrf),
            ("same-origin", "wrong"),
            ("same-origin", ""),
        ] {
            let answer = i.send_form(&path, &admin.cookie(), &format!("csrf={token}"), from);
            assert_eq!(
                answer.status,
                StatusCode::FORBIDDEN,
                "{path} from {from} with {token}"
            );
        }
        // An old browser says its origin; one that says neither is refused.
        for (origin, host, taken) in [
            ("http://a.example", "a.example", true),
            ("http://b.example", "a.example", false),
            ("null", "a.example", false),
        ] {
            let request = Request::post(&path)
                .header(header::ORIGIN, origin)
                .header(header::HOST, host)
                .header(header::COOKIE, admin.cookie())
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            let answer = i.send(request.body(Body::from("csrf=wrong")).unwrap());
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
            assert_eq!(
                answer.body.contains("another session"),
                taken,
                "{path} {origin}"
            );
        }
        let get = i.get(&path, &admin.cookie());
        let none = [StatusCode::METHOD_NOT_ALLOWED, StatusCode::NOT_FOUND];
        let page = ["/step-up", "/admin/requests"].contains(&path.as_str());
        assert!(
            page || none.contains(&get.status),
            "GET {path} is {}",
            get.status
        );
    }
    assert_eq!(
        i.site.app.sessions_of(admin.id).unwrap().len(),
        1,
        "nothing happened"
    );
}

#[test]
fn r_37_a_whole_sign_in_by_the_pages() {
    let i = instance();
    let person = i.person(Role::DeskOfficer, "USA");
    let begun = i.post("/account/totp", Some(&person), &[]);
    let (ticket, key) = (hidden(&begun, "ticket").to_owned(), key_of(&begun));
    let wrong = i.post(
        "/account/totp/confirm",
        Some(&person),
        &[("ticket", &ticket), ("code", "000000"), ("name", "phone")],
    );
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    assert!(wrong.body.contains("value=\"phone\"") && wrong.body.contains("<title>Error: "));
    let code = i.code(&key);
    let done = i.post(
        "/account/totp/confirm",
        Some(&person),
        &[("ticket", &ticket), ("code", &code), ("name", "phone")],
    );
    assert_eq!(
        done.body.matches("<li><code>").count(),
        10,
        "recovery codes, shown once"
    );
    assert_eq!(done.headers[header::CACHE_CONTROL], "no-store");
    let short = i.post(
        "/account/password",
        Some(&person),
        &[("name", "ada"), ("password", "too short")],
    );
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(short.body.contains("value=\"ada\"") && !short.body.contains("too short\""));
    let words = "correct horse battery staple";
    let set = i.post(
        "/account/password",
        Some(&person),
        &[("name", "ada"), ("password", words)],
    );
    assert_eq!(set.status, StatusCode::SEE_OTHER);
    i.clock.pass(60);
    let bad = i.post(
        "/sign-in/password",
        None,
        &[("name", "ada"), ("password", "wrong")],
    );
    let nobody = i.post(
        "/sign-in/password",
        None,
        &[("name", "bob"), ("password", "wrong")],
    );
    assert_eq!(
        (bad.status, nobody.status),
        (StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED)
    );
    assert_eq!(
        bad.body.replace("\"ada\"", ""),
        nobody.body.replace("\"bob\"", "")
    );
    let early = i.post(
        "/sign-in/password",
        None,
        &[("name", "ada"), ("password", words)],
    );
    assert_eq!(early.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(early.headers.contains_key(header::RETRY_AFTER));
    i.clock.pass(2);
    let half = i.post(
        "/sign-in/password",
        None,
        &[("name", "ada"), ("password", words), ("back", "/training")],
    );
    assert_eq!(half.status, StatusCode::SEE_OTHER);
    let attempt = half.headers[header::SET_COOKIE]
        .to_str()
        .unwrap()
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    assert!(attempt.starts_with("symbolon-attempt="));
    let page = i.get(half.headers[header::LOCATION].to_str().unwrap(), &attempt);
    assert_eq!(hidden(&page, "back"), "/training");
    let code = i.code(&key);
    let form = format!("csrf=&code={code}&back=/training");
    let signed = i.send_form("/sign-in/factor", &attempt, &form, "same-origin");
    assert_eq!(
        (signed.status, &signed.headers[header::LOCATION]),
        (
            StatusCode::SEE_OTHER,
            &header::HeaderValue::from_static("/training")
        )
    );
    let again = i.send_form("/sign-in/factor", &attempt, &form, "same-origin");
    assert_ne!(
        again.status,
        StatusCode::SEE_OTHER,
        "neither ticket nor code twice"
    );
}

fn key_of(page: &Answer) -> String {
    let start = page.body.find("<li><code>").unwrap() + 10;
    page.body[start..]
        .split('<')
        .next()
        .unwrap()
        .replace(' ', "")
}

#[test]
fn r_41_a_form_that_needs_proof_goes_on_after_it_without_being_lost() {
    let i = instance();
    let mut person = i.person(Role::DeskOfficer, "USA");
    let begun = i.post("/account/totp", Some(&person), &[]);
    let (ticket, key) = (hidden(&begun, "ticket").to_owned(), key_of(&begun));
    let code = i.code(&key);
    i.post(
        "/account/totp/confirm",
        Some(&person),
        &[("ticket", &ticket), ("code", &code)],
    );
    i.clock.pass(11 * 60);
    let form = [
        ("name", "nightly <copy>"),
        ("scope", "training"),
        ("days", "7"),
    ];
    let asked = i.post("/account/tokens", Some(&person), &form);
    assert_eq!(asked.status, StatusCode::UNAUTHORIZED);
    assert!(
        asked.headers[header::WWW_AUTHENTICATE]
            .to_str()
            .unwrap()
            .contains("step-up-required")
    );
    assert_eq!(hidden(&asked, "kept.days"), "7");
    let wrong = [
        ("to", "/account/tokens"),
        ("kept.name", "nightly <copy>"),
        ("kept.scope", "training"),
        ("kept.days", "7"),
        ("code", "000000"),
    ];
    let still = i.post("/step-up", Some(&person), &wrong);
    assert_eq!(still.status, StatusCode::UNAUTHORIZED);
    assert_eq!(hidden(&still, "kept.scope"), "training");
    i.clock.pass(2);
    let code = i.code(&key);
    let right = [
        ("to", "/account/tokens"),
        ("kept.name", "nightly <copy>"),
        ("kept.scope", "training"),
        ("kept.days", "7"),
        ("code", &code),
    ];
    let on = i.post("/step-up", Some(&person), &right);
    assert_eq!(on.status, StatusCode::OK);
    assert!(on.body.contains("nightly &#60;copy&#62;"), "escaped");
    let old = i.get("/account", &person.cookie());
    assert_eq!(
        old.status,
        StatusCode::UNAUTHORIZED,
        "the old session is over (R-40)"
    );
    let cookie = on.headers[header::SET_COOKIE].to_str().unwrap();
    person.token = cookie.split(['=', ';']).nth(1).unwrap().to_owned();
    let made = i.post("/account/tokens", Some(&person), &form);
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    assert!(made.body.contains("<li><code>symbolon_"));
    // A program gets the same refusal as a problem.
    let elsewhere = i.post(
        "/step-up",
        Some(&person),
        &[("to", "//evil.example"), ("code", "")],
    );
    assert!(!elsewhere.body.contains("evil.example"));
}

#[test]
fn r_42_a_token_reads_the_api_within_its_scope_and_nothing_else() {
    let i = instance();
    let person = i.person(Role::Auditor, "USA");
    let app = &i.site.app;
    let viewer = app.viewer(&person.token, "").unwrap().unwrap();
    let make = |scope: &str, writes: bool| {
        let new = NewToken {
            name: "t".into(),
            scopes: vec![scope.into()],
            writes,
            days: 1,
        };
        app.make_token(&viewer, &new).unwrap()
    };
    let (training, all) = (make("training", false), make("all", true));
    assert_eq!(
        i.bearer(Method::GET, "/api/v1/training", &training).status,
        StatusCode::OK
    );
    assert_eq!(
        i.bearer(Method::GET, "/api/v1/journal", &training).status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        i.bearer(Method::GET, "/api/v1/journal", &all).status,
        StatusCode::OK
    );
    // Never more than its owner, and never a page or an action.
    for (method, path) in [
        (Method::GET, "/account"),
        (Method::GET, "/journal"),
        (Method::POST, "/account/tokens"),
        (Method::POST, "/step-up"),
    ] {
        assert_eq!(
            i.bearer(method, path, &all).status,
            StatusCode::UNAUTHORIZED,
            "{path}"
        );
    }
    let broken = format!("{}0", &all[..all.len() - 1]);
    for bad in [broken.as_str(), "", "symbolon_", "x"] {
        let refused = i.bearer(Method::GET, "/api/v1/training", bad);
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{bad}");
        assert!(refused.body.contains("/problems/unauthenticated"));
    }
    let officer = i.person(Role::SecurityOfficer, "USA");
    let officer = app.viewer(&officer.token, "").unwrap().unwrap();
    app.close_account(&officer, person.id, "left").unwrap();
    assert_eq!(
        i.bearer(Method::GET, "/api/v1/training", &all).status,
        StatusCode::UNAUTHORIZED
    );
}

#[test]
fn r_44_signing_out_clears_what_the_browser_kept() {
    let i = instance();
    let person = i.person(Role::DeskOfficer, "USA");
    let out = i.post("/sign-out", Some(&person), &[]);
    assert_eq!(out.status, StatusCode::OK);
    assert!(
        out.headers["clear-site-data"]
            .to_str()
            .unwrap()
            .contains("storage")
    );
    assert_eq!(
        i.get("/account", &person.cookie()).status,
        StatusCode::UNAUTHORIZED
    );
}

#[test]
fn r_39_one_address_guesses_five_times_and_then_waits() {
    let mut i = instance();
    let mut site = Site::new(Arc::clone(&i.site.app), i.site.settings.clone());
    site.settings.costly = Costly {
        guess: Costly::default().guess,
        ..Costly::unlimited()
    };
    i.site = Arc::new(site);
    let guess = |n: i32| {
        let name = format!("nobody{n}");
        i.post(
            "/sign-in/password",
            None,
            &[("name", &name), ("password", "wrong")],
        )
    };
    let codes: Vec<u16> = (0..6).map(|n| guess(n).status.as_u16()).collect();
    assert_eq!(codes, [401, 401, 401, 401, 401, 429]);
    assert_eq!(guess(7).headers[header::RETRY_AFTER], "20");
    i.clock.pass(20);
    assert_eq!(guess(8).status, StatusCode::UNAUTHORIZED);
}

#[test]
fn r_82_exports_and_searches_of_one_user_are_limited_and_others_go_on() {
    let mut i = instance();
    let mut site = Site::new(Arc::clone(&i.site.app), i.site.settings.clone());
    site.settings.costly = Costly::default();
    i.site = Arc::new(site);
    let (one, other) = (
        i.person(Role::Auditor, "USA"),
        i.person(Role::Auditor, "USA"),
    );
    let export = |p: &Person| i.get("/training/export.csv", &p.cookie()).status.as_u16();
    let codes: Vec<u16> = (0..7).map(|_| export(&one)).collect();
    assert_eq!(codes, [200, 200, 200, 200, 200, 200, 429]);
    assert_eq!(export(&other), 200);
    let searches = (0..16).map(|_| i.get("/search?q=x", &one.cookie()).status.as_u16());
    assert_eq!(searches.filter(|s| *s == 429).count(), 1);
    i.clock.pass(11);
    assert_eq!(export(&one), 200);
}
