//! API tokens.

use crate::common::{instances, sqlite};
use symbolon_app::{AppError, identity::NewToken};
use symbolon_domain::kinds::Role;

fn wanted(scopes: &[&str], writes: bool, days: u32) -> NewToken {
    NewToken {
        name: "nightly copy".into(),
        scopes: scopes.iter().map(|s| (*s).to_owned()).collect(),
        writes,
        days,
    }
}

#[test]
fn r_42_a_token_speaks_for_its_owner_within_its_scope_until_it_ends() {
    for i in instances() {
        let viewer = i.person(Role::DeskOfficer, "USA");
        let token = i
            .app
            .make_token(&viewer, &wanted(&["training"], false, 90))
            .unwrap();
        let found = i.app.token_viewer(&token, "r").unwrap().unwrap();
        assert_eq!(found.viewer.actor, viewer.actor);
        assert!(found.reaches("training", false));
        assert!(
            !found.reaches("training", true),
            "read-only unless said otherwise"
        );
        assert!(!found.reaches("records", false));
        assert!(matches!(
            i.app.require_step_up(&found.viewer),
            Err(AppError::StepUp)
        ));
        let lines = i.app.tokens_of(viewer.account().unwrap()).unwrap();
        assert!(lines[0].token.seen > 0 && token.starts_with(&lines[0].token.begins));
        i.clock.pass(90 * 24 * 3600);
        assert!(i.app.token_viewer(&token, "r").unwrap().is_none());
    }
}

#[test]
fn r_42_tokens_are_limited_and_revoked_by_their_owner_or_an_officer() {
    let i = sqlite();
    let viewer = i.person(Role::DeskOfficer, "USA");
    for bad in [
        wanted(&["all"], true, 91),
        wanted(&["all"], true, 0),
        wanted(&[], true, 1),
    ] {
        assert!(i.app.make_token(&viewer, &bad).is_err());
    }
    let token = i
        .app
        .make_token(&viewer, &wanted(&["all"], true, 1))
        .unwrap();
    let id = i.app.tokens_of(viewer.account().unwrap()).unwrap()[0].id;
    let stranger = i.person(Role::DeskOfficer, "USA");
    assert!(i.app.revoke_token(&stranger, id).is_err());
    i.app
        .revoke_token(&i.person(Role::SecurityOfficer, "USA"), id)
        .unwrap();
    assert!(i.app.token_viewer(&token, "r").unwrap().is_none());
    i.clock.pass(600);
    assert!(matches!(
        i.app.make_token(&viewer, &wanted(&["all"], false, 1)),
        Err(AppError::StepUp)
    ));
}
