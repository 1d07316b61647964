//! `/vetting/links`: units as training reports print them, and the known units that they may mean. A person accepts or
//! refuses, one or many: chosen, looked at, done, and put back where it was wrong.

use super::{
    act::{Fields, again, mendable},
    frame, words,
};
use crate::{
    answer::{self, Refused},
    form::Sent,
    pages::sign_in::no_store,
    site::Site,
    view::{
        Cell, Choice, Column, Fact, Filters, Link, Paging, Query, Table, Tag,
        desk::{Field, Form, Section},
        vetting::Vetting,
    },
    visitor::Visitor,
};
use axum::extract::State;
use axum::response::Response;
use std::collections::BTreeMap;
use std::sync::Arc;
use symbolon_app::{
    App, AppError,
    vetting::{LinkAnswer, LinkAsk, LinkLine, Spelled, answers_hits},
};
use symbolon_domain::record::RecordId;

/// Links on a page.
const PAGE: usize = 50;
/// So many are answered at once.
const MOST: usize = 500;
const HERE: &str = "/vetting/links";
/// Filters that a form takes along.
const FILTERS: [&str; 5] = ["country", "state", "sure", "q", "sort"];

pub(crate) async fn show(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let ask: LinkAsk = visitor.question(&[])?;
    let asker = visitor.clone();
    let made = site.work(move |app| context(app, &asker, &ask)).await;
    let context = made.map_err(|e| visitor.refuse(e))?;
    Ok(no_store(answer::html(&context)))
}

/// `/vetting/links/spellings`: texts that are probably one unit, for a country.
pub(crate) async fn spelled(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let ask: LinkAsk = visitor.question(&[])?;
    let asker = visitor.clone();
    let made = site.work(move |app| {
        let mut context = frame(&asker, "One unit in many spellings");
        if ask.country.trim().is_empty() {
            let countries = app.unit_countries(&asker.viewer)?;
            context.sections = vec![choice(&countries, "/vetting/links/spellings")];
            return Ok(context);
        }
        let (groups, texts, many) = app.unit_spellings(&asker.viewer, &ask.country)?;
        let back = Query::new(HERE).and("country", &ask.country);
        let crumb = Link::new("Printed units and known units", back.href());
        context.page.crumbs.push(crumb);
        context.page.lead = format!(
            "{texts} printed texts in {many} groups. Abbreviations, order of words, the country's name and what stands behind a comma were put aside. A group says that somebody should look, and decides nothing."
        );
        let page = ask.page.unwrap_or(1).max(1);
        let shown: Vec<&Spelled> = groups.iter().skip((page - 1) * PAGE).take(PAGE).collect();
        context.sections = vec![Section::new("groups", "Groups of more than one text").table(spellings(&shown))];
        let query = Query::new("/vetting/links/spellings").and("country", &ask.country);
        let (page, all) = (i64::try_from(page), i64::try_from(groups.len()));
        let paging = Paging::new(&query, page.unwrap_or(1), 50, all.unwrap_or(i64::MAX));
        context.paging = Some(paging.named("groups"));
        Ok(context)
    });
    let context = made.await.map_err(|e| visitor.refuse(e))?;
    Ok(no_store(answer::html(&context)))
}

fn spellings(groups: &[&Spelled]) -> Table {
    let row = |group: &&Spelled| {
        let rows: usize = group.iter().map(|(_, n)| n).sum();
        let texts: Vec<String> = group.iter().map(|(t, n)| format!("{t} ({n})")).collect();
        vec![
            Cell::text(&group[0].0),
            Cell::count(i64::try_from(group.len()).ok()),
            Cell::text(&texts.join("; ")),
            Cell::count(i64::try_from(rows).ok()),
        ]
    };
    let columns = vec![
        Column::text("Printed most"),
        Column::number("Spellings", ""),
        Column::text("All of them, with rows"),
        Column::number("Rows", ""),
    ];
    Table::new("groups-t", "Groups of printed texts", columns)
        .rows(groups.iter().map(row).collect())
        .or("No two texts of the country are probably one unit.")
        .quiet()
}

