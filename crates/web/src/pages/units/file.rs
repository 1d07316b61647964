//! `/units/{id}/unit.csv`: the page as lines, each with its dates, sources and confidence.

use super::{asked, title};
use crate::{
    answer::Refused,
    pages::vetting::{known, said},
    site::Site,
    visitor::Visitor,
};
use axum::extract::{Path, State};
use axum::response::Response;
use std::sync::Arc;
use symbolon_access::{Action, Policy};
use symbolon_app::{
    AppError,
    vetting::{Lines, Through, UnitPage},
};
use symbolon_domain::record::{Citation, Record};

pub(crate) async fn csv(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let takes = |kind: &str| Policy::shipped().grants(&visitor.viewer, Action::Export, kind);
    let mut unit = asked(&site, &visitor, &id).await?;
    if !takes("unit") {
        return Err(visitor.refuse(AppError::NotPermitted(
            "your role takes no units away".to_owned(),
        )));
    }
    // What the role may read here and not take away stays here.
    if !takes("incident") {
        unit.reached = None;
    }
    if !takes("vetting_candidate") {
        unit.vetting = None;
    }
    let lines = lines(&unit);
    let name = format!("unit-{}.csv", unit.unit.envelope.code);
    crate::pages::vetting::taken(
        &site,
        &visitor,
        format!("unit/{}", unit.unit.envelope.id),
        &name,
        lines,
    )
    .await
}

fn told(sources: &[Citation]) -> (String, String) {
    let all: Vec<String> = sources
        .iter()
        .map(|s| match (s.locator.as_str(), s.url.as_str()) {
            ("", "") => s.document.clone(),
            (at, "") => format!("{}, {at}", s.document),
            ("", url) => format!("{} <{url}>", s.document),
            (at, url) => format!("{}, {at} <{url}>", s.document),
        })
        .collect();
    let best = sources.iter().map(|s| s.confidence).max();
    (
        all.join("; "),
        best.map(|b| b.to_string()).unwrap_or_default(),
    )
}

fn line(section: &str, value: &str, what: &str, record: &Record) -> Vec<String> {
    let valid = &record.envelope.valid;
    let (sources, confidence) = told(&record.envelope.sources);
    vec![
        section.to_owned(),
        value.to_owned(),
        what.to_owned(),
        known(valid.from),
        known(valid.to),
        sources,
        confidence,
    ]
}

fn lines(unit: &UnitPage) -> Lines {
    let mut rows = vec![line(
        "unit",
        said(&unit.unit, "name"),
        said(&unit.unit, "unit_type"),
        &unit.unit,
    )];
    rows.extend(
        unit.names
            .iter()
            .map(|n| line("name", said(n, "name"), said(n, "script"), n)),
    );
    let over = |l: &Record| {
        line(
            "parent",
            title(unit, said(l, "parent")),
            said(l, "relation"),
            l,
        )
    };
    rows.extend(unit.parents.iter().map(over));
    let under = |l: &Record| {
        line(
            "member",
            title(unit, said(l, "unit")),
            said(l, "relation"),
            l,
        )
    };
    rows.extend(unit.members.iter().map(under));
    rows.extend(
        unit.sites
            .iter()
            .map(|s| line("site", said(s, "place"), said(s, "site_type"), s)),
    );
    let post = |p: &Record| {
        line(
            "posting",
            title(unit, said(p, "person")),
            said(p, "position"),
            p,
        )
    };
    rows.extend(unit.postings.iter().map(post));
    for r in unit.reached.iter().flatten() {
        let (sources, _) = told(&r.sources);
        let through = match &r.through {
            Through::Own => "alleged against the unit".to_owned(),
            Through::Parent(id, n) => format!("alleged against {}, {n} above it", title(unit, id)),
            Through::Served(id) => title(unit, id).to_owned(),
            Through::Commander(id) => {
                format!("alleged against {}, who commanded it", title(unit, id))
            }
        };
        rows.push(vec![
            "alleged incident".to_owned(),
            said(&r.incident, "title").to_owned(),
            through,
            said(&r.incident, "began").to_owned(),
            said(&r.incident, "ended").to_owned(),
            sources,
            r.confidence.to_string(),
        ]);
    }
    for c in unit.vetting.iter().flatten() {
        let mut row = line("vetting status", &c.envelope.state, said(c, "law"), c);
        row[3] = said(c, "cleared_from").to_owned();
        row[4] = said(c, "cleared_until").to_owned();
        rows.push(row);
    }
    Lines {
        heads: vec![
            "section",
            "value",
            "what",
            "from",
            "until",
            "sources",
            "confidence",
        ],
        rows,
    }
}
