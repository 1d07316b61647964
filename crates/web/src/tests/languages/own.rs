//! The language that somebody chose for the account: behind the cookie of a browser, before what it asks for.

use super::super::identity::Person;
use super::super::{Answer, Instance, instance};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use symbolon_domain::{kinds::Role, language::Language};

impl Instance {
    fn reads(&self, path: &str, cookie: &str) -> Answer {
        let request = Request::get(path)
            .header(header::COOKIE, cookie)
            .header(header::ACCEPT_LANGUAGE, "es");
        self.send(request.body(Body::empty()).unwrap())
    }

    fn chooses(&self, person: &Person, code: &str) -> Answer {
        self.post("/account/language", Some(person), &[("language", code)])
    }
}

fn is_in(answer: &Answer, code: &str) {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let start = format!("<html lang=\"{code}\"");
    assert!(answer.body.contains(&start), "not in {code}");
    assert_eq!(answer.headers[header::CONTENT_LANGUAGE], code);
}

#[test]
fn an_account_keeps_its_language_behind_the_cookie_of_the_switch() {
    let instance = instance();
    let officer = instance.person(Role::PartnerOfficer, "MLI");
    let cookie = officer.cookie();
    is_in(&instance.reads("/account", &cookie), "es");
    let chosen = instance.chooses(&officer, "fr");
    assert_eq!(chosen.status, StatusCode::SEE_OTHER, "{}", chosen.body);
    assert_eq!(chosen.headers[header::LOCATION], "/account");
    let forgotten = chosen.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(forgotten.starts_with("language=; "), "{forgotten}");
    assert!(forgotten.contains("Max-Age=0"), "{forgotten}");
    let french = instance.reads("/account", &cookie);
    is_in(&french, "fr");
    let selected = "<option value=\"fr\" selected>Français</option>";
    assert!(french.body.contains(selected), "{}", french.body);
    // Also where the session is known and where a page is refused.
    is_in(&instance.reads("/records", &cookie), "fr");
    let nothing = instance.reads("/records/nothing", &cookie);
    assert!(nothing.body.contains("<html lang=\"fr\""));
    is_in(
        &instance.reads("/records", &format!("{cookie}; language=ar")),
        "ar",
    );
    is_in(&instance.reads("/records", ""), "es");
    let other = instance.person(Role::PartnerOfficer, "MLI");
    is_in(&instance.reads("/records", &other.cookie()), "es");
    instance.chooses(&officer, "");
    is_in(&instance.reads("/records", &cookie), "es");
}

#[test]
fn what_else_is_changed_of_an_account_leaves_its_language() {
    let instance = instance();
    let app = &instance.site.app;
    let officer = instance.person(Role::PartnerOfficer, "MLI");
    let operator = app.system();
    let arabic = Some(Language::Arabic);
    app.choose_language(&operator, officer.id, arabic).unwrap();
    let standing = app.account_seen(&operator, officer.id).unwrap().standing;
    app.set_standing(&operator, officer.id, standing).unwrap();
    assert_eq!(app.language_of(officer.id).unwrap(), arabic);
    app.close_account(&operator, officer.id, "left").unwrap();
    assert_eq!(app.language_of(officer.id).unwrap(), arabic);
    let reports = app.verify(None);
    assert!(reports.is_ok(), "{reports:?}");
}

#[test]
fn nobody_chooses_the_language_of_somebody_else() {
    let instance = instance();
    let app = &instance.site.app;
    let officer = instance.person(Role::PartnerOfficer, "MLI");
    for role in [Role::PartnerAdministrator, Role::SecurityOfficer] {
        let other = instance.person(role, "MLI");
        let viewer = app.viewer(&other.token, "r").unwrap().unwrap();
        let chosen = app.choose_language(&viewer, officer.id, Some(Language::French));
        assert!(chosen.is_err(), "{role:?}");
    }
    assert_eq!(app.language_of(officer.id).unwrap(), None);
    let nobody = instance.post("/account/language", None, &[("language", "fr")]);
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
}
