//! The page of fifty rows, with session and permission check, beside the same page in FastAPI and
//! Django, under the same load, in turn.

use crate::figures::{load_average, number, option, processor_seconds};
use crate::instance::{cookies, loaded, served};
use crate::peers::{Peer, database};
use std::error::Error;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

const CONNECTIONS: &str = "-c32";
const ACCOUNTS: usize = 64;
/// p99 in milliseconds of our pages and of a determination.
const BAR: f64 = 10.0;
/// p99 in milliseconds of a point read.
const POINT_BAR: f64 = 6.0;
/// Rate of a point read against FastAPI's.
const POINT_RATIO: f64 = 5.0;
/// A package that is refused, so that every rule is told and the ways to a yes are looked for.
const PACKAGE: &str = r#"{"assume": "clear", "date": "2023-05-10", "authority": "fms", "partner": "KEN", "aid": "equipment",
"recipient": "military", "mde_value": "USD 16_000_000", "total_value": 22000000, "certificate_received": "2023-05-01"}"#;

/// Requests a second, p50 and p99 in milliseconds, and processor time of the server in microseconds
/// a request.
#[derive(Clone, Copy, Debug)]
struct Figures {
    rate: f64,
    processor: f64,
    p50: f64,
    p99: f64,
}

/// Something to ask: who answers, what, addresses to choose from, cookies.
struct Target<'a> {
    who: &'a str,
    what: &'static str,
    process: u32,
    address: SocketAddr,
    paths: Vec<String>,
    cookies: &'a [String],
    /// Sent by POST.
    body: Option<&'static str>,
}

pub(crate) fn run(args: &[String]) -> Result<(), Box<dyn Error>> {
    let rounds = number(option(args, "--rounds").unwrap_or("3"))?;
    let seconds = option(args, "--seconds").unwrap_or("5");
    let directory = tempfile::tempdir()?;
    let app = loaded(directory.path(), 0)?;
    let cookies = cookies(&app, ACCOUNTS)?;
    let one = app
        .records(&app.system(), "membership", &Default::default())?
        .0;
    // Full pages only.
    let full = u32::try_from(one.len() / 50 + 1)?;
    let ids: Vec<_> = one.iter().take(400).map(|r| r.envelope.id).collect();
    let ours = served(app, option(args, "--threads"))?;
    let peers = peers(args, directory.path())?;
    let target = |what, paths| Target {
        who: "Symbolon",
        what,
        process: std::process::id(),
        address: ours,
        paths,
        cookies: &cookies,
        body: None,
    };
    let pages = |n: u32, f: &dyn Fn(u32) -> String| (2..n).map(f).collect::<Vec<_>>();
    let mut targets = vec![
        target(
            "records page",
            pages(full, &|n| format!("/records/membership?page={n}")),
        ),
        target(
            "training page",
            pages(100, &|n| format!("/training?page={n}")),
        ),
        target(
            "point read",
            ids.iter()
                .map(|id| format!("/api/v1/records/membership/{id}"))
                .collect(),
        ),
        Target {
            body: Some(PACKAGE),
            ..target("determination", vec!["/api/v1/determinations".to_owned()])
        },
    ];
    for peer in &peers {
        let some = |f: fn(u32) -> String| (0..2000).map(|n| f(n * 450 + 1)).collect();
        for (what, paths) in [
            ("page", some(|n| format!("/table/{n}"))),
            ("point read", some(|n| format!("/row/{n}"))),
        ] {
            targets.push(Target {
                who: peer.name,
                what,
                process: peer.process(),
                address: peer.address,
                paths,
                cookies: &[],
                body: None,
            });
        }
    }
    let mut figures: Vec<Vec<Figures>> = vec![vec![]; targets.len()];
    for round in 1..=rounds {
        for (target, figures) in targets.iter().zip(&mut figures) {
            let f = wrk(target, directory.path(), seconds)?;
            println!(
                "round {round}: {:<9} {:<14} {:>8.0} requests/s  p50 {:>7.2} ms  p99 {:>7.2} ms  processor {:>7.0} us  {}",
                target.who,
                target.what,
                f.rate,
                f.p50,
                f.p99,
                f.processor,
                load_average()
            );
            figures.push(f);
        }
    }
    let named: Vec<_> = targets
        .iter()
        .map(|t| (t.who, t.what))
        .zip(figures.iter().map(|f| median(f)))
        .collect();
    report(&named)
}

fn peers(args: &[String], directory: &Path) -> Result<Vec<Peer>, Box<dyn Error>> {
    let Some(python) = option(args, "--python") else {
        println!("SKIPPED: FastAPI and Django; name an interpreter that has them: --python PATH");
        return Ok(vec![]);
    };
    let file = directory.join("peers.sqlite");
    database(&file)?;
    let mut peers = vec![];
    for start in [Peer::fastapi, Peer::django] {
        match start(python, &file) {
            Ok(peer) => peers.push(peer),
            Err(e) => println!("SKIPPED: {e}"),
        }
    }
    Ok(peers)
}

