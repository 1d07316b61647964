//! `/countries/{iso3}`: one partner on one scroll, with section links at the side.

use super::{
    Cell, Citation, Column, Fact, Facts, Figure, FindingRow, Kpi, Link, Page, Query, Table, Tag,
    finding_table, source_table,
};
use crate::chart::Plot;
use askama::Template;
use serde::{Deserialize, Serialize};

mod samples;

/// A country page.
#[derive(Clone, Debug, Default, Template, Serialize, Deserialize)]
#[template(path = "country.html")]
pub struct Country {
    /// The frame.
    pub page: Page,
    /// The address as it is; holds `as_of`.
    pub query: Query,
    /// ISO 3166-1 alpha-3 code.
    pub iso3: String,
    /// Codes, other names, region and the like.
    pub facts: Vec<Fact>,
    /// Key figures.
    pub kpis: Vec<Kpi>,
    /// What the figures do not cover.
    pub limits: Vec<String>,
    /// Money by fiscal year and account; several plots where stages differ (obligated, requested).
    pub money: Vec<Plot>,
    /// Training by fiscal year and account: trainees, cost.
    pub training: Vec<Plot>,
    /// Units trained.
    pub units: Vec<UnitRow>,
    /// Number of different unit strings, of which `units` are the largest.
    pub unit_count: i64,
    /// Places of training.
    pub places: Vec<PlaceRow>,
    /// Units that gave the training.
    pub trainers: Vec<TrainerRow>,
    /// The date memberships are shown as of, ISO; empty for all.
    pub as_of: String,
    /// Memberships of regional bodies.
    pub memberships: Vec<MembershipRow>,
    /// Congressional notifications of arms sales, section 36(b).
    pub notifications: Vec<NotificationRow>,
    /// Governance and conflict series, one small plot each.
    pub series: Vec<Plot>,
    /// Findings that touch the country.
    pub findings: Vec<FindingRow>,
    /// Number of findings in all.
    pub finding_count: i64,
    /// All findings, in the data set's list.
    pub findings_href: String,
    /// Neighbouring countries.
    pub neighbours: Vec<Link>,
    /// Groups it belongs to.
    pub groups: Vec<Link>,
    /// Sources.
    pub sources: Vec<Citation>,
}

/// A unit trained, with its printed spellings.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct UnitRow {
    /// Name as read.
    pub name: String,
    /// Its rows in the explorer.
    pub href: String,
    /// Printed spellings other than the name.
    pub spellings: Vec<String>,
    /// Training rows.
    pub rows: i64,
    /// Trainees.
    pub trainees: Option<i64>,
    /// First and last fiscal year.
    pub years: String,
    /// Whether it is a placeholder that names nobody.
    pub placeholder: bool,
}

/// A place of training.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct PlaceRow {
    /// Place as printed.
    pub name: String,
    /// Its rows in the explorer.
    pub href: String,
    /// Country of the place, if read.
    pub country: String,
    /// How precise: `exact`, `town`, `district`, `country`, `unknown`.
    pub precision: String,
    /// Training rows.
    pub rows: i64,
    /// Trainees.
    pub trainees: Option<i64>,
}

/// A unit that trained.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct TrainerRow {
    /// Name as printed.
    pub name: String,
    /// Its rows in the explorer.
    pub href: String,
    /// Training rows.
    pub rows: i64,
    /// Trainees.
    pub trainees: Option<i64>,
    /// First and last fiscal year.
    pub years: String,
}

/// A membership of a regional body.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct MembershipRow {
    /// The body.
    pub body: Link,
    /// From, possibly imprecise: `2004-03-29`, `1975`, `before 1990`.
    pub from: String,
    /// To; empty while it lasts.
    pub to: String,
    /// In what standing: member, observer, suspended.
    pub standing: String,
    /// Source.
    pub source: Citation,
}

/// A congressional notification of an arms sale.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct NotificationRow {
    /// Transmittal number and its page.
    pub number: Link,
    /// Date, ISO.
    pub date: String,
    /// What.
    pub item: String,
    /// Estimated value in whole dollars.
    pub value: Option<i64>,
    /// Source.
    pub source: Citation,
}

impl Country {
    /// The facts.
    #[must_use]
    pub fn fact_list(&self) -> Facts {
        Facts {
            lines: self.facts.clone(),
        }
    }

    /// Bars over years.
    #[must_use]
    pub fn bars(&self, plot: &Plot) -> Figure {
        Figure::bars(plot)
    }

