//! The vetting policy, as shipped.

use super::Policy;
use jiff::civil::date;
use symbolon_domain::kinds::VettingLaw;

#[test]
fn the_shipped_policy_is_dated_and_cited_and_gives_nothing_before_the_laws() {
    let policy = Policy::parse(include_str!("../../../../data/vetting/policy.toml")).unwrap();
    assert_eq!(&policy, Policy::shipped());
    for law in VettingLaw::ALL {
        assert!(policy.validity(law, date(2001, 1, 1)).is_err());
        let value = policy.validity(law, date(2020, 3, 1)).unwrap();
        assert!(!value.cite.is_empty());
        assert_eq!(value.until(date(2020, 3, 1)).unwrap(), date(2021, 3, 1));
    }
}

#[test]
fn the_last_day_to_ask_counts_working_days_backwards() {
    let lead = Policy::shipped().lead("Nowhere", date(2026, 1, 1)).unwrap();
    // Ten working days before a Monday are two weeks.
    assert_eq!(lead.ask_by(date(2026, 6, 15)), date(2026, 6, 1));
}
