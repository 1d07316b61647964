//! `/vetting`: requests with state, age, lead time and who works on them.

use super::{frame, words};
use crate::{
    answer::{self, Refused},
    site::Site,
    view::{Cell, Choice, Column, Filters, Paging, Query, Table, Tag, desk::Section},
    visitor::Visitor,
};
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use symbolon_app::vetting::{OPEN, QUEUE_PAGE, Queue, QueueAsk, QueueLine};

pub(crate) async fn queue(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let ask: QueueAsk = visitor.question(&[])?;
    let (viewer, asked) = (visitor.viewer.clone(), ask.clone());
    let found: Result<(Queue, _), _> = site
        .ask(move |app| {
            let queue = app.vetting_queue(&viewer, &asked)?;
            let labels = queue.lines.iter().map(|l| &l.request.envelope.label);
            let marking = app.marking_over(labels)?;
            Ok((queue, marking))
        })
        .await;
    let (queue, marking) = found.map_err(|e| visitor.refuse(e))?;
    let mut context = frame(&visitor, "Vetting");
    context.page.mark(marking);
    context.page.lead =
        "Requests by the day the answer is needed. What stands in a vetting file is not shown here."
            .to_owned();
    context.filters = Some(filters(&visitor.query));
    context.sections = vec![Section::new("queue", "Requests").table(table(&queue))];
    let page = i64::from(ask.page.unwrap_or(1));
    context.paging =
        Some(Paging::new(&visitor.query, page, QUEUE_PAGE, queue.total).named("requests"));
    answer::page(&visitor, &context)
}

fn filters(query: &Query) -> Filters {
    let all = OPEN.into_iter().chain(["answered", "cancelled"]);
    let mut states = vec![Choice::new("all", "Every state")];
    states.extend(all.map(|s| Choice::new(s, &words(s))));
    let mine = [Choice::new("yes", "Assigned to me")];
    Filters::new("queue-f", "Filter requests", query)
        .select("state", "State (open ones if nothing is chosen)", states)
        .select("mine", "Whose", mine.to_vec())
}

fn table(queue: &Queue) -> Table {
    let columns = vec![
        Column::text("Request"),
        Column::tight("State"),
        Column::tight("Needed by"),
        Column::number("Age", "days"),
        Column::number("Lead time", "working days"),
        Column::tight("Ask the post by"),
        Column::text("Post"),
        Column::text("Works on it"),
        Column::text("Candidates"),
    ];
    Table::new("queue-t", "Requests for vetting", columns)
        .rows(queue.lines.iter().map(row).collect())
        .or("No request that you may see is in this state.")
        .quiet()
}

fn row(l: &QueueLine) -> Vec<Cell> {
    let needed = Cell::text(&l.asked.needed_by.to_string());
    let standing = l.standing.iter();
    let standing: Vec<String> = standing
        .map(|(state, n)| format!("{n} {}", state.replace('_', " ")))
        .collect();
    vec![
        Cell::link(
            &l.asked.title,
            &format!("/vetting/requests/{}", l.request.envelope.id),
        )
        .under(&l.request.envelope.code),
        Cell::tag(Tag::new(&words(&l.request.envelope.state), "plain")),
        match l.overdue {
            true => needed.tagged(Tag::new("overdue", "bad")),
            false => needed,
        },
        Cell::count(Some(l.age.into())),
        Cell::count(l.lead.map(i64::from)),
        Cell::text(&l.ask_by.map(|d| d.to_string()).unwrap_or_default()),
        Cell::text(&l.asked.post),
        match l.analyst.is_empty() {
            true => Cell::words("nobody yet"),
            false => Cell::text(&l.analyst),
        },
        Cell::text(&standing.join(", ")),
    ]
}
