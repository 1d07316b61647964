//! Delays after wrong guesses: 1 s, then 3, 5 and 10, then locked to the day's end. A name nobody
//! has is treated like any other, and what is typed as a name is kept only as a hash.

use super::{Draft, events, events::Event, of_token};
use crate::{App, AppError, Result};
use symbolon_access::Viewer;
use symbolon_domain::kinds::Throttle;
use symbolon_store::StoreError;

/// Failures below the first number wait the second, in seconds; from the last on the name is locked.
const DELAYS: [(i64, i64); 4] = [(3, 1), (9, 3), (25, 5), (100, 10)];

const DAY: i64 = 24 * 60 * 60 * 1000;

/// Until when nothing is looked at after so many failures, the last of them now.
fn wait_until(failures: i64, now: i64) -> i64 {
    match DELAYS.iter().find(|(below, _)| failures < *below) {
        Some((_, seconds)) => now + seconds * 1000,
        None => (now.div_euclid(DAY) + 1) * DAY,
    }
}

impl App {
    /// Whether a name may be tried now; else how long to wait.
    pub(crate) fn may_try(&self, viewer: &Viewer, name: &str) -> Result<()> {
        let (id, _) = of_token("throttle", name);
        let Some(known) = self.find::<Throttle>("throttle", id)? else {
            return Ok(());
        };
        let wait = known.body.until - self.around.now_ms();
        if wait <= 0 {
            return Ok(());
        }
        events::send(Event::SignInDelayed, viewer, &id.to_string());
        Err(AppError::Wait {
            seconds: wait.div_euclid(1000) + 1,
            locked: known.state == "locked",
        })
    }

    /// Writes a failure down.
    pub(crate) fn guessed_wrong(&self, viewer: &Viewer, name: &str) -> Result<()> {
        let (id, _) = of_token("throttle", name);
        events::send(Event::SignInFailed, viewer, &id.to_string());
        // Two that fail at once: the later one counts on what the first wrote.
        for _ in 0..10 {
            match self.count_failure(viewer, id) {
                Err(AppError::Store(StoreError::Stale { .. } | StoreError::Duplicate(_))) => {}
                other => return other,
            }
        }
        Ok(())
    }

    fn count_failure(&self, viewer: &Viewer, id: symbolon_domain::record::RecordId) -> Result<()> {
        let now = self.around.now_ms();
        let known = self.find::<Throttle>("throttle", id)?;
        // A lock ends with its day, and counting begins anew.
        let before = known
            .as_ref()
            .filter(|k| k.state != "locked" || k.body.until > now)
            .map_or(0, |k| k.body.failures);
        let failures = before + 1;
        let locked = failures >= DELAYS[DELAYS.len() - 1].0;
        let body = Throttle {
            failures,
            until: wait_until(failures, now),
            last: now,
        };
        self.put(
            viewer,
            &Draft {
                kind: "throttle",
                id,
                version: known.map_or(0, |k| k.version),
                state: if locked { "locked" } else { "counting" },
                body: &body,
                action: if locked {
                    "throttle.lock"
                } else {
                    "throttle.count"
                },
                reason: "",
            },
        )?;
        if locked {
            events::send(Event::SignInLocked, viewer, &id.to_string());
        }
        Ok(())
    }

    /// Forgets failures after a success.
    pub(crate) fn guessed_right(&self, viewer: &Viewer, name: &str) -> Result<()> {
        let (id, _) = of_token("throttle", name);
        let known = self.find::<Throttle>("throttle", id)?;
        let Some(known) = known.filter(|k| k.body.failures > 0) else {
            return Ok(());
        };
        let body = Throttle {
            failures: 0,
            until: 0,
            last: known.body.last,
        };
        self.put(
            viewer,
            &Draft {
                kind: "throttle",
                id,
                version: known.version,
                state: "counting",
                body: &body,
                action: "throttle.clear",
                reason: "",
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_39_delays_grow_and_end_in_a_lock_to_the_days_end() {
        let noon = 20_000 * DAY + DAY / 2;
        for (failures, seconds) in [
            (1, 1),
            (2, 1),
            (3, 3),
            (8, 3),
            (9, 5),
            (24, 5),
            (25, 10),
            (99, 10),
        ] {
            assert_eq!(
                wait_until(failures, noon),
                noon + seconds * 1000,
                "{failures}"
            );
        }
        assert_eq!(wait_until(100, noon), 20_001 * DAY);
    }
}
