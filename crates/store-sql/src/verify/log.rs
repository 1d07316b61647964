//! The log: every entry, its number, time, leaf and seal; the tree and its stored hashes; the
//! checkpoints. Bodies are checked beside it on other threads.

use super::bodies::{BodyCheck, Item};
use super::eras::{Eras, Place};
use super::{Check, Found};
use crate::conn::{Conn, Raw};
use crate::journal;
use std::collections::{BTreeMap, BTreeSet};
use symbolon_domain::canonical::Hash;
use symbolon_store::{
    Result,
    journal::{Body, CHECKPOINT, CompactRange, ERASURE, EntryRef, Sealer, hash_leaf},
    query::Value,
};

/// Roots that the growing tree must pass through, by size, and whose they are.
type Wanted = BTreeMap<u64, Vec<(Hash, String)>>;

/// Columns of the log itself, then those beside it.
const LOG: &str = "seq, time, object, version, after_hash, commit_hash, leaf, seal";
const BESIDE: &str = "row_salt, body_salt, actor, action, body";

pub(super) fn check(conn: &mut Conn, check: &Check<'_>, found: &mut Found) -> Result<()> {
    let eras = Eras::read(conn, check, found)?;
    let (mut wanted, signed) = wanted(conn, check, &eras, found)?;
    let redacted = redacted(conn, found)?;
    let mut walk = Walk::new(&eras, journal::stored_tiles(conn)?);
    walk.compare(&mut wanted, found);
    let bodies = (!check.log_only).then(|| BodyCheck::start(redacted));
    let columns = if check.log_only {
        LOG.to_owned()
    } else {
        format!("{LOG}, {BESIDE}")
    };
    let sql = format!("SELECT {columns} FROM journal ORDER BY seq");
    let walked = conn.each_raw(&sql, &[], &mut |cells| {
        walk.entry(cells, found);
        walk.compare(&mut wanted, found);
        if let Some(bodies) = &bodies {
            bodies.push(Item::read(cells))?;
        }
        Ok(true)
    });
    if let Some(bodies) = bodies {
        bodies.finish(found);
    }
    walked?;
    walk.end(wanted, found);
    signed_entries(conn, &walk.signings, found)?;
    found.verification.signed_size = signed;
    Ok(())
}

/// The walk over the entries.
struct Walk<'a> {
    eras: &'a Eras,
    sealer: Option<&'a Sealer>,
    /// First entry that another sealer sealed.
    resealed: u64,
    unsealed: bool,
    range: CompactRange,
    time: i64,
    leaf: Vec<u8>,
    /// Stored hashes not yet met.
    tiles: BTreeMap<i64, Value>,
    /// Sizes signed, and when, as the entries say.
    signings: BTreeMap<i64, i64>,
}

impl<'a> Walk<'a> {
    fn new(eras: &'a Eras, tiles: BTreeMap<i64, Value>) -> Self {
        Self {
            eras,
            sealer: eras.sealer(0),
            resealed: eras.next_key(0),
            unsealed: eras.sealer(0).is_none(),
            range: CompactRange::default(),
            time: i64::MIN,
            leaf: Vec::with_capacity(512),
            tiles,
            signings: BTreeMap::new(),
        }
    }

