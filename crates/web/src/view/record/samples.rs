//! Samples of records: a list, none that may be seen, a record with sources, one as of a date.

use super::{ClaimLine, Links, Record, RecordColumn, RecordIndex, RecordRow, Records, Task};
use crate::view::{Cell, Choice, Column, Fact, Filters, Link, Nav, Paging, Query, Table, sample};

fn task(title: &str, href: &str, status: &str) -> Task {
    Task {
        title: title.into(),
        href: href.into(),
        status: status.into(),
        waits_for: String::new(),
    }
}

impl RecordIndex {
    /// The samples.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        let columns = ["Kind", "Area"].map(Column::text).into();
        let row = vec![
            Cell::link("Initiative", "/records/initiative"),
            Cell::text("plan"),
        ];
        vec![Self {
            page: sample::page("Records", "/records"),
            table: Table::new("kinds", "Kinds of record", columns).rows(vec![row]),
            links: vec![crate::view::Link::new(
                "Labels and releases",
                "/admin/labels",
            )],
        }]
    }
}

impl Records {
    /// The samples.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        let query = Query::new("/records/membership").and("sort", "code");
        let column = |key: &str, label: &str, numeric| RecordColumn {
            key: key.into(),
            label: label.into(),
            unit: String::new(),
            numeric,
            words: false,
        };
        let row = |n: i64| RecordRow {
            code: Link::new(
                format!("MEMBER-{n}"),
                format!("/records/membership/MEMBER-{n}"),
            ),
            state: "current".into(),
            id: format!("id-{n}"),
            values: vec![
                if n == 3 {
                    sample::ARABIC.into()
                } else {
                    "ECOWAS".into()
                },
                "1975".into(),
            ],
        };
        let list = Self {
            page: sample::page("Memberships", "/records/membership"),
            kinds: vec![
                Link::new("Partners", "/records/partner"),
                Link::new("Sources", "/records/source"),
            ],
            filters: Filters::new("filter", "Memberships", &query)
                .text("name", "Text", "in any field")
                .select("state", "State", vec![Choice::new("current", "current")]),
            columns: vec![column("body", "Body", false), column("", "Since", true)],
            rows: (0..50).map(row).collect(),
            paging: Paging::new(&query, 1, 50, 312),
            query,
            empty: String::new(),
            bring: Link::new("Import a file", "/records/agreement/import"),
            new: Link::new("New membership", "/records/membership/new"),
            settable: vec![crate::view::form::Option {
                value: "standing".into(),
                label: "Standing".into(),
                hint: String::new(),
            }],
            bulk: "/records/membership/bulk".into(),
        };
        let none = Self {
            rows: Vec::new(),
            paging: Paging::default(),
            empty: "There is no record of this kind that you may see.".into(),
            ..list.clone()
        };
        vec![list, none]
    }
}

impl Record {
    /// The samples.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        let field = |label: &str, value: &str, help: &str| Fact {
            help: help.into(),
            sources: sample::sources(),
            ..Fact::new(label, value)
        };
        let now = Self {
            page: sample::record_page(
                "Nigeria in ECOWAS",
                "/records/membership/MEMBER-12",
                Nav::None,
            ),
            kind: "Membership".into(),
            state: "current".into(),
            valid: "from 1975-05-28".into(),
            as_of: String::new(),
            recorded_before: String::new(),
            acts: vec![Link::new("Change", "/records/membership/x/edit")],
            tasks: vec![
                task(
                    "Fill in: Money",
                    "/records/membership/x/edit#s-1",
                    "In progress",
                ),
                Task {
                    waits_for: "Sustainment must be filled in".into(),
                    ..task("Approve", "", "Cannot start yet")
                },
            ],
            additions: vec![Link::new(
                "New objective",
                "/records/objective/new?f.initiative=INIT-7K3F9",
            )],
            undo: "/records/membership/x/undo".into(),
            undo_entry: 41,
            claims: vec![ClaimLine {
                field: "Standing".into(),
                used: "full".into(),
                claimed: "observer".into(),
                sources: sample::sources(),
                note: "an older list".into(),
            }],
            backlinks: vec![Links {
                title: "Objectives (initiative)".into(),
                links: vec![Link::new("OBJE-7K3F9", "/records/objective/x")],
                more: Link::new("all 12", "/records/objective?initiative=x"),
            }],
            fields: vec![
                field(
                    "Body",
                    "Economic Community of West African States",
                    "The regional body.",
                ),
                field("Member", "Nigeria", ""),
                Fact::new("Note", ""),
                Fact {
                    withheld: "controlled; ask the originator".into(),
                    ..Fact::new("Standing", "x")
                },
            ],
            related: vec![Link::new("Partner Nigeria", "/countries/NGA")],
            sources: sample::sources(),
            history: sample::entries(3),
        };
        let then = Self {
            as_of: "2001-09-11".into(),
            recorded_before: "2026-01-01".into(),
            acts: vec![],
            tasks: vec![],
            undo: String::new(),
            claims: vec![],
            backlinks: vec![],
            sources: Vec::new(),
            history: Vec::new(),
            ..now.clone()
        };
        vec![now, then]
    }
}
