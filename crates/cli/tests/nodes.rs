//! Two servers on one PostgreSQL: sessions hold on both, an end binds on both within a second, one is
//! killed and the other goes on, and the journal has no gap.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use common::{command, listening, run};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Child;
use std::time::{Duration, Instant};
use symbolon_access::Viewer;
use symbolon_store::{Jobs, Store, journal::JournalFilter};
use symbolon_store_sql::SqlStore;

/// A server on a port of its own.
struct Node {
    child: Child,
    address: String,
}

impl Node {
    fn start(data: &str, database: &str) -> Self {
        let args = [
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--job-lease",
            "2",
            "--data",
            data,
        ];
        let mut serve = command(&args);
        serve.env("SYMBOLON_DATABASE", database);
        let (child, address) = listening(serve);
        Self { child, address }
    }

    /// Status, headers and body of an answer.
    fn ask(&self, method: &str, path: &str, cookie: &str, form: &str) -> (u16, String) {
        let answer = send(&self.address, method, path, cookie, form);
        let status = answer
            .split(' ')
            .nth(1)
            .unwrap_or_else(|| panic!("{method} {path}: {answer}"));
        (status.parse().unwrap(), answer)
    }

    /// Whether this cookie is signed in here: only then the journal is listed.
    fn knows(&self, cookie: &str) -> bool {
        let (status, _) = self.ask("GET", "/api/v1/journal?limit=1", cookie, "");
        status == 200
    }
}

