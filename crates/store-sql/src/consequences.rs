//! What follows from the changes of a transaction, written before it ends.

use crate::records;
use crate::visible;
use crate::write::{kind, write_one};
use crate::writer::Tx;
use symbolon_access::{Action, FieldView, Policy, Viewer};
use symbolon_store::{Result, query::RecordQuery};

/// Asks the rule about what the transaction wrote so far, and writes what follows, as the program.
pub(crate) fn follow(tx: &mut Tx<'_>) -> Result<()> {
    let touched = std::mem::take(&mut tx.touched);
    let Some(rule) = tx.rule.clone().filter(|_| !touched.is_empty()) else {
        return Ok(());
    };
    let today = (tx.around.now)().to_zoned(jiff::tz::TimeZone::UTC).date();
    let system = Viewer::system(today);
    // With the labels of this very transaction.
    let state = visible::read(tx.conn)?;
    let conn = &mut *tx.conn;
    let mut ask = |code: &str, query: &RecordQuery| {
        let kind = kind(code)?;
        let filter = state.filter(&system, Action::Read, kind.code);
        let fields = FieldView::of(Policy::shipped(), &system, kind.code);
        records::list(conn, kind, &filter, fields, query, &|id| state.label(id))
    };
    let changes = rule.follow(&touched, &mut ask)?;
    for change in changes {
        write_one(tx, &system, change, &state, None)?;
    }
    // What follows has no consequences of its own.
    tx.touched.clear();
    Ok(())
}
