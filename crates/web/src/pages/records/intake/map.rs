//! The second step: the sheet, and where each column goes.

use super::{At, Pairs, here, limits, page, sent, shown, upload, words, wrong};
use crate::{
    answer::Refused,
    site::Site,
    view::desk::{Desk, Field, Form, Section},
    visitor::Visitor,
};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use std::sync::Arc;
use symbolon_app::{
    App, AppError,
    intake::{Phase, SavedMapping, Upload},
};
use symbolon_domain::kind::KindDef;
use symbolon_exchange::import::records::{MappedColumn, Mapping, columns};

pub(crate) async fn map(
    State(site): State<Arc<Site>>,
    at: At,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let upload = upload(&site, &visitor, &at).await?;
    let phase = upload.phase();
    if phase.runs() || matches!(phase, Phase::Taken(_)) {
        return Ok(Redirect::to(&format!("{}/plan", here(&upload))).into_response());
    }
    let mapping = upload.mapping();
    again(&site, &visitor, &upload, &mapping, None).await
}

/// The step as a page, with what was wrong with what was sent.
async fn again(
    site: &Arc<Site>,
    visitor: &Visitor,
    upload: &Arc<Upload>,
    mapping: &Mapping,
    error: Option<AppError>,
) -> Result<Response, Refused> {
    let (viewer, kind) = (visitor.viewer.clone(), upload.kind);
    let known = site
        .ask(move |app| {
            Ok((
                app.saved_mappings(&viewer, kind)?,
                app.upload_labels(&viewer),
            ))
        })
        .await;
    let (saved, labels) = known.map_err(|e| visitor.refuse(e))?;
    let mut page = page(visitor, upload.kind, "say where the columns go");
    page.lead = format!(
        "{}, {} bytes. Nothing is written yet.",
        upload.facts.name, upload.facts.bytes
    );
    let status = match &error {
        None => StatusCode::OK,
        Some(error) => {
            wrong(&mut page, &error.to_string());
            words::status(error)
        }
    };
    let mut sections = vec![];
    sections.extend(sheets(upload, mapping));
    sections.extend(remembered(upload, &saved));
    sections.push(questions(upload, mapping, labels));
    let rows = Section::new("first", "First rows").table(words::first_rows(&upload.beginning()));
    sections.push(rows);
    sections.push(leave(upload));
    Ok(shown(&Desk { page, sections }, status))
}

/// The choice of a sheet, where there is one.
fn sheets(upload: &Upload, mapping: &Mapping) -> Option<Section> {
    if upload.sheets.len() < 2 {
        return None;
    }
    let choices = upload.sheets.iter().map(|s| (s.clone(), s.clone()));
    let now = mapping.sheet().unwrap_or(&upload.sheets[0]);
    let field = Field::select("sheet", "Sheet", choices.collect()).value(now);
    let form = Form::new(&format!("{}/sheet", here(upload)), "Read this sheet").field(field);
    let section = Section::new("sheet", "Sheet of the workbook");
    Some(section.says("Only one sheet is read at a time.").form(form))
}

/// The choice of a remembered mapping, where there is one.
fn remembered(upload: &Upload, saved: &[SavedMapping]) -> Option<Section> {
    if saved.is_empty() {
        return None;
    }
    let choices = saved.iter().map(|s| (s.id.to_string(), s.title.clone()));
    let field = Field::select("mapping", "Mapping", choices.collect());
    let form = Form::new(&format!("{}/mapping", here(upload)), "Use this mapping").field(field);
    Some(Section::new("remembered", "A mapping used before").form(form))
}

fn targets(kind: &KindDef) -> Vec<(String, String)> {
    let mut all = vec![(String::new(), "Leave this column out".to_owned())];
    let target = |t: columns::Target<'_>| (t.name().to_owned(), t.label().to_owned());
    all.extend(columns::all(kind).into_iter().map(target));
    all
}

/// Where each column goes, and what stands in for columns the file does not have.
fn questions(upload: &Upload, mapping: &Mapping, labels: Vec<String>) -> Section {
    let beginning = upload.beginning();
    let mut form = Form::new(
        &format!("{}/check", here(upload)),
        "Show what the file would do",
    );
    let targets = targets(upload.kind);
    for (i, head) in beginning.heads.iter().enumerate() {
        let column = mapping.column(head).cloned().unwrap_or_default();
        let to = Field::select(
            &format!("to.{i}"),
            &format!("Column {head}"),
            targets.clone(),
        )
        .hint(&words::values(&beginning, i))
        .value(&column.to);
        let clear = Field::text(
            &format!("clear.{i}"),
            &format!("An empty cell of {head} clears what is there"),
        );
        let clear = clear
            .sort("check")
            .value(if column.clear { "yes" } else { "" });
        form = form.field(to).field(clear);
    }
    let given = |name: &str| mapping.defaults.get(name).map_or("", String::as_str);
    let partner = Field::text("partner", "Partner of rows that name none")
        .hint("ISO code, as MLI; left empty, such rows must name one where the kind asks for it")
        .value(given("partner"));
    let mut choices = vec![(String::new(), "The narrowest I may give".to_owned())];
    choices.extend(labels.into_iter().map(|l| (l.clone(), l)));
    let label = Field::select("label", "Label of new records that name none", choices)
        .value(given("label"));
    let title = Field::text("remember", "Remember this mapping as")
        .hint("Left empty it is not remembered. A name that is there already gets a new version.");
    let form = form.field(partner).field(label).field(title);
    Section::new("mapping", "Where the columns go").form(form)
}

