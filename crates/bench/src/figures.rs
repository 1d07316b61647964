//! Percentiles, times, and the load of the machine they were taken on.

use std::time::Instant;

/// Times in milliseconds, sorted.
pub(crate) struct Times(Vec<f64>);

impl Times {
    pub(crate) fn new(mut times: Vec<f64>) -> Self {
        times.sort_by(f64::total_cmp);
        Self(times)
    }

    /// The time below which so many of a hundred lie.
    pub(crate) fn percentile(&self, p: f64) -> f64 {
        let last = self.0.len().saturating_sub(1);
        let at = ((p / 100.0) * last as f64).ceil() as usize;
        self.0.get(at.min(last)).copied().unwrap_or(f64::NAN)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

/// Runs something so many times; times in milliseconds, and the last answer.
pub(crate) fn timed<T>(runs: usize, mut f: impl FnMut() -> T) -> (Times, T) {
    let mut answer = f();
    let mut times = Vec::with_capacity(runs);
    for _ in 0..runs {
        let begun = Instant::now();
        let next = f();
        times.push(begun.elapsed().as_secs_f64() * 1e3);
        answer = next;
    }
    (Times::new(times), answer)
}

/// What the system says of its load, for the record of a run.
pub(crate) fn load_average() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let three: Vec<&str> = text.split(' ').take(3).collect();
    if three.is_empty() {
        "load unknown".to_owned()
    } else {
        format!("load average {}", three.join(" "))
    }
}

/// Seconds of processor time this process has used, clients included; less moved by what else runs.
pub(crate) fn processor_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = text.rsplit(')').next().unwrap_or_default();
    let ticks = fields.split_whitespace().skip(11).take(2);
    let ticks: f64 = ticks.filter_map(|t| t.parse::<f64>().ok()).sum();
    ticks / 100.0
}

/// The value of an option.
pub(crate) fn option<'a>(args: &'a [String], name: &str) -> Option<&'a str> {
    let at = args.iter().position(|a| a == name)?;
    args.get(at + 1).map(String::as_str)
}

/// A whole number with a unit: `254k`, `5m`, `5000000`.
pub(crate) fn number(text: &str) -> Result<usize, String> {
    let (digits, unit) = match text.strip_suffix(['k', 'm']) {
        Some(digits) if text.ends_with('k') => (digits, 1_000),
        Some(digits) => (digits, 1_000_000),
        None => (text, 1),
    };
    let n: usize = digits
        .parse()
        .map_err(|_| format!("{text}: a number is wanted"))?;
    Ok(n * unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_taken_from_above() {
        let times = Times::new((1..=200).map(f64::from).collect());
        assert_eq!(
            (times.percentile(50.0), times.percentile(99.0)),
            (101.0, 199.0)
        );
        assert_eq!(number("254k"), Ok(254_000));
        assert_eq!(number("5m"), Ok(5_000_000));
        assert!(number("many").is_err());
    }
}
