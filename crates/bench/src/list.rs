//! A page of a list of a million records of one kind, as a partner's officer sees it and as nothing
//! hidden: what the row filter costs, on SQLite and on PostgreSQL, and what the page takes over HTTP.
//!
//! `symbolon-bench list [--rows 1m] [--postgres URL]`; the database of the URL must be empty.

use crate::client::Client;
use crate::figures::{Times, load_average, number, option};
use crate::instance::{served, surroundings};
use std::error::Error;
use std::sync::Arc;
use std::time::Instant;
use symbolon_access::Viewer;
use symbolon_app::{App, NewAccount};
use symbolon_domain::{
    country::Iso3,
    date::ValidTime,
    kinds::Role,
    label::Label,
    record::{Envelope, RecordId},
};
use symbolon_store::{Change, Store, query::RecordQuery};
use symbolon_store_sql::SqlStore;

/// 95th percentile of a page, in milliseconds.
const PAGE_BAR: f64 = 100.0;
/// What the filter may cost beside the same list without one.
const COST_BAR: f64 = 1.5;
/// Pages asked for.
const PAGES: u32 = 400;
/// The partner whose officer looks.
const NATION: &str = "MLI";

pub(crate) fn run(args: &[String]) -> Result<(), Box<dyn Error>> {
    let rows = number(option(args, "--rows").unwrap_or("1m"))?;
    let directory = tempfile::tempdir()?;
    let sqlite = SqlStore::sqlite(&directory.path().join("list.sqlite"), surroundings())?;
    let begun = Instant::now();
    fill(&sqlite, rows)?;
    println!(
        "{}; {rows} records made in {:.0} s",
        load_average(),
        begun.elapsed().as_secs_f64()
    );
    let mut missed = vec![];
    if let Some(url) = option(args, "--postgres") {
        let postgres = SqlStore::postgres(url, surroundings())?;
        postgres.fill(Box::new(|put| sqlite.dump(put)))?;
        measured("PostgreSQL", postgres, &mut missed)?;
    }
    measured("SQLite", sqlite, &mut missed)?;
    if missed.is_empty() {
        Ok(())
    } else {
        Err(missed.join("\n").into())
    }
}

/// Labels as a partner's list has them: public, our own, a third nation's, and released to one each.
fn labels() -> Result<Vec<Label>, Box<dyn Error>> {
    let mut all = vec![
        Label::public("USA"),
        Label::internal("USA"),
        Label::internal("FRA"),
    ];
    for nation in [NATION, "NGA", "TCD", "GHA", "KEN", "FRA", "GBR"] {
        let mut label = Label::internal("USA");
        label.controls.insert("REL TO".into());
        label.rel_to.nations.insert(nation.parse::<Iso3>()?);
        label.released_at = Some(jiff::civil::date(2025, 1, 1));
        all.push(label);
    }
    Ok(all)
}

/// A new record.
pub(crate) fn change(kind: &str, code: String, label: Label, body: serde_json::Value) -> Change {
    Change {
        envelope: Envelope {
            id: RecordId::named(kind, &code),
            kind: kind.into(),
            code,
            version: 0,
            state: String::new(),
            valid: ValidTime::default(),
            label,
            owner: "symbolon".into(),
            partner: String::new(),
            programme: String::new(),
            sources: vec![],
            claims: vec![],
        },
        body,
        action: format!("{kind}.create"),
        reason: String::new(),
        saw: vec![],
    }
}

/// A sharing agreement with the partner, and the records: a fifteenth of them about it, half of these
/// released to it, the rest about 179 others. Codes come in no order.
fn fill(store: &SqlStore, rows: usize) -> Result<(), Box<dyn Error>> {
    let system = system();
    let body = serde_json::json!({"title": "Invented", "parties": ["USA", NATION], "policy": "US",
        "level": "internal", "in_force_from": "2020-01-01"});
    let mut sharing = change("sharing_agreement", "A".into(), Label::public("USA"), body);
    sharing.envelope.state = "in_force".into();
    store.write(&system, vec![sharing])?;
    let labels = labels()?;
    let body =
        serde_json::json!({"title": "Invented", "publisher": "Invented", "licence": "CC0-1.0"});
    store.write_all(
        &system,
        Box::new(|put| {
            for i in 0..rows {
                let code = format!("C{:08x}", (i as u32).wrapping_mul(0x9e37_79b1));
                let label = labels[i % labels.len()].clone();
                let mut source = change("source", code, label, body.clone());
                source.envelope.state = "current".into();
                source.envelope.partner = if matches!(i % 30, 1 | 3) {
                    NATION.to_owned()
                } else {
                    let letter = |n: usize| char::from(b'A' + n as u8);
                    format!("{}{}Z", letter(i / 30 % 18), letter(i / 7 % 10))
                };
                put(source)?;
            }
            Ok(())
        }),
    )?;
    Ok(())
}