/// The way out.
pub(super) fn leave(upload: &Upload) -> Section {
    let form = Form::new(&format!("{}/forget", here(upload)), "Throw the file away");
    Section::new("leave", "Leave it")
        .says("The file is deleted; records stay as they are.")
        .form(form)
}

pub(crate) async fn sheet(
    State(site): State<Arc<Site>>,
    at: At,
    form: Pairs,
) -> Result<Response, Refused> {
    let visitor = form.visitor;
    let upload = upload(&site, &visitor, &at).await?;
    let (on, name) = (Arc::clone(&upload), sent(&form.pairs, "sheet").to_owned());
    let read = site
        .work(move |app| Ok(app.upload_sheet(&on, &name, limits())))
        .await;
    match read.map_err(|e| visitor.refuse(e))? {
        Ok(()) => Ok(Redirect::to(&here(&upload)).into_response()),
        Err(e) => {
            let mapping = upload.mapping();
            again(&site, &visitor, &upload, &mapping, Some(e)).await
        }
    }
}

/// A mapping remembered earlier, fitted to this file.
pub(crate) async fn saved(
    State(site): State<Arc<Site>>,
    at: At,
    form: Pairs,
) -> Result<Response, Refused> {
    let visitor = form.visitor;
    let upload = upload(&site, &visitor, &at).await?;
    let (on, wanted) = (Arc::clone(&upload), sent(&form.pairs, "mapping").to_owned());
    let viewer = visitor.viewer.clone();
    let used = site
        .work(move |app| {
            let all = app.saved_mappings(&viewer, on.kind)?;
            let found = all.into_iter().find(|m| m.id.to_string() == wanted);
            let found = found.ok_or(AppError::NotFound("mapping"))?;
            let sheet = found.mapping.sheet.clone();
            if on.sheets.contains(&sheet) && on.mapping().sheet() != Some(&sheet) {
                app.upload_sheet(&on, &sheet, limits())?;
            }
            let mut mapping = found.mapping.fitted(on.kind, &on.beginning().heads);
            mapping.sheet = on.mapping().sheet;
            app.upload_map(&on, mapping, Some((found.id, found.version)))
        })
        .await;
    used.map_err(|e| visitor.refuse(e))?;
    Ok(Redirect::to(&here(&upload)).into_response())
}

/// The mapping as it was sent.
fn mapping_of(upload: &Upload, pairs: &[(String, String)]) -> Mapping {
    let heads = upload.beginning().heads;
    let column = |(i, head): (usize, &String)| MappedColumn {
        head: head.clone(),
        to: sent(pairs, &format!("to.{i}")).to_owned(),
        clear: sent(pairs, &format!("clear.{i}")) == "yes",
    };
    let columns: Vec<MappedColumn> = heads.iter().enumerate().map(column).collect();
    let goes = |name: &str| columns.iter().any(|c| c.to == name);
    let given = ["partner", "label"].iter().filter(|n| !goes(n));
    let defaults = given
        .map(|n| ((*n).to_owned(), sent(pairs, n).to_owned()))
        .filter(|(_, v)| !v.is_empty())
        .collect();
    Mapping {
        columns,
        defaults,
        sheet: upload.mapping().sheet,
    }
}

/// Which remembered mapping this is: the one just saved, or the one in use where nothing was changed.
fn take(
    app: &App,
    visitor: &Visitor,
    upload: &Upload,
    mapping: &Mapping,
    title: &str,
) -> Result<(), AppError> {
    // What does not fit is said before anything is remembered.
    let same = upload.mapping() == *mapping;
    let before = upload.saved().filter(|_| same);
    app.upload_map(upload, mapping.clone(), before)?;
    if !title.is_empty() {
        let saved = app.save_mapping(&visitor.viewer, upload.kind, title, mapping)?;
        app.upload_map(upload, mapping.clone(), Some((saved.id, saved.version)))?;
    }
    Ok(())
}

/// Takes the mapping and begins the dry run.
pub(crate) async fn check(
    State(site): State<Arc<Site>>,
    at: At,
    form: Pairs,
) -> Result<Response, Refused> {
    let visitor = form.visitor;
    let upload = upload(&site, &visitor, &at).await?;
    let mapping = mapping_of(&upload, &form.pairs);
    let title = sent(&form.pairs, "remember").to_owned();
    let (who, on, wanted) = (visitor.clone(), Arc::clone(&upload), mapping.clone());
    let taken = site
        .work(move |app| Ok(take(app, &who, &on, &wanted, &title)))
        .await;
    match taken.map_err(|e| visitor.refuse(e))? {
        Ok(()) => {}
        Err(e @ (AppError::Invalid(_) | AppError::Conflict(_))) => {
            return again(&site, &visitor, &upload, &mapping, Some(e)).await;
        }
        Err(e) => return Err(visitor.refuse(e)),
    }
    if site.app.upload_begin_check(&upload) {
        let (app, viewer, on) = (
            Arc::clone(&site.app),
            visitor.viewer.clone(),
            Arc::clone(&upload),
        );
        tokio::task::spawn_blocking(move || app.upload_check(&viewer, &on, limits()));
    }
    Ok(Redirect::to(&format!("{}/plan", here(&upload))).into_response())
}
