//! The journal over the API: entries, the newest checkpoint, proofs.

use super::{Endpoint, Nothing, endpoint, v1::told};
use crate::{answer::Refused, site::Site, visitor::Visitor};
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use symbolon_app::{AppError, Consistency};
use symbolon_store::journal::JournalFilter;

/// A page of journal entries.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct JournalAsk {
    /// Beginning of the actor's name.
    actor: String,
    /// Action or its beginning, such as `dataset.`.
    action: String,
    /// Object or its beginning, such as `partner/`.
    object: String,
    /// Only entries before this number.
    before: Option<i64>,
    /// How many, at most 200.
    limit: Option<u32>,
}

/// Two sizes of the journal.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Sizes {
    /// Entries of the older tree.
    old: u64,
    /// Entries of the newer tree; those of the newest checkpoint if absent.
    new: Option<u64>,
}

/// The newest signed checkpoint.
#[derive(Serialize, JsonSchema)]
struct CheckpointAnswer {
    /// Entries it covers.
    size: u64,
    /// Root over them, hexadecimal.
    root: String,
    /// The signed note (C2SP `tlog-checkpoint`).
    note: String,
    /// The public key as one line: name, id, base64.
    key: String,
}

/// A proof that an entry is in the signed journal.
#[derive(Serialize, JsonSchema)]
struct ProofAnswer {
    /// Number of the entry.
    seq: i64,
    /// The proof as a C2SP `tlog-proof` file; its extra data is the entry's canonical JSON, the leaf.
    tlog_proof: String,
}

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint::<JournalAsk, Vec<serde_json::Value>>(
            "/api/v1/journal",
            "Journal entries, newest first",
            get(journal),
        ),
        endpoint::<Nothing, CheckpointAnswer>(
            "/api/v1/journal/checkpoint",
            "The newest signed checkpoint",
            get(checkpoint),
        ),
        endpoint::<Sizes, Consistency>(
            "/api/v1/journal/consistency",
            "Proof that the journal only grew",
            get(consistency),
        ),
        endpoint::<Nothing, ProofAnswer>(
            "/api/v1/journal/entries/{seq}/proof",
            "Proof that an entry is in the signed journal",
            get(proof),
        ),
        endpoint::<Nothing, serde_json::Value>(
            "/api/v1/journal/{seq}",
            "One journal entry",
            get(entry),
        ),
    ]
}

async fn journal(State(site): State<Arc<Site>>, visitor: Visitor) -> Result<Response, Refused> {
    let ask: JournalAsk = visitor.question(&["from", "to"])?;
    let filter = JournalFilter {
        actor: ask.actor,
        action: ask.action,
        object: ask.object,
        before: ask.before,
        limit: ask.limit.unwrap_or(50),
        ..JournalFilter::default()
    };
    told(site, visitor, move |app, viewer| {
        app.journal_entries(viewer, &filter)
    })
    .await
}

fn number(text: &str) -> Result<i64, AppError> {
    text.parse()
        .map_err(|_| AppError::NotFound("journal entry"))
}

async fn entry(
    State(site): State<Arc<Site>>,
    Path(seq): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    told(site, visitor, move |app, viewer| {
        app.journal_entry(viewer, number(&seq)?)
    })
    .await
}

async fn checkpoint(State(site): State<Arc<Site>>, visitor: Visitor) -> Result<Response, Refused> {
    told(site, visitor, |app, _| {
        let head = app
            .journal_head()?
            .ok_or(AppError::NotFound("checkpoint"))?;
        Ok(CheckpointAnswer {
            size: head.size,
            root: head.root,
            note: head.note,
            key: head.key,
        })
    })
    .await
}

async fn consistency(State(site): State<Arc<Site>>, visitor: Visitor) -> Result<Response, Refused> {
    let sizes: Sizes = visitor.question(&[])?;
    told(site, visitor, move |app, _| {
        app.consistency(sizes.old, sizes.new)
    })
    .await
}

async fn proof(
    State(site): State<Arc<Site>>,
    Path(seq): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    told(site, visitor, move |app, viewer| {
        let seq = number(&seq)?;
        let tlog_proof = app.proof_file(viewer, seq)?;
        Ok(ProofAnswer { seq, tlog_proof })
    })
    .await
}
