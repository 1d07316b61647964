//! Making and changing a record: the form, the answers to check, the saving.

use super::fill::{self, Filled};
use super::{address, id_of, kind_of, onward};
use crate::{
    answer::{self, Refused},
    site::Site,
    view::{self as v, Cell, Column, Link, Nav, Notice, Table, Tone, form as view},
    visitor::Visitor,
};
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use std::collections::HashMap;
use std::sync::Arc;
use symbolon_access::Viewer;
use symbolon_app::{App, AppError, Draft, Moment, difference};
use symbolon_domain::{
    kind::{Fault, FieldType, KindDef, within},
    kinds,
    record::{Record, RecordId},
};
use symbolon_store::StoreError;

/// The record a form is about; none for a new one.
#[derive(Clone)]
struct About {
    kind: &'static KindDef,
    record: Option<Record>,
    /// Codes of the records it refers to, by id.
    codes: HashMap<String, String>,
}

impl About {
    fn action(&self) -> String {
        match &self.record {
            Some(r) => format!("{}/edit", address(self.kind, r.envelope.id)),
            None => format!("/records/{}/new", self.kind.code),
        }
    }

    fn cancel(&self) -> String {
        match &self.record {
            Some(r) => address(self.kind, r.envelope.id),
            None => format!("/records/{}", self.kind.code),
        }
    }

    fn title(&self) -> String {
        let kind = within(self.kind.name);
        match &self.record {
            Some(r) => format!("Change {}", self.kind.title_of(&r.envelope.code, &r.body)),
            None => format!("New {kind}"),
        }
    }

    fn version(&self) -> i64 {
        self.record.as_ref().map_or(0, |r| r.envelope.version)
    }

    fn page(&self, visitor: &Visitor, title: &str) -> v::Page {
        let mut page = visitor.page(title, Nav::Records);
        let list = format!("/records/{}", self.kind.code);
        page.crumbs = vec![
            Link::new("Records", "/records"),
            Link::new(format!("{} records", self.kind.name), list),
        ];
        if let Some(r) = &self.record {
            page.marking = r.envelope.label.marking();
        }
        page
    }
}

fn about(
    app: &App,
    viewer: &Viewer,
    kind: &'static KindDef,
    id: Option<RecordId>,
) -> Result<About, AppError> {
    let Some(id) = id else {
        app.may_write(viewer, kind)?;
        return Ok(About {
            kind,
            record: None,
            codes: HashMap::new(),
        });
    };
    let record = app.record_only(viewer, kind.code, &id.to_string(), Moment::default())?;
    app.may_change(viewer, &record)?;
    let mut codes = HashMap::new();
    for field in &kind.fields {
        if let FieldType::Reference(to) = &field.field_type
            && let Some(id) = record.body[&field.name].as_str()
            && let Some(to) = kinds::by_code(to)
            && let Ok(referred) = app.record_only(viewer, to.code, id, Moment::default())
        {
            codes.insert(id.to_owned(), referred.envelope.code);
        }
    }
    Ok(About {
        kind,
        record: Some(record),
        codes,
    })
}

pub(crate) async fn new_form(
    State(site): State<Arc<Site>>,
    Path(kind): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let kind = kind_of(&visitor, &kind)?;
    let stated = visitor.query.get("takes_up").to_owned();
    let filled = if stated.is_empty() {
        // An address may fill in answers: a link from an initiative to a new objective of it.
        let asked = visitor.query.pairs.iter();
        Filled(asked.map(|(n, v)| (n.clone(), v.clone())).collect())
    } else {
        let viewer = visitor.viewer.clone();
        site.ask(move |app| onward::taken_up(app, &viewer, kind, &stated))
            .await
            .map_err(|e| visitor.refuse(e))?
    };
    open(site, visitor, kind, None, Some(filled)).await
}

pub(crate) async fn edit_form(
    State(site): State<Arc<Site>>,
    Path((kind, id)): Path<(String, String)>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let kind = kind_of(&visitor, &kind)?;
    let id = id_of(&visitor, &id)?;
    open(site, visitor, kind, Some(id), None).await
}

async fn open(
    site: Arc<Site>,
    visitor: Visitor,
    kind: &'static KindDef,
    id: Option<RecordId>,
    filled: Option<Filled>,
) -> Result<Response, Refused> {
    let viewer = visitor.viewer.clone();
    let about = site
        .ask(move |app| about(app, &viewer, kind, id))
        .await
        .map_err(|e| visitor.refuse(e))?;
    let filled = filled.unwrap_or_else(|| match &about.record {
        Some(record) => Filled::of(kind, record, &about.codes),
        None => Filled::default(),
    });
    show(&visitor, &about, &filled, &[], None)
}

