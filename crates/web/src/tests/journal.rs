//! The journal over HTTP, checked offline by a program in another language.

use super::{Instance, instance};
use axum::http::StatusCode;
use std::path::Path;
use std::process::Command;
use symbolon_domain::kinds::Role;

/// The verifier that is not ours: Python and its own library.
const VERIFIER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/offline/verify.py");

fn python() -> bool {
    let there = Command::new("python3").arg("--version").output().is_ok();
    if !there {
        println!("SKIPPED: the offline verifier in Python; there is no python3");
    }
    there
}

/// Whether the verifier proves it, and what it says.
fn proved(args: &[&str]) -> (bool, String) {
    let out = Command::new("python3")
        .arg(VERIFIER)
        .args(args)
        .output()
        .unwrap();
    (
        out.status.success(),
        String::from_utf8_lossy(&out.stdout).into_owned(),
    )
}

fn kept(directory: &Path, name: &str, text: &str) -> String {
    let path = directory.join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

fn grow(instance: &Instance) {
    let app = &instance.site.app;
    for n in 0..700 {
        let object = format!("export/{n}");
        let nothing = serde_json::Value::Null;
        app.store
            .note(&app.system(), &object, "portfolio.export", nothing, "")
            .unwrap();
    }
    app.store.sign().unwrap();
}

#[test]
fn a_partner_checks_an_entry_and_the_growth_of_the_log_without_our_program() {
    if !python() {
        return;
    }
    let instance = instance();
    let directory = symbolon_testkit::directory();
    let key = instance.site.app.journal_head().unwrap().unwrap().key;
    let old = instance.get("/journal/checkpoint", "").body;
    let old_note = kept(directory.path(), "old", &old);
    grow(&instance);
    let size: u64 = old.lines().nth(1).unwrap().parse().unwrap();

    let answer = instance.get(&format!("/journal/consistency?old={size}"), "");
    assert_eq!(answer.status, StatusCode::OK);
    let proof = kept(directory.path(), "consistency", &answer.body);
    let (sound, said) = proved(&["consistency", &key, &old_note, &proof]);
    assert!(sound, "{said}");
    let mut lines: Vec<&str> = answer.body.lines().collect();
    lines.swap(2, 3);
    let swapped = kept(directory.path(), "swapped", &(lines.join("\n") + "\n"));
    assert!(!proved(&["consistency", &key, &old_note, &swapped]).0);

    let seq = public_entry(&instance);
    let answer = instance.get(&format!("/journal/entries/{seq}/proof"), "");
    assert_eq!(answer.status, StatusCode::OK);
    let proof = kept(directory.path(), "entry.tlog-proof", &answer.body);
    let (sound, said) = proved(&["inclusion", &key, &proof]);
    assert!(sound && said.contains(&format!("\"seq\":{seq},")), "{said}");
    let other = answer
        .body
        .replace(&format!("index {seq}"), &format!("index {}", seq + 1));
    let other = kept(directory.path(), "other.tlog-proof", &other);
    assert!(!proved(&["inclusion", &key, &other]).0);
}

/// An entry about a record that everybody may see.
fn public_entry(instance: &Instance) -> i64 {
    let app = &instance.site.app;
    let query = symbolon_store::query::RecordQuery::default();
    let partner = app
        .store
        .list(&app.public(), "partner", &query)
        .unwrap()
        .remove(0);
    let object = format!("partner/{}", partner.envelope.id);
    app.store
        .last_entry(&app.public(), &object)
        .unwrap()
        .unwrap()
        .entry
        .seq
}

#[test]
fn the_api_gives_the_same_proofs_and_hides_what_is_hidden() {
    let instance = instance();
    let seq = public_entry(&instance);
    let json = |path: &str| -> serde_json::Value {
        let answer = instance.get(path, "");
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        serde_json::from_str(&answer.body).unwrap()
    };
    let proof = json(&format!("/api/v1/journal/entries/{seq}/proof"));
    let file = instance
        .get(&format!("/journal/entries/{seq}/proof"), "")
        .body;
    assert_eq!(proof["tlog_proof"], file);
    let note = json("/api/v1/journal/checkpoint");
    assert_eq!(note["note"], instance.get("/journal/checkpoint", "").body);
    let grown = json("/api/v1/journal/consistency?old=3");
    assert_eq!(grown["checkpoint"], note["note"]);

    // A sign-in is nothing the public may see: the same answer as for a number that is not there.
    instance.cookie(Role::DeskOfficer, "USA");
    instance.site.app.store.sign().unwrap();
    let last = instance.site.app.store.revision().unwrap();
    for path in [
        "/journal/entries/{}/proof",
        "/api/v1/journal/entries/{}/proof",
    ] {
        let hidden = instance.get(&path.replace("{}", &(last - 1).to_string()), "");
        let absent = instance.get(&path.replace("{}", "99999999"), "");
        assert_eq!(hidden.status, StatusCode::NOT_FOUND);
        assert_eq!(absent.status, StatusCode::NOT_FOUND);
    }
    for path in [
        "/journal/consistency?old=0",
        "/api/v1/journal/consistency?old=5&new=99999999",
    ] {
        assert_eq!(
            instance.get(path, "").status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{path}"
        );
    }
}
