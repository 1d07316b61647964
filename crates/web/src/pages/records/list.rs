//! `/records/{kind}`: the list of a kind, filtered, sorted, at a moment.

use super::{address, in_words, kind_of, words};
use crate::{
    answer::{self, Refused},
    site::Site,
    view::{self as v, Choice, Filters, Link, Nav, Paging, form, record as view},
    visitor::Visitor,
};
use axum::extract::{Path, State};
use axum::response::Response;
use std::collections::HashMap;
use std::sync::Arc;
use symbolon_access::{Action, FieldView, Policy};
use symbolon_app::vetting::has_own_pages;
use symbolon_app::{Moment, intake::kinds_for};
use symbolon_domain::{
    codes,
    kind::{FieldDef, FieldType, KindDef, sentence, within},
    kinds,
    record::{Record, RecordId},
};
use symbolon_store::query::{RecordQuery, Test, Value as Cell};

const PER_PAGE: u32 = 50;

pub(crate) async fn list(
    State(site): State<Arc<Site>>,
    Path(kind): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let def = kind_of(&visitor, &kind)?;
    let at: u32 = visitor.query.get("page").parse().unwrap_or(1).max(1);
    let moment = Moment::read(
        visitor.query.get("as_of"),
        visitor.query.get("recorded_before"),
    )
    .map_err(|e| visitor.refuse(e))?;
    let query = question(def, &visitor.query, moment, at);
    let viewer = visitor.viewer.clone();
    let (records, total, stay) = site
        .ask(move |app| {
            let (records, total) = app.records(&viewer, def.code, &query)?;
            let stay = app.units_that_stay(&viewer, &records)?;
            Ok((records, total, stay))
        })
        .await
        .map_err(|e| visitor.refuse(e))?;
    let fields = FieldView::of(Policy::shipped(), &visitor.viewer, def.code);
    let mut shown = def.listed();
    shown.retain(|f| fields.shows(f));
    let mut page = visitor.page(&format!("{} records", def.name), Nav::Records);
    page.lead.clone_from(&def.help);
    page.crumbs = vec![Link::new("Records", "/records")];
    page.json = visitor.query.at(&format!("/api/v1/records/{}", def.code));
    if Policy::shipped().grants(&visitor.viewer, Action::Export, def.code) {
        let file = |form: &str| {
            visitor
                .query
                .at(&format!("/records/{}/export.{form}", def.code))
        };
        (page.csv, page.xlsx) = (file("csv"), file("xlsx"));
        page.also = vec![
            Link::new("JSON file", file("json")),
            Link::new("NDJSON", file("ndjson")),
        ];
    }
    let writes = Policy::shipped().grants(&visitor.viewer, Action::Write, def.code)
        && !has_own_pages(def.code);
    let filtered = visitor
        .query
        .pairs
        .iter()
        .any(|(n, _)| n != "page" && n != "sort");
    let context = view::Records {
        query: visitor.query.clone(),
        kinds: others(def),
        filters: filters(def, fields, &visitor.query),
        columns: shown.iter().map(|f| column(f)).collect(),
        rows: records.iter().map(|r| row(&shown, r, &stay)).collect(),
        paging: Paging::new(
            &visitor.query,
            at.into(),
            PER_PAGE.into(),
            i64::try_from(total).unwrap_or(i64::MAX),
        ),
        empty: empty(filtered).to_owned(),
        new: if writes {
            let words = format!("New {}", within(def.name));
            Link::new(words, format!("/records/{}/new", def.code))
        } else {
            Link::default()
        },
        bring: if writes
            && kinds_for(&visitor.viewer)
                .iter()
                .any(|k| k.code == def.code)
        {
            Link::new("Import a file", format!("/records/{}/import", def.code))
        } else {
            Link::default()
        },
        settable: if writes { settable(def) } else { vec![] },
        bulk: format!("/records/{}/several", def.code),
        page,
    };
    answer::page(&visitor, &context)
}

fn empty(filtered: bool) -> &'static str {
    if filtered {
        "Nothing that you may see matches. Take a filter away."
    } else {
        "Nothing is recorded that you may see."
    }
}

