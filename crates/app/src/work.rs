//! My work: what is due, by when, and what happens where it lapses, computed from the records themselves.

mod calendar;

use crate::{App, Result};
use jiff::{ToSpan, civil::Date};
use symbolon_access::{Action, Policy, Viewer};
use symbolon_domain::{
    codes,
    kind::KindDef,
    kinds,
    label::Label,
    record::{Record, RecordId},
};

/// Something due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Kind of the record.
    pub kind: &'static str,
    /// The record.
    pub id: RecordId,
    /// What it is called.
    pub title: String,
    /// What is to be done.
    pub what: String,
    /// By when.
    pub by: Date,
    /// What happens where it lapses.
    pub lapse: String,
    /// Partner.
    pub partner: String,
    /// Label of the record.
    pub label: Label,
    /// The clock it comes from: the field with the day, or what counts its days.
    pub clock: &'static str,
}

/// What a record is called in a list of several kinds. A stretch of a case has no title of its own.
pub(crate) fn called(kind: &KindDef, record: &Record) -> String {
    let title = kind.title_of(&record.envelope.code, &record.body);
    if kind.code == "case_phase" {
        let phase = record.body["phase"].as_str().unwrap_or_default();
        let phase = codes::list("case-phase").map_or(phase, |l| l.name_of(phase));
        return format!("{phase}: {title}");
    }
    title.to_owned()
}

/// A day of a record by which something must happen: kind, states in which it runs, field, what, on lapse.
struct Clock {
    kind: &'static str,
    states: &'static [&'static str],
    field: &'static str,
    what: &'static str,
    lapse: &'static str,
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
const CLOCKS: &[Clock] = &[
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

impl App {
    /// What is due up to some days ahead, oldest first: of the records the viewer may move or write.
    ///
    /// # Errors
    /// Where the records cannot be read.
    pub fn my_work(&self, viewer: &Viewer, ahead: i64) -> Result<Vec<Due>> {
        let until = viewer.today.saturating_add(ahead.days());
        let mut all = vec![];
        for c in CLOCKS {
            let mine = [Action::Write, Action::Transition, Action::Approve];
            if !mine
                .iter()
                .any(|a| Policy::shipped().grants(viewer, *a, c.kind))
            {
                continue;
            }
            for record in self.in_state(viewer, c.kind, c.states)? {
                let day = record.body[c.field]
                    .as_str()
                    .and_then(|d| d.parse::<Date>().ok());
                if let Some(day) = day.filter(|d| *d <= until) {
                    all.push(due(c, &record, day));
                }
            }
        }
        self.notices_due(viewer, &mut all)?;
        all.sort_by(|a, b| a.by.cmp(&b.by).then_with(|| a.title.cmp(&b.title)));
        Ok(all)
    }

    /// Notices whose days run: the day on which they have run, by the law.
    fn notices_due(&self, viewer: &Viewer, all: &mut Vec<Due>) -> Result<()> {
        if !Policy::shipped().grants(viewer, Action::Transition, "notice") {
            return Ok(());
        }
        let Some(kind) = kinds::by_code("notice") else {
            return Ok(());
        };
        for record in self.in_state(viewer, "notice", &["notified"])? {
            let shut = self.shut(kind, &record, "clear")?;
            let last = shut
                .iter()
                .filter_map(|r| r.earliest.parse::<Date>().ok())
                .max();
            all.push(Due {
                kind: "notice",
                id: record.envelope.id,
                title: called(kind, &record),
                what: "Record that the days of the notice have run".to_owned(),
                by: last.unwrap_or(viewer.today),
                lapse: "Nothing that waits for it can begin".to_owned(),
                partner: record.envelope.partner.clone(),
                label: record.envelope.label.clone(),
                clock: "days",
            });
        }
        Ok(())
    }
}

fn due(c: &Clock, record: &Record, by: Date) -> Due {
    Due {
        kind: c.kind,
        id: record.envelope.id,
        title: kinds::by_code(c.kind).map_or(String::new(), |k| called(k, record)),
        what: c.what.to_owned(),
        by,
        lapse: c.lapse.to_owned(),
        partner: record.envelope.partner.clone(),
        label: record.envelope.label.clone(),
        clock: c.field,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use symbolon_domain::kind::FieldType;

    #[test]
    fn every_clock_is_a_day_of_a_state_that_exists() {
        for c in CLOCKS {
            let kind = kinds::by_code(c.kind).unwrap();
            assert_eq!(
                kind.field(c.field).map(|f| &f.field_type),
                Some(&FieldType::Date),
                "{}.{}",
                c.kind,
                c.field
            );
            assert!(
                c.states.iter().all(|s| kind.states.contains(s)),
                "{}",
                c.kind
            );
        }
    }
}