    /// Lines over years.
    #[must_use]
    pub fn lines(&self, plot: &Plot) -> Figure {
        Figure::lines(plot)
    }

    /// Who was trained.
    #[must_use]
    pub fn unit_table(&self) -> Table {
        let columns = vec![
            Column::text("Unit"),
            Column::text("Printed spellings"),
            Column::number("Rows", ""),
            Column::number("Trainees", "reported"),
            Column::tight("Fiscal years"),
        ];
        let row = |u: &UnitRow| {
            let mut name = Cell::link(&u.name, &u.href);
            if u.placeholder {
                name = name.tagged(Tag::new("placeholder", "plain"));
            }
            vec![
                name,
                Cell::text(&u.spellings.join("; ")),
                Cell::count(Some(u.rows)),
                Cell::count(u.trainees),
                Cell::text(&u.years),
            ]
        };
        Table::new("units", "Who was trained", columns)
            .rows(self.units.iter().map(row).collect())
            .or("No row names a unit. Reports of some years print none.")
            .quiet()
    }

    /// Where.
    #[must_use]
    pub fn place_table(&self) -> Table {
        let columns = vec![
            Column::text("Place"),
            Column::text("Country"),
            Column::text("Precision"),
            Column::number("Rows", ""),
            Column::number("Trainees", "reported"),
        ];
        let row = |p: &PlaceRow| {
            vec![
                Cell::link(&p.name, &p.href),
                Cell::text(&p.country),
                Cell::text(&p.precision),
                Cell::count(Some(p.rows)),
                Cell::count(p.trainees),
            ]
        };
        Table::new("places", "Where training took place", columns)
            .rows(self.places.iter().map(row).collect())
            .or("No row names a place. Reports to FY2000 print none.")
            .quiet()
    }

    /// By whom.
    #[must_use]
    pub fn trainer_table(&self) -> Table {
        let columns = vec![
            Column::text("US unit as printed"),
            Column::number("Rows", ""),
            Column::number("Trainees", "reported"),
            Column::tight("Fiscal years"),
        ];
        let row = |t: &TrainerRow| {
            vec![
                Cell::link(&t.name, &t.href),
                Cell::count(Some(t.rows)),
                Cell::count(t.trainees),
                Cell::text(&t.years),
            ]
        };
        Table::new("trainers", "Who gave the training", columns)
            .rows(self.trainers.iter().map(row).collect())
            .or("No row names a US unit. Reports of FY1999-2000 and FY2007-2010 print none.")
            .quiet()
    }

    /// Memberships.
    #[must_use]
    pub fn membership_table(&self) -> Table {
        let columns = ["Body", "Standing", "From", "To", "Source"];
        let row = |m: &MembershipRow| {
            let to = if m.to.is_empty() { "still" } else { &m.to };
            vec![
                Cell::of(&m.body),
                Cell::text(&m.standing),
                Cell::text(&m.from),
                Cell::text(to),
                cite(&m.source),
            ]
        };
        Table::new("memberships", "Memberships", columns.map(Column::text).into())
            .rows(self.memberships.iter().map(row).collect())
            .or("No membership with a source is recorded as of this date. Bodies whose members have no citable source are left out.")
            .quiet()
    }

    /// Notifications.
    #[must_use]
    pub fn notification_table(&self) -> Table {
        let columns = vec![
            Column::tight("Transmittal"),
            Column::tight("Date"),
            Column::text("What"),
            Column::number("Estimated value", "USD"),
            Column::text("Source"),
        ];
        let row = |n: &NotificationRow| {
            vec![
                Cell::of(&n.number),
                Cell::text(&n.date),
                Cell::text(&n.item),
                Cell::count(n.value),
                cite(&n.source),
            ]
        };
        Table::new("notifications", "Congressional notifications", columns)
            .rows(self.notifications.iter().map(row).collect())
            .or("No notification is in the data. The data is a small selection; none here does not mean none was sent.")
            .quiet()
    }

    /// Findings.
    #[must_use]
    pub fn finding_table(&self) -> Table {
        finding_table(
            "findings",
            &self.findings,
            "No finding touches this country.",
        )
    }

    /// Sources.
    #[must_use]
    pub fn source_table(&self) -> Table {
        source_table("sources-table", &self.sources)
    }
}

fn cite(source: &Citation) -> Cell {
    Cell::link(&source.document, &source.href)
        .under(&source.locator)
        .tagged(source.tag())
}
