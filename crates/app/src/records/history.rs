//! The history of a record as sentences: who, when, what, why.

use super::compare::{Difference, difference};
use crate::{App, Result};
use symbolon_access::Viewer;
use symbolon_domain::{
    kind::{KindDef, sentence},
    kinds,
    record::Record,
};
use symbolon_store::{journal::Body, query::Version};

/// One step of a record's history.
#[derive(Clone, Debug)]
pub struct Past {
    /// Number of the journal entry.
    pub seq: i64,
    /// Milliseconds since 1970-01-01 UTC.
    pub time: i64,
    /// Version it made.
    pub version: i64,
    /// Who; empty where it is withheld.
    pub actor: String,
    /// What was done, in words.
    pub sentence: String,
    /// Why.
    pub reason: String,
    /// What changed, field by field.
    pub differences: Vec<Difference>,
    /// Records a decision rested on: link and version then.
    pub saw: Vec<(String, String, i64)>,
    /// Whether what was changed is hidden from the viewer.
    pub withheld: bool,
}

impl App {
    /// The history of a record, newest first.
    pub fn history(&self, viewer: &Viewer, kind: &str, id: &str) -> Result<Vec<Past>> {
        let versions = self.versions(viewer, kind, id)?;
        let mut past: Vec<Past> = versions.iter().map(step).collect();
        past.reverse();
        Ok(past)
    }
}

fn step(version: &Version) -> Past {
    let entry = &version.entry.entry;
    let kind = entry
        .object
        .split_once('/')
        .and_then(|(k, _)| kinds::by_code(k));
    let body = version.entry.body.as_ref();
    let (Some(kind), Some(body), Some(record)) = (kind, body, version.record.as_ref()) else {
        return Past {
            seq: entry.seq,
            time: entry.time,
            version: entry.version,
            actor: String::new(),
            sentence: "A change that is withheld from you, or was redacted".to_owned(),
            reason: String::new(),
            differences: vec![],
            saw: vec![],
            withheld: true,
        };
    };
    let before: Option<Record> = serde_json::from_value(body.before.clone()).ok();
    Past {
        seq: entry.seq,
        time: entry.time,
        version: entry.version,
        actor: name_of(&body.actor).to_owned(),
        sentence: sentence_of(kind, body),
        reason: body.reason.clone(),
        differences: difference(kind, before.as_ref(), record),
        saw: body
            .saw
            .iter()
            .map(|s| (s.object.clone(), s.code.clone(), s.version))
            .collect(),
        withheld: false,
    }
}

/// The name in an actor as the journal keeps it, without the account's id.
pub(super) fn name_of(actor: &str) -> &str {
    actor.rsplit_once(" (").map_or(actor, |(name, _)| name)
}

/// What an entry did, in words: "Ann Example approved the initiative".
#[must_use]
pub fn sentence_of(kind: &KindDef, body: &Body) -> String {
    let who = match name_of(&body.actor) {
        "system" => "The program",
        "public" => "Somebody not signed in",
        name => name,
    };
    let what = kind.name.to_lowercase();
    let verb = body.action.rsplit_once('.').map_or("changed", |(_, v)| v);
    match verb {
        "create" => format!("{who} made this {what}"),
        "edit" => format!("{who} changed this {what}"),
        "delete" => format!("{who} deleted this {what}"),
        "restore" => format!("{who} restored this {what}"),
        "load" | "import" => format!("{who} loaded this {what} from a file"),
        "reverse" => format!("{who} reversed an earlier change"),
        "undo" => format!("{who} undid the last change"),
        "bulk" => format!("{who} changed this {what} together with others"),
        code => match kind.transition(code) {
            Some(t) => format!(
                "{who} moved this {what} on: {} (now {})",
                t.name.to_lowercase(),
                sentence(t.to).to_lowercase()
            ),
            None => format!("{who}: {}", sentence(code).to_lowercase()),
        },
    }
}
