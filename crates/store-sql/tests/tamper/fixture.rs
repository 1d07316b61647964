//! A small database with something in every table.

use crate::common::{dataset, envelope, partner, source, system};
use serde_json::json;
use symbolon_domain::{
    date::{Known, Precision, ValidTime},
    label::Label,
    record::{Citation, Confidence, RecordId},
};
use symbolon_store::{
    Change, Loader, Once, Store,
    facts::{Cell, ColumnType, TABLES, TableDef},
    jobs::NewJob,
    journal::Checkpoint,
    query::RecordQuery,
};
use symbolon_testkit::builder;

/// Fills a store, with so many entries more than it needs; gives back each checkpoint that was signed.
pub fn fill(store: &dyn Store, more: usize) -> Vec<Checkpoint> {
    let mut signed = vec![];
    parties(store);
    signed.extend(store.sign().unwrap());
    bulk(store, 1, &TABLES);
    people(store);
    signed.extend(store.sign().unwrap());
    for number in 0..more {
        let object = format!("export/{}", 2 + number);
        store
            .note(&system(), &object, "portfolio.export", json!({}), "")
            .unwrap();
    }
    bulk(store, 2, &TABLES[..7]);
    others(store);
    revise(store);
    jobs(store);
    signed.extend(store.sign().unwrap());
    assert_eq!(signed.len(), 3);
    signed
}

/// Jobs under way, one of them renewed.
fn jobs(store: &dyn Store) {
    for (id, input) in [("a1", Some(b"rows".to_vec())), ("b2", None)] {
        let job = NewJob {
            id: id.to_owned(),
            work: "import".to_owned(),
            asked: json!({"kind": "unit"}),
            input,
        };
        let turn = store.begin_job(&system(), &job, "node", 60_000).unwrap();
        if id == "a1" {
            assert!(store.renew_job(&system(), &turn, 90_000).unwrap());
        }
    }
}

fn change(kind: &str, code: &str, label: Label, body: serde_json::Value) -> Change {
    Change {
        envelope: envelope(kind, code, label),
        body,
        action: format!("{kind}.create"),
        reason: "a test".into(),
        saw: vec![],
    }
}

fn write(store: &dyn Store, changes: Vec<Change>) {
    store.write(&system(), changes).unwrap();
}

fn parties(store: &dyn Store) {
    write(
        store,
        vec![
            partner("NGA", "Nigeria", Label::public("USA")),
            partner("MLI", "Mali", Label::public("USA")),
            partner("TCD", "Chad", Label::internal("USA")),
            source(),
            change(
                "source",
                "second",
                Label::public("USA"),
                json!({"title": "Another", "publisher": "B", "licence": "open", "url": "https://example.org"}),
            ),
        ],
    );
    let body = |code: &str, name: &str| {
        let fields = json!({"name": name, "abbreviation": code, "body_type": "union", "completeness": "part"});
        change("regional_body", code, Label::public("USA"), fields)
    };
    write(
        store,
        vec![
            body("AU", "African Union"),
            body("ECOWAS", "Economic Community"),
        ],
    );
    let membership = |code: &str, body: &str, iso3: &str, year: i16| {
        let fields = json!({
            "body": RecordId::named("regional_body", body), "member": RecordId::named("partner", iso3), "iso3": iso3,
        });
        let mut change = change("membership", code, Label::public("USA"), fields);
        let known = |year, precision| Known {
            day: jiff::civil::date(year, 1, 1),
            precision,
        };
        change.envelope.valid = ValidTime {
            from: Some(known(year, Precision::Day)),
            to: Some(known(year + 40, Precision::Year)),
        };
        change.envelope.partner = iso3.into();
        change.envelope.programme = format!("p{year}");
        change.envelope.sources = vec![Citation {
            document: "A treaty".into(),
            locator: "article 1".into(),
            url: String::new(),
            confidence: Confidence::High,
            field: String::new(),
        }];
        change
    };
    write(
        store,
        vec![
            membership("m1", "AU", "NGA", 1963),
            membership("m2", "ECOWAS", "MLI", 1975),
        ],
    );
}

