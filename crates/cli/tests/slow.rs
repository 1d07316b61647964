//! Connections that keep the server waiting, and too many of them: they end, and others are served.
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

const SECONDS: Duration = Duration::from_secs(1);

struct Server {
    child: Child,
    address: String,
    _dir: tempfile::TempDir,
}

impl Server {
    fn start(limits: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("d").to_str().unwrap().to_owned();
        run(&["init", "--data", &data]).ended(0);
        let mut args = vec!["serve", "--listen", "127.0.0.1:0", "--data", &data];
        args.extend(["--address-rate", "1000/1000"]);
        limits.iter().for_each(|l| args.extend(["--limit", *l]));
        let (child, address) = listening(command(&args));
        Self {
            address,
            child,
            _dir: dir,
        }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(20 * SECONDS)).unwrap();
        stream
    }

    /// Asks whether it is well, on a connection that stays open.
    fn ask(&self, stream: &mut TcpStream) -> std::io::Result<String> {
        let request = format!("GET /healthz HTTP/1.1\r\nHost: {}\r\n\r\n", self.address);
        stream.write_all(request.as_bytes())?;
        let mut bytes = [0; 4096];
        let n = stream.read(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes[..n]).into_owned())
    }

    fn serves(&self) -> bool {
        let answer = self.ask(&mut self.connect());
        answer.is_ok_and(|a| a.starts_with("HTTP/1.1 200"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits for the other end to close; how long that took.
fn closed(stream: &mut TcpStream) -> Duration {
    let begun = Instant::now();
    let mut rest = vec![];
    let read = stream.read_to_end(&mut rest);
    let gone = |e: &std::io::Error| e.kind() == std::io::ErrorKind::ConnectionReset;
    assert!(read.as_ref().err().is_none_or(gone), "still open: {read:?}");
    begun.elapsed()
}

#[test]
fn heads_that_come_drop_by_drop_end_and_others_are_served_meanwhile() {
    let server = Server::start(&["header_seconds=2", "idle_seconds=4", "connections=40"]);
    let mut slow: Vec<TcpStream> = (0..30).map(|_| server.connect()).collect();
    let begun = Instant::now();
    let mut ended = 0;
    while ended < slow.len() {
        assert!(begun.elapsed() < 10 * SECONDS, "{ended} of 30 have ended");
        ended = 0;
        for (n, stream) in slow.iter_mut().enumerate() {
            let drop: &[u8] = if begun.elapsed() < SECONDS / 4 {
                b"GET / HTTP/1.1\r\n"
            } else {
                b"a: b\r\n"
            };
            let refused = stream.write_all(drop).is_err();
            ended += usize::from(refused);
            if n == 0 {
                assert!(server.serves(), "nobody else is served");
            }
        }
        std::thread::sleep(SECONDS / 5);
    }
    assert!(begun.elapsed() >= 2 * SECONDS, "they have their time");
}

#[test]
fn a_connection_without_a_request_and_one_between_requests_end_each_in_its_time() {
    let server = Server::start(&["header_seconds=1", "idle_seconds=3"]);
    let silent = closed(&mut server.connect());
    assert!(
        (SECONDS / 2..5 * SECONDS / 2).contains(&silent),
        "{silent:?}"
    );
    let mut used = server.connect();
    for _ in 0..2 {
        assert!(server.ask(&mut used).unwrap().starts_with("HTTP/1.1 200"));
        // Longer than a head may take: a connection that is used may rest.
        std::thread::sleep(3 * SECONDS / 2);
    }
    let rested = closed(&mut used);
    assert!((SECONDS / 2..4 * SECONDS).contains(&rested), "{rested:?}");
}

#[test]
fn a_body_that_stops_coming_ends_the_request() {
    let server = Server::start(&["header_seconds=1", "idle_seconds=2"]);
    let mut stream = server.connect();
    let head = format!(
        "POST /api/v1/determinations HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{",
        server.address
    );
    stream.write_all(head.as_bytes()).unwrap();
    let took = closed(&mut stream);
    assert!((SECONDS..8 * SECONDS).contains(&took), "{took:?}");
}

#[test]
fn one_address_has_so_many_connections_and_gets_them_back_when_they_end() {
    let server = Server::start(&["per_address=5"]);
    let mut held: Vec<TcpStream> = (0..5).map(|_| server.connect()).collect();
    for stream in &mut held {
        assert!(server.ask(stream).unwrap().starts_with("HTTP/1.1 200"));
    }
    assert!(!server.serves(), "a sixth is let in");
    assert!(
        server
            .ask(&mut held[0])
            .unwrap()
            .starts_with("HTTP/1.1 200")
    );
    held.pop();
    let begun = Instant::now();
    while !server.serves() {
        assert!(begun.elapsed() < 5 * SECONDS, "the place is not given back");
    }
}

#[test]
fn a_limit_that_may_not_be_raised_is_refused() {
    for wrong in [
        "header_seconds=11",
        "idle_seconds=0",
        "upload=1",
        "connections",
    ] {
        run(&["serve", "--limit", wrong]).ended(2);
    }
}
