//! The middle of the bench: entries of lists that may be the candidate, with the reasons for each score; incidents
//! that reach it; and what was found against it.

use super::Look;
use crate::{
    pages::vetting::{said, words},
    view::{
        Cell, Column, Fact, Table, Tag,
        desk::{Field, Form, Section},
    },
};
use symbolon_app::vetting::{HitLine, Reached, Through};
use symbolon_domain::{kinds::HitAnswer, record::Record};

pub(super) fn may_be(look: &Look<'_>) -> Vec<Section> {
    let mut sections: Vec<Section> = look.bench.hits.iter().map(|h| hit(look, h)).collect();
    if sections.is_empty() {
        let says = match look.bench.screened.len() {
            0 => "No list is loaded, so nothing was compared.".to_owned(),
            n => format!("No entry of the {n} lists is like any of its names."),
        };
        sections.push(Section::new("no-hit", "Entries of lists").says(&says));
    }
    sections.push(incidents(look));
    sections.push(found(look));
    sections
}

fn answer_words(answer: Option<HitAnswer>) -> &'static str {
    match answer {
        None => "",
        Some(HitAnswer::Same) => "It is the candidate",
        Some(HitAnswer::Different) => "It is another with a like name",
        Some(HitAnswer::NotSure) => "Not sure",
    }
}

fn standing(line: &HitLine) -> &'static str {
    match line.record.envelope.state.as_str() {
        "proposed" => "answered; another person must confirm it",
        "resolved" => "settled",
        "gone" => "no longer in the list, or no longer like it",
        _ => "somebody has to look",
    }
}

fn hit(look: &Look<'_>, line: &HitLine) -> Section {
    let hit = &line.hit;
    let verdict = match hit.verdict.as_str() {
        "match" => "likely the same",
        _ => "cannot be told by name",
    };
    let score = format!(
        "{verdict}, {}.{:03} of 1",
        hit.score / 1000,
        hit.score % 1000
    );
    let by = |id: Option<symbolon_domain::record::RecordId>| {
        id.map(|id| look.who(&id.to_string()).to_owned())
            .unwrap_or_default()
    };
    let mut facts = vec![
        Fact::new(
            "Where",
            &format!("entry {} of {}", hit.entry_number, hit.list),
        ),
        Fact::new("Asked about", &hit.asked_name),
        Fact::new("What the comparison says", &score),
        Fact::new("Stands", standing(line)),
    ];
    if hit.answer.is_some() {
        facts.push(Fact::new("Answer", answer_words(hit.answer)));
        facts.push(Fact::new("Answered by", &by(hit.answered_by)));
    }
    if !hit.grounds.is_empty() {
        facts.push(Fact::new("Grounds", &hit.grounds));
    }
    if hit.confirmed_by.is_some() {
        facts.push(Fact::new("Confirmed by", &by(hit.confirmed_by)));
    }
    let reasons = hit.reasons.iter().map(|r| vec![Cell::text(r)]);
    let id = line.record.envelope.id;
    let table = Table::new(
        &format!("why-{id}"),
        "Reasons for the score",
        vec![Column::text("Reasons, by weight")],
    )
    .rows(reasons.collect())
    .or("No reason is kept.")
    .quiet();
    let mut section = Section::new(&format!("hit-{id}"), &hit.listed_name)
        .facts(facts)
        .table(table);
    section.forms = forms(look, line);
    section
}

fn forms(look: &Look<'_>, line: &HitLine) -> Vec<Form> {
    let version = line.record.envelope.version.to_string();
    let id = line.record.envelope.id.to_string();
    let about = format!("about {}", line.hit.listed_name);
    let form = |act: &str, button: &str| {
        Form::new(&look.to(act), button)
            .with("record", &id)
            .with("version", &version)
            .about(&about)
    };
    let grounds = |label: &str, hint: &str| Field::text("grounds", label).sort("area").hint(hint);
    match line.record.envelope.state.as_str() {
        "open" if look.works => {
            let second = line.second.map_or(
                "",
                |_| " The comparison is strong: that it is another, somebody else confirms.",
            );
            let choices = [
                ("different", "It is another with a like name"),
                ("same", "It is the candidate"),
                ("not_sure", "Not sure"),
            ];
            let choices = choices.map(|(v, w)| (v.to_owned(), w.to_owned())).to_vec();
            let hint = format!("What you compared, and what tells them apart.{second}");
            vec![
                form("hit", "Record the answer")
                    .field(Field::select("answer", "Is it the same?", choices))
                    .field(grounds("Grounds", &hint)),
            ]
        }
        "proposed" if look.confirms && line.hit.answered_by != look.file.viewer.account() => vec![
            form("confirm-hit", "Confirm the answer"),
            form("send-back-hit", "Send it back").field(grounds("Reason", "Why it does not hold")),
        ],
        _ => vec![],
    }
}

