//! `/records/{kind}/{id}/label`: who a record is for, and changing it. Closing it further is done at once; opening
//! it is proposed here and decided under *Labels and releases* by another.

use super::{address, id_of, kind_of, show::frame};
use crate::pages::sign_in::{again, no_store, onward};
use crate::{
    answer::{self, Refused},
    form::Sent,
    site::Site,
    view::{
        Fact, Link,
        desk::{Desk, Field, Form, Section},
    },
    visitor::Visitor,
};
use axum::extract::{Path, State};
use axum::response::Response;
use std::sync::Arc;
use symbolon_app::{
    AppError, LabelChangeLine, LabelPlan, Moment, RecordPage, Visible, WantedLabel,
};
use symbolon_domain::{
    kind::KindDef,
    label::{MarkingPolicy, Markings, Rule},
    record::RecordId,
};

type Of = (&'static KindDef, RecordId);

struct Found {
    page: RecordPage,
    wanted: WantedLabel,
    proposals: Vec<LabelChangeLine>,
}

async fn desk(site: &Arc<Site>, visitor: &Visitor, of: Of) -> Result<Desk, Refused> {
    let viewer = visitor.viewer.clone();
    let (kind, id) = of;
    let found = site.ask(move |app| {
        let page = app.record(&viewer, kind.code, &id.to_string(), Moment::default())?;
        if !app.may_relabel(&viewer, (kind.code, id)) {
            return Err(AppError::NotFound("page"));
        }
        let world = app.store.world()?;
        Ok(Found {
            wanted: WantedLabel::of(&world, &page.record.envelope.label),
            proposals: app.label_changes(&viewer, Some(id))?,
            page,
        })
    });
    let found = found.await.map_err(|e| visitor.refuse(e))?;
    let mut page = frame(visitor, &found.page);
    page.crumbs
        .push(Link::new(page.title.clone(), address(kind, id)));
    page.title = "Label and release".to_owned();
    page.named = false;
    page.lead = "Closing a record further takes effect at once. Opening it takes a second person: a releasing officer \
                 of the nation that made it."
        .to_owned();
    let mut now = Section::new("now", "Who it is for now");
    now.facts = facts(&found.page.visible);
    let mut sections = vec![now];
    let open = found.proposals.iter().filter(|p| p.state == "proposed");
    let open: Vec<Link> = open
        .map(|p| {
            Link::new(
                format!("{} becomes {}", p.change.before, p.change.after),
                "/admin/labels",
            )
        })
        .collect();
    if !open.is_empty() {
        let mut section = Section::new("open", "Proposed and not decided");
        section.links = open;
        sections.push(section);
    }
    let policy = Markings::shipped().policy(&found.page.record.envelope.label.policy);
    if let Some(policy) = policy {
        let version = found.page.record.envelope.version;
        let form = form(policy, of, version, &found.wanted, site.app.today());
        sections.push(Section::new("change", "Change it").form(form));
    }
    Ok(Desk { page, sections })
}

fn facts(visible: &Visible) -> Vec<Fact> {
    let mut facts = vec![
        Fact::new("Marking", &visible.marking),
        Fact::new("Who sees it", &visible.summary),
    ];
    let kept = visible.kept_out.iter();
    facts.extend(kept.map(|why| Fact::new("Kept out", why)));
    facts
}

/// The form, filled in with a label: what a policy has in force today.
fn form(
    policy: &MarkingPolicy,
    (kind, id): Of,
    version: i64,
    wanted: &WantedLabel,
    today: jiff::civil::Date,
) -> Form {
    let levels = policy.levels.iter().filter(|l| l.in_force(today));
    let top = policy.rank(&policy.ceiling);
    let levels = levels
        .filter(|l| policy.rank(&l.code) <= top)
        .map(|l| (l.code.clone(), l.marking.clone()))
        .collect();
    let mut form = Form::new(
        &format!("{}/label", address(kind, id)),
        "See what it changes",
    )
    .with("version", &version.to_string())
    .field(Field::select("level", "Level", levels).value(&wanted.level));
    for control in policy.controls.iter().filter(|c| c.in_force(today)) {
        let on = wanted.controls.contains(&control.code);
        let name = format!("control.{}", control.code);
        form = match control.rule {
            // Their lists, below, say it.
            Rule::ReleasableTo | Rule::DisplayOnly => form,
            Rule::NamedOnly if on => form.with(&name, "yes"),
            Rule::NamedOnly => form,
            _ => form.field(tick(&name, (&control.code, &control.meaning), on)),
        };
    }
    for category in policy.categories.iter().filter(|c| c.in_force(today)) {
        let on = wanted.categories.contains(&category.code);
        let name = format!("category.{}", category.code);
        form = form.field(tick(&name, (&category.code, &category.name), on));
    }
    form.field(
        Field::text("released_to", "Released to")
            .hint("Nations by three letters and groups, with commas: SEN, ECOWAS. They still need a sharing agreement in force.")
            .value(&wanted.released_to),
    )
    .field(
        Field::text("shown_to", "Shown on screen to")
            .hint("The same; they get no copy, file or mail of it.")
            .value(&wanted.shown_to),
    )
    .field(Field::text("reason", "Why").sort("area"))
}

fn tick(name: &str, (code, means): (&str, &str), on: bool) -> Field {
    let field = Field::text(name, &format!("{code}: {means}")).sort("check");
    field.value(if on { "yes" } else { "" })
}

fn value<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    let found = pairs.iter().find(|(n, _)| n == name);
    found.map_or("", |(_, v)| v.as_str())
}

