//! `/journal`: entries, checkpoint, verification; `/journal/{seq}`: one entry.

use super::moment;
use crate::{
    answer::{self, Refused},
    site::Site,
    view::{Choice, EntryRow, Link, Nav, Notice, Paging, Proof, Tone, journal as view},
    visitor::Visitor,
};
use axum::Form;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use std::sync::Arc;
use symbolon_access::{Action, Policy};
use symbolon_app::{AppError, JournalHead, VerifyRun};
use symbolon_store::journal::{EntryView, JournalFilter};

const PER_PAGE: u32 = 50;

/// What was done, as offered in the filter.
const ACTIONS: [(&str, &str); 8] = [
    ("dataset.", "Data sets"),
    ("partner.", "Partners"),
    ("membership.", "Memberships"),
    ("regional_body.", "Regional bodies"),
    ("source.", "Sources"),
    ("account.", "Accounts"),
    ("session.", "Sessions"),
    ("training.export", "Exports"),
];

#[derive(serde::Deserialize)]
pub(crate) struct CsrfForm {
    #[serde(default)]
    csrf: String,
}

pub(crate) async fn list(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    show(site, visitor, None).await
}

pub(crate) async fn verify(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
    Form(form): Form<CsrfForm>,
) -> Result<Response, Refused> {
    visitor.check_form(&form.csrf)?;
    if !reads(&visitor) {
        return Err(Refused::forbidden(
            visitor,
            "verification here is for those who read the journal; anyone can verify offline",
        ));
    }
    let run = site
        .work(|app| {
            app.store.sign()?;
            app.verify(None)
        })
        .await
        .map_err(|e| visitor.refuse(e))?;
    show(site, visitor, Some(run)).await
}

fn reads(visitor: &Visitor) -> bool {
    Policy::shipped().grants(&visitor.viewer, Action::Read, "journal")
}

fn day_start(text: &str, days: i64) -> Option<i64> {
    let day: jiff::civil::Date = text.parse().ok()?;
    let zoned = day.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(zoned.timestamp().as_millisecond() + days * 86_400_000 - i64::from(days > 0))
}

/// The page of the list, from 1.
fn at(visitor: &Visitor) -> u32 {
    visitor.query.get("page").parse().unwrap_or(1).max(1)
}

fn filter(visitor: &Visitor) -> JournalFilter {
    let q = &visitor.query;
    JournalFilter {
        actor: q.get("actor").to_owned(),
        action: q.get("action").to_owned(),
        object: q.get("object").to_owned(),
        from: day_start(q.get("from"), 0),
        to: day_start(q.get("to"), 1),
        before: q.get("before").parse().ok(),
        limit: PER_PAGE,
        offset: (at(visitor) - 1).saturating_mul(PER_PAGE),
    }
}

async fn show(
    site: Arc<Site>,
    visitor: Visitor,
    run: Option<VerifyRun>,
) -> Result<Response, Refused> {
    let (viewer, filter, may) = (visitor.viewer.clone(), filter(&visitor), reads(&visitor));
    let (entries, total, head, revision) = site
        .ask(move |app| {
            let (entries, total) = if may {
                (
                    app.journal_entries(&viewer, &filter)?,
                    app.journal_count(&viewer, &filter)?,
                )
            } else {
                (vec![], 0)
            };
            Ok((entries, total, app.journal_head()?, app.store.revision()?))
        })
        .await
        .map_err(|e| visitor.refuse(e))?;
    let mut page = visitor.page("Journal", Nav::Journal);
    page.lead = "Every change, load, export and sign-in, in a signed tree that shows any change made behind the program's back.".to_owned();
    if may {
        page.marking = "UNCLASSIFIED - internal".to_owned();
        page.json = visitor.query.at("/api/v1/journal");
    }
    if let Some(run) = &run {
        let (tone, text) = match run.exit_code {
            0 => (
                Tone::Success,
                format!(
                    "Sound: {} entries and {} rows agree, in {} ms.",
                    run.verification.entries, run.verification.rows, run.verification.milliseconds
                ),
            ),
            7 => (
                Tone::Error,
                format!(
                    "Tampering found: {} faults; they are listed below.",
                    run.verification.faults.len()
                ),
            ),
            _ => (
                Tone::Warning,
                format!("Cannot tell: {}.", run.verification.unknown.join("; ")),
            ),
        };
        page.notice = Some(Notice { tone, text });
    }
    let actions = ACTIONS.iter().map(|a| Choice::new(a.0, a.1)).collect();
    let actors = vec![Choice::new("system", "system")];
    let context = view::Journal {
        filters: view::filters(&visitor.query, actors, actions),
        rows: entries.iter().map(entry_row).collect(),
        paging: Paging::new(
            &visitor.query,
            at(&visitor).into(),
            PER_PAGE.into(),
            i64::try_from(total).unwrap_or(i64::MAX),
        ),
        checkpoint: head.map(checkpoint),
        verified: run.map(verified),
        may_verify: may,
        empty: if may {
            "No entry matches these filters.".to_owned()
        } else {
            format!(
                "The journal holds {} entries. Those about records you can see are linked from their pages; the list is for auditors.",
                revision + 1
            )
        },
        page,
    };
    answer::page(&visitor, &context)
}