fn people(store: &dyn Store) {
    let account = |code: &str, name: &str, role: &str, active: bool| {
        let fields = json!({"name": name, "role": role, "nation": "USA", "active": active});
        change("account", code, Label::internal("USA"), fields)
    };
    write(
        store,
        vec![
            account(
                &builder::code("account", 0),
                "Desk Officer",
                "desk_officer",
                true,
            ),
            account(&builder::code("account", 1), "Auditor", "auditor", false),
        ],
    );
    let token = |kind: &str, code: &str, account: usize, expires: i64| {
        let fields = json!({
            "account": builder::id("account", account), "token_sha256": code.repeat(8), "expires": expires,
        });
        change(kind, code, Label::internal("USA"), fields)
    };
    write(
        store,
        vec![
            token("sign_in_link", "00000001", 0, 1),
            token("sign_in_link", "00000002", 1, 2),
            token("session", "00000003", 0, 3),
            token("session", "00000004", 1, 4),
        ],
    );
    let proposal = |code: &str, entry: i64| {
        let fields = json!({
            "entries": [entry], "basis": "an invented act", "reason": "",
            "proposed_by": builder::id("account", 0), "confirmed_by": null,
        });
        let mut change = change("redaction", code, Label::internal("USA"), fields);
        change.envelope.state = "proposed".into();
        change
    };
    write(store, vec![proposal("r1", 1), proposal("r2", 2)]);
    store
        .note(
            &system(),
            "export/1",
            "portfolio.export",
            json!({"rows": 3}),
            "",
        )
        .unwrap();
}

/// Two records of every kind that has none yet, built from its definition, and a remembered request.
fn others(store: &dyn Store) {
    for kind in symbolon_domain::kinds::all() {
        let query = RecordQuery::default();
        if store.count(&system(), kind.code, &query).unwrap() > 1 {
            continue;
        }
        for n in 0..2 {
            let code = builder::code(kind.code, n);
            let body = builder::body(kind, n);
            let mut change = change(kind.code, &code, Label::public("USA"), body);
            change.envelope.partner = ["NGA", "MLI"][n].into();
            let once = Once {
                id: format!("{}-{n}", kind.code),
                request: "c".repeat(64),
            };
            store.write_once(&system(), vec![change], &once).unwrap();
        }
    }
}

/// Four invented rows in each of the tables.
fn bulk(store: &dyn Store, number: i64, tables: &'static [&'static TableDef]) {
    let source = RecordId::named("source", "s");
    let load = move |loader: &mut dyn Loader| {
        for table in tables {
            for row in 1..=4_u32 {
                let texts: Vec<String> = table
                    .columns
                    .iter()
                    .map(|c| format!("{}-{row}", c.name))
                    .collect();
                let cells: Vec<Cell<'_>> = table
                    .columns
                    .iter()
                    .zip(&texts)
                    .enumerate()
                    .map(|(i, (column, text))| match column.column_type {
                        _ if row == 3 && i % 2 == 1 => Cell::Null,
                        ColumnType::Integer => Cell::Int(i64::from(row) * 100 + i as i64),
                        ColumnType::Text => Cell::Text(text),
                    })
                    .collect();
                loader.put(table, row, &cells)?;
            }
        }
        let (number, roots) = (loader.dataset(), loader.roots()?);
        Ok(dataset(number, source, roots, Label::public("USA")))
    };
    let written = store.load(&system(), Box::new(load)).unwrap();
    assert_eq!(
        written.id,
        RecordId::named("dataset", &format!("d{number}"))
    );
}

/// Second versions, so that there is something to roll back to; the old label is used no more.
fn revise(store: &dyn Store) {
    let mut chad = partner("TCD", "Republic of Chad", Label::internal("FRA"));
    chad.envelope.version = 1;
    let mut mali = partner("MLI", "Republic of Mali", Label::public("USA"));
    mali.envelope.version = 1;
    mali.body["other_names"] = json!(["French Sudan", "Mali Federation"]);
    write(store, vec![chad, mali]);
    let once = partner("GHA", "Ghana", Label::internal("GHA"));
    write(store, vec![once]);
    let mut ghana = partner("GHA", "Ghana", Label::public("USA"));
    ghana.envelope.version = 1;
    write(store, vec![ghana]);
}
