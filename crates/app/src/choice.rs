//! Choosing authority and money for an initiative: every authority of the rulebook tried against its facts,
//! and the money whose days and balance fit.

use crate::law::{Question, RuleSaid};
use crate::{App, Moment, Result};
use jiff::civil::Date;
use serde_json::{Map, Value};
use symbolon_access::Viewer;
use symbolon_domain::{
    codes,
    money::Amount,
    record::{Record, RecordId},
};

/// What is asked about an initiative beside what its record says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChoiceAsk {
    /// Kind of aid.
    pub aid: String,
    /// Sort of body that receives.
    pub recipient: String,
    /// What it is for.
    pub purpose: String,
    /// Total value, US dollars.
    pub value: String,
}

/// One authority and what the law says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorityChoice {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// `allowed`, `allowed-with-conditions`, `cannot-tell` or `refused`.
    pub outcome: String,
    /// The rules that decide it, with what they say and their clause: rule, words, clause.
    pub because: Vec<(String, String, String)>,
    /// What money it takes, by the rulebook.
    pub draft: bool,
}

/// Money that could pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoneyChoice {
    /// The fund source.
    pub id: RecordId,
    /// Its code.
    pub code: String,
    /// Name.
    pub name: String,
    /// What it may be used for.
    pub purpose: String,
    /// Last day of new obligations.
    pub obligate_by: String,
    /// Days until then; negative: over.
    pub days_left: i64,
    /// What is not committed yet.
    pub balance: Amount,
    /// Currency.
    pub currency: String,
    /// Why it does not fit; empty: it does.
    pub against: String,
}

/// Authorities and money for an initiative, best first.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The initiative.
    pub initiative: Record,
    /// What was asked.
    pub ask: ChoiceAsk,
    /// Authorities.
    pub authorities: Vec<AuthorityChoice>,
    /// Money.
    pub money: Vec<MoneyChoice>,
}

fn rank(outcome: &str) -> u8 {
    match outcome {
        "allowed" => 0,
        "allowed-with-conditions" => 1,
        "cannot-tell" => 2,
        _ => 3,
    }
}

/// The rules that made the outcome what it is.
fn because(rules: &[RuleSaid], code: &str) -> Vec<(String, String, String)> {
    let decides = |r: &&RuleSaid| {
        !r.draft && matches!(r.verdict.as_str(), "refused" | "unknown" | "outstanding")
    };
    let mut all: Vec<&RuleSaid> = rules.iter().filter(decides).collect();
    all.sort_by_key(|r| (r.verdict != "refused", !r.rule.contains(code)));
    let told = |r: &RuleSaid| {
        let clause = r.cites.first().map_or(String::new(), |c| c.at.clone());
        (r.rule.clone(), r.says.clone(), clause)
    };
    all.into_iter().map(told).collect()
}

impl App {
    /// Every authority against the facts of an initiative, and the money there is.
    ///
    /// # Errors
    /// [`crate::AppError::NotFound`] where the viewer sees no such initiative.
    pub fn choice(&self, viewer: &Viewer, id: &str, ask: ChoiceAsk) -> Result<Choice> {
        let initiative = self.record_only(viewer, "initiative", id, Moment::default())?;
        let ask = filled(ask, &initiative);
        let law = self.law.current()?;
        let mut facts = Map::new();
        let mut say = |fact: &str, value: &str| {
            if !value.trim().is_empty() {
                facts.insert(fact.to_owned(), Value::from(value.trim()));
            }
        };
        say("partner", &initiative.envelope.partner);
        say("date", &viewer.today.to_string());
        say("assume", "clear");
        say("aid", &ask.aid);
        say("recipient", &ask.recipient);
        say("purpose", &ask.purpose);
        if !ask.value.trim().is_empty() {
            say("total_value", &format!("USD {}", ask.value.trim()));
        }
        let list = codes::list("assistance-authority")
            .map(|l| l.items.as_slice())
            .unwrap_or_default();
        let mut authorities = vec![];
        for item in list
            .iter()
            .filter(|i| i.code != "other" && i.holds_on(viewer.today))
        {
            let mut facts = facts.clone();
            facts.insert("authority".to_owned(), item.code.as_str().into());
            let said = law.determine(&Question {
                facts,
                no_remedies: true,
                ..Question::default()
            })?;
            let own = format!("us.authorities.{}", item.code);
            authorities.push(AuthorityChoice {
                draft: said
                    .rules
                    .iter()
                    .any(|r| r.draft && r.rule.starts_with(&own)),
                because: because(&said.rules, &item.code),
                outcome: said.outcome,
                code: item.code.clone(),
                name: item.name.clone(),
            });
        }
        authorities.sort_by_key(|a| (rank(&a.outcome), a.draft, a.because.len()));
        Ok(Choice {
            money: self.money_for(viewer)?,
            initiative,
            ask,
            authorities,
        })
    }

    fn money_for(&self, viewer: &Viewer) -> Result<Vec<MoneyChoice>> {
        let mut all: Vec<MoneyChoice> = self
            .in_state(
                viewer,
                "fund_source",
                &["candidate", "available", "expired"],
            )?
            .iter()
            .map(|r| money(r, viewer.today))
            .collect();
        all.sort_by(|a, b| {
            (!a.against.is_empty(), &a.obligate_by).cmp(&(!b.against.is_empty(), &b.obligate_by))
        });
        Ok(all)
    }
}

/// What the record says, where nothing was asked.
fn filled(mut ask: ChoiceAsk, initiative: &Record) -> ChoiceAsk {
    let area = initiative.body["area"].as_str().unwrap_or_default();
    let purposes = codes::list("assistance-purpose");
    if ask.purpose.is_empty() && purposes.is_some_and(|l| l.items.iter().any(|i| i.code == area)) {
        area.clone_into(&mut ask.purpose);
    }
    let budget = initiative.body["budget"]
        .as_str()
        .filter(|_| initiative.body["currency"] == "USD");
    if let Some(budget) = budget.filter(|_| ask.value.is_empty()) {
        budget.clone_into(&mut ask.value);
    }
    ask
}

fn money(record: &Record, today: Date) -> MoneyChoice {
    let text = |field: &str| record.body[field].as_str().unwrap_or_default().to_owned();
    let amount = |field: &str| text(field).parse::<Amount>().unwrap_or_default().0;
    let day = |field: &str| text(field).parse::<Date>().ok();
    let left = day("obligate_by").map_or(0, |d| i64::from((d - today).get_days()));
    let balance = amount("amount") - amount("committed");
    let against = match record.envelope.state.as_str() {
        "candidate" => "not made available yet".to_owned(),
        _ if left < 0 => "its days for new obligations are over".to_owned(),
        _ if day("available_from").is_some_and(|d| d > today) => {
            "not available before its first day".to_owned()
        }
        _ if balance <= 0 => "nothing is left".to_owned(),
        _ => String::new(),
    };
    MoneyChoice {
        id: record.envelope.id,
        code: record.envelope.code.clone(),
        name: text("name"),
        purpose: text("purpose"),
        obligate_by: text("obligate_by"),
        days_left: left,
        balance: Amount(balance),
        currency: text("currency"),
        against,
    }
}
