//! Who signed what, and under which name: keys handed over and epochs begun, read before the walk.
//!
//! What stands here is trusted only because the walk that follows holds every one of these entries
//! against the tree, and the tree against its signatures.

use super::{Check, Found};
use crate::conn::Conn;
use symbolon_store::{
    Result,
    journal::{
        Body, Checkpoint, EPOCH, Epoch, HandOver, KEY, NoteError, Sealer, SigningKey, VerifyingKey,
    },
    query::Value,
};

/// Entries under one key.
struct KeyEra {
    /// First entry of it.
    from: u64,
    key: VerifyingKey,
    seal: Option<Sealer>,
}

/// Entries under one name of the log.
struct NameEra {
    from: u64,
    origin: String,
    /// How the epoch after it began; what this one signed beyond its beginning is lost.
    ended: Option<(u64, Epoch)>,
}

/// The eras of a log, oldest first.
pub(super) struct Eras {
    keys: Vec<KeyEra>,
    names: Vec<NameEra>,
    /// Size and root of each backup that an epoch names.
    pub(super) restored: Vec<(u64, String)>,
}

/// Where a note belongs.
pub(super) enum Place {
    /// In the log as it is: its root must be the one over so many entries.
    Within(Checkpoint),
    /// It covers entries that a declared restore lost.
    Lost(Checkpoint),
    /// It does not belong here, for this reason.
    Foreign(String),
}

impl Eras {
    pub(super) fn read(conn: &mut Conn, check: &Check<'_>, found: &mut Found) -> Result<Self> {
        let names = names(conn, check, found)?;
        let keys = keys(conn, check, &names, found)?;
        let ended = names.iter().filter_map(|n| n.ended.as_ref());
        let restored = ended
            .map(|(size, e)| (*size, e.restored.root.clone()))
            .collect();
        Ok(Self {
            keys,
            names,
            restored,
        })
    }

    fn key_era(&self, entry: u64) -> Option<&KeyEra> {
        self.keys.iter().rev().find(|e| e.from <= entry)
    }

    /// Whether the seals of an entry can be checked, and with what.
    pub(super) fn sealer(&self, entry: u64) -> Option<&Sealer> {
        self.key_era(entry)?.seal.as_ref()
    }

    /// First entry of the era of keys after this entry.
    pub(super) fn next_key(&self, entry: u64) -> u64 {
        let next = self.keys.iter().find(|e| e.from > entry);
        next.map_or(u64::MAX, |e| e.from)
    }

    /// Whether the signing of this size closes a hand-over, and so bears both signatures.
    fn handed_over(&self, size: u64) -> Option<(&KeyEra, &KeyEra)> {
        let at = self.keys.iter().skip(1).position(|e| e.from + 1 == size)?;
        Some((&self.keys[at], &self.keys[at + 1]))
    }

    /// Opens a note of this log with the key of its time.
    pub(super) fn open(&self, note: &str, size: u64) -> std::result::Result<Checkpoint, NoteError> {
        let last = size.saturating_sub(1);
        let era = self.key_era(last).ok_or(NoteError::Signature)?;
        era.key.open(note)
    }

    /// Name of the log when it had so many entries.
    pub(super) fn origin(&self, size: u64) -> &str {
        let last = size.saturating_sub(1);
        let era = self.names.iter().rev().find(|e| e.from <= last);
        era.map_or("", |e| e.origin.as_str())
    }

    /// Whether a note is the very text the program writes: nothing stands after the signature.
    /// Signatures of this scheme are the same every time, so with the key at hand the whole is compared.
    pub(super) fn as_written(&self, key: Option<&SigningKey>, c: &Checkpoint, note: &str) -> bool {
        let lines = note.split('\n').count();
        if let Some((old, new)) = self.handed_over(c.size) {
            return lines == 7
                && note.ends_with('\n')
                && old.key.open(note).is_ok()
                && new.key.open(note).is_ok();
        }
        let last = c.size.saturating_sub(1);
        match (key, self.key_era(last)) {
            (Some(key), Some(era)) if key.verifying() == era.key => key.sign(c) == note,
            _ => lines == 6 && note.ends_with('\n'),
        }
    }

    /// Where an outside note belongs.
    pub(super) fn place(&self, note: &str) -> Place {
        let stated = match Checkpoint::unverified(note) {
            Ok(stated) => stated,
            Err(e) => return Place::Foreign(e.to_string()),
        };
        // A note of a lost stretch was signed by the key of then, which may since have been replaced.
        if !self.keys.iter().any(|e| e.key.open(note).is_ok()) {
            return Place::Foreign(NoteError::Signature.to_string());
        }
        self.place_of(stated)
    }