fn system() -> Viewer {
    Viewer::system(
        jiff::Timestamp::now()
            .to_zoned(jiff::tz::TimeZone::UTC)
            .date(),
    )
}

/// Pages of fifty with their total, of every viewer in turn, so that both see the same machine.
fn measured(engine: &str, store: SqlStore, missed: &mut Vec<String>) -> Result<(), Box<dyn Error>> {
    let store: Arc<dyn Store> = Arc::new(store);
    let app = Arc::new(App::new(Arc::clone(&store), surroundings()));
    let new = NewAccount {
        name: "An Officer".into(),
        role: Role::PartnerOfficer,
        nation: NATION.parse()?,
        standing: None,
    };
    let id = app.add_account(&app.system(), &new)?;
    let token = app.sign_in(&app.sign_in_link(id)?)?.token;
    let officer = app
        .viewer(&token, "bench")?
        .ok_or("the officer is not signed in")?;
    let (mut all, mut seen) = (vec![], vec![]);
    let mut totals = (0, 0);
    for n in 0..PAGES {
        let (ms, total) = page(&*store, &system(), n)?;
        all.push(ms);
        totals.0 = total;
        let (ms, total) = page(&*store, &officer, n)?;
        seen.push(ms);
        totals.1 = total;
    }
    let (all, seen) = (Times::new(all), Times::new(seen));
    for (who, times, total) in [("unfiltered", &all, totals.0), ("partner", &seen, totals.1)] {
        println!(
            "{engine:<10} {who:<10} of {total:>7}  p50 {:>6.2} ms  p95 {:>6.2} ms",
            times.percentile(50.0),
            times.percentile(95.0)
        );
    }
    let cost = seen.percentile(50.0) / all.percentile(50.0);
    println!("{engine:<10} the filter costs {cost:.2} times (bar {COST_BAR})");
    let http = over_http(app, &token)?;
    println!(
        "{engine:<10} the partner's page over HTTP  p50 {:>6.2} ms  p95 {:>6.2} ms (bar {PAGE_BAR})",
        http.percentile(50.0),
        http.percentile(95.0)
    );
    if totals.1 == 0 || totals.1 == totals.0 {
        missed.push(format!("{engine}: {} of {} seen", totals.1, totals.0));
    }
    if cost > COST_BAR {
        missed.push(format!("{engine}: the filter costs {cost:.2} times"));
    }
    if http.percentile(95.0) >= PAGE_BAR {
        missed.push(format!("{engine}: p95 {:.1} ms", http.percentile(95.0)));
    }
    Ok(())
}

fn page(store: &dyn Store, viewer: &Viewer, n: u32) -> Result<(f64, u64), Box<dyn Error>> {
    let query = RecordQuery {
        limit: 50,
        offset: n % 20 * 50,
        ..RecordQuery::default()
    };
    let begun = Instant::now();
    let rows = store.list(viewer, "source", &query)?;
    let total = store.count(viewer, "source", &query)?;
    let ms = begun.elapsed().as_secs_f64() * 1e3;
    if rows.len() == 50 {
        Ok((ms, total))
    } else {
        Err(format!("a page of {} records", rows.len()).into())
    }
}

fn over_http(app: Arc<App>, token: &str) -> Result<Times, Box<dyn Error>> {
    let mut client = Client::new(served(app, None)?)?;
    let cookie = format!("symbolon={token}");
    let mut times = vec![];
    for n in 0..PAGES {
        let begun = Instant::now();
        client.get(&format!("/records/source?page={}", n % 20 + 1), &cookie)?;
        times.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    Ok(Times::new(times))
}
