//! `/vetting/barred`: the list of barred units as the government is given it, and as the public may read it.

use super::{frame, said, words};
use crate::{
    answer::{self, Refused},
    site::Site,
    view::{Cell, Choice, Column, Filters, Table, Tag, desk::Section},
    visitor::Visitor,
};
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use symbolon_access::{Action, Policy};
use symbolon_app::{
    AppError,
    vetting::{Barred, Lines},
};
use symbolon_domain::record::Record;

#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Ask {
    r#for: String,
}

/// The list, and its marking.
type Asked = (Barred, Option<String>);

async fn asked(site: &Arc<Site>, visitor: &Visitor) -> Result<Asked, Refused> {
    let ask: Ask = visitor.question(&[])?;
    let viewer = visitor.viewer.clone();
    let found = site
        .ask(move |app| {
            let barred = app.barred_units(&viewer, ask.r#for == "public")?;
            let labels = barred.entries.iter().map(|e| &e.envelope.label);
            let marking = app.marking_over(labels)?;
            Ok((barred, marking))
        })
        .await;
    found.map_err(|e| visitor.refuse(e))
}

fn takes(visitor: &Visitor) -> bool {
    Policy::shipped().grants(&visitor.viewer, Action::Export, "barred_unit")
}

fn law(entry: &Record) -> &'static str {
    match said(entry, "law") {
        "state" => "22 U.S.C. 2378d",
        _ => "10 U.S.C. 362",
    }
}

pub(crate) async fn show(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let (barred, marking) = asked(&site, &visitor).await?;
    let mut context = frame(&visitor, "Barred units");
    context.page.mark(marking);
    context.page.lead = "Units on the list that a government is given and must obey. Each law bars by itself; a remedy under one says nothing under the other.".to_owned();
    if takes(&visitor) {
        context.page.csv = visitor.query.at("/vetting/barred.csv");
    }
    if barred.withheld > 0 {
        context.limits.push(format!(
            "Names withheld: {}. A report says why each is kept from the public (22 U.S.C. 2378d(d)(7), (e)).",
            barred.withheld
        ));
    }
    let public = vec![Choice::new(
        "public",
        "The public: without names that are withheld, and without what was lifted",
    )];
    context.filters = Some(
        Filters::new("barred-f", "Whom the list is for", &visitor.query)
            .select("for", "For", public),
    );
    context.sections = vec![Section::new("barred", "The list").table(table(&barred))];
    answer::page(&visitor, &context)
}

fn table(barred: &Barred) -> Table {
    let row = |e: &Record| {
        let unit = said(e, "unit");
        let name = barred.names.get(unit).map_or("not shown", String::as_str);
        let class = match e.envelope.state.as_str() {
            "listed" => "bad",
            _ => "plain",
        };
        let public = match e.body["withheld"] == true {
            true => Cell::tag(Tag::new("withheld", "doubt")).under(said(e, "withheld_report")),
            false => Cell::words("public"),
        };
        vec![
            Cell::link(name, &format!("/units/{unit}")).under(&e.envelope.partner),
            Cell::link(
                &e.envelope.code,
                &format!("/records/barred_unit/{}", e.envelope.id),
            ),
            Cell::words(law(e)),
            Cell::tag(Tag::new(&words(&e.envelope.state), class)),
            Cell::text(said(e, "listed_on")),
            Cell::text(said(e, "informed_on")),
            public,
        ]
    };
    let columns = vec![
        Column::text("Unit"),
        Column::tight("Entry"),
        Column::text("Law"),
        Column::tight("Stands"),
        Column::tight("Listed on"),
        Column::tight("Government told on"),
        Column::text("Name"),
    ];
    Table::new("barred-t", "Barred units", columns)
        .rows(barred.entries.iter().map(row).collect())
        .or("No unit is listed that you may see.")
        .quiet()
}

pub(crate) async fn csv(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let (barred, _) = asked(&site, &visitor).await?;
    if !takes(&visitor) {
        let told = "your role takes no barred units away".to_owned();
        return Err(visitor.refuse(AppError::NotPermitted(told)));
    }
    let row = |e: &Record| {
        let name = barred
            .names
            .get(said(e, "unit"))
            .cloned()
            .unwrap_or_default();
        let withheld = if e.body["withheld"] == true {
            "yes"
        } else {
            "no"
        };
        vec![
            e.envelope.code.clone(),
            e.envelope.partner.clone(),
            name,
            law(e).to_owned(),
            e.envelope.state.clone(),
            said(e, "listed_on").to_owned(),
            said(e, "informed_on").to_owned(),
            withheld.to_owned(),
        ]
    };
    let heads = [
        "code",
        "country",
        "unit",
        "law",
        "state",
        "listed_on",
        "informed_on",
        "withheld",
    ];
    let lines = Lines {
        rows: barred.entries.iter().map(row).collect(),
        heads: heads.to_vec(),
    };
    super::taken(
        &site,
        &visitor,
        "barred_unit/export".to_owned(),
        "barred-units.csv",
        lines,
    )
    .await
}
