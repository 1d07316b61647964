//! What a load did, as people read it.

use crate::Outcome;
use crate::config::Global;
use crate::output::{Out, grouped, text};
use std::collections::BTreeMap;
use symbolon_app::load::Loaded;

/// A load in one line.
pub fn one_line(loaded: &Loaded) -> String {
    format!(
        "{}: {} rows, journal entry {}",
        loaded.code,
        grouped(loaded.rows),
        loaded.seq
    )
}

/// The figures after a prefix, by what follows it.
fn after<'a>(
    summary: &'a BTreeMap<String, i64>,
    prefix: &'a str,
) -> impl Iterator<Item = (&'a str, i64)> {
    summary
        .iter()
        .filter_map(move |(k, n)| Some((k.strip_prefix(prefix)?, *n)))
}

fn head(loaded: &Loaded, rehearsed: bool) -> String {
    let rows = grouped(loaded.rows);
    match (rehearsed, loaded.changed) {
        (_, false) => format!(
            "Already loaded as `{}` ({rows} rows); nothing changed.",
            loaded.code
        ),
        (true, true) => format!(
            "Dry run: `{}` would hold {rows} rows; nothing was kept.",
            loaded.code
        ),
        (false, true) => format!(
            "Loaded `{}`: {rows} rows, journal entry {}.",
            loaded.code, loaded.seq
        ),
    }
}

/// The reconciliation of each report as lines.
fn reconciliation(summary: &BTreeMap<String, i64>) -> Vec<String> {
    let mut reports: BTreeMap<&str, BTreeMap<&str, i64>> = BTreeMap::new();
    for (key, n) in after(summary, "report.") {
        if let Some((report, figure)) = key.split_once('.') {
            reports.entry(report).or_default().insert(figure, n);
        }
    }
    let mut lines = vec![];
    for (report, f) in reports
        .iter()
        .filter(|(_, f)| f.get("with_total").is_some_and(|n| *n > 0))
    {
        let get = |name: &str| f.get(name).copied().unwrap_or(0);
        lines.push(format!(
            "  {report:<12} {:>7}  {:>9} {:>9}  {:>9} {:>9}",
            get("with_total"),
            get("quantity_before"),
            get("quantity_after"),
            get("cost_before"),
            get("cost_after")
        ));
    }
    if !lines.is_empty() {
        lines.insert(
            0,
            "  report        blocks  students     after       cost     after".to_owned(),
        );
        lines.insert(
            0,
            "Blocks that agree with their printed total, as printed and after repair:".to_owned(),
        );
    }
    lines
}

/// Prints what a load did.
pub fn print(global: &Global, loaded: &Loaded, rehearsed: bool, seconds: f64) -> Outcome<()> {
    let out = Out::of(global);
    if out == Out::Json {
        return out.json(&serde_json::json!({
            "code": loaded.code, "id": loaded.id, "changed": loaded.changed && !rehearsed, "dry_run": rehearsed,
            "already_loaded": !loaded.changed, "rows": loaded.rows, "counted": loaded.counted, "entry": loaded.seq,
            "seconds": seconds, "summary": loaded.summary,
        }));
    }
    let mut lines = vec![head(loaded, rehearsed)];
    if loaded.changed {
        let rate = loaded.rows as f64 / seconds.max(0.001);
        lines.push(format!(
            "{seconds:.1} s, {} rows a second.",
            grouped(rate as i64)
        ));
        if !loaded.counted {
            lines.push(
                "Years of it are loaded already: its rows stay out of the figures.".to_owned(),
            );
        }
        for (title, prefix) in [("Rows by kind:", "rows."), ("Findings:", "finding.")] {
            let figures: Vec<String> = after(&loaded.summary, prefix)
                .map(|(name, n)| format!("  {name:<26} {:>9}", grouped(n)))
                .collect();
            if !figures.is_empty() {
                lines.push(title.to_owned());
                lines.extend(figures);
            }
        }
        lines.extend(reconciliation(&loaded.summary));
    }
    text(&(lines.join("\n") + "\n"))
}
