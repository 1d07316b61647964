//! Administration walked through the pages: who may, in twos, and the broken glass.

use super::instance;
use axum::http::{StatusCode, header};
use symbolon_domain::kinds::Role;

#[test]
fn r_21_administration_is_walked_by_every_role() {
    let i = instance();
    let subject = i.person(Role::DeskOfficer, "USA");
    let account = format!("/admin/accounts/{}", subject.id);
    for role in Role::ALL {
        let person = i.person(role, "USA");
        let sees = [Role::Administrator, Role::SecurityOfficer, Role::Auditor].contains(&role);
        for path in [
            "/admin/accounts",
            "/admin/requests",
            "/admin/roles",
            "/admin/break-glass",
            &account,
        ] {
            let partner = role == Role::PartnerAdministrator && path != "/admin/break-glass";
            let answer = i.get(path, &person.cookie());
            let wanted = if sees || partner {
                StatusCode::OK
            } else {
                StatusCode::NOT_FOUND
            };
            assert_eq!(answer.status, wanted, "{role:?} {path}");
            assert!(
                wanted != StatusCode::OK || answer.headers[header::CACHE_CONTROL] == "no-store",
                "R-79 {path}"
            );
        }
        for (verb, may) in [
            (
                "sessions",
                [Role::Administrator, Role::SecurityOfficer].contains(&role),
            ),
            ("reset", role == Role::Administrator),
        ] {
            let done = i.post(&format!("{account}/{verb}"), Some(&person), &[]);
            assert_eq!(
                done.status.is_success() || done.status.is_redirection(),
                may,
                "{role:?} {verb} {}",
                done.status
            );
        }
    }
}

#[test]
fn r_22_an_account_is_proposed_by_one_and_confirmed_by_another() {
    let i = instance();
    let (admin, officer) = (
        i.person(Role::Administrator, "USA"),
        i.person(Role::SecurityOfficer, "USA"),
    );
    let new = [
        ("name", "Invented Newcomer"),
        ("role", "desk_officer"),
        ("nation", "usa"),
        ("reason", "more work"),
    ];
    assert_eq!(
        i.post("/admin/requests", Some(&admin), &new).status,
        StatusCode::SEE_OTHER
    );
    let own = i.get("/admin/requests", &admin.cookie());
    assert!(own.body.contains("Invented Newcomer") && !own.body.contains("Confirm it"));
    let theirs = i.get("/admin/requests", &officer.cookie());
    let to = theirs
        .body
        .split("action=\"")
        .find(|a| a.contains("/confirm\""))
        .unwrap();
    let to = to.split('"').next().unwrap();
    assert_eq!(i.post(to, Some(&admin), &[]).status, StatusCode::FORBIDDEN);
    assert_eq!(
        i.post(to, Some(&officer), &[]).status,
        StatusCode::SEE_OTHER
    );
    assert!(
        i.get("/admin/accounts", &officer.cookie())
            .body
            .contains("Invented Newcomer")
    );
    let bad = i.post(
        "/admin/requests",
        Some(&admin),
        &[("name", "A"), ("role", "king"), ("nation", "USA")],
    );
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[test]
fn r_23_a_broken_glass_is_shown_on_every_page_and_to_every_security_officer() {
    let i = instance();
    let desk = i.person(Role::DeskOfficer, "USA");
    let short = i.post("/account/break-glass", Some(&desk), &[("reason", "urgent")]);
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    let why = "A recall notice and nobody of the team is reachable";
    assert_eq!(
        i.post("/account/break-glass", Some(&desk), &[("reason", why)])
            .status,
        StatusCode::SEE_OTHER
    );
    for path in ["/", "/training", "/account", "/help"] {
        assert!(
            i.get(path, &desk.cookie()).body.contains("class=\"alarm\""),
            "{path}"
        );
    }
    let officer = i.person(Role::SecurityOfficer, "USA");
    assert!(
        i.get("/help", &officer.cookie())
            .body
            .contains("to be reviewed: 1, overdue: 0")
    );
    let page = i.get("/admin/break-glass", &officer.cookie());
    assert!(page.body.contains(why));
    let to = page
        .body
        .split("action=\"")
        .find(|a| a.starts_with("/admin/break-glass/"))
        .unwrap();
    let found = [("review", "It was needed; the desk was told.")];
    assert_eq!(
        i.post(to.split('"').next().unwrap(), Some(&officer), &found)
            .status,
        StatusCode::SEE_OTHER
    );
    assert!(
        !i.get("/help", &officer.cookie())
            .body
            .contains("class=\"alarm\"")
    );
    assert!(
        !i.get("/help", &desk.cookie())
            .body
            .contains("class=\"alarm\""),
        "a review ends it"
    );
}

#[test]
fn r_32_a_redaction_is_proposed_by_one_and_confirmed_by_another() {
    let i = instance();
    let lawyer = i.person(Role::LegalReviewer, "USA");
    let admin = i.person(Role::Administrator, "USA");
    let outsider = i.person(Role::DeskOfficer, "USA");
    let list = "/admin/redactions";
    assert_eq!(
        i.get(list, &outsider.cookie()).status,
        StatusCode::NOT_FOUND
    );
    let named = |text: &str| text.contains("Invented Subject");
    let subject = [
        ("name", "Invented Subject"),
        ("role", "desk_officer"),
        ("nation", "usa"),
        ("reason", "more work"),
    ];
    i.post("/admin/requests", Some(&admin), &subject);
    let last = i.site.app.store.revision().unwrap();
    let said = |seq: i64| {
        i.site
            .app
            .journal_entry(&i.site.app.system(), seq)
            .unwrap()
            .body
    };
    let (seq, _) = (1..=last)
        .rev()
        .filter_map(|s| Some((s, said(s)?)))
        .find(|(_, b)| named(&b.after.to_string()))
        .unwrap();

    let wanted = |entries: &str| {
        [
            ("entries", entries.to_owned()),
            ("basis", "Invented Act, article 17".to_owned()),
            ("reason", "the person asked".to_owned()),
        ]
    };
    let send = |entries: &str| {
        let form = wanted(entries);
        let pairs: Vec<(&str, &str)> = form.iter().map(|(n, v)| (*n, v.as_str())).collect();
        i.post(list, Some(&lawyer), &pairs)
    };
    let wrong = send("twelve");
    assert!(wrong.body.contains("is not the number of an entry"));
    assert!(wrong.body.contains("Invented Act"), "what was typed stays");
    assert_eq!(send(&seq.to_string()).status, StatusCode::SEE_OTHER);

    let own = i.get(list, &lawyer.cookie());
    assert!(
        own.body.contains("Withdraw it") && !own.body.contains("Delete what these entries say")
    );
    let theirs = i.get(list, &admin.cookie());
    let to = theirs
        .body
        .split("action=\"")
        .find(|a| a.contains("/confirm\""))
        .unwrap();
    let to = to.split('"').next().unwrap();
    let refused = i.post(to, Some(&lawyer), &[]);
    assert!(refused.status.is_client_error(), "{}", refused.status);
    assert!(said(seq).is_some(), "nothing was deleted");
    assert_eq!(i.post(to, Some(&admin), &[]).status, StatusCode::SEE_OTHER);
    assert!(said(seq).is_none());
    i.site.app.store.sign().unwrap();
    assert_eq!(i.site.app.verify(None).unwrap().exit_code, 0);
    assert!(i.post(to, Some(&admin), &[]).status.is_client_error());
}
