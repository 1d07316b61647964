//! Excess article request: an article that the provider no longer needs, from the offer to look at it to the
//! hand-over.

use crate::{
    kind::{Fault, Kind, Transition},
    money::Amount,
    record::RecordId,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whether the partner pays for an excess article.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ExcessBasis {
    /// Given; the partner pays for moving and repair at most.
    Grant,
    /// Sold at a part of what it cost.
    Sale,
}

/// An excess defence article that a partner asks for, as it is and where it is. State authorises quantity and
/// value before anything is offered (FAA 516; DSCA policy 24-63), and the offer stays within both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExcessArticle {
    /// The article, in words.
    #[schemars(length(max = 200), extend("x-list" = true, "x-partner" = true))]
    pub title: String,
    /// The initiative it serves.
    #[schemars(extend("x-reference" = "initiative", "x-partner" = true))]
    pub initiative: RecordId,
    /// Given or sold.
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub basis: ExcessBasis,
    /// Sort of body that receives.
    #[serde(default)]
    #[schemars(extend("x-code-list" = "recipient-kind", "x-partner" = true))]
    pub recipient: String,
    /// What it is for, in the words of the law.
    #[serde(default)]
    #[schemars(extend("x-code-list" = "assistance-purpose", "x-partner" = true))]
    pub purpose: String,
    /// Office that holds the article.
    #[serde(default)]
    #[schemars(title = "Holding agency", extend("x-code-list" = "implementing-agency", "x-list" = true, "x-partner" = true))]
    pub agency: String,
    /// The unit that receives.
    #[serde(default)]
    #[schemars(extend("x-reference" = "unit", "x-partner" = true))]
    pub unit: Option<RecordId>,
    /// National stock number.
    #[serde(default)]
    #[schemars(title = "National stock number", length(max = 20), extend("x-section" = "Article", "x-partner" = true))]
    pub nsn: String,
    /// Number in the list of articles and services.
    #[serde(default)]
    #[schemars(title = "Articles and services list number", length(max = 20), extend("x-section" = "Article", "x-partner" = true))]
    pub masl: String,
    /// What a survey found: it is handed over as it is, where it is.
    #[serde(default)]
    #[schemars(length(max = 500), extend("x-section" = "Article", "x-partner" = true))]
    pub condition: String,
    /// How many are asked for.
    #[serde(default)]
    #[schemars(title = "Quantity asked for", range(min = 1, max = 1000000000), extend("x-section" = "Article", "x-list" = true, "x-partner" = true))]
    pub quantity: Option<i64>,
    /// Day the partner asked for it.
    #[serde(default)]
    #[schemars(extend("x-section" = "Article", "x-list" = true, "x-partner" = true))]
    pub requested: Option<Date>,
    /// Whether it is significant military equipment.
    #[serde(default)]
    #[schemars(title = "Significant military equipment", extend("x-section" = "Article", "x-partner" = true))]
    pub sme: bool,
    /// What all of them cost when they were bought.
    #[serde(default)]
    #[schemars(title = "Original acquisition cost", extend("x-section" = "Money"))]
    pub original_cost: Option<Amount>,
    /// What all of them are worth now, with the repair that the provider pays: as FAA 644(m) counts it.
    #[serde(default)]
    #[schemars(title = "Present value with repair", extend("x-section" = "Money", "x-list" = true))]
    pub present_value: Option<Amount>,
    /// Currency of the amounts.
    #[serde(default)]
    #[schemars(extend("x-code-list" = "currency", "x-section" = "Money", "x-partner" = true))]
    pub currency: String,
    /// The notice to Congress, where one is due.
    #[serde(default)]
    #[schemars(title = "Notice", extend("x-reference" = "notice", "x-section" = "Authorisation"))]
    pub notification: Option<RecordId>,
    /// Day State authorised the transfer.
    #[serde(default)]
    #[schemars(extend("x-section" = "Authorisation", "x-partner" = true))]
    pub authorized: Option<Date>,
    /// The authorisation memorandum.
    #[serde(default)]
    #[schemars(title = "Authorisation memorandum", length(max = 200), extend("x-section" = "Authorisation"))]
    pub memorandum: String,
    /// At most so many may go.
    #[serde(default)]
    #[schemars(title = "Authorised quantity", range(min = 1, max = 1000000000), extend("x-section" = "Authorisation", "x-list" = true, "x-partner" = true))]
    pub authorized_quantity: Option<i64>,
    /// At most so much may go.
    #[serde(default)]
    #[schemars(title = "Authorised value", extend("x-section" = "Authorisation", "x-partner" = true))]
    pub authorized_value: Option<Amount>,
    /// The case with the offer.
    #[serde(default)]
    #[schemars(extend("x-reference" = "case", "x-section" = "Transfer", "x-partner" = true))]
    pub case: Option<RecordId>,
    /// Last day on which it lies there free of charge.
    #[serde(default)]
    #[schemars(title = "To be collected by", extend("x-section" = "Days", "x-partner" = true))]
    pub collect_by: Option<Date>,
    /// Day it was collected, or went into repair.
    #[serde(default)]
    #[schemars(extend("x-section" = "Days", "x-partner" = true))]
    pub collected: Option<Date>,
    /// Day title passed to the partner.
    #[serde(default)]
    #[schemars(extend("x-section" = "Days", "x-list" = true, "x-partner" = true))]
    pub transferred: Option<Date>,
    /// What shows that: the receipt that both signed.
    #[serde(default)]
    #[schemars(title = "Evidence of transfer", length(max = 500), extend("x-section" = "Transfer", "x-partner" = true))]
    pub transfer_evidence: String,
    /// Why it is late.
    #[serde(default)]
    #[schemars(title = "Cause of delay", extend("x-code-list" = "delay-cause", "x-section" = "Transfer", "x-partner" = true))]
    pub delay_cause: String,
}

