//! Break-glass.

use crate::common::instances;
use symbolon_access::{Action, Policy};
use symbolon_app::AppError;
use symbolon_domain::kinds::Role;

const WHY: &str = "An urgent recall notice and nobody of the team can be reached";

#[test]
fn r_23_a_look_beyond_the_role_ends_within_the_hour_and_is_reviewed_by_another() {
    for i in instances() {
        let token = i.session(i.account(Role::Administrator, "USA"));
        let viewer = i.viewer(&token).unwrap();
        let reads = |kind: &str| {
            let now = i.viewer(&token).unwrap();
            Policy::shipped().grants(&now, Action::Read, kind)
        };
        assert!(!reads("unit"));
        assert!(i.app.break_glass(&viewer, "too short").is_err());
        i.app.break_glass(&viewer, WHY).unwrap();
        assert!(reads("unit") && !reads("journal") && !reads("credential"));
        let officer = i.person(Role::SecurityOfficer, "USA");
        assert_eq!(i.app.glass_waiting(&officer).unwrap(), (1, 0));
        i.clock.pass(20 * 60);
        assert!(reads("unit"));
        i.clock.pass(20 * 60);
        assert!(reads("unit"));
        i.clock.pass(20 * 60);
        std::thread::sleep(std::time::Duration::from_millis(950));
        assert!(!reads("unit"), "an hour is over");
        i.clock.pass(72 * 3600);
        let officer = i.person(Role::SecurityOfficer, "USA");
        assert_eq!(i.app.glass_waiting(&officer).unwrap(), (1, 1));
        assert_eq!(i.app.watch_glass().unwrap(), 1);
        let id = i.app.glass_uses(&officer).unwrap()[0].id;
        i.app
            .review_glass(&officer, id, "Looked at with the desk; it was needed.")
            .unwrap();
        assert_eq!(i.app.glass_waiting(&officer).unwrap(), (0, 0));
        assert!(
            i.app
                .review_glass(&officer, id, "Looked at again; nothing to add.")
                .is_err()
        );
    }
}

#[test]
fn r_23_nobody_reviews_the_own_use_and_partners_break_no_glass() {
    let i = crate::common::sqlite();
    let officer = i.person(Role::SecurityOfficer, "USA");
    i.app.break_glass(&officer, WHY).unwrap();
    let id = i.app.glass_uses(&officer).unwrap()[0].id;
    assert!(matches!(
        i.app.review_glass(&officer, id, WHY),
        Err(AppError::Duty(_))
    ));
    let partner = i.person(Role::PartnerOfficer, "SEN");
    assert!(matches!(
        i.app.break_glass(&partner, WHY),
        Err(AppError::Duty(_))
    ));
    assert!(i.app.glass_uses(&partner).is_err());
    // A foreign desk officer has no duty here either.
    let guest = i.person(Role::DeskOfficer, "FRA");
    assert!(i.app.break_glass(&guest, WHY).is_err());
}
