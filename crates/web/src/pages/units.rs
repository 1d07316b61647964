//! `/units/{id}`: a unit in time. Every value has its dates, its sources and how sure they make us; vetting shows
//! its status and never why.

mod chain;
mod file;
pub(crate) mod merges;
mod parts;
pub(crate) mod same;

pub(crate) use file::csv;

use crate::{
    answer::{self, Refused},
    pages::{
        sign_in::no_store,
        vetting::{mark, said},
    },
    site::Site,
    view::{Filters, Link, Nav, vetting::Vetting},
    visitor::Visitor,
};
use axum::extract::{Path, State};
use axum::response::Response;
use jiff::civil::Date;
use std::sync::Arc;
use symbolon_app::{App, AppError, vetting::UnitPage};
use symbolon_domain::record::RecordId;

#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Ask {
    as_of: String,
}

/// The unit that an address asks for, as of the day it asks for.
async fn asked(site: &Arc<Site>, visitor: &Visitor, id: &str) -> Result<UnitPage, Refused> {
    let bad = |e: AppError| visitor.refuse(e);
    let id: RecordId = id.parse().map_err(|_| bad(AppError::NotFound("unit")))?;
    let ask: Ask = visitor.question(&[])?;
    let on = match ask.as_of.trim() {
        "" => None,
        day => {
            let told =
                || AppError::Invalid(format!("as_of: `{day}` is not a day; write 2026-03-31"));
            Some(day.parse::<Date>().map_err(|_| bad(told()))?)
        }
    };
    let viewer = visitor.viewer.clone();
    let found = site.ask(move |app| app.unit_page(&viewer, id, on)).await;
    found.map_err(bad)
}

pub(crate) async fn show(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let unit = asked(&site, &visitor, &id).await?;
    let context = filled(&site.app, &visitor, &unit).map_err(|e| visitor.refuse(e))?;
    Ok(no_store(answer::html(&context)))
}

fn filled(app: &App, visitor: &Visitor, unit: &UnitPage) -> Result<Vetting, AppError> {
    let name = said(&unit.unit, "name");
    let e = &unit.unit.envelope;
    let mut page = visitor.page(name, Nav::Records);
    page.named = true;
    page.crumbs = vec![
        Link::new("Records", "/records"),
        Link::new("Unit records", "/records/unit"),
        Link::new(name, format!("/records/unit/{}", e.id)),
    ];
    page.lead = format!(
        "As of {}. What is alleged here is alleged, not proven.",
        unit.on
    );
    page.csv = visitor.query.at(&format!("/units/{}/unit.csv", e.id));
    let shown = parts::records(unit);
    mark(app, &mut page, shown.into_iter().chain([&unit.unit]))?;
    let filters = Filters::new("unit-f", "Choose the day", &visitor.query).date(
        "as_of",
        "As of",
        "A day, as 2016-05-01",
    );
    let mut context = Vetting {
        page,
        around: "Sections of this page".to_owned(),
        filters: Some(filters),
        sections: parts::about(unit),
        ..Vetting::default()
    };
    if let Some((stays, name)) = &unit.went {
        let name = if name.is_empty() {
            "another record"
        } else {
            name
        };
        context.page.csv.clear();
        context.filters = None;
        context.page.lead.clear();
        context.limits = vec![format!(
            "This record was found to be the same unit as {name}. All that is known of the unit stands there; here is only what was recorded under this name."
        )];
        context.sections[0].links.insert(
            0,
            Link::new(format!("Go to {name}"), format!("/units/{stays}")),
        );
    } else {
        context
            .sections
            .extend(chain::sections(unit, &visitor.query));
        context.sections.extend(parts::dated(unit));
    }
    context.sections.extend(merges::of_unit(unit, visitor));
    context.sections.push(parts::sources(unit));
    let named = context.sections.iter();
    context.beside = named
        .map(|s| Link::new(&s.title, format!("#{}-h", s.id)))
        .collect();
    Ok(context)
}

/// The name of a unit or person, where the viewer sees it.
fn title<'u>(unit: &'u UnitPage, id: &str) -> &'u str {
    unit.titles.get(id).map_or("not shown", String::as_str)
}
