//! `/datasets` and `/datasets/{code}`.

use super::{dollars, finding_choices, finding_row, moment, visibility, year_choices};
use crate::{
    answer::{self, Refused},
    site::Site,
    view::{
        self as v, BlockRow, Choice, Citation, Fact, Link, Nav, Paging, Proof, Query,
        dataset as view, format,
    },
    visitor::Visitor,
};
use axum::extract::{Path, State};
use axum::response::Response;
use std::sync::Arc;
use symbolon_app::{BlockLine, Dataset, FindingAsk, OverlayLine};
use symbolon_domain::training::FindingCode;

const PER_PAGE: u32 = 25;

pub(crate) async fn list(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let viewer = visitor.viewer.clone();
    let datasets = site
        .ask(move |app| app.datasets(&viewer))
        .await
        .map_err(|e| visitor.refuse(e))?;
    let mut page = visitor.page("Data sets", Nav::Datasets);
    page.lead =
        "Every bulk import: its source, licence and hash, how it reconciles, and what is doubted."
            .to_owned();
    page.json = "/api/v1/datasets".to_owned();
    let row = |d: &Dataset| view::DatasetRow {
        title: Link::new(d.dataset.title.clone(), format!("/datasets/{}", d.code)),
        code: d.code.clone(),
        content: d.dataset.content.clone(),
        years: d.dataset.years.clone(),
        rows: d.dataset.rows,
        licence: licence(d),
        findings: (d.dataset.content == "training").then(|| d.findings.values().sum()),
        counted: d.dataset.counted,
        released: d.marking.contains("publicly released"),
    };
    let context = view::Datasets {
        page,
        rows: datasets.iter().map(row).collect(),
        empty: "No data set is loaded that you may see. `symbolon import` loads one.".to_owned(),
    };
    answer::page(&visitor, &context)
}

