//! Makers of what comes from stock.
#![allow(
    clippy::unwrap_used,
    dead_code,
    reason = "tests stop where something is wrong; each uses part of it"
)]

use crate::programme::Thread;
use serde_json::{Value, json};
use symbolon_domain::record::RecordId;

/// An initiative with a locked baseline.
pub fn baseline(t: &Thread<'_>) -> RecordId {
    let initiative = t.initiative();
    t.indicator(initiative);
    t.steps(&t.lawyer, "initiative", initiative, &["lock_baseline"]);
    t.put(
        "agreement",
        "promises",
        "in_force",
        json!({"title": "Promises of use", "agreement_type": "section-505", "parties": ["USA", "KEN"]}),
    );
    initiative
}

/// Night-vision sets that are significant military equipment, up to the review between departments.
pub fn sets(t: &Thread<'_>, initiative: RecordId, title: &str, worth: &str) -> RecordId {
    let id = t.make(&t.manager, "excess_article", json!({
        "title": title, "initiative": initiative, "basis": "grant", "recipient": "military",
        "purpose": "self-defence", "agency": "B", "quantity": 40, "sme": true,
        "original_cost": "600000.00", "present_value": worth, "currency": "USD", "nsn": "5855-01-000-0001",
        "masl": "E4NVG", "condition": "Tubes worn, cases whole", "requested": "2025-09-01",
    }));
    t.steps(
        &t.manager,
        "excess_article",
        id,
        &["request", "screen", "prepare", "send"],
    );
    id
}

pub fn authorisation(quantity: u32, value: &str) -> Value {
    json!({"authorized": "2025-12-20", "memorandum": "Memorandum 12, invented", "authorized_quantity": quantity,
        "authorized_value": value, "collect_by": "2026-02-18"})
}

/// The rules that shut a move to a lawyer, who authorises.
pub fn shut(t: &Thread<'_>, kind: &str, id: RecordId, code: &str) -> Vec<String> {
    t.refused(&t.lawyer, kind, id, code)
}

/// A case for what comes from stock, proposed, with one line of excess.
pub fn case(t: &Thread<'_>, initiative: RecordId, authority: &str, line: (u32, &str)) -> RecordId {
    let id = t.make(&t.manager, "case", json!({
        "title": "From stock", "designator": format!("KE-B-{authority}"), "initiative": initiative,
        "programme_kind": "from_stock", "authority": authority, "aid": "equipment", "recipient": "military",
        "purpose": "self-defence", "total_value": line.1, "mde_value": "0.00", "currency": "USD",
        "request_complete": "2025-11-01", "offered": "2025-12-22", "offer_expires": "2026-03-01",
        "evaluation": "not_needed", "evaluation_note": "Below the line of the year",
    }));
    t.make(
        &t.manager,
        "case_line",
        json!({"title": "Sets", "case": id, "number": "001", "commodity": "other",
        "source_of_supply": "E", "quantity": line.0, "value": line.1, "sme": true}),
    );
    t.steps(&t.manager, "case", id, &["write", "review", "propose"]);
    id
}

/// A notice of a transfer, with its day, up to its clearing.
pub fn noticed(t: &Thread<'_>, initiative: RecordId, authority: &str, received: &str) -> RecordId {
    let notice = t.make(&t.manager, "notice", json!({
        "title": format!("Notice for {authority}"), "initiative": initiative, "notice_type": "other",
        "authority": authority, "content": "Articles, purpose, values", "interagency_cleared": "2025-10-01",
        "received": received,
    }));
    t.steps(
        &t.liaison,
        "notice",
        notice,
        &["draft", "clear_interagency", "notify", "clear"],
    );
    notice
}
