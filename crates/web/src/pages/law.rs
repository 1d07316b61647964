//! `/law`: the rulebook to be read. Rules, each with its text, history and cases; lists; the register.

mod past;

pub(crate) use past::{export, notices, replay};

use super::check::labels;
use crate::{
    answer::{self, Refused},
    site::Site,
    view::{
        Cell, Column, Fact, Link, Nav, Query, Table, Tag,
        desk::Section,
        law::{Law, Turn},
    },
    visitor::Visitor,
};
use axum::extract::{Path, State};
use axum::response::Response;
use std::collections::BTreeMap;
use std::sync::Arc;
use symbolon_app::AppError;
use symbolon_app::law::{CaseLine, RuleLine, RulePage, Way};

/// The frame of a page of the rulebook.
fn frame(visitor: &Visitor, title: &str, json: &str) -> Law {
    let mut page = visitor.page(title, Nav::Law);
    json.clone_into(&mut page.json);
    if page.path != "/law" {
        page.crumbs = vec![Link::new("Law", "/law")];
    }
    Law {
        page,
        beside: vec![
            Link::new("Rules", "/law"),
            Link::new("Lists", "/law#lists-h"),
            Link::new("Proposals", "/law#proposals-h"),
            Link::new("Provisions covered", "/law/coverage"),
            Link::new("Past training and the law", "/law/replay"),
            Link::new("Notices under bills", "/law/notices"),
            Link::new("Can we do this?", "/check"),
        ],
        ..Law::default()
    }
}

fn standing(stable: bool) -> Tag {
    if stable {
        Tag::new("stable", "good")
    } else {
        Tag::new("draft", "doubt")
    }
}

fn day(day: Option<&String>) -> Cell {
    day.map_or_else(Cell::default, |d| Cell::text(d))
}

pub(crate) async fn index(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let bad = |e: AppError| visitor.refuse(e);
    let rules = site.app.rules().map_err(bad)?;
    let mut context = frame(&visitor, "Law", "/api/v1/law/rules");
    context.page.lead =
        "Rules with their dated values, clauses and worked cases. Only stable rules decide; drafts say that they are."
            .to_owned();
    let mut topics: BTreeMap<&str, Vec<&RuleLine>> = BTreeMap::new();
    for rule in &rules {
        topics.entry(&rule.topic).or_default().push(rule);
    }
    for (topic, rules) in &topics {
        let title = symbolon_domain::kind::sentence(&topic.replace('-', "_"));
        context
            .sections
            .push(Section::new(&format!("topic-{topic}"), &title).table(rule_table(topic, rules)));
    }
    context.sections.push(lists(&site).map_err(bad)?);
    context.sections.push(proposals(&site).map_err(bad)?);
    answer::page(&visitor, &context)
}

fn rule_table(topic: &str, rules: &[&RuleLine]) -> Table {
    let columns = vec![
        Column::text("What it asks"),
        Column::text("Clause"),
        Column::tight("Sort"),
        Column::tight("Standing"),
        Column::tight("From"),
        Column::tight("To"),
    ];
    let row = |r: &&RuleLine| {
        vec![
            Cell::words(&r.asks)
                .to(&format!("/law/{}", r.rule))
                .under(&r.rule),
            r.cites
                .first()
                .map_or_else(Cell::default, |c| Cell::text(&c.at)),
            Cell::words(&r.kind),
            Cell::tag(standing(r.stable)),
            day(r.from.as_ref()),
            day(r.to.as_ref()),
        ]
    };
    Table::new(
        &format!("rules-{topic}"),
        &format!("Rules: {topic}"),
        columns,
    )
    .rows(rules.iter().map(row).collect())
    .quiet()
}

fn lists(site: &Site) -> Result<Section, AppError> {
    let columns = vec![
        Column::text("List"),
        Column::number("Rows", ""),
        Column::text("How complete it is"),
    ];
    let rows = site.app.law_lists()?.into_iter().map(|l| {
        let href = format!("/law/lists/{}", l.list.replace('_', "-"));
        let rows = i64::try_from(l.rows).ok();
        vec![
            Cell::link(&l.title, &href),
            Cell::count(rows),
            Cell::text(&l.completeness),
        ]
    });
    let table = Table::new("lists-t", "Lists", columns)
        .rows(rows.collect())
        .quiet();
    Ok(Section::new("lists", "Lists with dates").table(table))
}

