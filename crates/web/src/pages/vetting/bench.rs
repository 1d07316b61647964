//! `/vetting/requests/{request}/{candidate}`: the bench. Who is asked about at the left, who it may be in the
//! middle, the sources at the right, the decision with its grounds below.

mod decision;
mod hits;
mod laws;
mod sides;

pub(crate) use hits::way;

use super::{frame, id};
use crate::{
    answer::{self, Refused},
    pages::sign_in::{no_store, onward},
    site::Site,
    view::{
        Link,
        vetting::{Side, Vetting},
    },
    visitor::Visitor,
};
use axum::extract::{Path, State};
use axum::response::Response;
use std::sync::Arc;
use symbolon_app::{
    App, AppError,
    vetting::{Bench, QueueLine, VettingFile, answers_hits, confirms},
};
use symbolon_domain::record::RecordId;

/// What a part of the bench is made from.
pub(super) struct Look<'a> {
    pub file: &'a VettingFile,
    pub line: &'a QueueLine,
    pub bench: &'a Bench,
    /// Whether the viewer answers and proposes.
    pub works: bool,
    /// Whether the viewer confirms what another proposed.
    pub confirms: bool,
}

impl Look<'_> {
    /// Where something is done about the candidate.
    fn to(&self, act: &str) -> String {
        let request = self.line.request.envelope.id;
        let candidate = self.bench.named.candidate.envelope.id;
        format!("/vetting/requests/{request}/{candidate}/{act}")
    }

    /// The name of an account.
    fn who(&self, id: &str) -> &str {
        self.bench.accounts.get(id).map_or("", String::as_str)
    }
}

pub(crate) async fn bench(
    State(site): State<Arc<Site>>,
    Path((request, candidate)): Path<(String, String)>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let (request, candidate) = (id(&visitor, &request)?, id(&visitor, &candidate)?);
    match context(&site, &visitor, request, candidate).await? {
        Some(context) => Ok(no_store(answer::html(&context))),
        // The file is closed: its request's page says how it is opened.
        None => Ok(onward(&format!("/vetting/requests/{request}"), &[])),
    }
}

/// The bench, where the session has the file open.
pub(super) async fn context(
    site: &Arc<Site>,
    visitor: &Visitor,
    request: RecordId,
    candidate: RecordId,
) -> Result<Option<Vetting>, Refused> {
    let asker = visitor.clone();
    let made = site
        .work(move |app| {
            let line = app.vetting_request(&asker.viewer, request)?;
            let Some(file) = app.file_at_work(&asker.viewer, request)? else {
                return Ok(None);
            };
            let bench = app.vetting_bench(&file, candidate)?;
            let look = Look {
                works: answers_hits(&file.viewer),
                confirms: confirms(&file.viewer),
                file: &file,
                line: &line,
                bench: &bench,
            };
            filled(app, &asker, &look).map(Some)
        })
        .await;
    made.map_err(|e| visitor.refuse(e))
}

fn filled(app: &App, visitor: &Visitor, look: &Look<'_>) -> Result<Vetting, AppError> {
    let bench = look.bench;
    let mut context = frame(visitor, &bench.named.title());
    let request = &look.line.request;
    let hits = bench.hits.iter().map(|h| &h.record);
    let incidents = bench.reached.iter().map(|r| &r.incident);
    let all = hits
        .chain(incidents)
        .chain(&bench.derogatory)
        .chain(&bench.checks)
        .chain(&bench.decisions)
        .chain([request, &bench.named.candidate])
        .chain(&bench.named.unit)
        .chain(&bench.named.person);
    super::mark(app, &mut context.page, all)?;
    context.page.crumbs.push(Link::new(
        &look.line.asked.title,
        format!("/vetting/requests/{}", request.envelope.id),
    ));
    context.page.lead = format!(
        "The vetting file is open for: {}. Every look is in the journal.",
        look.file.viewer.purpose.as_deref().unwrap_or_default()
    );
    context.columns = vec![
        Side::new(
            "asked",
            "What is asked",
            [sides::asked(look), laws::laws(look)].concat(),
        ),
        Side::new("may-be", "Who it may be", hits::may_be(look)),
        Side::new("sources", "Sources", sides::sources(look)),
    ];
    context.below = decision::below(look);
    Ok(context)
}
