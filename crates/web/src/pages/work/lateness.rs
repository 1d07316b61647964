//! `/lateness`: planned and actual, by what it is late for, and since when.

use crate::{
    answer::{self, Refused},
    chart::{self, Plot, Series},
    site::Site,
    view::{
        Cell, Column, Link, Nav, Table, Tag,
        desk::{Desk, Section},
    },
    visitor::Visitor,
};
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use symbolon_app::{AppError, Bar, Dated, Lateness, LatenessAsk};
use symbolon_domain::kind::sentence;

/// Rows behind the bars that are shown.
const ROWS: usize = 200;

/// Bars that are drawn at most.
const BARS: usize = 24;

/// Ways to group.
const BY: [(&str, &str); 6] = [
    ("authority", "Authority"),
    ("agency", "Agency"),
    ("partner", "Partner"),
    ("commodity", "Commodity"),
    ("cause", "Cause"),
    ("kind", "Kind of record"),
];

pub(crate) async fn lateness(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    if visitor.viewer.account().is_none() {
        return Err(visitor.refuse(AppError::SignIn("sign in to see how late deliveries are")));
    }
    let by = BY
        .iter()
        .find(|(code, _)| *code == visitor.query.get("by"))
        .unwrap_or(&BY[0]);
    let ask = LatenessAsk {
        by: by.0.to_owned(),
        group: visitor.query.get("group").to_owned(),
        quarter: visitor.query.get("quarter").to_owned(),
        most: ROWS,
    };
    let asked = ask.clone();
    let viewer = visitor.viewer.clone();
    let (found, marking) = site
        .ask(move |app| {
            let found = app.lateness(&viewer, &asked, viewer.today)?;
            let marking = app.marking_over(&found.labels)?;
            Ok((found, marking))
        })
        .await
        .map_err(|e| visitor.refuse(e))?;
    let mut page = visitor.page("Lateness", Nav::Work);
    page.mark(marking);
    let late: u64 = found.bars.iter().map(|b| b.late).sum();
    page.lead = format!(
        "{late} of {} planned days that have come were missed, or are missed still.",
        found.due
    );
    answer::page(
        &visitor,
        &Desk {
            sections: sections(&visitor, &found, by, &ask),
            page,
        },
    )
}

/// What the list behind the bars is of, in words.
fn words(ask: &LatenessAsk) -> String {
    let both = [&ask.group, &ask.quarter].into_iter();
    let said: Vec<&str> = both.map(String::as_str).filter(|w| !w.is_empty()).collect();
    match said.as_slice() {
        [] => "all bars".to_owned(),
        some => some.join(", "),
    }
}

fn sections(
    visitor: &Visitor,
    found: &Lateness,
    by: &(&str, &str),
    ask: &LatenessAsk,
) -> Vec<Section> {
    let mut ways = Section::new("by", "Group by");
    ways.links = BY
        .iter()
        .map(|(code, name)| Link::new(*name, visitor.query.with("by", code)))
        .collect();
    let title = format!("Behind {}: {}", words(ask), found.behind_total);
    let mut list = Section::new("list", &title).table(rows(&found.behind));
    if found.behind_total > ROWS as u64 {
        list = list.says(&format!("The {ROWS} latest are shown."));
    }
    if !(ask.group.is_empty() && ask.quarter.is_empty()) {
        list.links = vec![Link::new("All of them", format!("/lateness?by={}", by.0))];
    }
    let grouped = bars("bars-t", by.1, &found.bars, |g| {
        visitor.query.with("group", g)
    });
    let quarters = bars("trend-t", "Quarter", &found.trend, |q| {
        visitor.query.with("quarter", q)
    });
    let trend = Section::new("trend", "By the quarter in which it was due");
    let by_group = Section::new("bars", &format!("By {}", by.1.to_lowercase()));
    vec![
        ways,
        pictured(by_group, by.1, &found.bars).table(grouped),
        pictured(trend, "Quarter", &found.trend).table(quarters),
        list,
    ]
}

/// A section with the picture of its bars: late and in time, one on the other. No more bars than can be read.
fn pictured(mut section: Section, across: &str, all: &[Bar]) -> Section {
    let skipped = if across == "Quarter" {
        all.len().saturating_sub(BARS)
    } else {
        0
    };
    let drawn: Vec<&Bar> = all.iter().skip(skipped).take(BARS).collect();
    if drawn.len() < all.len() {
        let which = if skipped > 0 { "last" } else { "first" };
        section = section.says(&format!(
            "The picture shows the {which} {BARS} bars; the table has all."
        ));
    }
    #[expect(clippy::cast_precision_loss, reason = "a count of records, drawn")]
    let values = |of: fn(&Bar) -> u64| drawn.iter().map(|b| Some(of(b) as f64)).collect();
    let plot = Plot {
        id: format!("{}-p", section.id),
        title: section.title.clone(),
        unit: "planned days".to_owned(),
        across: across.to_owned(),
        labels: drawn.iter().map(|b| b.group.clone()).collect(),
        series: vec![
            Series {
                name: "Late".to_owned(),
                values: values(|b| b.late),
            },
            Series {
                name: "In time".to_owned(),
                values: values(|b| b.due - b.late),
            },
        ],
        ..Plot::default()
    };
    section.picture = (!plot.is_empty()).then(|| chart::bars(&plot));
    section
}

fn bars(id: &str, label: &str, all: &[Bar], href: impl Fn(&str) -> String) -> Table {
    let columns = vec![
        Column::text(label),
        Column::number("Due", ""),
        Column::number("Late", ""),
        Column::number("Late", "%"),
        Column::number("Still open", ""),
        Column::number("Median late", "days"),
    ];
    let count = |n: u64| Cell::count(i64::try_from(n).ok());
    let row = |b: &Bar| {
        let share = b.late * 100 / b.due.max(1);
        vec![
            Cell::known(&b.group).to(&href(&b.group)),
            count(b.due),
            count(b.late),
            count(share),
            count(b.open),
            Cell::count(Some(b.median)),
        ]
    };
    Table::new(id, label, columns)
        .rows(all.iter().map(row).collect())
        .or("Nothing was planned up to today that you may see.")
        .quiet()
}

fn rows(all: &[Dated]) -> Table {
    let columns = vec![
        Column::text("Record"),
        Column::text("What"),
        Column::tight("Planned"),
        Column::tight("Actual"),
        Column::number("Late", "days"),
        Column::tight("Partner"),
        Column::text("Cause"),
    ];
    let row = |d: &Dated| {
        let actual = d.actual.map(|a| Cell::text(&a.to_string()));
        vec![
            Cell::link(&d.title, &format!("/records/{}/{}", d.kind, d.id)).under(&sentence(d.kind)),
            Cell::words(&d.what),
            Cell::text(&d.planned.to_string()),
            actual.unwrap_or_else(|| Cell::tag(Tag::new("not yet", "plain"))),
            Cell::count(Some(d.late)),
            Cell::text(&d.partner),
            Cell::words(&d.cause),
        ]
    };
    Table::new("list-t", "Late, longest first", columns)
        .rows(all.iter().map(row).collect())
        .or("Nothing is late.")
        .quiet()
}
