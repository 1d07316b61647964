//! The facts of a step, gathered from the thread: upward to the initiative, its notices, indicators and
//! overrides, and down to what was delivered. What the thread does not know stays unknown, unless a kept
//! determination states it; what the gates themselves ask about is never taken from there.

mod below;
mod stock;

use super::{
    ledger, reference,
    seen::Reader,
    table::Gate,
    vetting::{self, Vetted},
};
use crate::Result;
use jiff::civil::Date;
use serde_json::{Map, Value};
use symbolon_domain::record::{Record, RecordId};

/// Facts that only the thread states.
const OWN: &[&str] = &[
    "step",
    "date",
    "partner",
    "authority",
    "baseline_locked",
    "indicators_set",
    "vetting_clear",
    "notification_clear",
    "within_authorised",
    "case_in_force",
    "stock_released",
    "accepted_in_time",
    "money_secured",
    "discrepancies_settled",
    "lines_delivered",
    "evaluation_decided",
    "within_balance",
    "fund_from",
    "fund_obligate_by",
    "fund_cancels",
    "certificate_received",
    "notice_received",
    "emergency_certified",
    "mde_value",
    "total_value",
    "credible_violation",
    "near_bars_reviewed",
];

/// Facts of one step.
struct Gathering<'r, 'a> {
    reader: &'r mut Reader<'a>,
    facts: Map<String, Value>,
    day: Date,
}

/// The step, and its facts.
///
/// # Errors
/// Where the thread cannot be read, or a posting follows nothing that it can follow.
pub(super) fn gathered(
    reader: &mut Reader<'_>,
    gate: &Gate,
    record: &Record,
    day: Date,
) -> Result<(String, Map<String, Value>)> {
    let mut g = Gathering {
        reader,
        facts: Map::new(),
        day,
    };
    let mut step = gate.step;
    match gate.kind {
        "initiative" => g.indicators(record.envelope.id)?,
        "notice" => g.notified(record)?,
        "funding_choice" => g.of_choice(record)?,
        "case" => g.of_case(record, gate.step)?,
        "case_document" => g.of_document(record)?,
        "case_line" => g.of_line(record)?,
        "shipment" => g.of_shipment(record)?,
        "excess_article" => g.of_excess(record, gate.code)?,
        "drawdown" => g.of_drawdown(record, gate.code)?,
        "training_line" => g.of_training(record)?,
        "travel_order" => g.of_travel(record)?,
        "advisory_visit" => {
            g.of_visit(record)?;
            if reference(&record.body, "unit").is_some() {
                step = "advise";
            }
        }
        _ => step = g.of_posting(record)?,
    }
    g.say("step", step);
    g.say("date", &day.to_string());
    g.say("assume", "clear");
    if !record.envelope.partner.is_empty() {
        g.say("partner", &record.envelope.partner);
    }
    Ok((step.to_owned(), g.facts))
}

impl Gathering<'_, '_> {
    fn say(&mut self, fact: &str, value: &str) {
        self.facts.insert(fact.to_owned(), value.into());
    }

    fn tell(&mut self, fact: &str, so: bool) {
        self.facts.insert(fact.to_owned(), so.into());
    }

    /// A field as a fact of the same words; nothing where it is blank.
    fn copy(&mut self, body: &Value, fields: &[&str]) {
        for field in fields {
            if let Some(text) = body[*field].as_str().filter(|t| !t.is_empty()) {
                self.say(field, text);
            }
        }
    }

    fn money(&mut self, body: &Value, fields: &[&str]) {
        for field in fields {
            if let Some(text) = body[*field].as_str().filter(|_| body["currency"] == "USD") {
                self.say(field, &format!("USD {text}"));
            }
        }
    }