fn median(figures: &[Figures]) -> Figures {
    let of = |f: fn(&Figures) -> f64| {
        let mut all: Vec<f64> = figures.iter().map(f).collect();
        all.sort_by(f64::total_cmp);
        all.get(all.len() / 2).copied().unwrap_or(f64::NAN)
    };
    Figures {
        rate: of(|f| f.rate),
        processor: of(|f| f.processor),
        p50: of(|f| f.p50),
        p99: of(|f| f.p99),
    }
}

fn report(all: &[((&str, &str), Figures)]) -> Result<(), Box<dyn Error>> {
    let of = |who: &str, what: &str| {
        all.iter()
            .find(|(name, _)| *name == (who, what))
            .map(|(_, f)| *f)
    };
    let mut missed = vec![];
    for page in ["records page", "training page"] {
        let Some(ours) = of("Symbolon", page) else {
            continue;
        };
        if ours.p99 > BAR {
            missed.push(format!("{page}: p99 {:.1} ms is above {BAR} ms", ours.p99));
        }
        for (who, bar) in [("FastAPI", 3.0), ("Django", 15.0)] {
            let Some(theirs) = of(who, "page") else {
                continue;
            };
            let ratio = ours.rate / theirs.rate;
            let work = theirs.processor / ours.processor;
            println!("{page} / {who} page: {ratio:.1} (bar {bar}); by processor time {work:.1}");
            if ratio < bar {
                missed.push(format!("{page}: {ratio:.1} times {who}, {bar} wanted"));
            }
        }
    }
    for (who, bar) in [("FastAPI", POINT_RATIO), ("Django", 0.0)] {
        if let (Some(ours), Some(theirs)) = (of("Symbolon", "point read"), of(who, "point read")) {
            let ratio = ours.rate / theirs.rate;
            println!("point read / {who} point read: {ratio:.1} (bar {bar})");
            if ratio < bar {
                missed.push(format!("point read: {ratio:.1} times {who}, {bar} wanted"));
            }
        }
    }
    for (what, bar) in [("point read", POINT_BAR), ("determination", BAR)] {
        let p99 = of("Symbolon", what).map_or(0.0, |f| f.p99);
        if p99 > bar {
            missed.push(format!("{what}: p99 {p99:.1} ms is above {bar} ms"));
        }
    }
    if missed.is_empty() {
        Ok(())
    } else {
        Err(missed.join("\n").into())
    }
}

/// The load of one target; every request takes the next address and the next account.
fn wrk(target: &Target<'_>, directory: &Path, seconds: &str) -> Result<Figures, Box<dyn Error>> {
    let list = |items: &[String]| {
        items
            .iter()
            .map(|i| format!("\"{i}\""))
            .collect::<Vec<_>>()
            .join(",")
    };
    let script = directory.join("load.lua");
    std::fs::write(
        &script,
        format!(
            "local paths = {{{}}}\nlocal cookies = {{{}}}\nlocal n = 0\n\
             request = function() n = n + 1\n local headers = {{}}\n\
             if #cookies > 0 then headers['Cookie'] = cookies[n % #cookies + 1] end\n\
             {}\nreturn wrk.format(method, paths[n % #paths + 1], headers, body) end\n",
            list(&target.paths),
            list(target.cookies),
            target.body.map_or("local method = 'GET'".to_owned(), |body| format!(
                "local method, body = 'POST', [[{body}]]\n\
                 headers['Content-Type'] = 'application/json'\n headers['Sec-Fetch-Site'] = 'same-origin'"
            )),
        ),
    )?;
    let used = processor_seconds(target.process);
    let output = Command::new("wrk")
        .args(["-t1", CONNECTIONS, "--latency", "-d", seconds, "-s"])
        .arg(&script)
        .arg(format!("http://{}", target.address))
        .output()
        .map_err(|e| format!("wrk: {e}; install it (Debian: wrk)"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if let Some(bad) = text
        .lines()
        .find(|l| l.contains("Non-2xx") || l.contains("Socket errors"))
    {
        return Err(format!("{} {}: {bad}", target.who, target.what).into());
    }
    let after = |head: &str| {
        let line = text
            .lines()
            .map(str::trim)
            .find_map(|l| l.strip_prefix(head));
        line.map(|l| l.trim().to_owned())
            .ok_or(format!("wrk said: {text}"))
    };
    let used = processor_seconds(target.process) - used;
    let rate: f64 = after("Requests/sec:")?.parse()?;
    let requests = rate * seconds.parse::<f64>()?;
    Ok(Figures {
        rate,
        processor: used * 1e6 / requests,
        p50: milliseconds(&after("50%")?)?,
        p99: milliseconds(&after("99%")?)?,
    })
}

fn milliseconds(text: &str) -> Result<f64, String> {
    let units = [("us", 1e-3), ("ms", 1.0), ("s", 1e3)];
    let found = units
        .iter()
        .find_map(|(unit, factor)| Some(text.strip_suffix(unit)?.parse::<f64>().ok()? * factor));
    found.ok_or_else(|| format!("{text} is no time"))
}
