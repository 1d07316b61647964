//! Below the bench: decisions with their grounds, the next one, and what stands on the candidate.

use super::Look;
use crate::{
    pages::vetting::{said, words},
    view::{
        Cell, Column, Table, Tag,
        desk::{Field, Form, Section},
    },
};
use symbolon_domain::record::Record;

pub(super) fn below(look: &Look<'_>) -> Vec<Section> {
    vec![decision(look), affected(look)]
}

fn decision(look: &Look<'_>) -> Section {
    let mut section = Section::new("decision", "Decision").table(table(look));
    let me = look.file.viewer.account().map(|id| id.to_string());
    let proposed = look
        .bench
        .decisions
        .iter()
        .find(|d| d.envelope.state == "proposed");
    if let Some(proposed) = proposed {
        if Some(said(proposed, "proposed_by")) == me.as_deref() {
            section = section.says("You proposed it; another person confirms it (four eyes).");
        } else if look.confirms {
            let form = Form::new(&look.to("confirm"), "Confirm the decision")
                .with("record", &proposed.envelope.id.to_string())
                .about(&format!(
                    "{} on {}",
                    said(proposed, "outcome"),
                    look.bench.named.title()
                ));
            section = section
                .says("Confirming puts it in force. It needs proof of who you are not older than ten minutes.")
                .form(form);
        }
        return section;
    }
    if look.works {
        section = section.form(proposal(look));
    }
    section
}

fn proposal(look: &Look<'_>) -> Form {
    let outcomes = ["cleared", "suspended", "rejected", "cancelled"];
    let outcomes = outcomes.map(|o| (o.to_owned(), words(o)));
    let hint = "What was consulted, what was found, how it was resolved. Clearing needs something consulted, every like name answered and every finding resolved.";
    Form::new(&look.to("propose"), "Propose the decision")
        .field(Field::select("outcome", "Decision", outcomes.to_vec()))
        .field(Field::text("grounds", "Grounds").sort("area").hint(hint))
}

fn table(look: &Look<'_>) -> Table {
    let columns = vec![
        Column::text("Decision"),
        Column::tight("Stands"),
        Column::text("Grounds"),
        Column::tight("Holds from"),
        Column::tight("Holds until"),
        Column::text("Proposed by"),
        Column::text("Confirmed by"),
        Column::text("Opened again by"),
    ];
    let row = |d: &Record| {
        let class = match d.envelope.state.as_str() {
            "in_force" => "good",
            "reopened" | "expired" => "doubt",
            _ => "plain",
        };
        let inform = match d.body["must_inform"] == true {
            true => "the government must be informed",
            false => "",
        };
        let causes = d.body["reopened_by"].as_array().into_iter().flatten();
        let causes: Vec<String> = causes
            .filter_map(|c| Some(words(c.as_str()?.split('/').next()?)))
            .collect();
        vec![
            Cell::text(&words(said(d, "outcome"))).under(inform),
            Cell::tag(Tag::new(&words(&d.envelope.state), class)),
            Cell::text(said(d, "grounds")).under(said(d, "policy")),
            Cell::text(said(d, "holds_from")),
            Cell::text(said(d, "holds_until")),
            Cell::text(look.who(said(d, "proposed_by"))),
            Cell::text(look.who(said(d, "confirmed_by"))),
            Cell::text(&causes.join(", ")),
        ]
    };
    Table::new("decisions-t", "Decisions", columns)
        .rows(look.bench.decisions.iter().map(row).collect())
        .or("Nothing was decided yet.")
        .quiet()
}

fn affected(look: &Look<'_>) -> Section {
    let all = look.bench.affected.iter();
    let rows = all.flat_map(|a| {
        a.records.iter().map(|r| {
            let title = a.kind.title_of(&r.envelope.code, &r.body).to_owned();
            vec![
                Cell::link(
                    &title,
                    &format!("/records/{}/{}", a.kind.code, r.envelope.id),
                ),
                Cell::text(a.kind.name),
                Cell::tag(Tag::new(&words(&r.envelope.state), "plain")),
            ]
        })
    });
    let columns = vec![
        Column::text("Record"),
        Column::text("Kind"),
        Column::tight("State"),
    ];
    let table = Table::new("affected-t", "What stands on the candidate", columns)
        .rows(rows.collect())
        .or("No delivery, student or travel order that you may see stands on it.")
        .quiet();
    Section::new("affected", "What a change would affect").table(table)
}
