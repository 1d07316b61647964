//! Who administers whom.

use crate::common::{Instance, instances, sqlite};
use proptest::prelude::*;
use symbolon_access::Viewer;
use symbolon_app::{AppError, NewAccount, identity::accounts::Proposal};
use symbolon_domain::{
    kinds::{Account, AccountRequest, Role},
    record::RecordId,
};
use symbolon_store::{journal::JournalFilter, query::RecordQuery};

fn proposal(account: Option<RecordId>, role: Role, nation: &str) -> Proposal {
    Proposal {
        account,
        wanted: NewAccount {
            name: "Invented Newcomer".into(),
            role,
            nation: nation.parse().unwrap(),
            standing: None,
        },
        reason: "needed at the desk".into(),
    }
}

#[test]
fn r_22_a_partners_administrator_proposes_and_an_officer_of_the_provider_confirms() {
    for i in instances() {
        let theirs = i.person(Role::PartnerAdministrator, "SEN");
        let admin = i.person(Role::Administrator, "USA");
        let new = proposal(None, Role::PartnerOfficer, "SEN");
        let id = i.app.propose_account(&theirs, &new).unwrap();
        assert!(matches!(
            i.app.decide_account(&theirs, id, true),
            Err(AppError::Duty(_))
        ));
        let account = i.app.decide_account(&admin, id, true).unwrap().unwrap();
        assert!(i.app.account_seen(&theirs, account).is_ok());
        assert!(
            i.app.decide_account(&admin, id, true).is_err(),
            "decided once"
        );
        for foreign in [
            proposal(None, Role::PartnerOfficer, "MLI"),
            proposal(None, Role::Administrator, "SEN"),
            proposal(None, Role::DeskOfficer, "SEN"),
            proposal(admin.account(), Role::PartnerOfficer, "SEN"),
        ] {
            assert!(i.app.propose_account(&theirs, &foreign).is_err());
        }
    }
}

#[test]
fn r_22_a_partners_administrator_sees_the_own_nation_only() {
    let i = sqlite();
    let theirs = i.person(Role::PartnerAdministrator, "SEN");
    let stranger = i.account(Role::PartnerOfficer, "MLI");
    let seen = i.app.accounts(&theirs).unwrap();
    assert!(seen.iter().all(|(_, a)| a.nation.as_str() == "SEN"));
    assert!(matches!(
        i.app.account_seen(&theirs, stranger),
        Err(AppError::NotFound(_))
    ));
    assert!(i.app.accounts(&i.person(Role::DeskOfficer, "USA")).is_err());
    for i in [i] {
        let admin = i.person(Role::Administrator, "USA");
        for room in [true, false] {
            let new = proposal(None, Role::PartnerAdministrator, "SEN");
            let other = i.person(Role::SecurityOfficer, "USA");
            let id = i.app.propose_account(&admin, &new).unwrap();
            assert_eq!(
                i.app.decide_account(&other, id, true).is_ok(),
                room,
                "one and an alternate"
            );
        }
    }
}

#[test]
fn r_21_nobody_decides_closes_or_resets_what_is_their_own_or_above_them() {
    let i = sqlite();
    let admin = i.person(Role::Administrator, "USA");
    let own = admin.account().unwrap();
    let new = proposal(None, Role::DeskOfficer, "USA");
    let id = i.app.propose_account(&admin, &new).unwrap();
    assert!(matches!(
        i.app.decide_account(&admin, id, true),
        Err(AppError::Duty(_))
    ));
    let officer = i.person(Role::SecurityOfficer, "USA");
    let about = proposal(Some(own), Role::DeskOfficer, "USA");
    let about = i.app.propose_account(&officer, &about).unwrap();
    assert!(matches!(
        i.app.decide_account(&admin, about, true),
        Err(AppError::Duty(_))
    ));
    assert!(matches!(
        i.app.close_account(&admin, own, "x"),
        Err(AppError::Duty(_))
    ));
    assert!(matches!(
        i.app.reset_account(&admin, own, "x"),
        Err(AppError::Duty(_))
    ));
    assert!(matches!(
        i.app.add_account(&admin, &new.wanted),
        Err(AppError::Duty(_))
    ));
    let foreign = i.person(Role::Administrator, "FRA");
    assert!(matches!(
        i.app.decide_account(&foreign, id, true),
        Err(AppError::Duty(_))
    ));
    i.clock.pass(600);
    assert!(
        matches!(
            i.app.decide_account(&officer, id, true),
            Err(AppError::StepUp)
        ),
        "R-41"
    );
}

#[derive(Clone, Debug)]
enum Step {
    Propose {
        who: usize,
        about: Option<usize>,
        role: usize,
        nation: usize,
    },
    Decide {
        who: usize,
        which: usize,
        confirm: bool,
    },
    Close {
        who: usize,
        whom: usize,
    },
    Reset {
        who: usize,
        whom: usize,
    },
}

