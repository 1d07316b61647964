//! Builders for tests: a fixed clock, seeded randomness, throw-away databases. Never in a release.

pub mod builder;
pub mod cases;
mod totp;

pub use totp::totp;

use jiff::Timestamp;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use symbolon_store::{Surroundings, journal::SigningKey};

/// Surroundings that give the same run every time: a clock that ticks a millisecond a look from
/// 2026-01-01, randomness from a seed, a fixed key.
#[must_use]
pub fn surroundings(seed: u64) -> Surroundings {
    clocked(seed).0
}

/// The clock of a test: stands until it is moved, but for a millisecond a look.
#[derive(Clone, Debug)]
pub struct Clock(Arc<AtomicI64>);

impl Clock {
    /// Moves it on by whole seconds.
    pub fn pass(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1000, Ordering::Relaxed);
    }

    /// Milliseconds since 1970-01-01 UTC, without a tick.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Surroundings with the clock they run by.
#[must_use]
pub fn clocked(seed: u64) -> (Surroundings, Clock) {
    let clock = Arc::new(AtomicI64::new(1_767_225_600_000));
    let hand = Clock(Arc::clone(&clock));
    let state = Arc::new(AtomicU64::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1));
    let around = Surroundings {
        now: Arc::new(move || {
            Timestamp::from_millisecond(clock.fetch_add(1, Ordering::Relaxed)).unwrap_or_default()
        }),
        random: Arc::new(move |bytes| {
            for byte in bytes {
                *byte = (splitmix(&state) >> 32) as u8;
            }
        }),
        key: Some(Arc::new(SigningKey::from_bytes(&[7; 32]))),
        secrets: Some(Arc::new([9; 32])),
    };
    (around, hand)
}

fn splitmix(state: &AtomicU64) -> u64 {
    let mut z = state.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A directory that goes away with the value.
///
/// # Panics
/// If the system has no room for one.
#[must_use]
#[expect(
    clippy::expect_used,
    reason = "a test cannot go on without a directory"
)]
pub fn directory() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary directory")
}

/// The address of a PostgreSQL server for tests, from `SYMBOLON_TEST_POSTGRES`; `None`, said loudly,
/// where there is none. `cargo xtask test` starts one and sets it.
#[must_use]
pub fn postgres_server() -> Option<&'static str> {
    static URL: OnceLock<Option<String>> = OnceLock::new();
    URL.get_or_init(|| {
        let url = std::env::var("SYMBOLON_TEST_POSTGRES").ok();
        if url.is_none() {
            println!("SKIPPED: tests on PostgreSQL; SYMBOLON_TEST_POSTGRES is not set (cargo xtask test sets it)");
        }
        url
    })
    .as_deref()
}

/// A fresh database on the test server; `None` where there is no server.
///
/// # Panics
/// If the server refuses to make one.
#[must_use]
#[expect(
    clippy::expect_used,
    reason = "a test cannot go on without its database"
)]
pub fn postgres_database() -> Option<String> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let server = postgres_server()?;
    let name = format!(
        "t{}_{}",
        std::process::id(),
        NEXT.fetch_add(1, Ordering::Relaxed)
    );
    let mut client =
        postgres::Client::connect(server, postgres::NoTls).expect("the test server answers");
    client
        .batch_execute(&format!("CREATE DATABASE {name}"))
        .expect("the test server makes a database");
    let (base, _) = server
        .rsplit_once('/')
        .expect("the address ends in a database name");
    Some(format!("{base}/{name}"))
}

/// Runs statements on a database behind the program's back; a place is an address that begins with `postgres:`, or the
/// path of a SQLite file. References are not watched there.
pub fn behind(place: &str, statements: &[&str]) -> Result<(), Box<dyn std::error::Error>> {
    if place.starts_with("postgres:") {
        let mut client = postgres::Client::connect(place, postgres::NoTls)?;
        client.batch_execute(&statements.join(";"))?;
    } else {
        let conn = rusqlite::Connection::open(place)?;
        conn.execute_batch("PRAGMA foreign_keys=OFF")?;
        conn.execute_batch(&statements.join(";"))?;
    }
    Ok(())
}