/// By what way an incident reaches the candidate, in words.
pub(crate) fn way(through: &Through, name: &str) -> String {
    match through {
        Through::Own => "the candidate itself".to_owned(),
        Through::Parent(_, 1) => format!("the unit over it: {name}"),
        Through::Parent(_, n) => format!("a unit {n} steps over it: {name}"),
        Through::Commander(_) => format!("who commands it: {name}"),
        Through::Served(_) => format!("a unit in which the person then held a post: {name}"),
    }
}

fn incidents(look: &Look<'_>) -> Section {
    let row = |r: &Reached| {
        let id = match &r.through {
            Through::Own => "",
            Through::Parent(id, _) | Through::Commander(id) | Through::Served(id) => id,
        };
        let name = look.bench.names.get(id).map_or("not shown", String::as_str);
        let followed = said(&r.incident, "followed");
        let followed = if followed.is_empty() {
            "not recorded"
        } else {
            followed
        };
        vec![
            Cell::link(
                said(&r.incident, "title"),
                &format!("/records/incident/{}", r.incident.envelope.id),
            )
            .under(&format!("began {}", said(&r.incident, "began"))),
            Cell::text(said(&r.incident, "alleged_by")),
            Cell::text(&way(&r.through, name)),
            Cell::text(followed),
            Cell::tag(Tag::of(&r.confidence.to_string())),
        ]
    };
    let columns = vec![
        Column::text("Alleged"),
        Column::text("Alleged by"),
        Column::text("Reaches it through"),
        Column::text("What followed"),
        Column::tight("Confidence"),
    ];
    let table = Table::new("incidents-t", "Incidents that reach it today", columns)
        .rows(look.bench.reached.iter().map(row).collect())
        .or("No incident in the loaded data reaches it today.")
        .quiet();
    Section::new("incidents", "Alleged incidents").table(table)
}

fn found(look: &Look<'_>) -> Section {
    let resolutions = [
        "not_the_same",
        "not_credible",
        "not_gross",
        "stands",
        "remedied",
    ];
    let choices: Vec<(String, String)> = resolutions
        .iter()
        .map(|r| ((*r).to_owned(), words(r)))
        .collect();
    let row = |d: &Record| {
        vec![
            Cell::text(said(d, "statement")).under(&d.envelope.code),
            Cell::text(said(d, "through")),
            match said(d, "resolution") {
                "" => Cell::tag(Tag::new("not resolved", "doubt")),
                "stands" => Cell::tag(Tag::new("stands", "bad")),
                other => Cell::text(&words(other)),
            },
            Cell::text(said(d, "grounds")),
        ]
    };
    let columns = vec![
        Column::text("What was found"),
        Column::tight("Through"),
        Column::tight("Resolution"),
        Column::text("Grounds"),
    ];
    let all = &look.bench.derogatory;
    let table = Table::new("found-t", "Derogatory records", columns)
        .rows(all.iter().map(row).collect())
        .or("Nothing was recorded against it.")
        .quiet();
    let mut section = Section::new("found", "What was found against it").table(table);
    if !look.works {
        return section;
    }
    for d in all.iter().filter(|d| said(d, "resolution").is_empty()) {
        let form = Form::new(&look.to("resolve"), "Record the resolution")
            .with("record", &d.envelope.id.to_string())
            .with("version", &d.envelope.version.to_string())
            .about(&format!("of {}", d.envelope.code))
            .field(Field::select(
                "resolution",
                &format!("Resolution of {}", d.envelope.code),
                choices.clone(),
            ))
            .field(Field::text("grounds", "Grounds").sort("area"));
        section = section.form(form);
    }
    let ways = ["own", "parent", "sub-unit", "commander"].map(|w| (w.to_owned(), w.to_owned()));
    section.form(
        Form::new(&look.to("found"), "Record what was found")
            .field(
                Field::text("statement", "What was found")
                    .hint("In one line, without names of victims or witnesses"),
            )
            .field(Field::select(
                "through",
                "How it reaches the candidate",
                ways.to_vec(),
            )),
    )
}
