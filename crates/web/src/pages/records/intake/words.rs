//! What the steps of an import say: columns, first rows, counts, findings in three classes.

use crate::view::{Cell, Column, Fact, Link, Table, desk::Section};
use axum::http::StatusCode;
use symbolon_app::{AppError, intake::Report};
use symbolon_domain::kind::KindDef;
use symbolon_exchange::{
    guard::Code,
    import::records::{Beginning, Class, Finding, Target, columns},
    limits::Limits,
};

/// What is accepted, in a sentence.
pub(super) fn accepted(limits: &Limits) -> String {
    format!(
        "CSV (UTF-8), XLSX, JSON or NDJSON; at most {} MiB, a workbook at most {} MiB; at most {} rows. \
The first line names the columns.",
        limits.upload >> 20,
        limits.xlsx_packed >> 20,
        limits.import_rows
    )
}

/// The status that goes with an error of a step.
pub(super) fn status(error: &AppError) -> StatusCode {
    match error {
        AppError::File(r) if r.code == Code::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        AppError::Conflict(_) => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// The columns of a kind, for whoever makes a file.
pub(super) fn columns(kind: &KindDef) -> Section {
    let row = |t: Target<'_>| {
        let required = match t {
            Target::Field(f) => f.required,
            Target::Envelope(c) => c.name == "partner" && kind.of_partner,
        };
        vec![
            Cell::code(t.name()),
            Cell::text(t.label()),
            Cell::text(if required { "yes" } else { "" }),
            Cell::text(t.help()),
        ]
    };
    let heads = ["Name in a file", "Field", "Must be given", "What it is"];
    let table = Table::new("columns", "Columns", heads.map(Column::text).into())
        .rows(columns::all(kind).into_iter().map(row).collect())
        .quiet();
    let key = kind.key.join(", ");
    Section::new("fields", "What a file can hold")
        .says(&format!(
            "A row finds its record by id, by code, or by {key}; where there is none it makes one. \
An empty cell leaves what is there, unless you say that it clears."
        ))
        .table(table)
}

/// The first rows as they stand in the file.
pub(super) fn first_rows(beginning: &Beginning) -> Table {
    let mut heads = vec![Column::tight("Line")];
    heads.extend(beginning.heads.iter().map(|h| Column::text(h)));
    let row = |(line, cells): &(u64, Vec<String>)| {
        let mut out = vec![Cell::text(&line.to_string())];
        let cell = |i: usize| cells.get(i).map_or("", String::as_str);
        out.extend((0..beginning.heads.len()).map(|i| Cell::text(&short(cell(i)))));
        out
    };
    Table::new("rows", "First rows", heads)
        .rows(beginning.rows.iter().map(row).collect())
        .or("There is no row below the names of the columns.")
        .quiet()
}

fn short(text: &str) -> String {
    match text.char_indices().nth(80) {
        Some((i, _)) => format!("{}\u{2026}", &text[..i]),
        None => text.to_owned(),
    }
}

/// The first values of a column, as a hint beside its question.
pub(super) fn values(beginning: &Beginning, at: usize) -> String {
    let cells = beginning.rows.iter().filter_map(|(_, cells)| cells.get(at));
    let some: Vec<String> = cells
        .filter(|c| !c.is_empty())
        .take(3)
        .map(|c| short(c))
        .collect();
    if some.is_empty() {
        "Empty in the first rows".to_owned()
    } else {
        format!("First values: {}", some.join("; "))
    }
}

/// Counts of a plan, or of what was done.
pub(super) fn counts(report: &Report) -> Vec<Fact> {
    let c = report.counts;
    let lines = [
        ("Rows", c.rows),
        ("New", c.new),
        ("Changed", c.changed),
        ("Unchanged", c.same),
        ("Refused", c.refused),
        ("Values dropped", c.dropped),
        ("To be looked at later", c.later),
    ];
    lines
        .iter()
        .map(|(label, n)| Fact::new(label, &n.to_string()))
        .collect()
}

/// Findings, a section for each class that has some.
pub(super) fn findings(report: &Report, file: &str) -> Vec<Section> {
    let classes = [
        (Class::Refused, "refused", "Rows that cannot be taken"),
        (Class::Dropped, "dropped", "Values that are dropped"),
        (Class::Later, "later", "Taken, to be looked at later"),
    ];
    let mut out = vec![];
    for (class, id, title) in classes {
        let of: Vec<&Finding> = report
            .findings
            .iter()
            .filter(|f| f.class == class)
            .collect();
        let all = class == Class::Refused && report.counts.refused > 0;
        if of.is_empty() && !all {
            continue;
        }
        let mut section = Section::new(id, title);
        if report.more_findings > 0 {
            let more = report.more_findings;
            section = section.says(&format!(
                "Of all findings the first 1,000 are listed; {more} more are not."
            ));
        }
        section = section.table(table(id, title, &of));
        if class == Class::Refused {
            section.links = vec![Link::new(
                "All refused rows as a file, with the reasons (CSV)",
                file,
            )];
        }
        out.push(section);
    }
    out
}

fn table(id: &str, title: &str, findings: &[&Finding]) -> Table {
    let columns = vec![
        Column::tight("Line"),
        Column::text("Column"),
        Column::text("What is wrong"),
        Column::text("What stands there"),
        Column::tight("Code"),
    ];
    let row = |f: &&Finding| {
        vec![
            Cell::text(&f.line.to_string()),
            Cell::text(if f.column_name.is_empty() {
                "the row"
            } else {
                &f.column_name
            }),
            Cell::text(&f.message),
            Cell::text(&f.text),
            Cell::code(&f.code),
        ]
    };
    Table::new(&format!("{id}-t"), title, columns)
        .rows(findings.iter().map(row).collect())
        .quiet()
}
