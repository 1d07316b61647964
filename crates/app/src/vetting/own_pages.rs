//! Kinds of record that persons write on pages of their own and nowhere else: there two persons decide, and what
//! would follow is shown first.

use crate::{AppError, Result};
use symbolon_access::Viewer;
use symbolon_store::Change;

/// The kinds, each with what its own use cases do to it and where they stand.
const KINDS: [(&str, &[&str], &str); 2] = [
    (
        "unit_merge",
        &[
            "propose",
            "confirm",
            "refuse",
            "withdraw",
            "split",
            "confirm_split",
            "refuse_split",
            "withdraw_split",
        ],
        "units are merged and split on the page of the unit",
    ),
    (
        "unit_link",
        &["propose", "accept", "refuse", "put_back"],
        "links are accepted and refused in their queue",
    ),
];

/// Whether records of a kind are made and changed on pages of their own.
#[must_use]
pub fn has_own_pages(kind: &str) -> bool {
    KINDS.iter().any(|(code, ..)| *code == kind)
}

/// Refuses changes that a person makes by another way: a form, the API, a file, an undo.
pub(crate) fn only_there(viewer: &Viewer, changes: &[Change]) -> Result<()> {
    if viewer.account().is_none() {
        return Ok(());
    }
    for change in changes {
        let kind = change.envelope.kind.as_str();
        let Some((_, acts, told)) = KINDS.iter().find(|(code, ..)| *code == kind) else {
            continue;
        };
        let act = change.action.split('.').nth(1).unwrap_or_default();
        if !acts.contains(&act) {
            return Err(AppError::NotPermitted((*told).to_owned()));
        }
    }
    Ok(())
}
