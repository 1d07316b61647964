//! `/admin/redactions`: journal entries whose words the law wants deleted; one proposes, another confirms.

use super::frame;
use crate::pages::sign_in::{again, no_store, onward};
use crate::{
    answer::{self, Refused},
    form::Sent,
    site::Site,
    view::{
        Cell, Column, Table, Tag,
        desk::{Desk, Field, Form, Section},
    },
    visitor::Visitor,
};
use axum::extract::{Path, State};
use axum::response::Response;
use std::collections::HashMap;
use std::sync::Arc;
use symbolon_access::{Action, Policy};
use symbolon_app::{AppError, RedactionLine};
use symbolon_domain::record::RecordId;

/// Names of accounts.
type Names = HashMap<RecordId, String>;

async fn page(site: &Arc<Site>, visitor: &Visitor) -> Result<Desk, Refused> {
    if !may(visitor, Action::Read) {
        return Err(Refused::not_found(visitor.clone()));
    }
    let viewer = visitor.viewer.clone();
    let asked = site.work(move |app| {
        let accounts = app.accounts(&app.system())?;
        let names: Names = accounts.into_iter().map(|(id, a)| (id, a.name)).collect();
        Ok((app.redactions(&viewer)?, names))
    });
    let (lines, names) = asked.await.map_err(|e| visitor.refuse(e))?;
    let mut page = frame(visitor, "Redactions");
    page.crumbs.retain(|c| c.href != "/admin/redactions");
    page.lead = "What the words of an entry said is deleted for good; that there was an entry, when, and by whom it was \
                 redacted stays. One person proposes, another confirms."
        .to_owned();
    let mut sections = vec![Section::new("all", "Proposals").table(table(&lines, &names))];
    if may(visitor, Action::Write) {
        let own = visitor.viewer.account();
        let open = lines.iter().filter(|l| l.state == "proposed");
        sections.extend(open.map(|l| decision(l, own == Some(l.redaction.proposed_by))));
        sections.push(proposal());
    }
    Ok(Desk { page, sections })
}

fn may(visitor: &Visitor, action: Action) -> bool {
    Policy::shipped().grants(&visitor.viewer, action, "redaction")
}

fn numbers(line: &RedactionLine) -> String {
    let all: Vec<String> = line.redaction.entries.iter().map(i64::to_string).collect();
    all.join(", ")
}

fn table(lines: &[RedactionLine], names: &Names) -> Table {
    let name = |id: Option<RecordId>| id.and_then(|i| names.get(&i).cloned()).unwrap_or_default();
    let row = |l: &RedactionLine| {
        let sort = match l.state.as_str() {
            "proposed" => "note",
            "done" => "good",
            _ => "plain",
        };
        vec![
            Cell::text(&numbers(l)),
            Cell::text(&l.redaction.basis),
            Cell::text(&l.redaction.reason),
            Cell::text(&name(Some(l.redaction.proposed_by))),
            Cell::text(&name(l.redaction.confirmed_by)),
            Cell::tag(Tag::new(&l.state, sort)),
        ]
    };
    let columns = [
        "Entries",
        "Legal basis",
        "Why",
        "Proposed by",
        "Confirmed by",
        "State",
    ];
    Table::new(
        "redactions-t",
        "Proposals",
        columns.map(Column::text).into(),
    )
    .rows(lines.iter().map(row).collect())
    .or("Nothing was proposed for redaction.")
    .quiet()
}

/// What may be done about a proposal: its maker may withdraw it, another may confirm or refuse it.
fn decision(line: &RedactionLine, own: bool) -> Section {
    let about = format!("entries {}", numbers(line));
    let to = |verdict: &str| format!("/admin/redactions/{}/{verdict}", line.id);
    let section = Section::new(&format!("decide-{}", line.id), &format!("Decide: {about}"));
    if own {
        return section
            .says("You proposed this; somebody else confirms it.")
            .form(Form::new(&to("withdraw"), "Withdraw it").about(&about));
    }
    section
        .says("Deleting cannot be undone. Look at each entry first.")
        .form(Form::new(&to("confirm"), "Delete what these entries say").about(&about))
        .form(Form::new(&to("withdraw"), "Refuse it").about(&about))
}

