//! Memory and time of one file being read: counted while it is read, refused when used up.

use super::{Code, Refusal};
use std::cell::Cell;

/// Asked so often, in steps of work.
const STEPS: u32 = 256;

/// What one reading may use. Readers take memory from it before they keep something, and tell it of
/// each step; a clock comes in from outside.
pub struct Meter<'a> {
    left: Cell<u64>,
    most: u64,
    steps: Cell<u32>,
    over: Option<&'a dyn Fn() -> bool>,
}

impl<'a> Meter<'a> {
    /// A meter over so many bytes. `over` says whether the time is up, or the work no longer wanted.
    #[must_use]
    pub fn new(memory: u64, over: Option<&'a dyn Fn() -> bool>) -> Self {
        Self {
            left: Cell::new(memory),
            most: memory,
            steps: Cell::new(0),
            over,
        }
    }

    /// Bytes taken so far.
    #[must_use]
    pub fn taken(&self) -> u64 {
        self.most - self.left.get()
    }

    /// Takes memory before it is used.
    ///
    /// # Errors
    /// [`Code::OutOfMemory`] where it is used up.
    pub fn take(&self, bytes: u64) -> Result<(), Refusal> {
        match self.left.get().checked_sub(bytes) {
            Some(left) => {
                self.left.set(left);
                Ok(())
            }
            None => Err(Refusal::new(
                Code::OutOfMemory,
                "reading this takes more memory than one file may use",
                "split it into smaller files",
            )),
        }
    }

    /// Gives memory back that is no longer used.
    pub fn give(&self, bytes: u64) {
        self.left.set((self.left.get() + bytes).min(self.most));
    }

    /// One step of work.
    ///
    /// # Errors
    /// [`Code::OutOfTime`] where the time is up.
    pub fn step(&self) -> Result<(), Refusal> {
        let steps = self.steps.get().wrapping_add(1);
        self.steps.set(steps);
        if !steps.is_multiple_of(STEPS) || self.over.is_none_or(|over| !over()) {
            return Ok(());
        }
        Err(Refusal::new(
            Code::OutOfTime,
            "reading this takes longer than one file may take",
            "split it into smaller files",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_taken_to_the_last_byte_and_not_beyond() {
        let meter = Meter::new(10, None);
        assert!(meter.take(10).is_ok());
        assert_eq!(meter.take(1).unwrap_err().code, Code::OutOfMemory);
        meter.give(1);
        assert!(meter.take(1).is_ok());
        assert_eq!(meter.taken(), 10);
    }

    #[test]
    fn time_that_is_up_stops_the_work() {
        let over = || true;
        let meter = Meter::new(0, Some(&over));
        let code = (0..STEPS).find_map(|_| meter.step().err()).unwrap().code;
        assert_eq!(code, Code::OutOfTime);
    }
}
