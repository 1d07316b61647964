//! What each of the two laws on gross violations says of the candidate: whether it reaches the money, who is barred
//! under it and near it, what was found remedied under it. Nothing found under one counts under the other.

use super::Look;
use crate::{
    pages::vetting::{request::law, said, words},
    view::{Cell, Column, Fact, Link, Table, Tag, desk::Section},
};
use symbolon_app::vetting::{Bar, LawBearing, Near};
use symbolon_domain::record::Record;

pub(super) fn laws(look: &Look<'_>) -> Vec<Section> {
    look.bench
        .laws
        .iter()
        .flat_map(|l| of_law(look, l))
        .collect()
}

fn of_law(look: &Look<'_>, bearing: &LawBearing) -> [Section; 2] {
    let own = bearing.standing.law;
    let asked = if look.line.asked.law == own {
        "The request asks under this law."
    } else {
        "The request asks under the other law; what is decided there says nothing here."
    };
    let cites = bearing.rule.line.cites.iter().map(|c| c.at.as_str());
    let facts = vec![
        Fact::new("It says", &bearing.rule.says),
        Fact::new("Clauses", &cites.collect::<Vec<_>>().join("; ")),
        Fact::new("Money of the request", reaches(bearing.reaches)),
        Fact::new("The candidate under it", &standing(bearing)),
        Fact::new("Exceptions and waivers", &ways(bearing)),
    ];
    let id = format!("law-{}", own.name());
    let mut section = Section::new(&id, law(own)).says(asked).facts(facts);
    section.links = vec![Link::new(
        "The rule",
        format!("/law/{}", bearing.rule.line.rule),
    )];
    let id = format!("remediation-{}-s", own.name());
    [
        section.table(bars(look, bearing)),
        Section::new(&id, "Remediation").table(remediation(bearing)),
    ]
}

fn reaches(reaches: Option<bool>) -> &'static str {
    match reaches {
        None => "The request names no authority: it cannot be told.",
        Some(true) => "This law reaches it.",
        Some(false) => "This law does not reach it.",
    }
}

fn standing(bearing: &LawBearing) -> String {
    let standing = &bearing.standing;
    if standing.barred() {
        return "barred".to_owned();
    }
    let mut parts = vec![];
    if standing.remedied() {
        parts.push("was barred, and all of it was found remedied under this law");
    }
    parts.push(match standing.cleared.is_empty() {
        true => "no clearance holds today",
        false => "a clearance holds today",
    });
    if standing.unreviewed().next().is_some() {
        parts.push("a bar near it is younger than its clearance: look at it again");
    }
    parts.join("; ")
}

fn ways(bearing: &LawBearing) -> String {
    let way = |w: &symbolon_app::law::Way| match w.by.as_str() {
        "" => format!("{} ({})", w.name, w.cite),
        by => format!("{}: {by} ({})", w.name, w.cite),
    };
    let all = bearing.rule.lifts.iter().map(way);
    all.collect::<Vec<_>>().join("; ")
}

/// What a bar on somebody near means for the candidate.
fn means(bar: &Bar) -> (String, &'static str) {
    match bar.near {
        Near::Own => ("the candidate itself".to_owned(), "bars it"),
        Near::Unit => ("the unit of the person".to_owned(), "bars it"),
        Near::Over(1) => ("the unit over it".to_owned(), ASKS),
        Near::Over(n) => (format!("a unit {n} steps over it"), ASKS),
        Near::Commander => ("who commands it".to_owned(), ASKS),
        Near::Under => ("a unit under it".to_owned(), "bars that unit alone"),
    }
}

const ASKS: &str = "asks for a new look, bars nothing by itself";

fn bars(look: &Look<'_>, bearing: &LawBearing) -> Table {
    let row = |b: &Bar| {
        let (whose, meaning) = means(b);
        let name = look.bench.names.get(&b.whom.1);
        let listed = match b.record.envelope.kind.as_str() {
            "barred_unit" => "on the list of barred units",
            _ => "refused",
        };
        let (word, class) = match (b.stands(), b.bars()) {
            (true, true) => (meaning, "bad"),
            (true, false) => (meaning, "doubt"),
            (false, _) => ("found remedied under this law", "good"),
        };
        vec![
            Cell::text(name.map_or("not shown", String::as_str)).under(&whose),
            Cell::text(listed),
            Cell::text(&b.since.map_or(String::new(), |d| d.to_string())),
            Cell::tag(Tag::new(word, class)),
        ]
    };
    let columns = vec![
        Column::text("Who"),
        Column::text("How"),
        Column::tight("Since"),
        Column::text("What it means"),
    ];
    let id = format!("bars-{}", bearing.standing.law.name());
    Table::new(&id, "Bars under this law", columns)
        .rows(bearing.standing.bars.iter().map(row).collect())
        .or("Nobody is barred: neither it nor a unit over or under it, nor who commands it.")
        .quiet()
}

fn remediation(bearing: &LawBearing) -> Table {
    let row = |r: &Record| {
        vec![
            Cell::text(said(r, "steps")).under(said(r, "reference")),
            Cell::tag(Tag::new(&words(&r.envelope.state), "plain")),
            Cell::text(said(r, "found_on")),
            Cell::text(said(r, "reported_on")),
        ]
    };
    let columns = vec![
        Column::text("Steps"),
        Column::tight("State"),
        Column::tight("Found on"),
        Column::tight("Reported on"),
    ];
    let id = format!("remediation-{}", bearing.standing.law.name());
    Table::new(&id, "Remediation under this law", columns)
        .rows(bearing.remediation.iter().map(row).collect())
        .or("Nothing is recorded under this law.")
        .quiet()
}
