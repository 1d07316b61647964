//! Durable writes through the HTTP API, beside the disk itself and beside one commit an entry, in one run.

use crate::client::Client;
use crate::figures::{Times, load_average, number, option};
use crate::instance::{cookies, loaded, served};
use std::error::Error;
use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Clients at once in the second part.
const CLIENTS: usize = 64;
/// Rate of one client against the disk's own.
const SINGLE_BAR: f64 = 0.8;
/// Rate of all clients against one commit an entry.
const GROUP_BAR: f64 = 10.0;
/// Bytes that the probe writes before each sync: about what an entry takes.
const PROBE: usize = 4096;

pub(crate) fn run(args: &[String]) -> Result<(), Box<dyn Error>> {
    let seconds = Duration::from_secs(number(option(args, "--seconds").unwrap_or("5"))? as u64);
    let rounds = number(option(args, "--rounds").unwrap_or("3"))?;
    let directory = match option(args, "--on") {
        Some(place) => tempfile::tempdir_in(place)?,
        None => tempfile::tempdir()?,
    };
    let app = loaded(directory.path(), 0)?;
    let cookies = cookies(&app, CLIENTS)?;
    let address = served(app, option(args, "--threads"))?;
    println!("{}", load_average());
    let next = AtomicU64::new(0);
    let mut all = vec![];
    for round in 1..=rounds {
        let probe = probe(directory.path(), seconds)?;
        let commits = commits(directory.path(), seconds)?;
        let (one, times) = clients(address, &cookies[..1], seconds, &next)?;
        let (many, group) = clients(address, &cookies, seconds, &next)?;
        println!(
            "round {round}: fdatasync {probe:.0}/s, one commit an entry {commits:.0}/s; \
             1 client {one:.0}/s (p50 {:.2} ms), {CLIENTS} clients {many:.0}/s (p99 {:.1} ms)",
            times.percentile(50.0),
            group.percentile(99.0)
        );
        all.push((one / probe, many / commits));
    }
    let middle =
        |pick: fn(&(f64, f64)) -> f64| Times::new(all.iter().map(pick).collect()).percentile(50.0);
    let (single, group) = (middle(|r| r.0), middle(|r| r.1));
    println!("1 client against the disk's fdatasync: {single:.2} (bar {SINGLE_BAR})");
    println!("{CLIENTS} clients against one commit an entry: {group:.1} (bar {GROUP_BAR})");
    Ok(())
}

/// Syncs a second that the disk makes of one thread: write a block, sync, again.
fn probe(directory: &Path, seconds: Duration) -> Result<f64, Box<dyn Error>> {
    let path = directory.join("probe");
    let mut file = std::fs::File::create(&path)?;
    file.write_all(&vec![1; 64 << 20])?;
    file.sync_all()?;
    let block = vec![2; PROBE];
    let begun = Instant::now();
    let mut syncs = 0_u64;
    while begun.elapsed() < seconds {
        std::os::unix::fs::FileExt::write_all_at(&file, &block, (syncs % 16_000) * PROBE as u64)?;
        file.sync_data()?;
        syncs += 1;
    }
    let rate = syncs as f64 / begun.elapsed().as_secs_f64();
    std::fs::remove_file(path)?;
    Ok(rate)
}

/// Commits a second of bare SQLite, one entry each, under the program's own settings.
fn commits(directory: &Path, seconds: Duration) -> Result<f64, Box<dyn Error>> {
    let path = directory.join("commits.sqlite");
    let _ = std::fs::remove_file(&path);
    let conn = rusqlite::Connection::open(&path)?;
    conn.execute_batch(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE IF NOT EXISTS t(id INTEGER PRIMARY KEY, body TEXT)",
    )?;
    let body = "x".repeat(1000);
    let begun = Instant::now();
    let mut n = 0_u64;
    while begun.elapsed() < seconds {
        conn.execute("INSERT INTO t(body) VALUES(?1)", [&body])?;
        n += 1;
    }
    Ok(n as f64 / begun.elapsed().as_secs_f64())
}

/// Writes a second that these clients get acknowledged, and how long each waited in milliseconds.
fn clients(
    address: SocketAddr,
    cookies: &[String],
    seconds: Duration,
    next: &AtomicU64,
) -> Result<(f64, Times), Box<dyn Error>> {
    let begun = Instant::now();
    let done: Vec<Result<Vec<f64>, String>> = std::thread::scope(|scope| {
        let client = |cookie: &'_ String| {
            let cookie = cookie.clone();
            scope.spawn(move || client(address, &cookie, begun + seconds, next))
        };
        let threads: Vec<_> = cookies.iter().map(client).collect();
        let join = |t: std::thread::ScopedJoinHandle<'_, _>| match t.join() {
            Ok(result) => result,
            Err(_) => Err("a client failed".to_owned()),
        };
        threads.into_iter().map(join).collect()
    });
    let elapsed = begun.elapsed().as_secs_f64();
    let times: Vec<f64> = done.into_iter().collect::<Result<Vec<_>, _>>()?.concat();
    Ok((times.len() as f64 / elapsed, Times::new(times)))
}

fn client(
    address: SocketAddr,
    cookie: &str,
    until: Instant,
    next: &AtomicU64,
) -> Result<Vec<f64>, String> {
    let mut client = Client::new(address).map_err(|e| e.to_string())?;
    let mut times = vec![];
    while Instant::now() < until {
        let n = next.fetch_add(1, Ordering::Relaxed);
        let body = format!(
            "{{\"code\":\"bench-{n}\",\"body\":{{\"title\":\"Source {n}\",\"publisher\":\"Bench\",\"url\":\"\",\"licence\":\"CC0\"}}}}"
        );
        let begun = Instant::now();
        client.post("/api/v1/records/source", cookie, &body)?;
        times.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    Ok(times)
}
