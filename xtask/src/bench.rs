//! `cargo xtask bench`: figures of the bars, measured in turn with what they are held against.

mod child;
mod import;
mod start;

pub(crate) use child::Ran;

const USAGE: &str = "\
usage: cargo xtask bench WHAT

  import --file FILE.tsv [--rounds 5]   import of a training report against bare csv + SQLite inserts
  start [--rounds 3]                    `symbolon demo` to its first page, and its memory
  portfolio [--rows 5000000] [--duckdb --python PATH]
                                        the three portfolio questions from a roll-up, beside DuckDB
  pages [--rows 254k|5m]                portfolio, country and explorer pages under eight readers
  list [--rows 1m] [--postgres URL]     a partner's page of a long list, beside the same without a filter
  rules [--rules DIR --python PATH --rounds 3]
                                        determinations: the rulebook, and the shared table beside OpenFisca
  http [--rounds 3] [--python PATH]     the page of fifty rows beside FastAPI and Django, under wrk";

/// Runs one benchmark.
pub fn run(args: &[String]) -> Result<(), String> {
    let rest = args.get(1..).unwrap_or_default();
    match args.first().map(String::as_str) {
        Some("import") => import::run(rest),
        Some("start") => start::run(rest),
        Some("portfolio" | "pages" | "list" | "http" | "rules") => measured(args),
        _ => Err(USAGE.to_owned()),
    }
}

/// Benchmarks that `symbolon-bench` takes itself: it prints the figures and fails where a bar is missed.
fn measured(args: &[String]) -> Result<(), String> {
    let program = build(&["symbolon-bench"])?.join("symbolon-bench");
    let status = std::process::Command::new(&program).args(args).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err("a bar was missed or the run failed".to_owned()),
        Err(e) => Err(format!("{}: {e}", program.display())),
    }
}

/// The value of an option.
fn option<'a>(args: &'a [String], name: &str) -> Option<&'a str> {
    let at = args.iter().position(|a| a == name)?;
    args.get(at + 1).map(String::as_str)
}

/// How many rounds.
fn rounds(args: &[String], usual: usize) -> Result<usize, String> {
    match option(args, "--rounds") {
        None => Ok(usual),
        Some(n) => n
            .parse()
            .ok()
            .filter(|n| *n > 0)
            .ok_or_else(|| format!("--rounds {n}: a number above 0 is wanted")),
    }
}

/// Builds packages in release and returns where their programs lie.
fn build(packages: &[&str]) -> Result<std::path::PathBuf, String> {
    let mut command = std::process::Command::new(env!("CARGO"));
    command.args(["build", "--release"]);
    for package in packages {
        command.args(["-p", package]);
    }
    let status = command.status().map_err(|e| format!("cargo: {e}"))?;
    if !status.success() {
        return Err("the release build failed".to_owned());
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(
        || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"),
        Into::into,
    );
    Ok(target.join("release"))
}

/// A directory of its own that is removed when this is dropped.
struct Scratch(std::path::PathBuf);

impl Scratch {
    fn new() -> Result<Self, String> {
        let dir = std::env::temp_dir().join(format!("symbolon-bench-{}", std::process::id()));
        std::fs::create_dir_all(&dir).map_err(|e| format!("{}: {e}", dir.display()))?;
        Ok(Self(dir))
    }

    /// A place in it where nothing is.
    fn empty(&self, name: &str) -> std::path::PathBuf {
        let path = self.0.join(name);
        let _ = std::fs::remove_dir_all(&path);
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Median, least and most.
fn spread(mut values: Vec<f64>) -> (f64, f64, f64) {
    values.sort_by(f64::total_cmp);
    let at = |i: usize| values.get(i).copied().unwrap_or(f64::NAN);
    (
        at(values.len() / 2),
        at(0),
        at(values.len().saturating_sub(1)),
    )
}

#[cfg(test)]
mod tests {
    use super::spread;

    #[test]
    fn the_median_stands_between_the_ends() {
        assert_eq!(spread(vec![3.0, 1.0, 2.0]), (2.0, 1.0, 3.0));
    }
}