/// The form with what was filled in; 422 where something is wrong with it.
fn show(
    visitor: &Visitor,
    about: &About,
    filled: &Filled,
    faults: &[Fault],
    conflict: Option<Table>,
) -> Result<Response, Refused> {
    let mut page = about.page(visitor, &about.title());
    if !faults.is_empty() {
        page.notice = Some(Notice {
            tone: Tone::Error,
            text: "There is a problem".to_owned(),
        });
    }
    let errors = faults.iter().map(|f| {
        let place = fill::place(about.kind, f);
        Link::new(f.message.clone(), format!("#{place}"))
    });
    let status = match (faults.is_empty(), conflict.is_some()) {
        (_, true) => StatusCode::PRECONDITION_FAILED,
        (false, _) => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::OK,
    };
    let context = view::RecordForm {
        action: about.action(),
        version: about.version(),
        errors: errors.collect(),
        conflict,
        sections: fill::questions(about.kind, filled, faults, visitor.viewer.today),
        cancel: about.cancel(),
        page,
    };
    let mut response = answer::html(&context);
    *response.status_mut() = status;
    Ok(no_store(response))
}

/// Forms hold what is not saved yet: no cache keeps them.
fn no_store(mut response: Response) -> Response {
    let value = axum::http::HeaderValue::from_static("no-store");
    response
        .headers_mut()
        .insert(axum::http::header::CACHE_CONTROL, value);
    response
}

pub(crate) async fn make(
    State(site): State<Arc<Site>>,
    Path(kind): Path<String>,
    visitor: Visitor,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    let kind = kind_of(&visitor, &kind)?;
    sent(site, visitor, kind, None, Filled(pairs)).await
}

pub(crate) async fn edit(
    State(site): State<Arc<Site>>,
    Path((kind, id)): Path<(String, String)>,
    visitor: Visitor,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    let kind = kind_of(&visitor, &kind)?;
    let id = id_of(&visitor, &id)?;
    sent(site, visitor, kind, Some(id), Filled(pairs)).await
}

/// What became of a form that was sent.
enum Outcome {
    Wrong(Vec<Fault>),
    Check(Box<Draft>),
    Saved(RecordId),
    Stale(Box<About>),
}

async fn sent(
    site: Arc<Site>,
    visitor: Visitor,
    kind: &'static KindDef,
    id: Option<RecordId>,
    filled: Filled,
) -> Result<Response, Refused> {
    visitor.check_form(filled.get("csrf"))?;
    let (viewer, copy) = (visitor.viewer.clone(), filled.clone());
    let (about, outcome) = site
        .work(move |app| {
            let about = about(app, &viewer, kind, id)?;
            let outcome = take(app, &viewer, &about, &copy)?;
            Ok((about, outcome))
        })
        .await
        .map_err(|e| visitor.refuse(e))?;
    match outcome {
        _ if !filled.get("back").is_empty() => show(&visitor, &about, &filled, &[], None),
        Outcome::Wrong(faults) => show(&visitor, &about, &filled, &faults, None),
        Outcome::Check(draft) => check(&visitor, &about, &filled, &draft),
        Outcome::Saved(id) => Ok(Redirect::to(&address(kind, id)).into_response()),
        Outcome::Stale(now) => {
            let table = both(kind, &now, &filled);
            show(&visitor, &now, &filled, &[], Some(table))
        }
    }
}

