//! Two servers on one PostgreSQL: sessions hold on both, an end binds on both within a second, one is
//! killed and the other goes on, and the journal has no gap.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use common::{command, run};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// A server on a port of its own.
struct Node {
    child: Child,
    address: String,
}

impl Node {
    fn start(data: &str, database: &str) -> Self {
        let args = ["serve", "--listen", "127.0.0.1:0", "--data", data];
        let mut child = command(&args)
            .env("SYMBOLON_DATABASE", database)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.next().unwrap().unwrap();
        let address = line
            .strip_prefix("Listening on http://")
            .unwrap()
            .to_owned();
        Self { child, address }
    }

    /// Status, headers and body of an answer.
    fn ask(&self, method: &str, path: &str, cookie: &str, form: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\nSec-Fetch-Site: same-origin\r\n\
             Cookie: {cookie}\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {1}\r\n\r\n{form}",
            self.address,
            form.len()
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut bytes = vec![];
        // A server that closes with part of a request unread resets; what it said has come before.
        let _ = stream.read_to_end(&mut bytes);
        let answer = String::from_utf8_lossy(&bytes).into_owned();
        let status = answer
            .split(' ')
            .nth(1)
            .unwrap_or_else(|| panic!("{method} {path}: {answer}"));
        let status = status.parse().unwrap();
        (status, answer)
    }

    /// Whether this cookie is signed in here: only then the journal is listed.
    fn knows(&self, cookie: &str) -> bool {
        let (status, _) = self.ask("GET", "/api/v1/journal?limit=1", cookie, "");
        status == 200
    }
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
