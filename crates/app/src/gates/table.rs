//! Which moves are gates, which step of the law each is, and what a record keeps once it has passed.

use crate::law::RuleSaid;
use jiff::civil::Date;
use symbolon_domain::{codes, kind::KindDef, record::Record};

/// A move that the law is asked about.
pub(crate) struct Gate {
    /// Kind of the record.
    pub kind: &'static str,
    /// The move.
    pub code: &'static str,
    /// The step of the law.
    pub step: &'static str,
    /// The field with the day of the step; empty: the day it is.
    pub day: &'static str,
}

const fn at(kind: &'static str, code: &'static str, step: &'static str, day: &'static str) -> Gate {
    Gate {
        kind,
        code,
        step,
        day,
    }
}

/// Every gate.
pub(crate) const GATES: &[Gate] = &[
    at("initiative", "lock_baseline", "baseline", ""),
    at("funding_choice", "clear", "choose", ""),
    at("notice", "clear", "notice", ""),
    at("case", "offer", "offer", "offered"),
    at("case", "implement", "implement", ""),
    at("case", "complete", "complete", ""),
    at("case", "close_interim", "close", ""),
    at("case", "close_final", "close", ""),
    at("case_document", "offer", "offer", "sent"),
    at("case_document", "implement", "implement", "implemented"),
    at("case_line", "order", "order", ""),
    at("shipment", "ship", "delivery", "shipped"),
    at("shipment", "hand_over", "delivery", "handed_over"),
    at("training_line", "start", "start", "actual_from"),
    at("travel_order", "issue", "travel", "travel_from"),
    at("travel_order", "travel", "travel", "travel_from"),
    at("advisory_visit", "begin", "visit", "actual_from"),
    at("ledger_entry", "certify", "money", "posted_on"),
    at("excess_article", "authorize", "offer", "authorized"),
    at("excess_article", "offer", "offer", ""),
    at("excess_article", "collect", "delivery", "collected"),
    at("excess_article", "transfer", "delivery", "transferred"),
    at("drawdown", "order", "offer", "ordered"),
    at("drawdown", "ship", "order", "shipped"),
    at("drawdown", "receive", "complete", "received"),
];

/// Kinds whose changes are watched although no move of theirs is a gate: the program fills in part of
/// them, or gates stand on them.
const ALSO: &[&str] = &[
    "fund_source",
    "indicator",
    "receipt",
    "discrepancy",
    "gate_override",
    "release_request",
];

/// Fields that stay once a record is in one of the states: what a gate looked at.
const FIXED: &[(&str, &[&str], &[&str])] = &[
    (
        "indicator",
        &["set"],
        &[
            "initiative",
            "baseline",
            "baseline_on",
            "target",
            "target_on",
            "unit_of_measure",
        ],
    ),
    (
        "notice",
        &["notified", "cleared", "disapproved", "held"],
        &[
            "initiative",
            "notice_type",
            "authority",
            "received",
            "total_value",
            "mde_value",
            "currency",
            "emergency",
        ],
    ),
    (
        "case",
        &[
            "offered",
            "accepted",
            "implemented",
            "suspended",
            "supply_complete",
            "interim_closed",
            "final_closed",
        ],
        &[
            "initiative",
            "programme_kind",
            "authority",
            "aid",
            "recipient",
            "purpose",
            "fiscal_year",
            "total_value",
            "mde_value",
            "currency",
            "offered",
            "offer_expires",
        ],
    ),
    (
        "case_document",
        &["offered", "signed", "implemented"],
        &["case", "document_type", "value_change", "sent", "expires"],
    ),
    (
        "case_line",
        &["ordered", "supply_complete"],
        &[
            "case",
            "quantity",
            "value",
            "mde",
            "sme",
            "enhanced_monitoring",
        ],
    ),
    (
        "shipment",
        &["shipped", "arrived", "handed_over"],
        &[
            "line",
            "unit",
            "quantity",
            "shipped",
            "shipped_evidence",
            "planned_shipped",
            "planned_handed_over",
        ],
    ),
    (
        "shipment",
        &["arrived", "handed_over"],
        &["arrived", "arrived_evidence"],
    ),
    (
        "shipment",
        &["handed_over"],
        &["handed_over", "handed_over_evidence", "received_by"],
    ),
    (
        "training_line",
        &["started", "completed"],
        &["case", "unit", "actual_from", "planned_from"],
    ),
    (
        "travel_order",
        &["issued", "travelled", "returned"],
        &[
            "line",
            "person",
            "number",
            "passport_name",
            "travel_from",
            "travel_until",
            "issued",
        ],
    ),
    (
        "advisory_visit",
        &["under_way", "done"],
        &["initiative", "authority", "unit", "body", "actual_from"],
    ),
    (
        "receipt",
        &["stated"],
        &["shipment", "received", "quantity"],
    ),
    (
        "funding_choice",
        &["legally_clear", "certified"],
        &[
            "initiative",
            "authority",
            "aid",
            "recipient",
            "purpose",
            "fund_source",
            "total_value",
            "currency",
            "determination",
        ],
    ),
    (
        "release_request",
        &["granted"],
        &["records", "nations", "grounds"],
    ),
    (
        "gate_override",
        &["granted"],
        &["gate", "initiative", "case", "grounds", "role", "expires"],
    ),
    (
        "excess_article",
        &["authorized", "offered", "pickup", "transferred"],
        &[
            "initiative",
            "basis",
            "recipient",
            "purpose",
            "quantity",
            "sme",
            "original_cost",
            "present_value",
            "currency",
            "authorized",
            "memorandum",
            "authorized_quantity",
            "authorized_value",
        ],
    ),
    (
        "excess_article",
        &["offered", "pickup", "transferred"],
        &["case"],
    ),
    (
        "excess_article",
        &["pickup", "transferred"],
        &["unit", "collected"],
    ),
    (
        "excess_article",
        &["transferred"],
        &["transferred", "transfer_evidence"],
    ),
    (
        "drawdown",
        &[
            "ordered", "sourced", "valued", "shipped", "received", "reported",
        ],
        &[
            "initiative",
            "authority",
            "aid",
            "recipient",
            "purpose",
            "directive",
            "directed",
            "ceiling",
            "currency",
            "execution_order",
            "ordered",
        ],
    ),
    (
        "drawdown",
        &["valued", "shipped", "received", "reported"],
        &["value", "valuation"],
    ),
    (
        "drawdown",
        &["shipped", "received", "reported"],
        &["case", "shipped"],
    ),
    ("drawdown", &["received", "reported"], &["received"]),
    (
        "ledger_entry",
        &["certified", "reversed"],
        &[
            "stage",
            "fund_source",
            "follows",
            "case",
            "initiative",
            "posted_on",
            "amount",
            "currency",
            "rate",
            "rate_on",
            "rate_source",
        ],
    ),
    (
        "fund_source",
        &["available", "expired", "cancelled"],
        &[
            "account",
            "fiscal_year",
            "currency",
            "available_from",
            "obligate_by",
            "adjust_by",
            "cancels",
        ],
    ),
];

