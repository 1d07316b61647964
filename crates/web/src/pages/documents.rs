//! `/documents/{kind}/{id}/{document}`: a document of a record as a page; with `.pdf`, `.xlsx` or `.csv` at
//! its end, the same as a file. All four are made of one [`Document`].

use super::thread::{href, under};
use crate::{
    answer::{self, Refused},
    pages::{records, sign_in::no_store},
    site::Site,
    view::{
        Cell, Column, Fact, Filters, Link, Page, Query, Table,
        desk::{Desk, Section},
        format,
    },
    visitor::Visitor,
};
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use symbolon_app::{
    App, AppError,
    documents::{self, Document, Part, Worth},
};
use symbolon_exchange::export::Sheet;
use symbolon_report::{Paper, ReportError};

/// What stands where a part has no rows.
const NONE: &str = "Nothing is recorded that you may see.";

/// Links to the documents of a record.
pub(crate) fn links(kind: &str, id: impl std::fmt::Display) -> Vec<Link> {
    let of = documents::of_kind(kind);
    of.map(|d| Link::new(d.name.clone(), format!("/documents/{kind}/{id}/{}", d.code)))
        .collect()
}

pub(crate) async fn show(
    State(site): State<Arc<Site>>,
    Path((kind, id, file)): Path<(String, String, String)>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let def = records::kind_of(&visitor, &kind)?;
    let (code, form) = match file.split_once('.') {
        Some((code, form)) => (code.to_owned(), form.to_owned()),
        None => (file.clone(), String::new()),
    };
    if !["", "pdf", "xlsx", "csv"].contains(&form.as_str()) {
        return Err(Refused::not_found(visitor));
    }
    let year = visitor.query.get("year").trim().parse::<i64>().ok();
    let address = |form: &str| {
        visitor
            .query
            .at(&format!("/documents/{}/{id}/{code}{form}", def.code))
    };
    let addresses = Addresses {
        here: address(""),
        csv: address(".csv"),
        xlsx: address(".xlsx"),
        pdf: address(".pdf"),
        json: visitor
            .query
            .at(&format!("/api/v1/documents/{}/{id}/{code}", def.code)),
        record: href(def.code, &id),
    };
    let viewer = visitor.viewer.clone();
    let (asked, wanted, at) = (id.clone(), form.clone(), addresses.here.clone());
    let made = site
        .ask(move |app| {
            if !wanted.is_empty() {
                app.may_take(&viewer, def.code)?;
            }
            let document = app.document_of(&viewer, (def.code, &asked), &code, year)?;
            let bytes = match wanted.as_str() {
                "" => vec![],
                form => file_of(app, &document, form, &at)?,
            };
            if !wanted.is_empty() {
                let object = format!("{}/{asked}", def.code);
                app.document_left(&viewer, (&document, &object), &wanted, &bytes)?;
            }
            Ok((document, bytes))
        })
        .await;
    let (document, bytes) = made.map_err(|e| visitor.refuse(e))?;
    if form.is_empty() {
        let name = document.title.clone();
        let page = under(
            &visitor,
            &document.kind.name,
            def.code,
            def.name,
            &id,
            &name,
        );
        let mut desk = desk(page, &document, &addresses);
        if document.year.is_some() {
            desk.sections.insert(0, of_year(&visitor, &document));
        }
        return answer::page(&visitor, &desk);
    }
    sent(&document, &form, bytes).map_err(|e| visitor.refuse(e))
}

/// Where the document is, in each form, and its record.
struct Addresses {
    here: String,
    csv: String,
    xlsx: String,
    pdf: String,
    json: String,
    record: String,
}

/// The year it is of, to be changed.
fn of_year(visitor: &Visitor, document: &Document) -> Section {
    let year = document.year.map(|y| y.to_string()).unwrap_or_default();
    let query = Query::new(&visitor.query.path).and("year", &year);
    let mut section = Section::new("year-h", "Fiscal year");
    section.filters =
        Some(Filters::new("year", "Fiscal year", &query).number("year", "Fiscal year (US)", ""));
    section
}

