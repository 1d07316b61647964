//! `/training/{dataset}/{row}`: one printed row, and its proof as a file.

use super::{dataset_citation, datasets::block_row, finding_row, visibility};
use crate::{
    answer::{self, Refused},
    site::Site,
    view::{Link, Nav, Proof, activity as view},
    visitor::Visitor,
};
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use symbolon_app::{Activity, CellReading};
use symbolon_domain::training::FindingCode;

const LABELS: [(&str, &str); 13] = [
    ("report_fiscal_years", "Report"),
    ("source_group", "Source group"),
    ("country", "Country"),
    ("program", "Programme"),
    ("course_title", "Course"),
    ("us_unit", "US unit"),
    ("student_unit", "Unit trained"),
    ("start_date", "First day"),
    ("end_date", "Last day"),
    ("location", "Place"),
    ("quantity", "Trainees"),
    ("total_cost", "Total cost"),
    ("page_number", "Page"),
];

pub(crate) async fn show(
    State(site): State<Arc<Site>>,
    Path((dataset, row)): Path<(String, String)>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let Ok(row) = row.parse::<u32>() else {
        return Err(Refused::not_found(visitor));
    };
    let viewer = visitor.viewer.clone();
    let activity = site
        .ask(move |app| app.activity(&viewer, &dataset, row))
        .await
        .map_err(|e| visitor.refuse(e))?;
    let a = &activity;
    let mut page = visitor.page(
        &format!(
            "Row {} of {}",
            crate::view::format::count(i64::from(row)),
            a.dataset_title
        ),
        Nav::Training,
    );
    page.lead = lead(a);
    page.crumbs = vec![
        Link::new("Training", "/training"),
        Link::new(
            a.dataset_title.clone(),
            format!("/datasets/{}", a.line.dataset),
        ),
    ];
    page.json = format!("/api/v1/training/{}/{row}", a.line.dataset);
    page.marking.clone_from(&a.marking);
    page.visibility = Some(visibility(&a.because, &symbolon_app::readers("dataset")));
    let address = |row: Option<u32>| {
        row.map(|r| format!("/training/{}/{r}", a.line.dataset))
            .unwrap_or_default()
    };
    let context = view::Activity {
        page,
        dataset: Link::new(
            a.dataset_title.clone(),
            format!("/datasets/{}", a.line.dataset),
        ),
        row: row.into(),
        line: a.file_line,
        kind: kind(a).to_owned(),
        cells: a.cells.iter().map(pair).collect(),
        source: dataset_citation(&a.line.dataset, &a.dataset_title),
        source_page: a.page.clone(),
        findings: a.findings.iter().map(finding_row).collect(),
        block: a.block.as_ref().map(block_row),
        proof: proof(a, row),
        previous_href: address(a.before),
        next_href: address(a.after),
    };
    answer::page(&visitor, &context)
}

fn lead(a: &Activity) -> String {
    let l = &a.line;
    let year = l
        .fiscal_year
        .map(|y| format!(", FY{y}"))
        .unwrap_or_default();
    format!(
        "{}{year}: {}",
        if l.country.is_empty() {
            "Country not read"
        } else {
            &l.country
        },
        l.course
    )
}

fn kind(a: &Activity) -> &'static str {
    match (a.line.kind, a.line.planned) {
        ("training", false) => "Training reported as done; counted.",
        ("training", true) => {
            "Training planned for the year in progress; kept apart from training done."
        }
        ("program_total" | "country_total", _) => "A printed total; a control, never counted.",
        _ => "A page head or foot; never counted.",
    }
}

fn pair(cell: &CellReading) -> view::CellPair {
    let repaired = !cell.reason.is_empty();
    let title = FindingCode::from_code(&cell.finding).map_or("", FindingCode::title);
    view::CellPair {
        column: cell.column.to_owned(),
        label: LABELS
            .iter()
            .find(|l| l.0 == cell.column)
            .map_or(cell.column, |l| l.1)
            .to_owned(),
        printed: cell.printed.clone(),
        read: if cell.read.is_empty() && !repaired {
            cell.printed.clone()
        } else {
            cell.read.clone()
        },
        repaired,
        reason: cell.reason.clone(),
        confidence: cell.confidence.clone(),
        finding: Link::new(
            title,
            if title.is_empty() {
                String::new()
            } else {
                format!("/findings/{}", cell.finding)
            },
        ),
    }
}

fn proof(a: &Activity, row: u32) -> Proof {
    Proof {
        entry: a.entry.unwrap_or(-1),
        entry_href: a.entry.map(|e| format!("/journal/{e}")).unwrap_or_default(),
        hash: a.row_hash.clone(),
        root: a.root.clone(),
        root_of: format!("the rows of {}", a.dataset_title),
        download_href: format!("/training/{}/{row}/proof.json", a.line.dataset),
        checked: String::new(),
        agrees: false,
    }
}

/// The proof as a file.
pub(crate) async fn proof_file(
    State(site): State<Arc<Site>>,
    Path((dataset, row)): Path<(String, String)>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let Ok(row) = row.parse::<u32>() else {
        return Err(Refused::not_found(visitor));
    };
    let viewer = visitor.viewer.clone();
    let name = format!("{dataset}-{row}");
    let proof = site
        .work(move |app| app.proof(&viewer, &dataset, row))
        .await
        .map_err(|e| visitor.refuse(e))?;
    let headers = [(
        header::CONTENT_DISPOSITION,
        format!("attachment; filename=\"proof-{name}.json\""),
    )];
    Ok((headers, answer::json(&visitor, &proof)?).into_response())
}
