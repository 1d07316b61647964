//! Samples of the journal: verified well, tampered with, empty; an import and a change.

use super::{ChangeRow, Checkpoint, Journal, JournalEntry, Verified, filters};
use crate::view::{Choice, Link, Nav, Paging, Query, sample};

impl Journal {
    /// The samples.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        let query = Query::new("/journal").and("action", "import");
        let actions = vec![
            Choice::new("import", "import"),
            Choice::new("amend", "amend"),
        ];
        let mut page = sample::page("Journal", "/journal");
        page.nav = Nav::Journal;
        page.csv = "/journal.csv".into();
        let good = Self {
            page,
            filters: filters(&query, vec![Choice::new("a", "A. Officer")], actions),
            rows: sample::entries(20),
            paging: Paging::new(&query, 1, 20, 41),
            checkpoint: Some(Checkpoint {
                note: "symbolon.example/journal\n41\nYDA64iuZiGG847KPM+7BvnWKITyGyTwHbb6fVYwRx1I=\n\n\u{2014} symbolon.example 7Jx0\u{2026}".into(),
                size: 41,
                when: "2026-11-22 21:40 UTC".into(),
                href: "/journal/checkpoint".into(),
            }),
            verified: Some(Verified { agrees: true, entries: 41, rows: 507_858, when: "now, in 3.1 s".into(), problems: Vec::new() }),
            may_verify: true,
            empty: String::new(),
        };
        let bad = Self {
            verified: Some(Verified {
                agrees: false,
                problems: vec![
                    "Row 100,331 of table training differs from what entry 12 recorded.".into(),
                ],
                ..good.verified.clone().unwrap_or_default()
            }),
            ..good.clone()
        };
        let none = Self {
            page: sample::visitor("Journal", "/journal"),
            rows: Vec::new(),
            checkpoint: None,
            verified: None,
            may_verify: false,
            empty: "No entry that you may see. Sign in, or take a filter away.".into(),
            ..good.clone()
        };
        vec![good, bad, none]
    }
}

impl JournalEntry {
    /// The samples.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        let mut page = sample::page("Entry 12", "/journal/12");
        page.nav = Nav::Journal;
        page.crumbs.push(Link::new("Journal", "/journal"));
        let change = Self {
            page,
            seq: 12,
            sentence: "A. Officer changed the name of partner NGA on 20 November 2026.".into(),
            actor: "A. Officer".into(),
            role: "Desk officer, USA".into(),
            when: "2026-11-20T09:12:44Z".into(),
            action: "amend".into(),
            object: Link::new("PARTNER-NGA", "/records/partner/PARTNER-NGA"),
            reason: sample::ARABIC.into(),
            changes: vec![
                ChangeRow {
                    label: "Name".into(),
                    from: "NIGERIA".into(),
                    to: "Nigeria".into(),
                },
                ChangeRow {
                    label: "Note".into(),
                    from: String::new(),
                    to: sample::LONG.into(),
                },
            ],
            previous_hash: sample::proof().root,
            proof: sample::proof(),
            raw: "{\"action\":\"amend\",\"seq\":12}".into(),
            previous_href: "/journal/11".into(),
            next_href: "/journal/13".into(),
        };
        let import = Self {
            changes: Vec::new(),
            reason: String::new(),
            previous_href: String::new(),
            ..change.clone()
        };
        vec![change, import]
    }
}