const ROLES: [Role; 6] = [
    Role::DeskOfficer,
    Role::PartnerOfficer,
    Role::Administrator,
    Role::SecurityOfficer,
    Role::PartnerAdministrator,
    Role::Auditor,
];
const NATIONS: [&str; 3] = ["USA", "SEN", "MLI"];

fn any_step() -> impl Strategy<Value = Step> {
    let who = 0..7_usize;
    prop_oneof![
        3 => (who.clone(), proptest::option::of(0..7_usize), 0..ROLES.len(), 0..3_usize)
            .prop_map(|(who, about, role, nation)| Step::Propose { who, about, role, nation }),
        4 => (who.clone(), 0..8_usize, any::<bool>())
            .prop_map(|(who, which, confirm)| Step::Decide { who, which, confirm }),
        1 => (who.clone(), 0..7_usize).prop_map(|(who, whom)| Step::Close { who, whom }),
        1 => (who, 0..7_usize).prop_map(|(who, whom)| Step::Reset { who, whom }),
    ]
}

fn take(i: &Instance, people: &[RecordId], step: &Step) {
    // Everybody signs in anew: a closed account cannot, and then does nothing.
    let viewer = |who: usize| -> Option<Viewer> {
        let link = i.app.sign_in_link(people[who]).ok()?;
        let token = i.app.sign_in(&link).ok()?.token;
        i.viewer(&token)
    };
    match step {
        Step::Propose {
            who,
            about,
            role,
            nation,
        } => {
            let about = about.map(|a| people[a]);
            if let Some(v) = viewer(*who) {
                let _ = i
                    .app
                    .propose_account(&v, &proposal(about, ROLES[*role], NATIONS[*nation]));
            }
        }
        Step::Decide {
            who,
            which,
            confirm,
        } => {
            let open = i.app.account_requests(&i.app.system()).unwrap();
            if let (Some(v), Some(request)) = (viewer(*who), open.get(*which)) {
                let _ = i.app.decide_account(&v, request.id, *confirm);
            }
        }
        Step::Close { who, whom } => {
            if let Some(v) = viewer(*who) {
                let _ = i.app.close_account(&v, people[*whom], "history");
            }
        }
        Step::Reset { who, whom } => {
            if let Some(v) = viewer(*who) {
                let _ = i.app.reset_account(&v, people[*whom], "history");
            }
        }
    }
}

/// What must hold after any history, read from the journal and the records, not from the use cases.
fn check(i: &Instance) -> Result<(), TestCaseError> {
    let system = i.app.system();
    let all = i
        .app
        .store
        .list(&system, "account_request", &RecordQuery::default())
        .unwrap();
    for record in &all {
        let r: AccountRequest = serde_json::from_value(record.body.clone()).unwrap();
        if record.envelope.state == "confirmed" {
            prop_assert!(
                r.decided_by.is_some() && r.decided_by != r.proposed_by,
                "{r:?}"
            );
            prop_assert!(r.account.is_none() || r.decided_by != r.account, "{r:?}");
        }
    }
    let accounts = i
        .app
        .store
        .list(&system, "account", &RecordQuery::default())
        .unwrap();
    for nation in &NATIONS[1..] {
        let theirs = accounts.iter().filter(|r| {
            let a: Account = serde_json::from_value(r.body.clone()).unwrap();
            a.active && a.role == Role::PartnerAdministrator && a.nation.as_str() == *nation
        });
        prop_assert!(theirs.count() <= 2);
    }
    let filter = JournalFilter {
        object: "account/".into(),
        limit: 200,
        ..JournalFilter::default()
    };
    for entry in i.app.store.entries(&system, &filter).unwrap() {
        let body = entry.body.unwrap();
        let id = entry.entry.object.split_once('/').unwrap().1.to_owned();
        prop_assert!(
            !body.actor.contains(&id),
            "{} by {} about {id}",
            body.action,
            body.actor
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 100, ..ProptestConfig::default() })]
    #[test]
    fn r_21_no_history_lets_anybody_decide_their_own(steps in proptest::collection::vec(any_step(), 1..24)) {
        let i = sqlite();
        let people = [
            i.account(Role::Administrator, "USA"),
            i.account(Role::Administrator, "USA"),
            i.account(Role::SecurityOfficer, "USA"),
            i.account(Role::PartnerAdministrator, "SEN"),
            i.account(Role::PartnerOfficer, "SEN"),
            i.account(Role::PartnerAdministrator, "MLI"),
            i.account(Role::DeskOfficer, "USA"),
        ];
        for step in &steps {
            take(&i, &people, step);
        }
        check(&i)?;
    }
}
