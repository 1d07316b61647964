//! `/admin/accounts`: who may sign in. Administrators see accounts, not programme content.

use super::{Cell, Column, Link, Page, Paging, Query, Table, Tag};
use askama::Template;
use serde::{Deserialize, Serialize};

/// The accounts of the instance.
#[derive(Clone, Debug, Default, Template, Serialize, Deserialize)]
#[template(path = "accounts.html")]
pub struct Accounts {
    /// The frame.
    pub page: Page,
    /// The address as it is.
    pub query: Query,
    /// Accounts on this page.
    pub rows: Vec<AccountRow>,
    /// Which part of the list.
    pub paging: Paging,
}

/// An account, as a row.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct AccountRow {
    /// Name and page.
    pub name: Link,
    /// Role in words.
    pub role: String,
    /// Nation.
    pub nation: String,
    /// Whether it may sign in.
    pub active: bool,
    /// Last sign-in, or empty.
    pub last_seen: String,
}

impl Accounts {
    /// The table.
    #[must_use]
    pub fn table(&self) -> Table {
        let q = &self.query;
        let columns = vec![
            Column::text("Name").sortable(q, "name"),
            Column::text("Role").sortable(q, "role"),
            Column::text("Nation").sortable(q, "nation"),
            Column::text("May sign in"),
            Column::tight("Last sign-in"),
        ];
        let row = |a: &AccountRow| {
            let tag = if a.active {
                Tag::new("active", "good")
            } else {
                Tag::new("closed", "plain")
            };
            vec![
                Cell::of(&a.name),
                Cell::text(&a.role),
                Cell::text(&a.nation),
                Cell::tag(tag),
                Cell::text(&a.last_seen),
            ]
        };
        let rows = self.rows.iter().map(row).collect();
        Table::new("accounts", "Accounts", columns)
            .rows(rows)
            .or("There is no account yet.")
            .quiet()
    }

    /// Samples: a list and none.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        let query = Query::new("/admin/accounts");
        let row = |name: &str, active| AccountRow {
            name: Link::new(name, "/records/account/A-1"),
            role: "Desk officer".into(),
            nation: "USA".into(),
            active,
            last_seen: "2026-11-20 09:12 UTC".into(),
        };
        let mut page = super::sample::page("Accounts", "/admin/accounts");
        page.nav = super::Nav::Administration;
        let rows = vec![
            row("A. Officer", true),
            row(super::sample::ARABIC, false),
            row(super::sample::LONG, true),
        ];
        let list = Self {
            page,
            paging: Paging::new(&query, 1, 50, 3),
            query,
            rows,
        };
        let none = Self {
            rows: Vec::new(),
            ..list.clone()
        };
        vec![list, none]
    }
}
