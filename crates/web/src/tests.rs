//! The whole site over a small instance: every route as everybody, and what must hold on all of them.

mod administration;
mod allegations;
mod check;
mod exports;
mod figures;
mod first;
mod forms;
mod identity;
mod intake;
mod journal;
mod labels;
mod languages;
mod law;
mod problems;
mod records;
mod thread;
mod units;
mod vetting;

use crate::{router::router, site::Site};
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use std::io::Cursor;
use std::sync::{Arc, OnceLock};
use symbolon_app::identity::{Argon2Cost, Identities, Settings};
use symbolon_app::{
    App, NewAccount,
    load::{FileInfo, Progress, reference, training},
};
use symbolon_domain::{
    kinds::{LicenceClass, Role, Source},
    label::Label,
};
use symbolon_exchange::{import::fmtr::Accounts, shipped::CountryNames};
use tower::ServiceExt;

/// A small report, invented.
const REPORT: &str = "report_fiscal_years\tsource_group\tcountry\tprogram\tcourse_title\tus_unit\tstudent_unit\tstart_date\tend_date\tlocation\tquantity\ttotal_cost\tpage_number
2018_2019\t2018_2019_Africa_fmtrpt\tMali\tIMET-1 - Fiscal Year 2018 Department of State Training\tLOGISTICS <b>OFFICER</b>\tN/A - 3\tFirst Invented Battalion\t1/2/2018\t2/2/2018\tBamako, Mali\t2\t$1,000\t1
2018_2019\t2018_2019_Africa_fmtrpt\tMali\tIMET-1 - Fiscal Year 2018 Department of State Training\tFiscal Year 2018 Program Totals\t\t\t\t\t\t2\t$1,000\t1
2018_2019\t2018_2019_Africa_fmtrpt\tNiger\tIMET-1 - Fiscal Year 2018 Department of State Training\tPILOT\t\tInvented Air Squadron\t1/2/2018\t2/2/2018\tNiamey, Niger\t1\t$500\t2
2018_2019\t2018_2019_Africa_fmtrpt\tNiger\tIMET-1 - Fiscal Year 2018 Department of State Training\tFiscal Year 2018 Program Totals\t\t\t\t\t\t1\t$600\t2
";

struct Instance {
    site: Arc<Site>,
    clock: symbolon_testkit::Clock,
    _directory: tempfile::TempDir,
}

fn info(code: &str, label: Label) -> FileInfo {
    FileInfo {
        name: format!("{code}.tsv"),
        title: format!("Invented report {code}"),
        code: code.to_owned(),
        source: Source {
            reference: String::new(),
            published: None,
            title: "Invented".into(),
            publisher: "Nobody".into(),
            url: String::new(),
            licence: "CC0".into(),
            credit: String::new(),
        },
        licence_class: LicenceClass::Open,
        limits: "Invented rows.".into(),
        label,
    }
}

fn load(app: &App, report: &str, info: &FileInfo) {
    let accounts = Accounts::shipped().unwrap();
    let file = Cursor::new(report.as_bytes().to_vec());
    training(
        app,
        &app.system(),
        file,
        info,
        CountryNames::shipped(),
        &accounts,
        &Progress::default(),
    )
    .unwrap();
}

fn instance() -> Instance {
    let directory = symbolon_testkit::directory();
    let (around, clock) = symbolon_testkit::clocked(1);
    let file = directory.path().join("s.sqlite");
    let store = symbolon_store_sql::SqlStore::sqlite(&file, around.clone()).unwrap();
    let settings = Settings {
        argon2: Argon2Cost::FLOOR,
        ..Settings::default()
    };
    let identities = Identities::new(settings, None);
    let app = Arc::new(App::with(Arc::new(store), around, identities));
    reference(&app).unwrap();
    load(&app, REPORT, &info("open-report", Label::public("USA")));
    load(
        &app,
        &REPORT.replace("2018", "2016").replace("2019", "2017"),
        &info("closed-report", Label::internal("USA")),
    );
    app.store.sign().unwrap();
    app.refresh();
    let settings = crate::Settings {
        secure: false,
        user_rate: (100_000, 100_000),
        address_rate: (100_000, 100_000),
        at_once: u64::MAX,
        costly: crate::Costly::unlimited(),
        demonstration: true,
        ..crate::Settings::default()
    };
    Instance {
        site: Arc::new(Site::new(app, settings)),
        clock,
        _directory: directory,
    }
}

