//! Bodies: each must be the one its entry commits to, and the row in it the one that is bound. Checked
//! on threads of their own, since this is most of the work.

use super::Found;
use crate::conn::Raw;
use std::collections::BTreeSet;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use symbolon_domain::canonical::{Hash, salted_hash};
use symbolon_store::{Result, StoreError, journal::Body};

/// So many entries go to a thread at a time.
const BATCH: usize = 256;
/// So many batches wait at most, so that memory stays small however long the journal is.
const WAITING: usize = 8;
/// Threads at most.
const THREADS: usize = 8;
/// More faults than this are counted, not kept.
const KEPT: usize = 1000;

/// What stands beside an entry, copied.
pub(super) struct Item {
    seq: i64,
    after: String,
    commit: String,
    row_salt: Option<Vec<u8>>,
    body_salt: Option<Vec<u8>>,
    actor: Option<String>,
    action: Option<String>,
    body: Option<String>,
    readable: bool,
}

impl Item {
    pub(super) fn read(cells: &[Raw<'_>]) -> Self {
        let text = |i: usize| match cells[i] {
            Raw::Text(t) => Some(t.to_owned()),
            _ => None,
        };
        let blob = |i: usize| match cells[i] {
            Raw::Blob(b) => Some(b.to_vec()),
            _ => None,
        };
        Self {
            seq: cells[0].int().unwrap_or(-1),
            after: text(4).unwrap_or_default(),
            commit: text(5).unwrap_or_default(),
            row_salt: blob(8),
            body_salt: blob(9),
            actor: text(10),
            action: text(11),
            body: text(12),
            readable: cells[8..10]
                .iter()
                .all(|c| matches!(c, Raw::Blob(_) | Raw::Null))
                && cells[10..]
                    .iter()
                    .all(|c| matches!(c, Raw::Text(_) | Raw::Null)),
        }
    }

    /// What is wrong with it, if anything. `redacted` says whether a later entry redacts it.
    fn fault(&self, redacted: bool) -> std::result::Result<(), &'static str> {
        if !self.readable {
            return Err("its body cannot be read");
        }
        if redacted {
            let gone = self.body_salt.is_none() && self.actor.is_none() && self.action.is_none();
            return match self.body {
                None if gone => Ok(()),
                _ => Err("it was redacted, and parts of its body are there"),
            };
        }
        let text = self
            .body
            .as_deref()
            .ok_or("its body is missing, and no redaction names it")?;
        let body: Body = serde_json::from_str(text).map_err(|_| "its body cannot be read")?;
        if Some(&body.actor) != self.actor.as_ref() || Some(&body.action) != self.action.as_ref() {
            return Err("actor or action differ from its body");
        }
        // The body's hash is over its meaning; its text must be the one the program writes for it, so
        // that nothing can be added that a reader of the table sees and the hash does not.
        if serde_json::to_string(&body).is_ok_and(|written| written != text) {
            return Err("its body is not written as the program writes it");
        }
        let salt = hash(self.body_salt.as_deref()).ok_or("a salt or the seal is damaged")?;
        if body.commitment(&salt).as_ref() != Ok(&self.commit) {
            return Err("its body is not the one it commits to");
        }
        let bound = match &self.row_salt {
            Some(salt) => {
                let salt = hash(Some(salt)).ok_or("a salt or the seal is damaged")?;
                let hashed = salted_hash(&salt, &body.after).map(hex::encode);
                hashed.unwrap_or_default()
            }
            None => String::new(),
        };
        if bound == self.after {
            Ok(())
        } else {
            Err("the row it commits to is not the one in its body")
        }
    }
}

fn hash(bytes: Option<&[u8]>) -> Option<Hash> {
    bytes?.try_into().ok()
}

/// What the threads found.
#[derive(Default)]
struct Faults {
    listed: Vec<(i64, &'static str)>,
    more: u64,
    redacted: u64,
}

/// Threads that check bodies.
pub(super) struct BodyCheck {
    batch: Mutex<Vec<Item>>,
    send: SyncSender<Vec<Item>>,
    threads: Vec<JoinHandle<Faults>>,
    expected: u64,
}

impl BodyCheck {
    /// Starts them.
    pub(super) fn start(redacted: BTreeSet<i64>) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let (send, receive) = sync_channel::<Vec<Item>>(WAITING);
        let receive = Arc::new(Mutex::new(receive));
        let expected = redacted.len() as u64;
        let redacted = Arc::new(redacted);
        let thread = |_| {
            let (receive, redacted) = (Arc::clone(&receive), Arc::clone(&redacted));
            std::thread::spawn(move || check(&receive, &redacted))
        };
        Self {
            batch: Mutex::default(),
            send,
            threads: (0..cores.clamp(1, THREADS)).map(thread).collect(),
            expected,
        }
    }

    /// Hands over an entry.
    pub(super) fn push(&self, item: Item) -> Result<()> {
        let mut batch = self.batch.lock().unwrap_or_else(PoisonError::into_inner);
        batch.push(item);
        if batch.len() < BATCH {
            return Ok(());
        }
        let full = std::mem::replace(&mut *batch, Vec::with_capacity(BATCH));
        self.send
            .send(full)
            .map_err(|_| StoreError::Cancelled("the checking threads ended".into()))
    }

    /// Waits for what is left and reports what was found, in order.
    pub(super) fn finish(self, found: &mut Found) {
        let rest = self
            .batch
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        let _ = self.send.send(rest);
        drop(self.send);
        let (mut faults, mut redacted) = (vec![], 0);
        for thread in self.threads {
            match thread.join() {
                Ok(part) => {
                    faults.extend(part.listed);
                    found.more += part.more;
                    redacted += part.redacted;
                }
                Err(_) => found.unknown("the bodies: a checking thread failed"),
            }
        }
        faults.sort_unstable();
        for (seq, what) in faults {
            found.fault(format!("journal entry {seq}: {what}"));
        }
        if redacted != self.expected {
            found.fault("journal: a redaction names an entry that is not there");
        }
        found.verification.redacted = redacted;
    }
}

fn check(receive: &Mutex<Receiver<Vec<Item>>>, redacted: &BTreeSet<i64>) -> Faults {
    let mut faults = Faults::default();
    loop {
        let next = receive
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .recv();
        let Ok(batch) = next else { return faults };
        for item in batch {
            let gone = redacted.contains(&item.seq);
            faults.redacted += u64::from(gone);
            match item.fault(gone) {
                Ok(()) => {}
                Err(what) if faults.listed.len() < KEPT => faults.listed.push((item.seq, what)),
                Err(_) => faults.more += 1,
            }
        }
    }
}
