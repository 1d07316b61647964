//! Who sees which rows: labels in use, the world decisions are judged against, and the filter made of
//! both, compiled once for a viewer and kept until something that matters changes.

use crate::conditions::Where;
use crate::conn::Conn;
use crate::pool::Pool;
use crate::records::broken;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};
use symbolon_access::{
    Action, Actor, Limit, Policy, RowFilter, Subject, Viewer, World, decide, row_filter,
};
use symbolon_domain::{canonical, label::Label, record::Record};
use symbolon_store::{Result, StoreError, query::Value};

mod world;

/// Other nodes' changes of labels, groups and agreements are looked for this often: they bind within
/// a second. Own changes bind at once.
const LOOK: Duration = Duration::from_millis(400);

/// So many compiled filters are kept.
const MOST_FILTERS: usize = 4096;

/// Labels and world as of one revision, and the filters compiled from them.
pub(crate) struct State {
    labels: BTreeMap<i64, Label>,
    pub(crate) world: Arc<World>,
    filters: RwLock<HashMap<Key, Arc<RowFilter>>>,
}

/// What a filter depends on besides the state.
#[derive(PartialEq, Eq, Hash)]
struct Key {
    actor: Actor,
    today: jiff::civil::Date,
    active: bool,
    stepped_up: bool,
    break_glass: bool,
    purpose: bool,
    action: Action,
    kind: &'static str,
}

impl State {
    /// The label of a number.
    pub(crate) fn label(&self, id: i64) -> Option<Label> {
        self.labels.get(&id).cloned()
    }

    /// Whether a viewer may change a record, as far as storage can tell: by writing it, moving it,
    /// approving or releasing. Which of them it is, and what else each needs, the use case knows.
    pub(crate) fn may_change(&self, viewer: &Viewer, record: &Record) -> bool {
        let ways = [
            Action::Write,
            Action::Transition,
            Action::Approve,
            Action::Release,
        ];
        ways.iter().any(|action| self.may(viewer, *action, record))
    }

    /// Whether a viewer may do something to a record.
    pub(crate) fn may(&self, viewer: &Viewer, action: Action, record: &Record) -> bool {
        let e = &record.envelope;
        let subject = Subject {
            kind: &e.kind,
            label: &e.label,
            partner: &e.partner,
            programme: &e.programme,
        };
        decide(Policy::shipped(), &self.world, viewer, action, subject).allowed
    }

    /// The filter of a viewer for an action on a kind.
    pub(crate) fn filter(
        &self,
        viewer: &Viewer,
        action: Action,
        kind: &'static str,
    ) -> Arc<RowFilter> {
        let key = Key {
            actor: viewer.actor.clone(),
            today: viewer.today,
            active: viewer.active,
            stepped_up: viewer.stepped_up,
            break_glass: viewer.break_glass,
            purpose: viewer.purpose.is_some(),
            action,
            kind,
        };
        let kept = self.filters.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(filter) = kept.get(&key) {
            return Arc::clone(filter);
        }
        drop(kept);
        let labels = self.labels.iter().map(|(id, label)| (*id, label));
        let policy = Policy::shipped();
        let filter = Arc::new(row_filter(
            policy,
            &self.world,
            viewer,
            action,
            kind,
            labels,
        ));
        let mut kept = self.filters.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST_FILTERS {
            kept.clear();
        }
        kept.insert(key, Arc::clone(&filter));
        filter
    }
}

/// The state, as new as it must be.
#[derive(Default)]
pub(crate) struct Visible {
    state: RwLock<Option<Arc<State>>>,
    looked: Mutex<Looked>,
}

/// When was looked, and up to which entry: what is behind it is not looked at again, however long the state stands.
#[derive(Default)]
struct Looked {
    at: Option<Instant>,
    upto: i64,
}

impl Visible {
    /// The state now.
    pub(crate) fn state(&self, pool: &Pool) -> Result<Arc<State>> {
        let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        let current = self
            .state
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let (Some(at), Some(state)) = (looked.at, &current)
            && at.elapsed() < LOOK
        {
            return Ok(Arc::clone(state));
        }
        let at = Instant::now();
        let (state, upto) = pool.with(|conn| {
            if let Some(state) = &current
                && let Some(newest) = world::unchanged(conn, looked.upto)?
            {
                return Ok((Arc::clone(state), newest));
            }
            let state = read(conn)?;
            let upto = state.world.revision;
            Ok((Arc::new(state), upto))
        })?;
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&state));
        *looked = Looked { at: Some(at), upto };
        Ok(state)
    }

    /// Looks again at the next question: something that decides access was written here.
    pub(crate) fn look_again(&self) {
        let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        looked.at = None;
    }
}

/// Everything as the connection sees it now.
pub(crate) fn read(conn: &mut Conn) -> Result<State> {
    // The revision first: what is written meanwhile is seen at the next look.
    let world = world::read(conn)?;
    let mut labels = BTreeMap::new();
    for row in conn.query("SELECT id, json FROM label", &[])? {
        // A label that cannot be read stays out: its rows are seen by nobody.
        if let (Some(id), Ok(label)) = (row[0].int(), serde_json::from_str(row[1].text())) {
            labels.insert(id, label);
        }
    }
    Ok(State {
        labels,
        world: Arc::new(world),
        filters: RwLock::default(),
    })
}

