//! A program run from outside: how long it takes and the most memory it holds.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A program that has run.
pub(crate) struct Ran {
    /// Wall time, start and end of the process included.
    pub(crate) seconds: f64,
    /// Most resident memory, MiB; 0 where the system does not say.
    pub(crate) peak: f64,
    /// What it wrote to stdout.
    pub(crate) out: String,
}

/// Most resident memory of a process so far, KiB.
pub(crate) fn peak_of(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

/// Runs a program to its end.
pub(crate) fn run(program: &Path, args: &[&str]) -> Result<Ran, String> {
    let failed = |e: std::io::Error| format!("{}: {e}", program.display());
    let begun = Instant::now();
    let child = Command::new(program)
        .args(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let (pid, peak, over) = (child.id(), AtomicU64::new(0), AtomicBool::new(false));
    let (output, seconds) = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                peak.fetch_max(peak_of(pid).unwrap_or(0), Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(3));
            }
        });
        let output = child.wait_with_output();
        let seconds = begun.elapsed().as_secs_f64();
        over.store(true, Ordering::Relaxed);
        (output, seconds)
    });
    let output = output.map_err(failed)?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(format!("{} {}: {said}", program.display(), args.join(" ")));
    }
    Ok(Ran {
        seconds,
        peak: peak.load(Ordering::Relaxed) as f64 / 1024.0,
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
    })
}
