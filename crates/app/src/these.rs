//! Records of a list by their ids, asked for together.

use crate::{App, Result};
use std::collections::{HashMap, HashSet};
use symbolon_access::Viewer;
use symbolon_domain::{
    kind::DELETED,
    record::{Record, RecordId},
};
use symbolon_store::query::{RecordQuery, Test};

/// So many ids of one question.
const AT_ONCE: usize = 1_000;

impl App {
    /// Records of a kind with these ids, of what a viewer may see; deleted ones are left out.
    pub(crate) fn these(
        &self,
        viewer: &Viewer,
        kind: &str,
        ids: impl IntoIterator<Item = RecordId>,
    ) -> Result<HashMap<RecordId, Record>> {
        let ids: HashSet<RecordId> = ids.into_iter().collect();
        let mut ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
        ids.sort_unstable();
        let mut all = HashMap::with_capacity(ids.len());
        for some in ids.chunks(AT_ONCE) {
            let query = RecordQuery {
                order: Some(("id".to_owned(), false)),
                ..RecordQuery::default()
            };
            let query = query.when("id", Test::Among(some.to_vec()));
            let found = self.store.list(viewer, kind, &query)?.into_iter();
            let found = found.filter(|r| r.envelope.state != DELETED);
            all.extend(found.map(|r| (r.envelope.id, r)));
        }
        Ok(all)
    }
}
