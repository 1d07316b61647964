//! Roots of full subtrees, stored so that a proof and a start need not read every leaf.

use super::{hash, tampered};
use crate::conn::Conn;
use std::collections::BTreeMap;
use symbolon_domain::canonical::Hash;
use symbolon_store::{Result, StoreError, journal::StoredTree, query::Value};

/// Where a stored root lies: its row of the tree times 2^48, and its number in the row.
pub(crate) fn place(row: u32, number: u64) -> i64 {
    (i64::from(row) << 48) | number.cast_signed()
}

/// Stores the root of a full subtree.
pub(super) fn put(conn: &mut Conn, row: u32, number: u64, root: &Hash) -> Result<()> {
    conn.execute(
        "INSERT INTO journal_tile(place, hash) VALUES($1, $2)",
        &[Value::Int(place(row, number)), Value::Blob(root.to_vec())],
    )
    .map(|_| ())
}

/// Asks something of the tree as it is stored.
pub(crate) fn tree<T>(
    conn: &mut Conn,
    ask: impl FnOnce(&mut StoredTree<'_, StoreError>) -> Result<T>,
) -> Result<T> {
    let mut read = |row, from, count| read(conn, row, from, count);
    ask(&mut StoredTree::new(&mut read))
}

fn read(conn: &mut Conn, row: u32, from: u64, count: u64) -> Result<Vec<Hash>> {
    let to = from.saturating_add(count);
    let rows = if row == 0 {
        let bounds = [Value::Int(from.cast_signed()), Value::Int(to.cast_signed())];
        let sql = "SELECT leaf FROM journal WHERE seq >= $1 AND seq < $2 ORDER BY seq";
        conn.query(sql, &bounds)?
    } else {
        let bounds = [Value::Int(place(row, from)), Value::Int(place(row, to))];
        let sql = "SELECT hash FROM journal_tile WHERE place >= $1 AND place < $2 ORDER BY place";
        conn.query(sql, &bounds)?
    };
    if rows.len() as u64 != count {
        return Err(tampered("a stored hash of the tree is missing"));
    }
    rows.iter()
        .map(|r| hash(&r[0]).ok_or_else(|| tampered("a stored hash of the tree is damaged")))
        .collect()
}

/// Every stored root by its place, for verification. One for each 255 entries.
pub(crate) fn stored(conn: &mut Conn) -> Result<BTreeMap<i64, Value>> {
    let mut all = BTreeMap::new();
    let sql = "SELECT place, hash FROM journal_tile";
    conn.each(sql, &[], &mut |mut row| {
        all.insert(row[0].int().unwrap_or(-1), row.swap_remove(1));
        Ok(true)
    })?;
    Ok(all)
}
