//! `/countries/{iso3}`: one country.

use super::{citation, dataset_citation, dollars, finding_row, moment, visibility};
use crate::{
    answer::{self, Refused},
    chart::{Plot, Series},
    site::Site,
    view::{self as v, Citation, Fact, Kpi, Link, Nav, country as view, format},
    visitor::Visitor,
};
use axum::extract::{Path, State};
use axum::response::Response;
use std::collections::BTreeMap;
use std::sync::Arc;
use symbolon_app::{AppError, Country, Series as Measured, search_escape};

pub(crate) async fn show(
    State(site): State<Arc<Site>>,
    Path(iso3): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let as_of = match visitor.query.get("as_of") {
        "" => None,
        day => Some(day.parse().map_err(|_| {
            visitor.refuse(AppError::Invalid(format!(
                "`{day}` is no date: write year-month-day, such as 2010-06-30"
            )))
        })?),
    };
    let viewer = visitor.viewer.clone();
    let (c, findings, entry) = site
        .ask(move |app| {
            let country = app.country(&viewer, &iso3, as_of)?;
            let findings = app.country_findings(&viewer, &iso3, 25)?;
            let entry = app
                .record(
                    &viewer,
                    "partner",
                    &country.id,
                    symbolon_app::Moment::default(),
                )?
                .entry;
            Ok((country, findings, entry))
        })
        .await
        .map_err(|e| visitor.refuse(e))?;
    let mut page = visitor.page(&c.partner.name, Nav::Countries);
    page.named = true;
    page.crumbs = vec![Link::new("Countries", "/countries")];
    page.json = visitor.query.at(&format!("/api/v1/countries/{}", c.iso3));
    page.csv = format!("/training/export.csv?country={}", c.iso3);
    page.xlsx = format!("/training/export.xlsx?country={}", c.iso3);
    page.marking.clone_from(&c.marking);
    page.visibility = Some(visibility(
        "it is released to the public",
        &symbolon_app::readers("partner"),
    ));
    page.record = Some(v::RecordLine {
        code: c.iso3.clone(),
        changed_by: String::new(),
        changed_at: entry
            .as_ref()
            .map(|e| moment(e.entry.time))
            .unwrap_or_default(),
        entry_href: entry
            .as_ref()
            .map(|e| format!("/journal/{}", e.entry.seq))
            .unwrap_or_default(),
        sources: i64::try_from(c.sources.len() + c.datasets.len()).unwrap_or(0),
    });
    let count = c.findings.values().sum::<u64>();
    let groups = c.memberships.iter().filter(|m| m.holds);
    let context = view::Country {
        iso3: c.iso3.clone(),
        query: visitor.query.clone(),
        facts: facts(&c),
        kpis: kpis(&c),
        limits: c.limits.clone(),
        money: money(&c),
        training: training(&c),
        units: c.units.iter().map(|u| unit(&c.iso3, u)).collect(),
        unit_count: i64::try_from(c.unit_spellings).unwrap_or(0),
        places: c.places.iter().map(|p| place(&c.iso3, p)).collect(),
        trainers: c.trainers.iter().map(|t| trainer(&c.iso3, t)).collect(),
        as_of: c.as_of.clone(),
        memberships: c.memberships.iter().map(membership).collect(),
        notifications: c.notifications.iter().map(notification).collect(),
        series: c.series.iter().filter(|s| shown(s)).map(series).collect(),
        findings: findings.iter().map(finding_row).collect(),
        finding_count: i64::try_from(count).unwrap_or(0),
        findings_href: format!("/training?country={}&finding=any&kind=all", c.iso3),
        neighbours: c
            .neighbours
            .iter()
            .map(|(code, name)| Link::new(name.clone(), format!("/countries/{code}")))
            .collect(),
        groups: groups
            .map(|m| Link::new(m.name.clone(), format!("/records/membership/{}", m.id)))
            .collect(),
        sources: c
            .datasets
            .iter()
            .map(|(code, title)| dataset_citation(code, title))
            .chain(c.sources.iter().map(citation))
            .collect(),
        page,
    };
    answer::page(&visitor, &context)
}

fn facts(c: &Country) -> Vec<Fact> {
    let mut facts = vec![
        Fact {
            mono: true,
            ..Fact::new("ISO code", &c.iso3)
        },
        Fact::new("Region", &c.partner.region),
        Fact::new(
            "Kind",
            &format!("{:?}", c.partner.partner_type).to_lowercase(),
        ),
    ];
    if !c.partner.other_names.is_empty() {
        facts.push(Fact::new(
            "Also printed as",
            &c.partner.other_names.join("; "),
        ));
    }
    if !c.partner.note.is_empty() {
        facts.push(Fact::new("Note", &c.partner.note));
    }
    facts
}

