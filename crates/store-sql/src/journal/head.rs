//! The journal's right edge: where the next entry goes.

use super::{checkpoint, hash, tampered, tiles};
use crate::conn::Conn;
use symbolon_domain::canonical::Hash;
use symbolon_store::{
    Result, StoreError,
    journal::{CompactRange, KEY, SigningKey},
    query::Value,
};

/// The journal's right edge as this program last left it.
#[derive(Clone, Default)]
pub(crate) struct Head {
    range: CompactRange,
    time: i64,
    /// The key at hand was handed over: what it sealed would not verify.
    superseded: bool,
}

impl Head {
    pub(crate) fn size(&self) -> u64 {
        self.range.size()
    }

    pub(crate) fn root(&self) -> Hash {
        self.range.root()
    }

    /// Takes in entries that other nodes wrote since. An entry whose seal does not hold was not
    /// written by a node that has the key: nothing is written on top of it.
    pub(crate) fn catch_up(&mut self, conn: &mut Conn, key: Option<&SigningKey>) -> Result<()> {
        let last = conn
            .first("SELECT max(seq) FROM journal", &[])?
            .and_then(|r| r[0].int());
        let size = last.map_or(0, |s| s + 1);
        if size < self.range.size().cast_signed() {
            return Err(tampered("entries are missing at its end"));
        }
        if size > 0 && self.range.size() == 0 {
            self.begin(conn, key)?;
        }
        if size > self.range.size().cast_signed() {
            self.read_on(conn, key)?;
        }
        if self.superseded {
            return Err(StoreError::ReadOnly(
                "the signing key was handed over to another; start again with that one".into(),
            ));
        }
        Ok(())
    }

    /// The key was handed over: nothing more is written with the old one.
    pub(super) fn supersede(&mut self) {
        self.superseded = true;
    }

    /// Notes whether an entry hands over to another key than the one at hand.
    fn note_key(&mut self, object: &str, key: Option<&SigningKey>) {
        let to = object.strip_prefix(KEY);
        let ours = key.map(|k| k.verifying().hex());
        self.superseded |= to.is_some_and(|to| ours.as_deref() != Some(to));
    }

    /// Begins at the newest checkpoint that the key signed: what it covers is not read again here
    /// . `verify` reads all of it.
    fn begin(&mut self, conn: &mut Conn, key: Option<&SigningKey>) -> Result<()> {
        let (Some(key), Some((signed, note))) = (key, checkpoint(conn, "")?) else {
            return Ok(());
        };
        let sound = key.verifying().open(&note);
        if !sound.is_ok_and(|c| (c.size, c.root) == (signed.size, signed.root)) {
            return Ok(());
        }
        let range = tiles::tree(conn, |t| t.edge(signed.size))?;
        if range.root() != signed.root {
            return Err(tampered("the tree does not lead to its signed root"));
        }
        // The last entry under a checkpoint is its signing; before that may stand a hand-over.
        let last = Value::Int(signed.size.cast_signed() - 2);
        let sql = "SELECT time, object FROM journal WHERE seq >= $1 ORDER BY seq LIMIT 2";
        for row in conn.query(sql, &[last])? {
            self.time = row[0].int().unwrap_or_default();
            self.note_key(row[1].text(), Some(key));
        }
        self.range = range;
        Ok(())
    }

    /// Time of the last entry.
    pub(super) fn time(&self) -> i64 {
        self.time
    }

    /// Takes in an entry that was just written, and stores the subtrees it completes.
    pub(super) fn push(&mut self, conn: &mut Conn, leaf: Hash, time: i64) -> Result<()> {
        let mut full = vec![];
        self.range.push_noting(leaf, &mut |row, number, root| {
            full.push((row, number, root))
        });
        self.time = time;
        full.iter()
            .try_for_each(|(row, number, root)| tiles::put(conn, *row, *number, root))
    }

    fn read_on(&mut self, conn: &mut Conn, key: Option<&SigningKey>) -> Result<()> {
        let from = Value::Int(self.range.size().cast_signed());
        let mut next = self.range.size().cast_signed();
        conn.each(
            "SELECT seq, time, leaf, seal, object FROM journal WHERE seq >= $1 ORDER BY seq",
            &[from],
            &mut |row| {
                let leaf = hash(&row[2]).ok_or_else(|| tampered("a leaf is damaged"))?;
                if row[0].int() != Some(next) {
                    return Err(tampered(format!("entry {next} is missing")));
                }
                if let Some(key) = key
                    && hash(&row[3]) != Some(key.seal(&leaf))
                {
                    return Err(tampered(format!(
                        "entry {next} does not bear this installation's seal"
                    )));
                }
                self.range.push(leaf);
                self.note_key(row[4].text(), key);
                self.time = self.time.max(row[1].int().unwrap_or_default());
                next += 1;
                Ok(true)
            },
        )
    }
}
