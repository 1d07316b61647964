//! The two sides of the bench: at the left who is asked about, at the right what was consulted and what it said.

use super::Look;
use crate::{
    pages::{
        citation,
        vetting::{held, request::law, said, sources as of, words},
    },
    view::{
        Cell, Citation, Column, Fact, Link, Table, Tag,
        desk::{Field, Form, Section},
        source_table,
    },
};
use symbolon_domain::{codes, record::Record};

pub(super) fn asked(look: &Look<'_>) -> Vec<Section> {
    let mut sections = vec![request(look)];
    let named = &look.bench.named;
    if let Some(person) = &named.person {
        sections.push(about_person(person));
    }
    if let Some(unit) = &named.unit {
        sections.push(about_unit(look, unit));
    }
    if named.person.is_none() && named.unit.is_none() {
        let name = Fact::new("Name as it came", said(&named.candidate, "as_named"));
        sections.push(Section::new("as-named", "Not linked to a record").facts(vec![name]));
    }
    sections
}

fn request(look: &Look<'_>) -> Section {
    let (line, candidate) = (look.line, &look.bench.named.candidate);
    Section::new("request", "The request").facts(vec![
        Fact::new("For", &line.asked.purpose),
        Fact::new("Law", law(line.asked.law)),
        Fact::new("Post", &line.asked.post),
        Fact::new("Needed by", &line.asked.needed_by.to_string()),
        Fact::new("Status of the candidate", &words(&candidate.envelope.state)),
        Fact::new("Cleared from", said(candidate, "cleared_from")),
        Fact::new("Cleared until", said(candidate, "cleared_until")),
    ])
}

fn list(record: &Record, field: &str) -> String {
    let all = record.body[field].as_array().into_iter().flatten();
    let all: Vec<&str> = all.filter_map(|v| v.as_str()).collect();
    all.join("; ")
}

fn fact(record: &Record, label: &str, field: &str) -> Fact {
    Fact {
        sources: of(record, field),
        ..Fact::new(label, said(record, field))
    }
}

fn about_person(person: &Record) -> Section {
    let mut section = Section::new("person", "The person").facts(vec![
        fact(person, "Name", "name"),
        Fact::new("Other names", &list(person, "other_names")),
        fact(person, "Date of birth", "birth"),
        fact(person, "Nationality", "nationality"),
        fact(person, "Rank", "rank"),
        fact(person, "Identifier", "identifier"),
    ]);
    let address = format!("/records/person/{}", person.envelope.id);
    section.links = vec![Link::new("Record of the person", address)];
    section
}

fn about_unit(look: &Look<'_>, unit: &Record) -> Section {
    let dated = look.bench.other_names.iter().map(|n| {
        let words = format!("{} {}", said(n, "name"), held(n));
        Fact {
            sources: of(n, ""),
            ..Fact::new("Also called", words.trim())
        }
    });
    let mut facts = vec![
        fact(unit, "Name", "name"),
        Fact::new("Other names", &list(unit, "other_names")),
        fact(unit, "Sort", "unit_type"),
        fact(unit, "Designator", "country_code"),
        Fact::new("Country", &unit.envelope.partner),
        fact(unit, "Note", "note"),
    ];
    facts.extend(dated);
    let mut section = Section::new("unit", "The unit").facts(facts);
    let address = format!("/units/{}", unit.envelope.id);
    section.links = vec![Link::new("The unit in time", address)];
    section
}

pub(super) fn sources(look: &Look<'_>) -> Vec<Section> {
    let mut sections = vec![consulted(look), lists(look)];
    sections.extend(entries(look));
    let reached = look.bench.reached.iter();
    let mut told: Vec<Citation> = reached
        .flat_map(|r| r.sources.iter().map(citation))
        .collect();
    told.dedup_by(|a, b| a.document == b.document && a.locator == b.locator);
    if !told.is_empty() {
        let table = source_table("incident-sources-t", &told);
        sections.push(Section::new("incident-sources", "Sources of the incidents").table(table));
    }
    sections
}