fn proposals(site: &Site) -> Result<Section, AppError> {
    let columns = vec![Column::text("Bill"), Column::text("How far it has come")];
    let bills = site.app.law_proposals()?;
    let rows = bills.iter().map(|b| {
        vec![
            Cell::link(&b.title, &b.url).under(&b.proposal),
            Cell::text(&b.status),
        ]
    });
    let table = Table::new("proposals-t", "Proposals", columns)
        .rows(rows.collect())
        .quiet();
    let says = "Not law. Each can be laid over the law in force to see what it would change.";
    Ok(Section::new("proposals", "Proposals")
        .says(says)
        .table(table))
}

pub(crate) async fn coverage(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let parts = site.app.law_coverage().map_err(|e| visitor.refuse(e))?;
    let mut context = frame(&visitor, "Provisions covered", "/api/v1/law/coverage");
    let stable = parts.iter().filter(|p| p.state == "stable").count();
    context.page.lead = format!("{} provisions; of {stable} the text was read.", parts.len());
    let columns = vec![
        Column::text("Provision"),
        Column::tight("State"),
        Column::text("Rules"),
    ];
    let known = site.app.rules().map_err(|e| visitor.refuse(e))?;
    let row = |p: &symbolon_app::law::Provision| {
        let rule = if known.iter().any(|r| r.rule == p.rule) {
            Cell::link(&p.rule, &format!("/law/{}", p.rule))
        } else {
            Cell::text(&p.rule)
        };
        vec![
            Cell::text(&p.of),
            Cell::tag(standing(p.state == "stable")),
            rule,
        ]
    };
    let table = Table::new("coverage-t", "Provisions covered", columns)
        .rows(parts.iter().map(row).collect())
        .quiet();
    context
        .sections
        .push(Section::new("coverage", "Provisions").table(table));
    answer::page(&visitor, &context)
}

pub(crate) async fn list(
    State(site): State<Arc<Site>>,
    Path(name): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let list = site.app.law_list(&name).map_err(|e| visitor.refuse(e))?;
    let mut context = frame(
        &visitor,
        &list.line.title,
        &format!("/api/v1/law/lists/{name}"),
    );
    let open = |d: &Option<String>, word: &str| d.clone().unwrap_or_else(|| word.to_owned());
    let stretch = |(a, b): &(Option<String>, Option<String>)| {
        format!("{} to {}", open(a, "the beginning"), open(b, "today"))
    };
    let stretches: Vec<String> = list.complete.iter().map(stretch).collect();
    let told = if stretches.is_empty() {
        "For no stretch of time is every member known, so absence from it is no answer.".to_owned()
    } else {
        format!(
            "Absence means \u{201c}not on it\u{201d} for: {}.",
            stretches.join("; ")
        )
    };
    context.limits = vec![list.line.completeness.clone(), told];
    let columns = vec![
        Column::text("Partner"),
        Column::tight("From"),
        Column::tight("To"),
        Column::tight("Standing"),
        Column::text("Source"),
    ];
    let rows = list.members.iter().map(|m| {
        vec![
            Cell::text(&m.name).under(&m.member),
            day(m.from.as_ref()),
            day(m.to.as_ref()),
            Cell::tag(standing(m.stable)),
            Cell::link(&m.cite, &m.url),
        ]
    });
    let table = Table::new("members-t", "Members", columns)
        .rows(rows.collect())
        .quiet();
    context
        .sections
        .push(Section::new("members", "Rows").table(table));
    let mut rules = Section::new("relies", "Rules that ask it");
    rules.links = list
        .rules
        .iter()
        .map(|(id, asks)| Link::new(asks, format!("/law/{id}")))
        .collect();
    context.sections.push(rules);
    answer::page(&visitor, &context)
}