/// Fields of a move's needs that say when something happened.
const HAPPENED: &[&str] = &[
    "offered",
    "accepted",
    "signed",
    "sent",
    "implemented",
    "shipped",
    "arrived",
    "handed_over",
    "actual_from",
    "actual_until",
    "issued",
    "returned",
    "received",
    "interagency_cleared",
    "advance_copy",
    "ended",
    "baseline_on",
    "requested",
    "authorized",
    "collected",
    "transferred",
    "ordered",
    "reported",
];

/// The gate before a move.
pub(crate) fn gate(kind: &str, code: &str) -> Option<&'static Gate> {
    GATES.iter().find(|g| g.kind == kind && g.code == code)
}

/// Whether a field says when something happened.
pub(super) fn happened(field: &str) -> bool {
    HAPPENED.contains(&field)
}

/// Whether changes of a kind pass through the gates.
pub(super) fn watched(kind: &str) -> bool {
    ALSO.contains(&kind) || GATES.iter().any(|g| g.kind == kind)
}

/// Fields that a record in a state keeps.
pub(super) fn fixed<'a>(
    kind: &'a str,
    state: &'a str,
) -> impl Iterator<Item = &'static str> + use<'a> {
    let mine = FIXED
        .iter()
        .filter(move |(k, states, _)| *k == kind && states.contains(&state));
    mine.flat_map(|(_, _, fields)| fields.iter().copied())
}

/// States that no gate protects: reached from the first state without passing one.
pub(super) fn open_states(kind: &KindDef) -> Vec<&'static str> {
    let mut open = vec![kind.states[0]];
    let mut next = 0;
    while next < open.len() {
        let from = open[next];
        for t in kind.transitions.iter().filter(|t| t.leads_from(from)) {
            let held = fixed(kind.code, t.to).next().is_some();
            if gate(kind.code, t.code).is_none() && !held && !open.contains(&t.to) {
                open.push(t.to);
            }
        }
        next += 1;
    }
    open
}

/// The day of a gate's step.
pub(super) fn day_of(gate: &Gate, record: &Record) -> Option<Date> {
    record.body[gate.day].as_str().and_then(|d| d.parse().ok())
}

/// Steps that are asked about the whole law; the others are asked about the gates alone.
const WHOLE: &[&str] = &[
    "choose", "offer", "start", "delivery", "travel", "visit", "advise", "obligate",
];

/// Whether what a rule said keeps the gate of a step shut. Rules whose source was not read decide nothing;
/// without an authority there is no package that the rest of the law could be asked about.
pub(super) fn decides(step: &str, authority: bool, said: &RuleSaid) -> bool {
    if said.draft {
        return false;
    }
    let gate = said.rule.starts_with("us.process.") || said.rule.starts_with("us.appropriations.");
    let asked = match step {
        "notice" => gate || said.duty.as_ref().is_some_and(|d| d.before),
        _ => gate || (authority && WHOLE.contains(&step)),
    };
    // Who chooses is not held by a notice that is given later.
    let before = said
        .duty
        .as_ref()
        .is_none_or(|d| d.before && step != "choose");
    asked && before && matches!(said.verdict.as_str(), "refused" | "unknown" | "outstanding")
}

/// Whether a recorded override can open a rule.
pub(super) fn overridable(rule: &str) -> bool {
    codes::list("overridable-gate").is_some_and(|l| l.items.iter().any(|i| i.code == rule))
}
