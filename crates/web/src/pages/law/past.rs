//! `/law/replay` and `/law/notices`: what the law of the day said about the past, and what bills would.

use super::frame;
use crate::pages::dollars;
use crate::{
    answer::{self, Refused},
    site::Site,
    view::{Cell, Choice, Column, Filters, Paging, Query, Table, Tag, desk::Section},
    visitor::Visitor,
};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use symbolon_app::law::{NoticeLine, PastAnswer, PastAsk, PastLine, PastSum};
use symbolon_app::{App, AppError};
use symbolon_exchange::export::Sheet;

pub(crate) async fn replay(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let ask: PastAsk = visitor.question(&[])?;
    let (viewer, asked) = (visitor.viewer.clone(), ask.clone());
    let found = site.ask(move |app| app.past(&viewer, &asked)).await;
    let found = found.map_err(|e| visitor.refuse(e))?;
    let mut context = frame(&visitor, "Past training and the law of its day", "");
    context.page.json = visitor.query.at("/api/v1/law/replay");
    context.limits.clone_from(&found.limits);
    context.filters = Some(filters(&site.app, &visitor.query).map_err(|e| visitor.refuse(e))?);
    if found.working {
        let wait = Section::new("wait", "The rows are being put to the law")
            .says("This is done once for each state of the data and of the rulebook, and takes some seconds. Open the page again.");
        context.sections = vec![wait];
        return Ok(answer::html(&context));
    }
    if site.app.may_export(&visitor.viewer) {
        context.page.csv = visitor.query.at("/law/replay.csv");
    }
    context.page.lead = format!(
        "{} rows of training, each put to the rules in force on its day.",
        crate::view::format::count(found.rows)
    );
    context.sections = vec![sums(&visitor.query, &ask, &found.sums), lines(&found)];
    let page = i64::try_from(ask.page.unwrap_or(1)).unwrap_or(1);
    context.paging = Some(Paging::new(&visitor.query, page, 50, found.total));
    answer::page(&visitor, &context)
}

fn filters(app: &App, query: &Query) -> Result<Filters, AppError> {
    let rules = app.rules()?;
    let rules: Vec<Choice> = rules
        .iter()
        .map(|r| Choice::new(&r.rule, &r.asks))
        .collect();
    let by = [
        Choice::new("rule", "rule"),
        Choice::new("country", "country"),
        Choice::new("year", "fiscal year"),
    ];
    let said = [
        Choice::new("barred", "barred"),
        Choice::new("cannot-tell", "cannot tell"),
    ];
    Ok(Filters::new("past", "Filter what was said", query)
        .one_of("by", "Sums by", by)
        .select("rule", "Rule", rules)
        .text("country", "Country", "ISO code, such as MLI")
        .number("year", "Fiscal year", "")
        .select("said", "Said", said))
}

fn sums(query: &Query, ask: &PastAsk, sums: &[PastSum]) -> Section {
    let by = match ask.by.as_str() {
        "country" => "country",
        "year" => "year",
        _ => "rule",
    };
    let columns = vec![
        Column::text(&symbolon_domain::kind::sentence(by)),
        Column::number("Barred", "rows"),
        Column::number("Cost of these", "USD"),
        Column::number("Cannot tell", "rows"),
    ];
    let row = |s: &PastSum| {
        vec![
            Cell::link(&s.label, &query.with(by, &s.key)).under(if by == "year" {
                ""
            } else {
                &s.key
            }),
            Cell::count(Some(s.barred)),
            Cell::count(dollars(Some(s.barred_cents))),
            Cell::count(Some(s.cannot_tell)),
        ]
    };
    let table = Table::new("sums-t", "Sums", columns)
        .rows(sums.iter().map(row).collect())
        .or("Nothing was said about any row that you see and that fits.")
        .quiet();
    Section::new("sums", &format!("By {by}")).table(table)
}

