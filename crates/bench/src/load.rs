//! My work, a country, a case and the lateness of a portfolio of a hundred thousand cases with a million lines
//! and five million postings of money, asked for by eight clients, on SQLite or PostgreSQL.
//!
//! `symbolon-bench load [--cases 100k] [--in DIR] [--postgres URL] [--seconds 5]`; the database of the URL must be
//! empty, or one that an earlier run filled; an empty one is filled from what a run on SQLite left in DIR.
//! Ten lines a case, fifty postings, three shipments, two milestones.

use crate::figures::{load_average, number, option};
use crate::instance::{cookies, served, surroundings};
use crate::pages::load;
use jiff::{ToSpan, civil::Date};
use serde_json::{Value, json};
use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use symbolon_app::{App, load::Progress};
use symbolon_domain::{
    date::ValidTime,
    label::Label,
    record::{Envelope, RecordId},
};
use symbolon_store::{Change, Store, StoreError, Written, query::RecordQuery};
use symbolon_store_sql::{Older, SqlStore};

/// 95th percentile of each page, in milliseconds.
const BAR: f64 = 150.0;
/// Accounts that ask.
const ACCOUNTS: usize = 64;
/// Partners of the portfolio.
const PARTNERS: [&str; 12] = [
    "SEN", "NGA", "MLI", "KEN", "GHA", "TCD", "JOR", "PHL", "COL", "UKR", "GEO", "TUN",
];
const AUTHORITIES: [&str; 4] = ["fms", "fmf", "s333", "imet"];
const AGENCIES: [&str; 3] = ["B", "D", "P"];
const COMMODITIES: [&str; 4] = ["aircraft", "vehicle", "weapon", "services"];
const CAUSES: [&str; 3] = ["", "contract", "transport"];

pub(crate) fn run(args: &[String]) -> Result<(), Box<dyn Error>> {
    let cases = number(option(args, "--cases").unwrap_or("100k"))?;
    let seconds = number(option(args, "--seconds").unwrap_or("5"))? as u64;
    let scratch = tempfile::tempdir()?;
    let directory = option(args, "--in").map_or(scratch.path(), Path::new);
    let begun = Instant::now();
    let file = directory.join("load.sqlite");
    let (engine, store) = match option(args, "--postgres") {
        Some(url) => ("PostgreSQL", postgres(url, &file)?),
        None => ("SQLite", sqlite(&file)?),
    };
    let store = Arc::new(store);
    let app = Arc::new(App::new(
        Arc::clone(&store) as Arc<dyn Store>,
        surroundings(),
    ));
    if empty(&store)? {
        symbolon_app::load::reference(&app)?;
        symbolon_app::load::demo(&app, &Progress::default(), &mut |_| ())?;
    }
    fill(&*store, cases)?;
    app.refresh();
    app.snapshot()?;
    println!(
        "{engine}: {cases} cases, {} lines, {} postings there after {:.0} s; {}",
        cases * LINES,
        cases * POSTINGS,
        begun.elapsed().as_secs_f64(),
        load_average()
    );
    let begun = Instant::now();
    app.warm()?;
    println!(
        "{engine}: days in memory after {:.1} s",
        begun.elapsed().as_secs_f64()
    );
    measured(engine, &app, cases, Duration::from_secs(seconds))
}

/// A file, which a run of an older program may have left.
fn sqlite(file: &Path) -> Result<SqlStore, StoreError> {
    Older::sqlite(file, surroundings())?.upgrade(&system())?;
    SqlStore::sqlite(file, surroundings())
}

/// A database; an empty one is filled from a file, where there is one.
fn postgres(url: &str, file: &Path) -> Result<SqlStore, StoreError> {
    Older::postgres(url, surroundings())?.upgrade(&system())?;
    let store = SqlStore::postgres(url, surroundings())?;
    if !empty(&store)? || !file.exists() {
        return Ok(store);
    }
    let made = sqlite(file)?;
    store.fill(Box::new(|put| made.dump(put)))?;
    SqlStore::postgres(url, surroundings())
}

fn empty(store: &SqlStore) -> Result<bool, StoreError> {
    Ok(store.count(&system(), "case", &RecordQuery::default())? == 0)
}

/// Lines, postings, shipments and milestones of a case.
const LINES: usize = 10;
const POSTINGS: usize = 50;
const SHIPMENTS: usize = 3;

fn system() -> symbolon_access::Viewer {
    symbolon_access::Viewer::system(today())
}

fn today() -> Date {
    jiff::Timestamp::now()
        .to_zoned(jiff::tz::TimeZone::UTC)
        .date()
}

