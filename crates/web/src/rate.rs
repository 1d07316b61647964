//! Request rates: a bucket for each user, and for each address without sign-in.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Buckets by key.
#[derive(Default)]
pub(crate) struct Rates(Mutex<HashMap<String, Bucket>>);

struct Bucket {
    tokens: f64,
    at: Instant,
}

/// More keys than this are swept of full buckets.
const SWEEP: usize = 10_000;

impl Rates {
    /// Takes a token; returns how many seconds to wait where there is none.
    pub(crate) fn take(&self, key: &str, (rate, burst): (u32, u32)) -> Result<(), u64> {
        let (rate, burst) = (f64::from(rate), f64::from(burst));
        let now = Instant::now();
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() > SWEEP {
            buckets.retain(|_, b| b.tokens + b.at.elapsed().as_secs_f64() * rate < burst);
        }
        if !buckets.contains_key(key) {
            buckets.insert(
                key.to_owned(),
                Bucket {
                    tokens: burst,
                    at: now,
                },
            );
        }
        let Some(bucket) = buckets.get_mut(key) else {
            return Ok(());
        };
        bucket.tokens =
            (bucket.tokens + now.duration_since(bucket.at).as_secs_f64() * rate).min(burst);
        bucket.at = now;
        if bucket.tokens < 1.0 {
            return Err(((1.0 - bucket.tokens) / rate.max(0.001)).ceil() as u64);
        }
        bucket.tokens -= 1.0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_served_and_then_the_flood_waits() {
        let rates = Rates::default();
        for _ in 0..3 {
            assert!(rates.take("a", (1, 3)).is_ok());
        }
        assert_eq!(rates.take("a", (1, 3)), Err(1));
        assert!(rates.take("b", (1, 3)).is_ok());
    }
}
