//! Case document: the basic letter, an amendment or a modification.

use crate::{
    kind::{Fault, Kind, Transition},
    money::Amount,
    record::RecordId,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which sort of document.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum DocumentType {
    /// The letter of offer and acceptance itself.
    Basic,
    /// Changes the scope; the purchaser signs.
    Amendment,
    /// Changes no scope; the purchaser does not sign.
    Modification,
}

/// A version of what was agreed: the basic document, an amendment that changes the scope and is signed by the
/// purchaser, or a modification that does not and is not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseDocument {
    /// What it does.
    #[schemars(length(max = 200), extend("x-list" = true, "x-partner" = true))]
    pub title: String,
    /// The case.
    #[schemars(extend("x-reference" = "case", "x-partner" = true))]
    pub case: RecordId,
    /// Basic document, amendment or modification.
    #[schemars(title = "Type", extend("x-list" = true, "x-partner" = true))]
    pub document_type: DocumentType,
    /// Number of the amendment or modification.
    #[serde(default)]
    #[schemars(range(min = 0, max = 999), extend("x-list" = true, "x-partner" = true))]
    pub number: Option<i64>,
    /// What changes and why.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text", "x-partner" = true))]
    pub change: String,
    /// Change of the total value.
    #[serde(default)]
    #[schemars(title = "Change of value", extend("x-list" = true, "x-partner" = true))]
    pub value_change: Option<Amount>,
    /// Day it was sent to the purchaser.
    #[serde(default)]
    #[schemars(extend("x-section" = "Days", "x-list" = true, "x-partner" = true))]
    pub sent: Option<Date>,
    /// Last day on which it can be accepted.
    #[serde(default)]
    #[schemars(extend("x-section" = "Days", "x-partner" = true))]
    pub expires: Option<Date>,
    /// Day the purchaser signed.
    #[serde(default)]
    #[schemars(title = "Signed by the purchaser", extend("x-section" = "Days", "x-list" = true, "x-partner" = true))]
    pub signed: Option<Date>,
    /// Day it was implemented.
    #[serde(default)]
    #[schemars(extend("x-section" = "Days", "x-partner" = true))]
    pub implemented: Option<Date>,
}

impl Kind for CaseDocument {
    const CODE: &'static str = "case_document";
    const NAME: &'static str = "Case document";
    const AREA: &'static str = "delivery";
    const STATES: &'static [&'static str] = &[
        "draft",
        "review",
        "offered",
        "signed",
        "implemented",
        "expired",
        "cancelled",
    ];
    const TRANSITIONS: &'static [Transition] = &[
        Transition::new("review", "Send for review", &["draft"], "review").needing(&["change"]),
        Transition::new("rework", "Return to draft", &["review"], "draft").with_reason(),
        Transition::new("offer", "Send to the purchaser", &["review"], "offered")
            .needing(&["sent", "expires"]),
        Transition::new("sign", "Record the signature", &["offered"], "signed")
            .needing(&["signed"]),
        Transition::new(
            "implement",
            "Implement",
            &["signed", "review"],
            "implemented",
        )
        .needing(&["implemented"]),
        Transition::new("expire", "Mark as expired", &["offered"], "expired"),
        Transition::new(
            "cancel",
            "Cancel",
            &["draft", "review", "offered"],
            "cancelled",
        )
        .with_reason(),
    ];
    const KEY: &'static [&'static str] = &["case", "document_type", "number"];
    const OF_PARTNER: bool = true;

    fn faults(&self) -> Vec<Fault> {
        let days = [
            ("expires", self.sent, self.expires),
            ("signed", self.sent, self.signed),
            ("implemented", self.signed, self.implemented),
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
