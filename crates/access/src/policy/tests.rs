//! The table: every role, nobody else, and what each may do, golden.

use super::*;
use crate::viewer::role_name;
use symbolon_domain::{
    kinds::{Role, Standing},
    record::RecordId,
};

fn viewer(role: Role) -> Viewer {
    with_duties(role, &[])
}

fn with_duties(role: Role, duties: &[&str]) -> Viewer {
    let standing = Standing {
        duties: duties.iter().map(|d| (*d).to_owned()).collect(),
        ..Standing::of_staff()
    };
    Viewer {
        actor: Actor::Account {
            id: RecordId::named("account", "x"),
            name: "X".into(),
            role,
            nation: "USA".parse().unwrap(),
            standing: standing.into(),
        },
        ..Viewer::public(jiff::civil::date(2026, 1, 1))
    }
}

#[test]
fn the_shipped_policy_names_every_role_and_only_roles_and_duties() {
    let policy = Policy::parse(include_str!("../policy.toml")).unwrap();
    let choices = symbolon_domain::kinds::by_code("account").unwrap();
    let role = choices.fields.iter().find(|f| f.name == "role").unwrap();
    let symbolon_domain::kind::FieldType::Choice(roles) = &role.field_type else {
        panic!("role is not a choice")
    };
    let roles_of_table = policy.rows.iter().filter(|(_, row)| !row.duty);
    let mut named: Vec<&str> = roles_of_table.map(|(name, _)| name.as_str()).collect();
    named.retain(|r| !["identity", "public", "system"].contains(r));
    let mut wanted: Vec<&str> = roles.iter().map(String::as_str).collect();
    wanted.sort_unstable();
    assert_eq!(named, wanted);
    for role in wanted {
        let role: Role = serde_json::from_value(role.into()).unwrap();
        assert_eq!(serde_json::to_value(role).unwrap(), role_name(role));
    }
}

#[test]
fn nobody_but_administrator_and_auditor_reads_accounts() {
    let policy = Policy::shipped();
    let readers = policy.holders(Action::Read, "account");
    assert_eq!(
        readers,
        [
            "administrator",
            "auditor",
            "identity",
            "security_officer",
            "system"
        ]
    );
    assert!(!policy.grants(&viewer(Role::Administrator), Action::Read, "journal"));
    assert!(policy.grants(&viewer(Role::Auditor), Action::Read, "journal"));
}

#[test]
fn what_is_not_named_is_denied() {
    let public = Viewer::public(jiff::civil::date(2026, 1, 1));
    for action in [Action::Write, Action::Import, Action::Release] {
        assert!(!Policy::shipped().grants(&public, action, "dataset"));
    }
    for action in Action::ALL {
        for role in [Role::DeskOfficer, Role::Auditor] {
            assert!(!Policy::shipped().grants(&viewer(role), action, "no_such_kind"));
        }
        assert!(!Policy::shipped().grants(&Viewer::system(public.today), action, "no_such_kind"));
    }
}

#[test]
fn a_duty_adds_to_a_role_and_is_no_role_itself() {
    let policy = Policy::shipped();
    let plain = viewer(Role::DeskOfficer);
    let releasing = with_duties(Role::DeskOfficer, &["releasing_officer"]);
    assert!(!policy.grants(&plain, Action::Release, "initiative"));
    assert!(policy.grants(&releasing, Action::Release, "initiative"));
    assert!(policy.grants(&releasing, Action::Write, "initiative"));
    let odd = with_duties(Role::DeskOfficer, &["system", "auditor"]);
    assert!(!policy.grants(&odd, Action::Read, "journal"));
}

#[test]
fn what_decides_access_is_changed_only_by_those_named_for_it() {
    let policy = Policy::shipped();
    for kind in ["membership", "regional_body", "sharing_agreement"] {
        assert_eq!(
            policy.holders(Action::Write, kind),
            ["releasing_officer", "system"]
        );
    }
}

