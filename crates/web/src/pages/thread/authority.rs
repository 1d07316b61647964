//! `/thread/initiative/{id}/authority`: which law and money an initiative could stand on, tried on facts that
//! the reader states, and the choice recorded.

use super::{href, under};
use crate::{
    answer::{self, Refused},
    site::Site,
    view::{
        Cell, Choice as Option_, Column, Filters, Link, Query, Table,
        desk::{Desk, Section},
    },
    visitor::Visitor,
};
use axum::extract::{Path, State};
use axum::response::Response;
use jiff::civil::Date;
use std::sync::Arc;
use symbolon_access::{Action, Policy};
use symbolon_app::{AuthorityChoice, Choice, ChoiceAsk, MoneyChoice};
use symbolon_domain::{codes, record::Record};

/// Groups of authorities: id and title.
const GROUPS: [(&str, &str); 4] = [
    ("usable", "Usable"),
    ("if", "Usable if"),
    (
        "unread",
        "Nothing found against it, but its law was not read whole",
    ),
    ("refused", "Refused"),
];
/// So many of them, the first, may be used.
const FIT: usize = 2;

/// The group of an authority. What stands on law that was not read is never shown as usable.
fn group(a: &AuthorityChoice) -> &'static str {
    match (a.outcome.as_str(), a.draft) {
        ("refused", _) => "refused",
        (_, true) => "unread",
        ("allowed", false) => "usable",
        _ => "if",
    }
}

pub(crate) async fn authority(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let viewer = visitor.viewer.clone();
    let asked = id.clone();
    let of = |name: &str| visitor.query.get(name).to_owned();
    let ask = ChoiceAsk {
        aid: of("aid"),
        recipient: of("recipient"),
        purpose: of("purpose"),
        value: of("value"),
    };
    let (choice, marking): (Choice, _) = site
        .ask(move |app| {
            let choice = app.choice(&viewer, &asked, ask)?;
            let marking = app.marking_over([&choice.initiative.envelope.label])?;
            Ok((choice, marking))
        })
        .await
        .map_err(|e| visitor.refuse(e))?;
    let name = choice.initiative.body["title"].as_str().unwrap_or_default();
    let mut page = under(
        &visitor,
        "Authority and money",
        "initiative",
        "Initiative",
        &id,
        name,
    );
    page.mark(marking);
    page.lead = format!(
        "Every authority of the rulebook, tried on {} for {name}.",
        choice.initiative.envelope.partner
    );
    let mut sections = vec![stated(&visitor, &choice)];
    let (fit, left_out) = GROUPS.split_at(FIT);
    sections.extend(fit.iter().map(|g| grouped(g, &choice)));
    // The choice comes before what was left out: by keyboard it is not behind every authority of the rulebook.
    sections.push(Section::new("money", "Money").table(money(&choice.money)));
    if Policy::shipped().grants(&visitor.viewer, Action::Write, "funding_choice") {
        sections.push(chosen(&choice));
    }
    sections.extend(left_out.iter().map(|g| grouped(g, &choice)));
    answer::page(&visitor, &Desk { page, sections })
}

/// The items of a code list that may be chosen on a day.
fn items(list: &str, on: Date) -> Vec<Option_> {
    let all = codes::list(list).map(|l| l.items.as_slice());
    let all = all.unwrap_or_default().iter();
    all.filter(|i| i.holds_on(on))
        .map(|i| Option_::new(&i.code, &i.name))
        .collect()
}

/// The facts it is tried on, to be changed.
fn stated(visitor: &Visitor, choice: &Choice) -> Section {
    let on = visitor.viewer.today;
    let mut query = Query::new(&visitor.query.path);
    for (name, value) in facts(&choice.ask) {
        query = query.and(name, &value);
    }
    let filters = Filters::new("facts", "Facts it is tried on", &query)
        .select("aid", "Kind of aid", items("aid-kind", on))
        .select("recipient", "Recipient", items("recipient-kind", on))
        .select("purpose", "Purpose", items("assistance-purpose", on))
        .text("value", "Total value, USD", "as 1250000.00");
    Section {
        filters: Some(Filters {
            button: "Try it".to_owned(),
            ..filters
        }),
        ..Section::new("facts-h", "What is asked")
    }
}

/// The facts that were stated, by their names in the address of this page.
fn facts(ask: &ChoiceAsk) -> impl Iterator<Item = (&'static str, String)> + use<> {
    let all = [
        ("aid", ask.aid.clone()),
        ("recipient", ask.recipient.clone()),
        ("purpose", ask.purpose.clone()),
        ("value", ask.value.clone()),
    ];
    all.into_iter().filter(|(_, value)| !value.is_empty())
}

