//! Portfolio, country and explorer pages under eight readers: time from request to last byte.

use crate::client::Client;
use crate::figures::{Times, load_average, number, option, processor_seconds};
use crate::instance::{cookies, loaded, served};
use std::error::Error;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const CLIENTS: usize = 8;
const ACCOUNTS: usize = 64;
const COUNTRIES: [&str; 8] = ["MLI", "AFG", "COL", "SEN", "UKR", "IRQ", "PHL", "TUV"];
const WORDS: [&str; 8] = [
    "battalion",
    "comando",
    "infantry schol",
    "naval",
    "medic",
    "bamako",
    "police",
    "logistics",
];

/// A page, and its addresses by number: most are asked once only, so that nothing answers from memory.
type Page = (&'static str, fn(usize, usize) -> String);

const PAGES: [Page; 9] = [
    ("portfolio", |n, _| {
        let measure = ["trainees", "cost", "rows", "aid"][n % 4];
        format!(
            "/?measure={measure}&from={}&to={}",
            1999 + n % 9,
            2010 + n % 10
        )
    }),
    ("country", |n, _| format!("/countries/{}", COUNTRIES[n % 8])),
    ("explorer", |n, _| format!("/training?page={}", n % 40 + 1)),
    ("explorer, deep page", |n, rows| {
        format!("/training?page={}", rows / 50 - 200 - n % 1000)
    }),
    ("explorer, filters", |n, _| {
        format!(
            "/training?country={}&from=2005&to=2015&cost_min={n}",
            COUNTRIES[n % 8]
        )
    }),
    ("explorer, wide filter", |n, _| {
        format!("/training?cost_min={n}&from=2003")
    }),
    ("explorer, text", |n, _| {
        format!(
            "/training?q={}&cost_max={}",
            WORDS[n % 8].replace(' ', "+"),
            1_000_000 + n
        )
    }),
    ("explorer, sorted", |n, _| {
        format!(
            "/training?sort={}&page={}",
            ["-cost", "course", "start", "country"][n % 4],
            n % 9 + 1
        )
    }),
    ("explorer, filters sorted", |n, _| {
        format!(
            "/training?account=IMET&cost_min={n}&sort={}",
            ["-cost", "unit", "-start"][n % 3]
        )
    }),
];

pub(crate) fn run(args: &[String]) -> Result<(), Box<dyn Error>> {
    let rows = number(option(args, "--rows").unwrap_or("254k"))?;
    let seconds = number(option(args, "--seconds").unwrap_or("4"))? as u64;
    let bar = if rows > 254_000 { 150.0 } else { 100.0 };
    let only = option(args, "--only").unwrap_or_default();
    let scratch = tempfile::tempdir()?;
    let directory = option(args, "--in").map_or(scratch.path(), Path::new);
    let begun = Instant::now();
    let app = loaded(directory, rows)?;
    println!(
        "{rows} rows ready in {:.1} s",
        begun.elapsed().as_secs_f64()
    );
    let cookies = cookies(&app, ACCOUNTS)?;
    let address = served(app, option(args, "--threads"))?;
    let mut missed = vec![];
    println!("{CLIENTS} clients, {ACCOUNTS} accounts, gzip; ms of a request (bar: p95 < {bar} ms)");
    let mut report = |name: &str, (times, used): &(Times, f64)| {
        let p95 = times.percentile(95.0);
        println!(
            "{name:<26} {:>6} requests  p50 {:>7.2}  p95 {p95:>7.2}  p99 {:>7.2}  processor {:>6.2} ms  {}",
            times.len(),
            times.percentile(50.0),
            times.percentile(99.0),
            used * 1e3 / times.len() as f64,
            load_average()
        );
        if p95 >= bar {
            missed.push(format!("{name}: p95 {p95:.1} ms"));
        }
    };
    let span = Duration::from_secs(seconds);
    for (name, path) in PAGES.into_iter().filter(|(name, _)| name.contains(only)) {
        let times = load(address, &cookies, span, &|n| path(n, rows))?;
        report(name, &times);
    }
    if !only.is_empty() {
        return Ok(());
    }
    let mixed = |n: usize| PAGES[n % PAGES.len()].1(n / PAGES.len() + 50_000, rows);
    report(
        "all of them, mixed",
        &load(address, &cookies, span * 2, &mixed)?,
    );
    if missed.is_empty() {
        Ok(())
    } else {
        Err(missed.join("\n").into())
    }
}

/// Every client asks for the next address as soon as it has its answer; times, and seconds of
/// processor time used by server and clients.
pub(crate) fn load(
    address: SocketAddr,
    cookies: &[String],
    span: Duration,
    path: &(dyn Fn(usize) -> String + Sync),
) -> Result<(Times, f64), String> {
    let used = processor_seconds(std::process::id());
    let (next, begun) = (AtomicUsize::new(0), Instant::now());
    let client = || {
        let mut client = Client::new(address).map_err(|e| e.to_string())?;
        let mut times = vec![];
        while begun.elapsed() < span {
            let n = next.fetch_add(1, Ordering::Relaxed);
            let (path, asked) = (path(n), Instant::now());
            client.get(&path, &cookies[n % cookies.len()])?;
            times.push(asked.elapsed().as_secs_f64() * 1e3);
        }
        Ok::<_, String>(times)
    };
    let all = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(client)).collect();
        let each = threads.into_iter().map(|t| {
            t.join()
                .unwrap_or_else(|_| Err("a client failed".to_owned()))
        });
        each.collect::<Result<Vec<_>, _>>()
    })?;
    Ok((
        Times::new(all.concat()),
        processor_seconds(std::process::id()) - used,
    ))
}
