//! The three portfolio questions on five million transactions: the roll-up, beside DuckDB on the
//! same rows in the same run.

use crate::figures::{Times, load_average, number, option, timed};
use crate::transactions::{all, country, write_csv};
use std::error::Error;
use std::io::BufWriter;
use std::path::Path;
use std::process::Command;
use std::time::Instant;
use symbolon_insight::rollup::{NoView, Rollup};

/// Country, year, authority; country, year, kind; year, country.
const VIEWS: [&[usize]; 3] = [&[0, 1, 2], &[0, 1, 3], &[1, 0]];
const RUNS: usize = 200;
/// The country and the year that are asked about.
const ASKED: (u16, u16) = (5, 2019);
/// p99 in milliseconds that each question may take.
const BARS: [f64; 3] = [5.0, 15.0, 15.0];
/// The most an answer may slow down with the rows, as the power of their number.
const SLOPE: f64 = 0.1;

type Facts = Rollup<4, 1>;
/// One line of an answer: key, sum, count.
type Line = ([u16; 4], i64, u64);

pub(crate) fn run(args: &[String]) -> Result<(), Box<dyn Error>> {
    let rows = number(option(args, "--rows").unwrap_or("5000000"))?;
    let (facts, seconds) = filled(rows);
    println!("{rows} rows summed in {seconds:.1} s; {}", load_average());
    let (ours, answers) = ask(&facts)?;
    let mut missed = vec![];
    for (n, (times, bar)) in ours.iter().zip(BARS).enumerate() {
        let (p50, p99) = (times.percentile(50.0), times.percentile(99.0));
        println!(
            "q{} roll-up: {} lines, p50 {p50:.4} ms, p99 {p99:.4} ms of {RUNS} (bar {bar} ms)",
            n + 1,
            answers[n].len()
        );
        if p99 > bar {
            missed.push(format!("q{} p99 {p99:.3} ms is above {bar} ms", n + 1));
        }
    }
    if args.iter().any(|a| a == "--duckdb") {
        let python = option(args, "--python").unwrap_or("python3");
        missed.extend(duckdb(python, rows, &ours, &answers)?);
    }
    drop(facts);
    missed.extend(slope()?);
    if missed.is_empty() {
        Ok(())
    } else {
        Err(missed.join("\n").into())
    }
}

fn filled(rows: usize) -> (Facts, f64) {
    let begun = Instant::now();
    let mut facts = Facts::new(&VIEWS);
    for t in all(rows) {
        facts.add(t.key, &t.sums());
    }
    facts.settle();
    (facts, begun.elapsed().as_secs_f64())
}

fn lines<'a>(
    cells: impl Iterator<Item = (&'a [u16; 4], &'a symbolon_insight::rollup::Sums<1>)>,
) -> Vec<Line> {
    // Empty cells are passed over, so only the most there can be is known.
    let mut lines = Vec::with_capacity(cells.size_hint().1.unwrap_or(0));
    lines.extend(cells.map(|(k, s)| (*k, s.measures[0], s.count)));
    lines
}

fn cube(facts: &Facts) -> Result<Vec<Line>, NoView> {
    Ok(lines(facts.cells(VIEWS[0])?))
}

fn one_country(facts: &Facts) -> Result<Vec<Line>, NoView> {
    Ok(lines(facts.slice(VIEWS[1], ASKED.0)?))
}

fn top_of_year(facts: &Facts) -> Result<Vec<Line>, NoView> {
    let mut all = lines(facts.slice(VIEWS[2], ASKED.1)?);
    all.sort_unstable_by_key(|(key, sum, _)| (-sum, *key));
    all.truncate(20);
    Ok(all)
}

/// Times and answers of the three questions.
fn ask(facts: &Facts) -> Result<([Times; 3], [Vec<Line>; 3]), NoView> {
    let (t1, a1) = timed(RUNS, || cube(facts));
    let (t2, a2) = timed(RUNS, || one_country(facts));
    let (t3, a3) = timed(RUNS, || top_of_year(facts));
    Ok(([t1, t2, t3], [a1?, a2?, a3?]))
}

