//! The third and last step: what the file would do, the consent, and the receipt.
//!
//! A job that takes long is waited for a while; then the page says how far it is and is opened again.

use super::{At, Pairs, here, limits, map::leave, page, sent, shown, start, upload, words, wrong};
use crate::{
    answer::Refused,
    site::Site,
    view::{
        Cell, Column, Fact, Link, Notice, Table, Tone,
        desk::{Desk, Field, Form, Section},
    },
    visitor::Visitor,
};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use std::sync::Arc;
use std::time::Duration;
use symbolon_access::Viewer;
use symbolon_app::{
    App, AppError,
    intake::{Consent, Phase, Report, Upload},
};
use symbolon_store::query::{RecordQuery, Test, Value};

/// How long a page waits for a job before it says how far it is.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often it looks.
const LOOK: Duration = Duration::from_millis(40);

/// The phase once no job runs, or after a while.
async fn settled(upload: &Upload) -> Phase {
    let until = tokio::time::Instant::now() + PATIENCE;
    loop {
        let phase = upload.phase();
        if !phase.runs() || tokio::time::Instant::now() >= until {
            return phase;
        }
        tokio::time::sleep(LOOK).await;
    }
}

pub(crate) async fn plan(
    State(site): State<Arc<Site>>,
    at: At,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let upload = upload(&site, &visitor, &at).await?;
    let desk = match settled(&upload).await {
        Phase::Mapping => return Ok(Redirect::to(&here(&upload)).into_response()),
        phase @ (Phase::Checking | Phase::Taking) => under_way(&visitor, &upload, &phase),
        Phase::Planned {
            report,
            moved,
            wrong,
        } => planned(&visitor, &upload, &report, (moved, &wrong)),
        Phase::Taken(report) => receipt(&site, &visitor, &upload, &report).await?,
        Phase::Broken(what) => broken(&visitor, &upload, &what),
    };
    Ok(shown(&desk, StatusCode::OK))
}

fn under_way(visitor: &Visitor, upload: &Upload, phase: &Phase) -> Desk {
    let (step, does) = match phase {
        Phase::Checking => ("reading", "The file is being read. Nothing is written."),
        _ => (
            "taking it in",
            "The records are being written, all of them or none.",
        ),
    };
    let page = page(visitor, upload.kind, step);
    let mut section = Section::new("job", "How far it is")
        .says(does)
        .says("It goes on when you leave this page, and the answer will stand here.");
    section.facts = vec![Fact::new("Rows so far", &upload.rows().to_string())];
    section.links = vec![Link::new(
        "See how far it is",
        format!("{}/plan", here(upload)),
    )];
    let sections = match phase {
        Phase::Checking => vec![section, leave(upload)],
        _ => vec![section],
    };
    Desk { page, sections }
}

fn broken(visitor: &Visitor, upload: &Upload, what: &str) -> Desk {
    let mut page = page(visitor, upload.kind, "it cannot be read");
    wrong(&mut page, what);
    let mut section = Section::new("broken", "What to do")
        .says("Nothing was written. Correct the file and upload it again, or say otherwise where its columns go.");
    section.links = vec![
        Link::new("Upload another file", start(upload.kind)),
        Link::new("Where the columns go", here(upload)),
    ];
    Desk {
        page,
        sections: vec![section, leave(upload)],
    }
}

fn planned(
    visitor: &Visitor,
    upload: &Upload,
    report: &Report,
    (moved, missing): (bool, &str),
) -> Desk {
    let mut page = page(visitor, upload.kind, "what it would do");
    page.lead = format!("{}. Nothing is written yet.", report.file.name);
    if moved {
        page.notice = Some(Notice {
            tone: Tone::Warning,
            text: "The records changed since you saw the plan. Nothing was taken; this is the plan now."
                .to_owned(),
        });
    }
    if !missing.is_empty() {
        wrong(&mut page, missing);
    }
    let mut what = Section::new("plan", "What the file would do");
    what.facts = words::counts(report);
    what.facts.push(Fact {
        mono: true,
        help: "The same rows doing the same to the same versions. What is confirmed is this plan and no other."
            .to_owned(),
        ..Fact::new("Plan", &report.plan)
    });
    what.links = vec![Link::new("Change where the columns go", here(upload))];
    let mut sections = vec![what];
    sections.extend(words::findings(
        report,
        &format!("{}/refused.csv", here(upload)),
    ));
    sections.push(consent(upload, report, missing));
    sections.push(leave(upload));
    Desk { page, sections }
}

fn records(n: u64) -> String {
    if n == 1 {
        "1 record".to_owned()
    } else {
        format!("{n} records")
    }
}