fn context(app: &App, visitor: &Visitor, ask: &LinkAsk) -> Result<Vetting, AppError> {
    let viewer = &visitor.viewer;
    let countries = app.unit_countries(viewer)?;
    let mut context = frame(visitor, "Printed units and known units");
    context.page.lead = "What training reports print for a unit, and the known units that may be meant. The program proposes with its reasons; a person accepts or refuses. What was printed is never changed.".to_owned();
    let query = query(ask);
    context.filters = Some(filters(&query, &countries));
    if ask.country.trim().is_empty() {
        context.sections = vec![choice(&countries, HERE)];
        return Ok(context);
    }
    let (lines, standing) = app.link_queue(viewer, ask)?;
    super::mark(app, &mut context.page, lines.iter().map(|l| &l.record))?;
    let page = ask.page.unwrap_or(1).max(1);
    let shown: Vec<&LinkLine> = lines.iter().skip((page - 1) * PAGE).take(PAGE).collect();
    context.sections = vec![
        sums(ask, &standing),
        Section::new("links", "Links").table(table(&shown)),
    ];
    if answers_hits(viewer) {
        context.sections.push(answers(ask, &shown, lines.len()));
    }
    let (page, total) = (i64::try_from(page), i64::try_from(lines.len()));
    let paging = Paging::new(&query, page.unwrap_or(1), 50, total.unwrap_or(i64::MAX));
    context.paging = Some(paging.named("links"));
    Ok(context)
}

/// The address of a question.
fn query(ask: &LinkAsk) -> Query {
    let values = [&ask.country, &ask.state, &ask.sure, &ask.q, &ask.sort];
    let pairs = FILTERS.iter().zip(values).filter(|(_, v)| !v.is_empty());
    pairs.fold(Query::new(HERE), |q, (name, value)| q.and(name, value))
}

fn filters(query: &Query, countries: &BTreeMap<String, usize>) -> Filters {
    let choice = |all: [(&str, &str); 3]| all.map(|(v, w)| Choice::new(v, w)).to_vec();
    let sure = [
        ("exact", "Exact"),
        ("high", "High"),
        ("medium", "Medium"),
        ("low", "Low"),
    ];
    Filters::new("links-f", "Choose what to look at", query)
        .select(
            "country",
            "Country",
            countries
                .keys()
                .map(|c| Choice::new(c, c))
                .collect::<Vec<_>>(),
        )
        .select(
            "state",
            "State (proposed if nothing is chosen)",
            choice([
                ("accepted", "Accepted"),
                ("refused", "Refused"),
                ("gone", "Gone"),
            ]),
        )
        .select(
            "sure",
            "Confidence",
            sure.map(|(v, w)| Choice::new(v, w)).to_vec(),
        )
        .text("q", "Printed text holds", "")
        .select(
            "sort",
            "Order (the surest first if nothing is chosen)",
            choice([
                ("rows", "Most rows first"),
                ("printed", "By printed text"),
                ("points", "The surest first"),
            ]),
        )
}

fn choice(countries: &BTreeMap<String, usize>, page: &str) -> Section {
    let row = |(country, n): (&String, &usize)| {
        let href = Query::new(page).and("country", country).href();
        vec![
            Cell::link(country, &href),
            Cell::count(i64::try_from(*n).ok()),
        ]
    };
    let columns = vec![
        Column::text("Country"),
        Column::number("Units on record", ""),
    ];
    let table = Table::new("countries-t", "Countries with units on record", columns)
        .rows(countries.iter().map(row).collect())
        .or("No unit is on record that you may see.")
        .quiet();
    Section::new("countries", "Countries with units on record").table(table)
}

fn sums(ask: &LinkAsk, standing: &BTreeMap<String, usize>) -> Section {
    let facts = standing
        .iter()
        .map(|(state, n)| Fact::new(&words(state), &n.to_string()));
    let mut section = Section::new("standing", "How links stand").facts(facts.collect());
    let looked = Query::new("/vetting/retrospective").and("country", &ask.country);
    let spelled = Query::new("/vetting/links/spellings").and("country", &ask.country);
    section.links = vec![
        Link::new("Past training and alleged incidents", looked.href()),
        Link::new("One unit in many spellings", spelled.href()),
    ];
    section
}

