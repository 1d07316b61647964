//! Two times on every question: what was true on a day, as recorded before a moment.

use crate::{App, AppError, Result};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use symbolon_access::Viewer;
use symbolon_domain::{
    kind::KindDef,
    record::{Record, RecordId},
};
use symbolon_store::query::{RecordQuery, Test, Value, Version};

/// The two times of a question; by default now and now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// True on this day.
    pub as_of: Option<Date>,
    /// As recorded before this moment.
    pub recorded_before: Option<Timestamp>,
}

impl Moment {
    /// Reads the two parameters of an address; empty ones ask for now. `recorded_before` takes a day,
    /// which means its first moment in UTC, or an RFC 3339 time.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming the parameter and what to write.
    pub fn read(as_of: &str, recorded_before: &str) -> Result<Self> {
        let as_of = match as_of.trim() {
            "" => None,
            day => Some(day.parse().map_err(|_| {
                AppError::Invalid(format!("as_of: `{day}` is not a day; write 2026-03-31"))
            })?),
        };
        let recorded_before = match recorded_before.trim() {
            "" => None,
            text => Some(moment(text).ok_or_else(|| {
                AppError::Invalid(format!(
                    "recorded_before: `{text}` is not a time; write 2026-03-31 or 2026-03-31T12:00:00Z"
                ))
            })?),
        };
        Ok(Self {
            as_of,
            recorded_before,
        })
    }

    /// Whether it asks for anything but now.
    #[must_use]
    pub fn is_past(&self) -> bool {
        self.as_of.is_some() || self.recorded_before.is_some()
    }

    /// Puts both times into a query.
    #[must_use]
    pub fn asked(&self, query: RecordQuery) -> RecordQuery {
        RecordQuery {
            as_of: self.as_of,
            recorded_before: self.recorded_before.map(Timestamp::as_millisecond),
            ..query
        }
    }
}

fn moment(text: &str) -> Option<Timestamp> {
    if let Ok(day) = text.parse::<Date>()
        && text.len() == 10
    {
        return Some(day.to_zoned(TimeZone::UTC).ok()?.timestamp());
    }
    text.parse().ok()
}

impl App {
    /// A record at a moment: as it was recorded then. That it did not hold on the day is said by its
    /// valid time, not by its absence: whoever opens one record wants to read it.
    pub(super) fn record_at(
        &self,
        viewer: &Viewer,
        kind: &KindDef,
        id: RecordId,
        at: Moment,
    ) -> Result<Record> {
        let query = RecordQuery {
            recorded_before: at.recorded_before.map(Timestamp::as_millisecond),
            ..RecordQuery::default()
        };
        let query = query.when("id", Test::Is(Value::Text(id.to_string())));
        let found = self.store.list(viewer, kind.code, &query)?.pop();
        found.ok_or(AppError::NotFound("record"))
    }

    /// Every version of a record the viewer may see, oldest first.
    pub fn versions(&self, viewer: &Viewer, kind: &str, id: &str) -> Result<Vec<Version>> {
        let kind = super::change::readable_kind(viewer, kind)?;
        let id = id.parse().map_err(|_| AppError::NotFound("record"))?;
        let versions = self.store.versions(viewer, kind.code, id)?;
        if versions.is_empty() {
            return Err(AppError::NotFound("record"));
        }
        Ok(versions)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_means_its_first_moment() {
        let at = Moment::read("", "2026-03-31").unwrap();
        assert_eq!(
            at.recorded_before.unwrap().to_string(),
            "2026-03-31T00:00:00Z"
        );
        assert!(Moment::read("31.3.2026", "").is_err());
        assert!(Moment::read("", "soon").is_err());
        assert!(!Moment::read("", " ").unwrap().is_past());
    }
}
