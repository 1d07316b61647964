//! The queue of printed units: proposed, looked at, accepted many at once, put back.

use crate::tests::{
    instance,
    vetting::{made, staff},
};
use axum::http::StatusCode;
use serde_json::json;
use symbolon_domain::kinds::Role;

/// Name and value of every hidden field of the form with a button.
fn hidden(body: &str, button: &str) -> Vec<(String, String)> {
    let form = body
        .split("<form")
        .find(|f| f.contains(button))
        .expect(button);
    let one = |field: &str| {
        let (name, rest) = field.split_once("\" value=\"")?;
        Some((name.to_owned(), rest.split('"').next()?.to_owned()))
    };
    let fields = form.split("type=\"hidden\" name=\"").skip(1);
    fields
        .filter_map(one)
        .filter(|(n, _)| n != "csrf")
        .collect()
}

#[test]
fn links_are_proposed_looked_at_accepted_and_put_back() {
    let i = instance();
    let app = &i.site.app;
    // The report of Mali prints "First Invented Battalion".
    made(app, "unit", json!({"name": "1 Invented Battalion"}));
    let analyst = staff(&i, Role::VettingAnalyst);
    let countries = i.get("/vetting/links", &analyst.cookie());
    assert!(
        countries.body.contains("/vetting/links?country=MLI"),
        "{}",
        countries.body
    );
    let send = |fields: &[(String, String)]| {
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        i.post("/vetting/links", Some(&analyst), &fields)
    };
    let empty = i.get("/vetting/links?country=MLI", &analyst.cookie());
    let proposed = send(&hidden(&empty.body, "Propose links for the country"));
    assert_eq!(proposed.status, StatusCode::OK, "{}", proposed.body);
    assert!(
        proposed.body.contains("1 with a known unit"),
        "{}",
        proposed.body
    );
    for told in [
        "First Invented Battalion",
        "1 Invented Battalion",
        "every word and number is the same",
    ] {
        assert!(proposed.body.contains(told), "{told}: {}", proposed.body);
    }
    let mut all = hidden(&proposed.body, "Look at all 1");
    all.push(("answer".into(), "accept".into()));
    let check = send(&all);
    assert!(
        check.body.contains("Check before it is done"),
        "{}",
        check.body
    );
    let done = send(&hidden(&check.body, "Accept: 1 links"));
    assert!(done.body.contains("Undo: put them back"), "{}", done.body);
    let accepted = i.get(
        "/vetting/links?country=MLI&state=accepted",
        &analyst.cookie(),
    );
    assert!(accepted.body.contains("First Invented Battalion"));
    send(&hidden(&done.body, "Undo: put them back"));
    let accepted = i.get(
        "/vetting/links?country=MLI&state=accepted",
        &analyst.cookie(),
    );
    assert!(
        !accepted.body.contains("First Invented Battalion"),
        "{}",
        accepted.body
    );
    let spelled = i.get("/vetting/links/spellings?country=MLI", &analyst.cookie());
    assert!(
        spelled.body.contains("1 printed texts in 1 groups"),
        "{}",
        spelled.body
    );
    let desk = i.cookie(Role::DeskOfficer, "USA");
    assert_eq!(
        i.get("/vetting/links/spellings?country=MLI", &desk).status,
        StatusCode::NOT_FOUND
    );
    // Nothing chosen is no answer; somebody else's page is not there.
    let nothing = send(&[
        ("country".into(), "MLI".into()),
        ("step".into(), "check".into()),
        ("answer".into(), "accept".into()),
    ]);
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    for who in [String::new(), i.cookie(Role::DeskOfficer, "USA")] {
        assert_eq!(
            i.get("/vetting/links?country=MLI", &who).status,
            StatusCode::NOT_FOUND
        );
    }
}
