//! Section 36(b) notices under the law and under each bill: which would not have needed notice.

use super::Law;
use crate::{App, AppError, Result};
use schemars::JsonSchema;
use serde::Serialize;
use symbolon_access::{Action, Viewer};
use symbolon_law::{
    Edition, Rulebook,
    day::Day,
    offers::{Notifier, Offer},
};
use symbolon_store::{
    facts::NOTIFICATION,
    query::{FactQuery, FactRow, Test, Value},
};

/// A notice of an offer, and what each law says of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NoticeLine {
    /// Number of the transmittal.
    pub transmittal: String,
    /// Partner, or the purchaser as printed.
    pub partner: String,
    /// Day of the notice.
    pub day: String,
    /// Major defence equipment, whole dollars.
    pub mde_usd: Option<i64>,
    /// Total, whole dollars.
    pub total_usd: Option<i64>,
    /// `notice`, `no notice` or `cannot tell`, by the law in force and by each bill.
    pub said: Vec<&'static str>,
}

/// Notices under the law in force and under each bill.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Notices {
    /// The laws: `in force`, then the bills by name.
    pub laws: Vec<String>,
    /// Notices of offers, by day. Reports of enhancements have a test of their own and are left out.
    pub lines: Vec<NoticeLine>,
    /// How many would not have needed notice under each law.
    pub without: Vec<i64>,
}

impl App {
    /// The loaded notices of offers under the law of their day, and with each bill laid over it.
    ///
    /// # Errors
    /// Where they cannot be read.
    pub fn law_notices(&self, viewer: &Viewer) -> Result<Notices> {
        let law = self.law.current()?;
        let query = FactQuery::all(&NOTIFICATION)
            .when("legal_basis", Test::Is(Value::Text("36(b)(1)".to_owned())));
        let mut lines: Vec<NoticeLine> = self
            .store
            .facts(viewer, Action::Read, &query)?
            .iter()
            .map(line)
            .collect();
        lines.sort_by(|a, b| (&a.day, &a.transmittal).cmp(&(&b.day, &b.transmittal)));
        let mut laws = vec!["in force".to_owned()];
        laws.extend(law.proposals.iter().map(|p| p.name.clone()));
        let mut without = vec![];
        for (i, name) in laws.iter().enumerate() {
            let edition = Edition {
                known: None,
                proposal: (i > 0).then(|| name.clone()),
            };
            let book = law.edition(edition)?;
            say(&law, &book, &mut lines)?;
            let none = lines.iter().filter(|l| l.said.last() == Some(&"no notice"));
            without.push(i64::try_from(none.count()).unwrap_or(i64::MAX));
        }
        Ok(Notices {
            laws,
            lines,
            without,
        })
    }
}

fn line(row: &FactRow) -> NoticeLine {
    let get = |name: &str| NOTIFICATION.column(name).map(|i| row.cells[i].clone());
    let text = |name: &str| get(name).map(|v| v.text().to_owned()).unwrap_or_default();
    let number = |name: &str| get(name).and_then(|v| v.int());
    let partner = text("partner");
    NoticeLine {
        transmittal: text("transmittal"),
        partner: if partner.is_empty() {
            text("purchaser")
        } else {
            partner
        },
        day: text("source_date"),
        mde_usd: number("mde_usd"),
        total_usd: number("total_usd"),
        said: vec![],
    }
}

/// Adds to each notice whether it would be due under an edition of the law.
fn say(law: &Law, book: &Rulebook, lines: &mut [NoticeLine]) -> Result<()> {
    let notifier = Notifier::new(&law.source, book);
    let mut notifier = notifier.map_err(|e| AppError::Internal(e.to_string()))?;
    for line in lines {
        line.said.push(notifier.says(&Offer {
            day: line.day.parse().ok().map(|d| Day(d).days()),
            partner: &line.partner,
            mde_usd: line.mde_usd,
            total_usd: line.total_usd,
        }));
    }
    Ok(())
}
