//! Every document of the demonstration in every form: the figures of page, API, CSV, workbook and PDF are the
//! same, cell by cell; and a list of the ledger is the same in each of its files.

use super::{Instance, instance, runtime};
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use std::io::Cursor;
use symbolon_access::Viewer;
use symbolon_app::{
    App, NewAccount,
    documents::{self, Document, Worth},
    load,
};
use symbolon_domain::kinds::Role;
use symbolon_exchange::{export::unguarded, guard::Meter, guard::xlsx::Book, limits::Limits};
use symbolon_store::query::RecordQuery;
use tower::ServiceExt;

/// Rows of a part, as every form must show them.
type Rows = Vec<Vec<String>>;

fn demonstration(app: &App) {
    let account = |role: Role| {
        let partner = matches!(role, Role::PartnerOfficer | Role::PartnerAdministrator);
        let new = NewAccount {
            name: format!("Demo {}", role.words()),
            role,
            nation: if partner { "SEN" } else { "USA" }.parse().unwrap(),
            standing: load::standing(role),
        };
        (role, app.add_account(&app.system(), &new).unwrap())
    };
    let people: Vec<_> = Role::ALL.into_iter().map(account).collect();
    load::programmes(app, &people).unwrap();
}

impl Instance {
    fn bytes(&self, path: &str, cookie: &str) -> Vec<u8> {
        let request = Request::get(path)
            .header(header::COOKIE, cookie)
            .body(Body::empty())
            .unwrap();
        runtime().block_on(async {
            let router = crate::router::router(std::sync::Arc::clone(&self.site));
            let response = router.oneshot(request).await.unwrap();
            assert_eq!(response.status(), StatusCode::OK, "{path}");
            let body = to_bytes(response.into_body(), 64 << 20).await;
            body.unwrap().to_vec()
        })
    }

    fn text(&self, path: &str, cookie: &str) -> String {
        String::from_utf8(self.bytes(path, cookie)).unwrap()
    }
}

fn shown(document: &Document) -> Vec<(String, Rows)> {
    let rows = |rows: &[Vec<Worth>]| {
        let row = |row: &Vec<Worth>| row.iter().map(Worth::shown).collect();
        rows.iter().map(row).collect()
    };
    let parts = document.parts.iter();
    parts.map(|p| (p.title.clone(), rows(&p.rows))).collect()
}

