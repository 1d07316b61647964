//! How far a long job is: a moving line on a terminal, now and then a plain line elsewhere.

use crate::config::Global;
use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use symbolon_app::load::Progress;

/// Shows a job on stderr until it is dropped.
pub struct Shown {
    done: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

const LINE: &str =
    "{msg} {bar:30} {percent}%  {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left";
const COLOURED: &str =
    "{msg} {bar:30.cyan/blue} {percent}%  {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left";
/// A plain line comes so often.
const EVERY: Duration = Duration::from_secs(2);

impl Shown {
    /// Shows a job that reads so many bytes.
    pub fn new(global: &Global, what: &str, total: u64, progress: &Progress) -> Self {
        let done = Arc::new(AtomicBool::new(false));
        let (lively, what) = (global.lively(), what.to_owned());
        let style = if global.colour() { COLOURED } else { LINE };
        let (over, progress) = (Arc::clone(&done), progress.clone());
        let thread = std::thread::spawn(move || {
            if lively {
                bar(&what, style, total, &progress, &over);
            } else {
                lines(&what, total, &progress, &over);
            }
        });
        Self {
            done,
            thread: Some(thread),
        }
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        self.done.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            let _ = thread.join();
        }
    }
}

fn bar(what: &str, style: &str, total: u64, progress: &Progress, over: &AtomicBool) {
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template(style) {
        bar.set_style(style);
    }
    while !over.load(Ordering::Relaxed) {
        let (bytes, rows, _) = progress.now();
        bar.set_position(bytes.min(total));
        bar.set_message(format!("{what}: {rows} rows"));
        std::thread::park_timeout(Duration::from_millis(100));
    }
    bar.finish_and_clear();
}

fn lines(what: &str, total: u64, progress: &Progress, over: &AtomicBool) {
    let begun = Instant::now();
    let mut last = begun;
    while !over.load(Ordering::Relaxed) {
        std::thread::park_timeout(Duration::from_millis(100));
        if last.elapsed() < EVERY {
            continue;
        }
        last = Instant::now();
        let (bytes, rows, findings) = progress.now();
        let seconds = begun.elapsed().as_secs_f64();
        let left = match bytes {
            0 => String::new(),
            _ => {
                let rest = total.saturating_sub(bytes) as f64 * seconds / bytes as f64;
                format!(", {} left", HumanDuration(Duration::from_secs_f64(rest)))
            }
        };
        eprintln!(
            "{what}: {:.0}% read, {rows} rows ({:.0} a second), {findings} findings{left}",
            100.0 * bytes as f64 / total.max(1) as f64,
            rows as f64 / seconds
        );
    }
}
