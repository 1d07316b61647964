//! A unit in time: its chain as of a day, its sources, and what of it is not shown to whom.

mod links;
mod merges;

use super::{
    instance,
    vetting::{made, request, staff},
};
use axum::http::StatusCode;
use serde_json::json;
use symbolon_app::{App, Draft};
use symbolon_domain::{
    date::{Known, ValidTime},
    kinds::Role,
    label::Label,
    record::{Citation, Confidence, RecordId},
};

/// A record that held from one day to another, said by a source.
fn dated(app: &App, kind: &str, (from, to): (&str, &str), body: serde_json::Value) -> RecordId {
    let day = |d: &str| d.parse().ok().map(Known::on);
    let source = Citation {
        document: "Force list of an invented monitor".to_owned(),
        locator: "page 12".to_owned(),
        url: String::new(),
        confidence: Confidence::Medium,
        field: String::new(),
    };
    let draft = Draft {
        partner: "MLI".into(),
        label: Some(Label::internal("USA")),
        valid: ValidTime {
            from: day(from),
            to: day(to),
        },
        sources: vec![source],
        body,
        ..Draft::default()
    };
    app.create(&app.system(), kind, draft, "", None).unwrap().id
}

struct Units {
    battalion: RecordId,
    company: RecordId,
}

/// A company under one brigade until 2015 and another since; the battalion's incident of 2014.
fn told(app: &App) -> Units {
    let unit = |name: &str| made(app, "unit", json!({"name": name}));
    let (old, new) = (unit("Old Test Brigade"), unit("New Test Brigade"));
    let (battalion, company) = (unit("First Test Battalion"), unit("Second Test Company"));
    let link = |unit, parent| json!({"unit": unit, "parent": parent, "relation": "command"});
    dated(
        app,
        "unit_parent",
        ("2010-01-01", "2015-01-01"),
        link(battalion, old),
    );
    dated(app, "unit_parent", ("2015-01-01", ""), link(battalion, new));
    dated(
        app,
        "unit_parent",
        ("2010-01-01", ""),
        link(company, battalion),
    );
    let colonel = made(app, "person", json!({"name": "Colonel Inventedname"}));
    let post =
        json!({"person": colonel, "unit": battalion, "position": "commander", "commands": true});
    dated(app, "posting", ("2013-01-01", "2016-01-01"), post);
    let incident = json!({"title": "Alleged beating at a crossing", "violation": "torture", "began": "2014-03",
        "alleged_by": "An invented monitor", "followed": "An inquiry without result"});
    let incident = dated(app, "incident", ("", ""), incident);
    let party = json!({"incident": incident, "unit": battalion, "part": "perpetrator"});
    dated(app, "incident_party", ("", ""), party);
    Units { battalion, company }
}

#[test]
fn the_chain_is_that_of_the_day_and_every_link_says_who_says_so() {
    let i = instance();
    let units = told(&i.site.app);
    let analyst = staff(&i, Role::VettingAnalyst).cookie();
    let at = |day: &str| i.get(&format!("/units/{}?as_of={day}", units.battalion), &analyst);
    let page = at("2014-06-01");
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let chart = |body: &str| {
        body.split("class=\"chart chain\"")
            .nth(1)
            .unwrap()
            .split("</svg>")
            .next()
            .unwrap()
            .to_owned()
    };
    let before = chart(&page.body);
    assert!(
        before.contains("Old Test Brigade") && !before.contains("New Test Brigade"),
        "{before}"
    );
    assert!(before.contains("Second Test Company"));
    assert!(page.body.contains("class=\"tree\"") && page.body.contains("page 12"));
    assert!(
        page.body.contains("medium"),
        "the confidence stands beside it"
    );
    assert!(
        page.body.contains("Colonel Inventedname")
            && page.body.contains("An inquiry without result")
    );
    let after = chart(&at("2020-01-01").body);
    assert!(after.contains("New Test Brigade") && !after.contains("Old Test Brigade"));
    // What was alleged later does not reach back, what was alleged before does.
    assert!(!at("2013-06-01").body.contains("crossing"));
    let company = i.get(
        &format!("/units/{}?as_of=2016-06-01", units.company),
        &analyst,
    );
    assert!(
        company.body.contains("crossing") && company.body.contains("the unit over it"),
        "{}",
        company.body
    );
    assert_eq!(at("soon").status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[test]
fn a_desk_officer_sees_the_status_of_vetting_and_no_incident_and_takes_neither_away() {
    let i = instance();
    let app = &i.site.app;
    let units = told(app);
    let analyst = staff(&i, Role::VettingAnalyst);
    let request = request(app, &analyst);
    made(
        app,
        "vetting_candidate",
        json!({"request": request, "unit": units.battalion, "law": "state"}),
    );
    let desk = i.cookie(Role::DeskOfficer, "USA");
    let page = i.get(
        &format!("/units/{}?as_of=2016-06-01", units.battalion),
        &desk,
    );
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(page.body.contains("Nominated") && page.body.contains("New Test Brigade"));
    for hidden in ["crossing", "Alleged incidents"] {
        assert!(!page.body.contains(hidden), "{hidden}");
    }
    let file = i.get(&format!("/units/{}/unit.csv", units.battalion), &desk);
    assert_eq!(file.status, StatusCode::OK, "{}", file.body);
    assert!(
        file.body.starts_with("\"section\",\"value\",\"what\""),
        "{}",
        file.body
    );
    assert!(
        file.body
            .contains("\"Force list of an invented monitor, page 12\",\"medium\""),
        "{}",
        file.body
    );
    assert!(!file.body.contains("crossing") && !file.body.contains("nominated"));
    for path in [
        format!("/units/{}", units.battalion),
        format!("/units/{}/unit.csv", units.battalion),
    ] {
        for other in [String::new(), i.cookie(Role::DeskOfficer, "GBR")] {
            assert_eq!(i.get(&path, &other).status, StatusCode::NOT_FOUND, "{path}");
        }
    }
}
