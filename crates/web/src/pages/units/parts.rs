//! The sections of a unit's page: what it is, and everything about it that has dates and sources.

use super::title;
use crate::{
    pages::{
        citation,
        vetting::{held, said, sources as of, status, way, words},
    },
    view::{Cell, Column, Fact, Link, Query, Table, Tag, desk::Section, source_table},
};
use symbolon_app::vetting::{Reached, Through, UnitPage};
use symbolon_domain::{
    codes,
    record::{Citation, Record},
};

/// Every record that the page shows, for its marking.
pub(super) fn records(unit: &UnitPage) -> Vec<&Record> {
    let lists = [
        &unit.joined,
        &unit.names,
        &unit.parents,
        &unit.members,
        &unit.sites,
        &unit.postings,
        &unit.barred,
        &unit.remediations,
    ];
    let mut all: Vec<&Record> = lists.into_iter().flatten().collect();
    all.extend(unit.above.iter().chain(&unit.below).map(|r| &r.link));
    all.extend(unit.vetting.iter().flatten());
    all.extend(unit.reached.iter().flatten().map(|r| &r.incident));
    all.extend(unit.received.iter().flat_map(|a| &a.records));
    all
}

/// What tells one unit from another, to compare two: what it is, its names, those over it and in it, and what is alleged.
pub(super) fn brief(id: &str, unit: &UnitPage) -> Vec<Section> {
    let mut all = about(unit);
    all.extend([names(unit), links(unit), sites(unit), postings(unit)]);
    all.extend(unit.reached.as_ref().map(|r| incidents(unit, r)));
    for section in &mut all {
        section.id = format!("{id}-{}", section.id);
        if let Some(table) = &mut section.table {
            table.id = format!("{id}-{}", table.id);
        }
    }
    all
}

pub(super) fn about(unit: &UnitPage) -> Vec<Section> {
    let record = &unit.unit;
    let fact = |label: &str, field: &str, value: &str| Fact {
        sources: of(record, field),
        ..Fact::new(label, value)
    };
    let sort = codes::list("unit-type").map_or("", |l| l.name_of(said(record, "unit_type")));
    let others = record.body["other_names"].as_array().into_iter().flatten();
    let others: Vec<&str> = others.filter_map(|n| n.as_str()).collect();
    let joined: Vec<&str> = unit.joined.iter().map(|u| said(u, "name")).collect();
    let facts = vec![
        fact("Name", "name", said(record, "name")),
        Fact::new("Recorded also as", &joined.join("; ")),
        fact("Other spellings", "other_names", &others.join("; ")),
        fact("Class", "unit_type", sort),
        fact("Designator", "country_code", said(record, "country_code")),
        Fact::new("Country", &record.envelope.partner),
        Fact::new("State", &words(&record.envelope.state)),
        fact("Note", "note", said(record, "note")),
    ];
    let mut about = Section::new("about", "The unit").facts(facts);
    let explorer = Query::new("/training")
        .and("country", &record.envelope.partner)
        .and("q", said(record, "name"));
    about.links = vec![
        Link::new(
            "The record, with its history",
            format!("/records/unit/{}", record.envelope.id),
        ),
        Link::new("Rows of training reports with its name", explorer.href()),
    ];
    vec![about]
}

/// The sources of a record in one cell: who says so, where, and how sure it makes us.
fn who(sources: &[Citation]) -> Cell {
    let Some(best) = sources.iter().map(|s| s.confidence).max() else {
        return Cell::tag(Tag::new("no source recorded", "doubt"));
    };
    let said = |s: &Citation| match s.locator.as_str() {
        "" => s.document.clone(),
        at => format!("{}, {at}", s.document),
    };
    let mut all: Vec<String> = sources.iter().map(said).collect();
    all.dedup();
    let more = all.len().saturating_sub(3);
    all.truncate(3);
    if more > 0 {
        all.push(format!("and {more} more, below"));
    }
    Cell::text(&all.join("; ")).tagged(Tag::of(&best.to_string()))
}

/// When a record held, and whether on the day; where it names a record that was merged into the unit, which.
fn when(unit: &UnitPage, record: &Record) -> Cell {
    let held = held(record);
    let mut cell = Cell::text(if held.is_empty() {
        "no dates recorded"
    } else {
        &held
    });
    let names = |other: &&Record| {
        let id = other.envelope.id.to_string();
        [said(record, "unit"), said(record, "parent")].contains(&id.as_str())
    };
    if let Some(other) = unit.joined.iter().find(names) {
        cell = cell.under(&format!("recorded of {}", said(other, "name")));
    }
    match record.envelope.valid.holds_on(unit.on) {
        true => cell.tagged(Tag::new("on that day", "good")),
        false => cell,
    }
}

