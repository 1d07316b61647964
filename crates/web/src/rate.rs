//! Request rates: buckets for each user, for each address without sign-in, and for what costs more than
//! looking; and the guesses at passwords from one address.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// So many a second on average, so many at once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// A second.
    pub per_second: f64,
    /// At once.
    pub burst: f64,
}

impl Rate {
    /// So many in so many seconds, and as many at once.
    #[must_use]
    pub const fn new(count: f64, seconds: f64, burst: f64) -> Self {
        Self {
            per_second: count / seconds,
            burst,
        }
    }
}

/// Rates of what costs more than looking, for each user.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Costly {
    /// Changes.
    pub write: Rate,
    /// Searches.
    pub search: Rate,
    /// Exports.
    pub export: Rate,
    /// Imports.
    pub import: Rate,
    /// Passwords and factors, for each address.
    pub guess: Rate,
}

impl Default for Costly {
    fn default() -> Self {
        Self {
            write: Rate::new(10.0, 1.0, 30.0),
            search: Rate::new(5.0, 1.0, 15.0),
            export: Rate::new(6.0, 60.0, 6.0),
            import: Rate::new(10.0, 3600.0, 10.0),
            guess: Rate::new(1.0, 20.0, 5.0),
        }
    }
}

impl Costly {
    /// No limit that anybody reaches: for measurements.
    #[must_use]
    pub const fn unlimited() -> Self {
        let all = Rate::new(1e9, 1.0, 1e9);
        Self {
            write: all,
            search: all,
            export: all,
            import: all,
            guess: all,
        }
    }
}

/// Buckets by key.
#[derive(Default)]
pub(crate) struct Rates(Mutex<HashMap<String, Bucket>>);

struct Bucket {
    tokens: f64,
    /// Milliseconds by the clock.
    at: i64,
    rate: Rate,
}

impl Bucket {
    fn filled(&self, now: i64) -> f64 {
        let seconds = (now - self.at).max(0) as f64 / 1000.0;
        (self.tokens + seconds * self.rate.per_second).min(self.rate.burst)
    }
}

/// More keys than this are swept of full buckets.
const SWEEP: usize = 10_000;

impl Rates {
    /// Takes a token at a moment (milliseconds); returns how many seconds to wait where there is none.
    pub(crate) fn take(&self, key: &str, rate: Rate, now: i64) -> Result<(), u64> {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() > SWEEP {
            buckets.retain(|_, b| b.filled(now) < b.rate.burst);
        }
        let full = Bucket {
            tokens: rate.burst,
            at: now,
            rate,
        };
        if !buckets.contains_key(key) {
            buckets.insert(key.to_owned(), full);
        }
        let Some(bucket) = buckets.get_mut(key) else {
            return Ok(());
        };
        bucket.tokens = bucket.filled(now);
        bucket.at = now;
        if bucket.tokens < 1.0 {
            return Err(((1.0 - bucket.tokens) / rate.per_second.max(1e-6)).ceil() as u64);
        }
        bucket.tokens -= 1.0;
        Ok(())
    }
}

/// Requests under way, by user.
#[derive(Clone, Debug, Default)]
pub(crate) struct UnderWay(Arc<Mutex<HashMap<String, u64>>>);

/// A request under way; it is over when this is dropped.
#[derive(Debug)]
pub(crate) struct Place(UnderWay, String);

impl UnderWay {
    /// A place for one more request of a user; none where so many are under way.
    pub(crate) fn enter(&self, who: &str, most: u64) -> Option<Place> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = all.entry(who.to_owned()).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Place(self.clone(), who.to_owned()))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut all = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = all.get_mut(&self.1) {
            *count -= 1;
            if *count == 0 {
                all.remove(&self.1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_45_a_user_has_so_many_requests_under_way_and_a_place_is_free_again_when_one_ends() {
        let all = UnderWay::default();
        let mut places: Vec<_> = (0..3).map(|_| all.enter("a", 3)).collect();
        assert!(places.iter().all(Option::is_some));
        assert!(all.enter("a", 3).is_none() && all.enter("b", 3).is_some());
        places.pop();
        assert!(all.enter("a", 3).is_some());
        places.clear();
        assert!(all.0.lock().unwrap().is_empty(), "nobody is remembered");
    }

    #[test]
    fn r_82_a_burst_is_served_and_then_the_flood_waits() {
        let (rates, rate) = (Rates::default(), Rate::new(1.0, 1.0, 3.0));
        for _ in 0..3 {
            assert!(rates.take("a", rate, 0).is_ok());
        }
        assert_eq!(rates.take("a", rate, 0), Err(1));
        assert!(rates.take("b", rate, 0).is_ok());
        assert!(rates.take("a", rate, 1000).is_ok());
    }

    #[test]
    fn r_39_an_address_guesses_five_times_and_then_once_in_twenty_seconds() {
        let (rates, guess) = (Rates::default(), Costly::default().guess);
        for _ in 0..5 {
            assert!(rates.take("a", guess, 0).is_ok());
        }
        assert_eq!(rates.take("a", guess, 0), Err(20));
        assert!(rates.take("a", guess, 20_000).is_ok());
        assert_eq!(rates.take("a", guess, 21_000), Err(19));
    }
}
