//! `/countries`: the list.

use crate::{
    answer::{self, Refused},
    site::Site,
    view::{Choice, Nav, countries as view},
    visitor::Visitor,
};
use axum::{extract::State, response::Response};
use std::collections::BTreeSet;
use std::sync::Arc;
use symbolon_app::CountryLine;

pub(crate) async fn list(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let (viewer, words) = (visitor.viewer.clone(), visitor.query.get("name").to_owned());
    let today = visitor.viewer.today;
    let (mut lines, groups, members) = site
        .ask(move |app| {
            Ok((
                app.countries(&viewer, &words)?,
                app.groups(&viewer)?,
                app.members_by_country(&viewer, today)?,
            ))
        })
        .await
        .map_err(|e| visitor.refuse(e))?;
    let regions: BTreeSet<String> = lines
        .iter()
        .map(|l| l.region.clone())
        .filter(|r| !r.is_empty())
        .collect();
    let (region, group) = (
        visitor.query.get("region").to_owned(),
        visitor.query.get("group").to_owned(),
    );
    lines.retain(|l| region.is_empty() || l.region == region);
    lines.retain(|l| group.is_empty() || members.get(&l.iso3).is_some_and(|g| g.contains(&group)));
    sort(&mut lines, visitor.query.get("sort"));
    let mut page = visitor.page("Countries", Nav::Countries);
    page.lead = "States, territories and organisations the reports name, with their figures over all years.".to_owned();
    page.json = visitor.query.at("/api/v1/countries");
    let row = |l: &CountryLine| view::CountryRow {
        iso3: l.iso3.clone(),
        name: l.name.clone(),
        note: if l.state == "former" {
            "former".to_owned()
        } else {
            String::new()
        },
        region: l.region.clone(),
        groups: members
            .get(&l.iso3)
            .map(|g| g.iter().cloned().collect::<Vec<_>>().join(", "))
            .unwrap_or_default(),
        rows: l.figures.rows,
        trainees: l.figures.trainees,
        aid: l.figures.aid_usd,
    };
    let choices = |names: Vec<String>| names.iter().map(|n| Choice::new(n, n)).collect();
    let context = view::Countries {
        query: visitor.query.clone(),
        filters: view::filters(
            &visitor.query,
            choices(regions.into_iter().collect()),
            choices(groups),
        ),
        rows: lines.iter().map(row).collect(),
        empty:
            "No country is called that in any spelling known here, or none is left by the filters."
                .to_owned(),
        page,
    };
    answer::page(&visitor, &context)
}

fn sort(lines: &mut [CountryLine], by: &str) {
    let (key, descending) = by.strip_prefix('-').map_or((by, false), |k| (k, true));
    match key {
        "rows" => lines.sort_by_key(|l| l.figures.rows),
        "trainees" => lines.sort_by_key(|l| l.figures.trainees),
        "aid" => lines.sort_by_key(|l| l.figures.aid_usd),
        "region" => lines.sort_by(|a, b| a.region.cmp(&b.region)),
        _ => {}
    }
    if descending {
        lines.reverse();
    }
}