    fn entry(&mut self, cells: &[Raw<'_>], found: &mut Found) {
        let seq = self.range.size();
        if seq >= self.resealed {
            self.sealer = self.eras.sealer(seq);
            self.resealed = self.eras.next_key(seq);
            self.unsealed |= self.sealer.is_none();
        }
        let leaf = self.check(cells, seq, found);
        let tiles = &mut self.tiles;
        self.range.push_noting(leaf, &mut |row, number, root| {
            let place = journal::place(row, number);
            if tiles.remove(&place) != Some(Value::Blob(root.to_vec())) {
                found.fault(format!(
                    "journal_tile {place}: it is not the root of the entries under it"
                ));
            }
        });
    }

    /// Checks an entry by itself; its leaf hash, zeros where it cannot be read.
    fn check(&mut self, cells: &[Raw<'_>], seq: u64, found: &mut Found) -> Hash {
        let Some((entry, leaf, seal)) = read(cells) else {
            let named = cells.first().and_then(Raw::int).unwrap_or(-1);
            found.fault(format!("journal entry {named}: it cannot be read"));
            return [0; 32];
        };
        let mut fault = |what: &str| found.fault(format!("journal entry {}: {what}", entry.seq));
        if entry.seq != seq.cast_signed() {
            fault(&format!("entry {seq} is missing"));
        }
        if entry.time < self.time {
            fault("its time is before the entry before it");
        }
        self.time = entry.time;
        if entry.leaf_into(&mut self.leaf).is_err() || hash_leaf(&self.leaf) != leaf {
            fault("its leaf hash is not the hash of the entry");
        }
        if self.sealer.is_some_and(|s| s.seal(&leaf) != seal) {
            fault("its seal is not this installation's");
        }
        if entry.object.starts_with(CHECKPOINT) {
            self.signings.insert(seq.cast_signed() + 1, entry.time);
        }
        leaf
    }

    fn compare(&self, wanted: &mut Wanted, found: &mut Found) {
        let size = self.range.size();
        if wanted
            .first_key_value()
            .is_none_or(|(next, _)| *next > size)
        {
            return;
        }
        for (root, whose) in wanted.remove(&size).unwrap_or_default() {
            if root != self.range.root() {
                found.fault(format!(
                    "journal: the first {size} entries do not lead to the root of {whose}"
                ));
            }
        }
    }

    fn end(&self, wanted: Wanted, found: &mut Found) {
        for (size, claims) in wanted {
            for (_, whose) in claims {
                found.fault(format!(
                    "journal: {whose} covers {size} entries, {} are there",
                    self.range.size()
                ));
            }
        }
        for place in self.tiles.keys() {
            found.fault(format!(
                "journal_tile {place}: no full run of entries is under it"
            ));
        }
        found.verification.entries = self.range.size();
        found.verification.root = hex::encode(self.range.root());
        if self.unsealed && self.range.size() > 0 {
            found.unknown("the seals of the entries: the signing key is not at hand");
        }
    }
}

fn read<'a>(cells: &[Raw<'a>]) -> Option<(EntryRef<'a>, Hash, Hash)> {
    let [
        Raw::Int(seq),
        Raw::Int(time),
        Raw::Text(object),
        Raw::Int(version),
        Raw::Text(after),
        Raw::Text(commit),
        Raw::Blob(leaf),
        Raw::Blob(seal),
        ..,
    ] = *cells
    else {
        return None;
    };
    let entry = EntryRef {
        seq,
        time,
        object,
        version,
        after,
        commit,
    };
    Some((entry, leaf.try_into().ok()?, seal.try_into().ok()?))
}

/// Numbers of entries whose bodies were redacted, as later entries name them.
fn redacted(conn: &mut Conn, found: &mut Found) -> Result<BTreeSet<i64>> {
    let to = format!("{}0", ERASURE.trim_end_matches('/'));
    let rows = conn.query(
        "SELECT seq, body FROM journal WHERE object >= $1 AND object < $2 ORDER BY seq",
        &[Value::Text(ERASURE.to_owned()), Value::Text(to)],
    )?;
    let mut named = BTreeSet::new();
    for row in rows {
        let body: Option<Body> = serde_json::from_str(row[1].text()).ok();
        let entries = body.and_then(|b| b.after["entries"].as_array().cloned());
        let Some(entries) = entries else {
            let seq = row[0].int().unwrap_or(-1);
            found.fault(format!(
                "journal entry {seq}: it does not say what it redacted"
            ));
            continue;
        };
        named.extend(entries.iter().filter_map(serde_json::Value::as_i64));
    }
    Ok(named)
}