fn checkpoint(head: JournalHead) -> view::Checkpoint {
    view::Checkpoint {
        note: format!("{}\nkey: {}", head.note.trim_end(), head.key),
        size: i64::try_from(head.size).unwrap_or(0),
        when: String::new(),
        href: "/journal/checkpoint".to_owned(),
    }
}

fn verified(run: VerifyRun) -> view::Verified {
    let v = run.verification;
    view::Verified {
        agrees: run.exit_code == 0,
        entries: i64::try_from(v.entries).unwrap_or(0),
        rows: i64::try_from(v.rows).unwrap_or(0),
        when: format!("in {} ms", v.milliseconds),
        problems: v.faults.into_iter().chain(v.unknown).collect(),
    }
}

/// Address of what an entry is about.
fn object_link(object: &str) -> Link {
    let href = match object.split_once('/') {
        Some(("label" | "session" | "sign_in_link", _)) | None => String::new(),
        Some((kind, id)) if id.len() == 36 => format!("/records/{kind}/{id}"),
        Some(_) => String::new(),
    };
    let short = object
        .split_once('/')
        .map_or(object.to_owned(), |(kind, id)| {
            format!("{kind} {}", id.get(..8).unwrap_or(id))
        });
    Link::new(short, href)
}

/// What happened, as a sentence.
pub(crate) fn sentence(e: &EntryView) -> String {
    let Some(body) = &e.body else {
        return "The body is withheld or was redacted.".to_owned();
    };
    let name = ["name", "title"]
        .into_iter()
        .find_map(|f| body.after["body"][f].as_str())
        .unwrap_or_default();
    let code = body.after["code"].as_str().unwrap_or_default();
    let what = if name.is_empty() { code } else { name };
    let who = body.actor.split(" (").next().unwrap_or(&body.actor);
    let (kind, verb) = body.action.split_once('.').unwrap_or(("", &body.action));
    let verb = match verb {
        "load" | "create" if body.before.is_null() => "recorded",
        "load" => "brought up to date",
        "open" => "opened",
        "end" | "idle" | "replace" => "ended",
        "use" => "used",
        "export" => "exported",
        "sign" => "signed the tree of the",
        other => other,
    };
    let mut sentence = format!("{who} {verb} {} {what}", kind.replace('_', " "));
    if !body.reason.is_empty() {
        sentence.push_str(&format!(": {}", body.reason));
    }
    sentence.trim_end().to_owned() + "."
}

pub(crate) fn entry_row(e: &EntryView) -> EntryRow {
    let body = e.body.as_ref();
    EntryRow {
        seq: e.entry.seq,
        when: moment(e.entry.time),
        actor: body
            .map(|b| b.actor.split(" (").next().unwrap_or_default().to_owned())
            .unwrap_or_default(),
        action: body.map(|b| b.action.clone()).unwrap_or_default(),
        object: object_link(&e.entry.object),
        sentence: sentence(e),
    }
}