fn table(lines: &[&LinkLine]) -> Table {
    let row = |l: &&LinkLine| {
        let part = match l.link.part == l.link.printed {
            true => "",
            false => &l.link.part,
        };
        let explorer = Query::new("/training").and("unit", &l.link.printed);
        vec![
            Cell::link(&l.link.printed, &explorer.href()).under(part),
            Cell::link(&l.unit, &format!("/units/{}", l.link.unit)),
            Cell::tag(Tag::of(l.link.confidence.name())),
            Cell::text(&l.link.reasons.join("; ")),
            Cell::count(i64::try_from(l.rows).ok()),
            Cell::tag(Tag::new(&words(&l.record.envelope.state), "plain")),
        ]
    };
    let columns = vec![
        Column::text("As printed"),
        Column::text("Known unit"),
        Column::tight("Confidence"),
        Column::text("Why, in points"),
        Column::number("Rows", ""),
        Column::tight("Stands"),
    ];
    Table::new("links-t", "Links", columns)
        .rows(lines.iter().map(row).collect())
        .or("None stands so. Ask the program to propose links, or take a filter away.")
        .quiet()
}

fn taken_along(form: Form, ask: &LinkAsk) -> Form {
    let values = [&ask.country, &ask.state, &ask.sure, &ask.q, &ask.sort];
    let pairs = FILTERS.iter().zip(values);
    pairs.fold(form, |f, (name, value)| f.with(name, value))
}

fn answer_field() -> Field {
    let choices = [
        ("accept", "Accept: the text means the unit"),
        ("refuse", "Refuse: it does not"),
        ("put_back", "Put back among the proposed"),
    ];
    let choices = choices.map(|(v, w)| (v.to_owned(), w.to_owned())).to_vec();
    Field::select("answer", "Answer", choices)
}

fn answers(ask: &LinkAsk, shown: &[&LinkLine], all: usize) -> Section {
    let mut chosen =
        taken_along(Form::new(HERE, "Look at what was chosen"), ask).with("step", "check");
    for line in shown {
        let label = format!(
            "{} is {} ({})",
            line.link.printed,
            line.unit,
            line.link.confidence.name()
        );
        let e = &line.record.envelope;
        chosen = chosen
            .field(Field::text(&format!("c.{}", e.id), &label).sort("check"))
            .with(&format!("v.{}", e.id), &e.version.to_string());
    }
    let every = taken_along(Form::new(HERE, &format!("Look at all {all}")), ask)
        .with("step", "check_all")
        .field(answer_field());
    let propose =
        taken_along(Form::new(HERE, "Propose links for the country"), ask).with("step", "propose");
    let mut section = Section::new("answer", "Answer them")
        .says("Nothing is done before you have looked at what was chosen. Proposing compares every printed text of the country with the known units; what a person said stays.");
    if !shown.is_empty() {
        section = section.form(chosen.field(answer_field()));
        if all <= MOST {
            section = section.form(every);
        }
    }
    section.form(propose)
}

/// What a form sends: the question it stood under, what is chosen, what is said.
struct Given {
    ask: LinkAsk,
    step: String,
    answer: Option<LinkAnswer>,
    word: String,
    chosen: Vec<(RecordId, i64)>,
}

fn given(fields: &Fields) -> Given {
    let of = |name: &str| fields.get(name).map_or("", |v| v.trim()).to_owned();
    let word = of("answer");
    let chosen = fields.iter().filter_map(|(name, value)| {
        let id = name.strip_prefix("c.").filter(|_| value == "yes")?;
        let version = fields.get(&format!("v.{id}"))?.parse().ok()?;
        Some((id.parse().ok()?, version))
    });
    let mut chosen: Vec<(RecordId, i64)> = chosen.collect();
    chosen.sort();
    Given {
        ask: LinkAsk {
            country: of("country"),
            state: of("state"),
            sure: of("sure"),
            q: of("q"),
            sort: of("sort"),
            page: None,
        },
        step: of("step"),
        answer: match word.as_str() {
            "accept" => Some(LinkAnswer::Accept),
            "refuse" => Some(LinkAnswer::Refuse),
            "put_back" => Some(LinkAnswer::PutBack),
            _ => None,
        },
        word,
        chosen,
    }
}

