//! An application over an empty store, on each engine there is; files of rows for it.
#![allow(
    clippy::unwrap_used,
    dead_code,
    reason = "tests stop where something is wrong"
)]

pub mod vetted;

use std::io::Cursor;
use std::sync::Arc;
use symbolon_access::{Actor, Viewer};
use symbolon_app::{
    App, AppError,
    intake::{self, Consent, Order, Report},
    load::Progress,
};
use symbolon_domain::{
    kinds::{self, Role, Standing},
    record::{Record, RecordId},
};
use symbolon_exchange::{import::records::Mapping, limits::Limits};
use symbolon_store::query::RecordQuery;
use symbolon_store_sql::SqlStore;

/// Runs a test on SQLite, and on PostgreSQL where a server is named.
pub fn on_each_engine(test: impl Fn(&App)) {
    let place = symbolon_testkit::directory();
    let around = symbolon_testkit::surroundings(1);
    let store = SqlStore::sqlite(&place.path().join("db"), around.clone()).unwrap();
    test(&App::new(Arc::new(store), around));
    if let Some(url) = symbolon_testkit::postgres_database() {
        let around = symbolon_testkit::surroundings(2);
        let store = SqlStore::postgres(&url, around.clone()).unwrap();
        test(&App::new(Arc::new(store), around));
    }
}

/// An application on SQLite alone.
pub fn on_sqlite<T>(test: impl Fn(&App) -> T) -> T {
    let place = symbolon_testkit::directory();
    let around = symbolon_testkit::surroundings(1);
    let store = SqlStore::sqlite(&place.path().join("db"), around.clone()).unwrap();
    test(&App::new(Arc::new(store), around))
}

/// A desk officer of the United States.
pub fn officer(app: &App) -> Viewer {
    Viewer {
        actor: Actor::Account {
            id: RecordId::named("account", "officer"),
            name: "Officer".into(),
            role: Role::DeskOfficer,
            nation: "USA".parse().unwrap(),
            standing: Arc::new(Standing {
                clearances: [("US".to_owned(), "controlled".to_owned())].into(),
                programmes: ["*".to_owned()].into(),
                ..Standing::default()
            }),
        },
        ..app.public()
    }
}

/// A file in memory, with a mapping guessed from its columns and texts for columns it has not.
pub struct Given {
    pub kind: &'static str,
    pub name: &'static str,
    pub bytes: Vec<u8>,
    pub defaults: Vec<(&'static str, &'static str)>,
    pub clear: Vec<&'static str>,
}

/// A CSV file of units of Mali.
pub fn units(text: &str) -> Given {
    Given {
        defaults: vec![("label", "internal"), ("partner", "MLI")],
        ..file("unit", text)
    }
}

pub fn file(kind: &'static str, text: &str) -> Given {
    Given {
        kind,
        name: "rows.csv",
        bytes: text.as_bytes().to_vec(),
        defaults: vec![("label", "internal")],
        clear: vec![],
    }
}

impl Given {
    pub fn run<T>(&self, app: &App, run: impl FnOnce(&mut Cursor<Vec<u8>>, &Order<'_>) -> T) -> T {
        let limits = Limits::shipped();
        let mut input = Cursor::new(self.bytes.clone());
        let (facts, format) = intake::facts(&mut input, self.name, limits).unwrap();
        let begin = app
            .intake_beginning(&mut input, format, None, limits, 10)
            .unwrap();
        let kind = kinds::by_code(self.kind).unwrap();
        let mut mapping = Mapping::guess(kind, &begin.heads);
        for (name, text) in &self.defaults {
            if mapping.columns.iter().all(|c| c.to != *name) {
                mapping.defaults.insert((*name).into(), (*text).into());
            }
        }
        for column in &mut mapping.columns {
            column.clear = self.clear.contains(&column.to.as_str());
        }
        let progress = Progress::default();
        let order = Order {
            kind,
            file: &facts,
            format,
            mapping: &mapping,
            saved: None,
            limits,
            progress: &progress,
        };
        run(&mut input, &order)
    }

    pub fn check(&self, app: &App, viewer: &Viewer) -> Result<Report, AppError> {
        self.run(app, |input, order| {
            app.intake_check(viewer, input, order, None)
        })
    }

    pub fn take(&self, app: &App, viewer: &Viewer, consent: &Consent) -> Result<Report, AppError> {
        self.run(app, |input, order| {
            app.intake_commit(viewer, input, order, consent)
        })
    }

    pub fn taken(&self, app: &App) -> Report {
        self.take(app, &app.system(), &Consent::default()).unwrap()
    }
}

pub fn all(app: &App, kind: &str) -> Vec<Record> {
    app.store
        .list(&app.system(), kind, &RecordQuery::default())
        .unwrap()
}

pub fn counts(report: &Report) -> (u64, u64, u64, u64) {
    let c = report.counts;
    (c.new, c.changed, c.same, c.refused)
}
