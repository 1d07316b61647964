//! Witnesses over HTTP: real ones, each a server of its own that keeps what it has seen and refuses what does
//! not follow from it.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use base64ct::{Base64, Encoding};
use common::{Said, run};
use ed25519_dalek::{Signer, SigningKey};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;
use symbolon_store::journal::{Checkpoint, SigningKey as LogKey, VerifyingKey, consistent};

/// What a witness knows: the keys of its logs, and the last checkpoint of each it cosigned.
struct Witness {
    name: String,
    key: SigningKey,
    logs: Mutex<Vec<VerifyingKey>>,
    seen: Mutex<HashMap<String, Checkpoint>>,
    /// Seconds its clock is wrong by.
    late: u64,
}

impl Witness {
    /// Starts a witness; where it is asked, with its key.
    fn start(name: &str, seed: u8, late: u64) -> (Arc<Self>, String) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let key = SigningKey::from_bytes(&[seed; 32]);
        let public = [&[4][..], key.verifying_key().as_bytes()].concat();
        let witness = Arc::new(Self {
            name: name.to_owned(),
            key,
            logs: Mutex::default(),
            seen: Mutex::default(),
            late,
        });
        let url = format!(
            "http://{}#{name}+{}+{}",
            listener.local_addr().unwrap(),
            hex(&witness.id()),
            Base64::encode_string(&public)
        );
        let serving = Arc::clone(&witness);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                serving.serve(stream.unwrap());
            }
        });
        (witness, url)
    }

    fn id(&self) -> [u8; 4] {
        let mut name = self.name.clone().into_bytes();
        name.extend([b'\n', 4]);
        name.extend(self.key.verifying_key().as_bytes());
        Sha256::digest(name)[..4].try_into().unwrap()
    }

    fn serve(&self, mut stream: TcpStream) {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let (mut line, mut length) = (String::new(), 0);
        reader.read_line(&mut line).unwrap();
        let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
        loop {
            line.clear();
            reader.read_line(&mut line).unwrap();
            let head = line.trim_end().to_ascii_lowercase();
            if head.is_empty() {
                break;
            }
            if let Some(n) = head.strip_prefix("content-length: ") {
                length = n.parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        let body = String::from_utf8(body).unwrap();
        let (status, answer) = match path.as_str() {
            "/add-checkpoint" => self.add(&body),
            _ => (404, String::new()),
        };
        let answer = format!(
            "HTTP/1.1 {status} x\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{answer}",
            answer.len()
        );
        stream.write_all(answer.as_bytes()).unwrap();
    }

    /// The one call of the protocol: old size, proof, note; a cosignature where all follows.
    fn add(&self, body: &str) -> (u16, String) {
        let Some((head, note)) = body.split_once("\n\n") else {
            return (400, "no note".into());
        };
        let mut lines = head.lines();
        let old: u64 = match lines
            .next()
            .and_then(|l| l.strip_prefix("old ")?.parse().ok())
        {
            Some(old) => old,
            None => return (400, "no old size".into()),
        };
        let proof: Vec<[u8; 32]> = lines
            .map(|l| Base64::decode_vec(l).unwrap().try_into().unwrap())
            .collect();
        let logs = self.logs.lock().unwrap();
        let Some(new) = logs.iter().find_map(|key| key.open(note).ok()) else {
            return (403, "no log of mine signed this".into());
        };
        let mut seen = self.seen.lock().unwrap();
        let before = seen.get(&new.origin);
        let size = before.map_or(0, |c| c.size);
        if old > new.size {
            return (400, "it shrinks".into());
        }
        if old != size {
            return (409, format!("{size}\n"));
        }
        let follows = match before {
            None => proof.is_empty(),
            Some(c) => consistent((c.size, &c.root), (new.size, &new.root), &proof),
        };
        if !follows {
            return (422, "it does not follow from what I saw".into());
        }
        seen.insert(new.origin.clone(), new);
        (200, self.cosign(note))
    }

    fn cosign(&self, note: &str) -> String {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let time = now.unwrap().as_secs() - self.late;
        let text = note.split_once("\n\n").unwrap().0;
        let signed = format!("cosignature/v1\ntime {time}\n{text}\n");
        let mut blob = self.id().to_vec();
        blob.extend(time.to_be_bytes());
        blob.extend(self.key.sign(signed.as_bytes()).to_bytes());
        format!("\u{2014} {} {}\n", self.name, Base64::encode_string(&blob))
    }

    fn trusts(&self, log: &Log) {
        self.logs.lock().unwrap().push(log.key());
    }

    fn has_seen(&self) -> Vec<u64> {
        self.seen.lock().unwrap().values().map(|c| c.size).collect()
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// An instance with a signed journal.
struct Log {
    dir: tempfile::TempDir,
}

impl Log {
    fn new() -> Self {
        let log = Self {
            dir: tempfile::tempdir().unwrap(),
        };
        log.run(&["init"]).ended(0);
        log.run(&["journal", "checkpoint"]).ended(0);
        log
    }

    fn run(&self, args: &[&str]) -> Said {
        let data = self.dir.path().join("d");
        run(&[args, &["--data", data.to_str().unwrap()]].concat())
    }

    fn key(&self) -> VerifyingKey {
        let path = self.dir.path().join("d/keys/signing.key");
        let text = std::fs::read_to_string(path).unwrap();
        let byte = |i: usize| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap();
        LogKey::from_bytes(&std::array::from_fn(byte)).verifying()
    }

    /// One entry more, signed.
    fn grows(&self, name: &str) {
        let add = [
            "account", "add", "--name", name, "--role", "auditor", "--nation", "USA",
        ];
        self.run(&add).ended(0);
        self.run(&["journal", "checkpoint"]).ended(0);
    }
}

#[test]
fn r_29_several_hosts_cosign_a_journal_that_grows() {
    let log = Log::new();
    let ((a, first), (b, second)) = (
        Witness::start("a.example", 1, 0),
        Witness::start("b.example", 2, 0),
    );
    a.trusts(&log);
    b.trusts(&log);
    let kept = log.dir.path().join("kept");
    let kept = kept.to_str().unwrap();
    for name in ["", "One", "Two"] {
        if !name.is_empty() {
            log.grows(name);
        }
        let asked = [
            "journal",
            "witness",
            "--cosigner",
            &first,
            "--cosigner",
            &second,
            "--to",
            kept,
            "--json",
        ];
        let json = log.run(&asked).ended(0).json();
        assert_eq!(
            json["cosigned"],
            serde_json::json!(["a.example", "b.example"])
        );
        assert_eq!(a.has_seen(), [json["size"].as_u64().unwrap()]);
        assert_eq!(a.has_seen(), b.has_seen());
    }
    // What is kept holds the journal's signature and both others, and is held against the journal.
    let notes = std::fs::read_to_string(kept).unwrap();
    assert_eq!(notes.matches("\u{2014} a.example ").count(), 3, "{notes}");
    log.run(&["journal", "verify", "--witness", kept]).ended(0);
    // The same checkpoint again is cosigned again.
    log.run(&["journal", "witness", "--cosigner", &first])
        .ended(0);
}

#[test]
fn r_29_a_host_that_has_seen_another_journal_refuses_and_that_is_tampering() {
    let (log, other) = (Log::new(), Log::new());
    let (a, first) = Witness::start("a.example", 1, 0);
    a.trusts(&log);
    log.grows("One");
    log.run(&["journal", "witness", "--cosigner", &first])
        .ended(0);
    // Another root over fewer entries was cosigned under this name: what the journal says now cannot follow from it.
    let origin = a.seen.lock().unwrap().keys().next().unwrap().clone();
    let wrong = Checkpoint {
        origin: origin.clone(),
        size: 1,
        root: [9; 32],
    };
    a.seen.lock().unwrap().insert(origin.clone(), wrong);
    let refused = log
        .run(&["journal", "witness", "--cosigner", &first])
        .ended(7);
    assert!(refused.err.contains("a.example"), "{refused:?}");
    // More entries than there are: the journal was cut.
    let more = Checkpoint {
        origin: origin.clone(),
        size: 1_000,
        root: [9; 32],
    };
    a.seen.lock().unwrap().insert(origin, more);
    let cut = log
        .run(&["journal", "witness", "--cosigner", &first])
        .ended(7);
    assert!(cut.err.contains("cut or rolled back"), "{cut:?}");
    // A log it does not know is refused, and is no tampering.
    other
        .run(&["journal", "witness", "--cosigner", &first])
        .ended(1);
}

#[test]
fn r_29_k_of_n_suffice_and_who_refuses_is_named() {
    let log = Log::new();
    let ((a, first), (_, second)) = (
        Witness::start("a.example", 1, 0),
        Witness::start("b.example", 2, 0),
    );
    a.trusts(&log);
    let both = [
        "journal",
        "witness",
        "--cosigner",
        &first,
        "--cosigner",
        &second,
    ];
    let missing = log.run(&both).ended(1);
    assert!(
        missing.err.contains("b.example") && missing.err.contains("403"),
        "{missing:?}"
    );
    let enough = log.run(&[&both[..], &["--quorum", "1"]].concat()).ended(0);
    assert!(enough.err.contains("b.example"), "{enough:?}");
    log.run(&[&both[..], &["--quorum", "3"]].concat()).ended(2);
}

#[test]
fn r_29_an_answer_that_is_not_the_witness_s_own_of_now_counts_for_nothing() {
    let log = Log::new();
    let (a, first) = Witness::start("a.example", 1, 0);
    let (late, slow) = Witness::start("b.example", 2, 3_600);
    a.trusts(&log);
    late.trusts(&log);
    // The key of one at the address of the other.
    let key = slow.split_once('#').unwrap().1;
    let mixed = format!("{}#{key}", first.split_once('#').unwrap().0);
    let wrong = log
        .run(&["journal", "witness", "--cosigner", &mixed])
        .ended(1);
    assert!(wrong.err.contains("no cosignature"), "{wrong:?}");
    let old = log
        .run(&["journal", "witness", "--cosigner", &slow])
        .ended(1);
    assert!(old.err.contains("not of now"), "{old:?}");
    for wrong in [
        "http://witness.example#a+b+c",
        "https://w.example",
        &format!("http://w.example#{key}"),
    ] {
        log.run(&["journal", "witness", "--cosigner", wrong])
            .ended(2);
    }
}
