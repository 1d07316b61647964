//! The law as known on a day, under a bill, and with faults in it.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

use symbolon_law::answer::{Desk, Outcome};
use symbolon_law::day::Day;
use symbolon_law::package::from_toml;
use symbolon_law::{Edition, Rulebook, Source};

fn outcome(book: &Rulebook, text: &str) -> Outcome {
    let package = from_toml(&book.schema, "p.toml", text).unwrap().remove(0);
    Desk::new(book).answer(&package).outcome
}

const SALE: &str = "assume = 'clear'\nauthority = 'fms'\npartner = 'KEN'\naid = 'equipment'\nrecipient = 'military'\n\
                    mde_value = 16000000\ntotal_value = 22000000\ndate = 2023-05-01\n";

#[test]
fn a_bill_changes_the_answer_and_not_the_law() {
    let source = Source::embedded();
    let now = Rulebook::load(&source).unwrap();
    assert_eq!(outcome(&now, SALE), Outcome::AllowedWithConditions);
    for bill in ["hr-3613", "tiger-act"] {
        let edition = Edition {
            proposal: Some(bill.to_owned()),
            known: None,
        };
        let book = Rulebook::edition(&source, edition).unwrap();
        assert_eq!(outcome(&book, SALE), Outcome::Allowed, "{bill}");
        assert_eq!(book.hash, now.hash);
    }
    assert_eq!(outcome(&now, SALE), Outcome::AllowedWithConditions);
}

#[test]
fn the_law_known_before_a_change_does_not_have_it() {
    let source = Source::embedded();
    let korea = SALE.replace("KEN", "KOR").replace("16000000", "20000000");
    let known = |y, m, d| {
        let day = Day(jiff::civil::date(y, m, d)).days();
        Rulebook::edition(
            &source,
            Edition {
                known: Some(day),
                proposal: None,
            },
        )
        .unwrap()
    };
    assert_eq!(
        outcome(&known(2008, 10, 14), &korea),
        Outcome::AllowedWithConditions
    );
    assert_eq!(outcome(&known(2008, 10, 15), &korea), Outcome::Allowed);
}

/// A rulebook with one rule, whose condition is given.
fn tiny(when: &str) -> Source {
    let facts = "[words.authority]\nfms = 'Sale'\n[[fact]]\nname = 'date'\ntype = 'date'\nlabel = ''\nhelp = ''\ngroup = ''\n\
                 [[fact]]\nname = 'partner'\ntype = 'partner'\nlabel = ''\nhelp = ''\ngroup = ''\n\
                 [[fact]]\nname = 'cost'\ntype = 'money'\nlabel = ''\nhelp = ''\ngroup = ''\n";
    let rule = format!(
        "asks = '?'\nkind = 'bar'\ntopic = 't'\nstatus = {{ draft = 'a test' }}\ncites = []\nwhen = \"{when}\"\n"
    );
    Source::of([
        ("facts.toml", facts.to_owned()),
        ("partners.toml", "KEN = 'Kenya'\n".to_owned()),
        ("us/one/rule.toml", rule),
    ])
}

#[test]
fn faults_point_at_file_line_and_column() {
    let cases = [
        (
            "cost >= 'USD 5' && colour == 'x'",
            "us/one/rule.toml:6:28: no fact `colour` is defined",
        ),
        (
            "cost >= 'five'",
            "us/one/rule.toml:6:17: `five` is not an amount of US dollars, such as `USD 14_000_000`",
        ),
        (
            "partner == 'XYZ'",
            "us/one/rule.toml:6:20: `XYZ` is no word of `partner`",
        ),
        (
            "cost >",
            "us/one/rule.toml:6:15: a fact, a value or a literal is wanted here, not the end",
        ),
        (
            "partner < 'KEN'",
            "us/one/rule.toml:6:9: words have no order: use `==`, `!=` or `in`",
        ),
        (
            "partner in lists.nobody",
            "us/one/rule.toml:6:20: there is no list `nobody`",
        ),
        (
            "cost + date > 'USD 1'",
            "us/one/rule.toml:6:16: money and date do not go together here",
        ),
        (
            "values.cap > 'USD 1'",
            "us/one/rule.toml:6:9: the rule has no value `cap`",
        ),
        (
            "cost",
            "us/one/rule.toml:6:9: this is of type money; bool is wanted",
        ),
    ];
    for (when, wanted) in cases {
        let faults = Rulebook::load(&tiny(when)).unwrap_err();
        assert_eq!(faults[0].to_string(), wanted, "{when}");
    }
    assert!(Rulebook::load(&tiny("cost >= 'USD 5' && partner == 'KEN'")).is_ok());
}

#[test]
fn a_package_with_a_fault_is_refused_with_its_place() {
    let book = Rulebook::embedded().unwrap();
    let fault = |text: &str| {
        from_toml(&book.schema, "p.toml", text)
            .unwrap_err()
            .to_string()
    };
    assert!(
        fault("partner = 'KEN'\nmde_valu = 3\n")
            .starts_with("p.toml:2:1: there is no fact `mde_valu`")
    );
    assert!(
        fault("mde_value = 'much'\n").starts_with("p.toml:1:1: mde_value: `much` is not an amount")
    );
    assert!(fault("partner = 'Kenya'\n").contains("perhaps `KEN` is meant"));
}
