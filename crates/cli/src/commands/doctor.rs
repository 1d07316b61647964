//! `doctor`: what is right and wrong with an installation, and what to do.

use crate::Outcome;
use crate::config::Global;
use crate::exit::{FAILED, OK};
use crate::instance::Place;
use crate::keys::is_root;
use crate::output::{Out, grouped};
use serde::Serialize;
use std::io::Read;
use std::os::unix::fs::MetadataExt;

/// How it is with one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Level {
    Ok,
    Warn,
    Fault,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Finding {
    what: &'static str,
    level: Level,
    found: String,
    /// What to do.
    #[serde(rename = "do")]
    remedy: String,
}

/// Findings as they are made.
#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn add(
        &mut self,
        what: &'static str,
        level: Level,
        found: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        let (found, remedy) = (found.into(), remedy.into());
        self.0.push(Finding {
            what,
            level,
            found,
            remedy,
        });
    }

    fn ok(&mut self, what: &'static str, found: impl Into<String>) {
        self.add(what, Level::Ok, found, "");
    }
}

/// Looks at everything; 1 if anything is faulty.
pub fn run(global: &Global) -> Outcome {
    let place = Place::of(global);
    let mut findings = Findings::default();
    directory(&place, &mut findings);
    room(&place, &mut findings);
    clock(&mut findings);
    if is_root() {
        findings.add(
            "user",
            Level::Warn,
            "this runs as root",
            "Give the program a user of its own.",
        );
    }
    if place.exists() {
        file(&place, &mut findings);
        database(&place, &mut findings);
    }
    let rows: Vec<Vec<String>> = findings
        .0
        .iter()
        .map(|f| {
            let level = format!("{:?}", f.level).to_lowercase();
            let tail = if f.remedy.is_empty() {
                String::new()
            } else {
                format!(" -> {}", f.remedy)
            };
            vec![level, f.what.to_owned(), format!("{}{tail}", f.found)]
        })
        .collect();
    let out = Out::of(global);
    match out {
        Out::Human => {
            let lines: Vec<String> = rows
                .iter()
                .map(|r| format!("{:<6} {:<12} {}", r[0], r[1], r[2]))
                .collect();
            crate::output::text(&(lines.join("\n") + "\n"))?;
        }
        _ => out.table(&findings.0, &["level", "what", "found"], &rows)?,
    }
    let faulty = findings.0.iter().any(|f| f.level == Level::Fault);
    Ok(if faulty { FAILED } else { OK })
}

fn directory(place: &Place, findings: &mut Findings) {
    let shown = place.data.display().to_string();
    let Ok(meta) = std::fs::metadata(&place.data) else {
        return findings.add(
            "data",
            Level::Fault,
            format!("{shown} is not there"),
            format!("symbolon init --data {shown}"),
        );
    };
    match meta.mode() & 0o777 {
        m if m & 0o002 != 0 => {
            findings.add(
                "data",
                Level::Fault,
                format!("everybody can write to {shown}"),
                format!("chmod 700 {shown}"),
            );
        }
        m if m & 0o077 != 0 => {
            findings.add(
                "data",
                Level::Warn,
                format!("others can look into {shown} (mode {m:03o})"),
                format!("chmod 700 {shown}"),
            );
        }
        _ => findings.ok("data", shown.clone()),
    }
    if !place.exists() {
        return findings.add(
            "instance",
            Level::Fault,
            format!("no instance in {shown}"),
            format!("symbolon init --data {shown}"),
        );
    }
    match place.keys().read() {
        Ok(Some(_)) => findings.ok("key", place.keys().key_file().display().to_string()),
        Ok(None) => findings.add(
            "key",
            Level::Fault,
            format!("{} is missing", place.keys().key_file().display()),
            "Put it back from its own backup: nothing can be written without it.",
        ),
        Err(e) => findings.add("key", Level::Fault, e.message, e.help),
    }
}

/// Below this an import can fill the disk.
const LITTLE_ROOM: u64 = 1 << 30;
/// Below this the next write can.
const NO_ROOM: u64 = 100 << 20;

fn room(place: &Place, findings: &mut Findings) {
    let Ok(disk) = rustix::fs::statvfs(&place.data) else {
        return;
    };
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    let text = format!("{} MB free", grouped((free >> 20).cast_signed()));
    let level = match free {
        n if n < NO_ROOM => Level::Fault,
        n if n < LITTLE_ROOM => Level::Warn,
        _ => return findings.ok("room", text),
    };
    findings.add(
        "room",
        level,
        text,
        "Make room on the disk of the data directory.",
    );
}

/// No instance can have been made before this program was.
const FIRST_YEAR: i16 = 2025;

fn clock(findings: &mut Findings) {
    let now = jiff::Timestamp::now();
    if now.to_zoned(jiff::tz::TimeZone::UTC).year() < FIRST_YEAR {
        findings.add(
            "clock",
            Level::Fault,
            format!("it says {now}"),
            "Set the clock (NTP): entries bear its time.",
        );
    } else {
        findings.ok("clock", now.to_string());
    }
}

/// The head of the SQLite file: what it is and how it is written.
fn file(place: &Place, findings: &mut Findings) {
    if place.database.is_some() {
        return;
    }
    let mut head = [0; 20];
    let read = std::fs::File::open(place.file()).and_then(|mut f| f.read_exact(&mut head));
    if read.is_err() || !head.starts_with(b"SQLite format 3\0") {
        return findings.add(
            "file",
            Level::Fault,
            format!("{} is no SQLite database", place.file().display()),
            "Put back a backup; keep this file as evidence.",
        );
    }
    if head[18..20] == [2, 2] {
        findings.ok("file", "SQLite, write-ahead log, every commit synced");
    } else {
        findings.add(
            "file",
            Level::Warn,
            "the file is not in write-ahead mode",
            "Opening it with this program sets it again.",
        );
    }
}

/// A checkpoint older than this, with news after it, means that nobody signs.
const STALE_MS: i64 = 15 * 60 * 1000;

fn database(place: &Place, findings: &mut Findings) {
    let instance = match place.open_reader() {
        Ok(instance) => instance,
        Err(e) => return findings.add("database", Level::Fault, e.message, e.help),
    };
    let app = &instance.app;
    let revision = match app.store.revision() {
        Ok(n) => n,
        Err(e) => {
            return findings.add(
                "database",
                Level::Fault,
                e.to_string(),
                "symbolon journal verify",
            );
        }
    };
    findings.ok(
        "database",
        format!("answers; schema known; {} entries", grouped(revision + 1)),
    );
    if let Err(e) = instance.signer.check(app) {
        return findings.add("checkpoint", Level::Fault, e.message, e.help);
    }
    let signed = app
        .store
        .checkpoint()
        .ok()
        .flatten()
        .map_or(0, |(c, _)| c.size.cast_signed());
    let first_unsigned = app
        .store
        .entry(&app.system(), signed)
        .ok()
        .flatten()
        .map(|e| e.entry.time);
    match first_unsigned {
        None => findings.ok(
            "checkpoint",
            format!("covers all {} entries", grouped(signed)),
        ),
        Some(at) if app.around.now_ms() - at > STALE_MS => findings.add(
            "checkpoint",
            Level::Warn,
            format!(
                "covers {} of {} entries, the oldest news is over 15 minutes old",
                grouped(signed),
                grouped(revision + 1)
            ),
            "symbolon journal checkpoint",
        ),
        Some(_) => findings.ok(
            "checkpoint",
            format!(
                "covers {} of {} entries",
                grouped(signed),
                grouped(revision + 1)
            ),
        ),
    }
}
