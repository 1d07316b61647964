//! The right to rows ends while they are sent: within a second nothing more is made of them.

use super::{Instance, info, instance, load, runtime};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use symbolon_domain::{
    kinds::{self, Role},
    label::Label,
    record::{Envelope, RecordId},
};
use symbolon_store::{
    Change,
    journal::JournalFilter,
    query::{RecordQuery, Test, Value as Cell},
};
use tower::ServiceExt;

const ROWS: usize = 100_000;

/// What a server keeps on the way to a reader who is slow: the parts that wait, and the one being filled.
const ON_THE_WAY: usize = 8 * 64 * 1024;

/// A report of so many rows, of its own years.
fn long_report() -> String {
    let first: Vec<&str> = super::super::REPORT.lines().collect();
    let mut report = format!("{}\n", first[0]);
    for n in 0..ROWS {
        let row = first[1].replace("OFFICER", &format!("OFFICER {n}"));
        report += &format!("{row}\n");
    }
    // Of years that no other report is about: of two about one year one is shown.
    report.replace("2018", "2014").replace("2019", "2015")
}

/// The record of a data set.
fn dataset(instance: &Instance, code: &str) -> symbolon_domain::record::Record {
    let query = RecordQuery::default().when("code", Test::Is(Cell::Text(code.into())));
    let app = &instance.site.app;
    let found = app.store.list(&app.system(), "dataset", &query).unwrap();
    found.into_iter().next().unwrap()
}

impl Instance {
    /// The beginning of an answer, whose rest is made as it is read.
    fn begin(&self, path: &str, cookie: &str) -> Response {
        let request = Request::get(path).header(header::COOKIE, cookie);
        let request = request.body(Body::empty()).unwrap();
        let router = crate::router::router(std::sync::Arc::clone(&self.site));
        let answer = runtime().block_on(router.oneshot(request)).unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer
    }
}

/// Reads up to so many bytes; how many there were, and whether the answer broke off.
fn read(body: &mut Body, most: usize) -> (usize, bool) {
    use axum::body::HttpBody;
    let mut bytes = 0;
    while bytes < most {
        let next = std::future::poll_fn(|cx| std::pin::Pin::new(&mut *body).poll_frame(cx));
        match runtime().block_on(next) {
            Some(Ok(frame)) => bytes += frame.into_data().map_or(0, |d| d.len()),
            Some(Err(_)) => return (bytes, true),
            None => return (bytes, false),
        }
    }
    (bytes, false)
}

/// Begins to read, takes the right away, waits a second: what then still comes was on the way.
fn stops(instance: &Instance, (path, cookie): (&str, &str), revoke: impl FnOnce()) {
    let mut body = instance.begin(path, cookie).into_body();
    let (begun, _) = read(&mut body, 1);
    assert!(begun > 0, "{path}");
    revoke();
    std::thread::sleep(Duration::from_secs(1));
    let (rest, broken) = read(&mut body, usize::MAX);
    assert!(broken, "{path} went on to its end, {rest} bytes");
    assert!(
        rest <= ON_THE_WAY,
        "{path}: {rest} bytes after the end of the right"
    );
}

/// What the newest export left in the journal, once it is there.
fn journalled(instance: &Instance, action: &str) -> Value {
    let app = &instance.site.app;
    let filter = JournalFilter {
        action: action.into(),
        limit: 1,
        ..JournalFilter::default()
    };
    let begun = Instant::now();
    loop {
        let entries = app.store.entries(&app.system(), &filter).unwrap();
        if let Some(entry) = entries.first() {
            return entry.body.as_ref().unwrap().after.clone();
        }
        assert!(begun.elapsed() < Duration::from_secs(10), "no {action}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn r_19_rows_of_training_stop_when_the_session_ends_and_when_their_label_closes() {
    let instance = instance();
    let app = &instance.site.app;
    load(
        app,
        &long_report(),
        &info("long-report", Label::public("USA")),
    );
    app.refresh();
    let path = "/training/export.csv";
    let whole = runtime().block_on(async {
        let body = instance.begin_now(path).await;
        axum::body::to_bytes(body, usize::MAX).await.unwrap().len()
    });
    assert!(
        whole > 4 * ON_THE_WAY,
        "{whole} bytes are too few to stop in the middle"
    );
    let cookie = instance.cookie(Role::DeskOfficer, "USA");
    let token = cookie.split_once('=').unwrap().1.to_owned();
    stops(&instance, (path, &cookie), || app.sign_out(&token).unwrap());
    stops(&instance, (path, ""), || {
        let mut record = dataset(&instance, "long-report");
        record.envelope.label = Label::internal("USA");
        let change = Change {
            envelope: record.envelope,
            body: record.body,
            action: "dataset.relabel".into(),
            reason: "a test".into(),
            saw: vec![],
        };
        app.store.write(&app.system(), vec![change]).unwrap();
    });
    let last = journalled(&instance, "training.export");
    assert_eq!(last["whole"], false, "{last}");
    assert!(last["rows"].as_u64().unwrap() < ROWS as u64, "{last}");
}

impl Instance {
    async fn begin_now(&self, path: &str) -> Body {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let router = crate::router::router(std::sync::Arc::clone(&self.site));
        router.oneshot(request).await.unwrap().into_body()
    }
}

#[test]
fn r_19_records_stop_when_the_session_ends() {
    let instance = instance();
    let app = &instance.site.app;
    let blank = Envelope {
        kind: "unit".into(),
        state: kinds::by_code("unit").unwrap().states[0].into(),
        version: 0,
        ..dataset(&instance, "open-report").envelope
    };
    let fill = app.store.write_all(
        &app.system(),
        Box::new(|put| {
            for n in 0..ROWS {
                let code = format!("UNT-{n:06}");
                let envelope = Envelope {
                    id: RecordId::named("unit", &code),
                    code,
                    partner: "MLI".into(),
                    ..blank.clone()
                };
                put(Change {
                    envelope,
                    body: json!({"name": format!("Invented unit {n}")}),
                    action: "unit.create".into(),
                    reason: String::new(),
                    saw: vec![],
                })?;
            }
            Ok(())
        }),
    );
    fill.unwrap();
    let cookie = instance.cookie(Role::DeskOfficer, "USA");
    let token = cookie.split_once('=').unwrap().1.to_owned();
    let path = "/records/unit/export.ndjson";
    stops(&instance, (path, &cookie), || app.sign_out(&token).unwrap());
    let last = journalled(&instance, "unit.export");
    assert_eq!(last["whole"], false, "{last}");
}