fn lines(found: &PastAnswer) -> Section {
    let columns = vec![
        Column::tight("Row"),
        Column::text("Country"),
        Column::tight("Day"),
        Column::text("Training"),
        Column::number("Cost", "USD"),
        Column::text("Said"),
        Column::text("Rule and reason"),
    ];
    let row = |l: &PastLine| {
        let class = if l.said == "barred" { "bad" } else { "doubt" };
        let year = l
            .row
            .fiscal_year
            .map(|y| format!("FY{y}"))
            .unwrap_or_default();
        let day = if l.row.start.is_empty() {
            &year
        } else {
            &l.row.start
        };
        vec![
            Cell::link(
                &l.row.row.to_string(),
                &format!("/training/{}/{}", l.row.dataset, l.row.row),
            ),
            Cell::text(&l.row.country),
            Cell::text(day),
            Cell::text(&l.row.course).under(&l.row.account),
            Cell::count(dollars(l.row.cost_cents)),
            Cell::tag(Tag::new(l.said, class)),
            Cell::words(&l.asks)
                .to(&format!("/law/{}", l.rule))
                .under(&l.why),
        ]
    };
    let table = Table::new("lines-t", "Rows", columns)
        .rows(found.lines.iter().map(row).collect())
        .or("No row fits.")
        .quiet();
    Section::new("lines", "Rows, each with its reason").table(table)
}

/// Every line that fits, as CSV.
pub(crate) async fn export(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let ask: PastAsk = visitor.question(&["page"])?;
    let (viewer, asked) = (visitor.viewer.clone(), ask.clone());
    // Whether it can be given at all is said before the first byte.
    let ready = site.ask(move |app| {
        app.takes_rows(&viewer)?;
        Ok(app.past(&viewer, &asked)?.working)
    });
    if ready.await.map_err(|e| visitor.refuse(e))? {
        let busy = "the rows are being put to the law; ask again in some seconds".to_owned();
        return Err(visitor.refuse(AppError::Conflict(busy)));
    }
    let (app, address) = (Arc::clone(&site.app), visitor.address.clone());
    let body = answer::written(move |out| {
        let still = || visitor.again(&app);
        app.export_past(&still, &ask, &address, |heads, _| Sheet::csv(out, heads))
            .map(|_| ())
    });
    let head = [
        (
            header::CONTENT_TYPE,
            "text/csv; charset=utf-8; header=present",
        ),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"replay.csv\"",
        ),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    Ok((head, body).into_response())
}

/// Which notices each bill would have made needless.
pub(crate) async fn notices(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let viewer = visitor.viewer.clone();
    let found = site.work(move |app| app.law_notices(&viewer)).await;
    let found = found.map_err(|e| visitor.refuse(e))?;
    let mut context = frame(
        &visitor,
        "Notices under the law and under bills",
        "/api/v1/law/notices",
    );
    context.page.lead = format!(
        "{} notices of offers under section 36(b)(1).",
        found.lines.len()
    );
    context.limits = vec![
        "Only value and partner are known of a notice: whether an offer opened a sales territory, or one was split, is not.".to_owned(),
        "Reports of enhancements have a test of their own and are left out.".to_owned(),
        "A bill is laid over the law as if it had always been so; it is not law.".to_owned(),
    ];
    let sums = vec![
        Column::text("Law"),
        Column::number("Would not have needed notice", ""),
    ];
    let rows = found.laws.iter().zip(&found.without);
    let rows = rows.map(|(law, n)| vec![Cell::text(law), Cell::count(Some(*n))]);
    let table = Table::new("without-t", "By law", sums)
        .rows(rows.collect())
        .quiet();
    let mut columns = vec![
        Column::tight("Transmittal"),
        Column::text("Partner"),
        Column::tight("Day"),
        Column::number("Major equipment", "USD"),
        Column::number("Total", "USD"),
    ];
    columns.extend(found.laws.iter().map(|l| Column::text(l)));
    let row = |n: &NoticeLine| {
        let mut cells = vec![
            Cell::text(&n.transmittal),
            Cell::text(&n.partner),
            Cell::text(&n.day),
            Cell::count(n.mde_usd),
            Cell::count(n.total_usd),
        ];
        cells.extend(n.said.iter().map(|s| Cell::known(s)));
        cells
    };
    let every = Table::new("notices-t", "Notices", columns)
        .rows(found.lines.iter().map(row).collect())
        .or("No notice is loaded that you may see.")
        .quiet();
    context.sections = vec![
        Section::new("without", "By law").table(table),
        Section::new("notices", "Every notice").table(every),
    ];
    answer::page(&visitor, &context)
}