/// Whether changes of a kind change what others may see.
pub(crate) fn decides_access(kind: &str) -> bool {
    world::KINDS.contains(&kind)
}

/// A number for a label: the first eight bytes of the hash of its canonical form.
pub(crate) fn label_id(label: &Label) -> Result<(i64, String)> {
    use sha2::{Digest, Sha256};
    let bytes = canonical::to_vec(label).map_err(|e| StoreError::Invalid(e.to_string()))?;
    let digest = Sha256::digest(&bytes);
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    Ok((
        i64::from_be_bytes(first) >> 1,
        String::from_utf8(bytes).map_err(broken)?,
    ))
}

impl Where {
    /// Rows the viewer may see.
    pub(crate) fn visible(&mut self, filter: &RowFilter) {
        self.visible_by(filter, ["label", "partner", "programme"]);
    }

    /// Rows the viewer may see, of the few that something else finds: as expressions the columns have no index.
    /// A database that knows nothing of how many rows bear a label would rather walk along all of these.
    pub(crate) fn visible_of_few(&mut self, filter: &RowFilter) {
        self.visible_by(filter, ["label + 0", "partner || ''", "programme || ''"]);
    }

    fn visible_by(&mut self, filter: &RowFilter, [label, partner, programme]: [&str; 3]) {
        let mut ways = vec![];
        if !filter.open.is_empty() {
            ways.push(format!("{label} IN ({})", numbers(&filter.open)));
        }
        if !filter.scoped.is_empty() {
            let mut all = vec![format!("{label} IN ({})", numbers(&filter.scoped))];
            all.extend(self.limit(partner, &filter.scope.partners));
            all.extend(self.limit(programme, &filter.scope.programmes));
            ways.push(format!("({})", all.join(" AND ")));
        }
        self.plain(if ways.is_empty() {
            "1 = 0".to_owned()
        } else {
            format!("({})", ways.join(" OR "))
        });
    }

    /// A limit as a condition on its column; `None` where it narrows nothing.
    fn limit(&mut self, column: &str, limit: &Limit) -> Option<String> {
        let list = |this: &mut Self, texts: &mut dyn Iterator<Item = &String>| {
            let marks: Vec<String> = texts.map(|t| this.arg(Value::Text(t.clone()))).collect();
            marks.join(", ")
        };
        let Some(only) = &limit.only else {
            let except = list(self, &mut limit.except.iter());
            return match (limit.blank, except.is_empty()) {
                (true, true) => None,
                (false, true) => Some(format!("{column} <> ''")),
                (true, false) => Some(format!("{column} NOT IN ({except})")),
                (false, false) => Some(format!("{column} NOT IN ('', {except})")),
            };
        };
        let blank = String::new();
        let named = only
            .iter()
            .filter(|o| !o.is_empty() && !limit.except.contains(*o));
        let all = list(self, &mut named.chain(limit.blank.then_some(&blank)));
        Some(if all.is_empty() {
            "1 = 0".to_owned()
        } else {
            format!("{column} IN ({all})")
        })
    }
}

fn numbers(labels: &[i64]) -> String {
    let words: Vec<String> = labels.iter().map(i64::to_string).collect();
    words.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SqlStore;
    use symbolon_store::{Change, Store};

    fn write(store: &SqlStore, kind: &str, code: &str, body: serde_json::Value, label: Label) {
        let label = serde_json::to_value(label).unwrap_or_default();
        let state = symbolon_domain::kinds::by_code(kind).map(|k| k.states[0]);
        let envelope = serde_json::json!({
            "id": symbolon_domain::record::RecordId::named(kind, code).to_string(), "kind": kind, "code": code,
            "version": 0, "state": state, "valid": {}, "label": label, "owner": "symbolon", "partner": "",
            "programme": "", "sources": [], "claims": [],
        });
        let change = Change {
            envelope: serde_json::from_value(envelope).expect("an envelope"),
            body,
            action: format!("{kind}.create"),
            reason: String::new(),
            saw: vec![],
        };
        let viewer = Viewer::system(jiff::civil::date(2026, 1, 1));
        store.write(&viewer, vec![change]).expect("a write");
    }

    #[test]
    fn what_was_looked_at_is_not_looked_at_again() {
        let directory = symbolon_testkit::directory();
        let around = symbolon_testkit::surroundings(1);
        let store = SqlStore::sqlite(&directory.path().join("s"), around).expect("a store");
        let public = Label::public("USA");
        let source = |n: i32| serde_json::json!({"title": format!("Table {n}"), "publisher": "A", "licence": "public domain"});
        write(&store, "source", "first", source(0), public.clone());
        let first = store.visible.state(&store.pool).expect("a state");
        for n in 1..20 {
            write(
                &store,
                "source",
                &format!("s{n}"),
                source(n),
                public.clone(),
            );
        }
        store.visible.look_again();
        let then = store.visible.state(&store.pool).expect("a state");
        // Nothing that decides access was written: the state stands, and the next look begins at the end.
        assert!(Arc::ptr_eq(&first, &then));
        let upto = || store.visible.looked.lock().expect("a lock").upto;
        assert_eq!(upto(), store.revision().expect("a revision"));
        // A label that is new makes another.
        write(
            &store,
            "source",
            "other",
            source(21),
            Label::internal("USA"),
        );
        let other = store.visible.state(&store.pool).expect("a state");
        assert!(!Arc::ptr_eq(&first, &other));
    }
}
