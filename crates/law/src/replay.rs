//! Rows of the past put to the law as it was: which partner stood under which restriction on that
//! day, and where that cannot be told.

use crate::batch::Batch;
use crate::book::Rulebook;
use crate::columns::Columns;
use crate::day;
use crate::error::LawError;
use crate::rule::Verdict;
use crate::schema::UNKNOWN;
use crate::source::Source;
use crate::spanned;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};

const FILE: &str = "replay.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shape {
    rules: Vec<String>,
    families: Vec<String>,
    parts: Vec<String>,
    accounts: BTreeMap<String, String>,
    partners: BTreeMap<String, String>,
    facts: toml::Table,
}

/// How rows are put to the law: read from `replay.toml`.
#[derive(Clone, Debug)]
pub struct Plan {
    accounts: HashMap<String, i64>,
    partners: HashMap<String, i64>,
    /// The rules that ask whether an authority was in force.
    authorities: BTreeSet<usize>,
    stated: Vec<(u16, i64)>,
    /// The rules that are asked, by number.
    pub rules: Vec<usize>,
}

/// One row of the past.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Number of the partner; [`UNKNOWN`] where it could not be read.
    pub partner: i64,
    /// Number of the authority; [`UNKNOWN`] where the account names none.
    pub authority: i64,
    /// First day it may have been.
    pub first: i64,
    /// Last day it may have been.
    pub last: i64,
}

/// What one rule said about one row; silence is not listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Number of the row.
    pub row: usize,
    /// Number of the rule.
    pub rule: usize,
    /// `Refused`: under it that day. `Unknown`: cannot be told.
    pub verdict: Verdict,
    /// Why it cannot be told.
    pub why: Option<Why>,
}

/// Why it cannot be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// The country could not be read.
    Partner,
    /// No authority is recorded for the account.
    Authority,
    /// Neither day nor fiscal year is known.
    Day,
    /// Only the fiscal year is known, and the law changed in it.
    Year,
    /// The list does not say, or says so only in a draft.
    List,
}

impl Why {
    fn of(row: &Row, both: bool) -> Self {
        match row {
            Row {
                partner: UNKNOWN, ..
            } => Self::Partner,
            Row {
                authority: UNKNOWN, ..
            } => Self::Authority,
            Row { first: UNKNOWN, .. } => Self::Day,
            _ if both => Self::List,
            _ => Self::Year,
        }
    }

    /// In words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Partner => "country not read",
            Self::Authority => "no authority recorded for the account",
            Self::Day => "neither day nor year known",
            Self::Year => "the law changed within the fiscal year",
            Self::List => "the list is not complete, or its row is a draft",
        }
    }
}

impl Plan {
    /// Reads the plan of a rulebook.
    ///
    /// # Errors
    /// Where it names a rule, an authority or a fact that is not there.
    pub fn read(source: &Source, book: &Rulebook) -> Result<Self, LawError> {
        let (_, shape): (_, Shape) = spanned::parse(source, FILE)?;
        let fault = |m: String| LawError::of(FILE, m);
        let (mut rules, mut authorities) = (vec![], BTreeSet::new());
        for id in &shape.rules {
            rules.push(
                book.rule(id)
                    .ok_or_else(|| fault(format!("there is no rule `{id}`")))?,
            );
        }
        for (i, rule) in book.rules.iter().enumerate() {
            let family = shape
                .families
                .iter()
                .any(|f| rule.id.starts_with(f.as_str()));
            let part = shape
                .parts
                .iter()
                .any(|p| rule.id.rsplit('.').next() == Some(p));
            if family && part && !rules.contains(&i) {
                rules.push(i);
                authorities.insert(i);
            }
        }
        let kind = |fact: &str| {
            let number = book
                .schema
                .fact(fact)
                .ok_or_else(|| fault(format!("there is no fact `{fact}`")))?;
            Ok::<_, LawError>((number, book.schema.facts[usize::from(number)].kind))
        };
        let (_, authority) = kind("authority")?;
        let mut accounts = HashMap::new();
        for (account, word) in shape.accounts {
            accounts.insert(account, book.schema.parse(authority, &word).map_err(fault)?);
        }
        let (_, partner) = kind("partner")?;
        let mut partners = HashMap::new();
        for (code, word) in shape.partners {
            partners.insert(code, book.schema.parse(partner, &word).map_err(fault)?);
        }
        let mut stated = vec![];
        for (fact, value) in &shape.facts {
            let (number, kind) = kind(fact)?;
            stated.push((number, book.schema.value(kind, value).map_err(fault)?));
        }
        Ok(Self {
            accounts,
            partners,
            authorities,
            stated,
            rules,
        })
    }

    /// The authority behind an account of the training report; [`UNKNOWN`] where none is recorded.
    #[must_use]
    pub fn authority(&self, account: &str) -> i64 {
        self.accounts.get(account).copied().unwrap_or(UNKNOWN)
    }
}