/// A page and its address for a number.
type Page = (&'static str, fn(usize, usize) -> String);

const PAGES: [Page; 6] = [
    ("My work", |_, _| "/my-work".to_owned()),
    ("My work, a year", |_, _| "/my-work?days=365".to_owned()),
    ("country", |n, _| {
        format!("/countries/{}", PARTNERS[n % PARTNERS.len()])
    }),
    ("case", |n, cases| {
        let case = id("case", n * 7919 % cases);
        format!("/records/case/{case}")
    }),
    ("lateness", |n, _| {
        let by = ["authority", "agency", "partner", "commodity", "cause"];
        format!("/lateness?by={}", by[n % by.len()])
    }),
    ("lateness of a partner", |n, _| {
        let partner = PARTNERS[n % PARTNERS.len()];
        format!("/lateness?by=partner&group={partner}")
    }),
];

fn measured(
    engine: &str,
    app: &Arc<App>,
    cases: usize,
    span: Duration,
) -> Result<(), Box<dyn Error>> {
    let cookies = cookies(app, ACCOUNTS)?;
    let address = served(Arc::clone(app), None)?;
    let mut missed = vec![];
    for (name, path) in PAGES {
        // Once each, so that the first time is not in it.
        load(address, &cookies, Duration::ZERO, &|n| path(n, cases))?;
        let (times, used) = load(address, &cookies, span, &|n| path(n, cases))?;
        let p95 = times.percentile(95.0);
        println!(
            "{engine:<10} {name:<22} {:>6} requests  p50 {:>7.2}  p95 {p95:>7.2}  p99 {:>7.2} ms (bar: p95 < {BAR} ms)  \
             processor {:>6.2} ms  {}",
            times.len(),
            times.percentile(50.0),
            times.percentile(99.0),
            used * 1e3 / times.len() as f64,
            load_average()
        );
        if p95 >= BAR {
            missed.push(format!("{engine}, {name}: p95 {p95:.1} ms"));
        }
    }
    if missed.is_empty() {
        Ok(())
    } else {
        Err(missed.join("\n").into())
    }
}

/// The id of the record of a kind with a number. Ids come in order here, where the program draws them by lot:
/// else filling touches every page of the indexes with each case.
fn id(kind: &str, n: usize) -> RecordId {
    let RecordId(first) = RecordId::named(kind, "LOAD");
    let ordered = (first.as_u128() & !(u128::from(u64::MAX) >> 2)) | n as u128;
    RecordId(uuid::Uuid::from_u128(ordered))
}

/// What makes records, one after the other.
struct Maker<'a> {
    put: &'a mut dyn FnMut(Change) -> Result<Written, StoreError>,
    today: Date,
    /// Case under way.
    case: usize,
}

/// Cases of one transaction.
const AT_ONCE: usize = 2_000;

/// Fills a store, some thousand cases at a time; what an earlier run wrote before it was stopped, stays.
fn fill(store: &dyn Store, cases: usize) -> Result<(), StoreError> {
    let today = today();
    for first in (0..cases).step_by(AT_ONCE) {
        let last = id("case", cases.min(first + AT_ONCE) - 1);
        if store.get(&system(), "case", last)?.is_some() {
            continue;
        }
        store.write_all(
            &system(),
            Box::new(|put| {
                let mut maker = Maker {
                    put,
                    today,
                    case: first,
                };
                if first == 0 {
                    maker.frame()?;
                }
                for case in first..cases.min(first + AT_ONCE) {
                    maker.case = case;
                    maker.one()?;
                }
                Ok(())
            }),
        )?;
        eprint!("\r{} of {cases} cases", cases.min(first + AT_ONCE));
    }
    eprintln!();
    Ok(())
}