fn kpis(c: &Country) -> Vec<Kpi> {
    let kpi = |label: &str, value: Option<i64>, unit: &str, limits: String, href: String| Kpi {
        label: label.to_owned(),
        value: value.map_or_else(|| "-".to_owned(), format::count),
        unit: unit.to_owned(),
        limits,
        href,
    };
    let t = &c.total;
    let list = format!("/training?country={}", c.iso3);
    let planned = c.planned.rows.map_or_else(
        || "Blank is not zero: some partners need not be reported.".to_owned(),
        |n| format!("Besides, {} rows were planned only.", format::count(n)),
    );
    let without = format!("{} rows print no cost.", format::count(t.rows_without_cost));
    vec![
        kpi("Trainees", t.trainees, "", planned, list.clone()),
        kpi("Training rows", t.rows, "", String::new(), list.clone()),
        kpi(
            "Training cost",
            dollars(t.cost_cents),
            "USD",
            without,
            format!("{list}&sort=-cost"),
        ),
        kpi(
            "Aid obligated",
            t.aid_usd,
            "USD",
            "All agencies and purposes, all years.".to_owned(),
            "/datasets/aid".to_owned(),
        ),
        kpi(
            "Notifications",
            i64::try_from(c.notifications.len()).ok(),
            "",
            "Only those in the data set; not all there were.".to_owned(),
            String::new(),
        ),
    ]
}

/// Sums by year for the largest accounts, the rest together.
fn by_account(
    c: &Country,
    pick: impl Fn(&symbolon_app::YearAccount) -> Option<i64>,
) -> (Vec<String>, Vec<Series>) {
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    let rows: Vec<_> = c.years.iter().filter(|y| y.account != "AID").collect();
    for y in &rows {
        *sums.entry(&y.account).or_default() += pick(y).unwrap_or(0);
    }
    let years: Vec<i16> = match (
        rows.iter().map(|y| y.year).min(),
        rows.iter().map(|y| y.year).max(),
    ) {
        (Some(a), Some(b)) => (a..=b).collect(),
        _ => vec![],
    };
    let mut order: Vec<(&str, i64)> = sums.into_iter().collect();
    order.sort_by_key(|(name, sum)| (std::cmp::Reverse(*sum), *name));
    let shown: Vec<&str> = order.iter().take(5).map(|(n, _)| *n).collect();
    let value = |year: i16, wanted: &dyn Fn(&str) -> bool| {
        let found = rows.iter().filter(|y| y.year == year && wanted(&y.account));
        found
            .filter_map(|y| pick(y))
            .map(|n| n as f64)
            .reduce(|a, b| a + b)
    };
    let mut series: Vec<Series> = shown
        .iter()
        .map(|a| Series {
            name: if a.is_empty() {
                "Account not read".to_owned()
            } else {
                (*a).to_owned()
            },
            values: years.iter().map(|y| value(*y, &|x| x == *a)).collect(),
        })
        .collect();
    if order.len() > shown.len() {
        let values = years
            .iter()
            .map(|y| value(*y, &|x| !shown.contains(&x)))
            .collect();
        series.push(Series {
            name: "Other accounts".to_owned(),
            values,
        });
    }
    (years.iter().map(ToString::to_string).collect(), series)
}

fn training(c: &Country) -> Vec<Plot> {
    let plot = |id: &str,
                title: &str,
                unit: &str,
                limits: &str,
                (labels, series): (Vec<String>, Vec<Series>)| Plot {
        id: id.to_owned(),
        title: title.to_owned(),
        measure: title.to_owned(),
        unit: unit.to_owned(),
        across: "Fiscal year".to_owned(),
        labels,
        series,
        limits: limits.to_owned(),
        summary: String::new(),
    };
    let trainees = by_account(c, |y| y.figures.trainees);
    let cost = by_account(c, |y| dollars(y.figures.cost_cents));
    vec![
        plot(
            "trainees",
            "Trainees by account",
            "persons",
            "Planned training is left out.",
            trainees,
        ),
        plot(
            "cost",
            "Training cost by account",
            "USD",
            "As printed; rows without a cost add nothing.",
            cost,
        ),
    ]
    .into_iter()
    .filter(|p| !p.series.is_empty())
    .collect()
}

/// Series with a picture: the estimates, not their errors and ranks; money has its own section. All of
/// them are in the JSON of the page.
fn shown(s: &Measured) -> bool {
    s.measure.ends_with(".estimate")
        || s.measure.starts_with("ucdp.") && s.measure.ends_with(".best")
}