/// The same question put to the law as a whole, where more facts can be stated and the answer kept.
fn in_full(choice: &Choice, authority: &str) -> String {
    let mut query = Query::new("/check")
        .and("partner", &choice.initiative.envelope.partner)
        .and("authority", authority)
        .and("assume", "clear");
    for (name, value) in facts(&choice.ask) {
        query = match name {
            "value" => query.and("total_value", &value),
            _ => query.and(name, &value),
        };
    }
    query.href()
}

fn grouped((id, title): &(&str, &str), choice: &Choice) -> Section {
    let all = choice.authorities.iter();
    let rows: Vec<&AuthorityChoice> = all.filter(|a| group(a) == *id).collect();
    let table = tried(id, title, &rows, choice);
    Section::new(id, &format!("{title}: {}", rows.len())).table(table)
}

fn tried(id: &str, title: &str, rows: &[&AuthorityChoice], choice: &Choice) -> Table {
    let columns = vec![
        Column::text("Authority"),
        Column::text("Because"),
        Column::text("Clause"),
        Column::tight("Ask in full"),
    ];
    let row = |a: &&AuthorityChoice| {
        let first = a.because.first();
        let more = a.because.len().saturating_sub(1);
        let because = first.map_or_else(
            || Cell::text("Nothing stands against it"),
            |(rule, says, _)| Cell::link(says, &format!("/law/{rule}")),
        );
        vec![
            Cell::link(&a.name, &format!("/law/us.authorities.{}", a.code)).under(&a.code),
            if more > 0 {
                because.under(&format!("and {more} more"))
            } else {
                because
            },
            Cell::text(first.map_or("", |(_, _, clause)| clause)),
            Cell::link(&format!("Ask {}", a.code), &in_full(choice, &a.code)),
        ]
    };
    Table::new(&format!("{id}-t"), title, columns)
        .rows(rows.iter().map(row).collect())
        .or("None.")
        .quiet()
}

fn money(all: &[MoneyChoice]) -> Table {
    let columns = vec![
        Column::text("Money"),
        Column::text("Purpose"),
        Column::tight("Obligate by"),
        Column::number("Days left", ""),
        Column::number("Not committed", ""),
        Column::tight("Currency"),
        Column::text("Fits"),
    ];
    let row = |m: &MoneyChoice| {
        vec![
            Cell::link(&m.name, &href("fund_source", m.id)).under(&m.code),
            Cell::text(&m.purpose),
            Cell::text(&m.obligate_by),
            Cell::count(Some(m.days_left)),
            Cell::text(&m.balance.to_string()),
            Cell::text(&m.currency),
            Cell::text(if m.against.is_empty() {
                "yes"
            } else {
                &m.against
            }),
        ]
    };
    Table::new(
        "money-t",
        "Money, by its last day of new obligations",
        columns,
    )
    .rows(all.iter().map(row).collect())
    .or("No money is recorded that you may see.")
    .quiet()
}

/// The choice: what was stated goes into the form of the record, where a second and a third person clear and
/// certify it.
fn chosen(choice: &Choice) -> Section {
    let Record { envelope: e, body } = &choice.initiative;
    let name = body["title"].as_str().unwrap_or_default();
    let mut query = Query::new("/records/funding_choice/new")
        .and("f.title", &format!("Authority and money of {name}"))
        .and("f.initiative", &e.code)
        .and("partner", &e.partner);
    for (name, value) in facts(&choice.ask) {
        query = match name {
            "value" => query.and("f.total_value", &value).and("f.currency", "USD"),
            _ => query.and(&format!("f.{name}"), &value),
        };
    }
    let mut usable: Vec<&AuthorityChoice> = choice.authorities.iter().collect();
    usable.retain(|a| group(a) != "refused");
    usable.sort_by_key(|a| GROUPS.iter().position(|(id, _)| *id == group(a)));
    let fits = choice.money.iter().filter(|m| m.against.is_empty());
    let filters = Filters::new("choose", "Choose authority and money", &query)
        .one_of(
            "f.authority",
            "Authority",
            usable
                .into_iter()
                .map(|a| Option_::new(&a.code, &a.name))
                .collect::<Vec<_>>(),
        )
        .select(
            "f.fund_source",
            "Money; left open where the purchaser pays",
            fits.map(|m| Option_::new(&m.code, &m.name))
                .collect::<Vec<_>>(),
        );
    let mut section = Section::new("choose-h", "Choose").says(
        "You propose; a lawyer clears it under the law, and whoever answers for the money certifies it. An answer of the law that was kept is named in the form.",
    );
    section.filters = Some(Filters {
        button: "Choose".to_owned(),
        ..filters
    });
    section.links = vec![Link::new(
        "Choices made for this initiative",
        format!("/records/funding_choice?initiative={}", e.id),
    )];
    section
}