fn licence(d: &Dataset) -> String {
    serde_json::to_value(d.dataset.licence_class)
        .ok()
        .and_then(|v| v.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// The questions of the three lists on the page, each with its own part of the address.
fn asks(query: &Query) -> [FindingAsk; 3] {
    let text = |name: &str| Some(query.get(name).to_owned()).filter(|s| !s.is_empty());
    let page = |name: &str| query.get(name).parse().ok();
    let base = FindingAsk {
        limit: Some(PER_PAGE),
        ..FindingAsk::default()
    };
    [
        FindingAsk {
            report: text("block_year"),
            country: text("block_country"),
            state: text("block_state"),
            block: query.get("block").parse().ok(),
            page: page("block_page"),
            ..base.clone()
        },
        FindingAsk {
            code: text("code"),
            severity: text("severity"),
            country: text("country"),
            year: query.get("year").parse().ok(),
            page: page("finding_page"),
            ..base.clone()
        },
        FindingAsk {
            code: text("overlay_code"),
            page: page("overlay_page"),
            ..base
        },
    ]
}

pub(crate) async fn show(
    State(site): State<Arc<Site>>,
    Path(code): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let (viewer, asks) = (visitor.viewer.clone(), asks(&visitor.query));
    let (d, blocks, findings, overlays, snapshot) = site
        .ask(move |app| {
            let [block, finding, overlay] = &asks;
            Ok((
                app.dataset(&viewer, &code)?,
                app.blocks(&viewer, &code, block)?,
                app.findings(&viewer, &code, finding)?,
                app.overlays(&viewer, &code, overlay)?,
                app.snapshot()?,
            ))
        })
        .await
        .map_err(|e| visitor.refuse(e))?;
    let query = &visitor.query;
    let mut page = visitor.page(&d.dataset.title, Nav::Datasets);
    page.named = true;
    page.crumbs = vec![Link::new("Data sets", "/datasets")];
    page.json = format!("/api/v1/datasets/{}", d.code);
    page.marking.clone_from(&d.marking);
    page.visibility = Some(visibility(&d.because, &symbolon_app::readers("dataset")));
    page.record = Some(v::RecordLine {
        code: d.code.clone(),
        changed_by: d.loaded_by.clone(),
        changed_at: d.loaded_at.map(moment).unwrap_or_default(),
        entry_href: d.entry.map(|e| format!("/journal/{e}")).unwrap_or_default(),
        sources: 1,
    });
    let countries = super::country_choices(&snapshot);
    let reports = d
        .years
        .iter()
        .map(|y| Choice::new(&y.report, &y.report.replace('_', "-")))
        .collect();
    let years: Vec<i16> = d
        .years
        .iter()
        .filter_map(|y| y.report.get(0..4)?.parse().ok())
        .collect();
    let paging = |total: u64, name: &str| {
        let at = query.get(name).parse().unwrap_or(1);
        Paging::new(
            query,
            at,
            PER_PAGE.into(),
            i64::try_from(total).unwrap_or(i64::MAX),
        )
        .named(name)
    };
    let context = view::Dataset {
        facts: facts(&d),
        limits: vec![d.dataset.limits.clone()],
        sources: d.source.iter().map(|s| source(&d, s)).collect(),
        years: d.years.iter().map(year_row).collect(),
        block_filters: view::block_filters(query, reports, countries.clone()),
        blocks: blocks.0.iter().map(block_row).collect(),
        block_paging: paging(blocks.1, "block_page"),
        codes: codes(&d),
        finding_filters: view::finding_filters(
            query,
            finding_choices(),
            year_choices(&years),
            countries,
        ),
        findings: findings.0.iter().map(finding_row).collect(),
        finding_paging: paging(findings.1, "finding_page"),
        overlays: overlays.0.iter().map(overlay_row).collect(),
        overlay_paging: paging(overlays.1, "overlay_page"),
        proof: proof(&d),
        page,
    };
    answer::page(&visitor, &context)
}

fn facts(d: &Dataset) -> Vec<Fact> {
    let s = &d.dataset;
    let mono = |label: &str, value: &str| Fact {
        mono: true,
        ..Fact::new(label, value)
    };
    let mut facts = vec![
        Fact::new("What the rows are", &s.content),
        Fact::new("Rows", &format::count(s.rows)),
        Fact::new("Years", &s.years),
        Fact::new("Licence class", &licence(d)),
        Fact::new(
            "File",
            &format!("{}, {} bytes", s.file_name, format::count(s.file_bytes)),
        ),
        mono("SHA-256 of the file", &s.file_sha256),
        Fact::new(
            "Counted in portfolio figures",
            if s.counted {
                "Yes"
            } else {
                "No: another data set covers the same years"
            },
        ),
    ];
    for (table, root) in &s.roots {
        let label = format!("Root over {} rows of {table}", format::count(root.rows));
        facts.push(mono(&label, &root.root));
    }
    for name in [
        "rows.training",
        "rows.planned",
        "rows.program_total",
        "rows.country_total",
        "rows.residue",
        "blocks",
        "overlays",
    ] {
        if let Some(n) = s.summary.get(name) {
            let words = name.replace("rows.", "rows: ").replace('_', " ");
            facts.push(Fact::new(&sentence(&words), &format::count(*n)));
        }
    }
    facts
}

fn source(d: &Dataset, s: &symbolon_domain::kinds::Source) -> Citation {
    Citation {
        document: s.title.clone(),
        locator: s.publisher.clone(),
        href: s.url.clone(),
        confidence: "high".to_owned(),
        field: String::new(),
        credit: format!("{}. {} ({})", s.licence, s.credit, licence(d)),
    }
}

fn year_row(y: &symbolon_app::YearReconciliation) -> view::YearRow {
    view::YearRow {
        year: y
            .report
            .get(0..4)
            .map(|y| format!("FY{y}"))
            .unwrap_or_default(),
        blocks: y.with_total,
        quantity_before: y.quantity_before,
        quantity_after: y.quantity_after,
        cost_before: y.cost_before,
        cost_after: y.cost_after,
        unexplained: 0,
    }
}

pub(crate) fn block_row(b: &BlockLine) -> BlockRow {
    BlockRow {
        block: Link::new(
            format!("{}", b.number),
            format!("/training/{}/{}", b.dataset, b.first_row),
        ),
        year: b
            .report
            .get(0..4)
            .map(|y| format!("FY{y}"))
            .unwrap_or_default(),
        country: b.country.clone(),
        program: b.program.clone(),
        rows: b.rows,
        quantity: [
            b.printed_quantity,
            Some(b.quantity_before),
            Some(b.quantity),
        ],
        cost: [
            dollars(b.printed_cost),
            dollars(Some(b.cost_before)),
            dollars(Some(b.cost)),
        ],
        quantity_agrees: b.quantity_agreed_before.zip(b.quantity_agrees),
        cost_agrees: b.cost_agreed_before.zip(b.cost_agrees),
    }
}

fn codes(d: &Dataset) -> Vec<view::CodeCount> {
    let row = |(code, count): (&String, &i64)| {
        let known = FindingCode::from_code(code);
        view::CodeCount {
            title: known.map_or("", FindingCode::title).to_owned(),
            severity: known.map_or("", |c| c.severity().name()).to_owned(),
            count: *count,
            href: format!("/datasets/{}?code={code}#findings", d.code),
            code: code.clone(),
        }
    };
    d.findings.iter().map(row).collect()
}

fn overlay_row(o: &OverlayLine) -> view::OverlayRow {
    view::OverlayRow {
        row: Link::new(
            format!("row {}", o.row),
            format!("/training/{}/{}", o.dataset, o.row),
        ),
        column: o.column.replace('_', " "),
        printed: o.printed.clone(),
        read: o.read.clone(),
        reason: o.reason.clone(),
        finding: Link::new(
            FindingCode::from_code(&o.code).map_or("", FindingCode::title),
            format!("/findings/{}", o.code),
        ),
        confidence: o.confidence.clone(),
    }
}

fn proof(d: &Dataset) -> Proof {
    Proof {
        entry: d.entry.unwrap_or(-1),
        entry_href: d.entry.map(|e| format!("/journal/{e}")).unwrap_or_default(),
        hash: d.dataset.file_sha256.clone(),
        root: d
            .dataset
            .roots
            .values()
            .max_by_key(|r| r.rows)
            .map(|r| r.root.clone())
            .unwrap_or_default(),
        root_of: format!("the largest table of {}", d.dataset.title),
        download_href: d
            .entry
            .map(|e| format!("/journal/{e}/proof.json"))
            .unwrap_or_default(),
        checked: String::new(),
        agrees: false,
    }
}

/// A capital at the front.
fn sentence(words: &str) -> String {
    let mut chars = words.chars();
    chars
        .next()
        .map(|c| c.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}