/// What comes back to a request, as far as it comes.
fn send(address: &str, method: &str, path: &str, cookie: &str, form: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nSec-Fetch-Site: same-origin\r\n\
         Cookie: {cookie}\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\n\r\n{form}",
        form.len()
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut bytes = vec![];
    // A server that closes with part of a request unread resets; what it said has come before.
    let _ = stream.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Signs in on a node; the cookie.
fn sign_in(node: &Node, link: &str) -> String {
    let token = link.rsplit('/').next().unwrap();
    let (_, answer) = node.ask("POST", "/sign-in/confirm", "", &format!("token={token}"));
    let begin = answer
        .find("symbolon=")
        .unwrap_or_else(|| panic!("{answer}"));
    let cookie = answer[begin..].split(';').next().unwrap();
    cookie.to_owned()
}

fn csrf(page: &str) -> String {
    let at = page.find("name=\"csrf\"").unwrap();
    let value = page[at..].split("value=\"").nth(1).unwrap();
    value.split('"').next().unwrap().to_owned()
}

#[test]
fn two_servers_share_one_database_and_one_is_killed() {
    let Some(database) = symbolon_testkit::postgres_database() else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("keys").to_str().unwrap().to_owned();
    let with = |args: &[&str]| run(&[args, &["--data", &data, "--database", &database]].concat());
    with(&["init"]).ended(0);
    let link = |name: &str| {
        let add = [
            "account", "add", "--name", name, "--role", "auditor", "--nation", "USA", "--json",
        ];
        with(&add).ended(0).json()["link"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let (first, second) = (link("First"), link("Second"));
    let (a, mut b) = (Node::start(&data, &database), Node::start(&data, &database));

    let cookie = sign_in(&a, &first);
    assert!(
        a.knows(&cookie) && b.knows(&cookie),
        "a session holds on both"
    );
    let (_, page) = a.ask("GET", "/journal", &cookie, "");
    let (status, _) = a.ask(
        "POST",
        "/sign-out",
        &cookie,
        &format!("csrf={}", csrf(&page)),
    );
    assert!((200..400).contains(&status), "{status}");
    let ended = Instant::now();
    while b.knows(&cookie) {
        assert!(
            ended.elapsed() < Duration::from_secs(1),
            "revocation took longer than a second"
        );
        std::thread::sleep(Duration::from_millis(50));
    }

    // Both write at once; one is killed in the middle.
    let cookie = sign_in(&b, &second);
    std::thread::scope(|scope| {
        let (a, b, cookie) = (&a, &b, &cookie);
        for node in [a, b] {
            scope.spawn(move || {
                // With one more at the end as many as a user may at once.
                for _ in 0..5 {
                    let (status, _) = node.ask("GET", "/training/export.csv", cookie, "");
                    assert_eq!(status, 200);
                }
            });
        }
    });
    b.child.kill().unwrap();
    b.child.wait().unwrap();
    assert!(
        a.knows(&cookie),
        "the other goes on with the sessions of the killed one"
    );
    let (status, _) = a.ask("GET", "/training/export.csv", &cookie, "");
    assert_eq!(status, 200);
    drop(a);
    let verify = with(&["journal", "verify"]).ended(0);
    assert!(verify.out.starts_with("Sound"), "{verify:?}");
}

/// Rows that take long enough to be interrupted.
const ROWS: usize = 4_000;

fn units() -> String {
    let mut rows = "code,name,partner,label\n".to_owned();
    for n in 0..ROWS {
        rows += &format!("U-{n},Invented unit {n},MLI,internal\n");
    }
    rows
}

#[test]
fn r_77_an_import_of_a_server_that_was_killed_is_done_once_by_the_other() {
    let Some(database) = symbolon_testkit::postgres_database() else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("keys").to_str().unwrap().to_owned();
    let with = |args: &[&str]| run(&[args, &["--data", &data, "--database", &database]].concat());
    with(&["init"]).ended(0);
    let add = [
        "account",
        "add",
        "--name",
        "Desk",
        "--role",
        "desk_officer",
        "--nation",
        "USA",
        "--json",
    ];
    let link = with(&add).ended(0).json()["link"]
        .as_str()
        .unwrap()
        .to_owned();
    let (mut a, b) = (Node::start(&data, &database), Node::start(&data, &database));
    let cookie = sign_in(&a, &link);
    let asked = "/api/v1/records/unit/import?name=units.csv";
    let (status, answer) = a.ask("POST", asked, &cookie, &units());
    assert_eq!(status, 200, "{answer}");
    let plan = answer.split("\"plan\":\"").nth(1).unwrap();
    let taking = format!("{asked}&plan={}", plan.split('"').next().unwrap());

    // Looked at beside both servers, without a key.
    let store = SqlStore::postgres(&database, symbolon_testkit::surroundings(1)).unwrap();
    let held = || store.jobs().unwrap().len();
    std::thread::scope(|scope| {
        let address = a.address.clone();
        let (taking, cookie) = (&taking, &cookie);
        scope.spawn(move || send(&address, "POST", taking, cookie, &units()));
        let begun = Instant::now();
        while held() == 0 {
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "it does not begin"
            );
            std::thread::sleep(Duration::from_millis(5));
        }
        a.child.kill().unwrap();
        a.child.wait().unwrap();
    });
    assert_eq!(held(), 1, "it was killed in the middle");
    let killed = Instant::now();
    while held() > 0 {
        assert!(
            killed.elapsed() < Duration::from_secs(120),
            "nobody takes it over"
        );
        std::thread::sleep(Duration::from_millis(100));
    }
    let (_, list) = b.ask("GET", "/api/v1/records/unit?limit=1", &cookie, "");
    assert!(list.contains(&format!("\"total\":{ROWS}")), "{list}");
    let (_, imports) = b.ask("GET", "/api/v1/records/import?limit=1", &cookie, "");
    assert!(imports.contains("\"total\":1"), "{imports}");
    drop(b);
    let count = |action: &str| {
        let filter = JournalFilter {
            action: action.into(),
            ..JournalFilter::default()
        };
        let system = Viewer::system(jiff::civil::date(2026, 1, 1));
        store.count_entries(&system, &filter).unwrap()
    };
    assert_eq!((count("job.begin"), count("job.end")), (2, 1));
    assert_eq!(count("unit.import"), ROWS as u64);
    let verify = with(&["journal", "verify"]).ended(0);
    assert!(verify.out.starts_with("Sound"), "{verify:?}");
}
