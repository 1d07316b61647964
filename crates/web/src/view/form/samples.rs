//! Samples of forms: new, with errors, in conflict; answers to check; acts that can and cannot be done.

use super::{
    Answer, Checked, Option as Choice, Question, RecordAct, RecordCheck, RecordForm, RecordHistory,
    Section, Step,
};
use crate::view::{Cell, Column, Link, Nav, Notice, Table, Tone, sample};

fn question(name: &str, label: &str, answer: Answer) -> Question {
    Question {
        name: name.into(),
        label: label.into(),
        hint: "What it means.".into(),
        answer,
        ..Question::default()
    }
}

fn sections(wrong: bool) -> Vec<Section> {
    let option = |n: usize| Choice {
        value: format!("v{n}"),
        label: format!("Choice {n}"),
        hint: if n == 1 {
            "The first".into()
        } else {
            String::new()
        },
    };
    let mut title = question("f.title", "Title", Answer::Line);
    if wrong {
        title.error = "Title: this must be given".into();
    } else {
        title.value = sample::ARABIC.into();
    }
    let radios = Question {
        options: (0..3).map(option).collect(),
        value: "v1".into(),
        ..question("f.part", "Part", Answer::Choice)
    };
    let select = Question {
        options: (0..9).map(option).collect(),
        value: "withdrawn".into(),
        optional: true,
        ..question("f.area", "Area", Answer::Choice)
    };
    let money = Question {
        unit: "USD".into(),
        optional: true,
        ..question("f.budget", "Budget", Answer::Line)
    };
    let first = Section {
        id: "s-1".into(),
        title: "The gap".into(),
        lead: String::new(),
        closed: false,
        questions: vec![title, radios, select],
    };
    let second = Section {
        id: "s-2".into(),
        title: "Money".into(),
        lead: "All sources together.".into(),
        closed: true,
        questions: vec![money, question("f.note", "Note", Answer::Lines)],
    };
    vec![first, second]
}

impl RecordForm {
    /// The samples.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        let new = Self {
            page: sample::page("New capability gap", "/records/capability_gap/new"),
            action: "/records/capability_gap/new".into(),
            version: 0,
            errors: vec![],
            conflict: None,
            sections: sections(false),
            cancel: "/records/capability_gap".into(),
        };
        let mut wrong = Self {
            errors: vec![Link::new("Title: this must be given", "#f.title")],
            sections: sections(true),
            ..new.clone()
        };
        wrong.page.notice = Some(Notice {
            tone: Tone::Error,
            text: "There is a problem".into(),
        });
        let columns = ["Field", "Yours", "Theirs"].map(Column::text).into();
        let row = ["Title", "Mine", "Theirs"].map(Cell::text).into();
        let conflict = Self {
            version: 3,
            conflict: Some(Table::new("conflict", "Both versions", columns).rows(vec![row])),
            ..new.clone()
        };
        vec![new, wrong, conflict]
    }
}

impl RecordCheck {
    /// The samples.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        let answer = |label: &str, value: &str, changes| Checked {
            name: "f.title".into(),
            label: label.into(),
            before: "Old".into(),
            value: value.into(),
            changes,
            words: false,
        };
        vec![Self {
            page: sample::page("Check your answers", "/records/capability_gap/new"),
            action: "/records/capability_gap/new".into(),
            answers: vec![
                answer("Title", sample::ARABIC, true),
                answer("Threat", "", false),
            ],
            hidden: vec![("f.title".into(), "x".into())],
            reason: String::new(),
            button: "Save the capability gap".into(),
        }]
    }
}

impl RecordAct {
    /// The samples.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        let act = Self {
            page: sample::record_page("Approve", "/records/initiative/x/move/approve", Nav::None),
            action: "/records/initiative/x/move/approve".into(),
            version: 4,
            effects: vec!["The initiative becomes approved.".into()],
            waits_for: vec![],
            gates: vec![],
            errors: vec![Link::new("Reason: say why", "#reason")],
            reason_needed: true,
            reason: String::new(),
            hidden: vec![("plan".into(), "x".into())],
            preview: None,
            button: "Approve".into(),
            cancel: "/records/initiative/x".into(),
        };
        let columns = ["Record", "Now", "Then"].map(Column::text).into();
        let row = ["CG-1", "open", "closed"].map(Cell::text).into();
        let waits = Self {
            waits_for: vec!["Sustainment must be filled in".into()],
            preview: Some(Table::new("preview", "What would change", columns).rows(vec![row])),
            errors: vec![],
            ..act.clone()
        };
        let gate = super::GateLine {
            rule: Link::new(
                "us.process.notice-before-step",
                "/law/us.process.notice-before-step",
            ),
            says: "No offer before the notice has cleared.".into(),
            clauses: vec![Link::new("10 U.S.C. 333(e)", "https://uscode.house.gov/")],
            opens: vec!["the notice cleared".into(), "a waiver".into()],
            earliest: "2026-12-08".into(),
            overridable: true,
            ask: Link::new(
                "Ask for a recorded override",
                "/records/gate_override/new?f.gate=us.process.notice-before-step",
            ),
        };
        let shut = Self {
            gates: vec![gate],
            errors: vec![],
            ..act.clone()
        };
        vec![act, waits, shut]
    }
}

impl RecordHistory {
    /// The samples.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        let step = Step {
            sentence: "Ann Example changed this initiative".into(),
            when: "2026-03-31 12:00:00 UTC".into(),
            version: 2,
            entry: Link::new("41", "/journal/41"),
            reason: "A typing error".into(),
            changes: vec!["Title: \u{201c}Old\u{201d} became \u{201c}New\u{201d}".into()],
            saw: vec![Link::new(
                "CG-7K3F9, version 4",
                "/records/capability_gap/x",
            )],
            reverse: "/records/initiative/x/reverse/41".into(),
        };
        let columns = ["Field", "Before", "After"].map(Column::text).into();
        let row = ["Title", "Old", "New"].map(Cell::text).into();
        let list = Self {
            page: sample::record_page("History", "/records/initiative/x/history", Nav::None),
            steps: vec![step],
            compare: "/records/initiative/x/history".into(),
            from: String::new(),
            to: String::new(),
            compared: None,
        };
        let compared = Self {
            from: "2026-01-01".into(),
            to: "2026-02-01".into(),
            compared: Some(Table::new("compared", "What differs", columns).rows(vec![row])),
            steps: vec![],
            ..list.clone()
        };
        vec![list, compared]
    }
}