    /// What holds of the initiative: baseline, indicators, notices under the authority, overrides.
    fn of_initiative(
        &mut self,
        id: Option<RecordId>,
        case: Option<RecordId>,
        authority: &str,
    ) -> Result<()> {
        let Some(initiative) = self.reader.get("initiative", id)? else {
            return Ok(());
        };
        self.say("authority", authority);
        self.tell(
            "baseline_locked",
            initiative.envelope.state == "baseline_locked",
        );
        self.indicators(initiative.envelope.id)?;
        self.notices(initiative.envelope.id, authority)?;
        self.assurances(&initiative.envelope.partner)?;
        self.overrides(initiative.envelope.id, case)
    }

    fn indicators(&mut self, initiative: RecordId) -> Result<()> {
        let all = self.reader.of("indicator", "initiative", initiative)?;
        let counted: Vec<_> = all
            .iter()
            .filter(|i| i.envelope.state != "retired")
            .collect();
        counted.iter().for_each(|i| self.reader.note(i));
        let set = counted.iter().all(|i| i.envelope.state == "set");
        self.tell("indicators_set", set && !counted.is_empty());
        Ok(())
    }

    fn notices(&mut self, initiative: RecordId, authority: &str) -> Result<()> {
        let all = self.reader.of("notice", "initiative", initiative)?;
        let mine = all
            .iter()
            .filter(|n| n.body["authority"] == authority && n.envelope.state != "withdrawn");
        let mine: Vec<_> = mine.collect();
        self.tell(
            "notification_clear",
            mine.iter().all(|n| n.envelope.state == "cleared"),
        );
        for notice in mine {
            self.reader.note(notice);
            self.received(notice);
        }
        Ok(())
    }

    /// The day of a notice; of several the last one counts.
    fn received(&mut self, notice: &Record) {
        let fact = match notice.body["notice_type"].as_str() {
            Some("aeca-36b") => "certificate_received",
            _ => "notice_received",
        };
        let Some(day) = notice.body["received"].as_str() else {
            return;
        };
        if self
            .facts
            .get(fact)
            .and_then(Value::as_str)
            .is_none_or(|d| d < day)
        {
            self.say(fact, day);
        }
        if notice.body["emergency"] == true {
            self.tell("emergency_certified", true);
        }
    }

    fn assurances(&mut self, partner: &str) -> Result<()> {
        let tests = [
            ("partner", partner),
            ("agreement_type", "section-505"),
            ("state", "in_force"),
        ];
        let day = self.day;
        let all = self.reader.list("agreement", &tests)?;
        if let Some(found) = all.iter().find(|a| a.envelope.valid.holds_on(day)) {
            self.reader.note(found);
            self.tell("assurances_505", true);
        }
        Ok(())
    }

    fn overrides(&mut self, initiative: RecordId, case: Option<RecordId>) -> Result<()> {
        let id = initiative.to_string();
        let all = self.reader.list(
            "gate_override",
            &[("initiative", &id), ("state", "granted")],
        )?;
        for granted in all {
            let of = reference(&granted.body, "case");
            let until = granted.body["expires"]
                .as_str()
                .and_then(|d| d.parse::<Date>().ok());
            let today = self.reader.app.today();
            if (of.is_some() && of != case) || until.is_none_or(|u| u < self.day.max(today)) {
                continue;
            }
            let fact = match granted.body["gate"].as_str() {
                Some("us.process.baseline-before-start") => "baseline_locked",
                Some("us.process.indicators-before-start") => "indicators_set",
                Some("us.process.delivered-before-closure") => "lines_delivered",
                Some("us.process.evaluation-before-closure") => "evaluation_decided",
                _ => continue,
            };
            self.reader.note(&granted);
            self.tell(fact, true);
        }
        Ok(())
    }