fn take(app: &App, viewer: &Viewer, about: &About, filled: &Filled) -> Result<Outcome, AppError> {
    if !filled.get("back").is_empty() {
        return Ok(Outcome::Wrong(vec![]));
    }
    let (draft, mut faults) = fill::draft(app, viewer, about.kind, filled)?;
    let checked = app.checked(viewer, about.kind, draft.clone());
    if let Err(AppError::Faults(found)) = &checked {
        let told = |f: &&Fault| faults.iter().all(|t| t.field != f.field);
        let more: Vec<Fault> = found.iter().filter(told).cloned().collect();
        faults.extend(more);
    }
    if !faults.is_empty() {
        return Ok(Outcome::Wrong(faults));
    }
    let draft = checked?;
    if filled.get("step") != "save" {
        return Ok(Outcome::Check(Box::new(draft)));
    }
    let reason = filled.get("reason");
    let written = match &about.record {
        None => app.create(viewer, about.kind.code, draft, reason, None),
        Some(r) => {
            let version = filled.get("version").parse().unwrap_or(0);
            let of = (about.kind.code, r.envelope.id);
            app.edit(viewer, of, version, draft, reason, None)
        }
    };
    match written {
        Ok(written) => Ok(Outcome::Saved(written.id)),
        Err(AppError::Store(StoreError::Stale { .. })) => {
            let id = about.record.as_ref().map(|r| r.envelope.id);
            let now = self::about(app, viewer, about.kind, id)?;
            Ok(Outcome::Stale(Box::new(now)))
        }
        Err(AppError::Store(StoreError::Duplicate(code))) => {
            let message = format!("Code: `{code}` is taken; choose another");
            Ok(Outcome::Wrong(vec![Fault::new(
                "code",
                "duplicate-key",
                message,
            )]))
        }
        Err(e) => Err(e),
    }
}

/// Yours and theirs, field by field, where they differ.
fn both(kind: &KindDef, now: &About, filled: &Filled) -> Table {
    let columns = ["Field", "Yours", "Theirs, saved now"]
        .map(Column::text)
        .into();
    let Some(record) = &now.record else {
        return Table::new("conflict", "Both versions", columns);
    };
    let theirs = Filled::of(kind, record, &now.codes);
    let rows = kind.fields.iter().filter_map(|field| {
        let name = format!("f.{}", field.name);
        let (mine, other) = (filled.get(&name).trim(), theirs.get(&name).trim());
        (mine.replace("\r\n", "\n") != other).then(|| {
            vec![
                Cell::text(&field.label),
                Cell::text(&fill::read_back(field, mine)),
                Cell::text(&fill::read_back(field, other)),
            ]
        })
    });
    Table::new("conflict", "Both versions", columns)
        .rows(rows.collect())
        .or("No field differs; only what stands around them was changed.")
}

/// The page of answers to check before they are saved.
fn check(
    visitor: &Visitor,
    about: &About,
    filled: &Filled,
    draft: &Draft,
) -> Result<Response, Refused> {
    let kind = about.kind;
    let before = about.record.as_ref();
    let mut answers: Vec<view::Checked> = kind
        .fields
        .iter()
        .map(|field| {
            let name = format!("f.{}", field.name);
            let value = fill::read_back(field, filled.get(&name));
            let was = before.map(|r| super::words(field, &r.body[&field.name]));
            let changes = was.is_some()
                && before.is_some_and(|r| r.body[&field.name] != draft.body[&field.name]);
            view::Checked {
                label: field.label.clone(),
                before: was.unwrap_or_default(),
                value,
                changes,
                words: super::in_words(field),
                name,
            }
        })
        .collect();
    for (name, label) in [
        ("partner", "Partner"),
        ("programme", "Programme"),
        ("valid_from", "True from"),
        ("valid_to", "Until"),
        ("code", "Code"),
    ] {
        answers.push(view::Checked {
            name: name.to_owned(),
            label: label.to_owned(),
            value: filled.get(name).to_owned(),
            ..view::Checked::default()
        });
    }
    answers.push(view::Checked {
        name: "source.0.document".to_owned(),
        label: "Sources".to_owned(),
        value: draft
            .sources
            .iter()
            .map(|s| s.document.clone())
            .collect::<Vec<_>>()
            .join("; "),
        ..view::Checked::default()
    });
    mark_changes(about, draft, &mut answers);
    let context = view::RecordCheck {
        page: about.page(visitor, "Check your answers"),
        action: about.action(),
        answers,
        hidden: filled.carried(),
        reason: filled.get("reason").to_owned(),
        button: format!("Save the {}", within(kind.name)),
    };
    Ok(no_store(answer::html(&context)))
}

/// Marks what stands around the fields and changes.
fn mark_changes(about: &About, draft: &Draft, answers: &mut [view::Checked]) {
    let Some(record) = &about.record else { return };
    let mut after = record.clone();
    after.envelope.partner.clone_from(&draft.partner);
    after.envelope.programme.clone_from(&draft.programme);
    after.envelope.sources.clone_from(&draft.sources);
    for d in difference(about.kind, Some(record), &after) {
        let line = answers.iter_mut().find(|a| a.label == d.label);
        if let Some(line) = line {
            line.changes = true;
            line.before = d.before;
        }
    }
}
