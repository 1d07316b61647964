//! `/vetting/requests/{id}`: one request. Statuses for everybody who may see it; the names lead to the bench where
//! the file is open, and who may open it states a purpose first.

use super::{frame, id, words};
use crate::{
    answer,
    answer::Refused,
    pages::sign_in::no_store,
    site::Site,
    view::{
        Cell, Column, Fact, Table, Tag,
        desk::{Field, Form, Section},
        vetting::Vetting,
    },
    visitor::Visitor,
};
use axum::extract::{Path, State};
use axum::response::Response;
use std::sync::Arc;
use symbolon_access::{Action, Policy};
use symbolon_app::{
    App, AppError,
    vetting::{Named, OPEN, QueueLine, answers_hits, confirms},
};
use symbolon_domain::{kinds::VettingCandidate, record::RecordId};

pub(crate) async fn show(
    State(site): State<Arc<Site>>,
    Path(request): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let request = id(&visitor, &request)?;
    let context = context(&site, &visitor, request).await?;
    Ok(no_store(answer::html(&context)))
}

/// The page; the file is looked at again where the session has it open.
pub(super) async fn context(
    site: &Arc<Site>,
    visitor: &Visitor,
    request: RecordId,
) -> Result<Vetting, Refused> {
    let asker = visitor.clone();
    let made = site
        .work(move |app| {
            let viewer = &asker.viewer;
            let line = app.vetting_request(viewer, request)?;
            let file = app.file_at_work(viewer, request)?;
            let candidates = app.candidates_of(viewer, request)?;
            filled(app, &asker, &line, &candidates, file.is_some())
        })
        .await;
    made.map_err(|e| visitor.refuse(e))
}

fn filled(
    app: &App,
    visitor: &Visitor,
    line: &QueueLine,
    candidates: &[Named],
    open: bool,
) -> Result<Vetting, AppError> {
    let mut context = frame(visitor, &line.asked.title);
    let records = candidates.iter().map(|n| &n.candidate);
    super::mark(app, &mut context.page, records.chain([&line.request]))?;
    context.page.lead = line.asked.purpose.clone();
    context.sections = vec![
        about(line),
        Section::new("candidates", "Candidates").table(table(line, candidates, open)),
    ];
    let viewer = &visitor.viewer;
    let request = line.request.envelope.id;
    if open {
        let form = Form::new(
            &format!("/vetting/requests/{request}/close"),
            "Put the file away",
        );
        context.sections.push(Section::new("file", "The vetting file is open").says("Open a candidate to see what stands in it. Every look is in the journal, with the purpose you stated.").form(form));
        if answers_hits(viewer) && OPEN.contains(&line.request.envelope.state.as_str()) {
            context.sections.push(nomination(request));
        }
    } else if opens(visitor, line) {
        let form = Form::new(
            &format!("/vetting/requests/{request}/open"),
            "Open the file",
        )
        .field(
            Field::text("purpose", "Purpose")
                .hint("What you read it for. It stands in the journal with every look."),
        );
        context.sections.push(Section::new("file", "The vetting file is closed").says("What was consulted, found and decided is shown to who is assigned, for a stated purpose.").form(form));
    }
    Ok(context)
}

/// Whether the visitor is one who may open this file: who is assigned, and who confirms.
fn opens(visitor: &Visitor, line: &QueueLine) -> bool {
    let viewer = &visitor.viewer;
    let reads = Policy::shipped().grants(viewer, Action::Read, "incident");
    let assigned = line.asked.assigned_to.is_some() && line.asked.assigned_to == viewer.account();
    reads && (assigned || confirms(viewer))
}

fn about(line: &QueueLine) -> Section {
    let day = |d: Option<jiff::civil::Date>| d.map(|d| d.to_string()).unwrap_or_default();
    let lead = line.lead.map(|n| format!("{n} working days"));
    let state = words(&line.request.envelope.state);
    let mut section = Section::new("about", "The request").facts(vec![
        Fact {
            href: format!("/records/vetting_request/{}", line.request.envelope.id),
            ..Fact::new("Code", &line.request.envelope.code)
        },
        Fact::words("State", &state),
        Fact::words("Law", law(line.asked.law)),
        Fact::new("Authority", &line.asked.authority),
        Fact::new("Post", &line.asked.post),
        Fact::new("Needed by", &line.asked.needed_by.to_string()),
        Fact::words("Lead time of the post", &lead.unwrap_or_default()),
        Fact::new("Ask the post by", &day(line.ask_by)),
        Fact::words("Made on", &format!("{}, {} days ago", line.made, line.age)),
        Fact::new("Works on it", &line.analyst),
    ]);
    if line.overdue {
        section = section.says("The day the answer was needed has passed.");
    }
    section
}

/// The law in words.
pub(super) fn law(law: symbolon_domain::kinds::VettingLaw) -> &'static str {
    match law {
        symbolon_domain::kinds::VettingLaw::State => "22 U.S.C. 2378d (State)",
        symbolon_domain::kinds::VettingLaw::Defense => "10 U.S.C. 362 (Defense)",
    }
}

fn table(line: &QueueLine, candidates: &[Named], open: bool) -> Table {
    let columns = vec![
        Column::text("Candidate"),
        Column::tight("Status"),
        Column::tight("Cleared from"),
        Column::tight("Cleared until"),
    ];
    let row = |n: &Named| {
        let e = &n.candidate.envelope;
        let read: Option<VettingCandidate> = serde_json::from_value(n.candidate.body.clone()).ok();
        let (from, until) = read.map_or((None, None), |c| (c.cleared_from, c.cleared_until));
        let day = |d: Option<jiff::civil::Date>| {
            Cell::text(&d.map(|d| d.to_string()).unwrap_or_default())
        };
        let title = n.title();
        let name = match open {
            true => Cell::link(
                &title,
                &format!("/vetting/requests/{}/{}", line.request.envelope.id, e.id),
            ),
            false => Cell::text(&title),
        };
        vec![
            name.under(&e.code),
            Cell::tag(status(&e.state)),
            day(from),
            day(until),
        ]
    };
    Table::new("candidates-t", "Candidates", columns)
        .rows(candidates.iter().map(row).collect())
        .or("No candidate is named yet that you may see.")
        .quiet()
}

/// A candidate's status as a word with a shape.
pub(crate) fn status(state: &str) -> Tag {
    let class = match state {
        "cleared" => "good",
        "rejected" => "bad",
        "suspended" | "reopened" | "expired" => "doubt",
        _ => "plain",
    };
    Tag::new(&words(state), class)
}

fn nomination(request: RecordId) -> Section {
    let form = Form::new(
        &format!("/vetting/requests/{request}/nominate"),
        "Name the candidate",
    )
    .field(Field::text("unit", "Unit").hint("Code or id of its record, if there is one"))
    .field(Field::text("person", "Person").hint("Code or id of the record, if there is one"))
    .field(Field::text("as_named", "Name as it came").hint("Where there is no record yet"))
    .field(
        Field::text("partner", "Country")
            .hint("Three letters, as SEN; that of the request if nothing is written"),
    );
    Section::new("nominate", "Name a candidate")
        .says("The name is compared with every list that is loaded at once. A like name means that somebody has to look; it decides nothing.")
        .form(form)
}