fn table(id: &str, caption: &str, heads: [&str; 2], rows: Vec<Vec<Cell>>, none: &str) -> Table {
    let columns = [heads[0], heads[1], "When", "Who says so"];
    Table::new(id, caption, columns.map(Column::text).into())
        .rows(rows)
        .or(none)
        .quiet()
}

pub(super) fn dated(unit: &UnitPage) -> Vec<Section> {
    let mut all = vec![names(unit), links(unit), sites(unit), postings(unit)];
    all.extend(unit.reached.as_ref().map(|r| incidents(unit, r)));
    all.push(received(unit));
    all.extend(unit.vetting.as_ref().map(|v| vetting(unit, v)));
    all
}

fn names(unit: &UnitPage) -> Section {
    let row = |n: &Record| {
        let script = said(n, "script");
        let in_latin = said(n, "transliteration");
        vec![
            Cell::text(said(n, "name")).under(in_latin),
            Cell::text(if script.is_empty() { "Latin" } else { script }),
            when(unit, n),
            who(&n.envelope.sources),
        ]
    };
    let rows = unit.names.iter().map(row).collect();
    let none = "No dated name is recorded.";
    Section::new("names", "Names in time").table(table(
        "names-t",
        "Names",
        ["Name", "Script"],
        rows,
        none,
    ))
}

fn links(unit: &UnitPage) -> Section {
    let row = |l: &Record, other: &str, place: &str| {
        let id = said(l, other);
        let relation = said(l, "relation").replace('_', " ");
        vec![
            Cell::link(title(unit, id), &format!("/units/{id}")),
            Cell::text(&format!("{place}: {relation}")),
            when(unit, l),
            who(&l.envelope.sources),
        ]
    };
    let over = unit.parents.iter().map(|l| row(l, "parent", "over it"));
    let under = unit.members.iter().map(|l| row(l, "unit", "under it"));
    let rows = over.chain(under).collect();
    let none = "No unit is recorded over it or directly under it.";
    Section::new("links", "Parents and member units").table(table(
        "links-t",
        "Parents and member units, of any time",
        ["Unit", "Stands"],
        rows,
        none,
    ))
}

fn sites(unit: &UnitPage) -> Section {
    let row = |s: &Record| {
        let exact = words(said(s, "precision"));
        let place = [said(s, "place"), said(s, "admin_area")];
        let place: Vec<&str> = place.into_iter().filter(|p| !p.is_empty()).collect();
        vec![
            Cell::text(&place.join(", ")),
            Cell::text(&words(said(s, "site_type"))).under(&exact),
            when(unit, s),
            who(&s.envelope.sources),
        ]
    };
    let rows = unit.sites.iter().map(row).collect();
    let none = "No site or area is recorded.";
    Section::new("sites", "Sites and areas").table(table(
        "sites-t",
        "Sites and areas",
        ["Place", "What it is"],
        rows,
        none,
    ))
}

fn postings(unit: &UnitPage) -> Section {
    let row = |p: &Record| {
        let id = said(p, "person");
        let post = Cell::text(said(p, "position")).under(said(p, "rank"));
        let post = match p.body["commands"] == true {
            true => post.tagged(Tag::new("commands", "note")),
            false => post,
        };
        vec![
            Cell::link(title(unit, id), &format!("/records/person/{id}")),
            post,
            when(unit, p),
            who(&p.envelope.sources),
        ]
    };
    let rows = unit.postings.iter().map(row).collect();
    let none = "Nobody is recorded in it.";
    Section::new("people", "Commanders and others").table(table(
        "people-t",
        "Postings",
        ["Person", "Post"],
        rows,
        none,
    ))
}