/// Every root the tree must pass through, and the size of the newest checkpoint.
fn wanted(
    conn: &mut Conn,
    check: &Check<'_>,
    eras: &Eras,
    found: &mut Found,
) -> Result<(Wanted, u64)> {
    let mut wanted = Wanted::new();
    let signed = checkpoints(conn, check, eras, found)?;
    for (size, root) in &signed {
        let whose = "the signed checkpoint".to_owned();
        wanted.entry(*size).or_default().push((*root, whose));
    }
    for (size, root) in &eras.restored {
        let root = hex::decode(root).ok().and_then(|r| r.try_into().ok());
        let whose = "the backup that was restored".to_owned();
        let root = root.unwrap_or_default();
        wanted.entry(*size).or_default().push((root, whose));
    }
    if let Some(kept) = check.witnessed {
        let whose = "the checkpoint kept outside the database";
        place(eras.place_of(kept.clone()), whose, &mut wanted, found);
    }
    for (name, note) in check.notes {
        if check.key.is_none() {
            found.unknown(format!("{name}: no key is at hand"));
        } else {
            place(eras.place(note), name, &mut wanted, found);
        }
    }
    Ok((wanted, signed.last().map_or(0, |(size, _)| *size)))
}

fn place(place: Place, whose: &str, wanted: &mut Wanted, found: &mut Found) {
    match place {
        Place::Within(c) => wanted
            .entry(c.size)
            .or_default()
            .push((c.root, whose.to_owned())),
        Place::Lost(c) => found.turning(format!(
            "{whose}: it covers {} entries, some of which a restore lost as declared",
            c.size
        )),
        Place::Foreign(why) => found.fault(format!("journal: {whose}: {why}")),
    }
}

/// Each signing is an entry, and each such entry has its checkpoint, signed at its time.
fn signed_entries(conn: &mut Conn, signings: &BTreeMap<i64, i64>, found: &mut Found) -> Result<()> {
    let rows = conn.query("SELECT size, time FROM checkpoint ORDER BY size", &[])?;
    let stored: BTreeMap<i64, i64> = rows
        .iter()
        .map(|r| (r[0].int().unwrap_or(-1), r[1].int().unwrap_or(-1)))
        .collect();
    for (size, time) in signings {
        if stored.get(size) != Some(time) {
            found.fault(format!(
                "checkpoint {size}: it is missing, or its time is not the one of its entry"
            ));
        }
    }
    for size in stored.keys().filter(|s| !signings.contains_key(s)) {
        found.fault(format!(
            "checkpoint {size}: no entry of the journal records it"
        ));
    }
    Ok(())
}

/// The signed checkpoints, smallest first; each must be signed by the key of its time and say what its
/// row says.
fn checkpoints(
    conn: &mut Conn,
    check: &Check<'_>,
    eras: &Eras,
    found: &mut Found,
) -> Result<Vec<(u64, Hash)>> {
    let mut signed = vec![];
    if check.key.is_none() {
        found.unknown("the checkpoints: no key is at hand");
        return Ok(signed);
    }
    let rows = conn.query("SELECT size, root, note FROM checkpoint ORDER BY size", &[])?;
    missing(check, eras, &rows, found);
    if rows.is_empty() {
        found.unknown("no checkpoint was ever signed");
    }
    for row in rows {
        let size = row[0].int().unwrap_or(-1);
        match eras.open(row[2].text(), size.cast_unsigned()) {
            Ok(c)
                if c.size.cast_signed() == size
                    && row[1] == Value::Blob(c.root.to_vec())
                    && c.origin == eras.origin(c.size)
                    && eras.as_written(check.sealing, &c, row[2].text()) =>
            {
                signed.push((c.size, c.root));
            }
            Ok(_) => found.fault(format!(
                "checkpoint {size}: the note says something else than its row"
            )),
            Err(e) => found.fault(format!("checkpoint {size}: {e}")),
        }
    }
    Ok(signed)
}

/// The checkpoint that is kept outside must still be inside, if it is not lost as declared.
fn missing(check: &Check<'_>, eras: &Eras, rows: &[Vec<Value>], found: &mut Found) {
    let Some(kept) = check.witnessed else { return };
    let size = Some(kept.size.cast_signed());
    let inside = rows.iter().any(|r| r[0].int() == size);
    if !inside && matches!(eras.place_of(kept.clone()), Place::Within(_)) {
        found.fault(format!(
            "checkpoint {}: it is kept outside the database and is missing inside",
            kept.size
        ));
    }
}
