//! Sessions, step-up, first start.

use crate::common::{instances, sqlite};
use symbolon_app::AppError;
use symbolon_domain::kinds::Role;

#[test]
fn r_38_a_link_works_once_and_for_half_an_hour() {
    for i in instances() {
        let account = i.account(Role::Administrator, "USA");
        let link = i.app.sign_in_link(account).unwrap();
        assert!(i.app.peek_link(&link).is_ok());
        i.app.sign_in(&link).unwrap();
        assert!(i.app.sign_in(&link).is_err());
        let late = i.app.sign_in_link(account).unwrap();
        i.clock.pass(30 * 60);
        assert!(i.app.sign_in(&late).is_err());
        assert!(i.app.sign_in("0000").is_err());
    }
}

#[test]
fn r_40_a_session_ends_when_idle_and_in_any_case_after_twelve_hours() {
    for i in instances() {
        let account = i.account(Role::DeskOfficer, "USA");
        let idle = i.session(account);
        i.clock.pass(29 * 60);
        assert!(i.viewer(&idle).is_some());
        i.clock.pass(29 * 60);
        assert!(i.viewer(&idle).is_some(), "use puts the idle end off");
        i.clock.pass(30 * 60);
        assert!(i.viewer(&idle).is_none());
        assert!(i.viewer(&idle).is_none(), "and it stays ended");
        let long = i.session(account);
        for _ in 0..35 {
            i.clock.pass(20 * 60);
            assert!(i.viewer(&long).is_some());
        }
        i.clock.pass(20 * 60);
        assert!(i.viewer(&long).is_none());
    }
}

#[test]
fn r_40_a_sixth_session_ends_the_oldest() {
    let i = sqlite();
    let account = i.account(Role::DeskOfficer, "USA");
    let tokens: Vec<String> = (0..6).map(|_| i.session(account)).collect();
    let alive: Vec<bool> = tokens.iter().map(|t| i.viewer(t).is_some()).collect();
    assert_eq!(alive, [false, true, true, true, true, true]);
    assert_eq!(i.app.sessions_of(account).unwrap().len(), 5);
}

#[test]
fn r_40_people_list_and_end_their_own_sessions_and_no_others() {
    let i = sqlite();
    let account = i.account(Role::DeskOfficer, "USA");
    let (one, two) = (i.session(account), i.session(account));
    let viewer = i.viewer(&one).unwrap();
    let stranger = i.person(Role::DeskOfficer, "USA");
    let second = i.viewer(&two).unwrap().session.parse().unwrap();
    i.app.end_own_session(&stranger, second).unwrap();
    assert!(i.viewer(&two).is_some(), "not a stranger's to end");
    i.app.end_own_session(&viewer, second).unwrap();
    assert!(i.viewer(&two).is_none());
    i.app.sign_out(&one).unwrap();
    assert!(i.viewer(&one).is_none());
    i.app.sign_out(&one).unwrap();
}

#[test]
fn r_40_closing_an_account_ends_everything_of_it_at_once() {
    for i in instances() {
        let officer = i.person(Role::SecurityOfficer, "USA");
        let account = i.account(Role::DeskOfficer, "USA");
        let token = i.session(account);
        let viewer = i.viewer(&token).unwrap();
        let link = i.app.sign_in_link(account).unwrap();
        let new = symbolon_app::identity::NewToken {
            name: "script".into(),
            scopes: vec!["all".into()],
            writes: false,
            days: 1,
        };
        let key = i.app.make_token(&viewer, &new).unwrap();
        assert!(i.app.token_viewer(&key, "").unwrap().is_some());
        i.app
            .close_account(&officer, account, "left the service")
            .unwrap();
        assert!(i.viewer(&token).is_none());
        assert!(i.app.token_viewer(&key, "").unwrap().is_none());
        assert!(i.app.sign_in(&link).is_err());
    }
}

#[test]
fn r_41_what_asks_for_fresh_proof_is_refused_after_ten_minutes_and_goes_on_after_it() {
    for i in instances() {
        let token = i.session(i.account(Role::DeskOfficer, "USA"));
        let viewer = i.viewer(&token).unwrap();
        let (key, _) = i.enrol(&viewer, "ada");
        i.app.require_step_up(&viewer).unwrap();
        i.clock.pass(10 * 60);
        assert!(matches!(
            i.app.require_step_up(&viewer),
            Err(AppError::StepUp)
        ));
        assert!(matches!(i.app.begin_totp(&viewer), Err(AppError::StepUp)));
        assert!(matches!(
            i.app.new_recovery_codes(&viewer),
            Err(AppError::StepUp)
        ));
        let signed = i.app.step_up(&viewer, &i.by_code(&key)).unwrap();
        assert_ne!(signed.token, token, "a new session on every proof (R-40)");
        assert!(i.viewer(&token).is_none(), "the old one is over");
        i.app
            .require_step_up(&i.viewer(&signed.token).unwrap())
            .unwrap();
    }
}

#[test]
fn r_41_a_new_proof_does_not_make_a_session_longer() {
    let i = sqlite();
    let account = i.account(Role::DeskOfficer, "USA");
    let token = i.session(account);
    let (key, _) = i.enrol(&i.viewer(&token).unwrap(), "ada");
    let end = i.app.sessions_of(account).unwrap()[0].expires;
    i.clock.pass(25 * 60);
    let viewer = i.viewer(&token).unwrap();
    i.app.step_up(&viewer, &i.by_code(&key)).unwrap();
    let sessions = i.app.sessions_of(account).unwrap();
    assert_eq!((sessions.len(), sessions[0].expires), (1, end));
}
