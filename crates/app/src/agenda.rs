//! Days of the portfolio in memory: what was planned, what came of it, of which case, and what decides who sees
//! it. Lateness and *My work* are counted from it; only records that a page shows are read from the store. It
//! is made from the records, follows the journal, and is never the source of anything.

mod follow;
mod rows;
mod sight;
mod words;

pub(crate) use rows::{Agenda, Class, NO_DAY, Rows};
pub(crate) use sight::{Bits, Seen, Sight};

use crate::{App, Result};
use jiff::{ToSpan, civil::Date};
use std::sync::{Mutex, PoisonError, RwLock};

/// The agenda of an application, and the one who brings it up to date.
#[derive(Default)]
pub(crate) struct Kept {
    agenda: RwLock<Agenda>,
    following: Mutex<()>,
}

/// The number of a day: days since 1970-01-01.
pub(crate) fn number_of(day: Date) -> i32 {
    (day - EPOCH).get_days()
}

/// The day of a number.
pub(crate) fn day_of(number: i32) -> Date {
    EPOCH.saturating_add(number.days())
}

const EPOCH: Date = jiff::civil::date(1970, 1, 1);

impl App {
    /// Reads the days of the portfolio into memory, so that the first who asks does not wait.
    ///
    /// # Errors
    /// Where the records cannot be read.
    pub fn warm(&self) -> Result<()> {
        self.agenda(|_| Ok(()))
    }

    /// Asks the agenda, as new as the journal.
    pub(crate) fn agenda<T>(&self, ask: impl FnOnce(&Agenda) -> Result<T>) -> Result<T> {
        let until = self.store.revision()? + 1;
        let behind = |a: &Agenda| a.until < until;
        if behind(&self.agenda.read()) {
            let following = self.agenda.following.lock();
            let following = following.unwrap_or_else(PoisonError::into_inner);
            let from = self.agenda.read().until;
            if from < until {
                follow::follow(self, from, until)?;
            }
            drop(following);
        }
        ask(&self.agenda.read())
    }
}

impl Kept {
    fn read(&self) -> std::sync::RwLockReadGuard<'_, Agenda> {
        self.agenda.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> std::sync::RwLockWriteGuard<'_, Agenda> {
        self.agenda.write().unwrap_or_else(PoisonError::into_inner)
    }
}
