//! Feeds every reader with sound input changed at random, for so many seconds: what can be done without
//! libFuzzer. It does not look at which code was reached, and finds less.
//!
//! `any_bytes SECONDS [SEED] [TARGET]`; input that breaks a reader is written to `artifacts/`.
#![forbid(unsafe_code)]

use std::panic::catch_unwind;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use symbolon_fuzz::{TARGETS, Target};

/// One input may take so long.
const PATIENCE: Duration = Duration::from_secs(10);

/// Longest input.
const LONGEST: usize = 1 << 16;

/// Random numbers (xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 1).unwrap_or(0) % below.max(1)
    }
}

/// Pieces that readers look for.
const PIECES: [&[u8]; 16] = [
    b"\"",
    b"'",
    b",",
    b"\r\n",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"[",
    b"{",
    b"<!DOCTYPE x>",
    b"&",
    b"]]>",
    b"-",
    b"99999999999999999999",
    b"\xe2\x80\x94",
    b"PK\x03\x04",
];

/// Input made from another by a few changes.
fn changed(dice: &mut Dice, seed: &[u8], other: &[u8]) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=dice.roll(12) {
        let at = dice.roll(bytes.len() + 1).min(bytes.len());
        let end = (at + dice.roll(40)).min(bytes.len());
        match dice.roll(6) {
            0 if at < bytes.len() => bytes[at] = dice.roll(256) as u8,
            1 => drop(bytes.drain(at..end)),
            2 => {
                let part = bytes[at..end].to_vec();
                for _ in 0..=dice.roll(8) {
                    bytes.splice(at..at, part.iter().copied());
                }
            }
            3 => {
                let piece = PIECES[dice.roll(PIECES.len())];
                bytes.splice(at..at, piece.iter().copied());
            }
            4 if at < bytes.len() => bytes[at] ^= 1 << dice.roll(8),
            _ => {
                let from = dice.roll(other.len() + 1).min(other.len());
                bytes.splice(at..end, other[from..].iter().take(60).copied());
            }
        }
        bytes.truncate(LONGEST);
    }
    bytes
}

/// Feeds one reader until the time is over; how many inputs, or what broke it.
fn run(target: &Target, dice: &mut Dice, until: Instant) -> Result<u64, String> {
    let mut pool = (target.seeds)();
    let mut fed = 0;
    while Instant::now() < until {
        let (a, b) = (dice.roll(pool.len()), dice.roll(pool.len()));
        let bytes = changed(dice, &pool[a], &pool[b]);
        let begun = Instant::now();
        let read = target.read;
        let input = bytes.clone();
        let sound = catch_unwind(move || read(&input)).is_ok();
        fed += 1;
        if !sound || begun.elapsed() > PATIENCE {
            let file = format!("artifacts/{}/{fed}", target.name);
            let _ = std::fs::create_dir_all(format!("artifacts/{}", target.name));
            let kept = std::fs::write(&file, &bytes).is_ok();
            let how = if sound { "took too long" } else { "panicked" };
            return Err(format!(
                "{} {how} (input {file}, kept: {kept})",
                target.name
            ));
        }
        // Some of what was made is changed further.
        if dice.roll(50) == 0 && pool.len() < 200 {
            pool.push(bytes);
        }
    }
    Ok(fed)
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |i: usize, or: u64| args.get(i).and_then(|a| a.parse().ok()).unwrap_or(or);
    let (seconds, seed) = (number(0, 60), number(1, 0x5eed_2026).max(1));
    let only = args.get(2);
    let targets: Vec<&Target> = TARGETS
        .iter()
        .filter(|t| only.is_none_or(|o| o == t.name))
        .collect();
    let each = Duration::from_secs(seconds) / u32::try_from(targets.len().max(1)).unwrap_or(1);
    let (mut dice, mut failed) = (Dice(seed), 0);
    for target in &targets {
        match run(target, &mut dice, Instant::now() + each) {
            Ok(fed) => println!("{}: {fed} inputs", target.name),
            Err(what) => {
                failed += 1;
                println!("FAILED {what}");
            }
        }
    }
    println!("{} passed, {failed} failed", targets.len() - failed);
    if failed > 0 || targets.is_empty() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}