/// The question whether this shall be done.
fn consent(upload: &Upload, report: &Report, missing: &str) -> Section {
    let c = report.counts;
    let section = Section::new("confirm", "Confirm");
    if c.new + c.changed == 0 {
        return section.says("There is nothing to take in: no row would change a record.");
    }
    let button = format!("Take in {}", records(c.new + c.changed));
    let mut form = Form::new(&format!("{}/take", here(upload)), &button).with("plan", &report.plan);
    if c.refused > 0 {
        let words = format!("Leave out the rows that cannot be taken ({})", c.refused);
        form = form.field(Field::text("leave_out", &words).sort("check"));
    }
    missing.clone_into(&mut form.error);
    section
        .says("All of it is written, or nothing: exactly what this plan says.")
        .form(form)
}

/// The import record of a report and the journal entry that made it.
fn found(app: &App, viewer: &Viewer, code: &str) -> Result<Option<(String, i64)>, AppError> {
    let query = RecordQuery::default().when("code", Test::Is(Value::Text(code.to_owned())));
    let (records, _) = app.records(viewer, "import", &query)?;
    let Some(record) = records.first() else {
        return Ok(None);
    };
    let object = format!("import/{}", record.envelope.id);
    let entry = app.store.last_entry(viewer, &object)?;
    Ok(Some((
        record.envelope.id.to_string(),
        entry.map_or(0, |e| e.entry.seq),
    )))
}

async fn receipt(
    site: &Arc<Site>,
    visitor: &Visitor,
    upload: &Upload,
    report: &Report,
) -> Result<Desk, Refused> {
    let (viewer, code) = (visitor.viewer.clone(), report.import.clone());
    let place = site.ask(move |app| found(app, &viewer, &code)).await;
    let place = place.map_err(|e| visitor.refuse(e))?;
    let mut page = page(visitor, upload.kind, "taken in");
    page.notice = Some(Notice {
        tone: Tone::Success,
        text: format!(
            "{} taken in.",
            records(report.counts.new + report.counts.changed)
        ),
    });
    let rows = [
        ("File", &report.file.name),
        ("SHA-256", &report.file.sha256),
        ("Plan", &report.plan),
    ];
    let mut section = Section::new("receipt", "Receipt");
    section.facts = words::counts(report);
    let table = Table::new(
        "file",
        "What was agreed to",
        ["What", "Value"].map(Column::text).into(),
    )
    .rows(
        rows.iter()
            .map(|(n, v)| vec![Cell::text(n), Cell::code(v)])
            .collect(),
    )
    .quiet();
    let list = format!("/records/{}", upload.kind.code);
    section.links = vec![Link::new(format!("{} records", upload.kind.name), list)];
    if let Some((id, entry)) = place {
        section.links.push(Link::new(
            format!("The import {}", report.import),
            format!("/records/import/{id}"),
        ));
        if entry > 0 {
            section.links.push(Link::new(
                format!("Journal entry {entry}"),
                format!("/journal/{entry}"),
            ));
        }
    }
    section
        .links
        .push(Link::new("Another file", start(upload.kind)));
    Ok(Desk {
        page,
        sections: vec![section.table(table)],
    })
}

/// Takes in exactly the plan that was shown.
pub(crate) async fn take(
    State(site): State<Arc<Site>>,
    at: At,
    form: Pairs,
) -> Result<Response, Refused> {
    let visitor = form.visitor;
    let upload = upload(&site, &visitor, &at).await?;
    let consent = Consent {
        plan: Some(sent(&form.pairs, "plan").to_owned()),
        leave_out_bad: sent(&form.pairs, "leave_out") == "yes",
    };
    if site.app.upload_begin_take(&upload) {
        let (app, viewer, on) = (
            Arc::clone(&site.app),
            visitor.viewer.clone(),
            Arc::clone(&upload),
        );
        tokio::task::spawn_blocking(move || app.upload_take(&viewer, &on, &consent, limits()));
    }
    Ok(Redirect::to(&format!("{}/plan", here(&upload))).into_response())
}

/// The rows that cannot be taken, with line and reason, to be corrected and given again.
pub(crate) async fn refused(
    State(site): State<Arc<Site>>,
    at: At,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let upload = upload(&site, &visitor, &at).await?;
    let on = Arc::clone(&upload);
    let rows = site
        .work(move |_| {
            let rows = on
                .refused_rows()
                .map_err(|e| AppError::Internal(e.to_string()))?;
            rows.ok_or(AppError::NotFound("file of refused rows"))
        })
        .await;
    let rows = rows.map_err(|e| visitor.refuse(e))?;
    let headers = [
        (
            header::CONTENT_TYPE,
            "text/csv; charset=utf-8; header=present".to_owned(),
        ),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{}-refused.csv\"", upload.kind.code),
        ),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, rows).into_response())
}

pub(crate) async fn forget(
    State(site): State<Arc<Site>>,
    at: At,
    form: Pairs,
) -> Result<Response, Refused> {
    let visitor = form.visitor;
    let upload = upload(&site, &visitor, &at).await?;
    site.app.upload_forget(&upload);
    Ok(Redirect::to(&start(upload.kind)).into_response())
}