fn wanted(pairs: &[(String, String)]) -> WantedLabel {
    let set = |prefix: &str| {
        let on = pairs.iter().filter(|(_, v)| !v.is_empty());
        on.filter_map(|(n, _)| n.strip_prefix(prefix).map(str::to_owned))
            .collect()
    };
    WantedLabel {
        level: value(pairs, "level").to_owned(),
        controls: set("control."),
        categories: set("category."),
        released_to: value(pairs, "released_to").to_owned(),
        shown_to: value(pairs, "shown_to").to_owned(),
    }
}

/// What would change, with everything sent again by the button that does it.
fn look(mut desk: Desk, path: &str, pairs: &[(String, String)], plan: &LabelPlan) -> Desk {
    let mut then = Section::new("then", "Who it would be for");
    then.facts = facts(&plan.then);
    let (says, button) = if plan.widens {
        (
            "This opens it: a releasing officer other than you decides.",
            "Propose it",
        )
    } else {
        (
            "This closes it further. It takes effect at once.",
            "Set this label",
        )
    };
    let mut form = Form::new(path, button).with("agreed", &plan.label.marking());
    form.hidden
        .extend(pairs.iter().filter(|(n, _)| n != "agreed").cloned());
    desk.sections.insert(1, then.says(says).form(form));
    desk
}

/// What a form must have besides its own pairs: nothing.
#[derive(serde::Deserialize)]
pub(crate) struct Any {}

pub(crate) async fn label(
    State(site): State<Arc<Site>>,
    Path((kind, id)): Path<(String, String)>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let of = (kind_of(&visitor, &kind)?, id_of(&visitor, &id)?);
    Ok(no_store(answer::html(&desk(&site, &visitor, of).await?)))
}

pub(crate) async fn set_label(
    State(site): State<Arc<Site>>,
    Path((kind, id)): Path<(String, String)>,
    sent: Sent<Any>,
) -> Result<Response, Refused> {
    let visitor = &sent.visitor;
    let of = (kind_of(visitor, &kind)?, id_of(visitor, &id)?);
    let (viewer, pairs) = (visitor.viewer.clone(), sent.pairs.clone());
    let done = site.work(move |app| {
        let (kind, id) = (of.0.code, of.1);
        let wanted = wanted(&pairs);
        let plan = app.label_plan(&viewer, (kind, id), &wanted)?;
        if value(&pairs, "agreed") != plan.label.marking() {
            return Ok(Some(plan));
        }
        let version = value(&pairs, "version").parse().unwrap_or(0);
        app.set_label(
            &viewer,
            (kind, id),
            version,
            &wanted,
            value(&pairs, "reason"),
        )?;
        Ok(None)
    });
    match done.await {
        Ok(None) => Ok(onward(&format!("{}/label", address(of.0, of.1)), &[])),
        Ok(Some(plan)) => {
            let mut desk = desk(&site, visitor, of).await?;
            desk.put_back(&sent.path, &sent.pairs, "");
            let desk = look(desk, &sent.path, &sent.pairs, &plan);
            Ok(no_store(answer::html(&desk)))
        }
        Err(e @ (AppError::Invalid(_) | AppError::Conflict(_))) => {
            let mut desk = desk(&site, visitor, of).await?;
            desk.put_back(&sent.path, &sent.pairs, &e.to_string());
            Ok(again(desk, &e))
        }
        Err(e) => sent.refused(&site, e).await,
    }
}
