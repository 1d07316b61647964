//! Import of a training report against bare `csv` and SQLite inserts, in turn.

use super::{Ran, Scratch, build, child, option, rounds, spread};
use std::path::{Path, PathBuf};

/// At most so many times the bare import.
const BAR: f64 = 1.5;
/// And so much memory, MiB.
const PEAK: f64 = 256.0;

pub(super) fn run(args: &[String]) -> Result<(), String> {
    let file = option(args, "--file").ok_or("--file FILE.tsv is wanted (or FILE.tsv.zst)")?;
    let rounds = rounds(args, 5)?;
    let bin = build(&["symbolon-cli", "symbolon-bench"])?;
    let scratch = Scratch::new()?;
    let table = unpacked(Path::new(file), &scratch)?;
    let (mut bare, mut ours, mut ready, mut peak) = (vec![], vec![], vec![], 0_f64);
    let mut rows = (0, 0);
    for round in 1..=rounds {
        let b = bare_import(&bin, &table, &scratch)?;
        let o = import(&bin, &table, &scratch, &[])?;
        let r = import(&bin, &table, &scratch, &["--ask", "training"])?;
        eprintln!(
            "round {round}: bare {:.2} s, import {:.2} s ({:.0} MiB), import and first question {:.2} s ({:.0} MiB)",
            b.seconds, o.seconds, o.peak, r.seconds, r.peak
        );
        rows = (rows_of(&b), rows_of(&o));
        peak = peak.max(o.peak).max(r.peak);
        bare.push(b.seconds);
        ours.push(o.seconds);
        ready.push(r.seconds);
    }
    if rows.0 != rows.1 {
        return Err(format!("bare read {} rows, the import {}", rows.0, rows.1));
    }
    report(rows.1, bare, ours, ready, peak)
}

fn report(
    rows: i64,
    bare: Vec<f64>,
    ours: Vec<f64>,
    ready: Vec<f64>,
    peak: f64,
) -> Result<(), String> {
    let (limit, ..) = spread(bare.clone());
    println!("{rows} rows; seconds, median (least-most)");
    for (name, values) in [
        ("bare csv + inserts, 3 indexes", bare),
        ("symbolon import fmtr", ours.clone()),
        ("the same and a first question", ready.clone()),
    ] {
        let (median, least, most) = spread(values);
        println!(
            "{name:<32} {median:.2} ({least:.2}-{most:.2})  {:.2}x",
            median / limit
        );
    }
    println!("peak {peak:.0} MiB");
    let ratio = spread(ready).0 / limit;
    if ratio > BAR || peak >= PEAK {
        return Err(format!(
            "the bar is {BAR}x and {PEAK} MiB: {ratio:.2}x and {peak:.0} MiB"
        ));
    }
    Ok(())
}

fn rows_of(ran: &Ran) -> i64 {
    let json: serde_json::Value = serde_json::from_str(&ran.out).unwrap_or_default();
    json["rows"].as_i64().unwrap_or(-1)
}

fn unpacked(file: &Path, scratch: &Scratch) -> Result<PathBuf, String> {
    if file.extension().is_none_or(|e| e != "zst") {
        return Ok(file.to_owned());
    }
    let failed = |e: std::io::Error| format!("{}: {e}", file.display());
    let table = scratch.0.join("table.tsv");
    let mut from =
        zstd::Decoder::new(std::fs::File::open(file).map_err(failed)?).map_err(failed)?;
    let mut to = std::fs::File::create(&table).map_err(failed)?;
    std::io::copy(&mut from, &mut to).map_err(failed)?;
    to.sync_all().map_err(failed)?;
    Ok(table)
}

fn bare_import(bin: &Path, table: &Path, scratch: &Scratch) -> Result<Ran, String> {
    let dir = scratch.empty("bare");
    std::fs::create_dir_all(&dir).map_err(|e| format!("{}: {e}", dir.display()))?;
    let database = dir.join("bare.sqlite");
    let (table, database) = (table.to_string_lossy(), database.to_string_lossy());
    child::run(
        &bin.join("symbolon-bench"),
        &["import-bare", &table, &database],
    )
}

fn import(bin: &Path, table: &Path, scratch: &Scratch, more: &[&str]) -> Result<Ran, String> {
    let dir = scratch.empty("ours");
    let (program, dir, table) = (
        bin.join("symbolon"),
        dir.to_string_lossy(),
        table.to_string_lossy(),
    );
    child::run(&program, &["init", "--data", &dir])?;
    let mut args = vec!["import", "fmtr", &table, "--data", &dir, "--json"];
    args.extend(more);
    child::run(&program, &args)
}