fn proposal() -> Section {
    let form = Form::new("/admin/redactions", "Propose the redaction")
        .field(
            Field::text("entries", "Numbers of the entries")
                .hint("As on their pages, with commas: 1042, 1043. An entry after a change says again what was before."),
        )
        .field(Field::text("basis", "Legal basis").hint("The law and its article"))
        .field(
            Field::text("reason", "Why")
                .sort("area")
                .hint("Do not repeat what is to be deleted."),
        );
    Section::new("new", "Propose a redaction").form(form)
}

pub(crate) async fn redactions(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    Ok(no_store(answer::html(&page(&site, &visitor).await?)))
}

#[derive(serde::Deserialize)]
pub(crate) struct Wanted {
    entries: String,
    basis: String,
    #[serde(default)]
    reason: String,
}

fn entries(text: &str) -> Result<Vec<i64>, AppError> {
    let number = |word: &str| {
        let wrong = || AppError::Invalid(format!("`{word}` is not the number of an entry"));
        word.parse().map_err(|_| wrong())
    };
    let words = text.split([',', ' ', '\n', '\r', '\t']);
    words.filter(|w| !w.is_empty()).map(number).collect()
}

pub(crate) async fn propose_redaction(
    State(site): State<Arc<Site>>,
    sent: Sent<Wanted>,
) -> Result<Response, Refused> {
    let viewer = sent.visitor.viewer.clone();
    let (basis, reason) = (sent.form.basis.clone(), sent.form.reason.clone());
    let wanted = entries(&sent.form.entries);
    let done = site.work(move |app| app.propose_redaction(&viewer, &wanted?, &basis, &reason));
    answered(&site, sent, done.await.map(|_| ())).await
}

#[derive(serde::Deserialize)]
pub(crate) struct Nothing {}

pub(crate) async fn decide_redaction(
    State(site): State<Arc<Site>>,
    Path((id, verdict)): Path<(String, String)>,
    sent: Sent<Nothing>,
) -> Result<Response, Refused> {
    let Ok(id) = id.parse::<RecordId>() else {
        return Err(Refused::not_found(sent.visitor));
    };
    let viewer = sent.visitor.viewer.clone();
    let done = match verdict.as_str() {
        "confirm" => {
            site.work(move |app| app.confirm_redaction(&viewer, id).map(|_| ()))
                .await
        }
        "withdraw" => {
            site.work(move |app| app.withdraw_redaction(&viewer, id))
                .await
        }
        _ => return Err(Refused::not_found(sent.visitor)),
    };
    answered(&site, sent, done).await
}

/// Back to the list, or the form again with what was wrong.
async fn answered<T>(
    site: &Arc<Site>,
    sent: Sent<T>,
    done: Result<(), AppError>,
) -> Result<Response, Refused> {
    match done {
        Ok(()) => Ok(onward("/admin/redactions", &[])),
        Err(e @ (AppError::Invalid(_) | AppError::Duty(_))) => {
            let mut desk = page(site, &sent.visitor).await?;
            desk.put_back(&sent.path, &sent.pairs, &e.to_string());
            Ok(again(desk, &e))
        }
        Err(e) => sent.refused(site, e).await,
    }
}

#[cfg(test)]
mod tests {
    use super::entries;

    #[test]
    fn numbers_of_entries_are_read_as_people_write_them() {
        assert_eq!(entries(" 12,13\n14 ").unwrap(), [12, 13, 14]);
        assert!(
            entries("12, twelve")
                .unwrap_err()
                .to_string()
                .contains("twelve")
        );
    }
}
