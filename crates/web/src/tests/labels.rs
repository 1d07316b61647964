//! Labels and standing walked through the pages: what is proposed by one takes effect when another confirms.

use super::{Answer, Instance, forms::between, identity::Person, instance};
use axum::http::{StatusCode, header};
use symbolon_domain::kinds::Role;

/// Where the form goes whose address ends so.
fn action(page: &Answer, ends: &str) -> String {
    let mut actions = page.body.split("action=\"").skip(1);
    let found = actions.find_map(|a| a.split('"').next().filter(|a| a.ends_with(ends)));
    found
        .unwrap_or_else(|| panic!("no form {ends}: {}", page.body))
        .to_owned()
}

/// A lawyer who may release, as two officers made one.
fn releasing(i: &Instance) -> Person {
    let (admin, officer) = (
        i.person(Role::Administrator, "USA"),
        i.person(Role::SecurityOfficer, "USA"),
    );
    let lawyer = i.person(Role::LegalReviewer, "USA");
    let (account, id) = (
        format!("/admin/accounts/{}", lawyer.id),
        lawyer.id.to_string(),
    );
    let held = |duty| {
        [
            ("account", id.as_str()),
            ("name", "Invented Lawyer"),
            ("nation", "USA"),
            ("role", "legal_reviewer"),
            ("standing", "yes"),
            ("clearances", "US=controlled"),
            ("employment", "government"),
            ("programmes", "*"),
            ("duties", duty),
            ("reason", "foreign disclosure"),
        ]
    };
    assert!(
        i.get(&account, &admin.cookie())
            .body
            .contains("US=internal")
    );
    let wrong = i.post("/admin/requests", Some(&admin), &held("break_glass"));
    assert!(
        wrong.body.contains("no duty beside a role"),
        "{}",
        wrong.body
    );
    let done = i.post("/admin/requests", Some(&admin), &held("releasing_officer"));
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let page = i.get("/admin/requests", &officer.cookie());
    assert!(page.body.contains("US=controlled") && page.body.contains("releasing_officer"));
    let confirm = action(&page, "/confirm");
    assert!(
        i.post(&confirm, Some(&admin), &[]).status.is_client_error(),
        "nobody decides their own"
    );
    assert_eq!(
        i.post(&confirm, Some(&officer), &[]).status,
        StatusCode::SEE_OTHER
    );
    assert!(
        i.get(&account, &admin.cookie())
            .body
            .contains("US=controlled")
    );
    lawyer
}

#[test]
fn r_09_a_release_is_proposed_on_the_records_page_and_decided_by_another() {
    let i = instance();
    let lawyer = releasing(&i);
    let desk = i.person(Role::DeskOfficer, "USA");
    let gap = i.gap(&desk.cookie(), "Boats without crews");
    let label = format!("{gap}/label");
    assert!(i.get(&gap, &desk.cookie()).body.contains(&label));
    assert_eq!(
        i.get(&label, &i.person(Role::Auditor, "USA").cookie())
            .status,
        StatusCode::NOT_FOUND
    );
    let wanted = |to: &'static str| {
        [
            ("version", "1"),
            ("level", "internal"),
            ("released_to", to),
            ("reason", "They asked for it"),
        ]
    };
    let wrong = i.post(&label, Some(&desk), &wanted("Atlantis"));
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("Atlantis") && wrong.body.contains("They asked for it"));
    let look = i.post(&label, Some(&desk), &wanted("MLI"));
    assert_eq!(look.status, StatusCode::OK);
    assert!(look.body.contains("no sharing agreement"), "{}", look.body);
    let agreed = between(&look.body, "name=\"agreed\" value=\"", "\"").to_owned();
    assert_eq!(agreed, "UNCLASSIFIED - internal//REL TO USA, MLI");
    let mut pairs = wanted("MLI").to_vec();
    pairs.push(("agreed", &agreed));
    let proposed = i.post(&label, Some(&desk), &pairs);
    assert_eq!(proposed.status, StatusCode::SEE_OTHER, "{}", proposed.body);
    assert_eq!(proposed.headers[header::LOCATION].to_str().unwrap(), label);
    assert!(i.get(&label, &desk.cookie()).body.contains("/admin/labels"));

    let page = i.get("/admin/labels", &lawyer.cookie());
    assert!(page.body.contains("Boats without crews") && page.body.contains("They asked for it"));
    let confirm = action(&page, "/confirm");
    for other in [&desk, &i.person(Role::CaseManager, "USA")] {
        let refused = i.post(&confirm, Some(other), &[]);
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.body);
    }
    let hidden = i.post(&confirm, Some(&i.person(Role::PartnerOfficer, "MLI")), &[]);
    assert_eq!(hidden.status, StatusCode::NOT_FOUND);
    assert!(!i.get(&gap, &desk.cookie()).body.contains("REL TO"));
    let done = i.post(&confirm, Some(&lawyer), &[("answer", "Agreed")]);
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    assert!(i.get(&gap, &desk.cookie()).body.contains(&agreed));
    let again = i.post(&confirm, Some(&lawyer), &[]);
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "once");

    // Closing it takes effect at once.
    let close = |extra: Option<&str>| {
        let mut pairs = wanted("").to_vec();
        pairs[0].1 = "2";
        pairs.extend(extra.map(|e| ("agreed", e)));
        i.post(&label, Some(&desk), &pairs)
    };
    assert!(close(None).body.contains("takes effect at once"));
    assert_eq!(
        close(Some("UNCLASSIFIED - internal")).status,
        StatusCode::SEE_OTHER
    );
    assert!(!i.get(&gap, &desk.cookie()).body.contains("REL TO"));
    assert!(
        i.get("/admin/labels", &i.person(Role::Evaluator, "USA").cookie())
            .status
            == StatusCode::NOT_FOUND
    );
}
