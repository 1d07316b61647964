//! Case: the legal frame under which articles and services are furnished.

use crate::{
    kind::{Fault, Kind, Transition},
    money::Amount,
    record::RecordId,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Sale, grant case, training grant or transfer from stock.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ProgrammeKind {
    /// Foreign military sale: the purchaser signs and pays, or uses grant or loan financing.
    Sale,
    /// Case to build partner capacity: the provider signs and pays.
    GrantCase,
    /// Training paid from grant money, without a case document.
    TrainingGrant,
    /// Excess articles given, or a drawdown: from stock, no money is obligated for the articles.
    FromStock,
}

/// What was decided about an evaluation.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum EvaluationDecision {
    /// Nothing was decided yet.
    #[default]
    Open,
    /// An evaluation is commissioned.
    Evaluate,
    /// None is needed, for the reason given.
    NotNeeded,
}

/// The legal frame of a delivery: a sale the purchaser signs, a case paid from grant money that only the
/// provider signs, a training grant, or a transfer from stock. Its rules go by programme kind and appropriation year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What it is for.
    #[schemars(length(max = 200), extend("x-list" = true, "x-partner" = true))]
    pub title: String,
    /// Customer, agency and designator: `CC-I-DDD`.
    #[serde(default)]
    #[schemars(length(max = 20), extend("x-list" = true, "x-partner" = true))]
    pub designator: String,
    /// The initiative it serves.
    #[schemars(extend("x-reference" = "initiative", "x-partner" = true))]
    pub initiative: RecordId,
    /// Sale, grant case, training grant or transfer from stock.
    #[schemars(title = "Programme kind", extend("x-list" = true, "x-partner" = true))]
    pub programme_kind: ProgrammeKind,
    /// The authority of the assistance.
    #[schemars(extend("x-code-list" = "assistance-authority", "x-list" = true, "x-partner" = true))]
    pub authority: String,
    /// Kind of aid.
    #[serde(default)]
    #[schemars(extend("x-code-list" = "aid-kind", "x-partner" = true))]
    pub aid: String,
    /// Sort of body that receives.
    #[serde(default)]
    #[schemars(extend("x-code-list" = "recipient-kind", "x-partner" = true))]
    pub recipient: String,
    /// What it is for, in the words of the law.
    #[serde(default)]
    #[schemars(extend("x-code-list" = "assistance-purpose", "x-partner" = true))]
    pub purpose: String,
    /// Agency that carries it out.
    #[serde(default)]
    #[schemars(title = "Implementing agency", extend("x-code-list" = "implementing-agency", "x-list" = true, "x-partner" = true))]
    pub implementing_agency: String,
    /// Fiscal year of the money; it chooses the set of rules.
    #[serde(default)]
    #[schemars(title = "Appropriation year", range(min = 1950, max = 2100), extend("x-list" = true, "x-partner" = true))]
    pub fiscal_year: Option<i64>,
    /// Who pays.
    #[serde(default)]
    #[schemars(extend("x-reference" = "fund_source", "x-section" = "Money"))]
    pub fund_source: Option<RecordId>,
    /// Total value.
    #[serde(default)]
    #[schemars(extend("x-section" = "Money", "x-list" = true, "x-partner" = true))]
    pub total_value: Option<Amount>,
    /// Part that is major defence equipment.
    #[serde(default)]
    #[schemars(title = "Major defence equipment", extend("x-section" = "Money", "x-partner" = true))]
    pub mde_value: Option<Amount>,
    /// Currency of the amounts.
    #[serde(default)]
    #[schemars(extend("x-code-list" = "currency", "x-section" = "Money", "x-list" = true, "x-partner" = true))]
    pub currency: String,
    /// Evidence of deposit or of the certificate of funds.
    #[serde(default)]
    #[schemars(title = "Deposit or certificate of funds", length(max = 300), extend("x-section" = "Money", "x-partner" = true))]
    pub money_evidence: String,
    /// The notice to Congress it stands on.
    #[serde(default)]
    #[schemars(extend("x-reference" = "notice", "x-section" = "Rests on"))]
    pub notification: Option<RecordId>,
    /// The assurances or framework agreement it stands on.
    #[serde(default)]
    #[schemars(extend("x-reference" = "agreement", "x-section" = "Rests on", "x-partner" = true))]
    pub agreement: Option<RecordId>,
    /// The kept answer of the law it stands on. Facts that the thread does not know are taken from it.
    #[serde(default)]
    #[schemars(extend("x-reference" = "determination", "x-section" = "Rests on"))]
    pub determination: Option<RecordId>,
    /// Day the request was complete: the clock to the offer starts.
    #[serde(default)]
    #[schemars(extend("x-section" = "Days", "x-partner" = true))]
    pub request_complete: Option<Date>,
    /// Day by which the offer is promised.
    #[serde(default)]
    #[schemars(title = "Anticipated offer date", extend("x-section" = "Days", "x-partner" = true))]
    pub offer_due: Option<Date>,
    /// Day the document was sent.
    #[serde(default)]
    #[schemars(extend("x-section" = "Days", "x-partner" = true))]
    pub offered: Option<Date>,
    /// Last day on which the offer can be accepted.
    #[serde(default)]
    #[schemars(extend("x-section" = "Days", "x-list" = true, "x-partner" = true))]
    pub offer_expires: Option<Date>,
    /// Day it was signed: by the purchaser, or by the agency for a grant case.
    #[serde(default)]
    #[schemars(extend("x-section" = "Days", "x-partner" = true))]
    pub accepted: Option<Date>,
    /// Day the last delivery is planned.
    #[serde(default)]
    #[schemars(title = "Planned end of deliveries", extend("x-section" = "Days", "x-partner" = true))]
    pub planned_complete: Option<Date>,
    /// What was decided about an evaluation.
    #[serde(default)]
    #[schemars(extend("x-section" = "Closure", "x-partner" = true))]
    pub evaluation: EvaluationDecision,
    /// Why, and where it stands.
    #[serde(default)]
    #[schemars(title = "Reason of that decision", extend("x-type" = "long-text", "x-section" = "Closure", "x-partner" = true))]
    pub evaluation_note: String,
    /// Amount still obligated and not paid at an accelerated closure.
    #[serde(default)]
    #[schemars(title = "Unliquidated obligations", extend("x-section" = "Closure", "x-partner" = true))]
    pub unliquidated: Option<Amount>,
}

