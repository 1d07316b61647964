//! `/allegations`: anybody brings one and asks with the receipt where it stands; who vets works on them for a stated
//! purpose. Nothing here writes down who the reader is.

use crate::{
    answer::{self, Refused},
    form::Sent,
    pages::{
        sign_in::{again, no_store, onward},
        vetting::{act::Fields, said, words},
    },
    site::Site,
    view::{
        Cell, Column, Fact, Link, Nav, Page, Table, Tag,
        desk::{Desk, Field, Form, Section},
    },
    visitor::Visitor,
};
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use symbolon_app::{App, AppError, vetting::Brought};
use symbolon_domain::record::{Record, RecordId};

fn frame(visitor: &Visitor, title: &str) -> Page {
    let mut page = visitor.page(title, Nav::None);
    page.crumbs = vec![
        Link::new("Bring an allegation", "/allegations/new"),
        Link::new("Ask where it stands", "/allegations/status"),
    ];
    page
}

fn form_page(visitor: &Visitor) -> Desk {
    let mut page = frame(visitor, "Bring an allegation");
    page.lead = "Anybody may tell us what a unit or person of a security force is said to have done. What you send is kept and is never deleted.".to_owned();
    let long =
        |name: &str, label: &str, hint: &str| Field::text(name, label).sort("area").hint(hint);
    let form =
        Form::new("/allegations/new", "Send the allegation")
            .field(Field::text("title", "What happened, in one line"))
            .field(long(
                "account",
                "What happened",
                "What you saw or were told. Leave out the names of victims and witnesses.",
            ))
            .field(
                Field::text("alleged_against", "Unit or person")
                    .hint("As far as you know: name, place, insignia"),
            )
            .field(Field::text("happened", "When").hint(
                "As 2024-03-15, 2024-03, 2024 or about 2024-03; leave empty if you do not know",
            ))
            .field(Field::text("place", "Where"))
            .field(long(
                "evidence",
                "What supports it",
                "Documents, reports, pictures: where they can be found",
            ))
            .field(
                Field::text("contact", "How we can reach you")
                    .hint("Only if you want. It is shown to very few."),
            );
    let section = Section::new("bring", "The allegation")
        .says("We write down no account and no network address with it, even if you are signed in. Who you are is known only if you say so below.")
        .says("Send nothing that is classified.")
        .form(form);
    Desk {
        page,
        sections: vec![section],
    }
}

pub(crate) async fn new(visitor: Visitor) -> Result<Response, Refused> {
    Ok(no_store(answer::html(&form_page(&visitor))))
}

fn of<'f>(fields: &'f Fields, name: &str) -> &'f str {
    fields.get(name).map_or("", |v| v.trim())
}

pub(crate) async fn bring(
    State(site): State<Arc<Site>>,
    sent: Sent<Fields>,
) -> Result<Response, Refused> {
    let given = |name: &str| of(&sent.form, name).to_owned();
    let brought = Brought {
        title: given("title"),
        account: given("account"),
        alleged_against: given("alleged_against"),
        happened: given("happened"),
        place: given("place"),
        evidence: given("evidence"),
        contact: given("contact"),
    };
    match site.work(move |app| app.bring_allegation(&brought)).await {
        Ok(receipt) => {
            let mut page = frame(&sent.visitor, "We have your allegation");
            page.lead = "Keep this receipt: it is shown once, and with it you can ask where the allegation stands.".to_owned();
            let mut section = Section::new("receipt", "Your receipt");
            section.codes = vec![receipt];
            let sections = vec![section];
            Ok(no_store(answer::html(&Desk { page, sections })))
        }
        Err(e @ AppError::Faults(_)) => {
            let mut desk = form_page(&sent.visitor);
            desk.put_back(&sent.path, &sent.pairs, &e.to_string());
            Ok(again(desk, &e))
        }
        Err(e) => sent.refused(&site, e).await,
    }
}

