//! Facts of what comes from stock: excess articles and drawdowns, and the cases that carry them out.

use super::{Gathering, ledger, reference};
use crate::Result;
use jiff::civil::Date;
use symbolon_domain::{date::FiscalYear, money::Amount, record::Record};

/// States of an excess article once its transfer is authorised.
const AUTHORIZED: &[&str] = &["authorized", "offered", "pickup", "transferred"];
/// States of a drawdown once its execution is ordered.
const ORDERED: &[&str] = &[
    "ordered", "sourced", "valued", "shipped", "received", "reported",
];
/// The code of excess among sources of supply.
const EXCESS: &str = "E";

impl Gathering<'_, '_> {
    /// What a case takes from stock: whether it was authorised or ordered, what it is worth, and whether the lines
    /// stay within the authorisation.
    pub(super) fn released(&mut self, case: &Record) -> Result<()> {
        let id = case.envelope.id;
        let excess = in_states(self.reader.of("excess_article", "case", id)?, AUTHORIZED);
        let drawdowns = in_states(self.reader.of("drawdown", "case", id)?, ORDERED);
        excess
            .iter()
            .chain(&drawdowns)
            .for_each(|r| self.reader.note(r));
        self.tell(
            "stock_released",
            !(excess.is_empty() && drawdowns.is_empty()),
        );
        if !drawdowns.is_empty() {
            self.of_drawdowns(&drawdowns)?;
        }
        if !excess.is_empty() {
            self.of_articles(&excess)?;
            let within = self.lines_within(case, &excess)?;
            self.tell("within_authorised", within);
        }
        Ok(())
    }

    /// What excess articles cost and are worth, and what counts against the limit of their year already.
    fn of_articles(&mut self, articles: &[Record]) -> Result<()> {
        self.tell("sme", articles.iter().any(|a| a.body["sme"] == true));
        self.worth("original_cost", articles, "original_cost");
        self.worth("amount", articles, "present_value");
        let counted = self.reader.list("excess_article", &[("basis", "grant")])?;
        let counted = in_states(counted, AUTHORIZED);
        self.so_far(counted, articles, ("authorized", "present_value"));
        Ok(())
    }

    /// What drawdowns of one authority may come to, and what counts against the limit of their year already.
    fn of_drawdowns(&mut self, drawdowns: &[Record]) -> Result<()> {
        self.worth("amount", drawdowns, "ceiling");
        let authority = drawdowns[0].body["authority"].as_str().unwrap_or_default();
        let counted = self.reader.list("drawdown", &[("authority", authority)])?;
        let counted = in_states(counted, ORDERED);
        self.so_far(counted, drawdowns, ("directed", "ceiling"));
        Ok(())
    }

    /// Whether the lines of excess articles of a case stay within quantity and value that were authorised.
    fn lines_within(&mut self, case: &Record, excess: &[Record]) -> Result<bool> {
        let lines = self.reader.of("case_line", "case", case.envelope.id)?;
        let lines: Vec<&Record> = lines
            .iter()
            .filter(|l| l.envelope.state != "cancelled" && l.body["source_of_supply"] == EXCESS)
            .collect();
        let quantity = |of: &Record, field: &str| of.body[field].as_i64().unwrap_or(0);
        let asked: i64 = lines.iter().map(|l| quantity(l, "quantity")).sum();
        let worth: i64 = lines.iter().map(|l| ledger::amount(&l.body, "value")).sum();
        let mut may = 0;
        let mut most = 0;
        for article in excess {
            may += quantity(article, "authorized_quantity");
            most += ledger::amount(&article.body, "authorized_value");
        }
        Ok(!lines.is_empty() && asked <= may && worth <= most)
    }

    /// An excess article: its authorisation under the law, the offer within it, collection and transfer.
    pub(super) fn of_excess(&mut self, article: &Record, code: &str) -> Result<()> {
        let body = &article.body;
        let authority = match body["basis"].as_str() {
            Some("sale") => "eda-sale",
            _ => "eda-grant",
        };
        if code != "authorize" {
            if let Some(case) = self.above(reference(body, "case"))? {
                let own = [article.clone()];
                let within = self.lines_within(&case, &own)?;
                self.tell("within_authorised", within);
                self.say("authority", authority);
            }
            return self.vetted(("unit", reference(body, "unit")), self.day);
        }
        self.say("aid", "equipment");
        self.copy(body, &["recipient", "purpose"]);
        self.of_articles(std::slice::from_ref(article))?;
        self.stepped(article, authority)
    }

    /// A drawdown: its order under the law, its value within what was directed, its receipt.
    pub(super) fn of_drawdown(&mut self, drawdown: &Record, code: &str) -> Result<()> {
        let body = &drawdown.body;
        match code {
            "ship" => {
                self.above(reference(body, "case"))?;
                let within = ledger::amount(body, "value") <= ledger::amount(body, "ceiling");
                self.tell("within_authorised", within);
                self.copy(body, &["authority"]);
                return Ok(());
            }
            "receive" => {
                if let Some(case) = self.above(reference(body, "case"))? {
                    self.settled(&case)?;
                }
                return Ok(());
            }
            _ => {}
        }
        let authority = body["authority"].as_str().unwrap_or_default().to_owned();
        self.copy(body, &["aid", "recipient", "purpose"]);
        self.of_drawdowns(std::slice::from_ref(drawdown))?;
        self.stepped(drawdown, &authority)
    }

    /// What the initiative above says, of something that is itself the release from stock.
    fn stepped(&mut self, record: &Record, authority: &str) -> Result<()> {
        self.of_initiative(reference(&record.body, "initiative"), None, authority)?;
        self.tell("stock_released", true);
        self.tell("within_authorised", true);
        Ok(())
    }

    /// The sum of an amount in dollars as a fact.
    fn worth(&mut self, fact: &str, of: &[Record], field: &str) {
        self.say(fact, &format!("USD {}", Amount(dollars(of.iter(), field))));
    }

    /// What counts against the limit of a year already, beside the records asked about.
    fn so_far(&mut self, counted: Vec<Record>, own: &[Record], (day, field): (&str, &str)) {
        let years: Vec<FiscalYear> = own.iter().filter_map(|r| year(r, day)).collect();
        let others: Vec<Record> = counted
            .into_iter()
            .filter(|r| own.iter().all(|o| o.envelope.id != r.envelope.id))
            .filter(|r| year(r, day).is_some_and(|y| years.contains(&y)))
            .collect();
        others.iter().for_each(|r| self.reader.note(r));
        self.worth("fiscal_total", &others, field);
    }
}

fn in_states(records: Vec<Record>, states: &[&str]) -> Vec<Record> {
    let mut records = records;
    records.retain(|r| states.contains(&r.envelope.state.as_str()));
    records
}

/// The fiscal year of a day of a record.
fn year(record: &Record, field: &str) -> Option<FiscalYear> {
    let day = record.body[field].as_str()?.parse::<Date>().ok()?;
    Some(FiscalYear::of(day))
}

/// The sum of an amount, of those in dollars: the limits of the law are in dollars.
fn dollars<'a>(of: impl Iterator<Item = &'a Record>, field: &str) -> i64 {
    of.filter(|r| r.body["currency"] == "USD")
        .map(|r| ledger::amount(&r.body, field))
        .sum()
}