/// One runtime for all requests, as a server has: jobs go on between them.
fn runtime() -> &'static tokio::runtime::Runtime {
    static RUNTIME: OnceLock<tokio::runtime::Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        builder.enable_all().build().unwrap()
    })
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Instance {
    fn cookie(&self, role: Role, nation: &str) -> String {
        let app = &self.site.app;
        let new = NewAccount {
            name: "Invented Person".into(),
            role,
            nation: nation.parse().unwrap(),
            standing: None,
        };
        let id = app.add_account(&app.system(), &new).unwrap();
        let link = app.sign_in_link(id).unwrap();
        format!("symbolon={}", app.sign_in(&link).unwrap().token)
    }

    fn send(&self, request: Request<Body>) -> Answer {
        runtime().block_on(async {
            let response = router(self.site.clone()).oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            let bytes = to_bytes(body, 64 << 20).await.unwrap();
            Answer {
                status: parts.status,
                headers: parts.headers,
                body: String::from_utf8_lossy(&bytes).into_owned(),
            }
        })
    }

    /// The code an authenticator app with this key shows now.
    fn code(&self, key: &str) -> String {
        symbolon_testkit::totp(key, self.clock.now_ms())
    }

    fn get(&self, path: &str, cookie: &str) -> Answer {
        self.send(
            Request::get(path)
                .header(header::COOKIE, cookie)
                .body(Body::empty())
                .unwrap(),
        )
    }
}

/// Pages and endpoints that answer for anybody.
const OPEN: [&str; 38] = [
    "/",
    "/?measure=cost&from=2018&to=2018",
    "/training",
    "/training?q=batalion",
    "/training?kind=all&sort=-cost&page=2",
    "/training/open-report/1",
    "/training/open-report/1/proof.json",
    "/training/export.csv",
    "/training/export.xlsx",
    "/countries",
    "/countries?name=mali&region=Africa",
    "/countries/MLI?as_of=2020-01-01",
    "/datasets",
    "/datasets/open-report",
    "/findings/total-cost-differs",
    "/journal",
    "/journal/checkpoint",
    "/check",
    "/check?date=2023-05-10&partner=KEN&authority=fms&mde_value=16000000",
    "/law",
    "/law/us.arms-export-control.certify-offer",
    "/law/coverage",
    "/law/lists/nato",
    "/law/replay?by=country",
    "/law/notices",
    "/records/partner",
    "/records/membership?page=2",
    "/search?q=battalion",
    "/sign-in",
    "/help",
    "/accessibility",
    "/licence",
    "/problems/not-found",
    "/api",
    "/api/v1/openapi.json",
    "/healthz",
    "/readyz",
    "/static/symbolon.css",
];