fn status_page(visitor: &Visitor) -> Desk {
    let page = frame(visitor, "Where an allegation stands");
    let form = Form::new("/allegations/status", "Ask where it stands").field(
        Field::text("receipt", "Receipt").hint("Twenty letters and digits, as you were given them"),
    );
    let section = Section::new("ask", "Your receipt").form(form);
    Desk {
        page,
        sections: vec![section],
    }
}

pub(crate) async fn ask(visitor: Visitor) -> Result<Response, Refused> {
    Ok(no_store(answer::html(&status_page(&visitor))))
}

pub(crate) async fn status(
    State(site): State<Arc<Site>>,
    sent: Sent<Fields>,
) -> Result<Response, Refused> {
    let receipt = of(&sent.form, "receipt").to_owned();
    let found = site.work(move |app| app.allegation_state(&receipt)).await;
    let found = found.map_err(|e| sent.visitor.refuse(e))?;
    let mut desk = status_page(&sent.visitor);
    let Some(state) = found else {
        let e = AppError::Invalid("no allegation has this receipt".to_owned());
        desk.put_back(&sent.path, &sent.pairs, &e.to_string());
        return Ok(again(desk, &e));
    };
    let facts = vec![
        Fact::new("Received on", &state.received_on),
        Fact::words("Stands", standing(&state.state)),
    ];
    desk.sections = vec![Section::new("stands", "Where it stands").facts(facts)];
    Ok(no_store(answer::html(&desk)))
}

fn standing(state: &str) -> &'static str {
    match state {
        "received" => "received; nobody has looked into it yet",
        "looked_into" => "it is being looked into",
        "accepted" => "it was taken up as an incident",
        _ => "it was set aside, with a reason that is on record",
    }
}

/// The working page: closed until a purpose is stated.
async fn working(site: &Arc<Site>, visitor: &Visitor) -> Result<Desk, Refused> {
    let viewer = visitor.viewer.clone();
    let found = site.work(move |app| {
        let open = app.allegations_at_work(&viewer)?;
        let labels = open
            .iter()
            .flat_map(|(_, all)| all)
            .map(|r| &r.envelope.label);
        let marking = app.marking_over(labels)?;
        Ok((open, marking))
    });
    let (open, marking) = found.await.map_err(|e| visitor.refuse(e))?;
    let mut page = visitor.page("Allegations", Nav::Vetting);
    page.marking = "UNCLASSIFIED - internal".to_owned();
    page.mark(marking);
    page.crumbs = vec![Link::new("Vetting", "/vetting")];
    page.lead = "As they came in, before anybody judged them. None is ever deleted.".to_owned();
    let Some((viewer, all)) = open else {
        let form = Form::new("/allegations/open", "Open the allegations").field(
            Field::text("purpose", "Purpose")
                .hint("What you read them for. It stands in the journal with every look."),
        );
        let section = Section::new("closed", "They are closed").form(form);
        return Ok(Desk {
            page,
            sections: vec![section],
        });
    };
    let mut sections = vec![Section::new("all", "All of them").table(table(&all))];
    let works = symbolon_app::vetting::answers_hits(&viewer);
    let sources = App::shown_sources(&viewer);
    sections.extend(all.iter().map(|a| one(a, works, sources)));
    Ok(Desk { page, sections })
}

fn table(all: &[Record]) -> Table {
    let row = |a: &Record| {
        vec![
            Cell::link(said(a, "title"), &format!("#a-{}-h", a.envelope.id))
                .under(&a.envelope.code),
            Cell::text(said(a, "alleged_against")),
            Cell::text(said(a, "received_on")),
            Cell::tag(Tag::new(&words(&a.envelope.state), "plain")),
        ]
    };
    let columns = vec![
        Column::text("What is alleged"),
        Column::text("Against"),
        Column::tight("Came in on"),
        Column::tight("Stands"),
    ];
    Table::new("all-t", "Allegations", columns)
        .rows(all.iter().map(row).collect())
        .or("None has come in.")
        .quiet()
}

