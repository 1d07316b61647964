//! `demo` and `serve`: what they print, whom they let in, how they end.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use common::{Instance, command};
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Stdio};
use symbolon_domain::kind::FieldType;

/// A server that is stopped at the end, whatever happens.
struct Server(Child);

impl Server {
    fn start(args: &[&str]) -> (Self, BufReader<std::process::ChildStdout>) {
        let mut child = command(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        (Self(child), out)
    }

    fn stop(&mut self, signal: &str) -> i32 {
        let pid = self.0.id().to_string();
        assert!(
            std::process::Command::new("kill")
                .args([signal, &pid])
                .status()
                .unwrap()
                .success()
        );
        self.0.wait().unwrap().code().unwrap_or(-1)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_demonstration_prints_its_address_and_a_link_for_each_role() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("demo");
    let data = data.to_str().unwrap();
    let (mut server, out) = Server::start(&["demo", "--port", "0", "--data", data]);
    let mut lines = out.lines().map_while(Result::ok);
    let listening = lines.next().unwrap();
    let url = listening.strip_prefix("Listening on ").unwrap().to_owned();
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    let links: Vec<String> = lines.take(14).collect();
    for role in [
        "auditor",
        "administrator",
        "partner_officer",
        "desk_officer",
    ] {
        let begin = format!("Sign in as {role}: {url}/sign-in/");
        assert!(
            links.iter().any(|l| l.starts_with(&begin)),
            "{role}: {links:?}"
        );
    }
    assert_eq!(server.stop("-TERM"), 0);
    let verify = common::run(&["journal", "verify", "--data", data]).ended(0);
    assert!(verify.out.starts_with("Sound"), "{verify:?}");
    let (mut again, out) = Server::start(&["demo", "--port", "0", "--data", data, "--json"]);
    let line = out.lines().next().unwrap().unwrap();
    let event: serde_json::Value = serde_json::from_str(&line).unwrap();
    let roles = symbolon_domain::kinds::by_code("account")
        .and_then(|k| k.field("role"))
        .map(|f| match &f.field_type {
            FieldType::Choice(words) => words.len(),
            _ => 0,
        })
        .unwrap();
    assert_eq!(event["sign_in"].as_array().unwrap().len(), roles);
    assert_eq!(again.stop("-INT"), 0);
    let accounts = common::run(&["account", "list", "--json", "--data", data])
        .ended(0)
        .json();
    assert_eq!(
        accounts.as_array().unwrap().len(),
        roles,
        "the second start adds none"
    );
}

#[test]
fn an_instance_is_served_and_signed_at_the_end() {
    let instance = Instance::new();
    let data = instance.data();
    let data = data.to_str().unwrap();
    let (mut server, out) = Server::start(&["serve", "--listen", "127.0.0.1:0", "--data", data]);
    let line = out.lines().next().unwrap().unwrap();
    assert!(line.starts_with("Listening on http://127.0.0.1:"), "{line}");
    assert_eq!(server.stop("-TERM"), 0);
    instance.run(&["journal", "verify"]).ended(0);
}

/// A witness that cannot be written to is unplugged; here a directory stands where its file should.
#[test]
fn r_29_a_witness_that_is_unplugged_is_an_alarm() {
    let instance = Instance::new();
    let data = instance.data();
    let data = data.to_str().unwrap();
    let place = |name: &str| instance.dir.path().join(name).to_str().unwrap().to_owned();
    let (kept, unplugged) = (place("kept"), place("unplugged"));
    std::fs::create_dir(&unplugged).unwrap();
    let args = ["serve", "--listen", "127.0.0.1:0", "--data", data];
    let some = ["--witness", &kept, "--witness", &unplugged];
    let often = ["--witness-every", "1", "--witness-alarm", "1"];
    let mut child = command(&[&args[..], &some, &often].concat())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let said = BufReader::new(child.stderr.take().unwrap());
    let mut server = Server(child);
    let mut lines = said.lines().map_while(Result::ok);
    let alarm = lines.find(|l| l.contains("witness-gap")).unwrap();
    assert!(
        alarm.contains(&unplugged) && !alarm.contains(&kept),
        "{alarm}"
    );
    // Plugged in again, it is brought up to date.
    std::fs::remove_dir(&unplugged).unwrap();
    assert_eq!(server.stop("-TERM"), 0);
    for witness in [&kept, &unplugged] {
        instance
            .run(&["journal", "verify", "--witness", witness])
            .ended(0);
    }
    let too_many = [&args[..], &["--witness", &kept, "--witness-quorum", "2"]].concat();
    common::run(&too_many).ended(2);
}

#[test]
fn a_port_in_use_is_said_and_nothing_is_loaded() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let said = common::run(&["demo", "--port", &port]).ended(5);
    assert!(
        said.err.contains(&format!("port {port} is in use")) && said.err.contains("--port 0"),
        "{said:?}"
    );
}

#[test]
fn the_demonstration_never_enters_an_instance_that_is_worked_with() {
    let instance = Instance::new();
    let said = instance.run(&["demo", "--port", "0"]).ended(5);
    assert!(said.err.contains("not of the demonstration"), "{said:?}");
}
