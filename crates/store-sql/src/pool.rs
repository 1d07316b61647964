//! Reading connections, lent out and taken back.

use crate::conn::{Conn, Place};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use symbolon_store::Result;

/// Connections that cannot write; at most `most` at a time, opened when first needed.
pub(crate) struct Pool {
    place: Place,
    most: usize,
    state: Mutex<State>,
    back: Condvar,
}

#[derive(Default)]
struct State {
    idle: Vec<Conn>,
    open: usize,
}

impl Pool {
    pub(crate) fn new(place: Place, most: usize) -> Self {
        Self {
            place,
            most,
            state: Mutex::default(),
            back: Condvar::new(),
        }
    }

    /// Runs something with a connection. A connection that failed is closed, not lent again.
    pub(crate) fn with<T>(&self, f: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        let mut conn = self.take()?;
        let result = f(&mut conn);
        let mut state = self.lock();
        if result.is_ok() {
            state.idle.push(conn);
        } else {
            state.open -= 1;
        }
        drop(state);
        self.back.notify_one();
        result
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> Result<Conn> {
        let mut state = self.lock();
        loop {
            if let Some(conn) = state.idle.pop() {
                if !conn.lost() {
                    return Ok(conn);
                }
                state.open -= 1;
                continue;
            }
            if state.open < self.most {
                state.open += 1;
                drop(state);
                return self
                    .place
                    .open_reader()
                    .inspect_err(|_| self.lock().open -= 1);
            }
            state = self
                .back
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}