    /// What a case says of the package, and what its kept determination adds.
    fn package(&mut self, case: &Record) -> Result<()> {
        self.copy(&case.body, &["aid", "recipient", "purpose"]);
        self.money(&case.body, &["mde_value", "total_value"]);
        let kept = self
            .reader
            .get("determination", reference(&case.body, "determination"))?;
        let lines = kept.as_ref().and_then(|d| d.body["facts"].as_array());
        for line in lines.into_iter().flatten().filter_map(Value::as_str) {
            let Some((fact, value)) = line.split_once('=') else {
                continue;
            };
            let (fact, value) = (fact.trim(), value.trim());
            if !OWN.contains(&fact) && !self.facts.contains_key(fact) {
                self.say(fact, value);
            }
        }
        Ok(())
    }

    /// The case above something, with everything above it.
    fn above(&mut self, case: Option<RecordId>) -> Result<Option<Record>> {
        let Some(case) = self.reader.get("case", case)? else {
            return Ok(None);
        };
        self.tell("case_in_force", case.envelope.state == "implemented");
        let authority = case.body["authority"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        self.released(&case)?;
        self.package(&case)?;
        self.of_initiative(
            reference(&case.body, "initiative"),
            Some(case.envelope.id),
            &authority,
        )?;
        Ok(Some(case))
    }

    /// A choice of authority: its package under the law, and what the initiative above it says.
    fn of_choice(&mut self, choice: &Record) -> Result<()> {
        self.package(choice)?;
        let authority = choice.body["authority"].as_str().unwrap_or_default();
        let initiative = reference(&choice.body, "initiative");
        self.of_initiative(initiative, None, authority)
    }

    fn of_case(&mut self, case: &Record, step: &str) -> Result<()> {
        self.package(case)?;
        let authority = case.body["authority"].as_str().unwrap_or_default();
        match step {
            "offer" => self.released(case)?,
            "implement" => {
                self.tell(
                    "accepted_in_time",
                    in_time(&case.body, "accepted", "offer_expires"),
                );
                self.secured(case)?;
                self.released(case)?;
            }
            _ => {
                self.settled(case)?;
                let open = matches!(case.body["evaluation"].as_str(), None | Some("open"));
                let reasoned = !case.body["evaluation_note"]
                    .as_str()
                    .unwrap_or_default()
                    .trim()
                    .is_empty();
                self.tell("evaluation_decided", !open && reasoned);
            }
        }
        self.of_initiative(
            reference(&case.body, "initiative"),
            Some(case.envelope.id),
            authority,
        )
    }

    fn of_document(&mut self, document: &Record) -> Result<()> {
        let Some(case) = self.above(reference(&document.body, "case"))? else {
            return Ok(());
        };
        let unsigned = document.body["document_type"] == "modification"
            || case.body["programme_kind"] != "sale";
        self.tell(
            "accepted_in_time",
            unsigned || in_time(&document.body, "signed", "expires"),
        );
        let by = ledger::amount(&document.body, "value_change");
        self.secured(&case)?;
        if by <= 0 {
            self.tell("money_secured", true);
        } else if case.body["currency"] == "USD" && document.body["document_type"] != "basic" {
            let total =
                symbolon_domain::money::Amount(ledger::amount(&case.body, "total_value") + by);
            self.say("total_value", &format!("USD {total}"));
        }
        Ok(())
    }

    fn of_line(&mut self, line: &Record) -> Result<()> {
        let Some(case) = self.above(reference(&line.body, "case"))? else {
            return Ok(());
        };
        let others = self.reader.of("case_line", "case", case.envelope.id)?;
        let counted = others.iter().filter(|o| {
            o.envelope.id != line.envelope.id
                && matches!(o.envelope.state.as_str(), "ordered" | "supply_complete")
        });
        let sum: i64 = counted.map(|o| ledger::amount(&o.body, "value")).sum();
        let total = ledger::amount(&case.body, "total_value");
        self.tell(
            "within_authorised",
            sum + ledger::amount(&line.body, "value") <= total,
        );
        Ok(())
    }

    fn of_shipment(&mut self, shipment: &Record) -> Result<()> {
        let line = self
            .reader
            .get("case_line", reference(&shipment.body, "line"))?;
        let Some(line) = line else { return Ok(()) };
        self.above(reference(&line.body, "case"))?;
        let mut sent = shipment.body["quantity"].as_i64().unwrap_or(0);
        for other in self.reader.of("shipment", "line", line.envelope.id)? {
            let counts = matches!(
                other.envelope.state.as_str(),
                "shipped" | "arrived" | "handed_over"
            );
            if counts && other.envelope.id != shipment.envelope.id {
                sent += other.body["quantity"].as_i64().unwrap_or(0);
            }
        }
        let ordered = line.envelope.state == "ordered";
        let quantity = line.body["quantity"].as_i64().unwrap_or(0);
        self.tell("within_authorised", ordered && sent <= quantity);
        self.vetted(("unit", reference(&shipment.body, "unit")), self.day)
    }

    fn of_training(&mut self, line: &Record) -> Result<()> {
        self.above(reference(&line.body, "case"))?;
        self.vetted(("unit", reference(&line.body, "unit")), self.day)
    }

    /// The result must hold when the order is issued and when the student travels.
    fn of_travel(&mut self, order: &Record) -> Result<()> {
        let line = self
            .reader
            .get("training_line", reference(&order.body, "line"))?;
        if let Some(line) = line {
            self.above(reference(&line.body, "case"))?;
        }
        let issued = order.body["issued"].as_str().and_then(|d| d.parse().ok());
        let person = ("person", reference(&order.body, "person"));
        self.vetted(person, self.day)?;
        let so = |g: &Self, fact: &str| g.facts.get(fact) == Some(&Value::Bool(true));
        let then = ["vetting_clear", "near_bars_reviewed"].map(|f| (f, so(self, f)));
        self.vetted(person, issued.unwrap_or(self.day))?;
        for (fact, _) in then.into_iter().filter(|(_, held)| !held) {
            self.tell(fact, false);
        }
        Ok(())
    }

    fn of_visit(&mut self, visit: &Record) -> Result<()> {
        let authority = visit.body["authority"].as_str().unwrap_or_default();
        self.package(visit)?;
        self.of_initiative(reference(&visit.body, "initiative"), None, authority)?;
        match reference(&visit.body, "unit") {
            Some(unit) => self.vetted(("unit", Some(unit)), self.day),
            None => Ok(()),
        }
    }

    fn vetted(&mut self, subject: (&'static str, Option<RecordId>), day: Date) -> Result<()> {
        let authority = self.facts.get("authority").and_then(Value::as_str);
        let authority = authority.unwrap_or("other").to_owned();
        let said = match subject {
            (kind, Some(id)) => vetting::vetted(self.reader, (kind, id), &authority, day)?,
            (_, None) => Vetted::NOBODY,
        };
        self.tell("vetting_clear", said.clear);
        self.tell("near_bars_reviewed", said.near_reviewed);
        if said.violation {
            self.tell("credible_violation", true);
        }
        // What was found remedied under each law is in the records, not in anybody's statement of the package.
        self.tell("effective_steps", said.effective_steps);
        self.tell("corrective_steps", said.corrective_steps);
        Ok(())
    }

    fn notified(&mut self, notice: &Record) -> Result<()> {
        let authority = notice.body["authority"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        self.say("authority", &authority);
        self.received(notice);
        self.money(&notice.body, &["mde_value", "total_value"]);
        // A notice is not cleared by the rule that waits for it to be cleared.
        self.tell("notification_clear", true);
        let initiative = self
            .reader
            .get("initiative", reference(&notice.body, "initiative"))?;
        drop(initiative);
        Ok(())
    }
}

/// Whether a day stands and is not after the last one.
fn in_time(body: &Value, day: &str, last: &str) -> bool {
    match (body[day].as_str(), body[last].as_str()) {
        (Some(day), Some(last)) => day <= last,
        (Some(_), None) => true,
        _ => false,
    }
}