#[test]
fn open_pages_answer_everybody_with_the_security_headers() {
    let instance = instance();
    let visitors = [
        "".to_owned(),
        instance.cookie(Role::Auditor, "USA"),
        instance.cookie(Role::PartnerOfficer, "MLI"),
    ];
    for path in OPEN {
        for cookie in &visitors {
            let answer = instance.get(path, cookie);
            assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
            let csp = answer.headers[header::CONTENT_SECURITY_POLICY]
                .to_str()
                .unwrap();
            assert!(csp.starts_with("default-src 'none'"), "{path}");
            assert_eq!(answer.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
            let markup = answer
                .headers
                .get(header::CONTENT_TYPE)
                .is_some_and(|t| t.to_str().unwrap_or_default().contains("html"));
            assert!(
                !markup || !answer.body.contains("LOGISTICS <b>"),
                "{path} lets markup through"
            );
        }
    }
}

#[test]
fn every_endpoint_of_the_api_answers_json_and_refuses_what_it_does_not_know() {
    let instance = instance();
    let auditor = instance.cookie(Role::Auditor, "USA");
    let partner = instance
        .site
        .app
        .country(&instance.site.app.public(), "MLI", None)
        .unwrap()
        .id;
    for endpoint in crate::api::endpoints().iter().filter(|e| e.reads) {
        let path = endpoint
            .path
            .replace("{rule}", "us.arms-export-control.certify-offer")
            .replace("{list}", "nato")
            .replace("{dataset}", "open-report")
            .replace("{row}", "1")
            .replace("{iso3}", "MLI")
            .replace("{code}", "open-report")
            .replace("{seq}", "1")
            .replace("{kind}", "partner")
            .replace("{document}", "training")
            .replace("{id}", &partner);
        if path.contains("{move}") || path.contains("{determination}") {
            continue; // there is none; the tests of records and of the law make some
        }
        let path = if path.ends_with("/consistency") {
            path + "?old=1&new=2"
        } else {
            path
        };
        let answer = instance.get(&path, &auditor);
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        serde_json::from_str::<serde_json::Value>(&answer.body).unwrap();
        if path.ends_with("portfolio") || path.ends_with("training") || path.ends_with("findings") {
            let unknown = instance.get(&format!("{path}?surprise=1"), &auditor);
            assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
            let problem: serde_json::Value = serde_json::from_str(&unknown.body).unwrap();
            assert_eq!(problem["type"], "/problems/invalid");
        }
    }
}

#[test]
fn a_hidden_data_set_cannot_be_told_from_one_that_does_not_exist() {
    let instance = instance();
    for form in [
        "/datasets/{}",
        "/training/{}/1",
        "/training/{}/1/proof.json",
        "/api/v1/datasets/{}",
        "/api/v1/training/{}/1",
        "/training?dataset={}",
    ] {
        let hidden = instance.get(&form.replace("{}", "closed-report"), "");
        let absent = instance.get(&form.replace("{}", "absent-report"), "");
        assert_eq!(
            (hidden.status, absent.status),
            (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND),
            "{form}"
        );
        let names = |h: &HeaderMap| h.keys().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(names(&hidden.headers), names(&absent.headers), "{form}");
        // Requests differ in their reference and address only.
        let plain = |a: &Answer| {
            let text = a
                .body
                .replace("closed-report", "X")
                .replace("absent-report", "X");
            text.split_whitespace()
                .filter(|w| w.len() < 16 || !w.chars().any(|c| c.is_ascii_hexdigit()))
                .count()
        };
        assert_eq!(plain(&hidden), plain(&absent), "{form}");
    }
}

#[test]
fn hidden_rows_enter_no_figure_of_those_who_may_not_see_them() {
    let instance = instance();
    let trainees = |cookie: &str| {
        let answer = instance.get("/api/v1/portfolio", cookie);
        serde_json::from_str::<serde_json::Value>(&answer.body).unwrap()["total"]["trainees"]
            .clone()
    };
    assert_eq!(trainees(""), 3);
    assert_eq!(trainees(&instance.cookie(Role::PartnerOfficer, "MLI")), 3);
    assert_eq!(trainees(&instance.cookie(Role::DeskOfficer, "FRA")), 3);
    assert_eq!(trainees(&instance.cookie(Role::DeskOfficer, "USA")), 6);
    let csv = instance.get("/training/export.csv?kind=all", "");
    assert_eq!(csv.body.lines().count(), 1 + 4);
    assert_eq!(csv.headers["x-row-count"], "4");
}

#[test]
fn the_list_of_the_journal_and_accounts_are_for_those_who_may() {
    let instance = instance();
    let (auditor, desk) = (
        instance.cookie(Role::Auditor, "USA"),
        instance.cookie(Role::DeskOfficer, "USA"),
    );
    let administrator = instance.cookie(Role::Administrator, "USA");
    assert_eq!(
        instance.get("/api/v1/journal", "").status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        instance.get("/api/v1/journal", &desk).status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        instance.get("/api/v1/journal", &auditor).status,
        StatusCode::OK
    );
    assert_eq!(
        instance.get("/admin/accounts", &desk).status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        instance.get("/admin/accounts", &administrator).status,
        StatusCode::OK
    );
    assert_eq!(
        instance.get("/records/account", &desk).status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        instance.get("/records/session", &auditor).status,
        StatusCode::NOT_FOUND
    );
}

#[test]
fn a_link_signs_in_once_by_a_button_and_never_by_being_looked_at() {
    let instance = instance();
    let app = &instance.site.app;
    let new = NewAccount {
        name: "Invented".into(),
        role: Role::Auditor,
        nation: "USA".parse().unwrap(),
        standing: None,
    };
    let link = app
        .sign_in_link(app.add_account(&app.system(), &new).unwrap())
        .unwrap();
    for _ in 0..2 {
        assert_eq!(
            instance.get(&format!("/sign-in/{link}"), "").status,
            StatusCode::OK
        );
    }
    let post = |site: &str| {
        let request = Request::post("/sign-in/confirm")
            .header("sec-fetch-site", site)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        instance.send(
            request
                .body(Body::from(format!("token={link}&back=//evil.example")))
                .unwrap(),
        )
    };
    assert_eq!(post("cross-site").status, StatusCode::FORBIDDEN);
    let signed = post("same-origin");
    assert_eq!(signed.status, StatusCode::SEE_OTHER);
    assert_eq!(signed.headers[header::LOCATION], "/");
    let cookie = signed.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(
        cookie.contains("HttpOnly")
            && cookie.contains("SameSite=Lax")
            && !cookie.contains("Secure")
    );
    assert_eq!(post("same-origin").status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        instance.get(&format!("/sign-in/{link}"), "").status,
        StatusCode::UNAUTHORIZED
    );
}

#[test]
fn signing_out_ends_the_session_on_the_server() {
    let instance = instance();
    let cookie = instance.cookie(Role::Auditor, "USA");
    let token = cookie.split_once('=').unwrap().1;
    let out = |csrf: &str| {
        let request = Request::post("/sign-out")
            .header("sec-fetch-site", "same-origin")
            .header(header::COOKIE, &cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        instance.send(request.body(Body::from(format!("csrf={csrf}"))).unwrap())
    };
    assert_eq!(out("wrong").status, StatusCode::FORBIDDEN);
    assert_eq!(
        instance.get("/api/v1/journal", &cookie).status,
        StatusCode::OK
    );
    assert_eq!(
        out(&instance.site.app.form_token(token)).status,
        StatusCode::OK
    );
    assert_eq!(
        instance.get("/api/v1/journal", &cookie).status,
        StatusCode::FORBIDDEN
    );
}

#[test]
fn what_has_not_changed_is_not_sent_again() {
    let instance = instance();
    let first = instance.get("/countries", "");
    let tag = first.headers[header::ETAG].clone();
    let again = Request::get("/countries")
        .header(header::IF_NONE_MATCH, tag)
        .body(Body::empty())
        .unwrap();
    let again = instance.send(again);
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    assert!(again.body.is_empty());
}

#[test]
fn floods_long_addresses_and_wrong_methods_are_refused() {
    let mut instance = instance();
    let long = format!("/training?q={}", "x".repeat(9000));
    assert_eq!(instance.get(&long, "").status, StatusCode::URI_TOO_LONG);
    let put = Request::put("/training").body(Body::empty()).unwrap();
    assert_eq!(instance.send(put).status, StatusCode::METHOD_NOT_ALLOWED);
    for bad in [
        "/training?from=abc",
        "/training?kind=nonsense",
        "/training?finding=nonsense",
        "/countries/MLI?as_of=soon",
    ] {
        assert_eq!(
            instance.get(bad, "").status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{bad}"
        );
    }
    let mut site = Site::new(
        Arc::clone(&instance.site.app),
        instance.site.settings.clone(),
    );
    site.settings.address_rate = (1, 2);
    instance.site = Arc::new(site);
    let codes: Vec<u16> = (0..4)
        .map(|_| instance.get("/help", "").status.as_u16())
        .collect();
    assert_eq!(codes, [200, 200, 429, 429]);
}
