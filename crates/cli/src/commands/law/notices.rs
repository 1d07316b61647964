//! `law notices`: the section 36(b) notices that ship, put to the law and to each bill: which would
//! not have needed notice.

use super::{Which, faulty};
use crate::Outcome;
use crate::exit::{FAILED, Failure};
use crate::output::Out;
use serde_json::json;
use symbolon_exchange::{import::notification, shipped};
use symbolon_law::day::Day;
use symbolon_law::offers::{Notifier, Offer};
use symbolon_law::{Edition, Rulebook, Source, book};

/// What is kept of a notice.
struct Notice {
    transmittal: String,
    partner: String,
    day: Day,
    mde: Option<i64>,
    total: Option<i64>,
}

pub(super) fn run(which: &Which, out: Out) -> Outcome<()> {
    let source = which.source()?;
    let mut editions = vec![("in force".to_owned(), which.book()?)];
    for bill in book::proposals(&source).map_err(|e| faulty(vec![e]))? {
        let edition = Edition {
            known: None,
            proposal: Some(bill.name.clone()),
        };
        editions.push((
            bill.name,
            Rulebook::edition(&source, edition).map_err(faulty)?,
        ));
    }
    let notices = notices()?;
    let columns: Vec<Vec<&str>> = editions
        .iter()
        .map(|(_, b)| said(b, &source, &notices))
        .collect::<Outcome<_>>()?;
    let mut heads = vec!["transmittal", "partner", "day", "mde", "total"];
    heads.extend(editions.iter().map(|(name, _)| name.as_str()));
    let dollars = |d: Option<i64>| d.map_or_else(|| "-".to_owned(), |d| d.to_string());
    let cells: Vec<Vec<String>> = notices
        .iter()
        .enumerate()
        .map(|(i, n)| {
            let facts = [
                n.transmittal.clone(),
                n.partner.clone(),
                n.day.0.to_string(),
                dollars(n.mde),
                dollars(n.total),
            ];
            facts
                .into_iter()
                .chain(columns.iter().map(|c| c[i].to_owned()))
                .collect()
        })
        .collect();
    let document: Vec<_> = cells
        .iter()
        .map(|c| {
            heads
                .iter()
                .zip(c)
                .map(|(h, v)| ((*h).to_owned(), json!(v)))
                .collect::<serde_json::Map<_, _>>()
        })
        .collect();
    out.table(&document, &heads, &cells)
}

/// Notices of offers; enhancement reports have a test of their own and are left out.
fn notices() -> Outcome<Vec<Notice>> {
    let failed =
        |e: &dyn std::fmt::Display| Failure::new(FAILED, format!("the notices that ship: {e}"));
    let data = shipped::datasets()
        .iter()
        .find(|d| d.folder == "notifications");
    let data = data.ok_or_else(|| failed(&"they are missing"))?;
    let mut notices = vec![];
    let read = notification::read(data.bytes, data.file_name, &mut |n| {
        if n.legal_basis == "36(b)(1)" {
            notices.push(Notice {
                transmittal: n.transmittal.to_owned(),
                partner: n
                    .iso3
                    .map_or_else(|| n.purchaser_as_printed.to_owned(), |c| c.to_string()),
                day: Day(n.source_date),
                mde: n.mde_usd,
                total: n.total_usd,
            });
        }
        Ok(())
    });
    read.map_err(|e| failed(&e))?;
    Ok(notices)
}

/// Whether each notice would be due under an edition of the law.
fn said(book: &Rulebook, source: &Source, notices: &[Notice]) -> Outcome<Vec<&'static str>> {
    let mut notifier = Notifier::new(source, book).map_err(|e| faulty(vec![e]))?;
    let says = |n: &Notice| {
        notifier.says(&Offer {
            day: Some(n.day.days()),
            partner: &n.partner,
            mde_usd: n.mde,
            total_usd: n.total,
        })
    };
    Ok(notices.iter().map(says).collect())
}
