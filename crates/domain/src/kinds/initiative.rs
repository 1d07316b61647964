//! Initiative: one designed effort, from the problem to its sustainment.

use crate::{
    kind::{Fault, Kind, Transition},
    money::Amount,
    record::RecordId,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One designed effort that closes a gap: the initiative design document as a record. Objectives,
/// logic model, milestones, commitments and responsibilities are records that point to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Initiative {
    /// Title.
    #[schemars(length(max = 200), extend("x-list" = true, "x-partner" = true))]
    pub title: String,
    /// The gap it closes.
    #[serde(default)]
    #[schemars(extend("x-reference" = "capability_gap", "x-partner" = true))]
    pub gap: Option<RecordId>,
    /// The country plan it serves.
    #[serde(default)]
    #[schemars(extend("x-reference" = "country_plan"))]
    pub plan: Option<RecordId>,
    /// Mission type.
    #[schemars(title = "Capability area", extend("x-code-list" = "capability-area", "x-list" = true, "x-partner" = true))]
    pub area: String,
    /// Whether it is a significant security cooperation initiative, which needs the whole design
    /// document.
    #[serde(default)]
    #[schemars(extend("x-list" = true))]
    pub significant: bool,
    /// The problem, with evidence.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text", "x-section" = "Design"))]
    pub problem: String,
    /// Why doing this should lead to that: if, then, because.
    #[serde(default)]
    #[schemars(title = "Theory of change", extend("x-type" = "long-text", "x-section" = "Design"))]
    pub theory_of_change: String,
    /// What is done so that institutions can carry it.
    #[serde(default)]
    #[schemars(title = "Institution building", extend("x-type" = "long-text", "x-section" = "Design"))]
    pub institution_building: String,
    /// Who keeps it going, with what people, money and parts, from when.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text", "x-section" = "Design"))]
    pub sustainment: String,
    /// Planned cost, all sources.
    #[serde(default)]
    #[schemars(extend("x-section" = "Money", "x-list" = true))]
    pub budget: Option<Amount>,
    /// Set aside for monitoring and evaluation.
    #[serde(default)]
    #[schemars(title = "Budget for evaluation", extend("x-section" = "Money"))]
    pub evaluation_budget: Option<Amount>,
    /// Currency of both amounts.
    #[serde(default)]
    #[schemars(extend("x-code-list" = "currency", "x-section" = "Money", "x-list" = true))]
    pub currency: String,
    /// What was measured before the start, and where the figures are.
    #[serde(default)]
    #[schemars(title = "Baseline", extend("x-type" = "long-text", "x-section" = "Baseline"))]
    pub baseline_note: String,
}

impl Kind for Initiative {
    const CODE: &'static str = "initiative";
    const NAME: &'static str = "Initiative";
    const AREA: &'static str = "plan";
    const STATES: &'static [&'static str] = &[
        "draft",
        "technical_review",
        "legal_review",
        "approved",
        "baseline_locked",
        "amended",
        "closed",
    ];
    const TRANSITIONS: &'static [Transition] = &[
        Transition::new(
            "submit",
            "Send for technical review",
            &["draft", "amended"],
            "technical_review",
        )
        .needing(&["problem", "theory_of_change"]),
        Transition::new(
            "to_legal",
            "Send for legal review",
            &["technical_review"],
            "legal_review",
        ),
        Transition::new(
            "return_to_draft",
            "Return to draft",
            &["technical_review", "legal_review"],
            "draft",
        )
        .with_reason(),
        Transition::new("approve", "Approve", &["legal_review"], "approved")
            .needing(&["sustainment", "institution_building"])
            .approval(),
        Transition::new(
            "lock_baseline",
            "Lock the baseline",
            &["approved"],
            "baseline_locked",
        )
        .needing(&["baseline_note"]),
        Transition::new(
            "amend",
            "Amend",
            &["approved", "baseline_locked"],
            "amended",
        )
        .with_reason(),
        Transition::new("close", "Close", &["baseline_locked"], "closed").with_reason(),
    ];
    const KEY: &'static [&'static str] = &["title"];
    const OF_PARTNER: bool = true;

    fn faults(&self) -> Vec<Fault> {
        let money = self.budget.is_some() || self.evaluation_budget.is_some();
        let mut faults = vec![];
        if money && self.currency.is_empty() {
            faults.push(Fault::new(
                "currency",
                "missing",
                "Name the currency of the amounts",
            ));
        }
        if let (Some(whole), Some(part)) = (self.budget, self.evaluation_budget)
            && part > whole
        {
            let message = "The budget for evaluation is more than the whole budget";
            faults.push(Fault::new("evaluation_budget", "conflict", message));
        }
        faults
    }
}