/// One line a kind, one column a row of the table; one letter an action: R read, X export, W write,
/// T transition, A approve, L release, I import.
#[test]
fn the_table_of_roles_actions_and_kinds_is_as_agreed() {
    let policy = Policy::shipped();
    let letters = ["R", "X", "W", "T", "A", "L", "I"];
    let mut table = format!("{:<18}", "");
    for name in policy.rows.keys() {
        let words = name.split('_').map(|w| w.get(..4).unwrap_or(w));
        table.push_str(&format!("|{:<9}", words.collect::<Vec<_>>().join(" ")));
    }
    for kind in symbolon_domain::kinds::all()
        .iter()
        .map(|k| k.code)
        .chain(["journal"])
    {
        table.push_str(&format!("\n{kind:<18}"));
        for row in policy.rows.values() {
            let may = Action::ALL.iter().zip(letters);
            let may = may.filter(|(a, _)| policy.row_grants(row, **a, kind));
            table.push_str(&format!("|{:<9}", may.map(|(_, l)| l).collect::<String>()));
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn r_21_only_the_identity_use_cases_write_identities() {
    let kinds = symbolon_domain::kinds::all();
    let serving = kinds.iter().filter(|k| k.area == "administration");
    // Proposed by persons with their own four eyes or agreed with partners.
    let others = ["sharing_agreement", "redaction", "label_change"];
    for kind in serving.filter(|k| !others.contains(&k.code)) {
        for action in Action::ALL.into_iter().filter(|a| !a.is_reading()) {
            let mut holders = Policy::shipped().holders(action, kind.code);
            holders.retain(|h| !["identity", "system"].contains(h));
            assert!(
                holders.is_empty(),
                "{} {}: {holders:?}",
                action.name(),
                kind.code
            );
        }
    }
}

#[test]
fn r_23_break_glass_opens_no_journal_and_no_identity_and_is_held_by_nobody() {
    let open = Viewer {
        break_glass: true,
        ..viewer(Role::FinancialManager)
    };
    let policy = Policy::shipped();
    assert!(policy.grants(&open, Action::Read, "unit"));
    for kind in [
        "journal",
        "account",
        "credential",
        "session",
        "api_token",
        "throttle",
    ] {
        assert!(!policy.grants(&open, Action::Read, kind), "{kind}");
    }
    assert!(
        !policy.grants(&open, Action::Export, "capability_gap")
            || policy.grants(
                &viewer(Role::FinancialManager),
                Action::Export,
                "capability_gap"
            )
    );
    let held = with_duties(Role::Administrator, &["break_glass"]);
    assert!(!policy.grants(&held, Action::Read, "unit"));
}

#[test]
fn r_86_a_vetting_file_opens_for_a_purpose_and_to_no_role_by_itself() {
    use symbolon_domain::kinds::all;
    let policy = Policy::shipped();
    let file = || all().iter().filter(|k| k.area == "vetting file");
    assert!(file().count() >= 4);
    for role in [Role::VettingAnalyst, Role::LegalReviewer, Role::Auditor] {
        let closed = viewer(role);
        let held = with_duties(role, &["vetting_file"]);
        let open = closed.with_file("case 1: course in Bamako");
        for kind in file() {
            assert!(!policy.grants(&closed, Action::Read, kind.code));
            assert!(!policy.grants(&held, Action::Read, kind.code));
            assert!(policy.grants(&open, Action::Read, kind.code));
            assert!(!policy.grants(&open, Action::Export, kind.code));
        }
        // Status and decision are written by the use cases alone, which open the file.
        for kind in ["vetting_candidate", "vetting_decision"] {
            for action in [Action::Write, Action::Transition, Action::Approve] {
                assert!(!policy.grants(&closed, action, kind), "{role:?} {kind}");
            }
        }
    }
}

#[test]
fn those_without_the_vetting_role_see_the_status_and_no_incident() {
    let policy = Policy::shipped();
    for role in [Role::DeskOfficer, Role::TrainingManager, Role::CaseManager] {
        let desk = viewer(role);
        assert!(policy.grants(&desk, Action::Read, "vetting_candidate"));
        for kind in ["incident", "incident_party", "remediation", "allegation"] {
            assert!(!policy.grants(&desk, Action::Read, kind), "{role:?} {kind}");
        }
    }
    let partner = viewer(Role::PartnerOfficer);
    assert!(!policy.grants(&partner, Action::Read, "vetting_candidate"));
}