impl Plan {
    /// The partner behind a country code of the data; [`UNKNOWN`] where there is none.
    #[must_use]
    pub fn partner(&self, book: &Rulebook, code: &str) -> i64 {
        let plain = || book.schema.vocabularies[0].number(code);
        self.partners
            .get(code)
            .copied()
            .or_else(plain)
            .unwrap_or(UNKNOWN)
    }
}

/// First and last day a row may have been: its own day, else its fiscal year.
#[must_use]
pub fn span(start: Option<i64>, fiscal_year: Option<i64>) -> (i64, i64) {
    if let Some(day) = start {
        return (day, day);
    }
    let year =
        fiscal_year.and_then(|y| Some((day::fiscal_start(y)?, day::fiscal_start(y + 1)? - 1)));
    year.unwrap_or((UNKNOWN, UNKNOWN))
}

/// Puts rows to the law. A row known only to its fiscal year counts where both ends of it agree;
/// else it cannot be told.
#[must_use]
pub fn replay(book: &Rulebook, plan: &Plan, rows: &[Row]) -> Vec<Hit> {
    let first = verdicts(book, plan, rows, |r| r.first);
    let last = verdicts(book, plan, rows, |r| r.last);
    let mut hits = vec![];
    for row in 0..rows.len() {
        for (i, rule) in plan.rules.iter().enumerate() {
            let (a, b) = (first[i][row], last[i][row]);
            let verdict = if a == b {
                Verdict::ALL[usize::from(a)]
            } else {
                Verdict::Unknown
            };
            let why = (verdict == Verdict::Unknown).then(|| Why::of(&rows[row], a == b));
            // An account without a recorded authority is no question to each authority.
            let asked = why != Some(Why::Authority) || !plan.authorities.contains(rule);
            if matches!(verdict, Verdict::Refused | Verdict::Unknown) && asked {
                hits.push(Hit {
                    row,
                    rule: *rule,
                    verdict,
                    why,
                });
            }
        }
    }
    hits
}

/// Verdicts of the plan's rules, each for all rows, on one of the two days.
fn verdicts(book: &Rulebook, plan: &Plan, rows: &[Row], day: impl Fn(&Row) -> i64) -> Vec<Vec<u8>> {
    let mut columns = Columns::new(&book.schema, rows.len(), false);
    let fact = |name: &str| book.schema.fact(name);
    let wanted = [fact("date"), fact("partner"), fact("authority")];
    for (i, row) in rows.iter().enumerate() {
        for (fact, value) in wanted.iter().zip([day(row), row.partner, row.authority]) {
            if let Some(fact) = fact {
                columns.set(&book.schema, *fact, i, value);
            }
        }
        for (fact, value) in &plan.stated {
            columns.set(&book.schema, *fact, i, *value);
        }
    }
    let mut out: Vec<Vec<u8>> = plan
        .rules
        .iter()
        .map(|_| Vec::with_capacity(rows.len()))
        .collect();
    Batch::new(book, &columns).run(|block| {
        for (out, rule) in out.iter_mut().zip(&plan.rules) {
            out.extend_from_slice(block.of(*rule));
        }
    });
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::day::Day;
    use jiff::civil::date;

    #[test]
    fn a_row_known_to_its_year_is_told_only_where_the_year_agrees() {
        let source = Source::embedded();
        let book = Rulebook::load(&source).unwrap();
        let plan = Plan::read(&source, &book).unwrap();
        let partner = |w: &str| book.schema.vocabularies[0].number(w).unwrap();
        let row = |p: &str, (first, last): (i64, i64)| Row {
            partner: partner(p),
            authority: plan.authority("IMET"),
            first,
            last,
        };
        let rule = book.rule("us.foreign-assistance.child-soldiers").unwrap();
        let said = |r: Row| {
            let hits = replay(&book, &plan, &[r]);
            hits.iter().find(|h| h.rule == rule).map(|h| h.verdict)
        };
        let on = |y, m, d| Some(Day(date(y, m, d)).days());
        assert_eq!(
            said(row("MLI", span(on(2018, 3, 1), None))),
            Some(Verdict::Refused)
        );
        assert_eq!(
            said(row("MLI", span(None, Some(2018)))),
            Some(Verdict::Refused)
        );
        assert_eq!(said(row("KEN", span(None, Some(2018)))), None);
        assert_eq!(
            said(row("KEN", span(None, Some(2012)))),
            Some(Verdict::Unknown),
            "the list is missing"
        );
        assert_eq!(said(row("MLI", span(None, None))), Some(Verdict::Unknown));
        assert_eq!(
            said(row("MLI", span(None, Some(2005)))),
            None,
            "before the Act"
        );
    }
}
