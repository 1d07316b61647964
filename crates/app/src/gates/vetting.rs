//! Whether a unit or person is vetted on a day. The vetting itself is kept elsewhere; the gates ask this.

use super::seen::Reader;
use crate::Result;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};
use symbolon_domain::record::RecordId;

/// What vetting says of a unit or person on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Cleared, and the result holds on the day.
    Cleared {
        /// Last day on which it holds.
        until: Date,
    },
    /// Refused, for credible information.
    Refused,
    /// Asked for and not decided, or lapsed, or never asked for.
    Open,
}

/// Where vetting decisions are looked up.
pub trait VettingBook: Send + Sync {
    /// What vetting says of a unit or person on a day.
    ///
    /// # Errors
    /// Where it cannot be read.
    fn standing(&self, subject: RecordId, day: Date) -> Result<Standing>;
}

/// Decisions handed in: for tests, and for an installation that vets elsewhere.
#[derive(Debug, Default)]
pub struct Decided(RwLock<BTreeMap<RecordId, (bool, Date, Date)>>);

impl Decided {
    /// Records a decision with the days on which it holds.
    pub fn put(&self, subject: RecordId, cleared: bool, from: Date, until: Date) {
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        all.insert(subject, (cleared, from, until));
    }
}

impl VettingBook for Decided {
    fn standing(&self, subject: RecordId, day: Date) -> Result<Standing> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Ok(match all.get(&subject) {
            Some((false, from, _)) if *from <= day => Standing::Refused,
            Some((true, from, until)) if *from <= day && day <= *until => {
                Standing::Cleared { until: *until }
            }
            _ => Standing::Open,
        })
    }
}

/// What vetting says through the book of the application.
pub(super) fn standing(reader: &Reader<'_>, subject: RecordId, day: Date) -> Result<Standing> {
    match reader.app.vetting.get() {
        Some(book) => book.standing(subject, day),
        None => Ok(Standing::Open),
    }
}
