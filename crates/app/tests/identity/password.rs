//! Passwords, second factors, delays.

use crate::common::{Instance, PASSWORD, instances, sqlite};
use symbolon_app::{AppError, sign_in::Proof};
use symbolon_domain::kinds::Role;

fn words(error: &AppError) -> String {
    error.to_string()
}

fn begin(i: &Instance, name: &str, password: &str) -> Result<String, AppError> {
    let public = i.app.public();
    i.app
        .begin_sign_in(&public, name, password)
        .map(|p| p.ticket)
}

#[test]
fn r_37_name_password_and_code_sign_in_and_no_part_alone_does() {
    for i in instances() {
        let viewer = i.person(Role::DeskOfficer, "USA");
        assert!(
            i.app.set_password(&viewer, "ada", PASSWORD).is_err(),
            "a password before a second factor"
        );
        let (key, _) = i.enrol(&viewer, "Ada");
        i.clock.pass(60);
        let public = i.app.public();
        let ticket = begin(&i, "ADA ", PASSWORD).unwrap();
        assert!(
            i.app.viewer(&ticket, "").unwrap().is_none(),
            "half a sign-in is none"
        );
        let wrong = Proof::Code("000000".into());
        assert!(i.app.finish_sign_in(&public, &ticket, &wrong).is_err());
        i.clock.pass(2);
        let code = i.by_code(&key);
        let signed = i.app.finish_sign_in(&public, &ticket, &code).unwrap();
        assert_eq!(i.viewer(&signed.token).unwrap().account(), viewer.account());
        // Neither the ticket nor the code again.
        assert!(i.app.finish_sign_in(&public, &ticket, &code).is_err());
        i.clock.pass(2);
        let again = begin(&i, "ada", PASSWORD).unwrap();
        assert!(
            i.app.finish_sign_in(&public, &again, &code).is_err(),
            "each code once"
        );
        i.clock.pass(31);
        i.app
            .finish_sign_in(&public, &again, &i.by_code(&key))
            .unwrap();
    }
}

#[test]
fn r_37_a_ticket_ends_and_is_good_for_nothing_else() {
    let i = sqlite();
    let viewer = i.person(Role::DeskOfficer, "USA");
    let (key, _) = i.enrol(&viewer, "ada");
    i.clock.pass(60);
    let ticket = begin(&i, "ada", PASSWORD).unwrap();
    assert!(i.app.resume_totp(&viewer, &ticket).is_err());
    i.clock.pass(10 * 60);
    let public = i.app.public();
    assert!(
        i.app
            .finish_sign_in(&public, &ticket, &i.by_code(&key))
            .is_err()
    );
    assert!(i.app.pending("").is_err());
}

#[test]
fn r_37_recovery_codes_work_once() {
    let i = sqlite();
    let viewer = i.person(Role::DeskOfficer, "USA");
    let (_, codes) = i.enrol(&viewer, "ada");
    assert_eq!(codes.len(), 10);
    let public = i.app.public();
    for (code, works) in [(&codes[3], true), (&codes[3], false), (&codes[4], true)] {
        i.clock.pass(60);
        let ticket = begin(&i, "ada", PASSWORD).unwrap();
        let typed = Proof::Code(code.to_lowercase().replace('-', " "));
        assert_eq!(
            i.app.finish_sign_in(&public, &ticket, &typed).is_ok(),
            works
        );
    }
}

#[test]
fn r_37_what_is_no_good_password_is_refused() {
    let i = sqlite();
    let viewer = i.person(Role::DeskOfficer, "USA");
    i.enrol(&viewer, "ada-byron");
    for bad in [
        "fourteen chars",
        &"x".repeat(129),
        "aaaaaaaaaaaaaaaaaaaaaaa",
        "abababababababababababab",
        "my name is ada-byron!",
        "symbolon symbolon 1",
    ] {
        assert!(
            i.app.set_password(&viewer, "ada-byron", bad).is_err(),
            "{bad}"
        );
    }
    // No rule about what it is made of.
    i.app
        .set_password(&viewer, "ada-byron", "nur kleine worte")
        .unwrap();
    i.app
        .set_password(&viewer, "ada-byron", "فقط كلمات عربية هنا")
        .unwrap();
    let other = i.person(Role::DeskOfficer, "USA");
    i.enrol(&other, "other");
    assert!(
        i.app.set_password(&other, "ada-byron", PASSWORD).is_err(),
        "a name belongs to one"
    );
}

