//! `/records/{kind}/{id}/history`: what happened to a record as sentences, and two dates compared.

use super::{address, id_of, kind_of, show::frame};
use crate::pages::moment;
use crate::{
    answer::{self, Refused},
    site::Site,
    view::{Cell, Column, Link, Table, form as view},
    visitor::Visitor,
};
use axum::extract::{Path, State};
use axum::response::Response;
use std::sync::Arc;
use symbolon_access::{Action, Policy};
use symbolon_app::vetting::has_own_pages;
use symbolon_app::{Compared, Difference, Moment, Past};

pub(crate) async fn history(
    State(site): State<Arc<Site>>,
    Path((kind, id)): Path<(String, String)>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let def = kind_of(&visitor, &kind)?;
    let id = id_of(&visitor, &id)?;
    let (from, to) = (
        visitor.query.get("from").to_owned(),
        visitor.query.get("to").to_owned(),
    );
    let read = |text: &str| Moment::read("", text).map_err(|e| visitor.refuse(e));
    let asked = (!from.is_empty() || !to.is_empty()).then_some((read(&from)?, read(&to)?));
    let viewer = visitor.viewer.clone();
    let (page, past, compared) = site
        .ask(move |app| {
            let id = id.to_string();
            let page = app.record(&viewer, def.code, &id, Moment::default())?;
            let past = app.history(&viewer, def.code, &id)?;
            let compared = asked
                .map(|(from, to)| app.compare(&viewer, (def.code, &id), from, to))
                .transpose()?;
            Ok((page, past, compared))
        })
        .await
        .map_err(|e| visitor.refuse(e))?;
    let here = address(def, page.record.envelope.id);
    let mut frame = frame(&visitor, &page);
    frame
        .crumbs
        .push(Link::new(frame.title.clone(), here.clone()));
    frame.title = format!("History of {}", frame.title);
    frame.named = false;
    let writes = Policy::shipped().grants(&visitor.viewer, Action::Write, def.code)
        && !has_own_pages(def.code);
    let context = view::RecordHistory {
        page: frame,
        steps: past.iter().map(|p| step(p, &here, writes)).collect(),
        compare: format!("{here}/history"),
        from,
        to,
        compared: compared.as_ref().map(table),
    };
    answer::page(&visitor, &context)
}

fn step(past: &Past, here: &str, writes: bool) -> view::Step {
    let saw = past.saw.iter().map(|(object, code, version)| {
        Link::new(
            format!("{code}, version {version}"),
            format!("/records/{object}"),
        )
    });
    view::Step {
        sentence: past.sentence.clone(),
        when: moment(past.time),
        version: past.version,
        entry: Link::new(past.seq.to_string(), format!("/journal/{}", past.seq)),
        reason: past.reason.clone(),
        changes: past.differences.iter().map(Difference::sentence).collect(),
        saw: saw.collect(),
        reverse: if writes && !past.withheld {
            format!("{here}/reverse/{}", past.seq)
        } else {
            String::new()
        },
    }
}

fn table(compared: &Compared) -> Table {
    let columns = ["Field", "Before", "After"].map(Column::text).into();
    let row = |d: &Difference| {
        vec![
            Cell::text(&d.label),
            Cell::text(&d.before),
            Cell::text(&d.after),
        ]
    };
    Table::new("compared", "What differs", columns)
        .rows(compared.differences.iter().map(row).collect())
        .or("Nothing differs between the two.")
}
