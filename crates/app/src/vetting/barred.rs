//! The list of barred units: as the government is given it, and as the public may read it.

use super::{around::ids, circle::text};
use crate::{App, AppError, Result};
use std::collections::HashMap;
use symbolon_access::{Action, Policy, Viewer};
use symbolon_domain::record::Record;
use symbolon_store::query::RecordQuery;

/// Barred units with the names of the units.
pub struct Barred {
    /// Entries; those in force first, the newest first.
    pub entries: Vec<Record>,
    /// Names of units by id.
    pub names: HashMap<String, String>,
    /// How many names are left out because a report says why they are kept from the public.
    pub withheld: usize,
}

impl App {
    /// The list, whole or as the public may read it. What is lifted is not on the list for the public.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where the role does not see the list.
    pub fn barred_units(&self, viewer: &Viewer, for_the_public: bool) -> Result<Barred> {
        if !Policy::shipped().grants(viewer, Action::Read, "barred_unit") {
            return Err(AppError::NotFound("page"));
        }
        let mut entries = self
            .store
            .list(viewer, "barred_unit", &RecordQuery::default())?;
        let mut withheld = 0;
        if for_the_public {
            entries.retain(|e| e.envelope.state == "listed");
            let all = entries.len();
            entries.retain(|e| e.body["withheld"] != true);
            withheld = all - entries.len();
        }
        entries.sort_by_key(|e| {
            let day = text(e, "listed_on").to_owned();
            (e.envelope.state != "listed", std::cmp::Reverse(day))
        });
        let found = self.names_among(viewer, "unit", &ids(&entries, "unit"))?;
        let named = |(id, r): (String, Record)| (id, text(&r, "name").to_owned());
        Ok(Barred {
            names: found.into_iter().map(named).collect(),
            entries,
            withheld,
        })
    }
}