fn incidents(unit: &UnitPage, reached: &[Reached]) -> Section {
    let row = |r: &Reached| {
        let id = match &r.through {
            Through::Own => "",
            Through::Parent(id, _) | Through::Commander(id) | Through::Served(id) => id,
        };
        let through = match &r.through {
            Through::Own => "this unit".to_owned(),
            other => way(other, title(unit, id)),
        };
        let followed = said(&r.incident, "followed");
        vec![
            Cell::link(
                said(&r.incident, "title"),
                &format!("/records/incident/{}", r.incident.envelope.id),
            )
            .under(&format!(
                "said to have begun {}",
                said(&r.incident, "began")
            )),
            Cell::text(said(&r.incident, "alleged_by")),
            Cell::text(&through),
            Cell::text(if followed.is_empty() {
                "not recorded"
            } else {
                followed
            }),
            Cell::tag(Tag::of(&r.confidence.to_string())).under(&who(&r.sources).text),
        ]
    };
    let columns = [
        "Alleged",
        "Alleged by",
        "Against",
        "What followed",
        "Confidence and sources",
    ];
    let table = Table::new("incidents-t", "Alleged incidents", columns.map(Column::text).into())
        .rows(reached.iter().map(row).collect())
        .or("No incident in the loaded data reaches it on that day. That says nothing about what is not loaded.")
        .quiet();
    Section::new("incidents", "Alleged incidents")
        .says("Alleged against the unit, units over it or who commanded it on that day. Nothing here is proven because it stands here.")
        .table(table)
}

fn received(unit: &UnitPage) -> Section {
    let rows = unit.received.iter().flat_map(|a| {
        a.records.iter().map(|r| {
            let name = a.kind.title_of(&r.envelope.code, &r.body).to_owned();
            vec![
                Cell::link(
                    &name,
                    &format!("/records/{}/{}", a.kind.code, r.envelope.id),
                )
                .under(a.kind.name),
                Cell::tag(Tag::new(&words(&r.envelope.state), "plain")),
                Cell::text(&held(r)),
                who(&r.envelope.sources),
            ]
        })
    });
    let rows = rows.collect();
    let none = "Nothing that you may see was trained in it or delivered to it.";
    Section::new("received", "Training and equipment").table(table(
        "received-t",
        "Training and equipment",
        ["Record", "State"],
        rows,
        none,
    ))
}

fn vetting(unit: &UnitPage, candidates: &[Record]) -> Section {
    let law = |r: &Record| match said(r, "law") {
        "state" => "22 U.S.C. 2378d (State)",
        _ => "10 U.S.C. 362 (Defense)",
    };
    let asked = |c: &Record| {
        vec![
            Cell::link(
                &c.envelope.code,
                &format!("/vetting/requests/{}", said(c, "request")),
            ),
            Cell::tag(status(&c.envelope.state)),
            Cell::text(law(c)),
            Cell::text(said(c, "cleared_from")),
            Cell::text(said(c, "cleared_until")),
        ]
    };
    let plain = |r: &Record, what: &str, from: &str| {
        vec![
            Cell::link(
                what,
                &format!("/records/{}/{}", r.envelope.kind, r.envelope.id),
            )
            .under(&r.envelope.code),
            Cell::tag(Tag::new(&words(&r.envelope.state), "plain")),
            Cell::text(law(r)),
            Cell::text(said(r, from)),
            Cell::text(""),
        ]
    };
    let mut rows: Vec<Vec<Cell>> = candidates.iter().map(asked).collect();
    rows.extend(
        unit.barred
            .iter()
            .map(|b| plain(b, "Barred-unit list", "listed_on")),
    );
    rows.extend(
        unit.remediations
            .iter()
            .map(|r| plain(r, "Remediation", "found_on")),
    );
    let columns = ["Record", "Status", "Law", "From", "Until"];
    let table = Table::new("vetting-t", "Vetting", columns.map(Column::text).into())
        .rows(rows)
        .or("It was never asked about.")
        .quiet();
    Section::new("vetting", "Vetting")
        .says("The status under each law by itself: one may clear where the other bars.")
        .table(table)
}

/// Every source of everything on the page.
pub(super) fn sources(unit: &UnitPage) -> Section {
    let own = unit.unit.envelope.sources.iter();
    let mut all: Vec<&Citation> = own.collect();
    all.extend(records(unit).into_iter().flat_map(|r| &r.envelope.sources));
    all.extend(unit.reached.iter().flatten().flat_map(|r| &r.sources));
    let key = |c: &&Citation| (c.document.clone(), c.locator.clone(), c.field.clone());
    all.sort_by_key(key);
    all.dedup_by_key(|c| key(c));
    let shown: Vec<_> = all.into_iter().map(citation).collect();
    Section::new("sources", "Sources").table(source_table("sources-t", &shown))
}