    /// Where a checkpoint belongs that is known to be ours.
    pub(super) fn place_of(&self, c: Checkpoint) -> Place {
        let Some(era) = self.names.iter().find(|e| e.origin == c.origin) else {
            return Place::Foreign(format!(
                "this is the log `{}`, the note is of `{}`",
                self.names.last().map_or("", |e| e.origin.as_str()),
                c.origin
            ));
        };
        match &era.ended {
            Some((size, _)) if c.size <= *size => Place::Within(c),
            Some((_, epoch)) if epoch.last_known.as_ref().is_some_and(|k| c.size <= k.size) => {
                Place::Lost(c)
            }
            Some((size, epoch)) => Place::Foreign(format!(
                "it covers {} entries; the restore after entry {} declared {} lost",
                c.size,
                size.saturating_sub(1).cast_signed(),
                epoch.lost()
            )),
            None => Place::Within(c),
        }
    }
}

/// Bodies of the entries whose object begins with a word, by number.
fn bodies(conn: &mut Conn, prefix: &str) -> Result<Vec<(u64, Option<serde_json::Value>)>> {
    let to = format!("{}0", prefix.trim_end_matches('/'));
    let rows = conn.query(
        "SELECT seq, body FROM journal WHERE object >= $1 AND object < $2 ORDER BY seq",
        &[Value::Text(prefix.to_owned()), Value::Text(to)],
    )?;
    let read = |row: &Vec<Value>| {
        let body: Option<Body> = serde_json::from_str(row[1].text()).ok();
        let seq = row[0].int().unwrap_or(0).cast_unsigned();
        (seq, body.map(|b| b.after))
    };
    Ok(rows.iter().map(read).collect())
}

fn names(conn: &mut Conn, check: &Check<'_>, found: &mut Found) -> Result<Vec<NameEra>> {
    let mut names: Vec<NameEra> = vec![];
    for (seq, body) in bodies(conn, EPOCH)? {
        let Some(epoch) = body.and_then(|b| serde_json::from_value::<Epoch>(b).ok()) else {
            found.fault(format!(
                "journal entry {seq}: it begins no epoch that can be read"
            ));
            continue;
        };
        if names.is_empty() {
            names.push(NameEra {
                from: 0,
                origin: epoch.before.clone(),
                ended: None,
            });
        }
        let follows = names.last().is_some_and(|n| n.origin == epoch.before)
            && epoch.restored.size == seq
            && epoch.origin == Epoch::next_origin(&epoch.before);
        if !follows {
            found.fault(format!(
                "journal entry {seq}: it begins an epoch that does not follow the one before"
            ));
        }
        found.turning(format!(
            "entry {seq}: restored from a backup of {} entries; {} signed entries lost",
            epoch.restored.size,
            match &epoch.last_known {
                Some(_) => epoch.lost().to_string(),
                None => "an unknown number of".to_owned(),
            }
        ));
        let origin = epoch.origin.clone();
        if let Some(last) = names.last_mut() {
            last.ended = Some((seq, epoch));
        }
        names.push(NameEra {
            from: seq,
            origin,
            ended: None,
        });
    }
    if names.is_empty() {
        names.push(NameEra {
            from: 0,
            origin: check.origin.to_owned(),
            ended: None,
        });
    } else if names.last().is_some_and(|n| n.origin != check.origin) {
        found.fault("instance: the log's name is not the one of its newest epoch");
    }
    Ok(names)
}

fn keys(
    conn: &mut Conn,
    check: &Check<'_>,
    names: &[NameEra],
    found: &mut Found,
) -> Result<Vec<KeyEra>> {
    let seal_of = |key: &VerifyingKey| check.sealing.and_then(|s| s.sealer_of(key)).cloned();
    let mut eras: Vec<KeyEra> = vec![];
    let push = |from, key: VerifyingKey, eras: &mut Vec<KeyEra>| {
        let seal = seal_of(&key);
        eras.push(KeyEra { from, key, seal });
    };
    for (seq, body) in bodies(conn, KEY)? {
        let origin = names.iter().rev().find(|n| n.from <= seq);
        let both = body
            .and_then(|b| serde_json::from_value::<HandOver>(b).ok())
            .filter(|h| h.seq == seq)
            .and_then(|h| h.keys(origin.map_or("", |n| n.origin.as_str())));
        let Some((from, to)) = both else {
            found.fault(format!(
                "journal entry {seq}: both keys did not sign this hand-over"
            ));
            continue;
        };
        if eras.is_empty() {
            push(0, from.clone(), &mut eras);
        }
        if eras.last().is_some_and(|e| e.key != from) {
            found.fault(format!(
                "journal entry {seq}: another key hands over than the one in use"
            ));
        }
        found.turning(format!(
            "entry {seq}: the key was handed over to {}",
            &to.hex()[..16]
        ));
        push(seq + 1, to, &mut eras);
    }
    if let Some(own) = &check.key {
        if eras.is_empty() {
            push(0, own.clone(), &mut eras);
        } else if !eras.iter().any(|e| e.key == *own) {
            found.fault("the key at hand is not one that the journal was ever handed to");
        }
    } else {
        // Keys that the journal itself names prove nothing without one that is known.
        eras.clear();
    }
    Ok(eras)
}