pub(crate) async fn rule(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let rule = site.app.rule(&id).map_err(|e| visitor.refuse(e))?;
    let mut context = frame(
        &visitor,
        &rule.line.asks,
        &format!("/api/v1/law/rules/{id}"),
    );
    context.sections.push(about(&rule));
    let mut text = Section::new("text", "In our own words");
    // The first line of a text is its own heading.
    let body = rule
        .text
        .lines()
        .skip_while(|l| l.starts_with('#') || l.is_empty());
    let body = body.collect::<Vec<_>>().join("\n");
    text.text = body
        .split("\n\n")
        .map(|p| p.replace('\n', " "))
        .filter(|p| !p.is_empty())
        .collect();
    if !text.text.is_empty() {
        context.sections.push(text);
    }
    if !rule.lifts.is_empty() {
        let mut lifts = Section::new("lifts", "Exceptions and waivers");
        lifts.facts = rule.lifts.iter().map(way).collect();
        context.sections.push(lifts);
    }
    context.turns = rule.history.iter().map(turn).collect();
    context.sections.push(relies(&rule));
    let law = site.app.law.current().map_err(|e| visitor.refuse(e))?;
    context
        .sections
        .push(cases(&rule, &labels(&law.book.schema)));
    answer::page(&visitor, &context)
}

fn about(rule: &RulePage) -> Section {
    let mut section = Section::new("rule", "The rule");
    section.facts = vec![
        Fact::new("Id", &rule.line.rule),
        Fact::words("Sort", &rule.line.kind),
        Fact::words("Standing", &rule.standing),
        Fact::words("It says", &rule.says),
        Fact {
            mono: true,
            ..Fact::new("When", &rule.when)
        },
    ];
    for cite in &rule.line.cites {
        section.facts.push(Fact {
            href: cite.url.clone(),
            ..Fact::new("Clause", &cite.at)
        });
    }
    section
}

fn way(w: &Way) -> Fact {
    let sort = if w.waiver { "Waiver" } else { "Exception" };
    let by = if w.by.is_empty() {
        String::new()
    } else {
        format!(", held by {}", w.by)
    };
    let within = if w.within_days > 0 {
        format!(" within {} days", w.within_days)
    } else {
        String::new()
    };
    Fact::new(
        sort,
        &format!("{}{by} ({}). {}{within}", w.name, w.cite, w.then),
    )
}

fn turn(t: &symbolon_app::law::Turn) -> Turn {
    let until =
        t.to.as_ref()
            .map_or_else(String::new, |d| format!(", until {d}"));
    let known = t
        .published
        .as_ref()
        .map_or_else(String::new, |d| format!("Public on {d}. "));
    Turn {
        day: t.from.clone().unwrap_or_default(),
        text: format!("{}: {}{until}", t.name, t.value),
        cite: Link::new(&t.cite, &t.url),
        note: format!("{known}{}", t.note),
    }
}

fn relies(rule: &RulePage) -> Section {
    let mut section = Section::new("relies", "What it stands on, and who relies on it");
    let facts: Vec<&str> = rule.facts.iter().map(|(_, label)| label.as_str()).collect();
    section.facts = vec![Fact::new("Facts it reads", &facts.join("; "))];
    section.links = rule
        .lists
        .iter()
        .map(|(name, title)| {
            Link::new(
                format!("It asks the list: {title}"),
                format!("/law/lists/{}", name.replace('_', "-")),
            )
        })
        .collect();
    section
        .links
        .extend(rule.relied_on.iter().map(|r| Link::new(r, "")));
    section
}

fn cases(rule: &RulePage, labels: &BTreeMap<String, String>) -> Section {
    let columns = vec![
        Column::text("Case"),
        Column::text("Facts"),
        Column::text("Comes out"),
    ];
    let row = |c: &CaseLine| {
        let mut query = Query::new("/check");
        let mut facts = vec![];
        for (fact, value) in &c.facts {
            query = query.and(fact, value);
            facts.push(format!("{}: {value}", labels.get(fact).unwrap_or(fact)));
        }
        vec![
            Cell::link(&c.name, &query.href()),
            Cell::text(&facts.join("; ")),
            Cell::words(&c.expects),
        ]
    };
    let table = Table::new("cases-t", "Worked cases", columns)
        .rows(rule.cases.iter().map(row).collect())
        .or("No case is written for it.")
        .quiet();
    Section::new("cases", "Worked cases")
        .says("Each opens as a question.")
        .table(table)
}