pub(crate) async fn send(
    State(site): State<Arc<Site>>,
    sent: Sent<Fields>,
) -> Result<Response, Refused> {
    let asker = sent.visitor.clone();
    let fields = sent.form.clone();
    let done = site
        .work(move |app| stepped(app, &asker, given(&fields)))
        .await;
    match done {
        Ok(context) => Ok(no_store(answer::html(&context))),
        Err(e) if mendable(&e) => {
            let (asker, ask) = (sent.visitor.clone(), given(&sent.form).ask);
            let made = site.work(move |app| context(app, &asker, &ask)).await;
            let context = made.map_err(|e| sent.visitor.refuse(e))?;
            Ok(again(context, &sent, &e))
        }
        Err(e) => sent.refused(&site, e).await,
    }
}

fn stepped(app: &App, visitor: &Visitor, mut given: Given) -> Result<Vetting, AppError> {
    let viewer = &visitor.viewer;
    if given.step == "propose" {
        let done = app.propose_links(viewer, &given.ask.country)?;
        let mut context = context(app, visitor, &given.ask)?;
        context.limits = vec![format!(
            "{} printed texts, {} with a known unit; {} links proposed now, {} no longer found.",
            done.texts, done.found, done.proposed, done.gone
        )];
        return Ok(context);
    }
    let answer = given.answer;
    let answer =
        answer.ok_or_else(|| AppError::Invalid("Answer: this must be chosen".to_owned()))?;
    if given.step == "check_all" {
        let (lines, _) = app.link_queue(viewer, &given.ask)?;
        let of = |l: &LinkLine| (l.record.envelope.id, l.record.envelope.version);
        given.chosen = lines.iter().map(of).collect();
    }
    if given.chosen.is_empty() || given.chosen.len() > MOST {
        return Err(AppError::Invalid(format!(
            "choose between 1 and {MOST} links"
        )));
    }
    if given.step == "do" {
        app.decide_links(viewer, &given.chosen, answer)?;
    }
    let ids: Vec<RecordId> = given.chosen.iter().map(|(id, _)| *id).collect();
    let lines = app.links(viewer, &ids)?;
    let mut context = frame(visitor, "Printed units and known units");
    let back = Link::new("Back to the queue", query(&given.ask).href());
    context.page.crumbs.push(back.clone());
    super::mark(app, &mut context.page, lines.iter().map(|l| &l.record))?;
    let done = given.step == "do";
    let mut section = match done {
        false => preview(&given, lines.len()),
        true => after(&given, &lines),
    };
    section.links = vec![back];
    let shown: Vec<&LinkLine> = lines.iter().collect();
    context.sections = vec![section, Section::new("links", "Links").table(table(&shown))];
    Ok(context)
}

/// A form with what was chosen, in the versions given.
fn with_chosen(form: Form, given: &Given, answer: &str, versions: &[(RecordId, i64)]) -> Form {
    let form = taken_along(form, &given.ask)
        .with("step", "do")
        .with("answer", answer);
    versions.iter().fold(form, |f, (id, version)| {
        f.with(&format!("c.{id}"), "yes")
            .with(&format!("v.{id}"), &version.to_string())
    })
}

fn preview(given: &Given, many: usize) -> Section {
    let what = words(&given.word);
    let form = with_chosen(
        Form::new(HERE, &format!("{what}: {many} links")),
        given,
        &given.word,
        &given.chosen,
    );
    Section::new("check", "Check before it is done")
        .facts(vec![Fact::new("Answer", &what), Fact::new("Links", &many.to_string())])
        .says("An accepted link is a basis of its own when past training is looked at; a refused one is no longer proposed. All are answered or none, and it can be put back.")
        .form(form)
}

fn after(given: &Given, lines: &[LinkLine]) -> Section {
    let section = Section::new("done", "Done").says(&format!(
        "{}: {} links.",
        words(&given.word),
        lines.len()
    ));
    if given.answer == Some(LinkAnswer::PutBack) {
        return section;
    }
    let of = |l: &LinkLine| (l.record.envelope.id, l.record.envelope.version);
    let now: Vec<(RecordId, i64)> = lines.iter().map(of).collect();
    section.form(with_chosen(
        Form::new(HERE, "Undo: put them back"),
        given,
        "put_back",
        &now,
    ))
}