fn consulted(look: &Look<'_>) -> Section {
    let known = codes::list("vetting-source");
    let name = |code: &str| {
        let item = known.and_then(|l| l.items.iter().find(|i| i.code == code));
        item.map_or_else(|| code.to_owned(), |i| i.name.clone())
    };
    let row = |check: &Record| {
        let result = said(check, "result");
        let class = match result {
            "nothing" => "good",
            "derogatory" => "bad",
            _ => "doubt",
        };
        vec![
            Cell::text(&name(said(check, "consulted"))).under(said(check, "edition")),
            Cell::text(said(check, "consulted_on")),
            Cell::tag(Tag::new(&words(result), class)).under(said(check, "note")),
        ]
    };
    let columns = vec![
        Column::text("Source"),
        Column::tight("Day"),
        Column::text("It said"),
    ];
    let table = Table::new("consulted-t", "What was consulted", columns)
        .rows(look.bench.checks.iter().map(row).collect())
        .or("Nothing is recorded as consulted. Without it nobody can be cleared.")
        .quiet();
    let mut section = Section::new("consulted", "What was consulted").table(table);
    if look.works {
        let choices = known.map_or(&[][..], |l| &l.items);
        let choices = choices.iter().map(|i| (i.code.clone(), i.name.clone()));
        let results = ["nothing", "derogatory", "cannot_tell", "not_consulted"];
        let results = results.map(|r| (r.to_owned(), words(r)));
        let form = Form::new(&look.to("check"), "Record what was consulted")
            .field(Field::select("consulted", "Source", choices.collect()))
            .field(Field::text("edition", "Version or date of it"))
            .field(
                Field::text("consulted_on", "Day")
                    .hint("As 2026-03-31")
                    .value(&look.file.viewer.today.to_string()),
            )
            .field(Field::select("result", "It said", results.to_vec()))
            .field(Field::text("note", "Note").sort("area"));
        section = section.form(form);
    }
    section
}

fn lists(look: &Look<'_>) -> Section {
    let section = Section::new("lists", "Lists it was compared with");
    if look.bench.screened.is_empty() {
        return section.says(
            "No list is loaded: nothing was compared. Lists are loaded with `symbolon lists load`.",
        );
    }
    let row = |v: &symbolon_app::lists::ListVersion| {
        vec![
            Cell::text(&v.title).under(&v.code),
            Cell::text(&v.day),
            Cell::count(Some(v.entries)),
        ]
    };
    let columns = vec![
        Column::text("List"),
        Column::tight("Version of"),
        Column::number("Entries", ""),
    ];
    let table = Table::new("lists-t", "Lists", columns)
        .rows(look.bench.screened.iter().map(row).collect())
        .quiet();
    section
        .says("When it was named, and again whenever a version is loaded.")
        .table(table)
}

/// Each entry that is like it, with every field its list has.
fn entries(look: &Look<'_>) -> Vec<Section> {
    let of = |line: &symbolon_app::vetting::HitLine| {
        let entry = line.entry.as_ref()?;
        let title = format!("Entry {} of {}", entry.entry, line.hit.list);
        let mut facts = vec![Fact::new("Sort", &words(&entry.kind))];
        let names = entry.names.iter();
        facts.extend(names.map(|(standing, name)| Fact::new(&format!("Name ({standing})"), name)));
        facts.push(Fact::new("Version", &line.hit.edition));
        facts.push(Fact::new("Line of the file", &entry.line.to_string()));
        let fields = entry
            .fields
            .iter()
            .filter(|(_, v)| v.iter().any(|v| !v.is_empty()));
        facts.extend(fields.map(|(name, values)| Fact::new(name, &values.join("; "))));
        let id = format!("entry-{}", line.record.envelope.id);
        Some(Section::new(&id, &title).facts(facts))
    };
    look.bench.hits.iter().filter_map(of).collect()
}