/// The question in the address.
pub(super) fn question(def: &KindDef, asked: &v::Query, moment: Moment, at: u32) -> RecordQuery {
    let order = match asked.get("sort") {
        "" => None,
        by => Some(
            by.strip_prefix('-')
                .map_or((by.to_owned(), false), |b| (b.to_owned(), true)),
        ),
    };
    let words = asked.get("q").split_whitespace();
    let mut query = moment.asked(RecordQuery {
        words: words.map(str::to_owned).collect(),
        order,
        limit: PER_PAGE,
        offset: (at - 1).saturating_mul(PER_PAGE),
        deleted: asked.get("state") == symbolon_domain::kind::DELETED,
        ..RecordQuery::default()
    });
    let envelope = ["state", "partner", "programme"].map(str::to_owned);
    let fields = def
        .fields
        .iter()
        .filter(|f| asked_by(f))
        .map(|f| f.name.clone());
    for name in envelope.into_iter().chain(fields) {
        let wanted = asked.get(&name);
        if !wanted.is_empty() {
            query = query.when(&name, Test::Is(Cell::Text(wanted.to_owned())));
        }
    }
    query
}

/// Whether a list can be filtered by a field.
fn asked_by(field: &FieldDef) -> bool {
    matches!(
        field.field_type,
        FieldType::Choice(_) | FieldType::Code(_) | FieldType::Country | FieldType::Reference(_)
    )
}

fn filters(def: &KindDef, fields: FieldView, query: &v::Query) -> Filters {
    let mut states: Vec<Choice> = def
        .states
        .iter()
        .map(|s| Choice::new(s, &sentence(s)))
        .collect();
    states.push(Choice::new(symbolon_domain::kind::DELETED, "Deleted"));
    let title = format!("Filter {} records", within(def.name));
    let mut form = Filters::new("filter", &title, query)
        .text("q", "Words", "in the code or any text")
        .select("state", "State", states)
        .text("partner", "Partner", "ISO code, as NGA");
    for field in def.fields.iter().filter(|f| f.listed && fields.shows(f)) {
        let choices = choices(field);
        if !choices.is_empty() {
            form = form.select(&field.name, &field.label, choices);
        }
    }
    form.date("as_of", "True on", "")
        .date("recorded_before", "As recorded before", "")
}

fn choices(field: &FieldDef) -> Vec<Choice> {
    match &field.field_type {
        FieldType::Choice(words) => words.iter().map(|w| Choice::new(w, &sentence(w))).collect(),
        FieldType::Code(list) => codes::list(list)
            .map(|l| {
                l.items
                    .iter()
                    .map(|i| Choice::new(&i.code, &i.name))
                    .collect()
            })
            .unwrap_or_default(),
        _ => vec![],
    }
}

/// Fields that make sense on several records at once.
fn settable(def: &KindDef) -> Vec<form::Option> {
    let plain = |f: &&FieldDef| {
        !matches!(
            f.field_type,
            FieldType::Json | FieldType::Texts | FieldType::LongText
        ) && !def.key.contains(&f.name.as_str())
            && def.title_field().is_none_or(|t| t.name != f.name)
    };
    let option = |f: &FieldDef| form::Option {
        value: f.name.clone(),
        label: f.label.clone(),
        hint: String::new(),
    };
    def.fields.iter().filter(plain).map(option).collect()
}

fn others(def: &KindDef) -> Vec<Link> {
    kinds::all()
        .iter()
        .filter(|k| k.area != "administration" && k.code != def.code)
        .map(|k| Link::new(k.name, format!("/records/{}", k.code)))
        .collect()
}

fn column(field: &FieldDef) -> view::RecordColumn {
    view::RecordColumn {
        key: field.name.clone(),
        label: field.label.clone(),
        unit: field.unit.clone(),
        numeric: matches!(field.field_type, FieldType::Integer | FieldType::Amount),
        words: in_words(field),
    }
}

/// A line of the list; of a unit that was merged into another the state says into which.
fn row(shown: &[&FieldDef], record: &Record, stay: &HashMap<RecordId, String>) -> view::RecordRow {
    let e = &record.envelope;
    let kind = kinds::by_code(&e.kind);
    let state = match stay.get(&e.id) {
        Some(name) => format!("{}; the same unit as {name}", sentence(&e.state)),
        None => sentence(&e.state),
    };
    view::RecordRow {
        code: Link::new(
            e.code.clone(),
            kind.map_or(String::new(), |k| address(k, e.id)),
        ),
        id: e.id.to_string(),
        state,
        values: shown
            .iter()
            .map(|f| words(f, &record.body[&f.name]))
            .collect(),
    }
}
