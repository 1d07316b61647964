//! `/findings/{code}`: what a finding means, where it stands.

use super::finding_row;
use crate::{
    answer::{self, Refused},
    chart::{Plot, Series},
    site::Site,
    view::{Link, Nav, finding_code as view},
    visitor::Visitor,
};
use axum::extract::{Path, State};
use axum::response::Response;
use std::sync::Arc;
use symbolon_app::FindingAsk;
use symbolon_domain::training::FindingCode;

pub(crate) async fn show(
    State(site): State<Arc<Site>>,
    Path(code): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let Some(known) = FindingCode::from_code(&code) else {
        return Err(Refused::not_found(visitor));
    };
    let viewer = visitor.viewer.clone();
    let (examples, by_year) = site
        .ask(move |app| {
            let mut examples = vec![];
            for d in app
                .datasets_of(&viewer)?
                .iter()
                .filter(|d| d.dataset.content == "training")
            {
                let ask = FindingAsk {
                    code: Some(known.code().to_owned()),
                    limit: Some(10),
                    ..FindingAsk::default()
                };
                examples.extend(app.findings(&viewer, &d.code, &ask)?.0);
            }
            Ok((examples, app.findings_by_year(&viewer, known)?))
        })
        .await
        .map_err(|e| visitor.refuse(e))?;
    let mut page = visitor.page(known.title(), Nav::Datasets);
    page.crumbs = vec![Link::new("Data sets", "/datasets")];
    let context = view::FindingCode {
        code: known.code().to_owned(),
        severity: known.severity().name().to_owned(),
        explanation: known.explanation().to_owned(),
        by_year: plot(known, &by_year),
        examples: examples.iter().map(finding_row).collect(),
        all: Link::new(
            "Training rows with this finding",
            format!("/training?finding={}&kind=all", known.code()),
        ),
        others: FindingCode::ALL
            .iter()
            .filter(|c| **c != known)
            .map(|c| Link::new(c.title(), format!("/findings/{}", c.code())))
            .collect(),
        page,
    };
    answer::page(&visitor, &context)
}

fn plot(code: FindingCode, by_year: &std::collections::BTreeMap<i64, i64>) -> Plot {
    Plot {
        id: "by-year".to_owned(),
        title: format!("{} by fiscal year", code.title()),
        measure: "Findings".to_owned(),
        unit: "findings".to_owned(),
        across: "Fiscal year".to_owned(),
        labels: by_year.keys().map(ToString::to_string).collect(),
        series: vec![Series {
            name: code.title().to_owned(),
            values: by_year.values().map(|n| Some(*n as f64)).collect(),
        }],
        limits: "Findings about a whole block, or a row without a year, are not in this picture."
            .to_owned(),
        summary: String::new(),
    }
}
