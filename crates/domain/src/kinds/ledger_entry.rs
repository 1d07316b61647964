//! Ledger entry: money asked for, set aside, owed, paid, settled.

use crate::{
    kind::{Kind, Transition},
    money::Amount,
    record::RecordId,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Stage of money, in its order.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum MoneyStage {
    /// Asked for.
    Request,
    /// Set aside for it.
    Commitment,
    /// Owed by contract or order.
    Obligation,
    /// Paid.
    Disbursement,
    /// The obligation is settled by what was paid.
    Liquidation,
}

/// One posting of money: from the request to the liquidation each stage follows the one before it, and none
/// is more than what it follows. The original currency and the rate stay on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LedgerEntry {
    /// What it is for.
    #[schemars(length(max = 200), extend("x-list" = true))]
    pub title: String,
    /// Stage of the money.
    #[schemars(extend("x-list" = true))]
    pub stage: MoneyStage,
    /// The money it is charged to.
    #[schemars(extend("x-reference" = "fund_source"))]
    pub fund_source: RecordId,
    /// The entry of the stage before, which it draws down.
    #[serde(default)]
    #[schemars(extend("x-reference" = "ledger_entry"))]
    pub follows: Option<RecordId>,
    /// The initiative.
    #[serde(default)]
    #[schemars(extend("x-reference" = "initiative"))]
    pub initiative: Option<RecordId>,
    /// The case.
    #[serde(default)]
    #[schemars(extend("x-reference" = "case"))]
    pub case: Option<RecordId>,
    /// Day of the posting.
    #[schemars(title = "Posted on", extend("x-list" = true))]
    pub posted_on: Date,
    /// Amount in the currency of the document.
    #[schemars(extend("x-list" = true))]
    pub amount: Amount,
    /// Its currency.
    #[schemars(extend("x-code-list" = "currency", "x-list" = true))]
    pub currency: String,
    /// Units of the currency of the fund for one unit of the currency of the document; left out: the same currency.
    #[serde(default)]
    #[schemars(length(max = 24), extend("x-section" = "Exchange"))]
    pub rate: String,
    /// Day of the rate.
    #[serde(default)]
    #[schemars(title = "Rate of", extend("x-section" = "Exchange"))]
    pub rate_on: Option<Date>,
    /// Who published the rate.
    #[serde(default)]
    #[schemars(title = "Source of the rate", length(max = 200), extend("x-section" = "Exchange"))]
    pub rate_source: String,
    /// Number of the document.
    #[serde(default)]
    #[schemars(length(max = 100))]
    pub document: String,
    /// Amount in the currency of the fund. Filled in by the program.
    #[serde(default)]
    #[schemars(title = "In the currency of the fund", extend("x-section" = "Filled in by the program", "x-list" = true))]
    pub in_fund_currency: Option<Amount>,
    /// What certified entries of the next stage have drawn from it. Filled in by the program.
    #[serde(default)]
    #[schemars(title = "Drawn by the next stage", extend("x-section" = "Filled in by the program"))]
    pub drawn: Option<Amount>,
}

impl Kind for LedgerEntry {
    const CODE: &'static str = "ledger_entry";
    const NAME: &'static str = "Ledger entry";
    const AREA: &'static str = "money";
    const STATES: &'static [&'static str] = &["draft", "certified", "reversed", "withdrawn"];
    const TRANSITIONS: &'static [Transition] = &[
        Transition::new("certify", "Certify", &["draft"], "certified").approval(),
        Transition::new("withdraw", "Withdraw", &["draft"], "withdrawn").with_reason(),
        Transition::new("reverse", "Reverse", &["certified"], "reversed")
            .approval()
            .with_reason(),
    ];
    const KEY: &'static [&'static str] = &["title", "posted_on"];
}