fn money(c: &Country) -> Vec<Plot> {
    let aid: Vec<&Measured> = c
        .series
        .iter()
        .filter(|s| s.measure.starts_with("aid.") && s.measure.ends_with(".current"))
        .collect();
    let budget: Vec<&Measured> = c
        .series
        .iter()
        .filter(|s| {
            [
                "budget.FMF",
                "budget.IMET",
                "budget.PKO",
                "budget.INCLE",
                "budget.NADR",
            ]
            .contains(&s.measure.as_str())
        })
        .collect();
    let mut plots = vec![];
    for (id, title, list) in [
        ("aid", "Aid by stage", aid),
        (
            "budget",
            "Security accounts of the State budget, actual",
            budget,
        ),
    ] {
        if !list.is_empty() {
            plots.push(joined(id, title, &list));
        }
    }
    plots
}

/// Several series over the same years in one plot.
fn joined(id: &str, title: &str, list: &[&Measured]) -> Plot {
    let years: Vec<i64> = {
        let all = list.iter().flat_map(|s| s.points.iter().map(|p| p.year));
        let set: std::collections::BTreeSet<i64> = all.collect();
        match (set.first(), set.last()) {
            (Some(a), Some(b)) => (*a..=*b).collect(),
            _ => vec![],
        }
    };
    let value = |s: &Measured, year: i64| {
        let points = s
            .points
            .iter()
            .filter(|p| p.year == year && !p.period.ends_with("TQ"));
        points
            .filter_map(|p| p.value.parse::<f64>().ok())
            .reduce(|a, b| a + b)
    };
    Plot {
        id: id.to_owned(),
        title: title.to_owned(),
        measure: title.to_owned(),
        unit: list.first().map(|s| s.unit.clone()).unwrap_or_default(),
        across: "Fiscal year".to_owned(),
        labels: years.iter().map(ToString::to_string).collect(),
        series: list
            .iter()
            .map(|s| Series { name: s.title.clone(), values: years.iter().map(|y| value(s, *y)).collect() })
            .collect(),
        limits: "Requested, appropriated, obligated and disbursed are four different numbers; the stage is in each name.".to_owned(),
        summary: String::new(),
    }
}

fn series(s: &Measured) -> Plot {
    let mut plot = joined(&s.measure.replace('.', "-"), &s.title, &[s]);
    plot.across = "Year".to_owned();
    plot.limits.clone_from(&s.definition);
    plot
}

fn unit(iso3: &str, u: &symbolon_app::Named) -> view::UnitRow {
    view::UnitRow {
        name: u.name.clone(),
        href: format!("/training?country={iso3}&unit={}", search_escape(&u.name)),
        spellings: vec![],
        rows: i64::try_from(u.rows).unwrap_or(0),
        trainees: Some(u.trainees),
        years: String::new(),
        placeholder: false,
    }
}

fn place(iso3: &str, p: &symbolon_app::Named) -> view::PlaceRow {
    view::PlaceRow {
        name: p.name.clone(),
        href: format!("/training?country={iso3}&place={}", search_escape(&p.name)),
        country: String::new(),
        precision: "as printed".to_owned(),
        rows: i64::try_from(p.rows).unwrap_or(0),
        trainees: Some(p.trainees),
    }
}

fn trainer(iso3: &str, t: &symbolon_app::Named) -> view::TrainerRow {
    view::TrainerRow {
        name: t.name.clone(),
        href: format!(
            "/training?country={iso3}&us_unit={}",
            search_escape(&t.name)
        ),
        rows: i64::try_from(t.rows).unwrap_or(0),
        trainees: Some(t.trainees),
        years: String::new(),
    }
}

fn membership(m: &symbolon_app::Body) -> view::MembershipRow {
    let standing = if m.standing.is_empty() {
        "member"
    } else {
        &m.standing
    };
    view::MembershipRow {
        body: Link::new(m.name.clone(), format!("/records/membership/{}", m.id)),
        from: m.from.clone(),
        to: m.to.clone(),
        standing: if m.holds {
            format!("{standing} on that day")
        } else {
            format!("{standing}, not on that day")
        },
        source: m.sources.first().map_or_else(Citation::default, citation),
    }
}

fn notification(n: &symbolon_app::Notification) -> view::NotificationRow {
    view::NotificationRow {
        number: Link::new(n.transmittal.clone(), "/datasets/notifications"),
        date: n.date.clone(),
        item: format!("{} ({})", n.summary, n.legal_basis),
        value: n.total_usd,
        source: Citation {
            document: n.source.clone(),
            confidence: "high".to_owned(),
            ..Citation::default()
        },
    }
}