fn one(a: &Record, works: bool, sources: bool) -> Section {
    let contact = match (said(a, "contact"), sources) {
        ("", _) => Fact::new("How the writer can be reached", ""),
        (contact, true) => Fact::new("How the writer can be reached", contact),
        (_, false) => Fact {
            withheld: "shown to those alone who may know sources".to_owned(),
            ..Fact::new("How the writer can be reached", "")
        },
    };
    let facts = vec![
        Fact::new("What is said to have happened", said(a, "account")),
        Fact::new("Against", said(a, "alleged_against")),
        Fact::new("When", said(a, "happened")),
        Fact::new("Where", said(a, "place")),
        Fact::new("What supports it", said(a, "evidence")),
        contact,
        Fact::new("Stands", &words(&a.envelope.state)),
        Fact::new("What became of it", said(a, "outcome")),
    ];
    let section = Section::new(&format!("a-{}", a.envelope.id), said(a, "title")).facts(facts);
    if !works {
        return section;
    }
    let states = ["looked_into", "accepted", "set_aside"].map(|s| (s.to_owned(), words(s)));
    let form = Form::new("/allegations/judge", "Record what became of it")
        .with("record", &a.envelope.id.to_string())
        .with("version", &a.envelope.version.to_string())
        .about(&format!("of {}", a.envelope.code))
        .field(Field::select("state", "Stands", states.to_vec()))
        .field(
            Field::text("incident", "Incident")
                .hint("Code or id of the record that was made of it, where it is accepted"),
        )
        .field(Field::text("outcome", "What became of it, and why").sort("area"));
    section.form(form)
}

pub(crate) async fn list(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    Ok(no_store(answer::html(&working(&site, &visitor).await?)))
}

/// Back to the list, or the form again with what was wrong.
async fn answered(
    site: &Arc<Site>,
    sent: Sent<Fields>,
    done: Result<(), AppError>,
) -> Result<Response, Refused> {
    match done {
        Ok(()) => Ok(onward("/allegations", &[])),
        Err(e @ (AppError::Faults(_) | AppError::Invalid(_) | AppError::Conflict(_))) => {
            let mut desk = working(site, &sent.visitor).await?;
            desk.put_back(&sent.path, &sent.pairs, &e.to_string());
            Ok(again(desk, &e))
        }
        Err(e) => sent.refused(site, e).await,
    }
}

pub(crate) async fn open(
    State(site): State<Arc<Site>>,
    sent: Sent<Fields>,
) -> Result<Response, Refused> {
    let (viewer, purpose) = (
        sent.visitor.viewer.clone(),
        of(&sent.form, "purpose").to_owned(),
    );
    let done = site
        .work(move |app| app.work_on_allegations(&viewer, &purpose))
        .await;
    answered(&site, sent, done).await
}

pub(crate) async fn judge(
    State(site): State<Arc<Site>>,
    sent: Sent<Fields>,
) -> Result<Response, Refused> {
    let (viewer, fields) = (sent.visitor.viewer.clone(), sent.form.clone());
    let done = site.work(move |app| {
        let (open, _) = app.allegations_at_work(&viewer)?.ok_or_else(|| {
            AppError::Conflict("the allegations are closed; open them for a purpose".to_owned())
        })?;
        let id: RecordId = of(&fields, "record")
            .parse()
            .map_err(|_| AppError::NotFound("allegation"))?;
        let version = of(&fields, "version")
            .parse()
            .map_err(|_| AppError::VersionRequired)?;
        let incident = match of(&fields, "incident") {
            "" => None,
            written => {
                let missing = || AppError::Invalid(format!("there is no incident `{written}`"));
                Some(
                    app.resolve(&open, "incident", written)?
                        .ok_or_else(missing)?,
                )
            }
        };
        app.judge_allegation(
            &open,
            (id, version),
            of(&fields, "state"),
            incident,
            of(&fields, "outcome"),
        )
    });
    let done = done.await;
    answered(&site, sent, done).await
}
