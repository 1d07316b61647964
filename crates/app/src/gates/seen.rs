//! Reading the thread for a gate: everything there is, whoever asks, with a note of what was looked at.

use crate::{App, Result};
use symbolon_access::Viewer;
use symbolon_domain::{
    kind::DELETED,
    record::{Record, RecordId},
};
use symbolon_store::{
    journal::Saw,
    query::{RecordQuery, Test, Value},
};

/// Reads records of the thread. A gate sees what its asker may not: it says which rule holds, never what
/// a record says.
pub(crate) struct Reader<'a> {
    /// The application.
    pub app: &'a App,
    viewer: Viewer,
    saw: Vec<Saw>,
}

impl<'a> Reader<'a> {
    /// A reader that has looked at nothing.
    pub fn new(app: &'a App) -> Self {
        Self {
            viewer: app.system(),
            app,
            saw: vec![],
        }
    }

    /// A record that is not deleted.
    pub fn get(&mut self, kind: &str, id: Option<RecordId>) -> Result<Option<Record>> {
        let Some(id) = id else { return Ok(None) };
        let found = self.app.store.get(&self.viewer, kind, id)?;
        let found = found.filter(|r| r.envelope.state != DELETED);
        if let Some(record) = &found {
            self.note(record);
        }
        Ok(found)
    }

    /// The records of a kind that refer to a record by a field.
    pub fn of(&mut self, kind: &str, field: &str, id: RecordId) -> Result<Vec<Record>> {
        self.list(kind, &[(field, &id.to_string())])
    }

    /// The records of a kind whose columns are so.
    pub fn list(&mut self, kind: &str, tests: &[(&str, &str)]) -> Result<Vec<Record>> {
        let query = tests
            .iter()
            .fold(RecordQuery::default(), |q, (column, value)| {
                q.when(column, Test::Is(Value::Text((*value).to_owned())))
            });
        Ok(self.app.store.list(&self.viewer, kind, &query)?)
    }

    /// Notes that a decision rests on a record.
    pub fn note(&mut self, record: &Record) {
        let e = &record.envelope;
        let object = format!("{}/{}", e.kind, e.id);
        if self.saw.iter().all(|s| s.object != object) {
            self.saw.push(Saw {
                object,
                code: e.code.clone(),
                version: e.version,
            });
        }
    }

    /// What was looked at.
    pub fn saw(self) -> Vec<Saw> {
        self.saw
    }
}