impl Kind for ExcessArticle {
    const CODE: &'static str = "excess_article";
    const NAME: &'static str = "Excess article request";
    const AREA: &'static str = "delivery";
    const STATES: &'static [&'static str] = &[
        "available",
        "requested",
        "screened",
        "worksheet",
        "interagency",
        "notified",
        "authorized",
        "offered",
        "pickup",
        "transferred",
        "refused",
        "withdrawn",
    ];
    const TRANSITIONS: &'static [Transition] = &[
        Transition::new("request", "Record the request", &["available"], "requested")
            .needing(&["requested", "quantity"]),
        Transition::new("screen", "Record the screening", &["requested"], "screened")
            .needing(&["condition"]),
        Transition::new(
            "prepare",
            "Finish the worksheet",
            &["screened"],
            "worksheet",
        )
        .needing(&["nsn", "masl", "original_cost", "present_value", "currency"]),
        Transition::new(
            "send",
            "Send for interagency review",
            &["worksheet"],
            "interagency",
        ),
        Transition::new("notify", "Record the notice", &["interagency"], "notified")
            .needing(&["notification"]),
        Transition::new(
            "authorize",
            "Record the authorisation",
            &["interagency", "notified"],
            "authorized",
        )
        .needing(&[
            "authorized",
            "memorandum",
            "authorized_quantity",
            "authorized_value",
        ])
        .approval(),
        Transition::new("offer", "Record the offer", &["authorized"], "offered").needing(&["case"]),
        Transition::new("collect", "Record the collection", &["offered"], "pickup")
            .needing(&["collected", "unit"]),
        Transition::new(
            "transfer",
            "Record the transfer",
            &["pickup"],
            "transferred",
        )
        .needing(&["transferred", "transfer_evidence"]),
        Transition::new(
            "refuse",
            "Refuse",
            &[
                "requested",
                "screened",
                "worksheet",
                "interagency",
                "notified",
            ],
            "refused",
        )
        .with_reason(),
        Transition::new(
            "withdraw",
            "Withdraw",
            &[
                "available",
                "requested",
                "screened",
                "worksheet",
                "interagency",
                "notified",
                "authorized",
                "offered",
            ],
            "withdrawn",
        )
        .with_reason(),
    ];
    const KEY: &'static [&'static str] = &["initiative", "title"];
    const OF_PARTNER: bool = true;

    fn faults(&self) -> Vec<Fault> {
        let days = [
            ("authorized", self.requested, self.authorized),
            ("collected", self.authorized, self.collected),
            ("transferred", self.collected, self.transferred),
        ];
        let wrong = days
            .into_iter()
            .filter(|(_, early, late)| early.zip(*late).is_some_and(|(e, l)| l < e));
        let mut faults: Vec<Fault> = wrong
            .map(|(field, ..)| {
                Fault::new(field, "conflict", "This day is before the one it follows")
            })
            .collect();
        let more = self.authorized_quantity.zip(self.quantity);
        if more.is_some_and(|(authorized, asked)| authorized > asked) {
            let message = "More is authorised than was asked for";
            faults.push(Fault::new("authorized_quantity", "conflict", message));
        }
        faults
    }
}
