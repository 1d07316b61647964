//! So many files are read at once, and no more.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Lets in so many at once.
#[derive(Clone)]
pub struct Gate(Arc<Inner>);

struct Inner {
    free: Mutex<u64>,
    left: Condvar,
}

/// A place inside; given back when dropped.
pub struct Pass(Arc<Inner>);

impl Gate {
    /// A gate with so many places.
    #[must_use]
    pub fn new(places: u64) -> Self {
        Self(Arc::new(Inner {
            free: Mutex::new(places),
            left: Condvar::new(),
        }))
    }

    /// Waits for a place; `None` where none came free in time. For threads that may wait.
    #[must_use]
    pub fn enter(&self, patience: Duration) -> Option<Pass> {
        let free = self.0.free.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self
            .0
            .left
            .wait_timeout_while(free, patience, |free| *free == 0);
        let (mut free, _) = waited.unwrap_or_else(PoisonError::into_inner);
        *free = free.checked_sub(1)?;
        Some(Pass(Arc::clone(&self.0)))
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.left.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gate_holds_its_places_and_frees_them() {
        let gate = Gate::new(2);
        let none = Duration::ZERO;
        let (one, two) = (gate.enter(none), gate.enter(none));
        assert!(one.is_some() && two.is_some() && gate.enter(none).is_none());
        drop(one);
        assert!(gate.enter(none).is_some());
    }
}