/// One of the portfolio questions.
type Question = fn(&Facts) -> Result<Vec<Line>, NoView>;

/// How the answers slow down from one million rows to ten. Each question is asked of both in turn,
/// so that whatever else the machine does slows both, and the best of each is compared.
fn slope() -> Result<Vec<String>, NoView> {
    let [few, many] = [1_000_000, 10_000_000].map(|rows| filled(rows).0);
    let questions: [Question; 3] = [cube, one_country, top_of_year];
    let mut missed = vec![];
    for (n, question) in questions.into_iter().enumerate() {
        let (mut best, mut lines) = ([f64::INFINITY; 2], [0; 2]);
        for _ in 0..RUNS {
            for (at, facts) in [&few, &many].into_iter().enumerate() {
                let (times, answer) = timed(1, || question(facts));
                best[at] = best[at].min(times.percentile(50.0));
                lines[at] = answer?.len();
            }
        }
        let [a, b] = best;
        let slope = (b / a).log10();
        println!(
            "q{} 1m rows {a:.4} ms for {} lines, 10m rows {b:.4} ms for {}: slope {slope:.2} (bar {SLOPE})",
            n + 1,
            lines[0],
            lines[1]
        );
        // What takes a few microseconds is noise, not slope.
        if slope > SLOPE && b > 0.05 {
            missed.push(format!("q{} slope {slope:.2} is above {SLOPE}", n + 1));
        }
    }
    Ok(missed)
}

fn text_of(answers: &[Vec<Line>; 3]) -> String {
    let mut out = String::new();
    for ([a, b, c, _], sum, count) in &answers[0] {
        out.push_str(&format!("{},{b},A{c:02},{sum},{count}\n", country(*a)));
    }
    for ([_, b, c, _], sum, count) in &answers[1] {
        out.push_str(&format!("{b},K{c},{sum},{count}\n"));
    }
    for ([_, b, ..], sum, _) in &answers[2] {
        out.push_str(&format!("{},{sum}\n", country(*b)));
    }
    out
}

/// The same questions to DuckDB; what was missed.
fn duckdb(
    python: &str,
    rows: usize,
    ours: &[Times; 3],
    answers: &[Vec<Line>; 3],
) -> Result<Vec<String>, Box<dyn Error>> {
    let there = Command::new(python).args(["-c", "import duckdb"]).output();
    if !there.is_ok_and(|o| o.status.success()) {
        println!(
            "SKIPPED: DuckDB; `{python} -c 'import duckdb'` fails (name an interpreter that has it: --python)"
        );
        return Ok(vec![]);
    }
    let scratch = tempfile::tempdir()?;
    let csv = scratch.path().join("tx.csv");
    write_csv(rows, &mut BufWriter::new(std::fs::File::create(&csv)?))?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/duckdb_questions.py");
    let said = scratch.path().join("answers.csv");
    let output = Command::new(python)
        .arg(script)
        .args([&csv, &said])
        .args([&country(ASKED.0), &ASKED.1.to_string()])
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let mut missed = vec![];
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut figures = printed.lines();
    println!("{}; {}", figures.next().unwrap_or_default(), load_average());
    for (n, line) in figures.enumerate().take(3) {
        let f: Vec<f64> = line.split(' ').filter_map(|f| f.parse().ok()).collect();
        let [median, worst, bare] = f[..] else {
            return Err(format!("DuckDB said: {line}").into());
        };
        let p50 = ours[n].percentile(50.0);
        println!(
            "q{} DuckDB: p50 {median:.1} ms, p99 {worst:.1} ms, without fetching rows {bare:.1} ms: {:.0} and {:.0} times the roll-up",
            n + 1,
            median / p50,
            bare / p50
        );
        if bare < p50 {
            missed.push(format!("q{} is slower than DuckDB", n + 1));
        }
    }
    if std::fs::read_to_string(&said)? == text_of(answers) {
        println!("answers are equal");
    } else {
        missed.push("the answers differ from those of DuckDB".to_owned());
    }
    Ok(missed)
}
