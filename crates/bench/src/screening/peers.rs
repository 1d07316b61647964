//! The peers on the same files in the same run: the scripts of the anchors, and our own hits through their scorer.

use super::{files, speed, tasks};
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use symbolon_screening::{Index, Model, Query};

/// Over rapidfuzz and over logic-v2, at least.
const BARS: [(&str, f64); 2] = [
    ("rapidfuzz token_sort_ratio", 2.0),
    ("block logic-v2", 50.0),
];

pub(super) fn run(
    folder: &Path,
    index: &Index,
    python: &str,
    scripts: &Path,
    rounds: usize,
) -> Result<Vec<String>, Box<dyn Error>> {
    let asked = files::queries(&folder.join("queries.tsv"))?;
    let out = tempfile::tempdir()?;
    let ours = out.path().join("ours.tsv");
    let mut text = String::new();
    for (asked, hits) in asked.iter().zip(tasks::hits(index, &asked)) {
        for (entry, score) in hits {
            writeln!(text, "{}\t{entry}\t{score}", asked.qid)?;
        }
    }
    std::fs::write(&ours, text)?;
    let file = |name: &str| folder.join(name).display().to_string();
    let inputs = [
        "--names".to_owned(),
        file("names.tsv"),
        "--queries".to_owned(),
        file("queries.tsv"),
    ];
    let run = |script: &str, more: &[&str]| -> Result<String, Box<dyn Error>> {
        let done = Command::new(python)
            .arg(scripts.join(script))
            .args(&inputs)
            .args(more)
            .output()?;
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        if done.status.success() {
            Ok(said)
        } else {
            Err(String::from_utf8_lossy(&done.stderr).into_owned().into())
        }
    };
    let threshold = Model::shipped().threshold.to_string();
    println!(
        "the anchors' scorer on our hits:\n{}",
        run(
            "score_hits.py",
            &["--threshold", &threshold, &ours.display().to_string()]
        )?
    );
    let queries: Vec<Query> = asked.into_iter().map(|a| a.query).collect();
    let prefix = out.path().join("peer").display().to_string();
    let mut ratios = [vec![], vec![]];
    for _ in 0..rounds {
        let mine = speed::rate(index, &queries);
        let fuzz = run(
            "rf_screen.py",
            &["--scorer", "token_sort_ratio", "--out", &prefix],
        )?;
        let nomenklatura = run(
            "nk_screen.py",
            &["--mode", "block", "--algo", "logic-v2", "--out", &prefix],
        )?;
        for ((said, (peer, _)), ratios) in [&fuzz, &nomenklatura].iter().zip(BARS).zip(&mut ratios)
        {
            let theirs = rate_of(said).ok_or_else(|| format!("no rate of {peer} in: {said}"))?;
            println!(
                "  ours {mine:.0}/s, {peer} {theirs:.0}/s: {:.1} times",
                mine / theirs
            );
            ratios.push(mine / theirs);
        }
    }
    let mut missed = vec![];
    for ((peer, bar), mut ratios) in BARS.into_iter().zip(ratios) {
        ratios.sort_by(f64::total_cmp);
        let median = ratios[ratios.len() / 2];
        println!("{peer}: {median:.1} times, bar {bar}");
        if median < bar {
            missed.push(format!("{peer}: {median:.1} times, bar {bar}"));
        }
    }
    Ok(missed)
}

/// The figure before `queries/s` on the last line that has one.
fn rate_of(said: &str) -> Option<f64> {
    let line = said.lines().rev().find(|l| l.contains("queries/s"))?;
    line[..line.find("queries/s")?]
        .split_whitespace()
        .last()?
        .parse()
        .ok()
}