/// The file, with its name and marking in the head of the answer.
fn sent(document: &Document, form: &str, bytes: Vec<u8>) -> Result<Response, AppError> {
    let media = match form {
        "pdf" => "application/pdf",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "text/csv; charset=utf-8; header=present",
    };
    let plain: String = document
        .code
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '-' {
                c
            } else {
                '_'
            }
        })
        .collect();
    let year = document.year.map_or(String::new(), |y| format!("-{y}"));
    let name = format!(
        "attachment; filename=\"{plain}-{}{year}.{form}\"",
        document.kind.code
    );
    let mut response = bytes.into_response();
    let heads = response.headers_mut();
    let value =
        |text: &str| HeaderValue::from_str(text).map_err(|e| AppError::Internal(e.to_string()));
    heads.insert(header::CONTENT_TYPE, value(media)?);
    heads.insert(header::CONTENT_DISPOSITION, value(&name)?);
    if let Ok(marking) = HeaderValue::from_str(&document.marking) {
        heads.insert("x-marking", marking);
    }
    Ok(no_store(response))
}

fn file_of(app: &App, document: &Document, form: &str, address: &str) -> Result<Vec<u8>, AppError> {
    let failed = |e: std::io::Error| AppError::Internal(e.to_string());
    let mut out = vec![];
    match form {
        "pdf" => {
            let paper = paper(document, app);
            out = symbolon_report::pdf(&paper)
                .map_err(|e: ReportError| AppError::Internal(e.to_string()))?;
        }
        "xlsx" => {
            let heads = document.sheet_heads();
            let address = format!("{}{address}", app.identity.origin());
            let sheet = Sheet::xlsx(&mut out, &heads, &document.notes(&address)).map_err(failed)?;
            document.write(sheet).map_err(failed)?;
        }
        _ => {
            let sheet = Sheet::csv(&mut out, &document.sheet_heads()).map_err(failed)?;
            document.write(sheet).map_err(failed)?;
        }
    }
    Ok(out)
}

/// A value for people: amounts with separators. Files and the interface have the bare figure.
fn shown(worth: &Worth) -> String {
    match worth {
        Worth::Money(a) => format::amount(*a),
        other => other.shown(),
    }
}

fn paper(document: &Document, app: &App) -> Paper {
    let section = |part: &Part| symbolon_report::Section {
        title: part.title.clone(),
        heads: part.heads.clone(),
        rows: part
            .rows
            .iter()
            .map(|row| row.iter().map(shown).collect())
            .collect(),
        facts: part.facts,
        summed: part.summed,
        empty: NONE.to_owned(),
    };
    let made = document.made;
    let number = |n: i8| u8::try_from(n).unwrap_or(1);
    Paper {
        title: document.heading(),
        lead: format!(
            "{}. Made {} from {}.",
            document.state,
            made,
            app.identity.origin()
        ),
        lang: "en".to_owned(),
        marking: document.marking.clone(),
        foot: document.foot(),
        made: (
            u16::try_from(made.year()).unwrap_or(1970),
            number(made.month()),
            number(made.day()),
        ),
        sections: document.parts.iter().map(section).collect(),
    }
}

fn desk(mut page: Page, document: &Document, at: &Addresses) -> Desk {
    page.mark(Some(document.marking.clone()));
    page.lead = format!("{}: {}", document.title, document.state.to_lowercase());
    page.csv.clone_from(&at.csv);
    page.xlsx.clone_from(&at.xlsx);
    page.json.clone_from(&at.json);
    page.also = vec![Link::new("PDF", at.pdf.clone())];
    let mut sections: Vec<Section> = (0..)
        .zip(&document.parts)
        .map(|(i, p)| part(i, p))
        .collect();
    let mut last = Section::new("record", "Record");
    last.facts = vec![
        Fact {
            href: at.record.clone(),
            ..Fact::new("Code", &document.code)
        },
        Fact::new("Version", &document.version.to_string()),
        Fact {
            mono: true,
            ..Fact::new("Hash of the row", &document.hash)
        },
        Fact::new("Made", &document.made.to_string()),
    ];
    sections.push(last);
    Desk { page, sections }
}

fn part(i: usize, part: &Part) -> Section {
    let mut section = Section::new(&format!("part-{i}"), &part.title);
    if part.facts {
        let fact = |row: &Vec<Worth>| {
            let shown: Vec<String> = row.iter().map(shown).collect();
            Fact::new(&shown[0], shown.get(1).map_or("", String::as_str))
        };
        section.facts = part.rows.iter().map(fact).collect();
        return section;
    }
    let column = |(head, number): &(String, bool)| match number {
        true => Column::number(head, ""),
        false => Column::text(head),
    };
    let row = |row: &Vec<Worth>| row.iter().map(|w| Cell::text(&shown(w))).collect();
    let columns = part.heads.iter().map(column).collect();
    let table = Table::new(&format!("part-{i}-t"), &part.title, columns)
        .rows(part.rows.iter().map(row).collect())
        .or(NONE)
        .quiet();
    section.table(table)
}
