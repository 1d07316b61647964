//! This is the same unit as another: compared, checked, proposed, confirmed by another person, taken apart again.

use crate::tests::{
    Answer, Instance,
    identity::Person,
    instance,
    vetting::{made, staff},
};
use axum::http::StatusCode;
use serde_json::json;
use symbolon_app::App;
use symbolon_domain::{kinds::Role, record::RecordId};

/// Two records of one battalion; an incident is alleged against the second.
fn two(app: &App) -> (RecordId, RecordId) {
    let first = made(app, "unit", json!({"name": "Seventh Test Battalion"}));
    let second = made(app, "unit", json!({"name": "7th Test Battalion"}));
    let incident = json!({"title": "Alleged beating at a crossing", "violation": "torture", "began": "2014-03",
        "alleged_by": "An invented monitor"});
    let incident = made(app, "incident", incident);
    let party = json!({"incident": incident, "unit": second, "part": "perpetrator"});
    made(app, "incident_party", party);
    (first, second)
}

fn location(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    answer.headers["location"].to_str().unwrap().to_owned()
}

/// The steps of the analyst up to the proposal; the address of the merge.
fn proposed(i: &Instance, analyst: &Person, (first, second): (RecordId, RecordId)) -> String {
    let at = format!("/units/{first}/same");
    let with = second.to_string();
    let fields = |step: &'static str, grounds: &'static str| {
        vec![
            ("with", with.as_str()),
            ("stays", ""),
            ("kept_version", "1"),
            ("merged_version", "1"),
            ("step", step),
            ("grounds", grounds),
        ]
    };
    let empty = i.post(&at, Some(analyst), &fields("check", " "));
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.body.contains("say why they are the same unit"));
    let check = i.post(&at, Some(analyst), &fields("check", "The same garrison"));
    assert_eq!(check.status, StatusCode::OK, "{}", check.body);
    assert!(check.body.contains("Check your answers") && check.body.contains("Change an answer"));
    assert!(check.body.contains("Propose that they are one unit"));
    location(&i.post(&at, Some(analyst), &fields("do", "The same garrison")))
}

#[test]
fn two_records_are_compared_checked_proposed_and_read_as_one_when_another_confirms() {
    let i = instance();
    let units = two(&i.site.app);
    let (first, second) = units;
    let (analyst, reviewer) = (
        staff(&i, Role::VettingAnalyst),
        staff(&i, Role::LegalReviewer),
    );
    let page = i.get(&format!("/units/{first}"), &analyst.cookie());
    assert!(page.body.contains(&format!("/units/{first}/same")));
    // Nothing named yet: units with a like name are offered.
    let offered = i.get(&format!("/units/{first}/same"), &analyst.cookie());
    assert_eq!(offered.status, StatusCode::OK, "{}", offered.body);
    assert!(
        offered.body.contains("7th Test Battalion"),
        "{}",
        offered.body
    );
    let side = i.get(
        &format!("/units/{first}/same?with={second}"),
        &analyst.cookie(),
    );
    for told in [
        "What will follow",
        "Alleged beating at a crossing",
        "Is read as it",
        "Your grounds",
    ] {
        assert!(side.body.contains(told), "{told}: {}", side.body);
    }
    let merge = proposed(&i, &analyst, units);
    let mine = i.get(&merge, &analyst.cookie());
    assert!(mine.body.contains("four eyes") && mine.body.contains("Withdraw it"));
    assert!(!mine.body.contains("Confirm the merge"));
    let theirs = i.get(&merge, &reviewer.cookie());
    assert!(theirs.body.contains("Confirm the merge") && theirs.body.contains("The same garrison"));
    let refused = i.post(
        &format!("{merge}/refuse"),
        Some(&reviewer),
        &[("version", "1"), ("grounds", "")],
    );
    assert_eq!(
        refused.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        refused.body
    );
    location(&i.post(
        &format!("{merge}/confirm"),
        Some(&reviewer),
        &[("version", "1")],
    ));

    let kept = i.get(&format!("/units/{first}"), &analyst.cookie());
    assert!(
        kept.body.contains("Alleged beating at a crossing")
            && kept.body.contains("Recorded also as")
    );
    let gone = i.get(&format!("/units/{second}"), &analyst.cookie());
    assert!(
        gone.body
            .contains("was found to be the same unit as Seventh Test Battalion"),
        "{}",
        gone.body
    );
    assert!(gone.body.contains(&format!("href=\"/units/{first}\"")));
    // Lists and search name the one that stays.
    let list = i.get("/records/unit", &analyst.cookie());
    assert!(
        list.body
            .contains("the same unit as Seventh Test Battalion"),
        "{}",
        list.body
    );
    let found = i.get("/search?q=7th", &analyst.cookie());
    assert!(
        found.body.contains("also as 7th Test Battalion"),
        "{}",
        found.body
    );
    assert!(!found.body.contains(&format!("/units/{second}")));
    let listed = i.get("/units/merges", &reviewer.cookie());
    assert!(listed.body.contains("7th Test Battalion") && listed.body.contains("Merged"));

    // Apart again, by two.
    location(&i.post(
        &format!("{merge}/split"),
        Some(&analyst),
        &[("version", "2"), ("grounds", "Two after all")],
    ));
    location(&i.post(
        &format!("{merge}/confirm"),
        Some(&reviewer),
        &[("version", "3")],
    ));
    let kept = i.get(&format!("/units/{first}"), &analyst.cookie());
    assert!(!kept.body.contains("Alleged beating at a crossing") && kept.body.contains("Split"));
}

#[test]
fn who_does_not_vet_is_shown_no_way_to_merge_and_none_is_there() {
    let i = instance();
    let (first, second) = two(&i.site.app);
    let desk = i.cookie(Role::DeskOfficer, "USA");
    let page = i.get(&format!("/units/{first}"), &desk);
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("/same"));
    let same = format!("/units/{first}/same?with={second}");
    assert_eq!(i.get(&same, &desk).status, StatusCode::NOT_FOUND);
    assert_eq!(i.get("/units/merges", "").status, StatusCode::NOT_FOUND);
    // The same unit twice is refused in words, not by a page of errors.
    let analyst = staff(&i, Role::VettingAnalyst);
    let same = i.get(
        &format!("/units/{first}/same?with={first}"),
        &analyst.cookie(),
    );
    assert!(
        same.body.contains("cannot be merged into itself"),
        "{}",
        same.body
    );
    // And no form makes one without a second person.
    let form = i.get("/records/unit_merge", &analyst.cookie());
    assert!(
        !form.body.contains("/records/unit_merge/new"),
        "{}",
        form.body
    );
}