pub(crate) async fn entry(
    State(site): State<Arc<Site>>,
    Path(seq): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let Ok(seq) = seq.parse::<i64>() else {
        return Err(Refused::not_found(visitor));
    };
    let viewer = visitor.viewer.clone();
    let (e, proof) = site
        .ask(move |app| {
            let e = app.journal_entry(&viewer, seq)?;
            let proof = app.entry_proof(&e)?;
            Ok((e, proof))
        })
        .await
        .map_err(|e| visitor.refuse(e))?;
    let mut page = visitor.page(&format!("Journal entry {seq}"), Nav::Journal);
    page.crumbs = vec![Link::new("Journal", "/journal")];
    page.json = format!("/api/v1/journal/{seq}");
    let body = e.body.clone();
    let context = view::JournalEntry {
        seq,
        sentence: sentence(&e),
        actor: body.as_ref().map(|b| b.actor.clone()).unwrap_or_default(),
        role: String::new(),
        when: moment(e.entry.time),
        action: body.as_ref().map(|b| b.action.clone()).unwrap_or_default(),
        object: object_link(&e.entry.object),
        reason: body.as_ref().map(|b| b.reason.clone()).unwrap_or_default(),
        changes: body
            .as_ref()
            .map(|b| changes(&b.before, &b.after))
            .unwrap_or_default(),
        previous_hash: String::new(),
        proof: Proof {
            entry: seq,
            entry_href: format!("/journal/{seq}"),
            hash: e.leaf.clone(),
            root: proof
                .as_ref()
                .and_then(|p| p.checkpoint.lines().nth(2).map(str::to_owned))
                .unwrap_or_default(),
            root_of: "the journal at its newest signed checkpoint".to_owned(),
            download_href: if proof.is_some() {
                format!("/journal/{seq}/proof.json")
            } else {
                String::new()
            },
            checked: String::new(),
            agrees: false,
        },
        raw: serde_json::to_string_pretty(&e.entry).unwrap_or_default(),
        previous_href: if seq > 0 {
            format!("/journal/{}", seq - 1)
        } else {
            String::new()
        },
        next_href: format!("/journal/{}", seq + 1),
        page,
    };
    answer::page(&visitor, &context)
}

/// Members that differ between two versions, one line each.
fn changes(before: &Value, after: &Value) -> Vec<view::ChangeRow> {
    let mut rows = vec![];
    walk("", before, after, &mut rows);
    rows
}

fn walk(path: &str, before: &Value, after: &Value, rows: &mut Vec<view::ChangeRow>) {
    if before == after {
        return;
    }
    if let (Value::Object(_) | Value::Null, Value::Object(members)) = (before, after) {
        for (name, value) in members {
            let path = if path.is_empty() {
                name.replace('_', " ")
            } else {
                format!("{path}, {}", name.replace('_', " "))
            };
            walk(&path, &before[name], value, rows);
        }
        return;
    }
    let words = |v: &Value| match v {
        Value::Null => String::new(),
        Value::String(s) => s.clone(),
        other => other.to_string(),
    };
    rows.push(view::ChangeRow {
        label: path.to_owned(),
        from: words(before),
        to: words(after),
    });
}

pub(crate) async fn entry_proof(
    State(site): State<Arc<Site>>,
    Path(seq): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let Ok(seq) = seq.parse::<i64>() else {
        return Err(Refused::not_found(visitor));
    };
    let viewer = visitor.viewer.clone();
    let proof = site
        .ask(move |app| {
            let e = app.journal_entry(&viewer, seq)?;
            app.entry_proof(&e)?.ok_or(AppError::NotFound(
                "proof: no checkpoint covers the entry yet",
            ))
        })
        .await
        .map_err(|e| visitor.refuse(e))?;
    let headers = [(
        header::CONTENT_DISPOSITION,
        format!("attachment; filename=\"entry-{seq}-proof.json\""),
    )];
    Ok((headers, answer::json(&visitor, &proof)?).into_response())
}

/// The newest checkpoint note, as text.
pub(crate) async fn checkpoint_note(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let head = site
        .ask(|app| app.journal_head())
        .await
        .map_err(|e| visitor.refuse(e))?;
    let note = head
        .map(|h| h.note)
        .ok_or_else(|| visitor.refuse(AppError::NotFound("checkpoint")))?;
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    Ok(answer::kept(&visitor, (headers, "").into_response(), note))
}

/// The proof of an entry as a C2SP `tlog-proof` file.
pub(crate) async fn entry_proof_file(
    State(site): State<Arc<Site>>,
    Path(seq): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let Ok(seq) = seq.parse::<i64>() else {
        return Err(Refused::not_found(visitor));
    };
    let viewer = visitor.viewer.clone();
    let proof = site
        .ask(move |app| app.proof_file(&viewer, seq))
        .await
        .map_err(|e| visitor.refuse(e))?;
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"entry-{seq}.tlog-proof\""),
        ),
    ];
    Ok(answer::kept(&visitor, (headers, "").into_response(), proof))
}

#[derive(Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Sizes {
    old: Option<u64>,
    new: Option<u64>,
}

/// Proof that the journal only grew, as lines: `old`, `new`, the hashes in base64, and after a blank
/// line the newest checkpoint (R-31).
pub(crate) async fn consistency(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let sizes: Sizes = visitor.question(&[])?;
    let proof = site
        .ask(move |app| app.consistency(sizes.old.unwrap_or(0), sizes.new))
        .await
        .map_err(|e| visitor.refuse(e))?;
    let text = proof.lines();
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    Ok(answer::kept(&visitor, (headers, "").into_response(), text))
}