/// What a reader sees of markup: its text, spaces as one.
fn seen(markup: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for c in markup.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => text.push(c),
            _ => {}
        }
    }
    for (name, sign) in [
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&#38;", "&"),
        ("&amp;", "&"),
    ] {
        text = text.replace(name, sign);
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The cells between opening and closing marks, blank where the page says that nothing is recorded.
fn cells(markup: &str, ends: [&str; 2]) -> Vec<String> {
    let cell = |m: &str| {
        let inside = m.split_once('>').map_or(m, |(_, rest)| rest);
        match inside.contains("class=\"none\"") {
            true => String::new(),
            false => seen(inside),
        }
    };
    let opened = markup.split(ends[0]).skip(1);
    let closed = opened.map(|m| m.split(ends[1]).next().unwrap_or_default());
    closed.map(cell).collect()
}

/// The rows of a part on the page.
fn on_page(page: &str, part: usize, facts: bool) -> Rows {
    let from = page.find(&format!("id=\"part-{part}-h\"")).unwrap();
    let section = &page[from..];
    let section = &section[..section.find("</section>").unwrap()];
    if facts {
        let rows = section.split("<dt>").skip(1);
        return rows
            .map(|m| {
                let row = format!("<dt>{m}");
                let label = cells(&row, ["<dt", "</dt>"]);
                let value = cells(&row, ["<dd", "</dd>"]);
                [label, value].concat()
            })
            .collect();
    }
    let body = section.split("<tbody").nth(1).unwrap_or_default();
    let rows = body.split("<tr").skip(1);
    rows.map(|m| {
        let row = m.replace("<th", "<td").replace("</th>", "</td>");
        cells(&row, ["<td", "</td>"])
    })
    .collect()
}

/// The parts of a sheet: part, number of the row (none: the heads), cells.
fn in_sheet(lines: &[Vec<String>], widths: &[usize]) -> Vec<Rows> {
    let mut parts: Vec<Rows> = vec![];
    for line in lines {
        if line[1].is_empty() {
            parts.push(vec![]);
            continue;
        }
        let width = widths[parts.len() - 1];
        let mut row = line[2..].to_vec();
        row.resize(width.max(row.len()), String::new());
        assert!(row[width..].iter().all(String::is_empty), "{line:?}");
        row.truncate(width);
        parts.last_mut().unwrap().push(row);
    }
    parts
}

fn csv_lines(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let line = |r: csv::StringRecord| r.iter().map(|c| unguarded(c).to_owned()).collect();
    reader.records().map(|r| line(r.unwrap())).collect()
}

fn xlsx_lines(bytes: Vec<u8>) -> Vec<Vec<String>> {
    let (limits, meter) = (Limits::shipped(), Meter::new(1 << 30, None));
    let mut book = Book::open(Cursor::new(bytes), limits, &meter).unwrap();
    let mut lines = vec![];
    book.rows(None, &mut |row| {
        lines.push(
            row.cells
                .iter()
                .map(|c| unguarded(c).to_owned())
                .collect::<Vec<_>>(),
        );
        Ok(true)
    })
    .unwrap();
    let heads = lines.iter().position(|l| l[0] == "part").unwrap();
    let mut lines = lines.split_off(heads + 1);
    lines
        .iter_mut()
        .for_each(|l| l.resize(l.len().max(3), String::new()));
    lines
}

/// Whether two texts are the same words, or the same number however it is written.
fn same(wanted: &str, found: &str, number: bool) -> bool {
    let words = |t: &str| t.split_whitespace().collect::<Vec<_>>().join(" ");
    let figure = |t: &str| {
        t.replace(',', "")
            .replace('\u{2212}', "-")
            .parse::<f64>()
            .ok()
    };
    words(wanted) == words(found)
        || (number && figure(wanted).is_some() && figure(wanted) == figure(found))
}

fn assert_same(form: &str, document: &Document, found: &[Rows]) {
    let wanted = shown(document);
    assert_eq!(
        wanted.len(),
        found.len(),
        "{form} of {}",
        document.heading()
    );
    for ((title, rows), (part, found)) in wanted.iter().zip(document.parts.iter().zip(found)) {
        assert_eq!(
            rows.len(),
            found.len(),
            "{form}, {title}: {rows:?} {found:?}"
        );
        for ((row, found), worths) in rows.iter().zip(found).zip(&part.rows) {
            assert_eq!(row.len(), found.len(), "{form}, {title}: {row:?} {found:?}");
            for ((cell, found), worth) in row.iter().zip(found).zip(worths) {
                let same = same(cell, found, worth.is_number());
                assert!(same, "{form}, {title}: `{cell}` is `{found}` in {row:?}");
            }
        }
    }
}

/// Every cell stands in the text of the PDF, in the order of the document.
fn in_pdf(document: &Document, bytes: &[u8]) {
    let pdf = lopdf::Document::load_mem(bytes).unwrap();
    let pages: Vec<u32> = pdf.get_pages().into_keys().collect();
    let kept = |c: &char| !c.is_whitespace() && *c != ',';
    let dense = |t: &str| {
        t.chars()
            .filter(kept)
            .collect::<String>()
            .replace('\u{2212}', "-")
    };
    let mut text = String::new();
    for page in pages {
        let mut on_page = dense(&pdf.extract_text(&[page]).unwrap());
        // What stands on every page is no part of the text that runs on.
        for around in [dense(&document.marking), dense(&document.foot())] {
            on_page = on_page.replace(&around, "");
        }
        text.push_str(&on_page);
    }
    let mut at = 0;
    for (title, rows) in shown(document) {
        for cell in std::iter::once(&title).chain(rows.iter().flatten()) {
            let cell = dense(cell);
            let Some(found) = text[at..].find(&cell) else {
                panic!(
                    "{}, {title}: `{cell}` does not follow `{}`",
                    document.heading(),
                    &text[at..text.len().min(at + 80)]
                );
            };
            at += found + cell.len();
        }
    }
}

fn all_forms(i: &Instance, cookie: &str, document: &Document, kind: &str, id: &str) {
    let code = &document.kind.code;
    let year = document
        .year
        .map_or(String::new(), |y| format!("?year={y}"));
    let at = |form: &str| format!("/documents/{kind}/{id}/{code}{form}{year}");
    let page = i.text(&at(""), cookie);
    let parts = document.parts.iter().enumerate();
    let seen: Vec<Rows> = parts.map(|(n, p)| on_page(&page, n, p.facts)).collect();
    assert_same("page", document, &seen);
    let widths: Vec<usize> = document.parts.iter().map(|p| p.heads.len()).collect();
    let csv = csv_lines(&i.text(&at(".csv"), cookie));
    assert_same("CSV", document, &in_sheet(&csv, &widths));
    let xlsx = xlsx_lines(i.bytes(&at(".xlsx"), cookie));
    assert_same("XLSX", document, &in_sheet(&xlsx, &widths));
    let api = i.text(
        &format!("/api/v1/documents/{kind}/{id}/{code}{year}"),
        cookie,
    );
    let api: serde_json::Value = serde_json::from_str(&api).unwrap();
    assert_eq!(api["hash"], document.hash.as_str());
    let text = |v: &serde_json::Value| match v {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(s) => s.clone(),
        other => other.to_string(),
    };
    let rows = |p: &serde_json::Value| {
        let row = |r: &serde_json::Value| r.as_array().unwrap().iter().map(text).collect();
        p["rows"].as_array().unwrap().iter().map(row).collect()
    };
    let told: Vec<Rows> = api["parts"].as_array().unwrap().iter().map(rows).collect();
    assert_same("API", document, &told);
    in_pdf(document, &i.bytes(&at(".pdf"), cookie));
}

fn ids(app: &App, viewer: &Viewer, kind: &str) -> Vec<String> {
    let all = app
        .store
        .list(viewer, kind, &RecordQuery::default())
        .unwrap();
    all.iter().map(|r| r.envelope.id.to_string()).collect()
}

#[test]
fn every_document_says_the_same_on_page_over_the_api_and_in_every_file() {
    let i = instance();
    let app = &i.site.app;
    demonstration(app);
    let person = i.person(Role::CaseManager, "USA");
    let viewer = app.viewer(&person.token, "").unwrap().unwrap();
    let mut compared = 0;
    for kind in documents::shipped() {
        let partners = ["SEN", "BEN", "GHA"];
        let of: Vec<String> = match kind.yearly {
            true => {
                let id = |p: &&str| app.resolve(&viewer, "partner", p).unwrap();
                partners
                    .iter()
                    .filter_map(id)
                    .map(|id| id.to_string())
                    .collect()
            }
            false => ids(app, &viewer, &kind.kind),
        };
        assert!(!of.is_empty(), "{}: nothing to document", kind.code);
        for id in of {
            let years = if kind.yearly {
                vec![Some(2025), Some(2026)]
            } else {
                vec![None]
            };
            for year in years {
                let made = app.document_of(&viewer, (&kind.kind, &id), &kind.code, year);
                all_forms(&i, &person.cookie(), &made.unwrap(), &kind.kind, &id);
                compared += 1;
            }
        }
    }
    assert!(compared > 30, "{compared}");
}

#[test]
fn the_training_report_of_a_year_lists_each_course_once_and_adds_it_up() {
    let i = instance();
    let app = &i.site.app;
    demonstration(app);
    let viewer = app
        .viewer(&i.person(Role::TrainingManager, "USA").token, "")
        .unwrap()
        .unwrap();
    let ghana = app.resolve(&viewer, "partner", "GHA").unwrap().unwrap();
    let lines = app
        .store
        .list(&viewer, "training_line", &RecordQuery::default())
        .unwrap();
    let mut listed = 0;
    for year in 2024..=2027 {
        let of_year = lines.iter().filter(|l| {
            l.envelope.partner == "GHA" && l.body["fiscal_year"].as_i64() == Some(year)
        });
        let wanted: i64 = of_year
            .clone()
            .filter_map(|l| l.body["quantity"].as_i64())
            .sum();
        let report = app
            .document_of(
                &viewer,
                ("partner", &ghana.to_string()),
                "training",
                Some(year),
            )
            .unwrap();
        let at = |part: usize, head: &str| {
            let part = &report.parts[part];
            let column = part.heads.iter().position(|(h, _)| h == head).unwrap();
            part.rows.last().map(|r| r[column].clone())
        };
        let courses = report.parts[2].rows.len();
        assert_eq!(courses.saturating_sub(1), of_year.count(), "{year}");
        listed += courses.saturating_sub(1);
        if courses > 0 {
            for part in [1, 2] {
                assert_eq!(at(part, "Students"), Some(Worth::Count(wanted)), "{year}");
            }
        }
    }
    assert!(listed > 3, "{listed}");
}

#[test]
fn a_list_of_the_ledger_is_the_same_in_each_of_its_files() {
    let i = instance();
    let app = &i.site.app;
    demonstration(app);
    let person = i.person(Role::FinancialManager, "USA");
    let viewer = app.viewer(&person.token, "").unwrap().unwrap();
    let all = app
        .store
        .list(&viewer, "ledger_entry", &RecordQuery::default())
        .unwrap();
    let mut wanted: Vec<(String, String, String)> = all
        .iter()
        .map(|r| {
            let text = |f: &str| r.body[f].as_str().unwrap_or_default().to_owned();
            (
                r.envelope.code.clone(),
                text("amount"),
                text("in_fund_currency"),
            )
        })
        .collect();
    wanted.sort();
    assert!(wanted.len() > 10);
    let at = |form: &str| {
        i.bytes(
            &format!("/records/ledger_entry/export.{form}"),
            &person.cookie(),
        )
    };
    let of = |lines: &[Vec<String>]| {
        let heads = lines
            .iter()
            .position(|l| l.iter().any(|c| c == "amount"))
            .unwrap();
        let column = |name: &str| lines[heads].iter().position(|c| c == name).unwrap();
        let columns = ["code", "amount", "in_fund_currency"].map(column);
        let rows = lines[heads + 1..].iter().filter(|l| l.len() > columns[0]);
        let cell = |l: &Vec<String>, c: usize| l.get(c).cloned().unwrap_or_default();
        let mut found: Vec<_> = rows
            .map(|l| columns.map(|c| cell(l, c)))
            .map(|[code, amount, fund]| (code, amount, fund))
            .collect();
        found.sort();
        found
    };
    let mut csv = csv::ReaderBuilder::new();
    let bytes = at("csv");
    let reader = csv.flexible(true).has_headers(false);
    let text = String::from_utf8(bytes).unwrap();
    let lines: Vec<Vec<String>> = reader
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes())
        .records()
        .map(|r| r.unwrap().iter().map(|c| unguarded(c).to_owned()).collect())
        .collect();
    assert_eq!(of(&lines), wanted, "CSV");
    let limits = Limits::shipped();
    let meter = Meter::new(1 << 30, None);
    let mut book = Book::open(Cursor::new(at("xlsx")), limits, &meter).unwrap();
    let mut lines = vec![];
    book.rows(None, &mut |row| {
        lines.push(row.cells.to_vec());
        Ok(true)
    })
    .unwrap();
    for (found, wanted) in of(&lines).iter().zip(&wanted) {
        assert_eq!(found.0, wanted.0);
        assert!(
            same(&wanted.1, &found.1, true) && same(&wanted.2, &found.2, true),
            "{found:?} {wanted:?}"
        );
    }
    let told = |text: &str| {
        let rows = text
            .lines()
            .map(|l| serde_json::from_str::<serde_json::Value>(l).unwrap());
        let text = |v: &serde_json::Value| v.as_str().unwrap_or_default().to_owned();
        let mut found: Vec<_> = rows
            .map(|r| {
                let body = if r["body"].is_object() {
                    &r["body"]
                } else {
                    &r
                };
                (
                    text(&r["code"]),
                    text(&body["amount"]),
                    text(&body["in_fund_currency"]),
                )
            })
            .collect();
        found.sort();
        found
    };
    assert_eq!(
        told(&String::from_utf8(at("ndjson")).unwrap()),
        wanted,
        "NDJSON"
    );
}
