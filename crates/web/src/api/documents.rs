//! Documents over the API: the figures of the page and the files, typed.

use super::{Endpoint, endpoint, v1::told};
use crate::{answer::Refused, pages::records, site::Site, visitor::Visitor};
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use symbolon_app::{
    AppError,
    documents::{Document, Part, Worth},
};

/// Which year.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Ask {
    /// The fiscal year, of a document that is of one; left out: that of today.
    year: Option<i64>,
}

/// A document of a record, as the viewer may see it.
#[derive(Serialize, JsonSchema)]
struct DocumentAnswer {
    /// Which document it is.
    document: &'static str,
    /// What it is called, with its year.
    heading: String,
    /// Code of the record.
    code: String,
    /// Version of the record.
    version: i64,
    /// Hash of the record's row, as its journal entry holds it.
    hash: String,
    /// State of the record, in words.
    state: String,
    /// Marking of all it holds.
    marking: String,
    /// Day it was made.
    made: String,
    /// The fiscal year it is of; none: all years.
    year: Option<i64>,
    /// Its parts.
    parts: Vec<PartAnswer>,
}

/// A part: facts in two columns, or a table with heads.
#[derive(Serialize, JsonSchema)]
struct PartAnswer {
    /// Heading.
    title: String,
    /// Names of the columns.
    heads: Vec<String>,
    /// Rows: `null` where nothing is recorded, whole numbers, amounts and anything else as text.
    rows: Vec<Vec<serde_json::Value>>,
    /// Whether the last row adds up.
    summed: bool,
}

impl From<&Part> for PartAnswer {
    fn from(part: &Part) -> Self {
        let value = |w: &Worth| match w {
            Worth::Blank => serde_json::Value::Null,
            Worth::Count(n) => (*n).into(),
            other => other.shown().into(),
        };
        Self {
            title: part.title.clone(),
            heads: part.heads.iter().map(|(h, _)| h.clone()).collect(),
            rows: part
                .rows
                .iter()
                .map(|row| row.iter().map(value).collect())
                .collect(),
            summed: part.summed,
        }
    }
}

impl From<Document> for DocumentAnswer {
    fn from(d: Document) -> Self {
        Self {
            document: &d.kind.code,
            heading: d.heading(),
            parts: d.parts.iter().map(PartAnswer::from).collect(),
            code: d.code,
            version: d.version,
            hash: d.hash,
            state: d.state,
            marking: d.marking,
            made: d.made.to_string(),
            year: d.year,
        }
    }
}

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![endpoint::<Ask, DocumentAnswer>(
        "/api/v1/documents/{kind}/{id}/{document}",
        "A document of a record: its parts with their figures",
        get(document),
    )]
}

async fn document(
    State(site): State<Arc<Site>>,
    Path((kind, id, code)): Path<(String, String, String)>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let def = records::kind_of(&visitor, &kind)?;
    let ask: Ask = visitor.question(&[])?;
    told(site, visitor, move |app, viewer| {
        app.may_take(viewer, def.code)?;
        let made = app.document_of(viewer, (def.code, &id), &code, ask.year)?;
        let answer = DocumentAnswer::from(made.clone());
        let bytes = serde_json::to_vec(&answer).map_err(|e| AppError::Internal(e.to_string()))?;
        let object = format!("{}/{id}", def.code);
        app.document_left(viewer, (&made, &object), "json", &bytes)?;
        Ok(answer)
    })
    .await
}
