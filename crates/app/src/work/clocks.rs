//! The days of records by which something must happen.

/// A day of a record by which something must happen: kind, states in which it runs, field, what, on lapse.
pub(super) struct Clock {
    pub(super) kind: &'static str,
    pub(super) states: &'static [&'static str],
    pub(super) field: &'static str,
    pub(super) what: &'static str,
    pub(super) lapse: &'static str,
}

const fn clock(
    kind: &'static str,
    states: &'static [&'static str],
    field: &'static str,
    what: &'static str,
    lapse: &'static str,
) -> Clock {
    Clock {
        kind,
        states,
        field,
        what,
        lapse,
    }
}

/// Every clock that a field carries.
pub(super) const CLOCKS: &[Clock] = &[
    clock(
        "milestone",
        &["planned"],
        "planned",
        "Reach the milestone",
        "It counts as late from the next day",
    ),
    clock(
        "commitment",
        &["agreed"],
        "due",
        "Keep the commitment",
        "The other side sees it as open",
    ),
    clock(
        "objective",
        &["agreed"],
        "due",
        "Measure the objective",
        "It can no longer be told whether it was met in time",
    ),
    clock(
        "indicator",
        &["set"],
        "target_on",
        "Measure the indicator",
        "The evaluation has no figure for it",
    ),
    clock(
        "case",
        &["development", "write", "review", "proposed"],
        "offer_due",
        "Send the offer",
        "The anticipated offer date is missed and reported",
    ),
    clock(
        "case",
        &["offered"],
        "offer_expires",
        "Get the offer accepted",
        "The offer runs out and must be restated",
    ),
    clock(
        "case",
        &["implemented"],
        "planned_complete",
        "Complete the deliveries",
        "The case is late in the portfolio",
    ),
    clock(
        "case_document",
        &["offered"],
        "expires",
        "Get the document signed",
        "It runs out and must be sent anew",
    ),
    clock(
        "case_phase",
        &["running"],
        "due",
        "Move the case on",
        "The phase is late with its holder",
    ),
    clock(
        "shipment",
        &["planned"],
        "planned_shipped",
        "Ship",
        "The shipment is late in the portfolio",
    ),
    clock(
        "shipment",
        &["shipped"],
        "planned_arrived",
        "Record the arrival",
        "The shipment is late in the portfolio",
    ),
    clock(
        "shipment",
        &["arrived"],
        "planned_handed_over",
        "Hand over",
        "The shipment is late in the portfolio",
    ),
    clock(
        "excess_article",
        &["authorized", "offered"],
        "collect_by",
        "Collect the excess articles",
        "Storage is charged from the next day",
    ),
    clock(
        "drawdown",
        &["shipped"],
        "planned_received",
        "Record that all was received",
        "The drawdown is late in the portfolio",
    ),
    clock(
        "drawdown",
        &["received"],
        "report_due",
        "Report what was delivered",
        "The report to Congress is overdue",
    ),
    clock(
        "training_line",
        &["planned", "scheduled"],
        "planned_from",
        "Start the training",
        "Places are lost",
    ),
    clock(
        "training_line",
        &["started"],
        "planned_until",
        "Record who completed it",
        "It stays open in the training report",
    ),
    clock(
        "travel_order",
        &["draft"],
        "travel_from",
        "Issue the travel order",
        "The student does not travel",
    ),
    clock(
        "travel_order",
        &["travelled"],
        "travel_until",
        "Record the return",
        "The student counts as absent",
    ),
    clock(
        "advisory_visit",
        &["planned"],
        "planned_from",
        "Begin the visit",
        "The visit is late in the portfolio",
    ),
    clock(
        "fund_source",
        &["available"],
        "obligate_by",
        "Obligate what is left of the money",
        "Nothing new can be obligated from it",
    ),
    clock(
        "fund_source",
        &["available", "expired"],
        "cancels",
        "Pay what is owed from the money",
        "The account is closed and the balance is gone",
    ),
    clock(
        "gate_override",
        &["granted"],
        "expires",
        "Make the override needless",
        "The gate is shut again",
    ),
];