#[test]
fn r_37_an_unknown_name_and_a_wrong_password_cannot_be_told_apart() {
    let i = sqlite();
    let viewer = i.person(Role::DeskOfficer, "USA");
    i.enrol(&viewer, "ada");
    let mut times = [vec![], vec![]];
    for round in 0..12 {
        i.clock.pass(60);
        for (t, name) in ["ada", "nobody"].iter().enumerate() {
            let begun = std::time::Instant::now();
            let error = begin(&i, name, "this is not the password").unwrap_err();
            if round > 1 {
                times[t].push(begun.elapsed());
            }
            assert_eq!(words(&error), "name and password do not fit together");
        }
    }
    let median = |t: &mut Vec<std::time::Duration>| {
        t.sort();
        t[t.len() / 2].as_secs_f64()
    };
    let (known, unknown) = (median(&mut times[0]), median(&mut times[1]));
    // The hash is most of both; without it an unknown name would take a tenth.
    let ratio = known / unknown;
    assert!((0.5..2.0).contains(&ratio), "{known} s against {unknown} s");
}

#[test]
fn r_39_delays_hold_for_any_name_and_a_right_password_waits_too() {
    for i in instances() {
        let viewer = i.person(Role::DeskOfficer, "USA");
        i.enrol(&viewer, "ada");
        for name in ["ada", "nobody"] {
            let mut waits = vec![];
            for _ in 0..12 {
                assert!(matches!(
                    begin(&i, name, "wrong wrong wrong"),
                    Err(AppError::SignIn(_))
                ));
                let Err(AppError::Wait {
                    seconds,
                    locked: false,
                }) = begin(&i, name, PASSWORD)
                else {
                    panic!("{name} may be tried at once");
                };
                waits.push(seconds);
                i.clock.pass(seconds);
            }
            assert_eq!(waits, [1, 1, 3, 3, 3, 3, 3, 3, 5, 5, 5, 5], "{name}");
        }
        // A success forgets them.
        i.clock.pass(60);
        begin(&i, "ada", PASSWORD).unwrap();
    }
}

#[test]
fn r_39_a_hundred_failures_lock_a_name_to_the_end_of_the_day() {
    let i = sqlite();
    let viewer = i.person(Role::DeskOfficer, "USA");
    i.enrol(&viewer, "ada");
    // Guesses at the factor count like guesses at the password, and cost no hash.
    let step = |code: &str| i.app.step_up(&viewer, &Proof::Code(code.into()));
    for _ in 0..100 {
        i.clock.pass(11);
        assert!(matches!(step("123"), Err(AppError::SignIn(_))));
        i.viewer("");
    }
    i.clock.pass(3600);
    assert!(matches!(
        step("123"),
        Err(AppError::Wait { locked: true, .. })
    ));
    i.clock.pass(24 * 3600);
    assert!(matches!(step("123"), Err(AppError::SignIn(_))));
}

#[test]
fn r_92_no_secret_stands_in_a_record_or_in_the_journal() {
    use symbolon_store::{journal::JournalFilter, query::RecordQuery};
    let i = sqlite();
    let viewer = i.person(Role::DeskOfficer, "USA");
    let (key, codes) = i.enrol(&viewer, "ada");
    let system = i.app.system();
    let records = i
        .app
        .store
        .list(&system, "credential", &RecordQuery::default())
        .unwrap();
    let filter = JournalFilter {
        limit: 200,
        ..JournalFilter::default()
    };
    let entries = i.app.store.entries(&system, &filter).unwrap();
    let text = format!("{records:?} {entries:?}");
    assert!(text.contains("credential.password"));
    for secret in [PASSWORD, &key, &codes[0], "memory_kib", "$argon2"] {
        assert!(!text.contains(secret), "{secret}");
    }
}