impl Maker<'_> {
    fn record(&mut self, kind: &str, n: usize, state: &str, body: Value) -> Result<(), StoreError> {
        let partner = PARTNERS[self.case % PARTNERS.len()];
        let mut label = Label::internal("USA");
        if self.case.is_multiple_of(3) {
            label = Label::public("USA");
        }
        (self.put)(Change {
            envelope: Envelope {
                id: id(kind, n),
                kind: kind.into(),
                code: format!("L{n:08}"),
                version: 0,
                state: state.into(),
                valid: ValidTime::default(),
                label,
                owner: "symbolon".into(),
                partner: if kind == "fund_source" { "" } else { partner }.into(),
                programme: String::new(),
                sources: vec![],
                claims: vec![],
            },
            body,
            action: format!("{kind}.create"),
            reason: String::new(),
            saw: vec![],
        })?;
        Ok(())
    }

    /// A day so many days from today, in a spread of so many that goes by the case.
    fn day(&self, from: i64, spread: usize, salt: usize) -> Date {
        let at = (self.case * 31 + salt * 17) % spread;
        self.today
            .saturating_add((from + i64::try_from(at).unwrap_or(0)).days())
    }

    /// Money and initiatives that the cases are of.
    fn frame(&mut self) -> Result<(), StoreError> {
        for n in 0..40 {
            let year = 2010 + n % 17;
            let body = json!({"name": format!("Money {n}, invented"), "account": "FMF", "fiscal_year": year,
                "purpose": "Invented", "amount": "900000000.00", "currency": "USD",
                "available_from": format!("{}-10-01", year - 1), "obligate_by": format!("{}-09-30", year + 1),
                "cancels": format!("{}-09-30", year + 6)});
            self.record("fund_source", n, "available", body)?;
        }
        for n in 0..PARTNERS.len() {
            self.case = n;
            let body = json!({"title": format!("Initiative {n}, invented"), "area": "maritime"});
            self.record("initiative", n, "approved", body)?;
        }
        Ok(())
    }

    /// A case with what hangs on it. Three of four are closed; what is under way has days around today.
    fn one(&mut self) -> Result<(), StoreError> {
        let case = self.case;
        let open = case.is_multiple_of(4);
        let (from, spread) = if open { (-400, 500) } else { (-6000, 5600) };
        let initiative = id("initiative", case % PARTNERS.len()).to_string();
        let offered = self.day(from, spread, 1);
        let body = json!({"title": format!("Case {case}, invented"), "designator": format!("XX-B-{case:06}"),
            "initiative": initiative, "programme_kind": "sale", "authority": AUTHORITIES[case % 4],
            "implementing_agency": AGENCIES[case % 3], "currency": "USD", "total_value": "12000000.00",
            "offer_due": self.day(from, spread, 0).to_string(), "offered": offered.to_string(),
            "planned_complete": self.day(from + 200, spread, 2).to_string()});
        let state = if open { "implemented" } else { "final_closed" };
        self.record("case", case, state, body)?;
        let of = id("case", case).to_string();
        for n in 0..LINES {
            let body = json!({"title": format!("Line {n}, invented"), "case": of, "number": format!("{:03}", n + 1),
                "commodity": COMMODITIES[(case + n) % 4], "quantity": 12, "value": "1200000.00"});
            let state = if open { "ordered" } else { "supply_complete" };
            self.record("case_line", case * LINES + n, state, body)?;
        }
        for n in 0..SHIPMENTS {
            self.shipment(n, open, from, spread)?;
        }
        for n in 0..2 {
            let planned = self.day(from, spread, 5 + n);
            let actual = planned.saturating_add(i64::try_from(case % 40).unwrap_or(0).days());
            let body = json!({"title": format!("Milestone {n} of {case}, invented"), "initiative": initiative,
                "planned": planned.to_string(), "delay_cause": CAUSES[case % 3],
                "actual": (!open).then(|| actual.to_string()), "evidence": "Invented"});
            let state = if open { "planned" } else { "reached" };
            self.record("milestone", case * 2 + n, state, body)?;
        }
        self.money(&of)
    }

    fn shipment(
        &mut self,
        n: usize,
        open: bool,
        from: i64,
        spread: usize,
    ) -> Result<(), StoreError> {
        let case = self.case;
        let planned = self.day(from, spread, 10 + n);
        let after = |days: usize| {
            let days = i64::try_from(days).unwrap_or(0);
            planned.saturating_add(days.days()).to_string()
        };
        let done = |days: usize| (!open).then(|| after(days));
        let body = json!({"title": format!("Shipment {n}, invented"),
            "line": id("case_line", case * LINES + n).to_string(), "quantity": 4,
            "planned_shipped": planned.to_string(), "shipped": done(case % 30),
            "planned_arrived": after(40), "arrived": done(35 + case % 50),
            "planned_handed_over": after(60), "handed_over": done(90 + case % 20),
            "delay_cause": CAUSES[(case + n) % 3]});
        let state = if open { "planned" } else { "handed_over" };
        self.record("shipment", case * SHIPMENTS + n, state, body)
    }

    fn money(&mut self, of: &str) -> Result<(), StoreError> {
        let case = self.case;
        let fund = id("fund_source", case % 40).to_string();
        for n in 0..POSTINGS {
            let stage = [
                "request",
                "commitment",
                "obligation",
                "disbursement",
                "liquidation",
            ][n % 5];
            let number = case * POSTINGS + n;
            let follows = (n % 5 > 0).then(|| id("ledger_entry", number - 1).to_string());
            let body = json!({"title": format!("{stage} {n} of case {case}, invented"), "stage": stage,
                "fund_source": fund, "case": of, "follows": follows,
                "posted_on": self.day(-6000, 5900, n).to_string(), "amount": "20000.00", "currency": "USD"});
            self.record("ledger_entry", number, "certified", body)?;
        }
        Ok(())
    }
}