impl Kind for Case {
    const CODE: &'static str = "case";
    const NAME: &'static str = "Case";
    const AREA: &'static str = "delivery";
    const STATES: &'static [&'static str] = &[
        "development",
        "write",
        "review",
        "proposed",
        "offered",
        "accepted",
        "implemented",
        "suspended",
        "supply_complete",
        "interim_closed",
        "final_closed",
        "expired",
        "cancelled",
    ];
    const TRANSITIONS: &'static [Transition] = &[
        Transition::new("write", "Send to the writers", &["development"], "write")
            .needing(&["request_complete"]),
        Transition::new(
            "rework",
            "Return to development",
            &["write", "review"],
            "development",
        )
        .with_reason(),
        Transition::new("review", "Send for review", &["write"], "review")
            .needing(&["total_value", "currency"]),
        Transition::new("propose", "Mark as proposed", &["review"], "proposed"),
        Transition::new("offer", "Send the offer", &["proposed"], "offered")
            .needing(&["offered", "offer_expires"]),
        Transition::new("accept", "Record the acceptance", &["offered"], "accepted")
            .needing(&["accepted"]),
        Transition::new(
            "expire",
            "Mark the offer as expired",
            &["offered"],
            "expired",
        ),
        Transition::new(
            "restate",
            "Restate the offer",
            &["offered", "expired"],
            "review",
        )
        .with_reason(),
        Transition::new("implement", "Implement", &["accepted"], "implemented"),
        Transition::new(
            "suspend",
            "Suspend",
            &["implemented", "supply_complete"],
            "suspended",
        )
        .with_reason(),
        Transition::new("resume", "Resume", &["suspended"], "implemented").with_reason(),
        Transition::new(
            "complete",
            "Mark as supply complete",
            &["implemented"],
            "supply_complete",
        ),
        Transition::new(
            "reopen",
            "Reopen",
            &["supply_complete", "interim_closed", "final_closed"],
            "implemented",
        )
        .with_reason(),
        Transition::new(
            "close_interim",
            "Close with obligations unpaid",
            &["supply_complete"],
            "interim_closed",
        )
        .needing(&["unliquidated"]),
        Transition::new(
            "close_final",
            "Close finally",
            &["supply_complete", "interim_closed"],
            "final_closed",
        ),
        Transition::new(
            "cancel",
            "Cancel",
            &[
                "development",
                "write",
                "review",
                "proposed",
                "offered",
                "accepted",
                "suspended",
            ],
            "cancelled",
        )
        .with_reason(),
    ];
    const KEY: &'static [&'static str] = &["designator", "title"];
    const OF_PARTNER: bool = true;

    fn faults(&self) -> Vec<Fault> {
        let days = [
            ("offered", self.request_complete, self.offered),
            ("offer_expires", self.offered, self.offer_expires),
            ("accepted", self.offered, self.accepted),
        ];
        let wrong = |(_, early, late): &(&str, Option<Date>, Option<Date>)| {
            early.zip(*late).is_some_and(|(e, l)| l < e)
        };
        let told = |(field, _, _): (&str, Option<Date>, Option<Date>)| {
            Fault::new(field, "conflict", "This day is before the one it follows")
        };
        days.into_iter().filter(wrong).map(told).collect()
    }
}
