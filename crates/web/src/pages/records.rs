//! `/records/{kind}` and `/records/{kind}/{id}`: pages generic over the kind, made from its definition.

use super::{citation, journal, moment, visibility_of};
use crate::{
    answer::{self, Refused},
    site::Site,
    view::{self as v, Fact, Link, Nav, Paging, record as view},
    visitor::Visitor,
};
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::Value;
use std::sync::Arc;
use symbolon_app::Moment;
use symbolon_domain::{
    kind::{FieldDef, FieldType},
    kinds,
    record::Record,
};
use symbolon_store::query::RecordQuery;

const PER_PAGE: u32 = 50;

pub(crate) async fn list(
    State(site): State<Arc<Site>>,
    Path(kind): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let Some(def) = kinds::by_code(&kind) else {
        return Err(Refused::not_found(visitor));
    };
    let at: u32 = visitor.query.get("page").parse().unwrap_or(1).max(1);
    let order = match visitor.query.get("sort") {
        "" => None,
        by => Some(
            by.strip_prefix('-')
                .map_or((by.to_owned(), false), |b| (b.to_owned(), true)),
        ),
    };
    let query = RecordQuery {
        order,
        limit: PER_PAGE,
        offset: (at - 1).saturating_mul(PER_PAGE),
        ..RecordQuery::default()
    };
    let viewer = visitor.viewer.clone();
    let (records, total) = site
        .ask(move |app| app.records(&viewer, &kind, &query))
        .await
        .map_err(|e| visitor.refuse(e))?;
    let shown: Vec<&FieldDef> = def.listed();
    let mut page = visitor.page(&format!("{} records", def.name), Nav::None);
    page.lead.clone_from(&def.help);
    page.json = visitor.query.at(&format!("/api/v1/records/{}", def.code));
    let others = kinds::all().iter().filter(|k| k.area != "administration");
    let context = view::Records {
        query: visitor.query.clone(),
        kinds: others
            .map(|k| Link::new(k.name, format!("/records/{}", k.code)))
            .collect(),
        filters: v::Filters::default(),
        columns: shown.iter().map(|f| column(f)).collect(),
        rows: records.iter().map(|r| row(&shown, r)).collect(),
        paging: Paging::new(
            &visitor.query,
            at.into(),
            PER_PAGE.into(),
            i64::try_from(total).unwrap_or(i64::MAX),
        ),
        empty: "Nothing is recorded that you may see.".to_owned(),
        page,
    };
    answer::page(&visitor, &context)
}

fn column(field: &FieldDef) -> view::RecordColumn {
    view::RecordColumn {
        key: field.name.clone(),
        label: field.label.clone(),
        unit: String::new(),
        numeric: matches!(field.field_type, FieldType::Integer | FieldType::Amount),
    }
}

fn words(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(s) => s.clone(),
        Value::Bool(true) => "Yes".to_owned(),
        Value::Bool(false) => "No".to_owned(),
        Value::Array(items) => items.iter().map(words).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    }
}

fn row(shown: &[&FieldDef], record: &Record) -> view::RecordRow {
    let e = &record.envelope;
    view::RecordRow {
        code: Link::new(e.code.clone(), format!("/records/{}/{}", e.kind, e.id)),
        state: e.state.clone(),
        values: shown.iter().map(|f| words(&record.body[&f.name])).collect(),
    }
}

pub(crate) async fn show(
    State(site): State<Arc<Site>>,
    Path((kind, id)): Path<(String, String)>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let viewer = visitor.viewer.clone();
    let found = site
        .ask(move |app| app.record(&viewer, &kind, &id, Moment::default()))
        .await
        .map_err(|e| visitor.refuse(e))?;
    let (def, record) = (found.kind, &found.record);
    let e = &record.envelope;
    let title = ["name", "title"]
        .into_iter()
        .find_map(|f| record.body[f].as_str())
        .unwrap_or(&e.code);
    let mut page = visitor.page(title, Nav::None);
    page.crumbs = vec![Link::new(
        format!("{} records", def.name),
        format!("/records/{}", def.code),
    )];
    page.json = format!("/api/v1/records/{}/{}", def.code, e.id);
    page.marking.clone_from(&found.visible.marking);
    page.visibility = Some(visibility_of(&found.visible));
    page.record = found.entry.as_ref().map(|entry| v::RecordLine {
        code: e.code.clone(),
        changed_by: entry
            .body
            .as_ref()
            .map(|b| b.actor.split(" (").next().unwrap_or_default().to_owned())
            .unwrap_or_default(),
        changed_at: moment(entry.entry.time),
        entry_href: format!("/journal/{}", entry.entry.seq),
        sources: i64::try_from(e.sources.len()).unwrap_or(0),
    });
    let bound = |k: Option<symbolon_domain::date::Known>| k.map(|k| k.to_string());
    let valid = match (bound(e.valid.from), bound(e.valid.to)) {
        (None, None) => "at all times, as far as known".to_owned(),
        (Some(from), None) => format!("from {from}"),
        (None, Some(to)) => format!("until {to}, which is the first day it is no longer so"),
        (Some(from), Some(to)) => {
            format!("from {from} until {to}, which is the first day it is no longer so")
        }
    };
    let context = view::Record {
        kind: def.name.to_owned(),
        state: e.state.clone(),
        valid,
        as_of: String::new(),
        fields: def.fields.iter().map(|f| fact(f, record)).collect(),
        related: related(record),
        sources: e.sources.iter().map(citation).collect(),
        history: found.entry.iter().map(journal::entry_row).collect(),
        page,
    };
    answer::page(&visitor, &context)
}

fn fact(field: &FieldDef, record: &Record) -> Fact {
    let value = words(&record.body[&field.name]);
    let href = match &field.field_type {
        FieldType::Reference(kind) if !value.is_empty() => format!("/records/{kind}/{value}"),
        FieldType::Country => format!("/countries/{value}"),
        _ => String::new(),
    };
    let own = record
        .envelope
        .sources
        .iter()
        .filter(|s| s.field == field.name);
    Fact {
        help: field.help.clone(),
        mono: field.name.contains("sha256"),
        sources: own.map(citation).collect(),
        href,
        ..Fact::new(&field.label, &value)
    }
}

fn related(record: &Record) -> Vec<Link> {
    let partner = &record.envelope.partner;
    if partner.is_empty() {
        vec![]
    } else {
        vec![Link::new(
            format!("Country page of {partner}"),
            format!("/countries/{partner}"),
        )]
    }
}
