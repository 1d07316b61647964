//! The limit an import is held against: `csv` and prepared SQLite inserts of text columns, nothing else.
//!
//! `symbolon-bench import-bare FILE.tsv DATABASE` reads the table, inserts every column as text in one
//! transaction with three indexes, under the sync setting of the program, and prints the rows.

mod chain;
mod client;
mod durable;
mod figures;
mod http;
mod instance;
mod links;
mod list;
mod load;
mod pages;
mod peers;
mod portfolio;
mod rescreen;
mod rules;
mod screening;
mod transactions;
mod verify;

use std::error::Error;
use std::path::Path;

/// The program's own allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The program's own setting (WAL, synced at commit), and a large cache in the baseline's favour.
const PRAGMAS: &str = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;";

/// Country; course and place; first day.
const INDEXES: [&[usize]; 3] = [&[2], &[4, 9], &[7]];

fn main() -> std::process::ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let done = match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["import-bare", file, database] => import(Path::new(file), Path::new(database)),
        ["portfolio", ..] => return finished(portfolio::run(&args)),
        ["pages", ..] => return finished(pages::run(&args)),
        ["chain"] => return finished(chain::run()),
        ["rules", ..] => return finished(rules::run(&args)),
        ["rescreen", ..] => return finished(rescreen::run(&args)),
        ["screening", ..] => return finished(screening::run(&args)),
        ["links", ..] => return finished(links::run(&args)),
        ["list", ..] => return finished(list::run(&args)),
        ["load", ..] => return finished(load::run(&args)),
        ["durable", ..] => return finished(durable::run(&args)),
        ["verify", ..] => return finished(verify::run(&args)),
        ["http", ..] => return finished(http::run(&args)),
        _ => Err("usage: symbolon-bench import-bare FILE.tsv DATABASE".into()),
    };
    match done {
        Ok(rows) => {
            println!("{{\"rows\": {rows}}}");
            std::process::ExitCode::SUCCESS
        }
        Err(e) => {
            eprintln!("{e}");
            std::process::ExitCode::FAILURE
        }
    }
}

fn finished(done: Result<(), Box<dyn Error>>) -> std::process::ExitCode {
    match done {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("MISSED: {e}");
            std::process::ExitCode::FAILURE
        }
    }
}

fn import(file: &Path, database: &Path) -> Result<u64, Box<dyn Error>> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b'\t')
        .quoting(false)
        .flexible(true)
        .from_path(file)?;
    let heads: Vec<String> = reader.headers()?.iter().map(str::to_owned).collect();
    let mut conn = rusqlite::Connection::open(database)?;
    conn.execute_batch(PRAGMAS)?;
    let quoted = |i: usize| format!("\"{}\"", heads[i]);
    let columns: Vec<String> = (0..heads.len())
        .map(|i| format!("{} TEXT", quoted(i)))
        .collect();
    let tx = conn.transaction()?;
    tx.execute_batch(&format!("CREATE TABLE t({})", columns.join(",")))?;
    let mut rows = 0;
    {
        let marks = vec!["?"; heads.len()].join(",");
        let mut insert = tx.prepare(&format!("INSERT INTO t VALUES({marks})"))?;
        let mut record = csv::StringRecord::new();
        while reader.read_record(&mut record)? {
            for i in 0..heads.len() {
                insert.raw_bind_parameter(i + 1, record.get(i))?;
            }
            insert.raw_execute()?;
            rows += 1;
        }
    }
    for (n, index) in INDEXES.iter().enumerate() {
        let columns: Vec<String> = index.iter().map(|i| quoted(*i)).collect();
        tx.execute_batch(&format!("CREATE INDEX i{n} ON t({})", columns.join(",")))?;
    }
    tx.commit()?;
    Ok(rows)
}
