//! Facts from below a case: what pays for it, what was delivered under it, what is disputed.

use super::{Gathering, ledger, reference};
use crate::Result;
use symbolon_domain::record::Record;

impl Gathering<'_, '_> {
    /// Evidence of a deposit for a sale; a certified commitment for what grant money pays.
    pub(super) fn secured(&mut self, case: &Record) -> Result<()> {
        let id = case.envelope.id.to_string();
        let certified = self
            .reader
            .list("ledger_entry", &[("case", &id), ("state", "certified")])?;
        let mut found = certified
            .iter()
            .filter(|e| e.body["stage"] == "commitment" || e.body["stage"] == "obligation");
        let first = found.next();
        if let Some(entry) = first {
            self.reader.note(entry);
        }
        let deposit = !case.body["money_evidence"]
            .as_str()
            .unwrap_or_default()
            .trim()
            .is_empty();
        let sale = case.body["programme_kind"] == "sale";
        // For what comes from stock no money is obligated: that it was released is asked by a gate of its own.
        let stock = case.body["programme_kind"] == "from_stock";
        self.tell(
            "money_secured",
            first.is_some() || stock || (sale && deposit),
        );
        Ok(())
    }

    /// Whether everything under a case is delivered and nothing disputed.
    pub(super) fn settled(&mut self, case: &Record) -> Result<()> {
        let (mut delivered, mut settled) = (true, true);
        for line in self.reader.of("case_line", "case", case.envelope.id)? {
            let mut handed = 0;
            for shipment in self.reader.of("shipment", "line", line.envelope.id)? {
                match shipment.envelope.state.as_str() {
                    "handed_over" => handed += shipment.body["quantity"].as_i64().unwrap_or(0),
                    // What is under way arrives also where the rest of its line was cancelled.
                    "shipped" | "arrived" => delivered = false,
                    _ => {}
                }
                let disputes = self
                    .reader
                    .of("discrepancy", "shipment", shipment.envelope.id)?;
                settled &= disputes.iter().all(|d| d.envelope.state == "closed");
            }
            let enough = line.body["quantity"].as_i64().is_some_and(|q| handed >= q);
            delivered &= enough || line.envelope.state == "cancelled";
        }
        for line in self.reader.of("training_line", "case", case.envelope.id)? {
            delivered &= matches!(line.envelope.state.as_str(), "completed" | "cancelled");
        }
        self.tell("lines_delivered", delivered);
        self.tell("discrepancies_settled", settled);
        Ok(())
    }

    /// A posting: the dates of the money, what is left, and the law of the case it pays for.
    pub(super) fn of_posting(&mut self, posting: &Record) -> Result<&'static str> {
        let e = ledger::entry(&posting.body)?;
        let fund = self.reader.get("fund_source", Some(e.fund_source))?;
        let fund = fund.ok_or(crate::AppError::NotFound("fund source"))?;
        let parent = self.reader.get("ledger_entry", e.follows)?;
        self.tell(
            "within_balance",
            ledger::covered(&e, &fund, parent.as_ref())?,
        );
        for (fact, field) in [
            ("fund_from", "available_from"),
            ("fund_obligate_by", "obligate_by"),
            ("fund_cancels", "cancels"),
        ] {
            if let Some(day) = fund.body[field].as_str() {
                self.say(fact, day);
            }
        }
        if let Some(case) = self.reader.get("case", e.case)? {
            self.package(&case)?;
            let authority = case.body["authority"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
            self.of_initiative(reference(&case.body, "initiative"), e.case, &authority)?;
        }
        Ok(ledger::step_of(e.stage))
    }
}
