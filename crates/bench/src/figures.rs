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

/// Seconds of processor time that a process and its children have used; it is less moved by what
/// else runs than the time on the clock.
pub(crate) fn processor_seconds(process: u32) -> f64 {
    let own = |of: &str| {
        let text = std::fs::read_to_string(format!("/proc/{of}/stat")).unwrap_or_default();
        let fields = text.rsplit(')').next().unwrap_or_default();
        let fields: Vec<f64> = fields
            .split_whitespace()
            .map(|f| f.parse().unwrap_or(0.0))
            .collect();
        (
            fields.get(1).copied().unwrap_or_default(),
            fields.iter().skip(11).take(2).sum::<f64>() / 100.0,
        )
    };
    let others = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let names = others.filter_map(|e| e.file_name().into_string().ok());
    let children = names
        .filter(|n| n.bytes().all(|b| b.is_ascii_digit()))
        .map(|n| own(&n))
        .filter(|(parent, _)| *parent == f64::from(process));
    own(&process.to_string()).1 + children.map(|(_, used)| used).sum::<f64>()
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
